/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "bst-config.h"

#include "bst-link.h"

void
bst_link_open (GtkWidget *parent, const char *uri)
{
  GtkWindow *window = GTK_WINDOW (gtk_widget_get_root (parent));

#if GTK_CHECK_VERSION(4, 10, 0)
  g_autoptr (GtkUriLauncher) launcher = gtk_uri_launcher_new (uri);

  gtk_uri_launcher_launch (launcher, window, NULL, NULL, NULL);
#else
  gtk_show_uri (window, uri, GDK_CURRENT_TIME);
#endif
}

void
bst_link_open_file (GtkWidget *parent, GFile *file)
{
#if GTK_CHECK_VERSION(4, 10, 0)
  GtkWindow *window = GTK_WINDOW (gtk_widget_get_root (parent));
  g_autoptr (GtkFileLauncher) launcher = gtk_file_launcher_new (file);

  gtk_file_launcher_launch (launcher, window, NULL, NULL, NULL);
#else
  g_autofree char *uri = g_file_get_uri (file);

  bst_link_open (parent, uri);
#endif
}
