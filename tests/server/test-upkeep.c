/* SPDX-License-Identifier: GPL-3.0-or-later */

/* What whoever runs the server relies on: backups, checks, tidying, throwing people out, the program itself. */

#include "bst-api-blob.h"
#include "bst-db.h"
#include "bst-error.h"
#include "bst-json.h"
#include "bst-test-client.h"
#include "bst-tidy.h"

#include <glib/gstdio.h>
#include <signal.h>
#include <string.h>

#define DAY 86400

typedef struct
{
  BstTestServer *server;
  BstStorage *storage;
  char *anna;
} Fixture;

static void
set_up (Fixture *fixture, gconstpointer data)
{
  fixture->server = bst_test_server_new ();
  fixture->storage = bst_test_server_storage (fixture->server);
  fixture->anna = bst_test_server_token (fixture->server, "anna");
}

static void
tear_down (Fixture *fixture, gconstpointer data)
{
  g_free (fixture->anna);
  bst_test_server_free (fixture->server);
}

static void
put_order_at (Fixture *fixture, const char *unit, const char *id, const char *more)
{
  g_autofree char *json =
      g_strdup_printf ("{\"id\":\"%s\",\"title\":\"Stole\",\"unit\":\"%s\",\"state\":\"draft\","
                       "\"lines\":{}%s}",
                       id, unit, more);

  bst_test_server_put (fixture->server, "Request", json);
}

static void
put_order (Fixture *fixture, const char *id, const char *more)
{
  put_order_at (fixture, "s1", id, more);
}

static void
destroy_order (Fixture *fixture, const char *id)
{
  g_autoptr (GError) error = NULL;

  bst_storage_begin (fixture->storage, &error);
  bst_storage_destroy (fixture->storage, bst_record_type_find ("Request"), id, &error);
  bst_storage_commit (fixture->storage, &error);
  g_assert_no_error (error);
}

/* The arguments of a call for what happened since now. */
static char *
since_now (Fixture *fixture)
{
  g_autofree char *initial = bst_test_initial_state (fixture->server, fixture->anna, "d1");
  g_autofree char *args = g_strdup_printf ("{\"accountId\":\"d1\",\"sinceState\":\"%s\"}", initial);
  g_autoptr (GVariant) answer =
      bst_test_call (fixture->server, fixture->anna, "Record/changes", args);

  return g_strdup_printf ("{\"accountId\":\"d1\",\"sinceState\":\"%s\"}",
                          bst_doc_get_string (answer, "newState"));
}

/* ---- backups ---- */

static void
test_restore (Fixture *fixture, gconstpointer data)
{
  const char *directory = bst_test_server_directory (fixture->server);
  g_autofree char *copy = g_build_filename (directory, "copy.db", NULL);
  g_autofree char *since = NULL;
  g_autofree char *lost = NULL;
  g_autoptr (GVariant) fresh = NULL;
  g_autofree char *text = NULL;
  g_autofree char *again = NULL;
  g_autoptr (GError) error = NULL;

  put_order (fixture, "kept", "");
  bst_storage_backup (fixture->storage, copy, &error);
  g_assert_no_error (error);
  put_order (fixture, "forgotten", "");
  since = since_now (fixture);
  bst_test_server_stop (fixture->server);
  bst_storage_restore (directory, copy, bst_test_server_clock (fixture->server), &error);
  g_assert_no_error (error);
  bst_test_server_start (fixture->server);

  /* The same number may mean another change now: a state from before the restoring says nothing. */
  lost = bst_test_call_error (fixture->server, fixture->anna, "Record/changes", since);
  g_assert_cmpstr (lost, ==, "cannotCalculateChanges");
  again = bst_test_initial_state (fixture->server, fixture->anna, "d1");
  g_free (since);
  since = g_strdup_printf ("{\"accountId\":\"d1\",\"sinceState\":\"%s\"}", again);
  fresh = bst_test_call (fixture->server, fixture->anna, "Record/changes", since);
  text = bst_json_print (fresh);
  g_assert_nonnull (strstr (text, "\"kept\""));
  g_assert_null (strstr (text, "\"forgotten\""));
}

static void
test_restore_refused (Fixture *fixture, gconstpointer data)
{
  const char *directory = bst_test_server_directory (fixture->server);
  g_autofree char *path = g_build_filename (directory, "nonsense.db", NULL);
  g_autoptr (GError) error = NULL;
  g_autoptr (GVariant) kept = NULL;

  put_order (fixture, "kept", "");
  g_assert_true (g_file_set_contents (path, "no database at all, but long enough", -1, NULL));
  g_assert_false (
      bst_storage_restore (directory, path, bst_test_server_clock (fixture->server), &error));
  g_assert_nonnull (error);
  kept = bst_storage_get (fixture->storage, "Request", "kept", NULL);
  g_assert_nonnull (kept);
}

/* ---- checking ---- */

/* Past the doors: as a fault of the program, or somebody with a database tool, would leave it. */
static void
damage (Fixture *fixture, const char *sql)
{
  g_autofree char *path =
      g_build_filename (bst_test_server_directory (fixture->server), "bestiller.db", NULL);
  g_autoptr (GError) error = NULL;
  g_autoptr (BstDb) db = bst_db_open (path, 0, &error);

  g_assert_no_error (error);
  bst_db_exec (db, sql, &error);
  g_assert_no_error (error);
}

static void
assert_findings (Fixture *fixture, const char *part)
{
  g_autoptr (GPtrArray) findings = g_ptr_array_new_with_free_func (g_free);
  g_autoptr (GError) error = NULL;
  gboolean any = FALSE;

  bst_storage_check (fixture->storage, findings, &error);
  g_assert_no_error (error);
  for (guint i = 0; i < findings->len; i++)
    {
      g_test_message ("%s", (char *) findings->pdata[i]);
      any |= part && strstr (findings->pdata[i], part) != NULL;
    }
  g_assert_cmpint (findings->len > 0, ==, part != NULL);
  g_assert_cmpint (any, ==, part != NULL);
}

static void
test_check (Fixture *fixture, gconstpointer data)
{
  static const struct
  {
    const char *sql;
    const char *finding;
  } rows[] = {
    { "UPDATE record SET doc = json_remove (doc, '$.title') WHERE id = 'r1'", "r1: title" },
    { "UPDATE record SET doc = json_set (doc, '$.title', 7) WHERE id = 'r1'", "r1: title" },
    { "UPDATE record SET doc = json_set (doc, '$.unit', 'gone') WHERE id = 'r1'", "“gone”" },
    { "UPDATE record SET doc = json_set (doc, '$.state', 'sleeping') WHERE id = 'r1'",
      "r1: state" },
    { "UPDATE record SET doc = '[]' WHERE id = 'r1'", "r1" },
    { "UPDATE record SET doc = json_set (doc, '$.id', 'other') WHERE id = 'r1'", "r1" },
    { "UPDATE record SET account = 'd2', seq = 99 WHERE id = 'r1'", "r1: account" },
    { "UPDATE record SET unit = 's2' WHERE id = 'r1'", "r1: unit" },
    { "DELETE FROM \"Request_text\"", "r1: not in the text index" },
  };

  put_order (fixture, "r1", "");
  assert_findings (fixture, NULL);
  for (guint i = 0; i < G_N_ELEMENTS (rows); i++)
    {
      g_autofree char *copy =
          g_build_filename (bst_test_server_directory (fixture->server), "copy.db", NULL);

      g_test_message ("%s", rows[i].sql);
      damage (fixture,
              "CREATE TABLE whole AS SELECT account, unit, seq, doc FROM record WHERE id = 'r1'");
      damage (fixture, rows[i].sql);
      assert_findings (fixture, rows[i].finding);
      damage (fixture, "UPDATE record SET (account, unit, seq, doc) = (SELECT account, unit, seq, "
                       "doc FROM whole) WHERE id = 'r1'; DROP TABLE whole");
    }
}

static void
test_check_blob (Fixture *fixture, gconstpointer data)
{
  damage (fixture, "INSERT INTO blob (account, id, size, uploaded, person) VALUES ('d1', "
                   "'B9c478bf63e9500cb5db1e85ece82f18c8eb9e52e2f9135acd7f10972c8d563ba', 3, 1, "
                   "'anna')");
  assert_findings (fixture, "blob B9c47");
}

/* ---- tidying ---- */

static void
tidy (Fixture *fixture)
{
  g_autoptr (BstTidy) round = bst_tidy_new (fixture->storage);
  g_autoptr (GError) error = NULL;
  gboolean more = TRUE;

  while (more)
    {
      bst_tidy_step (round, &more, &error);
      g_assert_no_error (error);
    }
}

static gint64
ask (Fixture *fixture, const char *sql)
{
  g_autofree char *path =
      g_build_filename (bst_test_server_directory (fixture->server), "bestiller.db", NULL);
  g_autoptr (GError) error = NULL;
  g_autoptr (BstDb) db = bst_db_open (path, 0, &error);
  g_autoptr (BstStmt) stmt = bst_db_prepare (db, sql, &error);
  gboolean row;

  g_assert_no_error (error);
  bst_stmt_step (stmt, &row, &error);
  g_assert_no_error (error);
  return bst_stmt_int (stmt, 0);
}

#define TOMBSTONES "SELECT count (*) FROM record WHERE doc IS NULL"

static void
test_tidy_log (Fixture *fixture, gconstpointer data)
{
  g_autofree char *before = NULL;
  g_autofree char *between = NULL;
  g_autofree char *lost = NULL;
  g_autoptr (GVariant) told = NULL;
  g_autofree char *text = NULL;

  put_order (fixture, "old", "");
  put_order (fixture, "new", "");
  before = since_now (fixture);
  destroy_order (fixture, "old");
  between = since_now (fixture);
  bst_test_server_advance (fixture->server, 300 * DAY);
  destroy_order (fixture, "new");
  tidy (fixture);
  g_assert_cmpint (ask (fixture, TOMBSTONES), ==, 2);
  bst_test_server_advance (fixture->server, 101 * DAY);
  tidy (fixture);
  g_assert_cmpint (ask (fixture, TOMBSTONES), ==, 1);

  /* Who does not know of the first cannot be told of it any more; who does is told of the second. */
  lost = bst_test_call_error (fixture->server, fixture->anna, "Record/changes", before);
  g_assert_cmpstr (lost, ==, "cannotCalculateChanges");
  told = bst_test_call (fixture->server, fixture->anna, "Record/changes", between);
  text = bst_json_print (told);
  g_assert_nonnull (strstr (text, "\"destroyed\":{\"Request\":[\"new\"]}"));
}

/* More than one step can take. */
static void
test_tidy_many (Fixture *fixture, gconstpointer data)
{
  damage (fixture,
          "WITH RECURSIVE n (i) AS (VALUES (1) UNION ALL SELECT i + 1 FROM n WHERE i < 1700) "
          "INSERT INTO record (account, type, id, unit, rev, seq, created_seq, destroyed_at, revs) "
          "SELECT 'd1', 'Request', 'x' || i, 's1', 1, 1000 + i, 1, 1, '{}' FROM n;"
          "UPDATE account SET seq = 5000 WHERE id = 'd1'");
  tidy (fixture);
  g_assert_cmpint (ask (fixture, TOMBSTONES), ==, 0);
}

static char *
upload (Fixture *fixture, const char *content)
{
  g_autoptr (BstTestReply) reply = bst_test_send (fixture->server, "POST", "/jmap/upload/d1/",
                                                  fixture->anna, "text/plain", content, -1, NULL);

  return g_strdup (bst_doc_get_string (reply->json, "blobId"));
}

static guint
download (Fixture *fixture, const char *blob)
{
  g_autofree char *path = g_strdup_printf ("/jmap/download/d1/%s/x", blob);
  g_autoptr (BstTestReply) reply =
      bst_test_send (fixture->server, "GET", path, fixture->anna, NULL, NULL, 0, NULL);

  return reply->status;
}

static void
attach_at (Fixture *fixture, const char *unit, const char *order, const char *blob)
{
  g_autofree char *more = g_strdup_printf (
      ",\"attachments\":{\"f1\":{\"blobId\":\"%s\",\"name\":\"x\",\"type\":\"text/plain\","
      "\"size\":3}}",
      blob);

  put_order_at (fixture, unit, order, more);
}

static void
attach (Fixture *fixture, const char *order, const char *blob)
{
  attach_at (fixture, "s1", order, blob);
}

static void
test_tidy_blobs (Fixture *fixture, gconstpointer data)
{
  g_autofree char *used = upload (fixture, "ja!");
  g_autofree char *unused = upload (fixture, "nej");
  g_autofree char *young = NULL;

  attach (fixture, "r1", used);
  bst_test_server_advance (fixture->server, DAY + 60);
  young = upload (fixture, "ung");
  tidy (fixture);
  g_assert_cmpuint (download (fixture, used), ==, 200);
  g_assert_cmpuint (download (fixture, young), ==, 200);
  g_assert_cmpuint (download (fixture, unused), ==, 404);
  destroy_order (fixture, "r1");
  tidy (fixture);
  g_assert_cmpuint (download (fixture, used), ==, 404);
}

static void
damage_files (Fixture *fixture, const char *blob)
{
  g_autofree char *path = bst_blob_path (fixture->storage, blob);

  g_assert_cmpint (g_unlink (path), ==, 0);
}

/* A backup that loses what was attached is none. What came after it stays, for its order comes again without it. */
static void
test_restore_files (Fixture *fixture, gconstpointer data)
{
  const char *directory = bst_test_server_directory (fixture->server);
  g_autofree char *copy = g_build_filename (directory, "copy.db", NULL);
  g_autofree char *before = upload (fixture, "ja!");
  g_autofree char *after = NULL;
  g_autoptr (BstStorage) restored = NULL;
  g_autoptr (GError) error = NULL;

  attach (fixture, "r1", before);
  bst_storage_backup (fixture->storage, copy, &error);
  g_assert_no_error (error);
  after = upload (fixture, "ung");
  damage_files (fixture, before);
  g_assert_cmpuint (download (fixture, before), ==, 404);
  bst_test_server_stop (fixture->server);
  bst_storage_restore (directory, copy, bst_test_server_clock (fixture->server), &error);
  g_assert_no_error (error);
  bst_test_server_start (fixture->server);
  g_assert_cmpuint (download (fixture, before), ==, 200);
  g_assert_cmpuint (download (fixture, after), ==, 200);
  bst_test_server_advance (fixture->server, 30 * DAY);
  restored = bst_storage_open (directory, bst_test_server_clock (fixture->server), &error);
  g_assert_no_error (error);
  fixture->storage = restored;
  tidy (fixture);
  g_assert_cmpuint (download (fixture, after), ==,
                    200); /* the computer that made it may be on holiday */
}

/* What an institution had attached goes to its new department, and is no longer to be had in the old one. */
static void
test_moved_blobs (Fixture *fixture, gconstpointer data)
{
  g_autofree char *moved = upload (fixture, "ja!");
  g_autofree char *both = upload (fixture, "fælles");

  attach (fixture, "r1", moved);
  attach (fixture, "r2", both);
  attach_at (fixture, "s2", "r3", both);
  g_assert_cmpuint (download (fixture, moved), ==, 200);
  bst_test_server_put (
      fixture->server, "OrgUnit",
      "{\"id\":\"s1\",\"name\":\"Søndre Skole\",\"kind\":\"institution\",\"parent\":\"d2\"}");
  g_assert_false (bst_blob_is_known (fixture->storage, "d1", moved));
  g_assert_true (bst_blob_is_known (fixture->storage, "d2", moved));
  g_assert_true (bst_blob_is_known (fixture->storage, "d1", both));
  g_assert_true (bst_blob_is_known (fixture->storage, "d2", both));
}

/* An order that comes to refer to an old blob while it is tidied keeps it, whenever that is. */
static void
test_tidy_race (Fixture *fixture, gconstpointer data)
{
  for (guint cut = 0; cut < 6; cut++)
    {
      g_autofree char *id = g_strdup_printf ("r%u", cut);
      g_autofree char *blob = upload (fixture, id);
      g_autoptr (BstTidy) round = NULL;
      g_autoptr (GError) error = NULL;
      gboolean more = TRUE;

      bst_test_server_advance (fixture->server, DAY + 60);
      round = bst_tidy_new (fixture->storage);
      for (guint i = 0; i < cut; i++)
        bst_tidy_step (round, &more, &error);
      attach (fixture, id, blob);
      while (more && !error)
        bst_tidy_step (round, &more, &error);
      g_assert_no_error (error);
      g_assert_cmpuint (download (fixture, blob), ==, 200);
    }
}

/* ---- people ---- */

static void
test_revoke_person (Fixture *fixture, gconstpointer data)
{
  g_autofree char *other = bst_test_server_token (fixture->server, "anna");
  g_autofree char *bo = bst_test_server_token (fixture->server, "bo");
  g_autofree char *code = bst_test_server_code (fixture->server, "anna", 3600);
  const char *const tokens[] = { fixture->anna, other };
  g_autoptr (GError) error = NULL;
  g_autofree char *body = g_strdup_printf ("{\"code\":\"%s\",\"device\":\"x\"}", code);
  g_autoptr (BstTestReply) enrolled = NULL;
  g_autoptr (BstTestReply) of_bo = NULL;
  g_autoptr (GPtrArray) devices = NULL;
  guint n = 0;

  bst_storage_revoke_person (fixture->storage, "anna", &n, &error);
  g_assert_no_error (error);
  g_assert_cmpuint (n, ==, 2);
  for (guint i = 0; i < G_N_ELEMENTS (tokens); i++)
    {
      g_autoptr (BstTestReply) reply = bst_test_send (fixture->server, "GET", "/.well-known/jmap",
                                                      tokens[i], NULL, NULL, 0, NULL);

      g_assert_cmpstr (bst_test_problem (reply), ==, "token-revoked");
    }
  g_assert_true (
      bst_storage_lose_computers (fixture->storage, "anna", "nothing like it", &n, &error));
  g_assert_cmpuint (n, ==, 0);
  g_assert_true (bst_storage_lose_computers (fixture->storage, "anna", NULL, &n, &error));
  g_assert_cmpuint (n, ==, 2);
  {
    g_autoptr (BstTestReply) reply =
        bst_test_send (fixture->server, "GET", "/.well-known/jmap", tokens[0], NULL, NULL, 0, NULL);

    g_assert_cmpstr (bst_test_problem (reply), ==, "computer-lost");
  }
  /* Neither does a code that is still lying about let her in. */
  enrolled = bst_test_post (fixture->server, "/auth/enrol", NULL, body);
  g_assert_cmpstr (bst_test_problem (enrolled), ==, "code-used");
  of_bo = bst_test_send (fixture->server, "GET", "/.well-known/jmap", bo, NULL, NULL, 0, NULL);
  g_assert_cmpuint (of_bo->status, ==, 200);
  devices = bst_storage_devices (fixture->storage, "anna", &error);
  g_assert_cmpuint (devices->len, ==, 0);
}

/* ---- the program ---- */

static void
test_plain (Fixture *fixture, gconstpointer data)
{
  static const char *const outside[] = { "0.0.0.0", "::", "192.0.2.1" };

  for (guint i = 0; i < G_N_ELEMENTS (outside); i++)
    {
      g_autoptr (GError) error = NULL;
      g_autoptr (BstServer) server =
          bst_server_new (bst_test_server_directory (fixture->server),
                          bst_test_server_clock (fixture->server), &error);

      g_assert_no_error (error);
      g_assert_false (bst_server_listen (server, outside[i], 0, NULL, TRUE, &error));
      g_assert_nonnull (error);
    }
  {
    g_autoptr (GError) error = NULL;
    g_autoptr (BstServer) server = bst_server_new (bst_test_server_directory (fixture->server),
                                                   bst_test_server_clock (fixture->server), &error);
    g_autofree char *url = NULL;

    bst_server_listen (server, "127.0.0.1", 0, NULL, TRUE, &error);
    g_assert_no_error (error);
    url = bst_server_get_url (server);
    g_assert_true (g_str_has_prefix (url, "http://"));
    bst_server_stop (server);
  }
}

/* Reads "HTTP/1.1 200 …" and the rest, until the server closes. */
static char *
read_all (GSocketConnection *connection)
{
  GInputStream *in = g_io_stream_get_input_stream (G_IO_STREAM (connection));
  GString *text = g_string_new (NULL);
  char buffer[4096];
  gssize n;

  while ((n = g_input_stream_read (in, buffer, sizeof buffer, NULL, NULL)) > 0)
    g_string_append_len (text, buffer, n);
  return g_string_free (text, FALSE);
}

static void
write_text (GSocketConnection *connection, const char *text)
{
  g_autoptr (GError) error = NULL;

  g_output_stream_write_all (g_io_stream_get_output_stream (G_IO_STREAM (connection)), text,
                             strlen (text), NULL, NULL, &error);
  g_assert_no_error (error);
}

static char *
read_line (GSubprocess *daemon)
{
  g_autoptr (GDataInputStream) lines =
      g_data_input_stream_new (g_subprocess_get_stdout_pipe (daemon));
  g_autoptr (GError) error = NULL;
  char *line = g_data_input_stream_read_line_utf8 (lines, NULL, NULL, &error);

  g_assert_no_error (error);
  g_filter_input_stream_set_close_base_stream (G_FILTER_INPUT_STREAM (lines), FALSE);
  return line;
}

#define LARGE (20 * 1024 * 1024)

/* Starts, says where, and when told to stop ends what it is in the middle of. */
static void
test_daemon (Fixture *fixture, gconstpointer data)
{
  g_autofree char *content = g_strnfill (LARGE, 'x');
  g_autofree char *blob = upload (fixture, content);
  g_autofree char *request = g_strdup_printf (
      "GET /jmap/download/d1/%s/x HTTP/1.1\r\nHost: localhost\r\nAuthorization: Bearer %s\r\n"
      "Connection: close\r\n\r\n",
      blob, fixture->anna);
  g_autoptr (GError) error = NULL;
  g_autoptr (GSubprocess) daemon = g_subprocess_new (
      G_SUBPROCESS_FLAGS_STDOUT_PIPE, &error, g_getenv ("BST_BESTILLERD"), "--data",
      bst_test_server_directory (fixture->server), "--listen", "127.0.0.1:0", "--plain", NULL);
  g_autofree char *line = NULL;
  g_autofree char *rest = NULL;
  char first[64] = "";
  g_autoptr (GSocketClient) client = g_socket_client_new ();
  g_autoptr (GSocketConnection) connection = NULL;

  g_assert_no_error (error);
  line = read_line (daemon);
  g_assert_true (g_str_has_prefix (line, "bestillerd: listening on http://"));
  connection = g_socket_client_connect_to_host (
      client, "127.0.0.1", (guint16) g_ascii_strtoull (strrchr (line, ':') + 1, NULL, 10), NULL,
      &error);
  g_assert_no_error (error);
  write_text (connection, request);
  g_assert_cmpint (g_input_stream_read (g_io_stream_get_input_stream (G_IO_STREAM (connection)),
                                        first, sizeof first - 1, NULL, NULL),
                   >, 12);
  g_assert_true (g_str_has_prefix (first, "HTTP/1.1 200"));
  g_subprocess_send_signal (daemon, SIGTERM);
  rest = read_all (connection);
  g_assert_nonnull (strstr (rest, "\r\n\r\n"));
  g_assert_cmpuint (strlen (strstr (rest, "\r\n\r\n") + 4), ==, LARGE);
  g_subprocess_wait (daemon, NULL, &error);
  g_assert_no_error (error);
  g_assert_true (g_subprocess_get_successful (daemon));
}

static void
test_daemon_usage (Fixture *fixture, gconstpointer data)
{
  static const char *const wrong[][4] = {
    { "--listen", "127.0.0.1:0", NULL },
    { "--data", "/nowhere/at/all", NULL },
    { "--data", "/tmp", "--listen=nonsense", NULL },
  };

  for (guint i = 0; i < G_N_ELEMENTS (wrong); i++)
    {
      const char *argv[6] = { g_getenv ("BST_BESTILLERD") };
      g_autoptr (GSubprocess) daemon = NULL;
      g_autoptr (GError) error = NULL;
      g_autofree char *said = NULL;

      memcpy (argv + 1, wrong[i], sizeof wrong[i]);
      daemon = g_subprocess_newv (argv, G_SUBPROCESS_FLAGS_STDERR_PIPE, &error);
      g_assert_no_error (error);
      g_subprocess_communicate_utf8 (daemon, NULL, NULL, NULL, &said, &error);
      g_assert_no_error (error);
      g_assert_cmpint (g_subprocess_get_exit_status (daemon), ==, 1);
      g_assert_true (g_str_has_prefix (said, "bestillerd: "));
    }
}

#define ADD(path, func) g_test_add ("/server/upkeep/" path, Fixture, NULL, set_up, func, tear_down)

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  ADD ("restore", test_restore);
  ADD ("restore-refused", test_restore_refused);
  ADD ("check", test_check);
  ADD ("check-blob", test_check_blob);
  ADD ("restore-files", test_restore_files);
  ADD ("moved-blobs", test_moved_blobs);
  ADD ("tidy-log", test_tidy_log);
  ADD ("tidy-many", test_tidy_many);
  ADD ("tidy-blobs", test_tidy_blobs);
  ADD ("tidy-race", test_tidy_race);
  ADD ("revoke-person", test_revoke_person);
  ADD ("plain", test_plain);
  ADD ("daemon", test_daemon);
  ADD ("daemon-usage", test_daemon_usage);
  return g_test_run ();
}
