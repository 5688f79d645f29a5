/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "bst-config.h"

#include "bst-levels-page-private.h"

#include <glib/gi18n.h>

#include "bst-bullet-bar.h"
#include "bst-columns.h"
#include "bst-format.h"
#include "bst-level-words.h"
#include "bst-month.h"
#include "bst-trend-chart.h"
#include "bst-whole-text.h"

#define MAX_UNITS 20

/* The columns of the table of services; widths are shared by the heading and all rows. */
typedef enum
{
  COLUMN_NAME,
  COLUMN_CASES,
  COLUMN_BAR,
  COLUMN_ON_TIME,
  COLUMN_TARGET,
  COLUMN_MEDIAN,
  COLUMN_P90,
  COLUMN_FIRST,
  COLUMN_STARS,
  COLUMN_TREND,
  N_COLUMNS,
} Column;

static const char *const headings[N_COLUMNS] = {
  [COLUMN_NAME] = N_ ("Service"),
  [COLUMN_CASES] = N_ ("Cases"),
  [COLUMN_BAR] = NULL,
  [COLUMN_ON_TIME] = N_ ("On time"),
  [COLUMN_TARGET] = N_ ("Target"),
  [COLUMN_MEDIAN] = N_ ("Median"),
  [COLUMN_P90] = N_ ("90 % within"),
  [COLUMN_FIRST] = N_ ("First time"),
  [COLUMN_STARS] = N_ ("Satisfaction"),
  [COLUMN_TREND] = NULL,
};

/* Pixels that the table must have for the column to be in it; the row's name for screen readers says them all. */
static const int room[N_COLUMNS] = {
  [COLUMN_BAR] = 740,   [COLUMN_P90] = 740,   [COLUMN_FIRST] = 740,
  [COLUMN_STARS] = 520, [COLUMN_TREND] = 740,
};

static gboolean
has_room (BstLevelsPage *self, Column column)
{
  GtkAdjustment *across = gtk_scrolled_window_get_hadjustment (GTK_SCROLLED_WINDOW (self->table));
  double width = gtk_adjustment_get_page_size (across);

  return width <= 0 || width >= room[column] * bst_columns_text_scale (GTK_WIDGET (self));
}

static GtkSizeGroup **
column_groups (BstLevelsPage *self)
{
  GtkSizeGroup **groups = g_object_get_data (G_OBJECT (self->heads), "columns");

  if (groups)
    return groups;
  groups = g_new0 (GtkSizeGroup *, N_COLUMNS);
  for (int i = 0; i < N_COLUMNS; i++)
    {
      groups[i] = gtk_size_group_new (GTK_SIZE_GROUP_HORIZONTAL);
      g_object_set_data_full (G_OBJECT (self->heads),
                              headings[i]       ? headings[i]
                              : i == COLUMN_BAR ? "bar"
                                                : "trend",
                              groups[i], g_object_unref);
    }
  g_object_set_data_full (G_OBJECT (self->heads), "columns", groups, g_free);
  return groups;
}

static void
add_cell (BstLevelsPage *self, GtkWidget *row, Column column, GtkWidget *cell)
{
  gtk_widget_set_margin_start (cell, column == COLUMN_NAME ? 0 : 12);
  gtk_widget_set_hexpand (cell, column == COLUMN_NAME);
  gtk_widget_set_visible (cell, has_room (self, column));
  gtk_size_group_add_widget (column_groups (self)[column], cell);
  gtk_box_append (GTK_BOX (row), cell);
}

static gboolean
fit_cb (gpointer data)
{
  g_autoptr (BstLevelsPage) self = data;

  for (int i = 0; i < N_COLUMNS; i++)
    for (GSList *each = gtk_size_group_get_widgets (column_groups (self)[i]); each;
         each = each->next)
      gtk_widget_set_visible (each->data, has_room (self, (Column) i));
  return G_SOURCE_REMOVE;
}

/* What is allocated cannot be changed before it is. */
static void
width_cb (GtkAdjustment *across, GParamSpec *pspec, BstLevelsPage *self)
{
  g_idle_add (fit_cb, g_object_ref (self));
}

void
bst_levels_page_watch_width (BstLevelsPage *self)
{
  g_signal_connect_object (gtk_scrolled_window_get_hadjustment (GTK_SCROLLED_WINDOW (self->table)),
                           "notify::page-size", G_CALLBACK (width_cb), self, 0);
}

static GtkWidget *
new_text (const char *text, Column column)
{
  GtkWidget *label = gtk_label_new (text);

  gtk_label_set_xalign (GTK_LABEL (label), column == COLUMN_NAME ? 0 : 1);
  if (column == COLUMN_NAME)
    {
      bst_whole_text (label);
      gtk_label_set_width_chars (GTK_LABEL (label), 16);
    }
  else
    gtk_widget_add_css_class (label, "numeric");
  return label;
}

static void
fill_heads (BstLevelsPage *self)
{
  if (gtk_widget_get_first_child (self->heads))
    return;
  for (int i = 0; i < N_COLUMNS; i++)
    add_cell (self, self->heads, (Column) i,
              new_text (headings[i] ? _ (headings[i]) : NULL, (Column) i));
}

static GtkWidget *
new_bar (const BstLevelRow *row, const char *language)
{
  double on_time = bst_level_on_time (&row->level);
  g_autofree char *percent = bst_level_percent_text (on_time, language);
  g_autofree char *target = bst_level_percent_text (row->target, language);
  g_autofree char *label = g_strdup_printf (_ ("On time: %s"), percent);
  g_autofree char *description = g_strdup_printf (_ ("Target: %s"), target);
  GtkWidget *bar = bst_bullet_bar_new ();

  bst_bullet_bar_set (BST_BULLET_BAR (bar), on_time, row->target, 100);
  bst_chart_set_words (BST_CHART (bar), label, description);
  return bar;
}

/* A number that leads to its cases; hidden or missing ones lead nowhere. */
static GtkWidget *
new_figure (BstLevelsPage *self, const BstLevelRow *row, Column column, const char *text)
{
  gboolean cases = column == COLUMN_CASES;
  BstLevelsBehind behind = { .choice = cases ? BST_CASE_CHOICE_ALL : BST_CASE_CHOICE_RATED,
                             .service = row->id };
  /* Translators: a service, a heading ("Cases"), a number. */
  g_autofree char *words = g_strdup_printf (_ ("%s: %s %s"), row->name, _ (headings[column]), text);

  if (cases ? row->level.cases == 0 : row->level.ratings == 0)
    return new_text (text, column);
  return bst_levels_page_new_link (self, text, words, &behind);
}

static GtkWidget *
new_trend (const BstLevelRow *row)
{
  const char *text;
  const char *icon = bst_level_trend_icon (bst_level_on_time (&row->before),
                                           bst_level_on_time (&row->level), &text);
  GtkWidget *image = gtk_image_new_from_icon_name (icon);

  gtk_widget_set_tooltip_text (image, text);
  if (text)
    gtk_accessible_update_property (GTK_ACCESSIBLE (image), GTK_ACCESSIBLE_PROPERTY_LABEL, text,
                                    -1);
  return image;
}

static GtkWidget *
new_service_row (BstLevelsPage *self, const BstLevelRow *row)
{
  const char *language = bst_levels_page_language (self);
  const BstLevel *level = &row->level;
  GtkWidget *list_row = gtk_list_box_row_new ();
  GtkWidget *box = gtk_box_new (GTK_ORIENTATION_HORIZONTAL, 0);
  double on_time = bst_level_on_time (level);
  char *texts[N_COLUMNS] = {
    [COLUMN_NAME] = g_strdup (row->name),
    [COLUMN_CASES] = bst_format_int (level->cases, language),
    [COLUMN_ON_TIME] = bst_level_percent_text (on_time, language),
    [COLUMN_TARGET] = bst_level_percent_text (row->target, language),
    [COLUMN_MEDIAN] = bst_level_range_text (level->median_low, level->median_high, language),
    [COLUMN_P90] = bst_level_range_text (level->p90_low, level->p90_high, language),
    [COLUMN_FIRST] = bst_level_percent_text (bst_level_first_time (level), language),
    [COLUMN_STARS] = bst_level_satisfaction_text (level, language),
  };
  g_autofree char *sentence = bst_level_sentence (row->name, level, row->target, language);

  for (int i = 0; i < N_COLUMNS; i++)
    {
      GtkWidget *cell = i == COLUMN_BAR     ? new_bar (row, language)
                        : i == COLUMN_TREND ? new_trend (row)
                        : i == COLUMN_CASES || i == COLUMN_STARS
                            ? new_figure (self, row, (Column) i, texts[i])
                            : new_text (texts[i], (Column) i);

      if (i == COLUMN_ON_TIME && row->target >= 0 && on_time >= 0 && on_time < row->target)
        gtk_widget_add_css_class (cell, "late");
      add_cell (self, box, (Column) i, cell);
      g_free (texts[i]);
    }
  gtk_widget_add_css_class (box, "level-row");
  gtk_list_box_row_set_child (GTK_LIST_BOX_ROW (list_row), box);
  gtk_accessible_update_property (GTK_ACCESSIBLE (list_row), GTK_ACCESSIBLE_PROPERTY_LABEL,
                                  sentence, -1);
  g_object_set_data_full (G_OBJECT (list_row), "id", g_strdup (row->id), g_free);
  return list_row;
}

static void
show_services (BstLevelsPage *self, const BstLevelData *data)
{
  fill_heads (self);
  bst_levels_page_clear (self->services);
  for (guint i = 0; i < data->services->len; i++)
    gtk_list_box_append (GTK_LIST_BOX (self->services),
                         new_service_row (self, data->services->pdata[i]));
}

/* ---- the head ---- */

static void
show_head (BstLevelsPage *self, const BstLevelData *data)
{
  const char *language = bst_levels_page_language (self);
  double on_time = bst_level_on_time (&data->total);
  g_autofree char *percent = bst_level_percent_text (on_time, language);
  g_autofree char *target = bst_level_percent_text (data->target, language);
  g_autofree char *headline = g_strdup_printf (_ ("%s on time"), percent);
  g_autofree char *counts = bst_level_counts_text (&data->total, language);
  g_autofree char *line = g_strdup_printf (_ ("%s · target %s"), counts, target);
  const char *trend;
  const char *icon = bst_level_trend_icon (bst_level_on_time (&data->before), on_time, &trend);

  gtk_label_set_label (GTK_LABEL (self->headline), headline);
  gtk_label_set_label (GTK_LABEL (self->counts), line);
  gtk_image_set_from_icon_name (GTK_IMAGE (self->trend_icon), icon);
  gtk_widget_set_tooltip_text (self->trend_icon, trend);
  gtk_widget_set_visible (self->trend_icon, icon != NULL);
  bst_bullet_bar_set (BST_BULLET_BAR (self->bullet), on_time, data->target, 100);
  bst_chart_set_words (BST_CHART (self->bullet), headline, line);
  bst_page_set_subtitle (BST_PAGE (self), data->service_name);
}

static void
show_change (BstLevelsPage *self, const BstLevelData *data)
{
  const char *language = bst_levels_page_language (self);
  g_autofree char *before = bst_month_add (data->to, -1);
  g_autofree char *month = before ? bst_format_month (before, language) : NULL;
  g_autofree char *text = data->has_change && month
                              ? bst_level_change_text (&data->change, data->change_service, month)
                              : NULL;

  gtk_label_set_label (GTK_LABEL (self->change), text ? text : "");
  gtk_widget_set_visible (self->change, text != NULL);
}

/* ---- months ---- */

static void
attach (GtkWidget *grid, int column, int row, const char *text, gboolean heading)
{
  GtkWidget *label = gtk_label_new (text);

  gtk_label_set_xalign (GTK_LABEL (label), column == 0 ? 0 : 1);
  gtk_widget_add_css_class (label, heading ? "caption-heading" : "caption");
  gtk_widget_add_css_class (label, "numeric");
  gtk_grid_attach (GTK_GRID (grid), label, column, row, 1, 1);
}

static void
add_month (BstLevelsPage *self, const BstLevelMonth *month, int row, GStrvBuilder *texts)
{
  const char *language = bst_levels_page_language (self);
  g_autofree char *name = bst_format_month (month->month, language);
  g_autofree char *cases = bst_format_int (month->level.cases, language);
  g_autofree char *on_time = bst_level_percent_text (bst_level_on_time (&month->level), language);
  g_autofree char *target = bst_level_percent_text (month->target, language);
  g_autofree char *text =
      g_strdup_printf (_ ("%s: %s on time, target %s, cases %s"), name, on_time, target, cases);
  const char *const cells[] = { name, cases, on_time, target };

  for (int i = 0; i < (int) G_N_ELEMENTS (cells); i++)
    attach (self->months, i, row, cells[i], FALSE);
  g_strv_builder_add (texts, text);
}

static void
show_months (BstLevelsPage *self, const BstLevelData *data)
{
  const char *language = bst_levels_page_language (self);
  const char *const heads[] = { _ ("Month"), _ ("Cases"), _ ("On time"), _ ("Target") };
  g_autoptr (GStrvBuilder) builder = g_strv_builder_new ();
  g_auto (GStrv) texts = NULL;
  g_autofree char *all = NULL;
  BstTrendPoint points[BST_LEVEL_TREND];

  bst_levels_page_clear (self->months);
  for (int i = 0; i < (int) G_N_ELEMENTS (heads); i++)
    attach (self->months, i, 0, heads[i], TRUE);
  for (guint i = 0; i < data->months->len; i++)
    {
      const BstLevelMonth *month = data->months->pdata[i];

      points[i] = (BstTrendPoint){ bst_level_on_time (&month->level), month->target,
                                   bst_format_month_brief (month->month, language) };
      add_month (self, month, (int) i + 1, builder);
    }
  texts = g_strv_builder_end (builder);
  all = g_strjoinv (". ", texts);
  bst_trend_chart_set (BST_TREND_CHART (self->trend), points, data->months->len,
                       (const char *const *) texts);
  bst_chart_set_words (BST_CHART (self->trend), _ ("On time, by month"), all);
}

/* ---- units and channels ---- */

static GtkWidget *
new_count_row (const BstLevelRow *row,
               const char *name,
               gint64 most,
               GtkSizeGroup *numbers,
               const char *language)
{
  g_autofree char *cases = bst_format_int (row->level.cases, language);
  g_autofree char *words = g_strdup_printf (_ ("Cases: %s"), cases);
  g_autofree char *all = g_strdup_printf ("%s, %s", name, words);
  GtkWidget *list_row = gtk_list_box_row_new ();
  GtkWidget *box = gtk_box_new (GTK_ORIENTATION_HORIZONTAL, 12);
  GtkWidget *label = gtk_label_new (name);
  GtkWidget *number = gtk_label_new (cases);
  GtkWidget *bar = bst_bullet_bar_new ();

  gtk_label_set_xalign (GTK_LABEL (label), 0);
  bst_whole_text (label);
  gtk_widget_set_hexpand (label, TRUE);
  gtk_label_set_xalign (GTK_LABEL (number), 1);
  gtk_widget_add_css_class (number, "numeric");
  gtk_size_group_add_widget (numbers, number);
  bst_bullet_bar_set (BST_BULLET_BAR (bar), (double) row->level.cases, -1, (double) most);
  bst_chart_set_words (BST_CHART (bar), name, words);
  gtk_widget_add_css_class (box, "level-row");
  gtk_box_append (GTK_BOX (box), label);
  gtk_box_append (GTK_BOX (box), bar);
  gtk_box_append (GTK_BOX (box), number);
  gtk_list_box_row_set_child (GTK_LIST_BOX_ROW (list_row), box);
  gtk_accessible_update_property (GTK_ACCESSIBLE (list_row), GTK_ACCESSIBLE_PROPERTY_LABEL, all,
                                  -1);
  g_object_set_data_full (G_OBJECT (list_row), "id", g_strdup (row->id), g_free);
  return list_row;
}

static void
show_counts (BstLevelsPage *self,
             GtkWidget *box,
             GtkWidget *list,
             GPtrArray *rows,
             gboolean channels)
{
  g_autoptr (GtkSizeGroup) numbers = gtk_size_group_new (GTK_SIZE_GROUP_HORIZONTAL);
  gint64 most = 1;

  bst_levels_page_clear (list);
  gtk_widget_set_visible (box, rows->len > 0);
  for (guint i = 0; i < rows->len; i++)
    most = MAX (most, ((BstLevelRow *) rows->pdata[i])->level.cases);
  for (guint i = 0; i < rows->len && i < MAX_UNITS; i++)
    {
      const BstLevelRow *row = rows->pdata[i];
      const char *name = channels ? bst_level_channel_text (row->id) : row->name;

      gtk_list_box_append (GTK_LIST_BOX (list), new_count_row (row, name, most, numbers,
                                                               bst_levels_page_language (self)));
    }
}

void
bst_levels_page_show_results (BstLevelsPage *self, const BstLevelData *data)
{
  show_head (self, data);
  show_change (self, data);
  show_services (self, data);
  show_months (self, data);
  show_counts (self, self->units_box, self->units, data->units, FALSE);
  show_counts (self, self->channels_box, self->channels, data->channels, TRUE);
}
