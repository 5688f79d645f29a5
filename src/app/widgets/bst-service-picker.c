/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "bst-service-picker.h"

#include <glib/gi18n.h>

#include "bst-catalogue-row.h"
#include "bst-text.h"

#define MAX_ENTRY     8
#define MAX_SUGGESTED 4
#define MAX_TRIES     5
#define MIN_WORD      4

struct _BstServicePicker
{
  GtkBox parent_instance;

  GtkWidget *entry;
  GtkWidget *heading;
  GtkWidget *list;
  BstSession *session; /* the page's */
  char **tries;        /* what to search for next, when nothing was found */
  guint next_try;
  GCancellable *searching;
};

G_DEFINE_FINAL_TYPE (BstServicePicker, bst_service_picker, GTK_TYPE_BOX)

typedef enum
{
  PROP_WITH_ENTRY = 1,
  N_PROPS
} BstServicePickerProperty;

enum
{
  PICKED,
  N_SIGNALS,
};

static GParamSpec *properties[N_PROPS];
static guint signals[N_SIGNALS];

static void search_next (BstServicePicker *self);

static gboolean
has_entry (BstServicePicker *self)
{
  return gtk_widget_get_visible (self->entry);
}

static void
clear (BstServicePicker *self)
{
  GtkWidget *row;

  while ((row = gtk_widget_get_first_child (self->list)))
    gtk_list_box_remove (GTK_LIST_BOX (self->list), row);
  gtk_widget_set_visible (self->list, FALSE);
  gtk_widget_set_visible (self->heading, FALSE);
}

/* ---- picking ---- */

static void
pick (BstServicePicker *self, GVariant *record)
{
  g_autoptr (GVariant) held = g_variant_ref (record);

  clear (self);
  if (has_entry (self))
    gtk_editable_set_text (GTK_EDITABLE (self->entry), "");
  g_signal_emit (self, signals[PICKED], 0, held);
}

static void
activated_cb (GtkListBox *list, GtkListBoxRow *row, BstServicePicker *self)
{
  pick (self, g_object_get_data (G_OBJECT (row), "record"));
}

static void
add_clicked_cb (GtkButton *button, BstServicePicker *self)
{
  GtkWidget *row = gtk_widget_get_ancestor (GTK_WIDGET (button), GTK_TYPE_LIST_BOX_ROW);

  pick (self, g_object_get_data (G_OBJECT (row), "record"));
}

static void
add_found (BstServicePicker *self, GVariant *record)
{
  const char *name = bst_text_pick (record, "name", bst_session_get_language (self->session));
  g_autofree char *label = g_strdup_printf (_ ("Add %s"), name);
  GtkWidget *row = gtk_list_box_row_new ();
  GtkWidget *content = bst_catalogue_row_new ();
  GtkWidget *button = gtk_button_new_from_icon_name ("list-add-symbolic");

  gtk_list_box_row_set_child (GTK_LIST_BOX_ROW (row), content);
  bst_catalogue_row_fill (BST_CATALOGUE_ROW (content), record, self->session);
  gtk_widget_set_valign (button, GTK_ALIGN_CENTER);
  gtk_widget_add_css_class (button, "flat");
  gtk_widget_set_tooltip_text (button, label);
  gtk_accessible_update_property (GTK_ACCESSIBLE (button), GTK_ACCESSIBLE_PROPERTY_LABEL, label,
                                  -1);
  g_signal_connect (button, "clicked", G_CALLBACK (add_clicked_cb), self);
  gtk_box_append (GTK_BOX (content), button);
  g_object_set_data_full (G_OBJECT (row), "record", g_variant_ref (record),
                          (GDestroyNotify) g_variant_unref);
  gtk_list_box_append (GTK_LIST_BOX (self->list), row);
}

/* ---- searching ---- */

static void
found_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (BstServicePicker) self = user_data;
  g_autoptr (GPtrArray) found = bst_store_search_finish (BST_STORE (source), result, NULL);

  if (!found)
    return;
  if (found->len == 0 && self->tries && self->tries[self->next_try])
    {
      search_next (self);
      return;
    }
  clear (self);
  for (guint i = 0; i < found->len; i++)
    {
      g_autoptr (GVariant) record = bst_doc_get_map (found->pdata[i], "record");

      add_found (self, record);
    }
  gtk_widget_set_visible (self->list, found->len > 0);
  gtk_widget_set_visible (self->heading, found->len > 0 && !has_entry (self));
}

static void
search_next (BstServicePicker *self)
{
  const char *text = self->tries[self->next_try++];

  g_clear_object (&self->searching);
  self->searching = g_cancellable_new ();
  bst_store_search_async (
      bst_session_get_store (self->session), text, bst_session_get_language (self->session),
      has_entry (self) ? MAX_ENTRY : MAX_SUGGESTED, self->searching, found_cb, g_object_ref (self));
}

static void
search (BstServicePicker *self, char **tries)
{
  g_cancellable_cancel (self->searching);
  g_strfreev (self->tries);
  self->tries = tries;
  self->next_try = 0;
  if (self->tries[0])
    search_next (self);
  else
    clear (self);
}

static void
entry_changed_cb (GtkEditable *editable, BstServicePicker *self)
{
  const char *text = gtk_editable_get_text (editable);
  const char *tries[] = { *text ? text : NULL, NULL };

  if (self->session)
    search (self, g_strdupv ((char **) tries));
}

static void
entry_activate_cb (GtkEntry *entry, BstServicePicker *self)
{
  GtkListBoxRow *row = gtk_list_box_get_row_at_index (GTK_LIST_BOX (self->list), 0);

  if (row)
    pick (self, g_object_get_data (G_OBJECT (row), "record"));
}

static int
by_length (const void *a, const void *b)
{
  glong left = g_utf8_strlen (*(char *const *) a, -1);
  glong right = g_utf8_strlen (*(char *const *) b, -1);

  return left < right ? 1 : (left > right ? -1 : 0);
}

/* ---- the object ---- */

static void
bst_service_picker_get_property (GObject *object, guint id, GValue *value, GParamSpec *pspec)
{
  if (id == PROP_WITH_ENTRY)
    g_value_set_boolean (value, has_entry (BST_SERVICE_PICKER (object)));
  else
    G_OBJECT_WARN_INVALID_PROPERTY_ID (object, id, pspec);
}

static void
bst_service_picker_set_property (GObject *object, guint id, const GValue *value, GParamSpec *pspec)
{
  if (id == PROP_WITH_ENTRY)
    gtk_widget_set_visible (BST_SERVICE_PICKER (object)->entry, g_value_get_boolean (value));
  else
    G_OBJECT_WARN_INVALID_PROPERTY_ID (object, id, pspec);
}

static void
bst_service_picker_dispose (GObject *object)
{
  BstServicePicker *self = BST_SERVICE_PICKER (object);

  g_cancellable_cancel (self->searching);
  g_clear_object (&self->searching);
  g_clear_pointer (&self->tries, g_strfreev);
  G_OBJECT_CLASS (bst_service_picker_parent_class)->dispose (object);
}

static void
bst_service_picker_class_init (BstServicePickerClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);

  object_class->get_property = bst_service_picker_get_property;
  object_class->set_property = bst_service_picker_set_property;
  object_class->dispose = bst_service_picker_dispose;
  properties[PROP_WITH_ENTRY] = g_param_spec_boolean ("with-entry", NULL, NULL, TRUE,
                                                      G_PARAM_READWRITE | G_PARAM_STATIC_STRINGS);
  g_object_class_install_properties (object_class, N_PROPS, properties);
  signals[PICKED] = g_signal_new ("picked", G_TYPE_FROM_CLASS (klass), G_SIGNAL_RUN_LAST, 0, NULL,
                                  NULL, NULL, G_TYPE_NONE, 1, G_TYPE_VARIANT);
}

static void
bst_service_picker_init (BstServicePicker *self)
{
  gtk_orientable_set_orientation (GTK_ORIENTABLE (self), GTK_ORIENTATION_VERTICAL);
  gtk_box_set_spacing (GTK_BOX (self), 6);
  self->entry = gtk_search_entry_new ();
  gtk_search_entry_set_search_delay (GTK_SEARCH_ENTRY (self->entry), 0);
  g_object_set (self->entry, "placeholder-text", _ ("Add a service or a package"), NULL);
  gtk_accessible_update_property (GTK_ACCESSIBLE (self->entry), GTK_ACCESSIBLE_PROPERTY_LABEL,
                                  _ ("Add a service or a package"), -1);
  self->heading = gtk_label_new (_ ("This may be what you need"));
  gtk_label_set_xalign (GTK_LABEL (self->heading), 0);
  gtk_widget_add_css_class (self->heading, "caption-heading");
  self->list = gtk_list_box_new ();
  gtk_list_box_set_selection_mode (GTK_LIST_BOX (self->list), GTK_SELECTION_NONE);
  gtk_widget_add_css_class (self->list, "boxed-list");
  gtk_box_append (GTK_BOX (self), self->entry);
  gtk_box_append (GTK_BOX (self), self->heading);
  gtk_box_append (GTK_BOX (self), self->list);
  g_signal_connect (self->entry, "changed", G_CALLBACK (entry_changed_cb), self);
  g_signal_connect (self->entry, "activate", G_CALLBACK (entry_activate_cb), self);
  g_signal_connect (self->list, "row-activated", G_CALLBACK (activated_cb), self);
  clear (self);
}

/* ---- public ---- */

void
bst_service_picker_set_session (BstServicePicker *self, BstSession *session)
{
  self->session = session;
}

void
bst_service_picker_suggest (BstServicePicker *self, const char *text)
{
  g_auto (GStrv) words = g_strsplit_set (text, " \t\n.,;:!?()\"/", -1);
  g_autoptr (GStrvBuilder) tries = g_strv_builder_new ();
  guint n = 0;

  qsort (words, g_strv_length (words), sizeof (char *), by_length);
  if (words[0] && g_utf8_strlen (words[0], -1) >= MIN_WORD)
    g_strv_builder_add (tries, text);
  for (guint i = 0; words[i] && n < MAX_TRIES && g_utf8_strlen (words[i], -1) >= MIN_WORD; i++, n++)
    g_strv_builder_add (tries, words[i]);
  search (self, g_strv_builder_end (tries));
}

GtkWidget *
bst_service_picker_get_entry (BstServicePicker *self)
{
  return self->entry;
}
