/* SPDX-License-Identifier: GPL-3.0-or-later */

/* What orderers write that is no order: proposals, objections. */

#include "store-fixture.h"

#include "bst-error.h"
#include "bst-json.h"

#include <string.h>

#define CHARGE                                                                                     \
  "{\"Charge\":[{\"id\":\"c1\",\"rev\":4,\"unit\":\"s1\",\"month\":\"2026-03\",\"amount\":{"       \
  "\"amount\":4500,\"currency\":\"DKK\"}%s}]}"

static char *
local_of (StoreFixture *fixture, const char *type, const char *id, const char *what)
{
  g_autofree char *path = g_strconcat ("@local/", what, NULL);

  return property_of (fixture, type, id, path);
}

static GVariant *
make_proposal (StoreFixture *fixture, char **ret_uid)
{
  g_autofree char *text = NULL;

  *ret_uid = bst_uid_new (&fixture->clock);
  text =
      g_strdup_printf ("{\"uid\":\"%s\",\"unit\":\"d1\",\"title\":\"Hurtigere stole\",\"reasons\":"
                       "\"De er sene\"}",
                       *ret_uid);
  return json (text);
}

static void
settle (StoreFixture *fixture, const char *record, const char *refusal)
{
  g_autoptr (GPtrArray) taken = bst_store_outbox_take (fixture->store, 10, NULL);
  g_autoptr (GVariant) accepted = record ? json (record) : NULL;
  g_autoptr (GVariant) refused = refusal ? json (refusal) : NULL;

  g_assert_cmpuint (taken->len, ==, 1);
  g_assert_true (bst_store_outbox_settle (
      fixture->store, &(BstOutcome){ ((BstOutboxItem *) taken->pdata[0])->seq, accepted, refused },
      1, NULL));
}

static void
test_create (StoreFixture *fixture, gconstpointer data)
{
  g_autofree char *uid = NULL;
  g_autoptr (GVariant) proposal = make_proposal (fixture, &uid);
  g_autofree char *queued = NULL;
  g_autofree char *received = NULL;
  g_autofree char *state = NULL;
  g_autofree char *page = NULL;
  g_autofree char *over = NULL;
  g_autofree char *whose = NULL;
  g_autoptr (GPtrArray) outbox = NULL;
  const BstOutboxItem *item;

  g_assert_true (bst_store_put_record (fixture->store, "Proposal", proposal, NULL));
  store_fixture_close (fixture);
  store_fixture_open (fixture);
  outbox = bst_store_outbox (fixture->store, NULL);
  item = outbox->pdata[0];
  g_assert_cmpuint (outbox->len, ==, 1);
  g_assert_true (item->create);
  g_assert_cmpstr (item->type, ==, "Proposal");
  g_assert_cmpstr (item->account, ==, "d1");
  queued = local_of (fixture, "Proposal", uid, "state");
  g_assert_cmpstr (queued, ==, "queued");

  settle (fixture, "{\"rev\":1,\"state\":\"proposed\"}", NULL);
  received = local_of (fixture, "Proposal", uid, "state");
  state = property_of (fixture, "Proposal", uid, "state");
  g_assert_cmpstr (received, ==, "");
  g_assert_cmpstr (state, ==, "proposed");

  page = g_strdup_printf (
      "{\"Proposal\":[{\"id\":\"%s\",\"uid\":\"%s\",\"rev\":2,\"unit\":\"d1\",\"title\":"
      "\"Hurtigere stole\",\"state\":\"answered\"}]}",
      uid, uid);
  store_fixture_must_apply (fixture, "d1", "s2", FALSE, page, "{}");
  over = property_of (fixture, "Proposal", uid, "state");
  whose = local_of (fixture, "Proposal", uid, "state");
  g_assert_cmpstr (over, ==, "answered");
  g_assert_cmpstr (whose, ==, "");
}

/* A second thought before the first was sent: both go, in order. */
static void
test_change_of_what_waits (StoreFixture *fixture, gconstpointer data)
{
  g_autofree char *uid = NULL;
  g_autoptr (GVariant) proposal = make_proposal (fixture, &uid);
  g_autoptr (GVariant) changed = bst_doc_set_string (proposal, "title", "Stole på to dage");
  g_autoptr (GPtrArray) outbox = NULL;
  g_autofree char *title = NULL;
  const BstOutboxItem *change;

  g_assert_true (bst_store_put_record (fixture->store, "Proposal", proposal, NULL));
  g_assert_true (bst_store_put_record (fixture->store, "Proposal", changed, NULL));
  g_assert_true (bst_store_put_record (fixture->store, "Proposal", changed, NULL));
  outbox = bst_store_outbox (fixture->store, NULL);
  g_assert_cmpuint (outbox->len, ==, 2);
  change = outbox->pdata[1];
  g_assert_false (change->create);
  g_assert_false (bst_doc_has (change->content, "rev"));
  g_assert_false (bst_doc_has (change->content, "reasons"));
  title = property_of (fixture, "Proposal", uid, "title");
  g_assert_cmpstr (title, ==, "Stole på to dage");
}

static void
test_refused (StoreFixture *fixture, gconstpointer data)
{
  g_autofree char *uid = NULL;
  g_autoptr (GVariant) proposal = make_proposal (fixture, &uid);
  g_autoptr (GVariant) better = bst_doc_set_string (proposal, "title", "Stole på to dage");
  g_autoptr (GPtrArray) outbox = NULL;
  g_autofree char *state = NULL;
  g_autofree char *reason = NULL;
  g_autofree char *title = NULL;
  const BstOutboxItem *item;

  g_assert_true (bst_store_put_record (fixture->store, "Proposal", proposal, NULL));
  settle (fixture, NULL, "{\"type\":\"invalidProperties\",\"properties\":[\"title\"]}");
  state = local_of (fixture, "Proposal", uid, "state");
  reason = local_of (fixture, "Proposal", uid, "reason");
  title = property_of (fixture, "Proposal", uid, "title");
  g_assert_cmpstr (state, ==, "refused");
  g_assert_cmpstr (reason, ==, "invalidProperties");
  g_assert_cmpstr (title, ==, "Hurtigere stole");

  g_assert_true (bst_store_put_record (fixture->store, "Proposal", better, NULL));
  outbox = bst_store_outbox (fixture->store, NULL);
  g_assert_cmpuint (outbox->len, ==, 1);
  item = outbox->pdata[0];
  g_assert_true (item->create);
  g_assert_cmpint (item->state, ==, BST_OUTBOX_QUEUED);
  g_assert_cmpstr (bst_doc_get_string (item->content, "title"), ==, "Stole på to dage");
}

/* Only what an orderer may say of a charge leaves, with the revision it was said of; dropped, the charge is the server's again. */
static void
test_objection (StoreFixture *fixture, gconstpointer data)
{
  g_autofree char *page = g_strdup_printf (CHARGE, "");
  g_autoptr (GVariant) charge = NULL;
  g_autoptr (GVariant) objected = NULL;
  g_autoptr (GPtrArray) outbox = NULL;
  g_autofree char *shown = NULL;
  g_autofree char *dropped = NULL;
  const BstOutboxItem *item;

  store_fixture_must_apply (fixture, "d1", "s2", FALSE, page, "{}");
  charge = bst_store_get (fixture->store, "Charge", "c1", NULL);
  objected = bst_doc_set_string (charge, "objection", "Aldrig leveret");
  bst_doc_replace (&objected, bst_doc_set_string (objected, "month", "2026-04"));
  g_assert_true (bst_store_put_record (fixture->store, "Charge", objected, NULL));
  outbox = bst_store_outbox (fixture->store, NULL);
  item = outbox->pdata[0];
  g_assert_cmpuint (outbox->len, ==, 1);
  g_assert_false (item->create);
  g_assert_cmpint (bst_doc_get_int (item->content, "rev", 0), ==, 4);
  g_assert_cmpuint (g_variant_n_children (item->content), ==, 2);
  shown = property_of (fixture, "Charge", "c1", "objection");
  g_assert_cmpstr (shown, ==, "Aldrig leveret");

  settle (fixture, NULL, "{\"type\":\"forbidden\"}");
  g_assert_true (bst_store_discard_refused (fixture->store, item->seq, NULL));
  dropped = property_of (fixture, "Charge", "c1", "objection");
  g_assert_cmpstr (dropped, ==, "");
}

static void
test_wrong (StoreFixture *fixture, gconstpointer data)
{
  g_autofree char *uid = NULL;
  g_autoptr (GVariant) proposal = make_proposal (fixture, &uid);
  g_autoptr (GVariant) untitled = bst_doc_set (proposal, "title", NULL);
  g_autoptr (GVariant) nameless = bst_doc_set (proposal, "uid", NULL);
  g_autoptr (GError) error = NULL;

  g_assert_false (bst_store_put_record (fixture->store, "Proposal", untitled, &error));
  g_assert_error (error, BST_ERROR, BST_ERROR_INVALID);
  g_assert_true (g_str_has_prefix (error->message, "title"));
  g_clear_error (&error);
  g_assert_false (bst_store_put_record (fixture->store, "Proposal", nameless, &error));
  g_assert_error (error, BST_ERROR, BST_ERROR_INVALID);
  g_clear_error (&error);
  g_assert_false (bst_store_put_record (fixture->store, "Request", proposal, &error));
  g_assert_error (error, BST_ERROR, BST_ERROR_INVALID);
}

#define ADD(path, func)                                                                            \
  g_test_add ("/store/record/" path, StoreFixture, NULL, store_fixture_set_up_filled, func,        \
              store_fixture_tear_down)

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  ADD ("create", test_create);
  ADD ("change-of-what-waits", test_change_of_what_waits);
  ADD ("refused", test_refused);
  ADD ("objection", test_objection);
  ADD ("wrong", test_wrong);
  return g_test_run ();
}
