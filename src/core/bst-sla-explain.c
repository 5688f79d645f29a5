/* SPDX-License-Identifier: GPL-3.0-or-later */

/* The SLA clock: who waited for whom, and who had it. */

#include "bst-sla-private.h"

#include <string.h>

/* ---- every stretch ---- */

static void
add_stretch (GArray *stretches, const BstSlaPhase *phase, BstStretch stretch)
{
  stretch.performer = phase->performer;
  if (stretch.from < stretch.to)
    g_array_append_val (stretches, stretch);
}

static BstClosedWhy
why_closed (BstCalendar *calendar, const GDate *date, GVariant **ret_name)
{
  *ret_name = NULL;
  if (!bst_calendar_is_closed_day (calendar, date, ret_name))
    return BST_CLOSED_HOURS;
  return *ret_name || bst_calendar_is_holiday (calendar, date, ret_name) ? BST_CLOSED_HOLIDAY
                                                                         : BST_CLOSED_WEEKDAY;
}

/* Day by day, for each has its reason; days with the same one are one stretch. */
static void
add_closed (GArray *stretches,
            const BstSlaPhase *phase,
            BstCalendar *calendar,
            gint64 from,
            gint64 to)
{
  BstStretch stretch = { .from = from, .to = from, .kind = BST_STRETCH_CLOSED };

  for (gint64 at = from; at < to; at = stretch.to)
    {
      GDate date;
      gint64 end = MIN (to, bst_calendar_day_end (calendar, at, &date));
      GVariant *name;
      BstClosedWhy why = why_closed (calendar, &date, &name);

      if (at > from && (why != stretch.why || name != stretch.name))
        {
          add_stretch (stretches, phase, stretch);
          stretch.from = at;
        }
      stretch.why = why;
      stretch.name = name;
      stretch.to = end;
    }
  add_stretch (stretches, phase, stretch);
}

static void
add_running (GArray *stretches, const BstSlaPhase *phase, BstCalendar *calendar)
{
  g_autoptr (GArray) openings =
      calendar ? bst_calendar_openings (calendar, phase->from, phase->to) : NULL;
  gint64 at = phase->from;

  if (!calendar)
    {
      add_stretch (stretches, phase,
                   (BstStretch){ .from = at, .to = phase->to, .kind = BST_STRETCH_RUNNING });
      return;
    }
  for (guint i = 0; i < openings->len; i++)
    {
      const BstOpening *opening = &g_array_index (openings, BstOpening, i);

      add_closed (stretches, phase, calendar, at, opening->from);
      add_stretch (
          stretches, phase,
          (BstStretch){ .from = opening->from, .to = opening->to, .kind = BST_STRETCH_RUNNING });
      at = opening->to;
    }
  add_closed (stretches, phase, calendar, at, phase->to);
}

static void
add_standing (GArray *stretches, const BstSlaPhase *phase)
{
  BstStretch stretch = { .from = phase->from, .to = phase->to, .kind = phase->kind };

  if (phase->kind == BST_STRETCH_PAUSED)
    {
      stretch.waiting_for = phase->cause->waiting_for;
      stretch.reason = phase->cause->reason;
      stretch.sequence = phase->cause->sequence;
      stretch.contested = phase->cause->contested;
      stretch.contest = phase->cause->contest;
    }
  add_stretch (stretches, phase, stretch);
}

GArray *
bst_sla_explain (const BstSlaStep *steps, gsize n_steps, BstCalendar *calendar, gint64 now)
{
  const BstSlaStep *last;
  g_autoptr (GArray) phases = bst_sla_phases (steps, n_steps, now, &last);
  GArray *stretches = g_array_new (FALSE, FALSE, sizeof (BstStretch));

  for (guint i = 0; i < phases->len; i++)
    {
      const BstSlaPhase *phase = &g_array_index (phases, BstSlaPhase, i);

      if (phase->kind == BST_STRETCH_RUNNING)
        add_running (stretches, phase, calendar);
      else
        add_standing (stretches, phase);
    }
  return stretches;
}

/* ---- by performer ---- */

static BstSlaShare *
share_of (GArray *shares, const char *performer)
{
  BstSlaShare fresh = { .performer = performer };

  for (guint i = 0; i < shares->len; i++)
    if (g_strcmp0 (g_array_index (shares, BstSlaShare, i).performer, performer) == 0)
      return &g_array_index (shares, BstSlaShare, i);
  g_array_append_val (shares, fresh);
  return &g_array_index (shares, BstSlaShare, shares->len - 1);
}

GArray *
bst_sla_shares (const BstSlaStep *steps, gsize n_steps, BstCalendar *calendar, gint64 now)
{
  const BstSlaStep *last;
  g_autoptr (GArray) phases = bst_sla_phases (steps, n_steps, now, &last);
  GArray *shares = g_array_new (FALSE, FALSE, sizeof (BstSlaShare));

  for (guint i = 0; i < phases->len; i++)
    {
      const BstSlaPhase *phase = &g_array_index (phases, BstSlaPhase, i);
      BstSlaShare *share = share_of (shares, phase->performer);
      gint64 time = bst_sla_time (calendar, phase->from, phase->to);

      share->elapsed += phase->kind == BST_STRETCH_RUNNING ? time : 0;
      share->paused += phase->kind == BST_STRETCH_PAUSED ? time : 0;
    }
  return shares;
}

/* ---- contested ---- */

static void
clear_step (gpointer data)
{
  BstSlaStep *step = data;

  g_clear_pointer (&step->promise, g_variant_unref);
  g_clear_pointer (&step->respond, g_variant_unref);
}

GArray *
bst_sla_as_contested (GArray *steps)
{
  GArray *seen = g_array_sized_new (FALSE, FALSE, sizeof (BstSlaStep), steps->len);

  g_array_set_clear_func (seen, clear_step);
  for (guint i = 0; i < steps->len; i++)
    {
      BstSlaStep step = g_array_index (steps, BstSlaStep, i);

      step.voided |= step.contested;
      step.promise = step.promise ? g_variant_ref (step.promise) : NULL;
      step.respond = step.respond ? g_variant_ref (step.respond) : NULL;
      g_array_append_val (seen, step);
    }
  return seen;
}
