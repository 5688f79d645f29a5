/* SPDX-License-Identifier: GPL-3.0-or-later */

/* The calendar: business time on the line of instants. */

#include "bst-calendar-private.h"

#include "bst-doc.h"

#include <string.h>

/* No question reaches further than this. */
#define HORIZON (G_GINT64_CONSTANT (200) * 366 * DAY_SECONDS)

/* Instants beyond these are taken as these: they leave room for adding the horizon. */
#define EARLIEST (-G_GINT64_CONSTANT (60000000000))
#define LATEST   G_GINT64_CONSTANT (240000000000)

static gint64
floor_day (gint64 local)
{
  return (local >= 0 ? local : local - (DAY_SECONDS - 1)) / DAY_SECONDS;
}

static gint64
segment_end (BstCalendar *calendar, guint index)
{
  return index + 1 < calendar->segments->len
             ? g_array_index (calendar->segments, Segment, index + 1).from
             : G_MAXINT64;
}

/*
 * The first opening that is not over at @from, cut to begin at or after it and to end with the segment; FALSE at or after @limit.
 * @segment: one that begins at or before @from; it goes along.
 */
static gboolean
next_opening (BstCalendar *calendar,
              guint *segment,
              gint64 from,
              gint64 limit,
              BstOpening *ret_opening)
{
  guint index = *segment;

  while (from >= segment_end (calendar, index))
    index++;
  *segment = index;
  while (from < limit)
    {
      gint64 offset = g_array_index (calendar->segments, Segment, index).offset;
      gint64 end = segment_end (calendar, index);
      gint64 day = floor_day (from + offset);
      gint64 midnight = day * DAY_SECONDS - offset;
      GArray *intervals = bst_calendar_intervals (calendar, day);

      for (guint i = 0; i < intervals->len; i++)
        {
          const Interval *interval = &g_array_index (intervals, Interval, i);
          BstOpening opening = { MAX (from, midnight + interval->from),
                                 MIN (end, midnight + interval->to) };

          if (opening.from < opening.to)
            {
              *ret_opening = opening;
              return opening.from < limit;
            }
        }
      from = MIN (end, midnight + DAY_SECONDS);
      if (from == end)
        index++;
    }
  return FALSE;
}

static gint64
within_reach (gint64 instant)
{
  return CLAMP (instant, EARLIEST, LATEST);
}

gboolean
bst_calendar_is_open (BstCalendar *calendar, gint64 instant)
{
  gint64 from = within_reach (instant);
  guint segment = bst_calendar_segment (calendar, from);
  BstOpening opening;

  return next_opening (calendar, &segment, from, from + 1, &opening);
}

gint64
bst_calendar_due (BstCalendar *calendar, gint64 start, gint64 seconds)
{
  gint64 from = within_reach (start);
  gint64 limit = from + HORIZON;
  guint segment = bst_calendar_segment (calendar, from);
  BstOpening opening;

  if (seconds <= 0)
    return start;
  while (next_opening (calendar, &segment, from, limit, &opening))
    {
      if (seconds <= opening.to - opening.from)
        return opening.from + seconds;
      seconds -= opening.to - opening.from;
      from = opening.to;
    }
  return BST_CALENDAR_NEVER;
}

gint64
bst_calendar_elapsed (BstCalendar *calendar, gint64 start, gint64 end)
{
  gint64 from = within_reach (start);
  gint64 limit = MIN (within_reach (end), from + HORIZON);
  gint64 elapsed = 0;
  guint segment = bst_calendar_segment (calendar, from);
  BstOpening opening;

  while (next_opening (calendar, &segment, from, limit, &opening))
    {
      elapsed += MIN (opening.to, limit) - opening.from;
      from = opening.to;
    }
  return elapsed;
}

GArray *
bst_calendar_openings (BstCalendar *calendar, gint64 from, gint64 to)
{
  GArray *openings = g_array_new (FALSE, FALSE, sizeof (BstOpening));
  gint64 here = within_reach (from);
  gint64 limit = MIN (within_reach (to), here + HORIZON);
  guint segment = bst_calendar_segment (calendar, here);
  BstOpening opening;

  while (next_opening (calendar, &segment, here, limit, &opening))
    {
      BstOpening *last =
          openings->len ? &g_array_index (openings, BstOpening, openings->len - 1) : NULL;

      here = opening.to;
      opening.to = MIN (opening.to, limit);
      if (last && last->to == opening.from)
        last->to = opening.to;
      else
        g_array_append_val (openings, opening);
    }
  return openings;
}

gint64
bst_calendar_day_end (BstCalendar *calendar, gint64 instant, GDate *ret_date)
{
  guint index = bst_calendar_segment (calendar, instant);
  gint64 day = floor_day (instant + g_array_index (calendar->segments, Segment, index).offset);

  bst_calendar_date_of_day (day, ret_date);
  for (;; index++)
    {
      gint64 end = segment_end (calendar, index);
      gint64 midnight =
          (day + 1) * DAY_SECONDS - g_array_index (calendar->segments, Segment, index).offset;

      if (midnight <= end)
        return midnight;
      /* The clocks jump before midnight: perhaps over it. */
      if (floor_day (end + g_array_index (calendar->segments, Segment, index + 1).offset) > day)
        return end;
    }
}

/* ---- working days ---- */

static gint64
local_day (BstCalendar *calendar, gint64 instant)
{
  return floor_day (
      instant +
      g_array_index (calendar->segments, Segment, bst_calendar_segment (calendar, instant)).offset);
}

/* When the last opening of @day ends; FALSE when it is no working day. */
static gboolean
day_closing (BstCalendar *calendar, gint64 day, gint64 *ret_closing)
{
  GArray *intervals = bst_calendar_intervals (calendar, day);
  gint64 end_of_hours;
  gboolean found = FALSE;

  if (intervals->len == 0)
    return FALSE;
  end_of_hours = day * DAY_SECONDS + g_array_index (intervals, Interval, intervals->len - 1).to;
  /* The wall clock shows that time in one segment, in two (the last counts), or in none: then where the clocks jumped. */
  for (guint i = bst_calendar_segment (calendar, end_of_hours - DAY_SECONDS);
       i < calendar->segments->len &&
       g_array_index (calendar->segments, Segment, i).from <= end_of_hours + DAY_SECONDS;
       i++)
    {
      const Segment *segment = &g_array_index (calendar->segments, Segment, i);
      gint64 closing = MIN (segment_end (calendar, i), end_of_hours - segment->offset);

      if (closing > segment->from && closing + segment->offset > day * DAY_SECONDS)
        {
          *ret_closing = closing;
          found = TRUE;
        }
    }
  return found;
}

/* The first working day at or after @day; its closing. FALSE beyond the horizon. */
static gboolean
next_working_day (BstCalendar *calendar, gint64 *day, gint64 *ret_closing)
{
  gint64 last = *day + HORIZON / DAY_SECONDS;

  for (; *day <= last; *day += 1)
    if (day_closing (calendar, *day, ret_closing))
      return TRUE;
  return FALSE;
}

/* The working day that something at @instant counts on: a thing @done at closing time is of that day, one received is not. */
static gboolean
counts_on (BstCalendar *calendar,
           gint64 instant,
           gboolean done,
           gint64 *ret_day,
           gint64 *ret_closing)
{
  gint64 day = local_day (calendar, instant);

  if (!next_working_day (calendar, &day, ret_closing))
    return FALSE;
  if (done ? instant > *ret_closing : instant >= *ret_closing)
    {
      day++;
      if (!next_working_day (calendar, &day, ret_closing))
        return FALSE;
    }
  *ret_day = day;
  return TRUE;
}

gint64
bst_calendar_add_working_days (BstCalendar *calendar, gint64 start, gint64 days)
{
  gint64 closing;
  gint64 day;

  if (days > HORIZON / DAY_SECONDS ||
      !counts_on (calendar, within_reach (start), FALSE, &day, &closing))
    return BST_CALENDAR_NEVER;
  for (gint64 i = 0; i < days; i++)
    {
      day++;
      if (!next_working_day (calendar, &day, &closing))
        return BST_CALENDAR_NEVER;
    }
  return closing;
}

gint64
bst_calendar_working_days (BstCalendar *calendar, gint64 start, gint64 end)
{
  gint64 closing;
  gint64 first;
  gint64 last;
  gint64 used = 0;

  if (end <= start || !counts_on (calendar, within_reach (start), FALSE, &first, &closing) ||
      !counts_on (calendar, MIN (within_reach (end), within_reach (start) + HORIZON), TRUE, &last,
                  &closing))
    return 0;
  for (gint64 day = first + 1; day <= last; day++)
    used += day_closing (calendar, day, &closing);
  return used;
}

gint64
bst_promise_due (GVariant *promise, BstCalendar *calendar, gint64 start)
{
  gint64 value = bst_doc_get_int (promise, "value", -1);
  const char *unit = bst_doc_get_string (promise, "unit");

  if (value < 0 || value > HORIZON / 3600)
    return BST_CALENDAR_NEVER;
  if (g_strcmp0 (unit, "working-days") == 0)
    return bst_calendar_add_working_days (calendar, start, value);
  if (g_strcmp0 (unit, "hours") == 0)
    return bst_calendar_due (calendar, start, value * 3600);
  if (g_strcmp0 (unit, "minutes") == 0)
    return bst_calendar_due (calendar, start, value * 60);
  return BST_CALENDAR_NEVER;
}

gint64
bst_promise_due_at (GVariant *promise,
                    gint64 start,
                    BstCalendarLookup lookup,
                    gpointer closure,
                    BstCalendar **ret_calendar)
{
  const char *id = promise ? bst_doc_get_string (promise, "calendar") : NULL;
  BstCalendar *calendar = lookup (id, closure);
  g_autoptr (GVariant) outside = NULL;

  *ret_calendar = calendar;
  if (!promise || !calendar)
    return BST_CALENDAR_NEVER;
  outside = bst_doc_lookup (promise, "outside");
  if (bst_value_is_null (outside) || bst_calendar_is_open (calendar, start))
    return bst_promise_due (promise, calendar, start);
  id = bst_doc_get_string (outside, "calendar");
  *ret_calendar = id ? lookup (id, closure) : calendar;
  return *ret_calendar ? bst_promise_due (outside, *ret_calendar, start) : BST_CALENDAR_NEVER;
}
