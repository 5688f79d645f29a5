/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "bst-format.h"

#include "bst-date.h"
#include "bst-month.h"
#include "bst-text.h"

#include <math.h>
#include <string.h>

#define NBSP "\u00a0"

typedef struct
{
  const char *code;
  const char *group;
  const char *point;
  const char *minus;
  const char *percent; /* after the number */
  const char *day_dot; /* "24." or "24" */
  const char *clock;   /* between hours and minutes */
  const char *at;      /* between day and time */
  const char *short_separator;
  const char *months[12];
  const char *brief_months[12];
  const char *weekdays[7];
  const char *brief_weekdays[7];
} Language;

/* clang-format off */
#define NORDIC_MONTHS_NO                                                                           \
  { "januar", "februar", "mars", "april", "mai", "juni", "juli", "august", "september", "oktober", "november", "desember" }
#define BRIEF_MONTHS_NO                                                                            \
  { "jan.", "feb.", "mars", "apr.", "mai", "juni", "juli", "aug.", "sep.", "okt.", "nov.", "des." }

static const Language languages[] = {
  {
      "da", ".", ",", "-", NBSP "%", ".", ".", " kl. ", ".",
      { "januar", "februar", "marts", "april", "maj", "juni", "juli", "august", "september", "oktober", "november", "december" },
      { "jan.", "feb.", "mar.", "apr.", "maj", "jun.", "jul.", "aug.", "sep.", "okt.", "nov.", "dec." },
      { "mandag", "tirsdag", "onsdag", "torsdag", "fredag", "lørdag", "søndag" },
      { "man.", "tir.", "ons.", "tor.", "fre.", "lør.", "søn." },
  },
  {
      "nb", NBSP, ",", "−", NBSP "%", ".", ":", " kl. ", ".", NORDIC_MONTHS_NO, BRIEF_MONTHS_NO,
      { "mandag", "tirsdag", "onsdag", "torsdag", "fredag", "lørdag", "søndag" },
      { "man.", "tir.", "ons.", "tor.", "fre.", "lør.", "søn." },
  },
  {
      "nn", NBSP, ",", "−", NBSP "%", ".", ":", " kl. ", ".", NORDIC_MONTHS_NO, BRIEF_MONTHS_NO,
      { "måndag", "tysdag", "onsdag", "torsdag", "fredag", "laurdag", "søndag" },
      { "mån.", "tys.", "ons.", "tor.", "fre.", "lau.", "søn." },
  },
  {
      "en", ",", ".", "-", "%", "", ":", " ", "/",
      { "January", "February", "March", "April", "May", "June", "July", "August", "September", "October", "November", "December" },
      { "Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec" },
      { "Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday" },
      { "Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun" },
  },
};
/* clang-format on */

static const Language *
find_language (const char *code)
{
  const char *known = bst_text_language (code);

  for (gsize i = 0; i < G_N_ELEMENTS (languages); i++)
    if (strcmp (languages[i].code, known) == 0)
      return &languages[i];
  g_assert_not_reached ();
}

const char *
bst_format_language (const char *language)
{
  return find_language (language)->code;
}

const char *
bst_format_decimal_point (const char *language)
{
  return find_language (language)->point;
}

const char *
bst_format_minus (const char *language)
{
  return find_language (language)->minus;
}

static char *
group_digits (const char *digits, const char *separator)
{
  GString *grouped = g_string_new (NULL);
  gsize length = strlen (digits);

  for (gsize i = 0; i < length; i++)
    {
      if (i > 0 && (length - i) % 3 == 0)
        g_string_append (grouped, separator);
      g_string_append_c (grouped, digits[i]);
    }
  return g_string_free (grouped, FALSE);
}

char *
bst_format_int (gint64 value, const char *language)
{
  const Language *how = find_language (language);
  guint64 size = value < 0 ? (guint64) 0 - (guint64) value : (guint64) value;
  g_autofree char *digits = g_strdup_printf ("%" G_GUINT64_FORMAT, size);
  g_autofree char *grouped = group_digits (digits, how->group);

  return g_strconcat (value < 0 ? how->minus : "", grouped, NULL);
}

char *
bst_format_decimal (double value, int decimals, const char *language)
{
  const Language *how = find_language (language);
  int places = CLAMP (decimals, 0, 6);
  double scale = pow (10.0, places);
  /* What is a tie on paper (0.285) is a hair below it in binary; the hair is added back. */
  double scaled = round (fabs (value) * scale * (1.0 + 1e-14));
  g_autofree char *whole = NULL;
  g_autofree char *grouped = NULL;
  guint64 units;

  if (!(scaled < 9e15))
    return g_strdup ("–");
  units = (guint64) scaled;
  whole = g_strdup_printf ("%" G_GUINT64_FORMAT, units / (guint64) scale);
  grouped = group_digits (whole, how->group);
  return places == 0
             ? g_strdup_printf ("%s%s", value < 0 && units ? how->minus : "", grouped)
             : g_strdup_printf ("%s%s%s%0*" G_GUINT64_FORMAT, value < 0 && units ? how->minus : "",
                                grouped, how->point, places, units % (guint64) scale);
}

char *
bst_format_percent (double percent, int decimals, const char *language)
{
  g_autofree char *number = bst_format_decimal (percent, decimals, language);

  return g_strconcat (number, find_language (language)->percent, NULL);
}

static char *
format_day (const GDate *date, BstDateStyle style, const Language *how)
{
  int day = g_date_get_day (date);
  int month = g_date_get_month (date) - 1;
  int year = g_date_get_year (date);
  int weekday = g_date_get_weekday (date) - 1;

  switch (style)
    {
    case BST_DATE_LONG:
      return g_strdup_printf ("%s %d%s %s %d", how->weekdays[weekday], day, how->day_dot,
                              how->months[month], year);
    case BST_DATE_DAY:
      return g_strdup_printf ("%s %d%s %s", how->weekdays[weekday], day, how->day_dot,
                              how->months[month]);
    case BST_DATE_MEDIUM:
      return g_strdup_printf ("%d%s %s %d", day, how->day_dot, how->months[month], year);
    case BST_DATE_BRIEF:
      return g_strdup_printf ("%s %d%s %s", how->brief_weekdays[weekday], day, how->day_dot,
                              how->brief_months[month]);
    case BST_DATE_SHORT:
    default:
      return g_strdup_printf ("%02d%s%02d%s%04d", day, how->short_separator, month + 1,
                              how->short_separator, year);
    }
}

char *
bst_format_date (const char *date, BstDateStyle style, const char *language)
{
  GDate day;

  if (!bst_date_parse (date, &day))
    return g_strdup (date);
  return format_day (&day, style, find_language (language));
}

char *
bst_format_instant_date (gint64 instant, GTimeZone *zone, BstDateStyle style, const char *language)
{
  g_autofree char *date = bst_date_of_instant (instant, zone);

  return bst_format_date (date, style, language);
}

char *
bst_format_time (gint64 instant, GTimeZone *zone, const char *language)
{
  g_autoptr (GDateTime) utc = g_date_time_new_from_unix_utc (instant);
  g_autoptr (GDateTime) local = utc ? g_date_time_to_timezone (utc, zone) : NULL;

  if (!local)
    return g_strdup ("–");
  return g_strdup_printf ("%02d%s%02d", g_date_time_get_hour (local),
                          find_language (language)->clock, g_date_time_get_minute (local));
}

char *
bst_format_moment (gint64 instant, GTimeZone *zone, BstDateStyle style, const char *language)
{
  g_autofree char *date = bst_format_instant_date (instant, zone, style, language);
  g_autofree char *time = bst_format_time (instant, zone, language);

  return g_strconcat (date, style == BST_DATE_SHORT ? " " : find_language (language)->at, time,
                      NULL);
}

char *
bst_format_month (const char *month, const char *language)
{
  g_autofree char *first = g_strconcat (month, "-01", NULL);
  GDate day;

  if (!bst_date_parse (first, &day))
    return g_strdup (month);
  return g_strdup_printf ("%s %d", find_language (language)->months[g_date_get_month (&day) - 1],
                          g_date_get_year (&day));
}

const char *
bst_format_month_name (int month, const char *language)
{
  g_return_val_if_fail (month >= 1 && month <= 12, "");
  return find_language (language)->months[month - 1];
}

const char *
bst_format_weekday_name (int weekday, const char *language)
{
  g_return_val_if_fail (weekday >= 1 && weekday <= 7, "");
  return find_language (language)->weekdays[weekday - 1];
}

const char *
bst_format_month_brief (const char *month, const char *language)
{
  int number;

  if (!bst_month_parse (month, NULL, &number))
    return month;
  return find_language (language)->brief_months[number - 1];
}
