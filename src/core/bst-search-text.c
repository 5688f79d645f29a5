/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "bst-search-text.h"

#include "bst-text.h"

#include <libstemmer.h>
#include <string.h>

#define KNOWN_WORDS_MAX 4000 /* about half a megabyte a thread */
#define QUERY_WORDS_MAX 16
#define WORD_BYTES_MAX  64

/* ---- words ---- */

char **
bst_search_words (const char *text)
{
  g_autoptr (GStrvBuilder) words = g_strv_builder_new ();
  g_autofree char *normal = g_utf8_normalize (text, -1, G_NORMALIZE_ALL_COMPOSE);
  g_autofree char *lower = normal ? g_utf8_strdown (normal, -1) : g_strdup ("");
  g_autoptr (GString) word = g_string_new (NULL);

  for (const char *p = lower;; p = g_utf8_next_char (p))
    {
      gunichar c = *p ? g_utf8_get_char (p) : 0;

      if (c && (g_unichar_isalnum (c) || (word->len && g_unichar_ismark (c))))
        g_string_append_unichar (word, c);
      else if (word->len)
        {
          g_strv_builder_add (words, word->str);
          g_string_truncate (word, 0);
        }
      if (!c)
        return g_strv_builder_end (words);
    }
}

/* ---- folding ---- */

static const struct
{
  gunichar letter;
  const char *folded;
} folds[] = {
  { 0xe6, "ae" }, { 0xe4, "ae" }, { 0xf8, "oe" }, { 0xf6, "oe" }, { 0xe5, "aa" },
  { 0xfc, "y" },  { 0xdf, "ss" }, { 0xf0, "d" },  { 0xfe, "th" },
};

static void
append_folded (GString *folded, gunichar c)
{
  gunichar parts[G_UNICHAR_MAX_DECOMPOSITION_LENGTH];

  for (gsize i = 0; i < G_N_ELEMENTS (folds); i++)
    if (folds[i].letter == c)
      {
        g_string_append (folded, folds[i].folded);
        return;
      }
  if (c < 0x80)
    g_string_append_c (folded, (char) c);
  else if (g_unichar_fully_decompose (c, FALSE, parts, G_N_ELEMENTS (parts)) > 1)
    append_folded (folded, parts[0]);
  else if (!g_unichar_ismark (c))
    g_string_append_unichar (folded, c);
}

char *
bst_search_fold (const char *word)
{
  g_autofree char *normal = g_utf8_normalize (word, -1, G_NORMALIZE_ALL_COMPOSE);
  g_autofree char *lower = normal ? g_utf8_strdown (normal, -1) : g_strdup ("");
  GString *folded = g_string_new (NULL);

  for (const char *p = lower; *p; p = g_utf8_next_char (p))
    append_folded (folded, g_utf8_get_char (p));
  return g_string_free (folded, FALSE);
}

/* Of each pair the first letter falls away: ae -> e; or the second: oe -> o, aa -> a. */
char *
bst_search_loose (const char *word)
{
  char *loose = bst_search_fold (word);
  char *to = loose;

  for (const char *from = loose; *from; from++)
    {
      if (from[0] == 'a' && from[1] == 'e')
        from++;
      *to++ = *from;
      if ((from[0] == 'o' && from[1] == 'e') || (from[0] == 'a' && from[1] == 'a'))
        from++;
    }
  *to = '\0';
  return loose;
}

/* ---- stems ---- */

static const struct
{
  const char *language;
  const char *algorithm;
} algorithms[] = { { "da", "danish" }, { "nb", "norwegian" }, { "nn", "norwegian" } };

/* The terms of a word that was seen before: texts say the same words again and again. */
typedef struct
{
  char *loose;
  char *stem;
} WordTerms;

/* One a thread. @known: language -> word -> WordTerms */
typedef struct
{
  struct sb_stemmer *stemmers[G_N_ELEMENTS (algorithms)];
  GHashTable *known;
  guint n_known;
} Stemmers;

static void
word_terms_free (gpointer data)
{
  WordTerms *terms = data;

  g_free (terms->loose);
  g_free (terms->stem);
  g_free (terms);
}

static void
stemmers_free (gpointer data)
{
  Stemmers *stemmers = data;

  for (gsize i = 0; i < G_N_ELEMENTS (algorithms); i++)
    if (stemmers->stemmers[i])
      sb_stemmer_delete (stemmers->stemmers[i]);
  g_hash_table_unref (stemmers->known);
  g_free (stemmers);
}

static Stemmers *
get_stemmers (void)
{
  static GPrivate key = G_PRIVATE_INIT (stemmers_free);
  Stemmers *own = g_private_get (&key);

  if (!own)
    {
      own = g_new0 (Stemmers, 1);
      own->known = g_hash_table_new_full (g_str_hash, g_str_equal, g_free,
                                          (GDestroyNotify) g_hash_table_unref);
      g_private_set (&key, own);
    }
  return own;
}

/* A stemmer has a state, so every thread has its own. %NULL when the language has none. */
static struct sb_stemmer *
find_stemmer (const char *language)
{
  Stemmers *own = get_stemmers ();

  for (gsize i = 0; i < G_N_ELEMENTS (algorithms); i++)
    {
      if (strcmp (algorithms[i].language, language) != 0)
        continue;
      if (!own->stemmers[i])
        own->stemmers[i] = sb_stemmer_new (algorithms[i].algorithm, "UTF_8");
      return own->stemmers[i];
    }
  return NULL;
}

char *
bst_search_stem (const char *word, const char *language)
{
  struct sb_stemmer *stemmer = find_stemmer (bst_text_language (language));
  g_autofree char *lower = g_utf8_strdown (word, -1);
  g_autofree char *stem = NULL;
  const sb_symbol *found;

  if (!stemmer)
    return bst_search_loose (word);
  found = sb_stemmer_stem (stemmer, (const sb_symbol *) lower, (int) strlen (lower));
  if (!found)
    return bst_search_loose (word);
  stem = g_strndup ((const char *) found, (gsize) sb_stemmer_length (stemmer));
  return bst_search_loose (stem);
}

/* ---- terms ---- */

/* The words known in @language; forgotten all at once when they are too many. Borrowed until the next text. */
static GHashTable *
known_words (const char *language)
{
  Stemmers *own = get_stemmers ();
  GHashTable *words;

  if (own->n_known >= KNOWN_WORDS_MAX)
    {
      g_hash_table_remove_all (own->known);
      own->n_known = 0;
    }
  words = g_hash_table_lookup (own->known, language);
  if (!words)
    {
      words = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, word_terms_free);
      g_hash_table_insert (own->known, g_strdup (language), words);
    }
  return words;
}

static const WordTerms *
terms_of_word (GHashTable *known, const char *word, const char *language)
{
  WordTerms *terms = g_hash_table_lookup (known, word);

  if (terms)
    return terms;
  terms = g_new (WordTerms, 1);
  terms->loose = bst_search_loose (word);
  terms->stem = bst_search_stem (word, language);
  g_hash_table_insert (known, g_strdup (word), terms);
  get_stemmers ()->n_known++;
  return terms;
}

static void
add_term (GString *terms, GHashTable *seen, const char *term)
{
  if (!*term || strlen (term) > WORD_BYTES_MAX || !g_hash_table_add (seen, (gpointer) term))
    return;
  if (terms->len)
    g_string_append_c (terms, ' ');
  g_string_append (terms, term);
}

char *
bst_search_terms (const char *text, const char *language)
{
  const char *spoken = bst_text_language (language);
  g_auto (GStrv) words = bst_search_words (text);
  g_autoptr (GHashTable) seen = g_hash_table_new (g_str_hash, g_str_equal);
  GHashTable *known = known_words (spoken);
  GString *terms = g_string_new (NULL);

  for (char **word = words; *word; word++)
    {
      const WordTerms *both = terms_of_word (known, *word, spoken);

      add_term (terms, seen, both->loose);
      add_term (terms, seen, both->stem);
    }
  return g_string_free (terms, FALSE);
}

/* Words that say nothing of what is meant, in their loose form. */
static const char *const function_words[] = {
  "af",   "alle", "at",   "av",     "behover", "blir",  "bliver", "bruge",   "bruke", "da",   "de",
  "deg",  "den",  "der",  "det",    "dig",     "du",    "eg",     "eller",   "en",    "er",   "et",
  "ett",  "for",  "fra",  "ha",     "han",     "har",   "have",   "hos",     "hun",   "hvor", "i",
  "ikke", "ind",  "inn",  "jeg",    "kan",     "kunne", "la",     "ma",      "man",   "med",  "meg",
  "men",  "mig",  "min",  "mit",    "mitt",    "nar",   "noen",   "nogen",   "noget", "noe",  "og",
  "om",   "op",   "opp",  "os",     "oss",     "pa",    "sa",     "se",      "ser",   "sig",  "seg",
  "sin",  "sit",  "skal", "skulle", "som",     "the",   "til",    "trenger", "uden",  "uten", "var",
  "ved",  "vere", "vi",   "vil",    "ville",   "vores", "a",
};

static gboolean
is_function_word (const char *loose)
{
  for (gsize i = 0; i < G_N_ELEMENTS (function_words); i++)
    if (strcmp (function_words[i], loose) == 0)
      return TRUE;
  return FALSE;
}

/* Without the function words, unless there are no others. */
static char **
without_function_words (char **words)
{
  g_autoptr (GStrvBuilder) telling = g_strv_builder_new ();
  gboolean any = FALSE;

  for (char **word = words; *word; word++)
    if (!is_function_word (*word))
      {
        g_strv_builder_add (telling, *word);
        any = TRUE;
      }
  if (!any)
    return words;
  g_strfreev (words);
  return g_strv_builder_end (telling);
}

char **
bst_search_query_words (const char *text)
{
  g_auto (GStrv) words = bst_search_words (text);
  g_autoptr (GHashTable) seen = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  g_autoptr (GStrvBuilder) query = g_strv_builder_new ();

  for (char **word = words; *word && g_hash_table_size (seen) < QUERY_WORDS_MAX; word++)
    {
      g_autofree char *loose = bst_search_loose (*word);

      if (strlen (loose) <= WORD_BYTES_MAX && g_hash_table_add (seen, g_strdup (loose)))
        g_strv_builder_add (query, loose);
    }
  return without_function_words (g_strv_builder_end (query));
}

/* ---- distance ---- */

/*
 * Only cells within @limit of the diagonal can be part of a way that short, so only those are filled in; their
 * neighbours outside count as out of reach.
 */
guint
bst_search_distance (const char *a, const char *b, guint limit)
{
  guint rows[3][WORD_BYTES_MAX + 2] = { { 0 } };
  guint *before = rows[0];
  guint *above = rows[1];
  guint *here = rows[2];
  gsize len_a = strlen (a);
  gsize len_b = strlen (b);
  const guint out_of_reach = limit + 1;

  if (len_a > WORD_BYTES_MAX || len_b > WORD_BYTES_MAX ||
      MAX (len_a, len_b) - MIN (len_a, len_b) > limit)
    return out_of_reach;
  for (gsize j = 0; j <= len_b + 1; j++)
    above[j] = j <= limit ? (guint) j : out_of_reach;
  for (gsize i = 1; i <= len_a; i++)
    {
      gsize from = i > limit ? i - limit : 1;
      gsize to = MIN (len_b, i + limit);
      guint best = here[from - 1] = from == 1 ? (guint) MIN (i, out_of_reach) : out_of_reach;
      guint *rotated = before;

      for (gsize j = from; j <= to; j++)
        {
          guint cost = a[i - 1] != b[j - 1];
          guint value = MIN (MIN (above[j] + 1, here[j - 1] + 1), above[j - 1] + cost);

          if (cost && i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1])
            value = MIN (value, before[j - 2] + 1);
          here[j] = MIN (value, out_of_reach);
          best = MIN (best, here[j]);
        }
      here[to + 1] = out_of_reach;
      if (best > limit)
        return out_of_reach;
      before = above;
      above = here;
      here = rotated;
    }
  return above[len_b];
}

double
bst_search_gain (const char *type)
{
  return strcmp (type, "Article") == 0 ? 0.7 : 1.0;
}
