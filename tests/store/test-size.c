/* SPDX-License-Identifier: GPL-3.0-or-later */

/*
 * 100,000 orders: loaded in pages, listed lazily, searched. Run with BST_TEST_ROWS to try other sizes.
 */

#include "store-fixture.h"

#include "bst-json.h"
#include "bst-make-requests.h"
#include "bst-record-list.h"

#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>

#define PAGE 2000

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
append_records (GString *page, GPtrArray *records)
{
  for (guint i = 0; i < records->len; i++)
    {
      g_string_append (page, i > 0 ? "," : "");
      bst_json_append (page, g_ptr_array_index (records, i));
    }
}

static void
load_catalogue (StoreFixture *fixture, BstRequestMaker *maker)
{
  g_autoptr (GString) records = g_string_new ("{\"OrgUnit\":[");

  append_records (records, bst_request_maker_records (maker, "OrgUnit"));
  g_string_append (records, "],\"Service\":[");
  append_records (records, bst_request_maker_records (maker, "Service"));
  g_string_append (records, "]}");
  store_fixture_must_apply (fixture, "catalogue", "e.r.1", FALSE, records->str, "{}");
}

static GBytes *
make_page (BstRequestMaker *maker, guint first)
{
  guint end = MIN (first + PAGE, n_rows ());
  GString *page = g_string_new (NULL);

  g_string_append_printf (
      page,
      "{\"methodResponses\":[[\"Record/"
      "changes\",{\"accountId\":\"d\",\"oldState\":\"e.r.%u\",\"newState\":\"e.r.%u\","
      "\"hasMoreChanges\":%s,\"total\":%u,\"position\":%u,\"records\":{\"Request\":[",
      first, end, end < n_rows () ? "true" : "false", n_rows (), end);
  for (guint n = first; n < end; n++)
    {
      g_autoptr (GVariant) request = bst_request_maker_make (maker, n);

      g_string_append (page, n > first ? "," : "");
      bst_json_append (page, request);
    }
  g_string_append (page, "]},\"destroyed\":{}},\"c0\"]],\"sessionState\":\"s\"}");
  return g_string_free_to_bytes (page);
}

static void
load (StoreFixture *fixture)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (BstRequestMaker) maker =
      bst_request_maker_new (g_getenv ("BST_TEST_SAMPLE"), 1, &error);
  g_autoptr (GVariant) accounts =
      json ("{\"catalogue\":{\"initialState\":\"e.r.0\"},\"d\":{\"initialState\":\"e.r.0\"}}");
  double spent = 0;

  g_assert_no_error (error);
  g_assert_true (bst_store_set_accounts (fixture->store, accounts, NULL));
  load_catalogue (fixture, maker);
  for (guint first = 0; first < n_rows (); first += PAGE)
    {
      g_autoptr (GBytes) page = make_page (maker, first);
      double before = cpu ();
      g_autoptr (GPtrArray) applied = bst_store_apply_response (fixture->store, page, &error);

      spent += cpu () - before;
      g_assert_no_error (error);
      g_assert_cmpuint (((BstAppliedPage *) g_ptr_array_index (applied, 0))->n_records, ==,
                        MIN (PAGE, n_rows () - first));
      if (first + PAGE >= n_rows ())
        g_test_message ("of which the last page and what was put off: %.2f s", cpu () - before);
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

  spin_until (is_loaded, list);
  g_assert_cmpuint (g_list_model_get_n_items (G_LIST_MODEL (list)), ==, n_rows ());
  first = g_list_model_get_item (G_LIST_MODEL (list), 0);
  last = g_list_model_get_item (G_LIST_MODEL (list), n_rows () - 1);
  g_assert_null (bst_record_row_get_doc (last));
  spin_until (has_doc, first);
  spin_until (has_doc, last);
  g_assert_cmpstr (bst_doc_get_string (bst_record_row_get_doc (first), "updated"), >=,
                   bst_doc_get_string (bst_record_row_get_doc (last), "updated"));
  g_test_message ("opening the list: %.1f ms CPU, %ld kB more", (cpu () - before) * 1000,
                  peak_kb () - memory);

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
  g_test_message ("%s: %d rows, count %.1f ms, first page %.1f ms", what, (int) n,
                  (counted - before) * 1000, (cpu () - counted) * 1000);
}

static void
test_queries (StoreFixture *fixture, gconstpointer data)
{
  const char *const waiting[] = { "delivered", "awaiting-approval", NULL };
  const char *const units = "dk-su";
  const BstQuery all = { .type = "Request" };
  const BstQuery by_state = { .type = "Request", .states = waiting };
  const BstQuery by_unit = { .type = "Request", .unit = units };
  const BstQuery department = { .type = "Request", .unit = "dk-su", .states = waiting };
  const BstQuery by_title = {
    .type = "Request", .sort = "title", .ascending = TRUE, .language = "da"
  };
  const BstQuery period = { .type = "Request", .after = "2023-03-01", .before = "2023-03-31" };
  g_autoptr (GPtrArray) some = bst_store_find (fixture->store, &all, 7, 1, NULL);
  const BstQuery words = { .type = "Request",
                           .text = bst_doc_get_string (g_ptr_array_index (some, 0), "title"),
                           .language = "da" };
  const BstQuery number = { .type = "Request",
                            .text = bst_doc_get_string (g_ptr_array_index (some, 0), "number"),
                            .language = "da" };

  time_query (fixture, "all", &all);
  time_query (fixture, "by state", &by_state);
  time_query (fixture, "by unit", &by_unit);
  time_query (fixture, "department and state", &department);
  time_query (fixture, "by title", &by_title);
  time_query (fixture, "by title again", &by_title);
  time_query (fixture, "period", &period);
  time_query (fixture, "words", &words);
  time_query (fixture, "number", &number);
  g_assert_cmpint (bst_store_count (fixture->store, &number, NULL), ==, 1);
  g_assert_cmpint (bst_store_count (fixture->store, &words, NULL), >, 0);
}

#define ADD(path, function)                                                                        \
  g_test_add ("/store/size/" path, StoreFixture, NULL, set_up, function, store_fixture_tear_down)

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  ADD ("list", test_list);
  ADD ("queries", test_queries);
  return g_test_run ();
}
