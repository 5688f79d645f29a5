/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "bst-config.h"

#include "bst-attachments.h"

#include <glib/gi18n.h>

#include "bst-attachment-row.h"
#include "bst-attachment-words.h"
#include "bst-error.h"
#include "bst-file-chooser.h"
#include "bst-store-files.h"

struct _BstAttachments
{
  GtkBox parent_instance;

  GtkWidget *heading;
  GtkWidget *list;
  GtkWidget *reading; /* while files are being read */
  GtkWidget *add_row;
  GtkWidget *add;
  GtkWidget *limit;
  GtkWidget *send_now;
  BstPage *page;       /* this is on it */
  BstDraft *draft;     /* (nullable) */
  GVariant *doc;       /* what is shown */
  BstSync *sync;       /* (nullable): whose progress is followed */
  BstSession *session; /* which is asked for it */
  guint n_reading;
};

G_DEFINE_FINAL_TYPE (BstAttachments, bst_attachments, GTK_TYPE_BOX)

static BstSession *
session_of (BstAttachments *self)
{
  return bst_page_get_session (self->page);
}

/* ---- showing ---- */

static void
update_rows (BstAttachments *self)
{
  gboolean waits = FALSE;

  for (GtkWidget *row = gtk_widget_get_first_child (self->list); row;
       row = gtk_widget_get_next_sibling (row))
    waits |= bst_attachment_row_update (BST_ATTACHMENT_ROW (row)) == BST_ATTACHMENT_HELD;
  gtk_widget_set_visible (self->send_now, waits && !self->draft);
}

static void
progress_cb (BstSync *sync, const char *sha256, gint64 done, gint64 size, BstAttachments *self)
{
  update_rows (self);
}

static void
forget_sync (BstAttachments *self)
{
  if (self->sync)
    g_signal_handlers_disconnect_by_data (self->sync, self);
  g_clear_object (&self->sync);
}

/* The session's may come and go. */
static void
sync_changed_cb (BstAttachments *self)
{
  BstSync *sync = bst_session_get_sync (self->session);

  if (self->sync != sync)
    {
      forget_sync (self);
      g_set_object (&self->sync, sync);
      if (sync)
        {
          g_signal_connect (sync, "file-progress", G_CALLBACK (progress_cb), self);
          g_signal_connect_swapped (sync, "notify::metered", G_CALLBACK (update_rows), self);
        }
    }
  update_rows (self);
}

static void
follow_session (BstAttachments *self)
{
  if (!self->session)
    {
      self->session = g_object_ref (session_of (self));
      g_signal_connect_object (self->session, "notify::sync", G_CALLBACK (sync_changed_cb), self,
                               G_CONNECT_SWAPPED);
    }
  sync_changed_cb (self);
}

static gboolean
same_files (BstAttachments *self, GVariant *attachments)
{
  g_autoptr (GVariant) shown = self->doc ? bst_doc_get_map (self->doc, "attachments") : NULL;

  return shown && bst_doc_equal (shown, attachments);
}

static void remove_cb (BstAttachmentRow *row, BstAttachments *self);

static void
rebuild (BstAttachments *self, GVariant *attachments)
{
  GtkWidget *row;

  while ((row = gtk_widget_get_first_child (self->list)))
    gtk_list_box_remove (GTK_LIST_BOX (self->list), row);
  for (gsize i = 0; i < g_variant_n_children (attachments); i++)
    {
      const char *key;
      g_autoptr (GVariant) attachment = NULL;

      g_variant_get_child (attachments, i, "{&sv}", &key, &attachment);
      if (!g_variant_is_of_type (attachment, G_VARIANT_TYPE_VARDICT))
        continue;
      row = bst_attachment_row_new (self->page, key, self->draft != NULL);
      g_signal_connect (row, "remove", G_CALLBACK (remove_cb), self);
      gtk_list_box_append (GTK_LIST_BOX (self->list), row);
    }
}

static void
show (BstAttachments *self, GVariant *doc)
{
  g_autoptr (GVariant) attachments = bst_doc_get_map (doc, "attachments");
  gboolean any = g_variant_n_children (attachments) > 0;

  if (!same_files (self, attachments))
    rebuild (self, attachments);
  g_clear_pointer (&self->doc, g_variant_unref);
  self->doc = g_variant_ref (doc);
  for (GtkWidget *row = gtk_widget_get_first_child (self->list); row;
       row = gtk_widget_get_next_sibling (row))
    bst_attachment_row_set_request (BST_ATTACHMENT_ROW (row), doc);
  gtk_widget_set_visible (self->list, any);
  gtk_widget_set_visible (GTK_WIDGET (self), any || self->draft);
  follow_session (self);
}

static void
show_draft (BstAttachments *self)
{
  g_autoptr (GVariant) doc =
      bst_doc_set_string (bst_draft_get_doc (self->draft), "@local/state", "draft");

  show (self, doc);
}

static void
draft_changed_cb (BstDraft *draft, gboolean lines, BstAttachments *self)
{
  show_draft (self);
}

static void
forget_draft (BstAttachments *self)
{
  if (self->draft)
    g_signal_handlers_disconnect_by_data (self->draft, self);
  g_clear_object (&self->draft);
  g_clear_pointer (&self->doc, g_variant_unref);
}

static void
show_limit (BstAttachments *self)
{
  BstSession *session = session_of (self);
  g_autofree char *text =
      bst_attachment_limit_text (bst_store_get_file_limit (bst_session_get_store (session)),
                                 bst_session_get_language (session));

  gtk_label_set_label (GTK_LABEL (self->limit), text);
}

void
bst_attachments_set_draft (BstAttachments *self, BstPage *page, BstDraft *draft)
{
  g_set_weak_pointer (&self->page, page);
  forget_draft (self);
  self->draft = g_object_ref (draft);
  g_signal_connect (draft, "changed", G_CALLBACK (draft_changed_cb), self);
  gtk_widget_set_visible (self->add_row, TRUE);
  gtk_widget_set_visible (self->limit, TRUE);
  gtk_widget_add_css_class (self->heading, "title-4");
  gtk_widget_set_margin_bottom (self->heading, 6);
  show_limit (self);
  show_draft (self);
}

void
bst_attachments_set_request (BstAttachments *self, BstPage *page, GVariant *request)
{
  g_set_weak_pointer (&self->page, page);
  gtk_widget_add_css_class (self->heading, "heading");
  show (self, request);
}

/* ---- removing ---- */

typedef struct
{
  BstDraft *draft;
  char *path;
  GVariant *attachment;
} Removed;

static void
removed_free (gpointer data)
{
  Removed *removed = data;

  g_object_unref (removed->draft);
  g_free (removed->path);
  g_variant_unref (removed->attachment);
  g_free (removed);
}

static void
put_back_cb (gpointer data)
{
  Removed *removed = data;

  bst_draft_set (removed->draft, removed->path, removed->attachment);
  bst_draft_flush (removed->draft);
}

static void
remove_cb (BstAttachmentRow *row, BstAttachments *self)
{
  g_autofree char *escaped = bst_path_escape (bst_attachment_row_get_key (row));
  g_autofree char *text = NULL;
  Removed *removed = g_new0 (Removed, 1);

  removed->draft = g_object_ref (self->draft);
  removed->path = g_strconcat ("attachments/", escaped, NULL);
  removed->attachment = bst_doc_get_map (bst_draft_get_doc (self->draft), removed->path);
  text = g_strdup_printf (_ ("%s removed"), bst_doc_get_string (removed->attachment, "name"));
  bst_draft_set (self->draft, removed->path, NULL);
  bst_draft_flush (self->draft);
  bst_page_say (self->page, text, _ ("Undo"), put_back_cb, removed, removed_free);
  gtk_widget_grab_focus (self->add);
}

/* ---- adding ---- */

/* A file on its way into a draft: the one that was open when it was chosen. */
typedef struct
{
  BstAttachments *attachments;
  BstDraft *draft;
  char *name; /* (nullable) */
} Addition;

static void
addition_free (Addition *addition)
{
  g_object_unref (addition->attachments);
  g_object_unref (addition->draft);
  g_free (addition->name);
  g_free (addition);
}
G_DEFINE_AUTOPTR_CLEANUP_FUNC (Addition, addition_free)

static Addition *
addition_new (BstAttachments *self, char *name)
{
  Addition *addition = g_new0 (Addition, 1);

  addition->attachments = g_object_ref (self);
  addition->draft = g_object_ref (self->draft);
  addition->name = name;
  self->n_reading++;
  gtk_widget_set_visible (self->reading, TRUE);
  return addition;
}

static void
ended (BstAttachments *self)
{
  self->n_reading--;
  gtk_widget_set_visible (self->reading, self->n_reading > 0);
}

static void
fail (Addition *addition, const GError *error)
{
  BstAttachments *self = addition->attachments;
  BstSession *session = session_of (self);
  g_autofree char *text = NULL;

  if (!g_error_matches (error, BST_ERROR, BST_ERROR_TOO_LARGE))
    {
      bst_page_fail (self->page, error);
      return;
    }
  text = bst_attachment_too_large_text (addition->name,
                                        bst_store_get_file_limit (bst_session_get_store (session)),
                                        bst_session_get_language (session));
  bst_page_say (self->page, text, NULL, NULL, NULL, NULL);
}

static gboolean
has_already (GVariant *attachments, GVariant *attachment)
{
  for (gsize i = 0; i < g_variant_n_children (attachments); i++)
    {
      g_autoptr (GVariant) other = NULL;

      g_variant_get_child (attachments, i, "{&sv}", NULL, &other);
      if (g_strcmp0 (bst_doc_get_string (other, "sha256"),
                     bst_doc_get_string (attachment, "sha256")) == 0 &&
          g_strcmp0 (bst_doc_get_string (other, "name"), bst_doc_get_string (attachment, "name")) ==
              0)
        return TRUE;
    }
  return FALSE;
}

static void
put_on_draft (BstDraft *draft, GVariant *attachment)
{
  g_autoptr (GVariant) attachments = bst_doc_get_map (bst_draft_get_doc (draft), "attachments");

  if (has_already (attachments, attachment))
    return;
  for (int i = 1;; i++)
    {
      g_autofree char *key = g_strdup_printf ("f%d", i);
      g_autofree char *path = g_strconcat ("attachments/", key, NULL);

      if (bst_doc_has (attachments, key))
        continue;
      bst_draft_set (draft, path, attachment);
      bst_draft_flush (draft);
      return;
    }
}

static void
added_cb (GObject *source, GAsyncResult *result, gpointer data)
{
  g_autoptr (Addition) addition = data;
  g_autoptr (GError) error = NULL;
  g_autoptr (GVariant) attachment = bst_store_add_file_finish (BST_STORE (source), result, &error);

  ended (addition->attachments);
  if (!addition->attachments->page)
    return;
  if (!attachment)
    fail (addition, error);
  else if (bst_draft_is_abandoned (addition->draft))
    bst_page_say (addition->attachments->page,
                  _ ("The file was not attached: the order was on its way already"), NULL, NULL,
                  NULL, NULL);
  else
    put_on_draft (addition->draft, attachment);
}

void
bst_attachments_add_file (BstAttachments *self, GFile *file)
{
  g_autofree char *base = g_file_get_basename (file);

  if (self->draft)
    bst_store_add_file_async (bst_session_get_store (session_of (self)), file, NULL, added_cb,
                              addition_new (self, base ? g_filename_display_name (base) : NULL));
}

static void
encode_in_thread (GTask *task, gpointer source, gpointer data, GCancellable *cancellable)
{
  g_task_return_pointer (task, gdk_texture_save_to_png_bytes (data),
                         (GDestroyNotify) g_bytes_unref);
}

static void
encoded_cb (GObject *source, GAsyncResult *result, gpointer data)
{
  Addition *addition = data;
  g_autoptr (GBytes) octets = g_task_propagate_pointer (G_TASK (result), NULL);

  if (!addition->attachments->page)
    {
      addition_free (addition);
      return;
    }
  bst_store_add_octets_async (bst_session_get_store (session_of (addition->attachments)),
                              addition->name, "image/png", octets, NULL, added_cb, addition);
}

void
bst_attachments_add_picture (BstAttachments *self, GdkTexture *picture)
{
  g_autoptr (GTask) task = NULL;
  g_autoptr (GDateTime) now = NULL;

  if (!self->draft)
    return;
  now = g_date_time_new_from_unix_utc (bst_clock_now (bst_session_get_clock (session_of (self))));
  task = g_task_new (self, NULL, encoded_cb,
                     addition_new (self,
                                   /* Translators: a file name; the date keeps several apart. */
                                   g_date_time_format (now, _ ("picture %Y-%m-%d %H.%M.%S.png"))));
  g_task_set_task_data (task, g_object_ref (picture), g_object_unref);
  g_task_run_in_thread (task, encode_in_thread);
}

static void
chosen_cb (GFile *file, gpointer data)
{
  if (file)
    bst_attachments_add_file (BST_ATTACHMENTS (data), file);
}

static void
add_cb (GtkButton *button, BstAttachments *self)
{
  static const char *const all[] = { "*", NULL };

  bst_file_chooser_open (GTK_WIDGET (self), _ ("Attach a File"), _ ("All files"), all, chosen_cb);
}

static void
add_picture_cb (GtkButton *button, BstAttachments *self)
{
  bst_file_chooser_open_pictures (GTK_WIDGET (self), _ ("Attach Pictures"), chosen_cb);
}

static void
send_now_cb (GtkButton *button, BstAttachments *self)
{
  if (self->sync)
    bst_sync_set_files_when_metered (self->sync, TRUE);
  update_rows (self);
}

/* ---- the object ---- */

static void
bst_attachments_dispose (GObject *object)
{
  BstAttachments *self = BST_ATTACHMENTS (object);

  forget_draft (self);
  g_clear_weak_pointer (&self->page);
  forget_sync (self);
  g_clear_object (&self->session);
  G_OBJECT_CLASS (bst_attachments_parent_class)->dispose (object);
}

static void
bst_attachments_class_init (BstAttachmentsClass *klass)
{
  G_OBJECT_CLASS (klass)->dispose = bst_attachments_dispose;
}

static GtkWidget *
label_new (const char *text)
{
  GtkWidget *label = gtk_label_new (text);

  gtk_label_set_xalign (GTK_LABEL (label), 0);
  gtk_label_set_wrap (GTK_LABEL (label), TRUE);
  return label;
}

static GtkWidget *
add_row_new (BstAttachments *self)
{
  GtkWidget *row = gtk_box_new (GTK_ORIENTATION_HORIZONTAL, 6);
  GtkWidget *picture = gtk_button_new_with_mnemonic (_ ("Attach a _picture…"));

  self->add = gtk_button_new_with_mnemonic (_ ("_Attach a file…"));
  g_signal_connect (self->add, "clicked", G_CALLBACK (add_cb), self);
  g_signal_connect (picture, "clicked", G_CALLBACK (add_picture_cb), self);
  gtk_box_append (GTK_BOX (row), self->add);
  gtk_box_append (GTK_BOX (row), picture);
  return row;
}

static void
bst_attachments_init (BstAttachments *self)
{
  GtkWidget *parts[6];

  gtk_orientable_set_orientation (GTK_ORIENTABLE (self), GTK_ORIENTATION_VERTICAL);
  gtk_box_set_spacing (GTK_BOX (self), 6);
  parts[0] = self->heading = label_new (_ ("Attached files"));
  parts[1] = self->list = gtk_list_box_new ();
  parts[2] = self->reading = label_new (_ ("Reading the file…"));
  parts[3] = self->send_now =
      gtk_button_new_with_label (_ ("Send files on this metered connection"));
  parts[4] = self->add_row = add_row_new (self);
  parts[5] = self->limit = label_new (NULL);
  for (guint i = 0; i < G_N_ELEMENTS (parts); i++)
    {
      gtk_widget_set_visible (parts[i], i < 1);
      gtk_box_append (GTK_BOX (self), parts[i]);
    }
  gtk_list_box_set_selection_mode (GTK_LIST_BOX (self->list), GTK_SELECTION_NONE);
  gtk_widget_add_css_class (self->list, "boxed-list");
  gtk_accessible_update_property (GTK_ACCESSIBLE (self->list), GTK_ACCESSIBLE_PROPERTY_LABEL,
                                  _ ("Attached files"), -1);
  gtk_widget_set_halign (self->send_now, GTK_ALIGN_START);
  gtk_widget_add_css_class (self->limit, "dim-label");
  gtk_widget_add_css_class (self->limit, "caption");
  gtk_widget_add_css_class (self->reading, "dim-label");
  g_signal_connect (self->send_now, "clicked", G_CALLBACK (send_now_cb), self);
}
