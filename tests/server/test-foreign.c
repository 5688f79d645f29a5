/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Runs a JMAP client that others wrote against the server. Arguments: its source folder, a folder to install it into. */

#include "bst-test-server.h"

#include <glib/gstdio.h>

static const char *source_folder;
static const char *install_folder;

static void
copy (const char *name)
{
  g_autofree char *from = g_build_filename (source_folder, name, NULL);
  g_autofree char *to = g_build_filename (install_folder, name, NULL);
  g_autofree char *text = NULL;
  g_autoptr (GError) error = NULL;
  gsize len;

  g_file_get_contents (from, &text, &len, &error);
  g_assert_no_error (error);
  g_file_set_contents (to, text, (gssize) len, &error);
  g_assert_no_error (error);
}

/* Whether @argv ended well. */
static gboolean
run (const char *const *argv, char **environment)
{
  g_autoptr (GError) error = NULL;
  int status;

  g_spawn_sync (install_folder, (char **) argv, environment,
                G_SPAWN_SEARCH_PATH | G_SPAWN_STDOUT_TO_DEV_NULL, NULL, NULL, NULL, NULL, &status,
                &error);
  g_assert_no_error (error);
  return g_spawn_check_wait_status (status, NULL);
}

static gboolean
install (void)
{
  static const char *const argv[] = { "npm", "ci", "--no-audit", "--no-fund", "--ignore-scripts",
                                      NULL };
  g_autofree char *there = g_build_filename (install_folder, "node_modules", "jmap-jam", NULL);

  if (g_file_test (there, G_FILE_TEST_IS_DIR))
    return TRUE;
  g_mkdir_with_parents (install_folder, 0755);
  copy ("package.json");
  copy ("package-lock.json");
  return run (argv, NULL);
}

static void
test_jam (void)
{
  g_autofree char *npm = g_find_program_in_path ("npm");
  g_autofree char *node = g_find_program_in_path ("node");
  g_autoptr (BstTestServer) server = NULL;
  g_auto (GStrv) environment = g_get_environ ();
  g_autofree char *script = g_build_filename (source_folder, "jam.mjs", NULL);
  g_autofree char *token = NULL;
  const char *argv[] = { "node", script, NULL };

  if (!npm || !node || !install ())
    {
      g_test_skip ("npm or its registry is not there");
      return;
    }
  server = bst_test_server_new ();
  token = bst_test_server_token (server, "bo");
  environment = g_environ_setenv (environment, "BST_URL", bst_test_server_url (server), TRUE);
  environment = g_environ_setenv (environment, "BST_TOKEN", token, TRUE);
  environment =
      g_environ_setenv (environment, "NODE_EXTRA_CA_CERTS", bst_test_server_ca_file (server), TRUE);
  environment = g_environ_setenv (environment, "JAM", install_folder, TRUE);
  g_assert_true (run (argv, environment));
}

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  g_assert_cmpint (argc, ==, 3);
  source_folder = argv[1];
  install_folder = argv[2];
  g_test_add_func ("/foreign/jmap-jam", test_jam);
  return g_test_run ();
}
