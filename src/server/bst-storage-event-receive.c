/* SPDX-License-Identifier: GPL-3.0-or-later */

/* What an order gets at its receipt, and by when its lines are promised from then on. */

#include "bst-storage-event-private.h"

#include "bst-request.h"
#include "bst-storage-measure.h"
#include "bst-storage-terms.h"

#include <string.h>

static GVariant *
lookup_cb (const char *type, const char *id, gpointer closure)
{
  return bst_storage_get (closure, type, id, NULL);
}

/* ---- submitting ---- */

static const char *
stale_property (const char *code)
{
  return strcmp (code, "not-yet") == 0     ? "validFrom"
         : strcmp (code, "withdrawn") == 0 ? "validTo"
                                           : code;
}

static GVariant *
stale_doc (BstStale *stale)
{
  GVariantDict dict;

  g_variant_dict_init (&dict, NULL);
  g_variant_dict_insert (&dict, "line", "s", stale->line);
  g_variant_dict_insert (&dict, "property", "s", stale_property (stale->code));
  g_variant_dict_insert (&dict, "code", "s", stale->code);
  if (stale->then)
    g_variant_dict_insert_value (&dict, "old", stale->then);
  if (stale->now)
    g_variant_dict_insert_value (&dict, "new", stale->now);
  return g_variant_dict_end (&dict);
}

static gboolean
check_stale (BstEventStep *step, const BstRequestContext *context)
{
  g_autoptr (GPtrArray) stale = bst_request_stale (step->request, context);
  g_auto (GVariantBuilder) changes = G_VARIANT_BUILDER_INIT (G_VARIANT_TYPE ("av"));
  g_autoptr (GVariant) refusal = NULL;

  if (stale->len == 0)
    return TRUE;
  for (guint i = 0; i < stale->len; i++)
    g_variant_builder_add (&changes, "v", stale_doc (stale->pdata[i]));
  refusal =
      bst_refusal_new ("catalogueChanged", "the catalogue has changed since the order was drafted");
  return bst_event_step_refuse (step,
                                bst_doc_set (refusal, "changes", g_variant_builder_end (&changes)));
}

char *
bst_storage_take_number (BstStorage *storage, gint64 year, GError **error)
{
  g_autoptr (BstStmt) stmt =
      bst_db_prepare (storage->db,
                      "INSERT INTO number (year, last) VALUES (?1, 1) "
                      "ON CONFLICT (year) DO UPDATE SET last = last + 1 RETURNING last",
                      error);
  gboolean row;
  gint64 last;

  if (!stmt)
    return NULL;
  bst_stmt_bind_int (stmt, 1, year);
  if (!bst_stmt_step (stmt, &row, error))
    return NULL;
  last = bst_stmt_int (stmt, 0);
  if (!bst_stmt_run (stmt, error))
    return NULL;
  return g_strdup_printf ("%04" G_GINT64_FORMAT "-%06" G_GINT64_FORMAT, year, last);
}

/* Counted within the year in which it was received. */
static char *
next_number (BstEventStep *step, GError **error)
{
  g_autofree char *today =
      bst_storage_today (step->storage, bst_doc_get_string (step->request, "unit"));

  return bst_storage_take_number (step->storage, g_ascii_strtoll (today, NULL, 10), error);
}

/* What the receipt gives a line: who performs it, and what is promised. */
static gboolean
receive_line (BstEventStep *step, const char *id, GError **error)
{
  g_autofree char *key = bst_path_escape (id);
  g_autofree char *path = g_strconcat ("lines/", key, NULL);
  g_autoptr (GVariant) line = bst_request_line (step->request, id);
  const char *service_id = bst_doc_get_string (line, "service");
  g_autoptr (GVariant) service =
      service_id ? bst_storage_get (step->storage, "Service", service_id, NULL) : NULL;
  const char *performer = bst_doc_get_string (service, "responsible/performer");
  GVariant *frozen = bst_storage_freeze_terms (step->storage, step->request, line, error);

  if (!frozen)
    return FALSE;
  if (performer)
    bst_doc_replace (&frozen, bst_doc_set_string (frozen, "performer", performer));
  bst_doc_replace (&step->request, bst_doc_set_take (step->request, path, frozen));
  return TRUE;
}

gboolean
bst_event_step_receive (BstEventStep *step, GError **error)
{
  BstStorage *storage = step->storage;
  const char *unit = bst_doc_get_string (step->request, "unit");
  g_autofree char *today = bst_storage_today (storage, unit);
  BstRequestContext context = { lookup_cb, storage,     bst_storage_org (storage, NULL),
                                today,     step->roles, bst_storage_agreements (storage, NULL) };
  g_autoptr (GPtrArray) problems = bst_request_problems (step->request, &context);
  g_auto (GStrv) lines = bst_request_line_ids (step->request);
  g_autofree char *number = NULL;
  GVariant *priced;

  if (!check_stale (step, &context))
    return FALSE;
  if (problems->len)
    return bst_event_step_refuse (step, bst_refusal_problems (problems));
  priced = bst_request_with_totals (step->request, error);
  if (!priced)
    return FALSE;
  bst_doc_replace (&step->request, priced);
  bst_doc_replace (&step->event,
                   bst_doc_set_bool (step->event, "data/approval",
                                     bst_request_needs_approval (step->request, &context)));
  if (!bst_doc_get_string (step->request, "number"))
    {
      number = next_number (step, error);
      if (!number)
        return FALSE;
      bst_doc_replace (&step->request, bst_doc_set_string (step->request, "number", number));
    }
  for (guint i = 0; lines[i]; i++)
    if (!receive_line (step, lines[i], error))
      return FALSE;
  return TRUE;
}

/* ---- what is due ---- */

/* All that happened to the order, with the event on its way. */
static GPtrArray *
load_events (BstEventStep *step, GError **error)
{
  GPtrArray *events = bst_storage_request_events (step->storage, step->request, error);

  if (events)
    g_ptr_array_add (events, g_variant_ref (step->event));
  return events;
}

/*
 * By when a line is promised, by the SLA clock: pauses have moved it. Before the clock has started (it waits
 * for approval) it is what it would be if it started now. When it was delivered: corrections may have moved that.
 */
static GVariant *
with_line_due (BstEventStep *step, const char *id, GVariant *line, GPtrArray *events)
{
  g_autoptr (GArray) steps = bst_sla_steps (step->request, id, events);
  g_autoptr (GVariant) dated = g_variant_ref (line);
  gint64 now = bst_clock_now (step->storage->clock);
  g_autofree char *due = NULL;
  g_autofree char *stopped = NULL;
  BstSlaTerms terms;
  BstCalendar *calendar;
  BstSla sla;

  bst_case_terms (line, bst_storage_calendar, step->storage, &terms);
  bst_sla_judge ((const BstSlaStep *) steps->data, steps->len, &terms, now, &sla);
  if (sla.verdict == BST_SLA_NOT_STARTED)
    sla.due =
        bst_promise_due_at (terms.promise, now, bst_storage_calendar, step->storage, &calendar);
  bst_case_terms_clear (&terms);
  due = sla.due == BST_CALENDAR_NEVER ? NULL : bst_instant_format (sla.due);
  if (due)
    bst_doc_replace (&dated, bst_doc_set_string (dated, "due", due));
  if (sla.stopped && bst_doc_has (dated, "deliveredAt"))
    {
      stopped = bst_instant_format (sla.stopped);
      bst_doc_replace (&dated, bst_doc_set_string (dated, "deliveredAt", stopped));
    }
  return g_steal_pointer (&dated);
}

static gboolean
set_dues (BstEventStep *step, GError **error)
{
  g_auto (GStrv) lines = bst_request_line_ids (step->request);
  g_autoptr (GPtrArray) events = load_events (step, error);

  for (guint i = 0; events && lines[i]; i++)
    {
      g_autofree char *key = bst_path_escape (lines[i]);
      g_autofree char *path = g_strconcat ("lines/", key, NULL);
      g_autoptr (GVariant) line = bst_request_line (step->request, lines[i]);

      bst_doc_replace (
          &step->request,
          bst_doc_set_take (step->request, path, with_line_due (step, lines[i], line, events)));
    }
  return events != NULL;
}

/* The latest of the lines that are still to be delivered. */
static GVariant *
with_due (GVariant *request)
{
  g_auto (GStrv) lines = bst_request_line_ids (request);
  g_autofree char *latest = NULL;

  for (guint i = 0; lines[i]; i++)
    {
      g_autoptr (GVariant) line = bst_request_line (request, lines[i]);
      const char *due = bst_doc_get_string (line, "due");
      BstState state = bst_state_from_name (bst_doc_get_string (line, "state"));

      if (!due || state == BST_STATE_DELIVERED || bst_state_is_over (state))
        continue;
      if (!latest || strcmp (due, latest) > 0)
        {
          g_free (latest);
          latest = g_strdup (due);
        }
    }
  return bst_doc_set_string (request, "due", latest);
}

gboolean
bst_event_step_set_due (BstEventStep *step, GError **error)
{
  if (!set_dues (step, error))
    return FALSE;
  bst_doc_replace (&step->request, with_due (step->request));
  return TRUE;
}
