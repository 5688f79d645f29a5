/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "bst-holding-proxy.h"

#include <string.h>

struct _BstHoldingProxy
{
  GSocketListener *listener;
  GTlsCertificate *certificate;
  GTlsDatabase *authorities;
  GCancellable *cancellable;
  GThread *acceptor;
  guint16 port;
  guint16 target;

  GMutex lock;
  GPtrArray *threads; /* one a connection */
  GPtrArray *heads;   /* of the requests */
};

typedef struct
{
  BstHoldingProxy *proxy;
  GSocketConnection *connection;
} Visit;

static GIOStream *
greet (Visit *visit)
{
  GIOStream *stream = g_tls_server_connection_new (G_IO_STREAM (visit->connection),
                                                   visit->proxy->certificate, NULL);

  if (!g_tls_connection_handshake (G_TLS_CONNECTION (stream), visit->proxy->cancellable, NULL))
    g_clear_object (&stream);
  return stream;
}

/* Until the empty line and as many octets as Content-Length says. */
static gboolean
is_whole (const GString *request)
{
  const char *end = strstr (request->str, "\r\n\r\n");
  const char *length = strstr (request->str, "Content-Length: ");
  gsize body = length && length < end ? (gsize) g_ascii_strtoull (length + 16, NULL, 10) : 0;

  return end && request->len >= (gsize) (end + 4 - request->str) + body;
}

static GString *
read_some (GIOStream *stream, gboolean until_end, GCancellable *cancellable)
{
  GString *text = g_string_new (NULL);
  char buffer[4096];
  gssize n = 1;

  while (n > 0 && (until_end || !is_whole (text)))
    {
      n = g_input_stream_read (g_io_stream_get_input_stream (stream), buffer, sizeof buffer,
                               cancellable, NULL);
      if (n > 0)
        g_string_append_len (text, buffer, n);
    }
  return text;
}

static void
note (BstHoldingProxy *proxy, const GString *request)
{
  g_mutex_lock (&proxy->lock);
  g_ptr_array_add (
      proxy->heads,
      g_strndup (request->str, strcspn (request->str, "\r\n"))); /* what is asked for */
  g_mutex_unlock (&proxy->lock);
}

static GIOStream *
call_server (BstHoldingProxy *proxy)
{
  g_autoptr (GSocketClient) client = g_socket_client_new ();
  g_autoptr (GSocketConnectable) host = g_network_address_new ("localhost", proxy->target);
  g_autoptr (GSocketConnection) plain = NULL;
  g_autoptr (GIOStream) stream = NULL;

  plain = g_socket_client_connect_to_host (client, "127.0.0.1", proxy->target, proxy->cancellable,
                                           NULL);
  if (!plain)
    return NULL;
  stream = g_tls_client_connection_new (G_IO_STREAM (plain), host, NULL);
  g_tls_connection_set_database (G_TLS_CONNECTION (stream), proxy->authorities);
  return g_tls_connection_handshake (G_TLS_CONNECTION (stream), proxy->cancellable, NULL)
             ? g_steal_pointer (&stream)
             : NULL;
}

/* The answer, once it is whole. */
static GString *
ask (BstHoldingProxy *proxy, GString *request)
{
  g_autoptr (GIOStream) server = call_server (proxy);

  if (!server)
    return g_string_new (NULL);
  g_string_replace (request, "Connection: Keep-Alive\r\n", "", 1);
  g_string_insert (request, (gssize) strcspn (request->str, "\n") + 1, "Connection: close\r\n");
  g_output_stream_write_all (g_io_stream_get_output_stream (server), request->str, request->len,
                             NULL, proxy->cancellable, NULL);
  return read_some (server, TRUE, proxy->cancellable);
}

static gpointer
serve (gpointer data)
{
  g_autofree Visit *visit = data;
  BstHoldingProxy *proxy = visit->proxy;
  g_autoptr (GSocketConnection) connection = visit->connection;
  g_autoptr (GIOStream) client = greet (visit);
  g_autoptr (GString) request = client ? read_some (client, FALSE, proxy->cancellable) : NULL;
  g_autoptr (GString) answer = NULL;

  if (!request || !is_whole (request))
    return NULL;
  note (proxy, request);
  answer = ask (proxy, request);
  g_output_stream_write_all (g_io_stream_get_output_stream (client), answer->str, answer->len, NULL,
                             proxy->cancellable, NULL);
  g_io_stream_close (client, NULL, NULL);
  return NULL;
}

static gpointer
take_visits (gpointer data)
{
  BstHoldingProxy *proxy = data;
  GSocketConnection *connection;

  while ((connection = g_socket_listener_accept (proxy->listener, NULL, proxy->cancellable, NULL)))
    {
      Visit *visit = g_new0 (Visit, 1);

      visit->proxy = proxy;
      visit->connection = connection;
      g_ptr_array_add (proxy->threads, g_thread_new ("bst-holding", serve, visit));
    }
  return NULL;
}

BstHoldingProxy *
bst_holding_proxy_new (const char *directory, guint16 target)
{
  BstHoldingProxy *proxy = g_new0 (BstHoldingProxy, 1);
  g_autofree char *pem = g_build_filename (directory, "tls", "server.pem", NULL);
  g_autofree char *key = g_build_filename (directory, "tls", "server.key", NULL);
  g_autofree char *ca = g_build_filename (directory, "tls", "ca.pem", NULL);
  g_autoptr (GInetAddress) loopback = g_inet_address_new_loopback (G_SOCKET_FAMILY_IPV4);
  g_autoptr (GSocketAddress) address = g_inet_socket_address_new (loopback, 0);
  g_autoptr (GSocketAddress) bound = NULL;
  g_autoptr (GError) error = NULL;

  g_mutex_init (&proxy->lock);
  proxy->target = target;
  proxy->heads = g_ptr_array_new_with_free_func (g_free);
  proxy->threads = g_ptr_array_new ();
  proxy->cancellable = g_cancellable_new ();
  proxy->certificate = g_tls_certificate_new_from_files (pem, key, &error);
  g_assert_no_error (error);
  proxy->authorities = g_tls_file_database_new (ca, &error);
  g_assert_no_error (error);
  proxy->listener = g_socket_listener_new ();
  g_socket_listener_add_address (proxy->listener, address, G_SOCKET_TYPE_STREAM,
                                 G_SOCKET_PROTOCOL_TCP, NULL, &bound, &error);
  g_assert_no_error (error);
  proxy->port = g_inet_socket_address_get_port (G_INET_SOCKET_ADDRESS (bound));
  proxy->acceptor = g_thread_new ("bst-holding-accept", take_visits, proxy);
  return proxy;
}

void
bst_holding_proxy_free (BstHoldingProxy *proxy)
{
  g_cancellable_cancel (proxy->cancellable);
  g_thread_join (proxy->acceptor);
  for (guint i = 0; i < proxy->threads->len; i++)
    g_thread_join (proxy->threads->pdata[i]);
  g_ptr_array_unref (proxy->threads);
  g_ptr_array_unref (proxy->heads);
  g_object_unref (proxy->listener);
  g_object_unref (proxy->certificate);
  g_object_unref (proxy->authorities);
  g_object_unref (proxy->cancellable);
  g_mutex_clear (&proxy->lock);
  g_free (proxy);
}

char *
bst_holding_proxy_get_url (BstHoldingProxy *proxy)
{
  return g_strdup_printf ("https://localhost:%u", proxy->port);
}

guint
bst_holding_proxy_asked (BstHoldingProxy *proxy, const char *text)
{
  guint n = 0;

  g_mutex_lock (&proxy->lock);
  for (guint i = 0; i < proxy->heads->len; i++)
    n += strstr (proxy->heads->pdata[i], text) != NULL;
  g_mutex_unlock (&proxy->lock);
  return n;
}
