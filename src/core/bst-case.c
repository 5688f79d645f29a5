/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "bst-case.h"

#include "bst-clock.h"
#include "bst-doc.h"
#include "bst-month.h"
#include "bst-request.h"

#include <string.h>

/* ---- verdicts ---- */

static const char *const verdict_names[] = {
  [BST_SLA_NOT_STARTED] = "not-started", [BST_SLA_RUNNING] = "running",
  [BST_SLA_PAUSED] = "paused",           [BST_SLA_MET] = "met",
  [BST_SLA_BREACHED] = "breached",       [BST_SLA_ENDED] = "ended",
};

const char *
bst_case_verdict_name (BstSlaVerdict verdict)
{
  return verdict_names[verdict];
}

gboolean
bst_case_verdict_from_name (const char *name, BstSlaVerdict *ret_verdict)
{
  for (guint i = 0; name && i < G_N_ELEMENTS (verdict_names); i++)
    if (strcmp (verdict_names[i], name) == 0)
      {
        *ret_verdict = (BstSlaVerdict) i;
        return TRUE;
      }
  return FALSE;
}

/* ---- a case ---- */

static GVariant *
part_of (GVariant *line, const char *name)
{
  return g_variant_lookup_value (line, name, G_VARIANT_TYPE_VARDICT);
}

void
bst_case_terms (GVariant *line, BstCalendarLookup lookup, gpointer closure, BstSlaTerms *ret_terms)
{
  *ret_terms =
      (BstSlaTerms){ part_of (line, "promise"), part_of (line, "respond"), 0, lookup, closure };
  bst_instant_parse (bst_doc_get_string (line, "fixedDue"), &ret_terms->fixed_due);
}

void
bst_case_terms_clear (BstSlaTerms *terms)
{
  g_clear_pointer (&terms->promise, g_variant_unref);
  g_clear_pointer (&terms->respond, g_variant_unref);
}

static gboolean
was_delivered (GVariant *line)
{
  BstState state = bst_state_from_name (bst_doc_get_string (line, "state"));

  return state == BST_STATE_DELIVERED || state == BST_STATE_CLOSED;
}

/* Whether the order's rating counts at @id. */
static gboolean
bears_rating (GVariant *request, const char *id)
{
  g_auto (GStrv) ids = bst_request_line_ids (request);

  for (guint i = 0; ids[i]; i++)
    {
      g_autoptr (GVariant) line = bst_request_line (request, ids[i]);

      if (was_delivered (line))
        return strcmp (ids[i], id) == 0;
    }
  return FALSE;
}

static int
stars_of (GVariant *request, const char *id)
{
  gint64 stars = bst_doc_get_int (request, "rating/stars", 0);

  return stars >= 1 && stars <= 5 && bears_rating (request, id) ? (int) stars : 0;
}

static gint64
next_wake (const BstSla *sla, gint64 now)
{
  gint64 wakes = BST_CALENDAR_NEVER;

  if (sla->verdict == BST_SLA_RUNNING && sla->due >= now)
    wakes = sla->due;
  if (sla->response_verdict == BST_SLA_RUNNING && sla->response_due >= now)
    wakes = MIN (wakes, sla->response_due);
  return wakes;
}

static void
set_month (BstCase *ret_case, gint64 instant, GTimeZone *zone)
{
  g_autofree char *month = bst_month_of_instant (instant, zone);

  g_strlcpy (ret_case->month, month, sizeof ret_case->month);
}

static void
count (BstCase *ret_case, const BstSla *sla, GTimeZone *zone)
{
  gboolean delivered =
      sla->stopped && (sla->verdict == BST_SLA_MET || sla->verdict == BST_SLA_BREACHED);

  ret_case->month[0] = '\0';
  if (delivered)
    set_month (ret_case, sla->stopped, zone);
  else if (sla->verdict == BST_SLA_BREACHED)
    set_month (ret_case, sla->due, zone);
  ret_case->first_time = delivered && sla->disputes == 0;
}

static const char *
string_or (GVariant *doc, const char *name, const char *otherwise)
{
  const char *text = bst_doc_get_string (doc, name);

  return text ? text : otherwise;
}

gboolean
bst_case_facts (GVariant *request, const char *line_id, BstCaseFacts *ret_facts)
{
  g_autoptr (GVariant) line = bst_request_line (request, line_id);
  BstSlaTerms terms;

  if (!line)
    return FALSE;
  bst_case_terms (line, NULL, NULL, &terms);
  *ret_facts = (BstCaseFacts){
    .request = string_or (request, "id", ""),
    .line = line_id,
    .unit = string_or (request, "unit", ""),
    .service = string_or (line, "service", ""),
    .performer = bst_doc_get_string (line, "performer"),
    .channel = string_or (request, "channel", "app"),
    .area = bst_doc_get_string (request, "area"),
    .promise = terms.promise,
    .respond = terms.respond,
    .fixed_due = terms.fixed_due,
    .stars = stars_of (request, line_id),
  };
  return TRUE;
}

void
bst_case_facts_clear (BstCaseFacts *facts)
{
  g_clear_pointer (&facts->promise, g_variant_unref);
  g_clear_pointer (&facts->respond, g_variant_unref);
}

gboolean
bst_case_count (const BstCaseFacts *facts,
                GArray *steps,
                BstCalendarLookup lookup,
                gpointer closure,
                GTimeZone *zone,
                gint64 now,
                BstCase *ret_case,
                BstSla *ret_sla)
{
  const BstSlaTerms terms = { facts->promise, facts->respond, facts->fixed_due, lookup, closure };
  BstSla sla;

  bst_sla_judge ((const BstSlaStep *) (gpointer) steps->data, steps->len, &terms, now, &sla);
  if (ret_sla)
    *ret_sla = sla;
  if (sla.verdict == BST_SLA_NOT_STARTED)
    return FALSE;
  *ret_case = (BstCase){
    .request = facts->request,
    .line = facts->line,
    .unit = facts->unit,
    .service = facts->service,
    .performer = facts->performer,
    .channel = facts->channel,
    .area = facts->area,
    .started = sla.started,
    .stopped = sla.stopped,
    .due = sla.due,
    .responded = sla.responded,
    .response_due = sla.response_due,
    .elapsed = sla.elapsed,
    .paused = sla.paused,
    .verdict = sla.verdict,
    .response_verdict = sla.response_verdict,
    .stars = facts->stars,
    .wakes = next_wake (&sla, now),
  };
  count (ret_case, &sla, zone);
  return TRUE;
}

gboolean
bst_case_judge (GVariant *request,
                const char *line,
                GArray *steps,
                BstCalendarLookup lookup,
                gpointer closure,
                GTimeZone *zone,
                gint64 now,
                BstCase *ret_case,
                BstSla *ret_sla)
{
  g_auto (BstCaseFacts) facts = { NULL };

  return bst_case_facts (request, line, &facts) &&
         bst_case_count (&facts, steps, lookup, closure, zone, now, ret_case, ret_sla);
}

gboolean
bst_case_compute (GVariant *request,
                  const char *line,
                  GPtrArray *events,
                  BstCalendarLookup lookup,
                  gpointer closure,
                  GTimeZone *zone,
                  gint64 now,
                  BstCase *ret_case)
{
  g_autoptr (GArray) steps = bst_sla_steps (request, line, events);

  return bst_case_judge (request, line, steps, lookup, closure, zone, now, ret_case, NULL);
}
