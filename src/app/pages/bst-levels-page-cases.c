/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "bst-config.h"

#include "bst-levels-page-private.h"

#include <glib/gi18n.h>

#include "bst-case-row.h"

#define MAX_AT_RISK 50

static GtkWidget *
new_case_row (BstLevelsPage *self, const BstCaseView *view, GTimeZone *zone)
{
  g_autofree char *text = bst_case_text (view, zone, bst_levels_page_language (self));

  return bst_case_row_new (view->request, view, text, zone, bst_levels_page_language (self));
}

void
bst_levels_page_show_late (BstLevelsPage *self, const BstLevelData *data)
{
  g_autoptr (GTimeZone) zone =
      bst_level_data_zone (bst_session_get_org (bst_levels_page_session (self)), data->unit);
  guint n = data->late->len;
  g_autofree char *heading =
      g_strdup_printf (ngettext ("Breached cases (%d)", "Breached cases (%d)", n), (int) n);

  bst_levels_page_clear (self->late);
  gtk_label_set_label (GTK_LABEL (self->late_heading), heading);
  gtk_widget_set_visible (self->late_box, n > 0);
  gtk_widget_set_visible (self->more, n > self->shown_late);
  for (guint i = 0; i < n && i < self->shown_late; i++)
    gtk_list_box_append (GTK_LIST_BOX (self->late),
                         new_case_row (self, data->late->pdata[i], zone));
}

/* ---- about to be breached ---- */

/* The lines of @stored that run and are due soon. */
static guint
add_at_risk (BstLevelsPage *self, const BstStoredCase *stored, gint64 now)
{
  BstSession *session = bst_levels_page_session (self);
  BstRecords *records = bst_records_for_store (bst_session_get_store (session));
  const BstLevelData *data = bst_levels_get_data (self->levels);
  g_autoptr (GTimeZone) zone = bst_level_data_zone (bst_session_get_org (session), data->unit);
  g_auto (GStrv) lines = bst_request_line_ids (stored->request);
  guint n = 0;

  for (guint i = 0; lines[i]; i++)
    {
      BstCaseView *view =
          bst_case_view_new (stored->request, lines[i], stored->events, records, zone, now);

      if (view && !view->sla.stopped && view->sla.due >= now &&
          view->sla.due < now + BST_CASES_AT_RISK &&
          (!data->service || g_strcmp0 (view->found.service, data->service) == 0))
        {
          gtk_list_box_append (GTK_LIST_BOX (self->risk), new_case_row (self, view, zone));
          n++;
        }
      g_clear_pointer (&view, bst_case_view_free);
    }
  return n;
}

static void
risk_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (BstLevelsPage) self = user_data;
  g_autoptr (GPtrArray) found = bst_store_cases_finish (BST_STORE (source), result, NULL);
  gint64 now = bst_clock_now (bst_session_get_clock (bst_levels_page_session (self)));
  g_autofree char *heading = NULL;
  guint n = 0;

  if (!found)
    return;
  bst_levels_page_clear (self->risk);
  for (guint i = 0; i < found->len; i++)
    n += add_at_risk (self, found->pdata[i], now);
  heading = g_strdup_printf (ngettext ("About to be breached (%d)", "About to be breached (%d)", n),
                             (int) n);
  gtk_label_set_label (GTK_LABEL (self->risk_heading), heading);
  gtk_widget_set_visible (self->risk_box, n > 0);
}

void
bst_levels_page_read_risk (BstLevelsPage *self)
{
  const BstLevelData *data = bst_levels_get_data (self->levels);
  BstSession *session = bst_levels_page_session (self);
  gint64 now = bst_clock_now (bst_session_get_clock (session));
  const BstCaseQuery query = {
    .unit = data->unit,
    .service = data->service,
    .from = now,
    .to = now + BST_CASES_AT_RISK,
    .scope = BST_CASES_DUE,
    .limit = MAX_AT_RISK,
  };

  g_cancellable_cancel (self->reading_risk);
  g_clear_object (&self->reading_risk);
  self->reading_risk = g_cancellable_new ();
  bst_store_cases_async (bst_session_get_store (session), &query, self->reading_risk, risk_cb,
                         g_object_ref (self));
}
