/* SPDX-License-Identifier: GPL-3.0-or-later */

/*
 * The calendar against brute force, which steps through the minutes, knows the European rule for the clocks by
 * heart, and shares no code with what it tests.
 */

#include "core-fixture.h"

#include "bst-calendar.h"
#include "bst-date.h"

#include <string.h>

#define FIRST_YEAR 2000
#define N_YEARS    50

typedef struct
{
  gint64 forward; /* last Sunday of March, 01:00 UTC */
  gint64 back;    /* last Sunday of October */
} Year;

static Year years[N_YEARS];

static gint64
last_sunday (int year, int month)
{
  g_autoptr (GDateTime) last = g_date_time_new_utc (year, month, 31, 1, 0, 0);

  return g_date_time_to_unix (last) -
         g_date_time_get_day_of_week (last) % 7 * G_GINT64_CONSTANT (86400);
}

static void
fill_years (void)
{
  for (int i = 0; i < N_YEARS; i++)
    years[i] = (Year){ last_sunday (FIRST_YEAR + i, 3), last_sunday (FIRST_YEAR + i, 10) };
}

static int
offset_of (gint64 instant)
{
  int index = (int) ((instant - 946684800) / 31556952);
  gboolean summer = FALSE;

  for (int i = MAX (index - 1, 0); i <= index + 1; i++)
    summer |= instant >= years[i].forward && instant < years[i].back;
  return summer ? 7200 : 3600;
}

/* Minutes of opening by weekday, and closed days, as plain as can be. */
typedef struct
{
  gboolean open[7][1440];
  GHashTable *closed; /* days since 1970 */
} Plain;

static gboolean
plain_is_open (const Plain *plain, gint64 instant)
{
  gint64 local = instant + offset_of (instant);
  gint64 day = local / 86400;

  return plain->open[(day + 3) % 7][local % 86400 / 60] &&
         !g_hash_table_contains (plain->closed, GINT_TO_POINTER ((int) day));
}

/* Random openings, up to three a day, some beginning or ending at midnight. */
static void
random_day (Plain *plain, int weekday, GString *json)
{
  int minute = g_test_rand_bit () ? 0 : g_test_rand_int_range (0, 720);
  int count = g_test_rand_int_range (0, 4);

  for (int i = 0; i < count && minute < 1430; i++)
    {
      int from = minute;
      int to = g_test_rand_int_range (0, 6) == 0 ? 1440 : g_test_rand_int_range (from + 1, 1441);

      for (int open = from; open < to; open++)
        plain->open[weekday][open] = TRUE;
      g_string_append_printf (json, "%s['%02d:%02d','%02d:%02d']", i ? "," : "", from / 60,
                              from % 60, to / 60, to % 60);
      minute = to + g_test_rand_int_range (0, 90);
    }
}

static void
random_closings (Plain *plain, GString *json)
{
  for (int i = 0; i < 400; i++)
    {
      int day = g_test_rand_int_range (16436, 24107); /* 2015 … 2035 */
      g_autofree char *date = bst_date_add_days ("1970-01-01", day);

      g_hash_table_add (plain->closed, GINT_TO_POINTER (day));
      g_string_append_printf (json, "%s{'from': '%s'}", i ? "," : "", date);
    }
}

static BstCalendar *
random_calendar (Plain *plain)
{
  static const char *const keys[] = { "mon", "tue", "wed", "thu", "fri", "sat" };
  g_autoptr (GString) json = g_string_new (NULL);
  g_autoptr (GVariant) doc = NULL;
  g_autoptr (GError) error = NULL;
  BstCalendar *calendar;

  memset (plain->open, 0, sizeof plain->open);
  g_string_append_printf (json, "{'timeZone': 'Europe/%s', 'weekly': {",
                          g_test_rand_bit () ? "Copenhagen" : "Oslo");
  for (int weekday = 0; weekday < 6; weekday++)
    {
      g_string_append_printf (json, "'%s': [", keys[weekday]);
      random_day (plain, weekday, json);
      g_string_append (json, "],");
    }
  /* Sundays always, with an edge inside the hour in which the clocks change: that is where the faults are */
  for (int open = 90; open < 180; open++)
    plain->open[6][open] = open < 150 || open >= 165;
  g_string_append (json, "'sun': [['01:30','02:30'],['02:45','03:00']]}, 'closed': [");
  random_closings (plain, json);
  g_string_append (json, "]}");
  doc = core_doc (json->str);
  calendar = bst_calendar_new (doc, &error);
  g_assert_no_error (error);
  return calendar;
}

/* Anywhere, and every third case near a change of the clocks. */
static gint64
random_start (void)
{
  const Year *year = &years[g_test_rand_int_range (2015, 2036) - FIRST_YEAR];
  gint64 change = g_test_rand_bit () ? year->forward : year->back;

  if (g_test_rand_int_range (0, 3) == 0)
    return change - g_test_rand_int_range (0, 1440) * 60;
  return G_GINT64_CONSTANT (1420070400) +
         g_test_rand_int_range (0, 11044800) * G_GINT64_CONSTANT (60);
}

static void
check_case (BstCalendar *calendar, const Plain *plain)
{
  gint64 start = random_start ();
  gint64 end = start + g_test_rand_int_range (0, 2880) * 60;
  gint64 elapsed = 0;
  gint64 last = start;

  for (gint64 minute = start; minute < end; minute += 60)
    if (plain_is_open (plain, minute))
      {
        elapsed += 60;
        last = minute + 60;
      }
  if (bst_calendar_elapsed (calendar, start, end) != elapsed)
    g_error ("elapsed from %" G_GINT64_FORMAT " to %" G_GINT64_FORMAT " is %" G_GINT64_FORMAT,
             start, end, elapsed);
  /* due is the first instant by which that much has passed: the end of the last open minute */
  g_assert_cmpint (bst_calendar_due (calendar, start, elapsed), ==, last);
  if (elapsed > 0)
    g_assert_cmpint (bst_calendar_due (calendar, start, elapsed - 1), ==, last - 1);
  g_assert_cmpint (bst_calendar_is_open (calendar, start), ==, plain_is_open (plain, start));
}

static void
test_minutes (void)
{
  gint64 began = g_get_monotonic_time ();

  for (int i = 0; i < 100; i++)
    {
      Plain plain = { .closed = g_hash_table_new (NULL, NULL) };
      g_autoptr (BstCalendar) calendar = random_calendar (&plain);

      for (int j = 0; j < 120; j++)
        check_case (calendar, &plain);
      g_hash_table_unref (plain.closed);
    }
  g_test_message ("12,000 cases in %.2f s", (double) (g_get_monotonic_time () - began) / 1e6);
}

/* Long stretches: the parts make the whole, and due undoes elapsed. */
static void
check_laws (BstCalendar *calendar)
{
  gint64 a = random_start () + g_test_rand_int_range (0, 60);
  gint64 b = a + g_test_rand_int_range (0, 400 * 86400);
  gint64 c = b + g_test_rand_int_range (0, 400 * 86400);
  gint64 elapsed = bst_calendar_elapsed (calendar, a, c);
  gint64 due = bst_calendar_due (calendar, a, elapsed);
  g_autoptr (GArray) openings = bst_calendar_openings (calendar, a, c);
  gint64 sum = 0;

  g_assert_cmpint (bst_calendar_elapsed (calendar, a, b) + bst_calendar_elapsed (calendar, b, c),
                   ==, elapsed);
  g_assert_cmpint (due, <=, c);
  g_assert_cmpint (bst_calendar_elapsed (calendar, a, due), ==, elapsed);
  for (guint i = 0; i < openings->len; i++)
    {
      const BstOpening *opening = &g_array_index (openings, BstOpening, i);

      g_assert_cmpint (opening->from, <, opening->to);
      g_assert_cmpint (opening->from, >, i ? (opening - 1)->to : a - 1);
      sum += opening->to - opening->from;
    }
  g_assert_cmpint (sum, ==, elapsed);
}

static void
test_laws (void)
{
  for (int i = 0; i < 20; i++)
    {
      Plain plain = { .closed = g_hash_table_new (NULL, NULL) };
      g_autoptr (BstCalendar) calendar = random_calendar (&plain);

      for (int j = 0; j < 20; j++)
        check_laws (calendar);
      g_hash_table_unref (plain.closed);
    }
}

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  fill_years ();
  g_test_add_func ("/calendar-brute/minutes", test_minutes);
  g_test_add_func ("/calendar-brute/laws", test_laws);
  return g_test_run ();
}
