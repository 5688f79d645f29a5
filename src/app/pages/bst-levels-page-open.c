/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "bst-config.h"

#include "bst-levels-page-private.h"

#include <glib/gi18n.h>

#include "bst-chart.h"

/* From figures to the cases behind them. */

static char *
cases_of (BstLevelsPage *self, const BstLevelsBehind *behind)
{
  const BstLevelData *data = bst_levels_get_data (self->levels);
  const BstCaseFilter filter = {
    .choice = behind->choice,
    .unit = (char *) (behind->unit ? behind->unit : data->unit),
    .service = (char *) (behind->service ? behind->service : data->service),
    .channel = (char *) behind->channel,
    .from = (char *) (behind->month ? behind->month : data->from),
    .to = (char *) (behind->month ? behind->month : data->to),
  };

  return bst_case_filter_format (&filter);
}

void
bst_levels_page_open_cases (BstLevelsPage *self, const BstLevelsBehind *behind)
{
  g_autofree char *arg = NULL;

  if (!bst_levels_get_data (self->levels))
    return;
  arg = cases_of (self, behind);
  bst_page_navigate (BST_PAGE (self), "cases", arg);
}

GtkWidget *
bst_levels_page_new_link (BstLevelsPage *self,
                          const char *text,
                          const char *words,
                          const BstLevelsBehind *behind)
{
  GtkWidget *button = gtk_button_new_with_label (text);
  g_autofree char *arg = cases_of (self, behind);

  gtk_widget_add_css_class (button, "flat");
  gtk_widget_add_css_class (button, "level-link");
  gtk_widget_add_css_class (button, "numeric");
  gtk_widget_set_valign (button, GTK_ALIGN_CENTER);
  gtk_widget_set_halign (button, GTK_ALIGN_END);
  gtk_widget_set_tooltip_text (button, _ ("Show the cases"));
  gtk_accessible_update_property (GTK_ACCESSIBLE (button), GTK_ACCESSIBLE_PROPERTY_LABEL, words,
                                  -1);
  gtk_actionable_set_action_name (GTK_ACTIONABLE (button), "win.open");
  gtk_actionable_set_action_target (GTK_ACTIONABLE (button), "(ss)", "cases", arg);
  return button;
}

/* ---- the trend ---- */

static void
open_month (BstLevelsPage *self, int point)
{
  const BstLevelData *data = bst_levels_get_data (self->levels);

  if (data && point >= 0 && (guint) point < data->months->len)
    bst_levels_page_open_cases (
        self, &(BstLevelsBehind){ .month = ((BstLevelMonth *) data->months->pdata[point])->month });
}

static void
trend_activate_cb (BstChart *chart, int point, BstLevelsPage *self)
{
  open_month (self, point);
}

static void
trend_cases_cb (GtkButton *button, BstLevelsPage *self)
{
  open_month (self, bst_chart_get_selected (BST_CHART (self->trend)));
}

static void
trend_selected_cb (BstChart *chart, GParamSpec *pspec, BstLevelsPage *self)
{
  gtk_widget_set_visible (self->trend_cases, bst_chart_get_selected (chart) >= 0);
}

void
bst_levels_page_watch_trend (BstLevelsPage *self)
{
  g_signal_connect (self->trend, "activate", G_CALLBACK (trend_activate_cb), self);
  g_signal_connect (self->trend, "notify::selected", G_CALLBACK (trend_selected_cb), self);
  g_signal_connect (self->trend_cases, "clicked", G_CALLBACK (trend_cases_cb), self);
}

/* ---- units and channels ---- */

void
bst_levels_page_open_count (BstLevelsPage *self, GtkListBoxRow *row, gboolean channels)
{
  const char *id = g_object_get_data (G_OBJECT (row), "id");

  bst_levels_page_open_cases (self, channels ? &(BstLevelsBehind){ .channel = id }
                                             : &(BstLevelsBehind){ .unit = id });
}
