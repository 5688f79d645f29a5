/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "bst-config.h"

#include <glib/gi18n.h>

#include "bst-preferences-window.h"

#include "bst-link.h"
#include "bst-token-store.h"

struct _BstPreferencesWindow
{
  AdwWindow parent_instance;

  GSettings *settings;
  char *directory;
  char *language; /* when the window was opened */

  AdwComboRow *language_row;
  AdwActionRow *restart_row;
  GtkSwitch *notifications;
  AdwComboRow *interval_row;
  GtkSwitch *push;
  GtkSwitch *files;
  AdwPreferencesGroup *computer_group;
  AdwActionRow *person_row;
  AdwActionRow *server_row;
  AdwActionRow *token_row;
  AdwActionRow *directory_row;
};

G_DEFINE_FINAL_TYPE (BstPreferencesWindow, bst_preferences_window, ADW_TYPE_WINDOW)

/* In their own words, save for the first; the order is that of the list in the window. */
static const char *const languages[] = { "", "da", "nb", "en" };

/* Seconds. */
static const guint intervals[] = { 60, 300, 900, 3600 };

static GtkStringList *
language_names (void)
{
  GtkStringList *names = gtk_string_list_new (NULL);

  gtk_string_list_append (names, _ ("That of the computer"));
  gtk_string_list_append (names, "Dansk");
  gtk_string_list_append (names, "Norsk bokmål");
  gtk_string_list_append (names, "English");
  return names;
}

static GtkStringList *
interval_names (void)
{
  GtkStringList *names = gtk_string_list_new (NULL);

  for (guint i = 0; i < G_N_ELEMENTS (intervals); i++)
    {
      guint minutes = intervals[i] / 60;
      g_autofree char *name = NULL;

      name = g_strdup_printf (ngettext ("Every minute", "Every %u minutes", minutes), minutes);
      gtk_string_list_append (names, name);
    }
  return names;
}

static void
language_selected_cb (BstPreferencesWindow *self)
{
  guint selected = adw_combo_row_get_selected (self->language_row);

  if (selected >= G_N_ELEMENTS (languages))
    return;
  g_settings_set_string (self->settings, "language", languages[selected]);
  gtk_widget_set_visible (GTK_WIDGET (self->restart_row),
                          g_strcmp0 (self->language, languages[selected]) != 0);
}

static void
interval_selected_cb (BstPreferencesWindow *self)
{
  guint selected = adw_combo_row_get_selected (self->interval_row);

  if (selected < G_N_ELEMENTS (intervals))
    g_settings_set_uint (self->settings, "sync-interval", intervals[selected]);
}

static void
open_folder_cb (BstPreferencesWindow *self)
{
  g_autofree char *uri = g_filename_to_uri (self->directory, NULL, NULL);

  if (uri)
    bst_link_open (GTK_WIDGET (self), uri);
}

static void
show_settings (BstPreferencesWindow *self)
{
  g_autoptr (GtkStringList) names = language_names ();
  g_autoptr (GtkStringList) times = interval_names ();
  guint interval = g_settings_get_uint (self->settings, "sync-interval");
  guint chosen = 0;

  adw_combo_row_set_model (self->language_row, G_LIST_MODEL (names));
  for (guint i = 0; i < G_N_ELEMENTS (languages); i++)
    if (g_strcmp0 (languages[i], self->language) == 0)
      adw_combo_row_set_selected (self->language_row, i);
  adw_combo_row_set_model (self->interval_row, G_LIST_MODEL (times));
  for (guint i = 0; i < G_N_ELEMENTS (intervals); i++)
    if (intervals[i] <= interval)
      chosen = i;
  adw_combo_row_set_selected (self->interval_row, chosen);
  g_settings_bind (self->settings, "notifications", self->notifications, "active",
                   G_SETTINGS_BIND_DEFAULT);
  g_settings_bind (self->settings, "push-when-metered", self->push, "active",
                   G_SETTINGS_BIND_DEFAULT);
  g_settings_bind (self->settings, "attachments-when-metered", self->files, "active",
                   G_SETTINGS_BIND_DEFAULT);
  g_signal_connect_object (self->language_row, "notify::selected",
                           G_CALLBACK (language_selected_cb), self, G_CONNECT_SWAPPED);
  g_signal_connect_object (self->interval_row, "notify::selected",
                           G_CALLBACK (interval_selected_cb), self, G_CONNECT_SWAPPED);
}

static void
show_profile (BstPreferencesWindow *self, const BstProfile *profile)
{
  g_autofree char *person = g_markup_escape_text (profile->person_name, -1);
  g_autofree char *authority = g_markup_escape_text (profile->authority_name, -1);
  g_autofree char *server = g_markup_escape_text (profile->server, -1);
  g_autofree char *directory = g_markup_escape_text (profile->directory, -1);
  const char *token = bst_token_place (profile) == BST_TOKEN_IN_KEYRING
                          ? _ ("In this computer’s keyring")
                          : _ ("In a file that only your login can read");

  adw_preferences_row_set_title (ADW_PREFERENCES_ROW (self->person_row), person);
  adw_action_row_set_subtitle (self->person_row, authority);
  adw_action_row_set_subtitle (self->server_row, server);
  adw_action_row_set_subtitle (self->token_row, profile->signed_out ? _ ("Not signed in") : token);
  adw_action_row_set_subtitle (self->directory_row, directory);
  self->directory = g_strdup (profile->directory);
}

static void
bst_preferences_window_finalize (GObject *object)
{
  BstPreferencesWindow *self = BST_PREFERENCES_WINDOW (object);

  g_clear_object (&self->settings);
  g_free (self->directory);
  g_free (self->language);
  G_OBJECT_CLASS (bst_preferences_window_parent_class)->finalize (object);
}

static void
bst_preferences_window_class_init (BstPreferencesWindowClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->finalize = bst_preferences_window_finalize;
  gtk_widget_class_set_template_from_resource (
      widget_class, "/org/bestiller/Bestiller/bst-preferences-window.ui");
  gtk_widget_class_bind_template_child (widget_class, BstPreferencesWindow, language_row);
  gtk_widget_class_bind_template_child (widget_class, BstPreferencesWindow, restart_row);
  gtk_widget_class_bind_template_child (widget_class, BstPreferencesWindow, notifications);
  gtk_widget_class_bind_template_child (widget_class, BstPreferencesWindow, interval_row);
  gtk_widget_class_bind_template_child (widget_class, BstPreferencesWindow, push);
  gtk_widget_class_bind_template_child (widget_class, BstPreferencesWindow, files);
  gtk_widget_class_bind_template_child (widget_class, BstPreferencesWindow, computer_group);
  gtk_widget_class_bind_template_child (widget_class, BstPreferencesWindow, person_row);
  gtk_widget_class_bind_template_child (widget_class, BstPreferencesWindow, server_row);
  gtk_widget_class_bind_template_child (widget_class, BstPreferencesWindow, token_row);
  gtk_widget_class_bind_template_child (widget_class, BstPreferencesWindow, directory_row);
  gtk_widget_class_bind_template_callback (widget_class, open_folder_cb);
  gtk_widget_class_add_binding_action (widget_class, GDK_KEY_Escape, 0, "window.close", NULL);
}

static void
bst_preferences_window_init (BstPreferencesWindow *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
}

GtkWidget *
bst_preferences_window_new (GtkWindow *parent, GSettings *settings, const BstProfile *profile)
{
  BstPreferencesWindow *self =
      g_object_new (BST_TYPE_PREFERENCES_WINDOW, "application", gtk_window_get_application (parent),
                    "transient-for", parent, NULL);

  self->settings = g_object_ref (settings);
  self->language = g_settings_get_string (settings, "language");
  show_settings (self);
  gtk_widget_set_visible (GTK_WIDGET (self->computer_group), profile != NULL);
  if (profile)
    show_profile (self, profile);
  return GTK_WIDGET (self);
}
