/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "seed-history.h"

#include <string.h>

#include "bst-case.h"
#include "bst-clock.h"
#include "bst-life.h"
#include "bst-measure.h"
#include "bst-tally.h"
#include "bst-request.h"
#include "bst-text.h"

#define MONTHS     14
#define A_MONTH    26
#define N_SERVICES 8
#define DAY        (24 * 3600)

/* ---- chance that is the same every time ---- */

static guint
chance (guint seed, guint what, guint below)
{
  guint64 x = ((guint64) seed << 32) ^ (what * 2654435761u);

  x ^= x >> 31;
  x *= G_GUINT64_CONSTANT (0x7fb5d329728ea185);
  x ^= x >> 27;
  x *= G_GUINT64_CONSTANT (0x81dadef4bc2dd44d);
  x ^= x >> 33;
  return (guint) (x % below);
}

/* ---- one order ---- */

typedef struct
{
  const SeedHistory *history;
  GVariant *request; /* as it is by now */
  GPtrArray *events;
  const char *id;
  const char *unit;
} Order;

static BstCalendar *
look_up (const char *id, gpointer closure)
{
  static GHashTable *compiled;
  const SeedHistory *history = closure;
  BstCalendar *calendar;

  if (!compiled)
    compiled = g_hash_table_new (g_str_hash, g_str_equal);
  calendar = id ? g_hash_table_lookup (compiled, id) : NULL;
  for (guint i = 0; id && !calendar && i < history->calendars->len; i++)
    {
      GVariant *doc = history->calendars->pdata[i];

      if (g_strcmp0 (bst_doc_get_string (doc, "id"), id) == 0)
        calendar = bst_calendar_new (doc, NULL);
      if (calendar)
        g_hash_table_insert (compiled, (gpointer) bst_doc_get_string (doc, "id"), calendar);
    }
  return calendar;
}

static void
happen (Order *order,
        const char *action,
        gint64 at,
        const char *text,
        const char *key,
        GVariant *value)
{
  int sequence = (int) order->events->len + 1;
  g_autofree char *id = g_strdup_printf ("%s-e%02d", order->id, sequence);
  g_autofree char *when = bst_instant_format (at);
  gboolean mine = strcmp (action, "submit") == 0 || strcmp (action, "confirm") == 0 ||
                  strcmp (action, "rate") == 0 || strcmp (action, "dispute") == 0;
  GVariantDict dict;
  GVariant *event, *next;

  g_variant_dict_init (&dict, NULL);
  g_variant_dict_insert (&dict, "id", "s", id);
  g_variant_dict_insert (&dict, "request", "s", order->id);
  g_variant_dict_insert (&dict, "unit", "s", order->unit);
  g_variant_dict_insert (&dict, "action", "s", action);
  g_variant_dict_insert (&dict, "at", "s", when);
  g_variant_dict_insert (&dict, "receivedAt", "s", when);
  g_variant_dict_insert (&dict, "sequence", "x", (gint64) sequence);
  g_variant_dict_insert (&dict, "person", "s",
                         mine ? order->history->person : order->history->performer);
  if (text)
    g_variant_dict_insert (&dict, "text", "s", text);
  event = bst_doc_take (g_variant_dict_end (&dict));
  if (key)
    bst_doc_replace (&event, bst_doc_set (event, key, value));
  next = bst_life_apply (order->request, event, BST_ROLE_ALL, NULL);
  if (next)
    {
      bst_doc_replace (&order->request, next);
      g_ptr_array_add (order->events, event);
    }
  else
    g_variant_unref (event);
}

/* Opening time after @at. */
static gint64
later (BstCalendar *calendar, gint64 at, gint64 seconds)
{
  return bst_calendar_due (calendar, at, seconds);
}

static void
work (Order *order, BstCalendar *calendar, guint seed, gint64 at, gint64 promised)
{
  const SeedHistory *history = order->history;
  guint luck = chance (seed, 1, 100);
  gint64 needed = promised * (gint64) (luck < 88 ? 15 + luck : 101 + luck - 88) / 104 + 600;
  gint64 now = history->now;
  guint pause = chance (seed, 2, 10);
  gint64 began = later (calendar, at, 1800);
  gint64 waited = began;

  happen (order, "submit", at, NULL, "data/approval", g_variant_new_boolean (FALSE));
  if (began > now)
    return;
  happen (order, "accept", began, NULL, NULL, NULL);
  happen (order, "start", began, NULL, NULL, NULL);
  if (pause < 3)
    {
      waited = later (calendar, began, needed / 2);
      if (waited > now)
        return;
      happen (order, "wait", waited,
              pause < 2 ? "Leverandøren melder restordre." : "Hvilket lokale skal den stå i?",
              "data/for", g_variant_new_string (pause < 2 ? "supplier" : "orderer"));
      waited = later (calendar, waited, 3600 * (4 + chance (seed, 3, 40)));
      if (waited > now)
        return;
      happen (order, "resume", waited, NULL, NULL, NULL);
    }
  at = later (calendar, waited, pause < 3 ? needed - needed / 2 : needed);
  if (at > now)
    return;
  happen (order, "deliver", at, NULL, NULL, NULL);
  if (chance (seed, 4, 25) == 0 && at + 2 * DAY < now)
    {
      happen (order, "dispute", at + 3 * 3600, "Der mangler en strømforsyning.", NULL, NULL);
      at = later (calendar, at + 3 * 3600, 6 * 3600);
      if (at > now)
        return;
      happen (order, "deliver", at, NULL, NULL, NULL);
    }
  if (at + DAY > now)
    return;
  happen (order, "confirm", at + DAY, NULL, NULL, NULL);
  if (chance (seed, 5, 10) < 6)
    happen (order, "rate", at + DAY + 60, NULL, "data/stars",
            g_variant_new_int64 (luck < 85 ? 4 + chance (seed, 6, 2) : 1 + chance (seed, 6, 4)));
}

static void
finish (Order *order)
{
  const SeedHistory *history = order->history;
  g_autoptr (GTimeZone) zone = g_time_zone_new_identifier ("Europe/Copenhagen");
  BstCase found;
  g_autofree char *due = NULL;

  if (!bst_case_compute (order->request, "l1", order->events, look_up, (gpointer) history, zone,
                         history->now, &found) ||
      found.due == BST_CALENDAR_NEVER)
    return;
  due = bst_instant_format (found.due);
  bst_doc_replace (&order->request, bst_doc_set_string (order->request, "lines/l1/due", due));
  if (!bst_doc_has (order->request, "lines/l1/deliveredAt"))
    bst_doc_replace (&order->request, bst_doc_set_string (order->request, "due", due));
}

static GVariant *
draft (const SeedHistory *history, GVariant *service, const char *id, const char *unit, guint n)
{
  static const char *const channels[] = { "app", "app", "app", "phone", "mail" };
  g_autofree char *number = g_strdup_printf ("2026-%06u", 1000 + n);
  const char *name = bst_text_pick (service, "name", history->language);
  GVariant *request;
  GVariantDict dict;

  g_variant_dict_init (&dict, NULL);
  g_variant_dict_insert (&dict, "id", "s", id);
  g_variant_dict_insert (&dict, "uid", "s", id);
  g_variant_dict_insert (&dict, "rev", "x", G_GINT64_CONSTANT (1));
  g_variant_dict_insert (&dict, "number", "s", number);
  g_variant_dict_insert (&dict, "title", "s", name ? name : number);
  g_variant_dict_insert (&dict, "unit", "s", unit);
  g_variant_dict_insert (&dict, "area", "s", bst_doc_get_string (service, "area"));
  g_variant_dict_insert (&dict, "orderer", "s", history->person);
  g_variant_dict_insert (&dict, "channel", "s", channels[chance (n, 7, G_N_ELEMENTS (channels))]);
  request = bst_doc_take (g_variant_dict_end (&dict));
  bst_doc_replace (
      &request,
      bst_doc_set_take (request, "lines/l1", bst_request_line_from_service (service, NULL, 1, 1)));
  bst_doc_replace (&request, bst_doc_set_string (request, "lines/l1/state", "draft"));
  return request;
}

static void
make_order (const SeedHistory *history, GVariant *service, const char *unit, guint n, gint64 at)
{
  BstCalendar *calendar =
      look_up (bst_doc_get_string (service, "promise/calendar"), (gpointer) history);
  g_autoptr (GVariant) promise = bst_doc_get_map (service, "promise");
  g_autofree char *id = g_strdup_printf ("01900000-0000-7000-8001-%012u", n + 1);
  Order order = { .history = history, .id = id, .unit = unit };
  gint64 start = calendar ? bst_calendar_due (calendar, at, 60) : at;
  gint64 due = calendar ? bst_promise_due (promise, calendar, start) : BST_CALENDAR_NEVER;

  if (due == BST_CALENDAR_NEVER || start > history->now)
    return;
  order.request = draft (history, service, id, unit, n);
  order.events = g_ptr_array_new ();
  work (&order, calendar, n, start, bst_calendar_elapsed (calendar, start, due));
  finish (&order);
  g_ptr_array_add (history->requests, order.request);
  for (guint i = 0; i < order.events->len; i++)
    g_ptr_array_add (history->events, order.events->pdata[i]);
  g_ptr_array_unref (order.events);
}

/* ---- measures ---- */

/* id of the order -> its events */
static GHashTable *
by_request (GPtrArray *events)
{
  GHashTable *happened =
      g_hash_table_new_full (g_str_hash, g_str_equal, NULL, (GDestroyNotify) g_ptr_array_unref);

  for (guint i = 0; i < events->len; i++)
    {
      const char *id = bst_doc_get_string (events->pdata[i], "request");
      GPtrArray *list = g_hash_table_lookup (happened, id);

      if (!list)
        g_hash_table_insert (happened, (gpointer) id, list = g_ptr_array_new ());
      g_ptr_array_add (list, events->pdata[i]);
    }
  return happened;
}

/* Those of the department, as received. */
static void
keep_own (const SeedHistory *history, GPtrArray *documents, GPtrArray *records)
{
  for (guint i = 0; i < documents->len; i++)
    if (bst_org_is_within (history->org, bst_doc_get_string (documents->pdata[i], "unit"),
                           history->department))
      g_ptr_array_add (records, bst_doc_set_int (documents->pdata[i], "rev", 1));
}

static void
measure (const SeedHistory *history)
{
  g_autoptr (GTimeZone) zone = g_time_zone_new_identifier ("Europe/Copenhagen");
  g_autoptr (GHashTable) happened = by_request (history->events);
  g_autoptr (BstMeasures) measures = bst_measures_new (history->org);
  g_autoptr (BstTallies) counted = bst_tallies_new ();
  g_autoptr (GPtrArray) documents = NULL;
  g_autoptr (GPtrArray) tallies = NULL;

  for (guint i = 0; i < history->requests->len; i++)
    {
      GVariant *request = history->requests->pdata[i];
      GPtrArray *events = g_hash_table_lookup (happened, bst_doc_get_string (request, "id"));
      BstCase found;

      if (!events || !bst_case_compute (request, "l1", events, look_up, (gpointer) history, zone,
                                        history->now, &found))
        continue;
      bst_measures_add (measures, &found);
      bst_tallies_add (counted, &found);
    }
  documents = bst_measures_documents (measures, NULL);
  tallies = bst_tallies_documents (counted);
  keep_own (history, documents, history->measures);
  keep_own (history, tallies, history->tallies);
}

void
seed_history (const SeedHistory *history)
{
  g_auto (GStrv) units = bst_org_children (history->org, history->department);
  g_autoptr (GPtrArray) services = g_ptr_array_new ();
  guint n_units = MAX (1, MIN (g_strv_length (units), 4));
  guint n = 0;

  for (guint i = 0; i < history->services->len && services->len < N_SERVICES; i += 3)
    if (bst_doc_has (history->services->pdata[i], "promise/value"))
      g_ptr_array_add (services, history->services->pdata[i]);
  for (int month = MONTHS; services->len > 0 && month >= 0; month--)
    for (guint i = 0; i < A_MONTH + chance ((guint) month, 8, 12); i++, n++)
      {
        gint64 at = history->now - (gint64) month * 30 * DAY + (gint64) chance (n, 9, 30) * DAY +
                    chance (n, 10, 8 * 3600);
        const char *unit = *units ? units[chance (n, 11, n_units)] : history->department;

        make_order (history, services->pdata[chance (n, 12, services->len)], unit, n, at);
      }
  measure (history);
}
