/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "core-fixture.h"

#include "bst-search-text.h"

#include <string.h>

static void
test_words (void)
{
  core_assert_list (bst_search_words ("IT-101: Bærbar (15,6\") – «Ægte»!"),
                    "it 101 bærbar 15 6 ægte");
  core_assert_list (bst_search_words ("A\u030arhus"), "århus");
  core_assert_list (bst_search_words (" ,. "), "");
  core_assert_list (bst_search_words (""), "");
}

static void
test_fold (void)
{
  static const char *const cases[][3] = {
    { "Rengøring", "rengoering", "rengoring" },
    { "Ældre", "aeldre", "eldre" },
    { "Århus", "aarhus", "arhus" },
    { "Aarhus", "aarhus", "arhus" },
    { "Café", "cafe", "cafe" },
    { "Müller", "myller", "myller" },
    { "Björn", "bjoern", "bjorn" },
    { "STRASSE", "strasse", "strasse" },
    { "Łódź", "łodz", "łodz" },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autofree char *fold = bst_search_fold (cases[i][0]);
      g_autofree char *loose = bst_search_loose (cases[i][0]);

      g_assert_cmpstr (fold, ==, cases[i][1]);
      g_assert_cmpstr (loose, ==, cases[i][2]);
    }
}

/* All of these are the same word to someone who types. */
static void
test_one_key (void)
{
  static const char *const groups[][5] = {
    { "rengøring", "rengoering", "rengoring", "Rengöring", NULL },
    { "ældre", "aeldre", "eldre", "äldre", NULL },
    { "århus", "aarhus", "arhus", "ÅRHUS", NULL },
    { "lønseddel", "loenseddel", "lonseddel", "Lønseddel", NULL },
    { "på", "paa", "pa", "PÅ", NULL },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (groups); i++)
    for (gsize j = 1; groups[i][j]; j++)
      {
        g_autofree char *first = bst_search_loose (groups[i][0]);
        g_autofree char *other = bst_search_loose (groups[i][j]);

        g_assert_cmpstr (first, ==, other);
      }
}

static void
test_stem (void)
{
  static const char *const cases[][3] = {
    { "da", "bestillinger", "bestilling" }, { "da", "computerne", "comput" },
    { "da", "medarbejderen", "medarbejd" }, { "da", "Rengøringen", "rengoring" },
    { "nb", "bestillinger", "bestilling" }, { "nb", "tilganger", "tilgang" },
    { "nn", "tilganger", "tilgang" },       { "nb", "nøklene", "nokl" },
    { "en", "orders", "orders" },           { "da", "", "" },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autofree char *stem = bst_search_stem (cases[i][1], cases[i][0]);

      g_assert_cmpstr (stem, ==, cases[i][2]);
    }
}

static void
test_terms (void)
{
  g_autofree char *terms = bst_search_terms ("Rengøring af ældrecentret, rengøringen!", "da");
  g_autofree char *nothing = bst_search_terms ("…", "da");
  g_auto (GStrv) words = g_strsplit (terms, " ", -1);

  g_assert_true (g_strv_contains ((const char *const *) words, "rengoring"));
  g_assert_true (g_strv_contains ((const char *const *) words, "rengoringen"));
  g_assert_true (g_strv_contains ((const char *const *) words, "eldrecentret"));
  for (guint i = 0; words[i]; i++)
    for (guint j = i + 1; words[j]; j++)
      g_assert_cmpstr (words[i], !=, words[j]);
  g_assert_cmpstr (nothing, ==, "");
}

static void
test_query_words (void)
{
  g_autoptr (GString) many = g_string_new (NULL);
  g_auto (GStrv) bounded = NULL;

  core_assert_list (bst_search_query_words ("Ny PC, ny pc til Åse"), "ny pc ase");
  /* A sentence keeps the words that tell; alone, every word counts. */
  core_assert_list (bst_search_query_words ("Jeg skal bruge en nøgle til lokalet"),
                    "nogle lokalet");
  core_assert_list (bst_search_query_words ("til"), "til");
  for (int i = 0; i < 100; i++)
    g_string_append_printf (many, "ord%d ", i);
  bounded = bst_search_query_words (many->str);
  g_assert_cmpuint (g_strv_length (bounded), ==, 16);
}

/* The textbook's whole matrix, without the short cuts. */
static guint
plain_distance (const char *a, const char *b)
{
  gsize len_a = strlen (a);
  gsize len_b = strlen (b);
  guint matrix[20][20];

  for (gsize i = 0; i <= len_a; i++)
    for (gsize j = 0; j <= len_b; j++)
      {
        guint cost = i && j && a[i - 1] == b[j - 1] ? 0 : 1;

        if (i == 0 || j == 0)
          matrix[i][j] = (guint) (i + j);
        else
          matrix[i][j] =
              MIN (MIN (matrix[i - 1][j] + 1, matrix[i][j - 1] + 1), matrix[i - 1][j - 1] + cost);
        if (i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1])
          matrix[i][j] = MIN (matrix[i][j], matrix[i - 2][j - 2] + 1);
      }
  return matrix[len_a][len_b];
}

static void
random_word (char *word)
{
  int length = g_test_rand_int_range (0, 12);

  for (int i = 0; i < length; i++)
    word[i] = (char) ('a' + g_test_rand_int_range (0, 4));
  word[length] = '\0';
}

static void
test_distance (void)
{
  g_assert_cmpuint (bst_search_distance ("bestilling", "bestiling", 2), ==, 1);
  g_assert_cmpuint (bst_search_distance ("bestilling", "bestlliing", 2), ==, 2);
  g_assert_cmpuint (bst_search_distance ("nøgle", "nøgel", 1), ==, 1);
  for (int i = 0; i < 20000; i++)
    {
      guint limit = (guint) g_test_rand_int_range (0, 4);
      char a[16];
      char b[16];

      random_word (a);
      random_word (b);
      g_assert_cmpuint (bst_search_distance (a, b, limit), ==,
                        MIN (plain_distance (a, b), limit + 1));
    }
}

static void
test_distance_of_monsters (void)
{
  g_autofree char *monster = g_strnfill (5000, 'x');

  g_assert_cmpuint (bst_search_distance (monster, monster, 2), ==, 3);
}

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/search-text/words", test_words);
  g_test_add_func ("/search-text/fold", test_fold);
  g_test_add_func ("/search-text/one-key", test_one_key);
  g_test_add_func ("/search-text/stem", test_stem);
  g_test_add_func ("/search-text/terms", test_terms);
  g_test_add_func ("/search-text/query-words", test_query_words);
  g_test_add_func ("/search-text/distance", test_distance);
  g_test_add_func ("/search-text/distance-of-monsters", test_distance_of_monsters);
  return g_test_run ();
}
