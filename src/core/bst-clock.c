/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "bst-clock.h"

#include <string.h>

/* GDate's count of days: of 1970-01-01, and of 9999-12-31. */
#define EPOCH_JULIAN 719163
#define LAST_JULIAN  3652059

char *
bst_instant_format (gint64 seconds)
{
  const gint64 day = 86400;
  gint64 julian = seconds / day - (seconds % day < 0) + EPOCH_JULIAN;
  gint64 second = seconds - (julian - EPOCH_JULIAN) * day;
  GDate date;

  if (julian < 1 || julian > LAST_JULIAN)
    return g_strdup ("");
  g_date_clear (&date, 1);
  g_date_set_julian (&date, (guint32) julian);
  return g_strdup_printf ("%04d-%02d-%02dT%02d:%02d:%02dZ", g_date_get_year (&date),
                          g_date_get_month (&date), g_date_get_day (&date), (int) (second / 3600),
                          (int) (second / 60 % 60), (int) (second % 60));
}

/* The @n digits at @text; -1 when they are none. */
static int
digits (const char *text, int n)
{
  int value = 0;

  for (int i = 0; i < n; i++)
    {
      if (!g_ascii_isdigit (text[i]))
        return -1;
      value = value * 10 + (text[i] - '0');
    }
  return value;
}

/* As we write them ourselves, octet by octet: what nearly all of them are. FALSE: it is left to GDateTime. */
static gboolean
parse_own (const char *text, gint64 *ret_seconds)
{
  int year = digits (text, 4);
  int month = digits (text + 5, 2);
  int day = digits (text + 8, 2);
  int hour = digits (text + 11, 2);
  int minute = digits (text + 14, 2);
  int second = digits (text + 17, 2);
  GDate date;

  if (text[4] != '-' || text[7] != '-' || text[13] != ':' || text[16] != ':' || year < 1 ||
      month < 1 || day < 1 ||
      !g_date_valid_dmy ((GDateDay) day, (GDateMonth) month, (GDateYear) year) || hour < 0 ||
      hour > 23 || minute < 0 || minute > 59 || second < 0 || second > 59)
    return FALSE;
  g_date_clear (&date, 1);
  g_date_set_dmy (&date, (GDateDay) day, (GDateMonth) month, (GDateYear) year);
  *ret_seconds = ((gint64) g_date_get_julian (&date) - EPOCH_JULIAN) * 86400 + hour * 3600 +
                 minute * 60 + second;
  return TRUE;
}

gboolean
bst_instant_parse (const char *text, gint64 *ret_seconds)
{
  g_autoptr (GDateTime) time = NULL;
  gsize len = text ? strlen (text) : 0;

  if (len < 20 || text[len - 1] != 'Z' || text[10] != 'T')
    return FALSE;
  if (len == 20 && parse_own (text, ret_seconds))
    return TRUE;
  time = g_date_time_new_from_iso8601 (text, NULL);
  if (!time)
    return FALSE;
  *ret_seconds = g_date_time_to_unix (time);
  return TRUE;
}

gint64
bst_clock_now (const BstClock *clock)
{
  return clock->now_ms (clock->closure) / 1000;
}

char *
bst_clock_now_text (const BstClock *clock)
{
  return bst_instant_format (bst_clock_now (clock));
}

char *
bst_uid_new (const BstClock *clock)
{
  static const guint8 group_ends[] = { 4, 6, 8, 10 };
  guint64 ms = (guint64) clock->now_ms (clock->closure);
  guint8 b[16];
  GString *text = g_string_sized_new (37);

  clock->fill_random (clock->closure, b, sizeof b);
  for (guint i = 0; i < 6; i++)
    b[i] = (guint8) (ms >> (8 * (5 - i)));
  b[6] = 0x70 | (b[6] & 0x0f);
  b[8] = 0x80 | (b[8] & 0x3f);
  for (guint i = 0, g = 0; i < 16; i++)
    {
      if (g < G_N_ELEMENTS (group_ends) && i == group_ends[g])
        {
          g_string_append_c (text, '-');
          g++;
        }
      g_string_append_printf (text, "%02x", b[i]);
    }
  return g_string_free (text, FALSE);
}

gboolean
bst_uid_is_valid (const char *text)
{
  static const char shape[] = "xxxxxxxx-xxxx-7xxx-vxxx-xxxxxxxxxxxx";

  if (!text || strlen (text) != sizeof shape - 1)
    return FALSE;
  for (guint i = 0; shape[i]; i++)
    {
      gboolean hex = g_ascii_isdigit (text[i]) || (text[i] >= 'a' && text[i] <= 'f');

      if (shape[i] == 'x'   ? !hex
          : shape[i] == 'v' ? !strchr ("89ab", text[i])
                            : text[i] != shape[i])
        return FALSE;
    }
  return TRUE;
}
