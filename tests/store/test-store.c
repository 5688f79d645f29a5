/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "store-fixture.h"

#include "bst-error.h"

#include <glib/gstdio.h>
#include <string.h>

static void
check_state (StoreFixture *fixture, const char *id, const char *local, const char *state)
{
  g_autofree char *is_local = local_state (fixture, id);
  g_autofree char *is_state = property_of (fixture, "Request", id, "state");

  g_assert_cmpstr (is_local, ==, local);
  g_assert_cmpstr (is_state, ==, state);
}

static void
test_identity (StoreFixture *fixture, gconstpointer data)
{
  g_autoptr (GVariant) set = json ("{\"person\":\"p9\",\"personName\":\"Åse\"}");
  g_autoptr (GVariant) got = NULL;
  g_autofree char *installation = g_strdup (bst_store_installation (fixture->store));

  g_assert_true (bst_uid_is_valid (installation));
  g_assert_true (bst_store_set_identity (fixture->store, set, NULL));
  store_fixture_close (fixture);
  store_fixture_open (fixture);
  got = bst_store_get_identity (fixture->store);
  g_assert_cmpstr (bst_doc_get_string (got, "personName"), ==, "Åse");
  g_assert_cmpstr (bst_store_installation (fixture->store), ==, installation);
}

static void
test_draft (StoreFixture *fixture, gconstpointer data)
{
  g_autoptr (GVariant) draft = make_draft (fixture, "Stole", "s1");
  const char *uid = bst_doc_get_string (draft, "uid");
  g_autoptr (GVariant) changed = bst_doc_set_string (draft, "need", "De gamle er slidt");
  g_autoptr (GError) error = NULL;
  g_autofree char *need = NULL;
  const BstQuery query = { .type = "Request", .local_only = TRUE };

  g_assert_true (bst_store_save_draft (fixture->store, draft, &error));
  check_state (fixture, uid, "draft", "draft");
  g_assert_true (bst_store_save_draft (fixture->store, changed, &error));
  g_assert_cmpint (bst_store_count (fixture->store, &query, NULL), ==, 1);

  store_fixture_close (fixture);
  store_fixture_open (fixture);
  need = property_of (fixture, "Request", uid, "need");
  g_assert_cmpstr (need, ==, "De gamle er slidt");

  g_assert_true (bst_store_remove_draft (fixture->store, uid, &error));
  g_assert_cmpint (bst_store_count (fixture->store, &query, NULL), ==, 0);
  g_assert_false (bst_store_remove_draft (fixture->store, uid, &error));
  g_assert_error (error, BST_ERROR, BST_ERROR_NOT_FOUND);
  g_clear_error (&error);
  g_assert_null (bst_store_get (fixture->store, "Request", uid, &error));
  g_assert_error (error, BST_ERROR, BST_ERROR_NOT_FOUND);
}

static void
test_submit (StoreFixture *fixture, gconstpointer data)
{
  g_autofree char *uid = save_and_submit (fixture, "Stole");
  g_autoptr (GPtrArray) outbox = bst_store_outbox (fixture->store, NULL);
  const BstOutboxItem *create = g_ptr_array_index (outbox, 0);
  const BstOutboxItem *event = g_ptr_array_index (outbox, 1);
  const BstQuery query = { .type = "RequestEvent", .request = uid };

  g_assert_cmpuint (outbox->len, ==, 2);
  g_assert_cmpstr (create->type, ==, "Request");
  g_assert_cmpstr (create->uid, ==, uid);
  g_assert_cmpstr (create->account, ==, "d1");
  g_assert_true (create->create);
  g_assert_cmpstr (bst_doc_get_string (create->content, "orderer"), ==, "p1");
  g_assert_false (bst_doc_has (create->content, "@local"));
  g_assert_false (bst_doc_has (create->content, "state"));
  g_assert_cmpstr (event->type, ==, "RequestEvent");
  g_assert_cmpstr (event->request, ==, uid);
  g_assert_cmpstr (bst_doc_get_string (event->content, "action"), ==, "submit");
  g_assert_cmpint (event->seq, >, create->seq);
  check_state (fixture, uid, "queued", "submitted");
  g_assert_cmpint (bst_store_count (fixture->store, &query, NULL), ==, 1);
}

static void
test_submit_incomplete (StoreFixture *fixture, gconstpointer data)
{
  g_autoptr (GVariant) draft = make_draft (fixture, "", "s1");
  const char *uid = bst_doc_get_string (draft, "uid");
  g_autoptr (GPtrArray) outbox = NULL;
  g_autoptr (GError) error = NULL;

  g_assert_true (bst_store_save_draft (fixture->store, draft, &error));
  g_assert_false (bst_store_submit (fixture->store, uid, &error));
  g_assert_error (error, BST_ERROR, BST_ERROR_INVALID);
  g_assert_true (g_str_has_prefix (error->message, "title"));
  outbox = bst_store_outbox (fixture->store, NULL);
  g_assert_cmpuint (outbox->len, ==, 0);
  check_state (fixture, uid, "draft", "draft");
}

static void
test_withdraw (StoreFixture *fixture, gconstpointer data)
{
  g_autofree char *uid = save_and_submit (fixture, "Stole");
  g_autoptr (GPtrArray) outbox = NULL;
  g_autoptr (GPtrArray) taken = NULL;
  g_autoptr (GError) error = NULL;

  g_assert_true (bst_store_withdraw (fixture->store, uid, &error));
  check_state (fixture, uid, "draft", "draft");
  outbox = bst_store_outbox (fixture->store, NULL);
  g_assert_cmpuint (outbox->len, ==, 0);

  g_assert_true (bst_store_submit (fixture->store, uid, &error));
  taken = bst_store_outbox_take (fixture->store, 10, &error);
  g_assert_cmpuint (taken->len, ==, 2);
  check_state (fixture, uid, "sending", "submitted");
  g_assert_false (bst_store_withdraw (fixture->store, uid, &error));
  g_assert_error (error, BST_ERROR, BST_ERROR_FORBIDDEN);
}

/* Left, no answer, restarted: the same items with the same uids again. */
static void
test_taken_again_after_restart (StoreFixture *fixture, gconstpointer data)
{
  g_autofree char *uid = save_and_submit (fixture, "Stole");
  g_autoptr (GPtrArray) first = bst_store_outbox_take (fixture->store, 10, NULL);
  g_autoptr (GPtrArray) second = NULL;

  store_fixture_close (fixture);
  store_fixture_open (fixture);
  check_state (fixture, uid, "sending", "submitted");
  second = bst_store_outbox_take (fixture->store, 10, NULL);
  g_assert_cmpuint (second->len, ==, first->len);
  for (guint i = 0; i < first->len; i++)
    {
      const BstOutboxItem *a = g_ptr_array_index (first, i);
      const BstOutboxItem *b = g_ptr_array_index (second, i);

      g_assert_cmpint (a->seq, ==, b->seq);
      g_assert_cmpstr (a->uid, ==, b->uid);
      g_assert_true (bst_doc_equal (a->content, b->content));
      g_assert_cmpuint (b->tries, ==, 2);
    }
}

static void
receipts_cb (GObject *source, GAsyncResult *result, gpointer data)
{
  *(GPtrArray **) data = bst_store_receipts_finish (BST_STORE (source), result, NULL);
}

static gboolean
is_set (gpointer data)
{
  return *(gpointer *) data != NULL;
}

/* Received is not yet shown by the replica: it must stay as submitted meanwhile, also over a restart. */
static void
test_received (StoreFixture *fixture, gconstpointer data)
{
  g_autofree char *uid = save_and_submit (fixture, "Stole");
  g_autofree char *records = NULL;
  g_autoptr (GPtrArray) outbox = NULL;
  g_autoptr (GPtrArray) receipts = NULL;

  accept_all (fixture);
  outbox = bst_store_outbox (fixture->store, NULL);
  g_assert_cmpuint (outbox->len, ==, 0);
  check_state (fixture, uid, "", "submitted");
  store_fixture_close (fixture);
  store_fixture_open (fixture);
  check_state (fixture, uid, "", "submitted");

  bst_store_receipts_async (fixture->store, 10, NULL, receipts_cb, &receipts);
  spin_until (is_set, &receipts);
  g_assert_cmpuint (receipts->len, ==, 2);
  g_assert_cmpstr (bst_doc_get_string (g_ptr_array_index (receipts, 1), "number"), ==,
                   "2026-000001");
  g_assert_cmpstr (bst_doc_get_string (g_ptr_array_index (receipts, 1), "title"), ==, "Stole");

  records = g_strdup_printf (
      "{\"Request\":[{\"id\":\"%s\",\"uid\":\"%s\",\"rev\":2,\"title\":\"Stole\",\"unit\":\"s1\","
      "\"state\":\"accepted\",\"eventSequence\":2,\"orderer\":\"p1\"}]}",
      uid, uid);
  store_fixture_must_apply (fixture, "d1", "e.r.2", FALSE, records, "{}");
  check_state (fixture, uid, "", "accepted");
  store_fixture_close (fixture);
  store_fixture_open (fixture);
  check_state (fixture, uid, "", "accepted");
}

static void
refuse_all (StoreFixture *fixture, const char *set_error)
{
  g_autoptr (GPtrArray) items = bst_store_outbox_take (fixture->store, 100, NULL);
  g_autoptr (GVariant) error = json (set_error);
  g_autofree BstOutcome *outcomes = g_new0 (BstOutcome, items->len);

  for (guint i = 0; i < items->len; i++)
    outcomes[i] =
        (BstOutcome){ ((BstOutboxItem *) g_ptr_array_index (items, i))->seq, NULL, error };
  g_assert_true (bst_store_outbox_settle (fixture->store, outcomes, items->len, NULL));
}

/* Refused: it stays, with the reason at the field, is edited under the same uid, and replaces what was refused. */
static void
test_refused (StoreFixture *fixture, gconstpointer data)
{
  g_autofree char *uid = save_and_submit (fixture, "Stole");
  g_autofree char *reason = NULL;
  g_autoptr (GVariant) doc = NULL;
  g_autoptr (GVariant) problems = NULL;
  g_autoptr (GVariant) edited = NULL;
  g_autoptr (GPtrArray) outbox = NULL;
  g_autoptr (GError) error = NULL;

  refuse_all (fixture, "{\"type\":\"invalidProperties\",\"problems\":[{\"path\":\"ean\",\"code\":"
                       "\"check-digit\",\"message\":\"m\"}]}");
  check_state (fixture, uid, "refused", "draft");
  doc = bst_store_get (fixture->store, "Request", uid, NULL);
  g_assert_cmpstr (bst_doc_get_string (doc, "@local/reason"), ==, "invalidProperties");
  problems = bst_doc_get_list (doc, "@local/problems");
  g_assert_cmpuint (g_variant_n_children (problems), ==, 1);

  edited = bst_doc_set_string (doc, "title", "Stole igen");
  g_assert_true (bst_store_save_draft (fixture->store, edited, &error));
  check_state (fixture, uid, "refused", "draft");
  g_assert_true (bst_store_submit (fixture->store, uid, &error));
  g_assert_no_error (error);
  outbox = bst_store_outbox (fixture->store, NULL);
  g_assert_cmpuint (outbox->len, ==, 2);
  g_assert_cmpstr (((BstOutboxItem *) g_ptr_array_index (outbox, 0))->uid, ==, uid);
  g_assert_cmpstr (
      bst_doc_get_string (((BstOutboxItem *) g_ptr_array_index (outbox, 0))->content, "title"), ==,
      "Stole igen");
  check_state (fixture, uid, "queued", "submitted");
}

/* The server has the record, but refused to take it as an order: what is sent next is a change, and the submission. */
static void
test_refused_submission_becomes_update (StoreFixture *fixture, gconstpointer data)
{
  g_autofree char *uid = save_and_submit (fixture, "Stole");
  g_autoptr (GPtrArray) items = bst_store_outbox_take (fixture->store, 100, NULL);
  g_autoptr (GVariant) created = json ("{\"rev\":7,\"number\":\"2026-000001\"}");
  g_autoptr (GVariant) refusal = json ("{\"type\":\"catalogueChanged\",\"changes\":[{\"line\":"
                                       "\"l1\",\"property\":\"price\",\"old\":1,\"new\":2}]}");
  const BstOutcome outcomes[] = {
    { ((BstOutboxItem *) g_ptr_array_index (items, 0))->seq, created, NULL },
    { ((BstOutboxItem *) g_ptr_array_index (items, 1))->seq, NULL, refusal },
  };
  g_autofree char *records = g_strdup_printf (
      "{\"Request\":[{\"id\":\"%s\",\"uid\":\"%s\",\"rev\":7,\"title\":\"Stole\",\"unit\":\"s1\","
      "\"ean\":\"5790000000012\",\"orderer\":\"p1\",\"state\":\"draft\","
      "\"lines\":{\"l1\":{\"service\":\"chair\",\"serviceVersion\":1,\"quantity\":2,\"order\":1,"
      "\"state\":\"draft\","
      "\"price\":{\"model\":\"one-off\",\"once\":{\"amount\":150000,\"currency\":\"DKK\"}}}}}]}",
      uid, uid);
  g_autoptr (GVariant) doc = NULL;
  g_autoptr (GVariant) edited = NULL;
  g_autoptr (GVariant) changes = NULL;
  g_autoptr (GPtrArray) outbox = NULL;
  g_autoptr (GError) error = NULL;
  const BstOutboxItem *update;

  g_assert_true (bst_store_outbox_settle (fixture->store, outcomes, 2, NULL));
  store_fixture_must_apply (fixture, "d1", "e.r.2", FALSE, records, "{}");
  check_state (fixture, uid, "refused", "draft");
  doc = bst_store_get (fixture->store, "Request", uid, NULL);
  changes = bst_doc_get_list (doc, "@local/changes");
  g_assert_cmpuint (g_variant_n_children (changes), ==, 1);

  edited = bst_doc_set_int (doc, "lines/l1/quantity", 3);
  g_assert_true (bst_store_save_draft (fixture->store, edited, &error));
  g_assert_true (bst_store_submit (fixture->store, uid, &error));
  g_assert_no_error (error);
  outbox = bst_store_outbox (fixture->store, NULL);
  g_assert_cmpuint (outbox->len, ==, 2);
  update = g_ptr_array_index (outbox, 0);
  g_assert_false (update->create);
  g_assert_cmpint (bst_doc_get_int (update->content, "rev", 0), ==, 7);
  g_assert_cmpuint (g_variant_n_children (update->content), ==, 2);
}

/* What nobody asks for goes nowhere, and stays in the draft; an order that is taken back is as it was. */
static void
test_no_longer_asked (StoreFixture *fixture, gconstpointer data)
{
  g_autoptr (GVariant) draft = make_draft (fixture, "Stole", "s1");
  g_autofree char *uid = g_strdup (bst_doc_get_string (draft, "uid"));
  g_autoptr (GVariant) answers = json ("{\"gone\":\"Lokale 7\"}");
  g_autoptr (GVariant) asked =
      json ("{\"gone\":{\"key\":\"gone\",\"kind\":\"text\",\"label\":{\"da\":\"Hvor\"}}}");
  g_autoptr (GVariant) kept = NULL;
  g_autoptr (GPtrArray) outbox = NULL;
  g_autoptr (GError) error = NULL;
  const BstOutboxItem *create;

  bst_doc_replace (&draft, bst_doc_set (draft, "lines/l1/answers", answers));
  bst_doc_replace (&draft, bst_doc_set (draft, "lines/l1/asked", asked));
  g_assert_true (bst_store_save_draft (fixture->store, draft, &error));
  g_assert_true (bst_store_submit (fixture->store, uid, &error));
  g_assert_no_error (error);
  outbox = bst_store_outbox (fixture->store, NULL);
  create = g_ptr_array_index (outbox, 0);
  g_assert_true (bst_doc_has (create->content, "lines/l1/service"));
  g_assert_false (bst_doc_has (create->content, "lines/l1/answers"));
  g_assert_false (bst_doc_has (create->content, "lines/l1/asked"));

  g_assert_true (bst_store_withdraw (fixture->store, uid, &error));
  kept = bst_store_get (fixture->store, "Request", uid, &error);
  g_assert_cmpstr (bst_doc_get_string (kept, "lines/l1/answers/gone"), ==, "Lokale 7");
  g_assert_cmpstr (bst_doc_get_string (kept, "lines/l1/asked/gone/label/da"), ==, "Hvor");
}

/* What is kept here of an order that was taken is no change of it: the submission is all that is left to send. */
static void
test_kept_is_no_change (StoreFixture *fixture, gconstpointer data)
{
  g_autoptr (GVariant) draft = make_draft (fixture, "Stole", "s1");
  g_autofree char *uid = g_strdup (bst_doc_get_string (draft, "uid"));
  g_autoptr (GVariant) answers = json ("{\"gone\":\"Lokale 7\"}");
  g_autoptr (GVariant) asked =
      json ("{\"gone\":{\"key\":\"gone\",\"kind\":\"text\",\"label\":{\"da\":\"Hvor\"}}}");
  g_autofree char *answer =
      g_strdup_printf ("{\"id\":\"%s\",\"uid\":\"%s\",\"rev\":1,\"state\":\"draft\"}", uid, uid);
  g_autoptr (GVariant) created = json (answer);
  g_autoptr (GPtrArray) taken = NULL;
  g_autoptr (GPtrArray) outbox = NULL;
  g_autoptr (GError) error = NULL;
  BstOutcome outcome = { 0 };

  bst_doc_replace (&draft, bst_doc_set (draft, "lines/l1/answers", answers));
  bst_doc_replace (&draft, bst_doc_set (draft, "lines/l1/asked", asked));
  g_assert_true (bst_store_save_draft (fixture->store, draft, &error));
  g_assert_true (bst_store_submit (fixture->store, uid, &error));
  g_assert_no_error (error);
  taken = bst_store_outbox_take (fixture->store, 100, NULL);
  g_assert_cmpuint (taken->len, ==, 2);
  outcome = (BstOutcome){ ((BstOutboxItem *) taken->pdata[0])->seq, created, NULL };
  g_assert_true (bst_store_outbox_settle (fixture->store, &outcome, 1, &error));
  g_assert_no_error (error);

  outbox = bst_store_outbox (fixture->store, NULL);
  g_assert_cmpuint (outbox->len, ==, 1);
  g_assert_cmpstr (((BstOutboxItem *) outbox->pdata[0])->type, ==, "RequestEvent");
}

/* One refused order holds back what depends on it, and nothing else. */
static void
test_no_jam (StoreFixture *fixture, gconstpointer data)
{
  g_autofree char *bad = save_and_submit (fixture, "Dårlig");
  g_autofree char *good = NULL;
  g_autoptr (GPtrArray) taken = NULL;
  g_autoptr (GPtrArray) outbox = NULL;
  g_autoptr (GVariant) refusal = json ("{\"type\":\"forbidden\"}");
  BstOutcome outcome = { 0 };

  taken = bst_store_outbox_take (fixture->store, 1, NULL);
  outcome = (BstOutcome){ ((BstOutboxItem *) g_ptr_array_index (taken, 0))->seq, NULL, refusal };
  g_assert_true (bst_store_outbox_settle (fixture->store, &outcome, 1, NULL));
  g_clear_pointer (&taken, g_ptr_array_unref);

  good = save_and_submit (fixture, "God");
  taken = bst_store_outbox_take (fixture->store, 10, NULL);
  g_assert_cmpuint (taken->len, ==, 2);
  g_assert_cmpstr (((BstOutboxItem *) g_ptr_array_index (taken, 0))->request, ==, good);
  g_assert_cmpstr (((BstOutboxItem *) g_ptr_array_index (taken, 1))->request, ==, good);

  g_assert_true (bst_store_discard_refused (fixture->store, outcome.seq, NULL));
  outbox = bst_store_outbox (fixture->store, NULL);
  g_assert_cmpuint (outbox->len, ==, 2);
  g_assert_null (bst_store_get (fixture->store, "Request", bad, NULL));
}

static void
apply_delivered (StoreFixture *fixture, const char *id, const char *state)
{
  g_autofree char *records = g_strdup_printf (
      "{\"Request\":[{\"id\":\"%s\",\"rev\":3,\"number\":\"2026-000007\",\"title\":\"Stole\","
      "\"unit\":\"s1\",\"state\":\"delivered\",\"orderer\":\"p1\","
      "\"eventSequence\":4,\"lines\":{\"l1\":{\"service\":\"chair\",\"quantity\":1,\"state\":"
      "\"delivered\"}}}],"
      "\"RequestEvent\":[{\"id\":\"e-%s\",\"request\":\"%s\",\"action\":\"deliver\",\"person\":"
      "\"p2\",\"at\":\"2026-03-12T07:00:00Z\",\"sequence\":4}]}",
      id, state, id);

  store_fixture_must_apply (fixture, "d1", state, FALSE, records, "{}");
}

static void
test_events (StoreFixture *fixture, gconstpointer data)
{
  g_autoptr (GVariant) confirm = json ("{\"request\":\"r1\",\"action\":\"confirm\"}");
  g_autoptr (GVariant) start = json ("{\"request\":\"r1\",\"action\":\"start\"}");
  g_autoptr (GVariant) nowhere = json ("{\"request\":\"r2\",\"action\":\"confirm\"}");
  g_autoptr (GError) error = NULL;
  const BstQuery query = { .type = "RequestEvent", .request = "r1" };

  apply_delivered (fixture, "r1", "e.r.2");
  check_state (fixture, "r1", "", "delivered");
  g_assert_false (bst_store_add_event (fixture->store, start, &error));
  g_assert_error (error, BST_ERROR, BST_ERROR_FORBIDDEN);
  g_clear_error (&error);
  g_assert_false (bst_store_add_event (fixture->store, nowhere, &error));
  g_assert_error (error, BST_ERROR, BST_ERROR_NOT_FOUND);
  g_clear_error (&error);

  g_assert_true (bst_store_add_event (fixture->store, confirm, &error));
  g_assert_no_error (error);
  check_state (fixture, "r1", "queued", "closed");
  g_assert_cmpint (bst_store_count (fixture->store, &query, NULL), ==, 2);
  g_assert_false (bst_store_add_event (fixture->store, confirm, &error));
  g_assert_error (error, BST_ERROR, BST_ERROR_FORBIDDEN);
  g_clear_error (&error);

  /* A pull that does not know of it yet must not take it back. */
  apply_delivered (fixture, "r1", "e.r.3");
  check_state (fixture, "r1", "queued", "closed");

  refuse_all (fixture, "{\"type\":\"forbidden\"}");
  check_state (fixture, "r1", "refused", "delivered");
}

static void
test_mine_changed (StoreFixture *fixture, gconstpointer data)
{
  apply_delivered (fixture, "r1", "e.r.2");
  spin_until (is_set, &fixture->mine);
  {
    g_autoptr (GVariant) box = g_variant_get_child_value (fixture->mine, 0);
    g_autoptr (GVariant) first = g_variant_get_variant (box);

    g_assert_cmpstr (bst_doc_get_string (first, "id"), ==, "r1");
    g_assert_cmpstr (bst_doc_get_string (first, "number"), ==, "2026-000007");
    g_assert_cmpstr (bst_doc_get_string (first, "action"), ==, "deliver");
  }
}

/* Many changes before the main loop comes round are told once. */
static void
test_signals_coalesce (StoreFixture *fixture, gconstpointer data)
{
  spin_idle ();
  fixture->n_changed = 0;
  for (int i = 0; i < 20; i++)
    {
      g_autoptr (GVariant) draft = make_draft (fixture, "Stole", "s1");

      g_assert_true (bst_store_save_draft (fixture->store, draft, NULL));
    }
  g_assert_cmpuint (fixture->n_changed, ==, 0);
  spin_idle ();
  g_assert_cmpuint (fixture->n_changed, ==, 1);
}

#define ADD(path, function)                                                                        \
  g_test_add ("/store/" path, StoreFixture, NULL, store_fixture_set_up_filled, function,           \
              store_fixture_tear_down)

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  ADD ("identity", test_identity);
  ADD ("draft", test_draft);
  ADD ("submit", test_submit);
  ADD ("submit-incomplete", test_submit_incomplete);
  ADD ("withdraw", test_withdraw);
  ADD ("taken-again-after-restart", test_taken_again_after_restart);
  ADD ("received", test_received);
  ADD ("refused", test_refused);
  ADD ("refused-submission-becomes-update", test_refused_submission_becomes_update);
  ADD ("no-longer-asked", test_no_longer_asked);
  ADD ("kept-is-no-change", test_kept_is_no_change);
  ADD ("no-jam", test_no_jam);
  ADD ("events", test_events);
  ADD ("mine-changed", test_mine_changed);
  ADD ("signals-coalesce", test_signals_coalesce);
  return g_test_run ();
}
