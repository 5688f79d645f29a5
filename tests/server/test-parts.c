/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Uploads in parts (docs/protocol.md, "In parts"), from outside, over TLS. */

#include "bst-api.h"
#include "bst-test-client.h"

#include <string.h>

#define TEXT "Et billede af skaden i gymnastiksalen, taget i dag."

typedef struct
{
  BstTestServer *server;
  char *anna;
  char *cilla;
  char *dan;
  char *sha256; /* of TEXT */
} Fixture;

static void
set_up (Fixture *fixture, gconstpointer data)
{
  fixture->server = bst_test_server_new ();
  fixture->anna = bst_test_server_token (fixture->server, "anna");
  fixture->cilla = bst_test_server_token (fixture->server, "cilla");
  fixture->dan = bst_test_server_token (fixture->server, "dan");
  fixture->sha256 = g_compute_checksum_for_string (G_CHECKSUM_SHA256, TEXT, -1);
}

static void
tear_down (Fixture *fixture, gconstpointer data)
{
  g_free (fixture->anna);
  g_free (fixture->cilla);
  g_free (fixture->dan);
  g_free (fixture->sha256);
  bst_test_server_free (fixture->server);
}

static BstTestReply *
send_part (Fixture *fixture,
           const char *token,
           const char *account,
           gint64 offset,
           gint64 size,
           const char *octets,
           gsize len)
{
  g_autofree char *path =
      g_strdup_printf ("/jmap/upload-part/%s/%s?offset=%" G_GINT64_FORMAT "&size=%" G_GINT64_FORMAT,
                       account, fixture->sha256, offset, size);

  return bst_test_send (fixture->server, "POST", path, token, "application/octet-stream", octets,
                        (gssize) len, NULL);
}

static BstTestReply *
ask (Fixture *fixture, const char *token, const char *account)
{
  g_autofree char *path = g_strdup_printf ("/jmap/upload-part/%s/%s?size=%d", account,
                                           fixture->sha256, (int) strlen (TEXT));

  return bst_test_send (fixture->server, "GET", path, token, NULL, NULL, 0, NULL);
}

static void
assert_received (BstTestReply *reply, gint64 received, gboolean named)
{
  g_assert_cmpuint (reply->status, ==, 200);
  g_assert_cmpint (bst_doc_get_int (reply->json, "received", -1), ==, received);
  g_assert_cmpint (bst_doc_has (reply->json, "blobId"), ==, named);
}

static void
assert_sent (Fixture *fixture, gint64 offset, gsize len, gint64 received, gboolean named)
{
  g_autoptr (BstTestReply) reply =
      send_part (fixture, fixture->anna, "d1", offset, strlen (TEXT), TEXT + offset, len);

  assert_received (reply, received, named);
}

static void
assert_asked (Fixture *fixture, gint64 received, gboolean named)
{
  g_autoptr (BstTestReply) reply = ask (fixture, fixture->anna, "d1");

  assert_received (reply, received, named);
}

static void
assert_problem (BstTestReply *reply, guint status, const char *problem)
{
  g_assert_cmpuint (reply->status, ==, status);
  g_assert_cmpstr (bst_test_problem (reply), ==, problem);
}

static void
assert_there (Fixture *fixture)
{
  g_autofree char *path =
      g_strdup_printf ("/jmap/download/d1/B%s/x?type=text/plain", fixture->sha256);
  g_autoptr (BstTestReply) down =
      bst_test_send (fixture->server, "GET", path, fixture->anna, NULL, NULL, 0, NULL);

  g_assert_cmpuint (down->status, ==, 200);
  g_assert_cmpmem (g_bytes_get_data (down->body, NULL), g_bytes_get_size (down->body), TEXT,
                   strlen (TEXT));
}

static void
test_advertised (Fixture *fixture, gconstpointer data)
{
  g_autoptr (BstTestReply) session = bst_test_send (fixture->server, "GET", "/.well-known/jmap",
                                                    fixture->anna, NULL, NULL, 0, NULL);
  const char *url = bst_doc_get_string (
      session->json, "capabilities/https:~1~1bestiller.org~1ns~1jmap/uploadPartUrl");

  g_assert_true (
      g_str_has_suffix (url, "/jmap/upload-part/{accountId}/{sha256}?offset={offset}&size={size}"));
  g_assert_cmpint (bst_doc_get_int (session->json,
                                    "capabilities/https:~1~1bestiller.org~1ns~1jmap/maxSizePart",
                                    0),
                   >=, 256 * 1024);
}

static void
test_whole (Fixture *fixture, gconstpointer data)
{
  assert_asked (fixture, 0, FALSE);
  assert_sent (fixture, 0, 20, 20, FALSE);
  assert_asked (fixture, 20, FALSE);
  /* As after a restart of the server. */
  bst_test_server_stop (fixture->server);
  bst_test_server_start (fixture->server);
  assert_asked (fixture, 20, FALSE);
  assert_sent (fixture, 20, strlen (TEXT) - 20, strlen (TEXT), TRUE);
  assert_there (fixture);
  /* Named at once from now on. */
  assert_asked (fixture, strlen (TEXT), TRUE);
  assert_sent (fixture, 0, 5, strlen (TEXT), TRUE);
}

static void
test_overlap_and_gap (Fixture *fixture, gconstpointer data)
{
  g_autoptr (BstTestReply) gap = NULL;

  assert_sent (fixture, 0, 20, 20, FALSE);
  /* An answer was lost; the part comes again, and one that begins in the middle of it. */
  assert_sent (fixture, 0, 20, 20, FALSE);
  assert_sent (fixture, 5, 10, 20, FALSE);
  assert_sent (fixture, 10, 20, 30, FALSE);
  gap = send_part (fixture, fixture->anna, "d1", 31, strlen (TEXT), TEXT + 31, 5);
  assert_problem (gap, 409, "part-gap");
  assert_asked (fixture, 30, FALSE);
  assert_sent (fixture, 30, strlen (TEXT) - 30, strlen (TEXT), TRUE);
  assert_there (fixture);
}

static void
test_digest (Fixture *fixture, gconstpointer data)
{
  g_autofree char *altered = g_strdup (TEXT);
  g_autoptr (BstTestReply) wrong = NULL;

  altered[3] = 'X';
  assert_sent (fixture, 0, 0, 0, FALSE);
  wrong = send_part (fixture, fixture->anna, "d1", 0, strlen (TEXT), altered, strlen (TEXT));
  assert_problem (wrong, 422, "digest-wrong");
  /* All of it is dropped, and the right one goes through. */
  assert_asked (fixture, 0, FALSE);
  assert_sent (fixture, 0, strlen (TEXT), strlen (TEXT), TRUE);
  assert_there (fixture);
}

static void
test_limits (Fixture *fixture, gconstpointer data)
{
  g_autoptr (BstTestReply) file = send_part (fixture, fixture->anna, "d1", 0, 50000001, "x", 1);
  g_autoptr (BstTestReply) beyond = send_part (fixture, fixture->anna, "d1", 0, 3, TEXT, 4);
  g_autoptr (BstTestReply) negative = send_part (fixture, fixture->anna, "d1", -1, 3, TEXT, 1);
  g_autofree char *zeros = g_malloc0 (4 * 1024 * 1024 + 1);
  g_autoptr (BstTestReply) part =
      send_part (fixture, fixture->anna, "d1", 0, 5000000, zeros, 4 * 1024 * 1024 + 1);
  g_autofree char *path = g_strdup_printf ("/jmap/upload-part/d1/%s", fixture->sha256);
  g_autoptr (BstTestReply) sizeless =
      bst_test_send (fixture->server, "GET", path, fixture->anna, NULL, NULL, 0, NULL);
  g_autoptr (BstTestReply) nameless =
      bst_test_send (fixture->server, "GET", "/jmap/upload-part/d1/ABC?size=1", fixture->anna, NULL,
                     NULL, 0, NULL);

  assert_problem (file, 413, "too-large");
  assert_problem (part, 413, "too-large");
  assert_problem (beyond, 400, "part-wrong");
  assert_problem (negative, 400, "part-wrong");
  assert_problem (sizeless, 400, "part-wrong");
  assert_problem (nameless, 404, "not-found");
}

/* Nobody learns what others have, and nobody adds to what others send. */
static void
test_others (Fixture *fixture, gconstpointer data)
{
  g_autoptr (BstTestReply) foreign =
      send_part (fixture, fixture->anna, "d2", 0, strlen (TEXT), TEXT, 5);
  g_autoptr (BstTestReply) nobody = send_part (fixture, NULL, "d1", 0, strlen (TEXT), TEXT, 5);
  g_autoptr (BstTestReply) colleague = NULL;
  g_autoptr (BstTestReply) elsewhere = NULL;

  assert_problem (foreign, 404, "not-found");
  assert_problem (nobody, 401, "token-missing");
  assert_sent (fixture, 0, 20, 20, FALSE);
  colleague = ask (fixture, fixture->cilla, "d1");
  assert_received (colleague, 0, FALSE);
  assert_sent (fixture, 20, strlen (TEXT) - 20, strlen (TEXT), TRUE);
  elsewhere = ask (fixture, fixture->dan, "d2");
  assert_received (elsewhere, 0, FALSE);
}

static void
test_sweep (Fixture *fixture, gconstpointer data)
{
  BstStorage *storage = bst_test_server_storage (fixture->server);

  assert_sent (fixture, 0, 20, 20, FALSE);
  bst_test_server_advance (fixture->server, 86000);
  bst_storage_sweep_parts (storage);
  assert_sent (fixture, 20, 5, 25, FALSE);
  bst_test_server_advance (fixture->server, 86000);
  bst_storage_sweep_parts (storage);
  assert_asked (fixture, 25, FALSE);
  bst_test_server_advance (fixture->server, 500);
  bst_storage_sweep_parts (storage);
  assert_asked (fixture, 0, FALSE);
}

#define ADD(path, func) g_test_add ("/server/parts/" path, Fixture, NULL, set_up, func, tear_down)

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  ADD ("advertised", test_advertised);
  ADD ("whole", test_whole);
  ADD ("overlap-and-gap", test_overlap_and_gap);
  ADD ("digest", test_digest);
  ADD ("limits", test_limits);
  ADD ("others", test_others);
  ADD ("sweep", test_sweep);
  return g_test_run ();
}
