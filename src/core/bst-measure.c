/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "bst-measure-private.h"

#include "bst-doc.h"
#include "bst-record-type.h"

#include <string.h>

/* ---- names ---- */

/* The number of @id in @ids, given it now if it has none. */
static guint
number_of (GHashTable *numbers, GPtrArray *ids, const char *id, gboolean *ret_new)
{
  gpointer known = g_hash_table_lookup (numbers, id);
  char *copy;

  *ret_new = known == NULL;
  if (known)
    return GPOINTER_TO_UINT (known) - 1;
  copy = g_strdup (id);
  g_ptr_array_add (ids, copy);
  g_hash_table_insert (numbers, copy, GUINT_TO_POINTER (ids->len));
  return ids->len - 1;
}

static guint
unit_number (BstMeasures *measures, const char *id)
{
  gboolean is_new;
  guint number = number_of (measures->units, measures->unit_ids, id, &is_new);
  const char *above;
  int none = -1;

  if (!is_new)
    return number;
  g_array_append_val (measures->parents, none);
  above = bst_org_parent (measures->org, id);
  if (above)
    {
      int parent = (int) unit_number (measures, above);

      g_array_index (measures->parents, int, number) = parent;
    }
  return number;
}

static guint
channel_number (BstMeasures *measures, const char *channel)
{
  guint n = 0;

  for (; measures->channels[n]; n++)
    if (strcmp (measures->channels[n], channel) == 0)
      return n;
  return n - 1; /* "other" */
}

/* ---- adding ---- */

static void
atom_free (gpointer data)
{
  BstMeasureAtom *atom = data;

  g_array_unref (atom->times);
  g_free (atom);
}

static void
month_free (gpointer data)
{
  BstMeasureMonth *month = data;

  g_hash_table_unref (month->atoms);
  g_free (month->name);
  g_free (month);
}

BstMeasures *
bst_measures_new (BstOrg *org)
{
  BstMeasures *measures = g_new0 (BstMeasures, 1);

  measures->org = bst_org_ref (org);
  measures->channels = bst_record_type_field (bst_record_type_find ("Request"), "channel")->values;
  g_assert (g_strv_length ((char **) measures->channels) <= BST_MEASURE_CHANNELS);
  measures->units = g_hash_table_new (g_str_hash, g_str_equal);
  measures->unit_ids = g_ptr_array_new_with_free_func (g_free);
  measures->parents = g_array_new (FALSE, FALSE, sizeof (int));
  measures->services = g_hash_table_new (g_str_hash, g_str_equal);
  measures->service_ids = g_ptr_array_new_with_free_func (g_free);
  measures->months = g_hash_table_new_full (g_str_hash, g_str_equal, NULL, month_free);
  return measures;
}

void
bst_measures_free (BstMeasures *measures)
{
  g_hash_table_unref (measures->months);
  g_hash_table_unref (measures->services);
  g_ptr_array_unref (measures->service_ids);
  g_array_unref (measures->parents);
  g_hash_table_unref (measures->units);
  g_ptr_array_unref (measures->unit_ids);
  bst_org_unref (measures->org);
  g_free (measures);
}

void
bst_measures_set_availability (BstMeasures *measures, const BstAvailability *availability)
{
  measures->availability = *availability;
  measures->has_availability = TRUE;
}

static BstMeasureMonth *
month_of (BstMeasures *measures, const char *name)
{
  BstMeasureMonth *month = measures->current;

  /* Most come month by month. */
  if (month && strcmp (month->name, name) == 0)
    return month;
  month = measures->current = g_hash_table_lookup (measures->months, name);
  if (month)
    return month;
  month = g_new0 (BstMeasureMonth, 1);
  month->name = g_strdup (name);
  month->atoms = g_hash_table_new_full (g_int64_hash, g_int64_equal, g_free, atom_free);
  g_hash_table_insert (measures->months, month->name, month);
  measures->current = month;
  return month;
}

static BstMeasureAtom *
atom_of (BstMeasures *measures, const BstCase *one)
{
  BstMeasureMonth *month = month_of (measures, one->month);
  gboolean is_new;
  guint unit = unit_number (measures, one->unit);
  guint service = number_of (measures->services, measures->service_ids, one->service, &is_new);
  gint64 key = bst_measure_key (unit, service);
  BstMeasureAtom *atom = g_hash_table_lookup (month->atoms, &key);

  if (atom)
    return atom;
  atom = g_new0 (BstMeasureAtom, 1);
  atom->unit = unit;
  atom->service = service;
  atom->times = g_array_new (FALSE, FALSE, sizeof (gint64));
  g_hash_table_insert (month->atoms, g_memdup2 (&key, sizeof key), atom);
  return atom;
}

void
bst_measures_add (BstMeasures *measures, const BstCase *one)
{
  BstMeasureAtom *atom;
  BstMeasureSums *sums;

  if (!one->month[0])
    return;
  atom = atom_of (measures, one);
  sums = &atom->sums;
  sums->cases++;
  sums->channels[channel_number (measures, one->channel)]++;
  if (one->due != BST_CALENDAR_NEVER)
    {
      sums->met += one->verdict == BST_SLA_MET;
      sums->breached += one->verdict == BST_SLA_BREACHED;
    }
  if (one->response_due != BST_CALENDAR_NEVER)
    {
      sums->response_met += one->response_verdict == BST_SLA_MET;
      sums->response_breached += one->response_verdict == BST_SLA_BREACHED;
    }
  if (one->stopped)
    {
      sums->delivered++;
      sums->first_time += one->first_time;
      g_array_append_val (atom->times, one->elapsed);
    }
  sums->ratings += one->stars > 0;
  sums->rating_sum += one->stars;
}

char *
bst_measure_id (const char *unit, const char *service, const char *month)
{
  return g_strdup_printf ("measure-%s-%s-%s", unit, service ? service : "all", month);
}
