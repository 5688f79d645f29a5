/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Months, results, whose turn it was, and what explains a change. */

#include "bst-change.h"
#include "bst-clock.h"
#include "bst-level.h"
#include "bst-month.h"
#include "core-fixture.h"

#define HOUR 3600

static gint64
at (const char *text)
{
  gint64 seconds = 0;

  g_assert_true (bst_instant_parse (text, &seconds));
  return seconds;
}

static void
test_month (void)
{
  g_autofree char *last = bst_month_add ("2026-01", -1);
  g_autofree char *later = bst_month_add ("2025-12", 13);

  g_assert_cmpstr (last, ==, "2025-12");
  g_assert_cmpstr (later, ==, "2027-01");
  g_assert_null (bst_month_add ("0001-01", -1));
  g_assert_null (bst_month_add ("9999-12", 1));
  g_assert_false (bst_month_parse ("2026-13", NULL, NULL));
  g_assert_false (bst_month_parse ("2026-1", NULL, NULL));
  g_assert_false (bst_month_parse ("2026-03-01", NULL, NULL));
  g_assert_false (bst_month_parse (NULL, NULL, NULL));
}

/* March has an hour less in Copenhagen, and begins there an hour before it does in London. */
static void
test_month_bounds (void)
{
  g_autoptr (GTimeZone) zone = g_time_zone_new_identifier ("Europe/Copenhagen");
  g_autofree char *before = bst_month_of_instant (at ("2026-02-28T22:59:59Z"), zone);
  g_autofree char *after = bst_month_of_instant (at ("2026-02-28T23:00:00Z"), zone);
  gint64 from = 0, to = 0;

  g_assert_true (bst_month_bounds ("2026-03", zone, &from, &to));
  g_assert_cmpint (from, ==, at ("2026-02-28T23:00:00Z"));
  g_assert_cmpint (to, ==, at ("2026-03-31T22:00:00Z"));
  g_assert_cmpstr (before, ==, "2026-02");
  g_assert_cmpstr (after, ==, "2026-03");
  g_assert_false (bst_month_bounds ("2026-00", zone, &from, &to));
}

static void
test_level (void)
{
  g_autoptr (GVariant) march = core_doc (
      "{'cases': 10, 'met': 7, 'breached': 2, 'delivered': 8, 'firstTime': 6, 'ratings': 5,"
      " 'ratingSum': 21, 'medianSeconds': 3600, 'p90Seconds': 7200}");
  g_autoptr (GVariant) april =
      core_doc ("{'cases': 2, 'met': 1, 'breached': 0, 'delivered': 0, 'medianSeconds': 1800}");
  BstLevel sum = BST_LEVEL_NONE;
  BstLevel one, other;

  bst_level_read (march, &one);
  bst_level_read (april, &other);
  g_assert_cmpfloat_with_epsilon (bst_level_on_time (&one), 700.0 / 9, 1e-9);
  g_assert_cmpfloat_with_epsilon (bst_level_first_time (&one), 75, 1e-9);
  g_assert_cmpfloat_with_epsilon (bst_level_satisfaction (&one), 4.2, 1e-9);
  g_assert_cmpfloat (bst_level_first_time (&other), ==, -1);
  g_assert_cmpfloat (bst_level_satisfaction (&other), ==, -1);
  bst_level_add (&sum, &one);
  bst_level_add (&sum, &other);
  g_assert_cmpint (sum.cases, ==, 12);
  g_assert_cmpint (sum.median_low, ==, 1800);
  g_assert_cmpint (sum.median_high, ==, 3600);
  g_assert_cmpint (sum.p90_low, ==, 7200);
  g_assert_cmpint (sum.hidden, ==, 1);
  g_assert_false (bst_level_equal (&one, &other));
  g_assert_true (bst_level_equal (&one, &one));
}

static GArray *
turns_of (const BstSlaStep *steps, gsize n, const char *now)
{
  g_autofree char *json = core_data ("data/calendars/dk-office.json");
  g_autoptr (GVariant) file = core_doc (json);
  g_autoptr (GVariant) records = bst_doc_get_list (file, "records");
  g_autoptr (GVariant) boxed = g_variant_get_child_value (records, 0);
  g_autoptr (GVariant) doc = g_variant_get_variant (boxed);
  g_autoptr (BstCalendar) calendar = bst_calendar_new (doc, NULL);
  g_autoptr (GArray) stretches = bst_sla_explain (steps, n, calendar, at (now));

  return bst_turns (stretches, calendar);
}

/* Monday 2 March to Thursday: work, a night, a wait for the supplier, work, delivered, disputed. */
static const char *const story[] = { "2026-03-02T08:00:00Z", "2026-03-03T09:00:00Z",
                                     "2026-03-04T09:00:00Z", "2026-03-04T13:00:00Z",
                                     "2026-03-05T08:00:00Z" };

static void
test_turns (void)
{
  const BstSlaStep steps[] = {
    { at (story[0]), 1, BST_CLOCK_RUNS, FALSE, NULL, NULL },
    { at (story[1]), 2, BST_CLOCK_PAUSES, FALSE, "supplier", "Sold out" },
    { at (story[2]), 3, BST_CLOCK_RUNS, FALSE, NULL, NULL },
    { at (story[3]), 4, BST_CLOCK_STOPS, TRUE, NULL, NULL },
    { at (story[4]), 5, BST_CLOCK_RUNS, FALSE, NULL, NULL },
  };
  g_autoptr (GArray) turns = turns_of (steps, 5, "2026-03-05T10:00:00Z");
  const BstTurn *all = (const BstTurn *) (gpointer) turns->data;

  g_assert_cmpint (turns->len, ==, 5);
  for (guint i = 0; i < 4; i++)
    {
      g_assert_cmpint (all[i].from, ==, at (story[i]));
      g_assert_cmpint (all[i].to, ==, at (story[i + 1]));
    }
  g_assert_cmpint (all[0].kind, ==, BST_STRETCH_RUNNING);
  g_assert_cmpint (all[0].seconds, ==, 9 * HOUR); /* Monday 9–16, Tuesday 8–10 */
  g_assert_cmpint (all[1].kind, ==, BST_STRETCH_PAUSED);
  g_assert_cmpstr (all[1].reason, ==, "Sold out");
  g_assert_cmpint (all[1].seconds, ==, 8 * HOUR);
  g_assert_cmpint (all[3].kind, ==, BST_STRETCH_DELIVERED);
  g_assert_cmpint (bst_turns_seconds (turns, BST_STRETCH_PAUSED, "supplier"), ==, 8 * HOUR);
  g_assert_cmpint (bst_turns_seconds (turns, BST_STRETCH_PAUSED, "orderer"), ==, 0);
  g_assert_cmpint (bst_cause_of (turns), ==, BST_CAUSE_SUPPLIER);
}

static void
test_cause (void)
{
  const BstSlaStep steps[] = {
    { at (story[0]), 1, BST_CLOCK_RUNS, FALSE, NULL, NULL },
    { at (story[1]), 2, BST_CLOCK_PAUSES, FALSE, "orderer", NULL },
    { at (story[2]), 3, BST_CLOCK_RUNS, FALSE, NULL, NULL },
  };
  g_autoptr (GArray) waited = turns_of (steps, 3, "2026-03-05T10:00:00Z");
  g_autoptr (GArray) alone = turns_of (steps, 1, "2026-03-05T10:00:00Z");
  g_autoptr (GArray) nothing = turns_of (steps, 0, "2026-03-05T10:00:00Z");

  g_assert_cmpint (bst_cause_of (waited), ==, BST_CAUSE_ORDERER);
  g_assert_cmpint (bst_cause_of (alone), ==, BST_CAUSE_PERFORMER);
  g_assert_cmpint (bst_cause_of (nothing), ==, BST_CAUSE_PERFORMER);
}

static void
test_change (void)
{
  const BstChangeCase before[] = { { "pc", BST_CAUSE_PERFORMER } };
  const BstChangeCase after[] = {
    { "pc", BST_CAUSE_PERFORMER },
    { "phone", BST_CAUSE_SUPPLIER },
    { "pc", BST_CAUSE_SUPPLIER },
    { "phone", BST_CAUSE_ORDERER },
  };
  BstChange change;

  bst_change_explain (before, 1, after, 4, &change);
  g_assert_cmpint (change.more, ==, 3);
  g_assert_cmpint (change.cause, ==, BST_CAUSE_SUPPLIER);
  g_assert_cmpint (change.of_cause, ==, 2);
  g_assert_cmpstr (change.service, ==, "phone");
  g_assert_cmpint (change.of_service, ==, 2);

  bst_change_explain (after, 4, before, 1, &change);
  g_assert_cmpint (change.more, ==, -3);
  g_assert_cmpint (change.cause, ==, BST_CAUSE_SUPPLIER);
  g_assert_cmpint (change.of_cause, ==, 2);

  bst_change_explain (after, 4, after, 4, &change);
  g_assert_cmpint (change.more, ==, 0);
  g_assert_cmpint (change.of_cause, ==, 0);
  g_assert_null (change.service);
  bst_change_explain (NULL, 0, NULL, 0, &change);
  g_assert_cmpint (change.more, ==, 0);
}

/* One more in all, though two more waited: no more of them can be explained than there are. */
static void
test_change_is_bounded (void)
{
  const BstChangeCase before[] = { { "a", BST_CAUSE_PERFORMER } };
  const BstChangeCase after[] = { { "b", BST_CAUSE_ORDERER }, { "b", BST_CAUSE_ORDERER } };
  BstChange change;

  bst_change_explain (before, 1, after, 2, &change);
  g_assert_cmpint (change.more, ==, 1);
  g_assert_cmpint (change.of_cause, ==, 1);
  g_assert_cmpint (change.of_service, ==, 1);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/level/month", test_month);
  g_test_add_func ("/level/month-bounds", test_month_bounds);
  g_test_add_func ("/level/results", test_level);
  g_test_add_func ("/level/turns", test_turns);
  g_test_add_func ("/level/cause", test_cause);
  g_test_add_func ("/level/change", test_change);
  g_test_add_func ("/level/change-is-bounded", test_change_is_bounded);
  return g_test_run ();
}
