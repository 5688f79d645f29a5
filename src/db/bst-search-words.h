/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "bst-search-index.h"
#include "bst-vocabulary.h"

G_BEGIN_DECLS

/*
 * From what somebody typed to what a text index is asked for: the one way for store, server and
 * command line, so that all find the same.
 */

/** bst_search_words_vocabulary: the terms of @indices (element-type BstSearchIndex). Returns: (transfer full): %NULL on failure. */
BstVocabulary *bst_search_words_vocabulary (GPtrArray *indices, GError **error);

/**
 * bst_search_words_expand:
 *
 * Each word with the terms of @vocabulary that it may mean: inflections, compounds, typing errors, and for the last
 * one whatever begins with it.
 *
 * Returns: (transfer full) (element-type GArray of BstSearchAlternative): for bst_search_index_query()
 */
GPtrArray *
bst_search_words_expand (BstVocabulary *vocabulary, const char *text, const char *language);

G_END_DECLS
