/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "bst-doc.h"
#include "bst-record-type.h"

G_BEGIN_DECLS

/*
 * Reading files of others into records: our JSON, CSV, Peppol BIS Catalogue. A reader knows its format
 * and nothing of the database; what comes out is the same for all.
 */

/**
 * BstImportRow: one record of the file.
 * @doc: the record, with its id
 * @line, @column: where it stands in the file, from 1; column 0: unknown
 * @withdrawn: the file says that it is no longer offered
 */
typedef struct
{
  const BstRecordType *type;
  GVariant *doc;
  guint line;
  guint column;
  gboolean withdrawn;
  GHashTable *places; /* (nullable): property path -> GUINT_TO_POINTER (column), for CSV */
} BstImportRow;

void bst_import_row_free (BstImportRow *row);

/**
 * BstImportOptions:
 * @types: names of the record types that may be in the file
 * @language: of texts without one: "da", "nb"
 * @currency: of amounts without one
 * @area_lookup: id of the area of that name or id; %NULL when there is none. (transfer full)
 */
typedef struct
{
  const char *const *types;
  const char *language;
  const char *currency;
  char *(*area_lookup) (const char *name, gpointer closure);
  gpointer closure;
} BstImportOptions;

/** BstImportFile: what a file holds. @source: (nullable): the catalogue that it is an edition of (UBL); its articles that are not in it are withdrawn. */
typedef struct
{
  GPtrArray *rows;
  char *source;
  const char *format; /* "json", "csv", "ubl" */
} BstImportFile;

void bst_import_file_free (BstImportFile *file);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (BstImportFile, bst_import_file_free)

/**
 * bst_import_read: finds out the format and reads.
 *
 * Returns: (transfer full): %NULL with INVALID; the message begins with "line L, column C: "
 */
BstImportFile *
bst_import_read (const char *text, gsize len, const BstImportOptions *options, GError **error);

BstImportFile *
bst_import_read_json (const char *text, gsize len, const BstImportOptions *options, GError **error);
BstImportFile *
bst_import_read_csv (const char *text, gsize len, const BstImportOptions *options, GError **error);
BstImportFile *
bst_import_read_ubl (const char *text, gsize len, const BstImportOptions *options, GError **error);

/** bst_import_add: a row of @type to @file. @doc: (transfer full). */
BstImportRow *bst_import_add (BstImportFile *file,
                              const BstRecordType *type,
                              GVariant *doc,
                              guint line,
                              guint column);

G_END_DECLS
