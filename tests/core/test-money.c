/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "core-fixture.h"

#include "bst-error.h"
#include "bst-money.h"

#define NBSP "\u00a0"

static BstMoney
money (gint64 amount, const char *currency)
{
  BstMoney value;

  bst_money_init (&value, amount, currency);
  return value;
}

static void
test_format (void)
{
  static const struct
  {
    gint64 amount;
    const char *currency;
    const char *language;
    const char *expected;
  } cases[] = {
    { 2460000, "DKK", "da", "24.600" NBSP "kr." },
    { 2460000, "NOK", "nb", "24" NBSP "600" NBSP "kr" },
    { 2460000, "NOK", "nn", "24" NBSP "600" NBSP "kr" },
    { 2460000, "NOK", "da", "24.600" NBSP "NOK" },
    { 2460000, "DKK", "nb", "24" NBSP "600" NBSP "DKK" },
    { 2460000, "EUR", "da", "24.600" NBSP "€" },
    { 2460000, "DKK", "en", "DKK" NBSP "24,600" },
    { 2460050, "EUR", "en", "€24,600.50" },
    { 123450, "DKK", "da", "1.234,50" NBSP "kr." },
    { 5, "DKK", "da", "0,05" NBSP "kr." },
    { 0, "DKK", "da", "0" NBSP "kr." },
    { -123450, "DKK", "da", "-1.234,50" NBSP "kr." },
    { -123450, "NOK", "nb", "−1" NBSP "234,50" NBSP "kr" },
    { 99900, "DKK", "da", "999" NBSP "kr." },
    { 1234, "ISK", "da", "1.234" NBSP "ISK" },
    { G_MININT64, "DKK", "da", "-92.233.720.368.547.758,08" NBSP "kr." },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      BstMoney value = money (cases[i].amount, cases[i].currency);
      g_autofree char *text = bst_money_format (&value, cases[i].language);

      g_assert_cmpstr (text, ==, cases[i].expected);
    }
}

static void
test_format_amount (void)
{
  BstMoney value = money (-2460000, "DKK");
  g_autofree char *danish = bst_money_format_amount (&value, "da");
  g_autofree char *english = bst_money_format_amount (&value, "en");

  g_assert_cmpstr (danish, ==, "-24.600,00");
  g_assert_cmpstr (english, ==, "-24,600.00");
}

static void
test_format_whole (void)
{
  static const struct
  {
    gint64 amount;
    const char *currency;
    const char *expected;
  } cases[] = {
    { 9669906, "DKK", "96.699" NBSP "kr." },
    { 9669950, "DKK", "96.700" NBSP "kr." },
    { 49, "DKK", "0" NBSP "kr." },
    { -50, "DKK", "-1" NBSP "kr." },
    { -49, "DKK", "0" NBSP "kr." },
    { 1234, "ISK", "1.234" NBSP "ISK" },
    { G_MAXINT64, "DKK", "92.233.720.368.547.758" NBSP "kr." },
    { G_MININT64, "DKK", "-92.233.720.368.547.758" NBSP "kr." },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      BstMoney value = money (cases[i].amount, cases[i].currency);
      g_autofree char *text = bst_money_format_whole (&value, "da");

      g_assert_cmpstr (text, ==, cases[i].expected);
    }
}

static void
test_parse (void)
{
  static const struct
  {
    const char *text;
    const char *language;
    gint64 expected;
  } cases[] = {
    { "1.234,50", "da", 123450 },
    { "1234,5", "da", 123450 },
    { "1234", "da", 123400 },
    { "1.234", "da", 123400 },
    { "24.600 kr.", "da", 2460000 },
    { "24.600,- ", "da", 2460000 },
    { "DKK 12", "da", 1200 },
    { "-5,25", "da", -525 },
    { "−5,25", "nb", -525 },
    { "1 234,50 kr", "nb", 123450 },
    { "1" NBSP "234", "nb", 123400 },
    { "1,234.50", "en", 123450 },
    { "0,05", "da", 5 },
    { "0", "da", 0 },
    { "12.345.678,90", "da", 1234567890 },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autoptr (GError) error = NULL;
      BstMoney value = { 0 };

      bst_money_parse (cases[i].text, "DKK", cases[i].language, &value, &error);
      g_assert_no_error (error);
      g_assert_cmpint (value.amount, ==, cases[i].expected);
      g_assert_cmpstr (value.currency, ==, "DKK");
    }
}

static void
test_parse_refuses (void)
{
  static const char *const cases[] = {
    "",     "kr.",  "abc",    "1,2,3",   "1.23", "1.2345", "12,345",
    ",5",   "5,",   "1..234", "100 nok", "1e5",  "--5",    "99999999999999999999",
    "5 5x", "0x10", "+-1",    "1.234.5"
  };

  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autoptr (GError) error = NULL;
      BstMoney value = money (7, "SEK");

      if (bst_money_parse (cases[i], "DKK", "da", &value, &error))
        g_error ("“%s” was taken as %" G_GINT64_FORMAT, cases[i], value.amount);
      g_assert_error (error, BST_ERROR, BST_ERROR_INVALID);
      g_assert_cmpint (value.amount, ==, 7);
    }
}

/* What is written can be read. */
static void
test_round_trip (void)
{
  static const char *const languages[] = { "da", "nb", "nn", "en" };
  static const char *const currencies[] = { "DKK", "NOK", "EUR", "ISK" };

  for (int i = 0; i < 2000; i++)
    {
      gint64 amount = ((gint64) g_test_rand_int () * 65536) ^ g_test_rand_int ();
      const char *language = languages[i % 4];
      BstMoney value = money (amount, currencies[i / 4 % 4]);
      g_autofree char *text = bst_money_format (&value, language);
      g_autoptr (GError) error = NULL;
      BstMoney back = { 0 };

      bst_money_parse (text, value.currency, language, &back, &error);
      g_assert_no_error (error);
      g_assert_cmpint (back.amount, ==, amount);
    }
}

static void
test_add (void)
{
  g_autoptr (GError) mixed = NULL;
  g_autoptr (GError) overflow = NULL;
  BstMoney sum = { 0 };
  BstMoney kroner = money (100, "DKK");
  BstMoney norwegian = money (1, "NOK");
  BstMoney huge = money (G_MAXINT64, "DKK");

  g_assert_true (bst_money_add (&sum, &kroner, NULL));
  g_assert_true (bst_money_add (&sum, &kroner, NULL));
  g_assert_cmpint (sum.amount, ==, 200);
  g_assert_cmpstr (sum.currency, ==, "DKK");
  g_assert_false (bst_money_add (&sum, &norwegian, &mixed));
  g_assert_error (mixed, BST_ERROR, BST_ERROR_INVALID);
  g_assert_false (bst_money_add (&sum, &huge, &overflow));
  g_assert_error (overflow, BST_ERROR, BST_ERROR_TOO_LARGE);
  g_assert_cmpint (sum.amount, ==, 200);
}

static void
test_multiply (void)
{
  g_autoptr (GError) error = NULL;
  BstMoney value = money (-250, "DKK");

  g_assert_true (bst_money_multiply (&value, 4, NULL));
  g_assert_cmpint (value.amount, ==, -1000);
  g_assert_false (bst_money_multiply (&value, G_MAXINT64 / 2, &error));
  g_assert_error (error, BST_ERROR, BST_ERROR_TOO_LARGE);
  g_assert_cmpint (value.amount, ==, -1000);
}

static void
test_doc (void)
{
  g_autoptr (GVariant) doc =
      core_doc ("{'a': {'amount': 5, 'currency': 'DKK'}, 'b': {'amount': 5.5, 'currency': 'DKK'},"
                " 'c': {'amount': 5, 'currency': 'dkk'}, 'd': 5}");
  BstMoney value = { 0 };
  g_autoptr (GVariant) back = NULL;
  g_autoptr (GVariant) a = bst_doc_lookup (doc, "a");

  g_assert_true (bst_money_from_doc (doc, "a", &value));
  back = bst_money_to_doc (&value);
  g_assert_true (bst_doc_equal (a, back));
  g_assert_false (bst_money_from_doc (doc, "b", &value));
  g_assert_false (bst_money_from_doc (doc, "c", &value));
  g_assert_false (bst_money_from_doc (doc, "d", &value));
  g_assert_false (bst_money_from_doc (doc, "e", &value));
  g_assert_cmpint (value.amount, ==, 5);
}

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/money/format", test_format);
  g_test_add_func ("/money/format-amount", test_format_amount);
  g_test_add_func ("/money/format-whole", test_format_whole);
  g_test_add_func ("/money/parse", test_parse);
  g_test_add_func ("/money/parse-refuses", test_parse_refuses);
  g_test_add_func ("/money/round-trip", test_round_trip);
  g_test_add_func ("/money/add", test_add);
  g_test_add_func ("/money/multiply", test_multiply);
  g_test_add_func ("/money/doc", test_doc);
  return g_test_run ();
}
