/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "bst-vocabulary.h"

#include "bst-search-text.h"

#include <string.h>

#define SUFFIX_LETTERS    3 /* from here on a compound may end with the word */
#define COMPOUND_LETTERS  4 /* … begin with it */
#define TYPO_LETTERS      4
#define TWO_TYPOS_LETTERS 8
#define CANDIDATES_MAX    2048

typedef struct
{
  const char *text;
  guint32 letters; /* which there are, as a set: a … z, digits as one, others as one */
  guint32 length;
} Term;

struct _BstVocabulary
{
  gatomicrefcount refs;
  GStringChunk *chunk;
  GHashTable *seen;  /* texts in @chunk */
  GArray *terms;     /* Term, sorted by text */
  GArray *backwards; /* guint32 indices of @terms, sorted by the reversed text */
};

BstVocabulary *
bst_vocabulary_new (void)
{
  BstVocabulary *vocabulary = g_new0 (BstVocabulary, 1);

  g_atomic_ref_count_init (&vocabulary->refs);
  vocabulary->chunk = g_string_chunk_new (64 * 1024);
  vocabulary->seen = g_hash_table_new (g_str_hash, g_str_equal);
  vocabulary->terms = g_array_new (FALSE, FALSE, sizeof (Term));
  vocabulary->backwards = g_array_new (FALSE, FALSE, sizeof (guint32));
  return vocabulary;
}

BstVocabulary *
bst_vocabulary_ref (BstVocabulary *vocabulary)
{
  g_atomic_ref_count_inc (&vocabulary->refs);
  return vocabulary;
}

void
bst_vocabulary_unref (BstVocabulary *vocabulary)
{
  if (!g_atomic_ref_count_dec (&vocabulary->refs))
    return;
  g_hash_table_unref (vocabulary->seen);
  g_array_unref (vocabulary->terms);
  g_array_unref (vocabulary->backwards);
  g_string_chunk_free (vocabulary->chunk);
  g_free (vocabulary);
}

static guint32
letters_of (const char *text)
{
  guint32 letters = 0;

  for (; *text; text++)
    letters |= 1u << (*text >= 'a' && *text <= 'z' ? *text - 'a'
                      : g_ascii_isdigit (*text)    ? 26
                                                   : 27);
  return letters;
}

static void
add_term (BstVocabulary *vocabulary, const char *from, gsize length)
{
  g_autofree char *text = g_strndup (from, length);
  Term term = { NULL, letters_of (text), (guint32) length };

  if (length == 0 || g_hash_table_contains (vocabulary->seen, text))
    return;
  term.text = g_string_chunk_insert (vocabulary->chunk, text);
  g_hash_table_add (vocabulary->seen, (gpointer) term.text);
  g_array_append_val (vocabulary->terms, term);
}

void
bst_vocabulary_add (BstVocabulary *vocabulary, const char *terms)
{
  for (const char *from = terms; *from;)
    {
      gsize length = strcspn (from, " ");

      add_term (vocabulary, from, length);
      from += length;
      from += *from == ' ';
    }
}

static int
compare_terms (gconstpointer a, gconstpointer b)
{
  return strcmp (((const Term *) a)->text, ((const Term *) b)->text);
}

static int
compare_reversed (const char *a, gsize len_a, const char *b, gsize len_b)
{
  while (len_a && len_b)
    {
      int order = (guchar) a[--len_a] - (guchar) b[--len_b];

      if (order)
        return order;
    }
  return len_a ? 1 : len_b ? -1 : 0;
}

static int
compare_backwards (gconstpointer a, gconstpointer b, gpointer data)
{
  const Term *terms = data;
  const Term *one = &terms[*(const guint32 *) a];
  const Term *two = &terms[*(const guint32 *) b];

  return compare_reversed (one->text, one->length, two->text, two->length);
}

void
bst_vocabulary_build (BstVocabulary *vocabulary)
{
  g_array_sort (vocabulary->terms, compare_terms);
  g_array_set_size (vocabulary->backwards, vocabulary->terms->len);
  for (guint32 i = 0; i < vocabulary->terms->len; i++)
    g_array_index (vocabulary->backwards, guint32, i) = i;
  g_array_sort_with_data (vocabulary->backwards, compare_backwards, vocabulary->terms->data);
}

guint
bst_vocabulary_size (BstVocabulary *vocabulary)
{
  return vocabulary->terms->len;
}

/* ---- looking up ---- */

typedef struct
{
  guint32 index;
  guint penalty;
} Candidate;

static const Term *
term_at (BstVocabulary *vocabulary, guint index)
{
  return &g_array_index (vocabulary->terms, Term, index);
}

static guint
lower_bound (BstVocabulary *vocabulary, const char *word)
{
  guint low = 0;
  guint high = vocabulary->terms->len;

  while (low < high)
    {
      guint middle = low + (high - low) / 2;

      if (strcmp (term_at (vocabulary, middle)->text, word) < 0)
        low = middle + 1;
      else
        high = middle;
    }
  return low;
}

static const Term *
term_backwards (BstVocabulary *vocabulary, guint place)
{
  return term_at (vocabulary, g_array_index (vocabulary->backwards, guint32, place));
}

static guint
lower_bound_backwards (BstVocabulary *vocabulary, const char *word)
{
  gsize length = strlen (word);
  guint low = 0;
  guint high = vocabulary->terms->len;

  while (low < high)
    {
      guint middle = low + (high - low) / 2;
      const Term *term = term_backwards (vocabulary, middle);

      if (compare_reversed (term->text, term->length, word, length) < 0)
        low = middle + 1;
      else
        high = middle;
    }
  return low;
}

static void
add_candidate (GArray *candidates, guint32 index, guint penalty)
{
  Candidate candidate = { index, penalty };

  g_array_append_val (candidates, candidate);
}

static void
find_exact (BstVocabulary *vocabulary, GArray *candidates, const char *word, guint penalty)
{
  guint place = lower_bound (vocabulary, word);

  if (place < vocabulary->terms->len && strcmp (term_at (vocabulary, place)->text, word) == 0)
    add_candidate (candidates, place, penalty);
}

static void
find_beginning (BstVocabulary *vocabulary, GArray *candidates, const char *word, guint penalty)
{
  for (guint place = lower_bound (vocabulary, word);
       place < vocabulary->terms->len && candidates->len < CANDIDATES_MAX; place++)
    {
      if (!g_str_has_prefix (term_at (vocabulary, place)->text, word))
        break;
      add_candidate (candidates, place, penalty);
    }
}

static void
find_ending (BstVocabulary *vocabulary, GArray *candidates, const char *word, guint penalty)
{
  gsize length = strlen (word);

  for (guint place = lower_bound_backwards (vocabulary, word);
       place < vocabulary->terms->len && candidates->len < CANDIDATES_MAX; place++)
    {
      const Term *term = term_backwards (vocabulary, place);

      if (term->length < length || strcmp (term->text + term->length - length, word) != 0)
        break;
      add_candidate (candidates, g_array_index (vocabulary->backwards, guint32, place), penalty);
    }
}

/* One error changes the set of letters by two at most. */
static void
find_misspelt (BstVocabulary *vocabulary, GArray *candidates, const char *word)
{
  guint32 letters = letters_of (word);
  gsize length = strlen (word);
  guint limit = length >= TWO_TYPOS_LETTERS ? 2 : 1;

  for (guint32 i = 0; i < vocabulary->terms->len && candidates->len < CANDIDATES_MAX; i++)
    {
      const Term *term = term_at (vocabulary, i);
      guint distance;

      if (term->length + limit < length || term->length > length + limit ||
          (guint) __builtin_popcount (term->letters ^ letters) > 2 * limit)
        continue;
      distance = bst_search_distance (word, term->text, limit);
      if (distance <= limit)
        add_candidate (candidates, i, BST_PENALTY_TYPO + 2 * (distance ? distance - 1 : 0));
    }
}

static int
compare_by_index (gconstpointer a, gconstpointer b)
{
  const Candidate *one = a;
  const Candidate *two = b;

  if (one->index != two->index)
    return one->index < two->index ? -1 : 1;
  return one->penalty < two->penalty ? -1 : one->penalty > two->penalty;
}

/* Better ones first; of equals the shorter, which is nearer to what was typed. */
static int
compare_expansions (gconstpointer a, gconstpointer b)
{
  const BstExpansion *one = a;
  const BstExpansion *two = b;
  gsize len_one;
  gsize len_two;

  if (one->penalty != two->penalty)
    return one->penalty < two->penalty ? -1 : 1;
  len_one = strlen (one->term);
  len_two = strlen (two->term);
  if (len_one != len_two)
    return len_one < len_two ? -1 : 1;
  return strcmp (one->term, two->term);
}

static GArray *
best_of (BstVocabulary *vocabulary, GArray *candidates, guint max)
{
  GArray *best = g_array_new (FALSE, FALSE, sizeof (BstExpansion));

  g_array_sort (candidates, compare_by_index);
  for (guint i = 0; i < candidates->len; i++)
    {
      const Candidate *candidate = &g_array_index (candidates, Candidate, i);
      BstExpansion expansion = { term_at (vocabulary, candidate->index)->text, candidate->penalty };

      if (i == 0 || (candidate - 1)->index != candidate->index)
        g_array_append_val (best, expansion);
    }
  g_array_sort (best, compare_expansions);
  if (best->len > max)
    g_array_set_size (best, max);
  return best;
}

GArray *
bst_vocabulary_expand (BstVocabulary *vocabulary,
                       const char *word,
                       const char *language,
                       gboolean is_last,
                       guint max)
{
  g_autoptr (GArray) candidates = g_array_new (FALSE, FALSE, sizeof (Candidate));
  g_autofree char *loose = bst_search_loose (word);
  g_autofree char *stem = bst_search_stem (word, language);
  gsize length = strlen (loose);

  if (length == 0)
    return best_of (vocabulary, candidates, max);
  find_exact (vocabulary, candidates, loose, BST_PENALTY_EXACT);
  find_exact (vocabulary, candidates, stem, BST_PENALTY_STEM);
  if (is_last)
    find_beginning (vocabulary, candidates, loose, BST_PENALTY_PREFIX);
  if (length >= SUFFIX_LETTERS)
    find_ending (vocabulary, candidates, loose, BST_PENALTY_COMPOUND);
  if (strlen (stem) >= COMPOUND_LETTERS)
    find_ending (vocabulary, candidates, stem, BST_PENALTY_COMPOUND);
  if (length >= COMPOUND_LETTERS)
    find_beginning (vocabulary, candidates, loose, BST_PENALTY_COMPOUND);
  if (candidates->len == 0 && length >= TYPO_LETTERS)
    find_misspelt (vocabulary, candidates, loose);
  return best_of (vocabulary, candidates, max);
}
