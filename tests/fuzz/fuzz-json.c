/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Whatever is read can be printed, and reads back as the same. */

#include "bst-fuzz.h"
#include "bst-json.h"

int
LLVMFuzzerTestOneInput (const guint8 *data, gsize size)
{
  g_autoptr (GVariant) value = bst_json_parse ((const char *) data, (gssize) size, NULL);
  g_autofree char *printed = NULL;
  g_autofree char *hash = NULL;
  g_autoptr (GVariant) again = NULL;

  if (!value)
    return 0;
  printed = bst_json_print (value);
  hash = bst_json_hash (value);
  again = bst_json_parse (printed, -1, NULL);
  g_assert_nonnull (again);
  g_assert_true (bst_doc_equal (value, again));
  return 0;
}
