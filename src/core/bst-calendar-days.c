/* SPDX-License-Identifier: GPL-3.0-or-later */

/* The calendar: which days are off, and when the clocks change. */

#include "bst-calendar-private.h"

#define FIRST_INSTANT G_GINT64_CONSTANT (0)          /* 1970 */
#define LAST_INSTANT  G_GINT64_CONSTANT (4133980800) /* 2101 */

/* ---- days ---- */

typedef struct
{
  int year;
  int month;
  int day;
} Civil;

/* Proleptic Gregorian, years counted from March so that the leap day is the last. */
static gint64
day_of_civil (int year, int month, int day)
{
  gint64 shifted = month <= 2 ? year - 1 : year;
  gint64 era = (shifted >= 0 ? shifted : shifted - 399) / 400;
  gint64 of_era = shifted - era * 400;
  gint64 of_year = (153 * (month + (month > 2 ? -3 : 9)) + 2) / 5 + day - 1;

  return era * 146097 + of_era * 365 + of_era / 4 - of_era / 100 + of_year - 719468;
}

static Civil
civil_of_day (gint64 day)
{
  gint64 since_march = day + 719468;
  gint64 era = (since_march >= 0 ? since_march : since_march - 146096) / 146097;
  gint64 of_era = since_march - era * 146097;
  gint64 year = (of_era - of_era / 1460 + of_era / 36524 - of_era / 146096) / 365;
  gint64 of_year = of_era - (365 * year + year / 4 - year / 100);
  gint64 month = (5 * of_year + 2) / 153;
  Civil civil;

  civil.day = (int) (of_year - (153 * month + 2) / 5 + 1);
  civil.month = (int) (month < 10 ? month + 3 : month - 9);
  civil.year = (int) (year + era * 400 + (civil.month <= 2));
  return civil;
}

gint64
bst_calendar_day_of_date (const GDate *date)
{
  return (gint64) g_date_get_julian (date) - JULIAN_OF_1970;
}

void
bst_calendar_date_of_day (gint64 day, GDate *ret_date)
{
  g_date_clear (ret_date, 1);
  g_date_set_julian (ret_date, (guint32) (day + JULIAN_OF_1970));
}

/* Easter Sunday by the anonymous Gregorian algorithm (Meeus, Astronomical Algorithms, ch. 8). */
static gint64
easter_day (int year)
{
  int a = year % 19;
  int b = year / 100;
  int c = year % 100;
  int g = (8 * b + 13) / 25;
  int h = (19 * a + b - b / 4 - g + 15) % 30;
  int l = (32 + 2 * (b % 4) + 2 * (c / 4) - h - c % 4) % 7;
  int m = (a + 11 * h + 19 * l) / 433;
  int month = (h + l - 7 * m + 90) / 25;

  return day_of_civil (year, month, (h + l - 7 * m + 33 * month + 19) % 32);
}

void
bst_easter (int year, GDate *ret_date)
{
  bst_calendar_date_of_day (easter_day (year), ret_date);
}

/* ---- days off ---- */

/* The day on which @rule falls in @year; FALSE when it is not in force, or there is no such day (29 February). */
static gboolean
rule_day (const HolidayRule *rule, int year, gint64 *ret_day)
{
  if (year < rule->since || year > rule->until)
    return FALSE;
  if (rule->easter)
    *ret_day = easter_day (year) + rule->offset;
  else
    *ret_day = day_of_civil (year, rule->month, rule->day);
  return rule->easter || civil_of_day (*ret_day).day == rule->day;
}

static const HolidayRule *
find_holiday (BstCalendar *calendar, gint64 day)
{
  int year = civil_of_day (day).year;
  gint64 falls;

  for (guint i = 0; i < calendar->holidays->len; i++)
    {
      const HolidayRule *rule = &g_array_index (calendar->holidays, HolidayRule, i);

      if (rule_day (rule, year, &falls) && falls == day)
        return rule;
    }
  return NULL;
}

static const Closing *
find_closing (BstCalendar *calendar, gint64 day)
{
  for (guint i = 0; i < calendar->closings->len; i++)
    {
      const Closing *closing = &g_array_index (calendar->closings, Closing, i);

      if (day >= closing->from && day <= closing->to)
        return closing;
    }
  return NULL;
}

static GArray *
weekday_intervals (BstCalendar *calendar, gint64 day)
{
  /* 1970-01-01 was a Thursday */
  return calendar->weekly[((day + 3) % 7 + 7) % 7];
}

gboolean
bst_calendar_day_is_closed (BstCalendar *calendar, gint64 day, GVariant **ret_name)
{
  const HolidayRule *rule = find_holiday (calendar, day);
  const Closing *closing = rule ? NULL : find_closing (calendar, day);

  if (ret_name)
    *ret_name = rule ? rule->name : closing ? closing->name : NULL;
  return rule || closing || weekday_intervals (calendar, day)->len == 0;
}

/* By a holiday or a closing. Two threads that find out the same at once write the same. */
static gboolean
is_off (BstCalendar *calendar, gint64 day)
{
  gboolean known = day >= 0 && day < CALENDAR_KNOWN_DAYS;
  guint *word = known ? &calendar->days_off[day / CALENDAR_DAYS_A_WORD] : NULL;
  guint asked = known ? 1u << (2 * (day % CALENDAR_DAYS_A_WORD)) : 0;
  guint held = known ? g_atomic_int_get (word) : 0;
  gboolean off;

  if (held & asked)
    return (held & (asked << 1)) != 0;
  off = find_holiday (calendar, day) || find_closing (calendar, day);
  if (known)
    g_atomic_int_or (word, off ? asked | asked << 1 : asked);
  return off;
}

GArray *
bst_calendar_intervals (BstCalendar *calendar, gint64 day)
{
  static GArray none = { NULL, 0 };
  GArray *intervals = weekday_intervals (calendar, day);

  return intervals->len == 0 || is_off (calendar, day) ? &none : intervals;
}

gboolean
bst_calendar_is_closed_day (BstCalendar *calendar, const GDate *date, GVariant **ret_name)
{
  return bst_calendar_day_is_closed (calendar, bst_calendar_day_of_date (date), ret_name);
}

gboolean
bst_calendar_is_holiday (BstCalendar *calendar, const GDate *date, GVariant **ret_name)
{
  const HolidayRule *rule = find_holiday (calendar, bst_calendar_day_of_date (date));

  if (ret_name)
    *ret_name = rule ? rule->name : NULL;
  return rule != NULL;
}

static int
compare_holidays (gconstpointer a, gconstpointer b)
{
  return g_date_compare (&((const BstHoliday *) a)->date, &((const BstHoliday *) b)->date);
}

static void
holiday_clear (gpointer data)
{
  g_clear_pointer (&((BstHoliday *) data)->name, g_variant_unref);
}

GArray *
bst_calendar_holidays (BstCalendar *calendar, int year)
{
  GArray *list = g_array_new (FALSE, FALSE, sizeof (BstHoliday));
  gint64 day;

  g_array_set_clear_func (list, holiday_clear);
  for (guint i = 0; i < calendar->holidays->len; i++)
    {
      const HolidayRule *rule = &g_array_index (calendar->holidays, HolidayRule, i);
      BstHoliday holiday;

      if (!rule_day (rule, year, &day))
        continue;
      bst_calendar_date_of_day (day, &holiday.date);
      holiday.name = rule->name ? g_variant_ref (rule->name) : NULL;
      g_array_append_val (list, holiday);
    }
  g_array_sort (list, compare_holidays);
  return list;
}

/* ---- changes of the clocks ---- */

static int
offset_at (GTimeZone *zone, gint64 instant)
{
  return g_time_zone_get_offset (zone,
                                 g_time_zone_find_interval (zone, G_TIME_TYPE_UNIVERSAL, instant));
}

/* The first instant in (@low, @high] at which the offset is no longer that at @low. */
static gint64
find_change (GTimeZone *zone, gint64 low, gint64 high)
{
  int before = offset_at (zone, low);

  while (high - low > 1)
    {
      gint64 middle = low + (high - low) / 2;

      if (offset_at (zone, middle) == before)
        low = middle;
      else
        high = middle;
    }
  return high;
}

GArray *
bst_calendar_compile_segments (GTimeZone *zone)
{
  const gint64 step = 7 * DAY_SECONDS;
  GArray *segments = g_array_new (FALSE, FALSE, sizeof (Segment));
  Segment segment = { G_MININT64, offset_at (zone, FIRST_INSTANT) };

  g_array_append_val (segments, segment);
  for (gint64 week = FIRST_INSTANT; week < LAST_INSTANT; week += step)
    {
      gint64 here = week;

      while (offset_at (zone, week + step) != segment.offset)
        {
          here = find_change (zone, here, week + step);
          segment = (Segment){ here, offset_at (zone, here) };
          g_array_append_val (segments, segment);
        }
    }
  return segments;
}

guint
bst_calendar_segment (BstCalendar *calendar, gint64 instant)
{
  guint low = 0;
  guint high = calendar->segments->len;

  while (high - low > 1)
    {
      guint middle = low + (high - low) / 2;

      if (g_array_index (calendar->segments, Segment, middle).from <= instant)
        low = middle;
      else
        high = middle;
    }
  return low;
}
