/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/**
 * BstNumberKind: numbers that carry a check digit.
 *
 * @BST_NUMBER_GLN: GLN / EAN-13, 13 digits, GS1 General Specifications §7.9 (weights 1 and 3, mod 10)
 * @BST_NUMBER_CVR: Danish company number, 8 digits, weights 2 7 6 5 4 3 2 1, mod 11
 * @BST_NUMBER_ORGNR: Norwegian organisation number, 9 digits, weights 3 2 7 6 5 4 3 2, mod 11
 */
typedef enum
{
  BST_NUMBER_GLN,
  BST_NUMBER_CVR,
  BST_NUMBER_ORGNR,
} BstNumberKind;

/** bst_number_check: digits only, no spaces; the right count of them and a right check digit. */
gboolean bst_number_check (BstNumberKind kind, const char *text);

/** bst_number_clean: @text without spaces, dots and hyphens, as people type them. Returns: (transfer full). */
char *bst_number_clean (const char *text);

G_END_DECLS
