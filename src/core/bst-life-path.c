/* SPDX-License-Identifier: GPL-3.0-or-later */

/* From one state to another by the table in bst-life.c: for systems that tell of states, not of steps. */

#include "bst-life.h"

#include <string.h>

/* What takes a case on; the others say something about it, or need more than a state tells. */
#define STEPS                                                                                      \
  (1u << BST_ACTION_SUBMIT | 1u << BST_ACTION_ACCEPT | 1u << BST_ACTION_REJECT |                   \
   1u << BST_ACTION_START | 1u << BST_ACTION_WAIT | 1u << BST_ACTION_RESUME |                      \
   1u << BST_ACTION_DELIVER | 1u << BST_ACTION_CONFIRM | 1u << BST_ACTION_DISPUTE |                \
   1u << BST_ACTION_CANCEL)

static gboolean
leads (const BstLifeRow *row, BstState from)
{
  return (STEPS & 1u << row->action) && row->when != BST_WHEN_APPROVAL &&
         (row->from & 1u << from) && row->to != BST_N_STATES;
}

/* Widens from @from until @to is reached; the table's order decides between ways of one length. */
static gboolean
search (BstState from, BstState to, const BstLifeRow *came[BST_N_STATES], BstState back[])
{
  BstState queue[BST_N_STATES] = { from };
  guint filled = 1;
  gsize n_rows;
  const BstLifeRow *rows = bst_life_rows (&n_rows);

  for (guint at = 0; at < filled && !came[to]; at++)
    for (gsize i = 0; i < n_rows; i++)
      if (leads (&rows[i], queue[at]) && rows[i].to != from && !came[rows[i].to])
        {
          came[rows[i].to] = &rows[i];
          back[rows[i].to] = queue[at];
          queue[filled++] = rows[i].to;
        }
  return came[to] != NULL;
}

gboolean
bst_life_path (BstState from, BstState to, BstAction ret_steps[BST_LIFE_PATH_MAX], guint *ret_n)
{
  const BstLifeRow *came[BST_N_STATES] = { NULL };
  BstState back[BST_N_STATES] = { 0 };
  guint n = 0;

  if (from != to && !search (from, to, came, back))
    return FALSE;
  for (BstState state = to; state != from; state = back[state])
    n++;
  *ret_n = n;
  for (BstState state = to; state != from; state = back[state])
    ret_steps[--n] = came[state]->action;
  return TRUE;
}
