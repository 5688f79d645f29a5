/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "bst-sla.h"

#include "bst-clock.h"
#include "bst-doc.h"

#include <string.h>

/* A stretch of the case before opening hours are looked at. */
typedef struct
{
  gint64 from;
  gint64 to;
  const BstSlaStep *cause; /* the step that began it */
  BstStretchKind kind;
} Phase;

static gint
compare_steps (gconstpointer a, gconstpointer b)
{
  const BstSlaStep *one = *(const BstSlaStep *const *) a;
  const BstSlaStep *other = *(const BstSlaStep *const *) b;

  return (one->sequence > other->sequence) - (one->sequence < other->sequence);
}

static GPtrArray *
in_order (const BstSlaStep *steps, gsize n_steps)
{
  GPtrArray *sorted = g_ptr_array_sized_new ((guint) n_steps);

  for (gsize i = 0; i < n_steps; i++)
    g_ptr_array_add (sorted, (gpointer) &steps[i]);
  g_ptr_array_sort (sorted, compare_steps);
  return sorted;
}

static BstStretchKind
kind_after (const BstSlaStep *step)
{
  return step->effect == BST_CLOCK_RUNS     ? BST_STRETCH_RUNNING
         : step->effect == BST_CLOCK_PAUSES ? BST_STRETCH_PAUSED
                                            : BST_STRETCH_DELIVERED;
}

/*
 * The phases from the start to the end of the case, or @now. A step's time is never before that of the
 * step received ahead of it: clocks that jump back take nothing from anybody.
 */
static GArray *
make_phases (GPtrArray *sorted, gint64 now, const BstSlaStep **ret_last)
{
  GArray *phases = g_array_new (FALSE, FALSE, sizeof (Phase));
  const BstSlaStep *last = NULL;
  gint64 at = 0;

  for (guint i = 0; i < sorted->len; i++)
    {
      const BstSlaStep *step = sorted->pdata[i];
      Phase phase;

      if (step->effect == BST_CLOCK_KEEPS || (!last && step->effect != BST_CLOCK_RUNS))
        continue;
      if (last && last->effect == BST_CLOCK_STOPS && step->effect != BST_CLOCK_RUNS)
        continue;
      phase =
          (Phase){ at, MAX (step->at, at), last, last ? kind_after (last) : BST_STRETCH_RUNNING };
      if (last)
        g_array_append_val (phases, phase);
      at = last ? MAX (step->at, at) : step->at;
      last = step;
    }
  if (last && last->effect != BST_CLOCK_STOPS)
    {
      Phase phase = { at, MAX (now, at), last, kind_after (last) };

      g_array_append_val (phases, phase);
    }
  *ret_last = last;
  return phases;
}

/* Opening hours that a pause takes move what was due. */
static void
add_pause (BstSla *sla, const Phase *phase, BstCalendar *calendar)
{
  gint64 taken = bst_calendar_elapsed (calendar, phase->from, phase->to);

  if (phase->kind == BST_STRETCH_PAUSED)
    sla->paused += taken;
  if (sla->due != BST_CALENDAR_NEVER && phase->from <= sla->due && taken > 0)
    sla->due = bst_calendar_due (calendar, sla->due, taken);
}

static BstSlaVerdict
judge (const BstSla *sla, const BstSlaStep *last, gint64 now)
{
  gboolean late = sla->due != BST_CALENDAR_NEVER && (sla->stopped ? sla->stopped : now) > sla->due;

  if (last->effect == BST_CLOCK_STOPS && !last->delivers)
    return BST_SLA_ENDED;
  if (late)
    return BST_SLA_BREACHED;
  return sla->stopped                       ? BST_SLA_MET
         : last->effect == BST_CLOCK_PAUSES ? BST_SLA_PAUSED
                                            : BST_SLA_RUNNING;
}

void
bst_sla_compute (const BstSlaStep *steps,
                 gsize n_steps,
                 BstCalendar *calendar,
                 GVariant *promise,
                 gint64 now,
                 BstSla *ret_sla)
{
  g_autoptr (GPtrArray) sorted = in_order (steps, n_steps);
  const BstSlaStep *last;
  g_autoptr (GArray) phases = make_phases (sorted, now, &last);

  *ret_sla = (BstSla){ .due = BST_CALENDAR_NEVER, .verdict = BST_SLA_NOT_STARTED };
  if (phases->len == 0)
    return;
  ret_sla->started = g_array_index (phases, Phase, 0).from;
  if (promise)
    ret_sla->due = bst_promise_due (promise, calendar, ret_sla->started);
  for (guint i = 0; i < phases->len; i++)
    {
      const Phase *phase = &g_array_index (phases, Phase, i);

      if (phase->kind == BST_STRETCH_RUNNING)
        ret_sla->elapsed += bst_calendar_elapsed (calendar, phase->from, phase->to);
      else
        add_pause (ret_sla, phase, calendar);
      ret_sla->disputes += phase->kind == BST_STRETCH_DELIVERED;
    }
  if (last->effect == BST_CLOCK_STOPS)
    ret_sla->stopped = g_array_index (phases, Phase, phases->len - 1).to;
  ret_sla->verdict = judge (ret_sla, last, now);
}

static void
add_stretch (GArray *stretches, const Phase *phase, gint64 from, gint64 to, BstStretchKind kind)
{
  BstStretch stretch = { from, to, kind, NULL, NULL };

  if (from >= to)
    return;
  if (kind == BST_STRETCH_PAUSED)
    {
      stretch.waiting_for = phase->cause->waiting_for;
      stretch.reason = phase->cause->reason;
    }
  g_array_append_val (stretches, stretch);
}

GArray *
bst_sla_explain (const BstSlaStep *steps, gsize n_steps, BstCalendar *calendar, gint64 now)
{
  g_autoptr (GPtrArray) sorted = in_order (steps, n_steps);
  const BstSlaStep *last;
  g_autoptr (GArray) phases = make_phases (sorted, now, &last);
  GArray *stretches = g_array_new (FALSE, FALSE, sizeof (BstStretch));

  for (guint i = 0; i < phases->len; i++)
    {
      const Phase *phase = &g_array_index (phases, Phase, i);
      g_autoptr (GArray) openings = bst_calendar_openings (calendar, phase->from, phase->to);
      gint64 at = phase->from;

      if (phase->kind != BST_STRETCH_RUNNING)
        {
          add_stretch (stretches, phase, phase->from, phase->to, phase->kind);
          continue;
        }
      for (guint j = 0; j < openings->len; j++)
        {
          const BstOpening *opening = &g_array_index (openings, BstOpening, j);

          add_stretch (stretches, phase, at, opening->from, BST_STRETCH_CLOSED);
          add_stretch (stretches, phase, opening->from, opening->to, BST_STRETCH_RUNNING);
          at = opening->to;
        }
      add_stretch (stretches, phase, at, phase->to, BST_STRETCH_CLOSED);
    }
  return stretches;
}

/* ---- from documents ---- */

/* The order as it was before anything happened to it. */
static GVariant *
as_drafted (GVariant *request)
{
  static const char *const done[] = { "state",  "waitingFor", "submittedAt",  "approvals",
                                      "rating", "reason",     "eventSequence" };
  static const char *const done_to_line[] = { "state", "waitingFor", "deliveredAt", "disputes" };
  GVariant *draft = g_variant_ref (request);
  g_autoptr (GVariant) lines = bst_doc_get_map (request, "lines");
  GVariantIter iter;
  const char *id;

  for (guint i = 0; i < G_N_ELEMENTS (done); i++)
    bst_doc_replace (&draft, bst_doc_set (draft, done[i], NULL));
  g_variant_iter_init (&iter, lines);
  while (g_variant_iter_next (&iter, "{&sv}", &id, NULL))
    for (guint i = 0; i < G_N_ELEMENTS (done_to_line); i++)
      {
        g_autofree char *key = bst_path_escape (id);
        g_autofree char *path = g_strdup_printf ("lines/%s/%s", key, done_to_line[i]);

        bst_doc_replace (&draft, bst_doc_set (draft, path, NULL));
      }
  return draft;
}

static gint
compare_events (gconstpointer a, gconstpointer b)
{
  gint64 one = bst_doc_get_int (*(GVariant *const *) a, "sequence", G_MAXINT64);
  gint64 other = bst_doc_get_int (*(GVariant *const *) b, "sequence", G_MAXINT64);

  return (one > other) - (one < other);
}

static BstSlaStep
step_of (GVariant *event, BstClockEffect effect)
{
  BstSlaStep step = {
    0, bst_doc_get_int (event, "sequence", G_MAXINT64), effect, FALSE, NULL, NULL
  };
  const char *received = bst_doc_get_string (event, "receivedAt");

  if (!received || !bst_instant_parse (received, &step.at))
    bst_instant_parse (bst_doc_get_string (event, "at"), &step.at);
  step.delivers =
      g_strcmp0 (bst_doc_get_string (event, "action"), bst_action_name (BST_ACTION_DELIVER)) == 0;
  if (effect == BST_CLOCK_PAUSES)
    {
      step.waiting_for = bst_doc_get_string (event, "data/for");
      step.reason = bst_doc_get_string (event, "text");
    }
  return step;
}

GArray *
bst_sla_steps (GVariant *request, const char *line, GPtrArray *events)
{
  GArray *steps = g_array_new (FALSE, TRUE, sizeof (BstSlaStep));
  g_autoptr (GVariant) now = as_drafted (request);
  g_autoptr (GPtrArray) sorted = g_ptr_array_copy (events, NULL, NULL);
  g_autofree char *key = bst_path_escape (line);
  g_autofree char *path = g_strconcat ("lines/", key, NULL);

  g_ptr_array_set_free_func (sorted, NULL);
  g_ptr_array_sort (sorted, compare_events);
  for (guint i = 0; i < sorted->len; i++)
    {
      const char *only = bst_doc_get_string (sorted->pdata[i], "line");
      g_autoptr (GVariant) before = bst_doc_lookup (now, path);
      const BstLifeRow *row = before ? bst_life_row (before, sorted->pdata[i], BST_ROLE_ALL) : NULL;
      GVariant *after = bst_life_apply (now, sorted->pdata[i], BST_ROLE_ALL, NULL);

      if (!after)
        continue;
      if (row && (!only || strcmp (only, line) == 0))
        {
          BstSlaStep step = step_of (sorted->pdata[i], row->clock);

          g_array_append_val (steps, step);
        }
      bst_doc_replace (&now, after);
    }
  return steps;
}
