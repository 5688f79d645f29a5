/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "core-fixture.h"

#include "bst-number.h"

static BstNumberKind
kind_of (const char *name)
{
  if (g_str_equal (name, "gln"))
    return BST_NUMBER_GLN;
  return g_str_equal (name, "cvr") ? BST_NUMBER_CVR : BST_NUMBER_ORGNR;
}

static void
test_oracle (void)
{
  g_autoptr (GPtrArray) rows = core_oracle ("check-digits.csv");
  guint valid = 0;

  for (guint i = 0; i < rows->len; i++)
    {
      char **row = rows->pdata[i];
      gboolean expected = g_str_equal (row[2], "1");

      g_assert_cmpstr (row[2], ==, row[3]);
      if (bst_number_check (kind_of (row[0]), row[1]) != expected)
        g_error ("%s %s should be %s", row[0], row[1], expected ? "valid" : "invalid");
      valid += expected;
    }
  g_assert_cmpuint (rows->len, ==, 1219);
  g_assert_cmpuint (valid, >, 300);
}

static void
test_shape (void)
{
  static const char *const wrong[] = {
    "", "579260181590", "57926018159033", "579260181590x", " 5792601815903", "5792601815903\n"
  };

  g_assert_true (bst_number_check (BST_NUMBER_GLN, "5792601815903"));
  for (gsize i = 0; i < G_N_ELEMENTS (wrong); i++)
    g_assert_false (bst_number_check (BST_NUMBER_GLN, wrong[i]));
  g_assert_false (bst_number_check (BST_NUMBER_CVR, NULL));
  g_assert_false (bst_number_check (BST_NUMBER_CVR, "00000000"));
}

/* A single wrong digit is always found; that is what the digit is for. */
static void
test_single_errors (void)
{
  for (int place = 0; place < 13; place++)
    for (char digit = '0'; digit <= '9'; digit++)
      {
        char number[] = "5792601815903";
        gboolean same = number[place] == digit;

        number[place] = digit;
        g_assert_cmpint (bst_number_check (BST_NUMBER_GLN, number), ==, same);
      }
}

static void
test_clean (void)
{
  g_autofree char *clean = bst_number_clean (" 57.926\u00a0018-15903 ");

  g_assert_cmpstr (clean, ==, "5792601815903");
}

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/number/oracle", test_oracle);
  g_test_add_func ("/number/shape", test_shape);
  g_test_add_func ("/number/single-errors", test_single_errors);
  g_test_add_func ("/number/clean", test_clean);
  return g_test_run ();
}
