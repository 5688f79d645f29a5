/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Event streams (RFC 8620 §7.3): what is said on them, when they end, and that silent ones cost nothing. */

#include "bst-test-client.h"

#include "bst-error.h"

#include <libsoup/soup.h>
#include <string.h>

#define MANY 200

/* One who listens, in the test's own main context. */
typedef struct
{
  SoupMessage *message;
  GInputStream *stream;
  GCancellable *cancellable;
  GString *heard;
  char buffer[4096];
  guint busy; /* operations under way */
  gboolean ended;
} Listener;

static void read_on (Listener *listener);

static void
read_cb (GObject *source, GAsyncResult *result, gpointer data)
{
  Listener *listener = data;
  gssize n = g_input_stream_read_finish (G_INPUT_STREAM (source), result, NULL);

  listener->busy--;
  listener->ended = n <= 0;
  if (n <= 0)
    return;
  g_string_append_len (listener->heard, listener->buffer, n);
  read_on (listener);
}

static void
read_on (Listener *listener)
{
  listener->busy++;
  g_input_stream_read_async (listener->stream, listener->buffer, sizeof listener->buffer,
                             G_PRIORITY_DEFAULT, listener->cancellable, read_cb, listener);
}

static void
sent_cb (GObject *source, GAsyncResult *result, gpointer data)
{
  Listener *listener = data;

  listener->busy--;
  listener->stream = soup_session_send_finish (SOUP_SESSION (source), result, NULL);
  if (listener->stream)
    read_on (listener);
  else
    listener->ended = TRUE;
}

static Listener *
listen (SoupSession *session,
        BstTestServer *server,
        const char *token,
        const char *query,
        const char *last_id)
{
  Listener *listener = g_new0 (Listener, 1);
  g_autofree char *url =
      g_strconcat (bst_test_server_url (server), "/jmap/eventsource/", query, NULL);
  g_autofree char *bearer = g_strconcat ("Bearer ", token, NULL);
  SoupMessageHeaders *headers;

  listener->message = soup_message_new ("GET", url);
  listener->cancellable = g_cancellable_new ();
  listener->heard = g_string_new (NULL);
  headers = soup_message_get_request_headers (listener->message);
  soup_message_headers_replace (headers, "Authorization", bearer);
  if (last_id)
    soup_message_headers_replace (headers, "Last-Event-ID", last_id);
  listener->busy++;
  soup_session_send_async (session, listener->message, G_PRIORITY_DEFAULT, listener->cancellable,
                           sent_cb, listener);
  return listener;
}

static void
listener_free (gpointer data)
{
  Listener *listener = data;

  g_cancellable_cancel (listener->cancellable);
  while (listener->busy > 0)
    g_main_context_iteration (NULL, TRUE);
  g_clear_object (&listener->stream);
  g_object_unref (listener->message);
  g_object_unref (listener->cancellable);
  g_string_free (listener->heard, TRUE);
  g_free (listener);
}
G_DEFINE_AUTOPTR_CLEANUP_FUNC (Listener, listener_free)

static SoupSession *
session_new (BstTestServer *server)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (GTlsDatabase) database =
      g_tls_file_database_new (bst_test_server_ca_file (server), &error);

  g_assert_no_error (error);
  return soup_session_new_with_options ("tls-database", database, "timeout", 60, "max-conns",
                                        MANY + 10, "max-conns-per-host", MANY + 10, NULL);
}

static gboolean
late_cb (gpointer late)
{
  *(gboolean *) late = TRUE;
  return G_SOURCE_REMOVE;
}

/* Until @text was heard @times times; the test fails when that takes 20 seconds. */
static void
wait_for (Listener *listener, const char *text, guint times)
{
  gboolean late = FALSE;
  guint source = g_timeout_add_seconds (20, late_cb, &late);

  for (;;)
    {
      g_auto (GStrv) parts = g_strsplit (listener->heard->str, text, -1);

      if (g_strv_length (parts) > times)
        break;
      g_assert_false (listener->ended);
      g_assert_false (late);
      g_main_context_iteration (NULL, TRUE);
    }
  g_source_remove (source);
}

static void
wait_for_end (Listener *listener)
{
  gboolean late = FALSE;
  guint source = g_timeout_add_seconds (20, late_cb, &late);

  while (!listener->ended)
    {
      g_assert_false (late);
      g_main_context_iteration (NULL, TRUE);
    }
  g_source_remove (source);
}

static char *
last_id (Listener *listener)
{
  const char *line = g_strrstr (listener->heard->str, "\nid: ");

  g_assert_nonnull (line);
  return g_strndup (line + 5, strcspn (line + 5, "\n"));
}

static void
publish (BstTestServer *server, const char *id)
{
  g_autofree char *json = g_strdup_printf ("{\"id\":\"%s\",\"kind\":\"news\",\"title\":{\"da\":"
                                           "\"Nyt\"},\"from\":\"2026-03-12T10:00:00Z\"}",
                                           id);

  bst_test_server_put (server, "Notice", json);
}

/* Nothing is missed between two streams, and nothing is told twice. */
static void
test_last_event_id (void)
{
  g_autoptr (BstTestServer) server = bst_test_server_new ();
  g_autoptr (SoupSession) session = session_new (server);
  g_autofree char *anna = bst_test_server_token (server, "anna");
  g_autoptr (Listener) first = listen (session, server, anna, "?closeafter=state", "0");
  g_autoptr (Listener) second = NULL;
  g_autoptr (Listener) third = NULL;
  g_autofree char *id = NULL;
  g_autofree char *next = NULL;

  wait_for_end (first);
  g_assert_nonnull (strstr (first->heard->str, "\"catalogue\":{"));
  g_assert_nonnull (strstr (first->heard->str, "\"d1\":{"));
  g_assert_null (strstr (first->heard->str, "\"d2\":{")); /* not hers */
  id = last_id (first);

  publish (server, "n1");
  second = listen (session, server, anna, "?closeafter=state", id);
  wait_for_end (second);
  g_assert_nonnull (strstr (second->heard->str, "\"changed\":{\"catalogue\":{\"Notice\":"));
  next = last_id (second);
  g_assert_cmpstr (id, !=, next);

  third = listen (session, server, anna, "?closeafter=state&ping=5", next);
  wait_for (third, "event: ping", 2); /* it stands, and is silent */
  g_assert_null (strstr (third->heard->str, "event: state"));
  publish (server, "n2");
  wait_for_end (third);
  g_assert_nonnull (strstr (third->heard->str, "event: state"));
}

static void
test_types (void)
{
  g_autoptr (BstTestServer) server = bst_test_server_new ();
  g_autoptr (SoupSession) session = session_new (server);
  g_autofree char *anna = bst_test_server_token (server, "anna");
  g_autoptr (Listener) listener = listen (session, server, anna, "?types=Request,Service", "0");

  wait_for (listener, "event: state", 1);
  g_assert_nonnull (strstr (listener->heard->str, "\"Service\":"));
  g_assert_null (strstr (listener->heard->str, "\"Notice\":"));
  publish (server, "n1");
  bst_test_server_put (
      server, "Service",
      "{\"id\":\"pc\",\"code\":\"IT-1\",\"area\":\"it\",\"name\":{\"da\":\"Ny pc\"},"
      "\"obligation\":\"mandatory\",\"price\":{\"model\":\"included\"},"
      "\"responsible\":{\"performer\":\"p1\"},\"version\":2}");
  wait_for (listener, "event: state", 2);
  g_assert_null (strstr (listener->heard->str, "\"Notice\":"));
}

static void
test_ping (void)
{
  g_autoptr (BstTestServer) server = bst_test_server_new ();
  g_autoptr (SoupSession) session = session_new (server);
  g_autofree char *anna = bst_test_server_token (server, "anna");
  g_autoptr (Listener) listener = listen (session, server, anna, "?ping=1", NULL);

  /* The interval is the server's to decide, and told at once. */
  wait_for (listener, "event: ping\ndata: {\"interval\":5}\n\n", 1);
  wait_for (listener, "event: ping\ndata: {\"interval\":5}\n\n", 2);
  g_assert_null (strstr (listener->heard->str, "event: state"));
}

/* Whose token was revoked hears no more. */
static void
test_revoked (void)
{
  g_autoptr (BstTestServer) server = bst_test_server_new ();
  g_autoptr (SoupSession) session = session_new (server);
  g_autofree char *anna = bst_test_server_token (server, "anna");
  g_autofree char *bo = bst_test_server_token (server, "bo");
  g_autoptr (Listener) hers = listen (session, server, anna, "", "0");
  g_autoptr (Listener) his = listen (session, server, bo, "", "0");
  g_autoptr (GError) error = NULL;
  guint n;

  wait_for (hers, "event: state", 1);
  wait_for (his, "event: state", 1);
  bst_storage_revoke_person (bst_test_server_storage (server), "anna", &n, &error);
  g_assert_no_error (error);
  wait_for_end (hers);
  g_assert_false (his->ended);
  publish (server, "n1");
  wait_for (his, "event: state", 2);
}

/* Lines that died are noticed late; who comes back again and again does not use up the server. */
static void
test_one_token (void)
{
  g_autoptr (BstTestServer) server = bst_test_server_new ();
  g_autoptr (SoupSession) session = session_new (server);
  g_autofree char *anna = bst_test_server_token (server, "anna");
  g_autoptr (GPtrArray) listeners = g_ptr_array_new_with_free_func (listener_free);

  for (guint i = 0; i < 6; i++)
    {
      g_ptr_array_add (listeners, listen (session, server, anna, "", "0"));
      wait_for (listeners->pdata[i], "event: state", 1);
    }
  wait_for_end (listeners->pdata[0]);
  wait_for_end (listeners->pdata[1]);
  publish (server, "n1");
  for (guint i = 2; i < 6; i++)
    wait_for (listeners->pdata[i], "event: state", 2);
}

static guint64
metric (BstTestServer *server, const char *name)
{
  g_autoptr (BstTestReply) reply =
      bst_test_send (server, "GET", "/metrics", NULL, NULL, NULL, 0, NULL);
  gsize len;
  const char *data = g_bytes_get_data (reply->body, &len);
  g_autofree char *text = g_strndup (data, len);
  g_autofree char *line = g_strdup_printf ("\n%s ", name);
  const char *at = strstr (text, line);

  g_assert_nonnull (at);
  return g_ascii_strtoull (at + strlen (line), NULL, 10);
}

/* A change made by another process reaches all who listen; while nothing changes, nobody is looked at. */
static void
test_many (void)
{
  g_autoptr (BstTestServer) server = bst_test_server_new ();
  g_autoptr (SoupSession) session = session_new (server);
  g_autoptr (GPtrArray) listeners = g_ptr_array_new_with_free_func (listener_free);
  guint64 before, told, silent;

  for (guint i = 0; i < MANY; i++)
    {
      g_autofree char *token = bst_test_server_token (server, "anna");

      g_ptr_array_add (listeners, listen (session, server, token, "?ping=5", "0"));
    }
  for (guint i = 0; i < MANY; i++)
    wait_for (listeners->pdata[i], "event: state", 1);
  g_assert_cmpuint (metric (server, "bestiller_streams"), ==, MANY);

  before = metric (server, "bestiller_stream_looks_total");
  publish (server, "n1");
  for (guint i = 0; i < MANY; i++)
    wait_for (listeners->pdata[i], "event: state", 2);
  told = metric (server, "bestiller_stream_looks_total");
  g_assert_cmpuint (told - before, >=, MANY);
  g_assert_cmpuint (told - before, <=, 3 * MANY);

  /* About five seconds, or 25 times of asking the database. */
  for (guint i = 0; i < MANY; i++)
    wait_for (listeners->pdata[i], "event: ping", 2);
  silent = metric (server, "bestiller_stream_looks_total");
  g_assert_cmpuint (silent - told, <=, MANY);
}

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/push/last-event-id", test_last_event_id);
  g_test_add_func ("/push/types", test_types);
  g_test_add_func ("/push/ping", test_ping);
  g_test_add_func ("/push/revoked", test_revoked);
  g_test_add_func ("/push/one-token", test_one_token);
  g_test_add_func ("/push/many", test_many);
  return g_test_run ();
}
