/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "bst-gap.h"

#include <string.h>

#define WEEK     (7 * 86400)
#define SMALLEST 60   /* seconds between two orders that are tried */
#define LARGEST  1800 /* … however round the hours are */
#define FIRST_YEAR                                                                                 \
  2026 /* an ordinary week: Monday after the clocks went forward, half a year before they go back */
#define FIRST_MONTH 3
#define FIRST_DAY   30

/* A promise with the calendars that it is counted in; @outside: (nullable): what comes in while @calendar is closed. */
typedef struct
{
  GVariant *promise;
  GVariant *outside;
  BstCalendar *calendar;
  BstCalendar *outside_calendar;
} Span;

typedef struct
{
  const char *key; /* of the agreement's document */
  Span span;
  GArray *after; /* indices into the chain */
} Step;

typedef struct
{
  GVariant *agreement;
  BstRecordLookup lookup;
  gpointer closure;
  GHashTable *calendars; /* id -> BstCalendar without days off; NULL: cannot be read */
} Map;

typedef struct
{
  Span target;
  GArray *steps;  /* Step, those that others wait for first */
  gint64 *finish; /* of each, in the last try */
} Chain;

static void
off_duty_free (gpointer data)
{
  g_free (((BstOffDuty *) data)->key);
  g_free (data);
}

void
bst_gap_free (BstGap *gap)
{
  g_free (gap->service);
  g_clear_pointer (&gap->promise, g_variant_unref);
  g_strfreev (gap->critical);
  g_clear_pointer (&gap->off_duty, g_ptr_array_unref);
  g_free (gap);
}

/* ---- calendars ---- */

static void
calendar_free (gpointer calendar)
{
  if (calendar)
    bst_calendar_unref (calendar);
}

/* Borrowed from the map. */
static BstCalendar *
ordinary (Map *map, const char *id)
{
  g_autoptr (GVariant) doc = NULL;
  gpointer known;

  if (!id)
    return NULL;
  if (g_hash_table_lookup_extended (map->calendars, id, NULL, &known))
    return known;
  doc = map->lookup ("Calendar", id, map->closure);
  known = NULL;
  if (doc)
    {
      bst_doc_replace (&doc, bst_doc_set (doc, "holidays", NULL));
      bst_doc_replace (&doc, bst_doc_set (doc, "closed", NULL));
      known = bst_calendar_new (doc, NULL);
    }
  g_hash_table_insert (map->calendars, g_strdup (id), known);
  return known;
}

/* ---- spans ---- */

static void
span_clear (Span *span)
{
  g_clear_pointer (&span->promise, g_variant_unref);
  g_clear_pointer (&span->outside, g_variant_unref);
}

static BstCalendar *
calendar_of (Map *map, GVariant *promise)
{
  const char *id = bst_doc_get_string (promise, "calendar");

  return ordinary (map, id ? id : bst_doc_get_string (map->agreement, "calendar"));
}

static void
span_init (Map *map, GVariant *promise, Span *ret_span)
{
  *ret_span = (Span){ g_variant_ref (promise), bst_doc_get_map (promise, "outside"), NULL, NULL };
  ret_span->calendar = calendar_of (map, promise);
  ret_span->outside_calendar = calendar_of (map, ret_span->outside);
  if (!bst_doc_has (ret_span->outside, "value") || !ret_span->outside_calendar)
    g_clear_pointer (&ret_span->outside, g_variant_unref);
}

static gint64
span_due (const Span *span, gint64 start)
{
  if (!span->calendar)
    return BST_CALENDAR_NEVER;
  if (span->outside && !bst_calendar_is_open (span->calendar, start))
    return bst_promise_due (span->outside, span->outside_calendar, start);
  return bst_promise_due (span->promise, span->calendar, start);
}

static gint64
unit_seconds (GVariant *promise)
{
  const char *unit = bst_doc_get_string (promise, "unit");

  return g_strcmp0 (unit, "hours") == 0 ? 3600 : g_strcmp0 (unit, "minutes") == 0 ? 60 : 0;
}

/* ---- the chain ---- */

static void
step_clear (gpointer data)
{
  Step *step = data;

  span_clear (&step->span);
  g_clear_pointer (&step->after, g_array_unref);
}

static gint
find_step (GArray *steps, const char *key)
{
  for (guint i = 0; i < steps->len; i++)
    if (g_strcmp0 (g_array_index (steps, Step, i).key, key) == 0)
      return (gint) i;
  return -1;
}

/* The steps behind @service, in the agreement's order. */
static GPtrArray *
list_olas (Map *map, const char *service)
{
  GPtrArray *olas = g_ptr_array_new_with_free_func ((GDestroyNotify) g_variant_unref);
  g_autoptr (GVariant) list = bst_doc_get_list (map->agreement, "olas");
  GVariantIter iter;
  GVariant *ola;

  g_variant_iter_init (&iter, list);
  while (g_variant_iter_next (&iter, "v", &ola))
    if (g_strcmp0 (bst_doc_get_string (ola, "service"), service) == 0)
      g_ptr_array_add (olas, ola);
    else
      g_variant_unref (ola);
  return olas;
}

/* Takes @ola up when all that it waits for is there. */
static gboolean
take_step (Map *map, GArray *steps, GVariant *ola)
{
  g_auto (GStrv) after = bst_doc_get_strv (ola, "after");
  g_autoptr (GArray) indices = g_array_new (FALSE, FALSE, sizeof (guint));
  g_autoptr (GVariant) promise = NULL;
  Step step = { .key = bst_doc_get_string (ola, "key") };

  for (guint i = 0; after[i]; i++)
    {
      gint index = find_step (steps, after[i]);

      if (index < 0)
        return FALSE;
      g_array_append_val (indices, index);
    }
  promise = bst_doc_get_map (ola, "promise");
  span_init (map, promise, &step.span);
  step.after = g_steal_pointer (&indices);
  g_array_append_val (steps, step);
  return TRUE;
}

/* Kahn's order: a step comes after those it waits for. FALSE: some wait for each other, or for what is not there. */
static gboolean
order_steps (Map *map, GPtrArray *olas, GArray *steps)
{
  g_autoptr (GPtrArray) left = g_ptr_array_copy (olas, NULL, NULL);
  guint before;

  g_ptr_array_set_free_func (left, NULL);
  do
    {
      before = left->len;
      for (guint i = 0; i < left->len;)
        if (take_step (map, steps, left->pdata[i]))
          g_ptr_array_remove_index (left, i);
        else
          i++;
    }
  while (left->len > 0 && left->len < before);
  return left->len == 0;
}

static void
chain_clear (Chain *chain)
{
  span_clear (&chain->target);
  g_clear_pointer (&chain->steps, g_array_unref);
  g_clear_pointer (&chain->finish, g_free);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Chain, chain_clear)

static gboolean
in_days (GVariant *promise)
{
  return g_strcmp0 (bst_doc_get_string (promise, "unit"), "working-days") == 0;
}

/* When all is done for an order that comes at @received. */
static gint64
run_chain (Chain *chain, gint64 received)
{
  gint64 last = received;

  for (guint i = 0; i < chain->steps->len; i++)
    {
      const Step *step = &g_array_index (chain->steps, Step, i);
      gint64 start = received;

      for (guint a = 0; a < step->after->len; a++)
        start = MAX (start, chain->finish[g_array_index (step->after, guint, a)]);
      /* One day and one day are two: what is handed on at closing time is handed on that day. */
      if (start > received && start != BST_CALENDAR_NEVER && in_days (step->span.promise))
        start--;
      chain->finish[i] =
          start == BST_CALENDAR_NEVER ? BST_CALENDAR_NEVER : span_due (&step->span, start);
      last = MAX (last, chain->finish[i]);
    }
  return last;
}

/* Back from the step that was done last, each time to the one it waited for longest. */
static char **
find_critical (Chain *chain)
{
  g_autoptr (GPtrArray) back = g_ptr_array_new ();
  g_autoptr (GStrvBuilder) keys = g_strv_builder_new ();
  gint at = 0;

  for (guint i = 1; i < chain->steps->len; i++)
    if (chain->finish[i] > chain->finish[at])
      at = (gint) i;
  while (at >= 0)
    {
      const Step *step = &g_array_index (chain->steps, Step, at);
      gint next = -1;

      g_ptr_array_add (back, (gpointer) (step->key ? step->key : ""));
      for (guint a = 0; a < step->after->len; a++)
        {
          guint index = g_array_index (step->after, guint, a);

          if (next < 0 || chain->finish[index] > chain->finish[next])
            next = (gint) index;
        }
      at = next;
    }
  for (guint i = back->len; i > 0; i--)
    g_strv_builder_add (keys, back->pdata[i - 1]);
  return g_strv_builder_end (keys);
}

/* ---- one week of orders ---- */

static gint64
first_monday (BstCalendar *calendar)
{
  g_autoptr (GDateTime) monday =
      g_date_time_new (bst_calendar_zone (calendar), FIRST_YEAR, FIRST_MONTH, FIRST_DAY, 0, 0, 0);

  return g_date_time_to_unix (monday);
}

static gint64
common_divisor (gint64 a, gint64 b)
{
  while (b != 0)
    {
      gint64 rest = a % b;

      a = b;
      b = rest;
    }
  return a;
}

static gint64
divide_span (gint64 divisor, const Span *span, gint64 monday)
{
  BstCalendar *calendars[] = { span->calendar, span->outside ? span->outside_calendar : NULL };
  GVariant *promises[] = { span->promise, span->outside };

  for (guint c = 0; c < G_N_ELEMENTS (calendars); c++)
    {
      g_autoptr (GArray) openings =
          calendars[c] ? bst_calendar_openings (calendars[c], monday, monday + WEEK) : NULL;

      if (!openings)
        continue;
      for (guint i = 0; i < openings->len; i++)
        {
          divisor = common_divisor (divisor, g_array_index (openings, BstOpening, i).from - monday);
          divisor = common_divisor (divisor, g_array_index (openings, BstOpening, i).to - monday);
        }
      divisor = common_divisor (divisor, bst_doc_get_int (promises[c], "value", 0) *
                                             unit_seconds (promises[c]));
    }
  return divisor;
}

/*
 * Between two multiples of this many seconds of the week no clock of the chain starts, stops or ends: due and finish both
 * grow evenly or stand still, so their distance is largest at an end of the piece.
 */
static gint64
find_piece (Chain *chain, gint64 monday)
{
  gint64 divisor = divide_span (LARGEST, &chain->target, monday);

  for (guint i = 0; i < chain->steps->len; i++)
    divisor = divide_span (divisor, &g_array_index (chain->steps, Step, i).span, monday);
  return MAX (ABS (divisor), SMALLEST);
}

/* What of the promise's unit lies between @received and @finish. */
static gint64
count_needs (const Span *target, gint64 received, gint64 finish)
{
  gint64 unit = unit_seconds (target->promise);
  gint64 elapsed;

  if (unit == 0)
    return bst_calendar_working_days (target->calendar, received, finish);
  elapsed = bst_calendar_elapsed (target->calendar, received, finish);
  return (elapsed + unit - 1) / unit;
}

static void
try_order (Chain *chain, gint64 received, BstGap *gap)
{
  gint64 due = span_due (&chain->target, received);
  gint64 finish = run_chain (chain, received);

  if (due == BST_CALENDAR_NEVER || finish == BST_CALENDAR_NEVER)
    {
      gap->kind = BST_GAP_UNKNOWN;
      return;
    }
  gap->needs = MAX (gap->needs, count_needs (&chain->target, received, finish));
  if (finish <= due || (gap->kind == BST_GAP_TOO_SLOW && finish - due <= gap->finish - gap->due))
    return;
  gap->kind = BST_GAP_TOO_SLOW;
  gap->received = received;
  gap->due = due;
  gap->finish = finish;
  g_strfreev (gap->critical);
  gap->critical = find_critical (chain);
}

static void
try_week (Chain *chain, BstGap *gap)
{
  gint64 monday = first_monday (chain->target.calendar);
  gint64 piece = find_piece (chain, monday);

  for (gint64 at = monday; at < monday + WEEK && gap->kind != BST_GAP_UNKNOWN; at += piece)
    {
      try_order (chain, at, gap);
      try_order (chain, at + 1, gap);
      try_order (chain, at + piece - 1, gap);
    }
  if (gap->kind != BST_GAP_TOO_SLOW)
    gap->needs = 0;
}

/* ---- who is on duty ---- */

static void
add_off_duty (BstGap *gap, const char *key, gint64 monday, gint64 from, gint64 to)
{
  while (from < to)
    {
      gint64 day = (from - monday) / 86400;
      gint64 end = MIN (to, monday + (day + 1) * 86400);
      BstOffDuty *off = g_new (BstOffDuty, 1);

      *off = (BstOffDuty){ g_strdup (key ? key : ""), (int) day + 1,
                           (int) ((from - monday) % 86400 / 60),
                           (int) ((end - monday - day * 86400) / 60) };
      g_ptr_array_add (gap->off_duty, off);
      from = end;
    }
}

static void
find_off_duty (Chain *chain, BstGap *gap)
{
  gint64 monday = first_monday (chain->target.calendar);
  g_autoptr (GArray) wanted = bst_calendar_openings (chain->target.calendar, monday, monday + WEEK);

  for (guint s = 0; s < chain->steps->len; s++)
    {
      const Step *step = &g_array_index (chain->steps, Step, s);

      if (!step->span.calendar)
        continue;
      for (guint w = 0; w < wanted->len; w++)
        {
          const BstOpening *want = &g_array_index (wanted, BstOpening, w);
          g_autoptr (GArray) have =
              bst_calendar_openings (step->span.calendar, want->from, want->to);
          gint64 at = want->from;

          for (guint h = 0; h < have->len; h++)
            {
              add_off_duty (gap, step->key, monday, at, g_array_index (have, BstOpening, h).from);
              at = g_array_index (have, BstOpening, h).to;
            }
          add_off_duty (gap, step->key, monday, at, want->to);
        }
    }
}

static gint
compare_off_duty (gconstpointer a, gconstpointer b)
{
  const BstOffDuty *one = *(const BstOffDuty *const *) a;
  const BstOffDuty *other = *(const BstOffDuty *const *) b;

  if (one->weekday != other->weekday)
    return one->weekday - other->weekday;
  return one->from != other->from ? one->from - other->from : strcmp (one->key, other->key);
}

/* ---- the map ---- */

/* What holds for @service: the target's promise, else the catalogue's. (transfer full), empty when there is none. */
static GVariant *
promise_of (Map *map, GVariant *target, const char *service)
{
  g_autoptr (GVariant) record = NULL;

  if (target && bst_doc_has (target, "promise"))
    return bst_doc_get_map (target, "promise");
  record = map->lookup ("Service", service, map->closure);
  return record ? bst_doc_get_map (record, "promise") : bst_doc_new ();
}

static BstGap *
look_at (Map *map, const char *service, GVariant *promise)
{
  BstGap *gap = g_new0 (BstGap, 1);
  g_autoptr (GPtrArray) olas = list_olas (map, service);
  g_auto (Chain) chain = { .steps = g_array_new (FALSE, FALSE, sizeof (Step)) };

  gap->service = g_strdup (service);
  gap->promise = g_variant_ref (promise);
  gap->off_duty = g_ptr_array_new_with_free_func (off_duty_free);
  g_array_set_clear_func (chain.steps, step_clear);
  span_init (map, promise, &chain.target);
  if (olas->len == 0)
    gap->kind = BST_GAP_NO_CHAIN;
  else if (!order_steps (map, olas, chain.steps))
    gap->kind = BST_GAP_CIRCLE;
  else if (!bst_doc_has (promise, "value") || !chain.target.calendar)
    gap->kind = BST_GAP_UNKNOWN;
  else
    {
      chain.finish = g_new0 (gint64, chain.steps->len);
      try_week (&chain, gap);
      find_off_duty (&chain, gap);
      g_ptr_array_sort (gap->off_duty, compare_off_duty);
    }
  return gap;
}

static void
map_init (Map *map, GVariant *agreement, BstRecordLookup lookup, gpointer closure)
{
  *map = (Map){ agreement, lookup, closure,
                g_hash_table_new_full (g_str_hash, g_str_equal, g_free, calendar_free) };
}

GPtrArray *
bst_gap_map (GVariant *agreement, BstRecordLookup lookup, gpointer closure)
{
  GPtrArray *gaps = g_ptr_array_new_with_free_func ((GDestroyNotify) bst_gap_free);
  g_autoptr (GVariant) targets = bst_doc_get_list (agreement, "targets");
  GVariantIter iter;
  GVariant *target;
  Map map;

  map_init (&map, agreement, lookup, closure);
  g_variant_iter_init (&iter, targets);
  while (g_variant_iter_loop (&iter, "v", &target))
    {
      const char *service = bst_doc_get_string (target, "service");
      g_autoptr (GVariant) promise = service ? promise_of (&map, target, service) : NULL;

      if (service)
        g_ptr_array_add (gaps, look_at (&map, service, promise));
    }
  g_hash_table_unref (map.calendars);
  return gaps;
}

/* The agreement's target for @service. (transfer full) (nullable) */
static GVariant *
find_target (GVariant *agreement, const char *service)
{
  g_autoptr (GVariant) targets = bst_doc_get_list (agreement, "targets");
  GVariantIter iter;
  GVariant *target;

  g_variant_iter_init (&iter, targets);
  while (g_variant_iter_next (&iter, "v", &target))
    {
      if (g_strcmp0 (bst_doc_get_string (target, "service"), service) == 0)
        return target;
      g_variant_unref (target);
    }
  return NULL;
}

BstGap *
bst_gap_of (GVariant *agreement,
            const char *service,
            GVariant *promise,
            BstRecordLookup lookup,
            gpointer closure)
{
  g_autoptr (GVariant) target = find_target (agreement, service);
  g_autoptr (GVariant) tried = NULL;
  BstGap *gap;
  Map map;

  map_init (&map, agreement, lookup, closure);
  tried = promise ? g_variant_ref (promise) : promise_of (&map, target, service);
  gap = look_at (&map, service, tried);
  g_hash_table_unref (map.calendars);
  return gap;
}
