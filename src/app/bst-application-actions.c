/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "bst-config.h"

#include <glib/gi18n.h>

#include "bst-application-private.h"

#include "bst-about.h"
#include "bst-confirm.h"
#include "bst-preferences-window.h"
#include "bst-shortcuts-window.h"
#include "bst-unsent.h"

static gpointer
keep_cb (gconstpointer window, gpointer data)
{
  return g_object_ref ((gpointer) window);
}

/* Windows are closed one by one, so that each page can put down what is being typed. One that has the keyboard lives until its
 * event is dealt with, longer than the window that it belongs to: GTK would look for that one. */
static void
quit_action (GSimpleAction *action, GVariant *parameter, gpointer data)
{
  GList *windows = g_list_copy_deep (gtk_application_get_windows (data), keep_cb, NULL);

  for (GList *each = windows; each; each = each->next)
    {
      gtk_window_set_transient_for (each->data, NULL);
      gtk_window_close (each->data);
    }
  g_list_free_full (windows, g_object_unref);
}

static void
enrol (BstApplication *self, const char *link, const char *ca_file)
{
  BstEnrolView *view;

  bst_application_ensure_window (self);
  view = bst_application_show_enrolment (self);
  bst_enrol_view_set_link (view, link);
  if (ca_file)
    bst_enrol_view_set_ca_file (view, ca_file);
  gtk_window_present (GTK_WINDOW (self->window));
}

static void
enrol_action (GSimpleAction *action, GVariant *parameter, gpointer data)
{
  enrol (data, g_variant_get_string (parameter, NULL), NULL);
}

/* A link never names certificates; only who types the command line does. */
static void
enrol_with_ca_action (GSimpleAction *action, GVariant *parameter, gpointer data)
{
  const char *link;
  const char *ca_file;

  g_variant_get (parameter, "(&s^&ay)", &link, &ca_file);
  enrol (data, link, ca_file);
}

/* Those that stand before the main window know a profile that may soon be another. */
static void
close_others (BstApplication *self)
{
  GList *windows = g_list_copy (gtk_application_get_windows (GTK_APPLICATION (self)));

  for (GList *each = windows; each; each = each->next)
    if (each->data != self->window)
      gtk_window_close (each->data);
  g_list_free (windows);
}

static void
switch_user_action (GSimpleAction *action, GVariant *parameter, gpointer data)
{
  BstApplication *self = data;

  close_others (self);
  bst_application_ensure_window (self);
  bst_application_show_enrolment (self);
  gtk_window_present (GTK_WINDOW (self->window));
}

static void
navigate (BstApplication *self, const char *page, const char *arg)
{
  g_application_activate (G_APPLICATION (self));
  bst_window_navigate (self->window, page, arg);
}

static void
new_order_action (GSimpleAction *action, GVariant *parameter, gpointer data)
{
  navigate (data, "order", NULL);
}

static void
open_request_action (GSimpleAction *action, GVariant *parameter, gpointer data)
{
  navigate (data, "request", g_variant_get_string (parameter, NULL));
}

static void
show_overview_action (GSimpleAction *action, GVariant *parameter, gpointer data)
{
  navigate (data, "overview", NULL);
}

static void
try_again_action (GSimpleAction *action, GVariant *parameter, gpointer data)
{
  bst_application_open_last (data);
}

static void
sign_out_confirmed (gpointer data)
{
  BstApplication *self = data;

  close_others (self);
  bst_workplace_sign_out (self->workplace);
  if (self->window)
    bst_window_say (self->window, _ ("Signed out. Your work is kept on this computer."));
}

static void
ask_sign_out (BstApplication *self, const char *unsent)
{
  GtkWindow *window = gtk_application_get_active_window (GTK_APPLICATION (self));
  const char *kept = _ ("Drafts and what is not yet sent stay on this computer. To synchronise "
                        "again you need a new code.");
  g_autofree char *body =
      unsent && *unsent ? g_strjoin ("\n\n", unsent, kept, NULL) : g_strdup (kept);

  bst_confirm (GTK_WIDGET (window), _ ("Sign this computer out?"), body, _ ("_Sign Out"), TRUE,
               sign_out_confirmed, g_object_ref (self), g_object_unref);
}

static void
unsent_thread (GTask *task, gpointer source, gpointer data, GCancellable *cancellable)
{
  g_autoptr (GError) error = NULL;
  char *text = bst_unsent_text (data, &error);

  if (text)
    g_task_return_pointer (task, text, g_free);
  else
    g_task_return_error (task, g_steal_pointer (&error));
}

/* That it cannot be read does not keep anybody from signing out: it is kept all the same. */
static void
unsent_cb (GObject *source, GAsyncResult *result, gpointer data)
{
  g_autoptr (GError) error = NULL;
  g_autofree char *unsent = g_task_propagate_pointer (G_TASK (result), &error);

  if (error)
    g_message ("What is not sent cannot be read: %s", error->message);
  ask_sign_out (BST_APPLICATION (source), unsent);
}

static void
sign_out_action (GSimpleAction *action, GVariant *parameter, gpointer data)
{
  BstApplication *self = data;
  BstSession *session = bst_workplace_get_session (self->workplace);
  g_autoptr (GTask) task = NULL;

  if (!session)
    {
      ask_sign_out (self, NULL);
      return;
    }
  task = g_task_new (self, NULL, unsent_cb, NULL);
  g_task_set_task_data (task, g_object_ref (bst_session_get_store (session)), g_object_unref);
  g_task_run_in_thread (task, unsent_thread);
}

static void
preferences_action (GSimpleAction *action, GVariant *parameter, gpointer data)
{
  BstApplication *self = data;

  gtk_window_present (GTK_WINDOW (bst_preferences_window_new (
      GTK_WINDOW (self->window), self->settings, bst_workplace_get_profile (self->workplace))));
}

static void
shortcuts_action (GSimpleAction *action, GVariant *parameter, gpointer data)
{
  gtk_window_present (
      GTK_WINDOW (bst_shortcuts_window_new (GTK_WINDOW (BST_APPLICATION (data)->window))));
}

static void
about_action (GSimpleAction *action, GVariant *parameter, gpointer data)
{
  bst_about_show (GTK_WINDOW (BST_APPLICATION (data)->window));
}

void
bst_application_add_actions (BstApplication *self)
{
  static const GActionEntry entries[] = {
    { "about", about_action },
    { "enrol", enrol_action, "s" },
    { "enrol-with-ca", enrol_with_ca_action, "(say)" },
    { "new-order", new_order_action },
    { "open-request", open_request_action, "s" },
    { "preferences", preferences_action },
    { "quit", quit_action },
    { "shortcuts", shortcuts_action },
    { "show-overview", show_overview_action },
    { "sign-out", sign_out_action },
    { "switch-user", switch_user_action },
    { "try-again", try_again_action },
  };

  g_action_map_add_action_entries (G_ACTION_MAP (self), entries, G_N_ELEMENTS (entries), self);
}
