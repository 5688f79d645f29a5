/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Runs a JMAP client that others wrote against the server. Arguments: its source folder, a folder to install it into. */

#include "bst-test-node.h"
#include "bst-test-server.h"

static const char *source_folder;
static const char *install_folder;

static void
test_jam (void)
{
  g_autoptr (BstTestServer) server = NULL;
  g_auto (GStrv) environment = g_get_environ ();
  g_autofree char *script = g_build_filename (source_folder, "jam.mjs", NULL);
  g_autofree char *token = NULL;
  const char *argv[] = { "node", script, NULL };

  if (!bst_test_node_install (source_folder, install_folder))
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
  g_assert_true (bst_test_node_run (install_folder, argv, environment));
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
