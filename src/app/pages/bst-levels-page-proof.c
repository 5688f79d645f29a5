/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "bst-config.h"

#include "bst-levels-page-private.h"

#include <glib/gi18n.h>

#include "bst-format.h"
#include "bst-level-words.h"
#include "bst-proof.h"
#include "bst-records.h"
#include "bst-text.h"

#define MAX_SHOWN 20

static void
say (BstLevelsPage *self, const char *text, const char *css_class)
{
  GtkWidget *label = gtk_label_new (text);

  gtk_label_set_xalign (GTK_LABEL (label), 0);
  gtk_label_set_wrap (GTK_LABEL (label), TRUE);
  if (css_class)
    gtk_widget_add_css_class (label, css_class);
  gtk_box_append (GTK_BOX (self->proof), label);
}

static void
difference_cb (GtkButton *button, BstLevelsPage *self)
{
  bst_levels_page_choose_service (self, g_object_get_data (G_OBJECT (button), "id"));
}

/* Press it, and the page shows the service's cases. */
static void
show_difference (BstLevelsPage *self, const BstDifference *difference)
{
  const char *language = bst_levels_page_language (self);
  BstRecords *records =
      bst_records_for_store (bst_session_get_store (bst_levels_page_session (self)));
  GVariant *service =
      difference->service ? bst_records_get (records, "Service", difference->service) : NULL;
  const char *name = service ? bst_text_pick (service, "name", language) : difference->service;
  g_autofree char *month = bst_format_month (difference->month, language);
  g_autofree char *theirs =
      bst_level_sentence (_ ("The performer"), &difference->theirs, -1, language);
  g_autofree char *ours = bst_level_sentence (_ ("Counted here"), &difference->ours, -1, language);
  g_autofree char *head = g_strdup_printf ("%s, %s", name ? name : _ ("All services"), month);

  if (difference->service && !self->chosen_service)
    {
      GtkWidget *button = gtk_button_new_with_label (head);

      gtk_widget_set_halign (button, GTK_ALIGN_START);
      gtk_widget_set_tooltip_text (button, _ ("Show the cases of this service"));
      g_object_set_data_full (G_OBJECT (button), "id", g_strdup (difference->service), g_free);
      g_signal_connect (button, "clicked", G_CALLBACK (difference_cb), self);
      gtk_box_append (GTK_BOX (self->proof), button);
    }
  else
    say (self, head, "heading");
  say (self, theirs, NULL);
  say (self, ours, NULL);
}

static void
proved_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (BstLevelsPage) self = user_data;
  g_autoptr (GError) error = NULL;
  g_autoptr (BstProof) proof = bst_proof_finish (result, &error);
  g_autofree char *text = NULL;

  gtk_widget_set_sensitive (self->recompute, TRUE);
  if (!proof)
    {
      bst_page_fail (BST_PAGE (self), error);
      return;
    }
  bst_levels_page_clear (self->proof);
  if (proof->differences->len == 0)
    text = g_strdup_printf (
        ngettext ("Counted again from %d case on this computer: the same as the performer says.",
                  "Counted again from %d cases on this computer: the same as the performer says.",
                  proof->n_cases),
        (int) proof->n_cases);
  else
    text = g_strdup_printf (ngettext ("%d figure is not what the cases on this computer say:",
                                      "%d figures are not what the cases on this computer say:",
                                      proof->differences->len),
                            (int) proof->differences->len);
  say (self, text, "heading");
  for (guint i = 0; i < proof->differences->len && i < MAX_SHOWN; i++)
    show_difference (self, proof->differences->pdata[i]);
  gtk_widget_set_visible (self->proof, TRUE);
}

void
bst_levels_page_prove (BstLevelsPage *self)
{
  const BstLevelData *data = bst_levels_get_data (self->levels);

  if (!data)
    return;
  gtk_widget_set_sensitive (self->recompute, FALSE);
  bst_proof_async (bst_levels_page_session (self), data->unit, data->service, data->from, data->to,
                   NULL, proved_cb, g_object_ref (self));
}
