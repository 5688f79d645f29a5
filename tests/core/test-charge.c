/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "bst-charge.h"
#include "core-fixture.h"

#include <string.h>

/* ---- a town, an order, and its months ---- */

static BstOrg *
tree (void)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (GPtrArray) units =
      core_docs ("[{'id':'town','name':'Town','kind':'authority','gln':'5798009811578'},"
                 "{'id':'schools','name':'Schools','kind':'department','parent':'town',"
                 "'gln':'5790001330552','costPlace':'4200'},"
                 "{'id':'north','name':'North','kind':'institution','parent':'schools'}]");
  BstOrg *org = bst_org_new (units, &error);

  g_assert_no_error (error);
  return org;
}

typedef struct
{
  BstOrg *org;
  GTimeZone *zone;
  BstChargeContext context;
} Fixture;

static void
set_up (Fixture *fixture, gconstpointer data)
{
  fixture->org = tree ();
  fixture->zone = g_time_zone_new_identifier ("Europe/Copenhagen");
  fixture->context = (BstChargeContext){ fixture->org, fixture->zone, "da" };
}

static void
tear_down (Fixture *fixture, gconstpointer data)
{
  bst_org_unref (fixture->org);
  g_time_zone_unref (fixture->zone);
}

#define PRICE                                                                                      \
  "'price':{'model':'one-off-and-monthly','once':{'amount':495000,'currency':'DKK'},"              \
  "'monthly':{'amount':21000,'currency':'DKK'}}"
#define LAPTOP(more)                                                                               \
  "{'id':'r1','title':'Laptops','unit':'north','lines':{'l1':{'service':'laptop','serviceVersion'" \
  ":3,"                                                                                            \
  "'name':{'da':'Bærbar','en':'Laptop'},'quantity':3," PRICE more "}}}"

static const char delivered[] =
    LAPTOP (",'state':'delivered','deliveredAt':'2026-03-31T22:30:00Z'");

static GPtrArray *
charges (Fixture *fixture, GVariant *request, const char *month)
{
  g_autoptr (GError) error = NULL;
  GPtrArray *list = bst_charges_for_request (request, month, &fixture->context, &error);

  g_assert_no_error (error);
  return list;
}

/* "once 1485000" */
static char *
what (GPtrArray *list)
{
  g_autoptr (GString) text = g_string_new (NULL);

  for (guint i = 0; i < list->len; i++)
    g_string_append_printf (text, "%s%s %" G_GINT64_FORMAT, i ? " " : "",
                            bst_doc_get_string (list->pdata[i], "kind"),
                            bst_doc_get_int (list->pdata[i], "amount/amount", 0));
  return g_strdup (text->str);
}

#define assert_costs(fixture, doc, month, expected)                                                \
  G_STMT_START                                                                                     \
  {                                                                                                \
    g_autoptr (GPtrArray) made = charges (fixture, doc, month);                                    \
    g_autofree char *text = what (made);                                                           \
    g_assert_cmpstr (text, ==, expected);                                                          \
  }                                                                                                \
  G_STMT_END

/* Half past ten at night UTC is the next month in Copenhagen. */
static void
test_months (Fixture *fixture, gconstpointer data)
{
  g_autoptr (GVariant) request = core_doc (delivered);

  assert_costs (fixture, request, "2026-03", "");
  assert_costs (fixture, request, "2026-04", "once 1485000");
  assert_costs (fixture, request, "2026-05", "monthly 63000");
  assert_costs (fixture, request, "2030-12", "monthly 63000");
}

static void
test_lives (Fixture *fixture, gconstpointer data)
{
  g_autoptr (GVariant) open = core_doc (LAPTOP (",'state':'in-progress'"));
  g_autoptr (GVariant) disputed = core_doc (LAPTOP (",'state':'in-progress','disputes':1"));
  g_autoptr (GVariant) cancelled = core_doc (LAPTOP (",'state':'cancelled'"));
  g_autoptr (GVariant) ended = core_doc (
      LAPTOP (",'state':'closed','deliveredAt':'2026-01-15T10:00:00Z','chargeUntil':'2026-03'"));

  assert_costs (fixture, open, "2026-04", "");
  assert_costs (fixture, disputed, "2026-04", "");
  assert_costs (fixture, cancelled, "2026-04", "");
  assert_costs (fixture, ended, "2026-01", "once 1485000");
  assert_costs (fixture, ended, "2026-03", "monthly 63000");
  assert_costs (fixture, ended, "2026-04", "");
}

static void
test_document (Fixture *fixture, gconstpointer data)
{
  g_autoptr (GVariant) request = core_doc (delivered);
  g_autoptr (GPtrArray) made = charges (fixture, request, "2026-04");
  GVariant *charge = made->pdata[0];
  g_autoptr (GPtrArray) problems =
      bst_record_type_validate (bst_record_type_find ("Charge"), charge, NULL, TRUE);

  g_assert_cmpuint (problems->len, ==, 0);
  g_assert_cmpstr (bst_doc_get_string (charge, "unit"), ==, "north");
  g_assert_cmpstr (bst_doc_get_string (charge, "ean"), ==, "5790001330552");
  g_assert_cmpstr (bst_doc_get_string (charge, "costPlace"), ==, "4200");
  g_assert_cmpstr (bst_doc_get_string (charge, "text"), ==, "Bærbar");
  g_assert_cmpstr (bst_doc_get_string (charge, "amount/currency"), ==, "DKK");
  g_assert_cmpint (bst_doc_get_int (charge, "priceVersion", 0), ==, 3);
  g_assert_cmpint (bst_doc_get_int (charge, "quantity", 0), ==, 3);
}

static void
test_refuses (Fixture *fixture, gconstpointer data)
{
  g_autoptr (GVariant) request = core_doc (delivered);
  g_autoptr (GVariant) huge = bst_doc_set_int (request, "lines/l1/quantity", G_MAXINT64);
  g_autoptr (GError) error = NULL;

  g_assert_null (bst_charges_for_request (huge, "2026-04", &fixture->context, &error));
  g_assert_cmpstr (error->message, ==, "lines/l1: The amount is too large");
  g_clear_error (&error);
  g_assert_null (bst_charges_for_line (request, "l1", "2026-13", &fixture->context, &error));
  g_assert_cmpstr (error->message, ==, "“2026-13” is no month");
}

/* ---- ids ---- */

static void
test_ids (void)
{
  g_autofree char *once = bst_charge_id ("r", "l", "once", "2026-01");
  g_autofree char *again = bst_charge_id ("r", "l", "once", "2026-02");
  g_autofree char *monthly = bst_charge_id ("r", "l", "monthly", "2026-01");
  g_autofree char *next = bst_charge_id ("r", "l", "monthly", "2026-02");
  g_autofree char *shifted = bst_charge_id ("rl", "", "once", "2026-01");

  g_assert_cmpstr (once, ==, again);
  g_assert_cmpstr (once, !=, monthly);
  g_assert_cmpstr (monthly, !=, next);
  g_assert_cmpstr (once, !=, shifted);
}

/* A line that is delivered, disputed and delivered again, charged in any months in any order, as often as one likes. */
static void
random_life (GRand *rand, GVariant **request)
{
  int month = g_rand_int_range (rand, 1, 13);
  g_autofree char *at = g_strdup_printf ("2026-%02d-15T10:00:00Z", month);

  switch (g_rand_int_range (rand, 0, 4))
    {
    case 0:
      bst_doc_replace (request, bst_doc_set (*request, "lines/l1/deliveredAt", NULL));
      bst_doc_replace (request, bst_doc_set_string (*request, "lines/l1/state", "in-progress"));
      break;
    default:
      bst_doc_replace (request, bst_doc_set_string (*request, "lines/l1/deliveredAt", at));
      bst_doc_replace (request, bst_doc_set_string (*request, "lines/l1/state", "delivered"));
    }
}

static void
test_no_double (Fixture *fixture, gconstpointer data)
{
  g_autoptr (GRand) rand = g_rand_new_with_seed (20260401);

  for (int round = 0; round < 300; round++)
    {
      g_autoptr (GVariant) request = core_doc (delivered);
      g_autoptr (GHashTable) stored =
          g_hash_table_new_full (g_str_hash, g_str_equal, g_free, g_free);
      g_autoptr (GHashTable) seen = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
      GHashTableIter iter;
      gpointer thing;

      for (int run = 0; run < 40; run++)
        {
          g_autofree char *month = g_strdup_printf ("2026-%02d", g_rand_int_range (rand, 1, 13));
          g_autoptr (GPtrArray) made = charges (fixture, request, month);

          for (guint i = 0; i < made->len; i++)
            {
              const char *kind = bst_doc_get_string (made->pdata[i], "kind");

              g_hash_table_insert (stored, g_strdup (bst_doc_get_string (made->pdata[i], "id")),
                                   strcmp (kind, "once") == 0 ? g_strdup (kind)
                                                              : g_strconcat (kind, month, NULL));
            }
          if (g_rand_int_range (rand, 0, 4) == 0)
            random_life (rand, &request);
        }
      g_hash_table_iter_init (&iter, stored);
      while (g_hash_table_iter_next (&iter, NULL, &thing))
        g_assert_true (g_hash_table_add (seen, g_strdup (thing)));
    }
}

/* ---- flags ---- */

static GVariant *
service (void)
{
  return core_doc ("{'id':'laptop','version':3," PRICE ",'obligation':'add-on'}");
}

static BstChargeFlags
check (Fixture *fixture, GVariant *charge, const char *request_json, GPtrArray *others)
{
  g_autoptr (GVariant) request = request_json ? core_doc (request_json) : NULL;
  g_autoptr (GVariant) now = service ();

  return bst_charge_check (charge, request, now, &fixture->context, others);
}

static void
test_flags (Fixture *fixture, gconstpointer data)
{
  g_autoptr (GVariant) request = core_doc (delivered);
  g_autoptr (GPtrArray) once = charges (fixture, request, "2026-04");
  g_autoptr (GPtrArray) monthly = charges (fixture, request, "2026-05");
  GVariant *charge = once->pdata[0];
  g_autoptr (GVariant) dear = bst_doc_set_int (charge, "amount/amount", 1485001);
  g_autoptr (GVariant) version = bst_doc_set_int (charge, "priceVersion", 4);
  g_autoptr (GVariant) ean = bst_doc_set_string (charge, "ean", "5798009811578");
  g_autoptr (GVariant) early = bst_doc_set_string (charge, "month", "2026-02");
  g_autoptr (GVariant) soon = bst_doc_set_string (monthly->pdata[0], "month", "2026-04");

  g_assert_cmpint (check (fixture, charge, delivered, NULL), ==, BST_CHARGE_FINE);
  g_assert_cmpint (check (fixture, monthly->pdata[0], delivered, NULL), ==, BST_CHARGE_FINE);
  g_assert_cmpint (check (fixture, charge, NULL, NULL), ==, BST_CHARGE_UNTRACED);
  g_assert_cmpint (check (fixture, charge, "{'id':'r1','unit':'north','lines':{}}", NULL), ==,
                   BST_CHARGE_UNTRACED);
  g_assert_cmpint (check (fixture, charge, LAPTOP (",'state':'in-progress'"), NULL), ==,
                   BST_CHARGE_NOT_DELIVERED);
  g_assert_cmpint (check (fixture, charge, LAPTOP (",'state':'cancelled'"), NULL), ==,
                   BST_CHARGE_CANCELLED);
  g_assert_cmpint (check (fixture, dear, delivered, NULL), ==, BST_CHARGE_WRONG_PRICE);
  g_assert_cmpint (check (fixture, version, delivered, NULL), ==, BST_CHARGE_WRONG_PRICE);
  g_assert_cmpint (check (fixture, ean, delivered, NULL), ==, BST_CHARGE_WRONG_EAN);
  g_assert_cmpint (check (fixture, early, delivered, NULL), ==, BST_CHARGE_NOT_DELIVERED);
  g_assert_cmpint (check (fixture, soon, delivered, NULL), ==, BST_CHARGE_NOT_DELIVERED);
  g_assert_cmpint (
      check (
          fixture, monthly->pdata[0],
          LAPTOP (",'state':'closed','deliveredAt':'2026-01-15T10:00:00Z','chargeUntil':'2026-04'"),
          NULL),
      ==, BST_CHARGE_CANCELLED);
}

/* The catalogue's price of the ordered version, unless an article or an agreement sets another. */
static void
test_flags_catalogue (Fixture *fixture, gconstpointer data)
{
  g_autoptr (GVariant) request = core_doc (delivered);
  g_autoptr (GVariant) own = bst_doc_set_int (request, "lines/l1/price/once/amount", 400000);
  g_autoptr (GVariant) article = bst_doc_set_string (own, "lines/l1/article", "a1");
  g_autoptr (GVariant) now = service ();
  g_autoptr (GVariant) newer = bst_doc_set_int (now, "version", 4);
  g_autoptr (GPtrArray) made = charges (fixture, own, "2026-04");

  g_assert_cmpint (bst_charge_check (made->pdata[0], own, now, &fixture->context, NULL), ==,
                   BST_CHARGE_WRONG_PRICE);
  g_assert_cmpint (bst_charge_check (made->pdata[0], article, now, &fixture->context, NULL), ==,
                   BST_CHARGE_FINE);
  g_assert_cmpint (bst_charge_check (made->pdata[0], own, newer, &fixture->context, NULL), ==,
                   BST_CHARGE_FINE);
}

static void
test_twice_and_credit (Fixture *fixture, gconstpointer data)
{
  g_autoptr (GVariant) request = core_doc (delivered);
  g_autoptr (GPtrArray) all = charges (fixture, request, "2026-04");
  g_autoptr (GVariant) credit = NULL;
  g_autoptr (GVariant) other = NULL;

  g_ptr_array_add (all, bst_doc_set_string (all->pdata[0], "id", "zz"));
  credit = bst_charge_credit (all->pdata[0], "2026-06", "Objection accepted");
  g_ptr_array_add (all, g_variant_ref (credit));
  g_assert_cmpint (check (fixture, all->pdata[0], delivered, all), ==, BST_CHARGE_FINE);
  g_assert_cmpint (check (fixture, all->pdata[1], delivered, all), ==, BST_CHARGE_TWICE);
  g_assert_cmpint (check (fixture, credit, delivered, all), ==, BST_CHARGE_FINE);
  g_assert_cmpint (bst_doc_get_int (credit, "amount/amount", 0), ==, -1485000);
  g_assert_cmpstr (bst_doc_get_string (credit, "credits"), ==,
                   bst_doc_get_string (all->pdata[0], "id"));
  g_assert_null (bst_charge_credit (credit, "2026-06", NULL));
  other = bst_doc_set_int (credit, "amount/amount", -1);
  g_assert_cmpint (check (fixture, other, delivered, all), ==, BST_CHARGE_WRONG_PRICE);
  g_assert_false (bst_charge_is_open (credit));
  g_assert_true (bst_charge_is_open (all->pdata[0]));
}

/* ---- totals ---- */

static GVariant *
lookup (const char *type, const char *id, gpointer closure)
{
  return core_doc_format ("{'id':'%s','obligation':'%s'," PRICE "}", id,
                          (id[1] - '0') % 2 ? "mandatory" : "add-on");
}

static GPtrArray *
random_charges (GRand *rand, guint n)
{
  static const char *const kinds[] = { "once", "monthly", "credit" };
  GPtrArray *list = g_ptr_array_new_with_free_func ((GDestroyNotify) g_variant_unref);

  for (guint i = 0; i < n; i++)
    {
      int kind = g_rand_int_range (rand, 0, 3);
      int amount = g_rand_int_range (rand, 1, 1000000) * (kind == 2 ? -1 : 1);

      g_ptr_array_add (
          list, core_doc_format ("{'id':'c%u','unit':'u%d','service':'s%d','month':'2026-%02d',"
                                 "'kind':'%s','amount':{'amount':%d,'currency':'DKK'}}",
                                 i, g_rand_int_range (rand, 0, 5), g_rand_int_range (rand, 0, 7),
                                 g_rand_int_range (rand, 1, 13), kinds[kind], amount));
    }
  return list;
}

/* However the charges are parted, the parts add up to all of them. */
static void
test_partitions (void)
{
  g_autoptr (GRand) rand = g_rand_new_with_seed (7);

  for (int round = 0; round < 20; round++)
    {
      g_autoptr (GPtrArray) list = random_charges (rand, (guint) g_rand_int_range (rand, 0, 200));
      gint64 expected = 0;

      for (guint i = 0; i < list->len; i++)
        expected += bst_doc_get_int (list->pdata[i], "amount/amount", 0);
      for (int by = BST_CHARGES_BY_MONTH; by <= BST_CHARGES_BY_OBLIGATION; by++)
        {
          g_autoptr (GPtrArray) totals =
              bst_charge_totals (list, (BstChargeGrouping) by, lookup, NULL, NULL);
          g_autoptr (BstChargeTotal) all = bst_charge_totals_of_all (totals, NULL);
          BstMoney sum;

          g_assert_true (bst_charge_total_sum (all, &sum, NULL));
          g_assert_cmpint (sum.amount, ==, expected);
          g_assert_cmpint (all->count, ==, list->len);
        }
    }
}

static void
test_mixed_currencies (void)
{
  g_autoptr (GPtrArray) list =
      core_docs ("[{'month':'2026-01','amount':{'amount':1,'currency':'DKK'}},"
                 "{'month':'2026-01','amount':{'amount':1,'currency':'NOK'}}]");
  g_autoptr (GError) error = NULL;

  g_assert_null (bst_charge_totals (list, BST_CHARGES_BY_MONTH, NULL, NULL, &error));
  g_assert_cmpstr (error->message, ==, "DKK and NOK cannot be added");
}

static gint64
forecast (const char *json, int year, const char *today)
{
  g_autoptr (GPtrArray) list = core_docs (json);
  g_autoptr (GPtrArray) months = bst_charge_totals (list, BST_CHARGES_BY_MONTH, NULL, NULL, NULL);
  g_autoptr (GError) error = NULL;
  BstMoney money = { 0 };

  bst_charge_forecast (months, year, today, &money, &error);
  g_assert_no_error (error);
  return money.amount;
}

#define C(month, kind, amount)                                                                     \
  "{'month':'" month "','kind':'" kind "','amount':{'amount':" #amount ",'currency':'DKK'}}"

static void
test_forecast (void)
{
  static const char year[] = "[" C ("2026-01", "once", 1000) "," C ("2026-02", "once", 2001) "," C (
      "2026-02", "credit", -1000) "," C ("2026-01", "monthly", 50) "," C ("2026-02", "monthly",
                                                                          70) "]";

  /* 2121 so far; in March 70 and half of 2001; nine months of the same. */
  g_assert_cmpint (forecast (year, 2026, "2026-03-10"), ==, 2121 + 70 + 1001 + 9 * 70 + 9005);
  /* It is over. */
  g_assert_cmpint (forecast (year, 2026, "2027-01-01"), ==, 2121);
  /* This month has cost more already than what was thought. */
  g_assert_cmpint (forecast ("[" C ("2026-01", "once", 100) "," C ("2026-02", "once", 900) "]",
                             2026, "2026-02-10"),
                   ==, 100 + 900 + 10 * 100);
  /* In January it stands for the mean itself. */
  g_assert_cmpint (forecast ("[" C ("2026-01", "once", 100) "]", 2026, "2026-01-10"), ==, 1200);
  g_assert_cmpint (forecast ("[" C ("2026-12", "once", 100) "]", 2026, "2026-12-31"), ==, 100);
  g_assert_cmpint (forecast ("[]", 2026, "2026-06-01"), ==, 0);
}

/* ---- price × quality ---- */

static void
test_worth (void)
{
  g_autoptr (GPtrArray) list =
      core_docs ("[{'service':'s1','kind':'once','amount':{'amount':1000,'currency':'DKK'}},"
                 "{'service':'s2','kind':'once','amount':{'amount':500,'currency':'DKK'}}]");
  g_autoptr (GPtrArray) totals = bst_charge_totals (list, BST_CHARGES_BY_SERVICE, NULL, NULL, NULL);
  g_autoptr (GPtrArray) measures = core_docs (
      "[{'service':'s1','month':'2026-01','cases':2,'met':1,'breached':1,'all':{'cases':9,'met':9,"
      "'breached':0}},{'service':'s1','month':'2026-02','cases':1,'met':1,'breached':0},"
      "{'service':'s3','month':'2026-01','cases':4},{'month':'2026-01','cases':7}]");
  g_autoptr (GError) error = NULL;
  g_autoptr (GPtrArray) worths = bst_worth_of_services (totals, measures, lookup, NULL, &error);
  const BstWorth *first, *second;

  g_assert_no_error (error);
  g_assert_cmpuint (worths->len, ==, 3);
  first = worths->pdata[0];
  second = worths->pdata[1];
  g_assert_cmpstr (first->service, ==, "s1");
  g_assert_cmpint (first->per_case.amount, ==, 333);
  g_assert_cmpint (first->own.cases, ==, 3);
  g_assert_cmpfloat (bst_level_on_time (&first->own), >, 66.6);
  g_assert_true (first->has_all);
  g_assert_cmpfloat (bst_level_on_time (&first->all), ==, 100.0);
  g_assert_cmpint (first->once.amount, ==, 495000);
  g_assert_cmpstr (second->per_case.currency, ==, "");
  g_assert_false (second->has_all);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
#define ADD(path, func) g_test_add ("/charge/" path, Fixture, NULL, set_up, func, tear_down)
  ADD ("months", test_months);
  ADD ("lives", test_lives);
  ADD ("document", test_document);
  ADD ("refuses", test_refuses);
  ADD ("no-double", test_no_double);
  ADD ("flags", test_flags);
  ADD ("flags-catalogue", test_flags_catalogue);
  ADD ("twice-and-credit", test_twice_and_credit);
  g_test_add_func ("/charge/ids", test_ids);
  g_test_add_func ("/charge/partitions", test_partitions);
  g_test_add_func ("/charge/mixed-currencies", test_mixed_currencies);
  g_test_add_func ("/charge/forecast", test_forecast);
  g_test_add_func ("/charge/worth", test_worth);
  return g_test_run ();
}
