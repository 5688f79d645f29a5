/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/*
 * Words for searching. A text index holds, for each record, the terms that bst_search_terms() makes: ASCII letters and digits
 * (other scripts as they are), separated by spaces (so FTS5's "ascii" or "unicode61" tokenizer takes them as they are). A query's words are looked up in the
 * vocabulary of all terms in the index (#BstVocabulary), which answers with the terms to ask the index for and a penalty each.
 *
 *   fold:  lower case; æ ä -> ae, ø ö -> oe, å -> aa, ü -> y; other accents fall away     "Rengøring" -> "rengoering"
 *   loose: the folded form with ae -> e, oe -> o, aa -> a: one key for all ways to type it "rengoering", "rengoring" -> "rengoring"
 *   term:  the loose form of the stem (Snowball, Danish or Norwegian) and of the word itself when they differ
 *
 * So "aeldre", "ældre" and "eldre", "aarhus", "Århus" and "arhus" are one term. Compounds are found in the vocabulary (a term that
 * ends or begins with the query), not split in the index.
 */

/** bst_search_words: runs of letters and digits, lower case, as written (å stays å). Returns: (transfer full). */
char **bst_search_words (const char *text);

/** bst_search_fold: see above. Returns: (transfer full). */
char *bst_search_fold (const char *word);

/** bst_search_loose: fold, then one key for all ways to type it. Returns: (transfer full). */
char *bst_search_loose (const char *word);

/** bst_search_stem: @language "da", "nb", "nn" (as nb), "en" or others (no stemming). Returns: (transfer full): loose form of the stem. */
char *bst_search_stem (const char *word, const char *language);

/** bst_search_terms: the terms of all words, each once, separated by spaces: what the index holds. Returns: (transfer full). */
char *bst_search_terms (const char *text, const char *language);

/**
 * bst_search_query_words: the loose words of a query, each once, at most 16.
 *
 * People write sentences ("jeg skal bruge en ny computer"): words without a meaning of their own are left out, unless there are
 * no others. Returns: (transfer full).
 */
char **bst_search_query_words (const char *text);

/**
 * bst_search_distance: Damerau–Levenshtein (optimal string alignment) of two ASCII words, at most @limit (≤ 3).
 *
 * Returns: the distance, or @limit + 1 when it is more
 */
guint bst_search_distance (const char *a, const char *b, guint limit);

/** bst_search_gain: of what matches alike, the service is meant before an article by which it is delivered: a factor for the score of records of @type. */
double bst_search_gain (const char *type);

G_END_DECLS
