/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "bst-org.h"

G_BEGIN_DECLS

/** BstState: of a line, and (derived) of a request. The names on the wire are those of the data dictionary. */
typedef enum
{
  BST_STATE_DRAFT,
  BST_STATE_SUBMITTED,
  BST_STATE_AWAITING_APPROVAL,
  BST_STATE_ACCEPTED,
  BST_STATE_IN_PROGRESS,
  BST_STATE_WAITING,
  BST_STATE_DELIVERED,
  BST_STATE_CLOSED,
  BST_STATE_REJECTED,
  BST_STATE_CANCELLED,
  BST_N_STATES,
} BstState;

/** bst_state_from_name: %NULL and unknown names are %BST_STATE_DRAFT. */
BstState bst_state_from_name (const char *name);
const char *bst_state_name (BstState state);

/** bst_state_is_over: closed, rejected or cancelled. */
gboolean bst_state_is_over (BstState state);

/**
 * BstAction: what may be done. On the wire: "submit", "approve", "decline" (the approver says no), "accept", "reject" (the
 * performer says no), "start", "wait", "resume", "message", "answer", "deliver", "confirm", "dispute", "cancel", "rate",
 * "close", "change-performer", "change-priority", "contest" (the orderer says that a pause was none), "correct" (what was registered
 * wrongly is put right: the SLA clock honours it, the trace stays).
 */
typedef enum
{
  BST_ACTION_SUBMIT,
  BST_ACTION_APPROVE,
  BST_ACTION_DECLINE,
  BST_ACTION_ACCEPT,
  BST_ACTION_REJECT,
  BST_ACTION_START,
  BST_ACTION_WAIT,
  BST_ACTION_RESUME,
  BST_ACTION_MESSAGE,
  BST_ACTION_ANSWER,
  BST_ACTION_DELIVER,
  BST_ACTION_CONFIRM,
  BST_ACTION_DISPUTE,
  BST_ACTION_CANCEL,
  BST_ACTION_RATE,
  BST_ACTION_CLOSE,
  BST_ACTION_CHANGE_PERFORMER,
  BST_ACTION_CHANGE_PRIORITY,
  BST_ACTION_CONTEST,
  BST_ACTION_CORRECT,
  BST_N_ACTIONS,
} BstAction;

/** bst_action_from_name: %FALSE when there is none of that name. */
gboolean bst_action_from_name (const char *name, BstAction *ret_action);
const char *bst_action_name (BstAction action);

/** BstNeed: what must be filled in on the event. */
typedef enum
{
  BST_NEED_NONE = 0,
  BST_NEED_TEXT = 1 << 0,        /* text: the reason, message or answer */
  BST_NEED_WAITING_FOR = 1 << 1, /* data.for: "orderer", "performer" or "supplier" */
  BST_NEED_STARS = 1 << 2,       /* data.stars: 1 … 5 */
  BST_NEED_PERFORMER = 1 << 3,   /* data.performer: OrgUnit id */
  BST_NEED_PRIORITY = 1 << 4,    /* data.priority: "low", "normal", "high" or "urgent" */
  BST_NEED_EVENT = 1 << 5,       /* data.event: sequence of the event that it speaks of */
  BST_NEED_CORRECTION = 1 << 6,  /* data.void: true or false, or data.at: the corrected instant */
} BstNeed;

/** BstClockEffect: what an action does to the SLA clock of the lines it concerns. */
typedef enum
{
  BST_CLOCK_KEEPS,
  BST_CLOCK_RUNS,
  BST_CLOCK_PAUSES,
  BST_CLOCK_STOPS,
} BstClockEffect;

/** BstCondition: when a row of the table holds, beside state and role. */
typedef enum
{
  BST_WHEN_ALWAYS,
  BST_WHEN_APPROVAL, /* data.approval is true (set by the server: bst_request_needs_approval()) */
  BST_WHEN_NO_APPROVAL,    /* … is not */
  BST_WHEN_FOR_PERFORMER,  /* wait: data.for is "performer" */
  BST_WHEN_FOR_OTHERS,     /* wait: data.for is another */
  BST_WHEN_ORDERER_WAITED, /* the line waits for the orderer */
  BST_WHEN_ORDERER_NOT_WAITED,
} BstCondition;

/**
 * BstLifeRow: a row of the order's life.
 * @from: states, as 1 << BstState
 * @roles: any one of these is enough
 * @to: next state; %BST_N_STATES: stays
 * @late: taken when it arrives, but not offered on the order: an answer on its way when somebody else had resumed; what is
 *   said of an event, which is offered beside that event
 */
typedef struct
{
  BstAction action;
  guint from;
  BstRole roles;
  BstCondition when;
  BstState to;
  BstNeed needs;
  BstClockEffect clock;
  gboolean late;
} BstLifeRow;

/** bst_life_rows: the whole table. */
const BstLifeRow *bst_life_rows (gsize *ret_n);

/** bst_life_needs: what an event of @action must fill in. */
BstNeed bst_life_needs (BstAction action);

/**
 * bst_life_row:
 * @line: a line's document (or a request without lines): its "state" and "waitingFor" are read
 * @event: what is done to it
 *
 * The row by which @event moves @line, or %NULL when the table forbids it. Fold the events over a line and read row->clock, and
 * you have all that the SLA clock needs: waiting for the orderer or a supplier pauses it; a performer who waits for herself does not.
 */
const BstLifeRow *bst_life_row (GVariant *line, GVariant *event, BstRole roles);

/**
 * BstDeed: what the table asks of an event.
 * @approval: data.approval
 * @waits_for: (nullable): data.for; borrowed
 */
typedef struct
{
  BstAction action;
  gboolean approval;
  const char *waits_for;
} BstDeed;

/** bst_deed_of: what @event is; %FALSE when there is no such action. */
gboolean bst_deed_of (GVariant *event, BstDeed *ret_deed);

/** bst_life_row_at: as bst_life_row() for a line in @state that waits for @waiting_for (nullable). */
const BstLifeRow *
bst_life_row_at (BstState state, const char *waiting_for, const BstDeed *deed, BstRole roles);

/**
 * bst_life_allowed:
 * @line: (nullable): a line's id; %NULL: any line
 * @roles: those of the person on the request's unit (bst_org_acting_roles())
 *
 * Returns: (transfer full): names of the actions to offer, in the order of %BstAction
 */
char **bst_life_allowed (GVariant *request, const char *line, BstRole roles);
gboolean bst_life_is_allowed (GVariant *request, const char *line, BstAction action, BstRole roles);

/** bst_life_is_taken: also what is not offered on the order itself (BstLifeRow.late): "contest" and "correct". */
gboolean bst_life_is_taken (GVariant *request, const char *line, BstAction action, BstRole roles);

/**
 * bst_life_apply:
 * @event: a RequestEvent; without line it concerns all lines that the table lets it concern
 * @roles: of who did it; %BST_ROLE_ALL to fold events that the server has already taken
 *
 * A pure fold: sets the lines' state, waitingFor, performer, deliveredAt, disputes, and derives from them the request's state
 * and waitingFor; submittedAt, approvals, reason, rating, eventSequence. Times are event.receivedAt, or event.at while it
 * has not been received. An event whose sequence is not above the request's eventSequence was folded before: the request
 * is returned unchanged.
 *
 * Returns: (transfer full): the new request; %NULL with %BST_ERROR_NOT_FOUND (no such line), %BST_ERROR_INVALID (unknown action,
 * or something needed is missing; the message begins with its property: "text: …"), %BST_ERROR_FORBIDDEN
 */
GVariant *bst_life_apply (GVariant *request, GVariant *event, BstRole roles, GError **error);

/** bst_life_fold: all @events (RequestEvent documents, any order, doubles allowed), by sequence, those without one last. Refused ones are passed over. Returns: (transfer full). */
GVariant *bst_life_fold (GVariant *request, GPtrArray *events);

/* The longest way that bst_life_path() can find. */
#define BST_LIFE_PATH_MAX BST_N_STATES

/**
 * bst_life_path: the fewest steps that take a line from one state to another, for systems that tell of states and not of steps.
 * @ret_steps: (out): in order
 *
 * Approval is no part of it. Returns: %FALSE when there is no way (nothing leads out of what is over).
 */
gboolean
bst_life_path (BstState from, BstState to, BstAction ret_steps[BST_LIFE_PATH_MAX], guint *ret_n);

/**
 * bst_life_derive_state: the state of a request from those of its lines:
 * lines that were rejected or cancelled count only when there are no others. Then, the first that fits: any draft · any awaiting
 * approval · any waiting for the orderer: waiting · any in progress, or some delivered and some not begun: in progress · any waiting ·
 * any submitted · any accepted · any delivered · closed.
 */
BstState bst_life_derive_state (GVariant *request, const char **ret_waiting_for);

G_END_DECLS
