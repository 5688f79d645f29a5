/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "bst-case.h"
#include "bst-change.h"
#include "bst-records.h"
#include "bst-store-levels.h"

G_BEGIN_DECLS

/**
 * BstCaseView: one line of an order as a case, with all that pages show of its clock.
 * @stretches: (element-type BstStretch); @turns: (element-type BstTurn): words borrowed from @steps and @events
 * @found: what it counts as; its words are borrowed from @request
 * @late: opening seconds over what was due; 0: none
 */
typedef struct
{
  GVariant *request;
  GPtrArray *events;
  char *line;
  BstCase found;
  BstSla sla;
  GArray *steps;
  GArray *stretches;
  GArray *turns;
  BstCause cause;
  gint64 late;
} BstCaseView;

void bst_case_view_free (BstCaseView *view);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (BstCaseView, bst_case_view_free)

/**
 * bst_case_view_new:
 * @events: (element-type GVariant): of @request
 * @records: for the calendars
 * @zone: of the unit
 *
 * Returns: (transfer full) (nullable): %NULL when its clock has not started, or its calendar is not here yet (#BstRecords::loaded)
 */
BstCaseView *bst_case_view_new (GVariant *request,
                                const char *line,
                                GPtrArray *events,
                                BstRecords *records,
                                GTimeZone *zone,
                                gint64 now);

G_END_DECLS
