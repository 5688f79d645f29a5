/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "bst-db.h"
#include "bst-error.h"

#include <glib/gstdio.h>
#include <signal.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#define APPLICATION 0x42535401

typedef struct
{
  char *directory;
  char *path;
} Fixture;

static void
set_up (Fixture *fixture, gconstpointer data)
{
  g_autoptr (GError) error = NULL;

  fixture->directory = g_dir_make_tmp ("bst-db-XXXXXX", &error);
  g_assert_no_error (error);
  fixture->path = g_build_filename (fixture->directory, "test.db", NULL);
}

static void
tear_down (Fixture *fixture, gconstpointer data)
{
  g_autoptr (GDir) dir = g_dir_open (fixture->directory, 0, NULL);

  for (const char *name = g_dir_read_name (dir); name; name = g_dir_read_name (dir))
    {
      g_autofree char *path = g_build_filename (fixture->directory, name, NULL);

      g_unlink (path);
    }
  g_rmdir (fixture->directory);
  g_free (fixture->directory);
  g_free (fixture->path);
}

static BstDb *
open_db (Fixture *fixture)
{
  g_autoptr (GError) error = NULL;
  BstDb *db = bst_db_open (fixture->path, BST_DB_CREATE | BST_DB_FULL_SYNC, &error);

  g_assert_no_error (error);
  return db;
}

static void
must (BstDb *db, const char *sql)
{
  g_autoptr (GError) error = NULL;

  bst_db_exec (db, sql, &error);
  g_assert_no_error (error);
}

static gint64
number (BstDb *db, const char *sql)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (BstStmt) stmt = bst_db_prepare (db, sql, &error);
  gboolean row;

  g_assert_no_error (error);
  bst_stmt_step (stmt, &row, &error);
  g_assert_no_error (error);
  g_assert_true (row);
  return bst_stmt_int (stmt, 0);
}

static void
test_values (Fixture *fixture, gconstpointer data)
{
  g_autoptr (BstDb) db = open_db (fixture);
  g_autoptr (GError) error = NULL;
  g_autoptr (GBytes) bytes = g_bytes_new ("\0\1\2", 3);
  g_autoptr (GBytes) text = g_bytes_new ("æøå og mere", strlen ("æøå"));
  g_autoptr (GBytes) read = NULL;
  gboolean row;

  must (db, "CREATE TABLE t (a, b, c, d, e)");
  {
    g_autoptr (BstStmt) put =
        bst_db_prepare (db, "INSERT INTO t VALUES (?1, ?2, ?3, ?4, ?5)", &error);

    g_assert_no_error (error);
    bst_stmt_bind_int (put, 1, G_MININT64);
    bst_stmt_bind_double (put, 2, 0.5);
    bst_stmt_bind_bytes_as_text (put, 3, text);
    bst_stmt_bind_blob (put, 4, bytes);
    bst_stmt_bind_text (put, 5, NULL);
    g_assert_true (bst_stmt_run (put, &error));
    g_assert_cmpint (bst_db_changes (db), ==, 1);
    g_assert_cmpint (bst_db_last_rowid (db), ==, 1);
  }
  {
    g_autoptr (BstStmt) get = bst_db_prepare (db, "SELECT * FROM t", &error);

    g_assert_true (bst_stmt_step (get, &row, &error));
    g_assert_true (row);
    g_assert_cmpint (bst_stmt_int (get, 0), ==, G_MININT64);
    g_assert_cmpfloat (bst_stmt_double (get, 1), ==, 0.5);
    g_assert_cmpstr (bst_stmt_text (get, 2), ==, "æøå");
    g_assert_cmpuint (bst_stmt_text_len (get, 2), ==, 6);
    read = bst_stmt_blob (get, 3);
    g_assert_true (g_bytes_equal (read, bytes));
    g_assert_true (bst_stmt_is_null (get, 4));
    g_assert_null (bst_stmt_text (get, 4));
    g_assert_true (bst_stmt_step (get, &row, &error));
    g_assert_false (row);
  }
}

/* The same text twice at once must be two statements; one handed back carries no old bindings. */
static void
test_statement_cache (Fixture *fixture, gconstpointer data)
{
  g_autoptr (BstDb) db = open_db (fixture);
  BstStmt *first = bst_db_prepare (db, "SELECT ?1", NULL);
  BstStmt *second = bst_db_prepare (db, "SELECT ?1", NULL);
  gboolean row;

  g_assert_true (first != second);
  bst_stmt_bind_int (first, 1, 7);
  g_assert_true (bst_stmt_step (first, &row, NULL));
  g_assert_cmpint (bst_stmt_int (first, 0), ==, 7);
  bst_stmt_done (first);
  bst_stmt_done (second);

  first = bst_db_prepare (db, "SELECT ?1", NULL);
  g_assert_true (bst_stmt_step (first, &row, NULL));
  g_assert_true (bst_stmt_is_null (first, 0));
  bst_stmt_done (first);
}

static void
test_errors (Fixture *fixture, gconstpointer data)
{
  g_autoptr (BstDb) db = open_db (fixture);
  g_autoptr (GError) error = NULL;
  g_autofree char *missing = g_build_filename (fixture->directory, "no", "such.db", NULL);

  must (db, "CREATE TABLE t (a UNIQUE, b NOT NULL); INSERT INTO t VALUES (1, 1)");
  g_assert_false (bst_db_exec (db, "INSERT INTO t VALUES (1, 1)", &error));
  g_assert_error (error, BST_ERROR, BST_ERROR_CONFLICT);
  g_clear_error (&error);
  g_assert_false (bst_db_exec (db, "INSERT INTO t VALUES (2, NULL)", &error));
  g_assert_error (error, BST_ERROR, BST_ERROR_INVALID);
  g_clear_error (&error);
  g_assert_null (bst_db_prepare (db, "SELEKT 1", &error));
  g_assert_error (error, BST_ERROR, BST_ERROR_INVALID);
  g_clear_error (&error);
  g_assert_null (bst_db_open (missing, BST_DB_CREATE, &error));
  g_assert_error (error, BST_ERROR, BST_ERROR_STORAGE);
  g_clear_error (&error);
  g_assert_null (bst_db_open (missing, 0, &error));
  g_assert_error (error, BST_ERROR, BST_ERROR_NOT_FOUND);
}

static void
test_readonly (Fixture *fixture, gconstpointer data)
{
  g_autoptr (BstDb) db = open_db (fixture);
  g_autoptr (BstDb) reader = NULL;
  g_autoptr (GError) error = NULL;

  must (db, "CREATE TABLE t (a)");
  reader = bst_db_open (fixture->path, BST_DB_READONLY, &error);
  g_assert_no_error (error);
  g_assert_false (bst_db_exec (reader, "INSERT INTO t VALUES (1)", &error));
  g_assert_error (error, BST_ERROR, BST_ERROR_STORAGE);
}

static void
test_transactions (Fixture *fixture, gconstpointer data)
{
  g_autoptr (BstDb) db = open_db (fixture);
  g_autoptr (BstDb) other = open_db (fixture);
  g_autoptr (GError) error = NULL;

  must (db, "CREATE TABLE t (a)");
  g_assert_true (bst_db_begin (db, &error));
  must (db, "INSERT INTO t VALUES (1)");
  g_assert_cmpint (number (other, "SELECT count(*) FROM t"), ==, 0);
  bst_db_rollback (db);
  bst_db_rollback (db);
  g_assert_cmpint (number (db, "SELECT count(*) FROM t"), ==, 0);

  g_assert_true (bst_db_begin (db, &error));
  must (db, "INSERT INTO t VALUES (1)");
  g_assert_true (bst_db_commit (db, &error));
  g_assert_cmpint (number (other, "SELECT count(*) FROM t"), ==, 1);
}

/* A deferred constraint fails at COMMIT: that is an error, and all is rolled back. */
static void
test_failing_commit (Fixture *fixture, gconstpointer data)
{
  g_autoptr (BstDb) db = open_db (fixture);
  g_autoptr (GError) error = NULL;

  must (db, "CREATE TABLE p (id PRIMARY KEY);"
            "CREATE TABLE c (p REFERENCES p (id) DEFERRABLE INITIALLY DEFERRED)");
  g_assert_true (bst_db_begin (db, &error));
  must (db, "INSERT INTO c VALUES (1)");
  g_assert_false (bst_db_commit (db, &error));
  g_assert_nonnull (error);
  g_clear_error (&error);
  g_assert_cmpint (number (db, "SELECT count(*) FROM c"), ==, 0);
  g_assert_true (bst_db_begin (db, &error));
  bst_db_rollback (db);
}

/* A file may grow no further: what a full disk does. */
static void
test_disk_full (Fixture *fixture, gconstpointer data)
{
  pid_t child = fork ();
  int status;

  if (child == 0)
    {
      g_autoptr (GError) error = NULL;
      BstDb *db = bst_db_open (fixture->path, BST_DB_CREATE | BST_DB_FULL_SYNC, NULL);
      const struct rlimit limit = { 200000, 200000 };
      gboolean ok;

      signal (SIGXFSZ, SIG_IGN);
      ok = db && bst_db_exec (db, "CREATE TABLE t (a); INSERT INTO t VALUES ('kept')", NULL);
      setrlimit (RLIMIT_FSIZE, &limit);
      ok = ok && bst_db_begin (db, NULL);
      if (ok && bst_db_exec (db, "INSERT INTO t VALUES (zeroblob(1000000))", &error))
        bst_db_commit (db, &error);
      bst_db_rollback (db);
      ok = ok && g_error_matches (error, BST_ERROR, BST_ERROR_STORAGE);
      ok = ok && number (db, "SELECT count(*) FROM t WHERE a = 'kept'") == 1;
      _exit (ok ? 0 : 1);
    }

  g_assert_cmpint (waitpid (child, &status, 0), ==, child);
  g_assert_true (WIFEXITED (status));
  g_assert_cmpint (WEXITSTATUS (status), ==, 0);
  {
    g_autoptr (BstDb) db = open_db (fixture);

    g_assert_cmpint (number (db, "SELECT count(*) FROM t"), ==, 1);
  }
}

static void
test_foreign_bytes (Fixture *fixture, gconstpointer data)
{
  g_autoptr (GError) error = NULL;
  g_autofree char *junk = g_strnfill (8192, 'x');

  g_assert_true (g_file_set_contents (fixture->path, junk, 8192, NULL));
  g_assert_null (bst_db_open (fixture->path, BST_DB_CREATE, &error));
  g_assert_error (error, BST_ERROR, BST_ERROR_CORRUPT);
}

/* ---- migrations ---- */

static gboolean
double_it (BstDb *db, GError **error)
{
  return bst_db_exec (db, "UPDATE t SET a = a * 2", error);
}

static gboolean
fail_it (BstDb *db, GError **error)
{
  g_set_error (error, BST_ERROR, BST_ERROR_INVALID, "no");
  return FALSE;
}

static const BstMigration migrations[] = {
  { 1, "CREATE TABLE t (a); INSERT INTO t VALUES (21)", NULL },
  { 2, "ALTER TABLE t ADD COLUMN b", double_it },
  { 0 },
};

static const BstMigration failing[] = {
  { 1, "CREATE TABLE t (a); INSERT INTO t VALUES (21)", NULL },
  { 2, "ALTER TABLE t ADD COLUMN b", double_it },
  { 3, "DROP TABLE t", fail_it },
  { 0 },
};

static void
test_migrate (Fixture *fixture, gconstpointer data)
{
  g_autoptr (BstDb) db = open_db (fixture);
  g_autoptr (GError) error = NULL;

  for (int i = 0; i < 2; i++)
    {
      g_assert_true (bst_db_migrate (db, APPLICATION, migrations, &error));
      g_assert_no_error (error);
      g_assert_cmpint (number (db, "SELECT a FROM t"), ==, 42);
    }
  g_assert_false (bst_db_migrate (db, APPLICATION, failing, &error));
  g_assert_error (error, BST_ERROR, BST_ERROR_INVALID);
  g_assert_cmpint (number (db, "SELECT a FROM t"), ==, 42);
  g_assert_cmpint (number (db, "PRAGMA user_version"), ==, 2);
}

/* Made with @prepare by somebody else; must be refused with @code and not be written to. */
static void
check_refused (Fixture *fixture, const char *prepare, BstErrorCode code)
{
  g_autofree char *before = NULL;
  g_autofree char *after = NULL;
  g_autoptr (GError) error = NULL;
  gsize before_len, after_len;
  BstDb *db = open_db (fixture);

  must (db, "PRAGMA journal_mode = DELETE");
  must (db, prepare);
  bst_db_close (db);
  g_assert_true (g_file_get_contents (fixture->path, &before, &before_len, NULL));

  db = bst_db_open (fixture->path, BST_DB_CREATE, &error);
  g_assert_no_error (error);
  g_assert_false (bst_db_migrate (db, APPLICATION, migrations, &error));
  g_assert_error (error, BST_ERROR, (int) code);
  bst_db_close (db);

  g_assert_true (g_file_get_contents (fixture->path, &after, &after_len, NULL));
  g_assert_cmpmem (before, before_len, after, after_len);
}

static void
test_newer (Fixture *fixture, gconstpointer data)
{
  check_refused (fixture,
                 "CREATE TABLE z (a); PRAGMA application_id = 0x42535401; PRAGMA user_version = 3",
                 BST_ERROR_NEWER);
}

static void
test_foreign (Fixture *fixture, gconstpointer data)
{
  check_refused (fixture, "CREATE TABLE z (a); PRAGMA user_version = 1", BST_ERROR_CORRUPT);
}

/* ---- functions, check, copy ---- */

static char *
join (const char *first, const char *second)
{
  return first ? g_strconcat (first, "|", second, NULL) : NULL;
}

static void
test_text_function (Fixture *fixture, gconstpointer data)
{
  g_autoptr (BstDb) db = open_db (fixture);

  g_assert_true (bst_db_add_text_function (db, "joined", join, NULL));
  g_assert_cmpint (number (db, "SELECT joined('a', 'b') = 'a|b'"), ==, 1);
  g_assert_cmpint (number (db, "SELECT joined('a') = 'a|'"), ==, 1);
  g_assert_cmpint (number (db, "SELECT joined(NULL, 'b') IS NULL"), ==, 1);
}

static void
test_backup (Fixture *fixture, gconstpointer data)
{
  g_autoptr (BstDb) db = open_db (fixture);
  g_autoptr (BstDb) copy = NULL;
  g_autoptr (GError) error = NULL;
  g_autofree char *path = g_build_filename (fixture->directory, "copy.db", NULL);
  g_autofree char *nowhere = g_build_filename (fixture->directory, "no", "copy.db", NULL);

  must (db, "CREATE TABLE t (a); INSERT INTO t VALUES (5)");
  g_assert_true (bst_db_backup (db, path, &error));
  g_assert_no_error (error);
  must (db, "DELETE FROM t");
  copy = bst_db_open (path, BST_DB_READONLY, &error);
  g_assert_no_error (error);
  g_assert_cmpint (number (copy, "SELECT a FROM t"), ==, 5);
  g_assert_true (bst_db_check (copy, &error));

  g_assert_false (bst_db_backup (db, nowhere, &error));
  g_assert_error (error, BST_ERROR, BST_ERROR_STORAGE);
}

static void
test_check (Fixture *fixture, gconstpointer data)
{
  g_autofree char *contents = NULL;
  g_autoptr (GError) error = NULL;
  gsize length;
  BstDb *db = open_db (fixture);

  must (db, "CREATE TABLE t (a); WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n "
            "WHERE i < 2000)"
            " INSERT INTO t SELECT hex(randomblob(20)) FROM n");
  g_assert_true (bst_db_check (db, &error));
  bst_db_close (db);
  g_assert_true (g_file_get_contents (fixture->path, &contents, &length, NULL));
  memset (contents + length / 2, 0xff, 4096);
  g_assert_true (g_file_set_contents (fixture->path, contents, length, NULL));

  db = open_db (fixture);
  g_assert_false (bst_db_check (db, &error));
  g_assert_error (error, BST_ERROR, BST_ERROR_CORRUPT);
  bst_db_close (db);
}

#define ADD(path, function) g_test_add ("/db/" path, Fixture, NULL, set_up, function, tear_down)

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  ADD ("values", test_values);
  ADD ("statement-cache", test_statement_cache);
  ADD ("errors", test_errors);
  ADD ("readonly", test_readonly);
  ADD ("transactions", test_transactions);
  ADD ("failing-commit", test_failing_commit);
  ADD ("disk-full", test_disk_full);
  ADD ("foreign-bytes", test_foreign_bytes);
  ADD ("migrate", test_migrate);
  ADD ("newer", test_newer);
  ADD ("foreign", test_foreign);
  ADD ("text-function", test_text_function);
  ADD ("backup", test_backup);
  ADD ("check", test_check);
  return g_test_run ();
}
