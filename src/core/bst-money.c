/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "bst-money.h"

#include "bst-doc.h"
#include "bst-error.h"
#include "bst-format.h"

#include <string.h>

#define NBSP "\u00a0"

void
bst_money_init (BstMoney *money, gint64 amount, const char *currency)
{
  *money = (BstMoney){ .amount = amount };
  if (currency && strlen (currency) == 3)
    memcpy (money->currency, currency, 3);
}

static gboolean
is_currency (const char *text)
{
  return text && strlen (text) == 3 && g_ascii_isupper (text[0]) && g_ascii_isupper (text[1]) &&
         g_ascii_isupper (text[2]);
}

gboolean
bst_money_from_doc (GVariant *doc, const char *path, BstMoney *ret_money)
{
  g_autoptr (GVariant) map = bst_doc_get_map (doc, path);
  g_autoptr (GVariant) amount = bst_doc_lookup (map, "amount");
  const char *currency = bst_doc_get_string (map, "currency");

  if (!amount || !g_variant_is_of_type (amount, G_VARIANT_TYPE_INT64) || !is_currency (currency))
    return FALSE;
  bst_money_init (ret_money, g_variant_get_int64 (amount), currency);
  return TRUE;
}

GVariant *
bst_money_to_doc (const BstMoney *money)
{
  GVariantDict dict;

  g_variant_dict_init (&dict, NULL);
  g_variant_dict_insert (&dict, "amount", "x", money->amount);
  g_variant_dict_insert (&dict, "currency", "s", money->currency);
  return bst_doc_take (g_variant_dict_end (&dict));
}

gboolean
bst_money_add (BstMoney *sum, const BstMoney *other, GError **error)
{
  gint64 amount;

  if (sum->currency[0] && other->currency[0] && strcmp (sum->currency, other->currency) != 0)
    {
      g_set_error (error, BST_ERROR, BST_ERROR_INVALID, "%s and %s cannot be added", sum->currency,
                   other->currency);
      return FALSE;
    }
  if (__builtin_add_overflow (sum->amount, other->amount, &amount))
    {
      g_set_error_literal (error, BST_ERROR, BST_ERROR_TOO_LARGE, "The sum is too large");
      return FALSE;
    }
  sum->amount = amount;
  if (!sum->currency[0])
    memcpy (sum->currency, other->currency, sizeof sum->currency);
  return TRUE;
}

gboolean
bst_money_multiply (BstMoney *money, gint64 factor, GError **error)
{
  gint64 amount;

  if (__builtin_mul_overflow (money->amount, factor, &amount))
    {
      g_set_error_literal (error, BST_ERROR, BST_ERROR_TOO_LARGE, "The amount is too large");
      return FALSE;
    }
  money->amount = amount;
  return TRUE;
}

int
bst_money_decimals (const char *currency)
{
  static const char *const whole[] = { "ISK", "JPY", "KRW", NULL };

  return currency && g_strv_contains (whole, currency) ? 0 : 2;
}

/* The amount without sign; its decimals as @always, or only when there are any. */
static char *
format_unsigned (const BstMoney *money, const char *language, gboolean always)
{
  int decimals = bst_money_decimals (money->currency);
  guint64 minor =
      money->amount < 0 ? (guint64) 0 - (guint64) money->amount : (guint64) money->amount;
  guint64 unit = decimals == 2 ? 100 : 1;
  g_autofree char *whole = bst_format_int ((gint64) (minor / unit), language);

  if (decimals == 0 || (!always && minor % unit == 0))
    return g_steal_pointer (&whole);
  return g_strdup_printf ("%s%s%02d", whole, bst_format_decimal_point (language),
                          (int) (minor % unit));
}

char *
bst_money_format_amount (const BstMoney *money, const char *language)
{
  g_autofree char *digits = format_unsigned (money, language, TRUE);

  return g_strconcat (money->amount < 0 ? bst_format_minus (language) : "", digits, NULL);
}

/* How a currency is written after the amount; krone is "kr" only where it can be no other krone. */
static const char *
symbol_after (const char *currency, const char *language)
{
  if (strcmp (currency, "EUR") == 0)
    return "€";
  if (strcmp (language, "da") == 0 && strcmp (currency, "DKK") == 0)
    return "kr.";
  if ((strcmp (language, "nb") == 0 || strcmp (language, "nn") == 0) &&
      strcmp (currency, "NOK") == 0)
    return "kr";
  return currency;
}

char *
bst_money_format (const BstMoney *money, const char *language)
{
  const char *known = bst_format_language (language);
  const char *minus = money->amount < 0 ? bst_format_minus (known) : "";
  g_autofree char *digits = format_unsigned (money, known, FALSE);

  if (!money->currency[0])
    return g_strconcat (minus, digits, NULL);
  if (strcmp (known, "en") != 0)
    return g_strconcat (minus, digits, NBSP, symbol_after (money->currency, known), NULL);
  if (strcmp (money->currency, "EUR") == 0)
    return g_strconcat (minus, "€", digits, NULL);
  return g_strconcat (minus, money->currency, NBSP, digits, NULL);
}

/* Half away from zero. */
char *
bst_money_format_whole (const BstMoney *money, const char *language)
{
  gint64 unit = bst_money_decimals (money->currency) > 0 ? 100 : 1;
  gint64 rest = money->amount % unit;
  BstMoney whole = *money;

  whole.amount -= rest;
  if (ABS (rest) * 2 >= unit && ABS (whole.amount) <= G_MAXINT64 - unit)
    whole.amount += rest < 0 ? -unit : unit;
  return bst_money_format (&whole, language);
}

/* @text without the currency, spaces and a sign; *ret_negative. */
static char *
strip_amount (const char *text, const char *currency, gboolean *ret_negative)
{
  static const char *const symbols[] = { "kr.", "kr", ",-", "€" };
  g_autofree char *normal = g_utf8_normalize (text, -1, G_NORMALIZE_NFC);
  g_autofree char *lower = g_utf8_strdown (normal ? normal : "", -1);
  g_autofree char *code = g_ascii_strdown (currency, -1);
  g_autoptr (GString) amount = g_string_new (lower);
  GString *bare = g_string_new (NULL);

  g_string_replace (amount, code, "", 1);
  for (gsize i = 0; i < G_N_ELEMENTS (symbols); i++)
    g_string_replace (amount, symbols[i], "", 1);
  for (const char *p = amount->str; *p; p = g_utf8_next_char (p))
    if (!g_unichar_isspace (g_utf8_get_char (p)))
      g_string_append_unichar (bare, g_utf8_get_char (p));

  *ret_negative = TRUE;
  if (g_str_has_prefix (bare->str, "-"))
    g_string_erase (bare, 0, 1);
  else if (g_str_has_prefix (bare->str, "−"))
    g_string_erase (bare, 0, strlen ("−"));
  else
    *ret_negative = FALSE;
  return g_string_free (bare, FALSE);
}

/* Takes @group out of @whole; FALSE unless every group but the first has three digits. */
static gboolean
remove_groups (char *whole, char group)
{
  g_auto (GStrv) parts = NULL;
  const char separator[] = { group, '\0' };
  g_autofree char *joined = NULL;

  if (!strchr (whole, group))
    return TRUE;
  parts = g_strsplit (whole, separator, -1);
  for (guint i = 0; parts[i]; i++)
    if (i == 0 ? strlen (parts[i]) < 1 || strlen (parts[i]) > 3 : strlen (parts[i]) != 3)
      return FALSE;
  joined = g_strjoinv ("", parts);
  strcpy (whole, joined);
  return TRUE;
}

static gboolean
only_digits (const char *text)
{
  return strspn (text, "0123456789") == strlen (text);
}

static gboolean
join_amount (const char *whole, const char *fraction, int decimals, gint64 *ret_minor)
{
  g_autoptr (GString) digits = g_string_new (whole);
  guint64 minor;

  g_string_append (digits, fraction);
  for (gsize i = strlen (fraction); i < (gsize) decimals; i++)
    g_string_append_c (digits, '0');
  if (!g_ascii_string_to_unsigned (digits->str, 10, 0, G_MAXINT64, &minor, NULL))
    return FALSE;
  *ret_minor = (gint64) minor;
  return TRUE;
}

gboolean
bst_money_parse (const char *text,
                 const char *currency,
                 const char *language,
                 BstMoney *ret_money,
                 GError **error)
{
  gboolean negative;
  g_autofree char *whole = strip_amount (text, currency, &negative);
  char point = bst_format_decimal_point (language)[0];
  char *fraction = strrchr (whole, point);
  int decimals = bst_money_decimals (currency);
  gint64 minor;

  if (fraction)
    *fraction++ = '\0';
  if (!remove_groups (whole, point == ',' ? '.' : ',') || !*whole || !only_digits (whole) ||
      (fraction &&
       (!*fraction || !only_digits (fraction) || strlen (fraction) > (gsize) decimals)) ||
      !join_amount (whole, fraction ? fraction : "", decimals, &minor))
    {
      g_set_error (error, BST_ERROR, BST_ERROR_INVALID, "“%s” is no amount in %s", text, currency);
      return FALSE;
    }
  bst_money_init (ret_money, negative ? -minor : minor, currency);
  return TRUE;
}
