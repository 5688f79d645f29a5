/* SPDX-License-Identifier: GPL-3.0-or-later */

/* The calendar: reading and checking its document. */

#include "bst-calendar.h"

#include "bst-calendar-private.h"
#include "bst-date.h"
#include "bst-doc.h"
#include "bst-error.h"

#include <string.h>

static const char *const weekday_keys[] = { "mon", "tue", "wed", "thu", "fri", "sat", "sun" };

static void
holiday_rule_clear (gpointer data)
{
  g_clear_pointer (&((HolidayRule *) data)->name, g_variant_unref);
}

static void
closing_clear (gpointer data)
{
  g_clear_pointer (&((Closing *) data)->name, g_variant_unref);
}

BstCalendar *
bst_calendar_ref (BstCalendar *calendar)
{
  g_atomic_ref_count_inc (&calendar->refs);
  return calendar;
}

void
bst_calendar_unref (BstCalendar *calendar)
{
  if (!g_atomic_ref_count_dec (&calendar->refs))
    return;
  g_clear_pointer (&calendar->zone, g_time_zone_unref);
  g_clear_pointer (&calendar->segments, g_array_unref);
  for (int weekday = 0; weekday < 7; weekday++)
    g_array_unref (calendar->weekly[weekday]);
  g_array_unref (calendar->holidays);
  g_array_unref (calendar->closings);
  g_free (calendar);
}

gint64
bst_calendar_version (BstCalendar *calendar)
{
  return calendar->version;
}

GTimeZone *
bst_calendar_zone (BstCalendar *calendar)
{
  return calendar->zone;
}

G_GNUC_PRINTF (2, 3)
static gboolean
refuse (GError **error, const char *format, ...)
{
  va_list arguments;

  va_start (arguments, format);
  if (error)
    *error = g_error_new_valist (BST_ERROR, BST_ERROR_INVALID, format, arguments);
  va_end (arguments);
  return FALSE;
}

/* ---- opening hours ---- */

/* "08:00"; "24:00" is the end of the day. -1 when it is no time. */
static int
parse_clock (GVariant *box)
{
  g_autoptr (GVariant) value = g_variant_get_variant (box);
  const char *text =
      g_variant_is_of_type (value, G_VARIANT_TYPE_STRING) ? g_variant_get_string (value, NULL) : "";
  int hours;
  int minutes;

  if (strlen (text) != 5 || text[2] != ':' || strspn (text, "0123456789:") != 5)
    return -1;
  if (!g_ascii_isdigit (text[0]) || !g_ascii_isdigit (text[1]) || !g_ascii_isdigit (text[3]) ||
      !g_ascii_isdigit (text[4]))
    return -1;
  hours = (text[0] - '0') * 10 + (text[1] - '0');
  minutes = (text[3] - '0') * 10 + (text[4] - '0');
  if (minutes > 59 || hours > 24 || (hours == 24 && minutes > 0))
    return -1;
  return hours * 3600 + minutes * 60;
}

static gboolean
parse_interval (GVariant *pair, Interval *ret_interval)
{
  g_autoptr (GVariant) from = NULL;
  g_autoptr (GVariant) to = NULL;

  if (!g_variant_is_of_type (pair, G_VARIANT_TYPE ("av")) || g_variant_n_children (pair) != 2)
    return FALSE;
  from = g_variant_get_child_value (pair, 0);
  to = g_variant_get_child_value (pair, 1);
  ret_interval->from = parse_clock (from);
  ret_interval->to = parse_clock (to);
  return ret_interval->from >= 0 && ret_interval->to > ret_interval->from;
}

static int
compare_intervals (gconstpointer a, gconstpointer b)
{
  return ((const Interval *) a)->from - ((const Interval *) b)->from;
}

/* Intervals that touch become one; FALSE when any overlap. */
static gboolean
join_intervals (GArray *day)
{
  g_array_sort (day, compare_intervals);
  for (guint i = 1; i < day->len;)
    {
      Interval *before = &g_array_index (day, Interval, i - 1);
      const Interval *here = &g_array_index (day, Interval, i);

      if (here->from < before->to)
        return FALSE;
      if (here->from > before->to)
        {
          i++;
          continue;
        }
      before->to = here->to;
      g_array_remove_index (day, i);
    }
  return TRUE;
}

static gboolean
parse_weekday (GArray *day, const char *key, GVariant *list, GError **error)
{
  GVariantIter iter;
  GVariant *item;

  if (!g_variant_is_of_type (list, G_VARIANT_TYPE ("av")))
    return refuse (error, "weekly/%s: must be a list of openings", key);
  g_variant_iter_init (&iter, list);
  while (g_variant_iter_next (&iter, "v", &item))
    {
      g_autoptr (GVariant) pair = item;
      Interval interval;

      if (!parse_interval (pair, &interval))
        return refuse (
            error,
            "weekly/%s: an opening must be [\"08:00\", \"16:00\"], the end after the beginning",
            key);
      g_array_append_val (day, interval);
    }
  return join_intervals (day) || refuse (error, "weekly/%s: openings overlap", key);
}

static int
weekday_of_key (const char *key)
{
  for (int weekday = 0; weekday < 7; weekday++)
    if (strcmp (weekday_keys[weekday], key) == 0)
      return weekday;
  return -1;
}

static gboolean
parse_weekly (BstCalendar *calendar, GVariant *doc, GError **error)
{
  g_autoptr (GVariant) weekly = bst_doc_get_map (doc, "weekly");
  GVariantIter iter;
  const char *key;
  GVariant *value;
  gboolean open = FALSE;

  g_variant_iter_init (&iter, weekly);
  while (g_variant_iter_next (&iter, "{&sv}", &key, &value))
    {
      g_autoptr (GVariant) list = value;
      int weekday = weekday_of_key (key);

      if (weekday < 0)
        return refuse (error, "weekly: %.20s is no weekday (mon … sun)", key);
      if (!parse_weekday (calendar->weekly[weekday], key, list, error))
        return FALSE;
      open |= calendar->weekly[weekday]->len > 0;
    }
  return open || refuse (error, "weekly: it is never open");
}

/* ---- days off ---- */

static gboolean
parse_rule (GVariant *doc, HolidayRule *rule)
{
  const char *kind = bst_doc_get_string (doc, "rule");
  gint64 offset = bst_doc_get_int (doc, "offset", 0);
  gint64 month = bst_doc_get_int (doc, "month", 0);
  gint64 day = bst_doc_get_int (doc, "day", 0);

  rule->since = (int) CLAMP (bst_doc_get_int (doc, "since", 1), 1, 9999);
  rule->until = (int) CLAMP (bst_doc_get_int (doc, "until", 9999), 1, 9999);
  rule->easter = g_strcmp0 (kind, "easter") == 0;
  if (rule->easter)
    {
      rule->offset = (int) CLAMP (offset, -400, 400);
      return offset >= -90 && offset <= 250;
    }
  if (g_strcmp0 (kind, "fixed") != 0 || month < 1 || month > 12 || day < 1 || day > 31)
    return FALSE;
  rule->month = (int) month;
  rule->day = (int) day;
  return g_date_valid_dmy ((GDateDay) day, (GDateMonth) month, 2000);
}

static gboolean
parse_holidays (BstCalendar *calendar, GVariant *doc, GError **error)
{
  g_autoptr (GVariant) list = bst_doc_get_list (doc, "holidays");
  GVariantIter iter;
  GVariant *item;
  int i = 0;

  g_variant_iter_init (&iter, list);
  while (g_variant_iter_next (&iter, "v", &item))
    {
      g_autoptr (GVariant) held = item;
      HolidayRule rule = { 0 };

      if (bst_doc_get_int (held, "since", 1) > bst_doc_get_int (held, "until", 9999))
        return refuse (error, "holidays/%d: until lies before since", i);
      if (!parse_rule (held, &rule))
        return refuse (error,
                       "holidays/%d: must be a rule “easter” with an offset, or “fixed” with a "
                       "month and a day",
                       i);
      rule.name = bst_doc_lookup (held, "name");
      g_array_append_val (calendar->holidays, rule);
      i++;
    }
  return TRUE;
}

static gboolean
parse_closings (BstCalendar *calendar, GVariant *doc, GError **error)
{
  g_autoptr (GVariant) list = bst_doc_get_list (doc, "closed");
  GVariantIter iter;
  GVariant *item;
  int i = 0;

  g_variant_iter_init (&iter, list);
  while (g_variant_iter_next (&iter, "v", &item))
    {
      g_autoptr (GVariant) held = item;
      const char *last = bst_doc_get_string (held, "to");
      Closing closing = { 0 };
      GDate from;
      GDate to;

      if (!bst_date_parse (bst_doc_get_string (held, "from"), &from) ||
          (last && !bst_date_parse (last, &to)))
        return refuse (error, "closed/%d: from and to must be days", i);
      if (!last)
        to = from;
      if (g_date_compare (&to, &from) < 0)
        return refuse (error, "closed/%d: ends before it begins", i);
      closing.from = bst_calendar_day_of_date (&from);
      closing.to = bst_calendar_day_of_date (&to);
      closing.name = bst_doc_lookup (held, "name");
      g_array_append_val (calendar->closings, closing);
      i++;
    }
  return TRUE;
}

static gboolean
parse_zone (BstCalendar *calendar, GVariant *doc, GError **error)
{
  const char *name = bst_doc_get_string (doc, "timeZone");

  if (name && *name)
    calendar->zone = g_time_zone_new_identifier (name);
  if (!calendar->zone)
    return refuse (error, "timeZone: there is no time zone %.60s", name ? name : "without a name");
  calendar->segments = bst_calendar_compile_segments (calendar->zone);
  return TRUE;
}

BstCalendar *
bst_calendar_new (GVariant *doc, GError **error)
{
  g_autoptr (BstCalendar) calendar = g_new0 (BstCalendar, 1);

  g_atomic_ref_count_init (&calendar->refs);
  calendar->version = bst_doc_get_int (doc, "version", 0);
  for (int weekday = 0; weekday < 7; weekday++)
    calendar->weekly[weekday] = g_array_new (FALSE, FALSE, sizeof (Interval));
  calendar->holidays = g_array_new (FALSE, FALSE, sizeof (HolidayRule));
  g_array_set_clear_func (calendar->holidays, holiday_rule_clear);
  calendar->closings = g_array_new (FALSE, FALSE, sizeof (Closing));
  g_array_set_clear_func (calendar->closings, closing_clear);

  if (!parse_zone (calendar, doc, error) || !parse_weekly (calendar, doc, error) ||
      !parse_holidays (calendar, doc, error) || !parse_closings (calendar, doc, error))
    return NULL;
  return g_steal_pointer (&calendar);
}

gboolean
bst_calendar_check (GVariant *doc, GError **error)
{
  g_autoptr (BstCalendar) calendar = bst_calendar_new (doc, error);

  return calendar != NULL;
}
