/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "bst-admin.h"

#include "bst-server.h"

gboolean
bst_admin_exchange (BstAdmin *admin, int argc, char **argv, GError **error)
{
  g_autofree char *output = NULL;
  const GOptionEntry entries[] = { { "output", 'o', 0, G_OPTION_ARG_FILENAME, &output, NULL, NULL },
                                   { NULL } };
  g_autofree char *text = NULL;
  g_autoptr (GBytes) parcel = NULL;
  g_autoptr (GBytes) answer = NULL;
  gsize len;

  if (!bst_admin_parse (entries, &argc, &argv, error))
    return FALSE;
  if (argc != 2 || !output)
    return bst_admin_usage_error (error, "a parcel and --output FILE for its answer are wanted");
  if (!g_file_get_contents (argv[1], &text, &len, error))
    return FALSE;
  parcel = g_bytes_new_take (g_steal_pointer (&text), len);
  answer = bst_server_carry (admin->directory, admin->clock, parcel, error);
  if (!answer || !g_file_set_contents (output, g_bytes_get_data (answer, NULL),
                                       (gssize) g_bytes_get_size (answer), error))
    return FALSE;
  bst_admin_print (admin,
                   "Done. The answer is in %s; carry it back to the computer that sent the parcel.",
                   output);
  bst_admin_print_json (admin, bst_doc_new ());
  return TRUE;
}
