/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "bst-config.h"

#include <string.h>

#include <glib/gi18n.h>

#include "bst-shortcuts-window.h"

#include "bst-actions.h"
#include "bst-page-table.h"
#include "bst-row-name.h"

static AdwPreferencesGroup *
add_group (AdwPreferencesPage *page, const char *title)
{
  AdwPreferencesGroup *group = ADW_PREFERENCES_GROUP (adw_preferences_group_new ());

  adw_preferences_group_set_title (group, title);
  adw_preferences_page_add (page, group);
  return group;
}

/* "Ctrl+F" in the words of the user's language. */
static char *
keys_label (const char *accel)
{
  guint key = 0;
  GdkModifierType modifiers = 0;

  gtk_accelerator_parse (accel, &key, &modifiers);
  return gtk_accelerator_get_label (key, modifiers);
}

static void
add_row (AdwPreferencesGroup *group, const char *title, const char *accels)
{
  g_auto (GStrv) list = g_strsplit (accels, " ", -1);
  GtkWidget *row = adw_action_row_new ();
  g_autoptr (GString) name = g_string_new (title);

  adw_preferences_row_set_title (ADW_PREFERENCES_ROW (row), title);
  for (guint i = 0; list[i]; i++)
    {
      g_autofree char *text = keys_label (list[i]);
      GtkWidget *label = gtk_label_new (text);

      gtk_widget_add_css_class (label, "keycap");
      gtk_widget_set_valign (label, GTK_ALIGN_CENTER);
      adw_action_row_add_suffix (ADW_ACTION_ROW (row), label);
      g_string_append_printf (name, ", %s", text);
    }
  bst_row_name (row, name->str, NULL);
  adw_preferences_group_add (group, row);
}

static void
add_pages (AdwPreferencesPage *page)
{
  AdwPreferencesGroup *group = add_group (page, _ ("Pages"));
  gsize n;
  const BstPageEntry *pages = bst_page_table (&n);
  int position = 0;

  for (gsize i = 0; i < n; i++)
    if (pages[i].icon)
      {
        g_autofree char *accel = g_strdup_printf ("<Control>%d", ++position);

        add_row (group, _ (pages[i].title), accel);
      }
}

GtkWidget *
bst_shortcuts_window_new (GtkWindow *parent)
{
  AdwPreferencesPage *page = ADW_PREFERENCES_PAGE (adw_preferences_page_new ());
  AdwPreferencesGroup *group = NULL;
  const char *last = NULL;
  GtkWidget *box = gtk_box_new (GTK_ORIENTATION_VERTICAL, 0);
  GtkEventController *keys = gtk_shortcut_controller_new ();
  GtkWidget *window;
  gsize n;
  const BstActionEntry *actions = bst_actions (&n);

  add_pages (page);
  for (gsize i = 0; i < n; i++)
    {
      if (!last || strcmp (last, actions[i].group) != 0)
        group = add_group (page, _ (actions[i].group));
      last = actions[i].group;
      add_row (group, _ (actions[i].title), actions[i].accels);
    }
  gtk_box_append (GTK_BOX (box), adw_header_bar_new ());
  gtk_widget_set_vexpand (GTK_WIDGET (page), TRUE);
  gtk_box_append (GTK_BOX (box), GTK_WIDGET (page));
  window = g_object_new (ADW_TYPE_WINDOW, "title", _ ("Keyboard Shortcuts"), "transient-for",
                         parent, "modal", TRUE, "destroy-with-parent", TRUE, "default-width", 480,
                         "default-height", 600, "content", box, NULL);
  gtk_shortcut_controller_add_shortcut (
      GTK_SHORTCUT_CONTROLLER (keys), gtk_shortcut_new (gtk_keyval_trigger_new (GDK_KEY_Escape, 0),
                                                        gtk_named_action_new ("window.close")));
  gtk_widget_add_controller (window, keys);
  return window;
}
