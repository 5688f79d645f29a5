/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "bst-calendar.h"
#include "bst-life.h"
#include "bst-money.h"

G_BEGIN_DECLS

/*
 * A department's proposal to change its SLA: proposed, perhaps answered, then agreed on, declined or withdrawn. What is agreed on
 * becomes a new version of the agreement, in force from a day; what was ordered before keeps what it was promised.
 */

/** BstProposalAct: on the command line: "answer", "agree", "decline"; "withdraw" is the department's. */
typedef enum
{
  BST_PROPOSAL_ANSWER,   /* needs a reply */
  BST_PROPOSAL_AGREE,    /* needs inForceFrom, a day after today */
  BST_PROPOSAL_DECLINE,  /* needs a reply: why */
  BST_PROPOSAL_WITHDRAW, /* by who proposed */
} BstProposalAct;

/** bst_proposal_act_from_name: %FALSE when there is none of that name. */
gboolean bst_proposal_act_from_name (const char *name, BstProposalAct *ret_act);

/** bst_proposal_may: whether its state allows @act. */
gboolean bst_proposal_may (GVariant *proposal, BstProposalAct act);

/** bst_proposal_is_open: it can still be edited and answered. */
gboolean bst_proposal_is_open (GVariant *proposal);

/**
 * bst_proposal_act:
 * @answer: what comes with it: "reply", "olas", "price", "inForceFrom"
 * @today: YYYY-MM-DD
 *
 * Returns: (transfer full): the proposal after it; %NULL with %BST_ERROR_FORBIDDEN (its state), %BST_ERROR_INVALID that names what is missing
 */
GVariant *bst_proposal_act (GVariant *proposal,
                            BstProposalAct act,
                            GVariant *answer,
                            const char *today,
                            GError **error);

/**
 * bst_proposal_enact:
 * @proposal: agreed on
 * @agreement: the version that it changes
 * @id: for the new version
 * @ret_ended: (out) (transfer full): @agreement with its last day
 *
 * The new version says of the service what was agreed on: promise, target, price and the performers' steps where the proposal has
 * them; all else stands. INVALID when the proposal has no service or begins before @agreement does.
 *
 * Returns: (transfer full): the new version, without what the server sets
 */
GVariant *bst_proposal_enact (GVariant *proposal,
                              GVariant *agreement,
                              const char *id,
                              GVariant **ret_ended,
                              GError **error);

/**
 * BstReplay: the department's own history under other terms.
 * @cases: that had a promise, and ended or were due
 * @met_now, @met_then: kept as it was promised; kept as it would have been
 * @lost, @won: (element-type utf8): ids of orders that were on time and would be late, and the other way round
 * @once_now, @monthly_now: what the cases cost as they were ordered, price × quantity; currency "" when nothing
 * @once_then, @monthly_then: what they would cost at the price that is offered
 * @mixed: amounts that do not go together (currencies, overflow): the four then are of no use
 */
typedef struct
{
  guint cases;
  guint met_now;
  guint met_then;
  GPtrArray *lost;
  GPtrArray *won;
  BstMoney once_now;
  BstMoney monthly_now;
  BstMoney once_then;
  BstMoney monthly_then;
  gboolean mixed;
} BstReplay;

/**
 * BstReplayTerms: what is tried instead.
 * @price: (nullable): as in the dictionary; %NULL: the price stays. An approved article keeps its own one-off price.
 */
typedef struct
{
  GVariant *promise;
  BstCalendar *calendar;
  GVariant *price;
} BstReplayTerms;

void bst_replay_init (BstReplay *replay);
void bst_replay_clear (BstReplay *replay);
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (BstReplay, bst_replay_clear)

/**
 * bst_replay_add: one line.
 * @events: (element-type GVariant): the order's RequestEvents
 * @calendar_now: that of the line's own promise
 * @now: for what still runs
 */
void bst_replay_add (BstReplay *replay,
                     GVariant *request,
                     const char *line,
                     GPtrArray *events,
                     BstCalendar *calendar_now,
                     const BstReplayTerms *then,
                     gint64 now);

G_END_DECLS
