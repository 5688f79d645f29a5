/* SPDX-License-Identifier: GPL-3.0-or-later */

/*
 * Reading: in the reader's thread, with its own connection, so that a long write holds nobody up.
 */

#include "bst-store-private.h"

#include "bst-date.h"
#include "bst-error.h"
#include "bst-json.h"

#include <string.h>

/* ---- results whose order is costly ---- */

#define RESULTS_MAX 4
#define RANKED_MAX  400

typedef struct
{
  char *key;
  guint generation;
  GArray *rows; /* gint64 rowids, in order */
} Result;

struct _BstResultCache
{
  GQueue results; /* newest first */
};

static void
result_free (gpointer data)
{
  Result *result = data;

  g_free (result->key);
  g_array_unref (result->rows);
  g_free (result);
}

void
bst_result_cache_free (BstResultCache *cache)
{
  g_queue_clear_full (&cache->results, result_free);
  g_free (cache);
}

static GArray *
find_result (BstStore *store, const char *key, guint generation)
{
  for (GList *link = store->results ? store->results->results.head : NULL; link; link = link->next)
    {
      Result *result = link->data;

      if (result->generation == generation && strcmp (result->key, key) == 0)
        return result->rows;
    }
  return NULL;
}

static void
keep_result (BstStore *store, const char *key, guint generation, GArray *rows)
{
  Result *result = g_new (Result, 1);

  if (!store->results)
    store->results = g_new0 (BstResultCache, 1);
  *result = (Result){ g_strdup (key), generation, g_array_ref (rows) };
  g_queue_push_head (&store->results->results, result);
  while (store->results->results.length > RESULTS_MAX)
    result_free (g_queue_pop_tail (&store->results->results));
}

/* ---- running a selection ---- */

/* @stmt: (nullable) */
static void
bind_all (BstStmt *stmt, const BstSelection *selection)
{
  for (guint i = 0; stmt && selection->binds && i < selection->binds->len; i++)
    bst_stmt_bind_text (stmt, (int) i + 1, g_ptr_array_index (selection->binds, i));
}

static BstStmt *
prepare (BstStore *store,
         const char *columns,
         const BstSelection *selection,
         const char *tail,
         GError **error)
{
  g_autofree char *sql =
      g_strconcat ("SELECT ", columns, selection->from, tail ? selection->order : "", tail, NULL);
  BstStmt *stmt = bst_db_prepare (store->read_replica->db, sql, error);

  bind_all (stmt, selection);
  return stmt;
}

static GArray *
list_rows (BstStore *store, const BstSelection *selection, GError **error)
{
  g_autoptr (BstStmt) stmt = prepare (store, "rowid", selection, "", error);
  g_autoptr (GArray) rows = g_array_new (FALSE, FALSE, sizeof (gint64));
  gboolean row;

  if (!stmt)
    return NULL;
  for (;;)
    {
      gint64 rowid;

      if (!bst_stmt_step (stmt, &row, error))
        return NULL;
      if (!row)
        return g_steal_pointer (&rows);
      rowid = bst_stmt_int (stmt, 0);
      g_array_append_val (rows, rowid);
    }
}

/* The best first, then the others as they are. */
static GArray *
rank (BstStore *store, const BstQuery *query, GPtrArray *words, GArray *rows, GError **error)
{
  BstReplicaTable *table = bst_replica_table (store->read_replica, query->type);
  g_autoptr (GArray) hits = bst_search_index_query (table->text, words, RANKED_MAX, error);
  g_autoptr (GHashTable) left = g_hash_table_new (g_int64_hash, g_int64_equal);
  g_autoptr (GArray) ranked = g_array_new (FALSE, FALSE, sizeof (gint64));

  if (!hits)
    return NULL;
  for (guint i = 0; i < rows->len; i++)
    g_hash_table_add (left, &g_array_index (rows, gint64, i));
  for (guint i = 0; i < hits->len; i++)
    {
      gint64 row = g_array_index (hits, BstSearchHit, i).row;

      if (g_hash_table_remove (left, &row))
        g_array_append_val (ranked, row);
    }
  for (guint i = 0; i < rows->len; i++)
    if (g_hash_table_contains (left, &g_array_index (rows, gint64, i)))
      g_array_append_val (ranked, g_array_index (rows, gint64, i));
  return g_steal_pointer (&ranked);
}

/* A query made ready: its SQL and, where its order is costly, all its rows. */
typedef struct
{
  BstSelection selection;
  GArray *rows; /* NULL: to be had from an index, page by page */
} Prepared;

static void
prepared_clear (Prepared *prepared)
{
  bst_selection_clear (&prepared->selection);
  g_clear_pointer (&prepared->rows, g_array_unref);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Prepared, prepared_clear)

static gboolean
list_costly (BstStore *store,
             const BstQuery *query,
             GPtrArray *words,
             Prepared *prepared,
             GError **error)
{
  g_autofree char *key = bst_query_key (query);
  guint generation = bst_store_generation (store);
  GArray *known = find_result (store, key, generation);

  if (known)
    {
      prepared->rows = g_array_ref (known);
      return TRUE;
    }

  prepared->rows = list_rows (store, &prepared->selection, error);
  if (prepared->rows && prepared->selection.ranked)
    {
      GArray *ranked = rank (store, query, words, prepared->rows, error);

      g_array_unref (prepared->rows);
      prepared->rows = ranked;
    }
  if (!prepared->rows)
    return FALSE;
  keep_result (store, key, generation, prepared->rows);
  return TRUE;
}

static char *
local_today (BstStore *store)
{
  g_autoptr (GTimeZone) zone = g_time_zone_new_local ();

  return bst_date_of_instant (bst_clock_now (&store->clock), zone);
}

static gboolean
make_ready (BstStore *store, const BstQuery *query, Prepared *prepared, GError **error)
{
  g_autofree char *today = local_today (store);
  g_autofree char *match = NULL;
  g_autoptr (GPtrArray) words = NULL;

  if (query->text && query->text[0])
    {
      words = bst_store_words (store, query->type, query->text, query->language, error);
      if (!words)
        return FALSE;
      if (words->len > 0)
        {
          BstReplicaTable *table = bst_replica_table (store->read_replica, query->type);

          if (!bst_search_index_choose (table->text, words, &match, error))
            return FALSE;
          if (!match)
            {
              prepared->selection.nothing = TRUE;
              prepared->rows = g_array_new (FALSE, FALSE, sizeof (gint64));
              return TRUE;
            }
        }
    }

  return bst_query_select (query, match, today, &prepared->selection, error) &&
         (!prepared->selection.costly || list_costly (store, query, words, prepared, error));
}

/* ---- jobs ---- */

static gboolean
append_doc (GPtrArray *docs, BstStmt *stmt, GError **error)
{
  GVariant *doc =
      bst_json_parse_object (bst_stmt_text (stmt, 0), (gssize) bst_stmt_text_len (stmt, 0), error);

  if (!doc)
    return FALSE;
  g_ptr_array_add (docs, doc);
  return TRUE;
}

static gboolean
read_by_rows (BstStore *store,
              const BstQuery *query,
              GArray *rows,
              guint offset,
              guint limit,
              GPtrArray *docs,
              GError **error)
{
  g_autofree char *sql = g_strconcat (
      "SELECT doc FROM \"", bst_record_type_find (query->type)->name, "\" WHERE rowid = ?1", NULL);
  g_autoptr (BstStmt) stmt = bst_db_prepare (store->read_replica->db, sql, error);

  if (!stmt)
    return FALSE;
  for (guint i = offset; i < rows->len && i - offset < limit; i++)
    {
      gboolean row;

      bst_stmt_reset (stmt);
      bst_stmt_bind_int (stmt, 1, g_array_index (rows, gint64, i));
      if (!bst_stmt_step (stmt, &row, error) || (row && !append_doc (docs, stmt, error)))
        return FALSE;
    }
  return TRUE;
}

/* Rows are chosen from an index, and only those that are wanted are read: documents must not pass through the sorting. */
static BstStmt *
prepare_docs (BstStore *store, const BstSelection *selection, const char *tail, GError **error)
{
  g_autofree char *sql = g_strconcat ("SELECT doc FROM (SELECT rowid AS chosen", selection->from,
                                      selection->order, tail, ") JOIN \"", selection->type,
                                      "\" ON rowid = chosen", selection->order, NULL);
  BstStmt *stmt = bst_db_prepare (store->read_replica->db, sql, error);

  bind_all (stmt, selection);
  return stmt;
}

static gboolean
read_by_index (BstStore *store,
               const BstSelection *selection,
               guint offset,
               guint limit,
               GPtrArray *docs,
               GError **error)
{
  guint n_binds = selection->binds ? selection->binds->len : 0;
  g_autofree char *tail = g_strdup_printf (" LIMIT ?%u OFFSET ?%u", n_binds + 1, n_binds + 2);
  g_autoptr (BstStmt) stmt = prepare_docs (store, selection, tail, error);

  if (!stmt)
    return FALSE;
  bst_stmt_bind_int (stmt, (int) n_binds + 1, limit);
  bst_stmt_bind_int (stmt, (int) n_binds + 2, offset);
  for (;;)
    {
      gboolean row;

      if (!bst_stmt_step (stmt, &row, error))
        return FALSE;
      if (!row)
        return TRUE;
      if (!append_doc (docs, stmt, error))
        return FALSE;
    }
}

typedef struct
{
  BstQuery *query;
  guint offset;
  guint limit;
} FindArgs;

static void
find_args_free (gpointer data)
{
  FindArgs *args = data;

  bst_query_free (args->query);
  g_free (args);
}

static gpointer
find (BstStore *store, gpointer data, GError **error)
{
  FindArgs *args = data;
  g_auto (Prepared) prepared = { 0 };
  g_autoptr (GPtrArray) docs = g_ptr_array_new_with_free_func ((GDestroyNotify) g_variant_unref);
  gboolean ok;

  if (!make_ready (store, args->query, &prepared, error))
    return NULL;
  if (prepared.rows)
    ok = prepared.rows->len == 0 ||
         read_by_rows (store, args->query, prepared.rows, args->offset, args->limit, docs, error);
  else
    ok = read_by_index (store, &prepared.selection, args->offset, args->limit, docs, error);
  return ok ? g_steal_pointer (&docs) : NULL;
}

static gpointer
count (BstStore *store, gpointer data, GError **error)
{
  g_auto (Prepared) prepared = { 0 };
  g_autoptr (BstStmt) stmt = NULL;
  gint64 n;
  gboolean row;

  if (!make_ready (store, data, &prepared, error))
    return NULL;
  if (prepared.rows)
    {
      n = prepared.rows->len;
      return g_memdup2 (&n, sizeof n);
    }
  stmt = prepare (store, "count(*)", &prepared.selection, NULL, error);
  if (!stmt || !bst_stmt_step (stmt, &row, error))
    return NULL;
  n = bst_stmt_int (stmt, 0);
  return g_memdup2 (&n, sizeof n);
}

typedef struct
{
  char *type;
  char *id;
} GetArgs;

static void
get_args_free (gpointer data)
{
  GetArgs *args = data;

  g_free (args->type);
  g_free (args->id);
  g_free (args);
}

static gpointer
get (BstStore *store, gpointer data, GError **error)
{
  GetArgs *args = data;
  GVariant *doc = NULL;

  if (!bst_record_type_find (args->type))
    {
      g_set_error (error, BST_ERROR, BST_ERROR_INVALID, "there is no record type %s", args->type);
      return NULL;
    }
  if (!bst_replica_get (store->read_replica, args->type, args->id, &doc, error))
    return NULL;
  if (!doc)
    g_set_error (error, BST_ERROR, BST_ERROR_NOT_FOUND, "there is no %s %s", args->type, args->id);
  return doc;
}

/* ---- the doors ---- */

GVariant *
bst_store_get (BstStore *store, const char *type, const char *id, GError **error)
{
  GetArgs args = { (char *) type, (char *) id };

  return bst_store_call (store, store->reader, get, &args, error);
}

void
bst_store_get_async (BstStore *store,
                     const char *type,
                     const char *id,
                     GCancellable *cancellable,
                     GAsyncReadyCallback callback,
                     gpointer user_data)
{
  GetArgs *args = g_new (GetArgs, 1);

  *args = (GetArgs){ g_strdup (type), g_strdup (id) };
  bst_store_call_async (store, store->reader, get, args, get_args_free,
                        (GDestroyNotify) g_variant_unref, cancellable, callback, user_data,
                        bst_store_get_async);
}

GVariant *
bst_store_get_finish (BstStore *store, GAsyncResult *result, GError **error)
{
  return bst_store_call_finish (store, result, bst_store_get_async, error);
}

GPtrArray *
bst_store_find (BstStore *store, const BstQuery *query, guint offset, guint limit, GError **error)
{
  FindArgs args = { (BstQuery *) query, offset, limit };

  return bst_store_call (store, store->reader, find, &args, error);
}

void
bst_store_find_async (BstStore *store,
                      const BstQuery *query,
                      guint offset,
                      guint limit,
                      GCancellable *cancellable,
                      GAsyncReadyCallback callback,
                      gpointer user_data)
{
  FindArgs *args = g_new (FindArgs, 1);

  *args = (FindArgs){ bst_query_copy (query), offset, limit };
  bst_store_call_async (store, store->reader, find, args, find_args_free,
                        (GDestroyNotify) g_ptr_array_unref, cancellable, callback, user_data,
                        bst_store_find_async);
}

GPtrArray *
bst_store_find_finish (BstStore *store, GAsyncResult *result, GError **error)
{
  return bst_store_call_finish (store, result, bst_store_find_async, error);
}

static gint64
take_count (gint64 *result)
{
  gint64 n = result ? *result : -1;

  g_free (result);
  return n;
}

gint64
bst_store_count (BstStore *store, const BstQuery *query, GError **error)
{
  return take_count (bst_store_call (store, store->reader, count, (gpointer) query, error));
}

void
bst_store_count_async (BstStore *store,
                       const BstQuery *query,
                       GCancellable *cancellable,
                       GAsyncReadyCallback callback,
                       gpointer user_data)
{
  bst_store_call_async (store, store->reader, count, bst_query_copy (query),
                        (GDestroyNotify) bst_query_free, g_free, cancellable, callback, user_data,
                        bst_store_count_async);
}

gint64
bst_store_count_finish (BstStore *store, GAsyncResult *result, GError **error)
{
  return take_count (bst_store_call_finish (store, result, bst_store_count_async, error));
}
