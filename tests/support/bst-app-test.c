/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "bst-app-test.h"

#include <gio/gio.h>
#include <glib/gstdio.h>

gboolean
bst_test_tick_cb (gpointer unused)
{
  return G_SOURCE_CONTINUE;
}

void
bst_test_remove_tree (const char *path)
{
  g_autoptr (GDir) dir = g_dir_open (path, 0, NULL);
  const char *name;

  while (dir && (name = g_dir_read_name (dir)))
    {
      g_autofree char *child = g_build_filename (path, name, NULL);

      bst_test_remove_tree (child);
    }
  g_remove (path);
}

char *
bst_test_output (const char *program, const char *first, const char *file, const char *last)
{
  const char *argv[] = { program, first, file, last, NULL };
  g_autoptr (GError) error = NULL;
  char *out = NULL;
  int status = 1;

  g_spawn_sync (NULL, (char **) argv, NULL, G_SPAWN_SEARCH_PATH, NULL, NULL, &out, NULL, &status,
                &error);
  g_assert_no_error (error);
  g_assert_true (g_spawn_check_wait_status (status, NULL));
  return out;
}

char *
bst_test_sample_profile (const char *seed_store,
                         const char *directory,
                         const char *sample,
                         const char *person)
{
  g_autofree char *root = g_build_filename (directory, "profiles", NULL);
  g_autofree char *out = bst_test_output (seed_store, root, sample, person);
  g_autoptr (GDir) dir = g_dir_open (root, 0, NULL);
  const char *name;

  g_assert_nonnull (dir);
  while ((name = g_dir_read_name (dir)))
    {
      g_autofree char *path = g_build_filename (root, name, NULL);

      if (g_file_test (path, G_FILE_TEST_IS_DIR))
        return g_steal_pointer (&path);
    }
  g_assert_not_reached ();
}
