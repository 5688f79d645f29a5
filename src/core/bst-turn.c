/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "bst-turn.h"

/* Closed hours belong to the performer's turn that they lie in. */
static BstStretchKind
turn_kind (const BstStretch *stretch)
{
  return stretch->kind == BST_STRETCH_CLOSED ? BST_STRETCH_RUNNING : stretch->kind;
}

static gboolean
goes_on (const BstTurn *turn, const BstStretch *stretch)
{
  return turn->kind == BST_STRETCH_RUNNING && turn_kind (stretch) == BST_STRETCH_RUNNING;
}

GArray *
bst_turns (GArray *stretches, BstCalendar *calendar)
{
  GArray *turns = g_array_new (FALSE, FALSE, sizeof (BstTurn));

  for (guint i = 0; i < stretches->len; i++)
    {
      const BstStretch *stretch = &g_array_index (stretches, BstStretch, i);
      BstTurn *last = turns->len > 0 ? &g_array_index (turns, BstTurn, turns->len - 1) : NULL;
      BstTurn turn = { .from = stretch->from,
                       .to = stretch->to,
                       .kind = turn_kind (stretch),
                       .waiting_for = stretch->waiting_for,
                       .reason = stretch->reason,
                       .sequence = stretch->sequence,
                       .contested = stretch->contested,
                       .contest = stretch->contest };

      if (last && goes_on (last, stretch))
        last->to = stretch->to;
      else
        g_array_append_val (turns, turn);
    }
  for (guint i = 0; i < turns->len; i++)
    {
      BstTurn *turn = &g_array_index (turns, BstTurn, i);

      turn->seconds =
          calendar ? bst_calendar_elapsed (calendar, turn->from, turn->to) : turn->to - turn->from;
    }
  return turns;
}

gint64
bst_turns_seconds (GArray *turns, BstStretchKind kind, const char *waiting_for)
{
  gint64 seconds = 0;

  for (guint i = 0; i < turns->len; i++)
    {
      const BstTurn *turn = &g_array_index (turns, BstTurn, i);

      if (turn->kind == kind && (!waiting_for || g_strcmp0 (turn->waiting_for, waiting_for) == 0))
        seconds += turn->seconds;
    }
  return seconds;
}
