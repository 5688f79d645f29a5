/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "bst-life.h"

#include "bst-doc.h"

#include <string.h>

#define IN(state) (1u << BST_STATE_##state)
#define SENT      (((1u << BST_N_STATES) - 1) & ~IN (DRAFT))
#define STAYS     BST_N_STATES

#define ORDERER   BST_ROLE_ORDERER
#define TAKER     (BST_ROLE_ORDERER | BST_ROLE_RECEIVER)
#define PERFORMER BST_ROLE_PERFORMER
#define OVERSEER  (BST_ROLE_PERFORMER | BST_ROLE_ADMINISTRATOR)

#define AT_WORK (IN (SUBMITTED) | IN (ACCEPTED) | IN (IN_PROGRESS) | IN (WAITING))

/* clang-format off */
/* The life of an order: who may do what in which state, what comes of it, and what the clock does. */
static const BstLifeRow rows[] = {
  { BST_ACTION_SUBMIT, IN (DRAFT), ORDERER, BST_WHEN_NO_APPROVAL, BST_STATE_SUBMITTED, BST_NEED_NONE, BST_CLOCK_RUNS },
  { BST_ACTION_SUBMIT, IN (DRAFT), ORDERER, BST_WHEN_APPROVAL, BST_STATE_AWAITING_APPROVAL, BST_NEED_NONE, BST_CLOCK_KEEPS },
  { BST_ACTION_APPROVE, IN (AWAITING_APPROVAL), BST_ROLE_APPROVER, BST_WHEN_ALWAYS, BST_STATE_SUBMITTED, BST_NEED_NONE, BST_CLOCK_RUNS },
  { BST_ACTION_DECLINE, IN (AWAITING_APPROVAL), BST_ROLE_APPROVER, BST_WHEN_ALWAYS, BST_STATE_REJECTED, BST_NEED_TEXT, BST_CLOCK_STOPS },
  { BST_ACTION_ACCEPT, IN (SUBMITTED), PERFORMER, BST_WHEN_ALWAYS, BST_STATE_ACCEPTED, BST_NEED_NONE, BST_CLOCK_KEEPS },
  { BST_ACTION_REJECT, IN (SUBMITTED) | IN (ACCEPTED), PERFORMER, BST_WHEN_ALWAYS, BST_STATE_REJECTED, BST_NEED_TEXT, BST_CLOCK_STOPS },
  { BST_ACTION_START, IN (ACCEPTED), PERFORMER, BST_WHEN_ALWAYS, BST_STATE_IN_PROGRESS, BST_NEED_NONE, BST_CLOCK_KEEPS },
  { BST_ACTION_WAIT, IN (ACCEPTED) | IN (IN_PROGRESS), PERFORMER, BST_WHEN_FOR_OTHERS, BST_STATE_WAITING,
    BST_NEED_TEXT | BST_NEED_WAITING_FOR, BST_CLOCK_PAUSES },
  { BST_ACTION_WAIT, IN (ACCEPTED) | IN (IN_PROGRESS), PERFORMER, BST_WHEN_FOR_PERFORMER, BST_STATE_WAITING,
    BST_NEED_TEXT | BST_NEED_WAITING_FOR, BST_CLOCK_KEEPS },
  { BST_ACTION_RESUME, IN (WAITING), PERFORMER, BST_WHEN_ALWAYS, BST_STATE_IN_PROGRESS, BST_NEED_NONE, BST_CLOCK_RUNS },
  { BST_ACTION_MESSAGE, SENT, BST_ROLE_ALL, BST_WHEN_ALWAYS, STAYS, BST_NEED_TEXT, BST_CLOCK_KEEPS },
  { BST_ACTION_ANSWER, IN (WAITING), TAKER, BST_WHEN_ORDERER_WAITED, BST_STATE_IN_PROGRESS, BST_NEED_TEXT, BST_CLOCK_RUNS },
  { BST_ACTION_ANSWER, SENT, TAKER, BST_WHEN_ORDERER_NOT_WAITED, STAYS, BST_NEED_TEXT, BST_CLOCK_KEEPS, .late = TRUE },
  { BST_ACTION_DELIVER, IN (ACCEPTED) | IN (IN_PROGRESS) | IN (WAITING), PERFORMER, BST_WHEN_ALWAYS, BST_STATE_DELIVERED,
    BST_NEED_NONE, BST_CLOCK_STOPS },
  { BST_ACTION_CONFIRM, IN (DELIVERED), TAKER, BST_WHEN_ALWAYS, BST_STATE_CLOSED, BST_NEED_NONE, BST_CLOCK_KEEPS },
  { BST_ACTION_DISPUTE, IN (DELIVERED), TAKER, BST_WHEN_ALWAYS, BST_STATE_IN_PROGRESS, BST_NEED_TEXT, BST_CLOCK_RUNS },
  { BST_ACTION_CANCEL, AT_WORK | IN (AWAITING_APPROVAL), ORDERER, BST_WHEN_ALWAYS, BST_STATE_CANCELLED, BST_NEED_NONE, BST_CLOCK_STOPS },
  { BST_ACTION_RATE, IN (DELIVERED) | IN (CLOSED), TAKER, BST_WHEN_ALWAYS, STAYS, BST_NEED_STARS, BST_CLOCK_KEEPS },
  { BST_ACTION_CLOSE, IN (DELIVERED), OVERSEER, BST_WHEN_ALWAYS, BST_STATE_CLOSED, BST_NEED_NONE, BST_CLOCK_KEEPS },
  { BST_ACTION_CHANGE_PERFORMER, AT_WORK, OVERSEER, BST_WHEN_ALWAYS, STAYS, BST_NEED_PERFORMER, BST_CLOCK_KEEPS },
  { BST_ACTION_CHANGE_PRIORITY, AT_WORK | IN (AWAITING_APPROVAL), ORDERER | OVERSEER, BST_WHEN_ALWAYS, STAYS, BST_NEED_PRIORITY, BST_CLOCK_KEEPS },
  { BST_ACTION_CONTEST, SENT, ORDERER, BST_WHEN_ALWAYS, STAYS, BST_NEED_TEXT | BST_NEED_EVENT, BST_CLOCK_KEEPS, .late = TRUE },
  { BST_ACTION_CORRECT, SENT, OVERSEER, BST_WHEN_ALWAYS, STAYS, BST_NEED_EVENT | BST_NEED_CORRECTION, BST_CLOCK_KEEPS, .late = TRUE },
};
/* clang-format on */

static const char *const state_names[] = {
  [BST_STATE_DRAFT] = "draft",
  [BST_STATE_SUBMITTED] = "submitted",
  [BST_STATE_AWAITING_APPROVAL] = "awaiting-approval",
  [BST_STATE_ACCEPTED] = "accepted",
  [BST_STATE_IN_PROGRESS] = "in-progress",
  [BST_STATE_WAITING] = "waiting",
  [BST_STATE_DELIVERED] = "delivered",
  [BST_STATE_CLOSED] = "closed",
  [BST_STATE_REJECTED] = "rejected",
  [BST_STATE_CANCELLED] = "cancelled",
};
G_STATIC_ASSERT (G_N_ELEMENTS (state_names) == BST_N_STATES);

static const char *const action_names[] = {
  [BST_ACTION_SUBMIT] = "submit",
  [BST_ACTION_APPROVE] = "approve",
  [BST_ACTION_DECLINE] = "decline",
  [BST_ACTION_ACCEPT] = "accept",
  [BST_ACTION_REJECT] = "reject",
  [BST_ACTION_START] = "start",
  [BST_ACTION_WAIT] = "wait",
  [BST_ACTION_RESUME] = "resume",
  [BST_ACTION_MESSAGE] = "message",
  [BST_ACTION_ANSWER] = "answer",
  [BST_ACTION_DELIVER] = "deliver",
  [BST_ACTION_CONFIRM] = "confirm",
  [BST_ACTION_DISPUTE] = "dispute",
  [BST_ACTION_CANCEL] = "cancel",
  [BST_ACTION_RATE] = "rate",
  [BST_ACTION_CLOSE] = "close",
  [BST_ACTION_CHANGE_PERFORMER] = "change-performer",
  [BST_ACTION_CHANGE_PRIORITY] = "change-priority",
  [BST_ACTION_CONTEST] = "contest",
  [BST_ACTION_CORRECT] = "correct",
};
G_STATIC_ASSERT (G_N_ELEMENTS (action_names) == BST_N_ACTIONS);

BstState
bst_state_from_name (const char *name)
{
  for (gsize i = 0; name && i < G_N_ELEMENTS (state_names); i++)
    if (strcmp (state_names[i], name) == 0)
      return (BstState) i;
  return BST_STATE_DRAFT;
}

const char *
bst_state_name (BstState state)
{
  g_return_val_if_fail ((guint) state < BST_N_STATES, NULL);
  return state_names[state];
}

gboolean
bst_state_is_over (BstState state)
{
  return state == BST_STATE_CLOSED || state == BST_STATE_REJECTED || state == BST_STATE_CANCELLED;
}

gboolean
bst_action_from_name (const char *name, BstAction *ret_action)
{
  for (gsize i = 0; name && i < G_N_ELEMENTS (action_names); i++)
    if (strcmp (action_names[i], name) == 0)
      {
        *ret_action = (BstAction) i;
        return TRUE;
      }
  return FALSE;
}

const char *
bst_action_name (BstAction action)
{
  g_return_val_if_fail ((guint) action < BST_N_ACTIONS, NULL);
  return action_names[action];
}

const BstLifeRow *
bst_life_rows (gsize *ret_n)
{
  *ret_n = G_N_ELEMENTS (rows);
  return rows;
}

BstNeed
bst_life_needs (BstAction action)
{
  for (gsize i = 0; i < G_N_ELEMENTS (rows); i++)
    if (rows[i].action == action)
      return rows[i].needs;
  return BST_NEED_NONE;
}

/* Where a line stands, as far as the table asks. */
typedef struct
{
  BstState state;
  gboolean waits_for_orderer;
} Place;

static Place
place_at (BstState state, const char *waiting_for)
{
  return (Place){ state, state == BST_STATE_WAITING && g_strcmp0 (waiting_for, "orderer") == 0 };
}

static Place
place_of (GVariant *line)
{
  return place_at (bst_state_from_name (bst_doc_get_string (line, "state")),
                   bst_doc_get_string (line, "waitingFor"));
}

/* Without a @deed (what may be offered?) a condition on what it carries can still be met. */
static gboolean
condition_met (BstCondition when, const Place *place, const BstDeed *deed)
{
  switch (when)
    {
    case BST_WHEN_APPROVAL:
      return !deed || deed->approval;
    case BST_WHEN_NO_APPROVAL:
      return !deed || !deed->approval;
    case BST_WHEN_FOR_PERFORMER:
      return !deed || g_strcmp0 (deed->waits_for, "performer") == 0;
    case BST_WHEN_FOR_OTHERS:
      return !deed || g_strcmp0 (deed->waits_for, "performer") != 0;
    case BST_WHEN_ORDERER_WAITED:
      return place->waits_for_orderer;
    case BST_WHEN_ORDERER_NOT_WAITED:
      return !place->waits_for_orderer;
    case BST_WHEN_ALWAYS:
    default:
      return TRUE;
    }
}

static const BstLifeRow *
find_row (const Place *place, BstAction action, const BstDeed *deed, BstRole roles)
{
  for (gsize i = 0; i < G_N_ELEMENTS (rows); i++)
    if (rows[i].action == action && (rows[i].from & (1u << place->state)) &&
        (rows[i].roles & roles) && condition_met (rows[i].when, place, deed))
      return &rows[i];
  return NULL;
}

gboolean
bst_deed_of (GVariant *event, BstDeed *ret_deed)
{
  BstDeed deed = { 0 };

  if (!bst_action_from_name (bst_doc_get_string (event, "action"), &deed.action))
    return FALSE;
  deed.approval = bst_doc_get_bool (event, "data/approval");
  deed.waits_for = bst_doc_get_string (event, "data/for");
  *ret_deed = deed;
  return TRUE;
}

const BstLifeRow *
bst_life_row_at (BstState state, const char *waiting_for, const BstDeed *deed, BstRole roles)
{
  const Place place = place_at (state, waiting_for);

  return find_row (&place, deed->action, deed, roles);
}

const BstLifeRow *
bst_life_row (GVariant *line, GVariant *event, BstRole roles)
{
  BstDeed deed;

  if (!bst_deed_of (event, &deed))
    return NULL;
  return bst_life_row_at (bst_state_from_name (bst_doc_get_string (line, "state")),
                          bst_doc_get_string (line, "waitingFor"), &deed, roles);
}

/* Whether to offer @action on any of @lines (element-type GVariant); @late: or would take it. */
static gboolean
is_offered (GPtrArray *lines, BstAction action, BstRole roles, gboolean late)
{
  for (guint i = 0; i < lines->len; i++)
    {
      const Place place = place_of (lines->pdata[i]);
      const BstLifeRow *row = find_row (&place, action, NULL, roles);

      if (row && (late || !row->late))
        return TRUE;
    }
  return FALSE;
}

/* The lines that @line_id (nullable: all) names; the request itself when it has none. */
static GPtrArray *
subjects (GVariant *request, const char *line_id)
{
  GPtrArray *found = g_ptr_array_new_with_free_func ((GDestroyNotify) g_variant_unref);
  g_autoptr (GVariant) lines = bst_doc_get_map (request, "lines");
  GVariantIter iter;
  const char *id;
  GVariant *line;

  g_variant_iter_init (&iter, lines);
  while (g_variant_iter_next (&iter, "{&sv}", &id, &line))
    {
      g_autoptr (GVariant) held = line;

      if (!line_id || strcmp (id, line_id) == 0)
        g_ptr_array_add (found, g_steal_pointer (&held));
    }
  if (g_variant_n_children (lines) == 0 && !line_id)
    g_ptr_array_add (found, g_variant_ref (request));
  return found;
}

gboolean
bst_life_is_allowed (GVariant *request, const char *line, BstAction action, BstRole roles)
{
  g_autoptr (GPtrArray) lines = subjects (request, line);

  return is_offered (lines, action, roles, FALSE);
}

gboolean
bst_life_is_taken (GVariant *request, const char *line, BstAction action, BstRole roles)
{
  g_autoptr (GPtrArray) lines = subjects (request, line);

  return is_offered (lines, action, roles, TRUE);
}

char **
bst_life_allowed (GVariant *request, const char *line, BstRole roles)
{
  g_autoptr (GPtrArray) lines = subjects (request, line);
  g_autoptr (GStrvBuilder) names = g_strv_builder_new ();

  for (int action = 0; action < BST_N_ACTIONS; action++)
    if (is_offered (lines, (BstAction) action, roles, FALSE))
      g_strv_builder_add (names, action_names[action]);
  return g_strv_builder_end (names);
}
