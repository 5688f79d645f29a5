/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "bst-page.h"
#include "bst-report.h"

G_BEGIN_DECLS

/*
 * The ways of a report onto paper (A4): the printer's dialog, a PDF file that is asked for, or a PDF file without a display.
 */

/** BstReportMake: the report for pages of @width × @height points; as bst_report_new(). Returns: (transfer full): not yet paginated */
typedef BstReport *(*BstReportMake) (PangoContext *pango,
                                     double width,
                                     double height,
                                     gpointer data);

/**
 * bst_report_print: opens the printer's dialog. What goes wrong is said on @page. Main thread.
 * @title: of the job
 * @destroy: (nullable): of @data, once nothing more is drawn
 */
void bst_report_print (BstPage *page,
                       const char *title,
                       BstReportMake make,
                       gpointer data,
                       GDestroyNotify destroy);

/** bst_report_ask_pdf: asks where to, and saves; @page says so. @name: suggested, without ".pdf". Else as bst_report_print(). */
void bst_report_ask_pdf (BstPage *page,
                         const char *title,
                         const char *name,
                         BstReportMake make,
                         gpointer data,
                         GDestroyNotify destroy);

/** bst_report_save_pdf: A G_FILE_ERROR when it cannot be written. Blocks: for tests and threads. */
gboolean bst_report_save_pdf (const char *path,
                              const char *title,
                              BstReportMake make,
                              gpointer data,
                              GError **error);

G_END_DECLS
