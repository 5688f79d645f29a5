/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "bst-doc-octets.h"
#include "bst-doc.h"

G_BEGIN_DECLS

/**
 * BstDocWriter:
 *
 * Writes documents (bst-doc.h) straight away in their serialised form: octet for octet what a #GVariantBuilder would come to, without a
 * value for every part. For those who make them by the ten thousand; others build them. One at a time, from one thread; a writer may be
 * used for one document after the other. Keys and texts are valid UTF-8, and no key comes twice.
 */
typedef struct _BstDocWriter BstDocWriter;

BstDocWriter *bst_doc_writer_new (void);
void bst_doc_writer_free (BstDocWriter *writer);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (BstDocWriter, bst_doc_writer_free)

void bst_doc_writer_string (BstDocWriter *writer, const char *key, const char *value);
void bst_doc_writer_int (BstDocWriter *writer, const char *key, gint64 value);
void bst_doc_writer_bool (BstDocWriter *writer, const char *key, gboolean value);
void bst_doc_writer_double (BstDocWriter *writer, const char *key, double value);

/** bst_doc_writer_value: @value: as documents have them, serialised (bst_doc_take()). */
void bst_doc_writer_value (BstDocWriter *writer, const char *key, GVariant *value);

/** bst_doc_writer_entry: key and value of another document (bst_doc_entries_next()), as they are. */
void bst_doc_writer_entry (BstDocWriter *writer, const BstDocOctets *entry);

/** bst_doc_writer_open: begins an object within the one that is being written; up to bst_doc_writer_close() all goes into it. */
void bst_doc_writer_open (BstDocWriter *writer, const char *key);
void bst_doc_writer_close (BstDocWriter *writer);

/** bst_doc_writer_take: what was written, all that was opened being closed. The writer is empty then. Returns: (transfer full). */
GVariant *bst_doc_writer_take (BstDocWriter *writer);

G_END_DECLS
