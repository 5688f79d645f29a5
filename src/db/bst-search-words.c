/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "bst-search-words.h"

#include "bst-search-text.h"

#include <string.h>

#define EXPANSIONS_MAX 24

/* Numbers of orders are asked for as they are, or by their beginning: nobody mistypes them into another word. */
static gboolean
is_number (const char *term)
{
  return strlen (term) > 3 && strspn (term, "0123456789") == strlen (term);
}

BstVocabulary *
bst_search_words_vocabulary (GPtrArray *indices, GError **error)
{
  g_autoptr (BstVocabulary) vocabulary = bst_vocabulary_new ();

  for (guint i = 0; i < indices->len; i++)
    {
      g_autoptr (GPtrArray) terms = bst_search_index_terms (indices->pdata[i], error);

      if (!terms)
        return NULL;
      for (guint j = 0; j < terms->len; j++)
        if (!is_number (terms->pdata[j]))
          bst_vocabulary_add (vocabulary, terms->pdata[j]);
    }
  bst_vocabulary_build (vocabulary);
  return g_steal_pointer (&vocabulary);
}

static void
alternative_clear (gpointer alternative)
{
  g_free (((BstSearchAlternative *) alternative)->term);
}

static void
add_alternative (GArray *alternatives, const char *term, gboolean prefix, guint penalty)
{
  BstSearchAlternative alternative = { g_strdup (term), prefix, (int) penalty };

  g_array_append_val (alternatives, alternative);
}

static GArray *
expand (BstVocabulary *vocabulary, const char *word, const char *language, gboolean is_last)
{
  GArray *alternatives = g_array_new (FALSE, FALSE, sizeof (BstSearchAlternative));
  g_autoptr (GArray) expansions =
      bst_vocabulary_expand (vocabulary, word, language, is_last, EXPANSIONS_MAX);

  g_array_set_clear_func (alternatives, alternative_clear);
  for (guint i = 0; i < expansions->len; i++)
    {
      const BstExpansion *expansion = &g_array_index (expansions, BstExpansion, i);

      /* What begins with the last word is found by its beginning, below; each further phrase costs time in every row. */
      if (is_last && expansion->penalty >= BST_PENALTY_PREFIX &&
          g_str_has_prefix (expansion->term, word))
        continue;
      add_alternative (alternatives, expansion->term, FALSE, expansion->penalty);
    }
  /* More words begin with a letter or two than are worth listing. */
  if (is_last)
    add_alternative (alternatives, word, TRUE, BST_PENALTY_PREFIX);
  else if (expansions->len == 0 && is_number (word))
    add_alternative (alternatives, word, FALSE, BST_PENALTY_EXACT);
  return alternatives;
}

GPtrArray *
bst_search_words_expand (BstVocabulary *vocabulary, const char *text, const char *language)
{
  g_auto (GStrv) words = bst_search_query_words (text);
  GPtrArray *expanded = g_ptr_array_new_with_free_func ((GDestroyNotify) g_array_unref);

  for (guint i = 0; words[i]; i++)
    g_ptr_array_add (
        expanded, expand (vocabulary, words[i], language ? language : "da", words[i + 1] == NULL));
  return expanded;
}
