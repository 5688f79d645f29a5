/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "bst-config.h"

#include "bst-level-export.h"

#include <glib/gi18n.h>

#include "bst-date.h"
#include "bst-format.h"
#include "bst-level-words.h"
#include "bst-order-words.h"
#include "bst-request.h"
#include "bst-text.h"

typedef struct
{
  const char *heading;
  BstCellKind kind;
  guint decimals;
} Column;

static BstTable *
new_table (BstPage *page, const char *title, const Column *columns, gsize n_columns)
{
  BstTable *table = bst_table_new_for_page (page, title);

  for (gsize i = 0; i < n_columns; i++)
    bst_table_add_column (table, _ (columns[i].heading), columns[i].kind, columns[i].decimals);
  return table;
}

/* ---- results ---- */

static void
add_share (BstTable *table, double percent)
{
  if (percent < 0)
    bst_table_add_empty (table);
  else
    bst_table_add_number (table, percent);
}

static void
add_time (BstTable *table, gint64 seconds)
{
  if (seconds < 0)
    bst_table_add_empty (table);
  else
    bst_table_add_duration (table, seconds);
}

/* A median of several months has two ends; both have a column. */
static void
add_level (BstTable *table, const char *by, const char *name, const BstLevel *level, double target)
{
  bst_table_add_text (table, by);
  bst_table_add_text (table, name);
  bst_table_add_number (table, (double) level->cases);
  bst_table_add_number (table, (double) level->met);
  bst_table_add_number (table, (double) level->breached);
  add_share (table, bst_level_on_time (level));
  add_share (table, target);
  add_time (table, level->median_low);
  add_time (table, level->median_high);
  add_time (table, level->p90_low);
  add_time (table, level->p90_high);
  add_share (table, bst_level_first_time (level));
  add_share (table, bst_level_satisfaction (level));
  if (level->ratings > 0)
    bst_table_add_number (table, (double) level->ratings);
  else
    bst_table_add_empty (table);
}

static void
add_rows (BstTable *table, const char *by, GPtrArray *rows)
{
  for (guint i = 0; i < rows->len; i++)
    {
      const BstLevelRow *row = rows->pdata[i];

      add_level (table, by, row->name, &row->level, row->target);
    }
}

static void
add_months (BstTable *table, GPtrArray *months, const char *language)
{
  for (guint i = 0; i < months->len; i++)
    {
      const BstLevelMonth *month = months->pdata[i];
      g_autofree char *name = bst_format_month (month->month, language);

      add_level (table, _ ("Month"), name, &month->level, month->target);
    }
}

/* Of a way in only the cases are known. */
static void
add_channels (BstTable *table, GPtrArray *channels)
{
  for (guint i = 0; i < channels->len; i++)
    {
      const BstLevelRow *row = channels->pdata[i];

      bst_table_add_text (table, _ ("Way in"));
      bst_table_add_text (table, bst_level_channel_text (row->id));
      bst_table_add_number (table, (double) row->level.cases);
      for (int rest = 0; rest < 11; rest++)
        bst_table_add_empty (table);
    }
}

void
bst_export_levels (BstPage *page, const BstLevelData *data, BstTableFormat format)
{
  static const Column columns[] = {
    { N_ ("Added up by"), BST_CELL_TEXT, 0 },
    { N_ ("Name"), BST_CELL_TEXT, 0 },
    { N_ ("Cases"), BST_CELL_NUMBER, 0 },
    { N_ ("Met"), BST_CELL_NUMBER, 0 },
    { N_ ("Breached"), BST_CELL_NUMBER, 0 },
    { N_ ("On time"), BST_CELL_PERCENT, 1 },
    { N_ ("Target"), BST_CELL_PERCENT, 1 },
    { N_ ("Median, lowest month"), BST_CELL_DURATION, 0 },
    { N_ ("Median, highest month"), BST_CELL_DURATION, 0 },
    { N_ ("90 % within, lowest month"), BST_CELL_DURATION, 0 },
    { N_ ("90 % within, highest month"), BST_CELL_DURATION, 0 },
    { N_ ("First time"), BST_CELL_PERCENT, 1 },
    { N_ ("Satisfaction"), BST_CELL_NUMBER, 1 },
    { N_ ("Ratings"), BST_CELL_NUMBER, 0 },
  };
  g_autoptr (BstTable) table =
      new_table (page, _ ("Service levels"), columns, G_N_ELEMENTS (columns));

  add_rows (table, _ ("Service"), data->services);
  add_months (table, data->months, bst_session_get_language (bst_page_get_session (page)));
  add_rows (table, _ ("Unit"), data->units);
  add_channels (table, data->channels);
  bst_table_export (page, table, format);
}

/* ---- breached cases ---- */

static void
add_instant (BstTable *table, gint64 instant)
{
  g_autofree char *text = instant > 0 ? bst_instant_format (instant) : NULL;

  bst_table_add_instant (table, text);
}

static void
add_case (BstTable *table, const BstCaseView *view, BstSession *session)
{
  const char *language = bst_session_get_language (session);
  BstOrg *org = bst_session_get_org (session);
  const char *unit = bst_doc_get_string (view->request, "unit");
  const char *name = org && unit ? bst_org_unit_name (org, unit) : NULL;
  g_autoptr (GVariant) line = bst_request_line (view->request, view->line);

  bst_table_add_text (table, bst_doc_get_string (view->request, "number"));
  bst_table_add_text (table, bst_order_title (view->request));
  bst_table_add_text (table, line ? bst_text_pick (line, "name", language) : NULL);
  bst_table_add_text (table, name ? name : unit);
  bst_table_add_instant (table, bst_doc_get_string (view->request, "submittedAt"));
  add_instant (table, view->sla.due);
  bst_table_add_duration (table, view->late);
  bst_table_add_text (table, bst_level_cause_text (view->cause));
}

void
bst_export_late (BstPage *page, const BstLevelData *data, BstTableFormat format)
{
  static const Column columns[] = {
    { N_ ("Number"), BST_CELL_TEXT, 0 },     { N_ ("Order"), BST_CELL_TEXT, 0 },
    { N_ ("Service"), BST_CELL_TEXT, 0 },    { N_ ("Unit"), BST_CELL_TEXT, 0 },
    { N_ ("Ordered"), BST_CELL_INSTANT, 0 }, { N_ ("Due"), BST_CELL_INSTANT, 0 },
    { N_ ("Late"), BST_CELL_DURATION, 0 },   { N_ ("Why"), BST_CELL_TEXT, 0 },
  };
  g_autoptr (BstTable) table =
      new_table (page, _ ("Breached cases"), columns, G_N_ELEMENTS (columns));

  for (guint i = 0; i < data->late->len; i++)
    add_case (table, data->late->pdata[i], bst_page_get_session (page));
  bst_table_export (page, table, format);
}
