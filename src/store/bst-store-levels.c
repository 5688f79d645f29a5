/* SPDX-License-Identifier: GPL-3.0-or-later */

/*
 * What was measured, and the cases behind it: in the reader's thread.
 */

#include "bst-store-levels.h"

#include "bst-json.h"
#include "bst-store-private.h"

void
bst_stored_case_free (BstStoredCase *stored)
{
  g_variant_unref (stored->request);
  g_ptr_array_unref (stored->events);
  g_free (stored);
}

/* ---- which cases ---- */

/*
 * ?1 unit, ?2 service, ?3 from, ?4 to, ?5 now, ?6 at most so many. Instants of one form sort as texts. A line that is delivered
 * counts when that was; one that is not, by when it was due.
 */
#define UNDER                                                                                      \
  "(?1 IS NULL OR unit IN (WITH RECURSIVE under(id) AS (SELECT ?1 UNION SELECT OrgUnit.id FROM "   \
  "OrgUnit JOIN under ON OrgUnit.parent = under.id) SELECT id FROM under))"
#define OF_SERVICE "(?2 IS NULL OR line.value ->> '$.service' = ?2)"
#define DELIVERED  "line.value ->> '$.deliveredAt'"
#define DUE        "line.value ->> '$.due'"
#define OPEN       "'submitted', 'accepted', 'in-progress', 'waiting'"
#define STILL_DUE                                                                                  \
  DELIVERED " IS NULL AND line.value ->> '$.state' IN (" OPEN ") AND " DUE " >= ?3 AND " DUE       \
            " < ?4 AND " DUE " < ?5"
#define LINES  "json_each(doc, '$.lines') AS line WHERE " OF_SERVICE " AND "
#define NEWEST " SELECT found FROM cases GROUP BY found ORDER BY max(at) DESC, found DESC LIMIT ?6"
/* What was delivered since then was changed since then, and what was submitted after the period was not delivered in it: an index
 * tells both, and no index over documents has to be made. ?7: the window of bst_late(). */
#define LATE_OF(touched)                                                                           \
  "SELECT found, at FROM (SELECT Request.rowid AS found, bst_late(doc, ?7) AS at FROM Request "    \
  "WHERE " touched " AND submittedAt < ?4 AND " UNDER " LIMIT -1) WHERE at IS NOT NULL"

static const char *const case_sql[] = {
  [BST_CASES_ALL] = "WITH cases(found, at) AS (SELECT Request.rowid, coalesce(" DELIVERED ", " DUE
                    ") FROM Request, " LINES UNDER " AND submittedAt < ?4 AND ((" DELIVERED
                    " >= ?3 AND " DELIVERED " < ?4) OR (" STILL_DUE ")))" NEWEST,
  [BST_CASES_LATE] =
      "WITH cases(found, at) AS (" LATE_OF ("Request.updated >= ?3") " UNION ALL " LATE_OF (
          "Request.updated IS NULL") " UNION ALL SELECT Request.rowid, " DUE
                                     " FROM Request, " LINES UNDER " AND Request.state IN (" OPEN
                                     ", 'delivered') AND Request.due IS NOT NULL AND " STILL_DUE
                                     ")" NEWEST,
  [BST_CASES_DUE] =
      "SELECT Request.rowid FROM Request WHERE state IN (" OPEN ") AND due >= ?3 AND due < ?4 AND "
      "?5 IS NOT NULL AND " UNDER " AND (?2 IS NULL OR EXISTS (SELECT 1 FROM json_each(doc, "
      "'$.lines') AS line WHERE " OF_SERVICE ")) ORDER BY due, Request.rowid LIMIT ?6",
};

typedef struct
{
  char *unit;
  char *service;
  char *from;
  char *to;
  BstCaseScope scope;
  guint limit;
  gboolean without_events;
} CaseArgs;

static void
case_args_free (gpointer data)
{
  CaseArgs *args = data;

  g_free (args->unit);
  g_free (args->service);
  g_free (args->from);
  g_free (args->to);
  g_free (args);
}

static CaseArgs *
case_args_new (const BstCaseQuery *query)
{
  CaseArgs *args = g_new (CaseArgs, 1);

  *args = (CaseArgs){ g_strdup (query->unit),
                      g_strdup (query->service),
                      bst_instant_format (query->from),
                      bst_instant_format (query->to),
                      query->scope,
                      query->limit,
                      query->without_events };
  return args;
}

static GArray *
find_cases (BstStore *store, const CaseArgs *args, GError **error)
{
  g_autoptr (BstStmt) stmt = bst_db_prepare (store->read_replica->db, case_sql[args->scope], error);
  g_autoptr (GArray) rows = g_array_new (FALSE, FALSE, sizeof (gint64));
  g_autofree char *now = bst_clock_now_text (&store->clock);
  g_autofree char *window =
      g_strjoin ("\n", args->from, args->to, args->service ? args->service : "", NULL);
  gboolean row = TRUE;

  if (!stmt)
    return NULL;
  bst_stmt_bind_text (stmt, 1, args->unit);
  bst_stmt_bind_text (stmt, 2, args->service);
  bst_stmt_bind_text (stmt, 3, args->from);
  bst_stmt_bind_text (stmt, 4, args->to);
  bst_stmt_bind_text (stmt, 5, now);
  bst_stmt_bind_int (stmt, 6, args->limit > 0 ? (gint64) args->limit : -1);
  if (args->scope == BST_CASES_LATE)
    bst_stmt_bind_text (stmt, 7, window);
  while (row)
    {
      gint64 found;

      if (!bst_stmt_step (stmt, &row, error))
        return NULL;
      found = row ? bst_stmt_int (stmt, 0) : 0;
      if (row)
        g_array_append_val (rows, found);
    }
  return g_steal_pointer (&rows);
}

/* All documents that @stmt gives. */
static gboolean
read_docs (BstStmt *stmt, GPtrArray *docs, GError **error)
{
  gboolean row = TRUE;

  while (row)
    {
      GVariant *doc;

      if (!bst_stmt_step (stmt, &row, error))
        return FALSE;
      if (!row)
        break;
      doc = bst_json_parse_object (bst_stmt_text (stmt, 0), (gssize) bst_stmt_text_len (stmt, 0),
                                   error);
      if (!doc)
        return FALSE;
      g_ptr_array_add (docs, doc);
    }
  return TRUE;
}

static GPtrArray *
new_docs (void)
{
  return g_ptr_array_new_with_free_func ((GDestroyNotify) g_variant_unref);
}

/* @events: (nullable): they are not asked for */
static gboolean
read_case (BstStmt *requests, BstStmt *events, gint64 rowid, GPtrArray *cases, GError **error)
{
  g_autoptr (GPtrArray) request = new_docs ();
  g_autoptr (GPtrArray) happened = new_docs ();
  BstStoredCase *stored;

  bst_stmt_reset (requests);
  bst_stmt_bind_int (requests, 1, rowid);
  if (!read_docs (requests, request, error))
    return FALSE;
  if (request->len == 0)
    return TRUE;
  if (events)
    {
      bst_stmt_reset (events);
      bst_stmt_bind_text (events, 1, bst_doc_get_string (request->pdata[0], "id"));
      if (!read_docs (events, happened, error))
        return FALSE;
    }
  stored = g_new (BstStoredCase, 1);
  *stored = (BstStoredCase){ g_variant_ref (request->pdata[0]), g_steal_pointer (&happened) };
  g_ptr_array_add (cases, stored);
  return TRUE;
}

static gpointer
read_cases (BstStore *store, gpointer data, GError **error)
{
  const CaseArgs *args = data;
  BstDb *db = store->read_replica->db;
  g_autoptr (GArray) rows = find_cases (store, args, error);
  g_autoptr (BstStmt) requests =
      rows ? bst_db_prepare (db, "SELECT doc FROM Request WHERE rowid = ?1", error) : NULL;
  g_autoptr (BstStmt) events =
      requests ? bst_db_prepare (
                     db, "SELECT doc FROM RequestEvent WHERE request = ?1 ORDER BY sequence", error)
               : NULL;
  g_autoptr (GPtrArray) cases =
      g_ptr_array_new_with_free_func ((GDestroyNotify) bst_stored_case_free);

  if (!events)
    return NULL;
  for (guint i = 0; i < rows->len; i++)
    if (!read_case (requests, args->without_events ? NULL : events, g_array_index (rows, gint64, i),
                    cases, error))
      return NULL;
  return g_steal_pointer (&cases);
}

GPtrArray *
bst_store_cases (BstStore *store, const BstCaseQuery *query, GError **error)
{
  CaseArgs *args = case_args_new (query);
  GPtrArray *cases = bst_store_call (store, store->reader, read_cases, args, error);

  case_args_free (args);
  return cases;
}

void
bst_store_cases_async (BstStore *store,
                       const BstCaseQuery *query,
                       GCancellable *cancellable,
                       GAsyncReadyCallback callback,
                       gpointer user_data)
{
  bst_store_call_async (store, store->reader, read_cases, case_args_new (query), case_args_free,
                        (GDestroyNotify) g_ptr_array_unref, cancellable, callback, user_data,
                        bst_store_cases_async);
}

GPtrArray *
bst_store_cases_finish (BstStore *store, GAsyncResult *result, GError **error)
{
  return bst_store_call_finish (store, result, bst_store_cases_async, error);
}

/* ---- measures ---- */

/* ?1 unit, ?2 from, ?3 to, ?4 whole from, ?5 service. */
static const char measure_sql[] =
    "SELECT doc FROM Measure WHERE unit = ?1 AND month >= ?4 AND month <= ?3 "
    "UNION ALL SELECT iif(service IS ?5, doc, json_object('unit', unit, 'month', month, 'service', "
    "service, 'met', doc ->> '$.met', 'breached', doc ->> '$.breached')) "
    "FROM Measure WHERE unit = ?1 AND month >= ?2 AND month < ?4 "
    "UNION ALL SELECT doc FROM Measure WHERE unit IN (SELECT id FROM OrgUnit WHERE parent = ?1) "
    "AND month >= ?4 AND month <= ?3 AND service IS NULL";

static BstMeasureQuery *
measure_query_copy (const BstMeasureQuery *query)
{
  BstMeasureQuery *copy = g_new (BstMeasureQuery, 1);

  *copy = (BstMeasureQuery){
    .unit = g_strdup (query->unit),
    .from = g_strdup (query->from),
    .to = g_strdup (query->to),
    .whole_from = g_strdup (query->whole_from),
    .service = g_strdup (query->service),
  };
  return copy;
}

static void
measure_query_free (gpointer data)
{
  BstMeasureQuery *query = data;

  g_free ((char *) query->unit);
  g_free ((char *) query->from);
  g_free ((char *) query->to);
  g_free ((char *) query->whole_from);
  g_free ((char *) query->service);
  g_free (query);
}

static gpointer
read_measures (BstStore *store, gpointer data, GError **error)
{
  const BstMeasureQuery *query = data;
  g_autoptr (BstStmt) stmt = bst_db_prepare (store->read_replica->db, measure_sql, error);
  g_autoptr (GPtrArray) docs = new_docs ();

  if (!stmt)
    return NULL;
  bst_stmt_bind_text (stmt, 1, query->unit);
  bst_stmt_bind_text (stmt, 2, query->from);
  bst_stmt_bind_text (stmt, 3, query->to);
  bst_stmt_bind_text (stmt, 4, query->whole_from ? query->whole_from : query->from);
  bst_stmt_bind_text (stmt, 5, query->service);
  return read_docs (stmt, docs, error) ? g_steal_pointer (&docs) : NULL;
}

GPtrArray *
bst_store_measures (BstStore *store, const BstMeasureQuery *query, GError **error)
{
  return bst_store_call (store, store->reader, read_measures, (gpointer) query, error);
}

void
bst_store_measures_async (BstStore *store,
                          const BstMeasureQuery *query,
                          GCancellable *cancellable,
                          GAsyncReadyCallback callback,
                          gpointer user_data)
{
  bst_store_call_async (store, store->reader, read_measures, measure_query_copy (query),
                        measure_query_free, (GDestroyNotify) g_ptr_array_unref, cancellable,
                        callback, user_data, bst_store_measures_async);
}

GPtrArray *
bst_store_measures_finish (BstStore *store, GAsyncResult *result, GError **error)
{
  return bst_store_call_finish (store, result, bst_store_measures_async, error);
}
