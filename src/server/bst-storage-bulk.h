/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "bst-storage.h"

G_BEGIN_DECLS

/*
 * Many new records of departments, written in one go: what was made by a program that follows the data dictionary (history of
 * another system, a simulated year) needs no reading back, no comparing and no validating. In a transaction. Change numbers,
 * the text index and what clients are told are as with any other record; the audit log gets one line for all.
 */
typedef struct _BstStorageBulk BstStorageBulk;

/** bst_storage_bulk_new: while it is there, nothing else is to be written to departments' accounts. */
BstStorageBulk *bst_storage_bulk_new (BstStorage *storage);

/** bst_storage_bulk_free: what was added and not finished is lost: roll back. */
void bst_storage_bulk_free (BstStorageBulk *bulk);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (BstStorageBulk, bst_storage_bulk_free)

/** BstBulkText: what stands in a searchable property. */
typedef struct
{
  const char *property;
  const char *text; /* (nullable) */
} BstBulkText;

/** bst_storage_bulk_has: whether there is, or was, a record of that id. */
gboolean bst_storage_bulk_has (BstStorageBulk *bulk,
                               const BstRecordType *type,
                               const char *id,
                               gboolean *ret_has,
                               GError **error);

/**
 * bst_storage_bulk_add:
 * @id: new
 * @unit: that of @body; decides the account
 * @body: the record's properties as JSON, without braces and without id, rev, created and updated: "\"title\":\"…\",…"
 * @texts: ended by one without property: the searchable ones among them
 */
gboolean bst_storage_bulk_add (BstStorageBulk *bulk,
                               const BstRecordType *type,
                               const char *id,
                               const char *unit,
                               const GString *body,
                               const BstBulkText *texts,
                               GError **error);

/** bst_storage_bulk_add_doc: the same from a document. */
gboolean bst_storage_bulk_add_doc (BstStorageBulk *bulk,
                                   const BstRecordType *type,
                                   const char *id,
                                   GVariant *doc,
                                   GError **error);

/** bst_storage_bulk_finish: what is due once at the end. @what, @type: for the audit log. */
gboolean bst_storage_bulk_finish (BstStorageBulk *bulk,
                                  const char *what,
                                  const BstRecordType *type,
                                  GError **error);

G_END_DECLS
