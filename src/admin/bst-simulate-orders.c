/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Who orders what, when. */

#include "bst-simulate.h"

#include "bst-date.h"
#include "bst-form.h"
#include "bst-request.h"
#include "bst-storage-terms.h"

#include <string.h>

#define HOUR 3600

/* Monday to Sunday, January to December: how much is ordered then. */
static const double weekdays[] = { 1.25, 1.15, 1.0, 0.95, 0.7, 0.4, 0.4 };
static const double months[] = {
  1.2, 1.0, 1.05, 0.95, 0.95, 0.95, 0.45, 1.45, 1.15, 1.05, 1.0, 0.75
};

static void
line_clear (gpointer data)
{
  BstSimLine *line = data;

  g_clear_pointer (&line->doc, g_variant_unref);
  g_clear_pointer (&line->promise, g_variant_unref);
}

static void
order_free (gpointer data)
{
  BstSimOrder *order = data;

  g_array_unref (order->lines);
  g_free (order);
}

/* ---- when ---- */

gint64
bst_sim_back (BstCalendar *calendar, gint64 end, gint64 seconds)
{
  gint64 low = end - 400 * 24 * HOUR;
  gint64 high = end;

  while (high - low > 60)
    {
      gint64 middle = low + (high - low) / 2;

      if (bst_calendar_elapsed (calendar, middle, end) >= seconds)
        low = middle;
      else
        high = middle;
    }
  return low;
}

/* How much is ordered up to the end of each opening. */
static double *
weigh_openings (BstSimWorld *world, GArray *openings)
{
  double *sums = g_new0 (double, openings->len + 1);

  for (guint i = 0; i < openings->len; i++)
    {
      const BstOpening *opening = &g_array_index (openings, BstOpening, i);
      GDate date;

      bst_calendar_day_end (world->office, opening->from, &date);
      sums[i + 1] = sums[i] + (double) (opening->to - opening->from) *
                                  weekdays[g_date_get_weekday (&date) - 1] *
                                  months[g_date_get_month (&date) - 1];
    }
  return sums;
}

static gint64
draw_time (BstSimWorld *world, GArray *openings, const double *sums)
{
  double drawn = g_rand_double (world->rand) * sums[openings->len];
  guint low = 0, high = openings->len - 1;
  const BstOpening *opening;

  while (low < high)
    {
      guint middle = (low + high) / 2;

      if (sums[middle + 1] > drawn)
        high = middle;
      else
        low = middle + 1;
    }
  opening = &g_array_index (openings, BstOpening, low);
  return opening->from +
         (gint64) (g_rand_double (world->rand) * (double) (opening->to - opening->from));
}

static GDateMonth
month_of (BstSimWorld *world, gint64 at)
{
  GDate date;

  bst_calendar_day_end (world->office, at, &date);
  return g_date_get_month (&date);
}

/* ---- who and what ---- */

static BstSimUnit *
draw_unit (BstSimWorld *world)
{
  double sum = 0;

  for (guint i = 0; i < world->units->len; i++)
    sum += ((BstSimUnit *) world->units->pdata[i])->weight;
  sum *= g_rand_double (world->rand);
  for (guint i = 0; i + 1 < world->units->len; i++)
    {
      BstSimUnit *unit = world->units->pdata[i];

      if ((sum -= unit->weight) < 0)
        return unit;
    }
  return world->units->pdata[world->units->len - 1];
}

static gboolean
may_order (const BstSimService *service, const BstSimUnit *unit)
{
  return (service->kinds & unit->kind) != 0;
}

static BstSimService *
draw_service (BstSimWorld *world, const BstSimUnit *unit)
{
  double sum = 0;
  double drawn;

  for (guint i = 0; i < world->services->len; i++)
    if (may_order (world->services->pdata[i], unit))
      sum += ((BstSimService *) world->services->pdata[i])->weight;
  drawn = sum * g_rand_double (world->rand);
  for (guint i = 0; i < world->services->len; i++)
    {
      BstSimService *service = world->services->pdata[i];

      if (may_order (service, unit) && (drawn -= service->weight) < 0)
        return service;
    }
  return world->services->pdata[0];
}

/* ---- the form ---- */

static GVariant *
draw_choice (BstSimWorld *world, GVariant *field)
{
  g_autoptr (GVariant) choices = bst_doc_get_list (field, "choices");
  gsize n = g_variant_n_children (choices);
  g_autoptr (GVariant) choice = NULL;

  if (n == 0)
    return g_variant_new_string ("");
  g_variant_get_child (choices, (gsize) g_rand_int_range (world->rand, 0, (gint32) n), "v",
                       &choice);
  return g_variant_new_string (bst_doc_get_string (choice, "value"));
}

static GVariant *
draw_number (BstSimWorld *world, GVariant *field)
{
  gint64 least = (gint64) bst_doc_get_double (field, "min", 1);
  gint64 most = (gint64) bst_doc_get_double (field, "max", (double) least + 8);

  return g_variant_new_int64 (
      least + g_rand_int_range (world->rand, 0, (gint32) MIN (most - least, 8) + 1));
}

static GVariant *
draw_answer (BstSimWorld *world, const BstSimOrder *order, GVariant *field)
{
  const char *kind = bst_doc_get_string (field, "kind");
  const char *pattern = bst_doc_get_string (field, "pattern");
  g_autofree char *day =
      bst_date_of_instant (order->at + 14 * 24 * HOUR, bst_calendar_zone (world->office));
  const char *person = bst_sim_pick (world, order->unit->people);

  if (strcmp (kind, "choice") == 0)
    return draw_choice (world, field);
  if (strcmp (kind, "choices") == 0)
    return g_variant_new ("av", NULL);
  if (strcmp (kind, "number") == 0)
    return draw_number (world, field);
  if (strcmp (kind, "check") == 0)
    return g_variant_new_boolean (TRUE);
  if (strcmp (kind, "date") == 0)
    return g_variant_new_string (day);
  if (strcmp (kind, "person") == 0)
    return g_variant_new_string (person ? person : order->orderer);
  if (strcmp (kind, "unit") == 0)
    return g_variant_new_string (order->unit->id);
  return pattern ? NULL : g_variant_new_string (bst_sim_words (world, BST_SIM_FORM));
}

static GVariant *
draw_several (BstSimWorld *world, GVariant *field)
{
  GVariant *one = draw_choice (world, field);

  return g_variant_new_array (G_VARIANT_TYPE_VARIANT, (GVariant *[]){ g_variant_new_variant (one) },
                              1);
}

/* What must be answered, and one in three of what may be. A field's condition may hang on one that stands before it. */
static GVariant *
draw_answers (BstSimWorld *world, const BstSimOrder *order, GVariant *service)
{
  g_autoptr (GVariant) answers = bst_doc_new ();
  g_autoptr (GVariant) form = bst_doc_get_list (service, "form");

  for (gsize i = 0; i < g_variant_n_children (form); i++)
    {
      g_auto (GStrv) asked = bst_form_asked (service, answers);
      g_autoptr (GVariant) field = NULL;
      const char *key;
      GVariant *answer;

      g_variant_get_child (form, i, "v", &field);
      key = bst_doc_get_string (field, "key");
      if (!g_strv_contains ((const char *const *) asked, key) ||
          (!bst_doc_get_bool (field, "required") && !bst_sim_chance (world, 0.3)))
        continue;
      answer = g_strcmp0 (bst_doc_get_string (field, "kind"), "choices") == 0
                   ? draw_several (world, field)
                   : draw_answer (world, order, field);
      if (answer)
        bst_doc_replace (&answers, bst_doc_set (answers, key, answer));
    }
  return bst_form_clean (service, answers);
}

/* ---- lines ---- */

/* What the receipt freezes, by the server's own rule. */
static void
freeze_terms (BstSimWorld *world, const BstSimOrder *order, BstSimLine *line)
{
  g_autofree char *day = bst_date_of_instant (order->at, bst_calendar_zone (world->office));
  GVariant *frozen = bst_storage_freeze_terms_on (world->storage, order->unit->id,
                                                  line->service->doc, NULL, day, line->doc, NULL);

  /* What it reads was read before (bst_sim_world_new()). */
  g_assert (frozen);
  bst_doc_replace (&line->doc, frozen);
  line->promise = bst_doc_lookup (line->doc, "promise");
  bst_doc_replace (&line->doc,
                   bst_doc_set_string (line->doc, "performer", line->service->performer));
}

/* Business seconds that are promised; a week where nothing is. */
static double
promised (BstSimWorld *world, const BstSimOrder *order, const BstSimLine *line)
{
  BstCalendar *calendar = NULL;
  gint64 due = bst_promise_due_at (line->promise, order->at, bst_sim_calendar, world, &calendar);

  return due == BST_CALENDAR_NEVER || !calendar
             ? 5 * 8 * HOUR
             : (double) MAX (bst_calendar_elapsed (calendar, order->at, due), HOUR);
}

static void
add_line (BstSimWorld *world, BstSimOrder *order, BstSimService *service, gint64 quantity)
{
  BstSimLine line = { .service = service };
  guint place = order->lines->len + 1;
  g_autoptr (GVariant) answers = draw_answers (world, order, service->doc);
  double promise;

  g_snprintf (line.id, sizeof line.id, "l%u", place);
  line.doc = bst_request_line_from_service (service->doc, NULL, quantity, place);
  bst_doc_replace (&line.doc, bst_doc_set (line.doc, "answers", answers));
  freeze_terms (world, order, &line);
  promise = promised (world, order, &line);
  line.touch = MIN (bst_sim_spread (world, promise * 0.1, 0.5), 6 * HOUR);
  line.handling = bst_sim_spread (world, promise * service->lateness * 0.8, 0.35);
  ((BstSimQueue *) g_hash_table_lookup (world->queues, service->performer))->work += line.touch;
  g_array_append_val (order->lines, line);
}

static gint64
draw_quantity (BstSimWorld *world, const BstSimService *service)
{
  if (!bst_doc_get_bool (service->doc, "quantity") || bst_sim_chance (world, 0.65))
    return 1;
  return g_rand_int_range (world->rand, 2, 7);
}

/* All that a new colleague needs. */
static void
add_bundle (BstSimWorld *world, BstSimOrder *order)
{
  GVariant *bundle = bst_sim_pick (world, world->bundles);
  g_autoptr (GVariant) items = bst_doc_get_list (bundle, "items");

  for (gsize i = 0; i < g_variant_n_children (items) && order->lines->len < 8; i++)
    {
      g_autoptr (GVariant) item = NULL;
      BstSimService *service;

      g_variant_get_child (items, i, "v", &item);
      service = bst_sim_service (world, bst_doc_get_string (item, "service"));
      if (service && may_order (service, order->unit) &&
          (!bst_doc_get_bool (item, "optional") || bst_sim_chance (world, 0.5)))
        add_line (world, order, service, 1);
    }
}

static BstSimOrder *
new_order (BstSimWorld *world, gint64 at, BstSimUnit *unit)
{
  BstSimOrder *order = g_new0 (BstSimOrder, 1);

  order->at = at;
  order->unit = unit;
  order->orderer = bst_sim_pick (world, unit->orderers);
  order->lines = g_array_new (FALSE, TRUE, sizeof (BstSimLine));
  g_array_set_clear_func (order->lines, line_clear);
  return order;
}

static BstSimOrder *
draw_order (BstSimWorld *world, GArray *openings, const double *sums)
{
  BstSimOrder *order = new_order (world, draw_time (world, openings, sums), draw_unit (world));
  GDateMonth month = month_of (world, order->at);
  gboolean season = month == G_DATE_AUGUST || month == G_DATE_JANUARY;

  if (world->bundles->len > 0 && bst_sim_chance (world, season ? 0.08 : 0.015))
    add_bundle (world, order);
  while (order->lines->len == 0 || (order->lines->len < 3 && bst_sim_chance (world, 0.06)))
    {
      BstSimService *service = draw_service (world, order->unit);

      add_line (world, order, service, draw_quantity (world, service));
    }
  return order;
}

/* ---- what shall be there at the end ---- */

static const struct
{
  BstSimScript script;
  gint64 hours; /* of opening before the end; PRESSED, OVERDUE: left, past */
} scripts[] = {
  { BST_SIM_ASKED, 21 },   { BST_SIM_ASKED, 43 },    { BST_SIM_UNSIGNED, 3 },
  { BST_SIM_UNSIGNED, 9 }, { BST_SIM_UNSIGNED, 14 }, { BST_SIM_ARRIVED, 40 },
  { BST_SIM_ARRIVED, 55 }, { BST_SIM_ARRIVED, 70 },  { BST_SIM_PRESSED, 3 },
  { BST_SIM_PRESSED, 6 },  { BST_SIM_OVERDUE, 5 },   { BST_SIM_OVERDUE, 12 },
};

static BstSimService *
draw_for_script (BstSimWorld *world, const BstSimUnit *unit, BstSimScript script)
{
  BstSimService *service = NULL;

  for (guint try = 0; try < 400; try++)
    {
      const char *rule;

      service =
          world->services->pdata[g_rand_int_range (world->rand, 0, (gint32) world->services->len)];
      rule = bst_doc_get_string (service->doc, "approval/rule");
      if (may_order (service, unit) && bst_doc_has (service->doc, "promise") &&
          (g_strcmp0 (rule, "always") == 0) == (script == BST_SIM_UNSIGNED) &&
          g_strcmp0 (rule, "above") != 0)
        break;
    }
  return service;
}

static void
add_scripts (BstSimWorld *world, BstSimUnit *unit, GPtrArray *orders)
{
  for (guint i = 0; i < G_N_ELEMENTS (scripts); i++)
    {
      BstSimService *service = draw_for_script (world, unit, scripts[i].script);
      gint64 seconds = scripts[i].hours * HOUR;
      g_autoptr (GVariant) promise = bst_doc_lookup (service->doc, "promise");
      BstCalendar *calendar = NULL;
      gint64 due = bst_promise_due_at (promise, world->to, bst_sim_calendar, world, &calendar);
      gint64 whole = calendar ? bst_calendar_elapsed (calendar, world->to, due) : 0;
      BstSimOrder *order;

      if (scripts[i].script == BST_SIM_PRESSED)
        seconds = MAX (whole - seconds, HOUR);
      else if (scripts[i].script == BST_SIM_OVERDUE)
        seconds += whole;
      order = new_order (world, MAX (bst_sim_back (world->office, world->to, seconds), world->from),
                         unit);
      order->script = scripts[i].script;
      add_line (world, order, service, 1);
      g_ptr_array_add (orders, order);
    }
}

/* ---- all ---- */

/* So many work there that they are as busy as was drawn. */
static void
man_queues (BstSimWorld *world)
{
  double open = (double) bst_calendar_elapsed (world->office, world->from, world->to);
  GHashTableIter iter;
  gpointer value;

  g_hash_table_iter_init (&iter, world->queues);
  while (g_hash_table_iter_next (&iter, NULL, &value))
    {
      BstSimQueue *queue = value;
      guint n = MAX ((guint) (queue->work / (open * queue->busy)) + 1, 2);

      g_array_set_size (queue->servers, n);
      queue->scale = queue->work > 0 ? MIN (n * open * queue->busy / queue->work, 1.0) : 1.0;
    }
}

static gint
compare_orders (gconstpointer a, gconstpointer b)
{
  const BstSimOrder *one = *(const BstSimOrder *const *) a;
  const BstSimOrder *other = *(const BstSimOrder *const *) b;

  return (one->at > other->at) - (one->at < other->at);
}

GPtrArray *
bst_sim_orders (BstSimWorld *world, guint n, const char *const *favoured)
{
  GPtrArray *orders = g_ptr_array_new_with_free_func (order_free);
  g_autoptr (GArray) openings = bst_calendar_openings (world->office, world->from, world->to);
  g_autofree double *sums = weigh_openings (world, openings);

  for (guint i = 0; i < n && openings->len > 0; i++)
    g_ptr_array_add (orders, draw_order (world, openings, sums));
  for (guint i = 0; favoured && favoured[i]; i++)
    {
      BstSimUnit *unit = bst_sim_unit (world, favoured[i]);

      if (unit)
        add_scripts (world, unit, orders);
    }
  man_queues (world);
  g_ptr_array_sort (orders, compare_orders);
  return orders;
}
