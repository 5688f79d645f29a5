/* SPDX-License-Identifier: GPL-3.0-or-later */

/*
 * 100,000 orders: loaded in pages, listed lazily, searched. Run with BST_TEST_ROWS to try other sizes.
 */

#include "store-fixture.h"

#include "bst-make-requests.h"
#include "bst-record-list.h"

#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>

#define UNITS 60

static guint
n_rows (void)
{
  const char *wanted = g_getenv ("BST_TEST_ROWS");

  return wanted ? (guint) atoi (wanted) : 20000;
}

static double
cpu (void)
{
  struct rusage usage;

  getrusage (RUSAGE_SELF, &usage);
  return (double) (usage.ru_utime.tv_sec + usage.ru_stime.tv_sec) +
         (double) (usage.ru_utime.tv_usec + usage.ru_stime.tv_usec) / 1e6;
}

static long
peak_kb (void)
{
  struct rusage usage;

  getrusage (RUSAGE_SELF, &usage);
  return usage.ru_maxrss;
}

static void
load (StoreFixture *fixture)
{
  g_autofree char *units = bst_make_units (UNITS);
  g_autofree char *records = g_strdup_printf ("{\"OrgUnit\":%s}", units);
  g_autoptr (GVariant) accounts = json ("{\"catalogue\":{\"initialState\":\"e.r.0\"},\"d1\":{\"initialState\":\"e.r.0\"}}");
  double spent = 0;

  g_assert_true (bst_store_set_accounts (fixture->store, accounts, NULL));
  store_fixture_must_apply (fixture, "catalogue", "e.r.1", FALSE, records, "{}");
  for (guint first = 0; first < n_rows (); first += 5000)
    {
      g_autoptr (GBytes) page = bst_make_requests_page (first, 5000, n_rows (), UNITS);
      g_autoptr (GError) error = NULL;
      double before = cpu ();
      g_autoptr (GPtrArray) applied = bst_store_apply_response (fixture->store, page, &error);

      spent += cpu () - before;
      if (first + 5000 >= n_rows ())
        g_test_message ("of which the last page and what was put off: %.2f s", cpu () - before);
      g_assert_no_error (error);
      g_assert_cmpuint (((BstAppliedPage *) g_ptr_array_index (applied, 0))->n_records, ==, MIN (5000, n_rows () - first));
    }
  g_test_message ("loading %u orders: %.2f s CPU, peak %ld kB", n_rows (), spent, peak_kb ());
}

static void
set_up (StoreFixture *fixture, gconstpointer data)
{
  store_fixture_set_up (fixture, data);
  load (fixture);
}

static gboolean
is_loaded (gpointer data)
{
  gboolean loading;

  g_object_get (data, "loading", &loading, NULL);
  return !loading;
}

static gboolean
has_doc (gpointer data)
{
  return bst_record_row_get_doc (data) != NULL;
}

static void
test_list (StoreFixture *fixture, gconstpointer data)
{
  const BstQuery query = { .type = "Request" };
  const double before = cpu ();
  const long memory = peak_kb ();
  g_autoptr (BstRecordList) list = bst_record_list_new (fixture->store, &query);
  g_autoptr (BstRecordRow) first = NULL;
  g_autoptr (BstRecordRow) last = NULL;
  g_autofree char *newest = g_strdup_printf ("2026-%06u", n_rows () - 1);

  spin_until (is_loaded, list);
  g_assert_cmpuint (g_list_model_get_n_items (G_LIST_MODEL (list)), ==, n_rows ());
  first = g_list_model_get_item (G_LIST_MODEL (list), 0);
  last = g_list_model_get_item (G_LIST_MODEL (list), n_rows () - 1);
  g_assert_null (bst_record_row_get_doc (last));
  spin_until (has_doc, first);
  spin_until (has_doc, last);
  g_assert_cmpstr (bst_doc_get_string (bst_record_row_get_doc (first), "number"), ==, newest);
  g_assert_cmpstr (bst_doc_get_string (bst_record_row_get_doc (last), "number"), ==, "2026-000000");
  g_test_message ("opening the list: %.1f ms CPU, %ld kB more", (cpu () - before) * 1000, peak_kb () - memory);

  /* Somebody runs over all of it (a selection model does): nothing is kept, nothing is read. */
  for (guint i = 0; i < n_rows (); i++)
    {
      g_autoptr (BstRecordRow) row = g_list_model_get_item (G_LIST_MODEL (list), i);

      g_assert_nonnull (row);
    }
}

static void
time_query (StoreFixture *fixture, const char *what, const BstQuery *query)
{
  double before = cpu ();
  gint64 n = bst_store_count (fixture->store, query, NULL);
  double counted = cpu ();
  g_autoptr (GError) error = NULL;
  g_autoptr (GPtrArray) page = bst_store_find (fixture->store, query, 0, 100, &error);

  g_assert_no_error (error);
  g_assert_cmpuint (page->len, ==, MIN (100, (guint) n));
  g_test_message ("%s: %d rows, count %.1f ms, first page %.1f ms", what, (int) n, (counted - before) * 1000,
                  (cpu () - counted) * 1000);
}

static void
test_queries (StoreFixture *fixture, gconstpointer data)
{
  const char *const waiting[] = { "delivered", "awaiting-approval", NULL };
  const BstQuery all = { .type = "Request" };
  const BstQuery by_state = { .type = "Request", .states = waiting };
  const BstQuery by_unit = { .type = "Request", .unit = "s7" };
  const BstQuery department = { .type = "Request", .unit = "d1", .area = "it" };
  const BstQuery by_title = { .type = "Request", .sort = "title", .ascending = TRUE, .language = "da" };
  const BstQuery period = { .type = "Request", .after = "2023-03-01", .before = "2023-03-31" };
  const BstQuery words = { .type = "Request", .text = "kontorstol bib", .language = "da" };
  const BstQuery number = { .type = "Request", .text = "2026-000123", .language = "da" };

  time_query (fixture, "all", &all);
  time_query (fixture, "by state", &by_state);
  time_query (fixture, "by unit", &by_unit);
  time_query (fixture, "department and area", &department);
  time_query (fixture, "by title", &by_title);
  time_query (fixture, "by title again", &by_title);
  time_query (fixture, "period", &period);
  time_query (fixture, "words", &words);
  time_query (fixture, "number", &number);
  g_assert_cmpint (bst_store_count (fixture->store, &number, NULL), ==, 1);
  g_assert_cmpint (bst_store_count (fixture->store, &words, NULL), >, 0);
}

#define ADD(path, function) g_test_add ("/store/size/" path, StoreFixture, NULL, set_up, function, store_fixture_tear_down)

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  ADD ("list", test_list);
  ADD ("queries", test_queries);
  return g_test_run ();
}
