/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/*
 * A connection to a database: statements, transactions, migrations. Knows nothing of the domain.
 * One connection belongs to one thread at a time. Behind it stands a driver; SQLite's is the only
 * file that sees sqlite3.h.
 *
 * Errors are BST_ERROR (the error domain is the one thing db takes from core): STORAGE (full,
 * read-only, I/O), BUSY (locked by another process longer than the time limit), CORRUPT, NEWER,
 * CONFLICT (a UNIQUE constraint), INVALID (bad SQL or JSON). Messages carry SQLite's own words.
 */

typedef struct _BstDb BstDb;
typedef struct _BstStmt BstStmt;

typedef enum
{
  BST_DB_CREATE = 1 << 0, /* make the file when it is missing */
  BST_DB_READONLY = 1 << 1,
  BST_DB_FULL_SYNC = 1 << 2,   /* synchronous=FULL: what was committed survives power loss */
  BST_DB_LARGE_PAGES = 1 << 3, /* of a new file: 8 KB, for rows of a kilobyte and more */
} BstDbFlags;

/**
 * bst_db_open:
 * @path: file name, or ":memory:"
 *
 * Write-ahead log (a new file is set up for it; one that exists keeps what it has until bst_db_migrate() knows that it is
 * ours), foreign keys on, busy limit 5 s, defensive mode. %BST_ERROR_NOT_FOUND when the file is missing and not to be made.
 */
BstDb *bst_db_open (const char *path, BstDbFlags flags, GError **error);
void bst_db_close (BstDb *db);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (BstDb, bst_db_close)

/** bst_db_exec: one or more statements without parameters; only for constant SQL. */
gboolean bst_db_exec (BstDb *db, const char *sql, GError **error);

/**
 * bst_db_prepare:
 * @sql: one statement with ?1 … ?N; a constant string, or one put together from constant parts
 *
 * Statements are cached by their text; hand it back with bst_stmt_done() (g_autoptr does).
 * Returns: (transfer full): reset and without bindings
 */
BstStmt *bst_db_prepare (BstDb *db, const char *sql, GError **error);
void bst_stmt_done (BstStmt *stmt);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (BstStmt, bst_stmt_done)

/* Parameters count from 1. Texts are copied; @bytes are held by reference until done. NULL binds NULL. */
void bst_stmt_bind_int (BstStmt *stmt, int index, gint64 value);
void bst_stmt_bind_double (BstStmt *stmt, int index, double value);
void bst_stmt_bind_text (BstStmt *stmt, int index, const char *value);
/* Not copied: @value stays as it is until the statement is reset or done. */
void bst_stmt_bind_static_text (BstStmt *stmt, int index, const char *value);
void bst_stmt_bind_bytes_as_text (BstStmt *stmt, int index, GBytes *bytes); /* UTF-8, not copied */
void bst_stmt_bind_blob (BstStmt *stmt, int index, GBytes *bytes);
void bst_stmt_bind_null (BstStmt *stmt, int index);

/** bst_stmt_step: *@ret_row tells whether there is a row to read. Returns: %FALSE when it failed. */
gboolean bst_stmt_step (BstStmt *stmt, gboolean *ret_row, GError **error);

/** bst_stmt_run: steps to the end, for statements that return nothing. */
gboolean bst_stmt_run (BstStmt *stmt, GError **error);

/** bst_stmt_reset: ready to be bound and stepped again. */
void bst_stmt_reset (BstStmt *stmt);

/* Columns count from 0. Texts are borrowed until the next step, reset or done; NULL for SQL NULL. */
gint64 bst_stmt_int (BstStmt *stmt, int column);
double bst_stmt_double (BstStmt *stmt, int column);
const char *bst_stmt_text (BstStmt *stmt, int column);
gsize bst_stmt_text_len (BstStmt *stmt, int column); /* octets */
GBytes *bst_stmt_blob (BstStmt *stmt, int column);   /* (transfer full) (nullable) */
gboolean bst_stmt_is_null (BstStmt *stmt, int column);

/** bst_db_changes: rows changed by the last statement. */
gint64 bst_db_changes (BstDb *db);
gint64 bst_db_last_rowid (BstDb *db);

/** bst_db_interrupt: makes what runs on @db fail soon. From any thread. */
void bst_db_interrupt (BstDb *db);

/**
 * BstDbTextFunction: a function over one or two texts, for use in SQL. Either may be %NULL.
 *
 * The same arguments must always give the same result. Returns: (transfer full) (nullable): freed with g_free()
 */
typedef char *(*BstDbTextFunction) (const char *first, const char *second);

/** bst_db_add_text_function: makes @name (first[, second]) known to the SQL of this connection. */
gboolean
bst_db_add_text_function (BstDb *db, const char *name, BstDbTextFunction function, GError **error);

/* ---- transactions: BEGIN IMMEDIATE; a commit that fails is an error, and rolled back ---- */

gboolean bst_db_begin (BstDb *db, GError **error);
gboolean bst_db_commit (BstDb *db, GError **error);
void bst_db_rollback (BstDb *db); /* harmless when none is open */

/* ---- migrations ---- */

/**
 * BstMigration:
 * @version: 1, 2, 3 …
 * @sql: constant statements, or %NULL
 * @fixup: (nullable): what SQL cannot say; runs after @sql in the same transaction
 */
typedef struct
{
  int version;
  const char *sql;
  gboolean (*fixup) (BstDb *db, GError **error);
} BstMigration;

/**
 * bst_db_migrate:
 * @application_id: stored in the header, so that a foreign file is not taken for ours (CORRUPT)
 * @migrations: in order; ended by version 0
 *
 * Re-reads the version inside the lock; a step and its stamp are one commit. A database with a
 * higher version than the last of @migrations: %BST_ERROR_NEWER, left untouched.
 */
gboolean
bst_db_migrate (BstDb *db, guint32 application_id, const BstMigration *migrations, GError **error);

/** bst_db_check: PRAGMA quick_check; %BST_ERROR_CORRUPT with the first finding. */
gboolean bst_db_check (BstDb *db, GError **error);

/** bst_db_backup: a consistent copy of @db while in use, into a new file @path (written aside, then renamed). */
gboolean bst_db_backup (BstDb *db, const char *path, GError **error);

G_END_DECLS
