/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "core-fixture.h"

#include "bst-search-text.h"
#include "bst-vocabulary.h"

#include <string.h>

static const char danish[] =
    "Bærbar computer, standard. Rengøring af lokaler. Ældrecenter Solsiden. Plejecentre i Århus. "
    "Ny medarbejder: adgang, nøgle, "
    "adgangskort. Lønseddel og lønsamtale. Bestilling af kontorstole. Børnehaver. "
    "Telefonabonnement, mobiltelefon. Skærm 27 tommer. "
    "Varebil. Kørsel med patienter. Fratrædelse. Ansættelseskontrakt. Printer. IT-101";

static const char norwegian[] =
    "Bærbar datamaskin. Renhold. Eldresenter. Tilgang til journalsystem. Nøkkelkort. Lønnsslipp. "
    "Bestilling av kontorstoler. Barnehager. "
    "Mobiltelefon. Skjerm. Arbeidsavtale. Ny ansatt. Sykehjem. Brøyting og strøing. "
    "Vaktmestertjenester";

static BstVocabulary *
make (const char *text, const char *language)
{
  BstVocabulary *vocabulary = bst_vocabulary_new ();
  g_autofree char *terms = bst_search_terms (text, language);

  bst_vocabulary_add (vocabulary, terms);
  bst_vocabulary_build (vocabulary);
  return vocabulary;
}

/* The term that @word must lead to, and at what penalty (-1: not at all). */
typedef struct
{
  const char *word;
  gboolean is_last;
  const char *finds;
  int penalty;
} Case;

static void
check (BstVocabulary *vocabulary, const char *language, const Case *expected)
{
  g_autoptr (GArray) found =
      bst_vocabulary_expand (vocabulary, expected->word, language, expected->is_last, 50);
  g_autofree char *term = bst_search_loose (expected->finds);
  int penalty = -1;

  for (guint i = 0; i < found->len; i++)
    if (strcmp (g_array_index (found, BstExpansion, i).term, term) == 0)
      penalty = (int) g_array_index (found, BstExpansion, i).penalty;
  if (penalty != expected->penalty)
    g_error ("“%s” finds “%s” at %d, not %d", expected->word, expected->finds, penalty,
             expected->penalty);
}

static void
test_danish (void)
{
  static const Case cases[] = {
    { "rengøring", FALSE, "rengøring", BST_PENALTY_EXACT },
    { "rengoring", FALSE, "rengøring", BST_PENALTY_EXACT },
    { "rengoering", FALSE, "rengøring", BST_PENALTY_EXACT },
    { "Rengøringen", FALSE, "rengøring", BST_PENALTY_STEM },
    { "rengøringer", FALSE, "rengøring", BST_PENALTY_STEM },
    { "aarhus", FALSE, "århus", BST_PENALTY_EXACT },
    { "arhus", FALSE, "århus", BST_PENALTY_EXACT },
    { "center", FALSE, "ældrecenter", BST_PENALTY_COMPOUND },
    { "ældre", FALSE, "ældrecenter", BST_PENALTY_COMPOUND },
    { "aeldre", FALSE, "ældrecenter", BST_PENALTY_COMPOUND },
    { "eldre", FALSE, "ældrecenter", BST_PENALTY_COMPOUND },
    { "telefon", FALSE, "mobiltelefon", BST_PENALTY_COMPOUND },
    { "telefon", FALSE, "telefonabonnement", BST_PENALTY_COMPOUND },
    { "telefoner", FALSE, "mobiltelefon", BST_PENALTY_COMPOUND },
    { "bil", FALSE, "varebil", BST_PENALTY_COMPOUND },
    { "kort", FALSE, "adgangskort", BST_PENALTY_COMPOUND },
    { "stole", FALSE, "kontorstole", BST_PENALTY_COMPOUND },
    { "kontrakt", FALSE, "ansættelseskontrakt", BST_PENALTY_COMPOUND },
    { "løn", FALSE, "lønseddel", -1 },
    { "løn", TRUE, "lønseddel", BST_PENALTY_PREFIX },
    { "lons", TRUE, "lønseddel", BST_PENALTY_PREFIX },
    { "medarbejdere", FALSE, "medarbejd", BST_PENALTY_STEM },
    { "computter", FALSE, "comput", BST_PENALTY_STEM },
    { "comptuer", FALSE, "computer", BST_PENALTY_TYPO },
    { "bestling", FALSE, "bestilling", BST_PENALTY_TYPO + 2 },
    { "bestiling", FALSE, "bestilling", BST_PENALTY_TYPO },
    { "nøgel", FALSE, "nøgle", BST_PENALTY_TYPO },
    { "printor", TRUE, "printer", BST_PENALTY_TYPO },
    { "pritner", TRUE, "printer", BST_PENALTY_TYPO },
    { "nye", FALSE, "nøgle", -1 }, /* too short to be misspelt */
    { "101", FALSE, "101", BST_PENALTY_EXACT },
    { "elefant", FALSE, "mobiltelefon", -1 },
  };
  g_autoptr (BstVocabulary) vocabulary = make (danish, "da");

  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    check (vocabulary, "da", &cases[i]);
}

static void
test_norwegian (void)
{
  static const Case cases[] = {
    { "datamaskiner", FALSE, "datamaskin", BST_PENALTY_STEM },
    { "baerbar", FALSE, "bærbar", BST_PENALTY_EXACT },
    { "senter", FALSE, "eldresenter", BST_PENALTY_COMPOUND },
    { "ældre", FALSE, "eldresenter", BST_PENALTY_COMPOUND },
    { "kort", FALSE, "nøkkelkort", BST_PENALTY_COMPOUND },
    { "nokkel", FALSE, "nøkkelkort", BST_PENALTY_COMPOUND },
    { "tilganger", FALSE, "tilgang", BST_PENALTY_STEM },
    { "broyting", FALSE, "brøyting", BST_PENALTY_EXACT },
    { "brøytning", FALSE, "brøyting", BST_PENALTY_TYPO },
    { "hjem", FALSE, "sykehjem", BST_PENALTY_COMPOUND },
    { "vaktmester", FALSE, "vaktmestertjenester", BST_PENALTY_COMPOUND },
    { "tjenester", FALSE, "vaktmestertjenester", BST_PENALTY_COMPOUND },
    { "skj", TRUE, "skjerm", BST_PENALTY_PREFIX },
    { "lønsslipp", FALSE, "lønnsslipp", BST_PENALTY_TYPO },
  };
  g_autoptr (BstVocabulary) vocabulary = make (norwegian, "nb");

  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    check (vocabulary, "nb", &cases[i]);
}

static void
test_order (void)
{
  g_autoptr (BstVocabulary) vocabulary =
      make ("adgang adgange adgangen adgangskort postadgang adgangsvej adgangskontrol", "da");
  g_autoptr (GArray) found = bst_vocabulary_expand (vocabulary, "adgang", "da", TRUE, 3);
  g_autoptr (GArray) all = bst_vocabulary_expand (vocabulary, "adgang", "da", TRUE, 100);

  g_assert_cmpuint (found->len, ==, 3);
  g_assert_cmpstr (g_array_index (found, BstExpansion, 0).term, ==, "adgang");
  g_assert_cmpstr (g_array_index (found, BstExpansion, 1).term, ==, "adgange");
  for (guint i = 1; i < all->len; i++)
    {
      g_assert_cmpuint (g_array_index (all, BstExpansion, i - 1).penalty, <=,
                        g_array_index (all, BstExpansion, i).penalty);
      g_assert_cmpstr (g_array_index (all, BstExpansion, i - 1).term, !=,
                       g_array_index (all, BstExpansion, i).term);
    }
}

static void
test_empty (void)
{
  g_autoptr (BstVocabulary) vocabulary = bst_vocabulary_new ();
  g_autoptr (GArray) unbuilt = bst_vocabulary_expand (vocabulary, "adgang", "da", TRUE, 10);
  g_autoptr (GArray) nothing = NULL;

  bst_vocabulary_build (vocabulary);
  nothing = bst_vocabulary_expand (vocabulary, "", "da", TRUE, 10);
  g_assert_cmpuint (unbuilt->len, ==, 0);
  g_assert_cmpuint (nothing->len, ==, 0);
}

static void
test_doubles (void)
{
  g_autoptr (BstVocabulary) vocabulary = bst_vocabulary_new ();

  bst_vocabulary_add (vocabulary, "a b  a ");
  bst_vocabulary_add (vocabulary, "b c");
  bst_vocabulary_build (vocabulary);
  g_assert_cmpuint (bst_vocabulary_size (vocabulary), ==, 3);
}

/* Against looking at every term, on made-up words with few letters, so that all kinds of neighbours occur. */
static void
test_against_scan (void)
{
  g_autoptr (BstVocabulary) vocabulary = bst_vocabulary_new ();
  g_autoptr (GPtrArray) words = g_ptr_array_new_with_free_func (g_free);
  g_autoptr (GHashTable) seen = g_hash_table_new (g_str_hash, g_str_equal);

  for (int i = 0; i < 3000; i++)
    {
      char *word = g_strnfill ((gsize) g_test_rand_int_range (2, 10), 'x');

      for (char *p = word; *p; p++)
        *p = "bdklt"[g_test_rand_int_range (0, 5)];
      g_ptr_array_add (words, word);
      g_hash_table_add (seen, word);
      bst_vocabulary_add (vocabulary, word);
    }
  bst_vocabulary_build (vocabulary);
  g_assert_cmpuint (bst_vocabulary_size (vocabulary), ==, g_hash_table_size (seen));
  for (int i = 0; i < 300; i++)
    {
      const char *word = words->pdata[g_test_rand_int_range (0, (int) words->len)];
      g_autoptr (GArray) found = bst_vocabulary_expand (vocabulary, word, "en", TRUE, 100000);
      GHashTableIter iter;
      gpointer term;
      guint expected = 0;

      g_hash_table_iter_init (&iter, seen);
      while (g_hash_table_iter_next (&iter, &term, NULL))
        expected +=
            g_str_has_prefix (term, word) || (strlen (word) >= 3 && g_str_has_suffix (term, word));
      g_assert_cmpuint (found->len, ==, expected);
    }
}

/* Fifty thousand terms, and words that make it look hardest: those that are not there. */
static void
test_speed (void)
{
  static const char *const syllables[] = {
    "be", "stil", "ling", "kon", "tor",  "sko", "le",  "ren",
    "go", "ring", "med",  "ar",  "bejd", "er",  "syg", "hus"
  };
  g_autoptr (BstVocabulary) vocabulary = bst_vocabulary_new ();
  const int rounds = 200;
  gint64 began;
  gint64 each;

  for (int i = 0; i < 60000; i++)
    {
      g_autoptr (GString) word = g_string_new (NULL);

      for (int rest = i * 7 + 11; rest > 0; rest /= 16)
        g_string_append (word, syllables[rest % 16]);
      bst_vocabulary_add (vocabulary, word->str);
    }
  bst_vocabulary_build (vocabulary);
  g_assert_cmpuint (bst_vocabulary_size (vocabulary), >, 50000);
  began = g_get_monotonic_time ();
  for (int i = 0; i < rounds; i++)
    {
      g_autoptr (GArray) found =
          bst_vocabulary_expand (vocabulary, i % 2 ? "skolegorimgbe" : "kontro", "da", FALSE, 50);

      g_assert_cmpuint (found->len, <=, 50);
    }
  each = (g_get_monotonic_time () - began) / rounds;
  g_test_message ("%" G_GINT64_FORMAT " µs a word", each);
  /* a millisecond is the promise; the tenfold is for slow and instrumented machines */
  g_assert_cmpint (each, <, 10000);
}

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/vocabulary/danish", test_danish);
  g_test_add_func ("/vocabulary/norwegian", test_norwegian);
  g_test_add_func ("/vocabulary/order", test_order);
  g_test_add_func ("/vocabulary/empty", test_empty);
  g_test_add_func ("/vocabulary/doubles", test_doubles);
  g_test_add_func ("/vocabulary/against-scan", test_against_scan);
  g_test_add_func ("/vocabulary/speed", test_speed);
  return g_test_run ();
}
