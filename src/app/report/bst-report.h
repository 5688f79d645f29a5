/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "bst-marks.h"

G_BEGIN_DECLS

/*
 * A report on paper: blocks one below the other, broken into pages. Headings stay with what follows; a table that goes on
 * repeats its heading and its heading row, and leaves no single row behind or before it; a short one is not broken. All sizes are points. The same
 * report is printed and saved as PDF.
 *
 * Use: bst_report_new(), add blocks, bst_report_paginate(), then draw each page. One thread.
 */
typedef struct _BstReport BstReport;

/**
 * bst_report_new:
 * @pango: with the resolution of what it is drawn on; kept
 * @width, @height: of a page without its margins; the last line of it is the footer
 * @footer: (nullable): left in the footer; the page's number stands right
 */
BstReport *bst_report_new (PangoContext *pango, double width, double height, const char *footer);
void bst_report_free (BstReport *report);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (BstReport, bst_report_free)

/** bst_report_set_author: (nullable): who answers for it; stands in the file's properties. */
void bst_report_set_author (BstReport *report, const char *author);
const char *bst_report_get_author (BstReport *report);

typedef enum
{
  BST_REPORT_TITLE,
  BST_REPORT_SUBTITLE,
  BST_REPORT_HEADING, /* stays with what follows */
  BST_REPORT_TEXT,
  BST_REPORT_NOTE, /* small; stays with what it follows */
  BST_REPORT_LEAD, /* small; stays with what follows */
} BstReportStyle;

void bst_report_add_text (BstReport *report, BstReportStyle style, const char *text);

/** bst_report_add_term: @term in bold, then @text. */
void bst_report_add_term (BstReport *report, const char *term, const char *text);
void bst_report_add_space (BstReport *report, double height);

/** bst_report_add_chart: @marks (transfer full): made for the report's width and @height */
void bst_report_add_chart (BstReport *report, GArray *marks, double height);
double bst_report_width (BstReport *report);
double bst_report_line (BstReport *report); /* height of a small line, for charts */

/** BstReportColumn: @share: of the width; @number: right-aligned. */
typedef struct
{
  const char *heading;
  double share;
  gboolean number;
} BstReportColumn;

/** bst_report_begin_table: @columns must live as long as rows are added. */
void bst_report_begin_table (BstReport *report, const BstReportColumn *columns, guint n_columns);

/** bst_report_add_row: @texts: as many as columns, (nullable) each; @bar: (nullable): drawn in @bar_column instead of a text */
void bst_report_add_row (BstReport *report,
                         const char *const *texts,
                         const BstBullet *bar,
                         int bar_column);

/** bst_report_paginate: Returns: how many pages; at least one */
int bst_report_paginate (BstReport *report);

/** BstReportHeading: where a heading stands. @text: borrowed from the report. @page: from 0; @y: from the top margin, points. */
typedef struct
{
  const char *text;
  int page;
  double y;
} BstReportHeading;

/** bst_report_headings: after bst_report_paginate(). Returns: (transfer full) (element-type BstReportHeading) */
GArray *bst_report_headings (BstReport *report);

void bst_report_draw_page (BstReport *report, int page, cairo_t *cr);

G_END_DECLS
