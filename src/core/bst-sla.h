/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "bst-calendar.h"
#include "bst-life.h"

G_BEGIN_DECLS

/*
 * The SLA clock: a pure function of what happened to a line, the calendar and the promise.
 *
 * It starts when the order is with the performer (submitted, or approved), runs in opening hours, stands
 * while somebody else is waited for, and stops at delivery. It begins again when the delivery is disputed;
 * the time in between was the receiver's. Every pause that begins before the due instant moves it by the
 * opening hours that the pause took. A due instant exactly at closing time is that closing.
 */

/**
 * BstSlaStep: something that moved the clock of one line.
 * @at: UTC seconds, by the server's clock (receivedAt)
 * @sequence: order of receipt; decides, not @at
 * @delivers: a stop that is a delivery; others (withdrawn, rejected) end the case without a verdict
 * @waiting_for: (nullable): of a pause; borrowed
 * @reason: (nullable): of a pause; borrowed
 */
typedef struct
{
  gint64 at;
  gint64 sequence;
  BstClockEffect effect;
  gboolean delivers;
  const char *waiting_for;
  const char *reason;
} BstSlaStep;

typedef enum
{
  BST_SLA_NOT_STARTED,
  BST_SLA_RUNNING,
  BST_SLA_PAUSED,
  BST_SLA_MET,
  BST_SLA_BREACHED, /* delivered late, or not delivered and past due */
  BST_SLA_ENDED,    /* withdrawn or rejected: counts nowhere */
} BstSlaVerdict;

/**
 * BstSla:
 * @started, @stopped: UTC seconds; 0: not (yet)
 * @due: %BST_CALENDAR_NEVER without a promise
 * @elapsed: business seconds that ran
 * @paused: business seconds that somebody else was waited for
 */
typedef struct
{
  gint64 started;
  gint64 stopped;
  gint64 due;
  gint64 elapsed;
  gint64 paused;
  guint disputes;
  BstSlaVerdict verdict;
} BstSla;

/**
 * bst_sla_compute:
 * @steps: any order
 * @promise: (nullable): as in the dictionary
 * @now: for what is still running
 */
void bst_sla_compute (const BstSlaStep *steps,
                      gsize n_steps,
                      BstCalendar *calendar,
                      GVariant *promise,
                      gint64 now,
                      BstSla *ret_sla);

typedef enum
{
  BST_STRETCH_RUNNING,
  BST_STRETCH_CLOSED, /* outside opening hours */
  BST_STRETCH_PAUSED,
  BST_STRETCH_DELIVERED, /* from delivery until it was disputed */
} BstStretchKind;

/** BstStretch: [@from, @to), UTC seconds. @waiting_for, @reason: of PAUSED; borrowed from the step. */
typedef struct
{
  gint64 from;
  gint64 to;
  BstStretchKind kind;
  const char *waiting_for;
  const char *reason;
} BstStretch;

/** bst_sla_explain: every stretch from start to stop (or @now), in order, without gaps. Returns: (transfer full) (element-type BstStretch). */
GArray *bst_sla_explain (const BstSlaStep *steps, gsize n_steps, BstCalendar *calendar, gint64 now);

/**
 * bst_sla_steps:
 * @request: the request as it is now
 * @events: (element-type GVariant): its RequestEvents, any order
 *
 * What moved the clock of @line, by the order's life. Strings are borrowed from @events. Returns: (transfer full) (element-type BstSlaStep).
 */
GArray *bst_sla_steps (GVariant *request, const char *line, GPtrArray *events);

G_END_DECLS
