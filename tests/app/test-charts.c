/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Charts: their geometry, what the keyboard and a screen reader get of them, and that they are told apart without colours. */

#include "bst-config.h"

#include <adwaita.h>

#include "bst-bullet-bar.h"
#include "bst-clock-bar.h"
#include "bst-clock.h"
#include "bst-cost-bars.h"
#include "bst-trend-chart.h"

#define DAY (24 * 3600)

static const BstMark *
find_mark (GArray *marks, int point, BstMarkKind kind)
{
  for (guint i = 0; i < marks->len; i++)
    {
      const BstMark *mark = &g_array_index (marks, BstMark, i);

      if (mark->point == point && mark->kind == kind)
        return mark;
    }
  return NULL;
}

static void
test_bullet (void)
{
  g_autoptr (GArray) met = bst_bullet_marks (&(BstBullet){ 97, 95, 100 }, 200, 20);
  g_autoptr (GArray) missed = bst_bullet_marks (&(BstBullet){ 78, 90, 100 }, 200, 20);
  g_autoptr (GArray) none = bst_bullet_marks (&(BstBullet){ -1, -1, 100 }, 200, 20);
  g_autoptr (GArray) flat = bst_bullet_marks (&(BstBullet){ 5, 1, 0 }, 200, 20);
  const BstMark *bar = find_mark (met, 0, BST_MARK_BOX);

  g_assert_cmpfloat (bar->width, ==, 194);
  g_assert_cmpint (bar->fill, ==, BST_FILL_SOLID);
  bar = find_mark (missed, 0, BST_MARK_BOX);
  g_assert_cmpfloat (bar->width, ==, 156);
  g_assert_cmpint (bar->fill, ==, BST_FILL_STRIPES);
  g_assert_null (find_mark (none, 0, BST_MARK_BOX));
  g_assert_cmpint (none->len, ==, 1);
  g_assert_cmpfloat (find_mark (flat, 0, BST_MARK_BOX)->width, ==, 0);
}

static const BstTrendPoint points[] = { { 96, 95, "jan." },
                                        { 88, 95, "feb." },
                                        { -1, 95, "mar." },
                                        { 92, 90, "apr." } };
static const char *const texts[] = { "January 96", "February 88", "March none", "April 92", NULL };

static void
test_trend (void)
{
  g_autoptr (GArray) marks = bst_trend_marks (points, 4, 1, 400, 160, 14);
  const BstMark *met = find_mark (marks, 0, BST_MARK_DOT);
  const BstMark *missed = find_mark (marks, 1, BST_MARK_SQUARE);
  g_autoptr (GArray) nothing = bst_trend_marks (NULL, 0, -1, 400, 160, 14);

  g_assert_nonnull (met);
  g_assert_nonnull (missed);
  g_assert_null (find_mark (marks, 2, BST_MARK_DOT));
  g_assert_null (find_mark (marks, 2, BST_MARK_SQUARE));
  g_assert_nonnull (find_mark (marks, 3, BST_MARK_DOT));
  g_assert_cmpfloat (met->y, <, missed->y); /* better is higher */
  g_assert_cmpfloat (met->x, <, missed->x);
  g_assert_cmpint (bst_marks_at (marks, met->x + 3), ==, 0);
  g_assert_cmpint (bst_marks_at (marks, 399), ==, 3);
  g_assert_cmpint (nothing->len, ==, 0);
  for (guint i = 0; i < marks->len; i++)
    {
      const BstMark *mark = &g_array_index (marks, BstMark, i);

      g_assert_cmpfloat (mark->y, >=, -8);
      g_assert_cmpfloat (mark->y, <=, 160);
      g_assert_cmpfloat (mark->x + MAX (mark->width, 0), <=, 410);
    }
}

/* Two days of work with a closed night, a day of waiting; due in the middle of it. */
static void
make_case (GArray **ret_stretches, GArray **ret_turns)
{
  const BstStretch stretches[] = {
    { 0, DAY / 2, BST_STRETCH_RUNNING, NULL, NULL },
    { DAY / 2, DAY, BST_STRETCH_CLOSED, NULL, NULL },
    { DAY, 2 * DAY, BST_STRETCH_RUNNING, NULL, NULL },
    { 2 * DAY, 3 * DAY, BST_STRETCH_PAUSED, "supplier", NULL },
    { 3 * DAY, 4 * DAY, BST_STRETCH_PAUSED, "orderer", NULL },
  };
  const BstTurn turns[] = {
    { 0, 2 * DAY, 0, BST_STRETCH_RUNNING, NULL, NULL },
    { 2 * DAY, 3 * DAY, 0, BST_STRETCH_PAUSED, "supplier", NULL },
    { 3 * DAY, 4 * DAY, 0, BST_STRETCH_PAUSED, "orderer", NULL },
  };

  *ret_stretches = g_array_new (FALSE, FALSE, sizeof (BstStretch));
  *ret_turns = g_array_new (FALSE, FALSE, sizeof (BstTurn));
  g_array_append_vals (*ret_stretches, stretches, G_N_ELEMENTS (stretches));
  g_array_append_vals (*ret_turns, turns, G_N_ELEMENTS (turns));
}

static void
test_clock (void)
{
  g_autoptr (GArray) stretches = NULL;
  g_autoptr (GArray) turns = NULL;
  g_autoptr (GArray) marks = NULL;
  g_autoptr (GArray) ahead = NULL;

  make_case (&stretches, &turns);
  marks = bst_clock_marks (stretches, turns, 2 * DAY, 1, 400, 34);
  ahead = bst_clock_marks (stretches, turns, 8 * DAY, -1, 400, 34);
  g_assert_cmpfloat (find_mark (marks, 1, BST_MARK_BOX)->x, ==, 200);
  g_assert_cmpfloat (find_mark (marks, 1, BST_MARK_BOX)->width, ==, 100);
  g_assert_cmpint (find_mark (marks, 1, BST_MARK_BOX)->fill, ==, BST_FILL_CROSSED);
  g_assert_cmpint (find_mark (marks, 2, BST_MARK_BOX)->fill, ==, BST_FILL_STRIPES);
  g_assert_cmpint (find_mark (marks, 0, BST_MARK_BOX)->fill, ==, BST_FILL_SOLID);
  g_assert_cmpfloat (find_mark (marks, -1, BST_MARK_WEDGE)->x, ==, 200);
  g_assert_cmpint (bst_marks_at (marks, 250), ==, 1);
  /* What is due later lies ahead: the bar makes room for it. */
  g_assert_cmpfloat (find_mark (ahead, 1, BST_MARK_BOX)->width, ==, 50);
}

/* No two kinds of stretch look alike without colours. */
static void
test_looks_differ (void)
{
  const struct
  {
    BstStretchKind kind;
    const char *waiting_for;
  } kinds[] = {
    { BST_STRETCH_RUNNING, NULL },      { BST_STRETCH_PAUSED, "orderer" },
    { BST_STRETCH_PAUSED, "supplier" }, { BST_STRETCH_PAUSED, "performer" },
    { BST_STRETCH_DELIVERED, NULL },
  };
  guint seen = 0;

  for (guint i = 0; i < G_N_ELEMENTS (kinds); i++)
    {
      BstInk ink;
      BstFill fill;

      bst_clock_look (kinds[i].kind, kinds[i].waiting_for, &ink, &fill);
      g_assert_cmpint (seen & (1U << fill), ==, 0);
      seen |= 1U << fill;
    }
}

/* ---- what a year cost ---- */

static GArray *
cost_marks (GtkWidget *bars, gint64 budget, double width)
{
  g_autoptr (GPtrArray) months =
      g_ptr_array_new_with_free_func ((GDestroyNotify) bst_charge_total_free);
  BstMoney money = { 0 };

  bst_money_init (&money, 900000, "NOK");
  bst_charge_totals_add (months, "2026-04", "once", &money, 1, NULL);
  bst_money_init (&money, 300000, "NOK");
  bst_charge_totals_add (months, "2026-05", "monthly", &money, 1, NULL);
  bst_money_init (&money, budget, "NOK");
  bst_cost_bars_set (BST_COST_BARS (bars), months, 2026, &money, "nb");
  return BST_CHART_GET_CLASS (bars)->marks (BST_CHART (bars), width, 180, 15);
}

static guint
count_marks (GArray *marks, BstMarkKind kind)
{
  guint n = 0;

  for (guint i = 0; i < marks->len; i++)
    n += g_array_index (marks, BstMark, i).kind == kind;
  return n;
}

/* A budget far above what was spent does not press the bars flat; it is said in whole units then, as else. */
static void
test_costs (void)
{
  GtkWidget *bars = g_object_ref_sink (g_object_new (BST_TYPE_COST_BARS, NULL));
  g_autoptr (GArray) near = cost_marks (bars, 12 * 1500000, 640);
  g_autoptr (GArray) far = cost_marks (bars, 12 * 90000000 + 7, 640);
  g_autoptr (GArray) none = cost_marks (bars, 0, 640);
  g_autoptr (GArray) narrow = cost_marks (bars, 0, 150);
  const BstMark *april = find_mark (near, 3, BST_MARK_BOX);
  const BstMark *line = find_mark (near, -1, BST_MARK_DASHES);

  g_assert_cmpint (april->fill, ==, BST_FILL_STRIPES);
  g_assert_cmpfloat (line->y, <, april->y);
  g_assert_cmpstr (find_mark (near, -1, BST_MARK_TEXT)->text, ==, "Budget: 15 000 kr a month");
  g_assert_cmpfloat (find_mark (near, -1, BST_MARK_TEXT)->y, >=, 0);
  april = find_mark (far, 3, BST_MARK_BOX);
  g_assert_null (find_mark (far, -1, BST_MARK_DASHES));
  g_assert_cmpstr (find_mark (far, -1, BST_MARK_TEXT)->text, ==, "Budget: 900 000 kr a month");
  g_assert_cmpfloat (april->height, >, 100);
  g_assert_cmpfloat (april->y, >=, 15);
  g_assert_null (find_mark (none, -1, BST_MARK_TEXT));
  g_assert_cmpuint (count_marks (none, BST_MARK_TEXT), ==, 12);
  g_assert_cmpuint (count_marks (narrow, BST_MARK_TEXT), ==,
                    4); /* the names would lie on each other */
  g_object_unref (bars);
}

/* ---- the size of the words ---- */

#define TEST_TYPE_LINE (test_line_get_type ())
G_DECLARE_FINAL_TYPE (TestLine, test_line, TEST, LINE, BstChart)

/* Keeps the height of a line that it was given. */
struct _TestLine
{
  BstChart parent_instance;
  double line;
};

G_DEFINE_FINAL_TYPE (TestLine, test_line, BST_TYPE_CHART)

static GArray *
test_line_marks (BstChart *chart, double width, double height, double line)
{
  TEST_LINE (chart)->line = line;
  return bst_marks_new ();
}

static void
test_line_class_init (TestLineClass *klass)
{
  BST_CHART_CLASS (klass)->marks = test_line_marks;
}

static void
test_line_init (TestLine *self)
{
}

/* Its words are as large as small words elsewhere, also where all text is twice as large. */
static void
test_words_size (void)
{
  GtkSettings *settings = gtk_settings_get_default ();
  int before;

  g_object_get (settings, "gtk-xft-dpi", &before, NULL);
  for (int scale = 1; scale <= 2; scale++)
    {
      GtkWidget *window = gtk_window_new ();
      GtkWidget *box = gtk_box_new (GTK_ORIENTATION_VERTICAL, 0);
      GtkWidget *label = gtk_label_new ("May");
      TestLine *chart = g_object_new (TEST_TYPE_LINE, NULL);
      int height;

      g_object_set (settings, "gtk-xft-dpi", scale * 96 * 1024, NULL);
      gtk_widget_add_css_class (label, "caption");
      bst_chart_set_size (BST_CHART (chart), 100, 100, 50);
      gtk_box_append (GTK_BOX (box), label);
      gtk_box_append (GTK_BOX (box), GTK_WIDGET (chart));
      gtk_window_set_child (GTK_WINDOW (window), box);
      gtk_window_present (GTK_WINDOW (window));
      while (chart->line == 0)
        g_main_context_iteration (NULL, TRUE);
      gtk_widget_measure (label, GTK_ORIENTATION_VERTICAL, -1, &height, NULL, NULL, NULL);
      g_assert_cmpfloat_with_epsilon (chart->line, height, 2.1);
      gtk_window_destroy (GTK_WINDOW (window));
    }
  g_object_set (settings, "gtk-xft-dpi", before, NULL);
}

static void
press (GtkWidget *widget, guint keyval)
{
  g_autoptr (GListModel) controllers = gtk_widget_observe_controllers (widget);

  for (guint i = 0; i < g_list_model_get_n_items (controllers); i++)
    {
      g_autoptr (GObject) controller = g_list_model_get_item (controllers, i);
      gboolean handled = FALSE;

      if (GTK_IS_EVENT_CONTROLLER_KEY (controller))
        g_signal_emit_by_name (controller, "key-pressed", keyval, 0, 0, &handled);
    }
}

static void
assert_description (GtkWidget *widget, const char *expected)
{
  gtk_test_accessible_assert_property (GTK_ACCESSIBLE (widget), GTK_ACCESSIBLE_PROPERTY_DESCRIPTION,
                                       expected);
}

static void
test_keyboard (void)
{
  GtkWidget *chart = g_object_ref_sink (bst_trend_chart_new ());

  bst_chart_set_words (BST_CHART (chart), "On time by month", "96, 88, none, 92");
  bst_trend_chart_set (BST_TREND_CHART (chart), points, 4, texts);
  gtk_test_accessible_assert_property (GTK_ACCESSIBLE (chart), GTK_ACCESSIBLE_PROPERTY_LABEL,
                                       "On time by month");
  assert_description (chart, "96, 88, none, 92");
  g_assert_true (gtk_widget_get_focusable (chart));
  press (chart, GDK_KEY_Left);
  g_assert_cmpstr (bst_chart_get_selected_text (BST_CHART (chart)), ==, "April 92");
  press (chart, GDK_KEY_Left);
  press (chart, GDK_KEY_Left);
  g_assert_cmpstr (bst_chart_get_selected_text (BST_CHART (chart)), ==, "February 88");
  assert_description (chart, "February 88. 96, 88, none, 92");
  press (chart, GDK_KEY_Home);
  press (chart, GDK_KEY_Left);
  g_assert_cmpint (bst_chart_get_selected (BST_CHART (chart)), ==, 0);
  press (chart, GDK_KEY_End);
  press (chart, GDK_KEY_Right);
  g_assert_cmpint (bst_chart_get_selected (BST_CHART (chart)), ==, 3);
  /* Other numbers: nothing is chosen of them. */
  bst_trend_chart_set (BST_TREND_CHART (chart), points, 2, texts);
  g_assert_cmpint (bst_chart_get_selected (BST_CHART (chart)), ==, -1);
  assert_description (chart, "96, 88, none, 92");
  bst_trend_chart_set (BST_TREND_CHART (chart), NULL, 0, NULL);
  press (chart, GDK_KEY_Left);
  g_assert_cmpint (bst_chart_get_selected (BST_CHART (chart)), ==, -1);
  g_object_unref (chart);
}

/* A bullet bar has one number: it is read, and does not take the focus. */
static void
test_bar_words (void)
{
  GtkWidget *bar = g_object_ref_sink (bst_bullet_bar_new ());

  bst_bullet_bar_set (BST_BULLET_BAR (bar), 78, 90, 100);
  bst_chart_set_words (BST_CHART (bar), "On time: 78 %", "target 90 %");
  assert_description (bar, "target 90 %");
  g_assert_false (gtk_widget_get_focusable (bar));
  g_object_unref (bar);
}

/* What is drawn on paper is there in grey too: every chart leaves ink. */
static void
test_paints (void)
{
  cairo_surface_t *surface = cairo_image_surface_create (CAIRO_FORMAT_A8, 400, 160);
  cairo_t *cr = cairo_create (surface);
  PangoContext *pango = pango_font_map_create_context (pango_cairo_font_map_get_default ());
  g_autoptr (GArray) marks = bst_trend_marks (points, 4, -1, 400, 160, 14);
  BstPalette palette;
  gsize inked = 0;

  bst_palette_for_paper (&palette);
  bst_marks_paint (marks, cr, pango, &palette);
  cairo_surface_flush (surface);
  for (int y = 0; y < 160; y++)
    for (int x = 0; x < 400; x++)
      inked += cairo_image_surface_get_data (
                   surface)[y * cairo_image_surface_get_stride (surface) + x] != 0;
  g_assert_cmpint (cairo_status (cr), ==, CAIRO_STATUS_SUCCESS);
  g_assert_cmpuint (inked, >, 1000);
  g_object_unref (pango);
  cairo_destroy (cr);
  cairo_surface_destroy (surface);
}

int
main (int argc, char **argv)
{
  gtk_test_init (&argc, &argv, NULL);
  adw_init ();
  g_test_add_func ("/charts/bullet", test_bullet);
  g_test_add_func ("/charts/trend", test_trend);
  g_test_add_func ("/charts/clock", test_clock);
  g_test_add_func ("/charts/looks-differ", test_looks_differ);
  g_test_add_func ("/charts/keyboard", test_keyboard);
  g_test_add_func ("/charts/bar-words", test_bar_words);
  g_test_add_func ("/charts/paints", test_paints);
  g_test_add_func ("/charts/costs", test_costs);
  g_test_add_func ("/charts/words-size", test_words_size);
  return g_test_run ();
}
