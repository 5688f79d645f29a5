/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "bst-tidy.h"

#include "bst-api-blob.h"

#include <string.h>

#define ROWS_DELETED 500
#define ROWS_READ    1000
#define BLOBS_LOOKED 100

struct _BstTidy
{
  BstStorage *storage;
  guint phase;
  gint64 now;
  gint64 row;         /* records up to this one were looked through */
  GHashTable *used;   /* "ACCOUNT ID" of blobs that they refer to */
  GHashTable *starts; /* account -> change number (gint64) at which that began */
  char *account;      /* blobs up to this one were looked at */
  char *blob;
};

BstTidy *
bst_tidy_new (BstStorage *storage)
{
  BstTidy *tidy = g_new0 (BstTidy, 1);

  tidy->storage = storage;
  tidy->now = bst_clock_now (storage->clock);
  tidy->used = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  tidy->starts = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, g_free);
  tidy->account = g_strdup ("");
  tidy->blob = g_strdup ("");
  return tidy;
}

void
bst_tidy_free (BstTidy *tidy)
{
  g_hash_table_unref (tidy->used);
  g_hash_table_unref (tidy->starts);
  g_free (tidy->account);
  g_free (tidy->blob);
  g_free (tidy);
}

/* ---- what was destroyed ---- */

/* ?1: before when, ?2: how many rows. */
static gboolean
forget (BstTidy *tidy, const char *sql, gboolean *ret_done, GError **error)
{
  g_autoptr (BstStmt) stmt = bst_db_prepare (tidy->storage->db, sql, error);

  if (!stmt)
    return FALSE;
  bst_stmt_bind_int (stmt, 1, tidy->now - BST_STORAGE_LOG_SECONDS);
  bst_stmt_bind_int (stmt, 2, ROWS_DELETED);
  if (!bst_stmt_run (stmt, error))
    return FALSE;
  *ret_done = bst_db_changes (tidy->storage->db) < ROWS_DELETED;
  return TRUE;
}

/* Older states can then no longer be told what was destroyed: said first, while it still can be looked up. */
static gboolean
raise_floors (BstTidy *tidy, gboolean *ret_done, GError **error)
{
  g_autoptr (BstStmt) stmt = bst_db_prepare (
      tidy->storage->db,
      "UPDATE account SET floor = max (floor, coalesce ((SELECT max (seq) FROM record "
      "WHERE record.account = account.id AND destroyed_at < ?1), 0), coalesce ((SELECT max (seq) "
      "FROM moved WHERE moved.account = account.id AND moved_at < ?1), 0))",
      error);

  *ret_done = TRUE;
  if (!stmt)
    return FALSE;
  bst_stmt_bind_int (stmt, 1, tidy->now - BST_STORAGE_LOG_SECONDS);
  return bst_stmt_run (stmt, error);
}

static gboolean
forget_records (BstTidy *tidy, gboolean *ret_done, GError **error)
{
  return forget (tidy,
                 "DELETE FROM record WHERE row IN (SELECT row FROM record WHERE destroyed_at < ?1 "
                 "LIMIT ?2)",
                 ret_done, error);
}

static gboolean
forget_moved (BstTidy *tidy, gboolean *ret_done, GError **error)
{
  return forget (tidy,
                 "DELETE FROM moved WHERE (account, seq, type, id) IN (SELECT account, seq, type, "
                 "id FROM moved WHERE moved_at < ?1 LIMIT ?2)",
                 ret_done, error);
}

/* ---- blobs ---- */

static gboolean
note_starts (BstTidy *tidy, gboolean *ret_done, GError **error)
{
  g_autoptr (BstStmt) stmt =
      bst_db_prepare (tidy->storage->db, "SELECT id, seq FROM account", error);
  gboolean row;

  *ret_done = TRUE;
  if (!stmt)
    return FALSE;
  for (;;)
    {
      gint64 seq;

      if (!bst_stmt_step (stmt, &row, error))
        return FALSE;
      if (!row)
        return TRUE;
      seq = bst_stmt_int (stmt, 1);
      g_hash_table_replace (tidy->starts, g_strdup (bst_stmt_text (stmt, 0)),
                            g_memdup2 (&seq, sizeof seq));
    }
}

/* What orders refer to, some rows at a time. */
static gboolean
collect_used (BstTidy *tidy, gboolean *ret_done, GError **error)
{
  g_autoptr (BstStmt) rows = bst_db_prepare (
      tidy->storage->db,
      "SELECT max (row), count (*) FROM (SELECT row FROM record WHERE row > ?1 ORDER BY row "
      "LIMIT ?2)",
      error);
  g_autoptr (BstStmt) used = bst_db_prepare (
      tidy->storage->db,
      "SELECT record.account || ' ' || (file.value ->> '$.blobId') FROM record, json_each "
      "(record.doc, '$.attachments') AS "
      "file WHERE record.row > ?1 AND record.row <= ?2 AND record.type = 'Request' AND "
      "instr (record.doc, '\"blobId\"') > 0 AND file.value ->> '$.blobId' IS NOT NULL",
      error);
  gboolean row = TRUE;
  gint64 last;

  if (!rows || !used)
    return FALSE;
  bst_stmt_bind_int (rows, 1, tidy->row);
  bst_stmt_bind_int (rows, 2, ROWS_READ);
  if (!bst_stmt_step (rows, &row, error))
    return FALSE;
  *ret_done = bst_stmt_int (rows, 1) < ROWS_READ;
  last = bst_stmt_int (rows, 0);
  bst_stmt_bind_int (used, 1, tidy->row);
  bst_stmt_bind_int (used, 2, last);
  while (row)
    {
      if (!bst_stmt_step (used, &row, error))
        return FALSE;
      if (row)
        g_hash_table_add (tidy->used, g_strdup (bst_stmt_text (used, 0)));
    }
  tidy->row = last;
  return TRUE;
}

/* Whether an order that was written since the looking began refers to it. */
static gboolean
is_used_since (BstTidy *tidy,
               const char *account,
               const char *id,
               gboolean *ret_used,
               GError **error)
{
  const gint64 *start = g_hash_table_lookup (tidy->starts, account);
  g_autoptr (BstStmt) stmt =
      bst_db_prepare (tidy->storage->db,
                      "SELECT 1 FROM record WHERE type = 'Request' AND account = ?1 AND seq > ?2 "
                      "AND instr (doc, ?3) > 0 LIMIT 1",
                      error);

  if (!stmt)
    return FALSE;
  bst_stmt_bind_text (stmt, 1, account);
  bst_stmt_bind_int (stmt, 2, start ? *start : 0);
  bst_stmt_bind_text (stmt, 3, id);
  return bst_stmt_step (stmt, ret_used, error);
}

static gboolean
drop_unused (BstTidy *tidy, const char *account, const char *id, GError **error)
{
  g_autofree char *key = g_strconcat (account, " ", id, NULL);
  gboolean used = g_hash_table_contains (tidy->used, key);

  return (used || is_used_since (tidy, account, id, &used, error)) &&
         (used || bst_blob_drop (tidy->storage, account, id, error));
}

static gboolean
drop_blobs (BstTidy *tidy, gboolean *ret_done, GError **error)
{
  g_autoptr (GPtrArray) old = g_ptr_array_new_with_free_func (g_free);
  g_autoptr (BstStmt) stmt =
      bst_db_prepare (tidy->storage->db,
                      "SELECT account, id FROM blob WHERE (account, id) > (?1, ?2) AND "
                      "uploaded < ?3 ORDER BY account, id LIMIT ?4",
                      error);
  gboolean row = TRUE;

  if (!stmt)
    return FALSE;
  bst_stmt_bind_text (stmt, 1, tidy->account);
  bst_stmt_bind_text (stmt, 2, tidy->blob);
  bst_stmt_bind_int (stmt, 3, tidy->now - BST_BLOB_KEEP_SECONDS);
  bst_stmt_bind_int (stmt, 4, BLOBS_LOOKED);
  while (row)
    {
      if (!bst_stmt_step (stmt, &row, error))
        return FALSE;
      if (!row)
        break;
      g_ptr_array_add (old, g_strdup (bst_stmt_text (stmt, 0)));
      g_ptr_array_add (old, g_strdup (bst_stmt_text (stmt, 1)));
    }
  *ret_done = old->len < 2 * BLOBS_LOOKED;
  for (guint i = 0; i + 1 < old->len; i += 2)
    {
      if (!drop_unused (tidy, old->pdata[i], old->pdata[i + 1], error))
        return FALSE;
      g_free (tidy->account);
      g_free (tidy->blob);
      tidy->account = g_strdup (old->pdata[i]);
      tidy->blob = g_strdup (old->pdata[i + 1]);
    }
  return TRUE;
}

/* Uploads that were begun and given up. */
static gboolean
drop_parts (BstTidy *tidy, gboolean *ret_done, GError **error)
{
  bst_storage_sweep_parts (tidy->storage);
  *ret_done = TRUE;
  return TRUE;
}

/* ---- the round ---- */

static gboolean (*const phases[]) (BstTidy *tidy, gboolean *ret_done, GError **error) = {
  raise_floors, forget_records, forget_moved, note_starts, collect_used, drop_blobs, drop_parts,
};

gboolean
bst_tidy_step (BstTidy *tidy, gboolean *ret_more, GError **error)
{
  gboolean done;

  if (!bst_storage_begin (tidy->storage, error))
    return FALSE;
  if (!phases[tidy->phase](tidy, &done, error))
    {
      bst_storage_rollback (tidy->storage);
      return FALSE;
    }
  if (!bst_storage_commit (tidy->storage, error))
    return FALSE;
  if (done)
    tidy->phase++;
  *ret_more = tidy->phase < G_N_ELEMENTS (phases);
  return TRUE;
}
