/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Every wrong way in which a line or a server can answer, and what is made of it. */

#include "bst-error.h"
#include "bst-fault-proxy.h"
#include "bst-raw-server.h"
#include "bst-server.h"
#include "bst-sync.h"
#include "bst-transport.h"

#include <glib/gstdio.h>
#include <string.h>

#define HTTP(status, type, body)                                                                   \
  "HTTP/1.1 " status "\r\nContent-Type: " type "\r\nConnection: close\r\n\r\n" body
#define JSON    "application/json"
#define PROBLEM "application/problem+json"
#define SAYS(name)                                                                                 \
  "{\"type\":\"https://bestiller.org/ns/problem/" name "\",\"title\":\"x\",\"status\":400}"

static char *directory;
static char *ca_file;

static GBytes *
ask (const char *host, guint16 port, const char *ca, guint patience, GError **error)
{
  g_autofree char *url = g_strdup_printf ("https://%s:%u/", host, port);
  g_autoptr (BstTransport) transport = bst_transport_https_new (url, "TOKEN", ca);
  g_autoptr (GBytes) body = g_bytes_new_static ("{\"a\":1}", 7);

  bst_transport_https_set_patience (transport, patience);
  return bst_transport_request (transport, "POST", "/jmap/api/", body, NULL, error);
}

static void
assert_fails (BstRawServer *server, BstErrorCode code)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (GBytes) answer =
      ask ("localhost", bst_raw_server_get_port (server), ca_file, 30, &error);

  g_assert_null (answer);
  g_assert_error (error, BST_ERROR, (int) code);
  g_assert_cmpstr (error->message, !=, "");
}

static void
assert_says_ok (const char *host, guint16 port)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (GBytes) answer = ask (host, port, ca_file, 30, &error);

  g_assert_no_error (error);
  g_assert_cmpmem (g_bytes_get_data (answer, NULL), g_bytes_get_size (answer), "{\"ok\":true}", 11);
}

static void
test_good (void)
{
  g_autoptr (BstRawServer) server = bst_raw_server_new (directory);
  g_autofree char *heard = NULL;

  bst_raw_server_say (server, BST_RAW_ANSWER, HTTP ("200 OK", JSON, "{\"ok\":true}"));
  assert_says_ok ("localhost", bst_raw_server_get_port (server));
  heard = bst_raw_server_heard (server);
  g_assert_true (g_str_has_prefix (heard, "POST /jmap/api/ HTTP/1.1\r\n"));
  g_assert_nonnull (strstr (heard, "Authorization: Bearer TOKEN\r\n"));
  g_assert_nonnull (strstr (heard, "\r\n\r\n{\"a\":1}"));

  bst_raw_server_say (server, BST_RAW_DRIBBLE,
                      HTTP ("200 OK", "application/json; charset=utf-8", "{\"ok\":true}"));
  assert_says_ok ("localhost", bst_raw_server_get_port (server));
}

static const struct
{
  const char *name;
  const char *answer;
  BstErrorCode code;
} wrong_answers[] = {
  { "portal-200", HTTP ("200 OK", "text/html", "<html>Welcome to the hotel</html>"),
    BST_ERROR_PORTAL },
  { "portal-302",
    "HTTP/1.1 302 Found\r\nLocation: https://localhost:1/login\r\nContent-Length: 0\r\n"
    "Connection: close\r\n\r\n",
    BST_ERROR_PORTAL },
  { "no-type", "HTTP/1.1 200 OK\r\nContent-Length: 2\r\nConnection: close\r\n\r\n{}",
    BST_ERROR_PORTAL },
  { "text-plain", HTTP ("200 OK", "text/plain", "{}"), BST_ERROR_PORTAL },
  { "html-403", HTTP ("403 Forbidden", "text/html", "no"), BST_ERROR_PORTAL },
  { "gateway-502", HTTP ("502 Bad Gateway", "text/html", "<h1>nginx</h1>"), BST_ERROR_SERVER },
  { "gateway-504", HTTP ("504 Gateway Timeout", "text/html", "x"), BST_ERROR_SERVER },
  { "json-500", HTTP ("500 Oops", JSON, "{}"), BST_ERROR_SERVER },
  { "problem-500", HTTP ("500 Oops", PROBLEM, SAYS ("server-fail")), BST_ERROR_SERVER },
  { "problem-nonsense", HTTP ("400 Bad Request", PROBLEM, "[[["), BST_ERROR_PROTOCOL },
  { "not-request",
    HTTP ("400 Bad Request", PROBLEM, "{\"type\":\"urn:ietf:params:jmap:error:notRequest\"}"),
    BST_ERROR_PROTOCOL },
  { "token-revoked", HTTP ("401 Unauthorized", PROBLEM, SAYS ("token-revoked")),
    BST_ERROR_SIGN_IN },
  { "bare-401", HTTP ("401 Unauthorized", JSON, "{}"), BST_ERROR_SIGN_IN },
  { "too-many-tries", HTTP ("429 Slow Down", PROBLEM, SAYS ("too-many-tries")), BST_ERROR_BUSY },
  { "too-large", HTTP ("413 Too Large", PROBLEM, SAYS ("too-large")), BST_ERROR_TOO_LARGE },
  { "code-wrong", HTTP ("404 Not Found", PROBLEM, SAYS ("code-wrong")), BST_ERROR_CODE_WRONG },
  { "code-expired", HTTP ("410 Gone", PROBLEM, SAYS ("code-expired")), BST_ERROR_CODE_EXPIRED },
  { "code-used", HTTP ("410 Gone", PROBLEM, SAYS ("code-used")), BST_ERROR_CODE_USED },
  { "other-authority", HTTP ("404 Not Found", PROBLEM, SAYS ("other-authority")),
    BST_ERROR_OTHER_AUTHORITY },
  { "no-http", "SSH-2.0-OpenSSH_9.2\r\n\r\n", BST_ERROR_OUTCOME_UNKNOWN },
  { "nothing", "", BST_ERROR_OUTCOME_UNKNOWN },
  { "half-a-length",
    "HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: 4000\r\n\r\n{\"a\":",
    BST_ERROR_OUTCOME_UNKNOWN },
};

static void
test_wrong_answer (gconstpointer data)
{
  guint i = GPOINTER_TO_UINT (data);
  g_autoptr (BstRawServer) server = bst_raw_server_new (directory);

  bst_raw_server_say (server, BST_RAW_ANSWER, wrong_answers[i].answer);
  assert_fails (server, wrong_answers[i].code);
}

/* A token must not go where a redirection points. */
static void
test_no_redirection (void)
{
  g_autoptr (BstRawServer) elsewhere = bst_raw_server_new (directory);
  g_autoptr (BstRawServer) server = bst_raw_server_new (directory);
  g_autofree char *answer = g_strdup_printf (
      "HTTP/1.1 307 Temporary\r\nLocation: https://localhost:%u/\r\nContent-Length: 0\r\n"
      "Connection: close\r\n\r\n",
      bst_raw_server_get_port (elsewhere));

  bst_raw_server_say (elsewhere, BST_RAW_ANSWER, HTTP ("200 OK", JSON, "{}"));
  bst_raw_server_say (server, BST_RAW_ANSWER, answer);
  assert_fails (server, BST_ERROR_PORTAL);
  g_assert_cmpuint (bst_raw_server_requests (elsewhere), ==, 0);
}

static void
test_cut (void)
{
  static const char *const whole = "HTTP/1.1 200 OK\r\nContent-Type: application/json\r\n"
                                   "Content-Length: 11\r\n\r\n{\"ok\":true}";
  g_autoptr (BstRawServer) server = bst_raw_server_new (directory);

  bst_raw_server_say (server, BST_RAW_CUT, whole);
  assert_fails (server, BST_ERROR_OUTCOME_UNKNOWN);
  bst_raw_server_say (server, BST_RAW_CLOSE, whole);
  assert_fails (server, BST_ERROR_OUTCOME_UNKNOWN);
}

static void
test_silent (void)
{
  g_autoptr (BstRawServer) server = bst_raw_server_new (directory);
  g_autoptr (GError) error = NULL;

  bst_raw_server_say (server, BST_RAW_SILENT, "");
  g_assert_null (ask ("localhost", bst_raw_server_get_port (server), ca_file, 1, &error));
  g_assert_error (error, BST_ERROR, BST_ERROR_OUTCOME_UNKNOWN);
}

static void
test_huge (void)
{
  g_autoptr (BstRawServer) server = bst_raw_server_new (directory);
  g_autofree char *filler = g_strnfill (1024 * 1024, ' ');
  g_autofree char *answer = g_strconcat (HTTP ("200 OK", JSON, ""), filler, NULL);

  bst_raw_server_say (server, BST_RAW_REPEAT, answer);
  assert_fails (server, BST_ERROR_TOO_LARGE);
}

/* ---- whom to trust ---- */

static void
assert_certificate (BstRawServer *server, const char *host, const char *ca, const char *why)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (GBytes) answer = ask (host, bst_raw_server_get_port (server), ca, 30, &error);

  g_assert_null (answer);
  g_assert_error (error, BST_ERROR, BST_ERROR_CERTIFICATE);
  g_assert_nonnull (strstr (error->message, why));
  g_assert_cmpuint (bst_raw_server_requests (server), ==, 0);
}

static void
remove_tls (const char *path)
{
  static const char *const names[] = { "ca.pem", "ca.key", "server.pem", "server.key" };
  g_autofree char *tls = g_build_filename (path, "tls", NULL);

  for (guint i = 0; i < G_N_ELEMENTS (names); i++)
    {
      g_autofree char *file = g_build_filename (tls, names[i], NULL);

      g_unlink (file);
    }
  g_rmdir (tls);
  g_rmdir (path);
}

static void
test_certificates (void)
{
  g_autofree char *other = g_dir_make_tmp ("bst-sync-XXXXXX", NULL);
  g_autofree char *other_ca = g_build_filename (other, "tls", "ca.pem", NULL);
  g_autoptr (BstRawServer) server = bst_raw_server_new (directory);
  g_autoptr (GError) error = NULL;

  bst_server_make_certificates (other, NULL, -1, &error);
  g_assert_no_error (error);
  bst_raw_server_say (server, BST_RAW_ANSWER, HTTP ("200 OK", JSON, "{\"ok\":true}"));
  assert_certificate (server, "localhost", NULL, "issuer is not trusted");
  assert_certificate (server, "localhost", other_ca, "issuer is not trusted");
  assert_certificate (server, "127.0.0.2", ca_file, "another host name");
  assert_says_ok ("127.0.0.1", bst_raw_server_get_port (server));
  {
    g_autoptr (BstRawServer) expired = bst_raw_server_new (other);

    bst_raw_server_say (expired, BST_RAW_ANSWER, HTTP ("200 OK", JSON, "{\"ok\":true}"));
    assert_certificate (expired, "localhost", other_ca, "has expired");
  }
  {
    g_autoptr (GBytes) answer =
        ask ("localhost", bst_raw_server_get_port (server), "/nowhere/ca.pem", 30, &error);

    g_assert_null (answer);
    g_assert_nonnull (strstr (error->message, "/nowhere/ca.pem"));
  }
  remove_tls (other);
}

/* ---- bad lines ---- */

static void
assert_line (BstFaultProxy *proxy, BstErrorCode code)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (GBytes) answer =
      ask ("localhost", bst_fault_proxy_get_port (proxy), ca_file, 1, &error);

  g_assert_null (answer);
  g_assert_error (error, BST_ERROR, (int) code);
}

static void
test_bad_lines (void)
{
  g_autoptr (BstRawServer) server = bst_raw_server_new (directory);
  g_autoptr (BstFaultProxy) proxy = bst_fault_proxy_new (bst_raw_server_get_port (server));
  guint16 port = bst_fault_proxy_get_port (proxy);
  BstFaults faults = BST_FAULTS_NONE;

  bst_raw_server_say (server, BST_RAW_ANSWER, HTTP ("200 OK", JSON, "{\"ok\":true}"));
  assert_says_ok ("localhost", port);

  faults.refuse = TRUE;
  bst_fault_proxy_set (proxy, &faults);
  assert_line (proxy, BST_ERROR_OFFLINE);
  bst_fault_proxy_set (proxy, NULL);
  assert_says_ok ("localhost", port);

  faults = BST_FAULTS_NONE;
  faults.reset = TRUE;
  bst_fault_proxy_set (proxy, &faults);
  assert_line (proxy, BST_ERROR_OFFLINE);

  faults = BST_FAULTS_NONE;
  faults.hang = TRUE;
  bst_fault_proxy_set (proxy, &faults);
  assert_line (proxy, BST_ERROR_OFFLINE);
  bst_fault_proxy_drop_connections (proxy);

  faults = BST_FAULTS_NONE;
  faults.page = "HTTP/1.1 200 OK\r\nContent-Type: text/html\r\n\r\n<html>Welcome</html>";
  bst_fault_proxy_set (proxy, &faults);
  assert_line (proxy, BST_ERROR_PORTAL);

  faults = BST_FAULTS_NONE;
  faults.cut_up = 100; /* in the middle of the greeting */
  bst_fault_proxy_set (proxy, &faults);
  assert_line (proxy, BST_ERROR_OFFLINE);
  g_assert_cmpuint (bst_fault_proxy_struck (proxy), >=, 1);
  bst_fault_proxy_set (proxy, NULL);
  assert_says_ok ("localhost", port);
}

static gboolean
has_heard (gpointer server)
{
  return bst_raw_server_requests (server) > 1;
}

static void
test_lost_answer (void)
{
  g_autoptr (BstRawServer) server = bst_raw_server_new (directory);
  g_autoptr (BstFaultProxy) proxy = bst_fault_proxy_new (bst_raw_server_get_port (server));
  BstFaults faults = BST_FAULTS_NONE;

  bst_raw_server_say (server, BST_RAW_ANSWER, HTTP ("200 OK", JSON, "{\"ok\":true}"));
  assert_says_ok ("localhost", bst_fault_proxy_get_port (proxy));
  g_assert_cmpuint (bst_raw_server_requests (server), ==, 1);
  faults.probe = has_heard;
  faults.closure = server;
  bst_fault_proxy_set (proxy, &faults);
  assert_line (proxy, BST_ERROR_OUTCOME_UNKNOWN);
  g_assert_cmpuint (bst_raw_server_requests (server), >=, 2); /* it did arrive */
}

static void
test_slow_line (void)
{
  g_autoptr (BstRawServer) server = bst_raw_server_new (directory);
  g_autoptr (BstFaultProxy) proxy = bst_fault_proxy_new (bst_raw_server_get_port (server));
  BstFaults faults = BST_FAULTS_NONE;
  gint64 up, down, before = g_get_monotonic_time ();

  bst_raw_server_say (server, BST_RAW_ANSWER, HTTP ("200 OK", JSON, "{\"ok\":true}"));
  faults.latency_ms = 40;
  faults.rate = 20000;
  bst_fault_proxy_set (proxy, &faults);
  assert_says_ok ("localhost", bst_fault_proxy_get_port (proxy));
  bst_fault_proxy_passed (proxy, &up, &down);
  g_assert_cmpint (up, >, 200);
  g_assert_cmpint (down, >, 500);
  g_assert_cmpint (g_get_monotonic_time () - before, >, down * G_USEC_PER_SEC / 20000);
}

static gpointer
cancel_when_heard (gpointer data)
{
  gpointer *args = data;

  while (bst_raw_server_requests (args[0]) == 0)
    g_thread_yield ();
  g_cancellable_cancel (args[1]);
  return NULL;
}

static void
test_cancelled (void)
{
  g_autoptr (BstRawServer) server = bst_raw_server_new (directory);
  g_autofree char *url = g_strdup_printf ("https://localhost:%u", bst_raw_server_get_port (server));
  g_autoptr (BstTransport) transport = bst_transport_https_new (url, NULL, ca_file);
  g_autoptr (GCancellable) cancellable = g_cancellable_new ();
  gpointer args[] = { server, cancellable };
  g_autoptr (GError) error = NULL;
  GThread *thread;

  g_cancellable_cancel (cancellable);
  g_assert_null (bst_transport_request (transport, "GET", "/", NULL, cancellable, &error));
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_CANCELLED);
  g_clear_error (&error);

  g_cancellable_reset (cancellable);
  bst_raw_server_say (server, BST_RAW_SILENT, "");
  thread = g_thread_new ("cancel", cancel_when_heard, args);
  g_assert_null (bst_transport_request (transport, "GET", "/", NULL, cancellable, &error));
  g_assert_error (error, BST_ERROR, BST_ERROR_OUTCOME_UNKNOWN); /* it had left */
  g_thread_join (thread);
}

static void
test_address (void)
{
  static const char *const wrong[] = { "http://localhost:1", "localhost:1", "", "https://",
                                       "ftp://x" };

  for (guint i = 0; i < G_N_ELEMENTS (wrong); i++)
    {
      g_autoptr (BstTransport) transport = bst_transport_https_new (wrong[i], NULL, NULL);
      g_autoptr (GError) error = NULL;

      g_assert_null (bst_transport_request (transport, "GET", "/", NULL, NULL, &error));
      g_assert_error (error, BST_ERROR, BST_ERROR_INVALID);
    }
}

static void
test_link (void)
{
  static const char *const wrong[] = {
    "bestiller://enrol",
    "bestiller://enrol?server=http%3A%2F%2Fx&code=A",
    "https://enrol?server=https%3A%2F%2Fx&code=A",
    "bestiller://other?server=https%3A%2F%2Fx&code=A",
    "bestiller://enrol?server=https%3A%2F%2Fx",
    "",
    "%%%",
  };
  g_autofree char *server = NULL;
  g_autofree char *code = NULL;
  g_autoptr (GError) error = NULL;

  g_assert_true (bst_enrol_parse_link (
      "bestiller://enrol?server=https%3A%2F%2Fhost%3A8443&code=DKEK-7F3M-Q0ZV-81AT", &server, &code,
      &error));
  g_assert_no_error (error);
  g_assert_cmpstr (server, ==, "https://host:8443");
  g_assert_cmpstr (code, ==, "DKEK-7F3M-Q0ZV-81AT");
  for (guint i = 0; i < G_N_ELEMENTS (wrong); i++)
    {
      g_assert_false (bst_enrol_parse_link (wrong[i], NULL, NULL, &error));
      g_assert_error (error, BST_ERROR, BST_ERROR_INVALID);
      g_clear_error (&error);
    }
}

int
main (int argc, char **argv)
{
  g_autoptr (GError) error = NULL;
  int result;

  g_test_init (&argc, &argv, NULL);
  directory = g_dir_make_tmp ("bst-sync-XXXXXX", &error);
  g_assert_no_error (error);
  bst_server_make_certificates (directory, NULL, 30, &error);
  g_assert_no_error (error);
  ca_file = g_build_filename (directory, "tls", "ca.pem", NULL);

  g_test_add_func ("/sync/transport/good", test_good);
  for (guint i = 0; i < G_N_ELEMENTS (wrong_answers); i++)
    {
      g_autofree char *path = g_strconcat ("/sync/transport/wrong/", wrong_answers[i].name, NULL);

      g_test_add_data_func (path, GUINT_TO_POINTER (i), test_wrong_answer);
    }
  g_test_add_func ("/sync/transport/no-redirection", test_no_redirection);
  g_test_add_func ("/sync/transport/cut", test_cut);
  g_test_add_func ("/sync/transport/silent", test_silent);
  g_test_add_func ("/sync/transport/huge", test_huge);
  g_test_add_func ("/sync/transport/certificates", test_certificates);
  g_test_add_func ("/sync/transport/bad-lines", test_bad_lines);
  g_test_add_func ("/sync/transport/lost-answer", test_lost_answer);
  g_test_add_func ("/sync/transport/slow-line", test_slow_line);
  g_test_add_func ("/sync/transport/cancelled", test_cancelled);
  g_test_add_func ("/sync/transport/address", test_address);
  g_test_add_func ("/sync/enrol/link", test_link);
  result = g_test_run ();
  remove_tls (directory);
  g_free (directory);
  g_free (ca_file);
  return result;
}
