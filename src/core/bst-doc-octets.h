/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/*
 * Reading the serialised form of documents (bst-doc.h) where it lies: GVariant makes three objects of every entry that it passes, and
 * documents are looked into and changed a key at a time. bst-doc-writer.c says what the form is.
 */

/** BstDocOctets: a value within a document. @type: its GVariant type, not ended by a zero. Borrowed from the document. */
typedef struct
{
  const guint8 *data;
  gsize size;
  const char *type;
  gsize type_len;
} BstDocOctets;

/** BstDocEntries: steps through the entries of an object, in their order. */
typedef struct
{
  const BstDocOctets *map;
  gsize width;
  gsize ends; /* where the ends of the entries stand */
  gsize index;
  gsize start;
} BstDocEntries;

/** bst_doc_octets_init: @doc as a whole. */
void bst_doc_octets_init (BstDocOctets *octets, GVariant *doc);
gboolean bst_doc_octets_is (const BstDocOctets *octets, const char *type);

/** bst_doc_octets_find: the value at @path; %FALSE: there is none. @octets and @ret_value may be the same. */
gboolean
bst_doc_octets_find (const BstDocOctets *octets, const char *path, BstDocOctets *ret_value);

void bst_doc_entries_init (BstDocEntries *entries, const BstDocOctets *map);

/** bst_doc_entries_next: @ret_entry: the whole entry, without a type; it begins with its key. %FALSE at the end. */
gboolean bst_doc_entries_next (BstDocEntries *entries, BstDocOctets *ret_entry);

/** bst_doc_entry_value: what stands in it. */
gboolean bst_doc_entry_value (const BstDocOctets *entry, BstDocOctets *ret_value);

/** bst_doc_path_head: the first key of @path; *@ret_rest: what follows its slash, or %NULL at the end. Returns: (transfer full). */
char *bst_doc_path_head (const char *path, const char **ret_rest);

G_END_DECLS
