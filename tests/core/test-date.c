/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "core-fixture.h"

#include "bst-date.h"

static void
test_parse (void)
{
  static const char *const wrong[] = { "",           "2026-3-12", "2026-02-29",  "2026-13-01",
                                       "2026-00-10", "20260312",  "2026-03-12T", "+026-03-12",
                                       " 026-03-12", "0000-01-01" };
  GDate date;

  g_assert_true (bst_date_parse ("2024-02-29", &date));
  g_assert_cmpint (g_date_get_day (&date), ==, 29);
  g_assert_false (bst_date_parse (NULL, NULL));
  for (gsize i = 0; i < G_N_ELEMENTS (wrong); i++)
    g_assert_false (bst_date_parse (wrong[i], &date));
  g_assert_cmpint (g_date_get_day (&date), ==, 29);
}

static void
test_add_days (void)
{
  g_autofree char *leap = bst_date_add_days ("2024-02-28", 1);
  g_autofree char *year = bst_date_add_days ("2026-01-01", -1);

  g_assert_cmpstr (leap, ==, "2024-02-29");
  g_assert_cmpstr (year, ==, "2025-12-31");
  g_assert_null (bst_date_add_days ("9999-12-31", 1));
  g_assert_null (bst_date_add_days ("nonsense", 1));
}

static void
test_of_instant (void)
{
  g_autoptr (GTimeZone) zone = g_time_zone_new_identifier ("Europe/Copenhagen");
  /* 2026-03-12T23:30:00Z is half past midnight there */
  g_autofree char *date = bst_date_of_instant (1773358200, zone);

  g_assert_cmpstr (date, ==, "2026-03-13");
}

static void
test_read (void)
{
  static const struct
  {
    const char *text;
    const char *expected;
  } cases[] = {
    { "24.3.2026", "2026-03-24" },
    { "24/3-26", "2026-03-24" },
    { "24-03-2026", "2026-03-24" },
    { "2026-03-24", "2026-03-24" },
    { "24.03.26", "2026-03-24" },
    { " 24/3 2026 ", "2026-03-24" },
    { "2026-3-4", "2026-03-04" },
    { "240326", "2026-03-24" },
    { "24032026", "2026-03-24" },
    { "i dag", "2026-03-12" },
    { "I morgen", "2026-03-13" },
    { "i morgon", "2026-03-13" },
    { "imorgen", "2026-03-13" },
    { "tomorrow", "2026-03-13" },
    { "i overmorgen", "2026-03-14" },
    { "24.3", "2026-03-24" },
    { "24.3.", "2026-03-24" },
    { "1.1", "2026-01-01" },
    { "1/12", "2026-12-01" },
    { "11.9", "2026-09-11" },
    { "24. marts", "2026-03-24" },
    { "24. mars 2026", "2026-03-24" },
    { "1 des", "2026-12-01" },
    { "1. dec. 2026", "2026-12-01" },
    { "29.2", "2028-02-29" },
    { "5 May 2027", "2027-05-05" },
    { "", NULL },
    { "31.2.2026", NULL },
    { "31.2", NULL },
    { "3/24/2026", NULL },
    { "24.3.202", NULL },
    { "24.3.2026.1", NULL },
    { "abc", NULL },
    { "24 ma", NULL },
    { "-1.3.2026", "2026-03-01" },
    { "0.3.2026", NULL },
    { "99999999999", NULL },
    { "24.3.2026 kl. 12", NULL },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autofree char *date = bst_date_read (cases[i].text, "2026-03-12");

      if (g_strcmp0 (date, cases[i].expected) != 0)
        g_error ("“%s” was read as %s, not %s", cases[i].text, date, cases[i].expected);
    }
}

/* Without a year: the next such day, unless it was less than half a year ago. */
static void
test_read_near_new_year (void)
{
  g_autofree char *january = bst_date_read ("5.1", "2026-12-20");
  g_autofree char *november = bst_date_read ("5.11", "2026-12-20");

  g_assert_cmpstr (january, ==, "2027-01-05");
  g_assert_cmpstr (november, ==, "2026-11-05");
  g_assert_null (bst_date_read ("5.1", "today"));
}

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/date/parse", test_parse);
  g_test_add_func ("/date/add-days", test_add_days);
  g_test_add_func ("/date/of-instant", test_of_instant);
  g_test_add_func ("/date/read", test_read);
  g_test_add_func ("/date/read-near-new-year", test_read_near_new_year);
  return g_test_run ();
}
