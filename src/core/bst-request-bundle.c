/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "bst-request.h"

#include "bst-date.h"

#include <string.h>

typedef struct
{
  const BstRequestContext *context;
  const char *day;
  GHashTable *seen; /* "bundle\nservice": how many lines of it there were */
} Schedule;

/* A service may stand in a package twice, with two days: the @nth line of it is the @nth item. (transfer full) (nullable) */
static GVariant *
item_of (GVariant *bundle, const char *service, int nth)
{
  g_autoptr (GVariant) items = bst_doc_get_list (bundle, "items");
  g_autoptr (GVariant) last = NULL;
  GVariantIter iter;
  GVariant *item;
  int count = 0;

  g_variant_iter_init (&iter, items);
  while (count <= nth && g_variant_iter_next (&iter, "v", &item))
    {
      if (g_strcmp0 (bst_doc_get_string (item, "service"), service) == 0)
        {
          bst_doc_replace (&last, g_variant_ref (item));
          count++;
        }
      g_variant_unref (item);
    }
  return g_steal_pointer (&last);
}

static int
count_line (Schedule *schedule, const char *bundle, const char *service)
{
  char *key = g_strconcat (bundle, "\n", service, NULL);
  int before = GPOINTER_TO_INT (g_hash_table_lookup (schedule->seen, key));

  g_hash_table_replace (schedule->seen, key, GINT_TO_POINTER (before + 1));
  return before;
}

/* What would have to be there already is wanted today. */
static char *
day_of (Schedule *schedule, GVariant *item)
{
  g_autofree char *day =
      bst_date_add_days (schedule->day, (int) bst_doc_get_int (item, "offsetDays", 0));

  if (day && strcmp (day, schedule->context->today) < 0)
    return g_strdup (schedule->context->today);
  return g_steal_pointer (&day);
}

static GVariant *
schedule_line (GVariant *line, gint64 place, gpointer closure)
{
  Schedule *schedule = closure;
  const BstRequestContext *context = schedule->context;
  const char *bundle_id = bst_doc_get_string (line, "bundle");
  const char *service = bst_doc_get_string (line, "service");
  g_autoptr (GVariant) bundle = NULL;
  g_autoptr (GVariant) item = NULL;
  g_autofree char *day = NULL;

  if (!bundle_id || !service)
    return g_variant_ref (line);
  bundle = context->lookup ("Bundle", bundle_id, context->closure);
  item = bundle ? item_of (bundle, service, count_line (schedule, bundle_id, service)) : NULL;
  if (!item)
    return g_variant_ref (line);
  if (schedule->day && bst_doc_has (item, "offsetDays"))
    day = day_of (schedule, item);
  return day ? bst_doc_set_string (line, "wantedDate", day)
             : bst_doc_set (line, "wantedDate", NULL);
}

GVariant *
bst_request_schedule (GVariant *request, const BstRequestContext *context)
{
  const char *day = bst_doc_get_string (request, "wantedDate");
  g_autoptr (GHashTable) seen = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  Schedule schedule = { context, day && bst_date_parse (day, NULL) ? day : NULL, seen };

  return bst_request_map_lines (request, schedule_line, &schedule);
}

char *
bst_request_purpose (GVariant *request, const BstRequestContext *context)
{
  g_auto (GStrv) ids = bst_request_line_ids (request);

  for (guint i = 0; ids[i]; i++)
    {
      g_autoptr (GVariant) line = bst_request_line (request, ids[i]);
      const char *id = bst_doc_get_string (line, "bundle");
      g_autoptr (GVariant) bundle = id ? context->lookup ("Bundle", id, context->closure) : NULL;

      if (bundle)
        return g_strdup (bst_doc_get_string (bundle, "purpose"));
    }
  return NULL;
}
