/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "core-fixture.h"

#include "bst-format.h"

#include <locale.h>
#include <math.h>

#define NBSP "\u00a0"

static void
assert_taken (char *taken, const char *expected)
{
  g_autofree char *text = taken;

  g_assert_cmpstr (text, ==, expected);
}

static void
test_int (void)
{
  assert_taken (bst_format_int (0, "da"), "0");
  assert_taken (bst_format_int (999, "da"), "999");
  assert_taken (bst_format_int (24600, "da"), "24.600");
  assert_taken (bst_format_int (-1234567, "nb"), "−1" NBSP "234" NBSP "567");
  assert_taken (bst_format_int (1234567, "en"), "1,234,567");
  assert_taken (bst_format_int (1234567, "fr"), "1,234,567");
  assert_taken (bst_format_int (G_MININT64, "da"), "-9.223.372.036.854.775.808");
}

static void
test_decimal (void)
{
  assert_taken (bst_format_decimal (95.8, 1, "da"), "95,8");
  assert_taken (bst_format_decimal (95.0, 1, "da"), "95,0");
  assert_taken (bst_format_decimal (95.4999, 0, "da"), "95");
  assert_taken (bst_format_decimal (95.5, 0, "da"), "96");
  assert_taken (bst_format_decimal (0.285, 2, "da"), "0,29");
  assert_taken (bst_format_decimal (9.995, 2, "nb"), "10,00");
  assert_taken (bst_format_decimal (1234.5, 1, "nb"), "1" NBSP "234,5");
  assert_taken (bst_format_decimal (-0.04, 1, "nb"), "0,0");
  assert_taken (bst_format_decimal (-1.25, 1, "nb"), "−1,3");
  assert_taken (bst_format_decimal (2.05, 2, "en"), "2.05");
  assert_taken (bst_format_decimal (NAN, 1, "da"), "–");
  assert_taken (bst_format_decimal (1e300, 1, "da"), "–");
}

static void
test_percent (void)
{
  assert_taken (bst_format_percent (95.8, 1, "da"), "95,8" NBSP "%");
  assert_taken (bst_format_percent (100, 0, "nb"), "100" NBSP "%");
  assert_taken (bst_format_percent (95.8, 1, "en"), "95.8%");
}

static void
test_date (void)
{
  assert_taken (bst_format_date ("2026-03-24", BST_DATE_LONG, "da"), "tirsdag 24. marts 2026");
  assert_taken (bst_format_date ("2026-03-24", BST_DATE_LONG, "nb"), "tirsdag 24. mars 2026");
  assert_taken (bst_format_date ("2026-03-24", BST_DATE_LONG, "nn"), "tysdag 24. mars 2026");
  assert_taken (bst_format_date ("2026-03-24", BST_DATE_LONG, "en"), "Tuesday 24 March 2026");
  assert_taken (bst_format_date ("2026-12-06", BST_DATE_DAY, "nb"), "søndag 6. desember");
  assert_taken (bst_format_date ("2026-12-06", BST_DATE_MEDIUM, "da"), "6. december 2026");
  assert_taken (bst_format_date ("2026-03-24", BST_DATE_BRIEF, "da"), "tir. 24. mar.");
  assert_taken (bst_format_date ("2026-03-24", BST_DATE_BRIEF, "en"), "Tue 24 Mar");
  assert_taken (bst_format_date ("2026-03-04", BST_DATE_SHORT, "da"), "04.03.2026");
  assert_taken (bst_format_date ("2026-03-04", BST_DATE_SHORT, "en"), "04/03/2026");
  assert_taken (bst_format_date ("soon", BST_DATE_SHORT, "en"), "soon");
  assert_taken (bst_format_month ("2026-05", "da"), "maj 2026");
  assert_taken (bst_format_month ("2026-05", "nb_NO.UTF-8"), "mai 2026");
  g_assert_cmpstr (bst_format_weekday_name (6, "nn"), ==, "laurdag");
}

static void
test_time (void)
{
  g_autoptr (GTimeZone) zone = g_time_zone_new_identifier ("Europe/Oslo");
  const gint64 winter = 1773320520; /* 2026-03-12T13:02:00Z */
  const gint64 summer = 1774353720; /* 2026-03-24 is still winter time; 2026-06-24T12:02:00Z */

  assert_taken (bst_format_time (winter, zone, "da"), "14.02");
  assert_taken (bst_format_time (winter, zone, "nb"), "14:02");
  assert_taken (bst_format_moment (summer, zone, BST_DATE_DAY, "da"),
                "tirsdag 24. marts kl. 13.02");
  assert_taken (bst_format_moment (summer, zone, BST_DATE_DAY, "en"), "Tuesday 24 March 13:02");
  assert_taken (bst_format_moment (summer, zone, BST_DATE_SHORT, "nb"), "24.03.2026 13:02");
  /* an hour later by the wall clock in July */
  assert_taken (bst_format_time (winter + G_GINT64_CONSTANT (120) * 86400, zone, "nb"), "15:02");
}

int
main (int argc, char *argv[])
{
  setlocale (LC_ALL, "");
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/format/int", test_int);
  g_test_add_func ("/format/decimal", test_decimal);
  g_test_add_func ("/format/percent", test_percent);
  g_test_add_func ("/format/date", test_date);
  g_test_add_func ("/format/time", test_time);
  return g_test_run ();
}
