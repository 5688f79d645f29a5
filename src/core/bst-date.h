/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/*
 * Days without a time zone: "2026-03-12" (ISO 8601), years 1 to 9999. Such texts sort by strcmp().
 */

/** bst_date_parse: exactly YYYY-MM-DD and a day that exists. @ret_date (nullable, out): untouched on failure. */
gboolean bst_date_parse (const char *text, GDate *ret_date);

/** bst_date_text: Returns: (transfer full): YYYY-MM-DD */
char *bst_date_text (const GDate *date);

/** bst_date_add_days: @date must be valid. Returns: (transfer full) (nullable): %NULL when @date is no date. */
char *bst_date_add_days (const char *date, int days);

/** bst_date_of_instant: the day at @instant (UTC seconds) in @zone. Returns: (transfer full). */
char *bst_date_of_instant (gint64 instant, GTimeZone *zone);

/**
 * bst_date_read:
 * @text: as people type it: "24.3.2026", "24/3-26", "24-03-2026", "24.3." (this year, or next when it is more than half a
 *   year ago), "24. marts", "2026-03-24", "240326", "i dag", "i morgen", "i morgon", "today", "tomorrow"
 * @today: YYYY-MM-DD
 *
 * Two-digit years are 20xx. Day before month, always, save for YYYY-MM-DD. Month names are read in all our languages.
 * Returns: (transfer full) (nullable): YYYY-MM-DD; %NULL when it is no day
 */
char *bst_date_read (const char *text, const char *today);

G_END_DECLS
