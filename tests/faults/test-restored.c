/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Either side goes back in time, or time itself is wrong, or the disk is full. */

#include "bst-error.h"
#include "bst-ledger.h"
#include "bst-process.h"

#include <glib/gstdio.h>
#include <string.h>

/* ---- the client ---- */

static char *
path_of (BstWorld *world, const char *name)
{
  return g_build_filename (bst_world_directory (world), name, NULL);
}

static void
keep_copy (BstComputer *computer, const char *name)
{
  g_autofree char *copy = path_of (computer->world, name);

  bst_computer_shut (computer);
  bst_world_copy_tree (computer->directory, copy);
  bst_computer_open (computer);
}

static void
go_back (BstComputer *computer, const char *name)
{
  g_autofree char *copy = path_of (computer->world, name);

  bst_computer_shut (computer);
  bst_world_remove_tree (computer->directory);
  bst_world_copy_tree (copy, computer->directory);
  bst_computer_open (computer);
}

/* The store of when the order was a draft, was waiting, was received: it is on the server all the while. */
static void
test_client_restored (void)
{
  static const char *const whens[] = { "drafted", "queued", "received" };

  for (guint i = 0; i < G_N_ELEMENTS (whens); i++)
    {
      g_autoptr (BstWorld) world = bst_world_new (BST_WORLD_THREAD, 20 + i);
      g_autoptr (BstLedger) ledger = bst_ledger_new (world);
      g_autoptr (BstComputer) here = bst_computer_new (world, "here", "orla");
      g_autofree char *uid = NULL;
      g_autofree char *later = NULL;

      g_test_message ("%s", whens[i]);
      bst_computer_sync (here);
      uid = bst_computer_draft (here, "s1", "Stol", 1);
      bst_ledger_add_order (ledger, uid);
      if (i == 0)
        keep_copy (here, "copy");
      bst_store_submit (here->store, uid, NULL);
      if (i == 1)
        keep_copy (here, "copy");
      bst_computer_sync (here);
      if (i == 2)
        keep_copy (here, "copy");
      bst_computer_step (here, uid, "message", "Haster");
      bst_ledger_add_message (ledger, uid, "Haster");
      later = bst_ledger_order (ledger, here, "Bord");
      bst_computer_sync (here);
      bst_ledger_check_end (ledger, here);

      go_back (here, "copy");
      bst_computer_sync (here);
      bst_ledger_check_told (ledger, here);
      bst_ledger_check_end (ledger, here);
    }
}

/* A draft on two computers, changed on one and sent from the other: the order stands, the change is a draft of its own. */
static void
test_draft_sent_elsewhere (void)
{
  g_autoptr (BstWorld) world = bst_world_new (BST_WORLD_THREAD, 29);
  g_autoptr (BstLedger) ledger = bst_ledger_new (world);
  g_autoptr (BstComputer) here = bst_computer_new (world, "here", "orla");
  g_autoptr (BstComputer) there = NULL;
  g_autofree char *uid = NULL;
  g_autoptr (GVariant) draft = NULL;
  g_autoptr (GPtrArray) drafts = NULL;
  const BstQuery query = { .type = "Request", .local_only = TRUE };
  g_autoptr (GError) error = NULL;

  bst_computer_sync (here);
  uid = bst_computer_draft (here, "s1", "Stol", 1);
  bst_ledger_add_order (ledger, uid);
  bst_computer_shut (here);
  there = bst_computer_new_copy (here, "there");
  bst_computer_open (here);
  draft = bst_computer_get (here, uid);
  bst_doc_replace (&draft, bst_doc_set_string (draft, "title", "Lænestol"));
  bst_store_save_draft (here->store, draft, &error);
  g_assert_no_error (error);
  bst_store_submit (there->store, uid, &error);
  g_assert_no_error (error);
  bst_computer_sync (there);
  bst_computer_sync (here);
  bst_ledger_check_end (ledger, here);
  drafts = bst_store_find (here->store, &query, 0, 10, &error);
  g_assert_no_error (error);
  g_assert_cmpuint (drafts->len, ==, 1);
  g_assert_cmpstr (bst_doc_get_string (drafts->pdata[0], "title"), ==, "Lænestol");
  g_assert_cmpstr (bst_doc_get_string (drafts->pdata[0], "uid"), !=, uid);
}

static void
test_replica_lost (void)
{
  g_autoptr (BstWorld) world = bst_world_new (BST_WORLD_THREAD, 30);
  g_autoptr (BstLedger) ledger = bst_ledger_new (world);
  g_autoptr (BstComputer) here = bst_computer_new (world, "here", "orla");
  static const char *const files[] = { "replica.db", "replica.db-wal", "replica.db-shm" };
  g_autofree char *sent = NULL;
  g_autofree char *waiting = NULL;
  g_autofree char *draft = NULL;

  bst_computer_sync (here);
  sent = bst_ledger_order (ledger, here, "Sendt");
  bst_computer_sync (here);
  waiting = bst_ledger_order (ledger, here, "Venter");
  draft = bst_computer_draft (here, "s1", "Kladde", 1);
  bst_computer_shut (here);
  for (guint i = 0; i < G_N_ELEMENTS (files); i++)
    {
      g_autofree char *file = g_build_filename (here->directory, files[i], NULL);

      g_unlink (file);
    }
  bst_computer_open (here);
  bst_ledger_check_told (ledger, here);
  {
    g_autofree char *state = bst_computer_state (here, draft);

    g_assert_cmpstr (state, ==, "draft");
  }
  bst_computer_sync (here);
  bst_ledger_check_end (ledger, here);
}

/* ---- the server ---- */

static void
restore_server (BstWorld *world)
{
  bst_world_stop (world);
  bst_world_restore (world, "backup.db");
  bst_world_start (world);
}

static gboolean
has_event_cb (gpointer closure)
{
  return bst_world_count (closure, "RequestEvent") > 1;
}

/* The answer was lost, and then the server itself forgot: still one order. */
static void
test_server_restored_unheard (void)
{
  g_autoptr (BstWorld) world = bst_world_new (BST_WORLD_CHILD, 31);
  g_autoptr (BstLedger) ledger = bst_ledger_new (world);
  g_autoptr (BstComputer) here = bst_computer_new (world, "here", "orla");
  g_autofree char *first = NULL;
  g_autofree char *second = NULL;
  BstFaults faults = BST_FAULTS_NONE;

  bst_computer_sync (here);
  first = bst_ledger_order (ledger, here, "Stol");
  bst_computer_sync (here);
  bst_world_backup (world, "backup.db");
  second = bst_ledger_order (ledger, here, "Bord");
  faults.probe = has_event_cb;
  faults.closure = world;
  bst_fault_proxy_set (bst_world_proxy (world), &faults);
  {
    g_autoptr (GError) error = bst_computer_try (here);

    g_assert_error (error, BST_ERROR, BST_ERROR_OUTCOME_UNKNOWN);
  }
  bst_fault_proxy_set (bst_world_proxy (world), NULL);
  restore_server (world);
  bst_computer_sync (here);
  bst_ledger_check_told (ledger, here);
  bst_ledger_check_end (ledger, here);
}

/* What it forgot it does not take again as it was: the receipt is withdrawn, the order comes back, and goes once more. */
static void
test_server_restored_and_dearer (void)
{
  g_autoptr (BstWorld) world = bst_world_new (BST_WORLD_THREAD, 32);
  g_autoptr (BstLedger) ledger = bst_ledger_new (world);
  g_autoptr (BstComputer) here = bst_computer_new (world, "here", "orla");
  g_autofree char *uid = NULL;
  g_autofree char *state = NULL;
  g_autoptr (GPtrArray) receipts = NULL;

  bst_computer_sync (here);
  bst_world_backup (world, "backup.db");
  uid = bst_ledger_order (ledger, here, "Stol");
  bst_computer_sync (here);
  restore_server (world);
  bst_world_set_price (world, 17500, 2);
  bst_computer_sync (here);
  state = bst_computer_state (here, uid);
  g_assert_cmpstr (state, ==, "refused");
  receipts = bst_computer_receipts (here);
  for (guint i = 0; i < receipts->len; i++) /* it is there, and not sent */
    g_assert_cmpstr (bst_doc_get_string (receipts->pdata[i], "type"), ==, "Request");
  bst_ledger_check_told (ledger, here);
  bst_computer_mend (here, uid, "Dyrere stol");
  bst_computer_sync (here);
  bst_ledger_check_told (ledger, here);
  bst_ledger_check_end (ledger, here);
}

/* Killed in the midst of healing, at every request of it. */
static void
test_healing_cut (void)
{
  for (guint cut = 1; cut <= 4; cut++)
    {
      g_autoptr (BstWorld) world = bst_world_new (BST_WORLD_THREAD, 40 + cut);
      g_autoptr (BstLedger) ledger = bst_ledger_new (world);
      g_autoptr (BstComputer) here = bst_computer_new (world, "here", "orla");
      BstFaults faults = BST_FAULTS_NONE;
      g_autoptr (GError) error = NULL;

      bst_computer_sync (here);
      bst_world_backup (world, "backup.db");
      for (guint i = 0; i < 3; i++)
        {
          g_autofree char *uid = bst_ledger_order (ledger, here, "Stol");
        }
      bst_computer_sync (here);
      bst_ledger_check_end (ledger, here);
      restore_server (world);
      faults.cut_down = cut * 1300; /* greeting, session, first page … */
      bst_fault_proxy_set (bst_world_proxy (world), &faults);
      error = bst_computer_try (here);
      bst_fault_proxy_set (bst_world_proxy (world), NULL);
      bst_computer_shut (here);
      bst_computer_open (here);
      bst_computer_sync (here);
      bst_ledger_check_told (ledger, here);
      bst_ledger_check_end (ledger, here);
    }
}

/* ---- the clock decides nothing ---- */

static void
test_clocks (void)
{
  const gint64 hour = 3600 * 1000, year = 365 * 24 * hour;
  const gint64 skews[] = { -year, -2 * hour, 2 * hour, year };

  for (guint i = 0; i < G_N_ELEMENTS (skews); i++)
    {
      g_autoptr (BstWorld) world = bst_world_new (BST_WORLD_THREAD, 50 + i);
      g_autoptr (BstLedger) ledger = bst_ledger_new (world);
      g_autoptr (BstComputer) wrong = bst_computer_new (world, "wrong", "orla");
      g_autoptr (BstComputer) right = bst_computer_new (world, "right", "olga");
      g_autofree char *uid = NULL;
      g_autofree char *other = NULL;
      g_autoptr (GVariant) order = NULL;

      wrong->skew_ms = skews[i];
      bst_computer_sync (wrong);
      bst_computer_sync (right);
      uid = bst_ledger_order (ledger, wrong, "Stol");
      bst_computer_sync (wrong);
      wrong->skew_ms = -skews[i]; /* and then it is set right, and too far */
      other = bst_ledger_order (ledger, right, "Bord");
      bst_computer_sync (right);
      bst_world_step (world, "perle", uid, "accept", NULL);
      bst_world_step (world, "perle", uid, "start", NULL);
      bst_world_step (world, "perle", uid, "deliver", NULL);
      bst_computer_sync (wrong);
      bst_computer_step (wrong, uid, "confirm", NULL);
      bst_computer_sync (wrong);
      bst_computer_sync (right);
      order = bst_world_request (world, uid);
      g_assert_cmpstr (bst_doc_get_string (order, "state"), ==, "closed");
      g_assert_cmpstr (bst_doc_get_string (order, "number"), ==, "2026-000001");
      bst_ledger_check_end (ledger, wrong);
      bst_ledger_check_end (ledger, right);
    }
}

/* ---- the disk is full ---- */

static gint64
size_of (BstComputer *computer, const char *name)
{
  g_autofree char *path = g_build_filename (computer->directory, name, NULL);
  GStatBuf status;

  return g_stat (path, &status) == 0 ? (gint64) status.st_size : 0;
}

static void
test_disk_full_of_drafts (void)
{
  g_autoptr (BstWorld) world = bst_world_new (BST_WORLD_THREAD, 60);
  g_autoptr (BstComputer) here = bst_computer_new (world, "here", "orla");
  g_autoptr (GPtrArray) kept = g_ptr_array_new_with_free_func (g_free);
  g_autofree char *answer = NULL;
  g_autofree char *full = g_strdup_printf ("full %d", BST_ERROR_STORAGE);
  BstProcess *process;

  bst_computer_sync (here);
  bst_computer_shut (here);
  process = bst_process_new (here);
  answer = bst_process_ask (process, "limit %" G_GINT64_FORMAT,
                            MAX (size_of (here, "replica.db"), size_of (here, "work.db")) + 200000);
  bst_process_tell (process, "fill");
  for (;;)
    {
      char *line = bst_process_hear (process);

      g_assert_nonnull (line);
      if (g_str_has_prefix (line, "full"))
        {
          g_assert_cmpstr (line, ==, full);
          g_free (line);
          break;
        }
      g_ptr_array_add (kept, line);
    }
  bst_process_kill (process);
  g_assert_cmpuint (kept->len, >, 10);
  bst_computer_open (here);
  for (guint i = 0; i < kept->len; i++)
    {
      g_autoptr (GVariant) draft = bst_computer_get (here, kept->pdata[i]);

      g_assert_nonnull (draft);
      g_assert_cmpuint (strlen (bst_doc_get_string (draft, "need")), ==, 2000);
    }
  bst_computer_sync (here);
}

/* Full at every size while sending and pulling: what is told holds, and with room again all is well. */
static void
test_disk_full_while_sending (void)
{
  g_autoptr (BstWorld) world = bst_world_new (BST_WORLD_THREAD, 61);
  g_autoptr (BstLedger) ledger = bst_ledger_new (world);
  g_autoptr (BstComputer) here = bst_computer_new (world, "here", "orla");

  bst_computer_sync (here);
  for (guint i = 0; i < 8; i++)
    {
      g_autofree char *uid = bst_computer_order (here, "s1", "Stol");
      g_autofree char *limited = NULL;
      g_autofree char *answer = NULL;
      BstProcess *process;

      bst_ledger_add_order (ledger, uid);
      bst_computer_shut (here);
      process = bst_process_new (here);
      limited = bst_process_ask (process, "limit %u", i * 40000);
      answer = bst_process_ask (process, "sync");
      g_test_message ("%u octets: %s", i * 40000, answer);
      g_assert_nonnull (answer); /* it did not crash */
      bst_process_kill (process);
      bst_computer_open (here);
      bst_ledger_check_told (ledger, here);
      bst_computer_sync (here);
      bst_ledger_check_told (ledger, here);
      bst_ledger_check_end (ledger, here);
    }
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/faults/restored/client", test_client_restored);
  g_test_add_func ("/faults/restored/draft-sent-elsewhere", test_draft_sent_elsewhere);
  g_test_add_func ("/faults/restored/replica-lost", test_replica_lost);
  g_test_add_func ("/faults/restored/server-unheard", test_server_restored_unheard);
  g_test_add_func ("/faults/restored/server-and-dearer", test_server_restored_and_dearer);
  g_test_add_func ("/faults/restored/healing-cut", test_healing_cut);
  g_test_add_func ("/faults/clocks", test_clocks);
  g_test_add_func ("/faults/disk-full/drafts", test_disk_full_of_drafts);
  g_test_add_func ("/faults/disk-full/sending", test_disk_full_while_sending);
  return g_test_run ();
}
