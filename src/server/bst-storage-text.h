/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "bst-db.h"
#include "bst-record-type.h"
#include "bst-search-index.h"
#include "bst-storage-bulk.h"

G_BEGIN_DECLS

/*
 * The server's text index: an FTS5 table for each type with searchable properties, in the same database as
 * the records and written with them. Words are made, expanded and ranked as in the application's store, so
 * that both find the same. The tables are no part of the schema: when the data dictionary or the making of
 * terms changes, they are made anew at the next opening.
 */
typedef struct _BstStorageText BstStorageText;

/**
 * bst_storage_text_open:
 * @language: of texts that do not say theirs
 *
 * Makes the tables, and fills them, where they are missing or of another dictionary.
 */
BstStorageText *bst_storage_text_open (BstDb *db, const char *language, GError **error);
void bst_storage_text_close (BstStorageText *text);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (BstStorageText, bst_storage_text_close)

/** bst_storage_text_put: @row of the table of records. @old: (nullable): what was indexed before. In a transaction. */
gboolean bst_storage_text_put (BstStorageText *text,
                               const BstRecordType *type,
                               gint64 row,
                               GVariant *old,
                               GVariant *record,
                               GError **error);
/**
 * bst_storage_text_add: a new row, by its texts.
 * @terms: text -> terms: those of texts that were seen before, and of these
 */
gboolean bst_storage_text_add (BstStorageText *text,
                               const BstRecordType *type,
                               gint64 row,
                               const BstBulkText *texts,
                               GHashTable *terms,
                               GError **error);
gboolean bst_storage_text_remove (BstStorageText *text,
                                  const BstRecordType *type,
                                  gint64 row,
                                  GError **error);

/** bst_storage_text_index: (nullable): %NULL when the type has nothing to search in. */
BstSearchIndex *bst_storage_text_index (BstStorageText *text, const BstRecordType *type);

/** bst_storage_text_table: name of its table; borrowed; (nullable) */
const char *bst_storage_text_table (BstStorageText *text, const BstRecordType *type);

/**
 * bst_storage_text_words:
 * @language: (nullable): default that of the index
 *
 * What @words may mean among all that is indexed of @type; the types of the catalogue share their words.
 * Returns: (transfer full) (element-type GArray of BstSearchAlternative)
 */
GPtrArray *bst_storage_text_words (BstStorageText *text,
                                   const BstRecordType *type,
                                   const char *words,
                                   const char *language,
                                   GError **error);

G_END_DECLS
