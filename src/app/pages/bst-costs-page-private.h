/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "bst-costs-page.h"

#include "bst-cost-bars.h"
#include "bst-costs.h"
#include "bst-figures.h"
#include "bst-records.h"

G_BEGIN_DECLS

struct _BstCostsPage
{
  BstPage parent_instance;

  GtkWidget *year;
  GtkWidget *grouping;
  GtkWidget *stack;
  GtkFlowBox *summary;
  BstCostBars *bars;
  GtkWidget *month_lines;
  GtkLabel *said; /* of the month that is chosen */
  BstFigures *groups;
  AdwPreferencesGroup *odd;
  AdwPreferencesGroup *lines;
  GtkWidget *worth_group;
  BstFigures *worths;

  BstRecords *records;
  GCancellable *cancellable; /* of the reading under way */
  BstCosts *costs;           /* (nullable): as shown */
  char *group;               /* (nullable): whose lines are shown */
  gboolean opening;          /* the user has asked for them and looks for them */
  guint frames;              /* until they have their place */
  GPtrArray *odd_rows;       /* of the groups, borrowed */
  GPtrArray *line_rows;
  int first_year;
  gboolean filling;
};

/** bst_costs_page_show_odd: what does not fit. */
void bst_costs_page_show_odd (BstCostsPage *self);

/** bst_costs_page_show_lines: of the chosen group; nothing while none is. */
void bst_costs_page_show_lines (BstCostsPage *self);

/** bst_costs_page_group_name: (transfer full) */
char *bst_costs_page_group_name (BstCostsPage *self, const char *key);

/** bst_costs_page_export: what is shown: the groups, or the lines of the chosen one. */
void bst_costs_page_export (BstPage *page, BstTableFormat format);

G_END_DECLS
