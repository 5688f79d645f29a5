/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "bst-config.h"

#include "bst-status-page-private.h"

#include "bst-report-paper.h"
#include "bst-status-report.h"

/* Some ten pages; what is older stands in the exported table. */
#define MAX_RECEIPTS 500

/* ---- reading ---- */

typedef struct
{
  BstStore *store;
  guint n_receipts;
} Reading;

static void
reading_free (gpointer data)
{
  Reading *reading = data;

  g_object_unref (reading->store);
  g_free (reading);
}

static void
read_thread (GTask *task, gpointer source, gpointer data, GCancellable *cancellable)
{
  Reading *reading = data;
  g_autoptr (GError) error = NULL;
  BstStatusData *read = bst_status_data_read (reading->store, reading->n_receipts, &error);

  if (read)
    g_task_return_pointer (task, read, (GDestroyNotify) bst_status_data_free);
  else
    g_task_return_error (task, g_steal_pointer (&error));
}

void
bst_status_page_read (BstStatusPage *self,
                      guint n_receipts,
                      GCancellable *cancellable,
                      GAsyncReadyCallback callback)
{
  g_autoptr (GTask) task = g_task_new (self, cancellable, callback, NULL);
  Reading *reading = g_new0 (Reading, 1);

  reading->store = g_object_ref (bst_session_get_store (bst_page_get_session (BST_PAGE (self))));
  reading->n_receipts = n_receipts;
  g_task_set_task_data (task, reading, reading_free);
  g_task_run_in_thread (task, read_thread);
}

BstStatusData *
bst_status_page_read_finish (BstStatusPage *self, GAsyncResult *result, GError **error)
{
  return g_task_propagate_pointer (G_TASK (result), error);
}

/* ---- printing ---- */

/* Returns: (transfer full) (nullable): %NULL when it could not be read, which is said. */
static BstStatusPaper *
paper_for (BstStatusPage *self, GAsyncResult *result)
{
  BstSession *session = bst_page_get_session (BST_PAGE (self));
  g_autoptr (GError) error = NULL;
  BstStatusData *data = bst_status_page_read_finish (self, result, &error);
  BstSyncFacts facts = bst_sync_facts (bst_session_get_sync (session));

  if (!data)
    {
      bst_page_fail (BST_PAGE (self), error);
      return NULL;
    }
  facts.starting = bst_session_get_starting (session);
  return bst_status_paper_new (data, &facts, bst_session_get_zone (session),
                               bst_session_get_language (session),
                               bst_clock_now (bst_session_get_clock (session)));
}

static void
print_read_cb (GObject *source, GAsyncResult *result, gpointer data)
{
  BstStatusPaper *paper = paper_for (BST_STATUS_PAGE (source), result);

  if (paper)
    bst_report_print (BST_PAGE (source), bst_status_report_title (), bst_status_report_make, paper,
                      (GDestroyNotify) bst_status_paper_free);
}

static void
pdf_read_cb (GObject *source, GAsyncResult *result, gpointer data)
{
  BstStatusPaper *paper = paper_for (BST_STATUS_PAGE (source), result);
  g_autofree char *today = bst_session_today (bst_page_get_session (BST_PAGE (source)));
  g_autofree char *name = g_strdup_printf ("%s %s", bst_status_report_title (), today);

  if (paper)
    bst_report_ask_pdf (BST_PAGE (source), bst_status_report_title (), name, bst_status_report_make,
                        paper, (GDestroyNotify) bst_status_paper_free);
}

static void
print_cb (GSimpleAction *action, GVariant *parameter, gpointer page)
{
  bst_status_page_read (page, MAX_RECEIPTS, NULL, print_read_cb);
}

static void
pdf_cb (GSimpleAction *action, GVariant *parameter, gpointer page)
{
  bst_status_page_read (page, MAX_RECEIPTS, NULL, pdf_read_cb);
}

/* The menu stands in the window's head, not in the page: its actions hang on its button. */
void
bst_status_page_add_report_actions (BstStatusPage *self)
{
  static const GActionEntry entries[] = { { .name = "print", .activate = print_cb },
                                          { .name = "pdf", .activate = pdf_cb } };
  g_autoptr (GSimpleActionGroup) group = g_simple_action_group_new ();

  g_action_map_add_action_entries (G_ACTION_MAP (group), entries, G_N_ELEMENTS (entries), self);
  gtk_widget_insert_action_group (self->report, "status", G_ACTION_GROUP (group));
}
