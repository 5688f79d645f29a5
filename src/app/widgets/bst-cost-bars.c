/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "bst-config.h"

#include "bst-cost-bars.h"

#include <glib/gi18n.h>
#include <math.h>

#include "bst-format.h"
#include "bst-month.h"

#define MONTHS     12
#define NAME_WIDTH 2.1 /* of three letters and the space to the next, in heights of a line */
#define FAR        3   /* times the dearest month */

struct _BstCostBars
{
  BstChart parent_instance;

  BstMoney monthly[MONTHS];
  BstMoney odd[MONTHS]; /* once, credits taken off */
  BstMoney budget;      /* of a month */
  char *language;
  int year;
};

G_DEFINE_FINAL_TYPE (BstCostBars, bst_cost_bars, BST_TYPE_CHART)

/* Heights are for the eye; amounts that are said come from the money itself. */
static double
height_of (const BstMoney *money)
{
  return money->amount > 0 ? (double) money->amount : 0;
}

/* The dearest month. */
static double
highest_bar (BstCostBars *self)
{
  double most = 0;

  for (int i = 0; i < MONTHS; i++)
    most = MAX (most, height_of (&self->monthly[i]) + height_of (&self->odd[i]));
  return most;
}

/* Far above all bars its line would press them flat: then it is said in words. */
static gboolean
budget_is_far (BstCostBars *self)
{
  double bar = highest_bar (self);

  return bar > 0 && height_of (&self->budget) > bar * FAR;
}

static double
highest (BstCostBars *self)
{
  double bar = highest_bar (self);
  double most = budget_is_far (self) ? bar : MAX (bar, height_of (&self->budget));

  return most > 0 ? most : 1;
}

static void
add_bar (GArray *marks,
         int month,
         double x,
         double width,
         double bottom,
         double height,
         BstFill fill)
{
  if (height < 1)
    return;
  bst_marks_add (marks, (BstMark){ .kind = BST_MARK_BOX,
                                   .ink = BST_INK_RUNNING,
                                   .fill = fill,
                                   .x = x,
                                   .y = bottom - height,
                                   .width = width,
                                   .height = height,
                                   .point = month });
}

/* A twelfth of the budget: its words stand on its line, or at the top when it is far above. */
static void
add_budget (BstCostBars *self,
            GArray *marks,
            double width,
            double bottom,
            double scale,
            double line)
{
  gboolean far = budget_is_far (self);
  double y = bottom - height_of (&self->budget) * scale;
  g_autofree char *amount = bst_money_format_whole (&self->budget, self->language);

  if (self->budget.amount <= 0)
    return;
  bst_marks_add (marks, (BstMark){ .kind = BST_MARK_TEXT,
                                   .ink = BST_INK_DIM,
                                   .x = width,
                                   .y = far ? 0 : y - line - 2,
                                   .align = 1,
                                   .point = -1,
                                   /* Translators: %s is an amount. */
                                   .text = g_strdup_printf (_ ("Budget: %s a month"), amount) });
  if (!far)
    bst_marks_add (
        marks,
        (BstMark){
            .kind = BST_MARK_DASHES, .ink = BST_INK_TEXT, .y = y, .width = width, .point = -1 });
}

static void
add_name (BstCostBars *self, GArray *marks, int month, double middle, double top)
{
  const char *name = bst_format_month_name (month + 1, self->language);
  gboolean selected = bst_chart_get_selected (BST_CHART (self)) == month;

  bst_marks_add (
      marks, (BstMark){ .kind = BST_MARK_TEXT,
                        .ink = selected ? BST_INK_TEXT : BST_INK_DIM,
                        .x = middle,
                        .y = top,
                        .align = 0.5,
                        .point = month,
                        .text = g_utf8_substring (name, 0, MIN (3, g_utf8_strlen (name, -1))) });
}

static void
add_month (BstCostBars *self, GArray *marks, int month, double step, double bottom, double scale)
{
  double width = floor (step * 0.6);
  double x = floor (month * step + (step - width) / 2);
  double monthly = height_of (&self->monthly[month]) * scale;

  add_bar (marks, month, x, width, bottom, monthly, BST_FILL_SOLID);
  add_bar (marks, month, x, width, bottom - monthly, height_of (&self->odd[month]) * scale,
           BST_FILL_STRIPES);
}

static GArray *
bst_cost_bars_marks (BstChart *chart, double width, double height, double line)
{
  BstCostBars *self = BST_COST_BARS (chart);
  GArray *marks = bst_marks_new ();
  double bottom = height - line - 6;
  double top = self->budget.amount > 0 ? line + 4 : 2;
  double scale = (bottom - top) / highest (self);
  double step = width / MONTHS;
  int every = MAX (1, (int) ceil (line * NAME_WIDTH / MAX (step, 1)));

  bst_marks_add (
      marks,
      (BstMark){
          .kind = BST_MARK_LINE, .ink = BST_INK_DIM, .y = bottom, .width = width, .point = -1 });
  for (int i = 0; i < MONTHS; i++)
    {
      add_month (self, marks, i, step, bottom, scale);
      if (i % every == 0)
        add_name (self, marks, i, (i + 0.5) * step, bottom + 4);
    }
  add_budget (self, marks, width, bottom, scale, line);
  return marks;
}

static guint
bst_cost_bars_n_points (BstChart *chart)
{
  return MONTHS;
}

/* "March 2026: 4,950.00 once, 210.00 monthly" */
static char *
bst_cost_bars_point_text (BstChart *chart, guint point)
{
  BstCostBars *self = BST_COST_BARS (chart);
  g_autofree char *month = g_strdup_printf ("%04d-%02u", self->year, point + 1);
  g_autofree char *name = bst_format_month (month, self->language);
  g_autofree char *odd = bst_money_format (&self->odd[point], self->language);
  g_autofree char *monthly = bst_money_format (&self->monthly[point], self->language);

  /* Translators: a month, an amount charged once, an amount charged each month. */
  return g_strdup_printf (_ ("%s: %s once, %s monthly"), name, odd, monthly);
}

static void
bst_cost_bars_finalize (GObject *object)
{
  g_free (BST_COST_BARS (object)->language);
  G_OBJECT_CLASS (bst_cost_bars_parent_class)->finalize (object);
}

static void
bst_cost_bars_class_init (BstCostBarsClass *klass)
{
  BstChartClass *chart_class = BST_CHART_CLASS (klass);

  G_OBJECT_CLASS (klass)->finalize = bst_cost_bars_finalize;
  chart_class->marks = bst_cost_bars_marks;
  chart_class->n_points = bst_cost_bars_n_points;
  chart_class->point_text = bst_cost_bars_point_text;
}

static void
bst_cost_bars_init (BstCostBars *self)
{
  self->language = g_strdup ("en");
  bst_chart_set_size (BST_CHART (self), 280, 640, 180);
}

static void
describe (BstCostBars *self)
{
  g_autoptr (GString) text = g_string_new (NULL);

  for (guint i = 0; i < MONTHS; i++)
    {
      g_autofree char *month = bst_cost_bars_point_text (BST_CHART (self), i);

      if (self->odd[i].currency[0] || self->monthly[i].currency[0])
        g_string_append_printf (text, "%s%s", text->len ? ". " : "", month);
    }
  bst_chart_set_words (BST_CHART (self), _ ("Cost by month"), text->str);
}

void
bst_cost_bars_set (BstCostBars *self,
                   GPtrArray *months,
                   int year,
                   const BstMoney *budget,
                   const char *language)
{
  memset (self->monthly, 0, sizeof self->monthly);
  memset (self->odd, 0, sizeof self->odd);
  for (guint i = 0; i < months->len; i++)
    {
      const BstChargeTotal *total = months->pdata[i];
      int of_year, month;

      if (!bst_month_parse (total->key, &of_year, &month) || of_year != year)
        continue;
      self->monthly[month - 1] = total->monthly;
      self->odd[month - 1] = total->once;
      bst_money_add (&self->odd[month - 1], &total->credit, NULL);
    }
  self->budget = *budget;
  self->budget.amount /= MONTHS;
  self->year = year;
  g_free (self->language);
  self->language = g_strdup (language);
  describe (self);
  bst_chart_changed (BST_CHART (self));
}
