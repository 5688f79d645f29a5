/* SPDX-License-Identifier: GPL-3.0-or-later */

/*
 * The SQLite driver: the only file that sees sqlite3.h.
 */

#include "bst-db-private.h"

#include "bst-error.h"

#include <errno.h>
#include <glib/gstdio.h>
#include <sqlite3.h>
#include <string.h>

#define BUSY_LIMIT_MS    5000
#define CACHED_STMTS_MAX 200

struct _BstDb
{
  sqlite3 *handle;
  GHashTable *idle; /* SQL text -> BstStmt that nobody uses */
  gboolean in_transaction;
  gboolean scoring;
};

struct _BstStmt
{
  BstDb *db;
  sqlite3_stmt *handle;
  char *sql;
  GPtrArray *held; /* GBytes that are bound */
};

/* ---- errors ---- */

typedef struct
{
  int code; /* primary or extended result code of SQLite */
  BstErrorCode error;
} ErrorRow;

static const ErrorRow error_rows[] = {
  { SQLITE_CONSTRAINT_UNIQUE, BST_ERROR_CONFLICT },
  { SQLITE_CONSTRAINT_PRIMARYKEY, BST_ERROR_CONFLICT },
  { SQLITE_CONSTRAINT_ROWID, BST_ERROR_CONFLICT },
  { SQLITE_FULL, BST_ERROR_STORAGE },
  { SQLITE_IOERR, BST_ERROR_STORAGE },
  { SQLITE_READONLY, BST_ERROR_STORAGE },
  { SQLITE_CANTOPEN, BST_ERROR_STORAGE },
  { SQLITE_PERM, BST_ERROR_STORAGE },
  { SQLITE_NOMEM, BST_ERROR_STORAGE },
  { SQLITE_NOLFS, BST_ERROR_STORAGE },
  { SQLITE_NOTADB, BST_ERROR_CORRUPT },
  { SQLITE_CORRUPT, BST_ERROR_CORRUPT },
  { SQLITE_BUSY, BST_ERROR_BUSY },
  { SQLITE_LOCKED, BST_ERROR_BUSY },
  { SQLITE_INTERRUPT, BST_ERROR_BUSY },
  { SQLITE_TOOBIG, BST_ERROR_TOO_LARGE },
};

static BstErrorCode
map_code (int extended)
{
  for (gsize i = 0; i < G_N_ELEMENTS (error_rows); i++)
    if (error_rows[i].code == extended || error_rows[i].code == (extended & 0xff))
      return error_rows[i].error;
  return BST_ERROR_INVALID;
}

static void
set_error (BstDb *db, int code, GError **error)
{
  g_set_error (error, BST_ERROR, map_code (db ? sqlite3_extended_errcode (db->handle) : code), "%s",
               db ? sqlite3_errmsg (db->handle) : sqlite3_errstr (code));
}

/* ---- connection ---- */

static void
stmt_free (gpointer data)
{
  BstStmt *stmt = data;

  sqlite3_finalize (stmt->handle);
  g_ptr_array_unref (stmt->held);
  g_free (stmt->sql);
  g_free (stmt);
}

static gboolean
is_fresh (BstDb *db, gboolean *ret_fresh, GError **error)
{
  g_autoptr (BstStmt) stmt = bst_db_prepare (db, "SELECT count(*) FROM sqlite_schema", error);
  gboolean row;

  if (!stmt || !bst_stmt_step (stmt, &row, error))
    return FALSE;
  *ret_fresh = row && bst_stmt_int (stmt, 0) == 0;
  return TRUE;
}

static gboolean
set_up (BstDb *db, BstDbFlags flags, GError **error)
{
  gboolean fresh = FALSE;

  sqlite3_extended_result_codes (db->handle, 1);
  sqlite3_busy_timeout (db->handle, BUSY_LIMIT_MS);
  sqlite3_db_config (db->handle, SQLITE_DBCONFIG_DEFENSIVE, 1, NULL);
  sqlite3_db_config (db->handle, SQLITE_DBCONFIG_ENABLE_FKEY, 1, NULL);

  if (!is_fresh (db, &fresh, error))
    return FALSE;
  /* The size of the pages is settled by the first thing that is written. */
  if (fresh && (flags & BST_DB_LARGE_PAGES) && !bst_db_exec (db, "PRAGMA page_size = 8192", error))
    return FALSE;
  if (fresh && !(flags & BST_DB_READONLY) && !bst_db_exec (db, "PRAGMA journal_mode = WAL", error))
    return FALSE;
  return bst_db_exec (db,
                      flags & BST_DB_FULL_SYNC ? "PRAGMA synchronous = FULL"
                                               : "PRAGMA synchronous = NORMAL",
                      error) &&
         bst_db_exec (db, "PRAGMA temp_store = MEMORY", error);
}

/*
 * SQLite counts what it allocates, under a lock, for limits that nobody here sets: a tenth of what a bulk load takes. Refused
 * without harm where another part of the process was there before us.
 */
static void
set_up_library (void)
{
  static gsize done;

  if (g_once_init_enter (&done))
    {
      sqlite3_config (SQLITE_CONFIG_MEMSTATUS, 0);
      g_once_init_leave (&done, 1);
    }
}

BstDb *
bst_db_open (const char *path, BstDbFlags flags, GError **error)
{
  g_autoptr (BstDb) db = g_new0 (BstDb, 1);
  int mode = flags & BST_DB_READONLY ? SQLITE_OPEN_READONLY : SQLITE_OPEN_READWRITE;
  int code;

  g_return_val_if_fail (path != NULL, NULL);

  set_up_library ();
  db->idle = g_hash_table_new_full (g_str_hash, g_str_equal, NULL, stmt_free);

  if (!(flags & BST_DB_CREATE) && strcmp (path, ":memory:") != 0 &&
      !g_file_test (path, G_FILE_TEST_EXISTS))
    {
      g_set_error (error, BST_ERROR, BST_ERROR_NOT_FOUND, "there is no database %s", path);
      return NULL;
    }
  if (flags & BST_DB_CREATE)
    mode |= SQLITE_OPEN_CREATE;

  code = sqlite3_open_v2 (path, &db->handle, mode | SQLITE_OPEN_NOMUTEX, NULL);
  if (code != SQLITE_OK)
    {
      set_error (db->handle ? db : NULL, code, error);
      g_prefix_error (error, "%s: ", path);
      return NULL;
    }
  if (!set_up (db, flags, error))
    {
      g_prefix_error (error, "%s: ", path);
      return NULL;
    }

  return g_steal_pointer (&db);
}

void
bst_db_close (BstDb *db)
{
  if (!db)
    return;

  bst_db_rollback (db);
  g_clear_pointer (&db->idle, g_hash_table_unref);
  if (sqlite3_close (db->handle) != SQLITE_OK)
    g_critical ("a statement is still in use while its database is closed");
  g_free (db);
}

void
bst_db_leave_untouched (BstDb *db)
{
  sqlite3_db_config (db->handle, SQLITE_DBCONFIG_NO_CKPT_ON_CLOSE, 1, NULL);
}

gboolean
bst_db_exec (BstDb *db, const char *sql, GError **error)
{
  int code = sqlite3_exec (db->handle, sql, NULL, NULL, NULL);

  if (code == SQLITE_OK)
    return TRUE;
  set_error (db, code, error);
  return FALSE;
}

gint64
bst_db_changes (BstDb *db)
{
  return sqlite3_changes64 (db->handle);
}

gint64
bst_db_last_rowid (BstDb *db)
{
  return sqlite3_last_insert_rowid (db->handle);
}

void
bst_db_interrupt (BstDb *db)
{
  sqlite3_interrupt (db->handle);
}

/* ---- statements ---- */

BstStmt *
bst_db_prepare (BstDb *db, const char *sql, GError **error)
{
  BstStmt *stmt = g_hash_table_lookup (db->idle, sql);
  sqlite3_stmt *handle = NULL;
  int code;

  if (stmt)
    {
      g_hash_table_steal (db->idle, sql);
      return stmt;
    }

  code = sqlite3_prepare_v3 (db->handle, sql, -1, SQLITE_PREPARE_PERSISTENT, &handle, NULL);
  if (code != SQLITE_OK)
    {
      set_error (db, code, error);
      return NULL;
    }
  stmt = g_new0 (BstStmt, 1);
  stmt->db = db;
  stmt->handle = handle;
  stmt->sql = g_strdup (sql);
  stmt->held = g_ptr_array_new_with_free_func ((GDestroyNotify) g_bytes_unref);
  return stmt;
}

void
bst_stmt_done (BstStmt *stmt)
{
  if (!stmt)
    return;

  bst_stmt_reset (stmt);
  if (g_hash_table_contains (stmt->db->idle, stmt->sql) ||
      g_hash_table_size (stmt->db->idle) >= CACHED_STMTS_MAX)
    stmt_free (stmt);
  else
    g_hash_table_insert (stmt->db->idle, stmt->sql, stmt);
}

void
bst_stmt_reset (BstStmt *stmt)
{
  sqlite3_reset (stmt->handle);
  sqlite3_clear_bindings (stmt->handle);
  g_ptr_array_set_size (stmt->held, 0);
}

static void
bound (BstStmt *stmt, int code)
{
  if (code != SQLITE_OK)
    g_critical ("binding a parameter of \"%s\": %s", stmt->sql, sqlite3_errstr (code));
}

void
bst_stmt_bind_int (BstStmt *stmt, int index, gint64 value)
{
  bound (stmt, sqlite3_bind_int64 (stmt->handle, index, value));
}

void
bst_stmt_bind_double (BstStmt *stmt, int index, double value)
{
  bound (stmt, sqlite3_bind_double (stmt->handle, index, value));
}

void
bst_stmt_bind_text (BstStmt *stmt, int index, const char *value)
{
  bound (stmt, sqlite3_bind_text64 (stmt->handle, index, value, value ? strlen (value) : 0,
                                    SQLITE_TRANSIENT, SQLITE_UTF8));
}

/* Without a length: only then does SQLite know of the NUL behind it. */
void
bst_stmt_bind_static_text (BstStmt *stmt, int index, const char *value)
{
  bound (stmt, sqlite3_bind_text (stmt->handle, index, value, -1, SQLITE_STATIC));
}

static void
bind_bytes (BstStmt *stmt, int index, GBytes *bytes, gboolean text)
{
  gsize size = 0;
  const char *data = bytes ? g_bytes_get_data (bytes, &size) : NULL;

  if (!bytes)
    {
      bst_stmt_bind_null (stmt, index);
      return;
    }

  g_ptr_array_add (stmt->held, g_bytes_ref (bytes));
  if (text)
    bound (stmt, sqlite3_bind_text64 (stmt->handle, index, data ? data : "", size, SQLITE_STATIC,
                                      SQLITE_UTF8));
  else
    bound (stmt, sqlite3_bind_blob64 (stmt->handle, index, data ? data : "", size, SQLITE_STATIC));
}

void
bst_stmt_bind_bytes_as_text (BstStmt *stmt, int index, GBytes *bytes)
{
  bind_bytes (stmt, index, bytes, TRUE);
}

void
bst_stmt_bind_blob (BstStmt *stmt, int index, GBytes *bytes)
{
  bind_bytes (stmt, index, bytes, FALSE);
}

void
bst_stmt_bind_null (BstStmt *stmt, int index)
{
  bound (stmt, sqlite3_bind_null (stmt->handle, index));
}

gboolean
bst_stmt_step (BstStmt *stmt, gboolean *ret_row, GError **error)
{
  int code = sqlite3_step (stmt->handle);

  if (code != SQLITE_ROW && code != SQLITE_DONE)
    {
      set_error (stmt->db, code, error);
      return FALSE;
    }
  if (ret_row)
    *ret_row = code == SQLITE_ROW;
  return TRUE;
}

gboolean
bst_stmt_run (BstStmt *stmt, GError **error)
{
  for (gboolean row = TRUE; row;)
    if (!bst_stmt_step (stmt, &row, error))
      return FALSE;
  return TRUE;
}

gint64
bst_stmt_int (BstStmt *stmt, int column)
{
  return sqlite3_column_int64 (stmt->handle, column);
}

double
bst_stmt_double (BstStmt *stmt, int column)
{
  return sqlite3_column_double (stmt->handle, column);
}

const char *
bst_stmt_text (BstStmt *stmt, int column)
{
  return (const char *) sqlite3_column_text (stmt->handle, column);
}

gsize
bst_stmt_text_len (BstStmt *stmt, int column)
{
  return sqlite3_column_text (stmt->handle, column) ? sqlite3_column_bytes (stmt->handle, column)
                                                    : 0;
}

GBytes *
bst_stmt_blob (BstStmt *stmt, int column)
{
  const void *data;

  if (bst_stmt_is_null (stmt, column))
    return NULL;
  data = sqlite3_column_blob (stmt->handle, column);
  return g_bytes_new (data, sqlite3_column_bytes (stmt->handle, column));
}

gboolean
bst_stmt_is_null (BstStmt *stmt, int column)
{
  return sqlite3_column_type (stmt->handle, column) == SQLITE_NULL;
}

/* ---- functions for SQL ---- */

static void
text_function_cb (sqlite3_context *context, int n_args, sqlite3_value **args)
{
  BstDbTextFunction function = *(BstDbTextFunction *) sqlite3_user_data (context);
  const char *first = (const char *) sqlite3_value_text (args[0]);
  const char *second = n_args > 1 ? (const char *) sqlite3_value_text (args[1]) : NULL;
  char *result = function (first, second);

  if (result)
    sqlite3_result_text64 (context, result, strlen (result), g_free, SQLITE_UTF8);
  else
    sqlite3_result_null (context);
}

gboolean
bst_db_add_text_function (BstDb *db, const char *name, BstDbTextFunction function, GError **error)
{
  const int flags = SQLITE_UTF8 | SQLITE_DETERMINISTIC | SQLITE_INNOCUOUS;

  for (int n_args = 1; n_args <= 2; n_args++)
    {
      BstDbTextFunction *closure = g_memdup2 (&function, sizeof function);
      int code = sqlite3_create_function_v2 (db->handle, name, n_args, flags, closure,
                                             text_function_cb, NULL, NULL, g_free);

      if (code != SQLITE_OK)
        {
          set_error (db, code, error);
          return FALSE;
        }
    }
  return TRUE;
}

/* The best of a phrase's columns in the current row. */
static guint
phrase_weight (const Fts5ExtensionApi *api, Fts5Context *fts, int phrase, const BstScorePlan *plan)
{
  Fts5PhraseIter iter;
  int column = -1;
  guint best = 0;

  if (api->xPhraseFirstColumn (fts, phrase, &iter, &column) != SQLITE_OK)
    return 0;
  for (; column >= 0; api->xPhraseNextColumn (fts, &iter, &column))
    if ((guint) column < plan->n_columns)
      best = MAX (best, plan->weights[column]);
  return best;
}

#define WORDS_MAX 32

static void
score_cb (const Fts5ExtensionApi *api,
          Fts5Context *fts,
          sqlite3_context *context,
          int n_args,
          sqlite3_value **args)
{
  const BstScorePlan *plan = n_args > 0 ? sqlite3_value_pointer (args[0], "bst-score-plan") : NULL;
  double best[WORDS_MAX] = { 0 };
  double score = 0;
  int n_phrases;

  if (!plan)
    {
      sqlite3_result_double (context, 0);
      return;
    }
  n_phrases = MIN (api->xPhraseCount (fts), (int) plan->n_phrases);
  for (int i = 0; i < n_phrases; i++)
    {
      const BstScorePhrase *phrase = &plan->phrases[i];
      double value =
          phrase->gain * phrase_weight (api, fts, i, plan) / (1.0 + phrase->penalty / 4.0);

      best[phrase->word % WORDS_MAX] = MAX (best[phrase->word % WORDS_MAX], value);
    }
  for (int i = 0; i < WORDS_MAX; i++)
    score += best[i];

  sqlite3_result_double (context, score);
}

gboolean
bst_db_add_scoring (BstDb *db, GError **error)
{
  sqlite3_stmt *stmt = NULL;
  fts5_api *api = NULL;
  int code;

  if (db->scoring)
    return TRUE;

  code = sqlite3_prepare_v2 (db->handle, "SELECT fts5(?1)", -1, &stmt, NULL);
  if (code == SQLITE_OK)
    {
      sqlite3_bind_pointer (stmt, 1, &api, "fts5_api_ptr", NULL);
      sqlite3_step (stmt);
    }
  sqlite3_finalize (stmt);
  if (!api || api->xCreateFunction (api, "bst_score", NULL, score_cb, NULL) != SQLITE_OK)
    {
      g_set_error (error, BST_ERROR, BST_ERROR_INVALID,
                   "this SQLite has no full-text search (FTS5)");
      return FALSE;
    }
  db->scoring = TRUE;
  return TRUE;
}

void
bst_stmt_bind_plan (BstStmt *stmt, int index, const BstScorePlan *plan)
{
  bound (stmt, sqlite3_bind_pointer (stmt->handle, index, (gpointer) plan, "bst-score-plan", NULL));
}

/* ---- transactions ---- */

gboolean
bst_db_begin (BstDb *db, GError **error)
{
  g_return_val_if_fail (!db->in_transaction, FALSE);

  if (!bst_db_exec (db, "BEGIN IMMEDIATE", error))
    return FALSE;
  db->in_transaction = TRUE;
  return TRUE;
}

gboolean
bst_db_commit (BstDb *db, GError **error)
{
  g_return_val_if_fail (db->in_transaction, FALSE);

  /* SQLite rolls back by itself when the disk is full or fails: then there is nothing to commit. */
  if (sqlite3_get_autocommit (db->handle))
    {
      db->in_transaction = FALSE;
      g_set_error (error, BST_ERROR, BST_ERROR_STORAGE, "the transaction was rolled back");
      return FALSE;
    }
  if (!bst_db_exec (db, "COMMIT", error))
    {
      bst_db_rollback (db);
      return FALSE;
    }
  db->in_transaction = FALSE;
  return TRUE;
}

void
bst_db_rollback (BstDb *db)
{
  if (!db->in_transaction)
    return;
  db->in_transaction = FALSE;
  if (!sqlite3_get_autocommit (db->handle))
    sqlite3_exec (db->handle, "ROLLBACK", NULL, NULL, NULL);
}

/* ---- check and copy ---- */

gboolean
bst_db_check (BstDb *db, GError **error)
{
  g_autoptr (BstStmt) stmt = bst_db_prepare (db, "PRAGMA quick_check(1)", error);
  gboolean row = FALSE;

  if (!stmt || !bst_stmt_step (stmt, &row, error))
    return FALSE;
  if (row && g_strcmp0 (bst_stmt_text (stmt, 0), "ok") == 0)
    return TRUE;
  g_set_error (error, BST_ERROR, BST_ERROR_CORRUPT, "%s",
               row ? bst_stmt_text (stmt, 0) : "the check gave no answer");
  return FALSE;
}

static int
copy_pages (sqlite3 *from, sqlite3 *to)
{
  sqlite3_backup *backup = sqlite3_backup_init (to, "main", from, "main");
  int code = SQLITE_BUSY;

  if (!backup)
    return sqlite3_extended_errcode (to);
  /* All in one step: a consistent picture, and writers of a WAL database are not held up by it. */
  for (int tries = 0; tries < 100 && (code == SQLITE_BUSY || code == SQLITE_LOCKED); tries++)
    {
      code = sqlite3_backup_step (backup, -1);
      if (code == SQLITE_BUSY || code == SQLITE_LOCKED)
        sqlite3_sleep (50);
    }
  sqlite3_backup_finish (backup);
  return code == SQLITE_DONE ? SQLITE_OK : code;
}

gboolean
bst_db_backup (BstDb *db, const char *path, GError **error)
{
  g_autofree char *aside = g_strconcat (path, ".part", NULL);
  sqlite3 *copy = NULL;
  int code;

  g_unlink (aside);
  code = sqlite3_open_v2 (aside, &copy, SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE, NULL);
  if (code == SQLITE_OK)
    code = copy_pages (db->handle, copy);
  /* One file, complete in itself: no log beside it. */
  if (code == SQLITE_OK)
    code = sqlite3_exec (copy, "PRAGMA synchronous = FULL; PRAGMA journal_mode = DELETE", NULL,
                         NULL, NULL);
  sqlite3_close (copy);

  if (code == SQLITE_OK && g_rename (aside, path) == 0)
    return TRUE;

  g_set_error (error, BST_ERROR, code == SQLITE_OK ? BST_ERROR_STORAGE : map_code (code),
               "cannot copy the database to %s: %s", path,
               code == SQLITE_OK ? g_strerror (errno) : sqlite3_errstr (code));
  g_unlink (aside);
  return FALSE;
}
