/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "bst-raw-server.h"

#include <string.h>

struct _BstRawServer
{
  GSocketListener *listener;
  GTlsCertificate *certificate; /* NULL: plain */
  guint16 port;
  GThread *thread;
  GCancellable *cancellable;

  GMutex lock;
  BstRawManner manner;
  char *answer;
  GString *heard;
  guint requests;
};

/* Until the empty line and as many octets as Content-Length says. */
static gboolean
is_whole (const GString *request)
{
  const char *end = strstr (request->str, "\r\n\r\n");
  const char *length = strstr (request->str, "Content-Length: ");
  gsize body = length && length < end ? (gsize) g_ascii_strtoull (length + 16, NULL, 10) : 0;

  return end && request->len >= (gsize) (end + 4 - request->str) + body;
}

static gboolean
read_request (BstRawServer *server, GIOStream *stream)
{
  g_autoptr (GString) request = g_string_new (NULL);
  char buffer[4096];
  gssize n;

  while (!is_whole (request))
    {
      n = g_input_stream_read (g_io_stream_get_input_stream (stream), buffer, sizeof buffer,
                               server->cancellable, NULL);
      if (n <= 0)
        return FALSE;
      g_string_append_len (request, buffer, n);
    }
  g_mutex_lock (&server->lock);
  g_string_assign (server->heard, request->str);
  server->requests++;
  g_mutex_unlock (&server->lock);
  return TRUE;
}

static gboolean
say (BstRawServer *server, GIOStream *stream, const char *octets, gsize len, gsize chunk)
{
  for (gsize at = 0; at < len; at += chunk)
    if (!g_output_stream_write_all (g_io_stream_get_output_stream (stream), octets + at,
                                    MIN (chunk, len - at), NULL, server->cancellable, NULL))
      return FALSE;
  return TRUE;
}

static void
wait_for_end (BstRawServer *server, GIOStream *stream)
{
  char buffer[256];

  while (g_input_stream_read (g_io_stream_get_input_stream (stream), buffer, sizeof buffer,
                              server->cancellable, NULL) > 0)
    ;
}

/* Returns whether the stream shall be closed in good order. */
static gboolean
answer (BstRawServer *server, GIOStream *stream)
{
  g_autofree char *text = NULL;
  BstRawManner manner;
  gsize len;

  g_mutex_lock (&server->lock);
  text = g_strdup (server->answer);
  manner = server->manner;
  g_mutex_unlock (&server->lock);
  len = strlen (text);
  switch (manner)
    {
    case BST_RAW_ANSWER:
      return say (server, stream, text, len, len);
    case BST_RAW_DRIBBLE:
      return say (server, stream, text, len, 7);
    case BST_RAW_CUT:
      say (server, stream, text, len / 2, len);
      return FALSE;
    case BST_RAW_HOLD:
      say (server, stream, text, len, len);
      wait_for_end (server, stream);
      return FALSE;
    case BST_RAW_SILENT:
      wait_for_end (server, stream);
      return FALSE;
    case BST_RAW_REPEAT:
      while (say (server, stream, text, len, len))
        ;
      return FALSE;
    case BST_RAW_CLOSE:
    default:
      return FALSE;
    }
}

static void
serve (BstRawServer *server, GSocketConnection *connection)
{
  g_autoptr (GIOStream) stream = NULL;

  if (!server->certificate)
    stream = g_object_ref (G_IO_STREAM (connection));
  else
    stream = g_tls_server_connection_new (G_IO_STREAM (connection), server->certificate, NULL);
  if (server->certificate &&
      !g_tls_connection_handshake (G_TLS_CONNECTION (stream), server->cancellable, NULL))
    return;
  if (read_request (server, stream) && answer (server, stream))
    g_io_stream_close (stream, NULL, NULL);
  g_socket_close (g_socket_connection_get_socket (connection), NULL);
}

static gpointer
run (gpointer data)
{
  BstRawServer *server = data;
  GSocketConnection *connection;

  while (
      (connection = g_socket_listener_accept (server->listener, NULL, server->cancellable, NULL)))
    {
      serve (server, connection);
      g_object_unref (connection);
    }
  return NULL;
}

BstRawServer *
bst_raw_server_new (const char *directory)
{
  BstRawServer *server = g_new0 (BstRawServer, 1);
  g_autoptr (GInetAddress) any = g_inet_address_new_any (G_SOCKET_FAMILY_IPV4);
  g_autoptr (GSocketAddress) address = g_inet_socket_address_new (any, 0);
  g_autoptr (GSocketAddress) bound = NULL;
  g_autoptr (GError) error = NULL;

  if (directory)
    {
      g_autofree char *pem = g_build_filename (directory, "tls", "server.pem", NULL);
      g_autofree char *key = g_build_filename (directory, "tls", "server.key", NULL);

      server->certificate = g_tls_certificate_new_from_files (pem, key, &error);
      g_assert_no_error (error);
    }
  g_mutex_init (&server->lock);
  server->answer = g_strdup ("");
  server->heard = g_string_new (NULL);
  server->cancellable = g_cancellable_new ();
  server->listener = g_socket_listener_new ();
  g_socket_listener_add_address (server->listener, address, G_SOCKET_TYPE_STREAM,
                                 G_SOCKET_PROTOCOL_TCP, NULL, &bound, &error);
  g_assert_no_error (error);
  server->port = g_inet_socket_address_get_port (G_INET_SOCKET_ADDRESS (bound));
  server->thread = g_thread_new ("bst-raw-server", run, server);
  return server;
}

void
bst_raw_server_free (BstRawServer *server)
{
  g_cancellable_cancel (server->cancellable);
  g_thread_join (server->thread);
  g_object_unref (server->listener);
  g_object_unref (server->cancellable);
  g_clear_object (&server->certificate);
  g_free (server->answer);
  g_string_free (server->heard, TRUE);
  g_mutex_clear (&server->lock);
  g_free (server);
}

guint16
bst_raw_server_get_port (BstRawServer *server)
{
  return server->port;
}

void
bst_raw_server_say (BstRawServer *server, BstRawManner manner, const char *text)
{
  g_mutex_lock (&server->lock);
  server->manner = manner;
  g_free (server->answer);
  server->answer = g_strdup (text);
  g_mutex_unlock (&server->lock);
}

char *
bst_raw_server_heard (BstRawServer *server)
{
  char *heard;

  g_mutex_lock (&server->lock);
  heard = g_strdup (server->heard->str);
  g_mutex_unlock (&server->lock);
  return heard;
}

guint
bst_raw_server_requests (BstRawServer *server)
{
  guint requests;

  g_mutex_lock (&server->lock);
  requests = server->requests;
  g_mutex_unlock (&server->lock);
  return requests;
}
