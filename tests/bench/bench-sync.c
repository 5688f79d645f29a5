/* SPDX-License-Identifier: GPL-3.0-or-later */

/*
 * bench-sync FOLDER SERVER TOKEN CA [DELTAS]
 *
 * What the application does in a first synchronisation, and nothing else: one round into a store, begun anew when the line breaks. Prints the
 * most memory it ever had, before and after (kB). With DELTAS it then says "ready", waits for a line on its
 * input, asks so many times whether there is anything new, prints the CPU microseconds of each, and says "ready" again.
 */

#include <locale.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "bst-error.h"
#include "bst-sync.h"
#include "bst-system-clock.h"

static glong
peak_memory (void)
{
  g_autofree char *status = NULL;
  const char *found;

  if (!g_file_get_contents ("/proc/self/status", &status, NULL, NULL))
    return 0;
  found = strstr (status, "VmHWM:");
  return found ? atol (found + strlen ("VmHWM:")) : 0;
}

static gint64
cpu_time (void)
{
  struct timespec spent;

  clock_gettime (CLOCK_PROCESS_CPUTIME_ID, &spent);
  return (gint64) spent.tv_sec * 1000000 + spent.tv_nsec / 1000;
}

static void
say_ready (void)
{
  char line[16];

  puts ("ready");
  fflush (stdout);
  if (!fgets (line, sizeof line, stdin))
    exit (EXIT_FAILURE);
}

static gboolean
ask_again (BstSync *sync, int times, GError **error)
{
  say_ready ();
  for (int i = 0; i < times; i++)
    {
      gint64 before = cpu_time ();

      if (!bst_sync_run (sync, NULL, error))
        return FALSE;
      printf ("%" G_GINT64_FORMAT "\n", cpu_time () - before);
    }
  say_ready ();
  return TRUE;
}

/* As often as the line breaks. */
static gboolean
synchronise (BstSync *sync, GError **error)
{
  g_autoptr (GError) cause = NULL;

  while (!bst_sync_run (sync, NULL, &cause))
    {
      if (!g_error_matches (cause, BST_ERROR, BST_ERROR_OUTCOME_UNKNOWN) &&
          !g_error_matches (cause, BST_ERROR, BST_ERROR_OFFLINE))
        {
          g_propagate_error (error, g_steal_pointer (&cause));
          return FALSE;
        }
      g_clear_error (&cause);
    }
  return TRUE;
}

static gboolean
run (char *argv[], int deltas, GError **error)
{
  BstStore *store = bst_store_open (argv[1], bst_system_clock (), error);
  g_autoptr (BstSync) sync = NULL;
  glong before = peak_memory ();
  gboolean good;

  if (!store)
    return FALSE;
  sync = bst_sync_new (store, bst_system_clock (), argv[2], argv[3], argv[4]);
  good = synchronise (sync, error);
  printf ("%ld %ld\n", before, peak_memory ());
  good = good && (deltas == 0 || ask_again (sync, deltas, error));
  bst_store_close (store);
  return good;
}

int
main (int argc, char *argv[])
{
  g_autoptr (GError) error = NULL;

  setlocale (LC_ALL, "");
  if (argc != 5 && argc != 6)
    {
      g_printerr ("usage: bench-sync FOLDER SERVER TOKEN CA [DELTAS]\n");
      return EXIT_FAILURE;
    }
  if (!run (argv, argc == 6 ? atoi (argv[5]) : 0, &error))
    {
      g_printerr ("bench-sync: %s\n", error->message);
      return EXIT_FAILURE;
    }
  return EXIT_SUCCESS;
}
