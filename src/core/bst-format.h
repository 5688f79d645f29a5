/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/*
 * Numbers, dates and times as Danes and Norwegians write them, independent of the process's locale: the same text on
 * every computer and in every test. @language is "da", "nb", "nn" or "en"; others are written as "en".
 * What returns char * is (transfer full).
 */

/** bst_format_language: the one of the four that @language ("nb_NO", "da") is written as. Static, not to be freed. */
const char *bst_format_language (const char *language);

/** bst_format_decimal_point, bst_format_minus: static: "," or "."; "-" or "−". */
const char *bst_format_decimal_point (const char *language);
const char *bst_format_minus (const char *language);

/** bst_format_int: "24.600" (da), "24 600" with U+00A0 (nb, nn), "24,600" (en). */
char *bst_format_int (gint64 value, const char *language);

/** bst_format_decimal: rounded half away from zero: "95,8"; "95.8" in en. @decimals 0 … 6. From 9·10¹⁵ units of the last decimal on: "–". */
char *bst_format_decimal (double value, int decimals, const char *language);

/** bst_format_percent: @percent is 0 … 100: "95,8 %" (U+00A0); "95.8%" in en. */
char *bst_format_percent (double percent, int decimals, const char *language);

/**
 * BstDateStyle:
 * @BST_DATE_LONG: "tirsdag 24. marts 2026" · "Tuesday 24 March 2026"
 * @BST_DATE_DAY: "tirsdag 24. marts" · "Tuesday 24 March"
 * @BST_DATE_MEDIUM: "24. marts 2026" · "24 March 2026"
 * @BST_DATE_BRIEF: "tir. 24. mar." · "Tue 24 Mar"
 * @BST_DATE_SHORT: "24.03.2026" · "24/03/2026"
 */
typedef enum
{
  BST_DATE_LONG,
  BST_DATE_DAY,
  BST_DATE_MEDIUM,
  BST_DATE_BRIEF,
  BST_DATE_SHORT,
} BstDateStyle;

/** bst_format_date: @date is YYYY-MM-DD; what is no date is returned as it is. */
char *bst_format_date (const char *date, BstDateStyle style, const char *language);

/** bst_format_instant_date: the day of @instant (UTC seconds) in @zone. */
char *
bst_format_instant_date (gint64 instant, GTimeZone *zone, BstDateStyle style, const char *language);

/** bst_format_time: "14.02" in da, "14:02" otherwise. */
char *bst_format_time (gint64 instant, GTimeZone *zone, const char *language);

/** bst_format_moment: day and time: "tirsdag 24. marts kl. 12.00", "Tuesday 24 March 12:00". */
char *bst_format_moment (gint64 instant, GTimeZone *zone, BstDateStyle style, const char *language);

/** bst_format_month: @month is "2026-03": "marts 2026". */
char *bst_format_month (const char *month, const char *language);

/** bst_format_month_name: @month 1 … 12; static. */
const char *bst_format_month_name (int month, const char *language);

/** bst_format_month_brief: @month is "2026-03": "mar."; what is no month is returned as it is. Borrowed or static. */
const char *bst_format_month_brief (const char *month, const char *language);

/** bst_format_weekday_name: @weekday 1 (Monday) … 7; static. */
const char *bst_format_weekday_name (int weekday, const char *language);

G_END_DECLS
