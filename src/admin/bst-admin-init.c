/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "bst-admin.h"

#include "bst-server.h"

#include <string.h>

#define CERTIFICATE_DAYS 825

/* Four letters by which a code tells that it belongs here: no vowels, so that they spell nothing. */
static char *
make_tag (const BstClock *clock)
{
  static const char letters[] = "BCDFGHJKMNPQRSTV";
  guint8 chance[4];
  char *tag = g_malloc0 (5);

  clock->fill_random (clock->closure, chance, sizeof chance);
  for (guint i = 0; i < 4; i++)
    tag[i] = letters[chance[i] % 16];
  return tag;
}

static GVariant *
make_settings (BstAdmin *admin, const char *name, const char *country, const char *id)
{
  g_autofree char *tag = make_tag (admin->clock);
  g_autofree char *made = id ? NULL : bst_uid_new (admin->clock);
  GVariantDict settings;

  g_variant_dict_init (&settings, NULL);
  g_variant_dict_insert (&settings, "authority", "s", id ? id : made);
  g_variant_dict_insert (&settings, "name", "s", name);
  g_variant_dict_insert (&settings, "country", "s", country);
  g_variant_dict_insert (&settings, "tag", "s", tag);
  return bst_doc_take (g_variant_dict_end (&settings));
}

gboolean
bst_admin_init (BstAdmin *admin, int argc, char **argv, GError **error)
{
  g_autofree char *country = NULL;
  g_autofree char *id = NULL;
  g_auto (GStrv) hosts = NULL;
  const GOptionEntry entries[] = { { "country", 0, 0, G_OPTION_ARG_STRING, &country, NULL, NULL },
                                   { "id", 0, 0, G_OPTION_ARG_STRING, &id, NULL, NULL },
                                   { "host", 0, 0, G_OPTION_ARG_STRING_ARRAY, &hosts, NULL, NULL },
                                   { NULL } };
  const char *none[] = { NULL };
  g_autoptr (GVariant) settings = NULL;
  g_autoptr (BstStorage) storage = NULL;

  if (!bst_admin_parse (entries, &argc, &argv, error))
    return FALSE;
  if (argc != 2 || !argv[1][0])
    return bst_admin_usage_error (error, "the authority's name is wanted");
  if (g_strcmp0 (country, "DK") != 0 && g_strcmp0 (country, "NO") != 0)
    return bst_admin_usage_error (error, "--country DK or --country NO is wanted");
  settings = make_settings (admin, argv[1], country, id);
  storage = bst_storage_create (admin->directory, settings, admin->clock, error);
  if (!storage ||
      !bst_server_make_certificates (admin->directory, hosts ? (const char *const *) hosts : none,
                                     CERTIFICATE_DAYS, error))
    return FALSE;
  bst_admin_print (admin,
                   "Made %s in %s.\nCertificates for trying out: %s/tls (clients need ca.pem).",
                   argv[1], admin->directory, admin->directory);
  bst_admin_print_json (admin, settings);
  return TRUE;
}
