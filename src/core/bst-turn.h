/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "bst-sla.h"

G_BEGIN_DECLS

/**
 * BstTurn: whose turn it was: stretches of one kind with the closed hours between them. [@from, @to), UTC seconds.
 * @kind: RUNNING (the performer's), PAUSED or DELIVERED (the receiver's)
 * @waiting_for, @reason, @sequence, @contested, @contest: of PAUSED; as those of #BstStretch, and borrowed as they are
 * @seconds: of opening
 */
typedef struct
{
  gint64 from;
  gint64 to;
  gint64 seconds;
  BstStretchKind kind;
  const char *waiting_for;
  const char *reason;
  gint64 sequence;
  gboolean contested;
  const char *contest;
} BstTurn;

/**
 * bst_turns:
 * @stretches: (element-type BstStretch): of bst_sla_explain()
 * @calendar: (nullable): the same; %NULL: round the clock
 *
 * Returns: (transfer full) (element-type BstTurn): in order, without gaps
 */
GArray *bst_turns (GArray *stretches, BstCalendar *calendar);

/** bst_turns_seconds: opening seconds of all turns of @kind; @waiting_for: (nullable): %NULL: any. */
gint64 bst_turns_seconds (GArray *turns, BstStretchKind kind, const char *waiting_for);

G_END_DECLS
