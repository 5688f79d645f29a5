/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "bst-marks.h"

G_BEGIN_DECLS

/*
 * A chart: painted from marks, in the colours of the desktop. Its numbers are in its accessible description. One that has
 * points takes the focus: Left, Right, Home and End move over them, and the point is said in words (selected-text, and to
 * screen readers). Main thread.
 *
 * Properties: "selected" (int, -1: none), "selected-text" (string, read-only: "" when none).
 * Signal ::activate (int): Enter on a point, or a double click: what is behind it is asked for.
 */
#define BST_TYPE_CHART (bst_chart_get_type ())
G_DECLARE_DERIVABLE_TYPE (BstChart, bst_chart, BST, CHART, GtkWidget)

struct _BstChartClass
{
  GtkWidgetClass parent_class;

  /* (transfer full): for this size; @line is the height of a line of words */
  GArray *(*marks) (BstChart *chart, double width, double height, double line);
  /* What the point at @point says. (transfer full). NULL in the class: a chart without points. */
  char *(*point_text) (BstChart *chart, guint point);
  guint (*n_points) (BstChart *chart);
};

int bst_chart_get_selected (BstChart *chart);
void bst_chart_select (BstChart *chart, int point);
const char *bst_chart_get_selected_text (BstChart *chart);

/** bst_chart_set_words: what a screen reader says: what it is, and its numbers. */
void bst_chart_set_words (BstChart *chart, const char *label, const char *description);

/** bst_chart_set_size: in pixels at normal text size; larger with larger text. */
void bst_chart_set_size (BstChart *chart, int minimum_width, int natural_width, int height);

/** bst_chart_say_in: @label shows what the chosen point says, and is there only while one is chosen. */
void bst_chart_say_in (BstChart *chart, GtkWidget *label);

/** bst_chart_changed: for classes: it shows other numbers now. */
void bst_chart_changed (BstChart *chart);

G_END_DECLS
