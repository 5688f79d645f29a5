/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Orders that leave and come back as files, beside the line or instead of it. */

#include "bst-courier.h"
#include "bst-error.h"
#include "bst-server.h"
#include "bst-store-files.h"
#include "bst-world.h"

#include <string.h>

static GBytes *
pack (BstComputer *computer)
{
  g_autoptr (GError) error = NULL;
  GBytes *parcel = bst_courier_pack (computer->store, &computer->clock, computer->token, &error);

  g_assert_no_error (error);
  return parcel;
}

/* To the server's own computer. */
static GBytes *
carry (BstWorld *world, GBytes *parcel)
{
  g_autoptr (GError) error = NULL;
  GBytes *answer =
      bst_server_carry (bst_world_data (world), bst_world_clock (world), parcel, &error);

  g_assert_no_error (error);
  return answer;
}

static BstCourierResult
unpack (BstComputer *computer, GBytes *answer)
{
  g_autoptr (GError) error = NULL;
  BstCourierResult result = { 0 };

  bst_courier_unpack (computer->store, computer->token, answer, &result, &error);
  g_assert_no_error (error);
  return result;
}

static void
assert_state (BstComputer *computer, const char *id, const char *expected)
{
  g_autofree char *state = bst_computer_state (computer, id);

  g_assert_cmpstr (state, ==, expected);
}

static void
test_there_and_back (void)
{
  g_autoptr (BstWorld) world = bst_world_new (BST_WORLD_THREAD, 11);
  g_autoptr (BstComputer) here = bst_computer_new (world, "here", "orla");
  g_autofree char *uid = NULL;
  g_autoptr (GBytes) parcel = NULL;
  g_autoptr (GBytes) answer = NULL;
  g_autoptr (GVariant) order = NULL;
  BstCourierResult result;

  bst_computer_sync (here);
  uid = bst_computer_order (here, "s1", "Stole til aulaen");
  parcel = pack (here);
  g_assert_false (bst_world_has (world, "Request", uid));
  /* It may have left: it is no draft any more. */
  g_assert_false (bst_store_withdraw (here->store, uid, NULL));

  answer = carry (world, parcel);
  g_assert_true (bst_world_has (world, "Request", uid));
  result = unpack (here, answer);
  g_assert_cmpuint (result.received, ==, 2);
  g_assert_cmpuint (result.refused, ==, 0);
  g_assert_cmpuint (result.records, >=, 2);
  assert_state (here, uid, "submitted");
  order = bst_computer_get (here, uid);
  g_assert_nonnull (bst_doc_get_string (order, "number"));
}

/* Three times, by two carriers, in reverse, and over the line besides: one order each. */
static void
test_many_ways (void)
{
  g_autoptr (BstWorld) world = bst_world_new (BST_WORLD_THREAD, 12);
  g_autoptr (BstComputer) here = bst_computer_new (world, "here", "orla");
  g_autofree char *first = NULL;
  g_autofree char *second = NULL;
  g_autoptr (GBytes) early = NULL;
  g_autoptr (GBytes) late = NULL;
  GBytes *answers[5] = { NULL };

  bst_computer_sync (here);
  first = bst_computer_order (here, "s1", "Stole til aulaen");
  early = pack (here);
  second = bst_computer_order (here, "s1", "Stole til biblioteket");
  late = pack (here);

  answers[0] = carry (world, late);
  answers[1] = carry (world, early);
  answers[2] = carry (world, early);
  bst_computer_sync (here);
  answers[3] = carry (world, late);
  answers[4] = carry (world, early);
  g_assert_cmpuint (bst_world_count (world, "Request"), ==, 2);
  g_assert_cmpuint (bst_world_count (world, "RequestEvent"), ==, 2);
  for (guint i = 0; i < G_N_ELEMENTS (answers); i++)
    unpack (here, answers[G_N_ELEMENTS (answers) - 1 - i]);
  assert_state (here, first, "submitted");
  assert_state (here, second, "submitted");
  g_assert_cmpuint (bst_computer_outbox (here, BST_OUTBOX_QUEUED), ==, 0);
  g_assert_cmpuint (bst_computer_outbox (here, BST_OUTBOX_SENDING), ==, 0);
  bst_computer_sync (here);
  g_assert_cmpuint (bst_world_count (world, "Request"), ==, 2);
  for (guint i = 0; i < G_N_ELEMENTS (answers); i++)
    g_bytes_unref (answers[i]);
}

static void
test_refused (void)
{
  g_autoptr (BstWorld) world = bst_world_new (BST_WORLD_THREAD, 13);
  g_autoptr (BstComputer) here = bst_computer_new (world, "here", "orla");
  g_autofree char *uid = NULL;
  g_autoptr (GBytes) parcel = NULL;
  g_autoptr (GBytes) answer = NULL;

  bst_computer_sync (here);
  uid = bst_computer_order (here, "s1", "Stole til gammel pris");
  bst_world_set_price (world, 99900, 2);
  parcel = pack (here);
  answer = carry (world, parcel);
  g_assert_cmpuint (unpack (here, answer).refused, ==, 1);
  assert_state (here, uid, "refused");
}

static void
test_nobodys (void)
{
  g_autoptr (BstWorld) world = bst_world_new (BST_WORLD_THREAD, 14);
  g_autoptr (BstWorld) elsewhere = bst_world_new (BST_WORLD_THREAD, 15);
  g_autoptr (BstComputer) here = bst_computer_new (world, "here", "orla");
  g_autoptr (BstComputer) other = bst_computer_new (world, "other", "olga");
  g_autofree char *uid = NULL;
  g_autoptr (GBytes) parcel = NULL;
  g_autoptr (GBytes) answer = NULL;
  g_autoptr (GError) error = NULL;
  BstCourierResult result;

  bst_computer_sync (here);
  bst_computer_sync (other);
  uid = bst_computer_order (here, "s1", "Stole");
  parcel = pack (here);
  g_assert_null (
      bst_server_carry (bst_world_data (elsewhere), bst_world_clock (elsewhere), parcel, &error));
  g_assert_error (error, BST_ERROR, BST_ERROR_SIGN_IN);
  g_clear_error (&error);

  answer = carry (world, parcel);
  g_assert_false (bst_courier_unpack (other->store, other->token, answer, &result, &error));
  g_assert_error (error, BST_ERROR, BST_ERROR_FORBIDDEN);
}

static void
test_before_first_contact (void)
{
  g_autoptr (BstWorld) world = bst_world_new (BST_WORLD_THREAD, 16);
  g_autoptr (BstComputer) here = bst_computer_new (world, "here", "orla");
  g_autoptr (GError) error = NULL;

  g_assert_null (bst_courier_pack (here->store, &here->clock, here->token, &error));
  g_assert_error (error, BST_ERROR, BST_ERROR_INVALID);
}

/* A small file goes along; one that is larger than a parcel takes waits for the line, and its order with it. */
static void
test_with_file (void)
{
  g_autoptr (BstWorld) world = bst_world_new (BST_WORLD_THREAD, 18);
  g_autoptr (BstComputer) here = bst_computer_new (world, "here", "orla");
  g_autofree char *uid = NULL;
  g_autoptr (GBytes) parcel = NULL;
  g_autoptr (GBytes) answer = NULL;
  g_autoptr (GVariant) before = NULL;
  g_autoptr (GVariant) order = NULL;
  const char *sha256;

  bst_computer_sync (here);
  uid = bst_computer_order_with_file (here, "s1", "Skade i aulaen");
  before = bst_computer_get (here, uid);
  sha256 = bst_doc_get_string (before, "attachments/f1/sha256");
  parcel = pack (here);
  g_assert_cmpuint (g_bytes_get_size (parcel), >, 400 * 1000);
  answer = carry (world, parcel);
  g_assert_cmpuint (g_bytes_get_size (answer), <, 100 * 1000);
  g_assert_true (bst_store_has_file (here->store, sha256, NULL));
  g_assert_cmpuint (unpack (here, answer).received, ==, 2);
  g_assert_false (bst_store_has_file (here->store, sha256, NULL)); /* the server has named it */
  assert_state (here, uid, "submitted");
  order = bst_world_request (world, uid);
  g_assert_cmpstr (bst_doc_get_string (order, "attachments/f1/blobId") + 1, ==, sha256);
  g_assert_cmpuint (unpack (here, answer).received, ==, 0); /* twice */
  bst_computer_sync (here);
  g_assert_cmpuint (bst_world_count (world, "Request"), ==, 1);
}

static void
test_file_too_large (void)
{
  g_autoptr (BstWorld) world = bst_world_new (BST_WORLD_THREAD, 19);
  g_autoptr (BstComputer) here = bst_computer_new (world, "here", "orla");
  char *uids[BST_COURIER_FILE_OCTETS / 400000 + 1] = { NULL };
  guint with = 0;

  bst_computer_sync (here);
  for (guint i = 0; i < G_N_ELEMENTS (uids); i++)
    {
      g_autofree char *title = g_strdup_printf ("%c Skade", 'A' + i);

      uids[i] = bst_computer_order_with_file (here, "s1", title);
    }
  bst_computer_exchange (here);
  for (guint i = 0; i < G_N_ELEMENTS (uids); i++)
    with += bst_world_has (world, "Request", uids[i]);
  g_assert_cmpuint (with, ==, G_N_ELEMENTS (uids) - 1);
  g_assert_cmpuint (bst_computer_outbox (here, BST_OUTBOX_QUEUED), ==, 2);
  bst_computer_exchange (here);
  g_assert_cmpuint (bst_world_count (world, "Request"), ==, G_N_ELEMENTS (uids));
  for (guint i = 0; i < G_N_ELEMENTS (uids); i++)
    g_free (uids[i]);
}

/* The file was named once, and then the server lost it: the order is not refused, and both go again. */
static void
test_file_lost (void)
{
  g_autoptr (BstWorld) world = bst_world_new (BST_WORLD_THREAD, 20);
  g_autoptr (BstComputer) here = bst_computer_new (world, "here", "orla");
  g_autofree char *uid = NULL;
  g_autoptr (GVariant) order = NULL;
  const char *sha256;

  bst_computer_sync (here);
  uid = bst_computer_order_with_file (here, "s1", "Skade i aulaen");
  order = bst_computer_get (here, uid);
  sha256 = bst_doc_get_string (order, "attachments/f1/sha256");
  bst_store_file_named (here->store, sha256, "d1", NULL);
  bst_computer_exchange (here);
  g_assert_false (bst_world_has (world, "Request", uid));
  g_assert_cmpuint (bst_computer_outbox (here, BST_OUTBOX_REFUSED), ==, 0);
  bst_computer_exchange (here);
  assert_state (here, uid, "submitted");
}

/* ---- carried by another's computer, over its line ---- */

static void
carried_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (GError) error = NULL;

  *(GBytes **) user_data = bst_courier_carry_finish (result, &error);
  g_assert_no_error (error);
}

static void
test_carried_by_another (void)
{
  g_autoptr (BstWorld) world = bst_world_new (BST_WORLD_THREAD, 17);
  g_autoptr (BstComputer) here = bst_computer_new (world, "here", "orla");
  g_autoptr (BstComputer) carrier = bst_computer_new (world, "carrier", "olga");
  g_autofree char *uid = NULL;
  g_autoptr (GBytes) parcel = NULL;
  g_autoptr (GBytes) answer = NULL;

  bst_computer_sync (here);
  uid = bst_computer_order (here, "s1", "Stole");
  parcel = pack (here);
  bst_courier_carry_async (carrier->sync, parcel, NULL, carried_cb, &answer);
  while (!answer)
    g_main_context_iteration (NULL, TRUE);
  g_assert_cmpuint (unpack (here, answer).received, ==, 2);
  assert_state (here, uid, "submitted");
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/courier/there-and-back", test_there_and_back);
  g_test_add_func ("/courier/many-ways", test_many_ways);
  g_test_add_func ("/courier/refused", test_refused);
  g_test_add_func ("/courier/nobodys", test_nobodys);
  g_test_add_func ("/courier/before-first-contact", test_before_first_contact);
  g_test_add_func ("/courier/with-file", test_with_file);
  g_test_add_func ("/courier/file-too-large", test_file_too_large);
  g_test_add_func ("/courier/file-lost", test_file_lost);
  g_test_add_func ("/courier/carried-by-another", test_carried_by_another);
  return g_test_run ();
}
