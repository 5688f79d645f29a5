/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "bst-config.h"

#include "bst-case-row.h"

#include <glib/gi18n.h>

#include "bst-clock-bar.h"
#include "bst-clock-card.h"
#include "bst-order-words.h"

static GtkWidget *
new_label (const char *text, const char *css_class)
{
  GtkWidget *label = gtk_label_new (text);

  gtk_label_set_xalign (GTK_LABEL (label), 0);
  gtk_label_set_wrap (GTK_LABEL (label), TRUE);
  gtk_label_set_wrap_mode (GTK_LABEL (label), PANGO_WRAP_WORD_CHAR);
  if (css_class)
    gtk_widget_add_css_class (label, css_class);
  return label;
}

static void
add_bar (GtkWidget *box, const BstCaseView *view, GTimeZone *zone, const char *language)
{
  GtkWidget *bar = bst_clock_bar_new ();
  GtkWidget *chosen = new_label (NULL, "caption");

  bst_clock_bar_show (BST_CLOCK_BAR (bar), view, zone, language);
  bst_chart_set_size (BST_CHART (bar), 120, 360, 26);
  bst_chart_say_in (BST_CHART (bar), chosen);
  gtk_box_append (GTK_BOX (box), bar);
  gtk_box_append (GTK_BOX (box), chosen);
}

static char *
head_text (GVariant *request)
{
  const char *number = request ? bst_doc_get_string (request, "number") : NULL;
  const char *title = request ? bst_order_title (request) : _ ("An order that is not here");

  return number ? g_strdup_printf ("%s · %s", title, number) : g_strdup (title);
}

GtkWidget *
bst_case_row_new (GVariant *request,
                  const BstCaseView *view,
                  const char *text,
                  GTimeZone *zone,
                  const char *language)
{
  g_autofree char *head = head_text (request);
  g_autofree char *words = g_strdup_printf ("%s, %s", head, text);
  GtkWidget *row = gtk_list_box_row_new ();
  GtkWidget *box = gtk_box_new (GTK_ORIENTATION_VERTICAL, 4);
  GtkWidget *second = new_label (text, "caption");

  gtk_widget_add_css_class (second, "dim-label");
  gtk_widget_add_css_class (box, "level-row");
  gtk_box_append (GTK_BOX (box), new_label (head, NULL));
  gtk_box_append (GTK_BOX (box), second);
  if (view)
    add_bar (box, view, zone, language);
  gtk_list_box_row_set_child (GTK_LIST_BOX_ROW (row), box);
  gtk_list_box_row_set_activatable (GTK_LIST_BOX_ROW (row), request != NULL);
  gtk_accessible_update_property (GTK_ACCESSIBLE (row), GTK_ACCESSIBLE_PROPERTY_LABEL, words, -1);
  if (request)
    g_object_set_data_full (G_OBJECT (row), "id", g_strdup (bst_doc_get_string (request, "id")),
                            g_free);
  return row;
}

const char *
bst_case_row_get_request (GtkListBoxRow *row)
{
  return g_object_get_data (G_OBJECT (row), "id");
}
