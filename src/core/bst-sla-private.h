/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "bst-sla.h"

G_BEGIN_DECLS

/* A stretch of the case before opening hours are looked at. */
typedef struct
{
  gint64 from;
  gint64 to;
  const BstSlaStep *cause;  /* the step that began it */
  const BstSlaStep *change; /* (nullable): the change of priority that it begins with */
  const char *performer;    /* (nullable): the one that it was handed to last */
  BstStretchKind kind;
} BstSlaPhase;

/**
 * bst_sla_phases: from the start to the end of the case, or @now.
 * @ret_last: (out) (nullable): the last step that moved the clock
 *
 * Returns: (transfer full) (element-type BstSlaPhase): empty before the start
 */
GArray *
bst_sla_phases (const BstSlaStep *steps, gsize n_steps, gint64 now, const BstSlaStep **ret_last);

/** bst_sla_time: business seconds in [@from, @to); @calendar: (nullable): round the clock. */
gint64 bst_sla_time (BstCalendar *calendar, gint64 from, gint64 to);

G_END_DECLS
