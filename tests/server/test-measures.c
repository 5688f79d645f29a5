/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Cases and measures on the server: as events come, as time passes, and all over again. */

#include "bst-agreement.h"
#include "bst-error.h"
#include "bst-json.h"
#include "bst-measure.h"
#include "bst-request.h"
#include "bst-storage-private.h"
#include "bst-test-server.h"

#include <string.h>

#define DAY 86400

typedef struct
{
  BstTestServer *server;
  BstStorage *storage;
} Fixture;

static const char agreement[] =
    "{\"id\":\"sla-d1\",\"kind\":\"sla\",\"name\":{\"da\":\"Aftale\"},\"unit\":\"d1\",\"version\":"
    "3,"
    "\"validFrom\":\"2020-01-01\",\"targets\":[{\"service\":\"pc\",\"promise\":{\"value\":2,"
    "\"unit\":\"working-days\",\"calendar\":\"c1\"},\"target\":{\"respond\":{\"value\":4,\"unit\":"
    "\"hours\",\"calendar\":\"c1\"}},\"priorities\":[{\"priority\":\"urgent\",\"promise\":{"
    "\"value\":3,\"unit\":\"hours\",\"calendar\":\"c1\"}}]}]}";

/* Without the server: nobody else counts. */
static void
set_up (Fixture *fixture, gconstpointer data)
{
  fixture->server = bst_test_server_new ();
  bst_test_server_stop (fixture->server);
  fixture->storage = bst_test_server_storage (fixture->server);
  bst_test_server_put (fixture->server, "Agreement", agreement);
}

static void
tear_down (Fixture *fixture, gconstpointer data)
{
  bst_test_server_free (fixture->server);
}

static void
measure (Fixture *fixture)
{
  g_autoptr (GError) error = NULL;

  bst_storage_measure_all (fixture->storage, &error);
  g_assert_no_error (error);
}

static GVariant *
get (Fixture *fixture, const char *type, const char *id)
{
  g_autoptr (GError) error = NULL;
  GVariant *record = bst_storage_get (fixture->storage, type, id, &error);

  g_assert_no_error (error);
  return record;
}

/* FALSE: refused. */
static gboolean
act (Fixture *fixture, const char *person, const char *json)
{
  g_autoptr (GError) error = NULL;
  g_autofree char *now = bst_clock_now_text (bst_test_server_clock (fixture->server));
  g_autoptr (GVariant) plain = bst_json_parse_object (json, -1, &error);
  g_autoptr (GVariant) event = NULL;
  g_autoptr (GVariant) after = NULL;

  g_assert_no_error (error);
  event = bst_doc_set_string (plain, "at", now);
  bst_storage_begin (fixture->storage, &error);
  g_assert_no_error (error);
  after = bst_storage_apply_event (fixture->storage, person, event, &error);
  if (!after)
    {
      bst_storage_rollback (fixture->storage);
      g_assert_false (g_error_matches (error, BST_ERROR, BST_ERROR_STORAGE));
      return FALSE;
    }
  bst_storage_commit (fixture->storage, &error);
  g_assert_no_error (error);
  return TRUE;
}

/* An order for @unit by @person, of a computer and, if @desk, a desk. */
static gboolean
order (Fixture *fixture, const char *id, const char *unit, const char *person, gboolean desk)
{
  g_autofree char *json = g_strdup_printf (
      "{\"id\":\"%s\",\"title\":\"Pc\",\"unit\":\"%s\",\"orderer\":\"%s\",\"state\":\"draft\","
      "\"lines\":{\"l1\":{\"service\":\"pc\",\"quantity\":1}%s}}",
      id, unit, person, desk ? ",\"l2\":{\"service\":\"desk\",\"quantity\":1}" : "");
  g_autoptr (GVariant) request = bst_json_parse_object (json, -1, NULL);
  g_auto (GStrv) lines = bst_request_line_ids (request);
  g_autofree char *event = g_strdup_printf ("{\"request\":\"%s\",\"action\":\"submit\"}", id);
  g_autofree char *text = NULL;

  for (guint i = 0; lines[i]; i++)
    {
      g_autoptr (GVariant) line = bst_request_line (request, lines[i]);
      g_autoptr (GVariant) service = get (fixture, "Service", bst_doc_get_string (line, "service"));
      g_autofree char *path = g_strconcat ("lines/", lines[i], NULL);

      bst_doc_replace (&request,
                       bst_doc_set_take (request, path,
                                         bst_request_line_from_service (service, NULL, 1, i + 1)));
    }
  text = bst_json_print (request);
  bst_test_server_put (fixture->server, "Request", text);
  return act (fixture, person, event);
}

/* ---- what the receipt freezes ---- */

static void
test_frozen (Fixture *fixture, gconstpointer data)
{
  g_autoptr (GVariant) agreed = NULL;
  g_autoptr (GVariant) plain = NULL;

  g_assert_true (order (fixture, "r1", "s1", "anna", FALSE));
  g_assert_true (order (fixture, "r3", "s3", "dan", FALSE));
  agreed = get (fixture, "Request", "r1");
  g_assert_cmpint (bst_doc_get_int (agreed, "lines/l1/promise/value", 0), ==, 2);
  g_assert_cmpint (bst_doc_get_int (agreed, "lines/l1/respond/value", 0), ==, 4);
  g_assert_cmpstr (bst_doc_get_string (agreed, "lines/l1/agreement"), ==, "sla-d1");
  g_assert_cmpint (bst_doc_get_int (agreed, "lines/l1/agreementVersion", 0), ==, 3);
  /* Another department has no such agreement. */
  plain = get (fixture, "Request", "r3");
  g_assert_cmpint (bst_doc_get_int (plain, "lines/l1/promise/value", 0), ==, 10);
  g_assert_false (bst_doc_has (plain, "lines/l1/agreement"));
}

/* What the application says from its own copies, at many instants, and what the server then freezes: octet by octet. */
static void
test_same_promise (Fixture *fixture, gconstpointer data)
{
  static const char *const priorities[] = { "low", "normal", "high", "urgent" };
  g_autoptr (GVariant) service = get (fixture, "Service", "pc");
  g_autoptr (GVariant) sla = get (fixture, "Agreement", "sla-d1");
  g_autoptr (GVariant) doc = get (fixture, "Calendar", "c1");
  g_autoptr (BstCalendar) calendar = bst_calendar_new (doc, NULL);

  for (guint i = 0; i < 60; i++)
    {
      const char *priority = priorities[g_test_rand_int_range (0, 4)];
      g_autofree char *id = g_strdup_printf ("r%u", i);
      g_autofree char *said = NULL;
      g_autofree char *frozen = NULL;
      g_autofree char *due = NULL;
      g_autofree char *draft = NULL;
      g_autofree char *event = g_strdup_printf ("{\"request\":\"%s\",\"action\":\"submit\"}", id);
      g_auto (BstTerms) terms = { NULL };
      g_autoptr (GVariant) request = NULL;
      g_autoptr (GVariant) line = bst_request_line_from_service (service, NULL, 1, 1);
      g_autofree char *line_text = bst_json_print (line);
      g_autoptr (GVariant) promise = NULL;
      gint64 received;

      bst_test_server_advance (fixture->server, g_test_rand_int_range (0, 3 * DAY));
      draft =
          g_strdup_printf ("{\"id\":\"%s\",\"title\":\"Pc\",\"unit\":\"s1\",\"priority\":\"%s\","
                           "\"state\":\"draft\",\"lines\":{\"l1\":%s}}",
                           id, priority, line_text);
      bst_test_server_put (fixture->server, "Request", draft);
      bst_terms_resolve (service, sla, priority, &terms);
      said = bst_json_print (terms.promise);
      g_assert_true (act (fixture, "anna", event));
      request = get (fixture, "Request", id);
      g_assert_true (bst_instant_parse (bst_doc_get_string (request, "submittedAt"), &received));
      due = bst_instant_format (bst_promise_due (terms.promise, calendar, received));
      promise = bst_doc_get_map (request, "lines/l1/promise");
      frozen = bst_json_print (promise);
      g_assert_cmpstr (frozen, ==, said);
      g_assert_cmpstr (bst_doc_get_string (request, "lines/l1/due"), ==, due);
    }
}

/* ---- what is done to events ---- */

static void
test_priority (Fixture *fixture, gconstpointer data)
{
  g_autoptr (GVariant) before = NULL;
  g_autoptr (GVariant) after = NULL;

  g_assert_true (order (fixture, "r1", "s1", "anna", FALSE));
  before = get (fixture, "Request", "r1");
  g_assert_true (act (fixture, "pia",
                      "{\"request\":\"r1\",\"action\":\"change-priority\",\"data\":{\"priority\":"
                      "\"urgent\",\"terms\":{\"l1\":{\"promise\":{\"value\":900}}}}}"));
  after = get (fixture, "Request", "r1");
  g_assert_cmpstr (bst_doc_get_string (after, "priority"), ==, "urgent");
  g_assert_cmpstr (bst_doc_get_string (after, "lines/l1/due"), <,
                   bst_doc_get_string (before, "lines/l1/due"));
  /* What was promised at the receipt stays written there. */
  g_assert_cmpint (bst_doc_get_int (after, "lines/l1/promise/value", 0), ==, 2);
}

static void
test_contest_and_correct (Fixture *fixture, gconstpointer data)
{
  g_assert_true (order (fixture, "r1", "s1", "anna", FALSE));
  g_assert_true (act (fixture, "pia", "{\"request\":\"r1\",\"action\":\"accept\"}"));
  g_assert_true (act (fixture, "pia",
                      "{\"request\":\"r1\",\"action\":\"wait\",\"text\":\"?\",\"data\":{\"for\":"
                      "\"orderer\"}}"));
  bst_test_server_advance (fixture->server, 4 * DAY);
  g_assert_true (act (fixture, "anna",
                      "{\"request\":\"r1\",\"action\":\"contest\",\"text\":\"no\",\"data\":{"
                      "\"event\":3}}"));
  /* Not of what is no pause, not by others, and nothing in the future. */
  g_assert_false (act (fixture, "anna",
                       "{\"request\":\"r1\",\"action\":\"contest\",\"text\":\"no\",\"data\":{"
                       "\"event\":2}}"));
  g_assert_false (act (fixture, "anna",
                       "{\"request\":\"r1\",\"action\":\"contest\",\"text\":\"no\",\"data\":{"
                       "\"event\":77}}"));
  g_assert_false (act (fixture, "anna",
                       "{\"request\":\"r1\",\"action\":\"correct\",\"data\":{\"event\":3,\"void\":"
                       "true}}"));
  g_assert_false (act (fixture, "pia",
                       "{\"request\":\"r1\",\"action\":\"correct\",\"data\":{\"event\":3,\"at\":"
                       "\"2099-01-01T00:00:00Z\"}}"));
  {
    g_autoptr (GVariant) before = get (fixture, "Request", "r1");
    g_autoptr (GVariant) after = NULL;

    g_assert_true (act (fixture, "pia",
                        "{\"request\":\"r1\",\"action\":\"correct\",\"data\":{\"event\":3,"
                        "\"void\":true}}"));
    after = get (fixture, "Request", "r1");
    g_assert_cmpstr (bst_doc_get_string (after, "lines/l1/due"), <,
                     bst_doc_get_string (before, "lines/l1/due"));
  }
}

/* ---- measures ---- */

static char *
month_now (Fixture *fixture)
{
  g_autofree char *now = bst_clock_now_text (bst_test_server_clock (fixture->server));

  return g_strndup (now, 7);
}

/* A case that nobody touches falls due: only a sweep can see it. */
static void
test_falls_due (Fixture *fixture, gconstpointer data)
{
  g_autoptr (GVariant) request = NULL;
  g_autoptr (GVariant) breached = NULL;
  g_autofree char *month = NULL;
  g_autofree char *id = NULL;

  g_assert_true (order (fixture, "r1", "s1", "anna", FALSE));
  measure (fixture);
  request = get (fixture, "Request", "r1");
  month = g_strndup (bst_doc_get_string (request, "lines/l1/due"), 7);
  id = bst_measure_id ("d1", "pc", month);
  g_assert_null (bst_storage_get (fixture->storage, "Measure", id, NULL));
  bst_test_server_advance (fixture->server, 8 * DAY);
  measure (fixture);
  breached = get (fixture, "Measure", id);
  g_assert_cmpint (bst_doc_get_int (breached, "breached", 0), ==, 1);
  g_assert_cmpint (bst_doc_get_int (breached, "responseBreached", 0), ==, 1);
  g_assert_cmpint (bst_doc_get_int (breached, "delivered", -1), ==, 0);
  /* Withdrawn, it counts nowhere, and what was measured is gone. */
  g_assert_true (act (fixture, "anna", "{\"request\":\"r1\",\"action\":\"cancel\"}"));
  measure (fixture);
  g_assert_null (bst_storage_get (fixture->storage, "Measure", id, NULL));
}

static void
test_disturbance (Fixture *fixture, gconstpointer data)
{
  g_autofree char *month = month_now (fixture);
  g_autofree char *id = bst_measure_id ("d1", "pc", month);
  g_autofree char *from = NULL;
  g_autofree char *to = NULL;
  g_autofree char *notice = NULL;
  g_autoptr (GVariant) before = NULL;
  g_autoptr (GVariant) after = NULL;
  gint64 now = bst_clock_now (bst_test_server_clock (fixture->server));

  g_assert_true (order (fixture, "r1", "s1", "anna", FALSE));
  g_assert_true (act (fixture, "pia", "{\"request\":\"r1\",\"action\":\"accept\"}"));
  g_assert_true (act (fixture, "pia", "{\"request\":\"r1\",\"action\":\"deliver\"}"));
  measure (fixture);
  before = get (fixture, "Measure", id);
  g_assert_cmpfloat (bst_doc_get_double (before, "availability", -1), ==, 100);
  from = bst_instant_format (now - DAY);
  to = bst_instant_format (now + 3 * DAY);
  notice = g_strdup_printf ("{\"id\":\"n1\",\"kind\":\"disturbance\",\"title\":{\"da\":\"Nede\"},"
                            "\"from\":\"%s\",\"to\":\"%s\"}",
                            from, to);
  bst_test_server_put (fixture->server, "Notice", notice);
  measure (fixture);
  after = get (fixture, "Measure", id);
  g_assert_cmpfloat (bst_doc_get_double (after, "availability", -1), <, 100);
}

/* ---- any events, and all over again ---- */

static const struct
{
  const char *person;
  const char *event;
} moves[] = {
  { "pia", "\"accept\"" },
  { "pia", "\"accept\"" },
  { "pia", "\"start\"" },
  { "pia", "\"wait\",\"text\":\"?\",\"data\":{\"for\":\"orderer\"}" },
  { "pia", "\"wait\",\"text\":\"?\",\"data\":{\"for\":\"supplier\"}" },
  { "pia", "\"wait\",\"text\":\"?\",\"data\":{\"for\":\"performer\"}" },
  { "pia", "\"resume\"" },
  { "pia", "\"deliver\"" },
  { "pia", "\"deliver\",\"line\":\"l1\"" },
  { "pia", "\"message\",\"text\":\"!\"" },
  { "pia", "\"change-priority\",\"data\":{\"priority\":\"urgent\"}" },
  { "pia", "\"correct\",\"data\":{\"event\":3,\"void\":true}" },
  { "pia", "\"correct\",\"data\":{\"event\":4,\"void\":true}" },
  { "pia", "\"change-performer\",\"data\":{\"performer\":\"p1\"}" },
  { "bo", "\"approve\"" },
  { "bo", "\"confirm\"" },
  { "bo", "\"dispute\",\"text\":\"no\"" },
  { "bo", "\"rate\",\"data\":{\"stars\":4}" },
  { "bo", "\"rate\",\"data\":{\"stars\":1}" },
  { "bo", "\"answer\",\"text\":\"yes\"" },
  { "bo", "\"contest\",\"text\":\"no\",\"data\":{\"event\":3}" },
  { "bo", "\"cancel\",\"line\":\"l2\"" },
};

/* Orders with even numbers have none of these: they are counted again without their documents to the end. */
static gboolean
needs_documents (const char *event)
{
  return g_str_has_prefix (event, "\"change-") || g_str_has_prefix (event, "\"correct\"") ||
         g_str_has_prefix (event, "\"contest\"");
}

static void
check (Fixture *fixture)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (GPtrArray) findings = g_ptr_array_new_with_free_func (g_free);

  bst_storage_check (fixture->storage, findings, &error);
  g_assert_no_error (error);
  for (guint i = 0; i < findings->len; i++)
    g_test_message ("%s", (char *) findings->pdata[i]);
  g_assert_cmpuint (findings->len, ==, 0);
}

static gboolean
dump_cb (GVariant *record, gpointer closure)
{
  static const char *const stamped[] = { "rev", "created", "updated" };
  GHashTable *dump = closure;
  g_autoptr (GVariant) plain = g_variant_ref (record);
  g_autoptr (GVariant) sorted = NULL;

  for (guint i = 0; i < G_N_ELEMENTS (stamped); i++)
    bst_doc_replace (&plain, bst_doc_set (plain, stamped[i], NULL));
  sorted = bst_doc_canonical (plain);
  g_hash_table_insert (dump, g_strdup (bst_doc_get_string (record, "id")), bst_json_print (sorted));
  return TRUE;
}

static GHashTable *
dump (Fixture *fixture)
{
  GHashTable *all = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, g_free);

  bst_storage_each (fixture->storage, "Measure", dump_cb, all, NULL);
  return all;
}

/* Everything thrown away, and counted anew: from what is kept of the lines, or, without it, from the documents. */
static void
check_rebuilt (Fixture *fixture, const char *thrown_away)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (GHashTable) before = dump (fixture);
  g_autoptr (GHashTable) after = NULL;
  GHashTableIter iter;
  gpointer id;
  gpointer text;

  bst_storage_begin (fixture->storage, &error);
  bst_db_exec (fixture->storage->db, thrown_away, &error);
  g_assert_no_error (error);
  bst_storage_measure_stale (fixture->storage, &error);
  bst_storage_commit (fixture->storage, &error);
  measure (fixture);
  after = dump (fixture);
  g_assert_cmpuint (g_hash_table_size (before), >, 20);
  g_assert_cmpuint (g_hash_table_size (before), ==, g_hash_table_size (after));
  g_hash_table_iter_init (&iter, before);
  while (g_hash_table_iter_next (&iter, &id, &text))
    g_assert_cmpstr (text, ==, g_hash_table_lookup (after, id));
}

#define KEEPING_LINES "DELETE FROM sla_case; DELETE FROM record WHERE type = 'Measure';"
#define KEEPING_NONE  KEEPING_LINES "DELETE FROM sla_line;"

#define N_ORDERS 40
#define N_EVENTS 900

static void
test_random (Fixture *fixture, gconstpointer data)
{
  static const char *const places[][2] = { { "s1", "anna" }, { "s2", "cilla" }, { "s3", "dan" } };
  guint taken = 0;
  guint checks = 0;

  for (guint i = 0; i < N_ORDERS; i++)
    {
      g_autofree char *id = g_strdup_printf ("r%u", i);
      guint place = (guint) g_test_rand_int_range (0, 3);

      g_assert_true (order (fixture, id, places[place][0], places[place][1],
                            g_test_rand_int_range (0, 4) == 0));
      bst_test_server_advance (fixture->server, g_test_rand_int_range (0, DAY));
    }
  for (guint i = 0; i < N_EVENTS; i++)
    {
      guint move = (guint) g_test_rand_int_range (0, (gint32) G_N_ELEMENTS (moves));
      gint32 number = needs_documents (moves[move].event)
                          ? g_test_rand_int_range (0, N_ORDERS / 2) * 2 + 1
                          : g_test_rand_int_range (0, N_ORDERS);
      g_autofree char *event =
          g_strdup_printf ("{\"request\":\"r%d\",\"action\":%s}", number, moves[move].event);

      taken += act (fixture, moves[move].person, event);
      bst_test_server_advance (fixture->server, g_test_rand_int_range (0, DAY / 10));
      if (i % 30 == 0 || i == N_EVENTS - 1)
        {
          check (fixture);
          checks++;
        }
    }
  check_rebuilt (fixture, KEEPING_LINES);
  check_rebuilt (fixture, KEEPING_NONE);
  g_test_message ("%u events taken, compared with a full recomputation %u times", taken, checks);
  g_assert_cmpuint (taken, >, 100);
}

/* Whoever changes a measure or a case by hand is found out. */
static void
test_tampered (Fixture *fixture, gconstpointer data)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (GPtrArray) findings = g_ptr_array_new_with_free_func (g_free);
  g_autofree char *month = month_now (fixture);
  g_autofree char *expected = NULL;

  g_assert_true (order (fixture, "r1", "s1", "anna", FALSE));
  g_assert_true (act (fixture, "pia", "{\"request\":\"r1\",\"action\":\"accept\"}"));
  g_assert_true (act (fixture, "pia", "{\"request\":\"r1\",\"action\":\"deliver\"}"));
  check (fixture);
  bst_db_exec (fixture->storage->db,
               "UPDATE record SET doc = json_set (doc, '$.met', 7) WHERE type = 'Measure' AND "
               "unit = 'd1' AND doc ->> '$.service' = 'pc'",
               &error);
  bst_db_exec (fixture->storage->db, "UPDATE sla_case SET responded = responded + 1", &error);
  g_assert_no_error (error);
  bst_storage_check (fixture->storage, findings, &error);
  g_assert_no_error (error);
  g_assert_cmpuint (findings->len, ==, 2);
  g_assert_true (g_str_has_prefix (findings->pdata[0], "Request r1: line l1"));
  expected = g_strdup_printf ("Measure measure-d1-pc-%s: differs", month);
  g_assert_true (g_str_has_prefix (findings->pdata[1], expected));
}

static void
tamper (Fixture *fixture, const char *sql)
{
  g_autoptr (GError) error = NULL;

  bst_db_exec (fixture->storage->db, sql, &error);
  g_assert_no_error (error);
  bst_db_exec (fixture->storage->db,
               "INSERT OR IGNORE INTO measure_stale (month) SELECT month FROM sla_case WHERE month "
               "> ''",
               &error);
  g_assert_no_error (error);
  measure (fixture);
}

/* So is who changes what a case is counted again from. */
static void
test_lines_tampered (Fixture *fixture, gconstpointer data)
{
  static const struct
  {
    const char *sql;
    const char *finding;
  } cases[] = {
    { "UPDATE sla_line SET service = 'desk'", "Request r1: line l1 is kept otherwise" },
    { "UPDATE sla_line SET service = 'pc', promise = NULL",
      "Request r1: line l1 is kept otherwise" },
    { "UPDATE sla_line SET line = 'l7'", "Request r1: line l1 is kept otherwise" },
    { "UPDATE sla_line SET id = 'r9'", "Request r1: line l1 is kept otherwise" },
    { "INSERT INTO sla_line SELECT 'r9', line, request, unit, service, channel, promise, respond, "
      "fixed_due, stars, plain FROM sla_line",
      "the line l1 of r9 is kept" },
  };

  g_assert_true (order (fixture, "r1", "s1", "anna", FALSE));
  g_assert_true (act (fixture, "pia", "{\"request\":\"r1\",\"action\":\"accept\"}"));
  g_assert_true (act (fixture, "pia", "{\"request\":\"r1\",\"action\":\"deliver\"}"));
  check (fixture);
  tamper (fixture, "CREATE TEMP TABLE kept AS SELECT * FROM sla_line");
  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autoptr (GError) error = NULL;
      g_autoptr (GPtrArray) findings = g_ptr_array_new_with_free_func (g_free);

      tamper (fixture, cases[i].sql);
      bst_storage_check (fixture->storage, findings, &error);
      g_assert_no_error (error);
      g_assert_cmpuint (findings->len, >, 0);
      g_assert_true (g_str_has_prefix (findings->pdata[0], cases[i].finding));
      tamper (fixture, "DELETE FROM sla_line; INSERT INTO sla_line SELECT * FROM kept");
      check (fixture);
    }
}

/* ---- which cases ---- */

static GVariant *
tally (Fixture *fixture, const char *unit, const char *month)
{
  g_autofree char *id = g_strdup_printf ("tally-%s-pc-%s", unit, month);

  return bst_storage_get (fixture->storage, "Tally", id, NULL);
}

/* "r1 met, r2 breached" */
static char *
told (GVariant *doc)
{
  g_autoptr (GVariant) cases = doc ? bst_doc_get_list (doc, "cases") : NULL;
  GString *text = g_string_new (NULL);

  for (gsize i = 0; cases && i < g_variant_n_children (cases); i++)
    {
      g_autoptr (GVariant) boxed = g_variant_get_child_value (cases, i);
      g_autoptr (GVariant) entry = g_variant_get_variant (boxed);

      g_string_append_printf (text, "%s%s %s", i > 0 ? ", " : "",
                              bst_doc_get_string (entry, "request"),
                              bst_doc_get_string (entry, "verdict"));
    }
  return g_string_free (text, FALSE);
}

#define ROW_OF(id) "(SELECT row FROM record WHERE type = 'Request' AND id = '" id "')"

/* What the figures were added up from is told as it was, also when it is wrong: it can be found out only then. */
static void
test_tallies (Fixture *fixture, gconstpointer data)
{
  g_autofree char *month = month_now (fixture);
  g_autofree char *right = NULL;
  g_autofree char *wrong = NULL;
  g_autofree char *fewer = NULL;
  g_autofree char *later = NULL;
  g_autoptr (GVariant) before = NULL;
  g_autoptr (GVariant) verdict = NULL;
  g_autoptr (GVariant) missing = NULL;
  g_autoptr (GVariant) moved = NULL;

  for (guint i = 1; i < 4; i++)
    {
      g_autofree char *id = g_strdup_printf ("r%u", i);
      g_autofree char *accept = g_strdup_printf ("{\"request\":\"%s\",\"action\":\"accept\"}", id);
      g_autofree char *deliver =
          g_strdup_printf ("{\"request\":\"%s\",\"action\":\"deliver\"}", id);

      g_assert_true (order (fixture, id, "s1", "anna", FALSE));
      g_assert_true (act (fixture, "pia", accept));
      g_assert_true (act (fixture, "pia", deliver));
    }
  measure (fixture);
  before = tally (fixture, "s1", month);
  right = told (before);
  g_assert_cmpstr (right, ==, "r1 met, r2 met, r3 met");
  g_assert_null (tally (fixture, "d1", month)); /* the department itself had none */

  tamper (fixture, "UPDATE sla_case SET verdict = 4 WHERE request = " ROW_OF ("r1"));
  verdict = tally (fixture, "s1", month);
  wrong = told (verdict);
  g_assert_cmpstr (wrong, ==, "r1 breached, r2 met, r3 met");
  tamper (fixture, "UPDATE sla_case SET month = '2020-01' WHERE request = " ROW_OF ("r2"));
  moved = tally (fixture, "s1", "2020-01");
  later = told (moved);
  g_assert_cmpstr (later, ==, "r2 met");
  tamper (fixture, "DELETE FROM sla_case WHERE request = " ROW_OF ("r3"));
  missing = tally (fixture, "s1", month);
  fewer = told (missing);
  g_assert_cmpstr (fewer, ==, "r1 breached");
}

/* A tally that was changed by hand is found out, and one of a database from before there were tallies is made. */
static void
test_tallies_checked (Fixture *fixture, gconstpointer data)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (GPtrArray) findings = g_ptr_array_new_with_free_func (g_free);
  g_autofree char *month = month_now (fixture);
  g_autoptr (GVariant) made = NULL;

  g_assert_true (order (fixture, "r1", "s1", "anna", FALSE));
  g_assert_true (act (fixture, "pia", "{\"request\":\"r1\",\"action\":\"accept\"}"));
  g_assert_true (act (fixture, "pia", "{\"request\":\"r1\",\"action\":\"deliver\"}"));
  check (fixture);
  bst_db_exec (fixture->storage->db,
               "UPDATE record SET doc = json_set (doc, '$.cases[0].verdict', 'breached') WHERE "
               "type = 'Tally'",
               &error);
  g_assert_no_error (error);
  bst_storage_check (fixture->storage, findings, &error);
  g_assert_no_error (error);
  g_assert_cmpuint (findings->len, ==, 1);
  g_assert_true (g_str_has_prefix (findings->pdata[0], "Tally tally-s1-pc-"));

  bst_db_exec (fixture->storage->db,
               "DELETE FROM record WHERE type = 'Tally'; DELETE FROM setting WHERE key = 'tallies'",
               &error);
  g_assert_no_error (error);
  check (fixture);
  made = tally (fixture, "s1", month);
  g_assert_nonnull (made);
}

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);
#define ADD(name, function)                                                                        \
  g_test_add ("/server/measures/" name, Fixture, NULL, set_up, function, tear_down)
  ADD ("frozen", test_frozen);
  ADD ("same-promise", test_same_promise);
  ADD ("priority", test_priority);
  ADD ("contest-and-correct", test_contest_and_correct);
  ADD ("falls-due", test_falls_due);
  ADD ("disturbance", test_disturbance);
  ADD ("random", test_random);
  ADD ("tampered", test_tampered);
  ADD ("lines-tampered", test_lines_tampered);
  ADD ("tallies", test_tallies);
  ADD ("tallies-checked", test_tallies_checked);
  return g_test_run ();
}
