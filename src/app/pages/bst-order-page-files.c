/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Files dropped on the page, and pictures and files pasted into it. Choosing them is the widget's. */

#include "bst-order-page-private.h"

#include "bst-attachments.h"

static void
add_files (BstOrderPage *self, const GValue *value)
{
  GdkFileList *list = g_value_get_boxed (value);
  GSList *files = list ? gdk_file_list_get_files (list) : NULL;

  for (GSList *link = files; link; link = link->next)
    bst_attachments_add_file (BST_ATTACHMENTS (self->attachments), link->data);
  g_slist_free (files);
}

static gboolean
drop_cb (GtkDropTarget *target, const GValue *value, double x, double y, BstOrderPage *self)
{
  if (!self->draft)
    return FALSE;
  if (G_VALUE_HOLDS (value, GDK_TYPE_FILE_LIST))
    add_files (self, value);
  else if (G_VALUE_HOLDS (value, GDK_TYPE_TEXTURE))
    bst_attachments_add_picture (BST_ATTACHMENTS (self->attachments), g_value_get_object (value));
  else
    return FALSE;
  return TRUE;
}

static void
files_read_cb (GObject *source, GAsyncResult *result, gpointer data)
{
  g_autoptr (BstOrderPage) self = data;
  const GValue *value = gdk_clipboard_read_value_finish (GDK_CLIPBOARD (source), result, NULL);

  if (value && self->draft)
    add_files (self, value);
}

static void
picture_read_cb (GObject *source, GAsyncResult *result, gpointer data)
{
  g_autoptr (BstOrderPage) self = data;
  g_autoptr (GdkTexture) picture =
      gdk_clipboard_read_texture_finish (GDK_CLIPBOARD (source), result, NULL);

  if (picture && self->draft)
    bst_attachments_add_picture (BST_ATTACHMENTS (self->attachments), picture);
}

/* Text is left to the field that has the focus, also where a program offers a picture of it besides. */
static gboolean
paste_cb (GtkWidget *widget, GVariant *args, gpointer data)
{
  BstOrderPage *self = data;
  GdkClipboard *clipboard = gtk_widget_get_clipboard (widget);
  g_autoptr (GdkContentFormats) formats = gdk_content_formats_union_deserialize_gtypes (
      gdk_content_formats_ref (gdk_clipboard_get_formats (clipboard)));

  if (!self->draft)
    return FALSE;
  if (gdk_content_formats_contain_gtype (formats, GDK_TYPE_FILE_LIST))
    gdk_clipboard_read_value_async (clipboard, GDK_TYPE_FILE_LIST, G_PRIORITY_DEFAULT, NULL,
                                    files_read_cb, g_object_ref (self));
  else if (gdk_content_formats_contain_gtype (formats, GDK_TYPE_TEXTURE) &&
           !gdk_content_formats_contain_gtype (formats, G_TYPE_STRING))
    gdk_clipboard_read_texture_async (clipboard, NULL, picture_read_cb, g_object_ref (self));
  else
    return FALSE;
  return TRUE;
}

void
bst_order_page_prepare_files (BstOrderPage *self)
{
  GType types[] = { GDK_TYPE_FILE_LIST, GDK_TYPE_TEXTURE };
  GtkDropTarget *target = gtk_drop_target_new (G_TYPE_INVALID, GDK_ACTION_COPY);
  GtkEventController *keys = gtk_shortcut_controller_new ();

  gtk_drop_target_set_gtypes (target, types, G_N_ELEMENTS (types));
  /* Before the text fields, which would take the file's name. */
  gtk_event_controller_set_propagation_phase (GTK_EVENT_CONTROLLER (target), GTK_PHASE_CAPTURE);
  g_signal_connect (target, "drop", G_CALLBACK (drop_cb), self);
  gtk_widget_add_controller (GTK_WIDGET (self), GTK_EVENT_CONTROLLER (target));
  gtk_event_controller_set_propagation_phase (keys, GTK_PHASE_CAPTURE);
  gtk_shortcut_controller_add_shortcut (
      GTK_SHORTCUT_CONTROLLER (keys),
      gtk_shortcut_new (gtk_keyval_trigger_new (GDK_KEY_v, GDK_CONTROL_MASK),
                        gtk_callback_action_new (paste_cb, self, NULL)));
  gtk_widget_add_controller (GTK_WIDGET (self), keys);
}
