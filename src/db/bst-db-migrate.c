/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "bst-db-private.h"

#include "bst-error.h"

/* What the header of the file says: whose it is, and which version of it. */
typedef struct
{
  gint64 application;
  gint64 version;
  gboolean empty;
} Header;

static gboolean
read_pragma (BstDb *db, const char *sql, gint64 *ret_value, GError **error)
{
  g_autoptr (BstStmt) stmt = bst_db_prepare (db, sql, error);
  gboolean row;

  if (!stmt || !bst_stmt_step (stmt, &row, error))
    return FALSE;
  *ret_value = row ? bst_stmt_int (stmt, 0) : 0;
  return TRUE;
}

static gboolean
read_header (BstDb *db, Header *header, GError **error)
{
  gint64 n_tables;

  if (!read_pragma (db, "PRAGMA application_id", &header->application, error) ||
      !read_pragma (db, "PRAGMA user_version", &header->version, error) ||
      !read_pragma (db, "SELECT count(*) FROM sqlite_schema", &n_tables, error))
    return FALSE;
  header->application &= G_MAXUINT32;
  header->empty = n_tables == 0 && header->application == 0 && header->version == 0;
  return TRUE;
}

static gboolean
check_header (BstDb *db, const Header *header, guint32 application_id, int newest, GError **error)
{
  if (header->empty)
    return TRUE;

  if (header->application != application_id)
    {
      bst_db_leave_untouched (db);
      g_set_error (error, BST_ERROR, BST_ERROR_CORRUPT,
                   "the file is a database of another program (application id %08x)",
                   (guint) header->application);
      return FALSE;
    }

  if (header->version > newest)
    {
      bst_db_leave_untouched (db);
      g_set_error (error, BST_ERROR, BST_ERROR_NEWER,
                   "a newer version of this program made the database (version %d, known up to %d)",
                   (int) header->version, newest);
      return FALSE;
    }

  return TRUE;
}

/* A PRAGMA takes no parameters, so the number is written out. */
static gboolean
write_pragma (BstDb *db, const char *pragma, gint64 value, GError **error)
{
  g_autoptr (GString) sql = g_string_new (pragma);

  g_string_append_printf (sql, "%" G_GINT64_FORMAT, value);
  return bst_db_exec (db, sql->str, error);
}

static gboolean
run_step (BstDb *db, guint32 application_id, const BstMigration *step, GError **error)
{
  if (step->sql && !bst_db_exec (db, step->sql, error))
    return FALSE;
  if (step->fixup && !step->fixup (db, error))
    return FALSE;
  return write_pragma (db, "PRAGMA application_id = ", (gint32) application_id, error) &&
         write_pragma (db, "PRAGMA user_version = ", step->version, error);
}

/* One step in one transaction; *@ret_done when there was none left to do. */
static gboolean
migrate_once (BstDb *db,
              guint32 application_id,
              const BstMigration *migrations,
              int newest,
              gboolean *ret_done,
              GError **error)
{
  Header header;
  const BstMigration *step = migrations;

  if (!bst_db_begin (db, error))
    return FALSE;

  /* Another process may have been quicker. */
  if (!read_header (db, &header, error) ||
      !check_header (db, &header, application_id, newest, error))
    {
      bst_db_rollback (db);
      return FALSE;
    }

  while (step->version != 0 && step->version <= header.version)
    step++;
  *ret_done = step->version == 0;
  if (!*ret_done && !run_step (db, application_id, step, error))
    {
      bst_db_rollback (db);
      g_prefix_error (error, "bringing the database to version %d: ", step->version);
      return FALSE;
    }

  return bst_db_commit (db, error);
}

gboolean
bst_db_migrate (BstDb *db, guint32 application_id, const BstMigration *migrations, GError **error)
{
  Header header;
  int newest = 0;

  for (const BstMigration *step = migrations; step->version != 0; step++)
    newest = step->version;

  /* Looked at first without a lock: what is not ours, or newer, is not written to at all. */
  if (!read_header (db, &header, error) ||
      !check_header (db, &header, application_id, newest, error))
    return FALSE;
  if (!header.empty && header.version == newest)
    return TRUE;

  for (gboolean done = FALSE; !done;)
    if (!migrate_once (db, application_id, migrations, newest, &done, error))
      return FALSE;
  return TRUE;
}
