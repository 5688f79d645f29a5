/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "bst-month.h"

#include <string.h>

gboolean
bst_month_parse (const char *text, int *ret_year, int *ret_month)
{
  int year = 0;
  int month;

  if (!text || strlen (text) != 7 || text[4] != '-')
    return FALSE;
  for (int i = 0; i < 7; i++)
    if (i != 4 && !g_ascii_isdigit (text[i]))
      return FALSE;
  for (int i = 0; i < 4; i++)
    year = year * 10 + (text[i] - '0');
  month = (text[5] - '0') * 10 + (text[6] - '0');
  if (year < 1 || month < 1 || month > 12)
    return FALSE;
  if (ret_year)
    *ret_year = year;
  if (ret_month)
    *ret_month = month;
  return TRUE;
}

char *
bst_month_add (const char *month, int months)
{
  int year, number;
  gint64 total;

  if (!bst_month_parse (month, &year, &number))
    return NULL;
  total = (gint64) year * 12 + number - 1 + months;
  if (total < 12 || total >= 120000)
    return NULL;
  return g_strdup_printf ("%04d-%02d", (int) (total / 12), (int) (total % 12) + 1);
}

char *
bst_month_of_instant (gint64 instant, GTimeZone *zone)
{
  g_autoptr (GDateTime) utc = g_date_time_new_from_unix_utc (instant);
  g_autoptr (GDateTime) local = utc ? g_date_time_to_timezone (utc, zone) : NULL;

  return local ? g_strdup_printf ("%04d-%02d", g_date_time_get_year (local),
                                  g_date_time_get_month (local))
               : g_strdup ("");
}

static gboolean
beginning (const char *month, GTimeZone *zone, gint64 *ret_instant)
{
  int year, number;
  g_autoptr (GDateTime) first = NULL;

  if (!bst_month_parse (month, &year, &number))
    return FALSE;
  first = g_date_time_new (zone, year, number, 1, 0, 0, 0);
  if (!first)
    return FALSE;
  *ret_instant = g_date_time_to_unix (first);
  return TRUE;
}

gboolean
bst_month_bounds (const char *month, GTimeZone *zone, gint64 *ret_from, gint64 *ret_to)
{
  g_autofree char *next = bst_month_add (month, 1);
  gint64 from, to;

  if (!next || !beginning (month, zone, &from) || !beginning (next, zone, &to))
    return FALSE;
  *ret_from = from;
  *ret_to = to;
  return TRUE;
}
