/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "bst-calendar.h"

G_BEGIN_DECLS

#define DAY_SECONDS 86400

/* Days are counted from 1970-01-01, in local time; GDate's Julian day of that day: */
#define JULIAN_OF_1970 719163

/* Whether a day is off is found out once: 1970 to 2100, two bits a day. */
#define CALENDAR_KNOWN_DAYS  47847
#define CALENDAR_DAYS_A_WORD 16

/** An opening on a weekday: seconds of wall-clock time since midnight, [from, to). */
typedef struct
{
  int from;
  int to;
} Interval;

/** From @from (UTC) on, until the next one begins, local time is UTC + @offset. */
typedef struct
{
  gint64 from;
  int offset;
} Segment;

typedef struct
{
  gboolean easter;
  int offset; /* easter: days after Easter Sunday */
  int month;  /* fixed */
  int day;
  int since;
  int until;
  GVariant *name;
} HolidayRule;

typedef struct
{
  gint64 from; /* days, both included */
  gint64 to;
  GVariant *name;
} Closing;

struct _BstCalendar
{
  gatomicrefcount refs;
  gint64 version;
  GTimeZone *zone;
  GArray *segments;  /* Segment; the first begins before all instants */
  GArray *weekly[7]; /* Interval, Monday first, in order, none touching */
  GArray *holidays;  /* HolidayRule */
  GArray *closings;  /* Closing */
  guint days_off[CALENDAR_KNOWN_DAYS / CALENDAR_DAYS_A_WORD +
                 1]; /* from 1970 on, as they are asked for; atomic */
};

/** bst_calendar_day_of_date, …: between GDate and day number. */
gint64 bst_calendar_day_of_date (const GDate *date);
void bst_calendar_date_of_day (gint64 day, GDate *ret_date);

/** bst_calendar_day_is_closed: @ret_name as bst_calendar_is_closed_day(). */
gboolean bst_calendar_day_is_closed (BstCalendar *calendar, gint64 day, GVariant **ret_name);

/** bst_calendar_intervals: the day's openings; empty on closed days. */
GArray *bst_calendar_intervals (BstCalendar *calendar, gint64 day);

/** bst_calendar_compile_segments: the changes of offset of @zone, 1970 to 2100. */
GArray *bst_calendar_compile_segments (GTimeZone *zone);

/** bst_calendar_segment: the index of the segment that @instant lies in. */
guint bst_calendar_segment (BstCalendar *calendar, gint64 instant);

G_END_DECLS
