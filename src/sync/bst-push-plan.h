/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/*
 * How to listen, and when to try again: a rule over what has happened, without a clock or a line.
 */

typedef enum
{
  BST_PUSH_STREAM, /* one stream for as long as it stands */
  BST_PUSH_ONE_BY_ONE, /* something on the way holds answers back until they are whole: each answer ends with its event */
  BST_PUSH_BLOCKED, /* not to be had here: the server is asked every now and then, and push tried once an hour */
} BstPushMode;

typedef enum
{
  BST_PUSH_ENDED,   /* it stood, and then ended, was cut or fell silent */
  BST_PUSH_TOLD,    /* it ended in good order behind an event, as was asked for */
  BST_PUSH_SILENT,  /* the question went out, and nothing was heard within the first interval */
  BST_PUSH_NO_LINE, /* the question did not go out */
  BST_PUSH_REFUSED, /* turned away, or something else than the server answered */
} BstPushOutcome;

/** BstPushPlan: zeroed: nothing has been tried. */
typedef struct
{
  BstPushMode mode;
  guint failures; /* in a row: no line, or one that did not stand for a minute */
  guint silent;   /* in a row */
  guint refused;  /* in a row */
  gboolean told;  /* answers come through one by one */
} BstPushPlan;

/**
 * bst_push_plan_next:
 * @stood_ms: how long it was heard
 *
 * Returns: milliseconds to wait before the next try, before chance is added; @plan says how to try then
 */
gint64 bst_push_plan_next (BstPushPlan *plan, BstPushOutcome outcome, gint64 stood_ms);

G_END_DECLS
