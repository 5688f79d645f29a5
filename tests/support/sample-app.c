/* SPDX-License-Identifier: GPL-3.0-or-later */

/* A small application on which test-support.py tries the eyes and hands of the journeys. */

#include <adwaita.h>

static void
greet_cb (GtkEntry *entry, GtkLabel *answer)
{
  g_autofree char *text = g_strdup_printf ("Hej %s", gtk_editable_get_text (GTK_EDITABLE (entry)));

  gtk_label_set_text (answer, text);
}

static void
other_cb (GtkButton *button, GtkStack *stack)
{
  gtk_stack_set_visible_child_name (stack, "second");
}

static GtkWidget *
first_page (GtkStack *stack)
{
  GtkWidget *box = gtk_box_new (GTK_ORIENTATION_VERTICAL, 12);
  GtkWidget *entry = gtk_entry_new ();
  GtkWidget *answer = gtk_label_new ("Ingen endnu");
  GtkWidget *group = adw_preferences_group_new ();
  GtkWidget *row = adw_entry_row_new ();
  GtkWidget *button = gtk_button_new_with_mnemonic ("_Videre");

  gtk_accessible_update_property (GTK_ACCESSIBLE (entry), GTK_ACCESSIBLE_PROPERTY_LABEL, "Navn",
                                  -1);
  adw_preferences_row_set_title (ADW_PREFERENCES_ROW (row), "Sted");
  adw_preferences_group_add (ADW_PREFERENCES_GROUP (group), row);
  g_signal_connect_object (entry, "changed", G_CALLBACK (greet_cb), answer, 0);
  g_signal_connect_object (button, "clicked", G_CALLBACK (other_cb), stack, 0);
  gtk_box_append (GTK_BOX (box), entry);
  gtk_box_append (GTK_BOX (box), answer);
  gtk_box_append (GTK_BOX (box), group);
  gtk_box_append (GTK_BOX (box), button);
  return box;
}

static void
activate_cb (GtkApplication *application, gpointer unused)
{
  GtkWidget *window = adw_application_window_new (application);
  GtkWidget *box = gtk_box_new (GTK_ORIENTATION_VERTICAL, 0);
  GtkWidget *stack = gtk_stack_new ();

  gtk_stack_set_transition_type (GTK_STACK (stack), GTK_STACK_TRANSITION_TYPE_SLIDE_LEFT);
  gtk_stack_add_named (GTK_STACK (stack), first_page (GTK_STACK (stack)), "first");
  gtk_stack_add_named (GTK_STACK (stack), gtk_label_new ("Anden side"), "second");
  gtk_box_append (GTK_BOX (box), adw_header_bar_new ());
  gtk_box_append (GTK_BOX (box), stack);
  adw_application_window_set_content (ADW_APPLICATION_WINDOW (window), box);
  gtk_window_set_title (GTK_WINDOW (window), "Prøve");
  gtk_window_set_default_size (GTK_WINDOW (window), 500, 400);
  gtk_window_present (GTK_WINDOW (window));
}

int
main (int argc, char **argv)
{
  g_autoptr (AdwApplication) application =
      adw_application_new ("org.bestiller.Sample", G_APPLICATION_NON_UNIQUE);

  g_signal_connect (application, "activate", G_CALLBACK (activate_cb), NULL);
  return g_application_run (G_APPLICATION (application), argc, argv);
}
