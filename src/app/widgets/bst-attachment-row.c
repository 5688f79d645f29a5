/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "bst-config.h"

#include "bst-attachment-row.h"

#include <glib/gi18n.h>

#include "bst-doc.h"
#include "bst-file-chooser.h"
#include "bst-link.h"
#include "bst-sync-fetch.h"

struct _BstAttachmentRow
{
  AdwActionRow parent_instance;

  BstPage *page;
  char *key;
  GVariant *request;
  GVariant *attachment;
  GtkWidget *icon;
  GtkWidget *open;
  char *open_text; /* what its tooltip says */
  GtkWidget *save;
  GtkWidget *remove;
  GCancellable *fetching; /* (nullable) */
  GFile *target;          /* (nullable): where it shall be saved */
};

G_DEFINE_FINAL_TYPE (BstAttachmentRow, bst_attachment_row, ADW_TYPE_ACTION_ROW)

static guint remove_signal;

const char *
bst_attachment_row_get_key (BstAttachmentRow *self)
{
  return self->key;
}

/* ---- showing ---- */

BstAttachmentState
bst_attachment_row_update (BstAttachmentRow *self)
{
  BstSession *session = bst_page_get_session (self->page);
  BstSync *sync = bst_session_get_sync (session);
  const char *sha256 = bst_doc_get_string (self->attachment, "sha256");
  gint64 done = -1, size = bst_doc_get_int (self->attachment, "size", 0), said;
  BstAttachmentState state;
  g_autofree char *text = NULL;

  if (!sync || !sha256 || !bst_sync_get_file_progress (sync, sha256, &done, &said))
    done = -1;
  state = self->fetching && done < size
              ? BST_ATTACHMENT_FETCHING
              : bst_attachment_state (self->request, self->attachment, done,
                                      sync && bst_sync_get_files_held (sync));
  text = bst_attachment_text (state, done, size, bst_session_get_language (session));
  adw_action_row_set_subtitle (ADW_ACTION_ROW (self), text);
  /* What cannot be done says why. */
  gtk_widget_set_tooltip_text (self->open, sync ? self->open_text : _ ("Not signed in"));
  gtk_widget_set_sensitive (self->open, sync && !self->fetching);
  gtk_widget_set_sensitive (self->save, sync && !self->fetching);
  return state;
}

/* @text: (transfer full) */
static void
name_button (GtkWidget *button, char *text)
{
  gtk_widget_set_tooltip_text (button, text);
  gtk_accessible_update_property (GTK_ACCESSIBLE (button), GTK_ACCESSIBLE_PROPERTY_LABEL, text, -1);
  g_free (text);
}

void
bst_attachment_row_set_request (BstAttachmentRow *self, GVariant *request)
{
  g_autofree char *escaped = bst_path_escape (self->key);
  g_autofree char *path = g_strconcat ("attachments/", escaped, NULL);
  const char *name;

  g_clear_pointer (&self->request, g_variant_unref);
  g_clear_pointer (&self->attachment, g_variant_unref);
  self->request = g_variant_ref (request);
  self->attachment = bst_doc_get_map (request, path);
  name = bst_doc_get_string (self->attachment, "name");
  name = name ? name : _ ("File without a name");
  adw_preferences_row_set_title (ADW_PREFERENCES_ROW (self), name);
  gtk_image_set_from_icon_name (
      GTK_IMAGE (self->icon), bst_attachment_icon (bst_doc_get_string (self->attachment, "type")));
  g_free (self->open_text);
  self->open_text = g_strdup_printf (_ ("Open %s"), name);
  name_button (self->open, g_strdup (self->open_text));
  name_button (self->save, g_strdup_printf (_ ("Save %s as…"), name));
  name_button (self->remove, g_strdup_printf (_ ("Remove %s"), name));
}

/* ---- opening and saving ---- */

static void
copied_cb (GObject *source, GAsyncResult *result, gpointer data)
{
  g_autoptr (BstAttachmentRow) self = data;
  g_autoptr (GError) error = NULL;

  if (!self->page)
    return;
  if (!g_file_copy_finish (G_FILE (source), result, &error))
    bst_page_fail (self->page, error);
  else
    bst_page_say (self->page, _ ("The file is saved"), NULL, NULL, NULL, NULL);
}

static void
fetched_cb (GObject *source, GAsyncResult *result, gpointer data)
{
  g_autoptr (BstAttachmentRow) self = data;
  g_autoptr (GError) error = NULL;
  g_autofree char *path = bst_sync_fetch_finish (BST_SYNC (source), result, &error);
  g_autoptr (GFile) file = path ? g_file_new_for_path (path) : NULL;
  g_autoptr (GFile) target = g_steal_pointer (&self->target);

  g_clear_object (&self->fetching);
  if (!self->page)
    return;
  bst_attachment_row_update (self);
  if (!file)
    bst_page_fail (self->page, error);
  else if (target)
    g_file_copy_async (file, target, G_FILE_COPY_OVERWRITE | G_FILE_COPY_TARGET_DEFAULT_PERMS,
                       G_PRIORITY_DEFAULT, NULL, NULL, NULL, copied_cb, g_object_ref (self));
  else if (gtk_widget_get_root (GTK_WIDGET (self)))
    bst_link_open_file (GTK_WIDGET (self), file);
}

/* The department's: where the server keeps the order. */
static const char *
account_of (BstAttachmentRow *self)
{
  BstOrg *org = bst_session_get_org (bst_page_get_session (self->page));
  const char *unit = bst_doc_get_string (self->request, "unit");
  const char *department = org && unit ? bst_org_department (org, unit) : NULL;

  return department ? department : unit ? unit : "";
}

static void
fetch (BstAttachmentRow *self)
{
  BstSync *sync = bst_session_get_sync (bst_page_get_session (self->page));
  const char *blob = bst_doc_get_string (self->attachment, "blobId");
  const char *sha256 = bst_doc_get_string (self->attachment, "sha256");
  g_autofree char *own = sha256 ? g_strconcat ("B", sha256, NULL) : NULL;

  if (!sync || self->fetching)
    return;
  self->fetching = g_cancellable_new ();
  bst_sync_fetch_async (sync, account_of (self),
                        blob  ? blob
                        : own ? own
                              : "",
                        bst_doc_get_string (self->attachment, "name"),
                        bst_doc_get_int (self->attachment, "size", 0), self->fetching, fetched_cb,
                        g_object_ref (self));
  bst_attachment_row_update (self);
}

static void
open_cb (GtkButton *button, BstAttachmentRow *self)
{
  fetch (self);
}

static void
target_cb (GFile *file, gpointer data)
{
  BstAttachmentRow *self = data;

  if (!file)
    return;
  g_set_object (&self->target, file);
  fetch (self);
}

static void
save_cb (GtkButton *button, BstAttachmentRow *self)
{
  const char *name = bst_doc_get_string (self->attachment, "name");

  bst_file_chooser_save (GTK_WIDGET (self), _ ("Save the File"), name ? name : "", target_cb);
}

static void
remove_cb (GtkButton *button, BstAttachmentRow *self)
{
  g_signal_emit (self, remove_signal, 0);
}

/* ---- the object ---- */

/* Off the page, nobody waits for it any more. What has come so far is kept. */
static void
bst_attachment_row_unroot (GtkWidget *widget)
{
  BstAttachmentRow *self = BST_ATTACHMENT_ROW (widget);

  if (self->fetching && !self->target)
    g_cancellable_cancel (self->fetching);
  GTK_WIDGET_CLASS (bst_attachment_row_parent_class)->unroot (widget);
}

static void
bst_attachment_row_finalize (GObject *object)
{
  BstAttachmentRow *self = BST_ATTACHMENT_ROW (object);

  g_clear_weak_pointer (&self->page);
  g_free (self->key);
  g_free (self->open_text);
  g_clear_pointer (&self->request, g_variant_unref);
  g_clear_pointer (&self->attachment, g_variant_unref);
  g_clear_object (&self->fetching);
  g_clear_object (&self->target);
  G_OBJECT_CLASS (bst_attachment_row_parent_class)->finalize (object);
}

static void
bst_attachment_row_class_init (BstAttachmentRowClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = bst_attachment_row_finalize;
  GTK_WIDGET_CLASS (klass)->unroot = bst_attachment_row_unroot;
  remove_signal = g_signal_new ("remove", G_TYPE_FROM_CLASS (klass), G_SIGNAL_RUN_LAST, 0, NULL,
                                NULL, NULL, G_TYPE_NONE, 0);
}

static GtkWidget *
add_button (BstAttachmentRow *self, const char *icon, GCallback callback)
{
  GtkWidget *button = gtk_button_new_from_icon_name (icon);

  gtk_widget_add_css_class (button, "flat");
  gtk_widget_set_valign (button, GTK_ALIGN_CENTER);
  g_signal_connect (button, "clicked", callback, self);
  adw_action_row_add_suffix (ADW_ACTION_ROW (self), button);
  return button;
}

static void
bst_attachment_row_init (BstAttachmentRow *self)
{
  adw_preferences_row_set_use_markup (ADW_PREFERENCES_ROW (self), FALSE);
  adw_action_row_set_title_lines (ADW_ACTION_ROW (self), 1);
  self->icon = gtk_image_new ();
  adw_action_row_add_prefix (ADW_ACTION_ROW (self), self->icon);
  self->open = add_button (self, "document-open-symbolic", G_CALLBACK (open_cb));
  self->save = add_button (self, "document-save-symbolic", G_CALLBACK (save_cb));
  self->remove = add_button (self, "user-trash-symbolic", G_CALLBACK (remove_cb));
}

GtkWidget *
bst_attachment_row_new (BstPage *page, const char *key, gboolean removable)
{
  BstAttachmentRow *self = g_object_new (BST_TYPE_ATTACHMENT_ROW, NULL);

  g_set_weak_pointer (&self->page, page);
  self->key = g_strdup (key);
  gtk_widget_set_visible (self->remove, removable);
  gtk_widget_set_visible (self->save, !removable);
  return GTK_WIDGET (self);
}
