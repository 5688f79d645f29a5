/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "bst-history-date.h"

#include "bst-error.h"

#include <string.h>

#define DAY         86400
#define OFFSETS_MAX 40000    /* days that are remembered: a century */
#define MOVES       G_MAXINT /* no offset: that of a day on which the clocks change */

typedef struct
{
  int year, month, day, hour, minute, second;
  int half;   /* 0: none; 1: AM; 2: PM */
  int offset; /* seconds east of UTC */
  gboolean has_offset;
} Parts;

struct _BstHistoryDates
{
  char **patterns;
  GTimeZone *zone;
  GHashTable *offsets; /* local day -> offset of all of it, or MOVES */
};

typedef struct
{
  const char *at;
  const char *end;
} Text;

void
bst_history_dates_free (BstHistoryDates *dates)
{
  g_strfreev (dates->patterns);
  g_clear_pointer (&dates->zone, g_time_zone_unref);
  g_hash_table_unref (dates->offsets);
  g_free (dates);
}

BstHistoryDates *
bst_history_dates_new (const char *const *patterns, const char *time_zone, GError **error)
{
  g_autoptr (BstHistoryDates) dates = g_new0 (BstHistoryDates, 1);

  dates->patterns = g_strdupv ((char **) patterns);
  dates->offsets = g_hash_table_new (NULL, NULL);
  dates->zone = g_time_zone_new_identifier (time_zone);
  if (!dates->zone)
    {
      g_set_error (error, BST_ERROR, BST_ERROR_INVALID, "timeZone: there is no “%s”", time_zone);
      return NULL;
    }
  for (guint i = 0; patterns[i]; i++)
    if (!strstr (patterns[i], "YY") || !strchr (patterns[i], 'M') || !strchr (patterns[i], 'D'))
      {
        g_set_error (error, BST_ERROR, BST_ERROR_INVALID, "dates: “%s” has no year, month or day",
                     patterns[i]);
        return NULL;
      }
  return g_steal_pointer (&dates);
}

/* ---- patterns ---- */

static gboolean
take_number (Text *text, guint least, guint most, int *ret_number)
{
  int number = 0;
  guint n = 0;

  for (; n < most && text->at < text->end && g_ascii_isdigit (*text->at); n++)
    number = number * 10 + (*text->at++ - '0');
  *ret_number = number;
  return n >= least;
}

static gboolean
take_fraction (Text *text)
{
  int ignored;

  return take_number (text, 1, 9, &ignored);
}

static gboolean
take_half (Text *text, Parts *parts)
{
  if (text->end - text->at < 2 || g_ascii_toupper (text->at[1]) != 'M')
    return FALSE;
  parts->half = g_ascii_toupper (*text->at) == 'A' ? 1 : g_ascii_toupper (*text->at) == 'P' ? 2 : 0;
  text->at += 2;
  return parts->half != 0;
}

/* May and October are written otherwise in the North. */
static gboolean
take_month_name (Text *text, Parts *parts)
{
  static const char names[][4] = { "jan", "feb", "mar", "apr", "may", "jun", "jul", "aug",
                                   "sep", "oct", "nov", "dec", "",    "",    "",    "",
                                   "maj", "",    "",    "",    "",    "okt", "",    "des",
                                   "",    "",    "",    "",    "mai" };

  for (guint i = 0; i < G_N_ELEMENTS (names) && text->end - text->at >= 3; i++)
    if (*names[i] && g_ascii_strncasecmp (text->at, names[i], 3) == 0)
      {
        parts->month = (int) (i % 12) + 1;
        while (text->at < text->end && (g_ascii_isalpha (*text->at) || *text->at == '.'))
          text->at++;
        return TRUE;
      }
  return FALSE;
}

static gboolean
take_offset (Text *text, Parts *parts)
{
  gsize left = (gsize) (text->end - text->at);
  int sign, hours, minutes = 0;

  parts->has_offset = TRUE;
  if (left >= 3 && g_ascii_strncasecmp (text->at, "UTC", 3) == 0)
    text->at += 3;
  else if (left >= 1 && g_ascii_toupper (*text->at) == 'Z')
    text->at++;
  else
    {
      if (left < 3 || (*text->at != '+' && *text->at != '-'))
        return FALSE;
      sign = *text->at++ == '-' ? -1 : 1;
      if (!take_number (text, 2, 2, &hours))
        return FALSE;
      if (text->at < text->end && *text->at == ':')
        text->at++;
      take_number (text, 0, 2, &minutes);
      parts->offset = sign * (hours * 3600 + minutes * 60);
      return hours <= 14 && minutes < 60;
    }
  return TRUE;
}

static gboolean
take_year (Text *text, guint digits, Parts *parts)
{
  guint n = digits >= 4 ? 4 : 2;

  if (!take_number (text, n, n, &parts->year))
    return FALSE;
  if (n == 2)
    parts->year += parts->year < 70 ? 2000 : 1900;
  return TRUE;
}

/* @run: how often @letter stands there. */
static gboolean
take_part (Text *text, char letter, guint run, Parts *parts)
{
  guint least = run >= 2 ? 2 : 1;

  switch (letter)
    {
    case 'Y':
      return take_year (text, run, parts);
    case 'M':
      return run >= 3 ? take_month_name (text, parts) : take_number (text, least, 2, &parts->month);
    case 'D':
      return take_number (text, least, 2, &parts->day);
    case 'H':
    case 'h':
      return take_number (text, least, 2, &parts->hour);
    case 'm':
      return take_number (text, least, 2, &parts->minute);
    case 's':
      return take_number (text, least, 2, &parts->second);
    case 'S':
      return take_fraction (text);
    case 'A':
      return take_half (text, parts);
    case 'Z':
      return take_offset (text, parts);
    default:
      return FALSE;
    }
}

static gboolean
take_literal (Text *text, char literal)
{
  if (literal == ' ')
    {
      if (text->at == text->end || !g_ascii_isspace (*text->at))
        return FALSE;
      while (text->at < text->end && g_ascii_isspace (*text->at))
        text->at++;
      return TRUE;
    }
  return text->at < text->end && *text->at++ == literal;
}

static gboolean
take_pattern (const char *pattern, Text text, Parts *parts)
{
  while (*pattern)
    {
      guint run = 1;

      if (!strchr ("YMDHhmsSAZ", *pattern))
        {
          if (!take_literal (&text, *pattern++))
            return FALSE;
          continue;
        }
      while (pattern[run] == *pattern)
        run++;
      if (!take_part (&text, *pattern, run, parts))
        return FALSE;
      pattern += run;
    }
  return text.at == text.end;
}

static gboolean
check_parts (Parts *parts)
{
  if (parts->half && (parts->hour < 1 || parts->hour > 12))
    return FALSE;
  if (parts->half)
    parts->hour = parts->hour % 12 + (parts->half == 2 ? 12 : 0);
  return parts->year >= 1970 && parts->year < 2200 &&
         g_date_valid_dmy ((GDateDay) parts->day, (GDateMonth) parts->month,
                           (GDateYear) parts->year) &&
         parts->hour < 24 && parts->minute < 60 && parts->second < 61;
}

/* ---- the zone ---- */

static int
offset_at (BstHistoryDates *dates, GTimeType type, gint64 local)
{
  return g_time_zone_get_offset (dates->zone, g_time_zone_adjust_time (dates->zone, type, &local));
}

static int
offset_of_day (BstHistoryDates *dates, gint64 day)
{
  gpointer known;
  int before, after;

  if (g_hash_table_lookup_extended (dates->offsets, GINT_TO_POINTER ((int) day), NULL, &known))
    return GPOINTER_TO_INT (known);
  before = offset_at (dates, G_TIME_TYPE_DAYLIGHT, day * DAY);
  after = offset_at (dates, G_TIME_TYPE_STANDARD, (day + 1) * DAY - 1);
  if (before != after)
    before = MOVES;
  if (g_hash_table_size (dates->offsets) < OFFSETS_MAX)
    g_hash_table_insert (dates->offsets, GINT_TO_POINTER ((int) day), GINT_TO_POINTER (before));
  return before;
}

/* An hour that the clocks skip is read by the offset before, so that it comes after the change. */
static void
place (BstHistoryDates *dates, gint64 local, gint64 *ret_instant, gint64 *ret_again)
{
  int offset = offset_of_day (dates, local / DAY);
  int interval;

  if (offset == MOVES &&
      (interval = g_time_zone_find_interval (dates->zone, G_TIME_TYPE_DAYLIGHT, local)) >= 0)
    {
      gint64 first = local - g_time_zone_get_offset (dates->zone, interval);
      gint64 second = local - offset_at (dates, G_TIME_TYPE_STANDARD, local);

      *ret_instant = MIN (first, second);
      *ret_again = MAX (first, second);
      return;
    }
  if (offset == MOVES)
    offset = offset_at (dates, G_TIME_TYPE_STANDARD, local - 7200);
  *ret_instant = *ret_again = local - offset;
}

gboolean
bst_history_dates_parse (BstHistoryDates *dates,
                         const char *text,
                         gsize len,
                         gint64 *ret_instant,
                         gint64 *ret_again)
{
  for (guint i = 0; dates->patterns[i]; i++)
    {
      Parts parts = { .month = 1, .day = 1 };
      GDate date;
      gint64 local;

      if (!take_pattern (dates->patterns[i], (Text){ text, text + len }, &parts) ||
          !check_parts (&parts))
        continue;
      g_date_clear (&date, 1);
      g_date_set_dmy (&date, (GDateDay) parts.day, (GDateMonth) parts.month,
                      (GDateYear) parts.year);
      local = ((gint64) g_date_get_julian (&date) - 719163) * DAY + parts.hour * 3600 +
              parts.minute * 60 + MIN (parts.second, 59);
      if (parts.has_offset)
        *ret_instant = *ret_again = local - parts.offset;
      else
        place (dates, local, ret_instant, ret_again);
      return TRUE;
    }
  return FALSE;
}
