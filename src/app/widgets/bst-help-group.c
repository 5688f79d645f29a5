/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "bst-config.h"

#include <string.h>

#include <glib/gi18n.h>

#include "bst-help-group.h"

#include "bst-diagnosis.h"
#include "bst-file-chooser.h"
#include "bst-page.h"

struct _BstHelpGroup
{
  AdwPreferencesGroup parent_instance;
};

G_DEFINE_FINAL_TYPE (BstHelpGroup, bst_help_group, ADW_TYPE_PREFERENCES_GROUP)

/* ---- making it, in a thread ---- */

typedef struct
{
  BstStore *store;
  BstSyncFacts facts;
  char *language;
  gint64 now;
  GFile *target;
} Making;

static void
making_free (gpointer data)
{
  Making *making = data;

  g_object_unref (making->store);
  g_object_unref (making->target);
  g_free (making->language);
  g_free (making);
}

static void
make_thread (GTask *task, gpointer source, gpointer data, GCancellable *cancellable)
{
  Making *making = data;
  GError *error = NULL;
  g_autofree char *text =
      bst_diagnosis_text (making->store, &making->facts, making->language, making->now, &error);

  if (text && g_file_replace_contents (making->target, text, strlen (text), NULL, FALSE,
                                       G_FILE_CREATE_PRIVATE | G_FILE_CREATE_REPLACE_DESTINATION,
                                       NULL, cancellable, &error))
    g_task_return_boolean (task, TRUE);
  else
    g_task_return_error (task, error);
}

static BstPage *
page_of (gpointer self)
{
  return BST_PAGE (gtk_widget_get_ancestor (GTK_WIDGET (self), BST_TYPE_PAGE));
}

static void
made_cb (GObject *source, GAsyncResult *result, gpointer data)
{
  BstPage *page = page_of (source);
  g_autoptr (GError) error = NULL;

  if (g_task_propagate_boolean (G_TASK (result), &error) && page)
    bst_page_say (page, _ ("Saved. The file holds no names, titles or texts."), NULL, NULL, NULL,
                  NULL);
  else if (page)
    bst_page_fail (page, error);
}

static void
chosen_cb (GFile *file, gpointer data)
{
  BstPage *page = file ? page_of (data) : NULL;
  BstSession *session = page ? bst_page_get_session (page) : NULL;
  g_autoptr (GTask) task = NULL;
  Making *making;

  if (!session)
    return;
  making = g_new0 (Making, 1);
  making->store = g_object_ref (bst_session_get_store (session));
  making->facts = bst_sync_facts (bst_session_get_sync (session));
  making->language = g_strdup (bst_session_get_language (session));
  making->now = bst_clock_now (bst_session_get_clock (session));
  making->target = g_object_ref (file);
  task = g_task_new (data, NULL, made_cb, NULL);
  g_task_set_task_data (task, making, making_free);
  g_task_run_in_thread (task, make_thread);
}

static void
activated_cb (AdwActionRow *row, BstHelpGroup *self)
{
  bst_file_chooser_save (GTK_WIDGET (self), _ ("Save a Diagnosis File"), "bestiller-diagnosis.txt",
                         chosen_cb);
}

static void
bst_help_group_class_init (BstHelpGroupClass *klass)
{
}

static void
bst_help_group_init (BstHelpGroup *self)
{
  GtkWidget *row = adw_action_row_new ();
  GtkWidget *icon = gtk_image_new_from_icon_name ("document-save-symbolic");

  adw_preferences_group_set_title (ADW_PREFERENCES_GROUP (self), _ ("For those who help"));
  adw_preferences_row_set_title (ADW_PREFERENCES_ROW (row), _ ("Save a Diagnosis File…"));
  adw_action_row_set_subtitle (
      ADW_ACTION_ROW (row),
      _ ("Versions, counts, states and times. No names, titles or texts, and no password."));
  adw_action_row_add_prefix (ADW_ACTION_ROW (row), icon);
  gtk_list_box_row_set_activatable (GTK_LIST_BOX_ROW (row), TRUE);
  g_signal_connect (row, "activated", G_CALLBACK (activated_cb), self);
  adw_preferences_group_add (ADW_PREFERENCES_GROUP (self), row);
}
