/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "bst-agreement.h"
#include "core-fixture.h"

static BstOrg *
tree (void)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (GPtrArray) units =
      core_docs ("[{'id':'town','name':'Town','kind':'authority'},"
                 "{'id':'schools','name':'Schools','kind':'department','parent':'town'},"
                 "{'id':'north','name':'North','kind':'institution','parent':'schools'},"
                 "{'id':'south','name':'South','kind':'institution','parent':'schools'},"
                 "{'id':'care','name':'Care','kind':'department','parent':'town'}]");
  BstOrg *org = bst_org_new (units, &error);

  g_assert_no_error (error);
  return org;
}

static const char agreed[] =
    "[{'id':'frame','kind':'framework','unit':'town','version':1,'validFrom':'2020-01-01'},"
    "{'id':'town-sla','kind':'sla','unit':'town','version':1,'validFrom':'2020-01-01'},"
    "{'id':'s1','kind':'sla','unit':'schools','version':1,'validFrom':'2025-01-01','validTo':"
    "'2025-12-31'},"
    "{'id':'s3','kind':'sla','unit':'schools','version':3,'validFrom':'2026-01-01'},"
    "{'id':'s2','kind':'sla','unit':'schools','version':2,'validFrom':'2026-01-01'},"
    "{'id':'s4','kind':'sla','unit':'schools','version':4,'validFrom':'2026-07-01'},"
    "{'id':'n1','kind':'sla','unit':'north','version':1,'validFrom':'2026-02-01','validTo':"
    "'2026-02-28'}]";

static const char *
in_force (BstOrg *org, const char *unit, const char *kind, const char *day)
{
  static char id[16];
  g_autoptr (GPtrArray) agreements = core_docs (agreed);
  GVariant *found = bst_agreement_in_force (agreements, org, unit, kind, day);

  g_strlcpy (id, found ? bst_doc_get_string (found, "id") : "", sizeof id);
  return id;
}

static void
test_in_force (void)
{
  g_autoptr (BstOrg) org = tree ();

  g_assert_cmpstr (in_force (org, "schools", "sla", "2024-12-31"), ==, "");
  g_assert_cmpstr (in_force (org, "schools", "sla", "2025-01-01"), ==, "s1");
  g_assert_cmpstr (in_force (org, "schools", "sla", "2025-12-31"), ==, "s1");
  g_assert_cmpstr (in_force (org, "schools", "sla", "2026-01-01"), ==, "s3");
  g_assert_cmpstr (in_force (org, "schools", "sla", "2026-06-30"), ==, "s3");
  g_assert_cmpstr (in_force (org, "schools", "sla", "2026-07-01"), ==, "s4");
  g_assert_cmpstr (in_force (org, "north", "sla", "2026-02-28"), ==, "n1");
  g_assert_cmpstr (in_force (org, "north", "sla", "2026-03-01"), ==, "s3");
  g_assert_cmpstr (in_force (org, "south", "sla", "2026-02-28"), ==, "s3");
  g_assert_cmpstr (in_force (org, "unknown", "sla", "2026-02-28"), ==, "");
}

/* An SLA above the department is not delivered to those below it; the framework contract holds for all. */
static void
test_how_far_up (void)
{
  g_autoptr (BstOrg) org = tree ();

  g_assert_cmpstr (in_force (org, "care", "sla", "2026-02-28"), ==, "");
  g_assert_cmpstr (in_force (org, "town", "sla", "2026-02-28"), ==, "town-sla");
  g_assert_cmpstr (in_force (org, "north", "framework", "2026-02-28"), ==, "frame");
  g_assert_cmpstr (in_force (org, "north", "framework", "2019-12-31"), ==, "");
}

static GVariant *
service (void)
{
  return core_doc (
      "{'id':'laptop','promise':{'value':5,'unit':'working-days','calendar':'office'},"
      "'target':{'percent':90,'firstTime':95,'respond':{'value':4,'unit':'hours','calendar':"
      "'office'}},"
      "'price':{'model':'included'}}");
}

static GVariant *
sla (void)
{
  return core_doc (
      "{'id':'a','version':7,'calendar':'long','targets':["
      "{'service':'other','promise':{'value':1,'unit':'hours'}},"
      "{'service':'laptop','promise':{'value':3,'unit':'working-days'},"
      "'target':{'percent':95,'satisfaction':4},"
      "'priorities':[{'priority':'urgent','promise':{'value':30,'unit':'minutes','calendar':"
      "'duty'}},"
      "{'priority':'low','respond':{'value':2,'unit':'working-days'}}]}]}");
}

static void
test_catalogue (void)
{
  g_autoptr (GVariant) laptop = service ();
  g_autoptr (GVariant) agreement = sla ();
  g_autoptr (GVariant) phone = bst_doc_set_string (laptop, "id", "phone");
  g_autoptr (GVariant) bare = core_doc ("{'id':'bare'}");
  g_auto (BstTerms) terms = { NULL };
  g_auto (BstTerms) unnamed = { NULL };
  g_auto (BstTerms) nothing = { NULL };

  bst_terms_resolve (laptop, NULL, NULL, &terms);
  g_assert_cmpint (bst_doc_get_int (terms.promise, "value", 0), ==, 5);
  g_assert_cmpint (bst_doc_get_int (terms.respond, "value", 0), ==, 4);
  g_assert_null (terms.agreement);
  /* An agreement that says nothing of the service changes nothing, its calendar neither. */
  bst_terms_resolve (phone, agreement, "urgent", &unnamed);
  g_assert_true (bst_doc_equal (terms.promise, unnamed.promise));
  g_assert_null (unnamed.agreement);
  bst_terms_resolve (bare, agreement, NULL, &nothing);
  g_assert_null (nothing.promise);
  g_assert_null (nothing.respond);
  g_assert_null (nothing.target);
}

static void
test_agreed (void)
{
  g_autoptr (GVariant) laptop = service ();
  g_autoptr (GVariant) agreement = sla ();
  g_auto (BstTerms) terms = { NULL };

  bst_terms_resolve (laptop, agreement, NULL, &terms);
  g_assert_cmpstr (terms.agreement, ==, "a");
  g_assert_cmpint (terms.agreement_version, ==, 7);
  g_assert_cmpint (bst_doc_get_int (terms.promise, "value", 0), ==, 3);
  g_assert_cmpstr (bst_doc_get_string (terms.promise, "calendar"), ==, "long");
  g_assert_cmpint (bst_doc_get_int (terms.target, "percent", 0), ==, 95);
  g_assert_cmpint (bst_doc_get_int (terms.target, "firstTime", 0), ==, 95);
  g_assert_cmpint (bst_doc_get_int (terms.target, "satisfaction", 0), ==, 4);
  g_assert_cmpint (bst_doc_get_int (terms.respond, "value", 0), ==, 4);
  g_assert_cmpstr (bst_doc_get_string (terms.price, "model"), ==, "included");
}

static void
test_priorities (void)
{
  g_autoptr (GVariant) laptop = service ();
  g_autoptr (GVariant) agreement = sla ();
  g_auto (BstTerms) urgent = { NULL };
  g_auto (BstTerms) low = { NULL };

  bst_terms_resolve (laptop, agreement, "urgent", &urgent);
  g_assert_cmpstr (bst_doc_get_string (urgent.promise, "unit"), ==, "minutes");
  g_assert_cmpstr (bst_doc_get_string (urgent.promise, "calendar"), ==, "duty");
  g_assert_cmpint (bst_doc_get_int (urgent.respond, "value", 0), ==, 4);
  bst_terms_resolve (laptop, agreement, "low", &low);
  g_assert_cmpint (bst_doc_get_int (low.promise, "value", 0), ==, 3);
  g_assert_cmpint (bst_doc_get_int (low.respond, "value", 0), ==, 2);
  g_assert_cmpstr (bst_doc_get_string (low.respond, "calendar"), ==, "long");
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/agreement/in-force", test_in_force);
  g_test_add_func ("/agreement/how-far-up", test_how_far_up);
  g_test_add_func ("/agreement/catalogue", test_catalogue);
  g_test_add_func ("/agreement/agreed", test_agreed);
  g_test_add_func ("/agreement/priorities", test_priorities);
  return g_test_run ();
}
