/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Backup and restore: the database as one file, and the files of orders in a folder beside it, as they lie in the data folder. */

#include "bst-storage-private.h"

#include "bst-api-blob.h"
#include "bst-error.h"

#include <errno.h>
#include <glib/gstdio.h>
#include <string.h>

/* The folder that goes with the backup @path; in it, as in the data folder, is "blobs". */
static char *
blobs_of (const char *path)
{
  return g_strconcat (path, ".files", NULL);
}

/* What is there already is that file: its name is its content. */
static gboolean
copy_blob (const char *id, const char *from, const char *to, GError **error)
{
  g_autofree char *source = bst_blob_path_in (from, id);
  g_autofree char *target = bst_blob_path_in (to, id);
  g_autofree char *folder = g_path_get_dirname (target);
  g_autofree char *octets = NULL;
  gsize len;

  if (g_file_test (target, G_FILE_TEST_EXISTS) || !g_file_test (source, G_FILE_TEST_EXISTS))
    return TRUE;
  if (g_mkdir_with_parents (folder, 0700) != 0)
    {
      g_set_error (error, BST_ERROR, BST_ERROR_STORAGE, "%s: %s", folder, g_strerror (errno));
      return FALSE;
    }
  return g_file_get_contents (source, &octets, &len, error) &&
         g_file_set_contents_full (target, octets, (gssize) len,
                                   G_FILE_SET_CONTENTS_CONSISTENT | G_FILE_SET_CONTENTS_DURABLE,
                                   0600, error);
}

/* Those that the database @path knows. */
static gboolean
copy_blobs (const char *path, const char *from, const char *to, GError **error)
{
  g_autoptr (BstDb) db = bst_db_open (path, BST_DB_READONLY, error);
  g_autoptr (BstStmt) stmt = db ? bst_db_prepare (db, "SELECT DISTINCT id FROM blob", error) : NULL;
  gboolean row;

  if (!stmt)
    return FALSE;
  for (;;)
    {
      if (!bst_stmt_step (stmt, &row, error))
        return FALSE;
      if (!row)
        return TRUE;
      if (!copy_blob (bst_stmt_text (stmt, 0), from, to, error))
        return FALSE;
    }
}

/* Kept as long as a computer may take to come back. */
static gboolean
note (BstStorage *storage, BstStmt *known, GError **error)
{
  g_autoptr (BstStmt) stmt =
      bst_db_prepare (storage->db,
                      "INSERT OR IGNORE INTO blob (account, id, size, uploaded, person) "
                      "VALUES (?1, ?2, ?3, ?4, ?5)",
                      error);

  if (!stmt)
    return FALSE;
  bst_stmt_bind_text (stmt, 1, bst_stmt_text (known, 0));
  bst_stmt_bind_text (stmt, 2, bst_stmt_text (known, 1));
  bst_stmt_bind_int (stmt, 3, bst_stmt_int (known, 2));
  bst_stmt_bind_int (stmt, 4, bst_clock_now (storage->clock) + BST_STORAGE_LOG_SECONDS);
  bst_stmt_bind_text (stmt, 5, bst_stmt_text (known, 3));
  return bst_stmt_run (stmt, error);
}

/*
 * Files that came after the backup are still there, and their orders come again from the computers that made them, without the
 * files. As far as the database that is being replaced can still be read, its word on them is taken.
 */
static gboolean
take_over (BstStorage *storage, const char *directory, GError **error)
{
  g_autofree char *path = g_build_filename (directory, "bestiller.db", NULL);
  g_autoptr (BstDb) old =
      g_file_test (path, G_FILE_TEST_EXISTS) ? bst_db_open (path, BST_DB_READONLY, NULL) : NULL;
  g_autoptr (BstStmt) known =
      old ? bst_db_prepare (old, "SELECT account, id, size, person FROM blob", NULL) : NULL;
  gboolean row = known != NULL;

  while (row && bst_stmt_step (known, &row, NULL) && row)
    {
      g_autofree char *blob = bst_blob_path_in (directory, bst_stmt_text (known, 1));

      if (g_file_test (blob, G_FILE_TEST_EXISTS) && !note (storage, known, error))
        return FALSE;
    }
  return TRUE;
}

gboolean
bst_storage_backup (BstStorage *storage, const char *path, GError **error)
{
  g_autofree char *folder = blobs_of (path);

  return bst_db_backup (storage->db, path, error) &&
         copy_blobs (path, storage->directory, folder, error);
}

/* The copy is opened and checked beside the database that it then replaces. */
gboolean
bst_storage_restore (const char *directory, const char *path, const BstClock *clock, GError **error)
{
  static const char *const leftovers[] = { "bestiller.db-wal", "bestiller.db-shm" };
  g_autofree char *target = g_build_filename (directory, "bestiller.db", NULL);
  g_autofree char *aside = g_build_filename (directory, "restoring", NULL);
  g_autofree char *copy = g_build_filename (aside, "bestiller.db", NULL);
  g_autoptr (BstDb) backup = bst_db_open (path, BST_DB_READONLY, error);
  g_autofree char *folder = blobs_of (path);
  g_autoptr (BstStorage) storage = NULL;

  if (!backup)
    return FALSE;
  if (g_mkdir_with_parents (aside, 0700) != 0)
    {
      g_set_error (error, BST_ERROR, BST_ERROR_STORAGE, "%s: %s", aside, g_strerror (errno));
      return FALSE;
    }
  g_unlink (copy);
  if (!bst_db_backup (backup, copy, error))
    return FALSE;
  storage = bst_storage_open (aside, clock, error);
  if (!storage || !bst_db_check (storage->db, error) || !bst_db_begin (storage->db, error))
    return FALSE;
  if (!bst_storage_renew_epoch (storage, error) || !take_over (storage, directory, error) ||
      !bst_db_commit (storage->db, error))
    return FALSE;
  g_clear_pointer (&storage, bst_storage_close);
  if (!copy_blobs (copy, folder, directory, error))
    return FALSE;
  for (guint i = 0; i < G_N_ELEMENTS (leftovers); i++)
    {
      g_autofree char *leftover = g_build_filename (directory, leftovers[i], NULL);

      g_unlink (leftover);
    }
  if (g_rename (copy, target) != 0)
    {
      g_set_error (error, BST_ERROR, BST_ERROR_STORAGE, "%s: %s", target, g_strerror (errno));
      return FALSE;
    }
  return TRUE;
}
