/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib-object.h>

G_BEGIN_DECLS

/**
 * BstPageEntry: a page of the window. The table in bst-page-table.c is all that is needed to add one.
 * @name: as in win.open
 * @title: English, marked for translation; shown in the sidebar
 * @icon: (nullable): %NULL: not in the sidebar
 * @get_type: of a class derived from #BstPage
 * @parent: (nullable): the sidebar's row that is marked while this page is shown
 * @count: (nullable): the #BstSession property (uint) that is shown as a badge
 *
 * Those in the sidebar get Ctrl+1, Ctrl+2 … in the table's order. The first is where the application begins.
 */
typedef struct
{
  const char *name;
  const char *title;
  const char *icon;
  GType (*get_type) (void);
  const char *parent;
  const char *count;
} BstPageEntry;

/** bst_page_table: all pages. Static. */
const BstPageEntry *bst_page_table (gsize *ret_n);

/** bst_page_table_find: %NULL when there is none of that name. */
const BstPageEntry *bst_page_table_find (const char *name);

G_END_DECLS
