/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "bst-search-index.h"

static void
alternative_clear (gpointer data)
{
  g_free (((BstSearchAlternative *) data)->term);
}

/* "stol|stole+1 bl*": words; alternatives with penalty; "*" for a prefix. */
static GPtrArray *
parse (const char *text)
{
  GPtrArray *words = g_ptr_array_new_with_free_func ((GDestroyNotify) g_array_unref);
  g_auto (GStrv) parts = g_strsplit (text, " ", -1);

  for (guint i = 0; parts[i]; i++)
    {
      g_auto (GStrv) terms = g_strsplit (parts[i], "|", -1);
      GArray *alternatives = g_array_new (FALSE, FALSE, sizeof (BstSearchAlternative));

      g_array_set_clear_func (alternatives, alternative_clear);
      for (guint j = 0; terms[j]; j++)
        {
          g_auto (GStrv) halves = g_strsplit (terms[j], "+", 2);
          BstSearchAlternative alternative = {
            .penalty = halves[1] ? (int) g_ascii_strtoll (halves[1], NULL, 10) : 0,
            .prefix = g_str_has_suffix (halves[0], "*"),
          };

          g_strdelimit (halves[0], "*", '\0');
          alternative.term = g_strdup (halves[0]);
          g_array_append_val (alternatives, alternative);
        }
      g_ptr_array_add (words, alternatives);
    }
  return words;
}

static char *
found (BstSearchIndex *index, const char *query, guint limit)
{
  g_autoptr (GPtrArray) words = parse (query);
  g_autoptr (GError) error = NULL;
  g_autoptr (GArray) hits = bst_search_index_query (index, words, limit, &error);
  GString *rows = g_string_new (NULL);

  g_assert_no_error (error);
  for (guint i = 0; i < hits->len; i++)
    g_string_append_printf (rows, "%s%d", i > 0 ? " " : "",
                            (int) g_array_index (hits, BstSearchHit, i).row);
  return g_string_free (rows, FALSE);
}

static void
check (BstSearchIndex *index, const char *query, const char *rows)
{
  g_autofree char *got = found (index, query, 10);

  g_assert_cmpstr (got, ==, rows);
}

static void
put (BstSearchIndex *index, gint64 row, const char *title, const char *body)
{
  const char *columns[] = { title, body };
  g_autoptr (GError) error = NULL;

  bst_search_index_put (index, row, columns, &error);
  g_assert_no_error (error);
}

static const guint weights[] = { 10, 1, 0 };

static void
test_ranking (void)
{
  g_autoptr (BstDb) db = bst_db_open (":memory:", BST_DB_CREATE, NULL);
  g_autoptr (BstSearchIndex) index =
      bst_search_index_new (db, "text", weights, BST_SEARCH_INDEX_PREFIXES, NULL);

  put (index, 1, "bord", "passer til stol og blaa");
  put (index, 2, "stol blaa hjul armlaen", "");
  put (index, 3, "stol", "");
  put (index, 4, "stole", "");

  check (index, "stol", "3 2 1");           /* title before body, short title before long */
  check (index, "stol|stole+1", "3 2 4 1"); /* another inflection after the exact */
  check (index, "stol blaa", "2 1");        /* every word */
  check (index, "st*", "3 4 2 1");
  check (index, "nix", "");
  check (index, "b\"o", "");
}

static void
test_replace_remove_clear (void)
{
  g_autoptr (BstDb) db = bst_db_open (":memory:", BST_DB_CREATE, NULL);
  g_autoptr (BstSearchIndex) index =
      bst_search_index_new (db, "text", weights, BST_SEARCH_INDEX_PREFIXES, NULL);
  g_autoptr (GPtrArray) terms = NULL;

  put (index, 1, "bord", "");
  put (index, 1, "stol", "");
  put (index, 2, "stol", "lampe");
  check (index, "bord", "");
  check (index, "stol", "1 2");
  terms = bst_search_index_terms (index, NULL);
  g_assert_cmpuint (terms->len, ==, 2);
  g_assert_cmpstr (g_ptr_array_index (terms, 0), ==, "lampe");
  g_assert_true (bst_search_index_remove (index, 1, NULL));
  check (index, "stol", "2");
  g_assert_true (bst_search_index_clear (index, NULL));
  check (index, "stol", "");
}

/* Without a copy of what is in it: taken out by saying once more what was put in. */
static void
test_lean (void)
{
  static const char *const chair[] = { "stol", "sort lampe" };
  static const char *const table[] = { "bord", "sort" };
  g_autoptr (BstDb) db = bst_db_open (":memory:", BST_DB_CREATE, NULL);
  g_autoptr (BstSearchIndex) index =
      bst_search_index_new (db, "text", weights, BST_SEARCH_INDEX_LEAN, NULL);
  g_autoptr (GPtrArray) terms = NULL;

  g_assert_true (bst_search_index_add (index, 1, chair, NULL));
  g_assert_true (bst_search_index_add (index, 2, table, NULL));
  check (index, "sort", "1 2");
  check (index, "bord", "2");
  g_assert_true (bst_search_index_take (index, 1, chair, NULL));
  check (index, "sort", "2");
  terms = bst_search_index_terms (index, NULL);
  g_assert_cmpuint (terms->len, ==, 2);
  g_assert_true (bst_search_index_add (index, 1, table, NULL));
  check (index, "bord", "1 2");
  g_assert_true (bst_search_index_clear (index, NULL));
  check (index, "bord", "");
}

/* A title in a late row is found among hundreds of bodies that match. */
static void
test_title_is_not_crowded_out (void)
{
  g_autoptr (BstDb) db = bst_db_open (":memory:", BST_DB_CREATE, NULL);
  g_autoptr (BstSearchIndex) index =
      bst_search_index_new (db, "text", weights, BST_SEARCH_INDEX_PREFIXES, NULL);
  g_autofree char *got = NULL;

  for (int i = 1; i <= 2000; i++)
    put (index, i, "andet", "pc");
  put (index, 2001, "pc", "");
  got = found (index, "pc", 1);
  g_assert_cmpstr (got, ==, "2001");
}

static void
test_match (void)
{
  g_autoptr (GPtrArray) words = parse ("stol|stole+1 bl*");
  g_autoptr (GPtrArray) none = g_ptr_array_new ();
  g_autofree char *match = bst_search_index_match (words, FALSE);
  g_autofree char *any = bst_search_index_match (words, TRUE);

  g_assert_cmpstr (match, ==, "(\"stol\" OR \"stole\") AND (\"bl\"*)");
  g_assert_cmpstr (any, ==, "(\"stol\" OR \"stole\") OR (\"bl\"*)");
  g_assert_null (bst_search_index_match (none, FALSE));
}

static void
assert_choice (BstSearchIndex *index, const char *text, const char *expected)
{
  g_autoptr (GPtrArray) words = parse (text);
  g_autoptr (GError) error = NULL;
  g_autofree char *match = NULL;

  bst_search_index_choose (index, words, &match, &error);
  g_assert_no_error (error);
  g_assert_cmpstr (match, ==, expected);
}

/* What the filter of a list lets through is what the search ranks. */
static void
test_choose (void)
{
  g_autoptr (BstDb) db = bst_db_open (":memory:", BST_DB_CREATE, NULL);
  g_autoptr (BstSearchIndex) index = bst_search_index_new (db, "text", weights, 0, NULL);

  put (index, 1, "stol", "sort");
  put (index, 2, "bord", "");
  assert_choice (index, "stol sort", "(\"stol\") AND (\"sort\")");
  assert_choice (index, "stol bord", "(\"stol\") OR (\"bord\")");
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/search-index/ranking", test_ranking);
  g_test_add_func ("/search-index/replace-remove-clear", test_replace_remove_clear);
  g_test_add_func ("/search-index/lean", test_lean);
  g_test_add_func ("/search-index/title-is-not-crowded-out", test_title_is_not_crowded_out);
  g_test_add_func ("/search-index/match", test_match);
  g_test_add_func ("/search-index/choose", test_choose);
  return g_test_run ();
}
