/* SPDX-License-Identifier: GPL-3.0-or-later */

/* The rules of RFC 8620 and of docs/protocol.md, from outside, over TLS. */

#include "bst-json.h"
#include "bst-test-client.h"

#include <string.h>

typedef struct
{
  BstTestServer *server;
  char *anna;
  char *bo;
  char *cilla;
} Fixture;

static void
set_up (Fixture *fixture, gconstpointer data)
{
  fixture->server = bst_test_server_new ();
  fixture->anna = bst_test_server_token (fixture->server, "anna");
  fixture->bo = bst_test_server_token (fixture->server, "bo");
  fixture->cilla = bst_test_server_token (fixture->server, "cilla");
}

static void
tear_down (Fixture *fixture, gconstpointer data)
{
  g_free (fixture->anna);
  g_free (fixture->bo);
  g_free (fixture->cilla);
  bst_test_server_free (fixture->server);
}

static char *
new_uid (Fixture *fixture)
{
  return bst_uid_new (bst_test_server_clock (fixture->server));
}

/* An order of one computer, as JSON. */
static char *
order_json (const char *uid, const char *unit, const char *title, const char *service, int amount)
{
  return g_strdup_printf (
      "{\"uid\":\"%s\",\"title\":\"%s\",\"unit\":\"%s\",\"ean\":\"5790000000012\",\"lines\":{"
      "\"l1\":{"
      "\"service\":\"%s\",\"serviceVersion\":1,\"quantity\":2,\"price\":{\"model\":\"one-off\","
      "\"once\":{"
      "\"amount\":%d,\"currency\":\"DKK\"}}%s}}}",
      uid, title, unit, service, amount,
      strcmp (service, "pc") == 0
          ? ",\"promise\":{\"value\":10,\"unit\":\"working-days\",\"calendar\":\"c1\"}"
          : "");
}

static GVariant *
create (Fixture *fixture,
        const char *token,
        const char *type,
        const char *account,
        const char *json)
{
  g_autofree char *args =
      g_strdup_printf ("{\"accountId\":\"%s\",\"create\":{\"k\":%s}}", account, json);
  g_autofree char *name = g_strconcat (type, "/set", NULL);

  return bst_test_call (fixture->server, token, name, args);
}

static char *
create_order (Fixture *fixture,
              const char *token,
              const char *unit,
              const char *service,
              int amount)
{
  g_autofree char *uid = new_uid (fixture);
  g_autofree char *json = order_json (uid, unit, "To nye pc'er", service, amount);
  g_autoptr (GVariant) answer = create (fixture, token, "Request", "d1", json);
  g_autofree char *text = bst_json_print (answer);

  if (!bst_doc_has (answer, "created/k"))
    g_error ("%s", text);
  g_assert_cmpstr (bst_doc_get_string (answer, "created/k/id"), ==, uid);
  return g_steal_pointer (&uid);
}

static GVariant *
send_event (Fixture *fixture,
            const char *token,
            const char *request,
            const char *action,
            const char *more)
{
  g_autofree char *uid = new_uid (fixture);
  g_autofree char *json = g_strdup_printf (
      "{\"uid\":\"%s\",\"request\":\"%s\",\"action\":\"%s\",\"at\":\"2026-03-12T10:00:00Z\"%s}",
      uid, request, action, more);

  return create (fixture, token, "RequestEvent", "d1", json);
}

static GVariant *
get_order (Fixture *fixture, const char *token, const char *id)
{
  g_autofree char *args = g_strdup_printf ("{\"accountId\":\"d1\",\"ids\":[\"%s\"]}", id);
  g_autoptr (GVariant) answer = bst_test_call (fixture->server, token, "Request/get", args);
  g_autoptr (GVariant) list = bst_doc_get_list (answer, "list");
  GVariant *order = NULL;

  if (g_variant_n_children (list) == 1)
    g_variant_get_child (list, 0, "v", &order);
  return order;
}

static void
assert_method_error (Fixture *fixture, const char *name, const char *args, const char *expected)
{
  g_autofree char *type = bst_test_call_error (fixture->server, fixture->anna, name, args);

  g_assert_cmpstr (type, ==, expected);
}

/* ---- requests ---- */

static void
test_method_errors (Fixture *fixture, gconstpointer data)
{
  assert_method_error (fixture, "Nothing/get", "{\"accountId\":\"d1\"}", "unknownMethod");
  assert_method_error (fixture, "Request/get", "{}", "invalidArguments");
  assert_method_error (fixture, "Request/get", "{\"accountId\":\"d2\"}", "accountNotFound");
  assert_method_error (fixture, "Request/get", "{\"accountId\":\"d1\",\"ids\":\"x\"}",
                       "invalidArguments");
  assert_method_error (fixture, "Request/get", "{\"accountId\":\"d1\",\"properties\":[\"nope\"]}",
                       "invalidArguments");
  assert_method_error (fixture, "Request/changes", "{\"accountId\":\"d1\"}", "invalidArguments");
  assert_method_error (fixture, "Request/changes",
                       "{\"accountId\":\"d1\",\"sinceState\":\"x.y.1\"}", "cannotCalculateChanges");
  assert_method_error (fixture, "Service/set", "{\"accountId\":\"catalogue\",\"create\":{}}",
                       "accountReadOnly");
  assert_method_error (fixture, "Request/set", "{\"accountId\":\"d1\",\"ifInState\":\"old\"}",
                       "stateMismatch");
  assert_method_error (fixture, "Request/query", "{\"accountId\":\"d1\",\"filter\":{\"colour\":1}}",
                       "unsupportedFilter");
  assert_method_error (fixture, "Request/query",
                       "{\"accountId\":\"d1\",\"sort\":[{\"property\":\"need\"}]}",
                       "unsupportedSort");
  assert_method_error (
      fixture, "Request/get",
      "{\"accountId\":\"d1\",\"#ids\":{\"resultOf\":\"9\",\"name\":\"x\",\"path\":\"/\"}}",
      "invalidResultReference");
}

static void
test_echo_and_ids (Fixture *fixture, gconstpointer data)
{
  g_autoptr (GVariant) echo =
      bst_test_call (fixture->server, fixture->anna, "Core/echo", "{\"a\":[1,null]}");
  g_autoptr (GVariant) none = bst_test_call (fixture->server, fixture->anna, "Service/get",
                                             "{\"accountId\":\"catalogue\",\"ids\":[]}");
  g_autoptr (GVariant) some = bst_test_call (
      fixture->server, fixture->anna, "Service/get",
      "{\"accountId\":\"catalogue\",\"ids\":[\"pc\",\"nope\"],\"properties\":[\"code\"]}");
  g_autofree char *text = bst_json_print (some);
  g_autoptr (GVariant) list = bst_doc_get_list (none, "list");

  g_assert_true (bst_doc_has (echo, "a"));
  g_assert_cmpuint (g_variant_n_children (list), ==, 0);
  g_assert_nonnull (strstr (text, "\"list\":[{\"id\":\"pc\",\"code\":\"IT-101\"}]"));
  g_assert_nonnull (strstr (text, "\"notFound\":[\"nope\"]"));
}

static void
assert_problem (Fixture *fixture,
                const char *body,
                const char *content_type,
                guint status,
                const char *problem)
{
  g_autoptr (BstTestReply) reply = bst_test_send (fixture->server, "POST", "/jmap/api/",
                                                  fixture->anna, content_type, body, -1, NULL);

  g_assert_cmpuint (reply->status, ==, status);
  g_assert_cmpstr (bst_test_problem (reply), ==, problem);
}

static void
test_request_errors (Fixture *fixture, gconstpointer data)
{
  const char *good = "{\"using\":[],\"methodCalls\":[]}";
  g_autofree char *deep = g_strnfill (100000, '[');
  g_autofree char *huge = g_strnfill (17 * 1024 * 1024, ' ');
  g_autoptr (GString) calls =
      g_string_new ("{\"using\":[],\"methodCalls\":[[\"Core/echo\",{},\"0\"]");

  for (guint i = 0; i < 64; i++)
    g_string_append (calls, ",[\"Core/echo\",{},\"0\"]");
  g_string_append (calls, "]}");
  assert_problem (fixture, good, "text/plain", 400, "notJSON");
  assert_problem (fixture, "{\"using\":[", "application/json", 400, "notJSON");
  assert_problem (fixture, "{\"a\":1,\"a\":2}", "application/json", 400, "notJSON");
  assert_problem (fixture, deep, "application/json", 400, "notJSON");
  assert_problem (fixture, "{}", "application/json", 400, "notRequest");
  assert_problem (fixture, "{\"using\":[\"urn:x\"],\"methodCalls\":[]}", "application/json", 400,
                  "unknownCapability");
  assert_problem (fixture, huge, "application/json", 413, "limit");
  assert_problem (fixture, calls->str, "application/json", 400, "limit");
}

static void
test_empty_using (Fixture *fixture, gconstpointer data)
{
  g_autoptr (BstTestReply) reply = bst_test_post (
      fixture->server, "/jmap/api/", fixture->anna,
      "{\"using\":[],\"methodCalls\":[[\"Request/get\",{\"accountId\":\"d1\"},\"0\"]]}");
  g_autofree char *text = bst_json_print (reply->json);

  g_assert_cmpuint (reply->status, ==, 200);
  g_assert_nonnull (strstr (text, "unknownMethod"));
}

static void
test_result_reference (Fixture *fixture, gconstpointer data)
{
  g_autofree char *id = create_order (fixture, fixture->anna, "s1", "pc", 500000);
  g_autoptr (BstTestReply) reply = bst_test_post (
      fixture->server, "/jmap/api/", fixture->anna,
      "{\"using\":[\"https://bestiller.org/ns/jmap\"],\"methodCalls\":["
      "[\"Request/query\",{\"accountId\":\"d1\",\"filter\":{\"text\":\"NYE PC\",\"unit\":\"d1\"},"
      "\"sort\":[{\"property\":\"created\",\"isAscending\":false}],\"calculateTotal\":true},\"q\"],"
      "[\"Request/get\",{\"accountId\":\"d1\",\"#ids\":{\"resultOf\":\"q\",\"name\":\"Request/"
      "query\",\"path\":\"/ids\"}},\"g\"]]}");
  g_autofree char *text = bst_json_print (reply->json);
  g_autofree char *expected = g_strdup_printf ("\"ids\":[\"%s\"],\"total\":1", id);

  g_assert_nonnull (strstr (text, expected));
  g_assert_nonnull (strstr (text, "\"title\":\"To nye pc'er\""));
}

static void
test_gzip (Fixture *fixture, gconstpointer data)
{
  static const char *const headers[] = { "Content-Encoding", "gzip", NULL };
  g_autoptr (GConverter) compressor =
      G_CONVERTER (g_zlib_compressor_new (G_ZLIB_COMPRESSOR_FORMAT_GZIP, 9));
  g_autofree char *zeros = g_strnfill (64 * 1024 * 1024, ' ');
  g_autofree char *packed = g_malloc (1024 * 1024);
  g_autoptr (BstTestReply) reply = NULL;
  g_autoptr (BstTestReply) broken = NULL;
  gsize in, out;

  g_assert_cmpint (g_converter_convert (compressor, zeros, 64 * 1024 * 1024, packed, 1024 * 1024,
                                        G_CONVERTER_INPUT_AT_END, &in, &out, NULL),
                   ==, G_CONVERTER_FINISHED);
  reply = bst_test_send (fixture->server, "POST", "/jmap/api/", fixture->anna, "application/json",
                         packed, (gssize) out, headers);
  g_assert_cmpuint (reply->status, ==, 413);
  broken = bst_test_send (fixture->server, "POST", "/jmap/api/", fixture->anna, "application/json",
                          packed, 40, headers);
  g_assert_cmpuint (broken->status, ==, 400);
}

/* ---- signing in ---- */

static void
assert_enrol (Fixture *fixture, const char *code, guint status, const char *problem)
{
  g_autofree char *body = g_strdup_printf ("{\"code\":\"%s\",\"device\":\"test\"}", code);
  g_autoptr (BstTestReply) reply = bst_test_post (fixture->server, "/auth/enrol", NULL, body);

  g_assert_cmpuint (reply->status, ==, status);
  if (problem)
    g_assert_cmpstr (bst_test_problem (reply), ==, problem);
  else
    g_assert_cmpstr (bst_doc_get_string (reply->json, "personName"), ==, "Anna Prøve");
}

static void
test_codes (Fixture *fixture, gconstpointer data)
{
  g_autofree char *code = bst_test_server_code (fixture->server, "anna", 3600);
  g_autofree char *lower = g_ascii_strdown (code, -1);
  g_autofree char *late = bst_test_server_code (fixture->server, "anna", 60);

  assert_enrol (fixture, "DKPB-0000-0000-0000", 404, "code-wrong");
  assert_enrol (fixture, "NOXX-0000-0000-0000", 404, "other-authority");
  assert_enrol (fixture, "nonsense", 404, "code-wrong");
  assert_enrol (fixture, lower, 200, NULL);
  assert_enrol (fixture, code, 410, "code-used");
  bst_test_server_advance (fixture->server, 120);
  assert_enrol (fixture, late, 410, "code-expired");
  for (guint i = 0; i < 5; i++)
    assert_enrol (fixture, "DKPB-0000-0000-0000", 404, "code-wrong");
  assert_enrol (fixture, "DKPB-0000-0000-0000", 429, "too-many-tries");
  bst_test_server_advance (fixture->server, 1000);
  assert_enrol (fixture, "DKPB-0000-0000-0000", 404, "code-wrong");
}

static void
assert_token (Fixture *fixture, const char *token, guint status, const char *problem)
{
  g_autoptr (BstTestReply) reply =
      bst_test_send (fixture->server, "GET", "/.well-known/jmap", token, NULL, NULL, 0, NULL);

  g_assert_cmpuint (reply->status, ==, status);
  if (problem)
    g_assert_cmpstr (bst_test_problem (reply), ==, problem);
}

static void
test_tokens (Fixture *fixture, gconstpointer data)
{
  g_autoptr (BstTestReply) reply = NULL;

  assert_token (fixture, NULL, 401, "token-missing");
  assert_token (fixture, "nonsense", 401, "token-revoked");
  assert_token (fixture, fixture->anna, 200, NULL);
  reply = bst_test_post (fixture->server, "/auth/revoke", fixture->anna, "{}");
  g_assert_cmpuint (reply->status, ==, 204);
  assert_token (fixture, fixture->anna, 401, "token-revoked");
  bst_test_server_put (
      fixture->server, "Person",
      "{\"id\":\"cilla\",\"name\":\"Cilla Prøve\",\"unit\":\"s2\",\"left\":\"2020-01-01\"}");
  assert_token (fixture, fixture->cilla, 401, "token-revoked");
}

/* ---- creating, changing ---- */

static void
test_create_once (Fixture *fixture, gconstpointer data)
{
  g_autofree char *uid = new_uid (fixture);
  g_autofree char *json = order_json (uid, "s1", "Ny pc", "pc", 500000);
  g_autofree char *other = order_json (uid, "s1", "Anden pc", "pc", 500000);
  g_autoptr (GVariant) first = create (fixture, fixture->anna, "Request", "d1", json);
  g_autoptr (GVariant) again = create (fixture, fixture->anna, "Request", "d1", json);
  g_autoptr (GVariant) changed = create (fixture, fixture->anna, "Request", "d1", other);

  g_assert_cmpstr (bst_doc_get_string (first, "created/k/id"), ==, uid);
  g_assert_cmpstr (bst_doc_get_string (again, "created/k/id"), ==, uid);
  g_assert_cmpstr (bst_doc_get_string (again, "oldState"), ==,
                   bst_doc_get_string (again, "newState"));
  g_assert_cmpstr (bst_doc_get_string (changed, "notCreated/k/type"), ==, "alreadyExists");
  g_assert_cmpstr (bst_doc_get_string (changed, "notCreated/k/existingId"), ==, uid);
}

typedef struct
{
  Fixture *fixture;
  char *json;
} Race;

static gpointer
race_thread (gpointer data)
{
  Race *race = data;
  g_autoptr (GVariant) answer =
      create (race->fixture, race->fixture->anna, "Request", "d1", race->json);

  return GINT_TO_POINTER (bst_doc_has (answer, "created/k"));
}

static void
test_create_race (Fixture *fixture, gconstpointer data)
{
  g_autofree char *uid = new_uid (fixture);
  g_autofree char *json = order_json (uid, "s1", "Ny pc", "pc", 500000);
  Race race = { fixture, json };
  GThread *threads[8];
  g_autoptr (GVariant) all = NULL;
  g_autoptr (GVariant) ids = NULL;

  for (guint i = 0; i < G_N_ELEMENTS (threads); i++)
    threads[i] = g_thread_new ("race", race_thread, &race);
  for (guint i = 0; i < G_N_ELEMENTS (threads); i++)
    g_assert_true (GPOINTER_TO_INT (g_thread_join (threads[i])));
  all = bst_test_call (fixture->server, fixture->anna, "Request/query", "{\"accountId\":\"d1\"}");
  ids = bst_doc_get_list (all, "ids");
  g_assert_cmpuint (g_variant_n_children (ids), ==, 1);
}

static void
test_invalid (Fixture *fixture, gconstpointer data)
{
  g_autofree char *long_title = g_strnfill (10 * 1000 * 1000, 'x');
  g_autofree char *json = g_strdup_printf ("{\"title\":\"%s\",\"unit\":\"s1\"}", long_title);
  g_autoptr (GVariant) too_long = create (fixture, fixture->anna, "Request", "d1", json);
  g_autoptr (GVariant) wrong = create (fixture, fixture->anna, "Request", "d1",
                                       "{\"uid\":\"not-a-uid\",\"title\":7,\"unit\":\"s1\"}");
  g_autoptr (GVariant) server_set =
      create (fixture, fixture->anna, "Request", "d1",
              "{\"title\":\"x\",\"unit\":\"s1\",\"number\":\"2026-1\"}");
  g_autoptr (GVariant) elsewhere =
      create (fixture, fixture->anna, "Request", "d1", "{\"title\":\"x\",\"unit\":\"s2\"}");
  g_autofree char *text = bst_json_print (too_long);
  g_autofree char *hidden = bst_json_print (elsewhere);

  g_assert_cmpstr (bst_doc_get_string (too_long, "notCreated/k/type"), ==, "invalidProperties");
  g_assert_nonnull (strstr (text, "\"too-long\""));
  g_assert_cmpstr (bst_doc_get_string (wrong, "notCreated/k/type"), ==, "invalidProperties");
  g_assert_cmpstr (bst_doc_get_string (server_set, "notCreated/k/type"), ==, "invalidProperties");
  g_assert_nonnull (strstr (hidden, "\"properties\":[\"unit\"]"));
}

static GVariant *
update (Fixture *fixture, const char *token, const char *id, const char *patch)
{
  g_autofree char *args =
      g_strdup_printf ("{\"accountId\":\"d1\",\"update\":{\"%s\":%s}}", id, patch);

  return bst_test_call (fixture->server, token, "Request/set", args);
}

static void
test_revisions (Fixture *fixture, gconstpointer data)
{
  g_autofree char *id = create_order (fixture, fixture->anna, "s1", "pc", 500000);
  g_autofree char *updated = g_strconcat ("updated/", id, "/rev", NULL);
  g_autofree char *refused = g_strconcat ("notUpdated/", id, NULL);
  g_autofree char *type = g_strconcat (refused, "/type", NULL);
  g_autofree char *current = g_strconcat (refused, "/current/place", NULL);
  g_autoptr (GVariant) one =
      update (fixture, fixture->anna, id, "{\"rev\":1,\"place\":\"Kontoret\"}");
  g_autoptr (GVariant) two =
      update (fixture, fixture->bo, id, "{\"rev\":1,\"lines/l1/quantity\":3}");
  g_autoptr (GVariant) three =
      update (fixture, fixture->bo, id, "{\"rev\":1,\"place\":\"Kælderen\"}");
  g_autoptr (GVariant) same =
      update (fixture, fixture->bo, id, "{\"rev\":1,\"place\":\"Kontoret\"}");
  g_autoptr (GVariant) bad = update (fixture, fixture->bo, id, "{\"lines/nope/quantity\":3}");
  g_autoptr (GVariant) order = get_order (fixture, fixture->anna, id);

  g_assert_cmpint (bst_doc_get_int (one, updated, 0), ==, 2);
  g_assert_cmpint (bst_doc_get_int (two, updated, 0), ==, 3);
  g_assert_cmpstr (bst_doc_get_string (three, type), ==, "revMismatch");
  g_assert_cmpstr (bst_doc_get_string (three, current), ==, "Kontoret");
  g_assert_cmpint (bst_doc_get_int (same, updated, 0), ==, 3);
  g_assert_cmpstr (bst_doc_get_string (bad, type), ==, "invalidPatch");
  g_assert_cmpint (bst_doc_get_int (order, "lines/l1/quantity", 0), ==, 3);
}

/* ---- the order's life ---- */

static void
test_life (Fixture *fixture, gconstpointer data)
{
  g_autofree char *id = create_order (fixture, fixture->anna, "s1", "pc", 500000);
  g_autoptr (GVariant) sent = send_event (fixture, fixture->anna, id, "submit", "");
  g_autoptr (GVariant) twice = send_event (fixture, fixture->anna, id, "submit", "");
  g_autoptr (GVariant) order = get_order (fixture, fixture->anna, id);
  g_autoptr (GVariant) after = NULL;
  g_autofree char *text = bst_json_print (sent);

  if (!bst_doc_has (sent, "created/k"))
    g_error ("%s", text);
  g_assert_cmpint (bst_doc_get_int (sent, "created/k/sequence", 0), ==, 1);
  g_assert_cmpstr (bst_doc_get_string (twice, "notCreated/k/type"), ==, "forbidden");
  g_assert_cmpstr (bst_doc_get_string (order, "state"), ==, "submitted");
  g_assert_true (
      g_regex_match_simple ("^20[0-9]{2}-000001$", bst_doc_get_string (order, "number"), 0, 0));
  g_assert_cmpint (bst_doc_get_int (order, "total/amount", 0), ==, 1000000);
  g_assert_cmpstr (bst_doc_get_string (order, "lines/l1/performer"), ==, "p1");
  g_assert_nonnull (bst_doc_get_string (order, "due"));
  bst_test_server_act (fixture->server, "pia", id, "accept", NULL);
  bst_test_server_act (fixture->server, "pia", id, "start", NULL);
  bst_test_server_act (fixture->server, "pia", id, "deliver", NULL);
  g_variant_unref (send_event (fixture, fixture->anna, id, "confirm", ""));
  after = get_order (fixture, fixture->anna, id);
  g_assert_cmpstr (bst_doc_get_string (after, "state"), ==, "closed");
}

/* A question to the orderer moves what is due by the opening hours it took; the performer's own wait does not. */
static void
test_pause_moves_due (Fixture *fixture, gconstpointer data)
{
  g_autofree char *pia = bst_test_server_token (fixture->server, "pia");
  g_autofree char *id = create_order (fixture, fixture->anna, "s1", "pc", 500000);
  g_autoptr (GVariant) sent = send_event (fixture, fixture->anna, id, "submit", "");
  g_autoptr (GVariant) before = get_order (fixture, fixture->anna, id);
  g_autoptr (GVariant) unmoved = NULL;
  g_autoptr (GVariant) moved = NULL;

  bst_test_server_act (fixture->server, "pia", id, "accept", NULL);
  g_variant_unref (send_event (fixture, pia, id, "wait",
                               ",\"text\":\"stock\",\"data\":{\"for\":\"performer\"}"));
  bst_test_server_advance (fixture->server, 7 * 86400);
  bst_test_server_act (fixture->server, "pia", id, "resume", NULL);
  unmoved = get_order (fixture, fixture->anna, id);
  g_assert_cmpstr (bst_doc_get_string (unmoved, "due"), ==, bst_doc_get_string (before, "due"));

  g_variant_unref (send_event (fixture, pia, id, "wait",
                               ",\"text\":\"which room?\",\"data\":{\"for\":\"orderer\"}"));
  bst_test_server_advance (fixture->server, 7 * 86400);
  g_variant_unref (send_event (fixture, fixture->anna, id, "answer", ",\"text\":\"12\""));
  moved = get_order (fixture, fixture->anna, id);
  g_assert_cmpstr (bst_doc_get_string (moved, "state"), ==, "in-progress");
  g_assert_cmpstr (bst_doc_get_string (moved, "due"), >, bst_doc_get_string (before, "due"));
  g_assert_cmpstr (bst_doc_get_string (moved, "lines/l1/due"), ==,
                   bst_doc_get_string (moved, "due"));
}

static void
test_approval (Fixture *fixture, gconstpointer data)
{
  g_autofree char *id = create_order (fixture, fixture->anna, "s1", "desk", 300000);
  g_autoptr (GVariant) sent = send_event (fixture, fixture->anna, id, "submit", "");
  g_autoptr (GVariant) self = send_event (fixture, fixture->anna, id, "approve", "");
  g_autoptr (GVariant) waiting = get_order (fixture, fixture->anna, id);
  g_autoptr (GVariant) approved = send_event (fixture, fixture->bo, id, "approve", "");
  g_autoptr (GVariant) after = get_order (fixture, fixture->anna, id);

  g_assert_true (bst_doc_has (sent, "created/k"));
  g_assert_cmpstr (bst_doc_get_string (self, "notCreated/k/type"), ==, "forbidden");
  g_assert_cmpstr (bst_doc_get_string (waiting, "state"), ==, "awaiting-approval");
  g_assert_true (bst_doc_has (approved, "created/k"));
  g_assert_cmpstr (bst_doc_get_string (after, "state"), ==, "submitted");
}

static void
test_stale (Fixture *fixture, gconstpointer data)
{
  g_autofree char *id = create_order (fixture, fixture->anna, "s1", "pc", 400000);
  g_autoptr (GVariant) refused = send_event (fixture, fixture->anna, id, "submit", "");
  g_autofree char *text = bst_json_print (refused);
  g_autoptr (GVariant) order = get_order (fixture, fixture->anna, id);

  g_assert_cmpstr (bst_doc_get_string (refused, "notCreated/k/type"), ==, "catalogueChanged");
  g_assert_nonnull (strstr (text, "\"property\":\"price\""));
  g_assert_cmpstr (bst_doc_get_string (order, "state"), ==, "draft");
}

/* ---- what is seen ---- */

static void
test_visibility (Fixture *fixture, gconstpointer data)
{
  g_autofree char *id = create_order (fixture, fixture->anna, "s1", "pc", 500000);
  g_autofree char *destroyed = NULL;
  g_autofree char *state = bst_test_initial_state (fixture->server, fixture->anna, "d1");
  g_autoptr (GVariant) anna = get_order (fixture, fixture->anna, id);
  g_autoptr (GVariant) bo = get_order (fixture, fixture->bo, id);
  g_autoptr (GVariant) cilla = get_order (fixture, fixture->cilla, id);
  g_autofree char *since = g_strdup_printf ("{\"accountId\":\"d1\",\"sinceState\":\"%s\"}", state);
  g_autoptr (GVariant) first =
      bst_test_call (fixture->server, fixture->anna, "Record/changes", since);
  g_autofree char *next = g_strdup_printf ("{\"accountId\":\"d1\",\"sinceState\":\"%s\"}",
                                           bst_doc_get_string (first, "newState"));
  g_autoptr (GVariant) moved = NULL;
  g_autoptr (GVariant) second = NULL;

  g_assert_nonnull (anna);
  g_assert_nonnull (bo);
  g_assert_null (cilla);
  /* The order goes to a unit that Anna does not see: it is destroyed for her, and appears for Cilla. */
  moved = update (fixture, fixture->bo, id, "{\"unit\":\"s2\"}");
  second = bst_test_call (fixture->server, fixture->anna, "Record/changes", next);
  destroyed = bst_json_print (second);
  g_assert_nonnull (strstr (destroyed, "\"destroyed\":{\"Request\":[\""));
  cilla = get_order (fixture, fixture->cilla, id);
  g_assert_nonnull (cilla);
}

static void
test_rights_change (Fixture *fixture, gconstpointer data)
{
  g_autofree char *state = bst_test_initial_state (fixture->server, fixture->cilla, "d1");
  g_autofree char *args = g_strdup_printf ("{\"accountId\":\"d1\",\"sinceState\":\"%s\"}", state);
  g_autofree char *error = NULL;

  bst_test_server_put (fixture->server, "Person",
                       "{\"id\":\"cilla\",\"name\":\"Cilla Prøve\",\"unit\":\"s2\",\"grants\":{"
                       "\"g1\":{\"role\":\"orderer\",\"unit\":\"d1\"}}}");
  error = bst_test_call_error (fixture->server, fixture->cilla, "Record/changes", args);
  g_assert_cmpstr (error, ==, "cannotCalculateChanges");
}

static void
test_changes_pages (Fixture *fixture, gconstpointer data)
{
  g_autofree char *state = bst_test_initial_state (fixture->server, fixture->anna, "catalogue");
  gboolean more = TRUE;
  guint n = 0, pages = 0;

  while (more)
    {
      g_autofree char *args = g_strdup_printf (
          "{\"accountId\":\"catalogue\",\"sinceState\":\"%s\",\"maxChanges\":5}", state);
      g_autoptr (GVariant) page =
          bst_test_call (fixture->server, fixture->anna, "Record/changes", args);
      g_autoptr (GVariant) records = bst_doc_get_map (page, "records");

      for (gsize i = 0; i < g_variant_n_children (records); i++)
        {
          g_autoptr (GVariant) list = NULL;

          g_variant_get_child (records, i, "{&sv}", NULL, &list);
          n += (guint) g_variant_n_children (list);
        }
      g_assert_cmpint (bst_doc_get_int (page, "total", 0), ==, 16);
      g_assert_cmpint (bst_doc_get_int (page, "position", 0), ==, n);
      more = bst_doc_get_bool (page, "hasMoreChanges");
      g_free (state);
      state = g_strdup (bst_doc_get_string (page, "newState"));
      pages++;
    }
  g_assert_cmpuint (n, ==, 16);
  g_assert_cmpuint (pages, ==, 4);
}

static void
test_restart (Fixture *fixture, gconstpointer data)
{
  g_autofree char *id = create_order (fixture, fixture->anna, "s1", "pc", 500000);
  g_autoptr (GVariant) order = NULL;

  bst_test_server_stop (fixture->server);
  bst_test_server_start (fixture->server);
  order = get_order (fixture, fixture->anna, id);
  g_assert_nonnull (order);
}

/* ---- blobs ---- */

static void
test_blobs (Fixture *fixture, gconstpointer data)
{
  static const char *const range[] = { "Range", "bytes=4-7", NULL };
  g_autoptr (BstTestReply) up = bst_test_send (fixture->server, "POST", "/jmap/upload/d1/",
                                               fixture->anna, "text/plain", "Hej verden", -1, NULL);
  g_autofree char *path = g_strdup_printf ("/jmap/download/d1/%s/hej.txt?type=text/plain",
                                           bst_doc_get_string (up->json, "blobId"));
  g_autoptr (BstTestReply) down =
      bst_test_send (fixture->server, "GET", path, fixture->anna, NULL, NULL, 0, NULL);
  g_autoptr (BstTestReply) part =
      bst_test_send (fixture->server, "GET", path, fixture->anna, NULL, NULL, 0, range);
  g_autoptr (BstTestReply) none = bst_test_send (fixture->server, "GET", "/jmap/download/d1/Bxx/x",
                                                 fixture->anna, NULL, NULL, 0, NULL);
  g_autoptr (BstTestReply) foreign = bst_test_send (fixture->server, "POST", "/jmap/upload/d2/",
                                                    fixture->anna, "text/plain", "x", -1, NULL);

  g_assert_cmpuint (up->status, ==, 201);
  g_assert_cmpint (bst_doc_get_int (up->json, "size", 0), ==, 10);
  g_assert_cmpuint (down->status, ==, 200);
  g_assert_cmpmem (g_bytes_get_data (down->body, NULL), g_bytes_get_size (down->body), "Hej verden",
                   10);
  g_assert_cmpuint (part->status, ==, 206);
  g_assert_cmpmem (g_bytes_get_data (part->body, NULL), g_bytes_get_size (part->body), "verd", 4);
  g_assert_cmpuint (none->status, ==, 404);
  g_assert_cmpuint (foreign->status, ==, 404);
}

/* Small files within a request (RFC 9404 §4). */
static void
test_blob_upload (Fixture *fixture, gconstpointer data)
{
  g_autoptr (GVariant) args = bst_test_call (fixture->server, fixture->anna, "Blob/upload",
                                             "{\"accountId\":\"d1\",\"create\":{\"a\":{\"data\":[{"
                                             "\"data:asBase64\":\"SGVqIHZlcmRlbg==\"}]},"
                                             "\"b\":{\"data\":[]},\"c\":7}}");
  const char *id = bst_doc_get_string (args, "created/a/id");
  g_autofree char *path = g_strdup_printf ("/jmap/download/d1/%s/x", id);
  g_autoptr (BstTestReply) down =
      bst_test_send (fixture->server, "GET", path, fixture->anna, NULL, NULL, 0, NULL);
  g_autofree char *foreign = bst_test_call_error (fixture->server, fixture->anna, "Blob/upload",
                                                  "{\"accountId\":\"d2\",\"create\":{}}");

  g_assert_cmpint (bst_doc_get_int (args, "created/a/size", 0), ==, 10);
  g_assert_cmpmem (g_bytes_get_data (down->body, NULL), g_bytes_get_size (down->body), "Hej verden",
                   10);
  g_assert_cmpstr (bst_doc_get_string (args, "notCreated/b/type"), ==, "invalidProperties");
  g_assert_cmpstr (bst_doc_get_string (args, "notCreated/c/type"), ==, "invalidProperties");
  g_assert_cmpstr (foreign, ==, "accountNotFound");
}

/* ---- push ---- */

static void
publish_cb (BstTestServer *server)
{
  bst_test_server_put (server, "Notice",
                       "{\"id\":\"n1\",\"kind\":\"news\",\"title\":{\"da\":\"Nyt\"},\"from\":"
                       "\"2026-03-12T10:00:00Z\"}");
}

/* What another connection changed is pushed; the stream then ends, as was asked for. */
static void
test_event_source (Fixture *fixture, gconstpointer data)
{
  g_autofree char *heard = bst_test_listen (fixture->server, fixture->anna,
                                            "?types=*&closeafter=state&ping=0", publish_cb);

  g_assert_nonnull (strstr (heard, "event: state\ndata: {\"@type\":\"StateChange\""));
  g_assert_nonnull (strstr (heard, "\"catalogue\":{\"Notice\":"));
}

static void
test_health (Fixture *fixture, gconstpointer data)
{
  static const char *const paths[] = { "/healthz", "/readyz", "/metrics" };
  g_autoptr (BstTestReply) nothing =
      bst_test_send (fixture->server, "GET", "/nothing", NULL, NULL, NULL, 0, NULL);

  for (guint i = 0; i < G_N_ELEMENTS (paths); i++)
    {
      g_autoptr (BstTestReply) reply =
          bst_test_send (fixture->server, "GET", paths[i], NULL, NULL, NULL, 0, NULL);

      g_assert_cmpuint (reply->status, ==, 200);
    }
  g_assert_cmpuint (nothing->status, ==, 404);
}

#define ADD(path, func) g_test_add ("/server/" path, Fixture, NULL, set_up, func, tear_down)

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  ADD ("method-errors", test_method_errors);
  ADD ("echo-and-ids", test_echo_and_ids);
  ADD ("request-errors", test_request_errors);
  ADD ("empty-using", test_empty_using);
  ADD ("result-reference", test_result_reference);
  ADD ("gzip", test_gzip);
  ADD ("codes", test_codes);
  ADD ("tokens", test_tokens);
  ADD ("create-once", test_create_once);
  ADD ("create-race", test_create_race);
  ADD ("invalid", test_invalid);
  ADD ("revisions", test_revisions);
  ADD ("life", test_life);
  ADD ("pause-moves-due", test_pause_moves_due);
  ADD ("approval", test_approval);
  ADD ("stale", test_stale);
  ADD ("visibility", test_visibility);
  ADD ("rights-change", test_rights_change);
  ADD ("changes-pages", test_changes_pages);
  ADD ("restart", test_restart);
  ADD ("blobs", test_blobs);
  ADD ("blob-upload", test_blob_upload);
  ADD ("event-source", test_event_source);
  ADD ("health", test_health);
  return g_test_run ();
}
