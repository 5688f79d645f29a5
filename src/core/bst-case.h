/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "bst-sla.h"

G_BEGIN_DECLS

/*
 * A case is one line of an order, as it is counted: a pure function of the order, its events and the calendars.
 */

/**
 * BstCase:
 * @request, @line, @unit, @service, @performer, @channel, @area: borrowed from the order and the @line that was asked for;
 *   (nullable): performer, area
 * @started, @stopped, @responded: UTC seconds; 0: not (yet)
 * @due, @response_due: %BST_CALENDAR_NEVER without a promise
 * @elapsed, @paused: business seconds
 * @first_time: delivered, and never disputed
 * @stars: 1 … 5; 0: none. An order's rating counts once: at the first of its lines that was delivered.
 * @month: "2026-03": in which the clock stopped by a delivery, or in which it fell due while it still runs past it; "" otherwise: it
 *   counts in no month (yet). By the wall clock of the unit.
 * @wakes: the next instant after which it counts otherwise though nothing happens: a due instant that passes.
 *   %BST_CALENDAR_NEVER: none
 */
typedef struct
{
  const char *request;
  const char *line;
  const char *unit;
  const char *service;
  const char *performer;
  const char *channel;
  const char *area;
  gint64 started;
  gint64 stopped;
  gint64 due;
  gint64 responded;
  gint64 response_due;
  gint64 elapsed;
  gint64 paused;
  BstSlaVerdict verdict;
  BstSlaVerdict response_verdict;
  gboolean first_time;
  int stars;
  char month[8];
  gint64 wakes;
} BstCase;

/**
 * BstCaseFacts: what is counted of the order itself.
 * @request, @line, @unit, @service, @performer, @channel, @area, @stars: as in BstCase
 * @promise, @respond: (nullable): as in the dictionary
 * @fixed_due: as in BstSlaTerms
 */
typedef struct
{
  const char *request;
  const char *line;
  const char *unit;
  const char *service;
  const char *performer;
  const char *channel;
  const char *area;
  GVariant *promise;
  GVariant *respond;
  gint64 fixed_due;
  int stars;
} BstCaseFacts;

/** bst_case_facts: of @line; texts are borrowed from @request and @line. %FALSE when @request has no such line. Clear with bst_case_facts_clear(). */
gboolean bst_case_facts (GVariant *request, const char *line, BstCaseFacts *ret_facts);
void bst_case_facts_clear (BstCaseFacts *facts);
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (BstCaseFacts, bst_case_facts_clear)

/**
 * bst_case_count: the case of @facts and @steps; texts are borrowed from @facts. %FALSE when its clock has not started.
 * @ret_sla: (out) (optional)
 */
gboolean bst_case_count (const BstCaseFacts *facts,
                         GArray *steps,
                         BstCalendarLookup lookup,
                         gpointer closure,
                         GTimeZone *zone,
                         gint64 now,
                         BstCase *ret_case,
                         BstSla *ret_sla);

/** bst_case_terms: what was promised for @line: what the receipt froze, or what came with it. Clear with bst_case_terms_clear(). */
void
bst_case_terms (GVariant *line, BstCalendarLookup lookup, gpointer closure, BstSlaTerms *ret_terms);
void bst_case_terms_clear (BstSlaTerms *terms);

/**
 * bst_case_compute:
 * @request: the order as it is now, history included
 * @events: (element-type GVariant): its RequestEvents, any order
 * @zone: of the unit
 * @now: for what is still running
 *
 * %FALSE when @request has no such line, or its clock has not started: there is no case.
 */
gboolean bst_case_compute (GVariant *request,
                           const char *line,
                           GPtrArray *events,
                           BstCalendarLookup lookup,
                           gpointer closure,
                           GTimeZone *zone,
                           gint64 now,
                           BstCase *ret_case);

/** bst_case_judge: the same, from @steps of the line (bst_sla_steps(), bst_sla_as_contested()). @ret_sla: (out) (optional) */
gboolean bst_case_judge (GVariant *request,
                         const char *line,
                         GArray *steps,
                         BstCalendarLookup lookup,
                         gpointer closure,
                         GTimeZone *zone,
                         gint64 now,
                         BstCase *ret_case,
                         BstSla *ret_sla);

/** bst_case_verdict_name, bst_case_verdict_from_name: "met", "breached" …, for storing and showing. Static. */
const char *bst_case_verdict_name (BstSlaVerdict verdict);
gboolean bst_case_verdict_from_name (const char *name, BstSlaVerdict *ret_verdict);

G_END_DECLS
