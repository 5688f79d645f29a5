/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "bst-test-node.h"

#include <glib/gstdio.h>

static void
copy (const char *source, const char *target, const char *name)
{
  g_autofree char *from = g_build_filename (source, name, NULL);
  g_autofree char *to = g_build_filename (target, name, NULL);
  g_autofree char *text = NULL;
  g_autoptr (GError) error = NULL;
  gsize len;

  g_file_get_contents (from, &text, &len, &error);
  g_assert_no_error (error);
  g_file_set_contents (to, text, (gssize) len, &error);
  g_assert_no_error (error);
}

gboolean
bst_test_node_run (const char *folder, const char *const *argv, char **environment)
{
  g_autoptr (GError) error = NULL;
  int status;

  g_spawn_sync (folder, (char **) argv, environment,
                G_SPAWN_SEARCH_PATH | G_SPAWN_STDOUT_TO_DEV_NULL, NULL, NULL, NULL, NULL, &status,
                &error);
  g_assert_no_error (error);
  return g_spawn_check_wait_status (status, NULL);
}

gboolean
bst_test_node_install (const char *source, const char *target)
{
  static const char *const argv[] = { "npm", "ci", "--no-audit", "--no-fund", "--ignore-scripts",
                                      NULL };
  g_autofree char *npm = g_find_program_in_path ("npm");
  g_autofree char *node = g_find_program_in_path ("node");
  /* npm writes it last. */
  g_autofree char *there = g_build_filename (target, "node_modules", ".package-lock.json", NULL);

  if (!npm || !node)
    return FALSE;
  if (g_file_test (there, G_FILE_TEST_EXISTS))
    return TRUE;
  g_mkdir_with_parents (target, 0755);
  copy (source, target, "package.json");
  copy (source, target, "package-lock.json");
  return bst_test_node_run (target, argv, NULL);
}
