/* SPDX-License-Identifier: GPL-3.0-or-later */

/* bestiller-admin simulate: a made-up time, for trying things out (bst-simulate.h). */

#include "bst-admin.h"

#include "bst-billing.h"
#include "bst-case.h"
#include "bst-date.h"
#include "bst-doc-writer.h"
#include "bst-error.h"
#include "bst-request.h"
#include "bst-simulate.h"

#include <string.h>

#define DAY           86400
#define DEFAULT_CASES 2500

typedef struct
{
  gint64 seed;
  int cases;
  char *from;
  char *to;
  char **units;
} Options;

static void
options_clear (Options *options)
{
  g_free (options->from);
  g_free (options->to);
  g_strfreev (options->units);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Options, options_clear)

/* Ids are made from the seed and the time that is played. */
typedef struct
{
  GRand *rand;
  gint64 now;
} PlayedClock;

static gint64
played_ms (gpointer closure)
{
  return ((PlayedClock *) closure)->now * 1000;
}

static void
played_octets (gpointer closure, guint8 *octets, gsize len)
{
  for (gsize i = 0; i < len; i++)
    octets[i] = (guint8) g_rand_int_range (((PlayedClock *) closure)->rand, 0, 256);
}

typedef struct
{
  BstAdmin *admin;
  BstStorage *storage;
  BstSimWorld *world;
  PlayedClock played;
  BstClock clock;
  BstStorageBulk *bulk;
  BstDocWriter *writer;
  guint n_requests;
  guint n_events;
  guint n_charges;
  guint n_bills;
} Simulation;

/* ---- one order ---- */

static void
write_event_data (BstDocWriter *out, const BstSimEvent *event, gboolean approval)
{
  bst_doc_writer_open (out, "data");
  if (event->action == BST_ACTION_SUBMIT)
    bst_doc_writer_bool (out, "approval", approval);
  if (event->waiting_for)
    bst_doc_writer_string (out, "for", event->waiting_for);
  if (event->stars)
    bst_doc_writer_int (out, "stars", event->stars);
  bst_doc_writer_close (out);
}

static GVariant *
event_doc (Simulation *simulation,
           const BstSimEvent *event,
           GVariant *request,
           gint64 sequence,
           gboolean approval)
{
  BstDocWriter *out = simulation->writer;
  g_autofree char *at = bst_instant_format (event->at);
  g_autofree char *uid = NULL;

  simulation->played.now = event->at;
  uid = bst_uid_new (&simulation->clock);
  bst_doc_writer_string (out, "id", uid);
  bst_doc_writer_string (out, "uid", uid);
  bst_doc_writer_string (out, "request", bst_doc_get_string (request, "id"));
  bst_doc_writer_string (out, "unit", bst_doc_get_string (request, "unit"));
  bst_doc_writer_string (out, "action", bst_action_name (event->action));
  bst_doc_writer_string (out, "at", at);
  bst_doc_writer_string (out, "receivedAt", at);
  bst_doc_writer_string (out, "person", event->person);
  bst_doc_writer_int (out, "sequence", sequence);
  if (event->line)
    bst_doc_writer_string (out, "line", event->line);
  if (event->text)
    bst_doc_writer_string (out, "text", event->text);
  write_event_data (out, event, approval);
  return bst_doc_writer_take (out);
}

/* By when a line is due, as the SLA clock says; before that has started, as if it started now. */
static gint64
line_due (Simulation *simulation, GVariant *request, const BstSimLine *line, GPtrArray *events)
{
  BstSimWorld *world = simulation->world;
  BstCalendar *calendar;
  BstCase one;

  if (bst_case_compute (request, line->id, events, bst_sim_calendar, world,
                        bst_calendar_zone (world->office), world->to, &one))
    return one.due;
  return bst_promise_due_at (line->promise, world->to, bst_sim_calendar, world, &calendar);
}

static void
set_dues (Simulation *simulation, const BstSimOrder *order, GVariant **request, GPtrArray *events)
{
  gint64 latest = 0;

  for (guint i = 0; i < order->lines->len; i++)
    {
      const BstSimLine *line = &g_array_index (order->lines, BstSimLine, i);
      g_autofree char *path = g_strconcat ("lines/", line->id, "/due", NULL);
      g_autofree char *state_path = g_strconcat ("lines/", line->id, "/state", NULL);
      BstState state = bst_state_from_name (bst_doc_get_string (*request, state_path));
      gint64 due = line_due (simulation, *request, line, events);
      g_autofree char *text = due == BST_CALENDAR_NEVER ? NULL : bst_instant_format (due);

      if (!text)
        continue;
      bst_doc_replace (request, bst_doc_set_string (*request, path, text));
      if (state != BST_STATE_DELIVERED && !bst_state_is_over (state))
        latest = MAX (latest, due);
    }
  if (latest)
    {
      g_autofree char *text = bst_instant_format (latest);

      bst_doc_replace (request, bst_doc_set_string (*request, "due", text));
    }
}

static BstRole
role_of (BstAction action)
{
  gsize n;
  const BstLifeRow *rows = bst_life_rows (&n);

  for (gsize i = 0; i < n; i++)
    if (rows[i].action == action && rows[i].action != BST_ACTION_MESSAGE)
      return rows[i].roles;
  return BST_ROLE_ORDERER | BST_ROLE_PERFORMER;
}

/* All that @more has, in @doc. */
static GVariant *
with (GVariant *doc, GVariant *more)
{
  g_autoptr (BstDocWriter) out = bst_doc_writer_new ();
  BstDocOctets before, after, entry, other;
  BstDocEntries entries;

  bst_doc_octets_init (&before, doc);
  bst_doc_octets_init (&after, more);
  bst_doc_entries_init (&entries, &before);
  while (bst_doc_entries_next (&entries, &entry))
    if (!bst_doc_octets_find (&after, (const char *) entry.data, &other))
      bst_doc_writer_entry (out, &entry);
  bst_doc_entries_init (&entries, &after);
  while (bst_doc_entries_next (&entries, &entry))
    bst_doc_writer_entry (out, &entry);
  return bst_doc_writer_take (out);
}

/* What the order's life looks at: an order is folded some ten times, and most of it is form and price. */
static GVariant *
outline (GVariant *request)
{
  g_auto (GStrv) ids = bst_request_line_ids (request);
  GVariantDict lines, dict;

  g_variant_dict_init (&lines, NULL);
  for (guint i = 0; ids[i]; i++)
    g_variant_dict_insert_value (&lines, ids[i], g_variant_new ("a{sv}", NULL));
  g_variant_dict_init (&dict, NULL);
  g_variant_dict_insert (&dict, "id", "s", bst_doc_get_string (request, "id"));
  g_variant_dict_insert (&dict, "unit", "s", bst_doc_get_string (request, "unit"));
  g_variant_dict_insert_value (&dict, "lines", g_variant_dict_end (&lines));
  return bst_doc_take (g_variant_dict_end (&dict));
}

/* The order with what its life has left on its outline. */
static GVariant *
filled_in (GVariant *request, GVariant *lived)
{
  g_autoptr (GVariant) lines = bst_doc_get_map (lived, "lines");
  g_autoptr (GVariant) all = with (request, lived);
  GVariantDict filled;
  GVariantIter iter;
  const char *id;
  GVariant *line;

  g_variant_dict_init (&filled, NULL);
  g_variant_iter_init (&iter, lines);
  while (g_variant_iter_loop (&iter, "{&sv}", &id, &line))
    {
      g_autoptr (GVariant) before = bst_request_line (request, id);
      g_autoptr (GVariant) after = with (before, line);

      g_variant_dict_insert_value (&filled, id, after);
    }
  return bst_doc_set (all, "lines", g_variant_dict_end (&filled));
}

/* Through the order's life, one after the other: what it forbids is a mistake of ours, and ends everything. */
static GPtrArray *
play (Simulation *simulation, GVariant **request, GArray *plan, gboolean approval, GError **error)
{
  g_autoptr (GPtrArray) events = g_ptr_array_new_with_free_func ((GDestroyNotify) g_variant_unref);
  g_autoptr (GVariant) lived = outline (*request);

  for (guint i = 0; i < plan->len; i++)
    {
      const BstSimEvent *step = &g_array_index (plan, BstSimEvent, i);
      GVariant *event = event_doc (simulation, step, lived, i + 1, approval);
      GVariant *after = bst_life_apply (lived, event, role_of (step->action), error);

      g_ptr_array_add (events, event);
      if (!after)
        {
          g_prefix_error (error, "%s: ", bst_action_name (step->action));
          return NULL;
        }
      bst_doc_replace (&lived, after);
    }
  bst_doc_replace (request, filled_in (*request, lived));
  return g_steal_pointer (&events);
}

static gboolean
write_order (Simulation *simulation, GVariant *request, GPtrArray *events, GError **error)
{
  const BstRecordType *type = bst_record_type_find ("RequestEvent");

  if (!bst_storage_bulk_add_doc (simulation->bulk, bst_record_type_find ("Request"),
                                 bst_doc_get_string (request, "id"), request, error))
    return FALSE;
  for (guint i = 0; i < events->len; i++)
    if (!bst_storage_bulk_add_doc (simulation->bulk, type,
                                   bst_doc_get_string (events->pdata[i], "id"), events->pdata[i],
                                   error))
      return FALSE;
  simulation->n_requests++;
  simulation->n_events += events->len;
  return TRUE;
}

static gboolean
give_number (Simulation *simulation, const BstSimOrder *order, GVariant **request, GError **error)
{
  g_autofree char *day =
      bst_date_of_instant (order->at, bst_calendar_zone (simulation->world->office));
  g_autofree char *uid = NULL;
  g_autofree char *number =
      bst_storage_take_number (simulation->storage, g_ascii_strtoll (day, NULL, 10), error);

  if (!number)
    return FALSE;
  simulation->played.now = order->at;
  uid = bst_uid_new (&simulation->clock);
  bst_doc_replace (request, bst_doc_set_string (*request, "id", uid));
  bst_doc_replace (request, bst_doc_set_string (*request, "uid", uid));
  bst_doc_replace (request, bst_doc_set_string (*request, "number", number));
  return TRUE;
}

static gboolean
simulate_order (Simulation *simulation, BstSimOrder *order, GError **error)
{
  const char *approver;
  g_autoptr (GVariant) request = bst_sim_receive (simulation->world, order, &approver);
  g_autoptr (GArray) plan = NULL;
  g_autoptr (GPtrArray) events = NULL;

  if (!request)
    return TRUE;
  plan = bst_sim_plan (simulation->world, order, approver);
  if (!give_number (simulation, order, &request, error))
    return FALSE;
  events = play (simulation, &request, plan, approver != NULL, error);
  if (!events)
    return FALSE;
  set_dues (simulation, order, &request, events);
  return write_order (simulation, request, events, error);
}

/* ---- all of them ---- */

static gboolean
run (Simulation *simulation, const Options *options, GError **error)
{
  const char *const *units = (const char *const *) options->units;
  g_autoptr (GPtrArray) orders = NULL;
  g_autoptr (BstStorageBulk) bulk = bst_storage_bulk_new (simulation->storage);
  g_autoptr (BstDocWriter) writer = bst_doc_writer_new ();

  simulation->bulk = bulk;
  simulation->writer = writer;
  orders = bst_sim_orders (simulation->world, (guint) options->cases, units);
  for (guint i = 0; i < orders->len; i++)
    if (!simulate_order (simulation, orders->pdata[i], error))
      return FALSE;
  return bst_storage_bulk_finish (bulk, "simulated", bst_record_type_find ("Request"), error);
}

static gboolean
sample_cb (GVariant *unit, gpointer closure)
{
  gboolean *all = closure;

  *all = *all && bst_doc_get_bool (unit, "sample");
  return *all;
}

/* What the orders cost, up to the month that is not over. */
static gboolean
charge (Simulation *simulation, GError **error)
{
  GTimeZone *zone = bst_calendar_zone (simulation->world->office);
  g_autofree char *from = bst_date_of_instant (simulation->world->from, zone);
  g_autofree char *to = bst_date_of_instant (simulation->world->to, zone);

  from[7] = to[7] = '\0';
  return bst_billing_charge_months (simulation->storage, from, to, &simulation->n_charges, error);
}

/* Made-up orders do not belong among real ones. */
static gboolean
check_sample (BstStorage *storage, GError **error)
{
  gboolean all = TRUE;

  if (!bst_storage_each (storage, "OrgUnit", sample_cb, &all, error))
    return FALSE;
  if (all)
    return TRUE;
  g_set_error (error, BST_ERROR, BST_ERROR_FORBIDDEN,
               "there are units that are no sample data; made-up orders do not belong among them");
  return FALSE;
}

static gboolean
read_day (const char *name, const char *text, gint64 otherwise, gint64 *ret_at, GError **error)
{
  g_autofree char *instant = text ? g_strconcat (text, "T00:00:00Z", NULL) : NULL;

  *ret_at = otherwise;
  if (!text || (bst_date_parse (text, NULL) && bst_instant_parse (instant, ret_at)))
    return TRUE;
  return bst_admin_usage_error (error, "--%s: a date as in 2026-01-31 is wanted", name);
}

static gboolean
transact (Simulation *simulation, const Options *options, gint64 from, gint64 to, GError **error)
{
  g_autoptr (BstSimWorld) world = NULL;
  gboolean good;

  if (!check_sample (simulation->storage, error) || !bst_storage_begin (simulation->storage, error))
    return FALSE;
  world = bst_sim_world_new (simulation->storage, (guint32) options->seed, from, to,
                             (const char *const *) options->units, error);
  simulation->world = world;
  simulation->played.rand = world ? world->rand : NULL;
  good = world && run (simulation, options, error) && charge (simulation, error) &&
         bst_sim_bills (world, (const char *const *) options->units, &simulation->n_bills, error) &&
         bst_storage_commit (simulation->storage, error);
  if (!good)
    bst_storage_rollback (simulation->storage);
  return good;
}

static void
print_result (Simulation *simulation)
{
  GVariantDict answer;

  bst_admin_print (
      simulation->admin, "Made up %u orders with %u events and %u charges; %u bills were sent.",
      simulation->n_requests, simulation->n_events, simulation->n_charges, simulation->n_bills);
  g_variant_dict_init (&answer, NULL);
  g_variant_dict_insert (&answer, "requests", "x", (gint64) simulation->n_requests);
  g_variant_dict_insert (&answer, "events", "x", (gint64) simulation->n_events);
  g_variant_dict_insert (&answer, "charges", "x", (gint64) simulation->n_charges);
  g_variant_dict_insert (&answer, "bills", "x", (gint64) simulation->n_bills);
  bst_admin_print_json (simulation->admin, g_variant_dict_end (&answer));
}

gboolean
bst_admin_simulate (BstAdmin *admin, int argc, char **argv, GError **error)
{
  g_auto (Options) options = { .seed = 1, .cases = DEFAULT_CASES };
  const GOptionEntry entries[] = { { "seed", 0, 0, G_OPTION_ARG_INT64, &options.seed, NULL, NULL },
                                   { "cases", 0, 0, G_OPTION_ARG_INT, &options.cases, NULL, NULL },
                                   { "from", 0, 0, G_OPTION_ARG_STRING, &options.from, NULL, NULL },
                                   { "to", 0, 0, G_OPTION_ARG_STRING, &options.to, NULL, NULL },
                                   { "unit", 0, 0, G_OPTION_ARG_STRING_ARRAY, &options.units, NULL,
                                     NULL },
                                   { NULL } };
  Simulation simulation = { .admin = admin };
  g_autoptr (BstStorage) storage = NULL;
  gint64 from, to;

  if (!bst_admin_parse (entries, &argc, &argv, error))
    return FALSE;
  if (argc != 1 || options.cases < 0 || options.cases > 1000000)
    return bst_admin_usage_error (error, "up to a million cases");
  if (!read_day ("to", options.to, bst_clock_now (admin->clock), &to, error) ||
      !read_day ("from", options.from, to - 365 * DAY, &from, error))
    return FALSE;
  if (from >= to || to > bst_clock_now (admin->clock))
    return bst_admin_usage_error (
        error, "the time that is played lies in the past, and ends after it begins");
  storage = bst_admin_open (admin, error);
  simulation.storage = storage;
  simulation.clock = (BstClock){ played_ms, played_octets, &simulation.played };
  if (!storage || !transact (&simulation, &options, from, to, error))
    return FALSE;
  print_result (&simulation);
  return TRUE;
}
