/* SPDX-License-Identifier: GPL-3.0-or-later */

/* What happens to an order, and when: in opening hours, as the queues of the performers let it. */

#include "bst-simulate.h"

#include "bst-request.h"

#include <string.h>

#define HOUR 3600.0

/* A line on its way. */
typedef struct
{
  BstSimWorld *world;
  BstSimOrder *order;
  BstSimLine *line;
  BstSimQueue *queue;
  BstCalendar *calendar;
  GArray *events;
  gint64 at;
  double paused;   /* business seconds */
  gint64 finished; /* when it was confirmed or closed; 0: not */
  gboolean late;
  gboolean disputed;
} Way;

static gint64
later (Way *way, double seconds)
{
  gint64 at = bst_calendar_due (way->calendar, way->at, (gint64) MAX (seconds, 60));

  way->at = at == BST_CALENDAR_NEVER ? G_MAXINT64 / 2 : at;
  return way->at;
}

static BstSimEvent *
add (Way *way, BstAction action, const char *person, const char *text)
{
  BstSimEvent event = {
    way->at, way->events->len, action, way->line ? way->line->id : NULL, person, text, NULL, 0
  };

  g_array_append_val (way->events, event);
  return &g_array_index (way->events, BstSimEvent, way->events->len - 1);
}

static const char *
performer (Way *way)
{
  return bst_sim_pick (way->world, way->queue->people);
}

static const char *
words (Way *way, BstSimWords kind)
{
  return bst_sim_words (way->world, kind);
}

/* ---- steps ---- */

/* Whom the work waits for, how often, how long (business hours), and what is said. */
static const struct
{
  const char *whom;
  double share;
  double hours;
  BstSimWords words;
} pauses[] = {
  { "orderer", 0.6, 6, BST_SIM_QUESTION },
  { "supplier", 0.28, 22, BST_SIM_SUPPLIER },
  { "performer", 0.12, 8, BST_SIM_BUSY },
};

static void
stand_still (Way *way)
{
  double drawn = g_rand_double (way->world->rand);
  guint i = 0;
  double seconds;

  while (i + 1 < G_N_ELEMENTS (pauses) && (drawn -= pauses[i].share) >= 0)
    i++;
  seconds = bst_sim_spread (way->world, pauses[i].hours * HOUR, 0.8);
  add (way, BST_ACTION_WAIT, performer (way), words (way, pauses[i].words))->waiting_for =
      pauses[i].whom;
  later (way, seconds);
  if (i == 0)
    add (way, BST_ACTION_ANSWER, way->order->orderer, words (way, BST_SIM_ANSWER));
  else
    add (way, BST_ACTION_RESUME, performer (way), NULL);
  if (i != 2)
    way->paused += seconds;
}

static void
take_server (Way *way)
{
  gint64 *free_at = (gint64 *) way->queue->servers->data; /* there is one at least */

  for (guint i = 1; i < way->queue->servers->len; i++)
    {
      gint64 *one = &g_array_index (way->queue->servers, gint64, i);

      if (*one < *free_at)
        free_at = one;
    }
  if (*free_at > way->at)
    way->at = *free_at;
  if (way->at >= way->queue->down_from && way->at < way->queue->down_to)
    way->at = way->queue->down_to;
  later (way, MIN (600, way->line->touch));
  add (way, BST_ACTION_START, performer (way), NULL);
  later (way, way->line->touch * way->queue->scale);
  *free_at = way->at;
}

static void
work (Way *way)
{
  double left = way->line->handling;
  guint n = bst_sim_chance (way->world, 0.24) + bst_sim_chance (way->world, 0.05);

  if (bst_sim_chance (way->world, 0.15))
    {
      add (way, BST_ACTION_MESSAGE, performer (way), words (way, BST_SIM_MESSAGE));
      later (way, 900);
    }
  for (; n > 0; n--)
    {
      later (way, left * 0.4);
      left *= 0.6;
      stand_still (way);
    }
  later (way, left);
}

/* Whether more opening hours ran than were promised. */
static gboolean
is_late (Way *way, gint64 begun)
{
  BstCalendar *calendar;
  gint64 due =
      bst_promise_due_at (way->line->promise, begun, bst_sim_calendar, way->world, &calendar);

  return due != BST_CALENDAR_NEVER &&
         (double) bst_calendar_elapsed (way->calendar, begun, way->at) - way->paused >
             (double) bst_calendar_elapsed (way->calendar, begun, due);
}

static void
deliver (Way *way, gint64 begun)
{
  add (way, BST_ACTION_DELIVER, performer (way),
       bst_sim_chance (way->world, 0.3) ? words (way, BST_SIM_DELIVERED) : NULL);
  way->late = is_late (way, begun);
  way->disputed = bst_sim_chance (way->world, way->late ? 0.08 : 0.035);
  if (!way->disputed)
    return;
  later (way, bst_sim_spread (way->world, 5 * HOUR, 0.7));
  add (way, BST_ACTION_DISPUTE, way->order->orderer, words (way, BST_SIM_DISPUTE));
  later (way, bst_sim_spread (way->world, 10 * HOUR, 0.6));
  add (way, BST_ACTION_DELIVER, performer (way), words (way, BST_SIM_DELIVERED));
}

static void
finish (Way *way)
{
  if (bst_sim_chance (way->world, 0.72))
    {
      later (way, bst_sim_spread (way->world, 7 * HOUR, 1.0));
      add (way, BST_ACTION_CONFIRM, way->order->orderer, NULL);
    }
  else
    {
      later (way, 75 * HOUR);
      add (way, BST_ACTION_CLOSE, performer (way), NULL);
    }
  way->finished = way->at;
}

/* Withdrawn or refused before anybody began: %TRUE when it is over. */
static gboolean
end_early (Way *way)
{
  if (bst_sim_chance (way->world, 0.022))
    {
      add (way, BST_ACTION_REJECT, performer (way), words (way, BST_SIM_REJECT));
      return TRUE;
    }
  if (!bst_sim_chance (way->world, 0.025))
    return FALSE;
  later (way, bst_sim_spread (way->world, 4 * HOUR, 0.6));
  add (way, BST_ACTION_CANCEL, way->order->orderer, words (way, BST_SIM_CANCEL));
  return TRUE;
}

static void
go (Way *way)
{
  gint64 begun = way->at;
  double whole = way->line->touch + way->line->handling;
  double respond = bst_sim_spread (way->world, MIN (1.6 * HOUR, whole * 0.15), 0.7);

  later (way, respond);
  if (bst_sim_chance (way->world, 0.5) && end_early (way))
    return;
  add (way, BST_ACTION_ACCEPT, performer (way), NULL);
  take_server (way);
  work (way);
  deliver (way, begun);
  finish (way);
}

/* ---- what is there at the end ---- */

static void
go_by_script (Way *way)
{
  BstSimScript script = way->order->script;
  gint64 end = way->world->to;

  if (script == BST_SIM_UNSIGNED)
    return;
  later (way, HOUR / 2);
  add (way, BST_ACTION_ACCEPT, performer (way), NULL);
  later (way, HOUR);
  add (way, BST_ACTION_START, performer (way), NULL);
  way->at = MAX (way->at + 60, bst_sim_back (way->calendar, end, (gint64) (4 * HOUR)));
  if (script == BST_SIM_ASKED)
    add (way, BST_ACTION_WAIT, performer (way), words (way, BST_SIM_QUESTION))->waiting_for =
        "orderer";
  else if (script == BST_SIM_ARRIVED)
    add (way, BST_ACTION_DELIVER, performer (way), words (way, BST_SIM_DELIVERED));
  else if (script == BST_SIM_OVERDUE)
    add (way, BST_ACTION_MESSAGE, way->order->orderer, words (way, BST_SIM_REMINDER));
}

/* ---- an order ---- */

static int
draw_stars (BstSimWorld *world, gboolean late, gboolean disputed)
{
  static const int content[] = { 5, 5, 5, 5, 5, 4, 4, 4, 3, 4 };
  static const int annoyed[] = { 4, 3, 3, 3, 2, 2, 1, 4, 2, 1 };
  int stars = (late ? annoyed : content)[g_rand_int_range (world->rand, 0, 10)];

  return MAX (stars - disputed, 1);
}

static void
rate (Way *way, gint64 finished, gboolean late, gboolean disputed)
{
  BstSimEvent *event;
  gboolean says = bst_sim_chance (way->world, 0.35);

  way->line = NULL;
  way->at = finished;
  later (way, bst_sim_spread (way->world, HOUR, 0.8));
  event = add (way, BST_ACTION_RATE, way->order->orderer,
               !says  ? NULL
               : late ? words (way, BST_SIM_BAD)
                      : words (way, BST_SIM_GOOD));
  event->stars = draw_stars (way->world, late, disputed);
}

/* %FALSE: it goes no further. */
static gboolean
approve (Way *way, const char *approver)
{
  if (way->order->script == BST_SIM_UNSIGNED)
    return FALSE;
  later (way, way->order->script == BST_SIM_WHOLE ? bst_sim_spread (way->world, 4 * HOUR, 0.9)
                                                  : HOUR / 2);
  if (way->order->script == BST_SIM_WHOLE && bst_sim_chance (way->world, 0.06))
    {
      add (way, BST_ACTION_DECLINE, approver, words (way, BST_SIM_DECLINE));
      return FALSE;
    }
  add (way, BST_ACTION_APPROVE, approver, NULL);
  return TRUE;
}

static gint
compare_events (gconstpointer a, gconstpointer b)
{
  const BstSimEvent *one = a;
  const BstSimEvent *other = b;

  if (one->at != other->at)
    return one->at < other->at ? -1 : 1;
  return (one->order > other->order) - (one->order < other->order);
}

static void
go_lines (Way *way)
{
  gint64 begun = way->at;
  gint64 finished = 0;
  gboolean whole = TRUE, late = FALSE, disputed = FALSE;

  for (guint i = 0; i < way->order->lines->len; i++)
    {
      way->line = &g_array_index (way->order->lines, BstSimLine, i);
      way->queue = g_hash_table_lookup (way->world->queues, way->line->service->performer);
      way->calendar =
          bst_sim_calendar (bst_doc_get_string (way->line->promise, "calendar"), way->world);
      if (!way->calendar)
        way->calendar = way->world->office;
      way->at = begun;
      way->paused = 0;
      way->finished = 0;
      if (way->order->script != BST_SIM_WHOLE)
        go_by_script (way);
      else
        go (way);
      whole = whole && way->finished;
      finished = MAX (finished, way->finished);
      late = late || (way->finished && way->late);
      disputed = disputed || (way->finished && way->disputed);
    }
  if (whole && bst_sim_chance (way->world, late ? 0.5 : 0.38))
    rate (way, finished, late, disputed);
}

GArray *
bst_sim_plan (BstSimWorld *world, BstSimOrder *order, const char *approver)
{
  GArray *events = g_array_new (FALSE, TRUE, sizeof (BstSimEvent));
  Way way = { .world = world, .order = order, .calendar = world->office, .events = events };
  guint kept = 0;

  way.at = order->at;
  add (&way, BST_ACTION_SUBMIT, order->orderer, NULL);
  if (!approver || approve (&way, approver))
    go_lines (&way);
  g_array_sort (events, compare_events);
  while (kept < events->len && g_array_index (events, BstSimEvent, kept).at <= world->to)
    kept++;
  g_array_set_size (events, kept);
  return events;
}

/* ---- the receipt ---- */

static GVariant *
lookup_cb (const char *type, const char *id, gpointer closure)
{
  BstSimService *service = strcmp (type, "Service") == 0 ? bst_sim_service (closure, id) : NULL;

  return service ? g_variant_ref (service->doc) : NULL;
}

static const char *
find_approver (BstSimWorld *world, const BstSimOrder *order, GVariant *request)
{
  BstMoney total;

  if (!bst_money_from_doc (request, "total", &total))
    bst_money_init (&total, 0, NULL);
  for (guint i = 0; i < order->unit->approvers->len; i++)
    {
      GVariant *person = g_hash_table_lookup (world->people, order->unit->approvers->pdata[i]);

      if (bst_org_may_approve (world->org, person, order->unit->id, &total, NULL))
        return order->unit->approvers->pdata[i];
    }
  return NULL;
}

static GVariant *
receivers (BstSimWorld *world, const BstSimOrder *order)
{
  const char *person = bst_sim_pick (world, order->unit->people);
  g_autoptr (GVariant) receiver =
      bst_doc_set_string (NULL, "person", person ? person : order->orderer);

  return bst_doc_set (NULL, "r1", receiver);
}

static void
insert_text (GVariantDict *dict, const char *name, const char *value)
{
  if (value)
    g_variant_dict_insert (dict, name, "s", value);
}

static GVariant *
lines_of (const BstSimOrder *order)
{
  GVariantDict lines;

  g_variant_dict_init (&lines, NULL);
  for (guint i = 0; i < order->lines->len; i++)
    {
      const BstSimLine *line = &g_array_index (order->lines, BstSimLine, i);

      g_variant_dict_insert_value (&lines, line->id, line->doc);
    }
  return g_variant_dict_end (&lines);
}

static GVariant *
write_order (BstSimWorld *world, const BstSimOrder *order)
{
  const BstSimLine *first = &g_array_index (order->lines, BstSimLine, 0);
  g_autoptr (GVariant) name = bst_doc_get_map (first->doc, "name");
  g_autoptr (GVariant) people = receivers (world, order);
  const char *unit = order->unit->id;
  const char *title = bst_doc_get_string (name, world->language);
  GVariantDict dict;

  g_variant_dict_init (&dict, NULL);
  insert_text (&dict, "unit", unit);
  insert_text (&dict, "title", title ? title : first->service->id);
  insert_text (&dict, "need", bst_sim_words (world, BST_SIM_NEED));
  insert_text (&dict, "orderer", order->orderer);
  insert_text (&dict, "area", bst_doc_get_string (first->service->doc, "area"));
  insert_text (&dict, "costPlace", bst_org_inherited (world->org, unit, "costPlace"));
  insert_text (&dict, "ean", bst_org_inherited (world->org, unit, "gln"));
  insert_text (&dict, "place", bst_org_inherited (world->org, unit, "address"));
  g_variant_dict_insert_value (&dict, "receivers", people);
  g_variant_dict_insert_value (&dict, "lines", lines_of (order));
  return bst_doc_take (g_variant_dict_end (&dict));
}

GVariant *
bst_sim_receive (BstSimWorld *world, BstSimOrder *order, const char **ret_approver)
{
  const BstRequestContext context = { lookup_cb, world, world->org, "", BST_ROLE_ORDERER };
  g_autoptr (GVariant) request = write_order (world, order);
  GVariant *priced = bst_request_with_totals (request, NULL);

  if (priced)
    bst_doc_replace (&request, priced);
  *ret_approver = NULL;
  if (!bst_request_needs_approval (request, &context))
    return g_steal_pointer (&request);
  *ret_approver = find_approver (world, order, request);
  return *ret_approver ? g_steal_pointer (&request) : NULL;
}
