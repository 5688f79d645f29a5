/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "bst-frozen.h"

#include <glib/gstdio.h>

void
bst_frozen_thaw (const char *dump, const char *path)
{
  g_autoptr (GError) error = NULL;
  g_autofree char *file = g_build_filename (g_getenv ("BST_FIXTURES"), "schema", dump, NULL);
  g_autofree char *sql = NULL;
  g_autoptr (BstDb) db = NULL;

  g_file_get_contents (file, &sql, NULL, &error);
  g_assert_no_error (error);
  db = bst_db_open (path, BST_DB_CREATE, &error);
  g_assert_no_error (error);
  bst_db_exec (db, sql, &error);
  g_assert_no_error (error);
}

char *
bst_frozen_schema (const char *path)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (BstDb) db = bst_db_open (path, BST_DB_READONLY, &error);
  g_autoptr (BstStmt) stmt = NULL;
  GString *schema = g_string_new (NULL);
  gboolean row = TRUE;

  g_assert_no_error (error);
  stmt = bst_db_prepare (db,
                         "SELECT sql FROM sqlite_schema WHERE sql IS NOT NULL AND name NOT GLOB "
                         "'sqlite_*' AND name NOT GLOB '*_text*' ORDER BY type, name",
                         &error);
  g_assert_no_error (error);
  while (row)
    {
      bst_stmt_step (stmt, &row, &error);
      g_assert_no_error (error);
      if (row)
        g_string_append_printf (schema, "%s;\n", bst_stmt_text (stmt, 0));
    }
  return g_string_free (schema, FALSE);
}

static void
migrate (const char *path, guint32 application_id, const BstMigration *migrations)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (BstDb) db = bst_db_open (path, BST_DB_CREATE, &error);

  g_assert_no_error (error);
  bst_db_migrate (db, application_id, migrations, &error);
  g_assert_no_error (error);
}

static void
remove_database (const char *path)
{
  static const char *const endings[] = { "", "-wal", "-shm" };

  for (guint i = 0; i < G_N_ELEMENTS (endings); i++)
    {
      g_autofree char *file = g_strconcat (path, endings[i], NULL);

      g_unlink (file);
    }
}

static char *
schema_of_steps (const char *path, guint32 application_id, const BstMigration *migrations, guint n)
{
  g_autofree BstMigration *steps = g_new0 (BstMigration, n + 1);
  char *schema;

  for (guint i = 0; i < n; i++)
    steps[i] = migrations[i];
  migrate (path, application_id, steps);
  schema = bst_frozen_schema (path);
  remove_database (path);
  return schema;
}

void
bst_frozen_check (const char *name, guint32 application_id, const BstMigration *migrations)
{
  g_autoptr (GError) error = NULL;
  g_autofree char *directory = g_dir_make_tmp ("bst-frozen-XXXXXX", &error);
  g_autofree char *path = g_build_filename (directory, "frozen.db", NULL);
  g_autofree char *newest = NULL;
  guint n_steps = 0;

  g_assert_no_error (error);
  while (migrations[n_steps].version != 0)
    n_steps++;
  newest = schema_of_steps (path, application_id, migrations, n_steps);
  for (guint n = 1; n <= n_steps; n++)
    {
      g_autofree char *dump = g_strdup_printf ("%s-%d.sql", name, migrations[n - 1].version);
      g_autofree char *made = schema_of_steps (path, application_id, migrations, n);
      g_autofree char *frozen = NULL;
      g_autofree char *brought = NULL;

      bst_frozen_thaw (dump, path);
      frozen = bst_frozen_schema (path);
      migrate (path, application_id, migrations);
      brought = bst_frozen_schema (path);
      remove_database (path);
      g_assert_cmpstr (made, ==, frozen);
      g_assert_cmpstr (brought, ==, newest);
    }
  g_rmdir (directory);
}
