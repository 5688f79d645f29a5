/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "bst-case-view.h"

void
bst_case_view_free (BstCaseView *view)
{
  g_variant_unref (view->request);
  g_ptr_array_unref (view->events);
  g_free (view->line);
  g_clear_pointer (&view->steps, g_array_unref);
  g_clear_pointer (&view->stretches, g_array_unref);
  g_clear_pointer (&view->turns, g_array_unref);
  g_free (view);
}

static BstCalendar *
look_up (const char *id, gpointer records)
{
  return bst_records_calendar (records, id);
}

/* Without it the case would be counted round the clock for a moment. */
static gboolean
calendar_is_here (GVariant *request, const char *line, BstRecords *records)
{
  g_autofree char *key = bst_path_escape (line);
  g_autofree char *path = g_strdup_printf ("lines/%s/promise/calendar", key);
  const char *id = bst_doc_get_string (request, path);

  return !id || bst_records_calendar (records, id);
}

BstCaseView *
bst_case_view_new (GVariant *request,
                   const char *line,
                   GPtrArray *events,
                   BstRecords *records,
                   GTimeZone *zone,
                   gint64 now)
{
  g_autoptr (BstCaseView) view = g_new0 (BstCaseView, 1);
  BstSla *sla = &view->sla;

  view->request = g_variant_ref (request);
  view->events = g_ptr_array_ref (events);
  view->line = g_strdup (line);
  view->steps = bst_sla_steps (request, line, events);
  if (!calendar_is_here (request, line, records) ||
      !bst_case_judge (request, view->line, view->steps, look_up, records, zone, now, &view->found,
                       sla))
    return NULL;
  view->stretches = bst_sla_explain ((const BstSlaStep *) (gpointer) view->steps->data,
                                     view->steps->len, sla->calendar, now);
  view->turns = bst_turns (view->stretches, sla->calendar);
  view->cause = bst_cause_of (view->turns);
  if (sla->verdict == BST_SLA_BREACHED)
    {
      gint64 end = sla->stopped ? sla->stopped : now;

      view->late =
          sla->calendar ? bst_calendar_elapsed (sla->calendar, sla->due, end) : end - sla->due;
    }
  return g_steal_pointer (&view);
}
