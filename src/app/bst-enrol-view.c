/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "bst-config.h"

#include <string.h>

#include <glib/gi18n.h>

#include "bst-enrol-view.h"

#include "bst-doc.h"
#include "bst-error-text.h"
#include "bst-error.h"
#include "bst-file-chooser.h"
#include "bst-sync.h"
#include "bst-token-store.h"

struct _BstEnrolView
{
  AdwBin parent_instance;

  char *root;
  char *ca_source;
  BstProfile *profile; /* once enrolled */
  char *token;
  char *asked;        /* server and code that were asked for last */
  GVariant *identity; /* (nullable) what they gave */
  gboolean filling;
  GCancellable *cancellable;

  GtkStack *steps;
  GtkWidget *cancel_button;
  AdwPreferencesGroup *known;
  AdwEntryRow *link_row;
  AdwEntryRow *server_row;
  AdwEntryRow *code_row;
  AdwEntryRow *device_row;
  AdwExpanderRow *network_row;
  AdwActionRow *ca_row;
  GtkWidget *ca_clear;
  GtkWidget *error_box;
  GtkLabel *error_label;
  GtkWidget *enrol_button;
  GtkSpinner *spinner;
  AdwStatusPage *done;
  GtkWidget *begin_button;
  GtkLabel *place_label;
};

G_DEFINE_FINAL_TYPE (BstEnrolView, bst_enrol_view, ADW_TYPE_BIN)

enum
{
  ENROLLED,
  CHOSEN,
  CANCELLED,
  N_SIGNALS
};

static guint signals[N_SIGNALS];

/* ---- what is wrong ---- */

static void
say_error (BstEnrolView *self, const char *text)
{
  gtk_label_set_label (self->error_label, text ? text : "");
  gtk_widget_set_visible (self->error_box, text != NULL);
  if (text)
    gtk_accessible_update_property (GTK_ACCESSIBLE (self->error_box), GTK_ACCESSIBLE_PROPERTY_LABEL,
                                    text, -1);
}

static void
set_busy (BstEnrolView *self, gboolean busy)
{
  GtkWidget *rows[] = { GTK_WIDGET (self->link_row),    GTK_WIDGET (self->server_row),
                        GTK_WIDGET (self->code_row),    GTK_WIDGET (self->device_row),
                        GTK_WIDGET (self->network_row), self->enrol_button };

  for (guint i = 0; i < G_N_ELEMENTS (rows); i++)
    gtk_widget_set_sensitive (rows[i], !busy);
  gtk_widget_set_visible (GTK_WIDGET (self->spinner), busy);
  gtk_spinner_set_spinning (self->spinner, busy);
}

static void
fail (BstEnrolView *self, const GError *error)
{
  g_autofree char *text = NULL;

  set_busy (self, FALSE);
  if (g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    return;
  g_message ("Enrolment failed: %s", error->message);
  if (g_error_matches (error, BST_ERROR, BST_ERROR_INVALID) &&
      g_str_has_prefix (error->message, "ca-file"))
    text = g_strdup (_ ("The certificate file cannot be used: it is not a PEM certificate."));
  else if (g_error_matches (error, BST_ERROR, BST_ERROR_OFFLINE))
    text = g_strdup (_ ("The server cannot be reached. Check its address and the network, and try "
                        "again; the code is still good."));
  else
    text = bst_error_text (error);
  say_error (self, text);
  /* The notice stands above the button: in a low window both scroll into sight. */
  gtk_widget_grab_focus (self->enrol_button);
}

/* ---- the steps: code -> token -> profile on disk -> token kept ---- */

static void
token_saved_cb (GObject *source, GAsyncResult *result, gpointer data)
{
  g_autoptr (BstEnrolView) self = data;
  g_autoptr (GError) error = NULL;
  g_autofree char *title = NULL;
  BstTokenPlace place;

  if (!bst_token_save_finish (result, &place, &error))
    {
      fail (self, error);
      return;
    }
  set_busy (self, FALSE);
  /* Translators: %s is a person's name. */
  title = g_strdup_printf (_ ("Welcome, %s"), self->profile->person_name);
  adw_status_page_set_title (self->done, title);
  adw_status_page_set_description (self->done, self->profile->authority_name);
  gtk_label_set_label (self->place_label,
                       place == BST_TOKEN_IN_KEYRING
                           ? _ ("The sign-in is kept in this computer’s keyring.")
                           : _ ("This computer has no keyring that answers. The sign-in is kept in "
                                "a file that only your "
                                "login can read."));
  gtk_stack_set_visible_child_name (self->steps, "done");
  gtk_widget_grab_focus (self->begin_button);
}

typedef struct
{
  char *root;
  char *ca_source;
  BstProfile *profile;
} Saving;

static void
saving_free (Saving *saving)
{
  g_free (saving->root);
  g_free (saving->ca_source);
  g_clear_pointer (&saving->profile, bst_profile_free);
  g_free (saving);
}

static void
save_thread (GTask *task, gpointer source, gpointer data, GCancellable *cancellable)
{
  Saving *saving = data;
  g_autoptr (GError) error = NULL;

  if (bst_profile_save (saving->root, saving->profile, saving->ca_source, &error))
    g_task_return_pointer (task, g_steal_pointer (&saving->profile),
                           (GDestroyNotify) bst_profile_free);
  else
    g_task_return_error (task, g_steal_pointer (&error));
}

static void
profile_saved_cb (GObject *source, GAsyncResult *result, gpointer data)
{
  BstEnrolView *self = BST_ENROL_VIEW (source);
  g_autoptr (GError) error = NULL;
  BstProfile *profile = g_task_propagate_pointer (G_TASK (result), &error);

  if (!profile)
    {
      fail (self, error);
      return;
    }
  g_clear_pointer (&self->profile, bst_profile_free);
  self->profile = profile;
  bst_token_save_async (profile, self->token, self->cancellable, token_saved_cb,
                        g_object_ref (self));
}

static void
save_identity (BstEnrolView *self, GVariant *identity)
{
  g_autoptr (GTask) task = NULL;
  Saving *saving = g_new0 (Saving, 1);

  g_free (self->token);
  self->token = g_strdup (bst_doc_get_string (identity, "token"));
  saving->root = g_strdup (self->root);
  saving->ca_source = g_strdup (self->ca_source);
  saving->profile = bst_profile_new (
      self->root, gtk_editable_get_text (GTK_EDITABLE (self->server_row)), identity);
  task = g_task_new (self, self->cancellable, profile_saved_cb, NULL);
  g_task_set_task_data (task, saving, (GDestroyNotify) saving_free);
  g_task_run_in_thread (task, save_thread);
}

static void
enrolled_cb (GObject *source, GAsyncResult *result, gpointer data)
{
  g_autoptr (BstEnrolView) self = data;
  g_autoptr (GError) error = NULL;
  GVariant *identity = bst_enrol_finish (result, &error);

  if (!identity)
    {
      fail (self, error);
      return;
    }
  g_clear_pointer (&self->identity, g_variant_unref);
  self->identity = identity;
  save_identity (self, identity);
}

/* Whether @code was exchanged already, and only could not be kept here: a code works once. */
static gboolean
was_exchanged (BstEnrolView *self, const char *code)
{
  g_autofree char *asked =
      g_strconcat (gtk_editable_get_text (GTK_EDITABLE (self->server_row)), "\n", code, NULL);
  gboolean same = g_strcmp0 (asked, self->asked) == 0;

  if (!same)
    {
      g_free (self->asked);
      self->asked = g_steal_pointer (&asked);
      g_clear_pointer (&self->identity, g_variant_unref);
    }
  return same && self->identity;
}

/* "host:port" is taken as https://host:port; another scheme is not. */
static gboolean
tidy_server (BstEnrolView *self)
{
  const char *text = gtk_editable_get_text (GTK_EDITABLE (self->server_row));
  g_autofree char *server = g_strstrip (g_strdup (text));
  g_autoptr (GUri) uri = NULL;

  while (g_str_has_suffix (server, "/"))
    server[strlen (server) - 1] = '\0';
  if (*server && !strstr (server, "://"))
    {
      char *full = g_strconcat ("https://", server, NULL);

      g_free (server);
      server = full;
    }
  uri = g_uri_parse (server, G_URI_FLAGS_NONE, NULL);
  if (!uri || g_strcmp0 (g_uri_get_scheme (uri), "https") != 0 || !g_uri_get_host (uri) ||
      !*g_uri_get_host (uri))
    return FALSE;
  if (strcmp (server, text) != 0)
    {
      self->filling = TRUE;
      gtk_editable_set_text (GTK_EDITABLE (self->server_row), server);
      self->filling = FALSE;
    }
  return TRUE;
}

static void
enrol_clicked_cb (BstEnrolView *self)
{
  g_autofree char *code =
      g_strstrip (g_strdup (gtk_editable_get_text (GTK_EDITABLE (self->code_row))));

  if (!tidy_server (self))
    {
      say_error (self, _ ("Fill in the server’s address; it begins with https://."));
      gtk_widget_grab_focus (GTK_WIDGET (self->server_row));
      return;
    }
  if (!*code)
    {
      say_error (self, _ ("Fill in the code that you were given."));
      gtk_widget_grab_focus (GTK_WIDGET (self->code_row));
      return;
    }
  say_error (self, NULL);
  set_busy (self, TRUE);
  if (was_exchanged (self, code))
    {
      save_identity (self, self->identity);
      return;
    }
  bst_enrol_async (gtk_editable_get_text (GTK_EDITABLE (self->server_row)), code,
                   gtk_editable_get_text (GTK_EDITABLE (self->device_row)), self->ca_source,
                   self->cancellable, enrolled_cb, g_object_ref (self));
}

/* ---- the form ---- */

static void
link_changed_cb (BstEnrolView *self)
{
  g_autofree char *link =
      g_strstrip (g_strdup (gtk_editable_get_text (GTK_EDITABLE (self->link_row))));
  g_autofree char *server = NULL;
  g_autofree char *code = NULL;

  if (self->filling)
    return;
  say_error (self, NULL);
  if (!*link)
    return;
  if (!bst_enrol_parse_link (link, &server, &code, NULL))
    {
      say_error (self, _ ("This is not an enrolment link. It begins with bestiller://enrol."));
      return;
    }
  self->filling = TRUE;
  gtk_editable_set_text (GTK_EDITABLE (self->server_row), server);
  gtk_editable_set_text (GTK_EDITABLE (self->code_row), code);
  self->filling = FALSE;
}

static void
field_changed_cb (BstEnrolView *self)
{
  if (!self->filling)
    say_error (self, NULL);
}

static void
show_ca (BstEnrolView *self)
{
  g_autofree char *name = self->ca_source ? g_filename_display_basename (self->ca_source) : NULL;

  adw_action_row_set_subtitle (self->ca_row, name ? name : _ ("Those of the computer are used"));
  gtk_widget_set_visible (self->ca_clear, self->ca_source != NULL);
}

static void
ca_chosen_cb (GFile *file, gpointer data)
{
  BstEnrolView *self = data;

  if (!file)
    return;
  g_free (self->ca_source);
  self->ca_source = g_file_get_path (file);
  show_ca (self);
}

static void
choose_ca_cb (BstEnrolView *self)
{
  static const char *const patterns[] = { "*.pem", "*.crt", "*.cer", NULL };

  bst_file_chooser_open (GTK_WIDGET (self), _ ("Choose a Certificate"), _ ("Certificates"),
                         patterns, ca_chosen_cb);
}

static void
clear_ca_cb (BstEnrolView *self)
{
  g_clear_pointer (&self->ca_source, g_free);
  show_ca (self);
}

static void
begin_clicked_cb (BstEnrolView *self)
{
  g_signal_emit (self, signals[ENROLLED], 0, self->profile);
}

static void
cancel_clicked_cb (BstEnrolView *self)
{
  g_cancellable_cancel (self->cancellable);
  g_signal_emit (self, signals[CANCELLED], 0);
}

static void
known_activated_cb (AdwActionRow *row, BstEnrolView *self)
{
  g_signal_emit (self, signals[CHOSEN], 0, g_object_get_data (G_OBJECT (row), "profile"));
}

static void
add_known (BstEnrolView *self, const BstProfile *profile)
{
  GtkWidget *row = adw_action_row_new ();
  g_autofree char *title = g_markup_escape_text (profile->person_name, -1);
  g_autofree char *subtitle = g_markup_escape_text (profile->authority_name, -1);

  adw_preferences_row_set_title (ADW_PREFERENCES_ROW (row), title);
  adw_action_row_set_subtitle (ADW_ACTION_ROW (row), subtitle);
  gtk_list_box_row_set_activatable (GTK_LIST_BOX_ROW (row), TRUE);
  adw_action_row_add_suffix (ADW_ACTION_ROW (row),
                             gtk_image_new_from_icon_name ("go-next-symbolic"));
  g_object_set_data_full (G_OBJECT (row), "profile", bst_profile_copy (profile),
                          (GDestroyNotify) bst_profile_free);
  g_signal_connect_object (row, "activated", G_CALLBACK (known_activated_cb), self, 0);
  adw_preferences_group_add (self->known, row);
}

/* ---- the object ---- */

static void
bst_enrol_view_dispose (GObject *object)
{
  g_cancellable_cancel (BST_ENROL_VIEW (object)->cancellable);
  G_OBJECT_CLASS (bst_enrol_view_parent_class)->dispose (object);
}

static void
bst_enrol_view_finalize (GObject *object)
{
  BstEnrolView *self = BST_ENROL_VIEW (object);

  g_clear_object (&self->cancellable);
  g_clear_pointer (&self->profile, bst_profile_free);
  g_free (self->root);
  g_free (self->ca_source);
  g_free (self->token);
  g_free (self->asked);
  g_clear_pointer (&self->identity, g_variant_unref);
  G_OBJECT_CLASS (bst_enrol_view_parent_class)->finalize (object);
}

static void
bind_children (GtkWidgetClass *klass)
{
  gtk_widget_class_bind_template_child (klass, BstEnrolView, steps);
  gtk_widget_class_bind_template_child (klass, BstEnrolView, cancel_button);
  gtk_widget_class_bind_template_child (klass, BstEnrolView, known);
  gtk_widget_class_bind_template_child (klass, BstEnrolView, link_row);
  gtk_widget_class_bind_template_child (klass, BstEnrolView, server_row);
  gtk_widget_class_bind_template_child (klass, BstEnrolView, code_row);
  gtk_widget_class_bind_template_child (klass, BstEnrolView, device_row);
  gtk_widget_class_bind_template_child (klass, BstEnrolView, network_row);
  gtk_widget_class_bind_template_child (klass, BstEnrolView, ca_row);
  gtk_widget_class_bind_template_child (klass, BstEnrolView, ca_clear);
  gtk_widget_class_bind_template_child (klass, BstEnrolView, error_box);
  gtk_widget_class_bind_template_child (klass, BstEnrolView, error_label);
  gtk_widget_class_bind_template_child (klass, BstEnrolView, enrol_button);
  gtk_widget_class_bind_template_child (klass, BstEnrolView, spinner);
  gtk_widget_class_bind_template_child (klass, BstEnrolView, done);
  gtk_widget_class_bind_template_child (klass, BstEnrolView, begin_button);
  gtk_widget_class_bind_template_child (klass, BstEnrolView, place_label);
  gtk_widget_class_bind_template_callback (klass, link_changed_cb);
  gtk_widget_class_bind_template_callback (klass, field_changed_cb);
  gtk_widget_class_bind_template_callback (klass, enrol_clicked_cb);
  gtk_widget_class_bind_template_callback (klass, choose_ca_cb);
  gtk_widget_class_bind_template_callback (klass, clear_ca_cb);
  gtk_widget_class_bind_template_callback (klass, begin_clicked_cb);
  gtk_widget_class_bind_template_callback (klass, cancel_clicked_cb);
}

static void
bst_enrol_view_class_init (BstEnrolViewClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);

  object_class->dispose = bst_enrol_view_dispose;
  object_class->finalize = bst_enrol_view_finalize;
  signals[ENROLLED] = g_signal_new ("enrolled", BST_TYPE_ENROL_VIEW, G_SIGNAL_RUN_LAST, 0, NULL,
                                    NULL, NULL, G_TYPE_NONE, 1, G_TYPE_POINTER);
  signals[CHOSEN] = g_signal_new ("chosen", BST_TYPE_ENROL_VIEW, G_SIGNAL_RUN_LAST, 0, NULL, NULL,
                                  NULL, G_TYPE_NONE, 1, G_TYPE_POINTER);
  signals[CANCELLED] = g_signal_new ("cancelled", BST_TYPE_ENROL_VIEW, G_SIGNAL_RUN_LAST, 0, NULL,
                                     NULL, NULL, G_TYPE_NONE, 0);
  gtk_widget_class_set_template_from_resource (GTK_WIDGET_CLASS (klass),
                                               "/org/bestiller/Bestiller/bst-enrol-view.ui");
  bind_children (GTK_WIDGET_CLASS (klass));
}

static void
bst_enrol_view_init (BstEnrolView *self)
{
  self->cancellable = g_cancellable_new ();
  gtk_widget_init_template (GTK_WIDGET (self));
  gtk_editable_set_text (GTK_EDITABLE (self->device_row), g_get_host_name ());
  show_ca (self);
}

GtkWidget *
bst_enrol_view_new (const char *root, GPtrArray *profiles, gboolean can_cancel)
{
  BstEnrolView *self = g_object_new (BST_TYPE_ENROL_VIEW, NULL);

  self->root = g_strdup (root);
  for (guint i = 0; i < profiles->len; i++)
    add_known (self, profiles->pdata[i]);
  gtk_widget_set_visible (GTK_WIDGET (self->known), profiles->len > 0);
  gtk_widget_set_visible (self->cancel_button, can_cancel);
  return GTK_WIDGET (self);
}

void
bst_enrol_view_set_link (BstEnrolView *self, const char *link)
{
  gtk_editable_set_text (GTK_EDITABLE (self->link_row), link);
}

void
bst_enrol_view_set_ca_file (BstEnrolView *self, const char *path)
{
  g_free (self->ca_source);
  self->ca_source = g_strdup (path);
  show_ca (self);
}

void
bst_enrol_view_enrol (BstEnrolView *self)
{
  enrol_clicked_cb (self);
}

const char *
bst_enrol_view_get_error (BstEnrolView *self)
{
  return gtk_label_get_label (self->error_label);
}
