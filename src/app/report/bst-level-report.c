/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "bst-config.h"

#include "bst-level-report.h"

#include <glib/gi18n.h>

#include "bst-format.h"
#include "bst-level-words.h"
#include "bst-month.h"
#include "bst-order-words.h"
#include "bst-report-paper.h"
#include "bst-text.h"

#define TREND_HEIGHT 150.0
#define BAR          2 /* column of the bars */
#define MOST_NAMED   5 /* services in the summary */

typedef struct
{
  const BstLevelData *data;
  BstReport *report;
  GTimeZone *zone;
  const char *language;
} Writing;

char *
bst_level_report_period (const BstLevelData *data, const char *language)
{
  g_autofree char *from = bst_format_month (data->from, language);
  g_autofree char *to = bst_format_month (data->to, language);

  return g_strcmp0 (from, to) == 0 ? g_steal_pointer (&from) : g_strconcat (from, " – ", to, NULL);
}

char *
bst_level_report_title (const BstLevelData *data, const char *language)
{
  g_autofree char *period = bst_level_report_period (data, language);

  return g_strdup_printf (_ ("Service level review, %s"), period);
}

/* ---- title and summary ---- */

/* As a line begins: months are written small in Danish and Norwegian. */
static char *
capitalise (const char *text)
{
  const char *rest = g_utf8_find_next_char (text, NULL);
  g_autofree char *first = g_utf8_strup (text, rest - text);

  return g_strconcat (first, rest, NULL);
}

static void
write_title (const Writing *w, gint64 now)
{
  const BstLevelData *data = w->data;
  g_autofree char *months = bst_level_report_period (data, w->language);
  g_autofree char *period = capitalise (months);
  g_autofree char *day = bst_format_instant_date (now, w->zone, BST_DATE_MEDIUM, w->language);
  g_autofree char *made = g_strdup_printf (_ ("%s · made on %s"), period, day);

  bst_report_add_text (w->report, BST_REPORT_TITLE, _ ("Service level review"));
  bst_report_add_text (w->report, BST_REPORT_SUBTITLE, data->unit_name);
  if (data->service_name)
    bst_report_add_text (w->report, BST_REPORT_SUBTITLE, data->service_name);
  bst_report_add_text (w->report, BST_REPORT_SUBTITLE, made);
}

static char *
against_before (const Writing *w)
{
  g_autofree char *before =
      bst_level_percent_text (bst_level_on_time (&w->data->before), w->language);
  const char *trend;

  if (!bst_level_trend_icon (bst_level_on_time (&w->data->before),
                             bst_level_on_time (&w->data->total), &trend))
    return NULL;
  return g_strdup_printf ("%s: %s.", trend, before);
}

static gboolean
has_targets (const BstLevelData *data)
{
  for (guint i = 0; i < data->services->len; i++)
    if (((const BstLevelRow *) data->services->pdata[i])->target >= 0)
      return TRUE;
  return FALSE;
}

/* The most breached cases first. */
static int
compare_breached (gconstpointer a, gconstpointer b)
{
  const BstLevelRow *one = *(const BstLevelRow *const *) a;
  const BstLevelRow *other = *(const BstLevelRow *const *) b;

  if (one->level.breached != other->level.breached)
    return one->level.breached > other->level.breached ? -1 : 1;
  return g_utf8_collate (one->name, other->name);
}

/* (element-type BstLevelRow) */
static GPtrArray *
find_below (const BstLevelData *data)
{
  GPtrArray *found = g_ptr_array_new ();

  for (guint i = 0; i < data->services->len; i++)
    {
      BstLevelRow *row = data->services->pdata[i];
      double on_time = bst_level_on_time (&row->level);

      if (row->target >= 0 && on_time >= 0 && on_time < row->target)
        g_ptr_array_add (found, row);
    }
  g_ptr_array_sort (found, compare_breached);
  return found;
}

/* The worst by name; the table has them all. */
static char *
below_target (const Writing *w)
{
  g_autoptr (GPtrArray) found = find_below (w->data);
  g_autoptr (GString) names = g_string_new (NULL);

  if (!has_targets (w->data))
    return g_strdup (_ ("No target has been agreed on for these services."));
  if (found->len == 0)
    return g_strdup (_ ("No service was below its target."));
  for (guint i = 0; i < MIN (found->len, MOST_NAMED); i++)
    {
      const BstLevelRow *row = found->pdata[i];
      g_autofree char *percent =
          bst_level_percent_text (bst_level_on_time (&row->level), w->language);
      g_autofree char *target = bst_level_percent_text (row->target, w->language);

      g_string_append (names, names->len > 0 ? "; " : "");
      /* Translators: a service, its result, its target. */
      g_string_append_printf (names, _ ("%s (%s of %s)"), row->name, percent, target);
    }
  if (found->len <= MOST_NAMED)
    return g_strdup_printf (_ ("Below target: %s."), names->str);
  /* Translators: how many services; those with the most breached cases, with their results. */
  return g_strdup_printf (ngettext ("%u service was below its target, most of all: %s.",
                                    "%u services were below their targets, most of all: %s.",
                                    found->len),
                          found->len, names->str);
}

/* "412 of 430 on time: 95.8 %. Target: 95 %." */
static char *
result_text (const Writing *w)
{
  const BstLevelData *data = w->data;
  g_autofree char *percent = bst_level_percent_text (bst_level_on_time (&data->total), w->language);
  g_autofree char *target = bst_level_percent_text (data->target, w->language);
  g_autofree char *counts = bst_level_counts_text (&data->total, w->language);

  return data->target >= 0 ? g_strdup_printf (_ ("%s: %s. Target: %s."), counts, percent, target)
                           : g_strdup_printf ("%s: %s.", counts, percent);
}

/* What changed from month to month. Where the report is of several, it is said of which. */
static char *
change_text (const Writing *w)
{
  const BstLevelData *data = w->data;
  g_autofree char *before = bst_month_add (data->to, -1);
  g_autofree char *name = before ? bst_format_month (before, w->language) : NULL;
  g_autofree char *month = bst_format_month (data->to, w->language);
  g_autofree char *last = capitalise (month);
  g_autofree char *change = NULL;

  if (!data->has_change || !name)
    return NULL;
  change = bst_level_change_text (&data->change, data->change_service, name);
  if (g_strcmp0 (data->from, data->to) == 0)
    return g_steal_pointer (&change);
  return g_strdup_printf ("%s: %s", last, change);
}

static void
write_summary (const Writing *w)
{
  const BstLevelData *data = w->data;
  g_autofree char *result = result_text (w);
  g_autofree char *before = against_before (w);
  g_autofree char *below = below_target (w);
  g_autofree char *first =
      bst_level_percent_text (bst_level_first_time (&data->total), w->language);
  g_autofree char *stars = bst_level_satisfaction_text (&data->total, w->language);
  g_autofree char *other =
      g_strdup_printf (_ ("Right first time: %s. Satisfaction: %s."), first, stars);
  g_autofree char *change = change_text (w);
  BstBullet bar = { bst_level_on_time (&data->total), data->target, 100 };

  bst_report_add_text (w->report, BST_REPORT_HEADING, _ ("In short"));
  bst_report_add_text (w->report, BST_REPORT_TEXT, result);
  bst_report_add_chart (w->report, bst_bullet_marks (&bar, bst_report_width (w->report), 16), 16);
  if (before)
    bst_report_add_text (w->report, BST_REPORT_TEXT, before);
  bst_report_add_text (w->report, BST_REPORT_TEXT, below);
  bst_report_add_text (w->report, BST_REPORT_TEXT, other);
  if (change)
    bst_report_add_text (w->report, BST_REPORT_TEXT, change);
}

/* ---- results ---- */

/* In a column, decimal signs stand below each other: "90.0%". */
static char *
share_text (double percent, const char *language)
{
  return percent < 0 ? bst_level_percent_text (percent, language)
                     : bst_format_percent (percent, 1, language);
}

static void
write_services (const Writing *w)
{
  const BstReportColumn columns[] = {
    { _ ("Service"), 0.22, FALSE },
    { _ ("Cases"), 0.085, TRUE },
    { NULL, 0.095, FALSE },
    { _ ("On time"), 0.09, TRUE },
    { _ ("Target"), 0.07, TRUE },
    { _ ("Median"), 0.115, TRUE },
    { _ ("90 % within"), 0.12, TRUE },
    { _ ("First time"), 0.09, TRUE },
    { _ ("Satisfaction"), 0.115, TRUE },
  };

  bst_report_add_text (w->report, BST_REPORT_HEADING, _ ("Result by service"));
  bst_report_begin_table (w->report, columns, G_N_ELEMENTS (columns));
  for (guint i = 0; i < w->data->services->len; i++)
    {
      const BstLevelRow *row = w->data->services->pdata[i];
      const BstLevel *level = &row->level;
      BstBullet bar = { bst_level_on_time (level), row->target, 100 };
      g_autofree char *cases = bst_format_int (level->cases, w->language);
      g_autofree char *on_time = share_text (bar.value, w->language);
      g_autofree char *target = bst_level_percent_text (row->target, w->language);
      g_autofree char *median =
          bst_level_range_text (level->median_low, level->median_high, w->language);
      g_autofree char *p90 = bst_level_range_text (level->p90_low, level->p90_high, w->language);
      g_autofree char *first = share_text (bst_level_first_time (level), w->language);
      g_autofree char *stars = bst_level_satisfaction_text (level, w->language);
      const char *const texts[] = { row->name, cases, NULL,  on_time, target,
                                    median,    p90,   first, stars };

      bst_report_add_row (w->report, texts, &bar, BAR);
    }
}

static void
write_months (const Writing *w)
{
  const BstReportColumn columns[] = { { _ ("Month"), 0.4, FALSE },
                                      { _ ("Cases"), 0.2, TRUE },
                                      { _ ("On time"), 0.2, TRUE },
                                      { _ ("Target"), 0.2, TRUE } };
  BstTrendPoint points[BST_LEVEL_TREND];

  for (guint i = 0; i < w->data->months->len; i++)
    {
      const BstLevelMonth *month = w->data->months->pdata[i];

      points[i] = (BstTrendPoint){ bst_level_on_time (&month->level), month->target,
                                   bst_format_month_brief (month->month, w->language) };
    }
  bst_report_add_text (w->report, BST_REPORT_HEADING, _ ("On time, by month"));
  bst_report_add_chart (w->report,
                        bst_trend_marks (points, w->data->months->len, -1,
                                         bst_report_width (w->report), TREND_HEIGHT,
                                         bst_report_line (w->report)),
                        TREND_HEIGHT);
  bst_report_add_text (w->report, BST_REPORT_NOTE,
                       _ ("Dashed: the target. Round: met. Square: not met."));
  bst_report_begin_table (w->report, columns, G_N_ELEMENTS (columns));
  for (guint i = 0; i < w->data->months->len; i++)
    {
      const BstLevelMonth *month = w->data->months->pdata[i];
      g_autofree char *name = bst_format_month (month->month, w->language);
      g_autofree char *cases = bst_format_int (month->level.cases, w->language);
      g_autofree char *on_time = share_text (points[i].value, w->language);
      g_autofree char *target = share_text (month->target, w->language);
      const char *const texts[] = { name, cases, on_time, target };

      bst_report_add_row (w->report, texts, NULL, -1);
    }
}

static void
write_counts (const Writing *w,
              const char *heading,
              const char *what,
              GPtrArray *rows,
              gboolean channels)
{
  const BstReportColumn columns[] = { { what, 0.5, FALSE },
                                      { _ ("Cases"), 0.2, TRUE },
                                      { NULL, 0.3, FALSE } };
  gint64 most = 1;

  if (rows->len == 0)
    return;
  for (guint i = 0; i < rows->len; i++)
    most = MAX (most, ((BstLevelRow *) rows->pdata[i])->level.cases);
  bst_report_add_text (w->report, BST_REPORT_HEADING, heading);
  bst_report_begin_table (w->report, columns, G_N_ELEMENTS (columns));
  for (guint i = 0; i < rows->len; i++)
    {
      const BstLevelRow *row = rows->pdata[i];
      BstBullet bar = { (double) row->level.cases, -1, (double) most };
      g_autofree char *cases = bst_format_int (row->level.cases, w->language);
      const char *const texts[] = { channels ? bst_level_channel_text (row->id) : row->name, cases,
                                    NULL };

      bst_report_add_row (w->report, texts, &bar, BAR);
    }
}

/* ---- cases ---- */

static void
write_late (const Writing *w)
{
  const BstReportColumn columns[] = {
    { _ ("Number"), 0.13, FALSE }, { _ ("Order"), 0.28, FALSE }, { _ ("Due"), 0.185, FALSE },
    { _ ("Late"), 0.115, TRUE },   { _ ("Why"), 0.29, FALSE },
  };
  g_autofree char *heading = NULL;

  if (w->data->late->len == 0)
    {
      bst_report_add_text (w->report, BST_REPORT_HEADING, _ ("Breached cases"));
      bst_report_add_text (w->report, BST_REPORT_TEXT, _ ("No case was breached."));
      return;
    }
  heading =
      g_strdup_printf (ngettext ("Breached cases (%d)", "Breached cases (%d)", w->data->late->len),
                       (int) w->data->late->len);
  bst_report_add_text (w->report, BST_REPORT_HEADING, heading);
  bst_report_begin_table (w->report, columns, G_N_ELEMENTS (columns));
  for (guint i = 0; i < w->data->late->len; i++)
    {
      const BstCaseView *view = w->data->late->pdata[i];
      g_autofree char *due =
          bst_format_moment (view->sla.due, w->zone, BST_DATE_SHORT, w->language);
      g_autofree char *late = bst_level_time_text (view->late, w->language);
      const char *const texts[] = { bst_doc_get_string (view->request, "number"),
                                    bst_order_title (view->request), due, late,
                                    bst_level_cause_text (view->cause) };

      bst_report_add_row (w->report, texts, NULL, -1);
    }
}

static void
write_terms (const Writing *w)
{
  static const struct
  {
    const char *term;
    const char *text;
  } terms[] = {
    { N_ ("Case"), N_ ("One line of an order. It counts in the month in which it was delivered, or "
                       "in which it fell due when it is still not delivered.") },
    { N_ ("On time"), N_ ("Delivered by what was promised. The clock runs in opening hours only, "
                          "and stands while the orderer or a supplier is waited for.") },
    { N_ ("Target"), N_ ("The share of cases that shall be on time, as agreed. For all services "
                         "together it is weighted by their cases.") },
    { N_ ("Median"), N_ ("Half of the cases took no longer. Counted in opening time; a working day "
                         "(d) is eight hours.") },
    { N_ ("90 % within"), N_ ("Nine out of ten cases took no longer.") },
    { N_ ("First time"), N_ ("The share of deliveries that were not disputed.") },
    { N_ ("Satisfaction"), N_ ("The mean of the stars, 1 to 5, and how many rated. Fewer than five "
                               "ratings are not shown.") },
  };

  bst_report_add_text (w->report, BST_REPORT_HEADING, _ ("What the terms mean"));
  for (guint i = 0; i < G_N_ELEMENTS (terms); i++)
    bst_report_add_term (w->report, _ (terms[i].term), _ (terms[i].text));
}

BstReport *
bst_level_report_new (const BstLevelData *data,
                      PangoContext *pango,
                      double width,
                      double height,
                      GTimeZone *zone,
                      const char *language,
                      gint64 now)
{
  g_autofree char *title = bst_level_report_title (data, language);
  g_autofree char *footer = g_strdup_printf ("%s · %s", title, data->unit_name);
  BstReport *report = bst_report_new (pango, width, height, footer);
  const Writing w = { data, report, zone, language };

  write_title (&w, now);
  write_summary (&w);
  write_services (&w);
  write_months (&w);
  write_counts (&w, _ ("Cases by unit"), _ ("Unit"), data->units, FALSE);
  write_counts (&w, _ ("Cases by how they came"), _ ("Way in"), data->channels, TRUE);
  write_late (&w);
  write_terms (&w);
  return report;
}

typedef struct
{
  const BstLevelData *data;
  GTimeZone *zone;
  const char *language;
  gint64 now;
} Saving;

static BstReport *
make_report (PangoContext *pango, double width, double height, gpointer data)
{
  const Saving *saving = data;

  return bst_level_report_new (saving->data, pango, width, height, saving->zone, saving->language,
                               saving->now);
}

gboolean
bst_level_report_save_pdf (const BstLevelData *data,
                           const char *path,
                           GTimeZone *zone,
                           const char *language,
                           gint64 now,
                           GError **error)
{
  Saving saving = { data, zone, language, now };
  g_autofree char *title = bst_level_report_title (data, language);

  return bst_report_save_pdf (path, title, make_report, &saving, error);
}
