/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "bst-config.h"

#include <glib/gi18n.h>

#include "bst-parcel-group.h"

#include "bst-courier.h"
#include "bst-error.h"
#include "bst-file-chooser.h"

struct _BstParcelGroup
{
  AdwPreferencesGroup parent_instance;

  GtkWidget *pack;
  GtkWidget *unpack;
  GtkWidget *carry;
  GBytes *bytes;       /* on their way into @target */
  GFile *target;       /* where a parcel that is being made shall go */
  const char *written; /* what to say when it is there */
};

G_DEFINE_FINAL_TYPE (BstParcelGroup, bst_parcel_group, ADW_TYPE_PREFERENCES_GROUP)

static const char *const patterns[] = { "*.bestiller", NULL };

static BstPage *
page_of (BstParcelGroup *self)
{
  return BST_PAGE (gtk_widget_get_ancestor (GTK_WIDGET (self), BST_TYPE_PAGE));
}

static BstSync *
sync_of (BstParcelGroup *self)
{
  BstPage *page = page_of (self);
  BstSync *sync = page ? bst_session_get_sync (bst_page_get_session (page)) : NULL;

  if (page && !sync)
    {
      g_autoptr (GError) error = g_error_new (BST_ERROR, BST_ERROR_SIGN_IN, "no token");

      bst_page_fail (page, error);
    }
  return sync;
}

static void
say (BstParcelGroup *self, const char *text)
{
  BstPage *page = page_of (self);

  if (page)
    bst_page_say (page, text, NULL, NULL, NULL, NULL);
}

/* What cannot be read is told in words of its own; other errors in the usual ones. */
static void
fail (BstParcelGroup *self, const GError *error)
{
  if (g_error_matches (error, BST_ERROR, BST_ERROR_INVALID))
    say (self, _ ("This is not such a file, or it was cut off or altered on its way. Nothing of it "
                  "was used."));
  else if (g_error_matches (error, BST_ERROR, BST_ERROR_FORBIDDEN))
    say (self, _ ("This file was sealed for another computer. Nothing of it was used."));
  else if (page_of (self))
    bst_page_fail (page_of (self), error);
}

static char *
file_name (const char *what)
{
  g_autoptr (GDateTime) now = g_date_time_new_now_local ();
  g_autofree char *date = g_date_time_format (now, "%Y-%m-%d");

  return g_strdup_printf ("%s-%s.bestiller", what, date);
}

/* ---- writing ---- */

static void
written_cb (GObject *source, GAsyncResult *result, gpointer data)
{
  g_autoptr (BstParcelGroup) self = data;
  g_autoptr (GError) error = NULL;

  g_clear_pointer (&self->bytes, g_bytes_unref);
  if (g_file_replace_contents_finish (G_FILE (source), result, NULL, &error))
    say (self, self->written);
  else
    fail (self, error);
}

static void
write_out (BstParcelGroup *self, GFile *file, GBytes *bytes, const char *written)
{
  g_clear_pointer (&self->bytes, g_bytes_unref);
  self->bytes = g_bytes_ref (bytes);
  self->written = written;
  g_file_replace_contents_bytes_async (file, bytes, NULL, FALSE,
                                       G_FILE_CREATE_PRIVATE | G_FILE_CREATE_REPLACE_DESTINATION,
                                       NULL, written_cb, g_object_ref (self));
}

/* ---- packing: first where to, then what: a parcel that is made may have left ---- */

static void
packed_cb (GObject *source, GAsyncResult *result, gpointer data)
{
  g_autoptr (BstParcelGroup) self = data;
  g_autoptr (GError) error = NULL;
  g_autoptr (GBytes) parcel = bst_courier_pack_finish (result, &error);

  if (parcel)
    write_out (self, self->target, parcel,
               _ ("Saved. Carry the file to a connected computer, and bring the answer back."));
  else if (g_error_matches (error, BST_ERROR, BST_ERROR_INVALID))
    say (self, _ ("This computer must have been in contact with the server once before."));
  else
    fail (self, error);
}

static void
pack_into_cb (GFile *file, gpointer data)
{
  BstParcelGroup *self = data;
  BstSync *sync = file ? sync_of (self) : NULL;

  if (!sync)
    return;
  g_set_object (&self->target, file);
  bst_courier_pack_async (sync, NULL, packed_cb, g_object_ref (self));
}

static void
pack_cb (BstParcelGroup *self)
{
  /* Translators: the beginning of a file's name: lower case, no spaces. */
  g_autofree char *name = file_name (_ ("orders"));

  bst_file_chooser_save (GTK_WIDGET (self), _ ("Save What Waits in a File"), name, pack_into_cb);
}

/* ---- reading an answer ---- */

static void
unpacked_cb (GObject *source, GAsyncResult *result, gpointer data)
{
  g_autoptr (BstParcelGroup) self = data;
  g_autoptr (GError) error = NULL;
  BstCourierResult brought;
  g_autofree char *text = NULL;

  if (!bst_courier_unpack_finish (result, &brought, &error))
    {
      fail (self, error);
      return;
    }
  if (brought.refused > 0)
    text = g_strdup_printf (
        ngettext ("The answer was read. %u step was refused; see what needs you.",
                  "The answer was read. %u steps were refused; see what needs you.",
                  brought.refused),
        brought.refused);
  else
    text = g_strdup_printf (ngettext ("The answer was read. %u step was received by the server.",
                                      "The answer was read. %u steps were received by the server.",
                                      brought.received),
                            brought.received);
  say (self, text);
}

static void
answer_loaded_cb (GObject *source, GAsyncResult *result, gpointer data)
{
  g_autoptr (BstParcelGroup) self = data;
  g_autoptr (GError) error = NULL;
  g_autoptr (GBytes) parcel = g_file_load_bytes_finish (G_FILE (source), result, NULL, &error);
  BstSync *sync = parcel ? sync_of (self) : NULL;

  if (!parcel)
    fail (self, error);
  else if (sync)
    bst_courier_unpack_async (sync, parcel, NULL, unpacked_cb, g_object_ref (self));
}

static void
unpack_from_cb (GFile *file, gpointer data)
{
  if (file)
    g_file_load_bytes_async (file, NULL, answer_loaded_cb, g_object_ref (data));
}

static void
unpack_cb (BstParcelGroup *self)
{
  bst_file_chooser_open (GTK_WIDGET (self), _ ("Read the Answer"), _ ("Files of Bestiller"),
                         patterns, unpack_from_cb);
}

/* ---- for another computer ---- */

static void
answer_into_cb (GFile *file, gpointer data)
{
  BstParcelGroup *self = data;
  g_autoptr (GBytes) answer = g_steal_pointer (&self->bytes);

  if (file && answer)
    write_out (self, file, answer,
               _ ("Saved. Carry the answer back to the computer that the file came from."));
}

static void
carried_cb (GObject *source, GAsyncResult *result, gpointer data)
{
  g_autoptr (BstParcelGroup) self = data;
  g_autoptr (GError) error = NULL;
  g_autoptr (GBytes) answer = bst_courier_carry_finish (result, &error);
  /* Translators: the beginning of a file's name: lower case, no spaces. */
  g_autofree char *name = file_name (_ ("answer"));

  if (!answer)
    {
      fail (self, error);
      return;
    }
  g_clear_pointer (&self->bytes, g_bytes_unref);
  self->bytes = g_steal_pointer (&answer);
  bst_file_chooser_save (GTK_WIDGET (self), _ ("Save the Answer"), name, answer_into_cb);
}

static void
parcel_loaded_cb (GObject *source, GAsyncResult *result, gpointer data)
{
  g_autoptr (BstParcelGroup) self = data;
  g_autoptr (GError) error = NULL;
  g_autoptr (GBytes) parcel = g_file_load_bytes_finish (G_FILE (source), result, NULL, &error);
  BstSync *sync = parcel ? sync_of (self) : NULL;

  if (!parcel)
    fail (self, error);
  else if (sync)
    bst_courier_carry_async (sync, parcel, NULL, carried_cb, g_object_ref (self));
}

static void
carry_from_cb (GFile *file, gpointer data)
{
  if (file)
    g_file_load_bytes_async (file, NULL, parcel_loaded_cb, g_object_ref (data));
}

static void
carry_cb (BstParcelGroup *self)
{
  bst_file_chooser_open (GTK_WIDGET (self), _ ("Send a File for Another Computer"),
                         _ ("Files of Bestiller"), patterns, carry_from_cb);
}

/* ---- the widget ---- */

static void
bst_parcel_group_dispose (GObject *object)
{
  BstParcelGroup *self = BST_PARCEL_GROUP (object);

  g_clear_pointer (&self->bytes, g_bytes_unref);
  g_clear_object (&self->target);
  G_OBJECT_CLASS (bst_parcel_group_parent_class)->dispose (object);
}

static void
bst_parcel_group_class_init (BstParcelGroupClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = bst_parcel_group_dispose;
  gtk_widget_class_set_template_from_resource (widget_class,
                                               "/org/bestiller/Bestiller/bst-parcel-group.ui");
  gtk_widget_class_bind_template_child (widget_class, BstParcelGroup, pack);
  gtk_widget_class_bind_template_child (widget_class, BstParcelGroup, unpack);
  gtk_widget_class_bind_template_child (widget_class, BstParcelGroup, carry);
  gtk_widget_class_bind_template_callback (widget_class, pack_cb);
  gtk_widget_class_bind_template_callback (widget_class, unpack_cb);
  gtk_widget_class_bind_template_callback (widget_class, carry_cb);
}

static void
bst_parcel_group_init (BstParcelGroup *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
}
