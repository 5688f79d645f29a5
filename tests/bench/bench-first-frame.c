/* SPDX-License-Identifier: GPL-3.0-or-later */

/*
 * bench-first-frame prepare
 * bench-first-frame
 *
 * The application itself, with another end: it is over when the first frame has been painted in which a page
 * of an open store is shown. "prepare" makes the profile of somebody who is signed in, and prints the folder that
 * her store belongs in.
 */

#include <locale.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "bst-application.h"
#include "bst-profile.h"
#include "bst-window.h"

static void
painted_cb (GdkFrameClock *clock, BstWindow *window)
{
  if (bst_window_get_session (window) && bst_window_get_page_name (window))
    _exit (EXIT_SUCCESS);
}

static void
realize_cb (GtkWidget *window, gpointer data)
{
  g_signal_connect (gtk_widget_get_frame_clock (window), "after-paint", G_CALLBACK (painted_cb),
                    window);
}

static void
window_added_cb (GtkApplication *application, GtkWindow *window, gpointer data)
{
  if (BST_IS_WINDOW (window))
    g_signal_connect (window, "realize", G_CALLBACK (realize_cb), NULL);
}

static int
prepare (void)
{
  g_autofree char *root = bst_profiles_root ();
  g_autoptr (BstProfile) profile = NULL;
  g_autoptr (GVariant) identity = NULL;
  g_autoptr (GError) error = NULL;
  GVariantDict dict;

  g_variant_dict_init (&dict, NULL);
  g_variant_dict_insert (&dict, "person", "s", "person-demo-dk");
  g_variant_dict_insert (&dict, "personName", "s", "Anne Eksempel");
  g_variant_dict_insert (&dict, "authority", "s", "dk-eksempel");
  g_variant_dict_insert (&dict, "authorityName", "s", "Eksempel Kommune");
  identity = g_variant_ref_sink (g_variant_dict_end (&dict));
  /* Port 9 (discard): nobody answers, as on a train. */
  profile = bst_profile_new (root, "https://localhost:9", identity);
  if (!bst_profile_save (root, profile, NULL, &error))
    {
      g_printerr ("bench-first-frame: %s\n", error->message);
      return EXIT_FAILURE;
    }
  puts (profile->directory);
  return EXIT_SUCCESS;
}

int
main (int argc, char *argv[])
{
  g_autoptr (BstApplication) application = NULL;

  if (argc > 1 && strcmp (argv[1], "prepare") == 0)
    return prepare ();
  setlocale (LC_ALL, "");
  application = bst_application_new ();
  g_signal_connect (application, "window-added", G_CALLBACK (window_added_cb), NULL);
  return g_application_run (G_APPLICATION (application), 1, argv);
}
