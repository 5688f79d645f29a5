/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* Months: "2026-03". Such texts sort by strcmp(). */

/** bst_month_parse: exactly YYYY-MM, years 1 … 9999. @ret_year, @ret_month (1 … 12): (nullable) (out): untouched on failure. */
gboolean bst_month_parse (const char *text, int *ret_year, int *ret_month);

/** bst_month_add: Returns: (transfer full) (nullable): %NULL when @month is no month, or the sum none that can be written */
char *bst_month_add (const char *month, int months);

/** bst_month_of_instant: the month at @instant (UTC seconds) in @zone. Returns: (transfer full). */
char *bst_month_of_instant (gint64 instant, GTimeZone *zone);

/** bst_month_bounds: the instants (UTC seconds) at which @month begins and ends in @zone: [from, to). */
gboolean bst_month_bounds (const char *month, GTimeZone *zone, gint64 *ret_from, gint64 *ret_to);

G_END_DECLS
