/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "bst-config.h"

#include <glib/gi18n.h>

#include "bst-application.h"

#include "bst-actions.h"
#include "bst-icons-resource.h"
#include "bst-ui-resource.h"
#include "bst-window.h"

struct _BstApplication
{
  AdwApplication parent_instance;

  GSettings *settings;
};

G_DEFINE_FINAL_TYPE (BstApplication, bst_application, ADW_TYPE_APPLICATION)

static void
bst_application_startup (GApplication *application)
{
  BstApplication *self = BST_APPLICATION (application);

  g_resources_register (bst_ui_get_resource ());
  g_resources_register (bst_icons_get_resource ());
  G_APPLICATION_CLASS (bst_application_parent_class)->startup (application);
  self->settings = g_settings_new (BST_APPLICATION_ID);
  bst_actions_add_accels (GTK_APPLICATION (self));
}

static void
bst_application_activate (GApplication *application)
{
  GtkWindow *window = gtk_application_get_active_window (GTK_APPLICATION (application));

  if (!window)
    window = GTK_WINDOW (bst_window_new (GTK_APPLICATION (application)));
  gtk_window_present (window);
}

static void
bst_application_finalize (GObject *object)
{
  BstApplication *self = BST_APPLICATION (object);

  g_clear_object (&self->settings);
  G_OBJECT_CLASS (bst_application_parent_class)->finalize (object);
}

static void
bst_application_class_init (BstApplicationClass *klass)
{
  GApplicationClass *application_class = G_APPLICATION_CLASS (klass);

  G_OBJECT_CLASS (klass)->finalize = bst_application_finalize;
  application_class->startup = bst_application_startup;
  application_class->activate = bst_application_activate;
}

static void
quit_action (GSimpleAction *action, GVariant *parameter, gpointer data)
{
  g_application_quit (data);
}

static void
bst_application_init (BstApplication *self)
{
  static const GActionEntry entries[] = { { "quit", quit_action } };

  g_action_map_add_action_entries (G_ACTION_MAP (self), entries, G_N_ELEMENTS (entries), self);
}

BstApplication *
bst_application_new (void)
{
  return g_object_new (BST_TYPE_APPLICATION, "application-id", BST_APPLICATION_ID,
                       "resource-base-path", "/org/bestiller/Bestiller", NULL);
}
