/* SPDX-License-Identifier: GPL-3.0-or-later */

/* The geometry of each chart. */

#include "bst-marks.h"

#include <math.h>

#include "bst-turn.h"

/* ---- bullet bar ---- */

GArray *
bst_bullet_marks (const BstBullet *bullet, double width, double height)
{
  GArray *marks = bst_marks_new ();
  double scale = bullet->max > 0 ? width / bullet->max : 0;
  double bar = round (height * 0.5);
  double top = floor ((height - bar) / 2);
  gboolean missed = bullet->target >= 0 && bullet->value < bullet->target;

  bst_marks_add (marks, (BstMark){ .kind = BST_MARK_BOX,
                                   .ink = BST_INK_TRACK,
                                   .y = top,
                                   .width = width,
                                   .height = bar,
                                   .point = -1 });
  if (bullet->value > 0)
    bst_marks_add (marks, (BstMark){ .kind = BST_MARK_BOX,
                                     .ink = missed ? BST_INK_BAD : BST_INK_GOOD,
                                     .fill = missed ? BST_FILL_STRIPES : BST_FILL_SOLID,
                                     .y = top,
                                     .width = MIN (bullet->value * scale, width),
                                     .height = bar,
                                     .point = 0 });
  if (bullet->target >= 0)
    bst_marks_add (marks, (BstMark){ .kind = BST_MARK_BOX,
                                     .ink = BST_INK_TEXT,
                                     .x = CLAMP (bullet->target * scale - 1, 0, width - 2),
                                     .width = 2,
                                     .height = height,
                                     .point = -1 });
  return marks;
}

/* ---- trend ---- */

typedef struct
{
  double left;
  double right;
  double top;
  double bottom;
  double floor; /* the value at the bottom; the top is 100 */
  double step;  /* between two points */
} Plot;

static double
lowest (const BstTrendPoint *points, guint n_points)
{
  double low = 100;

  for (guint i = 0; i < n_points; i++)
    {
      if (points[i].value >= 0)
        low = MIN (low, points[i].value);
      if (points[i].target >= 0)
        low = MIN (low, points[i].target);
    }
  return low;
}

static double
x_of (const Plot *plot, guint i)
{
  return plot->left + (i + 0.5) * plot->step;
}

static double
y_of (const Plot *plot, double value)
{
  return plot->bottom - (value - plot->floor) / (100 - plot->floor) * (plot->bottom - plot->top);
}

static void
add_grid (GArray *marks, const Plot *plot, double line)
{
  double room = (plot->bottom - plot->top) / MAX (line * 1.6, 1);
  double every = 100 - plot->floor > 50 ? 25 : 100 - plot->floor > 20 ? 10 : 5;

  while ((100 - plot->floor) / every > room && every < 50)
    every *= 2;
  for (double value = 100; value >= plot->floor - 0.01; value -= every)
    {
      double y = round (y_of (plot, value)) + 0.5;

      bst_marks_add (marks, (BstMark){ .kind = BST_MARK_LINE,
                                       .ink = BST_INK_TRACK,
                                       .fill = BST_FILL_HOLLOW,
                                       .x = plot->left,
                                       .y = y,
                                       .width = plot->right - plot->left,
                                       .point = -1 });
      bst_marks_add (marks, (BstMark){ .kind = BST_MARK_TEXT,
                                       .ink = BST_INK_DIM,
                                       .x = plot->left - line * 0.4,
                                       .y = y - line / 2,
                                       .align = 1,
                                       .point = -1,
                                       .text = g_strdup_printf ("%d", (int) round (value)) });
    }
}

/* The target is a step for each month: it may have changed. */
static void
add_targets (GArray *marks, const Plot *plot, const BstTrendPoint *points, guint n_points)
{
  for (guint i = 0; i < n_points; i++)
    if (points[i].target >= 0)
      bst_marks_add (marks, (BstMark){ .kind = BST_MARK_DASHES,
                                       .ink = BST_INK_TEXT,
                                       .fill = BST_FILL_HOLLOW,
                                       .x = x_of (plot, i) - plot->step / 2,
                                       .y = y_of (plot, points[i].target),
                                       .width = plot->step,
                                       .point = -1 });
}

static void
add_lines (GArray *marks, const Plot *plot, const BstTrendPoint *points, guint n_points)
{
  for (guint i = 0; i + 1 < n_points; i++)
    if (points[i].value >= 0 && points[i + 1].value >= 0)
      bst_marks_add (marks, (BstMark){ .kind = BST_MARK_LINE,
                                       .ink = BST_INK_GOOD,
                                       .x = x_of (plot, i),
                                       .y = y_of (plot, points[i].value),
                                       .width = plot->step,
                                       .height = y_of (plot, points[i + 1].value) -
                                                 y_of (plot, points[i].value),
                                       .point = -1 });
}

static void
add_points (GArray *marks,
            const Plot *plot,
            const BstTrendPoint *points,
            guint n_points,
            int selected,
            double line)
{
  guint every = MAX (1, (guint) ceil (line * 2.9 / MAX (plot->step, 1)));

  for (guint i = 0; i < n_points; i++)
    {
      gboolean missed = points[i].target >= 0 && points[i].value < points[i].target;

      if ((n_points - 1 - i) % every == 0)
        bst_marks_add (marks, (BstMark){ .kind = BST_MARK_TEXT,
                                         .ink = BST_INK_DIM,
                                         .x = x_of (plot, i),
                                         .y = plot->bottom + line * 0.35,
                                         .align = 0.5,
                                         .point = -1,
                                         .text = g_strdup (points[i].label) });
      if (points[i].value < 0)
        continue;
      bst_marks_add (marks, (BstMark){ .kind = missed ? BST_MARK_SQUARE : BST_MARK_DOT,
                                       .ink = missed ? BST_INK_BAD : BST_INK_GOOD,
                                       .x = x_of (plot, i),
                                       .y = y_of (plot, points[i].value),
                                       .width = missed ? 8 : 9,
                                       .point = (int) i });
      if ((int) i == selected)
        bst_marks_add (marks, (BstMark){ .kind = BST_MARK_DOT,
                                         .ink = BST_INK_TEXT,
                                         .fill = BST_FILL_HOLLOW,
                                         .x = x_of (plot, i),
                                         .y = y_of (plot, points[i].value),
                                         .width = 16,
                                         .point = (int) i });
    }
}

GArray *
bst_trend_marks (const BstTrendPoint *points,
                 guint n_points,
                 int selected,
                 double width,
                 double height,
                 double line)
{
  GArray *marks = bst_marks_new ();
  double low = lowest (points, n_points);
  Plot plot = {
    .left = line * 2.2,
    .right = width - 2,
    .top = line * 0.7,
    .bottom = MAX (height - line * 1.5, line),
    .floor = MAX (0, MIN (90, floor ((low - 2) / 10) * 10)),
  };

  if (n_points == 0)
    return marks;
  plot.step = MAX (plot.right - plot.left, 1) / n_points;
  add_grid (marks, &plot, line);
  add_targets (marks, &plot, points, n_points);
  add_lines (marks, &plot, points, n_points);
  add_points (marks, &plot, points, n_points, selected, line);
  return marks;
}

/* ---- clock bar ---- */

void
bst_clock_look (BstStretchKind kind, const char *waiting_for, BstInk *ret_ink, BstFill *ret_fill)
{
  static const struct
  {
    const char *waiting_for; /* NULL: any other */
    BstInk ink;
    BstFill fill;
  } pauses[] = {
    { "orderer", BST_INK_ORDERER, BST_FILL_STRIPES },
    { "supplier", BST_INK_SUPPLIER, BST_FILL_CROSSED },
    { NULL, BST_INK_DIM, BST_FILL_DOTTED },
  };
  guint i = 0;

  *ret_ink = kind == BST_STRETCH_DELIVERED ? BST_INK_RECEIVER
             : kind == BST_STRETCH_CLOSED  ? BST_INK_DIM
                                           : BST_INK_RUNNING;
  *ret_fill = kind == BST_STRETCH_DELIVERED ? BST_FILL_HOLLOW : BST_FILL_SOLID;
  if (kind != BST_STRETCH_PAUSED)
    return;
  while (pauses[i].waiting_for && g_strcmp0 (pauses[i].waiting_for, waiting_for) != 0)
    i++;
  *ret_ink = pauses[i].ink;
  *ret_fill = pauses[i].fill;
}

typedef struct
{
  gint64 from;
  double scale; /* a second's width */
  double top;
  double height;
} Axis;

static void
add_stretch (GArray *marks, const Axis *axis, const BstStretch *stretch, gboolean over, int point)
{
  gboolean thin = stretch->kind == BST_STRETCH_CLOSED;
  double height = thin ? MAX (2, round (axis->height * 0.2)) : axis->height;
  BstMark mark = {
    .kind = BST_MARK_BOX,
    .x = (double) (stretch->from - axis->from) * axis->scale,
    .y = axis->top + round ((axis->height - height) / 2),
    .width = MAX (1, (double) (stretch->to - stretch->from) * axis->scale),
    .height = height,
    .point = point,
  };

  bst_clock_look (stretch->kind, stretch->waiting_for, &mark.ink, &mark.fill);
  if (over && stretch->kind == BST_STRETCH_RUNNING)
    mark.ink = BST_INK_BAD;
  bst_marks_add (marks, mark);
}

/* What the performer took beyond what was due is in another ink. */
static void
add_cut_at_due (GArray *marks, const Axis *axis, const BstStretch *stretch, gint64 due, int point)
{
  BstStretch until = *stretch;
  BstStretch beyond = *stretch;

  until.to = MIN (stretch->to, MAX (due, stretch->from));
  beyond.from = MAX (stretch->from, MIN (due, stretch->to));
  if (until.from < until.to)
    add_stretch (marks, axis, &until, FALSE, point);
  if (beyond.from < beyond.to)
    add_stretch (marks, axis, &beyond, TRUE, point);
}

static void
add_due (GArray *marks, const Axis *axis, gint64 due, double width, double height)
{
  double x = CLAMP ((double) (due - axis->from) * axis->scale, 5, MAX (width - 5, 5));

  bst_marks_add (marks, (BstMark){ .kind = BST_MARK_BOX,
                                   .ink = BST_INK_TEXT,
                                   .x = x - 1,
                                   .width = 2,
                                   .height = height,
                                   .point = -1 });
  bst_marks_add (marks, (BstMark){ .kind = BST_MARK_WEDGE,
                                   .ink = BST_INK_TEXT,
                                   .x = x,
                                   .y = axis->top,
                                   .width = 10,
                                   .height = axis->top,
                                   .point = -1 });
}

static void
add_selected (GArray *marks, const Axis *axis, const BstTurn *turn, double height)
{
  bst_marks_add (marks, (BstMark){ .kind = BST_MARK_BOX,
                                   .ink = BST_INK_TEXT,
                                   .x = (double) (turn->from - axis->from) * axis->scale,
                                   .y = height - 3,
                                   .width = MAX (4, (double) (turn->to - turn->from) * axis->scale),
                                   .height = 3,
                                   .point = -1 });
}

GArray *
bst_clock_marks (GArray *stretches,
                 GArray *turns,
                 gint64 due,
                 int selected,
                 double width,
                 double height)
{
  GArray *marks = bst_marks_new ();
  const BstStretch *all = (const BstStretch *) (gpointer) stretches->data;
  Axis axis = { .top = 7, .height = MAX (height - 12, 4) };
  gint64 to;
  guint turn = 0;

  if (stretches->len == 0)
    return marks;
  axis.from = all[0].from;
  to = all[stretches->len - 1].to;
  if (due != BST_CALENDAR_NEVER)
    to = MAX (to, due);
  axis.scale = width / (double) MAX (to - axis.from, 1);
  bst_marks_add (marks, (BstMark){ .kind = BST_MARK_BOX,
                                   .ink = BST_INK_TRACK,
                                   .y = axis.top,
                                   .width = width,
                                   .height = axis.height,
                                   .point = -1 });
  for (guint i = 0; i < stretches->len; i++)
    {
      while (turn + 1 < turns->len && g_array_index (turns, BstTurn, turn).to <= all[i].from)
        turn++;
      add_cut_at_due (marks, &axis, &all[i], due, (int) turn);
    }
  if (due != BST_CALENDAR_NEVER && due >= axis.from)
    add_due (marks, &axis, due, width, height - 4);
  if (selected >= 0 && (guint) selected < turns->len)
    add_selected (marks, &axis, &g_array_index (turns, BstTurn, (guint) selected), height);
  return marks;
}
