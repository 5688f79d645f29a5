/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "bst-admin.h"

#include "bst-date.h"

static gboolean
collect_cb (GVariant *entry, gpointer entries)
{
  g_ptr_array_add (entries, g_variant_ref (entry));
  return TRUE;
}

static const char *
cell (GVariant *entry, const char *name, const char *otherwise)
{
  const char *text = bst_doc_get_string (entry, name);

  return text ? text : otherwise;
}

static void
print_entries (BstAdmin *admin, GPtrArray *entries)
{
  static const char *const headings[] = { "AT", "PERSON", "ACTION", "TYPE", "ID", NULL };
  g_autoptr (GPtrArray) rows = g_ptr_array_new_with_free_func ((GDestroyNotify) g_strfreev);

  for (guint i = 0; i < entries->len; i++)
    {
      GVariant *entry = entries->pdata[i];
      const char *cells[] = { cell (entry, "at", ""),     cell (entry, "person", "(command line)"),
                              cell (entry, "action", ""), cell (entry, "type", ""),
                              cell (entry, "id", ""),     NULL };

      g_ptr_array_add (rows, g_strdupv ((char **) cells));
    }
  bst_admin_print_table (admin, headings, rows);
}

/* Times in the log are UTC, and so is the day. */
static gboolean
read_since (const char *date, gint64 *ret_since, GError **error)
{
  g_autofree char *instant = NULL;

  *ret_since = 0;
  if (!date)
    return TRUE;
  instant = g_strconcat (date, "T00:00:00Z", NULL);
  return (bst_date_parse (date, NULL) && bst_instant_parse (instant, ret_since)) ||
         bst_admin_usage_error (error, "--since: a day is wanted (YYYY-MM-DD)");
}

gboolean
bst_admin_audit (BstAdmin *admin, int argc, char **argv, GError **error)
{
  g_autofree char *date = NULL;
  g_autofree char *person = NULL;
  const GOptionEntry options[] = { { "since", 0, 0, G_OPTION_ARG_STRING, &date, NULL, NULL },
                                   { "person", 0, 0, G_OPTION_ARG_STRING, &person, NULL, NULL },
                                   { NULL } };
  g_autoptr (BstStorage) storage = NULL;
  g_autoptr (GPtrArray) entries = g_ptr_array_new_with_free_func ((GDestroyNotify) g_variant_unref);
  g_autoptr (GVariant) list = NULL;
  gint64 since;

  if (!bst_admin_parse (options, &argc, &argv, error) || !read_since (date, &since, error))
    return FALSE;
  if (argc != 1)
    return bst_admin_usage_error (error, "no arguments are wanted");
  storage = bst_admin_open (admin, error);
  if (!storage || !bst_storage_audit (storage, since, person, collect_cb, entries, error))
    return FALSE;
  print_entries (admin, entries);
  list = bst_admin_list (entries);
  bst_admin_print_json (admin, list);
  return TRUE;
}
