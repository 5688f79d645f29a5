/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "core-fixture.h"

#include "bst-error.h"
#include "bst-org.h"

/* Two departments, a performer beside them, and institutions with names that sort in the Danish way. */
static const char units[] =
    "[{'id': 'y', 'parent': 'health', 'kind': 'institution', 'name': 'Ældrecenter Åsen'},"
    " {'id': 'z', 'parent': 'health', 'kind': 'institution', 'name': 'Plejehjem Zenia', "
    "'costPlace': '4711', 'timeZone': ''},"
    " {'id': 'ward', 'parent': 'y', 'kind': 'institution', 'name': 'Afdeling 1'},"
    " {'id': 'city', 'kind': 'authority', 'name': 'Byen', 'timeZone': 'Europe/Copenhagen', "
    "'currency': 'DKK', 'country': 'DK'},"
    " {'id': 'health', 'parent': 'city', 'kind': 'department', 'name': 'Sundhed', 'gln': "
    "'5792601815903'},"
    " {'id': 'school', 'parent': 'city', 'kind': 'department', 'name': 'Skole', 'currency': 'EUR'},"
    " {'id': 'ks', 'parent': 'city', 'kind': 'performer', 'name': 'Koncernservice'},"
    " {'id': 'it', 'parent': 'ks', 'kind': 'performer', 'name': 'IT'},"
    " {'id': 'lost', 'parent': 'elsewhere', 'kind': 'institution', 'name': 'Udenfor'}]";

static BstOrg *
make (void)
{
  g_autoptr (GPtrArray) docs = core_docs (units);
  g_autoptr (GError) error = NULL;
  BstOrg *org = bst_org_new (docs, &error);

  g_assert_no_error (error);
  return org;
}

static void
test_tree (void)
{
  g_autoptr (BstOrg) org = make ();

  core_assert_list (bst_org_roots (org), "city lost");
  core_assert_list (bst_org_children (org, "health"), "z y");
  core_assert_list (bst_org_chain (org, "ward"), "ward y health city");
  core_assert_list (bst_org_descendants (org, "health"), "health z y ward");
  core_assert_list (bst_org_descendants (org, "nowhere"), "");
  g_assert_cmpstr (bst_org_parent (org, "ward"), ==, "y");
  g_assert_null (bst_org_parent (org, "city"));
  g_assert_null (bst_org_parent (org, "lost"));
  g_assert_true (bst_org_is_within (org, "ward", "health"));
  g_assert_true (bst_org_is_within (org, "ward", "ward"));
  g_assert_false (bst_org_is_within (org, "health", "ward"));
  g_assert_false (bst_org_is_within (org, "nowhere", "nowhere"));
  g_assert_cmpstr (bst_org_unit_name (org, "it"), ==, "IT");
  g_assert_null (bst_org_unit (org, "nowhere"));
}

static void
test_department (void)
{
  g_autoptr (BstOrg) org = make ();

  g_assert_cmpstr (bst_org_department (org, "ward"), ==, "health");
  g_assert_cmpstr (bst_org_department (org, "health"), ==, "health");
  g_assert_cmpstr (bst_org_department (org, "city"), ==, "city");
  g_assert_cmpstr (bst_org_department (org, "it"), ==, "city");
  g_assert_cmpstr (bst_org_department (org, "lost"), ==, "lost");
  g_assert_null (bst_org_department (org, "nowhere"));
}

static void
test_inherited (void)
{
  g_autoptr (BstOrg) org = make ();

  g_assert_cmpstr (bst_org_inherited (org, "ward", "timeZone"), ==, "Europe/Copenhagen");
  g_assert_cmpstr (bst_org_inherited (org, "z", "timeZone"), ==, "Europe/Copenhagen");
  g_assert_cmpstr (bst_org_inherited (org, "school", "currency"), ==, "EUR");
  g_assert_cmpstr (bst_org_inherited (org, "ward", "gln"), ==, "5792601815903");
  g_assert_cmpstr (bst_org_inherited (org, "z", "costPlace"), ==, "4711");
  g_assert_null (bst_org_inherited (org, "ward", "costPlace"));
  g_assert_null (bst_org_inherited (org, "lost", "currency"));
}

static void
test_refuses (void)
{
  static const char *const cases[] = {
    "[{'id': 'a', 'parent': 'b'}, {'id': 'b', 'parent': 'a'}, {'id': 'c'}]",
    "[{'id': 'a', 'parent': 'a'}]",
    "[{'id': 'a'}, {'id': 'a'}]",
    "[{'name': 'without id'}]",
  };

  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autoptr (GPtrArray) docs = core_docs (cases[i]);
      g_autoptr (GError) error = NULL;

      g_assert_null (bst_org_new (docs, &error));
      g_assert_error (error, BST_ERROR, BST_ERROR_INVALID);
    }
}

static void
test_roles (void)
{
  g_autoptr (BstOrg) org = make ();
  g_autoptr (GVariant) person = core_doc (
      "{'id': 'p', 'unit': 'y', 'grants': {'a': {'role': 'orderer', 'unit': 'y'}, 'b': {'role': "
      "'strategic', 'unit': 'health'},"
      " 'c': {'role': 'king', 'unit': 'city'}, 'd': {'role': 'approver', 'unit': 'nowhere'}}}");

  g_assert_cmpuint (bst_org_roles (org, person, "ward"), ==, BST_ROLE_ORDERER | BST_ROLE_STRATEGIC);
  g_assert_cmpuint (bst_org_roles (org, person, "z"), ==, BST_ROLE_STRATEGIC);
  g_assert_cmpuint (bst_org_roles (org, person, "city"), ==, BST_ROLE_NONE);
  g_assert_cmpuint (bst_org_roles (org, person, "nowhere"), ==, BST_ROLE_NONE);
  g_assert_cmpuint (bst_org_roles (org, person, NULL), ==, BST_ROLE_ORDERER | BST_ROLE_STRATEGIC);
  g_assert_true (bst_org_has_role (org, person, BST_ROLE_ORDERER, "y"));
  g_assert_false (bst_org_has_role (org, person, BST_ROLE_APPROVER, "y"));
}

static void
test_role_names (void)
{
  for (int bit = 0; bit < 6; bit++)
    g_assert_cmpuint (bst_role_from_name (bst_role_name ((BstRole) (1 << bit))), ==, 1 << bit);
  g_assert_null (bst_role_name (BST_ROLE_ALL));
  g_assert_cmpuint (bst_role_from_name (NULL), ==, BST_ROLE_NONE);
}

/* A performer's people see what they perform for. */
static void
test_performer (void)
{
  g_autoptr (BstOrg) org = make ();
  g_autoptr (GVariant) person =
      core_doc ("{'id': 'p', 'unit': 'it', 'grants': {'a': {'role': 'performer', 'unit': 'it'}}}");
  g_autoptr (GVariant) boss =
      core_doc ("{'id': 'p', 'unit': 'ks', 'grants': {'a': {'role': 'strategic', 'unit': 'ks'}}}");

  g_assert_cmpuint (bst_org_roles (org, person, "ward"), ==, BST_ROLE_PERFORMER);
  core_assert_list (bst_org_accounts (org, person), "city school health");
  core_assert_list (bst_org_accounts (org, boss), "city");
  g_assert_cmpuint (bst_org_roles (org, boss, "ward"), ==, BST_ROLE_NONE);
}

static void
test_visible (void)
{
  g_autoptr (BstOrg) org = make ();
  g_autoptr (GVariant) person =
      core_doc ("{'id': 'p', 'unit': 'school', 'grants': {'a': {'role': 'orderer', 'unit': 'y'}}}");
  g_autoptr (GHashTable) visible = bst_org_visible_units (org, person);

  g_assert_cmpuint (g_hash_table_size (visible), ==, 3);
  g_assert_true (g_hash_table_contains (visible, "y"));
  g_assert_true (g_hash_table_contains (visible, "ward"));
  g_assert_true (g_hash_table_contains (visible, "school"));
  core_assert_list (bst_org_accounts (org, person), "school health");
}

static gboolean
may_approve (BstOrg *org,
             GVariant *person,
             const char *unit,
             gint64 kroner,
             const BstMandates *mandates)
{
  BstMoney total;

  bst_money_init (&total, kroner * 100, "DKK");
  return bst_org_may_approve (org, person, unit, &total, mandates);
}

#define BOSS                                                                                       \
  "{'id': 'boss', 'unit': 'health', 'grants': {'a': {'role': 'approver', 'unit': 'health',"        \
  " 'limit': {'amount': 5000000, 'currency': 'DKK'}}}}"

static void
test_limit (void)
{
  g_autoptr (BstOrg) org = make ();
  g_autoptr (GVariant) boss = core_doc (BOSS);
  g_autoptr (GVariant) chief = core_doc (
      "{'id': 'c', 'unit': 'city', 'grants': {'a': {'role': 'approver', 'unit': 'city'},"
      " 'b': {'role': 'approver', 'unit': 'health', 'limit': {'amount': 1, 'currency': 'DKK'}}}}");
  g_autoptr (GVariant) odd = core_doc ("{'id': 'o', 'unit': 'city', 'grants': {'a': {'role': "
                                       "'approver', 'unit': 'city', 'limit': 'much'}}}");
  gboolean unlimited = TRUE;
  BstMoney limit;
  BstMoney foreign;

  g_assert_true (may_approve (org, boss, "ward", 50000, NULL));
  g_assert_false (may_approve (org, boss, "ward", 50001, NULL));
  g_assert_false (may_approve (org, boss, "school", 1, NULL));
  g_assert_true (may_approve (org, chief, "ward", 900000000, NULL));
  g_assert_false (may_approve (org, odd, "ward", 1, NULL));
  bst_money_init (&foreign, 100, "NOK");
  g_assert_false (bst_org_may_approve (org, boss, "ward", &foreign, NULL));

  g_assert_true (bst_org_approver_limit (org, boss, "ward", &limit, &unlimited));
  g_assert_false (unlimited);
  g_assert_cmpint (limit.amount, ==, 5000000);
  g_assert_true (bst_org_approver_limit (org, chief, "ward", &limit, &unlimited));
  g_assert_true (unlimited);
  g_assert_false (bst_org_approver_limit (org, boss, "school", &limit, &unlimited));
}

static GVariant *
find_person (const char *id, gpointer closure)
{
  return g_str_equal (id, "boss") ? g_variant_ref (closure) : NULL;
}

static void
check_mandate (const char *mandate,
               const char *today,
               const char *unit,
               gint64 kroner,
               gboolean expected)
{
  g_autoptr (BstOrg) org = make ();
  g_autoptr (GVariant) boss = core_doc (BOSS);
  g_autoptr (GVariant) substitute = core_doc ("{'id': 'sub', 'unit': 'health', 'grants': {}}");
  g_autoptr (GPtrArray) list = core_docs (mandate);
  BstMandates mandates = { list, today, find_person, boss };

  if (may_approve (org, substitute, unit, kroner, &mandates) != expected)
    g_error ("%s on %s for %s, %d: should be %d", mandate, today, unit, (int) kroner, expected);
  g_assert_cmpint ((bst_org_acting_roles (org, substitute, unit, &mandates) & BST_ROLE_APPROVER) !=
                       0,
                   ==, expected || kroner > 30000);
}

#define MANDATE                                                                                    \
  "{'principal': 'boss', 'substitute': 'sub', 'role': 'approver', 'from': '2026-03-10', 'until': " \
  "'2026-03-20', "

static void
test_mandates (void)
{
  check_mandate ("[" MANDATE "'unit': 'health'}]", "2026-03-10", "ward", 100, TRUE);
  check_mandate ("[" MANDATE "'unit': 'health'}]", "2026-03-20", "ward", 100, TRUE);
  check_mandate ("[" MANDATE "'unit': 'health'}]", "2026-03-09", "ward", 100, FALSE);
  check_mandate ("[" MANDATE "'unit': 'health'}]", "2026-03-21", "ward", 100, FALSE);
  check_mandate ("[" MANDATE "'unit': 'z'}]", "2026-03-12", "ward", 100, FALSE);
  /* wider than what the principal has */
  check_mandate ("[" MANDATE "'unit': 'city'}]", "2026-03-12", "school", 100, FALSE);
  check_mandate ("[" MANDATE "'unit': 'health'}]", "2026-03-12", "ward", 50001, FALSE);
  check_mandate ("[" MANDATE "'unit': 'health', 'limit': {'amount': 4000000, 'currency': 'DKK'}}]",
                 "2026-03-12", "ward", 40001, FALSE);
  check_mandate ("[" MANDATE "'unit': 'health', 'limit': {'amount': 4000000, 'currency': 'DKK'}}]",
                 "2026-03-12", "ward", 40000, TRUE);
  /* a second one that reaches */
  check_mandate ("[" MANDATE "'unit': 'z'}," MANDATE "'unit': 'y'}]", "2026-03-12", "ward", 100,
                 TRUE);
}

/* A mandate lends the role that it names, to the one that it names, from one who is still there. */
static void
test_mandates_lend_no_more (void)
{
  g_autoptr (BstOrg) org = make ();
  g_autoptr (GVariant) boss = core_doc (BOSS);
  g_autoptr (GVariant) gone = bst_doc_set_string (boss, "left", "2026-03-01");
  g_autoptr (GVariant) substitute = core_doc (
      "{'id': 'sub', 'unit': 'health', 'grants': {'a': {'role': 'receiver', 'unit': 'health'}}}");
  g_autoptr (GVariant) other = core_doc ("{'id': 'other', 'unit': 'health'}");
  g_autoptr (GPtrArray) approver = core_docs ("[" MANDATE "'unit': 'health'}]");
  g_autoptr (GPtrArray) orderer = core_docs ("[{'principal': 'boss', 'substitute': 'sub', 'role': "
                                             "'orderer', 'unit': 'health', 'from': '2026-03-10'}]");
  BstMandates lent = { approver, "2026-03-12", find_person, boss };
  BstMandates from_gone = { approver, "2026-03-12", find_person, gone };
  BstMandates not_had = { orderer, "2026-03-12", find_person, boss };

  g_assert_cmpuint (bst_org_acting_roles (org, substitute, "ward", &lent), ==,
                    BST_ROLE_RECEIVER | BST_ROLE_APPROVER);
  g_assert_cmpuint (bst_org_acting_roles (org, substitute, NULL, &lent), ==,
                    BST_ROLE_RECEIVER | BST_ROLE_APPROVER);
  g_assert_cmpuint (bst_org_acting_roles (org, substitute, "ward", NULL), ==, BST_ROLE_RECEIVER);
  g_assert_cmpuint (bst_org_acting_roles (org, other, "ward", &lent), ==, BST_ROLE_NONE);
  g_assert_cmpuint (bst_org_acting_roles (org, substitute, "ward", &from_gone), ==,
                    BST_ROLE_RECEIVER);
  g_assert_cmpuint (bst_org_acting_roles (org, substitute, "ward", &not_had), ==,
                    BST_ROLE_RECEIVER);
}

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/org/tree", test_tree);
  g_test_add_func ("/org/department", test_department);
  g_test_add_func ("/org/inherited", test_inherited);
  g_test_add_func ("/org/refuses", test_refuses);
  g_test_add_func ("/org/roles", test_roles);
  g_test_add_func ("/org/role-names", test_role_names);
  g_test_add_func ("/org/performer", test_performer);
  g_test_add_func ("/org/visible", test_visible);
  g_test_add_func ("/org/limit", test_limit);
  g_test_add_func ("/org/mandates", test_mandates);
  g_test_add_func ("/org/mandates-lend-no-more", test_mandates_lend_no_more);
  return g_test_run ();
}
