/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "bst-error.h"
#include "bst-jmap.h"
#include "bst-json.h"
#include "bst-sync-batch.h"

#include <string.h>

#define U1 "0195f000-0000-7000-8000-000000000001"
#define U2 "0195f000-0000-7000-8000-000000000002"
#define U3 "0195f000-0000-7000-8000-000000000003"
#define U4 "0195f000-0000-7000-8000-000000000004"

static GPtrArray *
items_new (void)
{
  return g_ptr_array_new_with_free_func ((GDestroyNotify) bst_outbox_item_free);
}

static BstOutboxItem *
add (GPtrArray *items,
     const char *type,
     const char *uid,
     const char *request,
     gboolean create,
     const char *content)
{
  BstOutboxItem *item = g_new0 (BstOutboxItem, 1);
  g_autoptr (GError) error = NULL;

  item->seq = items->len + 1;
  item->account = g_strdup ("dep-1");
  item->type = g_strdup (type);
  item->uid = g_strdup (uid);
  item->request = g_strdup (request);
  item->create = create;
  item->content = bst_json_parse_object (content, -1, &error);
  g_assert_no_error (error);
  item->state = BST_OUTBOX_SENDING;
  g_ptr_array_add (items, item);
  return item;
}

static void
add_order (GPtrArray *items, const char *uid, const char *event)
{
  add (items, "Request", uid, uid, TRUE, "{\"title\":\"Ny skærm\"}");
  add (items, "RequestEvent", event, uid, TRUE, "{\"action\":\"submit\"}");
}

static GPtrArray *
printed_calls (BstSyncBatch *batch)
{
  g_autoptr (GBytes) body = bst_sync_batch_print (batch);
  g_autoptr (GError) error = NULL;
  gsize len;
  const char *text = g_bytes_get_data (body, &len);
  BstJmapRequest *request = bst_jmap_request_parse (text, (gssize) len, &error);
  GPtrArray *calls;

  g_assert_no_error (error);
  calls = g_ptr_array_ref (request->calls);
  bst_jmap_request_free (request);
  return calls;
}

static BstSyncAnswer *
read_text (BstSyncBatch *batch, const char *responses, GError **error)
{
  g_autofree char *text =
      g_strdup_printf ("{\"methodResponses\":[%s],\"sessionState\":\"s1\"}", responses);
  g_autoptr (GBytes) bytes = g_bytes_new (text, strlen (text));

  return bst_sync_batch_read (batch, bytes, error);
}

static const BstOutcome *
outcome (BstSyncAnswer *answer, gint64 seq)
{
  for (guint i = 0; i < answer->outcomes->len; i++)
    if (g_array_index (answer->outcomes, BstOutcome, i).seq == seq)
      return &g_array_index (answer->outcomes, BstOutcome, i);
  return NULL;
}

static void
assert_waits (BstSyncAnswer *answer, gint64 seq)
{
  const BstOutcome *it = outcome (answer, seq);

  g_assert_nonnull (it);
  g_assert_null (it->record);
  g_assert_null (it->error);
}

static void
assert_refused (BstSyncAnswer *answer, gint64 seq, const char *type)
{
  const BstOutcome *it = outcome (answer, seq);

  g_assert_nonnull (it);
  g_assert_nonnull (it->error);
  g_assert_cmpstr (bst_doc_get_string (it->error, "type"), ==, type);
}

static void
assert_protocol (BstSyncBatch *batch, const char *responses)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (BstSyncAnswer) answer = read_text (batch, responses, &error);

  g_assert_null (answer);
  g_assert_error (error, BST_ERROR, BST_ERROR_PROTOCOL);
}

/* ---- what goes out ---- */

static void
test_orders_before_events (void)
{
  g_autoptr (GPtrArray) items = items_new ();
  g_autoptr (BstSyncBatch) batch = NULL;
  g_autoptr (GPtrArray) calls = NULL;
  BstJmapCall *call;

  add_order (items, U1, U3);
  add_order (items, U2, U4);
  batch = bst_sync_batch_new (items, NULL);
  bst_sync_batch_add_changes (batch, "dep-1", "e.1.7", 100);
  calls = printed_calls (batch);
  g_assert_cmpuint (calls->len, ==, 3);

  call = calls->pdata[0];
  g_assert_cmpstr (call->name, ==, "Request/set");
  g_assert_cmpstr (bst_doc_get_string (call->args, "accountId"), ==, "dep-1");
  g_assert_cmpstr (bst_doc_get_string (call->args, "create/k1/title"), ==, "Ny skærm");
  g_assert_true (bst_doc_has (call->args, "create/k3"));
  call = calls->pdata[1];
  g_assert_cmpstr (call->name, ==, "RequestEvent/set");
  g_assert_true (bst_doc_has (call->args, "create/k2"));
  call = calls->pdata[2];
  g_assert_cmpstr (call->name, ==, "Record/changes");
  g_assert_cmpstr (bst_doc_get_string (call->args, "sinceState"), ==, "e.1.7");
}

/* An edit behind an event of the same order must not overtake it; other orders go on. */
static void
test_nothing_overtakes (void)
{
  g_autoptr (GPtrArray) items = items_new ();
  g_autoptr (BstSyncBatch) batch = NULL;
  g_autoptr (BstSyncAnswer) answer = NULL;
  g_autoptr (GPtrArray) calls = NULL;
  g_autoptr (GError) error = NULL;

  add (items, "RequestEvent", U3, U1, TRUE, "{\"action\":\"message\"}");
  add (items, "Request", U1, U1, FALSE, "{\"rev\":3,\"title\":\"B\"}");
  add (items, "RequestEvent", U4, U1, TRUE, "{\"action\":\"submit\"}");
  add (items, "Request", U2, U2, TRUE, "{\"title\":\"C\"}");
  batch = bst_sync_batch_new (items, NULL);
  calls = printed_calls (batch);
  g_assert_cmpuint (calls->len, ==, 2);
  for (guint i = 0; i < calls->len; i++)
    {
      BstJmapCall *call = calls->pdata[i];

      g_assert_false (bst_doc_has (call->args, "update/" U1));
      g_assert_false (bst_doc_has (call->args, "create/k3"));
    }
  answer = read_text (
      batch,
      "[\"Request/set\",{\"accountId\":\"dep-1\",\"created\":{\"k4\":{\"id\":\"" U2 "\"}}},\"s0\"],"
      "[\"RequestEvent/set\",{\"accountId\":\"dep-1\",\"created\":{\"k1\":{\"id\":\"" U3
      "\"}}},\"s1\"]",
      &error);
  g_assert_no_error (error);
  g_assert_cmpuint (answer->n_left, ==, 2);
  g_assert_cmpuint (answer->n_settled, ==, 2);
  assert_waits (answer, 2);
  assert_waits (answer, 3);
}

static void
test_limits (void)
{
  g_autoptr (GPtrArray) items = items_new ();
  g_autofree char *text = g_strnfill (3000, 'x');
  g_autofree char *large = g_strdup_printf ("{\"title\":\"%s\"}", text);
  g_autoptr (BstSyncBatch) batch = NULL;
  g_autoptr (BstSyncAnswer) answer = NULL;
  g_autoptr (GPtrArray) calls = NULL;
  g_autoptr (GError) error = NULL;
  const BstSyncLimits limits = { .octets = 2000, .calls = 8, .objects = 2 };

  add (items, "Request", U1, U1, TRUE, large);
  add (items, "RequestEvent", U4, U1, TRUE, "{\"action\":\"submit\"}");
  for (guint i = 0; i < 10; i++)
    {
      g_autofree char *uid = g_strdup_printf ("0195f000-0000-7000-8000-0000000001%02u", i);

      add (items, "Request", uid, uid, TRUE, "{\"title\":\"B\"}");
    }
  batch = bst_sync_batch_new (items, &limits);
  calls = printed_calls (batch);
  g_assert_cmpuint (calls->len, ==, 4); /* 2000 / (256 + 13) = 7 items, two a call */
  answer = read_text (batch, "", &error);
  g_assert_no_error (error);
  assert_refused (answer, 1, "tooLarge"); /* it would hold back all others */
  assert_waits (answer, 2);
  assert_waits (answer, 12);
  g_assert_null (outcome (answer, 3)); /* sent, not a word: unknown */
  g_assert_true (answer->failed);
}

static void
test_apart (void)
{
  g_autoptr (GPtrArray) items = items_new ();
  g_autoptr (BstSyncBatch) batch = NULL;
  g_autoptr (BstSyncAnswer) answer = NULL;
  g_autoptr (GPtrArray) calls = NULL;
  g_autoptr (GError) error = NULL;
  const BstSyncLimits limits = { .apart = TRUE };

  add_order (items, U1, U3);
  add_order (items, U2, U4);
  batch = bst_sync_batch_new (items, &limits);
  calls = printed_calls (batch);
  g_assert_cmpuint (calls->len, ==, 4);
  answer = read_text (
      batch,
      "[\"error\",{\"type\":\"serverFail\"},\"s0\"],"
      "[\"Request/set\",{\"accountId\":\"dep-1\",\"created\":{\"k3\":{\"id\":\"" U2 "\"}}},\"s1\"],"
      "[\"error\",{\"type\":\"serverFail\"},\"s2\"],"
      "[\"RequestEvent/set\",{\"accountId\":\"dep-1\",\"created\":{\"k4\":{\"id\":\"" U4
      "\"}}},\"s3\"]",
      &error);
  g_assert_no_error (error);
  g_assert_true (answer->failed);
  g_assert_cmpuint (answer->n_settled, ==, 2);
  g_assert_nonnull (outcome (answer, 3)->record);
  g_assert_null (outcome (answer, 1)); /* not refused: it may be well another time */
}

/* ---- what comes back ---- */

static void
test_refusals (void)
{
  g_autoptr (GPtrArray) items = items_new ();
  g_autoptr (BstSyncBatch) batch = NULL;
  g_autoptr (BstSyncAnswer) answer = NULL;
  g_autoptr (GError) error = NULL;

  add_order (items, U1, U3);
  add (items, "RequestEvent", U4, U1, TRUE, "{\"action\":\"message\",\"text\":\"x\"}");
  batch = bst_sync_batch_new (items, NULL);
  answer = read_text (
      batch,
      "[\"Request/"
      "set\",{\"accountId\":\"dep-1\",\"notCreated\":{\"k1\":{\"type\":\"invalidProperties\","
      "\"properties\":[\"title\"]}}},\"s0\"],"
      "[\"RequestEvent/"
      "set\",{\"accountId\":\"dep-1\",\"notCreated\":{\"k2\":{\"type\":\"notFound\"},"
      "\"k3\":{\"type\":\"notFound\"}}},\"s1\"]",
      &error);
  g_assert_no_error (error);
  assert_refused (answer, 1, "invalidProperties");
  assert_refused (answer, 2, "notFound");
  assert_waits (answer, 3); /* the message waits for the order to be put right */
  g_assert_false (answer->failed);
}

static void
test_account_gone (void)
{
  g_autoptr (GPtrArray) items = items_new ();
  g_autoptr (BstSyncBatch) batch = NULL;
  g_autoptr (BstSyncAnswer) answer = NULL;
  g_autoptr (GError) error = NULL;

  add (items, "Request", U1, U1, TRUE, "{\"title\":\"A\"}");
  batch = bst_sync_batch_new (items, NULL);
  bst_sync_batch_add_changes (batch, "dep-1", "e.1.7", 100);
  bst_sync_batch_add_changes (batch, "dep-2", "e.1.7", 100);
  answer = read_text (batch,
                      "[\"error\",{\"type\":\"accountNotFound\"},\"s0\"],"
                      "[\"error\",{\"type\":\"accountNotFound\"},\"c0\"],"
                      "[\"error\",{\"type\":\"cannotCalculateChanges\"},\"c1\"]",
                      &error);
  g_assert_no_error (error);
  assert_waits (answer, 1); /* not while the server has lost our state */
  g_assert_true (answer->accounts_changed);
  g_assert_cmpuint (answer->lost->len, ==, 1);
  g_assert_cmpstr (answer->lost->pdata[0], ==, "dep-2");
}

/* The answer to an update was lost: the second try finds the record changed since, by ourselves. */
static void
test_update_done_already (void)
{
  g_autoptr (GPtrArray) items = items_new ();
  g_autoptr (BstSyncBatch) batch = NULL;
  g_autoptr (BstSyncAnswer) answer = NULL;
  g_autoptr (GError) error = NULL;

  add (items, "Request", U1, U1, FALSE,
       "{\"rev\":3,\"title\":\"B\",\"lines/l1/quantity\":2,\"need\":null}");
  add (items, "Request", U2, U2, FALSE, "{\"rev\":3,\"title\":\"B\"}");
  batch = bst_sync_batch_new (items, NULL);
  answer = read_text (batch,
                      "[\"Request/set\",{\"accountId\":\"dep-1\",\"notUpdated\":{"
                      "\"" U1 "\":{\"type\":\"revMismatch\",\"properties\":[\"title\"],\"current\":"
                      "{\"id\":\"" U1
                      "\",\"rev\":4,\"title\":\"B\",\"lines\":{\"l1\":{\"quantity\":2}}}},"
                      "\"" U2 "\":{\"type\":\"revMismatch\",\"properties\":[\"title\"],\"current\":"
                      "{\"id\":\"" U2 "\",\"rev\":4,\"title\":\"C\"}}}},\"s0\"]",
                      &error);
  g_assert_no_error (error);
  g_assert_nonnull (outcome (answer, 1)->record);
  g_assert_cmpint (bst_doc_get_int (outcome (answer, 1)->record, "rev", 0), ==, 4);
  assert_refused (answer, 2, "revMismatch");
}

/* Whatever is no answer to what we asked settles nothing. */
static void
test_wrong_answers (void)
{
  g_autoptr (GPtrArray) items = items_new ();
  g_autoptr (BstSyncBatch) batch = NULL;
  static const char good[] =
      "[\"Request/set\",{\"accountId\":\"dep-1\",\"created\":{\"k1\":{\"id\":\"" U1 "\"}}},\"s0\"]";
  static const char *const wrong[] = {
    "[\"Request/set\",{\"accountId\":\"dep-2\",\"created\":{\"k1\":{\"id\":\"" U1 "\"}}},\"s0\"]",
    "[\"Request/set\",{\"accountId\":\"dep-1\",\"created\":{\"k1\":{\"id\":\"" U2 "\"}}},\"s0\"]",
    "[\"Request/set\",{\"accountId\":\"dep-1\",\"created\":{\"k1\":null}},\"s0\"]",
    "[\"Request/set\",{\"accountId\":\"dep-1\",\"created\":{\"k1\":{\"id\":\"" U1
    "\"}},\"notCreated\":{\"k1\":{\"type\":\"forbidden\"}}},\"s0\"]",
    "[\"RequestEvent/set\",{\"accountId\":\"dep-1\",\"created\":{\"k1\":{\"id\":\"" U1
    "\"}}},\"s0\"]",
    "[\"Request/set\",{\"accountId\":\"dep-1\",\"created\":{\"k1\":{\"id\":\"" U1 "\"}}},\"s1\"]",
    "[\"Request/set\",{\"accountId\":\"dep-1\",\"created\":{\"k1\":{\"id\":\"" U1 "\"}}},\"s\"]",
    "[\"Request/set\",{\"accountId\":\"dep-1\",\"created\":{\"k1\":{\"id\":\"" U1 "\"}}},\"x0\"]",
    "[\"Request/set\",{\"accountId\":\"dep-1\",\"created\":{\"k1\":{\"id\":\"" U1 "\"}}},\"\"]",
    "[\"Request/get\",{\"accountId\":\"dep-1\",\"list\":[]},\"c0\"]",
    "[\"Request/set\",{\"accountId\":\"dep-1\",\"created\":[],},\"s0\"]",
  };

  add (items, "Request", U1, U1, TRUE, "{\"title\":\"A\"}");
  batch = bst_sync_batch_new (items, NULL);
  for (guint i = 0; i < G_N_ELEMENTS (wrong); i++)
    {
      g_test_message ("%s", wrong[i]);
      assert_protocol (batch, wrong[i]);
    }
  {
    g_autofree char *twice = g_strconcat (good, ",", good, NULL);

    assert_protocol (batch, twice);
  }
  {
    g_autoptr (GBytes) page = g_bytes_new_static ("<html>Welcome</html>", 20);
    g_autoptr (GError) error = NULL;

    g_assert_null (bst_sync_batch_read (batch, page, &error));
    g_assert_error (error, BST_ERROR, BST_ERROR_PROTOCOL);
  }
  {
    g_autoptr (GError) error = NULL;
    g_autoptr (BstSyncAnswer) answer = read_text (batch, good, &error);

    g_assert_no_error (error);
    g_assert_nonnull (outcome (answer, 1)->record);
    g_assert_false (answer->failed);
    g_assert_cmpstr (answer->session_state, ==, "s1");
  }
}

/* The same of changes and removals: what is named must be ours, and be what became of it. */
static void
test_wrong_changes (void)
{
  static const char *const wrong[] = {
    "\"updated\":{\"" U1 "\":{\"id\":\"" U2 "\"}}",
    "\"updated\":{\"" U1 "\":{\"id\":7}}",
    "\"updated\":{\"" U1 "\":{\"rev\":-4}}",
    "\"updated\":{\"" U1 "\":{\"rev\":0}}",
    "\"updated\":{\"" U1 "\":{\"rev\":\"4\"}}",
    "\"updated\":{\"" U1 "\":{\"rev\":9007199254740992}}",
    "\"updated\":{\"" U1 "\":null,\"" U3 "\":null}",
    "\"updated\":{\"" U1 "\":null},\"notUpdated\":{\"" U3 "\":{\"type\":\"forbidden\"}}",
    "\"updated\":{\"" U1 "\":null},\"notUpdated\":{\"" U1 "\":{\"type\":\"forbidden\"}}",
    "\"updated\":[\"" U1 "\"]",
    "\"updated\":true",
    "\"created\":{\"k1\":{\"id\":\"" U1 "\"}}",
    "\"notCreated\":{\"k1\":{\"type\":\"forbidden\"}}",
    "\"destroyed\":[\"" U2 "\",\"" U1 "\"]",
    "\"destroyed\":[7]",
    "\"destroyed\":{\"" U2 "\":null}",
    "\"notDestroyed\":{\"" U3 "\":{\"type\":\"notFound\"}}",
  };
  g_autoptr (GPtrArray) items = items_new ();
  g_autoptr (BstSyncBatch) batch = NULL;
  g_autoptr (BstSyncAnswer) answer = NULL;
  g_autoptr (GError) error = NULL;

  add (items, "Request", U1, U1, FALSE, "{\"rev\":3,\"title\":\"B\"}");
  add (items, "Request", U2, U2, FALSE, "{\"rev\":1}")->destroy = TRUE;
  batch = bst_sync_batch_new (items, NULL);
  for (guint i = 0; i < G_N_ELEMENTS (wrong); i++)
    {
      g_autofree char *text =
          g_strdup_printf ("[\"Request/set\",{\"accountId\":\"dep-1\",%s},\"s0\"]", wrong[i]);

      g_test_message ("%s", wrong[i]);
      assert_protocol (batch, text);
    }
  answer =
      read_text (batch,
                 "[\"Request/set\",{\"accountId\":\"dep-1\",\"created\":null,\"updated\":{\"" U1
                 "\":{\"rev\":4}},\"notDestroyed\":{\"" U2 "\":\"no\"}},\"s0\"]",
                 &error);
  g_assert_no_error (error);
  g_assert_nonnull (outcome (answer, 1)->record);
  g_assert_null (outcome (answer, 2)); /* it says nothing that means anything */
  g_assert_true (answer->failed);
}

/* A server that forgets: an answer that says nothing of the item, and one that is not there. */
static void
test_forgotten (void)
{
  static const char *const forgetful[] = {
    "", "[\"Request/set\",{\"accountId\":\"dep-1\"},\"s0\"]",
    "[\"Request/"
    "set\",{\"accountId\":\"dep-1\",\"notCreated\":{\"k1\":{\"type\":\"rateLimit\"}}},\"s0\"]",
    "[\"Request/set\",{\"accountId\":\"dep-1\",\"notCreated\":{\"k1\":{}}},\"s0\"]"
  };
  g_autoptr (GPtrArray) items = items_new ();

  add (items, "Request", U1, U1, TRUE, "{\"title\":\"A\"}");
  for (guint i = 0; i < G_N_ELEMENTS (forgetful); i++)
    {
      g_autoptr (BstSyncBatch) batch = bst_sync_batch_new (items, NULL);
      g_autoptr (GError) error = NULL;
      g_autoptr (BstSyncAnswer) answer = read_text (batch, forgetful[i], &error);

      g_assert_no_error (error);
      g_assert_cmpuint (answer->outcomes->len, ==, 0);
      g_assert_cmpuint (answer->n_settled, ==, 0);
      g_assert_true (answer->failed);
    }
}

static void
test_right_gone (void)
{
  g_autoptr (GPtrArray) items = items_new ();
  g_autoptr (BstSyncBatch) batch = NULL;
  g_autoptr (BstSyncAnswer) answer = NULL;
  g_autoptr (GError) error = NULL;

  add (items, "Request", U1, U1, TRUE, "{\"title\":\"A\"}");
  batch = bst_sync_batch_new (items, NULL);
  answer = read_text (batch, "[\"error\",{\"type\":\"accountNotFound\"},\"s0\"]", &error);
  g_assert_no_error (error);
  assert_refused (answer, 1, "accountNotFound");
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/sync/batch/orders-before-events", test_orders_before_events);
  g_test_add_func ("/sync/batch/nothing-overtakes", test_nothing_overtakes);
  g_test_add_func ("/sync/batch/limits", test_limits);
  g_test_add_func ("/sync/batch/apart", test_apart);
  g_test_add_func ("/sync/batch/refusals", test_refusals);
  g_test_add_func ("/sync/batch/account-gone", test_account_gone);
  g_test_add_func ("/sync/batch/right-gone", test_right_gone);
  g_test_add_func ("/sync/batch/update-done-already", test_update_done_already);
  g_test_add_func ("/sync/batch/wrong-answers", test_wrong_answers);
  g_test_add_func ("/sync/batch/wrong-changes", test_wrong_changes);
  g_test_add_func ("/sync/batch/forgotten", test_forgotten);
  return g_test_run ();
}
