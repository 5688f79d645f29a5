/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "bst-due-reasons.h"

#include <glib/gi18n.h>

#include "bst-date.h"
#include "bst-format.h"
#include "bst-text.h"

#define MAX_DAYS  370
#define MAX_LINES 12

static void
add_stretch (GStrvBuilder *out,
             const GDate *first,
             const GDate *last,
             const char *name,
             const char *language)
{
  g_autofree char *first_date = bst_date_text (first);
  g_autofree char *last_date = bst_date_text (last);
  g_autofree char *first_text = bst_format_date (first_date, BST_DATE_BRIEF, language);
  g_autofree char *last_text = bst_format_date (last_date, BST_DATE_BRIEF, language);
  const char *why = name ? name : _ ("closed");
  g_autofree char *line = NULL;

  if (g_date_compare (first, last) == 0)
    /* Translators: a day, and why nothing is done on it. */
    line = g_strdup_printf (_ ("%s: %s"), first_text, why);
  else
    /* Translators: first day, last day, and why nothing is done on them. */
    line = g_strdup_printf (_ ("%s – %s: %s"), first_text, last_text, why);
  g_strv_builder_add (out, line);
}

char **
bst_due_reasons (BstCalendar *calendar, gint64 from, gint64 due, const char *language)
{
  g_autoptr (GStrvBuilder) out = g_strv_builder_new ();
  GTimeZone *zone = bst_calendar_zone (calendar);
  g_autofree char *first_text = bst_date_of_instant (from, zone);
  g_autofree char *last_text = bst_date_of_instant (due, zone);
  GDate day, last, began, ended;
  const char *began_name = NULL;
  gboolean inside = FALSE;
  int lines = 0;

  if (due == BST_CALENDAR_NEVER || !bst_date_parse (first_text, &day) ||
      !bst_date_parse (last_text, &last))
    return g_strv_builder_end (out);
  for (int i = 0; i < MAX_DAYS && lines < MAX_LINES && g_date_compare (&day, &last) <= 0;
       i++, g_date_add_days (&day, 1))
    {
      GVariant *name_doc = NULL;
      gboolean closed = bst_calendar_is_closed_day (calendar, &day, &name_doc);
      const char *name = closed && name_doc ? bst_text_pick (name_doc, NULL, language) : NULL;

      if (inside && (!closed || g_strcmp0 (name, began_name) != 0))
        {
          add_stretch (out, &began, &ended, began_name, language);
          inside = FALSE;
          lines++;
        }
      if (closed && !inside)
        {
          inside = TRUE;
          began = day;
          began_name = name;
        }
      ended = day;
    }
  if (inside)
    add_stretch (out, &began, &ended, began_name, language);
  return g_strv_builder_end (out);
}
