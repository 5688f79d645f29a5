/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gtk/gtk.h>

G_BEGIN_DECLS

/*
 * A sidebar beside the content. Narrower than "fold-width" (int, default 720 px) it folds to one pane and shows the content,
 * or the sidebar while "show-sidebar" (boolean) is set. "folded" (boolean) is read-only.
 * Children: "sidebar", "content" (GtkWidget).
 */
#define BST_TYPE_SPLIT (bst_split_get_type ())
G_DECLARE_FINAL_TYPE (BstSplit, bst_split, BST, SPLIT, GtkWidget)

gboolean bst_split_get_folded (BstSplit *split);
gboolean bst_split_get_show_sidebar (BstSplit *split);
void bst_split_set_show_sidebar (BstSplit *split, gboolean show);

G_END_DECLS
