/* SPDX-License-Identifier: GPL-3.0-or-later */

/*
 * bench-search ours STORE QUERIES
 * bench-search fts5 RECORDS QUERIES
 *
 * Asks what is typed, one query a line, after each keystroke. Prints the CPU microseconds of the whole process
 * (the store's threads too) for each, what was found, and the query, separated by tabs.
 *
 * "fts5" is FTS5's own ranking (ORDER BY rank: bm25) over the same texts and weights, prefix index included.
 * It asks for the same number of records.
 */

#include <locale.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "bst-db.h"
#include "bst-store.h"
#include "bst-system-clock.h"

#define LIMIT 50

typedef int (*Ask) (gpointer index, const char *query, GError **error);

static gint64
cpu_time (void)
{
  struct timespec spent;

  clock_gettime (CLOCK_PROCESS_CPUTIME_ID, &spent);
  return (gint64) spent.tv_sec * 1000000 + spent.tv_nsec / 1000;
}

static int
ask_ours (gpointer index, const char *query, GError **error)
{
  g_autoptr (GPtrArray) found = bst_store_search (index, query, "da", LIMIT, error);

  return found ? (int) found->len : -1;
}

/* ---- FTS5 alone ---- */

#define TEXTS(property) "(SELECT group_concat(value, ' ') FROM json_each(doc, '$." property "'))"

static const char schema[] =
    "CREATE TABLE Service (rowid INTEGER PRIMARY KEY, doc TEXT NOT NULL);"
    "CREATE VIRTUAL TABLE Service_text USING fts5 (name, keywords, code, summary, description,"
    "  tokenize = \"unicode61 remove_diacritics 2\", prefix = '1 2 3');"
    "INSERT INTO Service_text (Service_text, rank) VALUES ('rank', 'bm25(10, 8, 6, 4, 1)');";

static const char fill_text[] =
    "INSERT INTO Service_text (rowid, name, keywords, code, summary, description)"
    "  SELECT rowid, " TEXTS ("name") ", " TEXTS ("keywords") ", doc ->> '$.code', " TEXTS (
        "summary") ", " TEXTS ("description") " FROM Service";

static BstDb *
open_fts5 (const char *records, GError **error)
{
  g_autoptr (BstDb) db = bst_db_open (":memory:", BST_DB_CREATE, error);
  g_autoptr (BstStmt) insert = NULL;
  g_autofree char *text = NULL;
  g_auto (GStrv) lines = NULL;

  if (!db || !bst_db_exec (db, schema, error) ||
      !g_file_get_contents (records, &text, NULL, error) || !bst_db_begin (db, error))
    return NULL;
  lines = g_strsplit (g_strchomp (text), "\n", -1);
  insert = bst_db_prepare (db, "INSERT INTO Service (doc) VALUES (?1)", error);
  for (char **line = lines; insert && *line; line++)
    {
      bst_stmt_bind_text (insert, 1, *line);
      if (!bst_stmt_run (insert, error))
        return NULL;
      bst_stmt_reset (insert);
    }
  if (!insert || !bst_db_exec (db, fill_text, error) || !bst_db_commit (db, error))
    return NULL;
  return g_steal_pointer (&db);
}

/* "skærm ti" -> "skærm" "ti"*: whole words, and what is being typed as a beginning. */
static char *
match_expression (const char *query)
{
  g_auto (GStrv) words = g_strsplit_set (query, " ,-", -1);
  g_autoptr (GString) match = g_string_new (NULL);

  for (char **word = words; *word; word++)
    if (**word)
      g_string_append_printf (match, "%s\"%s\"%s", match->len ? " " : "", *word,
                              word[1] ? "" : "*");
  return g_strdup (match->str);
}

static int
ask_fts5 (gpointer index, const char *query, GError **error)
{
  g_autofree char *match = match_expression (query);
  g_autoptr (GPtrArray) found = g_ptr_array_new_with_free_func (g_free);
  g_autoptr (BstStmt) stmt = bst_db_prepare (
      index,
      "SELECT doc FROM Service_text JOIN Service ON Service.rowid = Service_text.rowid"
      " WHERE Service_text MATCH ?1 ORDER BY Service_text.rank LIMIT ?2",
      error);
  gboolean row;

  if (!stmt)
    return -1;
  bst_stmt_bind_text (stmt, 1, match);
  bst_stmt_bind_int (stmt, 2, LIMIT);
  for (;;)
    {
      if (!bst_stmt_step (stmt, &row, error))
        return -1;
      if (!row)
        return (int) found->len;
      g_ptr_array_add (found, g_strdup (bst_stmt_text (stmt, 0)));
    }
}

/* ---- asking ---- */

static gboolean
ask_all (Ask ask, gpointer index, char **queries, gboolean print, GError **error)
{
  for (char **query = queries; *query; query++)
    {
      gint64 before = cpu_time ();
      int found = ask (index, *query, error);

      if (found < 0)
        return FALSE;
      if (print)
        printf ("%" G_GINT64_FORMAT "\t%d\t%s\n", cpu_time () - before, found, *query);
    }
  return TRUE;
}

static gboolean
run (char *argv[], GError **error)
{
  gboolean ours = strcmp (argv[1], "ours") == 0;
  BstStore *store = ours ? bst_store_open (argv[2], bst_system_clock (), error) : NULL;
  g_autoptr (BstDb) db = ours ? NULL : open_fts5 (argv[2], error);
  g_autofree char *text = NULL;
  g_auto (GStrv) queries = NULL;
  gpointer index = ours ? (gpointer) store : (gpointer) db;
  Ask ask = ours ? ask_ours : ask_fts5;
  gboolean good;

  if (!index || !g_file_get_contents (argv[3], &text, NULL, error))
    return FALSE;
  queries = g_strsplit (g_strchomp (text), "\n", -1);
  good = ask_all (ask, index, queries, FALSE, error) && ask_all (ask, index, queries, TRUE, error);
  if (store)
    bst_store_close (store);
  return good;
}

int
main (int argc, char *argv[])
{
  g_autoptr (GError) error = NULL;

  setlocale (LC_ALL, "");
  if (argc != 4)
    {
      g_printerr ("usage: bench-search ours|fts5 STORE|RECORDS QUERIES\n");
      return EXIT_FAILURE;
    }
  if (!run (argv, &error))
    {
      g_printerr ("bench-search: %s\n", error->message);
      return EXIT_FAILURE;
    }
  return EXIT_SUCCESS;
}
