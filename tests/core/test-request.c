/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "core-fixture.h"

#include "bst-error.h"
#include "bst-request.h"

#define LAPTOP                                                                                     \
  "{'id': 'laptop', 'code': 'IT-1', 'version': 3, 'name': {'da': 'Bærbar'}, 'quantity': true,"    \
  " 'price': {'model': 'one-off-and-monthly', 'once': {'amount': 495000, 'currency': 'DKK'},"      \
  " 'monthly': {'amount': 21000, 'currency': 'DKK'}}, 'promise': {'value': 8, 'unit': "            \
  "'working-days'},"                                                                               \
  " 'approval': {'rule': 'above', 'above': {'amount': 1000000, 'currency': 'DKK'}}, 'articles': "  \
  "['x1'],"                                                                                        \
  " 'orderableBy': {'roles': ['orderer', 'strategic'], 'unitKinds': ['institution'], 'units': "    \
  "['health']}}"
#define ACCESS                                                                                     \
  "{'id': 'access', 'code': 'IT-2', 'version': 1, 'name': {'da': 'Adgang'}, 'price': {'model': "   \
  "'included'},"                                                                                   \
  " 'form': [{'key': 'who', 'kind': 'text', 'required': true}], 'approval': {'rule': 'none'}}"
#define CLEANING                                                                                   \
  "{'id': 'cleaning', 'code': 'FM-1', 'name': {'da': 'Rengøring'}, 'price': {'model': "           \
  "'per-unit', 'quantity': true,"                                                                  \
  " 'once': {'amount': 100, 'currency': 'NOK'}}, 'validTo': '2026-03-31', 'validFrom': "           \
  "'2026-01-01', 'approval': {'rule': 'always'}}"
#define ARTICLE                                                                                    \
  "{'id': 'x1', 'number': '1', 'name': {'da': 'Model T'}, 'price': {'amount': 600000, "            \
  "'currency': 'DKK'}}"
#define OTHER_ARTICLE                                                                              \
  "{'id': 'x2', 'number': '2', 'name': {'da': 'Model U'}, 'validTo': '2026-12-31'}"

typedef struct
{
  GPtrArray *records;
  BstOrg *org;
} Fixture;

static GVariant *
look_up (const char *type, const char *id, gpointer closure)
{
  GPtrArray *records = closure;

  for (guint i = 0; i < records->len; i++)
    if (g_strcmp0 (bst_doc_get_string (records->pdata[i], "id"), id) == 0)
      return g_variant_ref (records->pdata[i]);
  return NULL;
}

static void
set_up (Fixture *fixture, gconstpointer data)
{
  g_autoptr (GPtrArray) units =
      core_docs ("[{'id': 'city', 'kind': 'authority'}, {'id': 'health', 'parent': 'city', 'kind': "
                 "'department'},"
                 "{'id': 'home', 'parent': 'health', 'kind': 'institution'}, {'id': 'school', "
                 "'parent': 'city', 'kind': 'institution'}]");

  fixture->records =
      core_docs ("[" LAPTOP "," ACCESS "," CLEANING "," ARTICLE "," OTHER_ARTICLE "]");
  fixture->org = bst_org_new (units, NULL);
}

static void
tear_down (Fixture *fixture, gconstpointer data)
{
  g_ptr_array_unref (fixture->records);
  bst_org_unref (fixture->org);
}

static BstRequestContext
context_of (Fixture *fixture, const char *today)
{
  return (BstRequestContext){ look_up, fixture->records, fixture->org, today, BST_ROLE_ORDERER };
}

/* An order for @quantity of @service, as it would be drafted today. */
static GVariant *
order (Fixture *fixture, const char *service, const char *article, gint64 quantity)
{
  g_autoptr (GVariant) doc = look_up ("Service", service, fixture->records);
  g_autoptr (GVariant) of = article ? look_up ("Article", article, fixture->records) : NULL;
  g_autoptr (GVariant) head = core_doc ("{'title': 'T', 'unit': 'home'}");

  return bst_doc_set_take (head, "lines/l1", bst_request_line_from_service (doc, of, quantity, 1));
}

static void
change (Fixture *fixture, const char *id, const char *path, const char *value)
{
  for (guint i = 0; i < fixture->records->len; i++)
    if (g_str_equal (bst_doc_get_string (fixture->records->pdata[i], "id"), id))
      {
        GVariant *changed = bst_doc_set_take (fixture->records->pdata[i], path, core_doc (value));

        g_variant_unref (fixture->records->pdata[i]);
        fixture->records->pdata[i] = changed;
      }
}

static void
test_line (Fixture *fixture, gconstpointer data)
{
  g_autoptr (GVariant) plain = order (fixture, "laptop", NULL, 2);
  g_autoptr (GVariant) article = order (fixture, "laptop", "x1", 1);
  g_autoptr (GVariant) free = order (fixture, "access", NULL, 1);

  g_assert_cmpstr (bst_doc_get_string (plain, "lines/l1/service"), ==, "laptop");
  g_assert_cmpstr (bst_doc_get_string (plain, "lines/l1/name/da"), ==, "Bærbar");
  g_assert_cmpint (bst_doc_get_int (plain, "lines/l1/serviceVersion", 0), ==, 3);
  g_assert_cmpint (bst_doc_get_int (plain, "lines/l1/promise/value", 0), ==, 8);
  g_assert_cmpint (bst_doc_get_int (plain, "lines/l1/price/once/amount", 0), ==, 495000);
  g_assert_cmpint (bst_doc_get_int (plain, "lines/l1/quantity", 0), ==, 2);
  g_assert_cmpstr (bst_doc_get_string (article, "lines/l1/name/da"), ==, "Model T");
  g_assert_cmpstr (bst_doc_get_string (article, "lines/l1/article"), ==, "x1");
  g_assert_cmpint (bst_doc_get_int (article, "lines/l1/price/once/amount", 0), ==, 600000);
  g_assert_cmpint (bst_doc_get_int (article, "lines/l1/price/monthly/amount", 0), ==, 21000);
  g_assert_cmpstr (bst_doc_get_string (free, "lines/l1/price/model"), ==, "included");
}

static void
test_total (Fixture *fixture, gconstpointer data)
{
  g_autoptr (GVariant) one = order (fixture, "laptop", NULL, 3);
  g_autoptr (GVariant) access = look_up ("Service", "access", fixture->records);
  g_autoptr (GVariant) two =
      bst_doc_set_take (one, "lines/l2", bst_request_line_from_service (access, NULL, 1, 2));
  g_autoptr (GVariant) with = bst_request_with_totals (two, NULL);
  g_autoptr (GVariant) cancelled = bst_doc_set_string (two, "lines/l1/state", "cancelled");
  g_autoptr (GVariant) nothing = bst_request_with_totals (cancelled, NULL);
  BstMoney once;
  BstMoney monthly;

  g_assert_true (bst_request_total (two, &once, &monthly, NULL));
  g_assert_cmpint (once.amount, ==, 1485000);
  g_assert_cmpint (monthly.amount, ==, 63000);
  g_assert_cmpstr (monthly.currency, ==, "DKK");
  g_assert_cmpint (bst_doc_get_int (with, "total/amount", 0), ==, 1485000);
  g_assert_cmpint (bst_doc_get_int (with, "totalMonthly/amount", 0), ==, 63000);
  g_assert_false (bst_doc_has (nothing, "total"));
}

static void
test_total_refuses (Fixture *fixture, gconstpointer data)
{
  g_autoptr (GVariant) one = order (fixture, "laptop", NULL, 1);
  g_autoptr (GVariant) cleaning = look_up ("Service", "cleaning", fixture->records);
  g_autoptr (GVariant) mixed =
      bst_doc_set_take (one, "lines/l2", bst_request_line_from_service (cleaning, NULL, 1, 2));
  g_autoptr (GVariant) huge = bst_doc_set_int (one, "lines/l1/quantity", G_MAXINT64);
  g_autoptr (GError) currencies = NULL;
  g_autoptr (GError) overflow = NULL;
  BstRequestContext context = context_of (fixture, "2026-03-12");
  BstMoney once;
  BstMoney monthly;

  g_assert_false (bst_request_total (mixed, &once, &monthly, &currencies));
  g_assert_error (currencies, BST_ERROR, BST_ERROR_INVALID);
  g_assert_false (bst_request_total (huge, &once, &monthly, &overflow));
  g_assert_error (overflow, BST_ERROR, BST_ERROR_TOO_LARGE);
  g_assert_true (bst_request_needs_approval (mixed, &context));
}

static void
test_approval (Fixture *fixture, gconstpointer data)
{
  BstRequestContext context = context_of (fixture, "2026-03-12");
  static const struct
  {
    const char *service;
    int quantity;
    gboolean expected;
  } cases[] = {
    { "laptop", 2, FALSE }, /* 9.900 kr. */
    { "laptop", 3, TRUE },  /* 14.850 kr., above 10.000 */
    { "access", 1, FALSE },
    { "cleaning", 1, TRUE }, /* always */
  };

  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autoptr (GVariant) request = order (fixture, cases[i].service, NULL, cases[i].quantity);

      g_assert_cmpint (bst_request_needs_approval (request, &context), ==, cases[i].expected);
    }
}

/* The limit itself is not above; another service on the order that takes it over the limit is. */
static void
test_approval_of_the_whole (Fixture *fixture, gconstpointer data)
{
  BstRequestContext context = context_of (fixture, "2026-03-12");
  g_autoptr (GVariant) one = NULL;
  g_autoptr (GVariant) access = NULL;
  g_autoptr (GVariant) two = NULL;
  g_autoptr (GVariant) unknown = NULL;

  change (fixture, "laptop", "price/once/amount", "1000000");
  one = order (fixture, "laptop", NULL, 1);
  g_assert_false (bst_request_needs_approval (one, &context));
  change (fixture, "access", "price",
          "{'model': 'one-off', 'once': {'amount': 1, 'currency': 'DKK'}}");
  access = look_up ("Service", "access", fixture->records);
  two = bst_doc_set_take (one, "lines/l2", bst_request_line_from_service (access, NULL, 1, 2));
  g_assert_true (bst_request_needs_approval (two, &context));
  unknown = bst_doc_set_string (one, "lines/l1/service", "nothing");
  g_assert_true (bst_request_needs_approval (unknown, &context));
}

static void
assert_problem (Fixture *fixture, GVariant *request, const char *path, const char *code)
{
  BstRequestContext context = context_of (fixture, "2026-03-12");
  g_autoptr (GPtrArray) problems = bst_request_problems (request, &context);

  if (code ? g_strcmp0 (core_problem (problems, path), code) != 0 : problems->len > 0)
    g_error ("%s: %s, not %s", path,
             problems->len ? ((BstProblem *) problems->pdata[0])->message : "nothing", code);
}

static void
test_problems (Fixture *fixture, gconstpointer data)
{
  static const struct
  {
    const char *path;
    const char *value;
    const char *code;
    const char *at;
  } cases[] = {
    { "title", "'  '", "required", NULL },
    { "unit", "null", "required", NULL },
    { "unit", "'nowhere'", "unknown-unit", NULL },
    { "unit", "'school'", "not-orderable", "lines/l1/service" }, /* not under health */
    { "unit", "'health'", "not-orderable", "lines/l1/service" }, /* no institution */
    { "ean", "'5792601815904'", "check-digit", NULL },
    { "wantedDate", "'2026-03-11'", "past", NULL },
    { "wantedDate", "'soon'", "value", NULL },
    { "wantedDate", "'2026-03-12'", NULL, NULL },
    { "lines", "{}", "no-lines", NULL },
    { "lines/l1/service", "'nothing'", "unknown-service", NULL },
    { "lines/l1/quantity", "0", "value", NULL },
    { "lines/l1/quantity", "-1", "value", NULL },
    { "lines/l1/quantity", "2000000000", "too-large", NULL },
    { "lines/l1/wantedDate", "'2026-03-11'", "past", NULL },
    { "lines/l1/article", "'x1'", NULL, NULL },
    { "lines/l1/article", "'x2'", "value", NULL },
    { "lines/l1/article", "'x3'", "withdrawn", NULL },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autoptr (GVariant) sound = order (fixture, "laptop", NULL, 2);
      g_autoptr (GVariant) request =
          bst_doc_set_take (sound, cases[i].path, core_doc (cases[i].value));

      assert_problem (fixture, sound, "", NULL);
      assert_problem (fixture, request, cases[i].at ? cases[i].at : cases[i].path, cases[i].code);
    }
}

static void
test_problems_of_services (Fixture *fixture, gconstpointer data)
{
  g_autoptr (GVariant) access = order (fixture, "access", NULL, 1);
  g_autoptr (GVariant) answered = bst_doc_set_string (access, "lines/l1/answers/who", "Bo");
  g_autoptr (GVariant) twice = bst_doc_set_int (answered, "lines/l1/quantity", 2);
  g_autoptr (GVariant) cleaning = order (fixture, "cleaning", NULL, 1);
  BstRequestContext receiver = context_of (fixture, "2026-03-12");
  g_autoptr (GVariant) laptop = order (fixture, "laptop", NULL, 1);
  g_autoptr (GPtrArray) not_hers = NULL;

  assert_problem (fixture, access, "lines/l1/answers/who", "required");
  assert_problem (fixture, answered, "", NULL);
  assert_problem (fixture, twice, "lines/l1/quantity", "value");
  assert_problem (fixture, cleaning, "", NULL);
  change (fixture, "cleaning", "validTo", "'2026-03-11'");
  assert_problem (fixture, cleaning, "lines/l1/service", "withdrawn");
  change (fixture, "cleaning", "validTo", "'2026-03-12'");
  assert_problem (fixture, cleaning, "", NULL);
  change (fixture, "cleaning", "validFrom", "'2026-03-13'");
  assert_problem (fixture, cleaning, "lines/l1/service", "not-yet");
  receiver.roles = BST_ROLE_RECEIVER;
  not_hers = bst_request_problems (laptop, &receiver);
  g_assert_cmpstr (core_problem (not_hers, "lines/l1/service"), ==, "not-orderable");
}

static void
test_too_many_lines (Fixture *fixture, gconstpointer data)
{
  g_autoptr (GVariant) request = order (fixture, "laptop", NULL, 1);
  g_autoptr (GVariant) line = bst_request_line (request, "l1");
  GVariantBuilder lines;
  g_autoptr (GVariant) many = NULL;
  g_autoptr (GVariant) sorted = NULL;

  g_variant_builder_init (&lines, G_VARIANT_TYPE_VARDICT);
  for (int i = 0; i < 501; i++)
    {
      g_autofree char *id = g_strdup_printf ("l%03d", i);

      g_variant_builder_add (&lines, "{sv}", id, line);
    }
  many = bst_doc_set (request, "lines", g_variant_builder_end (&lines));
  assert_problem (fixture, many, "lines", "too-long");
  sorted = bst_request_sort_lines (many);
  g_assert_cmpint (bst_doc_get_int (sorted, "lines/l500/order", 0), ==, 501);
}

static GPtrArray *
stale (Fixture *fixture, GVariant *request)
{
  BstRequestContext context = context_of (fixture, "2026-03-12");

  return bst_request_stale (request, &context);
}

static void
assert_stale (Fixture *fixture, GVariant *request, const char *code)
{
  BstRequestContext context = context_of (fixture, "2026-03-12");
  g_autoptr (GPtrArray) list = stale (fixture, request);
  g_autoptr (GVariant) fresh = bst_request_refresh (request, &context);
  g_autoptr (GPtrArray) after = stale (fixture, fresh);

  g_assert_cmpuint (list->len, ==, code ? 1 : 0);
  if (!code)
    return;
  g_assert_cmpstr (((BstStale *) list->pdata[0])->code, ==, code);
  g_assert_cmpstr (((BstStale *) list->pdata[0])->line, ==, "l1");
  /* taking over what is new settles it, unless it is gone */
  g_assert_cmpuint (after->len, ==,
                    g_str_equal (code, "withdrawn") || g_str_equal (code, "not-yet") ? 1 : 0);
}

static void
test_stale (Fixture *fixture, gconstpointer data)
{
  g_autoptr (GVariant) request = order (fixture, "laptop", "x1", 1);

  assert_stale (fixture, request, NULL);
  change (fixture, "laptop", "summary", "{'da': 'nyt'}");
  assert_stale (fixture, request, NULL);
  change (fixture, "laptop", "version", "4");
  assert_stale (fixture, request, "terms");
  change (fixture, "laptop", "promise/value", "9");
  assert_stale (fixture, request, "promise");
  change (fixture, "laptop", "promise/value", "8");
  change (fixture, "x1", "price/amount", "600001");
  assert_stale (fixture, request, "price");
  change (fixture, "x1", "validTo", "'2026-03-01'");
  assert_stale (fixture, request, "withdrawn");
}

static void
test_stale_values (Fixture *fixture, gconstpointer data)
{
  g_autoptr (GVariant) request = order (fixture, "laptop", NULL, 1);
  g_autoptr (GPtrArray) list = NULL;
  const BstStale *first;

  change (fixture, "laptop", "price/once/amount", "500000");
  list = stale (fixture, request);
  first = list->pdata[0];
  g_assert_cmpint (bst_doc_get_int (first->then, "once/amount", 0), ==, 495000);
  g_assert_cmpint (bst_doc_get_int (first->now, "once/amount", 0), ==, 500000);
}

static void
test_service_gone (Fixture *fixture, gconstpointer data)
{
  g_autoptr (GVariant) request = order (fixture, "laptop", NULL, 1);
  g_autoptr (GVariant) gone = bst_doc_set_string (request, "lines/l1/service", "was-here");

  assert_stale (fixture, gone, "withdrawn");
  change (fixture, "laptop", "validFrom", "'2027-01-01'");
  assert_stale (fixture, request, "not-yet");
}

static void
test_copy (Fixture *fixture, gconstpointer data)
{
  g_autoptr (GVariant) request =
      core_doc ("{'id': 'r', 'uid': 'old', 'rev': 9, 'number': '2026-1', 'title': 'T', 'need': "
                "'N', 'unit': 'home', 'state': 'closed',"
                " 'wantedDate': '2026-01-01', 'receivers': {'a': {'name': 'Bo'}}, 'attachments': "
                "{'x': {'name': 'f'}},"
                " 'rating': {'stars': 5}, 'approvals': {}, 'eventSequence': 7, 'total': {'amount': "
                "1, 'currency': 'DKK'}, 'lines':"
                " {'l1': {'service': 's', 'quantity': 2, 'order': 1, 'answers': {'a': 1}, 'state': "
                "'closed', 'deliveredAt': 'x', 'disputes': 1,"
                " 'performer': 'it', 'due': 'x', 'wantedDate': '2026-01-01'}}}");
  g_autoptr (GVariant) expected =
      core_doc ("{'uid': 'new', 'title': 'T', 'need': 'N', 'unit': 'home', 'receivers': {'a': "
                "{'name': 'Bo'}}, 'lines':"
                " {'l1': {'service': 's', 'quantity': 2, 'order': 1, 'answers': {'a': 1}}}}");
  g_autoptr (GVariant) copy = bst_request_copy (request, "new");

  g_assert_true (bst_doc_equal (copy, expected));
}

static void
test_line_order (Fixture *fixture, gconstpointer data)
{
  g_autoptr (GVariant) request = core_doc (
      "{'lines': {'c': {'order': 7}, 'a/b': {'order': 9}, 'z': {}, 'y': {}, 'b': {'order': 7}}}");
  g_autoptr (GVariant) sorted = bst_request_sort_lines (request);
  g_autoptr (GVariant) line = bst_request_line (sorted, "a/b");

  core_assert_list (bst_request_line_ids (request), "b c a/b y z");
  core_assert_list (bst_request_line_ids (sorted), "b c a/b y z");
  g_assert_cmpint (bst_doc_get_int (line, "order", 0), ==, 3);
  g_assert_cmpint (bst_doc_get_int (sorted, "lines/z/order", 0), ==, 5);
  g_assert_null (bst_request_line (request, "nothing"));
}

#define ADD(name, function)                                                                        \
  g_test_add ("/request/" name, Fixture, NULL, set_up, function, tear_down)

/* ---- what is agreed ---- */

static GVariant *
agreed_service_cb (const char *type, const char *id, gpointer closure)
{
  return strcmp (type, "Service") == 0
             ? core_doc ("{'id':'pc','version':1,'price':{'model':'one-off','once':{'amount':500,"
                         "'currency':'DKK'}},'promise':{'value':10,'unit':'working-days',"
                         "'calendar':'c'}}")
             : NULL;
}

/* Drafted by the agreement or by the catalogue alone it is up to date; anything else is not. */
static void
test_agreed (void)
{
  g_autoptr (GPtrArray) units = core_docs ("[{'id':'d','name':'D','kind':'department'}]");
  g_autoptr (BstOrg) org = bst_org_new (units, NULL);
  g_autoptr (GPtrArray) agreements = core_docs (
      "[{'id':'a','kind':'sla','unit':'d','version':1,'validFrom':'2020-01-01','targets':[{"
      "'service':'pc','promise':{'value':3,'unit':'working-days','calendar':'c'},'priorities':[{"
      "'priority':'urgent','promise':{'value':2,'unit':'hours','calendar':'c'}}]}]}]");
  const BstRequestContext context = { agreed_service_cb, NULL,      org, "2026-03-12",
                                      BST_ROLE_ORDERER,  agreements };
  g_autoptr (GVariant) service = agreed_service_cb ("Service", "pc", NULL);
  g_autoptr (GVariant) plain = bst_request_line_from_service (service, NULL, 1, 1);
  g_autoptr (GVariant) empty = core_doc ("{'unit':'d','priority':'urgent'}");
  g_autoptr (GVariant) drafted = bst_doc_set (empty, "lines/l1", plain);
  g_autoptr (GVariant) agreed = bst_request_refresh (drafted, &context);
  g_autoptr (GVariant) other = bst_doc_set_int (drafted, "lines/l1/promise/value", 3);
  g_autoptr (GPtrArray) of_drafted = bst_request_stale (drafted, &context);
  g_autoptr (GPtrArray) of_agreed = bst_request_stale (agreed, &context);
  g_autoptr (GPtrArray) of_other = bst_request_stale (other, &context);

  g_assert_cmpint (bst_doc_get_int (agreed, "lines/l1/promise/value", 0), ==, 2);
  g_assert_cmpint (bst_doc_get_int (agreed, "lines/l1/price/once/amount", 0), ==, 500);
  g_assert_cmpuint (of_drafted->len, ==, 0);
  g_assert_cmpuint (of_agreed->len, ==, 0);
  g_assert_cmpuint (of_other->len, ==, 1);
  g_assert_cmpint (bst_doc_get_int (((BstStale *) of_other->pdata[0])->now, "value", 0), ==, 2);
}

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  ADD ("line", test_line);
  ADD ("total", test_total);
  ADD ("total-refuses", test_total_refuses);
  ADD ("approval", test_approval);
  ADD ("approval-of-the-whole", test_approval_of_the_whole);
  ADD ("problems", test_problems);
  ADD ("problems-of-services", test_problems_of_services);
  ADD ("too-many-lines", test_too_many_lines);
  ADD ("stale", test_stale);
  ADD ("stale-values", test_stale_values);
  ADD ("service-gone", test_service_gone);
  ADD ("copy", test_copy);
  ADD ("line-order", test_line_order);
  g_test_add_func ("/request/agreed", test_agreed);
  return g_test_run ();
}
