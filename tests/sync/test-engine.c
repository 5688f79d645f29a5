/* SPDX-License-Identifier: GPL-3.0-or-later */

/* A server that fails at one order, lies, forgets or repeats itself: the real one, with its words twisted on the way. */

#include "bst-error.h"
#include "bst-jmap.h"
#include "bst-json.h"
#include "bst-sync-engine.h"
#include "bst-world.h"

#include <string.h>

typedef enum
{
  TWIST_NONE,
  TWIST_POISON,  /* the server fails at every call that names the order */
  TWIST_ACCOUNT, /* pages of another account */
  TWIST_REPEAT,  /* the same answer as the last time */
  TWIST_FORGET,  /* no answers at all */
  TWIST_HALF,    /* the text ends in the middle */
  TWIST_NO_JSON, /* something else, well meant */
  TWIST_ID,      /* another record's id */
  N_TWISTS
} Twist;

#define TEST_TYPE_TWISTER (test_twister_get_type ())
G_DECLARE_FINAL_TYPE (TestTwister, test_twister, TEST, TWISTER, GObject)

struct _TestTwister
{
  GObject parent_instance;

  BstTransport *over;
  Twist twist;
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

static GBytes *
twist (TestTwister *self, GBytes *answer)
{
  static const char empty[] = "{\"methodResponses\":[],\"sessionState\":\"x\"}";
  static const char other[] = "{\"hello\":\"world\"}";

  switch (self->twist)
    {
    case TWIST_ACCOUNT:
      return replace (answer, "\"accountId\":\"d1\"", "\"accountId\":\"d9\"");
    case TWIST_ID:
      return replace (answer, self->order, "0195f000-0000-7000-8000-000000000009");
    case TWIST_REPEAT:
      return g_bytes_ref (self->last);
    case TWIST_FORGET:
      return g_bytes_new_static (empty, strlen (empty));
    case TWIST_HALF:
      return g_bytes_new_from_bytes (answer, 0, g_bytes_get_size (answer) / 2);
    case TWIST_NO_JSON:
      return g_bytes_new_static (other, strlen (other));
    case TWIST_NONE:
    case TWIST_POISON:
    case N_TWISTS:
    default:
      return g_bytes_ref (answer);
    }
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

  if (post && self->twist == TWIST_POISON)
    return poison (self, body, cancellable, error);
  answer = bst_transport_request (self->over, method, path, body, cancellable, error);
  if (!answer || !post)
    return g_steal_pointer (&answer);
  twisted = twist (self, answer);
  g_clear_pointer (&self->last, g_bytes_unref);
  self->last = g_steal_pointer (&answer);
  return twisted;
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
  twister->twist = TWIST_POISON;
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

/* A lie settles nothing, loses nothing, and is forgotten at the next good answer. */
static void
test_lies (void)
{
  g_autoptr (BstWorld) world = bst_world_new (BST_WORLD_THREAD, 72);
  g_autoptr (BstComputer) here = bst_computer_new (world, "here", "orla");
  guint n = 0;

  bst_computer_sync (here);
  for (Twist lie = TWIST_ACCOUNT; lie < N_TWISTS; lie++)
    {
      g_autofree char *uid = bst_computer_order (here, "s1", "Stol");
      g_autoptr (TestTwister) twister = twister_new (here, uid);
      g_autoptr (BstSyncEngine) engine =
          bst_sync_engine_new (here->store, BST_TRANSPORT (twister), NULL, NULL);
      g_autoptr (GPtrArray) before = bst_computer_receipts (here);
      g_autoptr (GPtrArray) after = NULL;
      g_autoptr (GError) error = NULL;

      g_test_message ("lie %u", lie);
      twister->twist = lie;
      if (lie == TWIST_REPEAT)
        {
          static const char old[] =
              "{\"methodResponses\":[[\"Record/changes\",{\"accountId\":\"d1\","
              "\"oldState\":\"x\",\"newState\":\"y\",\"hasMoreChanges\":false,"
              "\"records\":{},\"destroyed\":{}},\"c0\"]],\"sessionState\":\"s\"}";

          twister->last = g_bytes_new_static (old, strlen (old));
        }
      g_assert_false (bst_sync_engine_round (engine, NULL, &error));
      g_assert_true (g_error_matches (error, BST_ERROR, BST_ERROR_PROTOCOL) ||
                     g_error_matches (error, BST_ERROR, BST_ERROR_SERVER));
      after = bst_computer_receipts (here);
      if (lie !=
          TWIST_ACCOUNT) /* there the fates were told truly, and only the page was another's */
        g_assert_cmpuint (after->len, ==, before->len);
      bst_computer_sync (here);
      assert_state (here, uid, "submitted");
      g_assert_cmpuint (bst_world_count (world, "Request"), ==, ++n);
      g_assert_cmpuint (bst_world_count (world, "RequestEvent"), ==, n);
    }
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
  g_test_add_func ("/sync/engine/stale-line", test_stale_line);
  return g_test_run ();
}
