/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "bst-test-client.h"

#include "bst-jmap.h"
#include "bst-json.h"

#include <libsoup/soup.h>
#include <string.h>

void
bst_test_reply_free (BstTestReply *reply)
{
  g_free (reply->type);
  g_free (reply->encoding);
  g_clear_pointer (&reply->body, g_bytes_unref);
  g_clear_pointer (&reply->json, g_variant_unref);
  g_free (reply);
}

static SoupSession *
session_new (BstTestServer *server)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (GTlsDatabase) database =
      g_tls_file_database_new (bst_test_server_ca_file (server), &error);
  SoupSession *session;

  g_assert_no_error (error);
  session = soup_session_new_with_options ("tls-database", database, "timeout", 20, NULL);
  return session;
}

BstTestReply *
bst_test_send (BstTestServer *server,
               const char *method,
               const char *path,
               const char *token,
               const char *content_type,
               const char *body,
               gssize len,
               const char *const *headers)
{
  g_autoptr (SoupSession) session = session_new (server);
  g_autofree char *url = g_strconcat (bst_test_server_url (server), path, NULL);
  g_autoptr (SoupMessage) message = soup_message_new (method, url);
  g_autofree char *bearer = token ? g_strconcat ("Bearer ", token, NULL) : NULL;
  g_autoptr (GBytes) bytes =
      body ? g_bytes_new (body, len < 0 ? strlen (body) : (gsize) len) : NULL;
  BstTestReply *reply = g_new0 (BstTestReply, 1);
  g_autoptr (GError) error = NULL;
  SoupMessageHeaders *sent = soup_message_get_request_headers (message);
  gsize size;
  const char *text;

  if (bearer)
    soup_message_headers_replace (sent, "Authorization", bearer);
  for (; headers && headers[0]; headers += 2)
    soup_message_headers_replace (sent, headers[0], headers[1]);
  if (bytes)
    soup_message_set_request_body_from_bytes (message, content_type, bytes);
  reply->body = soup_session_send_and_read (session, message, NULL, &error);
  g_assert_no_error (error);
  reply->status = soup_message_get_status (message);
  reply->type = g_strdup (
      soup_message_headers_get_content_type (soup_message_get_response_headers (message), NULL));
  reply->encoding = g_strdup (soup_message_headers_get_one (
      soup_message_get_response_headers (message), "Content-Encoding"));
  text = g_bytes_get_data (reply->body, &size);
  if (text)
    reply->json = bst_json_parse (text, (gssize) size, NULL);
  return reply;
}

BstTestReply *
bst_test_post (BstTestServer *server, const char *path, const char *token, const char *json)
{
  return bst_test_send (server, "POST", path, token, "application/json", json, -1, NULL);
}

static BstJmapCall *
call_once (BstTestServer *server, const char *token, const char *name, const char *args)
{
  g_autoptr (GPtrArray) calls =
      g_ptr_array_new_with_free_func ((GDestroyNotify) bst_jmap_call_free);
  g_autoptr (GError) error = NULL;
  g_autofree char *request = NULL;
  g_autoptr (BstTestReply) reply = NULL;
  g_autoptr (GPtrArray) answers = NULL;
  gsize size;
  const char *text;

  g_ptr_array_add (calls, bst_jmap_call_new (name, bst_json_parse_object (args, -1, &error), "0"));
  g_assert_no_error (error);
  request = bst_jmap_request_print (calls);
  reply = bst_test_post (server, "/jmap/api/", token, request);
  g_assert_cmpuint (reply->status, ==, 200);
  text = g_bytes_get_data (reply->body, &size);
  answers = bst_jmap_response_parse (text, (gssize) size, NULL, &error);
  g_assert_no_error (error);
  g_assert_cmpuint (answers->len, ==, 1);
  g_ptr_array_set_free_func (answers, NULL);
  return answers->pdata[0];
}

GVariant *
bst_test_call (BstTestServer *server, const char *token, const char *name, const char *args)
{
  g_autoptr (BstJmapCall) answer = call_once (server, token, name, args);
  g_autofree char *text = bst_json_print (answer->args);

  if (strcmp (answer->name, name) != 0)
    g_error ("%s %s: %s", name, args, text);
  return g_variant_ref (answer->args);
}

char *
bst_test_call_error (BstTestServer *server, const char *token, const char *name, const char *args)
{
  g_autoptr (BstJmapCall) answer = call_once (server, token, name, args);

  g_assert_cmpstr (answer->name, ==, "error");
  return g_strdup (bst_doc_get_string (answer->args, "type"));
}

char *
bst_test_initial_state (BstTestServer *server, const char *token, const char *account)
{
  g_autoptr (BstTestReply) reply =
      bst_test_send (server, "GET", "/.well-known/jmap", token, NULL, NULL, 0, NULL);
  g_autofree char *path =
      g_strconcat ("accounts/", account,
                   "/accountCapabilities/https:~1~1bestiller.org~1ns~1jmap/initialState", NULL);

  g_assert_cmpuint (reply->status, ==, 200);
  return g_strdup (bst_doc_get_string (reply->json, path));
}

const char *
bst_test_problem (BstTestReply *reply)
{
  const char *type = reply->json ? bst_doc_get_string (reply->json, "type") : NULL;
  const char *slash = type ? strrchr (type, '/') : NULL;
  const char *colon = type ? strrchr (type, ':') : NULL;

  g_assert_cmpstr (reply->type, ==, "application/problem+json");
  return slash > colon ? slash + 1 : colon + 1;
}

char *
bst_test_listen (BstTestServer *server,
                 const char *token,
                 const char *query,
                 void (*act) (BstTestServer *server))
{
  g_autoptr (SoupSession) session = session_new (server);
  g_autofree char *url =
      g_strconcat (bst_test_server_url (server), "/jmap/eventsource/", query, NULL);
  g_autofree char *bearer = g_strconcat ("Bearer ", token, NULL);
  g_autoptr (SoupMessage) message = soup_message_new ("GET", url);
  g_autoptr (GInputStream) stream = NULL;
  g_autoptr (GError) error = NULL;
  GString *heard = g_string_new (NULL);
  char buffer[4096];
  gssize n;

  soup_message_headers_replace (soup_message_get_request_headers (message), "Authorization",
                                bearer);
  stream = soup_session_send (session, message, NULL, &error);
  g_assert_no_error (error);
  g_assert_cmpint (g_input_stream_read (stream, buffer, sizeof buffer, NULL, &error), >, 0);
  act (server);
  while ((n = g_input_stream_read (stream, buffer, sizeof buffer, NULL, &error)) > 0)
    g_string_append_len (heard, buffer, n);
  g_assert_no_error (error);
  return g_string_free (heard, FALSE);
}
