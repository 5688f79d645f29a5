/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "bst-record-entry.h"

#include <glib/gi18n.h>

#include "bst-records.h"
#include "bst-whole-text.h"

#define MAX_FOUND 6

struct _BstRecordEntry
{
  GtkBox parent_instance;

  GtkWidget *entry;
  GtkWidget *list;
  BstSession *session;
  BstRecords *records;
  char *type;
  gboolean free_text;
  char *value;
  gboolean filling;
  GCancellable *searching;
};

G_DEFINE_FINAL_TYPE (BstRecordEntry, bst_record_entry, GTK_TYPE_BOX)

enum
{
  CHANGED,
  CHOSEN,
  N_SIGNALS,
};

static guint signals[N_SIGNALS];

static void
close_list (BstRecordEntry *self)
{
  GtkWidget *row;

  g_cancellable_cancel (self->searching);
  g_clear_object (&self->searching);
  gtk_widget_set_visible (self->list, FALSE);
  while ((row = gtk_widget_get_first_child (self->list)))
    gtk_list_box_remove (GTK_LIST_BOX (self->list), row);
}

static void
show_text (BstRecordEntry *self, const char *text)
{
  self->filling = TRUE;
  gtk_editable_set_text (GTK_EDITABLE (self->entry), text ? text : "");
  self->filling = FALSE;
}

static void
take_value (BstRecordEntry *self, const char *value)
{
  if (g_strcmp0 (self->value, value) == 0)
    return;
  g_free (self->value);
  self->value = g_strdup (value && *value ? value : NULL);
  g_signal_emit (self, signals[CHANGED], 0);
}

/* ---- what was found ---- */

static void
activated_cb (GtkListBox *list, GtkListBoxRow *row, BstRecordEntry *self)
{
  GVariant *record = g_object_get_data (G_OBJECT (row), "record");
  g_autoptr (GVariant) held = record ? g_variant_ref (record) : NULL;

  if (!held)
    return;
  show_text (self, bst_doc_get_string (held, "name"));
  close_list (self);
  take_value (self, bst_doc_get_string (held, "id"));
  gtk_widget_grab_focus (self->entry);
  g_signal_emit (self, signals[CHOSEN], 0, held);
}

static char *
second_line (BstRecordEntry *self, GVariant *record)
{
  BstOrg *org = bst_session_get_org (self->session);
  gboolean person = strcmp (self->type, "Person") == 0;
  const char *unit =
      person ? bst_doc_get_string (record, "unit") : bst_doc_get_string (record, "parent");
  const char *unit_name = org && unit ? bst_org_unit_name (org, unit) : NULL;
  const char *title = person ? bst_doc_get_string (record, "title") : NULL;

  if (title && unit_name)
    return g_strdup_printf ("%s · %s", title, unit_name);
  return g_strdup (title ? title : unit_name);
}

static void
add_found (BstRecordEntry *self, GVariant *record)
{
  g_autofree char *detail = second_line (self, record);
  const char *name = bst_doc_get_string (record, "name");
  GtkWidget *row = gtk_list_box_row_new ();
  GtkWidget *box = gtk_box_new (GTK_ORIENTATION_VERTICAL, 1);
  GtkWidget *name_label = gtk_label_new (name);
  GtkWidget *detail_label = gtk_label_new (detail);

  gtk_label_set_xalign (GTK_LABEL (name_label), 0);
  gtk_label_set_xalign (GTK_LABEL (detail_label), 0);
  bst_whole_text (detail_label);
  gtk_widget_add_css_class (detail_label, "caption");
  gtk_widget_add_css_class (detail_label, "dim-label");
  gtk_widget_add_css_class (box, "found");
  gtk_box_append (GTK_BOX (box), name_label);
  gtk_box_append (GTK_BOX (box), detail_label);
  gtk_list_box_row_set_child (GTK_LIST_BOX_ROW (row), box);
  gtk_accessible_update_property (GTK_ACCESSIBLE (row), GTK_ACCESSIBLE_PROPERTY_LABEL, name, -1);
  g_object_set_data_full (G_OBJECT (row), "record", g_variant_ref (record),
                          (GDestroyNotify) g_variant_unref);
  gtk_list_box_append (GTK_LIST_BOX (self->list), row);
}

static void
found_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (BstRecordEntry) self = user_data;
  g_autoptr (GError) error = NULL;
  g_autoptr (GPtrArray) found = bst_store_find_finish (BST_STORE (source), result, &error);
  GtkWidget *row;

  if (!found)
    return;
  while ((row = gtk_widget_get_first_child (self->list)))
    gtk_list_box_remove (GTK_LIST_BOX (self->list), row);
  for (guint i = 0; i < found->len; i++)
    if (!bst_doc_has (found->pdata[i], "left"))
      add_found (self, found->pdata[i]);
  gtk_widget_set_visible (self->list, gtk_widget_get_first_child (self->list) != NULL);
}

static void
typed_cb (GtkEditable *editable, BstRecordEntry *self)
{
  const char *text = gtk_editable_get_text (editable);
  BstQuery query = { .type = self->type,
                     .text = text,
                     .language = bst_session_get_language (self->session) };

  if (self->filling)
    return;
  take_value (self, self->free_text ? text : NULL);
  g_cancellable_cancel (self->searching);
  g_clear_object (&self->searching);
  if (strlen (text) < 2)
    {
      close_list (self);
      return;
    }
  self->searching = g_cancellable_new ();
  bst_store_find_async (bst_session_get_store (self->session), &query, 0, MAX_FOUND,
                        self->searching, found_cb, g_object_ref (self));
}

/* Enter takes the first that was found. */
static void
enter_cb (GtkEntry *entry, BstRecordEntry *self)
{
  GtkListBoxRow *row = gtk_list_box_get_row_at_index (GTK_LIST_BOX (self->list), 0);

  if (row && gtk_widget_get_visible (self->list))
    activated_cb (GTK_LIST_BOX (self->list), row, self);
}

static gboolean
key_cb (GtkEventControllerKey *controller,
        guint keyval,
        guint keycode,
        GdkModifierType modifiers,
        BstRecordEntry *self)
{
  if (!gtk_widget_get_visible (self->list))
    return FALSE;
  if (keyval == GDK_KEY_Escape)
    {
      close_list (self);
      return TRUE;
    }
  if (keyval != GDK_KEY_Down)
    return FALSE;
  gtk_widget_grab_focus (gtk_widget_get_first_child (self->list));
  return TRUE;
}

static void
left_cb (GtkEventControllerFocus *focus, BstRecordEntry *self)
{
  close_list (self);
}

/* ---- the value's name ---- */

static void
show_value (BstRecordEntry *self)
{
  GVariant *record = bst_records_get (self->records, self->type, self->value);

  show_text (self, record ? bst_doc_get_string (record, "name") : self->value);
}

static void
loaded_cb (BstRecords *records, BstRecordEntry *self)
{
  GVariant *record = self->value ? bst_records_get (records, self->type, self->value) : NULL;

  if (record && strcmp (gtk_editable_get_text (GTK_EDITABLE (self->entry)), self->value) == 0)
    show_value (self);
}

/* ---- the object ---- */

static gboolean
bst_record_entry_grab_focus (GtkWidget *widget)
{
  return gtk_widget_grab_focus (BST_RECORD_ENTRY (widget)->entry);
}

static void
bst_record_entry_dispose (GObject *object)
{
  BstRecordEntry *self = BST_RECORD_ENTRY (object);

  g_cancellable_cancel (self->searching);
  g_clear_object (&self->searching);
  g_clear_object (&self->session);
  g_clear_pointer (&self->type, g_free);
  g_clear_pointer (&self->value, g_free);
  G_OBJECT_CLASS (bst_record_entry_parent_class)->dispose (object);
}

static void
bst_record_entry_class_init (BstRecordEntryClass *klass)
{
  G_OBJECT_CLASS (klass)->dispose = bst_record_entry_dispose;
  GTK_WIDGET_CLASS (klass)->grab_focus = bst_record_entry_grab_focus;
  signals[CHANGED] = g_signal_new ("changed", G_TYPE_FROM_CLASS (klass), G_SIGNAL_RUN_LAST, 0, NULL,
                                   NULL, NULL, G_TYPE_NONE, 0);
  signals[CHOSEN] = g_signal_new ("chosen", G_TYPE_FROM_CLASS (klass), G_SIGNAL_RUN_LAST, 0, NULL,
                                  NULL, NULL, G_TYPE_NONE, 1, G_TYPE_VARIANT);
}

static void
bst_record_entry_init (BstRecordEntry *self)
{
  GtkEventController *keys = gtk_event_controller_key_new ();
  GtkEventController *focus = gtk_event_controller_focus_new ();

  gtk_orientable_set_orientation (GTK_ORIENTABLE (self), GTK_ORIENTATION_VERTICAL);
  gtk_box_set_spacing (GTK_BOX (self), 4);
  self->entry = gtk_entry_new ();
  gtk_entry_set_icon_from_icon_name (GTK_ENTRY (self->entry), GTK_ENTRY_ICON_PRIMARY,
                                     "system-search-symbolic");
  self->list = gtk_list_box_new ();
  gtk_list_box_set_selection_mode (GTK_LIST_BOX (self->list), GTK_SELECTION_NONE);
  gtk_widget_add_css_class (self->list, "boxed-list");
  gtk_widget_set_visible (self->list, FALSE);
  gtk_box_append (GTK_BOX (self), self->entry);
  gtk_box_append (GTK_BOX (self), self->list);
  gtk_widget_add_controller (self->entry, keys);
  gtk_widget_add_controller (GTK_WIDGET (self), focus);
  g_signal_connect (keys, "key-pressed", G_CALLBACK (key_cb), self);
  g_signal_connect (focus, "leave", G_CALLBACK (left_cb), self);
  g_signal_connect (self->entry, "changed", G_CALLBACK (typed_cb), self);
  g_signal_connect (self->entry, "activate", G_CALLBACK (enter_cb), self);
  g_signal_connect (self->list, "row-activated", G_CALLBACK (activated_cb), self);
}

/* ---- public ---- */

BstRecordEntry *
bst_record_entry_new (BstSession *session, const char *type, gboolean free_text)
{
  BstRecordEntry *self = g_object_new (BST_TYPE_RECORD_ENTRY, NULL);

  self->session = g_object_ref (session);
  self->type = g_strdup (type);
  self->free_text = free_text;
  self->records = bst_records_for_store (bst_session_get_store (session));
  g_signal_connect_object (self->records, "loaded", G_CALLBACK (loaded_cb), self, 0);
  gtk_entry_set_placeholder_text (GTK_ENTRY (self->entry), strcmp (type, "Person") == 0
                                                               ? _ ("Name of a person")
                                                               : _ ("Name of a unit"));
  return self;
}

const char *
bst_record_entry_get_value (BstRecordEntry *self)
{
  return self->value;
}

void
bst_record_entry_set_value (BstRecordEntry *self, const char *value)
{
  g_free (self->value);
  self->value = g_strdup (value && *value ? value : NULL);
  show_value (self);
}

GtkWidget *
bst_record_entry_get_editable (BstRecordEntry *self)
{
  return self->entry;
}
