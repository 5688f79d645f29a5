/* SPDX-License-Identifier: GPL-3.0-or-later */

/* kill -9 of either side, with bestillerd as a process of its own, at so many octets of the talk. */

#include "bst-error.h"
#include "bst-ledger.h"
#include "bst-process.h"

#include <string.h>

/* Of the request, on the line that is open already: head, body, tail, and a little later. */
static const gint64 octets[] = { 1, 120, 280, 330, 450, 600, 750, 850, 900, 950 };

#define LIMIT_SECONDS 20

/* ---- the client ---- */

static void
test_client (void)
{
  g_autoptr (BstWorld) world = bst_world_new (BST_WORLD_CHILD, 1);
  g_autoptr (BstLedger) ledger = bst_ledger_new (world);
  g_autoptr (BstComputer) here = bst_computer_new (world, "here", "orla");
  BstFaultProxy *proxy = bst_world_proxy (world);

  bst_computer_sync (here);
  for (guint i = 0; i < G_N_ELEMENTS (octets); i++)
    {
      BstProcess *process;
      g_autofree char *ready = NULL;
      g_autofree char *uid = NULL;
      g_autofree char *sent = NULL;
      g_autofree char *text = g_strdup_printf ("Besked %u", i);
      gint64 up;

      bst_computer_shut (here);
      process = bst_process_new (here);
      ready = bst_process_ask (process, "sync");
      g_assert_cmpstr (ready, ==, "ok");
      uid = bst_process_ask (process, "order s1 Stol %u", i);
      bst_ledger_add_order (ledger, uid);
      sent = bst_process_ask (process, "message %s %s", uid, text);
      g_assert_cmpstr (sent, ==, "ok");
      bst_ledger_add_message (ledger, uid, text);

      bst_fault_proxy_passed (proxy, &up, NULL);
      bst_process_tell (process, "sync");
      bst_fault_proxy_wait_up (proxy, up + octets[i], 2);
      bst_process_kill (process);

      bst_computer_open (here);
      bst_ledger_check_told (ledger, here);
      bst_computer_sync (here);
      bst_ledger_check_told (ledger, here);
      bst_ledger_check_end (ledger, here);
    }
}

/* What was said to be kept is kept, whatever the process was doing. */
static void
test_client_between_steps (void)
{
  g_autoptr (BstWorld) world = bst_world_new (BST_WORLD_CHILD, 2);
  g_autoptr (BstLedger) ledger = bst_ledger_new (world);
  g_autoptr (BstComputer) here = bst_computer_new (world, "here", "orla");
  static const char *const steps[] = { "order", "message", "trip-before", "trip" };

  bst_computer_sync (here);
  for (guint last = 0; last < G_N_ELEMENTS (steps); last++)
    {
      BstProcess *process;
      g_autofree char *uid = NULL;
      g_autofree char *text = g_strdup_printf ("Besked %u", last);

      bst_computer_shut (here);
      process = bst_process_new (here);
      uid = bst_process_ask (process, "order s1 Stol %u", last);
      bst_ledger_add_order (ledger, uid);
      if (last >= 1)
        {
          g_autofree char *answer = bst_process_ask (process, "message %s %s", uid, text);

          g_assert_cmpstr (answer, ==, "ok");
          bst_ledger_add_message (ledger, uid, text);
        }
      if (last >= 2)
        g_assert_null (bst_process_ask (process, "%s", steps[last])); /* it dies of it */
      bst_process_kill (process);
      bst_computer_open (here);
      bst_ledger_check_told (ledger, here);
      bst_computer_sync (here);
      bst_ledger_check_end (ledger, here);
    }
}

/* ---- the server ---- */

typedef struct
{
  BstWorld *world;
  gint64 up;
} Kill;

static gpointer
kill_server (gpointer data)
{
  Kill *plan = data;

  bst_fault_proxy_wait_up (bst_world_proxy (plan->world), plan->up, 5);
  bst_world_kill (plan->world);
  return NULL;
}

static void
test_server (void)
{
  g_autoptr (BstWorld) world = bst_world_new (BST_WORLD_CHILD, 3);
  g_autoptr (BstLedger) ledger = bst_ledger_new (world);
  g_autoptr (BstComputer) here = bst_computer_new (world, "here", "orla");
  BstFaultProxy *proxy = bst_world_proxy (world);

  bst_computer_sync (here);
  for (guint i = 0; i < G_N_ELEMENTS (octets); i++)
    {
      g_autofree char *uid = bst_computer_order (here, "s1", "Stol");
      g_autofree char *text = g_strdup_printf ("Besked %u", i);
      g_autoptr (GError) error = NULL;
      Kill plan = { .world = world };
      GThread *killer;

      bst_ledger_add_order (ledger, uid);
      bst_computer_step (here, uid, "message", text);
      bst_ledger_add_message (ledger, uid, text);
      bst_fault_proxy_passed (proxy, &plan.up, NULL);
      plan.up += octets[i];
      killer = g_thread_new ("kill", kill_server, &plan);
      error = bst_computer_try (here);
      g_thread_join (killer);
      bst_ledger_check_told (ledger, here);
      bst_world_start (world);
      bst_computer_sync (here);
      bst_ledger_check_told (ledger, here);
      bst_ledger_check_end (ledger, here);
    }
}

typedef struct
{
  BstWorld *world;
  guint events;
  gboolean dead;
} Watch;

/* In the proxy's thread: nobody else kills or starts it meanwhile. */
static gboolean
kill_when_done_cb (gpointer closure)
{
  Watch *watch = closure;

  if (!watch->dead && bst_world_count (watch->world, "RequestEvent") > watch->events)
    {
      bst_world_kill (watch->world);
      watch->dead = TRUE;
    }
  return watch->dead;
}

/* It had committed, and died before a word was heard of it. */
static void
test_server_after_commit (void)
{
  g_autoptr (BstWorld) world = bst_world_new (BST_WORLD_CHILD, 4);
  g_autoptr (BstLedger) ledger = bst_ledger_new (world);
  g_autoptr (BstComputer) here = bst_computer_new (world, "here", "orla");

  bst_computer_sync (here);
  for (guint i = 0; i < 3; i++)
    {
      g_autofree char *uid = bst_computer_order (here, "s1", "Stol");
      Watch watch = { .world = world, .events = bst_world_count (world, "RequestEvent") };
      BstFaults faults = BST_FAULTS_NONE;
      g_autoptr (GError) error = NULL;

      bst_ledger_add_order (ledger, uid);
      faults.probe = kill_when_done_cb;
      faults.closure = &watch;
      bst_fault_proxy_set (bst_world_proxy (world), &faults);
      error = bst_computer_try (here);
      g_assert_error (error, BST_ERROR, BST_ERROR_OUTCOME_UNKNOWN);
      bst_fault_proxy_set (bst_world_proxy (world), NULL);
      g_assert_true (watch.dead);
      g_assert_true (bst_world_has (world, "Request", uid));
      bst_ledger_check_told (ledger, here);
      bst_world_start (world);
      bst_computer_sync (here);
      bst_ledger_check_end (ledger, here);
    }
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/faults/kill/client", test_client);
  g_test_add_func ("/faults/kill/client-between-steps", test_client_between_steps);
  g_test_add_func ("/faults/kill/server", test_server);
  g_test_add_func ("/faults/kill/server-after-commit", test_server_after_commit);
  return g_test_run ();
}
