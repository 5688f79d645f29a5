/* SPDX-License-Identifier: GPL-3.0-or-later */

/*
 * The least that a program of this kind can do: a libadwaita window with a header bar and a list of 20
 * rows. It ends when its first frame has been painted. What the application takes more than this is
 * what the application costs.
 */

#include <adwaita.h>
#include <locale.h>
#include <stdlib.h>
#include <unistd.h>

#define ROWS 20

static void
painted_cb (GdkFrameClock *clock, gpointer data)
{
  _exit (EXIT_SUCCESS);
}

static void
realize_cb (GtkWidget *window, gpointer data)
{
  g_signal_connect (gtk_widget_get_frame_clock (window), "after-paint", G_CALLBACK (painted_cb),
                    NULL);
}

static GtkWidget *
make_list (void)
{
  GtkWidget *list = gtk_list_box_new ();
  GtkWidget *scroller = gtk_scrolled_window_new ();

  gtk_widget_add_css_class (list, "boxed-list");
  for (int i = 1; i <= ROWS; i++)
    {
      GtkWidget *row = adw_action_row_new ();
      g_autofree char *title = g_strdup_printf ("Row %d", i);

      adw_preferences_row_set_title (ADW_PREFERENCES_ROW (row), title);
      adw_action_row_set_subtitle (ADW_ACTION_ROW (row), "What the row is about");
      gtk_list_box_append (GTK_LIST_BOX (list), row);
    }
  gtk_widget_set_vexpand (scroller, TRUE);
  gtk_scrolled_window_set_child (GTK_SCROLLED_WINDOW (scroller), list);
  return scroller;
}

static void
activate_cb (GApplication *application, gpointer data)
{
  GtkWidget *window = adw_application_window_new (GTK_APPLICATION (application));
  GtkWidget *box = gtk_box_new (GTK_ORIENTATION_VERTICAL, 0);

  gtk_window_set_default_size (GTK_WINDOW (window), 1280, 800);
  gtk_box_append (GTK_BOX (box), adw_header_bar_new ());
  gtk_box_append (GTK_BOX (box), make_list ());
  adw_application_window_set_content (ADW_APPLICATION_WINDOW (window), box);
  g_signal_connect (window, "realize", G_CALLBACK (realize_cb), NULL);
  gtk_window_present (GTK_WINDOW (window));
}

int
main (int argc, char *argv[])
{
  g_autoptr (AdwApplication) application =
      adw_application_new ("org.bestiller.BareWindow", G_APPLICATION_NON_UNIQUE);

  setlocale (LC_ALL, "");
  g_signal_connect (application, "activate", G_CALLBACK (activate_cb), NULL);
  return g_application_run (G_APPLICATION (application), argc, argv);
}
