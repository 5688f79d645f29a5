/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "bst-admin.h"

#include "bst-error.h"
#include "bst-number.h"

#include <string.h>

static const struct
{
  const char *name;
  BstNumberKind kind;
} kinds[] = {
  { "gln", BST_NUMBER_GLN },
  { "cvr", BST_NUMBER_CVR },
  { "orgnr", BST_NUMBER_ORGNR },
};

/* One line a value, in the order given; an error when any is wrong, after all have been told. */
static gboolean
check_values (BstAdmin *admin, BstNumberKind kind, char **values, GError **error)
{
  g_autoptr (GPtrArray) answers = g_ptr_array_new_with_free_func ((GDestroyNotify) g_variant_unref);
  g_autoptr (GVariant) list = NULL;
  guint wrong = 0;

  for (; *values; values++)
    {
      g_autofree char *clean = bst_number_clean (*values);
      gboolean valid = bst_number_check (kind, clean);
      GVariantDict answer;

      wrong += !valid;
      bst_admin_print (admin, "%s %s", *values, valid ? "valid" : "invalid");
      g_variant_dict_init (&answer, NULL);
      g_variant_dict_insert (&answer, "value", "s", *values);
      g_variant_dict_insert (&answer, "valid", "b", valid);
      g_ptr_array_add (answers, bst_doc_take (g_variant_dict_end (&answer)));
    }
  list = bst_admin_list (answers);
  bst_admin_print_json (admin, list);
  if (wrong > 0)
    g_set_error (error, BST_ERROR, BST_ERROR_INVALID, "%u of %u are invalid", wrong, answers->len);
  return wrong == 0;
}

gboolean
bst_admin_number (BstAdmin *admin, int argc, char **argv, GError **error)
{
  if (argc < 4 || strcmp (argv[1], "check") != 0)
    return bst_admin_usage_error (error, "number check gln|cvr|orgnr VALUE…");
  for (guint i = 0; i < G_N_ELEMENTS (kinds); i++)
    if (strcmp (kinds[i].name, argv[2]) == 0)
      return check_values (admin, kinds[i].kind, argv + 3, error);
  return bst_admin_usage_error (error, "“%s” is no kind of number", argv[2]);
}
