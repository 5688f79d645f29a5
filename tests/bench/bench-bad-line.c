/* SPDX-License-Identifier: GPL-3.0-or-later */

/*
 * bench-bad-line PORT [OCTETS...]
 *
 * The fault proxy before a server on PORT: cuts the line as soon as so many octets in all have come down. Says its own
 * port; when its input ends, how many octets came down, and how many cuts there were.
 */

#include <stdio.h>
#include <stdlib.h>

#include "bst-fault-proxy.h"

typedef struct
{
  BstFaultProxy *proxy;
  char **cuts;
  gint stopping; /* atomic */
  guint done;
} Cutter;

static gint64
down_so_far (BstFaultProxy *proxy)
{
  gint64 down;

  bst_fault_proxy_passed (proxy, NULL, &down);
  return down;
}

static gpointer
cut (gpointer data)
{
  Cutter *cutter = data;

  for (; cutter->cuts[cutter->done]; cutter->done++)
    {
      BstFaults faults = BST_FAULTS_NONE;

      faults.cut_down = MAX (
          g_ascii_strtoll (cutter->cuts[cutter->done], NULL, 10) - down_so_far (cutter->proxy), 1);
      bst_fault_proxy_set (cutter->proxy, &faults);
      while (!bst_fault_proxy_wait_struck (cutter->proxy, 1))
        if (g_atomic_int_get (&cutter->stopping))
          return NULL;
    }
  bst_fault_proxy_set (cutter->proxy, NULL);
  return NULL;
}

int
main (int argc, char *argv[])
{
  Cutter cutter = { NULL };
  GThread *thread;

  if (argc < 2)
    {
      g_printerr ("usage: bench-bad-line PORT [OCTETS...]\n");
      return EXIT_FAILURE;
    }
  cutter.proxy = bst_fault_proxy_new ((guint16) atoi (argv[1]));
  cutter.cuts = argv + 2;
  thread = g_thread_new ("cuts", cut, &cutter);
  printf ("%u\n", bst_fault_proxy_get_port (cutter.proxy));
  fflush (stdout);
  while (getchar () != EOF)
    ;
  g_atomic_int_set (&cutter.stopping, 1);
  g_thread_join (thread);
  printf ("%" G_GINT64_FORMAT " %u\n", down_so_far (cutter.proxy), cutter.done);
  bst_fault_proxy_free (cutter.proxy);
  return EXIT_SUCCESS;
}
