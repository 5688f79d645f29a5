/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Cases and measures as they are stored, against what the events give. */

#include "bst-storage-measure.h"

#include "bst-json.h"
#include "bst-request.h"

typedef struct
{
  BstStorage *storage;
  GPtrArray *findings;
  GHashTable *counted; /* "row line" -> BstCase, as stored; taken out when found right */
} Check;

/* As text, so that one comparison reads all of it. While it runs its times move with the clock. */
static char *
case_text (const BstCase *one)
{
  return g_strdup_printf ("%" G_GINT64_FORMAT " %" G_GINT64_FORMAT " "
                          "%s %s %s %s %" G_GINT64_FORMAT " %" G_GINT64_FORMAT " %" G_GINT64_FORMAT
                          " %" G_GINT64_FORMAT " %" G_GINT64_FORMAT " %d %d %d %d",
                          one->stopped ? one->elapsed : 0, one->stopped ? one->paused : 0,
                          one->unit, one->service, one->channel, one->month, one->started,
                          one->stopped, one->due, one->responded, one->response_due, one->verdict,
                          one->response_verdict, one->first_time, one->stars);
}

static char *
key_of (gint64 row, const char *line)
{
  return g_strdup_printf ("%" G_GINT64_FORMAT " %s", row, line);
}

static void
stored_cb (gint64 row, const BstCase *one, gpointer counted)
{
  g_hash_table_insert (counted, key_of (row, one->line), case_text (one));
}

static void
find (Check *check, GVariant *request, const char *line, const char *what)
{
  g_ptr_array_add (
      check->findings,
      g_strdup_printf ("Request %s: line %s %s", bst_doc_get_string (request, "id"), line, what));
}

/* ---- without documents ---- */

static gboolean
recounted_cb (gint64 row, const char *line, const BstCase *one, gpointer recounted)
{
  g_hash_table_insert (recounted, g_strdup (line), one ? case_text (one) : g_strdup (""));
  return TRUE;
}

/* What is counted without the documents: line -> text, "" for no case. */
static GHashTable *
recount (Check *check, GVariant *request, GError **error)
{
  g_autoptr (GHashTable) lines = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, g_free);

  return bst_storage_recount (check->storage, bst_doc_get_string (request, "id"), recounted_cb,
                              lines, error)
             ? g_steal_pointer (&lines)
             : NULL;
}

/* Lines that are kept of what is no order (any longer). */
static gboolean
check_kept (Check *check, GError **error)
{
  g_autoptr (BstStmt) stmt = bst_db_prepare (
      check->storage->db,
      "SELECT id, line FROM sla_line WHERE NOT EXISTS (SELECT 1 FROM record WHERE row = "
      "sla_line.request AND record.id = sla_line.id AND type = 'Request' AND doc IS NOT NULL)",
      error);
  gboolean row = TRUE;

  if (!stmt)
    return FALSE;
  while (row)
    {
      if (!bst_stmt_step (stmt, &row, error))
        return FALSE;
      if (row)
        g_ptr_array_add (check->findings,
                         g_strdup_printf ("the line %s of %s is kept: there is no such order",
                                          bst_stmt_text (stmt, 1), bst_stmt_text (stmt, 0)));
    }
  return TRUE;
}

/* ---- with them ---- */

/* While it is paused, its due instant moves with the clock as well. */
static gboolean
is_other (const BstCase *one, const char *counted, const char *other)
{
  return one && one->verdict == BST_SLA_PAUSED ? other == NULL : g_strcmp0 (counted, other) != 0;
}

static void
check_line (Check *check,
            gint64 number,
            GVariant *request,
            const char *line,
            GPtrArray *events,
            GHashTable *recounted)
{
  g_autofree char *key = key_of (number, line);
  const char *again = g_hash_table_lookup (recounted, line);
  g_autofree char *counted = NULL;
  BstCase one;
  gboolean is_case = bst_storage_count_line (check->storage, request, line, events, &one);

  if (is_case)
    counted = case_text (&one);
  if (is_other (is_case ? &one : NULL, counted, g_hash_table_lookup (check->counted, key)))
    find (check, request, line, "is counted otherwise than its events say");
  if (!again || is_other (is_case ? &one : NULL, counted, again[0] ? again : NULL))
    find (check, request, line, "is kept otherwise, for counting it again, than it is");
  g_hash_table_remove (check->counted, key);
  g_hash_table_remove (recounted, line);
}

static gboolean
check_order (Check *check, gint64 number, GVariant *request, GError **error)
{
  g_auto (GStrv) lines = bst_request_line_ids (request);
  g_autoptr (GPtrArray) events = bst_storage_request_events (check->storage, request, error);
  g_autoptr (GHashTable) recounted = events ? recount (check, request, error) : NULL;
  GHashTableIter iter;
  gpointer line;

  if (!recounted)
    return FALSE;
  for (guint i = 0; lines[i]; i++)
    check_line (check, number, request, lines[i], events, recounted);
  g_hash_table_iter_init (&iter, recounted);
  while (g_hash_table_iter_next (&iter, &line, NULL))
    find (check, request, line, "is kept: there is no such line");
  return TRUE;
}

static gboolean
check_orders (Check *check, GError **error)
{
  g_autoptr (BstStmt) stmt = bst_db_prepare (
      check->storage->db, "SELECT row, doc FROM record WHERE type = 'Request' AND doc IS NOT NULL",
      error);
  gboolean row;

  if (!stmt)
    return FALSE;
  for (;;)
    {
      g_autoptr (GVariant) request = NULL;

      if (!bst_stmt_step (stmt, &row, error))
        return FALSE;
      if (!row)
        return TRUE;
      request = bst_json_parse_object (bst_stmt_text (stmt, 1),
                                       (gssize) bst_stmt_text_len (stmt, 1), NULL);
      if (request && bst_storage_is_counted (request) &&
          !check_order (check, bst_stmt_int (stmt, 0), request, error))
        return FALSE;
    }
}

/* What is stored, without what the server stamps, against what was just computed. */
static gboolean
same_counted (BstStorage *storage, const char *type, GVariant *computed)
{
  static const char *const stamped[] = { "rev", "created", "updated" };
  g_autoptr (GVariant) stored =
      bst_storage_get (storage, type, bst_doc_get_string (computed, "id"), NULL);

  for (guint i = 0; stored && i < G_N_ELEMENTS (stamped); i++)
    bst_doc_replace (&stored, bst_doc_set (stored, stamped[i], NULL));
  return stored && bst_doc_equal (stored, computed);
}

/* Those that are right are taken out of @stored. */
static void
check_documents (Check *check, const char *type, GPtrArray *documents, GHashTable *stored)
{
  for (guint i = 0; i < documents->len; i++)
    {
      const char *here = bst_doc_get_string (documents->pdata[i], "id");

      if (!same_counted (check->storage, type, documents->pdata[i]))
        g_ptr_array_add (check->findings,
                         g_strdup_printf ("%s %s: differs from what its cases give", type, here));
      g_hash_table_remove (stored, here);
    }
}

static void
find_without_cases (Check *check, const char *type, GHashTable *stored)
{
  GHashTableIter iter;
  gpointer id;

  g_hash_table_iter_init (&iter, stored);
  while (g_hash_table_iter_next (&iter, &id, NULL))
    g_ptr_array_add (check->findings, g_strdup_printf ("%s %s: has no cases", type, (char *) id));
}

static gboolean
check_measures (Check *check, GError **error)
{
  g_autoptr (GHashTable) stored = bst_storage_counted_ids (check->storage, "Measure", NULL, error);
  g_autoptr (GPtrArray) documents =
      stored ? bst_storage_measures (check->storage, NULL, error) : NULL;

  if (!documents)
    return FALSE;
  check_documents (check, "Measure", documents, stored);
  find_without_cases (check, "Measure", stored);
  return TRUE;
}

/* A month at a time: they name every case. */
static gboolean
check_tallies (Check *check, GError **error)
{
  g_autoptr (GHashTable) stored = bst_storage_counted_ids (check->storage, "Tally", NULL, error);
  g_autoptr (GPtrArray) months = stored ? bst_storage_counted_months (check->storage, error) : NULL;

  if (!months)
    return FALSE;
  for (guint i = 0; i < months->len; i++)
    {
      g_autoptr (GPtrArray) documents =
          bst_storage_tallies (check->storage, months->pdata[i], error);

      if (!documents)
        return FALSE;
      check_documents (check, "Tally", documents, stored);
    }
  find_without_cases (check, "Tally", stored);
  return TRUE;
}

gboolean
bst_storage_check_measures (BstStorage *storage, GPtrArray *findings, GError **error)
{
  g_autoptr (GHashTable) counted = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, g_free);
  Check check = { storage, findings, counted };
  GHashTableIter iter;
  gpointer key;

  if (!bst_storage_measure_all (storage, error) ||
      !bst_storage_each_case (storage, NULL, stored_cb, counted, error) ||
      !check_orders (&check, error) || !check_kept (&check, error))
    return FALSE;
  g_hash_table_iter_init (&iter, counted);
  while (g_hash_table_iter_next (&iter, &key, NULL))
    g_ptr_array_add (findings,
                     g_strdup_printf ("the case %s: there is no such line", (char *) key));
  return check_measures (&check, error) && check_tallies (&check, error);
}
