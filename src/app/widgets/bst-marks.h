/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gtk/gtk.h>

#include "bst-sla.h"

G_BEGIN_DECLS

/*
 * Charts as lists of marks: boxes, lines, dots and words at their places, in the chart's own coordinates. The same marks are
 * painted in a widget and on paper. Nothing is told by colour alone: what is good is filled, what is not is striped or hollow.
 */

typedef enum
{
  BST_MARK_BOX,
  BST_MARK_LINE,   /* from (x, y) to (x + width, y + height) */
  BST_MARK_DASHES, /* the same, dashed */
  BST_MARK_DOT,    /* round, @width across, around (x, y) */
  BST_MARK_SQUARE, /* the same, square */
  BST_MARK_WEDGE,  /* a triangle that points down to (x, y) */
  BST_MARK_TEXT,   /* @text with its top at y, and @align of its width left of x */
} BstMarkKind;

/** BstInk: what a mark is for; the colours are chosen where it is painted. */
typedef enum
{
  BST_INK_TEXT,
  BST_INK_DIM,
  BST_INK_TRACK, /* what something lies on */
  BST_INK_GOOD,
  BST_INK_BAD,
  BST_INK_RUNNING,  /* the performer's turn */
  BST_INK_ORDERER,  /* waited for the orderer */
  BST_INK_SUPPLIER, /* waited for a supplier */
  BST_INK_RECEIVER, /* delivered, with the receiver */
  BST_N_INKS,
} BstInk;

typedef enum
{
  BST_FILL_SOLID,
  BST_FILL_STRIPES,
  BST_FILL_CROSSED,
  BST_FILL_DOTTED,
  BST_FILL_HOLLOW,
} BstFill;

/** BstMark: @point: which of the chart's points it belongs to; -1: none. @text: owned by the list. */
typedef struct
{
  BstMarkKind kind;
  BstInk ink;
  BstFill fill;
  double x;
  double y;
  double width;
  double height;
  double align;
  int point;
  char *text;
} BstMark;

/** BstPalette: a colour for every ink. */
typedef struct
{
  GdkRGBA inks[BST_N_INKS];
} BstPalette;

/** bst_palette_for_screen: follows dark and high contrast. */
void bst_palette_for_screen (BstPalette *ret_palette);

/** bst_palette_for_paper: dark inks on white, that can be told apart in grey. */
void bst_palette_for_paper (BstPalette *ret_palette);

/** bst_marks_paint: @pango: with the font of the words; in its units @cr is scaled. */
void bst_marks_paint (GArray *marks, cairo_t *cr, PangoContext *pango, const BstPalette *palette);

/** bst_marks_at: the point of the mark nearest to @x; -1 when there are no points. */
int bst_marks_at (GArray *marks, double x);

/* ---- the geometry of each chart: @width × @height, @line is the height of a line of words. (transfer full) (element-type BstMark) ---- */

/** BstBullet: @value and @target in percent of @max; negative: there is none. */
typedef struct
{
  double value;
  double target;
  double max;
} BstBullet;

GArray *bst_bullet_marks (const BstBullet *bullet, double width, double height);

/** BstTrendPoint: @value, @target: 0 … 100; negative: none. @label: under the point; borrowed. */
typedef struct
{
  double value;
  double target;
  const char *label;
} BstTrendPoint;

/** bst_trend_marks: @selected: -1: none. */
GArray *bst_trend_marks (const BstTrendPoint *points,
                         guint n_points,
                         int selected,
                         double width,
                         double height,
                         double line);

/**
 * bst_clock_marks:
 * @stretches: (element-type BstStretch): of bst_sla_explain()
 * @turns: (element-type BstTurn): the same, joined: the points
 * @due: UTC seconds; %BST_CALENDAR_NEVER: none
 */
GArray *bst_clock_marks (GArray *stretches,
                         GArray *turns,
                         gint64 due,
                         int selected,
                         double width,
                         double height);

/** bst_clock_look: how a stretch is painted; also for legends. */
void
bst_clock_look (BstStretchKind kind, const char *waiting_for, BstInk *ret_ink, BstFill *ret_fill);

/** bst_marks_new, bst_marks_add: for geometry. */
GArray *bst_marks_new (void);
void bst_marks_add (GArray *marks, BstMark mark);

G_END_DECLS
