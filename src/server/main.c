/* SPDX-License-Identifier: GPL-3.0-or-later */

/* bestillerd: opens the authority's directory and serves it until it is told to stop. */

#include "bst-server.h"
#include "bst-system-clock.h"

#include <glib-unix.h>
#include <stdlib.h>
#include <string.h>

typedef struct
{
  char *data;
  char *listen;
  char *port_file;
  gboolean plain;
} Options;

static void
options_clear (Options *options)
{
  g_free (options->data);
  g_free (options->listen);
  g_free (options->port_file);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Options, options_clear)

static gboolean
parse_options (Options *options, int *argc, char ***argv, GError **error)
{
  const GOptionEntry entries[] = {
    { "data", 0, 0, G_OPTION_ARG_FILENAME, &options->data, "The authority's directory", "DIR" },
    { "listen", 0, 0, G_OPTION_ARG_STRING, &options->listen, "Where to listen (127.0.0.1:8443)",
      "ADDRESS:PORT" },
    { "port-file", 0, 0, G_OPTION_ARG_FILENAME, &options->port_file,
      "Write the port into this file", "FILE" },
    { "plain", 0, 0, G_OPTION_ARG_NONE, &options->plain,
      "Without TLS, on a loopback address, behind a proxy", NULL },
    { NULL },
  };
  g_autoptr (GOptionContext) context = g_option_context_new ("– Bestiller's central server");

  g_option_context_add_main_entries (context, entries, NULL);
  if (!g_option_context_parse (context, argc, argv, error))
    return FALSE;
  if (options->data)
    return TRUE;
  g_set_error (error, G_OPTION_ERROR, G_OPTION_ERROR_BAD_VALUE, "--data DIR is wanted");
  return FALSE;
}

/* "127.0.0.1:8443", "[::1]:0" */
static gboolean
split_listen (const char *text, char **ret_address, guint16 *ret_port, GError **error)
{
  const char *colon = strrchr (text, ':');
  guint64 port;

  if (!colon || !g_ascii_string_to_unsigned (colon + 1, 10, 0, G_MAXUINT16, &port, NULL))
    {
      g_set_error (error, G_OPTION_ERROR, G_OPTION_ERROR_BAD_VALUE,
                   "--listen %s: ADDRESS:PORT is wanted", text);
      return FALSE;
    }
  if (text[0] == '[' && colon > text + 1 && colon[-1] == ']')
    *ret_address = g_strndup (text + 1, (gsize) (colon - text - 2));
  else
    *ret_address = g_strndup (text, (gsize) (colon - text));
  *ret_port = (guint16) port;
  return TRUE;
}

static gboolean
write_port (const char *path, guint16 port, GError **error)
{
  g_autofree char *text = g_strdup_printf ("%u\n", port);

  return !path || g_file_set_contents (path, text, -1, error);
}

static BstServer *
start (int *argc, char ***argv, GError **error)
{
  g_auto (Options) options = { 0 };
  g_autoptr (BstServer) server = NULL;
  g_autofree char *address = NULL;
  guint16 port;

  if (!parse_options (&options, argc, argv, error) ||
      !split_listen (options.listen ? options.listen : "127.0.0.1:8443", &address, &port, error))
    return NULL;
  server = bst_server_new (options.data, bst_system_clock (), error);
  if (!server || !bst_server_listen (server, address, port, NULL, options.plain, error) ||
      !write_port (options.port_file, bst_server_get_port (server), error))
    return NULL;
  return g_steal_pointer (&server);
}

static gboolean
stop_cb (gpointer loop)
{
  g_main_loop_quit (loop);
  return G_SOURCE_CONTINUE;
}

int
main (int argc, char *argv[])
{
  g_autoptr (GError) error = NULL;
  g_autoptr (BstServer) server = start (&argc, &argv, &error);
  g_autoptr (GMainLoop) loop = g_main_loop_new (NULL, FALSE);
  g_autofree char *url = NULL;

  if (!server)
    {
      g_printerr ("bestillerd: %s\n", error->message);
      return EXIT_FAILURE;
    }
  url = bst_server_get_url (server);
  g_print ("bestillerd: listening on %s\n", url);
  g_unix_signal_add (SIGTERM, stop_cb, loop);
  g_unix_signal_add (SIGINT, stop_cb, loop);
  g_main_loop_run (loop);
  bst_server_stop (server);
  return EXIT_SUCCESS;
}
