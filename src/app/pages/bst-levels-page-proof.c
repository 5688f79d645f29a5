/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "bst-config.h"

#include "bst-levels-page-private.h"

#include <glib/gi18n.h>

#include "bst-case-row.h"
#include "bst-format.h"
#include "bst-level-words.h"
#include "bst-order-words.h"
#include "bst-proof-words.h"
#include "bst-text.h"

#define MAX_FIGURES 20
#define MORE_CASES  20

static BstRecords *
records_of (BstLevelsPage *self)
{
  return bst_records_for_store (bst_session_get_store (bst_levels_page_session (self)));
}

static void
say (BstLevelsPage *self, const char *text, const char *css_class)
{
  GtkWidget *label = gtk_label_new (text);

  gtk_label_set_xalign (GTK_LABEL (label), 0);
  gtk_label_set_wrap (GTK_LABEL (label), TRUE);
  if (css_class)
    gtk_widget_add_css_class (label, css_class);
  gtk_box_append (GTK_BOX (self->proof_figures), label);
}

static const char *
name_of (const char *type, const char *id, gpointer user_data)
{
  BstLevelsPage *self = user_data;
  BstOrg *org = bst_session_get_org (bst_levels_page_session (self));
  GVariant *doc =
      g_str_equal (type, "Service") ? bst_records_get (records_of (self), type, id) : NULL;
  const char *name = doc   ? bst_text_pick (doc, "name", bst_levels_page_language (self))
                     : org ? bst_org_unit_name (org, id)
                           : NULL;

  return name ? name : id;
}

static void
show_difference (BstLevelsPage *self, const BstDifference *difference)
{
  const char *language = bst_levels_page_language (self);
  const char *name =
      difference->service ? name_of ("Service", difference->service, self) : _ ("All services");
  g_autofree char *month = bst_format_month (difference->month, language);
  g_autofree char *theirs =
      bst_level_sentence (_ ("The performer"), &difference->theirs, -1, language);
  g_autofree char *ours = bst_level_sentence (_ ("Counted here"), &difference->ours, -1, language);
  g_autofree char *head = g_strdup_printf ("%s, %s", name, month);

  say (self, head, "caption-heading");
  say (self, theirs, "caption");
  say (self, ours, "caption");
}

/* ---- cases ---- */

static GtkWidget *
new_case_row (BstLevelsPage *self, const BstProofCase *one)
{
  BstSession *session = bst_levels_page_session (self);
  const char *language = bst_levels_page_language (self);
  const char *unit = one->request ? bst_doc_get_string (one->request, "unit") : one->theirs.unit;
  const char *service = one->ours.service ? one->ours.service : one->theirs.service;
  g_autoptr (GTimeZone) zone = bst_level_data_zone (bst_session_get_org (session), unit);
  g_autofree char *differs = bst_proof_case_text (one, name_of, self, zone, language);
  const char *name = name_of ("Service", service, self);
  gboolean known = one->request && g_strcmp0 (bst_order_title (one->request), name) == 0;
  g_autofree char *text = known ? g_strdup (differs) : g_strdup_printf ("%s · %s", name, differs);
  BstCaseView *view =
      one->request ? bst_case_view_new (one->request, one->line, one->events, records_of (self),
                                        zone, bst_clock_now (bst_session_get_clock (session)))
                   : NULL;
  GtkWidget *row = bst_case_row_new (one->request, view, text, zone, language);

  g_clear_pointer (&view, bst_case_view_free);
  return row;
}

void
bst_levels_page_show_more_proof (BstLevelsPage *self)
{
  GPtrArray *cases = self->proved->cases;
  guint end = MIN (cases->len, self->shown_proof + MORE_CASES);

  for (; self->shown_proof < end; self->shown_proof++)
    gtk_list_box_append (GTK_LIST_BOX (self->proof_cases),
                         new_case_row (self, cases->pdata[self->shown_proof]));
  gtk_widget_set_visible (self->proof_cases, cases->len > 0);
  gtk_widget_set_visible (self->proof_more, self->shown_proof < cases->len);
}

/* ---- all of it ---- */

void
bst_levels_page_show_proof (BstLevelsPage *self)
{
  const BstProof *proof = self->proved;
  g_autofree char *summary = bst_proof_summary (proof);
  g_auto (GStrv) remarks = bst_proof_remarks (proof);

  bst_levels_page_clear (self->proof_figures);
  bst_levels_page_clear (self->proof_cases);
  gtk_label_set_label (GTK_LABEL (self->proof_text), summary);
  for (guint i = 0; i < proof->differences->len && i < MAX_FIGURES; i++)
    show_difference (self, proof->differences->pdata[i]);
  for (guint i = 0; remarks[i]; i++)
    say (self, remarks[i], NULL);
  gtk_widget_set_visible (self->proof_figures, proof->differences->len > 0 || remarks[0]);
  self->shown_proof = 0;
  bst_levels_page_show_more_proof (self);
  gtk_widget_set_visible (self->proof_box, TRUE);
  self->proof_waits = bst_records_is_loading (records_of (self));
}

static void
proved_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (BstLevelsPage) self = user_data;
  g_autoptr (GError) error = NULL;
  g_autoptr (BstProof) proof = bst_proof_finish (result, &error);

  gtk_widget_set_sensitive (self->recompute, TRUE);
  if (!proof)
    {
      bst_page_fail (BST_PAGE (self), error);
      return;
    }
  g_clear_pointer (&self->proved, bst_proof_free);
  self->proved = g_steal_pointer (&proof);
  bst_levels_page_show_proof (self);
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
