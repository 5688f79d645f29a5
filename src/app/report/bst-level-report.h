/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "bst-level-data.h"
#include "bst-report.h"

G_BEGIN_DECLS

/**
 * bst_level_report_new: the SLA review of a unit.
 * @pango, @width, @height: as bst_report_new()
 * @zone: of the unit; @language: of figures and dates, words come from gettext; @now: when it was made
 *
 * Returns: (transfer full): not yet paginated
 */
BstReport *bst_level_report_new (const BstLevelData *data,
                                 PangoContext *pango,
                                 double width,
                                 double height,
                                 GTimeZone *zone,
                                 const char *language,
                                 gint64 now);

/** bst_level_report_save_pdf: as bst_report_save_pdf(). */
gboolean bst_level_report_save_pdf (const BstLevelData *data,
                                    const char *path,
                                    GTimeZone *zone,
                                    const char *language,
                                    gint64 now,
                                    GError **error);

/** bst_level_report_title: "Service level review, March 2026": for the file and the printer. (transfer full) */
char *bst_level_report_title (const BstLevelData *data, const char *language);

/** bst_level_report_period: "March 2026", "January 2026 – March 2026". (transfer full) */
char *bst_level_report_period (const BstLevelData *data, const char *language);

G_END_DECLS
