/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "bst-number.h"

#include <string.h>

/* Weights from the first digit on; the check digit's own weight is 1. */
static const struct
{
  gsize length;
  int modulus;
  int weights[13];
} schemes[] = {
  [BST_NUMBER_GLN] = { 13, 10, { 1, 3, 1, 3, 1, 3, 1, 3, 1, 3, 1, 3, 1 } },
  [BST_NUMBER_CVR] = { 8, 11, { 2, 7, 6, 5, 4, 3, 2, 1 } },
  [BST_NUMBER_ORGNR] = { 9, 11, { 3, 2, 7, 6, 5, 4, 3, 2, 1 } },
};

gboolean
bst_number_check (BstNumberKind kind, const char *text)
{
  int sum = 0;

  if (!text || strlen (text) != schemes[kind].length)
    return FALSE;
  /* Company numbers never begin with 0: it would be a shorter number. */
  if (kind == BST_NUMBER_CVR && text[0] == '0')
    return FALSE;
  for (gsize i = 0; i < schemes[kind].length; i++)
    {
      if (!g_ascii_isdigit (text[i]))
        return FALSE;
      sum += schemes[kind].weights[i] * (text[i] - '0');
    }
  return sum % schemes[kind].modulus == 0;
}

char *
bst_number_clean (const char *text)
{
  GString *clean = g_string_new (NULL);

  for (const char *p = text; *p; p = g_utf8_next_char (p))
    {
      gunichar c = g_utf8_get_char (p);

      if (!g_unichar_isspace (c) && c != '.' && c != '-')
        g_string_append_unichar (clean, c);
    }
  return g_string_free (clean, FALSE);
}
