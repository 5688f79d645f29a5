/* SPDX-License-Identifier: GPL-3.0-or-later */

/*
 * bench-measures FOLDER CASES
 *
 * In an authority's database (init, import all): so many cases over 13 months with five events each, then by turns a bare SELECT of all
 * the events and all measures added up from nothing; and single promises, with what is agreed. Prints a JSON object: CPU seconds
 * (medians), and microseconds a promise.
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

/* Events as the server stores them, five for each case. */
static const char events[] = "CREATE TABLE IF NOT EXISTS bench_event (doc TEXT) STRICT;"
                             "DELETE FROM bench_event;";
static const char one_events[] =
    "WITH RECURSIVE n (n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM n WHERE n < ?1) "
    "INSERT INTO bench_event SELECT printf ('{\"id\":\"019b0000-%06d-7000-%s\",\"uid\":\"019b0000-"
    "%06d-7000-%s\",\"request\":\"019b0000-%06d-7000-8000\",\"action\":\"%s\",\"at\":"
    "\"2026-03-12T08:12:44Z\",\"receivedAt\":\"2026-03-12T08:12:45Z\",\"person\":\"dk-p-0017\","
    "\"unit\":\"dk-su-skole-1\",\"sequence\":%d,\"rev\":1,\"created\":\"2026-03-12T08:12:45Z\","
    "\"updated\":\"2026-03-12T08:12:45Z\"}', n, ?2, n, ?2, n, ?2, ?3) FROM n";

static gboolean
add_events (BstStorage *storage, guint n, GError **error)
{
  static const char *const actions[] = { "submit", "accept", "start", "deliver", "confirm" };
  g_autoptr (BstStmt) stmt = NULL;

  if (!bst_db_exec (storage->db, events, error))
    return FALSE;
  stmt = bst_db_prepare (storage->db, one_events, error);
  for (guint i = 0; stmt && i < G_N_ELEMENTS (actions); i++)
    {
      bst_stmt_reset (stmt);
      bst_stmt_bind_int (stmt, 1, n);
      bst_stmt_bind_text (stmt, 2, actions[i]);
      bst_stmt_bind_int (stmt, 3, i + 1);
      if (!bst_stmt_run (stmt, error))
        return FALSE;
    }
  return stmt != NULL;
}

/* Those that order: the institutions. */
static GPtrArray *
institutions (BstStorage *storage)
{
  GPtrArray *units = all_of (storage, "OrgUnit");

  for (guint i = units->len; i > 0; i--)
    if (g_strcmp0 (bst_doc_get_string (units->pdata[i - 1], "kind"), "institution") != 0)
      g_ptr_array_remove_index (units, i - 1);
  return units;
}

/* A few services make up most of the orders, and a unit uses the same ones again. */
static guint
some_service (GRand *rand, guint unit, guint n)
{
  double chance = g_rand_double (rand);
  guint rank = (guint) (chance * chance * chance * 24);

  return (rank * 7 + unit * 3) % n;
}

static gboolean
add_cases (BstStorage *storage, GPtrArray *units, GPtrArray *services, guint n, GError **error)
{
  g_autoptr (GRand) rand = g_rand_new_with_seed (42);

  for (guint i = 0; i < n; i++)
    {
      guint unit = (guint) g_rand_int_range (rand, 0, (gint32) units->len);
      guint service = some_service (rand, unit, services->len);
      guint month = i / (n / 13 + 1);
      BstCase one = { .line = "l1",
                      .channel = "app",
                      .started = 1,
                      .stopped = 2,
                      .due = 3,
                      .response_due = 3,
                      .verdict = BST_SLA_MET,
                      .response_verdict = BST_SLA_MET,
                      .first_time = TRUE,
                      .wakes = BST_CALENDAR_NEVER };

      one.unit = bst_doc_get_string (units->pdata[unit], "id");
      one.service = bst_doc_get_string (services->pdata[service], "id");
      one.elapsed = g_rand_int_range (rand, 600, 900000);
      one.stars = g_rand_int_range (rand, 0, 3) ? 0 : g_rand_int_range (rand, 1, 6);
      g_snprintf (one.month, sizeof one.month, "%04u-%02u", 2025 + month / 12, month % 12 + 1);
      if (!bst_storage_put_case (storage, (gint64) i + 1000000, &one, error))
        return FALSE;
    }
  return TRUE;
}

/* ---- measuring ---- */

static gboolean
scan (BstStorage *storage, double *ret_cpu, GError **error)
{
  double began = cpu_now ();
  g_autoptr (BstStmt) stmt = bst_db_prepare (storage->db, "SELECT doc FROM bench_event", error);
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
add_up (BstStorage *storage, double *ret_cpu, guint *ret_documents, GError **error)
{
  double began = cpu_now ();
  g_autoptr (GPtrArray) documents = bst_storage_measures (storage, NULL, error);

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

static gboolean
run (const char *folder, guint n, GError **error)
{
  g_autoptr (BstStorage) storage = bst_storage_open (folder, bst_system_clock (), error);
  g_autoptr (GPtrArray) units = NULL;
  g_autoptr (GPtrArray) services = NULL;
  double scans[ROUNDS];
  double sums[ROUNDS];
  guint documents = 0;

  if (!storage || !bst_storage_begin (storage, error))
    return FALSE;
  units = institutions (storage);
  services = all_of (storage, "Service");
  if (!add_events (storage, n, error) || !add_cases (storage, units, services, n, error) ||
      !bst_storage_commit (storage, error))
    return FALSE;
  for (guint i = 0; i < ROUNDS; i++)
    if (!scan (storage, &scans[i], error) || !add_up (storage, &sums[i], &documents, error))
      return FALSE;
  qsort (scans, ROUNDS, sizeof (double), compare);
  qsort (sums, ROUNDS, sizeof (double), compare);
  g_print ("{\"scan\": %.4f, \"measures\": %.4f, \"documents\": %u, \"promise\": %.3f}\n",
           scans[ROUNDS / 2], sums[ROUNDS / 2], documents, promise (storage, services));
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
