/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Which cases a figure counts: what is written of them comes back, and what differs is named. */

#include "bst-tally.h"

#include "bst-doc.h"
#include "bst-record-type.h"

#include <string.h>

#define DAY 86400

/* Delivered on time, in March. */
static const BstCase plain = {
  .request = "r1",
  .line = "l1",
  .unit = "north",
  .service = "laptop",
  .channel = "phone",
  .started = 1772442000,
  .stopped = 1772442000 + 2 * DAY,
  .due = 1772442000 + 3 * DAY,
  .responded = 1772442000 + 60,
  .response_due = 1772442000 + 3600,
  .elapsed = 57600,
  .verdict = BST_SLA_MET,
  .response_verdict = BST_SLA_MET,
  .first_time = TRUE,
  .stars = 2,
  .month = "2026-03",
  .wakes = BST_CALENDAR_NEVER,
};

static BstCase
with (const char *request, const char *unit, const char *service, const char *month)
{
  BstCase one = plain;

  one.request = request;
  one.unit = unit;
  one.service = service;
  g_strlcpy (one.month, month, sizeof one.month);
  return one;
}

static GPtrArray *
write_all (const BstCase *cases, guint n)
{
  g_autoptr (BstTallies) tallies = bst_tallies_new ();

  for (guint i = 0; i < n; i++)
    bst_tallies_add (tallies, &cases[i]);
  return bst_tallies_documents (tallies);
}

static void
test_documents (void)
{
  const BstCase cases[] = {
    with ("r2", "north", "laptop", "2026-03"), with ("r1", "north", "laptop", "2026-03"),
    with ("r3", "north", "laptop", "2026-04"), with ("r4", "north", "phone", "2026-03"),
    with ("r5", "south", "laptop", "2026-03"), with ("r6", "south", "laptop", ""),
  };
  BstCase turned[G_N_ELEMENTS (cases)];
  g_autoptr (GPtrArray) documents = write_all (cases, G_N_ELEMENTS (cases));
  g_autoptr (GPtrArray) again = NULL;
  g_autoptr (GArray) first = NULL;

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    turned[i] = cases[G_N_ELEMENTS (cases) - 1 - i];
  again = write_all (turned, G_N_ELEMENTS (turned));
  g_assert_cmpuint (documents->len, ==, 4);
  for (guint i = 0; i < documents->len; i++)
    {
      g_autoptr (GPtrArray) problems = bst_record_type_validate (bst_record_type_find ("Tally"),
                                                                 documents->pdata[i], NULL, TRUE);

      g_assert_cmpuint (problems->len, ==, 0);
      g_assert_true (g_variant_equal (documents->pdata[i], again->pdata[i]));
    }
  g_assert_cmpstr (bst_doc_get_string (documents->pdata[0], "id"), ==,
                   "tally-north-laptop-2026-03");
  first = bst_tally_read (documents->pdata[0]);
  g_assert_cmpuint (first->len, ==, 2);
  g_assert_cmpstr (g_array_index (first, BstCase, 0).request, ==, "r1");
  g_assert_cmpstr (g_array_index (first, BstCase, 1).request, ==, "r2");
}

/* All that is told comes back, and ratings are not told. */
static void
test_round (void)
{
  BstCase unpromised = plain;
  BstCase running = plain;
  const BstCase *cases[] = { &plain, &unpromised, &running };

  unpromised.due = unpromised.response_due = BST_CALENDAR_NEVER;
  running.stopped = 0;
  running.verdict = BST_SLA_BREACHED;
  running.response_verdict = BST_SLA_RUNNING;
  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autoptr (GPtrArray) documents = write_all (cases[i], 1);
      g_autoptr (GArray) read = bst_tally_read (documents->pdata[0]);
      const BstCase *back = &g_array_index (read, BstCase, 0);

      g_assert_cmpuint (read->len, ==, 1);
      g_assert_cmpint (bst_tally_compare (back, cases[i]), ==, BST_TALLY_SAME);
      g_assert_cmpint (back->due, ==, cases[i]->due);
      g_assert_cmpint (back->stopped, ==, cases[i]->stopped);
      g_assert_cmpint (back->stars, ==, 0);
    }
}

static void
test_compare (void)
{
  const BstCase nowhere = with ("r1", "north", "laptop", "");
  BstCase other[10];
  static const int expected[] = {
    BST_TALLY_MONTH,   BST_TALLY_SERVICE,    BST_TALLY_UNIT,    BST_TALLY_VERDICT,
    BST_TALLY_DUE,     BST_TALLY_STOPPED,    BST_TALLY_ELAPSED, BST_TALLY_RESPONSE,
    BST_TALLY_CHANNEL, BST_TALLY_FIRST_TIME,
  };

  for (guint i = 0; i < G_N_ELEMENTS (other); i++)
    other[i] = plain;
  g_strlcpy (other[0].month, "2026-04", sizeof other[0].month);
  other[1].service = "phone";
  other[2].unit = "south";
  other[3].verdict = BST_SLA_BREACHED;
  other[4].due += 1;
  other[5].stopped += 1;
  other[6].elapsed += 1;
  other[7].response_verdict = BST_SLA_BREACHED;
  other[8].channel = "app";
  other[9].first_time = FALSE;
  for (guint i = 0; i < G_N_ELEMENTS (other); i++)
    {
      g_assert_cmpint (bst_tally_compare (&plain, &other[i]), ==, expected[i]);
      g_assert_cmpint (bst_tally_compare (&other[i], &plain), ==, expected[i]);
    }
  g_assert_cmpint (bst_tally_compare (&plain, NULL), ==, BST_TALLY_NOT_OURS);
  g_assert_cmpint (bst_tally_compare (&plain, &nowhere), ==, BST_TALLY_NOT_OURS);
  g_assert_cmpint (bst_tally_compare (NULL, &plain), ==, BST_TALLY_NOT_THEIRS);
  g_assert_cmpint (bst_tally_compare (NULL, &nowhere), ==, BST_TALLY_SAME);
  other[0] = plain;
  other[0].stars = 5;
  g_assert_cmpint (bst_tally_compare (&plain, &other[0]), ==, BST_TALLY_SAME);
}

/* What another wrote need not be what we would have written. */
static void
test_foreign (void)
{
  g_autoptr (GVariant) none = bst_doc_new ();
  g_autoptr (GVariant) half = bst_doc_set_string (none, "unit", "north");
  g_autoptr (GArray) nothing = bst_tally_read (none);
  g_autoptr (GArray) little = bst_tally_read (half);

  g_assert_cmpuint (nothing->len, ==, 0);
  g_assert_cmpuint (little->len, ==, 0);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/tally/documents", test_documents);
  g_test_add_func ("/tally/round", test_round);
  g_test_add_func ("/tally/compare", test_compare);
  g_test_add_func ("/tally/foreign", test_foreign);
  return g_test_run ();
}
