/* SPDX-License-Identifier: GPL-3.0-or-later */

/*
 * bench-measures FOLDER CASES
 *
 * In an authority's database with a simulated year (bestiller-admin simulate): its orders with all their events are copied, under
 * ids of their own, until there are so many cases, and counted from their documents. Then by turns, the medians of their CPU
 * seconds: a bare SELECT of all event documents; all measures from the cases' rows; all measures with every case counted again
 * from its line and events. Besides: cases counted from their documents, once, and single promises, with what is agreed.
 * Prints a JSON object.
 */

#include "bst-agreement.h"
#include "bst-storage-measure.h"
#include "bst-system-clock.h"

#include <locale.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#define ROUNDS   3
#define PROMISES 20000

static double
cpu_now (void)
{
  struct timespec now;

  clock_gettime (CLOCK_PROCESS_CPUTIME_ID, &now);
  return (double) now.tv_sec + (double) now.tv_nsec / 1e9;
}

static gboolean
collect_cb (GVariant *record, gpointer list)
{
  g_ptr_array_add (list, g_variant_ref (record));
  return TRUE;
}

static GPtrArray *
all_of (BstStorage *storage, const char *type)
{
  GPtrArray *list = g_ptr_array_new_with_free_func ((GDestroyNotify) g_variant_unref);

  bst_storage_each (storage, type, collect_cb, list, NULL);
  return list;
}

/* ---- filling ---- */

/* A copy has the number of its round in front of its ids, and a change number above all. */
static const char copy[] =
    "INSERT INTO record (account, type, id, unit, rev, seq, created_seq, revs, doc) "
    "SELECT account, type, printf ('%08x', ?1) || substr (id, 9), unit, rev, "
    "?1 * (SELECT max (rowid) + 1 FROM bench_source) + ?2 + bench_source.rowid, created_seq, revs, "
    "replace (replace (doc, id, printf ('%08x', ?1) || substr (id, 9)), "
    "coalesce (request, id), printf ('%08x', ?1) || substr (coalesce (request, id), 9)) "
    "FROM bench_source ORDER BY bench_source.rowid";

static const char source[] =
    "CREATE TEMP TABLE bench_source AS SELECT account, type, id, unit, rev, created_seq, revs, "
    "request, doc FROM record WHERE type IN ('Request', 'RequestEvent') AND doc IS NOT NULL ORDER "
    "BY "
    "row;"
    "PRAGMA synchronous = OFF";

static gint64
number (BstStorage *storage, const char *sql, GError **error)
{
  g_autoptr (BstStmt) stmt = bst_db_prepare (storage->db, sql, error);
  gboolean row;

  return stmt && bst_stmt_step (stmt, &row, error) && row ? bst_stmt_int (stmt, 0) : -1;
}

static gboolean
count_from_documents (BstStorage *storage, GError **error)
{
  return bst_storage_measure_stale (storage, error) && bst_storage_measure_all (storage, error);
}

static gboolean
fill (BstStorage *storage, guint cases, double *ret_documents, GError **error)
{
  g_autoptr (BstStmt) stmt = NULL;
  gint64 here;
  gint64 last;
  double began;

  if (!count_from_documents (storage, error) || !bst_db_exec (storage->db, source, error))
    return FALSE;
  here = number (storage, "SELECT count(*) FROM sla_case", error);
  last = number (storage, "SELECT max(seq) FROM record", error);
  stmt = bst_db_prepare (storage->db, copy, error);
  if (here < 1 || !stmt || !bst_storage_begin (storage, error))
    return FALSE;
  for (gint64 i = 1; i * here < cases; i++)
    {
      bst_stmt_reset (stmt);
      bst_stmt_bind_int (stmt, 1, i);
      bst_stmt_bind_int (stmt, 2, last);
      if (!bst_stmt_run (stmt, error))
        return FALSE;
    }
  if (!bst_storage_commit (storage, error))
    return FALSE;
  began = cpu_now ();
  if (!count_from_documents (storage, error))
    return FALSE;
  *ret_documents = cpu_now () - began;
  return TRUE;
}

/* ---- measuring ---- */

static gboolean
scan (BstStorage *storage, double *ret_cpu, GError **error)
{
  double began = cpu_now ();
  g_autoptr (BstStmt) stmt = bst_db_prepare (
      storage->db, "SELECT doc FROM record WHERE type = 'RequestEvent' AND doc IS NOT NULL", error);
  gboolean row = stmt != NULL;
  gsize octets = 0;

  while (row)
    {
      if (!bst_stmt_step (stmt, &row, error))
        return FALSE;
      if (row)
        octets += strlen (bst_stmt_text (stmt, 0));
    }
  *ret_cpu = cpu_now () - began;
  return octets > 0;
}

static gboolean
add_up (BstStorage *storage, gboolean anew, double *ret_cpu, guint *ret_documents, GError **error)
{
  double began = cpu_now ();
  g_autoptr (GPtrArray) documents = anew ? bst_storage_measures_anew (storage, error)
                                         : bst_storage_measures (storage, NULL, error);

  if (!documents)
    return FALSE;
  *ret_documents = documents->len;
  *ret_cpu = cpu_now () - began;
  return TRUE;
}

/* What a row of the catalogue asks: what holds for the service, and by when it would be delivered. */
static double
promise (BstStorage *storage, GPtrArray *services)
{
  g_autoptr (GPtrArray) agreements = all_of (storage, "Agreement");
  GVariant *agreement = agreements->len ? agreements->pdata[0] : NULL;
  double began;

  for (guint i = 0; i < services->len; i++)
    bst_storage_calendar (bst_doc_get_string (services->pdata[i], "promise/calendar"), storage);
  began = cpu_now ();
  for (guint i = 0; i < PROMISES; i++)
    {
      g_auto (BstTerms) terms = { NULL };
      BstCalendar *calendar;

      bst_terms_resolve (services->pdata[i % services->len], agreement, NULL, &terms);
      bst_promise_due_at (terms.promise, 1773300000 + i * 977, bst_storage_calendar, storage,
                          &calendar);
    }
  return (cpu_now () - began) / PROMISES * 1e6;
}

static int
compare (const void *a, const void *b)
{
  double one = *(const double *) a;
  double other = *(const double *) b;

  return (one > other) - (one < other);
}

static double
median (double *values)
{
  qsort (values, ROUNDS, sizeof (double), compare);
  return values[ROUNDS / 2];
}

static gboolean
run (const char *folder, guint n, GError **error)
{
  g_autoptr (BstStorage) storage = bst_storage_open (folder, bst_system_clock (), error);
  g_autoptr (GPtrArray) services = NULL;
  double scans[ROUNDS];
  double sums[ROUNDS];
  double counts[ROUNDS];
  double filled;
  guint documents = 0;
  guint anew = 0;

  if (!storage || !fill (storage, n, &filled, error))
    return FALSE;
  services = all_of (storage, "Service");
  for (guint i = 0; i < ROUNDS; i++)
    if (!scan (storage, &scans[i], error) ||
        !add_up (storage, FALSE, &sums[i], &documents, error) ||
        !add_up (storage, TRUE, &counts[i], &anew, error))
      return FALSE;
  g_assert (anew == documents);
  g_print ("{\"cases\": %" G_GINT64_FORMAT ", \"events\": %" G_GINT64_FORMAT
           ", \"scan\": %.4f, \"measures\": %.4f, \"anew\": %.4f, \"fromDocuments\": %.4f, "
           "\"documents\": %u, \"promise\": %.3f}\n",
           number (storage, "SELECT count(*) FROM sla_case", error),
           number (storage, "SELECT count(*) FROM record WHERE type = 'RequestEvent'", error),
           median (scans), median (sums), median (counts), filled, documents,
           promise (storage, services));
  return TRUE;
}

int
main (int argc, char *argv[])
{
  g_autoptr (GError) error = NULL;

  setlocale (LC_ALL, "C.UTF-8");
  if (argc != 3 || !run (argv[1], (guint) g_ascii_strtoull (argv[2], NULL, 10), &error))
    {
      g_printerr ("bench-measures: %s\n", error ? error->message : "FOLDER CASES is wanted");
      return EXIT_FAILURE;
    }
  return EXIT_SUCCESS;
}
