/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "bst-chart.h"

G_BEGIN_DECLS

/* Percent by month, with the target of each month as a dashed step: round where it was met, square where it was not. */
#define BST_TYPE_TREND_CHART (bst_trend_chart_get_type ())
G_DECLARE_FINAL_TYPE (BstTrendChart, bst_trend_chart, BST, TREND_CHART, BstChart)

GtkWidget *bst_trend_chart_new (void);

/**
 * bst_trend_chart_set:
 * @points: copied, with their labels
 * @texts: what is said of each point: "March 2026: 95.8 % on time, target 95 %": as many as points, copied
 */
void bst_trend_chart_set (BstTrendChart *chart,
                          const BstTrendPoint *points,
                          guint n_points,
                          const char *const *texts);

G_END_DECLS
