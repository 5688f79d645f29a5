/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/*
 * Dates as other systems write them, by patterns: YYYY YY M D H (0–23) h (1–12) m s S (fraction of a second) A (AM/PM)
 * MMM (month's name, its first three letters decide, English or Danish/Norwegian) Z ("Z", "+02:00", "+0200", "UTC"). A letter
 * takes one or two digits, doubled two. A blank takes any number of blanks, anything else itself.
 * Without Z the time is that of the zone.
 */
typedef struct _BstHistoryDates BstHistoryDates;

/** bst_history_dates_new: @patterns: tried in this order. %NULL with INVALID that names the pattern, or the zone. */
BstHistoryDates *
bst_history_dates_new (const char *const *patterns, const char *time_zone, GError **error);
void bst_history_dates_free (BstHistoryDates *dates);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (BstHistoryDates, bst_history_dates_free)

/**
 * bst_history_dates_parse:
 * @text: need not end in NUL
 * @ret_instant: (out): UTC seconds. What the clocks skipped in spring is an hour later; what they showed twice in autumn is
 *   the first time
 * @ret_again: (out): when the clocks showed it twice, the second time; else the same as *@ret_instant
 *
 * Returns: %FALSE when no pattern takes all of it, there is no such day, or it lies outside the years 1970 to 2199
 */
gboolean bst_history_dates_parse (BstHistoryDates *dates,
                                  const char *text,
                                  gsize len,
                                  gint64 *ret_instant,
                                  gint64 *ret_again);

G_END_DECLS
