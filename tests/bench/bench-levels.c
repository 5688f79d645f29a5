/* SPDX-License-Identifier: GPL-3.0-or-later */

/*
 * bench-levels STORE UNIT LAST-MONTH
 *
 * Reads what the page of service levels reads, for each of thirteen months back from LAST-MONTH and many times: measures of a year, agreements,
 * the late cases. Prints the CPU microseconds of the whole process (the store's threads too) of each time, one a line.
 */

#include <locale.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

#include "bst-month.h"
#include "bst-store-levels.h"
#include "bst-store.h"
#include "bst-system-clock.h"

#define ROUNDS  10
#define MONTHS  13
#define AT_MOST 300

static gint64
cpu_time (void)
{
  struct timespec spent;

  clock_gettime (CLOCK_PROCESS_CPUTIME_ID, &spent);
  return (gint64) spent.tv_sec * 1000000 + spent.tv_nsec / 1000;
}

/* Returns: how many records were read; -1: @error. */
static int
read_page (BstStore *store, const char *unit, const char *month, GError **error)
{
  const BstQuery query = { .type = "Agreement" };
  BstCaseQuery late = { .unit = unit, .scope = BST_CASES_LATE, .limit = AT_MOST };
  g_autoptr (GTimeZone) zone = g_time_zone_new_utc ();
  g_autofree char *year_ago = bst_month_add (month, 1 - MONTHS);
  g_autofree char *before = bst_month_add (month, -1);
  const BstMeasureQuery wanted = {
    .unit = unit, .from = year_ago, .to = month, .whole_from = before
  };
  g_autoptr (GPtrArray) measures = bst_store_measures (store, &wanted, error);
  g_autoptr (GPtrArray) agreements = NULL;
  g_autoptr (GPtrArray) cases = NULL;
  gint64 unused;

  if (!measures || !bst_month_bounds (before, zone, &late.from, &unused) ||
      !bst_month_bounds (month, zone, &unused, &late.to))
    return -1;
  agreements = bst_store_find (store, &query, 0, AT_MOST, error);
  cases = agreements ? bst_store_cases (store, &late, error) : NULL;
  return cases ? (int) (measures->len + agreements->len + cases->len) : -1;
}

static gboolean
run (char *argv[], GError **error)
{
  BstStore *store = bst_store_open (argv[1], bst_system_clock (), error);
  gboolean good = store != NULL;

  for (int i = 0; good && i < ROUNDS * MONTHS; i++)
    {
      g_autofree char *month = bst_month_add (argv[3], -(i % MONTHS));
      gint64 before = cpu_time ();
      int read = read_page (store, argv[2], month, error);

      good = read >= 0;
      if (good && i >= MONTHS)
        printf ("%" G_GINT64_FORMAT "\t%d\n", cpu_time () - before, read);
    }
  if (store)
    bst_store_close (store);
  return good;
}

int
main (int argc, char *argv[])
{
  g_autoptr (GError) error = NULL;

  setlocale (LC_ALL, "");
  if (argc != 4 || !run (argv, &error))
    {
      g_printerr ("bench-levels: %s\n", error ? error->message : "STORE UNIT LAST-MONTH is wanted");
      return EXIT_FAILURE;
    }
  return EXIT_SUCCESS;
}
