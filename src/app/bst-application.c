/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "bst-config.h"

#include <string.h>

#include <glib/gi18n.h>

#include "bst-application-private.h"

#include "bst-actions.h"
#include "bst-enrol-view.h"
#include "bst-icons-resource.h"
#include "bst-notifications.h"
#include "bst-system-clock.h"
#include "bst-text.h"
#include "bst-trouble-view.h"
#include "bst-ui-resource.h"

G_DEFINE_FINAL_TYPE (BstApplication, bst_application, ADW_TYPE_APPLICATION)

/* ---- the views: pages, enrolment, trouble ---- */

static void
enrolled_cb (BstEnrolView *view, const BstProfile *profile, BstApplication *self)
{
  const BstProfile *open = bst_workplace_get_profile (self->workplace);

  bst_window_show_view (self->window, NULL);
  if (open && strcmp (open->id, profile->id) == 0 && bst_workplace_get_session (self->workplace))
    bst_workplace_sign_in (self->workplace, profile);
  else
    bst_workplace_open (self->workplace, profile);
}

static void
use_profile (GTask *task, gpointer source, gpointer data, GCancellable *cancellable)
{
  g_autofree char *root = bst_profiles_root ();
  g_autoptr (GError) error = NULL;

  if (!bst_profile_save (root, data, NULL, &error))
    g_warning ("The profile cannot be marked as the last used: %s", error->message);
  g_task_return_boolean (task, TRUE);
}

static void
chosen_cb (BstEnrolView *view, const BstProfile *profile, BstApplication *self)
{
  g_autoptr (GTask) task = g_task_new (NULL, NULL, NULL, NULL);

  g_task_set_task_data (task, bst_profile_copy (profile), (GDestroyNotify) bst_profile_free);
  g_task_run_in_thread (task, use_profile);
  bst_workplace_open (self->workplace, profile);
  bst_window_show_view (self->window, NULL);
}

static void
cancelled_cb (BstEnrolView *view, BstApplication *self)
{
  bst_window_show_view (self->window, NULL);
}

/* Without those that are open and signed in: there is nothing to choose about them. */
static GPtrArray *
other_profiles (BstApplication *self, const char *root)
{
  GPtrArray *profiles = bst_profiles_list (root);
  const BstProfile *open = bst_workplace_get_profile (self->workplace);

  for (guint i = profiles->len; open && i > 0; i--)
    if (strcmp (((BstProfile *) profiles->pdata[i - 1])->id, open->id) == 0)
      g_ptr_array_remove_index (profiles, i - 1);
  return profiles;
}

BstEnrolView *
bst_application_show_enrolment (BstApplication *self)
{
  g_autofree char *root = bst_profiles_root ();
  g_autoptr (GPtrArray) profiles = other_profiles (self, root);
  const BstProfile *open = bst_workplace_get_profile (self->workplace);
  GtkWidget *view = bst_enrol_view_new (root, profiles, open != NULL);

  /* Most who enrol again do so at the same server. */
  if (open && open->ca_file)
    bst_enrol_view_set_ca_file (BST_ENROL_VIEW (view), open->ca_file);
  g_signal_connect_object (view, "enrolled", G_CALLBACK (enrolled_cb), self, 0);
  g_signal_connect_object (view, "chosen", G_CALLBACK (chosen_cb), self, 0);
  g_signal_connect_object (view, "cancelled", G_CALLBACK (cancelled_cb), self, 0);
  bst_window_show_view (self->window, view);
  return BST_ENROL_VIEW (view);
}

static void
trouble_cb (BstWorkplace *workplace, GError *error, BstApplication *self)
{
  const BstProfile *profile = bst_workplace_get_profile (workplace);

  if (self->window)
    bst_window_show_view (self->window, bst_trouble_view_new (error, profile->directory));
}

static void
mine_changed_cb (BstStore *store, GVariant *changes, BstApplication *self)
{
  if (g_settings_get_boolean (self->settings, "notifications"))
    bst_notifications_send (G_APPLICATION (self), changes);
}

static void
session_cb (BstApplication *self)
{
  BstSession *session = bst_workplace_get_session (self->workplace);

  if (session)
    g_signal_connect_object (bst_session_get_store (session), "mine-changed",
                             G_CALLBACK (mine_changed_cb), self, 0);
  if (self->window)
    bst_window_set_session (self->window, session);
}

static void
interval_cb (BstApplication *self)
{
  bst_workplace_set_interval (self->workplace,
                              g_settings_get_uint (self->settings, "sync-interval"));
}

static void
push_cb (BstApplication *self)
{
  bst_workplace_set_push_when_metered (
      self->workplace, g_settings_get_boolean (self->settings, "push-when-metered"));
}

static void
files_cb (BstApplication *self)
{
  bst_workplace_set_files_when_metered (
      self->workplace, g_settings_get_boolean (self->settings, "attachments-when-metered"));
}

/* ---- the window ---- */

static void
window_gone_cb (gpointer data, GObject *window)
{
  BST_APPLICATION (data)->window = NULL;
}

BstWindow *
bst_application_ensure_window (BstApplication *self)
{
  if (self->window)
    return self->window;
  self->window = bst_window_new (GTK_APPLICATION (self), self->settings);
  g_object_weak_ref (G_OBJECT (self->window), window_gone_cb, self);
  bst_window_set_session (self->window, bst_workplace_get_session (self->workplace));
  return self->window;
}

void
bst_application_open_last (BstApplication *self)
{
  g_autofree char *root = bst_profiles_root ();
  g_autoptr (GPtrArray) profiles = bst_profiles_list (root);

  if (profiles->len == 0)
    {
      bst_application_show_enrolment (self);
      return;
    }
  bst_window_show_view (self->window, NULL);
  bst_workplace_open (self->workplace, profiles->pdata[0]);
}

/* ---- the application ---- */

static char *
choose_language (GSettings *settings)
{
  g_autofree char *wanted = g_settings_get_string (settings, "language");

  return g_strdup (bst_text_language (*wanted ? wanted : g_get_language_names ()[0]));
}

static void
bst_application_startup (GApplication *application)
{
  BstApplication *self = BST_APPLICATION (application);
  g_autofree char *language = NULL;

  bst_ui_register_resource ();
  bst_icons_register_resource ();
  G_APPLICATION_CLASS (bst_application_parent_class)->startup (application);
  g_set_application_name (_ ("Bestiller"));
  gtk_window_set_default_icon_name (BST_APPLICATION_ID);
  self->settings = g_settings_new (BST_APPLICATION_ID);
  language = choose_language (self->settings);
  self->workplace = bst_workplace_new (bst_system_clock (), language,
                                       g_settings_get_uint (self->settings, "sync-interval"));
  g_signal_connect_object (self->workplace, "trouble", G_CALLBACK (trouble_cb), self, 0);
  g_signal_connect_object (self->workplace, "notify::session", G_CALLBACK (session_cb), self,
                           G_CONNECT_SWAPPED);
  g_signal_connect_object (self->settings, "changed::sync-interval", G_CALLBACK (interval_cb), self,
                           G_CONNECT_SWAPPED);
  g_signal_connect_object (self->settings, "changed::push-when-metered", G_CALLBACK (push_cb), self,
                           G_CONNECT_SWAPPED);
  push_cb (self);
  g_signal_connect_object (self->settings, "changed::attachments-when-metered",
                           G_CALLBACK (files_cb), self, G_CONNECT_SWAPPED);
  files_cb (self);
  bst_actions_add_accels (GTK_APPLICATION (self));
}

static void
bst_application_activate (GApplication *application)
{
  BstApplication *self = BST_APPLICATION (application);
  BstWindow *window = bst_application_ensure_window (self);

  gtk_window_present (GTK_WINDOW (window));
  if (!bst_workplace_get_profile (self->workplace) && !bst_window_has_view (window))
    bst_application_open_last (self);
}

static void
bst_application_open (GApplication *application, GFile **files, int n_files, const char *hint)
{
  for (int i = 0; i < n_files; i++)
    {
      g_autofree char *uri = g_file_get_uri (files[i]);

      g_action_group_activate_action (G_ACTION_GROUP (application), "enrol",
                                      g_variant_new_string (uri));
    }
}

/* Runs in the process that was started, and asks the one that is running (maybe itself). */
static int
bst_application_handle_local_options (GApplication *application, GVariantDict *options)
{
  g_autoptr (GError) error = NULL;
  const char *link = NULL;
  const char *ca = NULL;

  if (g_variant_dict_contains (options, "version"))
    {
      g_print ("bestiller %s\n", BST_VERSION);
      return EXIT_SUCCESS;
    }
  g_variant_dict_lookup (options, "enrol", "&s", &link);
  if (!link && !g_variant_dict_contains (options, "new-order"))
    return -1;
  if (!g_application_register (application, NULL, &error))
    {
      g_printerr ("%s\n", error->message);
      return EXIT_FAILURE;
    }
  g_variant_dict_lookup (options, "ca", "^&ay", &ca);
  if (link && ca)
    {
      g_autofree char *path = g_canonicalize_filename (ca, NULL);

      g_action_group_activate_action (G_ACTION_GROUP (application), "enrol-with-ca",
                                      g_variant_new ("(s^ay)", link, path));
    }
  else if (link)
    g_action_group_activate_action (G_ACTION_GROUP (application), "enrol",
                                    g_variant_new_string (link));
  else
    g_action_group_activate_action (G_ACTION_GROUP (application), "new-order", NULL);
  return -1;
}

static void
bst_application_shutdown (GApplication *application)
{
  BstApplication *self = BST_APPLICATION (application);

  if (self->workplace)
    bst_workplace_close (self->workplace);
  G_APPLICATION_CLASS (bst_application_parent_class)->shutdown (application);
}

static void
bst_application_finalize (GObject *object)
{
  BstApplication *self = BST_APPLICATION (object);

  if (self->window)
    g_object_weak_unref (G_OBJECT (self->window), window_gone_cb, self);
  g_clear_object (&self->workplace);
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
  application_class->open = bst_application_open;
  application_class->handle_local_options = bst_application_handle_local_options;
  application_class->shutdown = bst_application_shutdown;
}

static void
bst_application_init (BstApplication *self)
{
  static const GOptionEntry options[] = {
    { "enrol", 0, 0, G_OPTION_ARG_STRING, NULL, N_ ("Enrol this computer with a link"),
      N_ ("LINK") },
    { "ca", 0, 0, G_OPTION_ARG_FILENAME, NULL,
      N_ ("With --enrol: trust this certificate authority"), N_ ("FILE") },
    { "new-order", 0, 0, G_OPTION_ARG_NONE, NULL, N_ ("Begin a new order"), NULL },
    { "version", 0, 0, G_OPTION_ARG_NONE, NULL, N_ ("Show the version"), NULL },
    { NULL }
  };

  g_application_add_main_option_entries (G_APPLICATION (self), options);
  bst_application_add_actions (self);
}

BstApplication *
bst_application_new (void)
{
  return g_object_new (BST_TYPE_APPLICATION, "application-id", BST_APPLICATION_ID,
                       "resource-base-path", "/org/bestiller/Bestiller", "flags",
                       G_APPLICATION_HANDLES_OPEN, NULL);
}
