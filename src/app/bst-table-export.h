/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "bst-page.h"
#include "bst-store.h"
#include "bst-table.h"

G_BEGIN_DECLS

/*
 * The way of a table from a page into a file: asks where to, writes on a thread of its own, and says so on the page, with a button
 * that opens the file. A page that has something to export sets BstPageClass.export; the window then shows the button and Ctrl+Shift+E
 * works. Main thread.
 */

/** bst_table_new_for_page: in the language and time zone of the session. Returns: (transfer full). */
BstTable *bst_table_new_for_page (BstPage *page, const char *title);

/** bst_table_export: a table that is complete. */
void bst_table_export (BstPage *page, BstTable *table, BstTableFormat format);

/**
 * BstTableFill: puts rows into @table, on a thread of its own: the blocking functions of the store may be called. %FALSE with @error.
 */
typedef gboolean (*BstTableFill) (BstTable *table, gpointer closure, GError **error);

/** bst_table_export_filled: a table whose rows are read once it is known where they shall go. @destroy: of @closure; on any thread. */
void bst_table_export_filled (BstPage *page,
                              BstTable *table,
                              BstTableFormat format,
                              BstTableFill fill,
                              gpointer closure,
                              GDestroyNotify destroy);

/** BstTableRow: puts one record's cells into @table; on a thread. */
typedef void (*BstTableRow) (BstTable *table, GVariant *record, gpointer closure);

/** bst_table_fill_from_store: every record that @query finds, read in pages. Blocks. */
gboolean bst_table_fill_from_store (BstTable *table,
                                    BstStore *store,
                                    const BstQuery *query,
                                    BstTableRow row,
                                    gpointer closure,
                                    GError **error);

G_END_DECLS
