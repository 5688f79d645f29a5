/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "bst-chart.h"

G_BEGIN_DECLS

/* A result against its target: filled when the target is met, striped when it is not; the target is an upright line. */
#define BST_TYPE_BULLET_BAR (bst_bullet_bar_get_type ())
G_DECLARE_FINAL_TYPE (BstBulletBar, bst_bullet_bar, BST, BULLET_BAR, BstChart)

GtkWidget *bst_bullet_bar_new (void);

/** bst_bullet_bar_set: @value, @target: negative: there is none; @max: at the right end. Words: bst_chart_set_words(). */
void bst_bullet_bar_set (BstBulletBar *bar, double value, double target, double max);

G_END_DECLS
