/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/**
 * BstCalendar:
 *
 * Service hours: a Calendar document, checked and compiled. Immutable, safe from every thread. Instants are seconds UTC,
 * business time is seconds of opening. It is open at an instant when the wall clock of its zone then shows a time within an opening
 * of that day. So an opening from 00:00 to 06:00 lasts five hours in the night when the clocks go forward, seven when they go back.
 * The zone's rules are known from 1970 to 2100.
 */
typedef struct _BstCalendar BstCalendar;

/** BST_CALENDAR_NEVER: no such instant within the 200 years that are looked through. */
#define BST_CALENDAR_NEVER G_MAXINT64

/** BST_CALENDAR_FIRST, BST_CALENDAR_LAST: 1970-01-01 and 2100-01-01, seconds UTC: between them the zone's rules are known. */
#define BST_CALENDAR_FIRST G_GINT64_CONSTANT (0)
#define BST_CALENDAR_LAST  G_GINT64_CONSTANT (4102444800)

/**
 * bst_calendar_new:
 * @doc: a Calendar document
 *
 * Returns: (transfer full): %NULL with %BST_ERROR_INVALID that names the property: unknown time zone, malformed time, intervals
 * that overlap or end before they begin, never open, malformed holiday rule or closing
 */
BstCalendar *bst_calendar_new (GVariant *doc, GError **error);

/** bst_calendar_check: whether bst_calendar_new() would take @doc; errors as there. */
gboolean bst_calendar_check (GVariant *doc, GError **error);
BstCalendar *bst_calendar_ref (BstCalendar *calendar);
void bst_calendar_unref (BstCalendar *calendar);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (BstCalendar, bst_calendar_unref)

/** bst_calendar_version: of the document; 0: it has none. */
gint64 bst_calendar_version (BstCalendar *calendar);

/** bst_calendar_zone: borrowed. */
GTimeZone *bst_calendar_zone (BstCalendar *calendar);

/** bst_calendar_is_open: openings are half-open: open at 08:00:00, closed at 16:00:00. */
gboolean bst_calendar_is_open (BstCalendar *calendar, gint64 instant);

/**
 * bst_calendar_due: the first instant by which @seconds of opening have passed since @start.
 *
 * When they end exactly at closing time, it is that closing, not the next opening. 0 seconds: @start itself.
 */
gint64 bst_calendar_due (BstCalendar *calendar, gint64 start, gint64 seconds);

/** bst_calendar_elapsed: seconds of opening in [@start, @end); 0 when @end is not after @start. */
gint64 bst_calendar_elapsed (BstCalendar *calendar, gint64 start, gint64 end);

/**
 * bst_calendar_add_working_days: the closing time of the @days-th working day after the day of @start.
 *
 * A working day has an opening and is no holiday or closed day. An order received before closing on a working day counts from
 * that day: day 1 is the next working day. One received at or after closing, or on a day off, counts as received on the next
 * working day. 0 days: by closing on the day it counts as received.
 */
gint64 bst_calendar_add_working_days (BstCalendar *calendar, gint64 start, gint64 days);

/**
 * bst_calendar_working_days: how many working days were used: the smallest n for which @end is not after
 * bst_calendar_add_working_days (@start, n). 0 when @end is not after @start.
 */
gint64 bst_calendar_working_days (BstCalendar *calendar, gint64 start, gint64 end);

/** bst_calendar_day_end: when the day at @instant ends by the wall clock of its zone. @ret_date: (out): that day */
gint64 bst_calendar_day_end (BstCalendar *calendar, gint64 instant, GDate *ret_date);

/** BstCalendarLookup: the calendar with @id (nullable: a promise that names none); (transfer none) (nullable): unknown. */
typedef BstCalendar *(*BstCalendarLookup) (const char *id, gpointer closure);

/**
 * bst_promise_due: @promise as in the dictionary (value, unit "minutes", "hours" or "working-days"), counted in @calendar.
 * %BST_CALENDAR_NEVER when it has no value. What it says of "outside" is left to bst_promise_due_at().
 */
gint64 bst_promise_due (GVariant *promise, BstCalendar *calendar, gint64 start);

/**
 * bst_promise_due_at:
 * @promise: (nullable)
 * @ret_calendar: (out) (nullable) (transfer none): the one that it was counted in; %NULL when unknown
 *
 * By when @promise is due for what comes in at @start, in the calendar that it names. What comes in while that is closed is due by
 * promise.outside where there is one, in the calendar named there, else in the same. %BST_CALENDAR_NEVER without promise or calendar.
 */
gint64 bst_promise_due_at (GVariant *promise,
                           gint64 start,
                           BstCalendarLookup lookup,
                           gpointer closure,
                           BstCalendar **ret_calendar);

/** BstOpening: [@from, @to), UTC seconds. */
typedef struct
{
  gint64 from;
  gint64 to;
} BstOpening;

/** bst_calendar_openings: those that meet [@from, @to), cut to it, in order; those that touch are one. Returns: (transfer full) (element-type BstOpening). */
GArray *bst_calendar_openings (BstCalendar *calendar, gint64 from, gint64 to);

/** BstHoliday: @name is the rule's text per language; (nullable). */
typedef struct
{
  GDate date;
  GVariant *name;
} BstHoliday;

/** bst_calendar_holidays: of one year, by date; two on one day are both there. Returns: (transfer full) (element-type BstHoliday). */
GArray *bst_calendar_holidays (BstCalendar *calendar, int year);

/** bst_calendar_is_holiday: @ret_name: (out) (optional) (nullable) (transfer none): its text per language. */
gboolean bst_calendar_is_holiday (BstCalendar *calendar, const GDate *date, GVariant **ret_name);

/**
 * bst_calendar_is_closed_day: holiday, closed day, or no opening on that weekday.
 * @ret_name: (out) (optional) (nullable) (transfer none): of the holiday or closing; %NULL for a weekday without opening
 */
gboolean bst_calendar_is_closed_day (BstCalendar *calendar, const GDate *date, GVariant **ret_name);

/** bst_easter: Easter Sunday of the Gregorian calendar, years 1583 … 9999. */
void bst_easter (int year, GDate *ret_date);

G_END_DECLS
