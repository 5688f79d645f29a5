/* SPDX-License-Identifier: GPL-3.0-or-later */

/* The SLA clock: from steps to a verdict. */

#include "bst-sla-private.h"

/* ---- phases ---- */

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

static BstClockEffect
effect_of (const BstSlaStep *step)
{
  return step->voided && step->effect == BST_CLOCK_PAUSES ? BST_CLOCK_KEEPS : step->effect;
}

/* Whether @step moves the clock that @last left. */
static gboolean
moves (const BstSlaStep *step, const BstSlaStep *last)
{
  BstClockEffect effect = effect_of (step);

  if (effect == BST_CLOCK_KEEPS || (!last && effect != BST_CLOCK_RUNS))
    return FALSE;
  return !last || last->effect != BST_CLOCK_STOPS || effect == BST_CLOCK_RUNS;
}

/* Whether the case goes on otherwise from @step on, though the clock keeps what it does. */
static gboolean
divides (const BstSlaStep *step, const BstSlaStep *last)
{
  return last && last->effect != BST_CLOCK_STOPS &&
         (step->promise || step->respond || step->performer);
}

/*
 * A step's time is never before that of the step received ahead of it: clocks that jump back take nothing
 * from anybody.
 */
GArray *
bst_sla_phases (const BstSlaStep *steps, gsize n_steps, gint64 now, const BstSlaStep **ret_last)
{
  g_autoptr (GPtrArray) sorted = in_order (steps, n_steps);
  GArray *phases = g_array_new (FALSE, FALSE, sizeof (BstSlaPhase));
  BstSlaPhase here = { 0 };
  const BstSlaStep *last = NULL;

  for (guint i = 0; i < sorted->len; i++)
    {
      const BstSlaStep *step = sorted->pdata[i];
      gboolean moved = moves (step, last);

      if (!moved && !divides (step, last))
        continue;
      here.to = last ? MAX (step->at, here.from) : step->at;
      if (last)
        g_array_append_val (phases, here);
      here.from = here.to;
      last = moved ? step : last;
      here.cause = last;
      here.kind = kind_after (last);
      here.change = step->promise || step->respond ? step : NULL;
      here.performer = step->performer ? step->performer : here.performer;
    }
  if (last && last->effect != BST_CLOCK_STOPS)
    {
      here.to = MAX (now, here.from);
      g_array_append_val (phases, here);
    }
  *ret_last = last;
  return phases;
}

gint64
bst_sla_time (BstCalendar *calendar, gint64 from, gint64 to)
{
  return calendar ? bst_calendar_elapsed (calendar, from, to) : MAX (0, to - from);
}

static gint64
due_after (BstCalendar *calendar, gint64 from, gint64 seconds)
{
  return calendar ? bst_calendar_due (calendar, from, seconds) : from + seconds;
}

/* ---- due ---- */

/* A judgement on its way. */
typedef struct
{
  const BstSlaTerms *terms;
  GArray *phases;
  BstSla *sla;
} Judgement;

/* Opening hours that a pause takes move what was due. */
static gint64
moved_by (const BstSlaPhase *phase, gint64 due, BstCalendar *calendar)
{
  gint64 taken;

  if (phase->kind == BST_STRETCH_RUNNING || due == BST_CALENDAR_NEVER || phase->from >= due)
    return due;
  taken = bst_sla_time (calendar, phase->from, phase->to);
  return taken > 0 ? due_after (calendar, due, taken) : due;
}

/* By the promise of a change of priority at the beginning of phase @n. */
static gint64
changed_due (Judgement *judgement, guint n)
{
  const BstSlaPhase *phase = &g_array_index (judgement->phases, BstSlaPhase, n);
  const BstSlaTerms *terms = judgement->terms;
  gint64 held = judgement->sla->due;
  BstCalendar *calendar;
  BstCalendar *started_in;
  gint64 from_start = bst_promise_due_at (phase->change->promise, judgement->sla->started,
                                          terms->lookup, terms->closure, &started_in);
  gint64 from_change;

  if (phase->from > held)
    return held;
  for (guint i = 0; i < n; i++)
    from_start =
        moved_by (&g_array_index (judgement->phases, BstSlaPhase, i), from_start, started_in);
  from_change = bst_promise_due_at (phase->change->promise, phase->from, terms->lookup,
                                    terms->closure, &calendar);
  judgement->sla->calendar = calendar;
  return from_start >= held ? from_start : MIN (held, from_change);
}

static void
find_due (Judgement *judgement)
{
  const BstSlaTerms *terms = judgement->terms;
  BstSla *sla = judgement->sla;

  sla->due = bst_promise_due_at (terms->promise, sla->started, terms->lookup, terms->closure,
                                 &sla->calendar);
  if (terms->fixed_due)
    {
      sla->due = terms->fixed_due;
      return;
    }
  for (guint i = 0; i < judgement->phases->len; i++)
    {
      const BstSlaPhase *phase = &g_array_index (judgement->phases, BstSlaPhase, i);

      if (phase->change && phase->change->promise)
        sla->due = changed_due (judgement, i);
      sla->due = moved_by (phase, sla->due, sla->calendar);
    }
}

/* A first answer is due by its own promise; no pause moves it, since a pause is an answer. */
static void
find_response_due (Judgement *judgement)
{
  const BstSlaTerms *terms = judgement->terms;
  BstSla *sla = judgement->sla;
  BstCalendar *calendar;

  sla->response_due =
      bst_promise_due_at (terms->respond, sla->started, terms->lookup, terms->closure, &calendar);
  for (guint i = 0; i < judgement->phases->len; i++)
    {
      const BstSlaPhase *phase = &g_array_index (judgement->phases, BstSlaPhase, i);
      GVariant *respond = phase->change ? phase->change->respond : NULL;
      gint64 from_start;

      if (!respond || phase->from > sla->response_due ||
          (sla->responded && phase->from > sla->responded))
        continue;
      from_start =
          bst_promise_due_at (respond, sla->started, terms->lookup, terms->closure, &calendar);
      if (from_start < sla->response_due)
        from_start =
            MIN (sla->response_due, bst_promise_due_at (respond, phase->from, terms->lookup,
                                                        terms->closure, &calendar));
      sla->response_due = from_start;
    }
}

/* ---- the verdict ---- */

static gint64
first_answer (const BstSlaStep *steps, gsize n_steps, gint64 started)
{
  const BstSlaStep *first = NULL;

  for (gsize i = 0; i < n_steps; i++)
    if (steps[i].answers && (!first || steps[i].sequence < first->sequence))
      first = &steps[i];
  return first ? MAX (first->at, started) : 0;
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

static BstSlaVerdict
judge_response (const BstSla *sla, gint64 now)
{
  if (sla->responded)
    return sla->responded > sla->response_due ? BST_SLA_BREACHED : BST_SLA_MET;
  if ((sla->stopped ? sla->stopped : now) > sla->response_due)
    return BST_SLA_BREACHED;
  return sla->stopped ? BST_SLA_ENDED : BST_SLA_RUNNING;
}

void
bst_sla_judge (const BstSlaStep *steps,
               gsize n_steps,
               const BstSlaTerms *terms,
               gint64 now,
               BstSla *ret_sla)
{
  const BstSlaStep *last;
  g_autoptr (GArray) phases = bst_sla_phases (steps, n_steps, now, &last);
  Judgement judgement = { terms, phases, ret_sla };

  *ret_sla = (BstSla){ .due = BST_CALENDAR_NEVER, .response_due = BST_CALENDAR_NEVER };
  if (!last || phases->len == 0)
    return;
  ret_sla->started = g_array_index (phases, BstSlaPhase, 0).from;
  ret_sla->responded = first_answer (steps, n_steps, ret_sla->started);
  find_due (&judgement);
  find_response_due (&judgement);
  for (guint i = 0; i < phases->len; i++)
    {
      const BstSlaPhase *phase = &g_array_index (phases, BstSlaPhase, i);

      if (phase->kind == BST_STRETCH_RUNNING)
        ret_sla->elapsed += bst_sla_time (ret_sla->calendar, phase->from, phase->to);
      if (phase->kind == BST_STRETCH_PAUSED)
        ret_sla->paused += bst_sla_time (ret_sla->calendar, phase->from, phase->to);
      ret_sla->disputes += phase->kind == BST_STRETCH_DELIVERED;
    }
  if (last->effect == BST_CLOCK_STOPS)
    ret_sla->stopped = g_array_index (phases, BstSlaPhase, phases->len - 1).to;
  ret_sla->verdict = judge (ret_sla, last, now);
  ret_sla->response_verdict = judge_response (ret_sla, now);
}

static BstCalendar *
only_calendar (const char *id, gpointer closure)
{
  return closure;
}

void
bst_sla_compute (const BstSlaStep *steps,
                 gsize n_steps,
                 BstCalendar *calendar,
                 GVariant *promise,
                 gint64 now,
                 BstSla *ret_sla)
{
  const BstSlaTerms terms = { promise, NULL, 0, only_calendar, calendar };

  bst_sla_judge (steps, n_steps, &terms, now, ret_sla);
}
