/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "bst-level-data.h"

#include <string.h>

#include "bst-agreement.h"
#include "bst-month.h"
#include "bst-text.h"

static void
row_free (gpointer data)
{
  BstLevelRow *row = data;

  g_free (row->id);
  g_free (row->name);
  g_free (row);
}

static void
month_free (gpointer data)
{
  g_free (((BstLevelMonth *) data)->month);
  g_free (data);
}

void
bst_level_data_free (BstLevelData *data)
{
  g_free (data->unit);
  g_free (data->unit_name);
  g_free (data->service);
  g_free (data->service_name);
  g_free (data->from);
  g_free (data->to);
  g_ptr_array_unref (data->services);
  g_ptr_array_unref (data->units);
  g_ptr_array_unref (data->channels);
  g_ptr_array_unref (data->months);
  g_ptr_array_unref (data->late);
  g_free (data->change_service);
  g_free (data);
}

/* ---- months ---- */

static int
months_between (const char *from, const char *to)
{
  int from_year = 0, from_month = 1, to_year = 0, to_month = 1;

  bst_month_parse (from, &from_year, &from_month);
  bst_month_parse (to, &to_year, &to_month);
  return (to_year - from_year) * 12 + to_month - from_month + 1;
}

static char *
month_before (const char *month, int n)
{
  char *before = bst_month_add (month, -n);

  return before ? before : g_strdup (month);
}

char *
bst_level_data_month_before (const char *from, const char *to)
{
  return month_before (from, months_between (from, to));
}

char *
bst_level_data_first_month (const char *from, const char *to)
{
  g_autofree char *trend = month_before (to, BST_LEVEL_TREND - 1);
  g_autofree char *before = bst_level_data_month_before (from, to);

  return g_strdup (strcmp (trend, before) < 0 ? trend : before);
}

GTimeZone *
bst_level_data_zone (BstOrg *org, const char *unit)
{
  const char *name = org && unit ? bst_org_inherited (org, unit, "timeZone") : NULL;
  GTimeZone *zone = name ? g_time_zone_new_identifier (name) : NULL;

  return zone ? zone : g_time_zone_new_utc ();
}

static gboolean
is_within (const char *month, const char *from, const char *to)
{
  return strcmp (month, from) >= 0 && strcmp (month, to) <= 0;
}

/* ---- targets ---- */

static double
target_of (const BstLevelSources *sources, const char *service, const char *month)
{
  GVariant *doc = bst_records_get (sources->records, "Service", service);
  g_autofree char *day = g_strconcat (month, "-28", NULL);
  GVariant *agreement =
      bst_agreement_in_force (sources->agreements, sources->org, sources->unit, "sla", day);
  g_auto (BstTerms) terms = { 0 };

  if (!doc)
    return -1;
  bst_terms_resolve (doc, agreement, NULL, &terms);
  return terms.target ? bst_doc_get_double (terms.target, "percent", -1) : -1;
}

/* Targets of several services together, each by how many cases it had. */
typedef struct
{
  double sum;
  gint64 weight;
} Mean;

static void
mean_add (Mean *mean, double target, gint64 weight)
{
  if (target < 0 || weight <= 0)
    return;
  mean->sum += target * (double) weight;
  mean->weight += weight;
}

static double
mean_value (const Mean *mean)
{
  return mean->weight > 0 ? mean->sum / (double) mean->weight : -1;
}

/* ---- rows ---- */

static BstLevelRow *
row_for (GPtrArray *rows, const char *id, const char *name)
{
  BstLevelRow *row;

  for (guint i = 0; i < rows->len; i++)
    if (g_strcmp0 (((BstLevelRow *) rows->pdata[i])->id, id) == 0)
      return rows->pdata[i];
  row = g_new0 (BstLevelRow, 1);
  *row = (BstLevelRow){ g_strdup (id), g_strdup (name), BST_LEVEL_NONE, BST_LEVEL_NONE, -1 };
  g_ptr_array_add (rows, row);
  return row;
}

static int
compare_names (gconstpointer a, gconstpointer b, gpointer language)
{
  const BstLevelRow *one = *(BstLevelRow *const *) a;
  const BstLevelRow *other = *(BstLevelRow *const *) b;
  g_autofree char *first = bst_text_collation_key (one->name, language);
  g_autofree char *second = bst_text_collation_key (other->name, language);

  return strcmp (first, second);
}

static int
compare_cases (gconstpointer a, gconstpointer b)
{
  gint64 one = (*(BstLevelRow *const *) a)->level.cases;
  gint64 other = (*(BstLevelRow *const *) b)->level.cases;

  return (one < other) - (one > other);
}

static void
drop_empty (GPtrArray *rows)
{
  for (guint i = rows->len; i > 0; i--)
    if (((BstLevelRow *) rows->pdata[i - 1])->level.cases == 0)
      g_ptr_array_remove_index (rows, i - 1);
}

static const char *
service_name (const BstLevelSources *sources, const char *id)
{
  GVariant *doc = bst_records_get (sources->records, "Service", id);
  const char *name = doc ? bst_text_pick (doc, "name", sources->language) : NULL;

  return name ? name : id;
}

static void
add_channels (BstLevelData *data, GVariant *measure)
{
  g_autoptr (GVariant) channels = bst_doc_get_map (measure, "channels");
  GVariantIter iter;
  const char *channel;
  GVariant *count;

  g_variant_iter_init (&iter, channels);
  while (g_variant_iter_next (&iter, "{&sv}", &channel, &count))
    {
      row_for (data->channels, channel, channel)->level.cases +=
          bst_doc_get_int (count, "cases", 0);
      g_variant_unref (count);
    }
}

/* @before: months of the period before */
typedef struct
{
  const BstLevelSources *sources;
  BstLevelData *data;
  char *before_from;
  char *before_to;
  Mean target;
  Mean targets[BST_LEVEL_TREND];
} Making;

static void
add_to (Making *making, const char *month, const BstLevel *level, BstLevel *now, BstLevel *before)
{
  if (is_within (month, making->data->from, making->data->to))
    bst_level_add (now, level);
  else if (is_within (month, making->before_from, making->before_to))
    bst_level_add (before, level);
}

static void
take_total (Making *making, GVariant *measure, const char *month, const BstLevel *level)
{
  BstLevelData *data = making->data;

  add_to (making, month, level, &data->total, &data->before);
  if (is_within (month, data->from, data->to))
    add_channels (data, measure);
  for (guint i = 0; i < data->months->len; i++)
    {
      BstLevelMonth *point = data->months->pdata[i];

      if (strcmp (point->month, month) == 0)
        point->level = *level;
    }
}

static void
take_service (Making *making, const char *service, const char *month, const BstLevel *level)
{
  BstLevelData *data = making->data;
  BstLevelRow *row = row_for (data->services, service, service_name (making->sources, service));
  double target = target_of (making->sources, service, month);

  add_to (making, month, level, &row->level, &row->before);
  if (is_within (month, data->from, data->to))
    {
      row->target = target;
      mean_add (&making->target, target, level->met + level->breached);
    }
  for (guint i = 0; i < data->months->len; i++)
    if (strcmp (((BstLevelMonth *) data->months->pdata[i])->month, month) == 0)
      mean_add (&making->targets[i], target, level->met + level->breached);
}

static void
take_measure (Making *making, GVariant *measure)
{
  const BstLevelSources *sources = making->sources;
  const char *unit = bst_doc_get_string (measure, "unit");
  const char *service = bst_doc_get_string (measure, "service");
  const char *month = bst_doc_get_string (measure, "month");
  BstLevel level;

  if (!bst_month_parse (month, NULL, NULL))
    return;
  bst_level_read (measure, &level);
  if (g_strcmp0 (unit, sources->unit) != 0)
    {
      BstLevelRow *row =
          row_for (making->data->units, unit, bst_org_unit_name (sources->org, unit));

      add_to (making, month, &level, &row->level, &row->before);
      return;
    }
  if (g_strcmp0 (service, sources->service) == 0)
    take_total (making, measure, month, &level);
  if (service && (!sources->service || strcmp (service, sources->service) == 0))
    take_service (making, service, month, &level);
}

/* ---- cases ---- */

static void
take_case (const BstLevelSources *sources, BstStoredCase *stored, GTimeZone *zone, GPtrArray *views)
{
  g_auto (GStrv) lines = bst_request_line_ids (stored->request);

  for (guint i = 0; lines[i]; i++)
    {
      BstCaseView *view = bst_case_view_new (stored->request, lines[i], stored->events,
                                             sources->records, zone, sources->now);

      if (!view)
        continue;
      if (view->sla.verdict == BST_SLA_BREACHED &&
          (!sources->service || g_strcmp0 (view->found.service, sources->service) == 0))
        g_ptr_array_add (views, view);
      else
        bst_case_view_free (view);
    }
}

static void
list_month (GPtrArray *views, const char *month, GArray *ret_cases)
{
  for (guint i = 0; i < views->len; i++)
    {
      const BstCaseView *view = views->pdata[i];
      BstChangeCase found = { view->found.service, view->cause };

      if (strcmp (view->found.month, month) == 0)
        g_array_append_val (ret_cases, found);
    }
}

static void
explain_change (const BstLevelSources *sources, BstLevelData *data, GPtrArray *views)
{
  g_autofree char *month = month_before (data->to, 1);
  g_autoptr (GArray) before = g_array_new (FALSE, FALSE, sizeof (BstChangeCase));
  g_autoptr (GArray) after = g_array_new (FALSE, FALSE, sizeof (BstChangeCase));

  if (!sources->complete)
    return;
  list_month (views, month, before);
  list_month (views, data->to, after);
  bst_change_explain ((const BstChangeCase *) (gpointer) before->data, before->len,
                      (const BstChangeCase *) (gpointer) after->data, after->len, &data->change);
  data->has_change = TRUE;
  if (data->change.service && !sources->service)
    data->change_service = g_strdup (service_name (sources, data->change.service));
  data->change.service = NULL; /* borrowed from the cases */
}

static void
take_cases (const BstLevelSources *sources, BstLevelData *data)
{
  g_autoptr (GTimeZone) zone = bst_level_data_zone (sources->org, sources->unit);
  g_autoptr (GPtrArray) views =
      g_ptr_array_new_with_free_func ((GDestroyNotify) bst_case_view_free);

  for (guint i = 0; i < sources->late->len; i++)
    take_case (sources, sources->late->pdata[i], zone, views);
  explain_change (sources, data, views);
  for (guint i = 0; i < views->len; i++)
    {
      BstCaseView *view = views->pdata[i];

      if (!is_within (view->found.month, data->from, data->to))
        continue;
      g_ptr_array_add (data->late, view);
      views->pdata[i] = NULL;
    }
  for (guint i = views->len; i > 0; i--)
    if (!views->pdata[i - 1])
      g_ptr_array_steal_index (views, i - 1);
}

/* ---- all of it ---- */

static BstLevelData *
new_data (const BstLevelSources *sources)
{
  BstLevelData *data = g_new0 (BstLevelData, 1);
  const char *name =
      sources->org && sources->unit ? bst_org_unit_name (sources->org, sources->unit) : NULL;

  data->unit = g_strdup (sources->unit);
  data->unit_name = g_strdup (name ? name : sources->unit);
  data->service = g_strdup (sources->service);
  data->service_name =
      sources->service ? g_strdup (service_name (sources, sources->service)) : NULL;
  data->from = g_strdup (sources->from);
  data->to = g_strdup (sources->to);
  data->total = BST_LEVEL_NONE;
  data->before = BST_LEVEL_NONE;
  data->services = g_ptr_array_new_with_free_func (row_free);
  data->units = g_ptr_array_new_with_free_func (row_free);
  data->channels = g_ptr_array_new_with_free_func (row_free);
  data->months = g_ptr_array_new_with_free_func (month_free);
  data->late = g_ptr_array_new_with_free_func ((GDestroyNotify) bst_case_view_free);
  for (int i = 0; i < BST_LEVEL_TREND; i++)
    {
      BstLevelMonth *month = g_new0 (BstLevelMonth, 1);

      *month =
          (BstLevelMonth){ month_before (data->to, BST_LEVEL_TREND - 1 - i), BST_LEVEL_NONE, -1 };
      g_ptr_array_add (data->months, month);
    }
  return data;
}

BstLevelData *
bst_level_data_new (const BstLevelSources *sources)
{
  BstLevelData *data = new_data (sources);
  g_autofree char *before_from = bst_level_data_month_before (data->from, data->to);
  g_autofree char *before_to = month_before (data->from, 1);
  Making making = {
    .sources = sources, .data = data, .before_from = before_from, .before_to = before_to
  };

  for (guint i = 0; i < sources->measures->len; i++)
    take_measure (&making, sources->measures->pdata[i]);
  data->target = mean_value (&making.target);
  for (guint i = 0; i < data->months->len; i++)
    ((BstLevelMonth *) data->months->pdata[i])->target = mean_value (&making.targets[i]);
  drop_empty (data->services);
  drop_empty (data->units);
  drop_empty (data->channels);
  g_ptr_array_sort_with_data (data->services, compare_names, (gpointer) sources->language);
  g_ptr_array_sort_with_data (data->units, compare_names, (gpointer) sources->language);
  g_ptr_array_sort (data->channels, compare_cases);
  take_cases (sources, data);
  return data;
}
