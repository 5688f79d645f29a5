/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Databases of earlier versions (tests/fixtures/schema). */

#include "bst-frozen.h"
#include "bst-storage-private.h"
#include "bst-system-clock.h"

#include <glib/gstdio.h>

static void
test_steps (void)
{
  bst_frozen_check ("server", BST_STORAGE_APPLICATION_ID, bst_storage_migrations);
}

static gboolean
count_cb (GVariant *record, gpointer n)
{
  ++*(guint *) n;
  return TRUE;
}

static guint
count (BstStorage *storage, const char *type)
{
  g_autoptr (GError) error = NULL;
  guint n = 0;

  bst_storage_each (storage, type, count_cb, &n, &error);
  g_assert_no_error (error);
  return n;
}

static void
check_content (BstStorage *storage)
{
  static const char *const requests[] = { "Request", NULL };
  g_autoptr (GError) error = NULL;
  g_autoptr (GVariant) settings = bst_storage_get_settings (storage, &error);
  g_autoptr (GVariant) order =
      bst_storage_find (storage, "Request", "number", "2026-000001", &error);
  g_autoptr (GPtrArray) devices = bst_storage_devices (storage, "anna", &error);
  g_autoptr (GPtrArray) findings = g_ptr_array_new_with_free_func (g_free);
  g_autoptr (GPtrArray) found = NULL;

  g_assert_no_error (error);
  g_assert_cmpstr (bst_doc_get_string (settings, "epoch"), ==, "42efcdabb3d3");
  g_assert_cmpstr (bst_doc_get_string (order, "title"), ==, "To nye pc'er til Søndre Skole");
  g_assert_cmpstr (bst_doc_get_string (order, "state"), ==, "accepted");
  g_assert_cmpuint (devices->len, ==, 1);
  g_assert_cmpuint (count (storage, "OrgUnit"), ==, 7);
  g_assert_cmpuint (count (storage, "Request"), ==, 1);
  g_assert_cmpuint (count (storage, "RequestEvent"), ==, 2);
  bst_storage_check (storage, findings, &error);
  g_assert_no_error (error);
  /* The one file is not frozen with the database. */
  g_assert_cmpuint (findings->len, ==, 1);
  g_assert_true (g_str_has_prefix (findings->pdata[0], "blob B9c478bf6"));
  found = bst_storage_search (storage, "skolerne", "da", requests, 10, &error);
  g_assert_no_error (error);
  g_assert_cmpuint (found->len, ==, 1);
}

static void
remove_directory (const char *directory)
{
  static const char *const names[] = { "bestiller.db", "bestiller.db-wal", "bestiller.db-shm",
                                       "blobs" };

  for (guint i = 0; i < G_N_ELEMENTS (names); i++)
    {
      g_autofree char *path = g_build_filename (directory, names[i], NULL);

      g_remove (path);
    }
  g_rmdir (directory);
}

static void
test_content (void)
{
  for (const BstMigration *step = bst_storage_migrations; step->version != 0; step++)
    {
      g_autoptr (GError) error = NULL;
      g_autofree char *directory = g_dir_make_tmp ("bst-schema-XXXXXX", &error);
      g_autofree char *path = g_build_filename (directory, "bestiller.db", NULL);
      g_autofree char *dump = g_strdup_printf ("server-%d.sql", step->version);

      g_assert_no_error (error);
      bst_frozen_thaw (dump, path);
      /* Twice: what is brought up to date must open again. */
      for (guint i = 0; i < 2; i++)
        {
          g_autoptr (BstStorage) storage =
              bst_storage_open (directory, bst_system_clock (), &error);

          g_assert_no_error (error);
          check_content (storage);
        }
      remove_directory (directory);
    }
}

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/server/schema/steps", test_steps);
  g_test_add_func ("/server/schema/content", test_content);
  return g_test_run ();
}
