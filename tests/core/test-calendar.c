/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "core-fixture.h"

#include "bst-calendar.h"
#include "bst-clock.h"
#include "bst-date.h"
#include "bst-error.h"
#include "bst-text.h"

static BstCalendar *
make (GVariant *doc)
{
  g_autoptr (GError) error = NULL;
  BstCalendar *calendar = bst_calendar_new (doc, &error);

  g_assert_no_error (error);
  return calendar;
}

/* One of the calendars that are installed. */
static BstCalendar *
load (const char *name)
{
  g_autofree char *path = g_strdup_printf ("data/calendars/%s-office.json", name);
  g_autofree char *json = core_data (path);
  g_autoptr (GVariant) file = core_doc (json);
  g_autoptr (GVariant) records = bst_doc_get_list (file, "records");
  g_autoptr (GVariant) box = g_variant_get_child_value (records, 0);
  g_autoptr (GVariant) doc = g_variant_get_variant (box);

  return make (doc);
}

static gint64
at (const char *text)
{
  gint64 seconds = 0;

  if (!bst_instant_parse (text, &seconds))
    g_error ("no instant: %s", text);
  return seconds;
}

static void
assert_instant (gint64 instant, const char *expected)
{
  g_autofree char *text = bst_instant_format (instant);

  g_assert_cmpstr (text, ==, expected);
}

/* ---- against what others computed ---- */

enum
{
  COLUMN_COUNTRY = 2,
  COLUMN_START = 4,
  COLUMN_DURATION = 6,
  COLUMN_DUE = 7,
  COLUMN_END = 12,
  COLUMN_ELAPSED = 14,
};

static void
test_business_hours_oracle (void)
{
  g_autoptr (GPtrArray) rows = core_oracle ("sla-business-hours.csv");
  g_autoptr (BstCalendar) danish = load ("dk");
  g_autoptr (BstCalendar) norwegian = load ("no");

  g_assert_cmpuint (rows->len, ==, 1000);
  for (guint i = 0; i < rows->len; i++)
    {
      char **row = rows->pdata[i];
      BstCalendar *calendar = g_str_equal (row[COLUMN_COUNTRY], "DK") ? danish : norwegian;
      gint64 start = at (row[COLUMN_START]);

      assert_instant (
          bst_calendar_due (calendar, start, g_ascii_strtoll (row[COLUMN_DURATION], NULL, 10)),
          row[COLUMN_DUE]);
      g_assert_cmpint (bst_calendar_elapsed (calendar, start, at (row[COLUMN_END])), ==,
                       g_ascii_strtoll (row[COLUMN_ELAPSED], NULL, 10));
    }
}

static BstCalendar *
night_shift (const char *zone)
{
  g_autoptr (GVariant) doc = core_doc_format (
      "{'timeZone': '%s', 'weekly': {'mon': [['00:00','06:00']], 'tue': [['00:00','06:00']],"
      " 'wed': [['00:00','06:00']], 'thu': [['00:00','06:00']], 'fri': [['00:00','06:00']],"
      " 'sat': [['00:00','06:00']], 'sun': [['00:00','06:00']]}}",
      zone);

  return make (doc);
}

static void
test_night_shift_oracle (void)
{
  g_autoptr (GPtrArray) rows = core_oracle ("sla-night-shift-dst.csv");

  g_assert_cmpuint (rows->len, ==, 200);
  for (guint i = 0; i < rows->len; i++)
    {
      char **row = rows->pdata[i];
      g_autoptr (BstCalendar) calendar = night_shift (row[1]);

      g_assert_cmpint (bst_calendar_elapsed (calendar, at (row[2]), at (row[3])), ==,
                       g_ascii_strtoll (row[4], NULL, 10));
    }
}

static void
assert_holidays (BstCalendar *calendar, const char *country, int year, GPtrArray *rows)
{
  g_autoptr (GArray) holidays = bst_calendar_holidays (calendar, year);
  g_autoptr (GHashTable) expected = g_hash_table_new (g_str_hash, g_str_equal);
  GHashTableIter iter;
  gpointer date;

  for (guint i = 0; i < rows->len; i++)
    {
      char **row = rows->pdata[i];

      if (g_str_equal (row[0], country) && g_ascii_strtoll (row[1], NULL, 10) == year &&
          g_str_equal (row[4], "1"))
        g_hash_table_add (expected, row[1]);
    }
  g_assert_cmpuint (g_hash_table_size (expected), >=, 10);
  for (guint i = 0; i < holidays->len; i++)
    {
      g_autofree char *found = bst_date_text (&g_array_index (holidays, BstHoliday, i).date);

      if (!g_hash_table_contains (expected, found))
        g_error ("%s: %s is no holiday", country, found);
    }
  g_hash_table_iter_init (&iter, expected);
  while (g_hash_table_iter_next (&iter, &date, NULL))
    {
      GDate day;

      bst_date_parse (date, &day);
      if (!bst_calendar_is_holiday (calendar, &day, NULL))
        g_error ("%s: %s is a holiday", country, (char *) date);
    }
}

static void
test_holidays_oracle (void)
{
  g_autoptr (GPtrArray) rows = core_oracle ("holidays-dk-no.csv");
  g_autoptr (BstCalendar) danish = load ("dk");
  g_autoptr (BstCalendar) norwegian = load ("no");

  for (int year = 2015; year <= 2030; year++)
    {
      assert_holidays (danish, "DK", year, rows);
      assert_holidays (norwegian, "NO", year, rows);
    }
}

static void
test_store_bededag (void)
{
  g_autoptr (BstCalendar) danish = load ("dk");
  GVariant *name = NULL;
  GDate date;

  bst_date_parse ("2023-05-05", &date);
  g_assert_true (bst_calendar_is_holiday (danish, &date, &name));
  g_assert_cmpstr (bst_text_pick (name, NULL, "da"), ==, "Store bededag");
  bst_date_parse ("2024-04-26", &date);
  g_assert_false (bst_calendar_is_holiday (danish, &date, &name));
  g_assert_null (name);
}

/* ---- single rules ---- */

static void
test_boundaries (void)
{
  g_autoptr (BstCalendar) calendar = load ("dk");
  const gint64 opening = at ("2026-03-12T07:00:00Z"); /* Thursday 08:00 */
  const gint64 closing = at ("2026-03-12T15:00:00Z");

  g_assert_true (bst_calendar_is_open (calendar, opening));
  g_assert_false (bst_calendar_is_open (calendar, opening - 1));
  g_assert_true (bst_calendar_is_open (calendar, closing - 1));
  g_assert_false (bst_calendar_is_open (calendar, closing));
  g_assert_cmpint (bst_calendar_due (calendar, opening, 8 * 3600), ==, closing);
  assert_instant (bst_calendar_due (calendar, opening, 8 * 3600 + 1), "2026-03-13T07:00:01Z");
  g_assert_cmpint (bst_calendar_due (calendar, closing + 5, 0), ==, closing + 5);
  g_assert_cmpint (bst_calendar_elapsed (calendar, closing, opening), ==, 0);
}

static void
test_working_days (void)
{
  static const struct
  {
    const char *start;
    int days;
    const char *due;
  } cases[] = {
    { "2026-03-12T09:00:00Z", 1, "2026-03-13T15:00:00Z" }, /* Thursday: Friday */
    { "2026-03-12T14:59:59Z", 1, "2026-03-13T15:00:00Z" }, /* a second before closing */
    { "2026-03-12T15:00:00Z", 1,
      "2026-03-16T15:00:00Z" }, /* at closing: as if received on Friday */
    { "2026-03-12T03:00:00Z", 1, "2026-03-13T15:00:00Z" }, /* before opening */
    { "2026-03-14T10:00:00Z", 1, "2026-03-17T15:00:00Z" }, /* Saturday: as if received on Monday */
    { "2026-03-12T09:00:00Z", 0, "2026-03-12T15:00:00Z" },
    { "2026-03-26T09:00:00Z", 2, "2026-03-30T14:00:00Z" }, /* over the change of the clocks */
    { "2026-04-01T09:00:00Z", 1, "2026-04-07T14:00:00Z" }, /* over Easter */
    { "2025-12-23T09:00:00Z", 3, "2025-12-30T15:00:00Z" }, /* over Christmas: 24, 29, 30 */
    { "2026-03-12T09:00:00Z", 10, "2026-03-26T15:00:00Z" },
  };
  g_autoptr (BstCalendar) calendar = load ("dk");

  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    assert_instant (bst_calendar_add_working_days (calendar, at (cases[i].start), cases[i].days),
                    cases[i].due);
}

static void
test_working_days_used (void)
{
  g_autoptr (BstCalendar) calendar = load ("dk");

  for (int i = 0; i < 3000; i++)
    {
      gint64 start = G_GINT64_CONSTANT (1420070400) + g_test_rand_int_range (0, 600000000);
      gint64 end = start + 1 + g_test_rand_int_range (0, 20 * 86400);
      gint64 used = bst_calendar_working_days (calendar, start, end);

      g_assert_cmpint (end, <=, bst_calendar_add_working_days (calendar, start, used));
      if (used > 0)
        g_assert_cmpint (end, >, bst_calendar_add_working_days (calendar, start, used - 1));
    }
  g_assert_cmpint (bst_calendar_working_days (calendar, 500, 500), ==, 0);
}

static void
test_promise (void)
{
  g_autoptr (BstCalendar) calendar = load ("dk");
  g_autoptr (GVariant) hours = core_doc ("{'value': 4, 'unit': 'hours'}");
  g_autoptr (GVariant) days = core_doc ("{'value': 8, 'unit': 'working-days'}");
  g_autoptr (GVariant) minutes = core_doc ("{'value': 90, 'unit': 'minutes'}");
  g_autoptr (GVariant) none = core_doc ("{'unit': 'hours'}");
  g_autoptr (GVariant) huge = core_doc ("{'value': 9000000000000000000, 'unit': 'hours'}");
  g_autoptr (GVariant) odd = core_doc ("{'value': 4, 'unit': 'moons'}");
  const gint64 start = at ("2026-03-12T13:02:00Z");

  assert_instant (bst_promise_due (hours, calendar, start), "2026-03-13T09:02:00Z");
  assert_instant (bst_promise_due (days, calendar, start), "2026-03-24T15:00:00Z");
  assert_instant (bst_promise_due (minutes, calendar, start), "2026-03-12T14:32:00Z");
  g_assert_cmpint (bst_promise_due (none, calendar, start), ==, BST_CALENDAR_NEVER);
  g_assert_cmpint (bst_promise_due (huge, calendar, start), ==, BST_CALENDAR_NEVER);
  g_assert_cmpint (bst_promise_due (odd, calendar, start), ==, BST_CALENDAR_NEVER);
}

static void
test_clocks_change (void)
{
  g_autoptr (BstCalendar) calendar = night_shift ("Europe/Copenhagen");
  const gint64 spring = at ("2026-03-28T23:00:00Z"); /* midnight before the short day */
  const gint64 autumn = at ("2026-10-24T22:00:00Z");

  g_assert_cmpint (bst_calendar_elapsed (calendar, spring, spring + 12 * 3600), ==, 5 * 3600);
  g_assert_cmpint (bst_calendar_elapsed (calendar, autumn, autumn + 12 * 3600), ==, 7 * 3600);
  assert_instant (bst_calendar_add_working_days (calendar, spring, 0), "2026-03-29T04:00:00Z");
  assert_instant (bst_calendar_add_working_days (calendar, autumn, 0), "2026-10-25T05:00:00Z");
}

static void
test_round_the_clock (void)
{
  g_autoptr (GVariant) doc =
      core_doc ("{'timeZone': 'Europe/Oslo', 'weekly': {'mon': [['00:00','24:00']], 'tue': "
                "[['00:00','12:00'],['12:00','24:00']],"
                "'wed': [['00:00','24:00']], 'thu': [['00:00','24:00']], 'fri': "
                "[['00:00','24:00']], 'sat': [['00:00','24:00']],"
                "'sun': [['00:00','24:00']]}}");
  g_autoptr (BstCalendar) calendar = make (doc);
  g_autoptr (GArray) openings = bst_calendar_openings (calendar, 1000, 900000000);

  g_assert_cmpint (bst_calendar_elapsed (calendar, 1000, 900000000), ==, 899999000);
  g_assert_cmpint (bst_calendar_due (calendar, 1000, 899999000), ==, 900000000);
  g_assert_cmpuint (openings->len, ==, 1);
}

static void
test_closed (void)
{
  g_autoptr (GVariant) doc = core_doc (
      "{'timeZone': 'Europe/Oslo', 'weekly': {'mon': [['08:00','16:00']]},"
      " 'closed': [{'from': '2026-07-01', 'to': '2026-07-31', 'name': {'nb': 'Fellesferie'}},"
      "{'from': '2027-01-01', 'to': '2400-01-01'}]}");
  g_autoptr (BstCalendar) calendar = make (doc);
  GVariant *name;
  GDate date;

  bst_date_parse ("2026-07-13", &date);
  g_assert_true (bst_calendar_is_closed_day (calendar, &date, &name));
  g_assert_cmpstr (bst_text_pick (name, NULL, "nb"), ==, "Fellesferie");
  bst_date_parse ("2026-06-30", &date);
  g_assert_true (bst_calendar_is_closed_day (calendar, &date, &name));
  g_assert_null (name);
  bst_date_parse ("2026-08-03", &date);
  g_assert_false (bst_calendar_is_closed_day (calendar, &date, NULL));
  assert_instant (bst_calendar_due (calendar, at ("2026-07-01T00:00:00Z"), 60),
                  "2026-08-03T06:01:00Z");
  /* closed for longer than anybody looks */
  g_assert_cmpint (bst_calendar_due (calendar, at ("2027-01-02T00:00:00Z"), 1), ==,
                   BST_CALENDAR_NEVER);
  g_assert_cmpint (bst_calendar_add_working_days (calendar, at ("2027-01-02T00:00:00Z"), 1), ==,
                   BST_CALENDAR_NEVER);
}

/* Instants at the end of the world are answered, not trapped. */
static void
test_extremes (void)
{
  g_autoptr (BstCalendar) calendar = load ("dk");

  g_assert_cmpint (bst_calendar_due (calendar, G_MAXINT64, G_MAXINT64), ==, BST_CALENDAR_NEVER);
  g_assert_cmpint (bst_calendar_due (calendar, G_MININT64, G_MAXINT64), ==, BST_CALENDAR_NEVER);
  g_assert_cmpint (bst_calendar_elapsed (calendar, G_MININT64, G_MAXINT64), >, 0);
  g_assert_cmpint (bst_calendar_add_working_days (calendar, 0, G_MAXINT64), ==, BST_CALENDAR_NEVER);
}

#define WEEKLY "'weekly': {'mon': [['08:00','16:00']]}"

static void
test_refuses (void)
{
  static const struct
  {
    const char *doc;
    const char *property;
  } cases[] = {
    { "{}", "timeZone" },
    { "{'timeZone': 'Europe/Atlantis', " WEEKLY "}", "timeZone" },
    { "{'timeZone': 'Europe/Oslo'}", "weekly" },
    { "{'timeZone': 'Europe/Oslo', 'weekly': {}}", "weekly" },
    { "{'timeZone': 'Europe/Oslo', 'weekly': {'mon': []}}", "weekly" },
    { "{'timeZone': 'Europe/Oslo', 'weekly': {'man': [['08:00','16:00']]}}", "weekly" },
    { "{'timeZone': 'Europe/Oslo', 'weekly': {'mon': '08-16'}}", "weekly/mon" },
    { "{'timeZone': 'Europe/Oslo', 'weekly': {'mon': [['8:00','16:00']]}}", "weekly/mon" },
    { "{'timeZone': 'Europe/Oslo', 'weekly': {'mon': [['16:00','08:00']]}}", "weekly/mon" },
    { "{'timeZone': 'Europe/Oslo', 'weekly': {'mon': [['08:00','08:00']]}}", "weekly/mon" },
    { "{'timeZone': 'Europe/Oslo', 'weekly': {'mon': [['24:00','24:00']]}}", "weekly/mon" },
    { "{'timeZone': 'Europe/Oslo', 'weekly': {'mon': [['08:60','16:00']]}}", "weekly/mon" },
    { "{'timeZone': 'Europe/Oslo', 'weekly': {'mon': [['08:00','24:01']]}}", "weekly/mon" },
    { "{'timeZone': 'Europe/Oslo', 'weekly': {'mon': [['08:00']]}}", "weekly/mon" },
    { "{'timeZone': 'Europe/Oslo', 'weekly': {'mon': [[8, 16]]}}", "weekly/mon" },
    { "{'timeZone': 'Europe/Oslo', 'weekly': {'mon': [['08:00','12:00'],['11:59','16:00']]}}",
      "weekly/mon" },
    { "{'timeZone': 'Europe/Oslo', " WEEKLY ", 'holidays': [{'rule': 'moon'}]}", "holidays/0" },
    { "{'timeZone': 'Europe/Oslo', " WEEKLY
      ", 'holidays': [{'rule': 'fixed', 'month': 13, 'day': 1}]}",
      "holidays/0" },
    { "{'timeZone': 'Europe/Oslo', " WEEKLY
      ", 'holidays': [{'rule': 'fixed', 'month': 2, 'day': 30}]}",
      "holidays/0" },
    { "{'timeZone': 'Europe/Oslo', " WEEKLY
      ", 'holidays': [{'rule': 'easter', 'since': 2030, 'until': 2020}]}",
      "holidays/0" },
    { "{'timeZone': 'Europe/Oslo', " WEEKLY ", 'closed': [{'from': '2026-02-30'}]}", "closed/0" },
    { "{'timeZone': 'Europe/Oslo', " WEEKLY
      ", 'closed': [{'from': '2026-02-03', 'to': '2026-02-02'}]}",
      "closed/0" },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autoptr (GVariant) doc = core_doc (cases[i].doc);
      g_autoptr (GError) error = NULL;
      g_autofree char *prefix = g_strconcat (cases[i].property, ":", NULL);

      g_assert_null (bst_calendar_new (doc, &error));
      g_assert_error (error, BST_ERROR, BST_ERROR_INVALID);
      if (!g_str_has_prefix (error->message, prefix))
        g_error ("“%s” does not name %s", error->message, prefix);
    }
}

/* 29 February is a holiday in leap years only. */
static void
test_leap_day (void)
{
  g_autoptr (GVariant) doc = core_doc ("{'timeZone': 'Europe/Oslo', " WEEKLY
                                       ", 'holidays': [{'rule': 'fixed', 'month': 2, 'day': 29}]}");
  g_autoptr (BstCalendar) calendar = make (doc);
  g_autoptr (GArray) common = bst_calendar_holidays (calendar, 2026);
  g_autoptr (GArray) leap = bst_calendar_holidays (calendar, 2028);

  g_assert_cmpuint (common->len, ==, 0);
  g_assert_cmpuint (leap->len, ==, 1);
}

static void
test_easter (void)
{
  static const char *const sundays[] = { "1818-03-22", "1954-04-18", "2000-04-23", "2026-04-05",
                                         "2038-04-25", "2049-04-18", "2076-04-19" };

  for (gsize i = 0; i < G_N_ELEMENTS (sundays); i++)
    {
      g_autofree char *text = NULL;
      GDate date;

      bst_easter ((int) g_ascii_strtoll (sundays[i], NULL, 10), &date);
      text = bst_date_text (&date);
      g_assert_cmpstr (text, ==, sundays[i]);
    }
}

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/calendar/business-hours-oracle", test_business_hours_oracle);
  g_test_add_func ("/calendar/night-shift-oracle", test_night_shift_oracle);
  g_test_add_func ("/calendar/holidays-oracle", test_holidays_oracle);
  g_test_add_func ("/calendar/store-bededag", test_store_bededag);
  g_test_add_func ("/calendar/boundaries", test_boundaries);
  g_test_add_func ("/calendar/working-days", test_working_days);
  g_test_add_func ("/calendar/working-days-used", test_working_days_used);
  g_test_add_func ("/calendar/promise", test_promise);
  g_test_add_func ("/calendar/clocks-change", test_clocks_change);
  g_test_add_func ("/calendar/round-the-clock", test_round_the_clock);
  g_test_add_func ("/calendar/closed", test_closed);
  g_test_add_func ("/calendar/extremes", test_extremes);
  g_test_add_func ("/calendar/refuses", test_refuses);
  g_test_add_func ("/calendar/leap-day", test_leap_day);
  g_test_add_func ("/calendar/easter", test_easter);
  return g_test_run ();
}
