/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "bst-history-table.h"

#include <string.h>

#define PROBLEMS_MAX 100

/* The times of a case's own columns come before, or after, the rows of the same instant. */
#define ORDER_FIRST 0
#define ORDER_LAST  (G_MAXUINT - 1)

struct _BstHistoryTable
{
  BstHistoryMap *map;
  gint64 now;
  GStringChunk *strings;
  GHashTable *by_number; /* number -> index + 1 */
  GArray *cases;         /* BstHistoryCase */
  GArray *events;        /* BstHistoryEvent */
  GArray *starts;        /* of each case's events, after sorting */
  GArray *step_times;    /* n_steps for each case: 0 when not said */
  GPtrArray *problems;
  GString *scratch;
  guint n_problems;
  guint n_bad_rows;
  guint bad_line; /* of the last problem */
  guint n_rows;
};

static void
problem_free (gpointer data)
{
  BstHistoryProblem *problem = data;

  g_free (problem->reason);
  g_free (problem);
}

BstHistoryTable *
bst_history_table_new (BstHistoryMap *map, gint64 now)
{
  BstHistoryTable *table = g_new0 (BstHistoryTable, 1);

  table->map = map;
  table->now = now;
  table->strings = g_string_chunk_new (65536);
  table->by_number = g_hash_table_new (g_str_hash, g_str_equal);
  table->cases = g_array_new (FALSE, TRUE, sizeof (BstHistoryCase));
  table->events = g_array_new (FALSE, FALSE, sizeof (BstHistoryEvent));
  table->starts = g_array_new (FALSE, TRUE, sizeof (guint));
  table->step_times = g_array_new (FALSE, TRUE, sizeof (gint64));
  table->problems = g_ptr_array_new_with_free_func (problem_free);
  table->scratch = g_string_sized_new (256);
  return table;
}

void
bst_history_table_free (BstHistoryTable *table)
{
  g_string_chunk_free (table->strings);
  g_hash_table_unref (table->by_number);
  g_array_unref (table->cases);
  g_array_unref (table->events);
  g_array_unref (table->starts);
  g_array_unref (table->step_times);
  g_ptr_array_unref (table->problems);
  g_string_free (table->scratch, TRUE);
  g_free (table);
}

void
bst_history_table_reject (BstHistoryTable *table, guint line, const char *format, ...)
{
  g_autofree char *reason = NULL;
  BstHistoryProblem *problem;
  va_list args;

  table->n_problems++;
  table->n_bad_rows += line != table->bad_line;
  if (table->n_bad_rows > PROBLEMS_MAX)
    {
      table->bad_line = line;
      return;
    }
  va_start (args, format);
  reason = g_strdup_vprintf (format, args);
  va_end (args);
  if (line == table->bad_line)
    {
      g_autofree char *before = NULL;

      problem = table->problems->pdata[table->problems->len - 1];
      before = problem->reason;
      problem->reason = g_strconcat (before, "; ", reason, NULL);
      return;
    }
  table->bad_line = line;
  problem = g_new0 (BstHistoryProblem, 1);
  problem->line = line;
  problem->reason = g_steal_pointer (&reason);
  g_ptr_array_add (table->problems, problem);
}

/* ---- rows ---- */

static gint64 *
step_time (BstHistoryTable *table, guint index, guint step)
{
  return &g_array_index (table->step_times, gint64, index * table->map->steps->len + step);
}

/* Which case the row is of, made when it is new; -1 when it is none. */
static gint64
find_case (BstHistoryTable *table, BstCsvReader *reader)
{
  const char *number =
      bst_history_map_read (table->map, BST_HISTORY_NUMBER, reader, table->scratch);
  guint line = bst_csv_reader_line (reader);
  guint known = number ? GPOINTER_TO_UINT (g_hash_table_lookup (table->by_number, number)) : 0;
  BstHistoryCase one = { .line = line };

  if (!number || strlen (number) > 200)
    {
      bst_history_table_reject (table, line, "%s: %s",
                                bst_history_map_label (table->map, BST_HISTORY_NUMBER),
                                number ? "is too long" : "the case has no number");
      return -1;
    }
  if (known && !table->map->events)
    {
      bst_history_table_reject (table, line, "case %s was in line %u already", number,
                                g_array_index (table->cases, BstHistoryCase, known - 1).line);
      return -1;
    }
  if (known)
    return known - 1;
  one.texts[BST_HISTORY_NUMBER] = g_string_chunk_insert (table->strings, number);
  g_array_append_val (table->cases, one);
  g_array_set_size (table->step_times, table->cases->len * table->map->steps->len);
  g_hash_table_insert (table->by_number, (gpointer) one.texts[BST_HISTORY_NUMBER],
                       GUINT_TO_POINTER (table->cases->len));
  return table->cases->len - 1;
}

/* Whether there is a time; a bad one is a problem. @last: the case's latest time so far, or 0. */
static gboolean
read_time (BstHistoryTable *table,
           BstCsvReader *reader,
           guint column,
           const char *name,
           gint64 last,
           gboolean past,
           gint64 *ret_at)
{
  gsize len;
  const char *text = bst_history_map_cell (table->map, reader, column, &len);
  guint line = bst_csv_reader_line (reader);
  gint64 again;

  if (!text)
    return FALSE;
  if (!bst_history_dates_parse (table->map->dates, text, len, ret_at, &again))
    {
      bst_history_table_reject (table, line, "%s: “%.*s” is no date as the map writes them", name,
                                (int) MIN (len, 60), text);
      return FALSE;
    }
  /* The hour that the clocks show twice: later rows are later. */
  if (*ret_at < last && again >= last && again - *ret_at <= 7200)
    *ret_at = again;
  if (!past || *ret_at <= table->now)
    return TRUE;
  bst_history_table_reject (table, line, "%s: “%.*s” has not been yet", name, (int) MIN (len, 60),
                            text);
  return FALSE;
}

static void
read_texts (BstHistoryTable *table, BstCsvReader *reader, BstHistoryCase *one)
{
  for (guint kind = BST_HISTORY_TITLE; kind < BST_HISTORY_STATE; kind++)
    {
      const char *text = one->texts[kind]
                             ? NULL
                             : bst_history_map_read (table->map, (BstHistoryValueKind) kind, reader,
                                                     table->scratch);

      if (text)
        one->texts[kind] = g_string_chunk_insert_const (table->strings, text);
    }
}

static void
read_event (BstHistoryTable *table, BstCsvReader *reader, guint index)
{
  BstHistoryMap *map = table->map;
  BstHistoryCase *one = &g_array_index (table->cases, BstHistoryCase, index);
  guint line = bst_csv_reader_line (reader);
  BstHistoryEvent event = { index, line, 0, NULL, NULL };
  guint problems = table->n_problems;
  const char *ours;

  if (!read_time (table, reader, map->at, map->at_name, one->last_at, TRUE, &event.at))
    {
      if (problems == table->n_problems)
        bst_history_table_reject (table, line, "%s: the event has no time", map->at_name);
      return;
    }
  ours = bst_history_map_read (map, BST_HISTORY_STATE, reader, table->scratch);
  event.move = ours ? g_hash_table_lookup (map->moves, ours) : NULL;
  if (!event.move)
    {
      bst_history_table_reject (table, line, "%s: “%s” is no state in the map",
                                bst_history_map_label (map, BST_HISTORY_STATE), ours ? ours : "");
      return;
    }
  one->last_at = MAX (one->last_at, event.at);
  event.word = g_string_chunk_insert_const (table->strings,
                                            table->scratch->len > 0 ? table->scratch->str : ours);
  g_array_append_val (table->events, event);
}

static void
read_steps (BstHistoryTable *table, BstCsvReader *reader, guint index)
{
  gint64 last = 0;

  for (guint i = 0; i < table->map->steps->len; i++)
    {
      const BstHistoryStep *step = &g_array_index (table->map->steps, BstHistoryStep, i);
      gint64 *at = step_time (table, index, i);

      if (!read_time (table, reader, step->column, step->name, last, TRUE, at))
        continue;
      if (*at < last && !table->map->events)
        bst_history_table_reject (table, bst_csv_reader_line (reader),
                                  "%s: is before what comes before it", step->name);
      last = *at;
    }
}

/* A case whose row does not say when it began cannot be placed. */
static void
check_begun (BstHistoryTable *table, BstCsvReader *reader, guint index, guint problems)
{
  if (!table->map->events && *step_time (table, index, 0) == 0 && problems == table->n_problems)
    bst_history_table_reject (table, bst_csv_reader_line (reader), "%s: is missing",
                              g_array_index (table->map->steps, BstHistoryStep, 0).name);
}

static gboolean
check_width (BstHistoryTable *table, BstCsvReader *reader)
{
  guint n = bst_csv_reader_n_cells (reader);
  gsize len = 0;

  for (guint i = table->map->n_headings; i < n && len == 0; i++)
    bst_csv_reader_cell (reader, i, &len);
  if (len > 0)
    bst_history_table_reject (table, bst_csv_reader_line (reader), "%u cells, but %u headings", n,
                              table->map->n_headings);
  return len == 0;
}

void
bst_history_table_add (BstHistoryTable *table, BstCsvReader *reader)
{
  guint problems = table->n_problems;
  gint64 index, due;

  table->n_rows++;
  if (!check_width (table, reader) || (index = find_case (table, reader)) < 0)
    return;
  read_texts (table, reader, &g_array_index (table->cases, BstHistoryCase, index));
  if (table->map->due != BST_HISTORY_NO_COLUMN &&
      read_time (table, reader, table->map->due, table->map->due_name, 0, FALSE, &due))
    g_array_index (table->cases, BstHistoryCase, index).due = due;
  read_steps (table, reader, (guint) index);
  check_begun (table, reader, (guint) index, problems);
  if (table->map->events)
    read_event (table, reader, (guint) index);
  g_array_index (table->cases, BstHistoryCase, index).bad |= problems != table->n_problems;
}

/* ---- order ---- */

static gint
compare_events (gconstpointer a, gconstpointer b)
{
  const BstHistoryEvent *one = a;
  const BstHistoryEvent *other = b;

  if (one->index != other->index)
    return one->index < other->index ? -1 : 1;
  if (one->at != other->at)
    return one->at < other->at ? -1 : 1;
  return (one->order > other->order) - (one->order < other->order);
}

static void
add_step_events (BstHistoryTable *table)
{
  for (guint index = 0; index < table->cases->len; index++)
    for (guint i = 0; i < table->map->steps->len; i++)
      {
        const BstHistoryStep *step = &g_array_index (table->map->steps, BstHistoryStep, i);
        gboolean opens = step->move.state == BST_STATE_SUBMITTED;
        BstHistoryEvent event = { index,
                                  opens ? ORDER_FIRST : ORDER_LAST - table->map->steps->len + i,
                                  *step_time (table, index, i), &step->move, step->name };

        if (event.at != 0)
          g_array_append_val (table->events, event);
      }
}

void
bst_history_table_sort (BstHistoryTable *table)
{
  add_step_events (table);
  g_array_sort (table->events, compare_events);
  g_array_set_size (table->starts, table->cases->len + 1);
  for (guint i = table->events->len; i > 0; i--)
    g_array_index (table->starts, guint,
                   g_array_index (table->events, BstHistoryEvent, i - 1).index) = i - 1;
  /* A case whose only events were bad has none. */
  g_array_index (table->starts, guint, table->cases->len) = table->events->len;
  for (guint i = table->cases->len; i > 0; i--)
    {
      guint *start = &g_array_index (table->starts, guint, i - 1);

      if (*start >= table->events->len ||
          g_array_index (table->events, BstHistoryEvent, *start).index != i - 1)
        *start = g_array_index (table->starts, guint, i);
    }
}

guint
bst_history_table_n_rows (BstHistoryTable *table)
{
  return table->n_rows;
}

guint
bst_history_table_n_cases (BstHistoryTable *table)
{
  return table->cases->len;
}

const BstHistoryCase *
bst_history_table_case (BstHistoryTable *table, guint index)
{
  return &g_array_index (table->cases, BstHistoryCase, index);
}

const BstHistoryEvent *
bst_history_table_events (BstHistoryTable *table, guint index, guint *ret_n)
{
  guint start = g_array_index (table->starts, guint, index);

  *ret_n = g_array_index (table->starts, guint, index + 1) - start;
  return &g_array_index (table->events, BstHistoryEvent, start);
}

GPtrArray *
bst_history_table_problems (BstHistoryTable *table, guint *ret_n)
{
  *ret_n = table->n_bad_rows;
  return table->problems;
}

/* ---- what a case went through ---- */

static gboolean
same_move (const BstHistoryMove *one, const BstHistoryMove *other)
{
  return one->state == other->state && g_strcmp0 (one->waiting_for, other->waiting_for) == 0;
}

/* From which event on the file only repeats where the case stands. */
static guint
find_tail (const BstHistoryEvent *events, guint n_events)
{
  const BstHistoryMove *last = NULL;
  guint tail = n_events;

  for (guint i = n_events; i > 0; i--)
    {
      const BstHistoryMove *move = events[i - 1].move;

      if (move->state == BST_N_STATES)
        continue;
      if (last && !same_move (move, last))
        break;
      last = move;
      tail = i - 1;
    }
  return tail;
}

static void
add_steps (GArray *steps,
           const BstHistoryEvent *event,
           BstHistoryMove *at,
           const BstHistoryMove *to)
{
  BstAction path[BST_LIFE_PATH_MAX];
  guint n = 0;

  if (at->state == BST_STATE_WAITING && to->state == BST_STATE_WAITING)
    {
      path[n++] = BST_ACTION_RESUME;
      path[n++] = BST_ACTION_WAIT;
    }
  else if (!bst_life_path (at->state, to->state, path, &n))
    return;
  for (guint i = 0; i < n; i++)
    {
      BstNeed needs = bst_life_needs (path[i]);
      BstPastStep step = { event->at, path[i],
                           needs & BST_NEED_WAITING_FOR ? to->waiting_for : NULL,
                           needs & BST_NEED_TEXT ? event->word : NULL };

      g_array_append_val (steps, step);
    }
  *at = *to;
}

GArray *
bst_history_steps (const BstHistoryEvent *events, guint n_events, BstHistoryMove *ret_end)
{
  GArray *steps = g_array_new (FALSE, FALSE, sizeof (BstPastStep));
  BstHistoryMove at = { BST_STATE_DRAFT, NULL };
  guint tail = find_tail (events, n_events);

  for (guint i = 0; i < n_events; i++)
    {
      BstHistoryMove to = *events[i].move;
      gboolean over = to.state != BST_N_STATES && bst_state_is_over (to.state);

      if (to.state == BST_N_STATES || (over && i < tail && to.state != BST_STATE_CLOSED))
        continue;
      if (over && i < tail)
        to.state = BST_STATE_DELIVERED;
      if (!same_move (&at, &to))
        add_steps (steps, &events[i], &at, &to);
    }
  *ret_end = at;
  return steps;
}
