/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "bst-push-plan.h"

#define AT_ONCE_MS     250
#define FIRST_PAUSE_MS 2000
#define LAST_PAUSE_MS  (15 * 60 * 1000)
#define HOUR_MS        (60 * 60 * 1000)
#define STEADY_MS      (60 * 1000) /* what stood so long was a good stream */
#define BRIEF_MS       2000
#define REFUSED_MS     (30 * 1000)
#define MAX_SILENT     2
#define MAX_REFUSED    3

static gint64
back_off (BstPushPlan *plan)
{
  return MIN ((gint64) FIRST_PAUSE_MS << MIN (plan->failures, 12), LAST_PAUSE_MS);
}

static gint64
block (BstPushPlan *plan)
{
  *plan = (BstPushPlan){ .mode = BST_PUSH_BLOCKED };
  return HOUR_MS;
}

static gint64
after_silence (BstPushPlan *plan)
{
  if (plan->mode == BST_PUSH_ONE_BY_ONE && plan->told)
    return AT_ONCE_MS; /* nothing happened for long; the line may be another one by now */
  if (++plan->silent < MAX_SILENT)
    return FIRST_PAUSE_MS;
  if (plan->mode == BST_PUSH_ONE_BY_ONE)
    return block (plan);
  *plan = (BstPushPlan){ .mode = BST_PUSH_ONE_BY_ONE };
  return AT_ONCE_MS;
}

static gint64
after_refusal (BstPushPlan *plan)
{
  /* A server that starts anew behind its proxy is away for a moment. */
  if (++plan->refused >= MAX_REFUSED)
    return block (plan);
  return (gint64) REFUSED_MS * plan->refused;
}

gint64
bst_push_plan_next (BstPushPlan *plan, BstPushOutcome outcome, gint64 stood_ms)
{
  if (plan->mode == BST_PUSH_BLOCKED) /* the hour was over */
    {
      *plan = (BstPushPlan){ .mode = BST_PUSH_STREAM };
      if (outcome == BST_PUSH_REFUSED)
        return block (plan);
    }
  if (outcome == BST_PUSH_SILENT)
    return after_silence (plan);
  plan->silent = 0;
  if (outcome == BST_PUSH_REFUSED)
    return after_refusal (plan);
  plan->refused = 0;
  if (outcome == BST_PUSH_TOLD)
    {
      /* Many at once are told together. */
      plan->told = TRUE;
      plan->failures = stood_ms >= BRIEF_MS ? 0 : plan->failures + 1;
      return plan->failures < 3 ? AT_ONCE_MS : back_off (plan) / 4;
    }
  if (outcome == BST_PUSH_ENDED && stood_ms >= STEADY_MS)
    plan->failures = 0;
  else
    plan->failures++;
  return outcome == BST_PUSH_ENDED && plan->failures == 0 ? FIRST_PAUSE_MS : back_off (plan) / 2;
}
