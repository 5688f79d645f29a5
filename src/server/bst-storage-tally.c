/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Tallies: what the measures of a month were added up from is told to those who see the orders (bst-tally.h). */

#include "bst-storage-measure.h"

#include "bst-tally.h"

/* Texts are borrowed from @stmt. */
static void
add_row (BstTallies *tallies, BstStmt *stmt, const char *month)
{
  BstCase one = {
    .request = bst_stmt_text (stmt, 0),
    .line = bst_stmt_text (stmt, 1),
    .unit = bst_stmt_text (stmt, 2),
    .service = bst_stmt_text (stmt, 3),
    .channel = bst_stmt_text (stmt, 4),
    .stopped = bst_stmt_int (stmt, 5),
    .due = bst_stmt_int (stmt, 6),
    .response_due = bst_stmt_int (stmt, 7),
    .elapsed = bst_stmt_int (stmt, 8),
    .verdict = (BstSlaVerdict) bst_stmt_int (stmt, 9),
    .response_verdict = (BstSlaVerdict) bst_stmt_int (stmt, 10),
    .first_time = (gboolean) bst_stmt_int (stmt, 11),
  };

  g_strlcpy (one.month, month, sizeof one.month);
  bst_tallies_add (tallies, &one);
}

GPtrArray *
bst_storage_tallies (BstStorage *storage, const char *month, GError **error)
{
  g_autoptr (BstTallies) tallies = bst_tallies_new ();
  g_autoptr (BstStmt) stmt = bst_db_prepare (
      storage->db,
      "SELECT record.id, line, sla_case.unit, service, channel, stopped, due, response_due, "
      "elapsed, verdict, response_verdict, first_time FROM sla_case JOIN record ON record.row = "
      "sla_case.request WHERE month = ?1",
      error);
  gboolean row;

  if (!stmt)
    return NULL;
  bst_stmt_bind_text (stmt, 1, month);
  for (;;)
    {
      if (!bst_stmt_step (stmt, &row, error))
        return NULL;
      if (!row)
        return bst_tallies_documents (tallies);
      add_row (tallies, stmt, month);
    }
}

GPtrArray *
bst_storage_counted_months (BstStorage *storage, GError **error)
{
  g_autoptr (GPtrArray) months = g_ptr_array_new_with_free_func (g_free);
  g_autoptr (BstStmt) stmt = bst_db_prepare (
      storage->db, "SELECT DISTINCT month FROM sla_case WHERE month > '' ORDER BY month", error);
  gboolean row;

  if (!stmt)
    return NULL;
  for (;;)
    {
      if (!bst_stmt_step (stmt, &row, error))
        return NULL;
      if (!row)
        return g_steal_pointer (&months);
      g_ptr_array_add (months, g_strdup (bst_stmt_text (stmt, 0)));
    }
}

/* Months that were measured before there were tallies are written once more. */
gboolean
bst_storage_mark_untold (BstStorage *storage, GError **error)
{
  if (!bst_db_exec (storage->db,
                    "INSERT OR IGNORE INTO setting (key, value) VALUES ('tallies', '1')", error))
    return FALSE;
  return bst_db_changes (storage->db) == 0 ||
         bst_db_exec (storage->db,
                      "INSERT OR IGNORE INTO measure_stale (month) SELECT DISTINCT month FROM "
                      "sla_case WHERE month > ''",
                      error);
}
