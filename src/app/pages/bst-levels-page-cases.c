/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "bst-config.h"

#include "bst-levels-page-private.h"

#include <glib/gi18n.h>

#include "bst-case-row.h"
#include "bst-format.h"
#include "bst-level-words.h"
#include "bst-task-list.h"
#include "bst-text.h"

#define MAX_READ  100
#define MAX_SHOWN 10
#define SOON      (2 * 24 * 60 * 60) /* about to be breached: due within two days */

static char *
case_subtitle (BstLevelsPage *self, const BstCaseView *view, GTimeZone *zone)
{
  const char *language = bst_levels_page_language (self);
  g_autofree char *late = bst_level_time_long (view->late, language);
  g_autofree char *due = bst_format_moment (view->sla.due, zone, BST_DATE_BRIEF, language);
  g_autoptr (GVariant) line = bst_request_line (view->request, view->line);
  const char *service = line ? bst_text_pick (line, "name", language) : NULL;

  /* Translators: service, how late, when it was due, what else it waited for. */
  return g_strdup_printf (_ ("%s · %s late, due %s · %s"), service ? service : "", late, due,
                          bst_level_cause_text (view->cause));
}

static GtkWidget *
new_case_row (BstLevelsPage *self, const BstCaseView *view, GTimeZone *zone)
{
  g_autofree char *text = case_subtitle (self, view, zone);

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

static void
risk_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (BstLevelsPage) self = user_data;
  BstSession *session = bst_levels_page_session (self);
  g_autoptr (GPtrArray) found = bst_store_find_finish (BST_STORE (source), result, NULL);
  gint64 now = bst_clock_now (bst_session_get_clock (session));

  if (!found)
    return;
  for (guint i = found->len; i > 0; i--)
    {
      gint64 due;

      if (!bst_instant_parse (bst_doc_get_string (found->pdata[i - 1], "due"), &due) || due < now ||
          due > now + SOON)
        g_ptr_array_remove_index (found, i - 1);
    }
  bst_task_list_set_requests (BST_TASK_LIST (self->risk), session, found, MAX_SHOWN);
}

void
bst_levels_page_read_risk (BstLevelsPage *self, const BstLevelData *data)
{
  static const char *const running[] = { "submitted", "accepted", "in-progress", "waiting", NULL };
  const BstQuery query = { .type = "Request",
                           .states = running,
                           .unit = data->unit,
                           .service = data->service,
                           .sort = "due",
                           .ascending = TRUE };

  g_cancellable_cancel (self->reading_risk);
  g_clear_object (&self->reading_risk);
  self->reading_risk = g_cancellable_new ();
  bst_store_find_async (bst_session_get_store (bst_levels_page_session (self)), &query, 0, MAX_READ,
                        self->reading_risk, risk_cb, g_object_ref (self));
}
