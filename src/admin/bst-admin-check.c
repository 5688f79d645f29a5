/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "bst-admin.h"

#include "bst-error.h"

gboolean
bst_admin_check (BstAdmin *admin, int argc, char **argv, GError **error)
{
  g_autoptr (BstStorage) storage = NULL;
  g_autoptr (GPtrArray) findings = g_ptr_array_new_with_free_func (g_free);
  GVariantBuilder list;

  if (argc != 1)
    return bst_admin_usage_error (error, "no arguments are wanted");
  storage = bst_admin_open (admin, error);
  if (!storage || !bst_storage_check (storage, findings, error))
    return FALSE;
  g_variant_builder_init (&list, G_VARIANT_TYPE ("av"));
  for (guint i = 0; i < findings->len; i++)
    {
      bst_admin_print (admin, "%s", (char *) findings->pdata[i]);
      g_variant_builder_add (&list, "v", g_variant_new_string (findings->pdata[i]));
    }
  bst_admin_print_json (admin, g_variant_builder_end (&list));
  if (findings->len > 0)
    {
      g_set_error (error, BST_ERROR, BST_ERROR_CORRUPT, "%u findings", findings->len);
      return FALSE;
    }
  bst_admin_print (admin, "Nothing is wrong.");
  return TRUE;
}

static gboolean
one_file (int argc, GError **error)
{
  return argc == 2 || bst_admin_usage_error (error, "one file is wanted");
}

gboolean
bst_admin_backup (BstAdmin *admin, int argc, char **argv, GError **error)
{
  g_autoptr (BstStorage) storage = NULL;

  if (!one_file (argc, error))
    return FALSE;
  storage = bst_admin_open (admin, error);
  if (!storage || !bst_storage_backup (storage, argv[1], error))
    return FALSE;
  bst_admin_print (admin, "Saved in %s.", argv[1]);
  bst_admin_print_json (admin, bst_doc_new ());
  return TRUE;
}

gboolean
bst_admin_restore (BstAdmin *admin, int argc, char **argv, GError **error)
{
  if (!one_file (argc, error) ||
      !bst_storage_restore (admin->directory, argv[1], admin->clock, error))
    return FALSE;
  bst_admin_print (
      admin,
      "Restored. Every client takes a new replica at its next contact; unsent work is kept.");
  bst_admin_print_json (admin, bst_doc_new ());
  return TRUE;
}
