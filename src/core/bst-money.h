/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/**
 * BstMoney:
 * @amount: minor units (øre, cent)
 * @currency: ISO 4217, upper case; "" is an amount of nothing yet: it takes the first currency added
 *
 * Plain value, copied by assignment. No floating point anywhere.
 */
typedef struct
{
  gint64 amount;
  char currency[4];
} BstMoney;

/** bst_money_init: @currency NULL or not three letters gives "". */
void bst_money_init (BstMoney *money, gint64 amount, const char *currency);

/** bst_money_from_doc: reads {"amount": …, "currency": …} at @path; %FALSE when it is not there or not of that shape. */
gboolean bst_money_from_doc (GVariant *doc, const char *path, BstMoney *ret_money);

/** bst_money_to_doc: Returns: (transfer full): {"amount": …, "currency": …} */
GVariant *bst_money_to_doc (const BstMoney *money);

/** bst_money_add: *@sum += *@other. %BST_ERROR_INVALID on mixed currencies, %BST_ERROR_TOO_LARGE on overflow; *@sum is then untouched. */
gboolean bst_money_add (BstMoney *sum, const BstMoney *other, GError **error);

/** bst_money_multiply: *@money *= @factor. %BST_ERROR_TOO_LARGE on overflow; then untouched. */
gboolean bst_money_multiply (BstMoney *money, gint64 factor, GError **error);

/** bst_money_decimals: how many digits the minor unit has (ISO 4217): 2, or 0 for ISK and JPY. */
int bst_money_decimals (const char *currency);

/**
 * bst_money_format:
 * @language: "da", "nb", "nn", "en"; others as "en"
 *
 * "24.600 kr." (DKK in da), "24 600 kr" (NOK in nb and nn), "24.600 €", "24.600 NOK", "DKK 24,600" (en). Decimals only
 * when there are minor units: "1.234,50 kr.". All spaces are U+00A0. Returns: (transfer full).
 */
char *bst_money_format (const BstMoney *money, const char *language);

/** bst_money_format_whole: as bst_money_format(), to the nearest whole unit: for what is no more exact than that. Returns: (transfer full). */
char *bst_money_format_whole (const BstMoney *money, const char *language);

/** bst_money_format_amount: the same without the currency, always with decimals: for tables and export. Returns: (transfer full). */
char *bst_money_format_amount (const BstMoney *money, const char *language);

/**
 * bst_money_parse:
 * @text: as typed: "1.234,50", "1 234,50 kr.", "1234", "1.234"; in en "1,234.50"
 *
 * %BST_ERROR_INVALID when it is no amount, has too many decimals, or is out of range.
 */
gboolean bst_money_parse (const char *text,
                          const char *currency,
                          const char *language,
                          BstMoney *ret_money,
                          GError **error);

G_END_DECLS
