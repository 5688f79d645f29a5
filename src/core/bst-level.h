/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/**
 * BstLevel: what was measured for a group of cases: one Measure document, or several months of one group added up.
 * @met, @breached: of the cases that had a promise
 * @first_time: of the @delivered ones
 * @ratings, @rating_sum: 0 where they are hidden or there are none; @hidden: in how many of the months
 * @median_low … @p90_high: business seconds; a median cannot be added up, so several months have a lowest and a highest;
 *   -1: none
 */
typedef struct
{
  gint64 months;
  gint64 cases;
  gint64 met;
  gint64 breached;
  gint64 response_met;
  gint64 response_breached;
  gint64 first_time;
  gint64 delivered;
  gint64 ratings;
  gint64 rating_sum;
  gint64 hidden;
  gint64 median_low;
  gint64 median_high;
  gint64 p90_low;
  gint64 p90_high;
} BstLevel;

#define BST_LEVEL_NONE                                                                             \
  ((BstLevel){ .median_low = -1, .median_high = -1, .p90_low = -1, .p90_high = -1 })

/** bst_level_read: @results: a Measure, or its "all". */
void bst_level_read (GVariant *results, BstLevel *ret_level);

/** bst_level_add: another month of the same group. */
void bst_level_add (BstLevel *sum, const BstLevel *month);

/** bst_level_on_time, …: percent 0 … 100; -1 when there is nothing that it could be said of. */
double bst_level_on_time (const BstLevel *level);
double bst_level_response (const BstLevel *level);
double bst_level_first_time (const BstLevel *level);

/** bst_level_satisfaction: mean of the stars, 1 … 5; -1 when none or hidden. */
double bst_level_satisfaction (const BstLevel *level);

/** bst_level_equal: whether two performers of the sum came to the same. */
gboolean bst_level_equal (const BstLevel *one, const BstLevel *other);

G_END_DECLS
