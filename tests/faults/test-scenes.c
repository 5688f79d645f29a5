/* SPDX-License-Identifier: GPL-3.0-or-later */

/* What befalls an order on its way, each by its name. */

#include "bst-error.h"
#include "bst-holding-proxy.h"
#include "bst-ledger.h"
#include "bst-process.h"
#include "bst-sync-engine.h"
#include "bst-trip-transport.h"

#include <string.h>
#include <sys/resource.h>

/* ---- one order that the server fails at ---- */

static BstSyncEngine *
poisoned_engine (BstComputer *computer, BstTrip how)
{
  g_autoptr (BstTransport) https =
      bst_transport_https_new (computer->url, computer->token, computer->ca);
  g_autoptr (BstTransport) trip = bst_trip_transport_new (https, how);

  return bst_sync_engine_new (computer->store, trip, NULL, NULL);
}

static void
assert_state (BstComputer *computer, const char *uid, const char *expected)
{
  g_autofree char *state = bst_computer_state (computer, uid);

  g_assert_cmpstr (state, ==, expected);
}

/* It comes to rest with a reason, holds nobody back, and can be edited and sent. */
static void
test_poisoned (gconstpointer data)
{
  BstTrip how = GPOINTER_TO_UINT (data);
  guint rounds = how == BST_TRIP_POISON ? 3 : 1;
  g_autoptr (BstWorld) world = bst_world_new (BST_WORLD_THREAD, 70 + how);
  g_autoptr (BstLedger) ledger = bst_ledger_new (world);
  g_autoptr (BstComputer) here = bst_computer_new (world, "here", "orla");
  g_autoptr (BstSyncEngine) engine = NULL;
  g_autofree char *first = NULL;
  g_autofree char *bad = NULL;
  g_autofree char *last = NULL;
  g_autoptr (GVariant) order = NULL;
  g_autoptr (GError) error = NULL;

  bst_computer_sync (here);
  engine = poisoned_engine (here, how);
  first = bst_computer_order (here, "s1", "Stol");
  bad = bst_computer_order (here, "s1", "Giftig stol");
  last = bst_computer_order (here, "s1", "Bord");
  bst_ledger_add_order (ledger, first);
  bst_ledger_add_order (ledger, bad);
  bst_ledger_add_order (ledger, last);
  for (guint i = 1; i <= rounds; i++)
    {
      g_assert_cmpint (bst_sync_engine_round (engine, NULL, &error), ==, i == rounds);
      g_clear_error (&error);
      assert_state (here, first, "submitted");
      assert_state (here, last, "submitted");
    }
  assert_state (here, bad, "refused");
  order = bst_computer_get (here, bad);
  g_assert_cmpstr (bst_doc_get_string (order, "@local/reason"), ==,
                   how == BST_TRIP_POISON ? "cannotBeSent" : "tooLarge");
  bst_ledger_check_told (ledger, here);
  bst_computer_mend (here, bad, "Almindelig stol");
  bst_ledger_add_title (ledger, bad, "Almindelig stol");
  g_assert_true (bst_sync_engine_round (engine, NULL, &error));
  g_assert_no_error (error);
  bst_ledger_check_end (ledger, here);
}

/* A server that fails at everything suspects nobody. */
static void
test_server_fails (void)
{
  g_autoptr (BstWorld) world = bst_world_new (BST_WORLD_THREAD, 75);
  g_autoptr (BstLedger) ledger = bst_ledger_new (world);
  g_autoptr (BstComputer) here = bst_computer_new (world, "here", "orla");
  g_autofree char *uid = NULL;

  bst_computer_sync (here);
  uid = bst_ledger_order (ledger, here, "Stol");
  for (guint i = 0; i < 5; i++)
    {
      g_autoptr (BstTransport) https = bst_transport_https_new (here->url, here->token, here->ca);
      g_autoptr (BstTransport) trip = bst_trip_transport_new (https, BST_TRIP_FAIL);
      g_autoptr (BstSyncEngine) engine = bst_sync_engine_new (here->store, trip, NULL, NULL);
      g_autoptr (GError) error = NULL;

      g_assert_false (bst_sync_engine_round (engine, NULL, &error));
      g_assert_error (error, BST_ERROR, BST_ERROR_SERVER);
    }
  g_assert_cmpuint (bst_computer_outbox (here, BST_OUTBOX_REFUSED), ==, 0);
  bst_computer_sync (here);
  bst_ledger_check_end (ledger, here);
}

/* ---- lines ---- */

/* Of an office that ends TLS itself, and holds answers back until they are whole. */
static void
test_buffering_proxy (void)
{
  g_autoptr (BstWorld) world = bst_world_new (BST_WORLD_THREAD, 76);
  g_autoptr (BstLedger) ledger = bst_ledger_new (world);
  g_autoptr (BstComputer) here = bst_computer_new (world, "here", "orla");
  g_autoptr (BstHoldingProxy) proxy =
      bst_holding_proxy_new (bst_world_data (world), bst_world_port (world));
  g_autofree char *uid = NULL;

  bst_computer_sync (here);
  bst_computer_shut (here);
  g_free (here->url);
  here->url = bst_holding_proxy_get_url (proxy);
  bst_computer_open (here);
  uid = bst_computer_order_with_file (here, "s1", "Stol");
  bst_ledger_add_order (ledger, uid);
  bst_computer_sync (here);
  bst_ledger_check_end (ledger, here);
}

static void
test_portal (gconstpointer page)
{
  g_autoptr (BstWorld) world = bst_world_new (BST_WORLD_THREAD, 77);
  g_autoptr (BstLedger) ledger = bst_ledger_new (world);
  g_autoptr (BstComputer) here = bst_computer_new (world, "here", "orla");
  BstFaults faults = BST_FAULTS_NONE;
  g_autofree char *uid = NULL;
  g_autoptr (GError) error = NULL;

  bst_computer_sync (here);
  uid = bst_ledger_order (ledger, here, "Stol");
  faults.page = page;
  bst_fault_proxy_drop_connections (bst_world_proxy (world));
  bst_fault_proxy_set (bst_world_proxy (world), &faults);
  error = bst_computer_try (here);
  g_assert_nonnull (error);
  bst_fault_proxy_set (bst_world_proxy (world), NULL);
  bst_ledger_check_told (ledger, here);
  g_assert_cmpuint (bst_computer_outbox (here, BST_OUTBOX_REFUSED), ==, 0);
  bst_computer_sync (here);
  bst_ledger_check_end (ledger, here);
}

/* ---- people and programs ---- */

static gboolean
has_event_cb (gpointer world)
{
  return bst_world_count (world, "RequestEvent") > 0;
}

/* The answer is lost; somebody else sits down at the same computer, and orders; then she comes back. */
static void
test_user_switched (void)
{
  g_autoptr (BstWorld) world = bst_world_new (BST_WORLD_THREAD, 78);
  g_autoptr (BstLedger) ledger = bst_ledger_new (world);
  g_autoptr (BstComputer) orla = bst_computer_new (world, "orla", "orla");
  g_autoptr (BstComputer) olga = NULL;
  g_autofree char *hers = NULL;
  g_autofree char *his = NULL;
  BstFaults faults = BST_FAULTS_NONE;
  g_autoptr (GError) error = NULL;

  bst_computer_sync (orla);
  hers = bst_ledger_order (ledger, orla, "Stol");
  faults.probe = has_event_cb;
  faults.closure = world;
  bst_fault_proxy_set (bst_world_proxy (world), &faults);
  error = bst_computer_try (orla);
  g_assert_error (error, BST_ERROR, BST_ERROR_OUTCOME_UNKNOWN);
  bst_fault_proxy_set (bst_world_proxy (world), NULL);
  bst_computer_shut (orla);

  olga = bst_computer_new (world, "olga", "olga");
  bst_computer_sync (olga);
  g_assert_cmpuint (bst_computer_outbox (olga, BST_OUTBOX_SENDING), ==, 0);
  his = bst_ledger_order (ledger, olga, "Bord");
  bst_computer_sync (olga);
  bst_computer_shut (olga);

  bst_computer_open (orla);
  bst_computer_sync (orla);
  bst_ledger_check_told (ledger, orla);
  bst_ledger_check_end (ledger, orla);
}

/* The same profile twice: the second one is turned away, and the first goes on. */
static void
test_second_program (void)
{
  g_autoptr (BstWorld) world = bst_world_new (BST_WORLD_THREAD, 79);
  g_autoptr (BstLedger) ledger = bst_ledger_new (world);
  g_autoptr (BstComputer) here = bst_computer_new (world, "here", "orla");
  g_autofree char *uid = NULL;
  g_autoptr (GError) error = NULL;

  bst_computer_sync (here);
  uid = bst_ledger_order (ledger, here, "Stol");
  g_assert_null (bst_store_open (here->directory, &here->clock, &error));
  g_assert_error (error, BST_ERROR, BST_ERROR_BUSY);
  bst_computer_sync (here);
  bst_ledger_check_end (ledger, here);
}

/* ---- the server's disk is full ---- */

static void
test_server_disk_full (void)
{
  g_autoptr (BstWorld) world = bst_world_new (BST_WORLD_CHILD, 80);
  g_autoptr (BstLedger) ledger = bst_ledger_new (world);
  g_autoptr (BstComputer) here = bst_computer_new (world, "here", "orla");

  bst_computer_sync (here);
  for (guint i = 0; i < 6; i++)
    {
      g_autofree char *title = g_strdup_printf ("%u Stol", i);
      g_autofree char *uid = i % 2 ? bst_computer_order (here, "s1", title)
                                   : bst_computer_order_with_file (here, "s1", title);
      g_autoptr (GError) error = NULL;

      bst_ledger_add_order (ledger, uid);
      bst_world_limit_files (world, i * 60000);
      error = bst_computer_try (here);
      g_test_message ("%u octets: %s", i * 60000, error ? error->message : "synchronised");
      bst_world_limit_files (world, -1);
      bst_ledger_check_told (ledger, here);
      g_assert_cmpuint (bst_computer_outbox (here, BST_OUTBOX_REFUSED), ==, 0);
      bst_computer_sync (here);
      bst_ledger_check_told (ledger, here);
      bst_ledger_check_end (ledger, here);
    }
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_data_func ("/faults/scenes/poisoned", GUINT_TO_POINTER (BST_TRIP_POISON),
                        test_poisoned);
  g_test_add_data_func ("/faults/scenes/too-large", GUINT_TO_POINTER (BST_TRIP_TOO_LARGE),
                        test_poisoned);
  g_test_add_func ("/faults/scenes/server-fails", test_server_fails);
  g_test_add_func ("/faults/scenes/buffering-proxy", test_buffering_proxy);
  g_test_add_data_func ("/faults/scenes/portal-200",
                        "HTTP/1.1 200 OK\r\nContent-Type: text/html\r\n\r\n<html>Hi</html>",
                        test_portal);
  g_test_add_data_func ("/faults/scenes/portal-302",
                        "HTTP/1.1 302 Found\r\nLocation: https://portal.example/\r\n\r\n",
                        test_portal);
  g_test_add_func ("/faults/scenes/user-switched", test_user_switched);
  g_test_add_func ("/faults/scenes/second-program", test_second_program);
  g_test_add_func ("/faults/scenes/server-disk-full", test_server_disk_full);
  return g_test_run ();
}
