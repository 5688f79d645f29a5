/* SPDX-License-Identifier: GPL-3.0-or-later */

/* The SLA clock: from an order and its events to steps. */

#include "bst-sla-private.h"

#include "bst-clock.h"
#include "bst-doc.h"

#include <string.h>

/* One line on its way through its life. */
typedef struct
{
  GArray *steps;
  const char *line;
  BstState state;
  const char *waiting_for;
} Walk;

static void
clear_step (gpointer data)
{
  BstSlaStep *step = data;

  g_clear_pointer (&step->promise, g_variant_unref);
  g_clear_pointer (&step->respond, g_variant_unref);
}

/* A message answers when the performer wrote it: the server says so (data.by). An imported one does. */
static gboolean
is_answer (BstAction action, gboolean by_performer)
{
  static const gboolean answers[BST_N_ACTIONS] = {
    [BST_ACTION_ACCEPT] = TRUE, [BST_ACTION_REJECT] = TRUE,  [BST_ACTION_START] = TRUE,
    [BST_ACTION_WAIT] = TRUE,   [BST_ACTION_DELIVER] = TRUE,
  };

  return action == BST_ACTION_MESSAGE ? by_performer : answers[action];
}

static gint64
time_of (GVariant *event)
{
  const char *received = bst_doc_get_string (event, "receivedAt");
  gint64 at = 0;

  if (!received || !bst_instant_parse (received, &at))
    bst_instant_parse (bst_doc_get_string (event, "at"), &at);
  return at;
}

/* The terms that a change of priority brought to the line (data.terms: line -> terms), as the server resolved them. */
static void
read_terms (BstSlaStep *step, const char *line, GVariant *event)
{
  g_autoptr (GVariant) all = bst_doc_get_map (event, "data/terms");
  g_autoptr (GVariant) terms = g_variant_lookup_value (all, line, G_VARIANT_TYPE_VARDICT);

  if (!terms)
    return;
  step->promise = g_variant_lookup_value (terms, "promise", G_VARIANT_TYPE_VARDICT);
  step->respond = g_variant_lookup_value (terms, "respond", G_VARIANT_TYPE_VARDICT);
}

static void
follow (Walk *walk, const char *waits_for, const BstLifeRow *row)
{
  if (row->to == BST_N_STATES)
    return;
  walk->state = row->to;
  walk->waiting_for = row->to == BST_STATE_WAITING ? waits_for : NULL;
}

static void
add_event_step (Walk *walk, const BstSlaEvent *event, const BstLifeRow *row)
{
  BstSlaStep step = { .sequence = event->sequence, .effect = row->clock, .at = event->at };

  step.delivers = row->action == BST_ACTION_DELIVER;
  step.answers = is_answer (row->action, event->by_performer);
  if (row->clock == BST_CLOCK_PAUSES)
    {
      step.waiting_for = event->deed.waits_for;
      step.reason = event->document ? bst_doc_get_string (event->document, "text") : NULL;
    }
  if (row->action == BST_ACTION_CHANGE_PERFORMER && event->document)
    step.performer = bst_doc_get_string (event->document, "data/performer");
  if (row->action == BST_ACTION_CHANGE_PRIORITY && event->document)
    read_terms (&step, walk->line, event->document);
  g_array_append_val (walk->steps, step);
  follow (walk, event->deed.waits_for, row);
}

/* ---- what is said of events ---- */

static BstSlaStep *
find_step (GArray *steps, gint64 sequence)
{
  for (guint i = 0; i < steps->len; i++)
    if (g_array_index (steps, BstSlaStep, i).sequence == sequence)
      return &g_array_index (steps, BstSlaStep, i);
  return NULL;
}

/* The orderer contests a pause, the performer corrects it or when something was. The last word holds. */
static void
say_of_step (GArray *steps, GVariant *event, BstAction action)
{
  BstSlaStep *step = find_step (steps, bst_doc_get_int (event, "data/event", 0));
  g_autoptr (GVariant) is_void = NULL;

  if (!step)
    return;
  if (action == BST_ACTION_CONTEST)
    {
      step->contested = step->effect == BST_CLOCK_PAUSES;
      step->contest = step->contested ? bst_doc_get_string (event, "text") : NULL;
      return;
    }
  is_void = bst_doc_lookup (event, "data/void");
  if (is_void && g_variant_is_of_type (is_void, G_VARIANT_TYPE_BOOLEAN))
    step->voided = g_variant_get_boolean (is_void);
  bst_instant_parse (bst_doc_get_string (event, "data/at"), &step->at);
}

/* ---- what was before ---- */

static const BstLifeRow *
imported_row (Walk *walk, BstAction action, const char *waits_for)
{
  gsize n;
  const BstLifeRow *rows = bst_life_rows (&n);
  gboolean answered =
      walk->state == BST_STATE_WAITING && g_strcmp0 (walk->waiting_for, "orderer") == 0;

  for (gsize i = 0; i < n; i++)
    {
      if (rows[i].action != action ||
          (rows[i].when == BST_WHEN_FOR_PERFORMER && g_strcmp0 (waits_for, "performer") != 0) ||
          (rows[i].when == BST_WHEN_FOR_OTHERS && g_strcmp0 (waits_for, "performer") == 0) ||
          (rows[i].when == BST_WHEN_ORDERER_WAITED && !answered) ||
          (rows[i].when == BST_WHEN_ORDERER_NOT_WAITED && answered))
        continue;
      return &rows[i];
    }
  return NULL;
}

/* Another system had other rules: its steps are taken in any state. */
static void
add_past_step (Walk *walk, GVariant *past, gint64 sequence)
{
  BstSlaStep step = { .sequence = sequence };
  const char *waits_for = bst_doc_get_string (past, "for");
  const BstLifeRow *row;
  BstAction action;

  if (!bst_action_from_name (bst_doc_get_string (past, "action"), &action) ||
      !bst_instant_parse (bst_doc_get_string (past, "at"), &step.at))
    return;
  row = imported_row (walk, action, waits_for);
  if (!row)
    return;
  step.effect = row->clock;
  step.delivers = action == BST_ACTION_DELIVER;
  step.answers = is_answer (action, TRUE);
  if (row->clock == BST_CLOCK_PAUSES)
    {
      step.waiting_for = waits_for;
      step.reason = bst_doc_get_string (past, "text");
    }
  g_array_append_val (walk->steps, step);
  follow (walk, waits_for, row);
}

static void
add_history (Walk *walk, GVariant *request)
{
  g_autoptr (GVariant) history = bst_doc_get_list (request, "history");
  gint64 n = (gint64) g_variant_n_children (history);

  for (gint64 i = 0; i < n; i++)
    {
      g_autoptr (GVariant) boxed = g_variant_get_child_value (history, (gsize) i);
      g_autoptr (GVariant) past = g_variant_get_variant (boxed);

      add_past_step (walk, past, i - n + 1);
    }
}

/* ---- all of it ---- */

static gint
compare_events (gconstpointer a, gconstpointer b)
{
  const BstSlaEvent *one = a;
  const BstSlaEvent *other = b;

  return (one->sequence > other->sequence) - (one->sequence < other->sequence);
}

/* By sequence; what the server has not numbered yet comes last. Actions that there are none of move nothing. */
static GArray *
in_sequence (GPtrArray *events)
{
  GArray *sorted = g_array_sized_new (FALSE, FALSE, sizeof (BstSlaEvent), events->len);

  for (guint i = 0; i < events->len; i++)
    {
      GVariant *event = events->pdata[i];
      BstSlaEvent read = { .document = event };

      if (!bst_deed_of (event, &read.deed))
        continue;
      read.sequence = bst_doc_get_int (event, "sequence", G_MAXINT64);
      read.line = bst_doc_get_string (event, "line");
      read.at = time_of (event);
      read.by_performer = read.deed.action == BST_ACTION_MESSAGE &&
                          g_strcmp0 (bst_doc_get_string (event, "data/by"), "performer") == 0;
      g_array_append_val (sorted, read);
    }
  g_array_sort (sorted, compare_events);
  return sorted;
}

gboolean
bst_sla_event_is_plain (BstAction action)
{
  return action != BST_ACTION_CHANGE_PERFORMER && action != BST_ACTION_CHANGE_PRIORITY &&
         action != BST_ACTION_CONTEST && action != BST_ACTION_CORRECT;
}

static void
take_event (Walk *walk, const BstSlaEvent *event)
{
  const BstLifeRow *row;

  if (event->line && strcmp (event->line, walk->line) != 0)
    return;
  row = bst_life_row_at (walk->state, walk->waiting_for, &event->deed, BST_ROLE_ALL);
  if (!row)
    return;
  if (row->action != BST_ACTION_CONTEST && row->action != BST_ACTION_CORRECT)
    add_event_step (walk, event, row);
  else if (event->document)
    say_of_step (walk->steps, event->document, row->action);
}

static void
walk_init (Walk *walk, const char *line)
{
  *walk = (Walk){ g_array_new (FALSE, TRUE, sizeof (BstSlaStep)), line, BST_STATE_DRAFT, NULL };
  g_array_set_clear_func (walk->steps, clear_step);
}

/* What comes twice is taken once. */
static void
take_events (Walk *walk, const BstSlaEvent *events, gsize n_events)
{
  gint64 before = 0;

  for (gsize i = 0; i < n_events; i++)
    {
      if (events[i].sequence != before || events[i].sequence == G_MAXINT64)
        take_event (walk, &events[i]);
      before = events[i].sequence;
    }
}

GArray *
bst_sla_steps_of (const char *line, const BstSlaEvent *events, gsize n_events)
{
  Walk walk;

  walk_init (&walk, line);
  take_events (&walk, events, n_events);
  return walk.steps;
}

GArray *
bst_sla_steps (GVariant *request, const char *line, GPtrArray *events)
{
  g_autoptr (GArray) sorted = in_sequence (events);
  Walk walk;

  walk_init (&walk, line);
  add_history (&walk, request);
  take_events (&walk, (const BstSlaEvent *) (gpointer) sorted->data, sorted->len);
  return walk.steps;
}
