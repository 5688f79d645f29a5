/* SPDX-License-Identifier: GPL-3.0-or-later */

/*
 * bench-orders
 *
 * What it takes to send orders, with the real server (BST_BESTILLERD) behind the fault proxy. Prints JSON: round trips for
 * many orders over an open connection, and over one that has to be opened; seconds for one order over a narrow line with
 * its own time, both the same.
 */

#include <locale.h>
#include <stdio.h>

#include "bst-world.h"

#define MANY       100
#define RATE       (50000 / 8) /* octets a second: 50 kbit/s */
#define LATENCY_MS 600         /* each way */

typedef struct
{
  BstWorld *world;
  BstComputer *computer;
  guint sent;
} Desk;

/* Synchronised, with its connection open. */
static void
desk_init (Desk *desk)
{
  desk->world = bst_world_new (BST_WORLD_CHILD, 1);
  desk->computer = bst_computer_new (desk->world, "desk", "orla");
  desk->sent = 0;
  bst_computer_sync (desk->computer);
}

static void
desk_clear (Desk *desk)
{
  bst_computer_free (desk->computer);
  bst_world_free (desk->world);
}

static void
start_anew (Desk *desk)
{
  bst_computer_shut (desk->computer);
  bst_computer_open (desk->computer);
}

static void
make_orders (Desk *desk, guint n)
{
  for (guint i = 0; i < n; i++)
    {
      g_autofree char *title = g_strdup_printf ("Kontorstol til plads %u", i + 1);

      g_free (bst_computer_order (desk->computer, "s1", title));
    }
  desk->sent += n;
}

/* A round; all that waits must be received then, and be on the server. */
static void
send_all (Desk *desk)
{
  bst_computer_sync (desk->computer);
  for (BstOutboxState state = BST_OUTBOX_QUEUED; state <= BST_OUTBOX_REFUSED; state++)
    if (bst_computer_outbox (desk->computer, state) > 0)
      g_error ("not everything was received");
  if (bst_world_count (desk->world, "Request") != desk->sent ||
      bst_world_count (desk->world, "RequestEvent") != desk->sent)
    g_error ("the server does not have what was received");
}

static guint
turns_for_many (Desk *desk)
{
  BstFaultProxy *proxy = bst_world_proxy (desk->world);
  guint before = bst_fault_proxy_turns (proxy);

  make_orders (desk, MANY);
  send_all (desk);
  return bst_fault_proxy_turns (proxy) - before;
}

typedef struct
{
  double took; /* seconds */
  gint64 up, down;
} Trip;

static Trip
send_slowly (Desk *desk)
{
  BstFaultProxy *proxy = bst_world_proxy (desk->world);
  BstFaults narrow = BST_FAULTS_NONE;
  gint64 up, down, start;
  Trip trip;

  narrow.rate = RATE;
  narrow.latency_ms = LATENCY_MS;
  make_orders (desk, 1);
  bst_fault_proxy_passed (proxy, &up, &down);
  bst_fault_proxy_set (proxy, &narrow);
  start = g_get_monotonic_time ();
  send_all (desk);
  trip.took = (double) (g_get_monotonic_time () - start) / G_USEC_PER_SEC;
  bst_fault_proxy_set (proxy, NULL);
  bst_fault_proxy_passed (proxy, &trip.up, &trip.down);
  trip.up -= up;
  trip.down -= down;
  return trip;
}

/* Of a trip on an open connection: one way there and one back, and its octets. */
static double
own_time (const Trip *trip)
{
  return 2 * LATENCY_MS / 1000.0 + (double) (trip->up + trip->down) / RATE;
}

int
main (int argc, char *argv[])
{
  Desk desk;
  guint open, anew;
  Trip kept, opened;

  setlocale (LC_ALL, "");
  desk_init (&desk);
  open = turns_for_many (&desk);
  start_anew (&desk);
  anew = turns_for_many (&desk);
  kept = send_slowly (&desk);
  start_anew (&desk);
  opened = send_slowly (&desk);
  desk_clear (&desk);
  printf ("{\"turnsOpen\":%u,\"turnsAnew\":%u,\"own\":%.3f,\"kept\":%.3f,\"opened\":%.3f,"
          "\"octetsKept\":%d,\"octetsOpened\":%d}\n",
          open, anew, own_time (&kept), kept.took, opened.took, (int) (kept.up + kept.down),
          (int) (opened.up + opened.down));
  return 0;
}
