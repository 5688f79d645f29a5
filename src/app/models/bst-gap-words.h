/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "bst-gap.h"

G_BEGIN_DECLS

/* The gap map in words. What returns char * is (transfer full). */

/** bst_gap_text: "The steps behind it need 4 working days"; static words where nothing is counted. */
char *bst_gap_text (const BstGap *gap);

/** bst_gap_when_text: when it is worst: "Longest for what comes Friday 15:00"; %NULL unless it is too slow. @zone: of the target's calendar. */
char *bst_gap_when_text (const BstGap *gap, GTimeZone *zone, const char *language);

/** bst_gap_off_duty_text: "Monday–Thursday 00:00–08:00, 16:00–24:00 · Friday …" for step @key; %NULL when it is always on duty. */
char *bst_gap_off_duty_text (const BstGap *gap, const char *key, const char *language);

G_END_DECLS
