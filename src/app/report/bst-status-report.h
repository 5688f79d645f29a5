/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "bst-report.h"
#include "bst-status-data.h"

G_BEGIN_DECLS

/** BstStatusPaper: what the reconciliation on paper is made of. @language: of dates, words come from gettext. */
typedef struct
{
  BstStatusData *data;
  BstSyncFacts facts;
  GTimeZone *zone;
  char *language;
  gint64 now;
} BstStatusPaper;

/** bst_status_paper_new: @data (transfer full) */
BstStatusPaper *bst_status_paper_new (BstStatusData *data,
                                      const BstSyncFacts *facts,
                                      GTimeZone *zone,
                                      const char *language,
                                      gint64 now);
void bst_status_paper_free (BstStatusPaper *paper);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (BstStatusPaper, bst_status_paper_free)

/** bst_status_report_make: a #BstReportMake; @paper: BstStatusPaper: what needs the user, is here, is under way, was received. */
BstReport *
bst_status_report_make (PangoContext *pango, double width, double height, gpointer paper);

/** bst_status_report_title: for the file and the printer. Static, translated. */
const char *bst_status_report_title (void);

G_END_DECLS
