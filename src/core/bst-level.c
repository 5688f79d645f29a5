/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "bst-level.h"

#include <string.h>

#include "bst-doc.h"

void
bst_level_read (GVariant *results, BstLevel *ret_level)
{
  const struct
  {
    const char *name;
    gint64 *into;
    gint64 absent;
  } numbers[] = {
    { "cases", &ret_level->cases, 0 },
    { "met", &ret_level->met, 0 },
    { "breached", &ret_level->breached, 0 },
    { "responseMet", &ret_level->response_met, 0 },
    { "responseBreached", &ret_level->response_breached, 0 },
    { "firstTime", &ret_level->first_time, 0 },
    { "delivered", &ret_level->delivered, 0 },
    { "ratings", &ret_level->ratings, 0 },
    { "ratingSum", &ret_level->rating_sum, 0 },
    { "medianSeconds", &ret_level->median_low, -1 },
    { "p90Seconds", &ret_level->p90_low, -1 },
  };

  *ret_level = BST_LEVEL_NONE;
  for (guint i = 0; i < G_N_ELEMENTS (numbers); i++)
    *numbers[i].into = bst_doc_get_int (results, numbers[i].name, numbers[i].absent);
  ret_level->median_high = ret_level->median_low;
  ret_level->p90_high = ret_level->p90_low;
  ret_level->months = 1;
  ret_level->hidden = ret_level->ratings == 0;
}

static void
widen (gint64 *low, gint64 *high, gint64 other_low, gint64 other_high)
{
  if (other_low < 0)
    return;
  *low = *low < 0 ? other_low : MIN (*low, other_low);
  *high = MAX (*high, other_high);
}

void
bst_level_add (BstLevel *sum, const BstLevel *month)
{
  sum->months += month->months;
  sum->cases += month->cases;
  sum->met += month->met;
  sum->breached += month->breached;
  sum->response_met += month->response_met;
  sum->response_breached += month->response_breached;
  sum->first_time += month->first_time;
  sum->delivered += month->delivered;
  sum->ratings += month->ratings;
  sum->rating_sum += month->rating_sum;
  sum->hidden += month->hidden;
  widen (&sum->median_low, &sum->median_high, month->median_low, month->median_high);
  widen (&sum->p90_low, &sum->p90_high, month->p90_low, month->p90_high);
}

static double
percent (gint64 part, gint64 whole)
{
  return whole > 0 ? (double) part * 100.0 / (double) whole : -1;
}

double
bst_level_on_time (const BstLevel *level)
{
  return percent (level->met, level->met + level->breached);
}

double
bst_level_response (const BstLevel *level)
{
  return percent (level->response_met, level->response_met + level->response_breached);
}

double
bst_level_first_time (const BstLevel *level)
{
  return percent (level->first_time, level->delivered);
}

double
bst_level_satisfaction (const BstLevel *level)
{
  return level->ratings > 0 ? (double) level->rating_sum / (double) level->ratings : -1;
}

gboolean
bst_level_equal (const BstLevel *one, const BstLevel *other)
{
  return memcmp (one, other, sizeof *one) == 0;
}
