/* SPDX-License-Identifier: GPL-3.0-or-later */

/* A month's atoms, as groups: every unit with all below it, for each service and for all. */

#include "bst-measure-private.h"

#include "bst-suppress.h"

#include <string.h>

/* ---- adding up ---- */

static void
group_free (gpointer data)
{
  BstMeasureGroup *group = data;

  g_ptr_array_unref (group->atoms);
  g_free (group);
}

static void
add_sums (BstMeasureSums *sums, const BstMeasureSums *more)
{
  sums->cases += more->cases;
  sums->met += more->met;
  sums->breached += more->breached;
  sums->response_met += more->response_met;
  sums->response_breached += more->response_breached;
  sums->first_time += more->first_time;
  sums->delivered += more->delivered;
  sums->ratings += more->ratings;
  sums->rating_sum += more->rating_sum;
  for (guint i = 0; i < BST_MEASURE_CHANNELS; i++)
    sums->channels[i] += more->channels[i];
}

static void
add_to_group (GHashTable *groups, guint unit, guint service, BstMeasureAtom *atom)
{
  gint64 key = bst_measure_key (unit, service);
  BstMeasureGroup *group = g_hash_table_lookup (groups, &key);

  if (!group)
    {
      group = g_new0 (BstMeasureGroup, 1);
      group->unit = unit;
      group->service = service;
      group->atoms = g_ptr_array_new ();
      g_hash_table_insert (groups, g_memdup2 (&key, sizeof key), group);
    }
  add_sums (&group->sums, &atom->sums);
  g_ptr_array_add (group->atoms, atom);
}

static GHashTable *
group_month (BstMeasures *measures, BstMeasureMonth *month)
{
  GHashTable *groups = g_hash_table_new_full (g_int64_hash, g_int64_equal, g_free, group_free);
  GHashTableIter iter;
  gpointer value;

  g_hash_table_iter_init (&iter, month->atoms);
  while (g_hash_table_iter_next (&iter, NULL, &value))
    {
      BstMeasureAtom *atom = value;

      for (int unit = (int) atom->unit; unit >= 0;
           unit = g_array_index (measures->parents, int, unit))
        {
          add_to_group (groups, (guint) unit, atom->service, atom);
          add_to_group (groups, (guint) unit, measures->service_ids->len, atom);
        }
    }
  return groups;
}

/* ---- what is shown ---- */

static gint
compare_texts (gconstpointer a, gconstpointer b)
{
  return strcmp (*(const char *const *) a, *(const char *const *) b);
}

/* The place of each of @ids among them by name: numbers come by order of appearance, and the outcome must not. */
static guint *
places_by_name (GPtrArray *ids, GHashTable *numbers)
{
  g_autoptr (GPtrArray) sorted = g_ptr_array_copy (ids, NULL, NULL);
  guint *places = g_new (guint, ids->len);

  g_ptr_array_set_free_func (sorted, NULL);
  g_ptr_array_sort (sorted, compare_texts);
  for (guint i = 0; i < sorted->len; i++)
    places[GPOINTER_TO_UINT (g_hash_table_lookup (numbers, sorted->pdata[i])) - 1] = i;
  return places;
}

static GArray *
collect_rated (BstMeasureMonth *month, const guint *units, const guint *services)
{
  GArray *rated = g_array_new (FALSE, FALSE, sizeof (BstRated));
  GHashTableIter iter;
  gpointer value;

  g_hash_table_iter_init (&iter, month->atoms);
  while (g_hash_table_iter_next (&iter, NULL, &value))
    {
      const BstMeasureAtom *atom = value;
      BstRated one = { units[atom->unit], services[atom->service], (guint) atom->sums.ratings };

      if (one.ratings)
        g_array_append_val (rated, one);
    }
  return rated;
}

static void
mark_shown (BstMeasures *measures, BstMeasureMonth *month, GHashTable *groups)
{
  guint n_units = measures->unit_ids->len;
  guint n_services = measures->service_ids->len;
  g_autofree guint *units = places_by_name (measures->unit_ids, measures->units);
  g_autofree guint *services = places_by_name (measures->service_ids, measures->services);
  g_autofree int *parents = g_new (int, n_units);
  g_autoptr (GArray) rated = collect_rated (month, units, services);
  g_autofree guint8 *shown = NULL;
  GHashTableIter iter;
  gpointer value;

  for (guint i = 0; i < n_units; i++)
    {
      int above = g_array_index (measures->parents, int, i);

      parents[units[i]] = above < 0 ? -1 : (int) units[above];
    }
  shown = bst_suppress (parents, n_units, n_services, (const BstRated *) rated->data, rated->len);
  g_hash_table_iter_init (&iter, groups);
  while (g_hash_table_iter_next (&iter, NULL, &value))
    {
      BstMeasureGroup *group = value;
      guint service = group->service < n_services ? services[group->service] : n_services;

      group->shown = shown[units[group->unit] * (n_services + 1) + service];
    }
}

/* ---- ranks ---- */

/* Puts the @k-th smallest (from 0) in its place: what is before it is no larger. */
static gint64
select_rank (gint64 *values, gsize n, gsize k)
{
  gsize low = 0;
  gsize high = n - 1;

  while (low < high)
    {
      gint64 pivot = values[low + (high - low) / 2];
      gsize i = low;
      gsize j = high;

      for (;;)
        {
          while (values[i] < pivot)
            i++;
          while (values[j] > pivot)
            j--;
          if (i >= j)
            break;
          {
            gint64 held = values[i];

            values[i++] = values[j];
            values[j--] = held;
          }
        }
      if (k <= j)
        high = j;
      else
        low = j + 1;
    }
  return values[k];
}

/* The nearest rank of @percent among @n, from 0. */
static gsize
rank_of (gsize n, guint percent)
{
  return (n * percent + 99) / 100 - 1;
}

/* @times: room for all of them. */
static void
rank (BstMeasureGroup *group, gint64 *times)
{
  gsize n = 0;

  for (guint i = 0; i < group->atoms->len; i++)
    {
      const BstMeasureAtom *atom = group->atoms->pdata[i];

      if (atom->times->len)
        memcpy (times + n, atom->times->data, atom->times->len * sizeof (gint64));
      n += atom->times->len;
    }
  if (n == 0)
    return;
  group->median = select_rank (times, n, rank_of (n, 50));
  group->p90 = select_rank (times, n, rank_of (n, 90));
}

static void
rank_all (GHashTable *groups)
{
  g_autofree gint64 *times = NULL;
  gint64 most = 1;
  GHashTableIter iter;
  gpointer value;

  g_hash_table_iter_init (&iter, groups);
  while (g_hash_table_iter_next (&iter, NULL, &value))
    most = MAX (most, ((BstMeasureGroup *) value)->sums.delivered);
  times = g_new (gint64, (gsize) most);
  g_hash_table_iter_init (&iter, groups);
  while (g_hash_table_iter_next (&iter, NULL, &value))
    rank (value, times);
}

GHashTable *
bst_measure_groups (BstMeasures *measures, BstMeasureMonth *month)
{
  GHashTable *groups = group_month (measures, month);

  mark_shown (measures, month, groups);
  rank_all (groups);
  return groups;
}
