/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "bst-case-view.h"
#include "bst-clock-bar.h"

G_BEGIN_DECLS

/*
 * Who waited for whom, of one line: its clock bar, what the chosen stretch says, a legend of what occurs in it, and the stretches
 * as a table behind an expander. Main thread.
 *
 * Signal ::contest (gint64 sequence): the button beside a pause was pressed: the event that began it.
 */
#define BST_TYPE_CLOCK_CARD (bst_clock_card_get_type ())
G_DECLARE_FINAL_TYPE (BstClockCard, bst_clock_card, BST, CLOCK_CARD, GtkBox)

GtkWidget *bst_clock_card_new (void);

/** bst_clock_card_set_may_contest: whether pauses have a button to contest them; before bst_clock_card_set(). */
void bst_clock_card_set_may_contest (BstClockCard *card, gboolean may_contest);

/** bst_clock_card_set: @heading: (nullable): the line's name. @zone, @language: for what it says. */
void bst_clock_card_set (BstClockCard *card,
                         const BstCaseView *view,
                         const char *heading,
                         GTimeZone *zone,
                         const char *language);

/** bst_clock_bar_show: the bar alone, with its words. */
void bst_clock_bar_show (BstClockBar *bar,
                         const BstCaseView *view,
                         GTimeZone *zone,
                         const char *language);

G_END_DECLS
