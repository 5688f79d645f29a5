/* SPDX-License-Identifier: GPL-3.0-or-later */

/* A month's groups, as documents. */

#include "bst-measure-private.h"

#include "bst-doc-writer.h"

#include <string.h>

/* A month on its way into documents. */
typedef struct
{
  BstMeasures *measures;
  BstMeasureMonth *month;
  GHashTable *groups;
  GHashTable *uptimes; /* service number + 1 -> Uptime */
  BstDocWriter *out;
} Writing;

/* A service's opening hours in the month. */
typedef struct
{
  BstCalendar *calendar; /* borrowed */
  gboolean disturbed;    /* by something, for somebody */
  double percent;        /* for those whom nothing disturbs; -1: not open */
} Uptime;

/* ---- availability ---- */

static void
add_uptime (Writing *writing, GVariant *service)
{
  const BstAvailability *availability = &writing->measures->availability;
  const char *id = bst_doc_get_string (service, "id");
  const char *calendar_id = bst_doc_get_string (service, "promise/calendar");
  gpointer number = id ? g_hash_table_lookup (writing->measures->services, id) : NULL;
  BstCalendar *calendar =
      number && calendar_id ? availability->lookup (calendar_id, availability->closure) : NULL;
  Uptime uptime = { .calendar = calendar };

  if (!calendar)
    return;
  uptime.percent = bst_availability_undisturbed (calendar, writing->month->name);
  uptime.disturbed =
      bst_availability_is_disturbed (availability, id, calendar, writing->month->name);
  g_hash_table_insert (writing->uptimes, number, g_memdup2 (&uptime, sizeof uptime));
}

static void
add_availability (const Writing *writing, const BstMeasureGroup *group, const char *service)
{
  BstMeasures *measures = writing->measures;
  const Uptime *uptime =
      g_hash_table_lookup (writing->uptimes, GUINT_TO_POINTER (group->service + 1));
  double percent;

  if (!uptime)
    return;
  percent = uptime->percent;
  if (uptime->disturbed)
    percent = bst_availability (&measures->availability, measures->org,
                                measures->unit_ids->pdata[group->unit], service, uptime->calendar,
                                writing->month->name);
  if (percent >= 0)
    bst_doc_writer_double (writing->out, "availability", percent);
}

/* ---- a month ---- */

static void
writing_init (Writing *writing, BstMeasures *measures, BstMeasureMonth *month)
{
  *writing = (Writing){ .measures = measures,
                        .month = month,
                        .groups = bst_measure_groups (measures, month),
                        .uptimes = g_hash_table_new_full (NULL, NULL, NULL, g_free),
                        .out = bst_doc_writer_new () };
  if (!measures->has_availability)
    return;
  for (guint i = 0; i < measures->availability.services->len; i++)
    add_uptime (writing, measures->availability.services->pdata[i]);
}

static void
writing_clear (Writing *writing)
{
  g_clear_pointer (&writing->groups, g_hash_table_unref);
  g_clear_pointer (&writing->uptimes, g_hash_table_unref);
  g_clear_pointer (&writing->out, bst_doc_writer_free);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Writing, writing_clear)

static BstMeasureGroup *
find_group (const Writing *writing, guint unit, guint service)
{
  gint64 key = bst_measure_key (unit, service);

  return g_hash_table_lookup (writing->groups, &key);
}

/* %NULL: all. */
static const char *
service_id (const Writing *writing, const BstMeasureGroup *group)
{
  GPtrArray *ids = writing->measures->service_ids;

  return group->service < ids->len ? ids->pdata[group->service] : NULL;
}

/* ---- documents ---- */

static void
add_results (const Writing *writing, const BstMeasureGroup *group)
{
  const BstMeasureSums *sums = &group->sums;
  BstDocWriter *out = writing->out;

  bst_doc_writer_int (out, "cases", sums->cases);
  bst_doc_writer_int (out, "met", sums->met);
  bst_doc_writer_int (out, "breached", sums->breached);
  bst_doc_writer_int (out, "responseMet", sums->response_met);
  bst_doc_writer_int (out, "responseBreached", sums->response_breached);
  bst_doc_writer_int (out, "firstTime", sums->first_time);
  bst_doc_writer_int (out, "delivered", sums->delivered);
  if (sums->delivered > 0)
    {
      bst_doc_writer_int (out, "medianSeconds", group->median);
      bst_doc_writer_int (out, "p90Seconds", group->p90);
    }
  if (group->shown)
    {
      bst_doc_writer_int (out, "ratings", sums->ratings);
      bst_doc_writer_int (out, "ratingSum", sums->rating_sum);
    }
  add_availability (writing, group, service_id (writing, group));
}

static void
add_channels (const Writing *writing, const BstMeasureGroup *group)
{
  const char *const *names = writing->measures->channels;

  bst_doc_writer_open (writing->out, "channels");
  for (guint i = 0; names[i]; i++)
    {
      if (!group->sums.channels[i])
        continue;
      bst_doc_writer_open (writing->out, names[i]);
      bst_doc_writer_int (writing->out, "cases", group->sums.channels[i]);
      bst_doc_writer_close (writing->out);
    }
  bst_doc_writer_close (writing->out);
}

/* The same for the whole authority, beside a department's. */
static void
add_all (const Writing *writing, const BstMeasureGroup *group)
{
  BstMeasures *measures = writing->measures;
  const char *unit = measures->unit_ids->pdata[group->unit];
  guint top = group->unit;

  if (g_strcmp0 (bst_org_unit_kind (measures->org, unit), "department") != 0)
    return;
  while (g_array_index (measures->parents, int, top) >= 0)
    top = (guint) g_array_index (measures->parents, int, top);
  bst_doc_writer_open (writing->out, "all");
  add_results (writing, find_group (writing, top, group->service));
  bst_doc_writer_close (writing->out);
}

/* A document, and its id, by which they are sorted. */
typedef struct
{
  char *id;
  GVariant *document;
} Written;

static Written
write_group (const Writing *writing, const BstMeasureGroup *group)
{
  const char *unit = writing->measures->unit_ids->pdata[group->unit];
  const char *service = service_id (writing, group);
  char *id = bst_measure_id (unit, service, writing->month->name);

  bst_doc_writer_string (writing->out, "id", id);
  bst_doc_writer_string (writing->out, "unit", unit);
  if (service)
    bst_doc_writer_string (writing->out, "service", service);
  bst_doc_writer_string (writing->out, "month", writing->month->name);
  add_results (writing, group);
  add_channels (writing, group);
  add_all (writing, group);
  return (Written){ id, bst_doc_writer_take (writing->out) };
}

static gint
compare_written (gconstpointer a, gconstpointer b)
{
  return strcmp (((const Written *) a)->id, ((const Written *) b)->id);
}

static void
write_month (BstMeasures *measures, BstMeasureMonth *month, GArray *written)
{
  g_auto (Writing) writing = { 0 };
  GHashTableIter iter;
  gpointer value;

  writing_init (&writing, measures, month);
  g_hash_table_iter_init (&iter, writing.groups);
  while (g_hash_table_iter_next (&iter, NULL, &value))
    {
      Written one = write_group (&writing, value);

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
    if (!month || strcmp (((BstMeasureMonth *) value)->name, month) == 0)
      write_month (measures, value, written);
  g_array_sort (written, compare_written);
  for (guint i = 0; i < written->len; i++)
    {
      Written *one = &g_array_index (written, Written, i);

      g_ptr_array_add (documents, one->document);
      g_free (one->id);
    }
  return documents;
}

GVariant *
bst_measures_read (BstMeasures *measures, const char *unit, const char *service, const char *month)
{
  BstMeasureMonth *found = g_hash_table_lookup (measures->months, month);
  gpointer unit_known = g_hash_table_lookup (measures->units, unit);
  gpointer service_known = service ? g_hash_table_lookup (measures->services, service) : NULL;
  g_auto (Writing) writing = { 0 };
  g_autofree char *id = NULL;
  BstMeasureGroup *group;
  Written one;

  if (!found || !unit_known || (service && !service_known))
    return NULL;
  writing_init (&writing, measures, found);
  group = find_group (&writing, GPOINTER_TO_UINT (unit_known) - 1,
                      service ? GPOINTER_TO_UINT (service_known) - 1 : measures->service_ids->len);
  if (!group)
    return NULL;
  one = write_group (&writing, group);
  id = one.id;
  return one.document;
}
