/* SPDX-License-Identifier: GPL-3.0-or-later */

/* When the catalogue has moved on: answers that nobody asks for any more, and lines whose service was withdrawn. */

#include "bst-config.h"

#include "bst-order-page-private.h"

#include <glib/gi18n.h>

#include "bst-service-picker.h"
#include "bst-text.h"

/* ---- answers ---- */

typedef struct
{
  BstDraft *draft;
  char *line;
  GVariant *field;
  GVariant *answer;
} Dropped;

static void
dropped_free (gpointer data)
{
  Dropped *dropped = data;

  g_object_unref (dropped->draft);
  g_free (dropped->line);
  g_variant_unref (dropped->field);
  g_variant_unref (dropped->answer);
  g_free (dropped);
}

static void
put_back_cb (gpointer data)
{
  Dropped *dropped = data;

  bst_draft_answer (dropped->draft, dropped->line, dropped->field, dropped->answer);
}

/* The question as it was; of an old draft only its key is known. */
static GVariant *
question_of (GVariant *line, const char *key)
{
  g_autoptr (GVariant) asked = bst_doc_get_map (line, "asked");
  GVariant *field = g_variant_lookup_value (asked, key, G_VARIANT_TYPE_VARDICT);

  return field ? field : bst_doc_set_string (NULL, "key", key);
}

void
bst_order_page_drop_answer_cb (BstLineCard *card, const char *key, BstOrderPage *self)
{
  g_autofree char *id = g_strdup (bst_line_card_get_line (card));
  g_autofree char *held = g_strdup (key);
  g_autoptr (GVariant) line = bst_request_line (bst_draft_get_doc (self->draft), id);
  g_autoptr (GVariant) answers = bst_doc_get_map (line, "answers");
  Dropped *dropped = g_new0 (Dropped, 1);
  g_autofree char *text = NULL;
  const char *label;

  *dropped = (Dropped){ g_object_ref (self->draft), g_strdup (id), question_of (line, held),
                        g_variant_lookup_value (answers, held, NULL) };
  label = bst_text_pick (dropped->field, "label",
                         bst_session_get_language (bst_order_page_session (self)));
  text = g_strdup_printf (_ ("%s removed"), label ? label : held);
  bst_draft_drop_answer (self->draft, id, held);
  bst_page_say (BST_PAGE (self), text, _ ("Undo"), put_back_cb, dropped, dropped_free);
}

/* ---- another service instead ---- */

static const char *
line_of (gpointer button)
{
  return g_object_get_data (G_OBJECT (button), "line");
}

static void
exchange_clicked_cb (GtkButton *button, BstOrderPage *self)
{
  g_autoptr (GVariant) line = bst_request_line (bst_draft_get_doc (self->draft), line_of (button));
  const char *name =
      bst_text_pick (line, "name", bst_session_get_language (bst_order_page_session (self)));
  GtkWidget *entry = bst_service_picker_get_entry (BST_SERVICE_PICKER (self->exchange_picker));
  g_autofree char *text = NULL;

  /* Translators: %s is a service that can no longer be ordered; the name of another one is typed below. */
  text = g_strdup_printf (_ ("Instead of %s"), name ? name : "");
  g_free (self->exchanging);
  self->exchanging = g_strdup (line_of (button));
  gtk_label_set_label (GTK_LABEL (self->exchange_heading), text);
  g_object_set (entry, "placeholder-text", _ ("Another service or package"), NULL);
  gtk_accessible_update_property (GTK_ACCESSIBLE (entry), GTK_ACCESSIBLE_PROPERTY_LABEL, text, -1);
  gtk_widget_set_visible (self->exchange, TRUE);
  gtk_widget_grab_focus (entry);
}

static void
drop_clicked_cb (GtkButton *button, BstOrderPage *self)
{
  g_autofree char *line = g_strdup (line_of (button));

  bst_order_page_remove_line (self, line);
}

static GtkWidget *
way_out (BstOrderPage *self,
         const char *label,
         const char *name,
         const char *line,
         GCallback clicked)
{
  GtkWidget *button = gtk_button_new_with_label (label);
  g_autofree char *whole = g_strdup_printf ("%s: %s", label, name ? name : "");

  g_object_set_data_full (G_OBJECT (button), "line", g_strdup (line), g_free);
  gtk_accessible_update_property (GTK_ACCESSIBLE (button), GTK_ACCESSIBLE_PROPERTY_LABEL, whole,
                                  -1);
  g_signal_connect_object (button, "clicked", clicked, self, 0);
  return button;
}

void
bst_order_page_add_ways_out (BstOrderPage *self, const char *line, int row)
{
  g_autoptr (GVariant) doc = bst_request_line (bst_draft_get_doc (self->draft), line);
  const char *name =
      bst_text_pick (doc, "name", bst_session_get_language (bst_order_page_session (self)));
  GtkWidget *box = gtk_box_new (GTK_ORIENTATION_HORIZONTAL, 6);

  gtk_box_append (GTK_BOX (box), way_out (self, _ ("Another Service…"), name, line,
                                          G_CALLBACK (exchange_clicked_cb)));
  gtk_box_append (GTK_BOX (box), way_out (self, C_ ("a line of an order", "Drop"), name, line,
                                          G_CALLBACK (drop_clicked_cb)));
  gtk_grid_attach (GTK_GRID (self->changes), box, 0, row, 3, 1);
}

/* ---- what was picked ---- */

static void
end_exchange (BstOrderPage *self)
{
  g_clear_pointer (&self->exchanging, g_free);
  gtk_widget_set_visible (self->exchange, FALSE);
}

void
bst_order_page_show_exchange (BstOrderPage *self, GPtrArray *stale)
{
  for (guint i = 0; self->exchanging && i < stale->len; i++)
    if (g_strcmp0 (((BstStale *) stale->pdata[i])->line, self->exchanging) == 0)
      return;
  end_exchange (self);
}

static void
exchange (BstOrderPage *self, GVariant *service, GVariant *article)
{
  g_autofree char *id = g_strdup (self->exchanging);
  g_autoptr (GVariant) was = bst_request_line (bst_draft_get_doc (self->draft), id);
  const char *language = bst_session_get_language (bst_order_page_session (self));
  const char *name = bst_text_pick (article ? article : service, "name", language);
  g_autofree char *text = g_strdup_printf (_ ("%s is ordered instead"), name ? name : "");
  g_autofree char *path = g_strdup_printf ("lines/%s/service", id);

  bst_draft_exchange_line (self->draft, id, service, article);
  end_exchange (self);
  /* Else the keyboard would go to the toast, which would stay for it. */
  bst_order_page_go_to (self, path);
  bst_order_page_say_line (self, text, id, was);
}

/* A picked one, while its service is read: a search finds only what a row shows. */
typedef struct
{
  BstOrderPage *page;
  char *line;
  GVariant *article; /* (nullable) */
} Picked;

static void
service_read_cb (GObject *source, GAsyncResult *result, gpointer data)
{
  g_autofree Picked *picked = data;
  g_autoptr (BstOrderPage) self = picked->page;
  g_autofree char *line = picked->line;
  g_autoptr (GVariant) article = picked->article;
  g_autoptr (GError) error = NULL;
  g_autoptr (GVariant) service = bst_store_get_finish (BST_STORE (source), result, &error);

  if (!service)
    bst_page_fail (BST_PAGE (self), error);
  else if (g_strcmp0 (line, self->exchanging) == 0)
    exchange (self, service, article);
}

static void
exchange_picked_cb (BstServicePicker *picker, GVariant *record, BstOrderPage *self)
{
  gboolean article = !bst_doc_has (record, "obligation");
  g_autofree char *line = g_strdup (self->exchanging);
  Picked *picked;

  if (!line)
    return;
  if (bst_doc_has (record, "items")) /* a package has lines of its own */
    {
      end_exchange (self);
      bst_order_page_pick (self, record);
      bst_order_page_remove_line (self, line);
      return;
    }
  picked = g_new0 (Picked, 1);
  *picked = (Picked){ g_object_ref (self), g_steal_pointer (&line),
                      article ? g_variant_ref (record) : NULL };
  bst_store_get_async (bst_session_get_store (bst_order_page_session (self)), "Service",
                       bst_doc_get_string (record, article ? "service" : "id"), NULL,
                       service_read_cb, picked);
}

static void
exchange_cancelled_cb (GtkButton *button, BstOrderPage *self)
{
  end_exchange (self);
}

void
bst_order_page_class_bind_form (GtkWidgetClass *klass)
{
  gtk_widget_class_bind_template_child (klass, BstOrderPage, exchange);
  gtk_widget_class_bind_template_child (klass, BstOrderPage, exchange_heading);
  gtk_widget_class_bind_template_child (klass, BstOrderPage, exchange_picker);
  gtk_widget_class_bind_template_callback (klass, exchange_picked_cb);
  gtk_widget_class_bind_template_callback (klass, exchange_cancelled_cb);
}
