/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "bst-receivers.h"

#include <glib/gi18n.h>

#include "bst-record-entry.h"
#include "bst-records.h"
#include "bst-whole-text.h"

struct _BstReceivers
{
  GtkBox parent_instance;

  GtkWidget *people;
  BstRecordEntry *entry;
  BstSession *session; /* the page's */
  BstDraft *draft;
  GVariant *shown;
};

G_DEFINE_FINAL_TYPE (BstReceivers, bst_receivers, GTK_TYPE_BOX)

static void
remove_cb (GtkButton *button, BstReceivers *self)
{
  g_autofree char *path =
      g_strconcat ("receivers/", (const char *) g_object_get_data (G_OBJECT (button), "key"), NULL);

  bst_draft_set (self->draft, path, NULL);
}

static void
add_chip (BstReceivers *self, const char *key, const char *name)
{
  g_autofree char *text = g_strdup_printf (_ ("Remove %s"), name);
  GtkWidget *chip = gtk_box_new (GTK_ORIENTATION_HORIZONTAL, 6);
  GtkWidget *button = gtk_button_new_from_icon_name ("window-close-symbolic");
  GtkWidget *label = gtk_label_new (name);

  bst_whole_text (label);
  gtk_widget_add_css_class (button, "flat");
  gtk_widget_add_css_class (button, "circular");
  gtk_widget_set_tooltip_text (button, text);
  gtk_accessible_update_property (GTK_ACCESSIBLE (button), GTK_ACCESSIBLE_PROPERTY_LABEL, text, -1);
  g_object_set_data_full (G_OBJECT (button), "key", g_strdup (key), g_free);
  g_signal_connect (button, "clicked", G_CALLBACK (remove_cb), self);
  gtk_widget_add_css_class (chip, "chip");
  gtk_widget_set_halign (chip, GTK_ALIGN_START);
  gtk_box_append (GTK_BOX (chip), gtk_image_new_from_icon_name ("avatar-default-symbolic"));
  gtk_box_append (GTK_BOX (chip), label);
  gtk_box_append (GTK_BOX (chip), button);
  gtk_box_append (GTK_BOX (self->people), chip);
}

static const char *
name_of (BstReceivers *self, GVariant *receiver)
{
  GVariant *person = bst_records_get (bst_records_for_store (bst_session_get_store (self->session)),
                                      "Person", bst_doc_get_string (receiver, "person"));
  const char *name = bst_doc_get_string (receiver, "name");

  if (person)
    name = bst_doc_get_string (person, "name");
  return name ? name : _ ("Unknown person");
}

static void
add_receiver (BstReceivers *self, const char *person, const char *name)
{
  g_autoptr (GVariant) receivers = bst_doc_get_map (bst_draft_get_doc (self->draft), "receivers");
  g_autoptr (GVariant) receiver = bst_doc_new ();

  if (person)
    bst_doc_replace (&receiver, bst_doc_set_string (receiver, "person", person));
  bst_doc_replace (&receiver, bst_doc_set_string (receiver, "name", name));
  for (int i = 1;; i++)
    {
      g_autofree char *key = g_strdup_printf ("r%d", i);
      g_autofree char *path = g_strconcat ("receivers/", key, NULL);

      if (bst_doc_has (receivers, key))
        continue;
      bst_draft_set (self->draft, path, receiver);
      return;
    }
}

static void
chosen_cb (BstRecordEntry *entry, GVariant *person, BstReceivers *self)
{
  add_receiver (self, bst_doc_get_string (person, "id"), bst_doc_get_string (person, "name"));
  bst_record_entry_set_value (entry, NULL);
}

/* Somebody who is not in the directory yet: a new colleague. */
static void
enter_cb (GtkEntry *editable, BstReceivers *self)
{
  const char *text = bst_record_entry_get_value (self->entry);
  g_autofree char *name = text ? g_strstrip (g_strdup (text)) : NULL;

  if (!name || !*name)
    return;
  add_receiver (self, NULL, name);
  bst_record_entry_set_value (self->entry, NULL);
}

static void
bst_receivers_dispose (GObject *object)
{
  BstReceivers *self = BST_RECEIVERS (object);

  g_clear_object (&self->draft);
  g_clear_pointer (&self->shown, g_variant_unref);
  G_OBJECT_CLASS (bst_receivers_parent_class)->dispose (object);
}

static void
bst_receivers_class_init (BstReceiversClass *klass)
{
  G_OBJECT_CLASS (klass)->dispose = bst_receivers_dispose;
}

static void
bst_receivers_init (BstReceivers *self)
{
  gtk_orientable_set_orientation (GTK_ORIENTABLE (self), GTK_ORIENTATION_VERTICAL);
  gtk_box_set_spacing (GTK_BOX (self), 6);
  self->people = gtk_box_new (GTK_ORIENTATION_VERTICAL, 4);
  gtk_box_append (GTK_BOX (self), self->people);
}

/* ---- public ---- */

void
bst_receivers_set_draft (BstReceivers *self, BstSession *session, BstDraft *draft)
{
  self->session = session;
  g_set_object (&self->draft, draft);
  if (!self->entry)
    {
      self->entry = bst_record_entry_new (session, "Person", TRUE);
      g_signal_connect (self->entry, "chosen", G_CALLBACK (chosen_cb), self);
      g_signal_connect_after (bst_record_entry_get_editable (self->entry), "activate",
                              G_CALLBACK (enter_cb), self);
      gtk_accessible_update_property (GTK_ACCESSIBLE (bst_record_entry_get_editable (self->entry)),
                                      GTK_ACCESSIBLE_PROPERTY_LABEL, _ ("Receiver"), -1);
      gtk_box_append (GTK_BOX (self), GTK_WIDGET (self->entry));
    }
  bst_record_entry_set_value (self->entry, NULL);
  g_clear_pointer (&self->shown, g_variant_unref);
  bst_receivers_update (self);
}

void
bst_receivers_update (BstReceivers *self)
{
  g_autoptr (GVariant) receivers = bst_doc_get_map (bst_draft_get_doc (self->draft), "receivers");
  GVariantIter iter;
  const char *key;
  GVariant *receiver;
  GtkWidget *child;

  if (self->shown && bst_doc_equal (self->shown, receivers))
    return;
  g_clear_pointer (&self->shown, g_variant_unref);
  self->shown = g_variant_ref (receivers);
  while ((child = gtk_widget_get_first_child (self->people)))
    gtk_box_remove (GTK_BOX (self->people), child);
  g_variant_iter_init (&iter, receivers);
  while (g_variant_iter_next (&iter, "{&sv}", &key, &receiver))
    {
      add_chip (self, key, name_of (self, receiver));
      g_variant_unref (receiver);
    }
  gtk_widget_set_visible (self->people, gtk_widget_get_first_child (self->people) != NULL);
}
