/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "bst-change.h"
#include "bst-level.h"

G_BEGIN_DECLS

/*
 * Service levels in words. @language is "da", "nb" …; the words around the figures come from gettext. What returns char * is
 * (transfer full). A working day is counted as eight opening hours.
 */

#define BST_LEVEL_DAY (8 * 3600)

/** bst_level_percent_text: "95.8%"; "–" for a negative one. */
char *bst_level_percent_text (double percent, const char *language);

/** bst_level_time_text: opening time, short: "1.2 d", "3.5 h", "20 min"; "–" for a negative one. */
char *bst_level_time_text (gint64 seconds, const char *language);

/** bst_level_time_long: "1.2 working days", "3.5 hours", "20 minutes". */
char *bst_level_time_long (gint64 seconds, const char *language);

/** bst_level_range_text: of several months: "1.1–1.6 d"; one when they are alike. */
char *bst_level_range_text (gint64 low, gint64 high, const char *language);

/** bst_level_satisfaction_text: "4.4 (61)": stars and how many rated; "fewer than 5" where they are hidden. */
char *bst_level_satisfaction_text (const BstLevel *level, const char *language);

/** bst_level_counts_text: "412 of 430 on time". */
char *bst_level_counts_text (const BstLevel *level, const char *language);

/** bst_level_sentence: all of a row, for those who hear it. @target: percent; negative: none. */
char *
bst_level_sentence (const char *name, const BstLevel *level, double target, const char *language);

/** bst_level_trend_icon: of the difference of two shares of on time, negative: unknown; @ret_text: static. %NULL when neither. */
const char *bst_level_trend_icon (double before, double now, const char **ret_text);

/** bst_level_change_text: what changed and what explains it. @service: (nullable): the name of change->service. */
char *
bst_level_change_text (const BstChange *change, const char *service, const char *month_before);

/** bst_level_cause_text: of a breached case: "waited for a supplier"; static. */
const char *bst_level_cause_text (BstCause cause);

/** bst_level_turn_name: whose turn: "The performer", "Waiting for the orderer", "Delivered"; static. */
const char *bst_level_turn_name (BstStretchKind kind, const char *waiting_for);

/** bst_level_turn_text: "The performer: Mon 2 Mar 09:00 – Tue 3 Mar 10:00, 9 hours". */
char *bst_level_turn_text (const BstTurn *turn, GTimeZone *zone, const char *language);

/** bst_level_channel_text: "by phone"; static, or @channel itself when it is another. */
const char *bst_level_channel_text (const char *channel);

G_END_DECLS
