/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "bst-clock-bar.h"

struct _BstClockBar
{
  BstChart parent_instance;

  GArray *stretches; /* BstStretch; words interned, no reasons */
  GArray *turns;     /* BstTurn; the same */
  char **texts;
  gint64 due;
};

G_DEFINE_FINAL_TYPE (BstClockBar, bst_clock_bar, BST_TYPE_CHART)

static GArray *
bst_clock_bar_marks (BstChart *chart, double width, double height, double line)
{
  BstClockBar *self = BST_CLOCK_BAR (chart);

  return bst_clock_marks (self->stretches, self->turns, self->due, bst_chart_get_selected (chart),
                          width, height);
}

static guint
bst_clock_bar_n_points (BstChart *chart)
{
  return BST_CLOCK_BAR (chart)->turns->len;
}

static char *
bst_clock_bar_point_text (BstChart *chart, guint point)
{
  return g_strdup (BST_CLOCK_BAR (chart)->texts[point]);
}

static void
bst_clock_bar_finalize (GObject *object)
{
  BstClockBar *self = BST_CLOCK_BAR (object);

  g_array_unref (self->stretches);
  g_array_unref (self->turns);
  g_strfreev (self->texts);
  G_OBJECT_CLASS (bst_clock_bar_parent_class)->finalize (object);
}

static void
bst_clock_bar_class_init (BstClockBarClass *klass)
{
  BstChartClass *chart_class = BST_CHART_CLASS (klass);

  G_OBJECT_CLASS (klass)->finalize = bst_clock_bar_finalize;
  chart_class->marks = bst_clock_bar_marks;
  chart_class->n_points = bst_clock_bar_n_points;
  chart_class->point_text = bst_clock_bar_point_text;
}

static void
bst_clock_bar_init (BstClockBar *self)
{
  self->stretches = g_array_new (FALSE, FALSE, sizeof (BstStretch));
  self->turns = g_array_new (FALSE, FALSE, sizeof (BstTurn));
  self->texts = g_new0 (char *, 1);
  self->due = BST_CALENDAR_NEVER;
  bst_chart_set_size (BST_CHART (self), 120, 360, 34);
}

GtkWidget *
bst_clock_bar_new (void)
{
  return g_object_new (BST_TYPE_CLOCK_BAR, NULL);
}

void
bst_clock_bar_set (BstClockBar *self,
                   GArray *stretches,
                   GArray *turns,
                   const char *const *texts,
                   gint64 due)
{
  g_array_set_size (self->stretches, 0);
  g_array_set_size (self->turns, 0);
  for (guint i = 0; i < stretches->len; i++)
    {
      BstStretch stretch = g_array_index (stretches, BstStretch, i);

      /* "orderer", "supplier" …: a handful of words that live as long as the program. */
      stretch.waiting_for = g_intern_string (stretch.waiting_for);
      stretch.reason = NULL;
      stretch.name = NULL;
      stretch.contest = NULL;
      stretch.performer = NULL;
      g_array_append_val (self->stretches, stretch);
    }
  for (guint i = 0; i < turns->len; i++)
    {
      BstTurn turn = g_array_index (turns, BstTurn, i);

      turn.waiting_for = NULL;
      turn.reason = NULL;
      turn.contest = NULL;
      g_array_append_val (self->turns, turn);
    }
  g_strfreev (self->texts);
  self->texts = g_strdupv ((char **) texts);
  self->due = due;
  bst_chart_changed (BST_CHART (self));
}

/* ---- swatch ---- */

struct _BstSwatch
{
  BstChart parent_instance;

  BstInk ink;
  BstFill fill;
  gboolean thin;
};

G_DEFINE_FINAL_TYPE (BstSwatch, bst_swatch, BST_TYPE_CHART)

static GArray *
bst_swatch_marks (BstChart *chart, double width, double height, double line)
{
  BstSwatch *self = BST_SWATCH (chart);
  GArray *marks = bst_marks_new ();
  double tall = self->thin ? 3 : height;

  bst_marks_add (marks, (BstMark){ .kind = BST_MARK_BOX,
                                   .ink = self->ink,
                                   .fill = self->fill,
                                   .y = (height - tall) / 2,
                                   .width = width,
                                   .height = tall,
                                   .point = -1 });
  return marks;
}

static void
bst_swatch_class_init (BstSwatchClass *klass)
{
  BST_CHART_CLASS (klass)->marks = bst_swatch_marks;
}

static void
bst_swatch_init (BstSwatch *self)
{
  bst_chart_set_size (BST_CHART (self), 22, 22, 12);
  gtk_widget_set_valign (GTK_WIDGET (self), GTK_ALIGN_CENTER);
}

GtkWidget *
bst_swatch_new (BstStretchKind kind, const char *waiting_for)
{
  BstSwatch *self =
      g_object_new (BST_TYPE_SWATCH, "accessible-role", GTK_ACCESSIBLE_ROLE_PRESENTATION, NULL);

  bst_clock_look (kind, waiting_for, &self->ink, &self->fill);
  self->thin = kind == BST_STRETCH_CLOSED;
  return GTK_WIDGET (self);
}
