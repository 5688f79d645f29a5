/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "bst-charge.h"
#include "bst-chart.h"

G_BEGIN_DECLS

/*
 * What each month of a year cost, as bars: once striped on top of what is monthly, and the twelfth of the budget as a dashed line;
 * where that would be far above all bars, as words only.
 */
#define BST_TYPE_COST_BARS (bst_cost_bars_get_type ())
G_DECLARE_FINAL_TYPE (BstCostBars, bst_cost_bars, BST, COST_BARS, BstChart)

/**
 * bst_cost_bars_set:
 * @months: (element-type BstChargeTotal): by month; those of @year count
 * @budget: of the year; nothing when its currency is ""
 */
void bst_cost_bars_set (BstCostBars *bars,
                        GPtrArray *months,
                        int year,
                        const BstMoney *budget,
                        const char *language);

G_END_DECLS
