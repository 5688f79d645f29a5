/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "bst-config.h"

#include <locale.h>

#include <glib/gi18n.h>

#include "bst-application.h"

int
main (int argc, char *argv[])
{
  g_autoptr (BstApplication) application = NULL;
  const char *localedir = g_getenv ("BESTILLER_LOCALEDIR"); /* set when run from the build folder */

  setlocale (LC_ALL, "");
  bindtextdomain (BST_GETTEXT_DOMAIN, localedir ? localedir : BST_LOCALEDIR);
  bind_textdomain_codeset (BST_GETTEXT_DOMAIN, "UTF-8");
  textdomain (BST_GETTEXT_DOMAIN);
  application = bst_application_new ();
  return g_application_run (G_APPLICATION (application), argc, argv);
}
