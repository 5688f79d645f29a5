/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gtk/gtk.h>

#include "bst-levels.h"

G_BEGIN_DECLS

/*
 * How this month goes, in a card: on time, the target, better or worse than last month; below it what the year has cost so far, of the
 * budget. Each is shown when there is something to tell, and opens its page ("levels", "costs") by the action win.open. Main thread.
 */
#define BST_TYPE_MONTH_CARD (bst_month_card_get_type ())
G_DECLARE_FINAL_TYPE (BstMonthCard, bst_month_card, BST, MONTH_CARD, GtkBox)

void bst_month_card_set_session (BstMonthCard *card, BstSession *session);

/** bst_month_card_refresh: the unit, or the month, may be another. */
void bst_month_card_refresh (BstMonthCard *card);

G_END_DECLS
