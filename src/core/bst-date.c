/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "bst-date.h"

#include "bst-format.h"

#include <string.h>

static int
digits_at (const char *text, gsize length)
{
  int value = 0;

  for (gsize i = 0; i < length; i++)
    {
      if (!g_ascii_isdigit (text[i]))
        return -1;
      value = value * 10 + (text[i] - '0');
    }
  return value;
}

static gboolean
make_date (int year, int month, int day, GDate *ret_date)
{
  if (year < 1 || year > 9999 || month < 1 || month > 12 || day < 1 || day > 31 ||
      !g_date_valid_dmy ((GDateDay) day, (GDateMonth) month, (GDateYear) year))
    return FALSE;
  if (ret_date)
    {
      g_date_clear (ret_date, 1);
      g_date_set_dmy (ret_date, (GDateDay) day, (GDateMonth) month, (GDateYear) year);
    }
  return TRUE;
}

gboolean
bst_date_parse (const char *text, GDate *ret_date)
{
  if (!text || strlen (text) != 10 || text[4] != '-' || text[7] != '-')
    return FALSE;
  return make_date (digits_at (text, 4), digits_at (text + 5, 2), digits_at (text + 8, 2),
                    ret_date);
}

char *
bst_date_text (const GDate *date)
{
  return g_strdup_printf ("%04d-%02d-%02d", g_date_get_year (date), g_date_get_month (date),
                          g_date_get_day (date));
}

char *
bst_date_add_days (const char *date, int days)
{
  GDate day;
  gint64 julian;

  if (!bst_date_parse (date, &day))
    return NULL;
  julian = (gint64) g_date_get_julian (&day) + days;
  if (julian < 1 || julian > 3652059) /* 9999-12-31 */
    return NULL;
  g_date_set_julian (&day, (guint32) julian);
  return bst_date_text (&day);
}

char *
bst_date_of_instant (gint64 instant, GTimeZone *zone)
{
  g_autoptr (GDateTime) utc = g_date_time_new_from_unix_utc (instant);
  g_autoptr (GDateTime) local = utc ? g_date_time_to_timezone (utc, zone) : NULL;

  return local ? g_date_time_format (local, "%Y-%m-%d") : g_strdup ("");
}

/* "i morgen" and its like; *ret_days from today. */
static gboolean
read_word (const char *text, int *ret_days)
{
  static const struct
  {
    const char *word;
    int days;
  } words[] = {
    { "i dag", 0 },        { "idag", 0 },       { "today", 0 },       { "i morgen", 1 },
    { "imorgen", 1 },      { "i morgon", 1 },   { "imorgon", 1 },     { "tomorrow", 1 },
    { "i overmorgen", 2 }, { "overmorgen", 2 }, { "overimorgen", 2 }, { "i overmorgon", 2 },
    { "i går", -1 },       { "yesterday", -1 },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (words); i++)
    if (strcmp (words[i].word, text) == 0)
      {
        *ret_days = words[i].days;
        return TRUE;
      }
  return FALSE;
}

/* Name of a month, whole or its first three letters or more; 0 when it is none. */
static int
month_of_word (const char *word)
{
  static const char *const languages[] = { "da", "nb", "nn", "en" };

  if (g_utf8_strlen (word, -1) < 3)
    return 0;
  for (gsize i = 0; i < G_N_ELEMENTS (languages); i++)
    for (int month = 1; month <= 12; month++)
      {
        g_autofree char *name = g_utf8_strdown (bst_format_month_name (month, languages[i]), -1);

        if (g_str_has_prefix (name, word))
          return month;
      }
  return 0;
}

/* The numbers of @text, a month's name being one; FALSE when there is anything else in it. */
static gboolean
read_numbers (const char *text, int numbers[3], int widths[3], int *ret_n)
{
  g_auto (GStrv) parts = g_strsplit_set (text, " ./-,", -1);
  int n = 0;

  for (char **part = parts; *part; part++)
    {
      if (!**part)
        continue;
      if (n == 3 || strlen (*part) > 20)
        return FALSE;
      numbers[n] = strlen (*part) <= 4 ? digits_at (*part, strlen (*part)) : -1;
      widths[n] = (int) strlen (*part);
      if (numbers[n] < 0 && n == 1)
        numbers[n] = month_of_word (*part);
      if (numbers[n] < (n == 2 ? 0 : 1))
        return FALSE;
      n++;
    }
  *ret_n = n;
  return TRUE;
}

/* Day and month alone: this year, or the next when that was more than half a year ago. */
static gboolean
without_year (int day, int month, const GDate *today, GDate *ret_date)
{
  int year = g_date_get_year (today);

  for (int tries = 0; tries < 8; tries++, year++)
    if (make_date (year, month, day, ret_date) && g_date_days_between (today, ret_date) >= -183)
      return TRUE;
  return FALSE;
}

/* "240326", "24032026" */
static gboolean
read_run (const char *text, GDate *ret_date)
{
  gsize length = strlen (text);
  int year;

  if ((length != 6 && length != 8) || strspn (text, "0123456789") != length)
    return FALSE;
  year = digits_at (text + 4, length - 4);
  return make_date (length == 6 ? 2000 + year : year, digits_at (text + 2, 2), digits_at (text, 2),
                    ret_date);
}

char *
bst_date_read (const char *text, const char *today)
{
  g_autofree char *lower = g_utf8_strdown (text, -1);
  int numbers[3] = { 0 };
  int widths[3] = { 0 };
  int n = 0;
  int days;
  GDate now;
  GDate date;

  g_strstrip (lower);
  if (!bst_date_parse (today, &now))
    return NULL;
  if (read_word (lower, &days))
    return bst_date_add_days (today, days);
  if (bst_date_parse (lower, &date) || read_run (lower, &date))
    return bst_date_text (&date);
  if (!read_numbers (lower, numbers, widths, &n))
    return NULL;
  if (n == 2 && without_year (numbers[0], numbers[1], &now, &date))
    return bst_date_text (&date);
  if (n == 3 && widths[0] == 4 && make_date (numbers[0], numbers[1], numbers[2], &date))
    return bst_date_text (&date);
  if (n == 3 && widths[0] <= 2 && (widths[2] == 2 || widths[2] == 4) &&
      make_date (widths[2] == 2 ? 2000 + numbers[2] : numbers[2], numbers[1], numbers[0], &date))
    return bst_date_text (&date);
  return NULL;
}
