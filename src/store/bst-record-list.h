/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "bst-store.h"

G_BEGIN_DECLS

/*
 * A list model over a query that reads lazily: its length is a count, its rows are read a page at a
 * time on the store's reading thread when somebody asks for them, and far pages are let go. A row is
 * there at once and gets its document a moment later (notify::doc). It follows the store's changes.
 * Main thread.
 */
#define BST_TYPE_RECORD_ROW (bst_record_row_get_type ())
G_DECLARE_FINAL_TYPE (BstRecordRow, bst_record_row, BST, RECORD_ROW, GObject)

/** Property "doc" (GVariant a{sv}): %NULL until read. Borrowed. */
GVariant *bst_record_row_get_doc (BstRecordRow *row);

#define BST_TYPE_RECORD_LIST (bst_record_list_get_type ())
G_DECLARE_FINAL_TYPE (BstRecordList, bst_record_list, BST, RECORD_LIST, GObject)

/** bst_record_list_new: @query may be %NULL: an empty list. Properties "loading" (boolean), "n-items" (uint). */
BstRecordList *bst_record_list_new (BstStore *store, const BstQuery *query);
void bst_record_list_set_query (BstRecordList *list, const BstQuery *query);

G_END_DECLS
