/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gtk/gtk.h>

#include "bst-page-table.h"

G_BEGIN_DECLS

/* A row of the sidebar: icon, title, badge. Property "count" (uint): 0 hides the badge. */
#define BST_TYPE_SIDEBAR_ROW (bst_sidebar_row_get_type ())
G_DECLARE_FINAL_TYPE (BstSidebarRow, bst_sidebar_row, BST, SIDEBAR_ROW, GtkListBoxRow)

GtkWidget *bst_sidebar_row_new (const BstPageEntry *entry);
const BstPageEntry *bst_sidebar_row_get_entry (BstSidebarRow *row);

/** bst_sidebar_row_set_count: @count is shown, and said to screen readers. */
void bst_sidebar_row_set_count (BstSidebarRow *row, guint count);

G_END_DECLS
