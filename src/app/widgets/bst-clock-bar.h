/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "bst-chart.h"

#include "bst-turn.h"

G_BEGIN_DECLS

/*
 * A case from its start to its end: who waited for whom. Filled: the performer's turn, thin while it was closed; striped: the
 * orderer's; crossed: a supplier's; hollow: delivered, with the receiver. The wedge stands at what was due.
 */
#define BST_TYPE_CLOCK_BAR (bst_clock_bar_get_type ())
G_DECLARE_FINAL_TYPE (BstClockBar, bst_clock_bar, BST, CLOCK_BAR, BstChart)

GtkWidget *bst_clock_bar_new (void);

/**
 * bst_clock_bar_set:
 * @stretches: (element-type BstStretch): of bst_sla_explain(); copied, with their words
 * @turns: (element-type BstTurn): of bst_turns(); copied, without the words
 * @texts: what is said of each turn: as many; copied
 * @due: UTC seconds; %BST_CALENDAR_NEVER: none
 */
void bst_clock_bar_set (BstClockBar *bar,
                        GArray *stretches,
                        GArray *turns,
                        const char *const *texts,
                        gint64 due);

/* A sample of how a stretch is painted, for a legend. */
#define BST_TYPE_SWATCH (bst_swatch_get_type ())
G_DECLARE_FINAL_TYPE (BstSwatch, bst_swatch, BST, SWATCH, BstChart)

/** bst_swatch_new: @waiting_for: (nullable): of a pause */
GtkWidget *bst_swatch_new (BstStretchKind kind, const char *waiting_for);

G_END_DECLS
