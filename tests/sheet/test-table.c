/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "bst-error.h"
#include "bst-table.h"

#include <string.h>

static BstTable *
table_new (const char *language, BstCellKind kind, guint decimals)
{
  g_autoptr (GTimeZone) zone = g_time_zone_new_utc ();
  BstTable *table = bst_table_new ("Table", language, zone);

  bst_table_add_column (table, "A", kind, decimals);
  bst_table_add_column (table, "B", BST_CELL_TEXT, 0);
  return table;
}

#define assert_csv(table, expected)                                                                \
  G_STMT_START                                                                                     \
  {                                                                                                \
    g_autofree char *csv = bst_table_to_csv (table);                                               \
    g_assert_cmpstr (csv, ==, "\uFEFF" expected);                                                  \
  }                                                                                                \
  G_STMT_END

static void
test_decimal_sign (void)
{
  g_autoptr (BstTable) danish = table_new ("da", BST_CELL_NUMBER, 2);
  g_autoptr (BstTable) english = table_new ("en", BST_CELL_NUMBER, 2);

  bst_table_add_number (danish, -1234567.891);
  bst_table_add_text (danish, "a;b");
  bst_table_add_number (english, -1234567.891);
  bst_table_add_text (english, "a;b");
  assert_csv (danish, "A;B\r\n-1234567,89;\"a;b\"\r\n");
  assert_csv (english, "A,B\r\n-1234567.89,a;b\r\n");
}

/* What a spreadsheet would compute is made harmless; numbers may be negative. */
static void
test_formulas (void)
{
  static const char *const evil[] = { "=cmd|' /C calc'!A0", "+1", "-1", "@A", "\tx", "\rx" };
  static const char *const safe[] = {
    "'=cmd|' /C calc'!A0", "'+1", "'-1", "'@A", "'\tx", "\"'\rx\""
  };

  for (gsize i = 0; i < G_N_ELEMENTS (evil); i++)
    {
      g_autoptr (BstTable) table = table_new ("da", BST_CELL_TEXT, 0);
      g_autofree char *csv = NULL;
      g_autofree char *expected = g_strdup_printf ("\uFEFF"
                                                   "A;B\r\n%s;\r\n",
                                                   safe[i]);

      bst_table_add_text (table, evil[i]);
      bst_table_add_text (table, NULL);
      csv = bst_table_to_csv (table);
      g_assert_cmpstr (csv, ==, expected);
    }
}

/* The currency stands in the heading while there is one; with several it stands at each amount. */
static void
test_currencies (void)
{
  g_autoptr (BstTable) one = table_new ("nb", BST_CELL_MONEY, 0);
  g_autoptr (BstTable) two = table_new ("nb", BST_CELL_MONEY, 0);
  BstMoney nok = { -123405, "NOK" };
  BstMoney isk = { 500, "ISK" };

  bst_table_add_money (one, &nok);
  bst_table_add_empty (one);
  bst_table_add_money (one, NULL);
  bst_table_add_empty (one);
  assert_csv (one, "A (NOK);B\r\n-1234,05;\r\n;\r\n");
  bst_table_add_money (two, &nok);
  bst_table_add_empty (two);
  bst_table_add_money (two, &isk);
  bst_table_add_empty (two);
  assert_csv (two, "A;B\r\n-1234,05 NOK;\r\n500 ISK;\r\n");
}

static void
test_broken_text (void)
{
  g_autoptr (BstTable) table = table_new ("da", BST_CELL_TEXT, 0);
  g_autoptr (GBytes) xlsx = NULL;
  g_autoptr (GError) error = NULL;

  bst_table_add_text (table, "\xff\x01");
  bst_table_add_text (table, " x");
  assert_csv (table, "A;B\r\n\uFFFD\x01;\" x\"\r\n");
  xlsx = bst_table_to_xlsx (table, &error);
  g_assert_no_error (error);
  g_assert_cmpuint (g_bytes_get_size (xlsx), >, 1000);
}

static void
test_too_many_rows (void)
{
  g_autoptr (BstTable) table = table_new ("da", BST_CELL_TEXT, 0);
  g_autoptr (GError) error = NULL;

  for (guint i = 0; i < 2 * 1048576; i++)
    bst_table_add_empty (table);
  g_assert_null (bst_table_to_xlsx (table, &error));
  g_assert_error (error, BST_ERROR, BST_ERROR_TOO_LARGE);
}

static void
test_format_of (void)
{
  BstTableFormat format = BST_TABLE_CSV;

  g_assert_true (bst_table_format_of ("a.XLSX", &format));
  g_assert_cmpint (format, ==, BST_TABLE_XLSX);
  g_assert_true (bst_table_format_of ("a.b.csv", &format));
  g_assert_cmpint (format, ==, BST_TABLE_CSV);
  g_assert_false (bst_table_format_of ("csv", &format));
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/table/decimal-sign", test_decimal_sign);
  g_test_add_func ("/table/formulas", test_formulas);
  g_test_add_func ("/table/currencies", test_currencies);
  g_test_add_func ("/table/broken-text", test_broken_text);
  g_test_add_func ("/table/too-many-rows", test_too_many_rows);
  g_test_add_func ("/table/format-of", test_format_of);
  return g_test_run ();
}
