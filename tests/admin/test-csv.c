/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "bst-csv.h"
#include "bst-error.h"

#include <string.h>

static BstCsv *
parse (const char *text)
{
  g_autoptr (GError) error = NULL;
  BstCsv *csv = bst_csv_parse (text, strlen (text), &error);

  g_assert_no_error (error);
  return csv;
}

static const char *
cell (BstCsv *csv, guint row, guint index)
{
  return bst_csv_cell (csv->rows->pdata[row], index);
}

static void
test_delimiters (void)
{
  static const struct
  {
    const char *text;
    char delimiter;
  } cases[] = {
    { "a;b;c\n1,5;2;3\n", ';' }, { "a,b,c\n1;5,2,3\n", ',' }, { "a\tb\tc\n1,5\t2\t3\n", '\t' },
    { "\"a;x\",b\n1,2\n", ',' }, { "\n\na;b\n1;2\n", ';' },
  };

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autoptr (BstCsv) csv = parse (cases[i].text);

      g_assert_cmpint (csv->delimiter, ==, cases[i].delimiter);
      g_assert_cmpuint (csv->rows->len, ==, 2);
    }
}

static void
test_quotes (void)
{
  g_autoptr (BstCsv) csv =
      parse ("navn;tekst\r\n\"Jens \"\"J\"\"\";\"to\r\nlinjer; her\"\r\n\r\nEn;\r\n");

  g_assert_cmpuint (csv->rows->len, ==, 3);
  g_assert_cmpstr (cell (csv, 1, 0), ==, "Jens \"J\"");
  g_assert_cmpstr (cell (csv, 1, 1), ==, "to\nlinjer; her");
  g_assert_cmpstr (cell (csv, 2, 0), ==, "En");
  g_assert_cmpstr (cell (csv, 2, 1), ==, "");
  g_assert_cmpuint (((BstCsvRow *) csv->rows->pdata[1])->line, ==, 2);
  g_assert_cmpuint (((BstCsvRow *) csv->rows->pdata[2])->line, ==, 5);
}

static void
test_encodings (void)
{
  static const struct
  {
    const char *text;
    const char *encoding;
  } cases[] = {
    { "navn\nr\xc3\xb8"
      "dgr\xc3\xb8"
      "d\n",
      "UTF-8" },
    { "\xef\xbb\xbfnavn\nr\xc3\xb8"
      "dgr\xc3\xb8"
      "d\n",
      "UTF-8 BOM" },
    { "navn\nr\xf8"
      "dgr\xf8"
      "d\n",
      "Windows-1252" },
  };

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autoptr (BstCsv) csv = parse (cases[i].text);

      g_assert_cmpstr (csv->encoding, ==, cases[i].encoding);
      g_assert_cmpstr (cell (csv, 0, 0), ==, "navn");
      g_assert_cmpstr (cell (csv, 1, 0), ==, "rødgrød");
    }
}

static void
test_errors (void)
{
  static const struct
  {
    const char *text;
    const char *begins;
  } cases[] = {
    { "", "line 1, column 1: the file is empty" },
    { "a;b\n1;\"open\n2;3\n", "line 2, column 3: a quotation mark is never closed" },
    { "a;b\n\"1\"x;2\n", "line 2, column 4: text behind the closing quotation mark" },
    { "a;b\n1;2;3\n", "line 2, column 5: more cells than headings" },
  };

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autoptr (GError) error = NULL;

      g_assert_null (bst_csv_parse (cases[i].text, strlen (cases[i].text), &error));
      g_assert_error (error, BST_ERROR, BST_ERROR_INVALID);
      g_assert_cmpstr (error->message, ==, cases[i].begins);
    }
}

static void
test_nul (void)
{
  g_autoptr (GError) error = NULL;

  g_assert_null (bst_csv_parse ("a;b\0;c", 6, &error));
  g_assert_error (error, BST_ERROR, BST_ERROR_INVALID);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/csv/delimiters", test_delimiters);
  g_test_add_func ("/csv/quotes", test_quotes);
  g_test_add_func ("/csv/encodings", test_encodings);
  g_test_add_func ("/csv/errors", test_errors);
  g_test_add_func ("/csv/nul", test_nul);
  return g_test_run ();
}
