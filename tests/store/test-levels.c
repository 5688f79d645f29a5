/* SPDX-License-Identifier: GPL-3.0-or-later */

/*
 * What the pages about service levels read: measures by unit and month, and the cases of a period.
 */

#include "store-fixture.h"

#include "bst-store-levels.h"

static gint64
at (const char *text)
{
  gint64 seconds = 0;

  g_assert_true (bst_instant_parse (text, &seconds));
  return seconds;
}

/* ---- late ---- */

static void
test_late (void)
{
  static const struct
  {
    const char *doc;
    const char *late;
  } rows[] = {
    { "{\"lines\":{\"l1\":{\"due\":\"2026-03-02T10:00:00Z\",\"deliveredAt\":\"2026-03-02T10:00:"
      "01Z\"}}}",
      "2026-03-02T10:00:01Z" },
    { "{\"lines\":{\"l1\":{\"due\":\"2026-03-02T10:00:00Z\",\"deliveredAt\":\"2026-03-02T10:00:"
      "00Z\"}}}",
      NULL },
    { "{\"id\":\"\\\"lines\\\"\", \"lines\" : { \"a\\\"b\" : { \"answers\": {\"due\": \"9999\"}, "
      "\"due\": "
      "\"2026-03-01T00:00:00Z\" , \"deliveredAt\" : \"2026-03-05T00:00:00Z\"}, \"l2\": "
      "{\"deliveredAt\":\"2026-03-09T00:00:00Z\"} } }",
      "2026-03-05T00:00:00Z" },
    { "{\"lines\":{\"l1\":{\"due\":\"2026-03-01T00:00:00Z\",\"deliveredAt\":\"2026-03-02T00:00:"
      "00Z\"},"
      "\"l2\":{\"deliveredAt\":\"2026-03-04T00:00:00Z\",\"due\":\"2026-03-03T00:00:00Z\"}}}",
      "2026-03-04T00:00:00Z" },
    { "{\"lines\":{\"l1\":{\"due\":\"2026-03-01T00:00:00Z\"}}}", NULL },
    { "{\"lines\":{\"l1\":7,\"l2\":null},\"deliveredAt\":\"2026\"}", NULL },
    { "{\"lines\":[],\"x\":\"deliveredAt\"", NULL },
    { "{\"deliveredAt\"", NULL },
    { "", NULL },
  };

  static const char two_lines[] =
      "{\"lines\":{\"l1\":{\"due\":\"2026-03-01T00:00:00Z\",\"service\":\"chair\","
      "\"deliveredAt\":\"2026-03-02T00:00:00Z\"},\"l2\":{\"deliveredAt\":"
      "\"2026-03-04T00:00:00Z\",\"due\":\"2026-03-03T00:00:00Z\",\"service\":\"clean\"}}}";
  static const struct
  {
    const char *window;
    const char *late;
  } windows[] = {
    { "2026-03-01T00:00:00Z\n2026-04-01T00:00:00Z\n", "2026-03-04T00:00:00Z" },
    { "2026-03-01T00:00:00Z\n2026-03-04T00:00:00Z\n", "2026-03-02T00:00:00Z" },
    { "2026-03-02T00:00:00Z\n2026-03-02T00:00:01Z\n", "2026-03-02T00:00:00Z" },
    { "2026-03-04T00:00:01Z\n2026-04-01T00:00:00Z\n", NULL },
    { "2026-03-01T00:00:00Z\n2026-04-01T00:00:00Z\nchair", "2026-03-02T00:00:00Z" },
    { "2026-03-01T00:00:00Z\n2026-04-01T00:00:00Z\ntable", NULL },
  };

  for (guint i = 0; i < G_N_ELEMENTS (rows); i++)
    {
      g_autofree char *late = bst_replica_late (rows[i].doc, NULL);

      g_assert_cmpstr (late, ==, rows[i].late);
    }
  g_assert_null (bst_replica_late (NULL, NULL));
  for (guint i = 0; i < G_N_ELEMENTS (windows); i++)
    {
      g_autofree char *late = bst_replica_late (two_lines, windows[i].window);

      g_assert_cmpstr (late, ==, windows[i].late);
    }
}

/* ---- cases ---- */

#define LINE(service, state, due, delivered)                                                       \
  "{\"service\":\"" service "\",\"state\":\"" state "\",\"due\":\"" due "\"" delivered "}"
#define ON(day) ",\"deliveredAt\":\"" day "\""
#define REQUEST(id, unit, state, due, lines)                                                       \
  "{\"id\":\"" id "\",\"rev\":1,\"title\":\"" id "\",\"unit\":\"" unit "\",\"state\":\"" state     \
  "\",\"submittedAt\":\"2026-02-20T08:00:00Z\"" due ",\"lines\":{" lines "}}"

/* Now is 12 March 2026, 8 o'clock. */
static const char
    records[] =
        "{\"Request\":[" REQUEST (
            "on-time",
            "s1",
            "closed",
            "",
            "\"l1\":" LINE ("chair", "closed", "2026-03-03T15:00:00Z", ON ("2026-03-02T12:00:00Z"))) "," REQUEST ("late",
                                                                                                                  "s1",
                                                                                                                  "delivered",
                                                                                                                  "",
                                                                                                                  "\"l1\":" LINE ("chair", "delivered", "2026-03-03T15:00:00Z", ON ("2026-03-04T12:00:00Z"))) "," REQUEST ("late-too", "s2", "delivered", "", "\"l1\":" LINE ("clean", "delivered", "2026-03-03T15:00:00Z", ON ("2026-03-05T12:00:00Z"))) "," REQUEST ("in-february",
                                                                                                                                                                                                                                                                                                                                                                       "s2",
                                                                                                                                                                                                                                                                                                                                                                       "closed",
                                                                                                                                                                                                                                                                                                                                                                       "",
                                                                                                                                                                                                                                                                                                                                                                       "\"l1\":" LINE ("chair", "closed", "2026-02-25T15:00:00Z", ON ("2026-02-26T12:00:00Z"))) "," REQUEST ("both-months",
                                                                                                                                                                                                                                                                                                                                                                                                                                                                             "s2",
                                                                                                                                                                                                                                                                                                                                                                                                                                                                             "closed",
                                                                                                                                                                                                                                                                                                                                                                                                                                                                             "",
                                                                                                                                                                                                                                                                                                                                                                                                                                                                             "\"l1\":" LINE ("chair", "closed", "2026-02-25T15:00:00Z", ON ("2026-02-27T12:00:00Z")) ",\"l2\":" LINE (
                                                                                                                                                                                                                                                                                                                                                                                                                                                                                 "chair",
                                                                                                                                                                                                                                                                                                                                                                                                                                                                                 "closed",
                                                                                                                                                                                                                                                                                                                                                                                                                                                                                 "2026-02-25T15:00:00Z",
                                                                                                                                                                                                                                                                                                                                                                                                                                                                                 ON ("2026-03-01T12:00:00Z"))) "," REQUEST ("still-late",
                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                            "s1",
                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                            "in-progress",
                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                            ",\"due\":\"2026-03-10T15:00:00Z\"",
                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                            "\"l1\":" LINE ("chair",
                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                            "in-progress",
                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                            "2026-03-10T15:00:00Z",
                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                            "")) "," REQUEST ("not-yet-late",
                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                              "s1",
                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                              "in-progress",
                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                              ",\"due\":\"2026-03-12T15:00:00Z\"",
                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                              "\"l1\":" LINE ("chair",
                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                              "in-progress",
                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                              "2026-03-12T15:00:00Z",
                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                              "")) "," REQUEST ("cancelled",
                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                "s1",
                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                "cancelled",
                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                "",
                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                "\"l1\":" LINE ("chair", "cancelled", "2026-03-02T15:00:00Z", "")) "],\"RequestEvent\":["
                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                   "{\"id\":\"e2\",\"request\":\"late\",\"action\":\"deliver\",\"at\":\"2026-03-04T12:00:00Z\",\"sequence\":2},"
                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                   "{\"id\":\"e1\",\"request\":\"late\",\"action\":\"submit\",\"at\":\"2026-02-20T08:00:00Z\",\"sequence\":1},"
                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                   "{\"id\":\"e3\",\"request\":\"on-time\",\"action\":\"submit\",\"at\":\"2026-02-20T08:00:00Z\",\"sequence\":1}]}";

static char *
ask (StoreFixture *fixture, const BstCaseQuery *query)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (GPtrArray) cases = bst_store_cases (fixture->store, query, &error);
  GString *ids = g_string_new (NULL);

  g_assert_no_error (error);
  for (guint i = 0; i < cases->len; i++)
    g_string_append_printf (
        ids, "%s%s", i > 0 ? " " : "",
        bst_doc_get_string (((BstStoredCase *) cases->pdata[i])->request, "id"));
  return g_string_free (ids, FALSE);
}

static void
assert_cases (StoreFixture *fixture, BstCaseQuery query, const char *expected)
{
  g_autofree char *found = ask (fixture, &query);

  g_assert_cmpstr (found, ==, expected);
}

static void
test_cases (StoreFixture *fixture, gconstpointer data)
{
  const gint64 february = at ("2026-01-31T23:00:00Z");
  const gint64 march = at ("2026-02-28T23:00:00Z");
  const gint64 april = at ("2026-03-31T22:00:00Z");

  store_fixture_must_apply (fixture, "d1", "e.r.2", FALSE, records, "{}");
  assert_cases (fixture, (BstCaseQuery){ .unit = "d1", .from = march, .to = april },
                "still-late late-too late on-time both-months");
  assert_cases (fixture,
                (BstCaseQuery){ .unit = "d1", .from = march, .to = april, .scope = BST_CASES_LATE },
                "still-late late-too late both-months");
  assert_cases (
      fixture,
      (BstCaseQuery){ .unit = "d1", .from = february, .to = march, .scope = BST_CASES_LATE },
      "both-months in-february");
  assert_cases (fixture,
                (BstCaseQuery){ .unit = "s2", .from = march, .to = april, .scope = BST_CASES_LATE },
                "late-too both-months");
  assert_cases (
      fixture,
      (BstCaseQuery){ .service = "clean", .from = march, .to = april, .scope = BST_CASES_LATE },
      "late-too");
  assert_cases (fixture,
                (BstCaseQuery){
                    .unit = "d1", .from = march, .to = april, .scope = BST_CASES_LATE, .limit = 2 },
                "still-late late-too");
  assert_cases (fixture, (BstCaseQuery){ .unit = "n1", .from = march, .to = april }, "");
  /* What runs, by when it is due, whether that is past or not. */
  assert_cases (fixture,
                (BstCaseQuery){ .unit = "d1", .from = 0, .to = april, .scope = BST_CASES_DUE },
                "still-late not-yet-late");
  assert_cases (fixture,
                (BstCaseQuery){ .unit = "d1",
                                .service = "chair",
                                .from = at ("2026-03-12T08:00:00Z"),
                                .to = at ("2026-03-12T08:00:00Z") + BST_CASES_AT_RISK,
                                .scope = BST_CASES_DUE },
                "not-yet-late");
  assert_cases (
      fixture, (BstCaseQuery){ .service = "table", .from = 0, .to = april, .scope = BST_CASES_DUE },
      "");
}

static void
test_events (StoreFixture *fixture, gconstpointer data)
{
  const BstCaseQuery query = { .unit = "s1",
                               .service = "chair",
                               .from = at ("2026-03-04T00:00:00Z"),
                               .to = at ("2026-03-05T00:00:00Z") };
  g_autoptr (GPtrArray) cases = NULL;
  BstStoredCase *stored;

  store_fixture_must_apply (fixture, "d1", "e.r.2", FALSE, records, "{}");
  cases = bst_store_cases (fixture->store, &query, NULL);
  g_assert_cmpuint (cases->len, ==, 1);
  stored = cases->pdata[0];
  g_assert_cmpstr (bst_doc_get_string (stored->request, "id"), ==, "late");
  g_assert_cmpuint (stored->events->len, ==, 2);
  g_assert_cmpstr (bst_doc_get_string (stored->events->pdata[0], "id"), ==, "e1");
  g_assert_cmpstr (bst_doc_get_string (stored->events->pdata[1], "id"), ==, "e2");
}

/* ---- measures ---- */

#define MEASURE(id, unit, service, month)                                                          \
  "{\"id\":\"" id "\",\"rev\":1,\"unit\":\"" unit "\"" service ",\"month\":\"" month "\"}"

static void
test_measures (StoreFixture *fixture, gconstpointer data)
{
  static const char measures[] =
      "{\"Measure\":[" MEASURE ("m1", "d1", "", "2026-01") "," MEASURE ("m2", "d1", "", "2026-02") "," MEASURE (
          "m3", "d1", ",\"service\":\"chair\"",
          "2026-02") "," MEASURE ("m4", "s1", "",
                                  "2026-02") "," MEASURE ("m5", "s1", ",\"service\":\"chair\"",
                                                          "2026-02") "," MEASURE ("m6", "n1", "",
                                                                                  "2026-02") "," MEASURE ("m7",
                                                                                                          "d1",
                                                                                                          "",
                                                                                                          "2026-04") "]}";
  const BstMeasureQuery all = { .unit = "d1", .from = "2026-02", .to = "2026-03" };
  const BstMeasureQuery nowhere = { .unit = "nowhere", .from = "2026-02", .to = "2026-03" };
  g_autoptr (GPtrArray) found = NULL;
  g_autoptr (GPtrArray) none = NULL;
  g_autoptr (GString) ids = g_string_new (NULL);

  store_fixture_must_apply (fixture, "d1", "e.r.2", FALSE, measures, "{}");
  found = bst_store_measures (fixture->store, &all, NULL);
  none = bst_store_measures (fixture->store, &nowhere, NULL);
  for (guint i = 0; i < found->len; i++)
    g_string_append (ids, bst_doc_get_string (found->pdata[i], "id"));
  g_assert_cmpuint (found->len, ==, 3);
  g_assert_nonnull (strstr (ids->str, "m2"));
  g_assert_nonnull (strstr (ids->str, "m3"));
  g_assert_nonnull (strstr (ids->str, "m4"));
  g_assert_cmpuint (none->len, ==, 0);
}

/* Of months that only draw a trend: the counts of each service, and whole what is looked at. */
static void
test_measures_of_a_trend (StoreFixture *fixture, gconstpointer data)
{
  static const char measures[] =
      "{\"Measure\":[" MEASURE ("old", "d1", ",\"met\":5", "2026-02") "," MEASURE (
          "old-chair", "d1", ",\"service\":\"chair\",\"met\":3,\"breached\":1,\"cases\":4",
          "2026-02") "," MEASURE ("old-below", "s1", "", "2026-02") "," MEASURE ("chair", "d1",
                                                                                 ",\"service\":"
                                                                                 "\"chair\"",
                                                                                 "2026-03") "]}";
  BstMeasureQuery query = {
    .unit = "d1", .from = "2026-02", .to = "2026-03", .whole_from = "2026-03"
  };
  g_autoptr (GPtrArray) all = NULL;
  g_autoptr (GPtrArray) of_chairs = NULL;
  GVariant *counts;

  store_fixture_must_apply (fixture, "d1", "e.r.2", FALSE, measures, "{}");
  all = bst_store_measures (fixture->store, &query, NULL);
  query.service = "chair";
  of_chairs = bst_store_measures (fixture->store, &query, NULL);

  g_assert_cmpuint (all->len, ==, 3); /* not what lies below */
  g_assert_cmpstr (bst_doc_get_string (all->pdata[0], "id"), ==, "chair");
  for (guint i = 1; i < all->len; i++)
    {
      counts = all->pdata[i];
      g_assert_cmpint (bst_doc_has (counts, "id"), ==, !bst_doc_has (counts, "service"));
      if (bst_doc_has (counts, "service"))
        {
          g_assert_cmpstr (bst_doc_get_string (counts, "month"), ==, "2026-02");
          g_assert_cmpint (bst_doc_get_int (counts, "met", 0), ==, 3);
          g_assert_cmpint (bst_doc_get_int (counts, "breached", 0), ==, 1);
          g_assert_false (bst_doc_has (counts, "cases"));
        }
    }
  g_assert_cmpuint (of_chairs->len, ==, 3);
  for (guint i = 1; i < of_chairs->len; i++)
    if (bst_doc_has (of_chairs->pdata[i], "service"))
      g_assert_cmpint (bst_doc_get_int (of_chairs->pdata[i], "cases", 0), ==, 4);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/levels/late", test_late);
#define ADD(name, test)                                                                            \
  g_test_add ("/levels/" name, StoreFixture, NULL, store_fixture_set_up_filled, test,              \
              store_fixture_tear_down)
  ADD ("cases", test_cases);
  ADD ("events", test_events);
  ADD ("measures", test_measures);
  ADD ("measures-of-a-trend", test_measures_of_a_trend);
  return g_test_run ();
}
