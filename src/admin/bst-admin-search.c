/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "bst-admin.h"

#include "bst-text.h"

gboolean
bst_admin_search (BstAdmin *admin, int argc, char **argv, GError **error)
{
  static const char *const headings[] = { "TYPE", "ID", "NAME", NULL };
  g_autofree char *language = NULL;
  int limit = 20;
  const GOptionEntry entries[] = { { "language", 0, 0, G_OPTION_ARG_STRING, &language, NULL, NULL },
                                   { "limit", 0, 0, G_OPTION_ARG_INT, &limit, NULL, NULL },
                                   { NULL } };
  g_autoptr (BstStorage) storage = NULL;
  g_autoptr (GVariant) settings = NULL;
  g_autoptr (GPtrArray) hits = NULL;
  g_autoptr (GPtrArray) rows = g_ptr_array_new_with_free_func ((GDestroyNotify) g_strfreev);
  g_autoptr (GVariant) list = NULL;
  g_autofree char *text = NULL;
  const char *spoken;

  if (!bst_admin_parse (entries, &argc, &argv, error))
    return FALSE;
  if (argc < 2 || limit < 1)
    return bst_admin_usage_error (error, "words to search for are wanted");
  text = g_strjoinv (" ", argv + 1);
  storage = bst_admin_open (admin, error);
  settings = storage ? bst_storage_get_settings (storage, error) : NULL;
  if (!settings)
    return FALSE;
  spoken = language ? bst_text_language (language)
           : g_strcmp0 (bst_doc_get_string (settings, "country"), "NO") == 0 ? "nb"
                                                                             : "da";
  hits = bst_storage_search (storage, text, spoken, NULL, (guint) limit, error);
  if (!hits)
    return FALSE;
  for (guint i = 0; i < hits->len; i++)
    {
      const char *name = bst_text_pick (hits->pdata[i], "record/name", spoken);
      const char *cells[] = { bst_doc_get_string (hits->pdata[i], "type"),
                              bst_doc_get_string (hits->pdata[i], "record/id"), name ? name : "",
                              NULL };

      g_ptr_array_add (rows, g_strdupv ((char **) cells));
    }
  bst_admin_print_table (admin, headings, rows);
  list = bst_admin_list (hits);
  bst_admin_print_json (admin, list);
  return TRUE;
}
