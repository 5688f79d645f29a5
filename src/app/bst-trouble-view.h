/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <adwaita.h>

G_BEGIN_DECLS

/*
 * What is shown instead of the pages when the store cannot be opened: what happened, what is safe, what to do.
 * Its button activates app.try-again.
 */
#define BST_TYPE_TROUBLE_VIEW (bst_trouble_view_get_type ())
G_DECLARE_FINAL_TYPE (BstTroubleView, bst_trouble_view, BST, TROUBLE_VIEW, AdwBin)

/** bst_trouble_view_new: @directory: where the data lies. */
GtkWidget *bst_trouble_view_new (const GError *error, const char *directory);

const char *bst_trouble_view_get_title (BstTroubleView *view);

G_END_DECLS
