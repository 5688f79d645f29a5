/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "bst-admin.h"

#define DEFAULT_HOURS 72
#define MOST_HOURS    (24 * 90)

gboolean
bst_admin_enrol (BstAdmin *admin, int argc, char **argv, GError **error)
{
  g_autofree char *server = NULL;
  int hours = DEFAULT_HOURS;
  const GOptionEntry entries[] = { { "server", 0, 0, G_OPTION_ARG_STRING, &server, NULL, NULL },
                                   { "hours", 0, 0, G_OPTION_ARG_INT, &hours, NULL, NULL },
                                   { NULL } };
  g_autoptr (BstStorage) storage = NULL;
  g_autofree char *code = NULL;
  g_autofree char *escaped = NULL;
  g_autofree char *link = NULL;
  GVariantDict answer;

  if (!bst_admin_parse (entries, &argc, &argv, error))
    return FALSE;
  if (argc != 2)
    return bst_admin_usage_error (error, "one person is wanted");
  if (!server || !g_str_has_prefix (server, "https://"))
    return bst_admin_usage_error (error, "--server https://… is wanted");
  if (hours < 1 || hours > MOST_HOURS)
    return bst_admin_usage_error (error, "--hours is between 1 and %d", MOST_HOURS);
  storage = bst_admin_open (admin, error);
  code = storage ? bst_storage_make_code (storage, argv[1], (gint64) hours * 3600, error) : NULL;
  if (!code)
    return FALSE;
  escaped = g_uri_escape_string (server, NULL, FALSE);
  link = g_strdup_printf ("bestiller://enrol?server=%s&code=%s", escaped, code);

  bst_admin_print (admin, "Code:  %s\nLink:  %s\nWorks once, on one computer, for %d hours.", code,
                   link, hours);
  g_variant_dict_init (&answer, NULL);
  g_variant_dict_insert (&answer, "code", "s", code);
  g_variant_dict_insert (&answer, "link", "s", link);
  g_variant_dict_insert (&answer, "hours", "x", (gint64) hours);
  bst_admin_print_json (admin, g_variant_dict_end (&answer));
  return TRUE;
}
