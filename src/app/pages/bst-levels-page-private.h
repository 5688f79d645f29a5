/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "bst-case-words.h"
#include "bst-levels-page.h"
#include "bst-levels.h"
#include "bst-proof.h"

G_BEGIN_DECLS

struct _BstLevelsPage
{
  BstPage parent_instance;

  GtkWidget *report;
  GtkWidget *period;
  GtkWidget *unit;
  GtkWidget *service;
  GtkWidget *nothing;
  GtkWidget *results_box;
  GtkWidget *headline;
  GtkWidget *trend_icon;
  GtkWidget *counts;
  GtkWidget *bullet;
  GtkWidget *change;
  GtkWidget *propose;
  GtkWidget *recompute;
  GtkWidget *all_services;
  GtkWidget *proof_box;
  GtkWidget *proof_text;
  GtkWidget *proof_figures;
  GtkWidget *proof_cases;
  GtkWidget *proof_more;
  GtkWidget *table;
  GtkWidget *heads;
  GtkWidget *services;
  GtkWidget *trend;
  GtkWidget *trend_cases;
  GtkWidget *months;
  GtkWidget *units_box;
  GtkWidget *units;
  GtkWidget *channels_box;
  GtkWidget *channels;
  GtkWidget *risk_box;
  GtkWidget *risk_heading;
  GtkWidget *risk;
  GtkWidget *late_box;
  GtkWidget *late_heading;
  GtkWidget *late;
  GtkWidget *more;

  BstLevels *levels;
  GPtrArray *periods;     /* char *[2]: from, to */
  GPtrArray *unit_ids;    /* as in the drop-down */
  GPtrArray *service_ids; /* the first is NULL: all */
  char *chosen_service;
  guint shown_late;
  BstProof *proved; /* (nullable): what is shown of counting again */
  guint shown_proof;
  gboolean filling;
  GCancellable *reading_risk;
  char *opened;         /* (nullable): with what argument */
  gboolean proof_waits; /* for calendars and names */
};

BstSession *bst_levels_page_session (BstLevelsPage *page);
const char *bst_levels_page_language (BstLevelsPage *page);

/** bst_levels_page_clear: takes all children out of a box, grid or list. */
void bst_levels_page_clear (GtkWidget *container);

void bst_levels_page_choose_service (BstLevelsPage *page, const char *service);

/* bst-levels-page-proof.c: counting again. */
void bst_levels_page_prove (BstLevelsPage *page);
void bst_levels_page_show_more_proof (BstLevelsPage *page);

void bst_levels_page_show_proof (BstLevelsPage *page);

/* bst-levels-page-open.c: from figures to the cases behind them. What is NULL is as on the page. */
typedef struct
{
  BstCaseChoice choice;
  const char *unit;
  const char *service;
  const char *channel;
  const char *month;
} BstLevelsBehind;

void bst_levels_page_open_cases (BstLevelsPage *page, const BstLevelsBehind *behind);

/* A figure that opens its cases; @words: for screen readers. */
GtkWidget *bst_levels_page_new_link (BstLevelsPage *page,
                                     const char *text,
                                     const char *words,
                                     const BstLevelsBehind *behind);
void bst_levels_page_watch_trend (BstLevelsPage *page);
void bst_levels_page_open_count (BstLevelsPage *page, GtkListBoxRow *row, gboolean channels);

/* bst-levels-page-results.c: the figures. */
void bst_levels_page_show_results (BstLevelsPage *page, const BstLevelData *data);

/* Once, when the page is made: with little room the table has fewer columns. */
void bst_levels_page_watch_width (BstLevelsPage *page);

/* bst-levels-page-cases.c: the cases. */
void bst_levels_page_show_late (BstLevelsPage *page, const BstLevelData *data);
void bst_levels_page_read_risk (BstLevelsPage *page);

/* bst-levels-page-print.c: the report. */
void bst_levels_page_add_report_actions (BstLevelsPage *page);

G_END_DECLS
