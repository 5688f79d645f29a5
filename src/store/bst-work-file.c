/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "bst-work-file.h"

#include "bst-error.h"

gboolean
bst_work_begin_file (BstWork *work, const char *added_at, gint64 *ret_file, GError **error)
{
  BstDb *db = bst_work_get_db (work);
  g_autoptr (BstStmt) stmt =
      bst_db_prepare (db, "INSERT INTO file (size, added_at) VALUES (0, ?1)", error);

  if (!stmt)
    return FALSE;
  bst_stmt_bind_text (stmt, 1, added_at);
  if (!bst_stmt_run (stmt, error))
    return FALSE;
  *ret_file = bst_db_last_rowid (db);
  return TRUE;
}

gboolean
bst_work_add_file_part (BstWork *work, gint64 file, gint64 part, GBytes *octets, GError **error)
{
  g_autoptr (BstStmt) stmt =
      bst_db_prepare (bst_work_get_db (work),
                      "INSERT INTO file_part (file, part, octets) VALUES (?1, ?2, ?3)", error);

  if (!stmt)
    return FALSE;
  bst_stmt_bind_int (stmt, 1, file);
  bst_stmt_bind_int (stmt, 2, part);
  bst_stmt_bind_blob (stmt, 3, octets);
  return bst_stmt_run (stmt, error);
}

gboolean
bst_work_remove_file (BstWork *work, gint64 file, GError **error)
{
  g_autoptr (BstStmt) stmt =
      bst_db_prepare (bst_work_get_db (work), "DELETE FROM file WHERE id = ?1", error);

  if (!stmt)
    return FALSE;
  bst_stmt_bind_int (stmt, 1, file);
  return bst_stmt_run (stmt, error);
}

gboolean
bst_work_find_file (BstWork *work,
                    const char *sha256,
                    gint64 *ret_file,
                    gint64 *ret_size,
                    GError **error)
{
  g_autoptr (BstStmt) stmt =
      bst_db_prepare (bst_work_get_db (work), "SELECT id, size FROM file WHERE sha256 = ?1", error);
  gboolean row;

  if (!stmt)
    return FALSE;
  bst_stmt_bind_text (stmt, 1, sha256);
  if (!bst_stmt_step (stmt, &row, error))
    return FALSE;
  *ret_file = row ? bst_stmt_int (stmt, 0) : 0;
  *ret_size = row ? bst_stmt_int (stmt, 1) : 0;
  return TRUE;
}

gboolean
bst_work_finish_file (BstWork *work, gint64 file, const char *sha256, gint64 size, GError **error)
{
  g_autoptr (BstStmt) stmt = NULL;
  gint64 known, known_size;

  if (!bst_work_find_file (work, sha256, &known, &known_size, error))
    return FALSE;
  if (known != 0)
    return bst_work_remove_file (work, file, error);
  stmt = bst_db_prepare (bst_work_get_db (work),
                         "UPDATE file SET sha256 = ?2, size = ?3 WHERE id = ?1", error);
  if (!stmt)
    return FALSE;
  bst_stmt_bind_int (stmt, 1, file);
  bst_stmt_bind_text (stmt, 2, sha256);
  bst_stmt_bind_int (stmt, 3, size);
  return bst_stmt_run (stmt, error);
}

GBytes *
bst_work_read_file_part (BstWork *work, gint64 file, gint64 part, GError **error)
{
  g_autoptr (BstStmt) stmt = bst_db_prepare (
      bst_work_get_db (work), "SELECT octets FROM file_part WHERE file = ?1 AND part = ?2", error);
  GBytes *octets = NULL;
  gboolean row;

  if (!stmt)
    return NULL;
  bst_stmt_bind_int (stmt, 1, file);
  bst_stmt_bind_int (stmt, 2, part);
  if (!bst_stmt_step (stmt, &row, error))
    return NULL;
  if (row)
    octets = bst_stmt_blob (stmt, 0);
  if (!octets)
    g_set_error (error, BST_ERROR, BST_ERROR_CORRUPT, "a part of a file is missing");
  return octets;
}

gboolean
bst_work_name_file (BstWork *work,
                    const char *sha256,
                    const char *account,
                    const char *named_at,
                    GError **error)
{
  g_autoptr (BstStmt) stmt = bst_db_prepare (
      bst_work_get_db (work),
      "INSERT OR REPLACE INTO file_named (sha256, account, named_at) VALUES (?1, ?2, ?3)", error);

  if (!stmt)
    return FALSE;
  bst_stmt_bind_text (stmt, 1, sha256);
  bst_stmt_bind_text (stmt, 2, account);
  bst_stmt_bind_text (stmt, 3, named_at);
  return bst_stmt_run (stmt, error);
}

gboolean
bst_work_is_file_named (BstWork *work,
                        const char *sha256,
                        const char *account,
                        gboolean *ret_named,
                        GError **error)
{
  g_autoptr (BstStmt) stmt = bst_db_prepare (
      bst_work_get_db (work), "SELECT 1 FROM file_named WHERE sha256 = ?1 AND account = ?2", error);

  if (!stmt)
    return FALSE;
  bst_stmt_bind_text (stmt, 1, sha256);
  bst_stmt_bind_text (stmt, 2, account);
  return bst_stmt_step (stmt, ret_named, error);
}

gboolean
bst_work_forget_name (BstWork *work, const char *sha256, const char *account, GError **error)
{
  g_autoptr (BstStmt) stmt =
      bst_db_prepare (bst_work_get_db (work),
                      sha256 ? "DELETE FROM file_named WHERE sha256 = ?1 AND account = ?2"
                             : "DELETE FROM file_named",
                      error);

  if (!stmt)
    return FALSE;
  if (sha256)
    {
      bst_stmt_bind_text (stmt, 1, sha256);
      bst_stmt_bind_text (stmt, 2, account);
    }
  return bst_stmt_run (stmt, error);
}

/* To mention the digest anywhere is to refer to it: a file too many is kept rather than one too few. */
#define UNREFERENCED                                                                               \
  "NOT EXISTS (SELECT 1 FROM draft WHERE instr (draft.doc, file.sha256)) AND "                     \
  "NOT EXISTS (SELECT 1 FROM outbox WHERE state < 3 AND instr (outbox.content, file.sha256))"

gboolean
bst_work_drop_files (BstWork *work, gboolean all, GError **error)
{
  return bst_db_exec (bst_work_get_db (work),
                      all ? "DELETE FROM file WHERE sha256 IS NULL OR " UNREFERENCED
                          : "DELETE FROM file WHERE sha256 IN (SELECT sha256 FROM file_named) "
                            "AND " UNREFERENCED,
                      error);
}
