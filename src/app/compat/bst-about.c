/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "bst-config.h"

#include <adwaita.h>
#include <glib/gi18n.h>

#include "bst-about.h"

/* The same properties, whichever class the version has for it. */
#define ABOUT_PROPERTIES                                                                           \
  "application-name", _ ("Bestiller"), "application-icon", BST_APPLICATION_ID, "developer-name",   \
      _ ("The Bestiller authors"), "version", BST_VERSION, "comments",                             \
      _ ("Order administrative services, follow delivery and cost, also without a network"),       \
      "license-type", GTK_LICENSE_GPL_3_0, NULL

void
bst_about_show (GtkWindow *parent)
{
#if ADW_CHECK_VERSION(1, 5, 0)
  adw_dialog_present (g_object_new (ADW_TYPE_ABOUT_DIALOG, ABOUT_PROPERTIES), GTK_WIDGET (parent));
#else
  gtk_window_present (g_object_new (ADW_TYPE_ABOUT_WINDOW, "transient-for", parent, "modal", TRUE,
                                    ABOUT_PROPERTIES));
#endif
}

char *
bst_about_toolkit (void)
{
  return g_strdup_printf ("GTK %u.%u.%u, libadwaita %u.%u.%u", gtk_get_major_version (),
                          gtk_get_minor_version (), gtk_get_micro_version (),
                          adw_get_major_version (), adw_get_minor_version (),
                          adw_get_micro_version ());
}
