/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "core-fixture.h"

#include "bst-text.h"

#include <string.h>

static void
test_pick (void)
{
  static const struct
  {
    const char *texts;
    const char *language;
    const char *expected;
  } cases[] = {
    { "{'da': 'D', 'nb': 'B', 'nn': 'N', 'en': 'E'}", "da", "D" },
    { "{'da': 'D', 'nb': 'B', 'nn': 'N', 'en': 'E'}", "nn", "N" },
    { "{'da': 'D', 'nn': 'N', 'en': 'E'}", "nb", "N" },
    { "{'da': 'D', 'nb': 'B', 'en': 'E'}", "nn", "B" },
    { "{'nb': 'B', 'en': 'E'}", "da", "B" },
    { "{'da': 'D', 'en': 'E'}", "nb", "D" },
    { "{'da': 'D', 'en': 'E'}", "nb_NO.UTF-8", "D" },
    { "{'da': 'D', 'nb': 'B'}", "no", "B" },
    { "{'fr': 'F', 'en': 'E'}", "da", "E" },
    { "{'da': '', 'en': 'E'}", "da", "E" },
    { "{'da': null, 'en': 'E'}", "da", "E" },
    { "{'fr': 'F'}", "da", "F" },
    { "{'nn': 'N', 'da': 'D'}", "de", "D" },
    { "{}", "da", NULL },
    { "'plain'", "da", "plain" },
    { "5", "da", NULL },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autoptr (GVariant) texts = core_doc (cases[i].texts);
      g_autoptr (GVariant) doc = bst_doc_set (NULL, "name", texts);

      g_assert_cmpstr (bst_text_pick (doc, "name", cases[i].language), ==, cases[i].expected);
      g_assert_cmpstr (bst_text_pick (texts, NULL, cases[i].language), ==, cases[i].expected);
    }
  g_assert_null (bst_text_pick (NULL, NULL, "da"));
}

/* Each list is in the order in which it shall be sorted. */
static void
assert_order (const char *language, const char *const *words)
{
  for (gsize i = 0; words[i + 1]; i++)
    {
      g_autofree char *one = bst_text_collation_key (words[i], language);
      g_autofree char *two = bst_text_collation_key (words[i + 1], language);

      if (strcmp (one, two) >= 0)
        g_error ("%s: “%s” must come before “%s”", language, words[i], words[i + 1]);
    }
}

static void
test_collation (void)
{
  static const char *const scandinavian[] = { "Abel",     "Allé",       "Bredgade", "bus",
                                              "Müller",   "Skole",      "Skole 2",  "Skole 9",
                                              "Skole 10", "Skole 10 a", "Skoler",   "Zoologisk",
                                              "Ærø",      "Ørsted",     "Aabenraa", "Aalborg",
                                              "Århus",    NULL };
  static const char *const english[] = { "Aarhus", "Abel",    "Ærø", "Århus",
                                         "Orsted", "Ørsteds", "Zoo", NULL };

  assert_order ("da", scandinavian);
  assert_order ("nb", scandinavian);
  assert_order ("nn", scandinavian);
  assert_order ("en", english);
}

/* The same letters in other ways: next to each other, never equal. */
static void
test_ties (void)
{
  static const char *const ties[] = { "Aalborg", "Ålborg", "Ålborh", NULL };
  g_autofree char *lower = bst_text_collation_key ("skole", "da");
  g_autofree char *upper = bst_text_collation_key ("Skole", "da");
  g_autofree char *composed = bst_text_collation_key ("\u00c5rhus", "da");
  g_autofree char *decomposed = bst_text_collation_key ("A\u030arhus", "da");

  assert_order ("da", ties);
  g_assert_cmpstr (lower, !=, upper);
  g_assert_cmpstr (composed, ==, decomposed);
}

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/text/pick", test_pick);
  g_test_add_func ("/text/collation", test_collation);
  g_test_add_func ("/text/ties", test_ties);
  return g_test_run ();
}
