/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gtk/gtk.h>

G_BEGIN_DECLS

/* A notice above a page, with one button. Hidden until bst_banner_show(). */
#define BST_TYPE_BANNER (bst_banner_get_type ())
G_DECLARE_FINAL_TYPE (BstBanner, bst_banner, BST, BANNER, GtkWidget)

/**
 * bst_banner_show:
 * @text: (nullable): %NULL hides it
 * @button: (nullable): its label, with mnemonic
 * @action: (nullable): detailed name of what the button does
 */
void bst_banner_show (BstBanner *banner, const char *text, const char *button, const char *action);

/** bst_banner_get_text: %NULL while it is hidden. */
const char *bst_banner_get_text (BstBanner *banner);

G_END_DECLS
