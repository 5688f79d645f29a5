/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "bst-calendar.h"
#include "bst-money.h"

G_BEGIN_DECLS

/*
 * What a service of the catalogue costs, and how long it takes, in the user's words. @language is "da", "nb" …;
 * the words around the figures come from gettext. All functions return (transfer full) unless they say so.
 */

/** bst_offer_price_text: "4.950 kr. once · 210 kr. a month"; "included in the agreement". @price as in the dictionary. */
char *bst_offer_price_text (GVariant *price, const char *language);

/** bst_offer_price_brief: for rows: "4.950 kr.", "210 kr. a month", "included". */
char *bst_offer_price_brief (GVariant *price, const char *language);

/** bst_offer_totals_text: of two sums; an amount with currency "" is left out. %NULL when both are. */
char *bst_offer_totals_text (const BstMoney *once, const BstMoney *monthly, const char *language);

/** bst_offer_obligation_text: "mandatory", "add-on"; static. */
const char *bst_offer_obligation_text (GVariant *service);

/** bst_offer_promise_text: "8 working days", "4 opening hours"; %NULL when there is none. */
char *bst_offer_promise_text (GVariant *promise);

/** bst_offer_by_text: "by Tue 24 March": the day in @zone by which it is delivered. %NULL when @due is %BST_CALENDAR_NEVER. */
char *bst_offer_by_text (gint64 due, GTimeZone *zone, const char *language);

/** bst_offer_wanted_text: "wanted on Tue 24 Mar", of an order's line; (transfer full) (nullable). */
char *bst_offer_wanted_text (GVariant *line, const char *language);

/** bst_offer_icon: @name, or what stands for a service without an icon, when the theme lacks it; static or borrowed. */
const char *bst_offer_icon (GVariant *area);

G_END_DECLS
