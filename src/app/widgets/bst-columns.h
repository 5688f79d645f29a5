/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gtk/gtk.h>

G_BEGIN_DECLS

/*
 * Two children: side by side when there is room, one below the other when there is not. Properties "main" and "side"
 * (GtkWidget), "side-width" (int: of the side when beside), "threshold" (int: narrower than this they are stacked; both grow with the text),
 * "side-first" (boolean: when stacked, the side stands above),
 * "sticky" (boolean: beside, the side stays in sight while the page scrolls).
 */
#define BST_TYPE_COLUMNS (bst_columns_get_type ())
G_DECLARE_FINAL_TYPE (BstColumns, bst_columns, BST, COLUMNS, GtkWidget)

/** bst_columns_text_scale: how much larger than usual texts are: 2.0 for twice; widths that hold text grow with it. */
double bst_columns_text_scale (GtkWidget *widget);

G_END_DECLS
