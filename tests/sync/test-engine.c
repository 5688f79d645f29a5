/* SPDX-License-Identifier: GPL-3.0-or-later */

/* A server that fails at one order, lies, forgets or repeats itself: the real one, with its words twisted on the way. */

#include "bst-error.h"
#include "bst-jmap.h"
#include "bst-json.h"
#include "bst-sync-engine.h"
#include "bst-world.h"

#include <string.h>

/**
 * Lie: what becomes of an answer.
 * @pattern: (nullable): what is replaced in it by @by; ORDER in both is the order's uid
 * @whole: (nullable): what it is instead
 * @receipts: that it earns all the same: of the order, and of its submission
 */
typedef struct
{
  const char *name;
  const char *pattern;
  const char *by;
  const char *whole;
  guint receipts;
} Lie;

#define PAGE_REV "(\"records\":\\{\".*?\"rev\":)\\d+"
#define OTHER    "0195f000-0000-7000-8000-000000000009"

static const Lie lies[] = {
  { "forgets all", .whole = "{\"methodResponses\":[],\"sessionState\":\"x\"}" },
  { "forgets what was set", "\\[\"Request/set\",.*\"s1\"\\],", "" },
  { "forgets half of what was set", "\\[\"Request/set\",.*?,\"s0\"\\],", "", .receipts = 1 },
  { "forgets what is new", ",\\[\"Record/changes\",.*,\"c\\d+\"\\]", "", .receipts = 2 },
  { "forgets the session", "\"sessionState\"", "\"wasState\"" },
  { "says nothing", .whole = "" },
  { "says something else", .whole = "{\"hello\":\"world\"}" },
  { "is a page", .whole = "<html><body>Welcome</body></html>" },
  { "ends in the middle", "^((?s).{200}).*$", "\\1" },
  { "ends before its end", "\\}$", "" },
  { "goes on behind its end", "$", "{}" },
  { "repeats a call", "(\"methodResponses\":\\[)",
    "\\1[\"Request/set\",{\"accountId\":\"d1\"},\"s0\"]," },
  { "answers calls the other way round", "\"s([01])\"\\]", "\"s1\\1\"]" },
  { "answers what was not asked", "\"s0\"", "\"s7\"" },
  { "answers with another method", "\"Request/set\"", "\"Request/get\"" },
  { "answers changes with another method", "\"Record/changes\"", "\"Record/query\"" },
  { "another account", "\"accountId\":\"d1\"", "\"accountId\":\"d9\"" },
  { "another account's page", "(\"Record/changes\",\\{\"accountId\"):\"d1\"", "\\1:\"d9\"",
    .receipts = 2 },
  { "a receipt for another's order", "ORDER", OTHER },
  { "an order that was not made", "(\"created\":\\{)", "\\1\"k99999\":{\"id\":\"" OTHER "\"}," },
  { "a change that was not made", "\"updated\":null", "\"updated\":{\"" OTHER "\":null}" },
  { "a removal that was not wished", "\"destroyed\":null", "\"destroyed\":[\"ORDER\"]" },
  { "fates of no type", "\"created\":", "\"created\":7,\"was\":" },
  { "fates in a list", "\"created\":", "\"created\":[],\"was\":" },
  { "an id that is no text", "\"id\":\"ORDER\"", "\"id\":7" },
  { "a state of another time", "\"oldState\":\"", "\"oldState\":\"x", .receipts = 2 },
  { "no state before", "\"oldState\"", "\"wasState\"", .receipts = 2 },
  { "no state after", "\"newState\"", "\"nextState\"", .receipts = 2 },
  { "a state that is no text", "\"newState\":\"[^\"]*\"", "\"newState\":7", .receipts = 2 },
  { "never comes to an end",
    "\"oldState\":(\"[^\"]*\"),\"newState\":\"[^\"]*\",\"hasMoreChanges\":false",
    "\"oldState\":\\1,\"newState\":\\1,\"hasMoreChanges\":true", .receipts = 2 },
  { "records of no type", "\"records\":", "\"records\":7,\"were\":", .receipts = 2 },
  { "records that are none", "(\"records\":\\{)\"", "\\1\"Notice\":[7],\"", .receipts = 2 },
  { "records without an id", "(\"records\":\\{)\"", "\\1\"Notice\":[{}],\"", .receipts = 2 },
  { "records by a number", "(\"records\":\\{)\"", "\\1\"Notice\":[{\"id\":7}],\"", .receipts = 2 },
  { "removals of no type", "\"destroyed\":\\{\\}", "\"destroyed\":{\"Notice\":[7]}",
    .receipts = 2 },
  { "a record of a negative revision", PAGE_REV, "\\1-1", .receipts = 2 },
  { "a record of no revision yet", PAGE_REV, "\\g<1>0", .receipts = 2 },
  { "a record of a revision beyond counting", PAGE_REV, "\\g<1>9007199254740992", .receipts = 2 },
  { "a record of an infinite revision", PAGE_REV, "\\g<1>1e999", .receipts = 2 },
  { "a record of a broken revision", PAGE_REV, "\\g<1>1.5", .receipts = 2 },
  { "a record of a revision in words", PAGE_REV, "\\1\"one\"", .receipts = 2 },
  { "a negative revision", "\"rev\":\\d+", "\"rev\":-1" },
  { "no revision yet", "\"rev\":\\d+", "\"rev\":0" },
  { "a revision beyond counting", "\"rev\":\\d+", "\"rev\":9007199254740992" },
  { "a revision beyond all", "\"rev\":\\d+", "\"rev\":99999999999999999999999999" },
  { "an infinite revision", "\"rev\":\\d+", "\"rev\":1e999" },
  { "a broken revision", "\"rev\":\\d+", "\"rev\":1.5" },
  { "a revision in words", "\"rev\":\\d+", "\"rev\":\"one\"" },
};

#define TEST_TYPE_TWISTER (test_twister_get_type ())
G_DECLARE_FINAL_TYPE (TestTwister, test_twister, TEST, TWISTER, GObject)

struct _TestTwister
{
  GObject parent_instance;

  BstTransport *over;
  const Lie *lie;    /* (nullable) */
  gboolean poisoned; /* the server fails at every call that names the order */
  gboolean at_door;  /* the lie is about the session */
  gboolean repeats;  /* the answer before */
  gsize breath;      /* a longer answer does not come through; 0: all do */
  char *order;
  GBytes *last;
};

static void test_twister_iface_init (BstTransportInterface *iface);

G_DEFINE_FINAL_TYPE_WITH_CODE (TestTwister,
                               test_twister,
                               G_TYPE_OBJECT,
                               G_IMPLEMENT_INTERFACE (BST_TYPE_TRANSPORT, test_twister_iface_init))

static GBytes *
replace (GBytes *answer, const char *what, const char *by)
{
  g_autofree char *text = g_strndup (g_bytes_get_data (answer, NULL), g_bytes_get_size (answer));
  g_auto (GStrv) parts = g_strsplit (text, what, -1);
  char *twisted = g_strjoinv (by, parts);

  return g_bytes_new_take (twisted, strlen (twisted));
}

/* Answers the calls that name the order itself, and hands on the others. */
static GBytes *
poison (TestTwister *self, GBytes *body, GCancellable *cancellable, GError **error)
{
  g_autofree char *text = g_strndup (g_bytes_get_data (body, NULL), g_bytes_get_size (body));
  BstJmapRequest *request = bst_jmap_request_parse (text, -1, error);
  g_autoptr (GPtrArray) calls = g_ptr_array_new ();
  g_autoptr (GString) failures = g_string_new ("\"methodResponses\":[");
  g_autoptr (GBytes) answer = NULL;
  g_autoptr (GBytes) rest = NULL;
  char *print;

  g_assert_nonnull (request);
  for (guint i = 0; i < request->calls->len; i++)
    {
      BstJmapCall *call = request->calls->pdata[i];
      g_autofree char *args = bst_json_print (call->args);

      if (strstr (args, self->order))
        g_string_append_printf (failures, "[\"error\",{\"type\":\"serverFail\"},\"%s\"],",
                                call->id);
      else
        g_ptr_array_add (calls, call);
    }
  print = bst_jmap_request_print (calls);
  rest = g_bytes_new_take (print, strlen (print));
  bst_jmap_request_free (request);
  answer = bst_transport_request (self->over, "POST", "/jmap/api/", rest, cancellable, error);
  return answer ? replace (answer, "\"methodResponses\":[", failures->str) : NULL;
}

static char *
with_order (TestTwister *self, const char *text)
{
  g_auto (GStrv) parts = g_strsplit (text, "ORDER", -1);

  return g_strjoinv (self->order, parts);
}

/* Each lie must be one: an answer that has nothing of what it is about would prove nothing. */
static GBytes *
tell (TestTwister *self, GBytes *answer)
{
  g_autofree char *text = g_strndup (g_bytes_get_data (answer, NULL), g_bytes_get_size (answer));
  g_autofree char *pattern = self->lie->pattern ? with_order (self, self->lie->pattern) : NULL;
  g_autofree char *by = self->lie->pattern ? with_order (self, self->lie->by) : NULL;
  g_autoptr (GRegex) regex = NULL;
  g_autoptr (GError) error = NULL;
  char *told;

  if (self->lie->whole)
    return g_bytes_new_static (self->lie->whole, strlen (self->lie->whole));
  regex = g_regex_new (pattern, G_REGEX_DOLLAR_ENDONLY, 0, &error);
  g_assert_no_error (error);
  told = g_regex_replace (regex, text, -1, 0, by, 0, &error);
  g_assert_no_error (error);
  g_assert_false (g_str_equal (told, text));
  return g_bytes_new_take (told, strlen (told));
}

static GBytes *
test_twister_request (BstTransport *transport,
                      const char *method,
                      const char *path,
                      GBytes *body,
                      GCancellable *cancellable,
                      GError **error)
{
  TestTwister *self = TEST_TWISTER (transport);
  gboolean post = strcmp (method, "POST") == 0;
  g_autoptr (GBytes) answer = NULL;
  GBytes *twisted;

  if (post && self->poisoned)
    return poison (self, body, cancellable, error);
  answer = bst_transport_request (self->over, method, path, body, cancellable, error);
  if (answer && self->breath > 0 && g_bytes_get_size (answer) > self->breath)
    {
      g_set_error (error, BST_ERROR, BST_ERROR_OUTCOME_UNKNOWN, "the line broke");
      return NULL;
    }
  if (!answer || post == self->at_door)
    return g_steal_pointer (&answer);
  if (self->repeats)
    {
      twisted = g_bytes_ref (self->last ? self->last : answer);
      g_clear_pointer (&self->last, g_bytes_unref);
      self->last = g_steal_pointer (&answer);
      return twisted;
    }
  return self->lie ? tell (self, answer) : g_steal_pointer (&answer);
}

static void
test_twister_finalize (GObject *object)
{
  TestTwister *self = TEST_TWISTER (object);

  g_clear_object (&self->over);
  g_clear_pointer (&self->order, g_free);
  g_clear_pointer (&self->last, g_bytes_unref);
  G_OBJECT_CLASS (test_twister_parent_class)->finalize (object);
}

static void
test_twister_iface_init (BstTransportInterface *iface)
{
  iface->request = test_twister_request;
}

static void
test_twister_class_init (TestTwisterClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = test_twister_finalize;
}

static void
test_twister_init (TestTwister *self)
{
}

static TestTwister *
twister_new (BstComputer *computer, const char *order)
{
  TestTwister *self = g_object_new (TEST_TYPE_TWISTER, NULL);

  self->over = bst_transport_https_new (computer->url, computer->token, computer->ca);
  self->order = g_strdup (order);
  return self;
}

static void
assert_state (BstComputer *computer, const char *id, const char *expected)
{
  g_autofree char *state = bst_computer_state (computer, id);

  g_assert_cmpstr (state, ==, expected);
}

/* One order at which the server fails holds back nothing else. */
static void
test_poison (void)
{
  g_autoptr (BstWorld) world = bst_world_new (BST_WORLD_THREAD, 71);
  g_autoptr (BstComputer) here = bst_computer_new (world, "here", "orla");
  g_autofree char *bad = NULL;
  g_autofree char *good[8] = { NULL };
  g_autoptr (TestTwister) twister = NULL;
  g_autoptr (BstSyncEngine) engine = NULL;

  bst_computer_sync (here);
  bad = bst_computer_order (here, "s1", "Gift");
  for (guint i = 0; i < G_N_ELEMENTS (good); i++)
    good[i] = bst_computer_order (here, "s1", "God");
  twister = twister_new (here, bad);
  twister->poisoned = TRUE;
  engine = bst_sync_engine_new (here->store, BST_TRANSPORT (twister), NULL, NULL);
  for (guint round = 0; round < 2; round++)
    {
      g_autoptr (GError) error = NULL;

      g_assert_false (bst_sync_engine_round (engine, NULL, &error));
      g_assert_error (error, BST_ERROR, BST_ERROR_SERVER);
    }
  for (guint i = 0; i < G_N_ELEMENTS (good); i++)
    {
      assert_state (here, good[i], "submitted");
      g_clear_pointer (&good[i], g_free);
    }
  assert_state (here, bad, "sending");
  bst_computer_sync (here);
  assert_state (here, bad, "submitted");
  g_assert_cmpuint (bst_world_count (world, "Request"), ==, 1 + G_N_ELEMENTS (good));
}

static BstSyncEngine *
lying_engine (BstComputer *computer, TestTwister *twister)
{
  return bst_sync_engine_new (computer->store, BST_TRANSPORT (twister), NULL, NULL);
}

static guint
n_receipts (BstComputer *computer)
{
  g_autoptr (GPtrArray) receipts = bst_computer_receipts (computer);

  return receipts->len;
}

/* The next good answer: each order is there once, and shown so. */
static void
assert_recovers (BstComputer *here, const char *uid, guint n_orders)
{
  bst_computer_sync (here);
  assert_state (here, uid, "submitted");
  g_assert_cmpuint (bst_world_count (here->world, "Request"), ==, n_orders);
  g_assert_cmpuint (bst_world_count (here->world, "RequestEvent"), ==, n_orders);
  g_assert_cmpuint (n_receipts (here), ==, 2 * n_orders);
  for (BstOutboxState state = BST_OUTBOX_QUEUED; state <= BST_OUTBOX_REFUSED; state++)
    g_assert_cmpuint (bst_computer_outbox (here, state), ==, 0);
}

/* A lie is refused and said to be one; it settles nothing, loses nothing, and is forgotten at the next good answer. */
static void
test_lies (void)
{
  g_autoptr (BstWorld) world = bst_world_new (BST_WORLD_THREAD, 72);
  g_autoptr (BstComputer) here = bst_computer_new (world, "here", "orla");

  bst_computer_sync (here);
  for (guint i = 0; i < G_N_ELEMENTS (lies); i++)
    {
      g_autofree char *uid = bst_computer_order (here, "s1", "Stol");
      g_autoptr (TestTwister) twister = twister_new (here, uid);
      g_autoptr (BstSyncEngine) engine = lying_engine (here, twister);
      guint before = n_receipts (here);
      g_autoptr (GError) error = NULL;

      g_test_message ("%s", lies[i].name);
      twister->lie = &lies[i];
      g_assert_false (bst_sync_engine_round (engine, NULL, &error));
      g_test_message ("  %s", error->message);
      g_assert_true (g_error_matches (error, BST_ERROR, BST_ERROR_PROTOCOL) ||
                     g_error_matches (error, BST_ERROR, BST_ERROR_SERVER));
      assert_state (here, uid, lies[i].receipts == 2 ? "submitted" : "sending");
      g_assert_cmpuint (n_receipts (here), ==, before + lies[i].receipts);
      assert_recovers (here, uid, i + 1);
    }
}

/* The answer to what was asked before, once more: an order later, and a page later. */
static void
test_repeats (void)
{
  g_autoptr (BstWorld) world = bst_world_new (BST_WORLD_THREAD, 74);
  g_autoptr (BstComputer) here = bst_computer_new (world, "here", "orla");
  g_autofree char *first = NULL;
  g_autofree char *second = NULL;
  g_autoptr (TestTwister) twister = NULL;
  g_autoptr (BstSyncEngine) engine = NULL;
  g_autoptr (GError) error = NULL;

  bst_computer_sync (here);
  first = bst_computer_order (here, "s1", "Stol");
  twister = twister_new (here, first);
  engine = lying_engine (here, twister);
  twister->repeats = TRUE;
  g_assert_true (bst_sync_engine_round (engine, NULL, &error)); /* true yet */
  g_assert_no_error (error);
  second = bst_computer_order (here, "s1", "Bord");
  g_assert_false (bst_sync_engine_round (engine, NULL, &error));
  g_assert_error (error, BST_ERROR, BST_ERROR_PROTOCOL);
  assert_state (here, second, "sending");
  assert_state (here, first, "submitted");
  assert_recovers (here, second, 2);
}

/* A page that says how far it has come, in numbers with which nobody can count: it counts, they do not. */
static void
count_cb (gint64 done, gint64 total, gpointer closure)
{
  g_assert_cmpint (done, >=, 0);
  g_assert_cmpint (done, <=, total);
}

static void
test_progress (void)
{
  static const Lie wrong[] = {
    { "beyond", "\"hasMoreChanges\":false(,\"total\":\\d+,\"position\":\\d+)?",
      "\"hasMoreChanges\":false,\"total\":9223372036854775807,\"position\":9223372036854775807" },
    { "over", "\"hasMoreChanges\":false(,\"total\":\\d+,\"position\":\\d+)?",
      "\"hasMoreChanges\":false,\"total\":9007199254740991,\"position\":9223372036854775807" },
    { "under", "\"hasMoreChanges\":false(,\"total\":\\d+,\"position\":\\d+)?",
      "\"hasMoreChanges\":false,\"total\":5,\"position\":-9223372036854775808" },
    { "words", "\"hasMoreChanges\":false(,\"total\":\\d+,\"position\":\\d+)?",
      "\"hasMoreChanges\":false,\"total\":\"many\",\"position\":[]" },
  };

  for (guint i = 0; i < G_N_ELEMENTS (wrong); i++)
    {
      g_autoptr (BstWorld) world = bst_world_new (BST_WORLD_THREAD, 80 + i);
      g_autoptr (BstComputer) here = bst_computer_new (world, "here", "both");
      g_autoptr (TestTwister) twister = twister_new (here, OTHER);
      g_autoptr (BstSyncEngine) engine =
          bst_sync_engine_new (here->store, BST_TRANSPORT (twister), count_cb, NULL);
      g_autoptr (GError) error = NULL;

      g_test_message ("%s", wrong[i].name);
      twister->lie = &wrong[i];
      g_assert_true (bst_sync_engine_round (engine, NULL, &error));
      g_assert_no_error (error);
    }
}

/* The same at the door: what the session says. Some of it is taken, as far as it can be. */
static void
test_session_lies (void)
{
  static const Lie at_door[] = {
    { "is no session", .whole = "{\"hello\":\"world\"}" },
    { "is a page", .whole = "<html><body>Welcome</body></html>" },
    { "ends in the middle", "^((?s).{200}).*$", "\\1" },
    { "a state that is no text", "(\"state\"):\"[^\"]*\"", "\\1:7" },
    { "an epoch that is no text", "(\"epoch\"):\"[^\"]*\"", "\\1:7" },
    { "no accounts", "\"accounts\":", "\"were\":" },
    { "another authority", "(\"authority\":\")", "\\1x" },
    { "another person", "(\"person\":\")", "\\1x" },
    { "nothing is allowed", "(\"max\\w+\"):\\d+", "\\1:0", .receipts = 2 },
    { "less than nothing is allowed", "(\"max\\w+\"):\\d+", "\\1:-1", .receipts = 2 },
    { "anything is allowed", "(\"max\\w+\"):\\d+", "\\1:9223372036854775807", .receipts = 2 },
    { "what is allowed is no number", "(\"max\\w+\"):\\d+", "\\1:\"x\"", .receipts = 2 },
  };
  g_autoptr (BstWorld) world = bst_world_new (BST_WORLD_THREAD, 75);
  g_autoptr (BstComputer) here = bst_computer_new (world, "here", "orla");

  bst_computer_sync (here);
  for (guint i = 0; i < G_N_ELEMENTS (at_door); i++)
    {
      g_autofree char *uid = bst_computer_order (here, "s1", "Stol");
      g_autoptr (TestTwister) twister = twister_new (here, uid);
      g_autoptr (BstSyncEngine) engine = lying_engine (here, twister);
      g_autoptr (GError) error = NULL;

      g_test_message ("%s", at_door[i].name);
      twister->lie = &at_door[i];
      twister->at_door = TRUE;
      g_assert_cmpint (bst_sync_engine_round (engine, NULL, &error), ==, at_door[i].receipts > 0);
      if (at_door[i].receipts)
        g_assert_no_error (error);
      else
        g_assert_true (g_error_matches (error, BST_ERROR, BST_ERROR_PROTOCOL) ||
                       g_error_matches (error, BST_ERROR, BST_ERROR_PORTAL));
      assert_state (here, uid, at_door[i].receipts ? "submitted" : "queued");
      assert_recovers (here, uid, i + 1);
    }
}

/* Whether a round of a program that starts now goes well, although nobody answers for the session at the door. */
static gboolean
goes_without_asking (BstComputer *here, const char *token, GError **error)
{
  static const Lie portal = { "is a page", .whole = "<html><body>Welcome</body></html>" };
  g_autoptr (TestTwister) twister = twister_new (here, OTHER);
  g_autoptr (BstSyncEngine) engine = lying_engine (here, twister);

  twister->lie = &portal;
  twister->at_door = TRUE;
  if (token)
    bst_sync_engine_remember (engine, here->url, token);
  return bst_sync_engine_round (engine, NULL, error);
}

static void
assert_asks (BstComputer *here, const char *token)
{
  g_autoptr (GError) error = NULL;

  g_assert_false (goes_without_asking (here, token, &error));
  g_assert_error (error, BST_ERROR, BST_ERROR_PORTAL);
}

/* The session of the last time will do, for the same server and token, until the server says that it is another one. */
static void
test_session_remembered (void)
{
  g_autoptr (BstWorld) world = bst_world_new (BST_WORLD_THREAD, 77);
  g_autoptr (BstComputer) here = bst_computer_new (world, "here", "orla");
  g_autofree char *first = NULL;
  g_autofree char *second = NULL;
  g_autoptr (GError) error = NULL;

  assert_asks (here, here->token);
  bst_computer_sync (here);
  first = bst_computer_order (here, "s1", "Stol");
  g_assert_true (goes_without_asking (here, here->token, &error));
  g_assert_no_error (error);
  assert_state (here, first, "submitted");
  assert_asks (here, "another");
  assert_asks (here, NULL);
  bst_world_put (
      world, "Person",
      "{'id':'orla','name':'Prøve','unit':'d1','grants':{'g':{'role':'orderer','unit':'d1'},"
      "'h':{'role':'orderer','unit':'d2'}}}");
  assert_asks (here, here->token);
  bst_computer_sync (here);
  second = bst_computer_order (here, "s1", "Bord");
  assert_recovers (here, second, 2);
  g_assert_true (goes_without_asking (here, here->token, &error));
  bst_computer_shut (here);
  bst_computer_open (here);
  bst_store_wipe (here->store, &error);
  g_assert_no_error (error);
  assert_asks (here, here->token);
}

static void
fill_catalogue (BstWorld *world, guint n)
{
  const BstRecordType *type = bst_record_type_find ("Service");
  g_autoptr (BstStorage) storage = bst_world_storage (world);
  g_autoptr (GError) error = NULL;

  g_assert_true (bst_storage_begin (storage, &error));
  for (guint i = 0; i < n; i++)
    {
      g_autofree char *text = g_strdup_printf (
          "{\"id\":\"s-%u\",\"code\":\"C-%u\",\"area\":\"fm\",\"name\":{\"da\":\"Ydelse %u\"},"
          "\"obligation\":\"mandatory\",\"price\":{\"model\":\"included\"},"
          "\"responsible\":{\"performer\":\"pu\"},\"version\":1}",
          i, i, i);
      g_autoptr (GVariant) service = bst_json_parse_object (text, -1, &error);
      BstPutResult result;

      bst_storage_put (storage, type, service, &result, &error);
      g_assert_no_error (error);
    }
  g_assert_true (bst_storage_commit (storage, &error));
}

/* A line on which no page of the usual size comes through: pages become smaller until they do, and it comes to an end. */
static void
test_short_breath (void)
{
  const BstQuery services = { .type = "Service" };
  g_autoptr (BstWorld) world = bst_world_new (BST_WORLD_THREAD, 76);
  g_autoptr (BstComputer) here = bst_computer_new (world, "here", "orla");
  g_autoptr (TestTwister) twister = twister_new (here, OTHER);
  g_autoptr (BstSyncEngine) engine = lying_engine (here, twister);
  g_autofree char *uid = NULL;
  guint broken = 0;

  fill_catalogue (world, 900);
  twister->breath = 40000; /* about 200 services */
  for (;; broken++)
    {
      g_autoptr (GError) error = NULL;

      if (bst_sync_engine_round (engine, NULL, &error))
        break;
      g_assert_error (error, BST_ERROR, BST_ERROR_OUTCOME_UNKNOWN);
      g_assert_cmpuint (broken, <, 5);
    }
  g_test_message ("%u times broken", broken);
  g_assert_cmpuint (broken, >, 0);
  g_assert_cmpint (bst_store_count (here->store, &services, NULL), ==, 902);
  twister->breath = 0;
  uid = bst_computer_order (here, "s1", "Stol");
  assert_recovers (here, uid, 1);
}

/* A line that died while nothing was said costs nothing but a new one. */
static void
test_stale_line (void)
{
  g_autoptr (BstWorld) world = bst_world_new (BST_WORLD_THREAD, 73);
  g_autoptr (BstComputer) here = bst_computer_new (world, "here", "orla");

  bst_computer_sync (here);
  for (guint i = 0; i < 10; i++)
    {
      bst_fault_proxy_drop_connections (bst_world_proxy (world));
      bst_computer_sync (here);
    }
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/sync/engine/poison", test_poison);
  g_test_add_func ("/sync/engine/lies", test_lies);
  g_test_add_func ("/sync/engine/repeats", test_repeats);
  g_test_add_func ("/sync/engine/progress", test_progress);
  g_test_add_func ("/sync/engine/session-lies", test_session_lies);
  g_test_add_func ("/sync/engine/session-remembered", test_session_remembered);
  g_test_add_func ("/sync/engine/short-breath", test_short_breath);
  g_test_add_func ("/sync/engine/stale-line", test_stale_line);
  return g_test_run ();
}
