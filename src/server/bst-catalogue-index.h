/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "bst-record-type.h"

G_BEGIN_DECLS

/*
 * The text index of the catalogue on the server's side, in memory, for those who search from the command
 * line. Words are expanded and ranked as in the application's store, so that
 * both find the same.
 */
typedef struct _BstCatalogueIndex BstCatalogueIndex;

/** bst_catalogue_index_new: @types: names, ended by %NULL. @language: of texts without one. */
BstCatalogueIndex *
bst_catalogue_index_new (const char *const *types, const char *language, GError **error);
void bst_catalogue_index_free (BstCatalogueIndex *index);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (BstCatalogueIndex, bst_catalogue_index_free)

/** bst_catalogue_index_add: before the first search. */
gboolean bst_catalogue_index_add (BstCatalogueIndex *index,
                                  const BstRecordType *type,
                                  GVariant *record,
                                  GError **error);

/** bst_catalogue_index_search: (transfer full): best first: {"type", "record"} */
GPtrArray *bst_catalogue_index_search (BstCatalogueIndex *index,
                                       const char *text,
                                       const char *language,
                                       guint limit,
                                       GError **error);

G_END_DECLS
