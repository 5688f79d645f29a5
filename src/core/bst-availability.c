/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Opening hours without disturbance. */

#include "bst-measure.h"

#include "bst-clock.h"
#include "bst-doc.h"
#include "bst-month.h"

#include <math.h>

/* Whether the list at @path is empty, or names @id, or (@org) a unit above it. */
static gboolean
names (GVariant *notice, const char *path, BstOrg *org, const char *id)
{
  g_auto (GStrv) named = bst_doc_get_strv (notice, path);

  for (guint i = 0; named[i]; i++)
    if (org ? bst_org_is_within (org, id, named[i]) : g_strcmp0 (named[i], id) == 0)
      return TRUE;
  return !named[0];
}

/* The part of a disturbance within the month; FALSE when none counts. */
static gboolean
part_within (GVariant *notice, gint64 now, BstOpening *month)
{
  const BstOpening whole = *month;
  gint64 from;
  gint64 to;

  if (g_strcmp0 (bst_doc_get_string (notice, "kind"), "disturbance") != 0 ||
      !bst_instant_parse (bst_doc_get_string (notice, "from"), &from))
    return FALSE;
  if (!bst_instant_parse (bst_doc_get_string (notice, "to"), &to))
    {
      if (whole.to > now)
        return FALSE;
      to = whole.to;
    }
  *month = (BstOpening){ MAX (whole.from, from), MIN (whole.to, to) };
  return month->from < month->to;
}

static gint
compare_parts (gconstpointer a, gconstpointer b)
{
  const BstOpening *one = a;
  const BstOpening *other = b;

  return (one->from > other->from) - (one->from < other->from);
}

/* Those that overlap count once. */
static gint64
disturbed_seconds (GArray *parts, BstCalendar *calendar)
{
  gint64 sum = 0;
  gint64 done = G_MININT64;

  g_array_sort (parts, compare_parts);
  for (guint i = 0; i < parts->len; i++)
    {
      const BstOpening *part = &g_array_index (parts, BstOpening, i);

      if (part->to <= done)
        continue;
      sum += bst_calendar_elapsed (calendar, MAX (done, part->from), part->to);
      done = part->to;
    }
  return sum;
}

/* The seconds in which it is open; 0: it is not, or there is no such month. */
static gint64
open_seconds (BstCalendar *calendar, const char *month, BstOpening *ret_whole)
{
  return bst_month_bounds (month, bst_calendar_zone (calendar), &ret_whole->from, &ret_whole->to)
             ? bst_calendar_elapsed (calendar, ret_whole->from, ret_whole->to)
             : 0;
}

double
bst_availability_undisturbed (BstCalendar *calendar, const char *month)
{
  BstOpening whole;

  return open_seconds (calendar, month, &whole) ? 100 : -1;
}

gboolean
bst_availability_is_disturbed (const BstAvailability *availability,
                               const char *service,
                               BstCalendar *calendar,
                               const char *month)
{
  BstOpening whole;

  if (!open_seconds (calendar, month, &whole))
    return FALSE;
  for (guint i = 0; i < availability->notices->len; i++)
    {
      GVariant *notice = availability->notices->pdata[i];
      BstOpening part = whole;

      if (part_within (notice, availability->now, &part) &&
          names (notice, "services", NULL, service))
        return TRUE;
    }
  return FALSE;
}

double
bst_availability (const BstAvailability *availability,
                  BstOrg *org,
                  const char *unit,
                  const char *service,
                  BstCalendar *calendar,
                  const char *month)
{
  g_autoptr (GArray) parts = g_array_new (FALSE, FALSE, sizeof (BstOpening));
  BstOpening whole;
  gint64 open = open_seconds (calendar, month, &whole);

  if (open == 0)
    return -1;
  for (guint i = 0; i < availability->notices->len; i++)
    {
      GVariant *notice = availability->notices->pdata[i];
      BstOpening part = whole;

      if (part_within (notice, availability->now, &part) &&
          names (notice, "services", NULL, service) && names (notice, "units", org, unit))
        g_array_append_val (parts, part);
    }
  return round (1e5 * (1 - (double) disturbed_seconds (parts, calendar) / (double) open)) / 1e3;
}
