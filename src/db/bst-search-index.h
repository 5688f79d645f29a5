/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "bst-db.h"

G_BEGIN_DECLS

/*
 * A full-text index over ready-made terms: one FTS5 table. What a term is (folding, stemming,
 * compounds, typing errors) is not known here: bst-search-text.h in core says it, and store and
 * server hand the terms in. Rows are integers, chosen by the caller. Two stages: a cheap candidate
 * set in row order, then ranking of a few hundred.
 */
typedef struct _BstSearchIndex BstSearchIndex;

/** One thing to match: @term, or all terms that begin with it. @penalty: 0 is exact; larger is worse. */
typedef struct
{
  char *term;
  gboolean prefix;
  int penalty;
} BstSearchAlternative;

typedef struct
{
  gint64 row;
  double score; /* larger is better */
} BstSearchHit;

typedef enum
{
  /* Keeps what begins with the same one, two, three letters together: asking while a word is being typed is quicker, filling
   * is slower. */
  BST_SEARCH_INDEX_PREFIXES = 1 << 0,
  /* Does not keep the terms of each row beside the index: half as large, and quicker to fill. Who takes a row out must know
   * them: bst_search_index_add() and bst_search_index_take() instead of put and remove. */
  BST_SEARCH_INDEX_LEAN = 1 << 1,
} BstSearchIndexFlags;

/**
 * bst_search_index_new:
 * @table: constant name of the FTS5 table; made when missing
 * @weights: one a column, ended by 0; columns are named c0, c1, …; the first is the title
 */
BstSearchIndex *bst_search_index_new (BstDb *db,
                                      const char *table,
                                      const guint *weights,
                                      BstSearchIndexFlags flags,
                                      GError **error);
void bst_search_index_free (BstSearchIndex *index);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (BstSearchIndex, bst_search_index_free)

/** bst_search_index_put: (re)places @row; @columns are terms separated by spaces, as many as weights. */
gboolean bst_search_index_put (BstSearchIndex *index,
                               gint64 row,
                               const char *const *columns,
                               GError **error);
gboolean bst_search_index_remove (BstSearchIndex *index, gint64 row, GError **error);

/** bst_search_index_add: puts in @row, which is not in it. */
gboolean bst_search_index_add (BstSearchIndex *index,
                               gint64 row,
                               const char *const *columns,
                               GError **error);

/** bst_search_index_take: takes out @row, which was added with just these @columns. */
gboolean bst_search_index_take (BstSearchIndex *index,
                                gint64 row,
                                const char *const *columns,
                                GError **error);

gboolean bst_search_index_clear (BstSearchIndex *index, GError **error);

/** bst_search_index_terms: all distinct terms, sorted (fts5vocab). (transfer full) */
GPtrArray *bst_search_index_terms (BstSearchIndex *index, GError **error);

/**
 * bst_search_index_query:
 * @words: (element-type GArray of BstSearchAlternative): one a word of the query
 * @limit: at most so many hits, best first
 *
 * Rows that match every word; when there are none, those that match any, the more words the better.
 *
 * Returns: (transfer full) (element-type BstSearchHit)
 */
GArray *
bst_search_index_query (BstSearchIndex *index, GPtrArray *words, guint limit, GError **error);

/**
 * bst_search_index_match:
 * @any: any of the words; otherwise every one
 *
 * The MATCH expression for @words, to be bound as a parameter where all rows that match are wanted and not the best few.
 * Returns: (transfer full) (nullable): %NULL when nothing can match
 */
char *bst_search_index_match (GPtrArray *words, gboolean any);

/**
 * bst_search_index_choose:
 * @ret_match: (out) (transfer full) (nullable): of the rows that bst_search_index_query() ranks: those with every word; when
 * there are none, those with any. %NULL: nothing matches
 */
gboolean
bst_search_index_choose (BstSearchIndex *index, GPtrArray *words, char **ret_match, GError **error);

G_END_DECLS
