/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Why each item waits: as the user is told, and as sending does. */

#include "store-fixture.h"

#include "bst-store-files.h"

#include <glib/gstdio.h>

/* What waits for what, by what it does; and sending leaves behind exactly those that wait for something. */
static void
check_waits (StoreFixture *fixture, const char *expected)
{
  static const char *const names[] = { "line", "file", "order", "answer", "restored" };
  g_autoptr (GError) error = NULL;
  g_autoptr (GPtrArray) items = bst_store_outbox_waits (fixture->store, &error);
  g_autoptr (GString) found = g_string_new (NULL);

  g_assert_no_error (error);
  for (guint i = 0; i < items->len; i++)
    {
      const BstOutboxItem *item = items->pdata[i];
      const char *action = bst_doc_get_string (item->content, "action");

      g_string_append_printf (found, "%s%s:%s", i > 0 ? " " : "",
                              action         ? action
                              : item->create ? "create"
                                             : "change",
                              item->state == BST_OUTBOX_REFUSED ? "refused" : names[item->waits]);
    }
  g_assert_cmpstr (found->str, ==, expected);
}

static guint
count_taken (StoreFixture *fixture)
{
  g_autoptr (GPtrArray) taken = bst_store_outbox_take (fixture->store, 100, NULL);

  return taken->len;
}

static void
add_message (StoreFixture *fixture, const char *request)
{
  g_autoptr (GVariant) event = json ("{\"action\":\"message\",\"text\":\"Hvornår?\"}");
  g_autoptr (GError) error = NULL;

  bst_doc_replace (&event, bst_doc_set_string (event, "request", request));
  bst_store_add_event (fixture->store, event, &error);
  g_assert_no_error (error);
}

/* The server has an order that is under way. */
static char *
order_at_server (StoreFixture *fixture)
{
  char *uid = save_and_submit (fixture, "Stole");
  g_autofree char *records = g_strdup_printf (
      "{\"Request\":[{\"id\":\"%s\",\"uid\":\"%s\",\"rev\":3,\"title\":\"Stole\",\"unit\":\"s1\","
      "\"number\":\"2026-000001\",\"ean\":\"5790000000012\",\"orderer\":\"p1\",\"state\":"
      "\"accepted\",\"lines\":{\"l1\":{\"service\":\"chair\",\"serviceVersion\":1,\"quantity\":2,"
      "\"order\":1,\"state\":\"accepted\",\"price\":{\"model\":\"one-off\",\"once\":{\"amount\":"
      "150000,\"currency\":\"DKK\"}}}}}]}",
      uid, uid);

  accept_all (fixture);
  store_fixture_must_apply (fixture, "d1", "e.r.2", FALSE, records, "{}");
  return uid;
}

static void
test_line (StoreFixture *fixture, gconstpointer data)
{
  g_autofree char *uid = save_and_submit (fixture, "Stole");

  check_waits (fixture, "create:line submit:line");
  g_assert_cmpuint (count_taken (fixture), ==, 2);
  g_assert_nonnull (uid);
}

static void
test_file (StoreFixture *fixture, gconstpointer data)
{
  g_autofree char *path = store_fixture_file (fixture, "a.png");
  g_autoptr (GFile) file = g_file_new_for_path (path);
  g_autoptr (GVariant) attachment = NULL;
  g_autoptr (GVariant) draft = make_draft (fixture, "Stole", "s1");
  g_autofree char *uid = g_strdup (bst_doc_get_string (draft, "uid"));
  g_autofree char *other = NULL;
  g_autoptr (GError) error = NULL;

  g_assert_true (g_file_set_contents (path, "octets", -1, &error));
  attachment = bst_store_add_file (fixture->store, file, NULL, &error);
  g_assert_no_error (error);
  g_unlink (path);
  bst_doc_replace (&draft, bst_doc_set (draft, "attachments/f1", attachment));
  g_assert_true (bst_store_save_draft (fixture->store, draft, &error));
  g_assert_true (bst_store_submit (fixture->store, uid, &error));
  other = save_and_submit (fixture, "Borde");
  check_waits (fixture, "create:file submit:file create:line submit:line");
  g_assert_cmpuint (count_taken (fixture), ==, 2);
  g_assert_true (bst_store_file_named (fixture->store, bst_doc_get_string (attachment, "sha256"),
                                       "d1", &error));
  check_waits (fixture, "create:line submit:line create:line submit:line");
}

/* What comes after a change of an order waits for the change's answer. */
static void
test_answer (StoreFixture *fixture, gconstpointer data)
{
  g_autofree char *uid = order_at_server (fixture);
  g_autoptr (GVariant) doc = bst_store_get (fixture->store, "Request", uid, NULL);
  g_autoptr (GError) error = NULL;

  bst_doc_replace (&doc, bst_doc_set_string (doc, "costPlace", "4711"));
  g_assert_true (bst_store_save_draft (fixture->store, doc, &error));
  g_assert_true (bst_store_submit (fixture->store, uid, &error));
  g_assert_no_error (error);
  add_message (fixture, uid);
  check_waits (fixture, "change:line message:answer");
  g_assert_cmpuint (count_taken (fixture), ==, 1);
}

/* An order that was refused: what was done with it besides waits until it is put right. */
static void
test_order (StoreFixture *fixture, gconstpointer data)
{
  g_autofree char *uid = save_and_submit (fixture, "Stole");
  g_autoptr (GPtrArray) taken = NULL;
  g_autoptr (GVariant) refusal = json ("{\"type\":\"forbidden\"}");
  BstOutcome outcomes[2] = { { 0 } };

  g_assert_nonnull (uid);
  taken = bst_store_outbox_take (fixture->store, 100, NULL);
  outcomes[0] = (BstOutcome){ ((BstOutboxItem *) taken->pdata[0])->seq, NULL, refusal };
  outcomes[1] = (BstOutcome){ ((BstOutboxItem *) taken->pdata[1])->seq, NULL, NULL };
  g_assert_true (bst_store_outbox_settle (fixture->store, outcomes, 2, NULL));
  check_waits (fixture, "create:refused submit:order");
  g_assert_cmpuint (count_taken (fixture), ==, 0);
}

/* A step on an order that a restored server has forgotten, and that another computer must bring back. */
static void
test_restored (StoreFixture *fixture, gconstpointer data)
{
  g_autofree char *theirs =
      g_strdup ("{\"Request\":[{\"id\":\"019ce10f-4400-7073-991e-f0d302318f04\",\"uid\":"
                "\"019ce10f-4400-7073-991e-f0d302318f04\",\"rev\":3,\"title\":\"Borde\",\"unit\":"
                "\"s1\",\"number\":\"2026-000002\",\"orderer\":\"p1\",\"state\":\"accepted\","
                "\"lines\":{\"l1\":{\"service\":\"chair\",\"serviceVersion\":1,\"quantity\":1,"
                "\"order\":1,\"state\":\"accepted\"}}}]}");
  g_autoptr (GError) error = NULL;
  guint n;

  g_assert_true (bst_store_set_epoch (fixture->store, "one", &error));
  store_fixture_must_apply (fixture, "d1", "e.r.2", FALSE, theirs, "{}");
  add_message (fixture, "019ce10f-4400-7073-991e-f0d302318f04");
  check_waits (fixture, "message:line");
  g_assert_true (bst_store_set_epoch (fixture->store, "two", &error));
  check_waits (fixture, "message:restored");
  g_assert_cmpuint (count_taken (fixture), ==, 0);

  /* The other computer has brought it back. */
  g_assert_true (bst_store_reset_account (fixture->store, "d1", &error));
  store_fixture_must_apply (fixture, "d1", "f.r.1", FALSE, theirs, "{}");
  g_assert_true (bst_store_offer_again (fixture->store, &n, &error));
  check_waits (fixture, "message:line");
  g_assert_cmpuint (count_taken (fixture), ==, 1);
}

#define ADD(path, function)                                                                        \
  g_test_add ("/store/waits/" path, StoreFixture, NULL, store_fixture_set_up_filled, function,     \
              store_fixture_tear_down)

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  ADD ("line", test_line);
  ADD ("file", test_file);
  ADD ("answer", test_answer);
  ADD ("order", test_order);
  ADD ("restored", test_restored);
  return g_test_run ();
}
