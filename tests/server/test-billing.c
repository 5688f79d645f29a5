/* SPDX-License-Identifier: GPL-3.0-or-later */

/* What orders cost: at delivery, by months, objected to, billed. */

#include "bst-billing.h"
#include "bst-error.h"
#include "bst-json.h"
#include "bst-month.h"
#include "bst-test-client.h"

#include <string.h>

typedef struct
{
  BstTestServer *server;
  BstStorage *storage;
  char *anna;
  char *month; /* of today */
} Fixture;

static void
set_up (Fixture *fixture, gconstpointer data)
{
  g_autoptr (GTimeZone) zone = g_time_zone_new_identifier ("Europe/Copenhagen");

  fixture->server = bst_test_server_new ();
  fixture->storage = bst_test_server_storage (fixture->server);
  fixture->anna = bst_test_server_token (fixture->server, "anna");
  fixture->month =
      bst_month_of_instant (bst_clock_now (bst_test_server_clock (fixture->server)), zone);
}

static void
tear_down (Fixture *fixture, gconstpointer data)
{
  g_free (fixture->anna);
  g_free (fixture->month);
  bst_test_server_free (fixture->server);
}

static void
begin (Fixture *fixture)
{
  g_autoptr (GError) error = NULL;

  bst_storage_begin (fixture->storage, &error);
  g_assert_no_error (error);
}

static void
commit (Fixture *fixture)
{
  g_autoptr (GError) error = NULL;

  bst_storage_commit (fixture->storage, &error);
  g_assert_no_error (error);
}

static gboolean
add_cb (GVariant *record, gpointer list)
{
  g_ptr_array_add (list, g_variant_ref (record));
  return TRUE;
}

static GPtrArray *
charges (Fixture *fixture)
{
  g_autoptr (GError) error = NULL;
  GPtrArray *list = g_ptr_array_new_with_free_func ((GDestroyNotify) g_variant_unref);

  bst_storage_each (fixture->storage, "Charge", add_cb, list, &error);
  g_assert_no_error (error);
  return list;
}

static guint
count_charges (Fixture *fixture)
{
  g_autoptr (GPtrArray) list = charges (fixture);

  return list->len;
}

static guint
run (Fixture *fixture, const char *from, const char *to)
{
  g_autoptr (GError) error = NULL;
  guint n = 0;

  begin (fixture);
  bst_billing_charge_months (fixture->storage, from, to, &n, &error);
  g_assert_no_error (error);
  commit (fixture);
  return n;
}

/* An order as it stands after its delivery, at 4,950.00 once and 210.00 a month for each of two. */
static void
put_order (Fixture *fixture, const char *id, const char *unit, const char *delivered)
{
  g_autofree char *json = g_strdup_printf (
      "{\"id\":\"%s\",\"number\":\"2026-9%s\",\"title\":\"Two\",\"unit\":\"%s\",\"state\":"
      "\"closed\","
      "\"ean\":\"5790000000012\",\"lines\":{\"l1\":{\"service\":\"pc\",\"serviceVersion\":2,"
      "\"quantity\":2,\"state\":\"closed\",\"deliveredAt\":\"%s\",\"price\":{\"model\":"
      "\"one-off-and-monthly\",\"once\":{\"amount\":495000,\"currency\":\"DKK\"},\"monthly\":"
      "{\"amount\":21000,\"currency\":\"DKK\"}}}}}",
      id, id, unit, delivered);

  bst_test_server_put (fixture->server, "Request", json);
}

/* ---- at delivery ---- */

static char *
order_by_anna (Fixture *fixture)
{
  g_autoptr (GVariant) made = bst_test_call (
      fixture->server, fixture->anna, "Request/set",
      "{\"accountId\":\"d1\",\"create\":{\"k\":{\"title\":\"Pc\",\"unit\":\"s1\",\"ean\":"
      "\"5790000000012\",\"lines\":{\"l1\":{\"service\":\"pc\",\"serviceVersion\":1,\"quantity\":1,"
      "\"price\":{\"model\":\"one-off\",\"once\":{\"amount\":500000,\"currency\":\"DKK\"}},"
      "\"promise\":"
      "{\"value\":10,\"unit\":\"working-days\",\"calendar\":\"c1\"}}}}}}");
  char *id = g_strdup (bst_doc_get_string (made, "created/k/id"));

  g_assert_nonnull (id);
  bst_test_server_act (fixture->server, "anna", id, "submit", NULL);
  return id;
}

static void
test_delivery (Fixture *fixture, gconstpointer data)
{
  g_autofree char *id = order_by_anna (fixture);
  g_autoptr (GPtrArray) list = NULL;

  bst_test_server_act (fixture->server, "pia", id, "accept", NULL);
  g_assert_cmpuint (count_charges (fixture), ==, 0);
  bst_test_server_act (fixture->server, "pia", id, "deliver", NULL);
  list = charges (fixture);
  g_assert_cmpuint (list->len, ==, 1);
  g_assert_cmpstr (bst_doc_get_string (list->pdata[0], "request"), ==, id);
  g_assert_cmpstr (bst_doc_get_string (list->pdata[0], "kind"), ==, "once");
  g_assert_cmpstr (bst_doc_get_string (list->pdata[0], "month"), ==, fixture->month);
  g_assert_cmpint (bst_doc_get_int (list->pdata[0], "amount/amount", 0), ==, 500000);
  g_assert_cmpstr (bst_doc_get_string (list->pdata[0], "ean"), ==, "5790000000012");
  /* Disputed and delivered again: charged no second time, by nobody. */
  bst_test_server_act (fixture->server, "anna", id, "dispute", "It does not start");
  bst_test_server_advance (fixture->server, 60 * 86400);
  bst_test_server_act (fixture->server, "pia", id, "deliver", NULL);
  g_assert_cmpuint (count_charges (fixture), ==, 1);
  g_assert_cmpuint (run (fixture, "2020-01", "2030-12"), ==, 0);
}

/* ---- by months ---- */

static void
test_months (Fixture *fixture, gconstpointer data)
{
  put_order (fixture, "r1", "s1", "2026-01-31T22:59:59Z");
  put_order (fixture, "r2", "s2", "2026-01-31T23:00:00Z"); /* February in Copenhagen */
  g_assert_cmpuint (run (fixture, "2026-01", "2026-01"), ==, 1);
  g_assert_cmpuint (run (fixture, "2026-02", "2026-02"), ==, 2);
  g_assert_cmpuint (run (fixture, "2026-01", "2026-04"), ==, 4);
  g_assert_cmpuint (run (fixture, "2026-01", "2026-04"), ==, 0);
}

/* Months in any order, as often as one likes: what comes out is what one run over all of them makes. */
static void
test_any_order (Fixture *fixture, gconstpointer data)
{
  g_autoptr (GRand) rand = g_rand_new_with_seed (42);

  put_order (fixture, "r1", "s1", "2026-02-10T10:00:00Z");
  put_order (fixture, "r2", "s3", "2026-05-10T10:00:00Z");
  for (int i = 0; i < 40; i++)
    {
      int first = g_rand_int_range (rand, 1, 13);
      g_autofree char *from = g_strdup_printf ("2026-%02d", first);
      g_autofree char *to = g_strdup_printf ("2026-%02d", g_rand_int_range (rand, first, 13));

      run (fixture, from, to);
    }
  run (fixture, "2026-01", "2026-12");
  /* Once each, and ten and seven months. */
  g_assert_cmpuint (count_charges (fixture), ==, 2 + 10 + 7);
}

static void
test_end (Fixture *fixture, gconstpointer data)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (GVariant) ended = NULL;

  put_order (fixture, "r1", "s1", "2026-01-10T10:00:00Z");
  run (fixture, "2026-01", "2026-03");
  begin (fixture);
  g_assert_null (bst_billing_end (fixture->storage, "bo", "r1", NULL, "2026-03", &error));
  g_assert_error (error, BST_ERROR, BST_ERROR_FORBIDDEN);
  g_clear_error (&error);
  g_assert_null (bst_billing_end (fixture->storage, "pia", "r1", NULL, "2026-02", &error));
  g_assert_error (error, BST_ERROR, BST_ERROR_FORBIDDEN);
  g_clear_error (&error);
  g_assert_null (bst_billing_end (fixture->storage, "pia", "r1", "l7", "2026-03", &error));
  g_assert_error (error, BST_ERROR, BST_ERROR_NOT_FOUND);
  g_clear_error (&error);
  ended = bst_billing_end (fixture->storage, "pia", "r1", "l1", "2026-03", &error);
  g_assert_no_error (error);
  commit (fixture);
  g_assert_cmpuint (run (fixture, "2026-01", "2026-12"), ==, 0);
}

/* ---- objections ---- */

static GVariant *
object_to (Fixture *fixture, const char *token, const char *charge, const char *patch)
{
  g_autofree char *args =
      g_strdup_printf ("{\"accountId\":\"d1\",\"update\":{\"%s\":{%s}}}", charge, patch);

  return bst_test_call (fixture->server, token, "Charge/set", args);
}

static char *
refusal (GVariant *answer, const char *charge)
{
  g_autofree char *path = g_strconcat ("notUpdated/", charge, "/type", NULL);

  return g_strdup (bst_doc_get_string (answer, path));
}

#define assert_refused(answer, charge, expected)                                                   \
  G_STMT_START                                                                                     \
  {                                                                                                \
    g_autoptr (GVariant) held = answer;                                                            \
    g_autofree char *got = refusal (held, charge);                                                 \
    g_assert_cmpstr (got, ==, expected);                                                           \
  }                                                                                                \
  G_STMT_END

static GVariant *
answer (Fixture *fixture, const char *person, const char *charge, gboolean accept, const char *text)
{
  g_autoptr (GError) error = NULL;
  GVariant *after;

  begin (fixture);
  after = bst_billing_answer (fixture->storage, person, charge, accept, text, &error);
  if (after)
    commit (fixture);
  else
    bst_storage_rollback (fixture->storage);
  return after;
}

static void
test_objection (Fixture *fixture, gconstpointer data)
{
  g_autofree char *cilla = bst_test_server_token (fixture->server, "cilla");
  g_autofree char *id = NULL;
  g_autoptr (GPtrArray) list = NULL;
  g_autoptr (GVariant) raised = NULL;
  g_autoptr (GVariant) accepted = NULL;
  g_autoptr (GPtrArray) after = NULL;

  put_order (fixture, "r1", "s1", "2026-01-10T10:00:00Z");
  run (fixture, "2026-01", "2026-01");
  list = charges (fixture);
  id = g_strdup (bst_doc_get_string (list->pdata[0], "id"));
  g_assert_null (answer (fixture, "pia", id, TRUE, NULL));
  assert_refused (object_to (fixture, cilla, id, "\"objection\":\"Not ours\""), id, "notFound");
  assert_refused (object_to (fixture, fixture->anna, id, "\"amount\":null"), id,
                  "invalidProperties");
  assert_refused (object_to (fixture, fixture->anna, id, "\"objectionState\":\"accepted\""), id,
                  "invalidProperties");
  raised = object_to (fixture, fixture->anna, id, "\"objection\":\"Only one was delivered\"");
  g_clear_pointer (&list, g_ptr_array_unref);
  list = charges (fixture);
  g_assert_cmpstr (bst_doc_get_string (list->pdata[0], "objectionState"), ==, "raised");
  /* Whose it is to answer, and how. */
  g_assert_null (answer (fixture, "bo", id, TRUE, NULL));
  g_assert_null (answer (fixture, "pia", id, FALSE, NULL));
  accepted = answer (fixture, "pia", id, TRUE, "We take it back");
  g_assert_nonnull (accepted);
  after = charges (fixture);
  g_assert_cmpuint (after->len, ==, 2);
  g_assert_cmpint (bst_doc_get_int (after->pdata[1], "amount/amount", 0), ==, -990000);
  g_assert_cmpstr (bst_doc_get_string (after->pdata[1], "credits"), ==, id);
  /* What was answered stands; a credit is nobody's to object to. */
  assert_refused (object_to (fixture, fixture->anna, id, "\"objection\":\"More\""), id,
                  "forbidden");
  assert_refused (object_to (fixture, fixture->anna, bst_doc_get_string (after->pdata[1], "id"),
                             "\"objection\":\"No\""),
                  bst_doc_get_string (after->pdata[1], "id"), "forbidden");
  g_assert_null (answer (fixture, "pia", id, FALSE, "No"));
}

static void
test_objection_withdrawn (Fixture *fixture, gconstpointer data)
{
  g_autoptr (GPtrArray) list = NULL;
  g_autoptr (GVariant) raised = NULL;
  g_autoptr (GVariant) withdrawn = NULL;
  const char *id;

  put_order (fixture, "r1", "s1", "2026-01-10T10:00:00Z");
  run (fixture, "2026-01", "2026-01");
  list = charges (fixture);
  id = bst_doc_get_string (list->pdata[0], "id");
  raised = object_to (fixture, fixture->anna, id, "\"objection\":\"What is this?\"");
  withdrawn = object_to (fixture, fixture->anna, id, "\"objection\":null");
  g_assert_null (answer (fixture, "pia", id, TRUE, NULL));
}

/* ---- what does not fit ---- */

static void
test_findings (Fixture *fixture, gconstpointer data)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (GPtrArray) findings = NULL;
  g_auto (GStrv) first = NULL;
  g_auto (GStrv) second = NULL;
  g_autofree char *of_second = NULL;

  put_order (fixture, "r1", "s1", "2026-01-10T10:00:00Z");
  run (fixture, "2026-01", "2026-02");
  bst_test_server_put (fixture->server, "Charge",
                       "{\"id\":\"stray\",\"unit\":\"s1\",\"month\":\"2026-01\",\"kind\":\"once\","
                       "\"request\":\"gone\",\"line\":\"l1\",\"amount\":{\"amount\":100,"
                       "\"currency\":\"DKK\"}}");
  bst_test_server_put (fixture->server, "Charge",
                       "{\"id\":\"zdear\",\"unit\":\"s1\",\"month\":\"2026-02\",\"kind\":"
                       "\"monthly\",\"request\":\"r1\",\"line\":\"l1\",\"quantity\":2,"
                       "\"ean\":\"5790000000012\",\"priceVersion\":2,"
                       "\"amount\":{\"amount\":42001,\"currency\":\"DKK\"}}");
  findings = bst_billing_findings (fixture->storage, NULL, &error);
  g_assert_no_error (error);
  g_assert_cmpuint (findings->len, ==, 2);
  first = bst_doc_get_strv (findings->pdata[0], "flags");
  second = bst_doc_get_strv (findings->pdata[1], "flags");
  g_assert_cmpstr (first[0], ==, "untraced");
  of_second = g_strjoinv (" ", second);
  g_assert_cmpstr (of_second, ==, "wrong-price twice");
}

/* ---- bills ---- */

static GPtrArray *
bill (Fixture *fixture, const char *month, GError **error)
{
  GPtrArray *bills;

  begin (fixture);
  bills = bst_billing_make_bills (fixture->storage, month, NULL, NULL, error);
  if (bills)
    commit (fixture);
  else
    bst_storage_rollback (fixture->storage);
  return bills;
}

static void
test_bills (Fixture *fixture, gconstpointer data)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (GPtrArray) january = NULL;
  g_autoptr (GPtrArray) again = NULL;
  g_autoptr (GPtrArray) february = NULL;
  g_autoptr (GPtrArray) list = NULL;
  g_autoptr (GVariant) kept = NULL;
  g_autofree char *expected = NULL;
  g_autofree char *second = NULL;

  bst_test_server_put (fixture->server, "OrgUnit",
                       "{\"id\":\"a\",\"name\":\"Authority\",\"kind\":\"authority\",\"gln\":"
                       "\"5798009811578\",\"country\":\"DK\",\"currency\":\"DKK\",\"timeZone\":"
                       "\"Europe/Copenhagen\"}");
  put_order (fixture, "r1", "s1", "2026-01-10T10:00:00Z");
  put_order (fixture, "r2", "s3", "2026-01-11T10:00:00Z");
  run (fixture, "2026-01", "2026-02");
  january = bill (fixture, "2026-01", &error);
  g_assert_no_error (error);
  g_assert_cmpuint (january->len, ==, 1); /* one EAN */
  expected = g_strdup_printf ("B%.4s-000001", fixture->month);
  g_assert_cmpstr (bst_doc_get_string (january->pdata[0], "number"), ==, expected);
  g_assert_cmpint (bst_doc_get_int (january->pdata[0], "total/amount", 0), ==, 2 * 990000);
  list = charges (fixture);
  g_assert_cmpstr (bst_doc_get_string (list->pdata[0], "bill"), ==, expected);
  again = bill (fixture, "2026-01", &error);
  g_assert_no_error (error);
  g_assert_cmpuint (again->len, ==, 0);
  kept = bst_billing_bill (fixture->storage, expected, &error);
  g_assert_no_error (error);
  g_assert_true (bst_doc_equal (kept, january->pdata[0]));
  february = bill (fixture, "2026-02", &error);
  second = g_strdup_printf ("B%.4s-000002", fixture->month);
  g_assert_cmpstr (bst_doc_get_string (february->pdata[0], "number"), ==, second);
}

/* What cannot be addressed is not billed, and no number is spent on it. */
static void
test_bill_refused (Fixture *fixture, gconstpointer data)
{
  g_autoptr (GError) error = NULL;

  put_order (fixture, "r1", "s1", "2026-01-10T10:00:00Z");
  run (fixture, "2026-01", "2026-01");
  bst_test_server_put (fixture->server, "Charge",
                       "{\"id\":\"nowhere\",\"unit\":\"p1\",\"month\":\"2026-01\",\"amount\":"
                       "{\"amount\":100,\"currency\":\"DKK\"}}");
  g_assert_null (bill (fixture, "2026-01", &error));
  g_assert_error (error, BST_ERROR, BST_ERROR_INVALID);
  g_assert_nonnull (strstr (error->message, "neither an EAN nor an organisation number"));
  g_clear_error (&error);
  g_assert_null (bill (fixture, "2026-1", &error));
  g_assert_error (error, BST_ERROR, BST_ERROR_INVALID);
}

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);
#define ADD(path, func) g_test_add ("/server/billing/" path, Fixture, NULL, set_up, func, tear_down)
  ADD ("delivery", test_delivery);
  ADD ("months", test_months);
  ADD ("any-order", test_any_order);
  ADD ("end", test_end);
  ADD ("objection", test_objection);
  ADD ("objection-withdrawn", test_objection_withdrawn);
  ADD ("findings", test_findings);
  ADD ("bills", test_bills);
  ADD ("bill-refused", test_bill_refused);
  return g_test_run ();
}
