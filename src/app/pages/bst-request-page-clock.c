/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "bst-config.h"

#include "bst-request-page-private.h"

#include <glib/gi18n.h>

#include "bst-clock-card.h"
#include "bst-page-table.h"
#include "bst-text.h"

static void
contest_cb (BstClockCard *card, gint64 sequence, BstRequestPage *self)
{
  bst_request_page_contest (self, g_object_get_data (G_OBJECT (card), "line"), sequence);
}

/* The orderer may contest what was counted as waiting for somebody, as long as the order has been sent. */
static gboolean
may_contest (BstRequestPage *self)
{
  BstRole roles = bst_session_get_roles (bst_request_page_session (self),
                                         bst_doc_get_string (self->request, "unit"));

  return (roles & BST_ROLE_ORDERER) != 0;
}

static void
agreement_cb (GtkButton *button, BstRequestPage *self)
{
  bst_page_navigate (BST_PAGE (self), "agreements", g_object_get_data (G_OBJECT (button), "id"));
}

static void
add_agreement (BstRequestPage *self, GVariant *line)
{
  const char *id = bst_doc_get_string (line, "agreement");
  GtkWidget *button;

  if (!id || !bst_page_table_find ("agreements"))
    return;
  button = gtk_button_new_with_label (_ ("What was agreed on the day of this order"));
  gtk_widget_add_css_class (button, "flat");
  gtk_widget_set_halign (button, GTK_ALIGN_START);
  g_object_set_data_full (G_OBJECT (button), "id", g_strdup (id), g_free);
  g_signal_connect (button, "clicked", G_CALLBACK (agreement_cb), self);
  gtk_box_append (GTK_BOX (self->clocks), button);
}

static void
add_clock (BstRequestPage *self, const char *line_id, gboolean only)
{
  BstSession *session = bst_request_page_session (self);
  GTimeZone *zone = bst_session_get_zone (session);
  const char *language = bst_session_get_language (session);
  g_autoptr (GVariant) line = bst_request_line (self->request, line_id);
  g_autoptr (BstCaseView) view =
      bst_case_view_new (self->request, line_id, self->events, self->records, zone,
                         bst_clock_now (bst_session_get_clock (session)));
  GtkWidget *card;

  if (!view)
    return;
  card = bst_clock_card_new ();
  bst_clock_card_set_may_contest (BST_CLOCK_CARD (card), may_contest (self));
  bst_clock_card_set (BST_CLOCK_CARD (card), view,
                      only ? NULL : bst_text_pick (line, "name", language), zone, language);
  g_object_set_data_full (G_OBJECT (card), "line", g_strdup (line_id), g_free);
  g_signal_connect (card, "contest", G_CALLBACK (contest_cb), self);
  gtk_widget_add_css_class (card, "card");
  gtk_widget_add_css_class (card, "offer");
  gtk_box_append (GTK_BOX (self->clocks), card);
  add_agreement (self, line);
}

void
bst_request_page_show_clocks (BstRequestPage *self)
{
  GtkWidget *child;
  g_auto (GStrv) lines = NULL;

  while ((child = gtk_widget_get_first_child (self->clocks)))
    gtk_box_remove (GTK_BOX (self->clocks), child);
  if (self->request && self->events)
    {
      lines = bst_request_line_ids (self->request);
      for (guint i = 0; lines[i]; i++)
        add_clock (self, lines[i], lines[1] == NULL);
    }
  gtk_widget_set_visible (self->clocks_box, gtk_widget_get_first_child (self->clocks) != NULL);
}
