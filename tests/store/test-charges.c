/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Charges added up in SQL: the same as bst_charge_totals() makes of the documents. */

#include "bst-json.h"
#include "bst-store-charges.h"
#include "store-fixture.h"

static GPtrArray *
random_charges (GRand *rand, guint n, GString *answer)
{
  static const char *const kinds[] = { "once", "monthly", "credit" };
  GPtrArray *list = g_ptr_array_new_with_free_func ((GDestroyNotify) g_variant_unref);

  for (guint i = 0; i < n; i++)
    {
      int kind = g_rand_int_range (rand, 0, 3);
      int amount = g_rand_int_range (rand, 1, 1000000) * (kind == 2 ? -1 : 1);
      g_autofree char *json = g_strdup_printf (
          "{\"id\":\"c%u\",\"unit\":\"%s\",\"service\":\"s%d\",\"month\":\"2026-%02d\",\"kind\":"
          "\"%s\",\"amount\":{\"amount\":%d,\"currency\":\"DKK\"},\"updated\":"
          "\"2026-01-01T00:00:00Z\"}",
          i, g_rand_boolean (rand) ? "u1" : "u2", g_rand_int_range (rand, 0, 4),
          g_rand_int_range (rand, 1, 13), kinds[kind], amount);

      g_string_append_printf (answer, "%s%s", i ? "," : "", json);
      g_ptr_array_add (list, bst_json_parse (json, -1, NULL));
    }
  return list;
}

static GVariant *
lookup (const char *type, const char *id, gpointer store)
{
  return bst_store_get (store, type, id, NULL);
}

static void
assert_same (GPtrArray *got, GPtrArray *expected)
{
  g_assert_cmpuint (got->len, ==, expected->len);
  for (guint i = 0; i < got->len; i++)
    {
      const BstChargeTotal *one = got->pdata[i];
      const BstChargeTotal *other = expected->pdata[i];

      g_assert_cmpstr (one->key, ==, other->key);
      g_assert_cmpint (one->count, ==, other->count);
      g_assert_cmpint (one->once.amount, ==, other->once.amount);
      g_assert_cmpint (one->monthly.amount, ==, other->monthly.amount);
      g_assert_cmpint (one->credit.amount, ==, other->credit.amount);
    }
}

static void
test_totals (StoreFixture *fixture, gconstpointer data)
{
  static const char services[] =
      "{\"Service\":[{\"id\":\"s0\",\"obligation\":\"mandatory\"},{\"id\":\"s1\",\"obligation\":"
      "\"add-on\"},{\"id\":\"s2\",\"obligation\":\"add-on\"}]}";
  g_autoptr (GRand) rand = g_rand_new_with_seed (11);
  g_autoptr (GString) answer = g_string_new ("{\"Charge\":[");
  g_autoptr (GPtrArray) charges = random_charges (rand, 300, answer);
  BstQuery query = { .type = "Charge" };

  g_string_append (answer, "]}");
  store_fixture_must_apply (fixture, "catalogue", "e.r.90", FALSE, services, "{}");
  store_fixture_must_apply (fixture, "d1", "e.r.90", FALSE, answer->str, "{}");
  for (int by = BST_CHARGES_BY_MONTH; by <= BST_CHARGES_BY_OBLIGATION; by++)
    {
      g_autoptr (GError) error = NULL;
      g_autoptr (GPtrArray) got =
          bst_store_charge_totals (fixture->store, &query, (BstChargeGrouping) by, &error);
      g_autoptr (GPtrArray) expected =
          bst_charge_totals (charges, (BstChargeGrouping) by, lookup, fixture->store, NULL);

      g_assert_no_error (error);
      assert_same (got, expected);
    }
  /* Those of a group are as many as it says. */
  for (int i = 0; i < 2; i++)
    {
      static const char *const kinds[] = { "add-on", "mandatory" };
      const BstQuery of_kind = { .type = "Charge", .obligation = kinds[i] };
      g_autoptr (GError) error = NULL;
      g_autoptr (GPtrArray) groups =
          bst_charge_totals (charges, BST_CHARGES_BY_OBLIGATION, lookup, fixture->store, NULL);
      g_autoptr (GPtrArray) lines = bst_store_find (fixture->store, &of_kind, 0, 1000, &error);
      gint64 expected = 0;

      g_assert_no_error (error);
      for (guint j = 0; j < groups->len; j++)
        if (g_str_equal (((BstChargeTotal *) groups->pdata[j])->key, kinds[i]))
          expected = ((BstChargeTotal *) groups->pdata[j])->count;
      g_assert_cmpint (expected, >, 0);
      g_assert_cmpuint (lines->len, ==, expected);
    }
}

/* Months are included at both ends, and a unit has those below it. */
static void
test_filters (StoreFixture *fixture, gconstpointer data)
{
  static const char some[] =
      "{\"Charge\":[{\"id\":\"c1\",\"unit\":\"s1\",\"month\":\"2026-01\",\"amount\":{\"amount\":1,"
      "\"currency\":\"DKK\"}},{\"id\":\"c2\",\"unit\":\"s2\",\"month\":\"2026-02\",\"amount\":"
      "{\"amount\":10,\"currency\":\"DKK\"}},{\"id\":\"c3\",\"unit\":\"n1\",\"month\":\"2026-03\","
      "\"amount\":{\"amount\":100,\"currency\":\"DKK\"}},{\"id\":\"c4\",\"unit\":\"s1\",\"month\":"
      "\"2026-04\",\"amount\":{\"amount\":1000,\"currency\":\"DKK\"}}]}";
  g_autoptr (GError) error = NULL;
  g_autoptr (GPtrArray) months = NULL;
  g_autoptr (GPtrArray) below = NULL;
  g_autoptr (BstChargeTotal) all = NULL;
  BstQuery query = { .type = "Charge", .first_month = "2026-02", .last_month = "2026-04" };

  store_fixture_must_apply (fixture, "d1", "e.r.90", FALSE, some, "{}");
  months = bst_store_charge_totals (fixture->store, &query, BST_CHARGES_BY_MONTH, &error);
  g_assert_no_error (error);
  g_assert_cmpuint (months->len, ==, 3);
  query.unit = "d1";
  below = bst_store_charge_totals (fixture->store, &query, BST_CHARGES_BY_MONTH, &error);
  all = bst_charge_totals_of_all (below, &error);
  g_assert_no_error (error);
  g_assert_cmpint (all->once.amount, ==, 1010);
  query.area = "it";
  g_assert_null (bst_store_charge_totals (fixture->store, &query, BST_CHARGES_BY_MONTH, &error));
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
#define ADD(path, func)                                                                            \
  g_test_add ("/store/charges/" path, StoreFixture, NULL, store_fixture_set_up_filled, func,       \
              store_fixture_tear_down)
  ADD ("totals", test_totals);
  ADD ("filters", test_filters);
  return g_test_run ();
}
