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
 *
 * A first answer (accept, start, wait, message, delivery, refusal by the performer) is due by a promise of its own, from the same start.
 *
 * A change of priority brings another promise. A longer one counts from the start. A shorter one counts from the change, since
 * nobody can be asked for time that is gone, and never gives more time than there was. What had fallen due stays so.
 *
 * What was registered wrongly can be put right ("correct": a pause that was none, an event at another instant), and is then counted as
 * corrected. What the orderer contests is counted as it was measured; bst_sla_as_contested() gives the steps as she sees them.
 */

/**
 * BstSlaStep: something that moved the clock of one line.
 * @at: UTC seconds, by the server's clock (receivedAt), or as corrected
 * @sequence: order of receipt; decides, not @at. Steps of an imported history have numbers below 1.
 * @delivers: a stop that is a delivery; others (withdrawn, rejected) end the case without a verdict
 * @waiting_for: (nullable): of a pause; borrowed
 * @reason: (nullable): of a pause; borrowed
 * @answers: the performer let hear from her
 * @contested: a pause that the orderer contests; @contest: (nullable): why; borrowed
 * @voided: a pause that was put right: none
 * @performer: (nullable): the unit that has it from here on; borrowed
 * @promise, @respond: (nullable): those that hold from here on; owned by the array of bst_sla_steps()
 */
typedef struct
{
  gint64 at;
  gint64 sequence;
  BstClockEffect effect;
  gboolean delivers;
  const char *waiting_for;
  const char *reason;
  gboolean answers;
  gboolean contested;
  const char *contest;
  gboolean voided;
  const char *performer;
  GVariant *promise;
  GVariant *respond;
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
 * BstSlaTerms: what was promised.
 * @promise, @respond: (nullable): as in the dictionary, frozen at receipt
 * @fixed_due: 0: none; otherwise it is due then, and nothing moves it: a case taken over with its target
 * @lookup: the calendars that the promises name; for a line without promise it is asked for %NULL
 */
typedef struct
{
  GVariant *promise;
  GVariant *respond;
  gint64 fixed_due;
  BstCalendarLookup lookup;
  gpointer closure;
} BstSlaTerms;

/**
 * BstSla:
 * @started, @stopped, @responded: UTC seconds; 0: not (yet)
 * @due, @response_due: %BST_CALENDAR_NEVER without a promise
 * @elapsed: business seconds that ran
 * @paused: business seconds that somebody else was waited for
 * @response_verdict: PAUSED does not occur
 * @calendar: (nullable): the one that it was counted in; %NULL: round the clock; borrowed from the lookup
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
  gint64 responded;
  gint64 response_due;
  BstSlaVerdict response_verdict;
  BstCalendar *calendar;
} BstSla;

/**
 * bst_sla_judge:
 * @steps: any order
 * @now: for what is still running
 */
void bst_sla_judge (const BstSlaStep *steps,
                    gsize n_steps,
                    const BstSlaTerms *terms,
                    gint64 now,
                    BstSla *ret_sla);

/** bst_sla_compute: the same for @promise (nullable) in one @calendar (nullable: round the clock). */
void bst_sla_compute (const BstSlaStep *steps,
                      gsize n_steps,
                      BstCalendar *calendar,
                      GVariant *promise,
                      gint64 now,
                      BstSla *ret_sla);

/** bst_sla_as_contested: the steps as the orderer sees them: pauses that she contests are none. Returns: (transfer full) (element-type BstSlaStep). */
GArray *bst_sla_as_contested (GArray *steps);

typedef enum
{
  BST_STRETCH_RUNNING,
  BST_STRETCH_CLOSED, /* outside opening hours */
  BST_STRETCH_PAUSED,
  BST_STRETCH_DELIVERED, /* from delivery until it was disputed */
} BstStretchKind;

/** BstClosedWhy: why it is closed: outside the hours of a working day, a weekday without hours, or a holiday or closed day. */
typedef enum
{
  BST_CLOSED_NOT, /* it is not */
  BST_CLOSED_HOURS,
  BST_CLOSED_WEEKDAY,
  BST_CLOSED_HOLIDAY,
} BstClosedWhy;

/**
 * BstStretch: [@from, @to), UTC seconds.
 * @why: of CLOSED
 * @name: (nullable): of a holiday or closed day, per language; borrowed from the calendar
 * @waiting_for, @reason: of PAUSED; borrowed from the step
 * @sequence: of PAUSED: the event that began it: what "contest" and "correct" name
 * @contested: of PAUSED; @contest: why; borrowed from the step
 * @performer: (nullable): who has it, when it was handed over before; borrowed from the step
 */
typedef struct
{
  gint64 from;
  gint64 to;
  BstStretchKind kind;
  const char *waiting_for;
  const char *reason;
  BstClosedWhy why;
  GVariant *name;
  gint64 sequence;
  gboolean contested;
  const char *contest;
  const char *performer;
} BstStretch;

/**
 * bst_sla_explain: every stretch from start to stop (or @now), in order, without gaps.
 * @calendar: (nullable): BstSla.calendar
 *
 * Returns: (transfer full) (element-type BstStretch)
 */
GArray *bst_sla_explain (const BstSlaStep *steps, gsize n_steps, BstCalendar *calendar, gint64 now);

/** BstSlaShare: what one performer unit had of it, in business seconds. @performer: (nullable): the first one; borrowed from the step */
typedef struct
{
  const char *performer;
  gint64 elapsed;
  gint64 paused;
} BstSlaShare;

/**
 * bst_sla_shares: the clock of each performer unit (the OLA behind the SLA), in the order in which they had it. One that had it
 * twice has one share. Returns: (transfer full) (element-type BstSlaShare)
 */
GArray *bst_sla_shares (const BstSlaStep *steps, gsize n_steps, BstCalendar *calendar, gint64 now);

/**
 * BstSlaEvent: what the clock asks of an event.
 * @sequence: %G_MAXINT64: the server has not numbered it yet
 * @line: (nullable): the only one that it concerns; borrowed
 * @at: UTC seconds
 * @by_performer: the performer wrote it
 * @document: (nullable): the event, for what few events carry; see bst_sla_event_is_plain()
 */
typedef struct
{
  gint64 sequence;
  const char *line;
  gint64 at;
  BstDeed deed;
  gboolean by_performer;
  GVariant *document;
} BstSlaEvent;

/** bst_sla_event_is_plain: an event of @action moves the clock the same with or without its document; only the reason of a pause is not known then. */
gboolean bst_sla_event_is_plain (BstAction action);

/**
 * bst_sla_steps_of: what moved the clock of @line, as bst_sla_steps(), of an order that was not imported.
 * @events: by sequence
 */
GArray *bst_sla_steps_of (const char *line, const BstSlaEvent *events, gsize n_events);

/**
 * bst_sla_steps:
 * @request: the request as it is now
 * @events: (element-type GVariant): its RequestEvents, any order, doubles allowed
 *
 * What moved the clock of @line, by the order's life: first its imported history, then the events. Strings are borrowed from
 * @request and @events. Returns: (transfer full) (element-type BstSlaStep): sorted.
 */
GArray *bst_sla_steps (GVariant *request, const char *line, GPtrArray *events);

G_END_DECLS
