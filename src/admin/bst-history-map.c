/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "bst-history-map.h"

#include "bst-error.h"

#include <string.h>

#define FORMAT "bestiller-map/1"

static const char *const value_names[] = {
  [BST_HISTORY_NUMBER] = "case",     [BST_HISTORY_TITLE] = "title",
  [BST_HISTORY_NEED] = "need",       [BST_HISTORY_UNIT] = "unit",
  [BST_HISTORY_SERVICE] = "service", [BST_HISTORY_PERFORMER] = "performer",
  [BST_HISTORY_CHANNEL] = "channel", [BST_HISTORY_PRIORITY] = "priority",
  [BST_HISTORY_STARS] = "stars",     [BST_HISTORY_STATE] = "state",
};
G_STATIC_ASSERT (G_N_ELEMENTS (value_names) == BST_N_HISTORY_VALUES);

static const struct
{
  const char *name;
  BstHistoryMove move;
} moves[] = {
  { "submitted", { BST_STATE_SUBMITTED, NULL } },
  { "accepted", { BST_STATE_ACCEPTED, NULL } },
  { "in-progress", { BST_STATE_IN_PROGRESS, NULL } },
  { "waiting:orderer", { BST_STATE_WAITING, "orderer" } },
  { "waiting:performer", { BST_STATE_WAITING, "performer" } },
  { "waiting:supplier", { BST_STATE_WAITING, "supplier" } },
  { "delivered", { BST_STATE_DELIVERED, NULL } },
  { "closed", { BST_STATE_CLOSED, NULL } },
  { "rejected", { BST_STATE_REJECTED, NULL } },
  { "cancelled", { BST_STATE_CANCELLED, NULL } },
  { "ignore", { BST_N_STATES, NULL } }, /* says nothing of the state */
};

static gboolean
fail (GError **error, const char *property, const char *what)
{
  g_set_error (error, BST_ERROR, BST_ERROR_INVALID, "map: %s: %s", property, what);
  return FALSE;
}

static void
step_clear (gpointer data)
{
  g_free (((BstHistoryStep *) data)->name);
}

void
bst_history_map_free (BstHistoryMap *map)
{
  for (guint i = 0; i < BST_N_HISTORY_VALUES; i++)
    {
      g_strfreev (map->values[i].names);
      g_free (map->values[i].columns);
      g_free (map->values[i].separator);
      g_clear_pointer (&map->values[i].values, g_hash_table_unref);
      g_free (map->values[i].fallback);
    }
  g_free (map->source);
  g_clear_pointer (&map->dates, bst_history_dates_free);
  g_hash_table_unref (map->missing);
  g_hash_table_unref (map->moves);
  g_array_unref (map->steps);
  g_free (map->at_name);
  g_free (map->due_name);
  g_free (map);
}

/* ---- columns ---- */

/* "name#2" is the second column of that name, "#7" the seventh column. */
static guint
find_column (BstCsvReader *header, const char *name)
{
  const char *hash = strrchr (name, '#');
  guint64 wanted = 1;
  gsize len = strlen (name);

  if (hash && g_ascii_string_to_unsigned (hash + 1, 10, 1, 100000, &wanted, NULL))
    len = (gsize) (hash - name);
  else
    wanted = 1;
  if (len == 0 && hash)
    return wanted <= bst_csv_reader_n_cells (header) ? (guint) wanted - 1 : BST_HISTORY_NO_COLUMN;
  for (guint i = 0; i < bst_csv_reader_n_cells (header); i++)
    {
      gsize cell_len;
      const char *cell = bst_csv_reader_cell (header, i, &cell_len);

      if (cell_len == len && g_ascii_strncasecmp (cell, name, len) == 0 && --wanted == 0)
        return i;
    }
  return BST_HISTORY_NO_COLUMN;
}

static gboolean
bind_column (BstCsvReader *header,
             const char *property,
             const char *name,
             guint *ret_column,
             GError **error)
{
  *ret_column = find_column (header, name);
  if (*ret_column != BST_HISTORY_NO_COLUMN)
    return TRUE;
  g_set_error (error, BST_ERROR, BST_ERROR_INVALID, "map: %s: the file has no column “%s”",
               property, name);
  return FALSE;
}

/* A column that need not be there. */
static gboolean
bind_optional (BstCsvReader *header,
               GVariant *doc,
               const char *property,
               char **ret_name,
               guint *ret_column,
               GError **error)
{
  const char *name = bst_doc_get_string (doc, property);

  *ret_column = BST_HISTORY_NO_COLUMN;
  *ret_name = g_strdup (name);
  return !name || bind_column (header, property, name, ret_column, error);
}

/* ---- values ---- */

static GHashTable *
read_words (GVariant *words)
{
  GHashTable *table = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, g_free);
  GVariantIter iter;
  const char *theirs;
  GVariant *ours;

  g_variant_iter_init (&iter, words);
  while (g_variant_iter_loop (&iter, "{&sv}", &theirs, &ours))
    if (g_variant_is_of_type (ours, G_VARIANT_TYPE_STRING))
      g_hash_table_insert (table, g_strdup (theirs), g_variant_dup_string (ours, NULL));
  return table;
}

/* "title": "column", or {"column": "…" or ["…", "…"], "separator": …, "map": {…}, "default": …} */
static gboolean
read_value (BstHistoryValue *value,
            const char *property,
            GVariant *spec,
            BstCsvReader *header,
            GError **error)
{
  gboolean plain = g_variant_is_of_type (spec, G_VARIANT_TYPE_STRING);
  g_autoptr (GVariant) whole = plain ? bst_doc_set (NULL, "column", spec) : g_variant_ref (spec);
  g_autoptr (GVariant) words = NULL;
  const char *single;

  if (!g_variant_is_of_type (whole, G_VARIANT_TYPE_VARDICT))
    return fail (error, property, "a column's name or an object is wanted");
  single = bst_doc_get_string (whole, "column");
  value->names = single ? g_strsplit (single, "\n", 1) : bst_doc_get_strv (whole, "column");
  value->n_columns = g_strv_length (value->names);
  value->columns = g_new0 (guint, value->n_columns);
  value->separator = g_strdup (bst_doc_get_string (whole, "separator"));
  value->fallback = g_strdup (bst_doc_get_string (whole, "default"));
  if (bst_doc_has (whole, "map"))
    {
      words = bst_doc_get_map (whole, "map");
      value->values = read_words (words);
    }
  for (guint i = 0; i < value->n_columns; i++)
    if (!bind_column (header, property, value->names[i], &value->columns[i], error))
      return FALSE;
  return TRUE;
}

static const BstHistoryMove *
find_move (const char *name)
{
  for (guint i = 0; name && i < G_N_ELEMENTS (moves); i++)
    if (strcmp (moves[i].name, name) == 0)
      return &moves[i].move;
  return NULL;
}

static gboolean
check_states (BstHistoryMap *map, GError **error)
{
  const BstHistoryValue *state = &map->values[BST_HISTORY_STATE];
  GHashTableIter iter;
  gpointer ours;

  if (!map->events)
    return TRUE;
  if (!state->n_columns || !state->values || map->at == BST_HISTORY_NO_COLUMN)
    return fail (error, "rows", "events need “at”, and “state” with a “map”");
  g_hash_table_iter_init (&iter, state->values);
  while (g_hash_table_iter_next (&iter, NULL, &ours))
    if (!find_move (ours))
      return fail (error, "state", ours);
  return !state->fallback || find_move (state->fallback) ||
         fail (error, "state/default", state->fallback);
}

/* "steps": {"opened_at": "submitted", …}: in the order of the life, whatever that of the file. */
static gboolean
read_steps (BstHistoryMap *map, GVariant *doc, BstCsvReader *header, GError **error)
{
  g_autoptr (GVariant) steps = bst_doc_get_map (doc, "steps");
  GVariantIter iter;
  const char *name;
  GVariant *value;

  for (guint i = 0; i < G_N_ELEMENTS (moves); i++)
    {
      g_variant_iter_init (&iter, steps);
      while (g_variant_iter_loop (&iter, "{&sv}", &name, &value))
        {
          BstHistoryStep step = { NULL, 0, moves[i].move };

          if (!g_variant_is_of_type (value, G_VARIANT_TYPE_STRING) ||
              strcmp (g_variant_get_string (value, NULL), moves[i].name) != 0)
            continue;
          if (!bind_column (header, "steps", name, &step.column, error))
            {
              g_variant_unref (value);
              return FALSE;
            }
          step.name = g_strdup (name);
          g_array_append_val (map->steps, step);
        }
    }
  if (map->steps->len == g_variant_n_children (steps) &&
      (map->events ||
       (map->steps->len > 0 &&
        g_array_index (map->steps, BstHistoryStep, 0).move.state == BST_STATE_SUBMITTED)))
    return TRUE;
  return fail (error, "steps", "each column needs a state; the first of a case is “submitted”");
}

static gboolean
read_values (BstHistoryMap *map, GVariant *doc, BstCsvReader *header, GError **error)
{
  for (guint i = 0; i < BST_N_HISTORY_VALUES; i++)
    {
      g_autoptr (GVariant) spec = bst_doc_lookup (doc, value_names[i]);

      if (!bst_value_is_null (spec) &&
          !read_value (&map->values[i], value_names[i], spec, header, error))
        return FALSE;
    }
  return map->values[BST_HISTORY_NUMBER].n_columns > 0 ||
         fail (error, "case", "the column of the case's number is wanted");
}

static gboolean
read_dates (BstHistoryMap *map, GVariant *doc, const char *time_zone, GError **error)
{
  static const char *const usual[] = {
    "YYYY-MM-DD HH:mm:ss",    "YYYY-MM-DD HH:mm",    "YYYY-MM-DDTHH:mm:ssZ",
    "YYYY-MM-DDTHH:mm:ss.SZ", "YYYY-MM-DDTHH:mm:ss", "YYYY-MM-DD HH:mm:ss.S",
    "YYYY-MM-DD HH:mm:ssZ",   "YYYY-MM-DD",          NULL
  };
  g_auto (GStrv) patterns = bst_doc_get_strv (doc, "dates");
  const char *zone = time_zone ? time_zone : bst_doc_get_string (doc, "timeZone");

  if (!zone)
    return fail (error, "timeZone", "is missing: say in which time zone the file's times are");
  map->dates =
      bst_history_dates_new (*patterns ? (const char *const *) patterns : usual, zone, error);
  if (!map->dates)
    g_prefix_error (error, "map: ");
  return map->dates != NULL;
}

static gboolean
read_head (BstHistoryMap *map, GVariant *doc, GError **error)
{
  g_auto (GStrv) missing = bst_doc_get_strv (doc, "missing");
  const char *rows = bst_doc_get_string (doc, "rows");

  if (g_strcmp0 (bst_doc_get_string (doc, "format"), FORMAT) != 0)
    return fail (error, "format", "“" FORMAT "” is wanted");
  map->source = g_strdup (bst_doc_get_string (doc, "source"));
  if (!map->source)
    return fail (error, "source", "is missing: the name of the system");
  map->events = g_strcmp0 (rows, "events") == 0;
  if (!map->events && g_strcmp0 (rows, "cases") != 0)
    return fail (error, "rows", "“cases” or “events” is wanted");
  for (guint i = 0; missing[i]; i++)
    g_hash_table_add (map->missing, g_strdup (missing[i]));
  return TRUE;
}

BstHistoryMap *
bst_history_map_new (GVariant *doc, const char *time_zone, BstCsvReader *header, GError **error)
{
  g_autoptr (BstHistoryMap) map = g_new0 (BstHistoryMap, 1);

  map->missing = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  map->moves = g_hash_table_new (g_str_hash, g_str_equal);
  map->steps = g_array_new (FALSE, FALSE, sizeof (BstHistoryStep));
  map->n_headings = bst_csv_reader_n_cells (header);
  g_array_set_clear_func (map->steps, step_clear);
  for (guint i = 0; i < G_N_ELEMENTS (moves); i++)
    g_hash_table_insert (map->moves, (gpointer) moves[i].name, (gpointer) &moves[i].move);
  if (!read_head (map, doc, error) || !read_dates (map, doc, time_zone, error) ||
      !read_values (map, doc, header, error) || !read_steps (map, doc, header, error) ||
      !bind_optional (header, doc, "due", &map->due_name, &map->due, error) ||
      !bind_optional (header, doc, "at", &map->at_name, &map->at, error) ||
      !check_states (map, error))
    return NULL;
  return g_steal_pointer (&map);
}

/* ---- rows ---- */

const char *
bst_history_map_cell (BstHistoryMap *map, BstCsvReader *reader, guint column, gsize *ret_len)
{
  const char *text = bst_csv_reader_cell (reader, column, ret_len);
  char short_text[16];

  if (*ret_len == 0)
    return NULL;
  if (*ret_len >= sizeof short_text)
    return text;
  memcpy (short_text, text, *ret_len);
  short_text[*ret_len] = '\0';
  return g_hash_table_contains (map->missing, short_text) ? NULL : text;
}

const char *
bst_history_map_read (BstHistoryMap *map,
                      BstHistoryValueKind kind,
                      BstCsvReader *reader,
                      GString *into)
{
  const BstHistoryValue *value = &map->values[kind];
  const char *ours;

  g_string_truncate (into, 0);
  for (guint i = 0; i < value->n_columns; i++)
    {
      gsize len;
      const char *cell = bst_history_map_cell (map, reader, value->columns[i], &len);

      if (!cell)
        continue;
      if (into->len > 0)
        g_string_append (into, value->separator ? value->separator : " / ");
      g_string_append_len (into, cell, (gssize) len);
    }
  if (into->len == 0)
    return value->fallback;
  if (kind != BST_HISTORY_NEED)
    g_strdelimit (into->str, "\r\n", ' ');
  if (!value->values)
    return into->str;
  ours = g_hash_table_lookup (value->values, into->str);
  return ours ? ours : value->fallback ? value->fallback : into->str;
}

const char *
bst_history_map_label (BstHistoryMap *map, BstHistoryValueKind kind)
{
  return map->values[kind].n_columns ? map->values[kind].names[0] : "";
}
