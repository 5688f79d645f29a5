/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "bst-measure.h"

#include "bst-doc.h"
#include "bst-record-type.h"
#include "bst-suppress.h"

#include <string.h>

#define MAX_CHANNELS 8

/* What is added up. */
typedef struct
{
  gint64 cases;
  gint64 met;
  gint64 breached;
  gint64 response_met;
  gint64 response_breached;
  gint64 first_time;
  gint64 delivered;
  gint64 ratings;
  gint64 rating_sum;
  gint64 channels[MAX_CHANNELS];
} Sums;

/* What a unit itself had of a service in a month. */
typedef struct
{
  guint unit;
  guint service;
  Sums sums;
  GArray *times; /* gint64: of delivered cases */
} Atom;

/* A unit with all below it, one service or all. */
typedef struct
{
  guint unit;
  guint service; /* the number of services: all */
  Sums sums;
  GPtrArray *atoms;
} Group;

typedef struct
{
  char *name;
  GHashTable *atoms; /* unit and service -> Atom */
} Month;

struct _BstMeasures
{
  BstOrg *org;
  const char *const *channels; /* of the dictionary, at most MAX_CHANNELS */
  BstAvailability availability;
  gboolean has_availability;
  GHashTable *units; /* id -> number + 1; ids are owned */
  GPtrArray *unit_ids;
  GArray *parents;      /* int: by unit */
  GHashTable *services; /* id -> number + 1 */
  GPtrArray *service_ids;
  GHashTable *months; /* name -> Month */
};

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
  Atom *atom = data;

  g_array_unref (atom->times);
  g_free (atom);
}

static void
month_free (gpointer data)
{
  Month *month = data;

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
  g_assert (g_strv_length ((char **) measures->channels) <= MAX_CHANNELS);
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

static Month *
month_of (BstMeasures *measures, const char *name)
{
  Month *month = g_hash_table_lookup (measures->months, name);

  if (month)
    return month;
  month = g_new0 (Month, 1);
  month->name = g_strdup (name);
  month->atoms = g_hash_table_new_full (g_int64_hash, g_int64_equal, g_free, atom_free);
  g_hash_table_insert (measures->months, month->name, month);
  return month;
}

static Atom *
atom_of (BstMeasures *measures, const BstCase *one)
{
  Month *month = month_of (measures, one->month);
  gboolean is_new;
  guint unit = unit_number (measures, one->unit);
  guint service = number_of (measures->services, measures->service_ids, one->service, &is_new);
  gint64 key = ((gint64) unit << 32) | service;
  Atom *atom = g_hash_table_lookup (month->atoms, &key);

  if (atom)
    return atom;
  atom = g_new0 (Atom, 1);
  atom->unit = unit;
  atom->service = service;
  atom->times = g_array_new (FALSE, FALSE, sizeof (gint64));
  g_hash_table_insert (month->atoms, g_memdup2 (&key, sizeof key), atom);
  return atom;
}

void
bst_measures_add (BstMeasures *measures, const BstCase *one)
{
  Atom *atom;
  Sums *sums;

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

/* ---- groups ---- */

static void
group_free (gpointer data)
{
  Group *group = data;

  g_ptr_array_unref (group->atoms);
  g_free (group);
}

static void
add_sums (Sums *sums, const Sums *more)
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
  for (guint i = 0; i < MAX_CHANNELS; i++)
    sums->channels[i] += more->channels[i];
}

static void
add_to_group (GHashTable *groups, guint unit, guint service, Atom *atom)
{
  gint64 key = ((gint64) unit << 32) | service;
  Group *group = g_hash_table_lookup (groups, &key);

  if (!group)
    {
      group = g_new0 (Group, 1);
      group->unit = unit;
      group->service = service;
      group->atoms = g_ptr_array_new ();
      g_hash_table_insert (groups, g_memdup2 (&key, sizeof key), group);
    }
  add_sums (&group->sums, &atom->sums);
  g_ptr_array_add (group->atoms, atom);
}

static GHashTable *
group_month (BstMeasures *measures, Month *month)
{
  GHashTable *groups = g_hash_table_new_full (g_int64_hash, g_int64_equal, g_free, group_free);
  GHashTableIter iter;
  gpointer value;

  g_hash_table_iter_init (&iter, month->atoms);
  while (g_hash_table_iter_next (&iter, NULL, &value))
    {
      Atom *atom = value;

      for (int unit = (int) atom->unit; unit >= 0;
           unit = g_array_index (measures->parents, int, unit))
        {
          add_to_group (groups, (guint) unit, atom->service, atom);
          add_to_group (groups, (guint) unit, measures->service_ids->len, atom);
        }
    }
  return groups;
}

/* A month on its way into documents. */
typedef struct
{
  BstMeasures *measures;
  Month *month;
  GHashTable *groups;
  guint *unit_places; /* by name: what bst_suppress() calls them */
  guint *service_places;
  guint8 *shown;
  GHashTable *calendars; /* service number -> BstCalendar, borrowed; %NULL: none */
} Writing;

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
collect_rated (Month *month, const guint *units, const guint *services)
{
  GArray *rated = g_array_new (FALSE, FALSE, sizeof (BstRated));
  GHashTableIter iter;
  gpointer value;

  g_hash_table_iter_init (&iter, month->atoms);
  while (g_hash_table_iter_next (&iter, NULL, &value))
    {
      const Atom *atom = value;
      BstRated one = { units[atom->unit], services[atom->service], (guint) atom->sums.ratings };

      if (one.ratings)
        g_array_append_val (rated, one);
    }
  return rated;
}

static void
find_shown (Writing *writing)
{
  BstMeasures *measures = writing->measures;
  guint n_units = measures->unit_ids->len;
  g_autofree int *parents = g_new (int, n_units);
  g_autoptr (GArray) rated = NULL;

  writing->unit_places = places_by_name (measures->unit_ids, measures->units);
  writing->service_places = places_by_name (measures->service_ids, measures->services);
  for (guint i = 0; i < n_units; i++)
    {
      int above = g_array_index (measures->parents, int, i);

      parents[writing->unit_places[i]] = above < 0 ? -1 : (int) writing->unit_places[above];
    }
  rated = collect_rated (writing->month, writing->unit_places, writing->service_places);
  writing->shown = bst_suppress (parents, n_units, measures->service_ids->len,
                                 (const BstRated *) rated->data, rated->len);
}

static gboolean
is_shown (const Writing *writing, const Group *group)
{
  guint n = writing->measures->service_ids->len;
  guint service = group->service < n ? writing->service_places[group->service] : n;

  return writing->shown[writing->unit_places[group->unit] * (n + 1) + service];
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

/* As "{sv}" would, without a format to read: this is done millions of times. */
static void
put (GVariantBuilder *out, const char *name, GVariant *value)
{
  g_variant_builder_add_value (
      out, g_variant_new_dict_entry (g_variant_new_string (name), g_variant_new_variant (value)));
}

static void
put_int (GVariantBuilder *out, const char *name, gint64 value)
{
  put (out, name, g_variant_new_int64 (value));
}

static void
add_ranks (GVariantBuilder *out, const Group *group)
{
  g_autofree gint64 *times = NULL;
  gsize n = 0;

  if (group->sums.delivered == 0)
    return;
  times = g_new (gint64, (gsize) group->sums.delivered);
  for (guint i = 0; i < group->atoms->len; i++)
    {
      const Atom *atom = group->atoms->pdata[i];

      if (atom->times->len)
        memcpy (times + n, atom->times->data, atom->times->len * sizeof (gint64));
      n += atom->times->len;
    }
  put_int (out, "medianSeconds", select_rank (times, n, rank_of (n, 50)));
  put_int (out, "p90Seconds", select_rank (times, n, rank_of (n, 90)));
}

/* ---- documents ---- */

static void
writing_init (Writing *writing, BstMeasures *measures, Month *month)
{
  *writing = (Writing){ .measures = measures,
                        .month = month,
                        .groups = group_month (measures, month),
                        .calendars = g_hash_table_new (NULL, NULL) };
  find_shown (writing);
  if (!measures->has_availability)
    return;
  for (guint i = 0; i < measures->availability.services->len; i++)
    {
      GVariant *service = measures->availability.services->pdata[i];
      const char *id = bst_doc_get_string (service, "id");
      const char *calendar = bst_doc_get_string (service, "promise/calendar");
      gpointer number = id ? g_hash_table_lookup (measures->services, id) : NULL;

      if (number && calendar)
        g_hash_table_insert (
            writing->calendars, number,
            measures->availability.lookup (calendar, measures->availability.closure));
    }
}

static void
writing_clear (Writing *writing)
{
  g_clear_pointer (&writing->groups, g_hash_table_unref);
  g_clear_pointer (&writing->calendars, g_hash_table_unref);
  g_free (writing->unit_places);
  g_free (writing->service_places);
  g_free (writing->shown);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Writing, writing_clear)

static Group *
find_group (const Writing *writing, guint unit, guint service)
{
  gint64 key = ((gint64) unit << 32) | service;

  return g_hash_table_lookup (writing->groups, &key);
}

static const char *
service_id (const Writing *writing, const Group *group)
{
  GPtrArray *ids = writing->measures->service_ids;

  return group->service < ids->len ? ids->pdata[group->service] : NULL;
}

static void
add_availability (GVariantBuilder *out, const Writing *writing, const Group *group)
{
  BstMeasures *measures = writing->measures;
  BstCalendar *calendar =
      g_hash_table_lookup (writing->calendars, GUINT_TO_POINTER (group->service + 1));
  double percent;

  if (!calendar)
    return;
  percent = bst_availability (&measures->availability, measures->org,
                              measures->unit_ids->pdata[group->unit], service_id (writing, group),
                              calendar, writing->month->name);
  if (percent >= 0)
    put (out, "availability", g_variant_new_double (percent));
}

static void
add_results (GVariantBuilder *out, const Writing *writing, const Group *group)
{
  const Sums *sums = &group->sums;

  put_int (out, "cases", sums->cases);
  put_int (out, "met", sums->met);
  put_int (out, "breached", sums->breached);
  put_int (out, "responseMet", sums->response_met);
  put_int (out, "responseBreached", sums->response_breached);
  put_int (out, "firstTime", sums->first_time);
  put_int (out, "delivered", sums->delivered);
  add_ranks (out, group);
  if (is_shown (writing, group))
    {
      put_int (out, "ratings", sums->ratings);
      put_int (out, "ratingSum", sums->rating_sum);
    }
  add_availability (out, writing, group);
}

static GVariant *
channels_of (const Writing *writing, const Group *group)
{
  const char *const *names = writing->measures->channels;
  GVariantBuilder builder;

  g_variant_builder_init (&builder, G_VARIANT_TYPE_VARDICT);
  for (guint i = 0; names[i]; i++)
    {
      GVariantBuilder count;

      if (!group->sums.channels[i])
        continue;
      g_variant_builder_init (&count, G_VARIANT_TYPE_VARDICT);
      put_int (&count, "cases", group->sums.channels[i]);
      put (&builder, names[i], g_variant_builder_end (&count));
    }
  return g_variant_builder_end (&builder);
}

/* The same for the whole authority, beside a department's. */
static void
add_all (GVariantBuilder *out, const Writing *writing, const Group *group)
{
  BstMeasures *measures = writing->measures;
  const char *unit = measures->unit_ids->pdata[group->unit];
  guint top = group->unit;
  GVariantBuilder all;

  if (g_strcmp0 (bst_org_unit_kind (measures->org, unit), "department") != 0)
    return;
  while (g_array_index (measures->parents, int, top) >= 0)
    top = (guint) g_array_index (measures->parents, int, top);
  g_variant_builder_init (&all, G_VARIANT_TYPE_VARDICT);
  add_results (&all, writing, find_group (writing, top, group->service));
  put (out, "all", g_variant_builder_end (&all));
}

static void
put_text (GVariantBuilder *out, const char *name, const char *text)
{
  put (out, name, g_variant_new_string (text));
}

static GVariant *
write_group (const Writing *writing, const Group *group)
{
  const char *unit = writing->measures->unit_ids->pdata[group->unit];
  const char *service = service_id (writing, group);
  g_autofree char *id = bst_measure_id (unit, service, writing->month->name);
  GVariantBuilder out;

  g_variant_builder_init (&out, G_VARIANT_TYPE_VARDICT);
  put_text (&out, "id", id);
  put_text (&out, "unit", unit);
  if (service)
    put_text (&out, "service", service);
  put_text (&out, "month", writing->month->name);
  add_results (&out, writing, group);
  put (&out, "channels", channels_of (writing, group));
  add_all (&out, writing, group);
  return bst_doc_take (g_variant_builder_end (&out));
}

/* A document and its id, so that sorting need not look into it. */
typedef struct
{
  const char *id; /* borrowed from @document */
  GVariant *document;
} Written;

static gint
compare_written (gconstpointer a, gconstpointer b)
{
  return strcmp (((const Written *) a)->id, ((const Written *) b)->id);
}

static void
write_month (BstMeasures *measures, Month *month, GArray *written)
{
  g_auto (Writing) writing = { 0 };
  GHashTableIter iter;
  gpointer value;

  writing_init (&writing, measures, month);
  g_hash_table_iter_init (&iter, writing.groups);
  while (g_hash_table_iter_next (&iter, NULL, &value))
    {
      GVariant *document = write_group (&writing, value);
      Written one = { bst_doc_get_string (document, "id"), document };

      g_array_append_val (written, one);
    }
}

GPtrArray *
bst_measures_documents (BstMeasures *measures, const char *month)
{
  g_autoptr (GArray) written = g_array_new (FALSE, FALSE, sizeof (Written));
  GPtrArray *documents = g_ptr_array_new_with_free_func ((GDestroyNotify) g_variant_unref);
  GHashTableIter iter;
  gpointer value;

  g_hash_table_iter_init (&iter, measures->months);
  while (g_hash_table_iter_next (&iter, NULL, &value))
    if (!month || strcmp (((Month *) value)->name, month) == 0)
      write_month (measures, value, written);
  g_array_sort (written, compare_written);
  for (guint i = 0; i < written->len; i++)
    g_ptr_array_add (documents, g_array_index (written, Written, i).document);
  return documents;
}

GVariant *
bst_measures_read (BstMeasures *measures, const char *unit, const char *service, const char *month)
{
  Month *found = g_hash_table_lookup (measures->months, month);
  gpointer unit_known = g_hash_table_lookup (measures->units, unit);
  gpointer service_known = service ? g_hash_table_lookup (measures->services, service) : NULL;
  g_auto (Writing) writing = { 0 };
  Group *group;

  if (!found || !unit_known || (service && !service_known))
    return NULL;
  writing_init (&writing, measures, found);
  group = find_group (&writing, GPOINTER_TO_UINT (unit_known) - 1,
                      service ? GPOINTER_TO_UINT (service_known) - 1 : measures->service_ids->len);
  return group ? write_group (&writing, group) : NULL;
}

char *
bst_measure_id (const char *unit, const char *service, const char *month)
{
  return g_strdup_printf ("measure-%s-%s-%s", unit, service ? service : "all", month);
}
