/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Measures: what is marked is recomputed, some at a time; what falls due is counted again. */

#include "bst-storage-measure.h"

#include "bst-json.h"
#include "bst-measure.h"
#include "bst-month.h"
#include "bst-request.h"

#include <string.h>

#define CASES_A_STEP 200

/* ---- orders ---- */

/* Orders (record.row) that wait to be counted, at most CASES_A_STEP. */
static GArray *
stale_orders (BstStorage *storage, GError **error)
{
  g_autoptr (GArray) rows = g_array_new (FALSE, FALSE, sizeof (gint64));
  g_autoptr (BstStmt) stmt = bst_db_prepare (
      storage->db, "SELECT request FROM case_stale ORDER BY request LIMIT ?1", error);
  gboolean row;

  if (!stmt)
    return NULL;
  bst_stmt_bind_int (stmt, 1, CASES_A_STEP);
  for (;;)
    {
      gint64 number;

      if (!bst_stmt_step (stmt, &row, error))
        return NULL;
      if (!row)
        return g_steal_pointer (&rows);
      number = bst_stmt_int (stmt, 0);
      g_array_append_val (rows, number);
    }
}

static GVariant *
load_order (BstStorage *storage, gint64 number, GError **error)
{
  g_autoptr (BstStmt) stmt = bst_db_prepare (
      storage->db, "SELECT doc FROM record WHERE row = ?1 AND type = 'Request'", error);
  gboolean row;

  if (!stmt)
    return NULL;
  bst_stmt_bind_int (stmt, 1, number);
  if (!bst_stmt_step (stmt, &row, error))
    return NULL;
  if (!row || bst_stmt_is_null (stmt, 0))
    return bst_doc_new ();
  return bst_json_parse_object (bst_stmt_text (stmt, 0), (gssize) bst_stmt_text_len (stmt, 0),
                                error);
}

/* *@ret_id: (nullable): nothing is kept of its lines. */
static gboolean
find_order_id (BstStorage *storage, gint64 number, char **ret_id, GError **error)
{
  g_autoptr (BstStmt) stmt = bst_db_prepare (
      storage->db, "SELECT id FROM record WHERE row = ?1 AND type = 'Request'", error);
  gboolean row;

  if (!stmt)
    return FALSE;
  bst_stmt_bind_int (stmt, 1, number);
  if (!bst_stmt_step (stmt, &row, error))
    return FALSE;
  *ret_id = row ? g_strdup (bst_stmt_text (stmt, 0)) : NULL;
  return TRUE;
}

static gboolean
count_document (BstStorage *storage, gint64 number, GError **error)
{
  g_autoptr (GVariant) request = load_order (storage, number, error);

  return request && bst_storage_count_request (storage, number, request, error);
}

static gboolean
count_order (BstStorage *storage, gint64 number, GError **error)
{
  g_autoptr (BstStmt) done =
      bst_db_prepare (storage->db, "DELETE FROM case_stale WHERE request = ?1", error);
  g_autofree char *id = NULL;
  gboolean known = FALSE;

  if (!done || !find_order_id (storage, number, &id, error) ||
      (id && !bst_storage_count_again (storage, number, id, &known, error)) ||
      (!known && !count_document (storage, number, error)))
    return FALSE;
  bst_stmt_bind_int (done, 1, number);
  return bst_stmt_run (done, error);
}

/* ---- a month ---- */

static gboolean
collect_cb (GVariant *record, gpointer list)
{
  g_ptr_array_add (list, g_variant_ref (record));
  return TRUE;
}

static void
add_cb (gint64 row, const BstCase *one, gpointer measures)
{
  bst_measures_add (measures, one);
}

static gboolean
add_count_cb (gint64 row, const char *line, const BstCase *one, gpointer measures)
{
  if (one)
    bst_measures_add (measures, one);
  return TRUE;
}

/* @month: (nullable); @anew: from cases that are counted again, not from those that are kept */
static GPtrArray *
add_up (BstStorage *storage, const char *month, gboolean anew, GError **error)
{
  BstOrg *org = bst_storage_org (storage, error);
  g_autoptr (GPtrArray) notices = g_ptr_array_new_with_free_func ((GDestroyNotify) g_variant_unref);
  g_autoptr (GPtrArray) services =
      g_ptr_array_new_with_free_func ((GDestroyNotify) g_variant_unref);
  BstAvailability availability = { notices, services, bst_storage_calendar, storage,
                                   bst_clock_now (storage->clock) };
  g_autoptr (BstMeasures) measures = NULL;

  if (!org || !bst_storage_each (storage, "Notice", collect_cb, notices, error) ||
      !bst_storage_each (storage, "Service", collect_cb, services, error))
    return NULL;
  measures = bst_measures_new (org);
  bst_measures_set_availability (measures, &availability);
  if (anew ? !bst_storage_recount (storage, NULL, add_count_cb, measures, error)
           : !bst_storage_each_case (storage, month, add_cb, measures, error))
    return NULL;
  return bst_measures_documents (measures, month);
}

GPtrArray *
bst_storage_measures (BstStorage *storage, const char *month, GError **error)
{
  return add_up (storage, month, FALSE, error);
}

GPtrArray *
bst_storage_measures_anew (BstStorage *storage, GError **error)
{
  return add_up (storage, NULL, TRUE, error);
}

GHashTable *
bst_storage_counted_ids (BstStorage *storage, const char *type, const char *month, GError **error)
{
  g_autoptr (GHashTable) ids = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  g_autoptr (BstStmt) stmt = bst_db_prepare (storage->db,
                                             "SELECT id FROM record WHERE type = ?1 AND (?2 IS "
                                             "NULL OR substr (id, -7) = ?2) AND doc IS NOT NULL",
                                             error);
  gboolean row;

  if (!stmt)
    return NULL;
  bst_stmt_bind_text (stmt, 1, type);
  bst_stmt_bind_text (stmt, 2, month);
  for (;;)
    {
      if (!bst_stmt_step (stmt, &row, error))
        return NULL;
      if (!row)
        return g_steal_pointer (&ids);
      g_hash_table_add (ids, g_strdup (bst_stmt_text (stmt, 0)));
    }
}

/* Groups that have no case in the month any longer. */
static gboolean
drop_counted (BstStorage *storage, const BstRecordType *type, GHashTable *ids, GError **error)
{
  GHashTableIter iter;
  gpointer id;

  g_hash_table_iter_init (&iter, ids);
  while (g_hash_table_iter_next (&iter, &id, NULL))
    if (!bst_storage_destroy (storage, type, id, error))
      return FALSE;
  return TRUE;
}

static gboolean
write_counted (BstStorage *storage,
               const char *name,
               GPtrArray *documents,
               const char *month,
               GError **error)
{
  const BstRecordType *type = bst_record_type_find (name);
  g_autoptr (GHashTable) stored = bst_storage_counted_ids (storage, name, month, error);

  if (!stored)
    return FALSE;
  for (guint i = 0; i < documents->len; i++)
    {
      BstPutResult result;

      if (!bst_storage_put (storage, type, documents->pdata[i], &result, error))
        return FALSE;
      g_hash_table_remove (stored, bst_doc_get_string (documents->pdata[i], "id"));
    }
  return drop_counted (storage, type, stored, error);
}

/* The figures, and which cases they count, in the same transaction: nobody ever has one without the other. */
static gboolean
write_month (BstStorage *storage, const char *month, GError **error)
{
  g_autoptr (GPtrArray) measures = bst_storage_measures (storage, month, error);
  g_autoptr (GPtrArray) tallies = measures ? bst_storage_tallies (storage, month, error) : NULL;

  return tallies && write_counted (storage, "Measure", measures, month, error) &&
         write_counted (storage, "Tally", tallies, month, error);
}

/* *@ret_month: (nullable): none is marked. */
static gboolean
stale_month (BstStorage *storage, char **ret_month, GError **error)
{
  g_autoptr (BstStmt) stmt = bst_db_prepare (
      storage->db, "SELECT month FROM measure_stale ORDER BY month DESC LIMIT 1", error);
  gboolean row;

  if (!stmt || !bst_stmt_step (stmt, &row, error))
    return FALSE;
  *ret_month = row ? g_strdup (bst_stmt_text (stmt, 0)) : NULL;
  return TRUE;
}

static gboolean
refresh_month (BstStorage *storage, const char *month, GError **error)
{
  g_autoptr (BstStmt) done =
      bst_db_prepare (storage->db, "DELETE FROM measure_stale WHERE month = ?1", error);

  if (!done)
    return FALSE;
  bst_stmt_bind_text (done, 1, month);
  return write_month (storage, month, error) && bst_stmt_run (done, error);
}

/* ---- some at a time ---- */

static gboolean
step (BstStorage *storage, gboolean *ret_more, GError **error)
{
  g_autoptr (GArray) orders = stale_orders (storage, error);
  g_autofree char *month = NULL;

  if (!orders)
    return FALSE;
  for (guint i = 0; i < orders->len; i++)
    if (!count_order (storage, g_array_index (orders, gint64, i), error))
      return FALSE;
  if (orders->len == 0 && !stale_month (storage, &month, error))
    return FALSE;
  *ret_more = orders->len > 0 || month;
  return !month || refresh_month (storage, month, error);
}

/* Without anything to do nothing is locked. */
static gboolean
anything_stale (BstStorage *storage, gboolean *ret_any, GError **error)
{
  g_autoptr (BstStmt) stmt = bst_db_prepare (
      storage->db,
      "SELECT EXISTS (SELECT 1 FROM case_stale) OR EXISTS (SELECT 1 FROM measure_stale)", error);
  gboolean row;

  if (!stmt || !bst_stmt_step (stmt, &row, error))
    return FALSE;
  *ret_any = bst_stmt_int (stmt, 0) != 0;
  return TRUE;
}

gboolean
bst_storage_measure_step (BstStorage *storage, gboolean *ret_more, GError **error)
{
  if (!anything_stale (storage, ret_more, error))
    return FALSE;
  if (!*ret_more)
    return TRUE;
  if (!bst_storage_begin (storage, error))
    return FALSE;
  if (step (storage, ret_more, error))
    return bst_storage_commit (storage, error);
  bst_storage_rollback (storage);
  return FALSE;
}

/* A disturbance without an end has lasted to the end of the month that is now over. */
static gboolean
mark_over (BstStorage *storage, GError **error)
{
  g_autofree char *today = bst_storage_today (storage, NULL);
  g_autoptr (BstStmt) stmt = bst_db_prepare (
      storage->db,
      "INSERT INTO setting (key, value) VALUES ('measured-month', ?1) ON CONFLICT (key) DO UPDATE "
      "SET value = excluded.value WHERE value <> excluded.value",
      error);

  today[7] = '\0';
  if (!stmt)
    return FALSE;
  bst_stmt_bind_text (stmt, 1, today);
  if (!bst_stmt_run (stmt, error))
    return FALSE;
  return bst_db_changes (storage->db) == 0 ||
         bst_db_exec (storage->db,
                      "INSERT OR IGNORE INTO measure_stale (month) SELECT DISTINCT month FROM "
                      "sla_case WHERE month > '' AND EXISTS (SELECT 1 FROM record WHERE type = "
                      "'Notice' AND doc ->> '$.kind' = 'disturbance' AND doc ->> '$.to' IS NULL)",
                      error);
}

static gboolean
mark_due (BstStorage *storage, GError **error)
{
  g_autoptr (BstStmt) stmt = bst_db_prepare (
      storage->db,
      "INSERT OR IGNORE INTO case_stale (request) SELECT request FROM sla_case WHERE wakes < ?1",
      error);

  if (!stmt)
    return FALSE;
  bst_stmt_bind_int (stmt, 1, bst_clock_now (storage->clock));
  return bst_stmt_run (stmt, error);
}

gboolean
bst_storage_measure_sweep (BstStorage *storage, GError **error)
{
  if (!bst_storage_begin (storage, error))
    return FALSE;
  if (mark_due (storage, error) && mark_over (storage, error) &&
      bst_storage_mark_untold (storage, error))
    return bst_storage_commit (storage, error);
  bst_storage_rollback (storage);
  return FALSE;
}

gboolean
bst_storage_measure_all (BstStorage *storage, GError **error)
{
  gboolean more = TRUE;

  if (!bst_storage_measure_sweep (storage, error))
    return FALSE;
  while (more)
    if (!bst_storage_measure_step (storage, &more, error))
      return FALSE;
  return TRUE;
}

gboolean
bst_storage_measure_stale (BstStorage *storage, GError **error)
{
  return bst_db_exec (storage->db,
                      "INSERT OR IGNORE INTO case_stale (request) SELECT row FROM record WHERE "
                      "type = 'Request' AND doc IS NOT NULL",
                      error);
}
