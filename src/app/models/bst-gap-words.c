/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "bst-config.h"

#include "bst-gap-words.h"

#include <glib/gi18n.h>

#include "bst-format.h"
#include "bst-offer.h"

#include <string.h>

char *
bst_gap_text (const BstGap *gap)
{
  g_autoptr (GVariant) needed = NULL;
  g_autofree char *text = NULL;

  switch (gap->kind)
    {
    case BST_GAP_NONE:
      return g_strdup (_ ("The steps behind it keep it"));
    case BST_GAP_NO_CHAIN:
      return g_strdup (_ ("No performer has agreed on a step behind it"));
    case BST_GAP_CIRCLE:
      return g_strdup (_ ("The steps behind it wait for each other"));
    case BST_GAP_UNKNOWN:
      return g_strdup (_ ("A step behind it says no time"));
    case BST_GAP_TOO_SLOW:
    default:
      needed = bst_doc_set_int (gap->promise, "value", gap->needs);
      text = bst_offer_promise_text (needed);
      /* Translators: %s is a time: "4 working days". */
      return g_strdup_printf (_ ("The steps behind it need %s"), text);
    }
}

char *
bst_gap_when_text (const BstGap *gap, GTimeZone *zone, const char *language)
{
  g_autoptr (GDateTime) utc = NULL;
  g_autoptr (GDateTime) local = NULL;
  g_autofree char *time = NULL;

  if (gap->kind != BST_GAP_TOO_SLOW)
    return NULL;
  utc = g_date_time_new_from_unix_utc (gap->received);
  local = g_date_time_to_timezone (utc, zone);
  time = bst_format_time (gap->received, zone, language);
  /* Translators: a weekday and a time: "Friday 15:00". */
  return g_strdup_printf (_ ("Longest for what comes %s %s"),
                          bst_format_weekday_name (g_date_time_get_day_of_week (local), language),
                          time);
}

/* "08:00", and "24:00" for the end of the day. */
static char *
minute_text (int minutes, const char *language)
{
  g_autoptr (GTimeZone) utc = g_time_zone_new_utc ();

  if (minutes < 1440)
    return bst_format_time (minutes * 60, utc, language);
  return g_strdup (g_str_equal (bst_format_language (language), "da") ? "24.00" : "24:00");
}

/* The hours of one weekday; "" when there are none. */
static char *
day_text (const BstGap *gap, const char *key, int weekday, const char *language)
{
  GString *text = g_string_new (NULL);

  for (guint i = 0; i < gap->off_duty->len; i++)
    {
      const BstOffDuty *off = gap->off_duty->pdata[i];
      g_autofree char *from = minute_text (off->from, language);
      g_autofree char *to = minute_text (off->to, language);

      if (off->weekday == weekday && g_str_equal (off->key, key))
        g_string_append_printf (text, "%s%s–%s", text->len > 0 ? ", " : "", from, to);
    }
  return g_string_free (text, FALSE);
}

char *
bst_gap_off_duty_text (const BstGap *gap, const char *key, const char *language)
{
  g_autoptr (GString) text = g_string_new (NULL);
  char *days[8] = { NULL };

  for (int day = 1; day <= 7; day++)
    days[day] = day_text (gap, key, day, language);
  for (int first = 1, last; first <= 7; first = last + 1)
    {
      for (last = first; last < 7 && g_str_equal (days[last + 1], days[first]);)
        last++;
      if (!*days[first])
        continue;
      g_string_append (text, text->len > 0 ? " · " : "");
      g_string_append (text, bst_format_weekday_name (first, language));
      if (last > first)
        g_string_append_printf (text, "–%s", bst_format_weekday_name (last, language));
      g_string_append_printf (text, " %s", days[first]);
    }
  for (int day = 1; day <= 7; day++)
    g_free (days[day]);
  return text->len > 0 ? g_strdup (text->str) : NULL;
}
