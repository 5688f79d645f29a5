/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "bst-config.h"

#include <locale.h>
#include <stdlib.h>

#include <glib/gi18n.h>

#include "bst-application.h"

/* The language of the settings, before anything is said. */
static void
use_language (void)
{
  g_autoptr (GSettings) settings = g_settings_new (BST_APPLICATION_ID);
  g_autofree char *language = g_settings_get_string (settings, "language");

  if (*language)
    g_setenv ("LANGUAGE", language, TRUE);
  setlocale (LC_ALL, "");
  /* In the "C" locale gettext does not look at LANGUAGE. */
  if (*language && g_strcmp0 (setlocale (LC_MESSAGES, NULL), "C") == 0)
    setlocale (LC_MESSAGES, "C.UTF-8");
}

/* Without it GSettings ends the program with words that help nobody. */
static gboolean
settings_are_installed (void)
{
  GSettingsSchemaSource *source = g_settings_schema_source_get_default ();
  g_autoptr (GSettingsSchema) schema =
      source ? g_settings_schema_source_lookup (source, BST_APPLICATION_ID, TRUE) : NULL;

  if (!schema)
    g_printerr ("bestiller: the settings schema %s is not installed. From the build folder, set "
                "GSETTINGS_SCHEMA_DIR=build/data, or use ./dev run.\n",
                BST_APPLICATION_ID);
  return schema != NULL;
}

int
main (int argc, char *argv[])
{
  g_autoptr (BstApplication) application = NULL;
  const char *localedir = g_getenv ("BESTILLER_LOCALEDIR"); /* set when run from the build folder */

  if (!settings_are_installed ())
    return EXIT_FAILURE;
  use_language ();
  bindtextdomain (BST_GETTEXT_DOMAIN, localedir ? localedir : BST_LOCALEDIR);
  bind_textdomain_codeset (BST_GETTEXT_DOMAIN, "UTF-8");
  textdomain (BST_GETTEXT_DOMAIN);
  application = bst_application_new ();
  return g_application_run (G_APPLICATION (application), argc, argv);
}
