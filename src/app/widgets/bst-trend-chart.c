/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "bst-trend-chart.h"

struct _BstTrendChart
{
  BstChart parent_instance;

  BstTrendPoint *points; /* labels borrowed from @labels */
  guint n_points;
  char **labels;
  char **texts;
};

G_DEFINE_FINAL_TYPE (BstTrendChart, bst_trend_chart, BST_TYPE_CHART)

static GArray *
bst_trend_chart_marks (BstChart *chart, double width, double height, double line)
{
  BstTrendChart *self = BST_TREND_CHART (chart);

  return bst_trend_marks (self->points, self->n_points, bst_chart_get_selected (chart), width,
                          height, line);
}

static guint
bst_trend_chart_n_points (BstChart *chart)
{
  return BST_TREND_CHART (chart)->n_points;
}

static char *
bst_trend_chart_point_text (BstChart *chart, guint point)
{
  return g_strdup (BST_TREND_CHART (chart)->texts[point]);
}

static void
clear (BstTrendChart *self)
{
  g_clear_pointer (&self->points, g_free);
  g_clear_pointer (&self->labels, g_strfreev);
  g_clear_pointer (&self->texts, g_strfreev);
  self->n_points = 0;
}

static void
bst_trend_chart_finalize (GObject *object)
{
  clear (BST_TREND_CHART (object));
  G_OBJECT_CLASS (bst_trend_chart_parent_class)->finalize (object);
}

static void
bst_trend_chart_class_init (BstTrendChartClass *klass)
{
  BstChartClass *chart_class = BST_CHART_CLASS (klass);

  G_OBJECT_CLASS (klass)->finalize = bst_trend_chart_finalize;
  chart_class->marks = bst_trend_chart_marks;
  chart_class->n_points = bst_trend_chart_n_points;
  chart_class->point_text = bst_trend_chart_point_text;
}

static void
bst_trend_chart_init (BstTrendChart *self)
{
  bst_chart_set_size (BST_CHART (self), 200, 480, 180);
}

GtkWidget *
bst_trend_chart_new (void)
{
  return g_object_new (BST_TYPE_TREND_CHART, NULL);
}

void
bst_trend_chart_set (BstTrendChart *self,
                     const BstTrendPoint *points,
                     guint n_points,
                     const char *const *texts)
{
  clear (self);
  self->points = g_memdup2 (points, n_points * sizeof *points);
  self->labels = g_new0 (char *, n_points + 1);
  self->texts = g_new0 (char *, n_points + 1);
  for (guint i = 0; i < n_points; i++)
    {
      self->labels[i] = g_strdup (points[i].label);
      self->texts[i] = g_strdup (texts[i]);
      self->points[i].label = self->labels[i];
    }
  self->n_points = n_points;
  bst_chart_changed (BST_CHART (self));
}
