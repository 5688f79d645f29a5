/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "bst-status-data.h"
#include "bst-status-page.h"

G_BEGIN_DECLS

struct _BstStatusPage
{
  BstPage parent_instance;

  BstSync *sync;
  GCancellable *cancellable; /* of the reading under way */

  GtkImage *icon;
  GtkLabel *state;
  GtkLabel *meaning;
  GtkProgressBar *progress;
  GtkLabel *contact;
  GtkLabel *news;
  GtkWidget *sign_in;
  GtkWidget *report;
  AdwPreferencesGroup *refused;
  AdwPreferencesGroup *waiting;
  AdwPreferencesGroup *received;
  GPtrArray *rows; /* GtkWidget in one of the groups, borrowed from it */
  GPtrArray *receipt_rows;
};

/** bst_status_page_read: as bst_status_data_read(), in a thread. */
void bst_status_page_read (BstStatusPage *page,
                           guint n_receipts,
                           GCancellable *cancellable,
                           GAsyncReadyCallback callback);
BstStatusData *
bst_status_page_read_finish (BstStatusPage *page, GAsyncResult *result, GError **error);

/* bst-status-page-print.c: what the page shows, on paper. */
void bst_status_page_add_report_actions (BstStatusPage *page);

G_END_DECLS
