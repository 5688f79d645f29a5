/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "bst-request.h"
#include "bst-life.h"
#include "bst-session.h"

G_BEGIN_DECLS

/*
 * An order in words: state, date, what is safe, what is missing. @request is an effective document (bst-store.h).
 * Main thread. All functions return (transfer full) unless they say so.
 */

/** bst_order_state: of the effective document: what is not sent yet is a draft or queued, whatever "state" says. */
BstState bst_order_state (GVariant *request);

/** bst_order_state_text: "In progress", "Waiting for you"; static. @waiting_for: (nullable): as in the dictionary. */
const char *bst_order_state_text (BstState state, const char *waiting_for);
const char *bst_order_state_icon (BstState state, const char *waiting_for);

/** bst_order_status_text, _icon: of the order as a whole: "Sent" is only said of what the server has named. Static. */
const char *bst_order_status_text (GVariant *request);
const char *bst_order_status_icon (GVariant *request);

/** bst_order_is_unsent: it waits here or is under way, and the server has not named it. */
gboolean bst_order_is_unsent (GVariant *request);

/** bst_order_is_late: due has passed and it is neither delivered nor over. */
gboolean bst_order_is_late (GVariant *request, gint64 now);

/** bst_order_date_text: the date first: "Delivered by Tue 14 Apr", "2 days late: was due Tue 14 Apr", "Delivered Fri 3 Apr"; else the state. */
char *bst_order_date_text (GVariant *request, BstSession *session);

/** bst_order_date_lines: the same on two lines: when late, "2 days late" and *@ret_due "due Tue 14 Apr"; otherwise *@ret_due is %NULL. */
char *bst_order_date_lines (GVariant *request, BstSession *session, char **ret_due);

/** bst_order_truth: one line: "In progress with IT Workplace · delivered by Tue 24 March · 3 days left". */
char *bst_order_truth (GVariant *request, BstSession *session);

/** BstOrderLocal: where the newest of it is. */
typedef enum
{
  BST_ORDER_RECEIVED, /* as the server has it */
  BST_ORDER_DRAFT,
  BST_ORDER_QUEUED,
  BST_ORDER_SENDING,
  BST_ORDER_REFUSED,
} BstOrderLocal;
BstOrderLocal bst_order_local (GVariant *request);

/** bst_order_local_text: "On this computer", "Under way", "Refused"; static; %NULL when received. */
const char *bst_order_local_text (GVariant *request);
const char *bst_order_local_icon (GVariant *request);

/** bst_order_has_conflicts: two wrote at the same place of it, and the user is to choose. */
gboolean bst_order_has_conflicts (GVariant *request);

/** bst_order_opens_in_editor: a draft, or an order that I have begun to change. */
gboolean bst_order_opens_in_editor (GVariant *request);

/** bst_order_title: the title, or "Order without a title". Borrowed from @request or static. */
const char *bst_order_title (GVariant *request);

/** bst_order_problem_text: one thing that is missing or wrong, as the person who fills it in would say it. */
char *bst_order_problem_text (GVariant *request,
                              const BstProblem *problem,
                              GVariant *service,
                              const char *language);

/** bst_order_refusal_text: why the server said no (@local.reason), and what to do; static. */
const char *bst_order_refusal_text (const char *reason);

/** bst_order_action_text: on a button: "Confirm delivery"; static. */
const char *bst_order_action_text (BstAction action);

/** bst_order_priority_text: "Urgent"; %NULL: normal; static, or @priority when unknown. */
const char *bst_order_priority_text (const char *priority);

/** bst_order_event_text: in the history: "Delivered", "Waits for the orderer"; static. */
const char *bst_order_event_text (GVariant *event);

G_END_DECLS
