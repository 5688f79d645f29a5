/* SPDX-License-Identifier: GPL-3.0-or-later */

/* bestiller-admin as a script would use it: command lines in, exit code and output out. */

#include "admin-fixture.h"

#include "bst-admin.h"
#include "bst-json.h"
#include "bst-system-clock.h"

#include <glib/gstdio.h>
#include <string.h>

static void
test_usage (Fixture *fixture, gconstpointer unused)
{
  assert_run (fixture, BST_ADMIN_USAGE, "nothing");
  assert_run (fixture, BST_ADMIN_USAGE, "init", "Name");
  assert_run (fixture, BST_ADMIN_USAGE, "import", "weather", "x.json");
  assert_run (fixture, BST_ADMIN_USAGE, "enrol", "someone");
  assert_run (fixture, BST_ADMIN_USAGE, "request", "deliver", "2026-1");
  assert_run (fixture, BST_ADMIN_NOT_FOUND, "import", "org", "/nowhere/file.json");
  assert_run (fixture, BST_ADMIN_NOT_FOUND, "user", "show", "nobody");
  assert_run (fixture, BST_ADMIN_NOT_FOUND, "enrol", "nobody", "--server", "https://localhost:1");
}

static void
test_init_twice (Fixture *fixture, gconstpointer unused)
{
  g_assert_cmpint (run (fixture, "init", "Anden", "--country", "DK", NULL), !=, BST_ADMIN_OK);
}

static void
test_numbers (Fixture *fixture, gconstpointer unused)
{
  assert_run (fixture, BST_ADMIN_OK, "number", "check", "gln", "5790000435951", "5790000435944");
  assert_has (fixture->out, "5790000435951 valid\n5790000435944 valid\n");
  assert_run (fixture, BST_ADMIN_INVALID, "number", "check", "gln", "5790000435951",
              "5790000435952");
  assert_has (fixture->out, "5790000435952 invalid");
  assert_run (fixture, BST_ADMIN_USAGE, "number", "check", "cpr", "1");
}

static void
test_samples (Fixture *fixture, gconstpointer country)
{
  g_autoptr (GVariant) first = NULL;
  g_autofree char *catalogue = sample (country, "catalogue.json");

  import_sample (fixture, country);
  assert_run (fixture, BST_ADMIN_OK, "check");
  /* The same file again changes nothing. */
  assert_run (fixture, BST_ADMIN_OK, "--json", "import", "catalogue", catalogue);
  first = answer (fixture);
  g_assert_cmpint (bst_doc_get_int (first, "added", -1), ==, 0);
  g_assert_cmpint (bst_doc_get_int (first, "changed", -1), ==, 0);
  g_assert_cmpint (bst_doc_get_int (first, "unchanged", -1), >=, 150);
}

static void
test_dry_run (Fixture *fixture, gconstpointer unused)
{
  g_autofree char *org = sample ("dk", "org.json");
  g_autoptr (GVariant) tried = NULL;

  assert_run (fixture, BST_ADMIN_OK, "--json", "import", "org", org, "--dry-run");
  tried = answer (fixture);
  g_assert_true (bst_doc_get_bool (tried, "dryRun"));
  g_assert_cmpint (bst_doc_get_int (tried, "added", 0), >=, 150);
  assert_run (fixture, BST_ADMIN_OK, "--json", "export", "OrgUnit");
  g_clear_pointer (&tried, g_variant_unref);
  tried = answer (fixture);
  {
    g_autoptr (GVariant) records = bst_doc_get_list (tried, "records");

    g_assert_cmpuint (g_variant_n_children (records), ==, 0);
  }
}

static void
test_all_or_nothing (Fixture *fixture, gconstpointer unused)
{
  g_autofree char *good = write_file (
      fixture, "good.json",
      "{\"format\": \"bestiller-import/1\", \"records\": [\n"
      "{\"@type\": \"OrgUnit\", \"id\": \"top\", \"name\": \"Top\", \"kind\": \"authority\"},\n"
      "{\"@type\": \"OrgUnit\", \"id\": \"bad\", \"name\": \"Bad\", \"kind\": \"department\",\n"
      "  \"parent\": \"top\", \"gln\": \"5790000435952\"}]}");
  g_autofree char *dangling = write_file (
      fixture, "dangling.json",
      "{\"format\": \"bestiller-import/1\", \"records\": [\n"
      "{\"@type\": \"OrgUnit\", \"id\": \"u\", \"name\": \"U\", \"kind\": \"department\",\n"
      " \"parent\": \"nowhere\"}]}");

  assert_run (fixture, BST_ADMIN_INVALID, "import", "org", good);
  assert_has (fixture->err, "line 3, column 1: OrgUnit bad: ");
  assert_has (fixture->err, "gln");
  assert_run (fixture, BST_ADMIN_NOT_FOUND, "user", "grant", "p", "orderer", "top");
  assert_run (fixture, BST_ADMIN_INVALID, "import", "org", dangling);
  assert_has (fixture->err, "parent: there is no OrgUnit “nowhere”");
  assert_run (fixture, BST_ADMIN_OK, "export", "OrgUnit");
  g_assert_null (strstr (fixture->out->str, "\"top\""));
}

static void
test_withdrawn (Fixture *fixture, gconstpointer unused)
{
  static const char before[] = "Kode;Navn;Område;Pris\nA-1;Første;IT;100\nA-2;Anden;IT;200\n";
  static const char after[] = "Kode;Navn;Område;Pris\nA-1;Første;IT;150\n";
  g_autofree char *one = write_file (fixture, "one.csv", before);
  g_autofree char *two = write_file (fixture, "two.csv", after);
  g_autoptr (GVariant) result = NULL;

  assert_run (fixture, BST_ADMIN_OK, "import", "catalogue", one);
  assert_has (fixture->out, "3 added, 0 changed, 0 withdrawn");
  assert_run (fixture, BST_ADMIN_OK, "--json", "import", "catalogue", two, "--complete");
  result = answer (fixture);
  g_assert_cmpint (bst_doc_get_int (result, "changed", -1), ==, 1);
  g_assert_cmpint (bst_doc_get_int (result, "withdrawn", -1), ==, 1);
  /* Once withdrawn is enough. */
  assert_run (fixture, BST_ADMIN_OK, "import", "catalogue", two, "--complete");
  assert_has (fixture->out, "0 added, 0 changed, 0 withdrawn");
}

static void
test_peppol (Fixture *fixture, gconstpointer unused)
{
  g_autofree char *path =
      g_build_filename (g_getenv ("BST_FIXTURES"), "ubl", "peppol-catalogue-example.xml", NULL);

  assert_run (fixture, BST_ADMIN_OK, "import", "catalogue", path);
  assert_has (fixture->out, "2 added");
  assert_run (fixture, BST_ADMIN_OK, "search", "copy", "paper");
  assert_has (fixture->out, "Copy paper");
}

static void
test_excel (Fixture *fixture, gconstpointer unused)
{
  g_autofree char *path =
      g_build_filename (g_getenv ("BST_FIXTURES"), "catalogue-excel-da.csv", NULL);

  assert_run (fixture, BST_ADMIN_OK, "import", "catalogue", path);
  assert_run (fixture, BST_ADMIN_OK, "search", "skolebænk");
  assert_has (fixture->out, "Skolebænk til gården");
}

static void
test_search (Fixture *fixture, gconstpointer unused)
{
  import_sample (fixture, "dk");
  assert_run (fixture, BST_ADMIN_OK, "search", "baerbar");
  assert_has (fixture->out, "ærbar");
}

static void
test_rights (Fixture *fixture, gconstpointer unused)
{
  g_autoptr (GVariant) person = NULL;

  import_sample (fixture, "dk");
  assert_run (fixture, BST_ADMIN_OK, "--json", "user", "show", "person-demo-dk");
  person = answer (fixture);
  assert_run (fixture, BST_ADMIN_OK, "user", "grant", "person-demo-dk", "approver",
              bst_doc_get_string (person, "unit"), "--limit", "12.500");
  assert_run (fixture, BST_ADMIN_OK, "user", "show", "person-demo-dk");
  assert_has (fixture->out, "approver");
  assert_run (fixture, BST_ADMIN_NOT_FOUND, "user", "withdraw", "person-demo-dk", "g99");
  assert_run (fixture, BST_ADMIN_OK, "user", "revoke", "person-demo-dk");
  assert_has (fixture->out, "0 computers");
}

static void
test_enrol (Fixture *fixture, gconstpointer unused)
{
  g_autoptr (GVariant) code = NULL;

  import_sample (fixture, "dk");
  assert_run (fixture, BST_ADMIN_OK, "--json", "enrol", "person-demo-dk", "--server",
              "https://localhost:8443");
  code = answer (fixture);
  g_assert_cmpuint (strlen (bst_doc_get_string (code, "code")), ==, 19);
  g_assert_true (
      g_str_has_prefix (bst_doc_get_string (code, "link"),
                        "bestiller://enrol?server=https%3A%2F%2Flocalhost%3A8443&code="));
}

static void
test_round_trip (Fixture *fixture, gconstpointer unused)
{
  g_autofree char *path = g_build_filename (fixture->directory, "all.json", NULL);

  import_sample (fixture, "no");
  assert_run (fixture, BST_ADMIN_OK, "export", "OrgUnit", "Person", "ServiceArea", "Calendar",
              "Service", "Bundle", "Article", "Notice", "--output", path);
  assert_run (fixture, BST_ADMIN_OK, "import", "all", path);
  assert_has (fixture->out, "0 added, 0 changed, 0 withdrawn");
}

static void
test_backup (Fixture *fixture, gconstpointer unused)
{
  g_autofree char *path = g_build_filename (fixture->directory, "backup.db", NULL);
  g_autofree char *org = sample ("dk", "org.json");

  assert_run (fixture, BST_ADMIN_OK, "backup", path);
  assert_run (fixture, BST_ADMIN_OK, "import", "org", org);
  assert_run (fixture, BST_ADMIN_OK, "restore", path);
  assert_run (fixture, BST_ADMIN_OK, "export", "OrgUnit");
  g_assert_null (strstr (fixture->out->str, "\"@type\""));
  assert_run (fixture, BST_ADMIN_OK, "check");
}

static guint
count_lines (Fixture *fixture, const char *action, const char *type, const char *id)
{
  g_autoptr (GVariant) list = answer (fixture);
  guint n = 0;

  for (gsize i = 0; i < g_variant_n_children (list); i++)
    {
      g_autoptr (GVariant) entry = NULL;

      g_variant_get_child (list, i, "v", &entry);
      if (g_strcmp0 (bst_doc_get_string (entry, "action"), action) == 0 &&
          g_strcmp0 (bst_doc_get_string (entry, "type"), type) == 0 &&
          g_strcmp0 (bst_doc_get_string (entry, "id"), id) == 0 && bst_doc_has (entry, "at"))
        n++;
    }
  return n;
}

static void
test_audit (Fixture *fixture, gconstpointer unused)
{
  g_autofree char *people = write_file (
      fixture, "people.json",
      "{\"format\": \"bestiller-import/1\", \"records\": ["
      "{\"@type\": \"OrgUnit\", \"id\": \"d1\", \"name\": \"Børn\", \"kind\": \"department\"},"
      "{\"@type\": \"Person\", \"id\": \"anna\", \"name\": \"Anna Prøve\", \"unit\": \"d1\"}]}");

  assert_run (fixture, BST_ADMIN_OK, "import", "all", people);
  assert_run (fixture, BST_ADMIN_OK, "user", "grant", "anna", "orderer", "d1");
  assert_run (fixture, BST_ADMIN_OK, "enrol", "anna", "--server", "https://localhost:1");
  assert_run (fixture, BST_ADMIN_OK, "--json", "audit");
  g_assert_cmpuint (count_lines (fixture, "created", "OrgUnit", "d1"), ==, 1);
  g_assert_cmpuint (count_lines (fixture, "created", "Person", "anna"), ==, 1);
  g_assert_cmpuint (count_lines (fixture, "changed", "Person", "anna"), ==, 1);
  g_assert_cmpuint (count_lines (fixture, "grants changed", "Person", "anna"), ==, 1);
  g_assert_cmpuint (count_lines (fixture, "code made", "Person", "anna"), ==, 1);
  g_assert_null (strstr (fixture->out->str, "Prøve"));
  assert_run (fixture, BST_ADMIN_OK, "--json", "audit", "--person", "anna", "--since",
              "2020-01-01");
  g_assert_cmpuint (count_lines (fixture, "created", "OrgUnit", "d1"), ==, 0);
  g_assert_cmpuint (count_lines (fixture, "created", "Person", "anna"), ==, 1);
  assert_run (fixture, BST_ADMIN_OK, "--json", "audit", "--since", "2999-01-01");
  g_assert_cmpuint (count_lines (fixture, "created", "Person", "anna"), ==, 0);
  assert_run (fixture, BST_ADMIN_USAGE, "audit", "--since", "yesterday");
}

static void
test_holidays (Fixture *fixture, gconstpointer unused)
{
  import_sample (fixture, "dk");
  assert_run (fixture, BST_ADMIN_OK, "calendar", "holidays", "dk-office", "2026");
  assert_has (fixture->out, "2026-04-06");
  g_assert_null (strstr (fixture->out->str, "2026-05-01"));
  assert_run (fixture, BST_ADMIN_NOT_FOUND, "calendar", "holidays", "none", "2026");
}

/* Agreed on, it is the next version of the SLA; the version before ends the day before, and both are what they were. */
static void
test_proposal (Fixture *fixture, gconstpointer unused)
{
  g_autofree char *file = write_file (fixture, "proposal.json",
                                      "{\"id\":\"p1\",\"unit\":\"dk-su\",\"title\":\"Hurtigere "
                                      "attester\",\"service\":\"dk-hr-103\",\"state\":"
                                      "\"proposed\",\"promise\":{\"value\":3,\"unit\":\"working-"
                                      "days\",\"calendar\":\"dk-office\"}}");
  g_autofree char *text = NULL;
  g_autoptr (GVariant) proposal = NULL;
  g_autoptr (BstStorage) storage = NULL;
  g_autoptr (GVariant) ended = NULL;
  g_autoptr (GVariant) next = NULL;

  import_sample (fixture, "dk");
  g_assert_true (g_file_get_contents (file, &text, NULL, NULL));
  proposal = bst_json_parse (text, -1, NULL);
  storage = bst_storage_open (fixture->data, bst_system_clock (), NULL);
  g_assert_true (bst_storage_begin (storage, NULL));
  g_assert_true (
      bst_storage_put (storage, bst_record_type_find ("Proposal"), proposal, NULL, NULL));
  g_assert_true (bst_storage_commit (storage, NULL));

  assert_run (fixture, BST_ADMIN_FORBIDDEN, "proposal", "answer", "p1", "--as", "person-demo-dk",
              "--text", "Ja");
  assert_run (fixture, BST_ADMIN_INVALID, "proposal", "decline", "p1", "--as",
              "person-performer-dk");
  assert_run (fixture, BST_ADMIN_INVALID, "proposal", "agree", "p1", "--as", "person-performer-dk",
              "--from", "2020-01-01");
  assert_run (fixture, BST_ADMIN_USAGE, "proposal", "agree", "p1");
  assert_run (fixture, BST_ADMIN_OK, "proposal", "answer", "p1", "--as", "person-performer-dk",
              "--text", "Ja, med en medarbejder mere");
  assert_run (fixture, BST_ADMIN_OK, "proposal", "agree", "p1", "--as", "person-performer-dk",
              "--from", "2099-01-01", "--olas",
              "[{\"key\":\"ny\",\"promise\":{\"value\":3,\"unit\":\"working-days\"}}]");
  assert_run (fixture, BST_ADMIN_FORBIDDEN, "proposal", "decline", "p1", "--as",
              "person-performer-dk", "--text", "Nej");

  ended = bst_storage_get (storage, "Agreement", "dk-su-sla-2", NULL);
  g_assert_cmpstr (bst_doc_get_string (ended, "validTo"), ==, "2098-12-31");
  next = bst_storage_find (storage, "Agreement", "validFrom", "2099-01-01", NULL);
  g_assert_nonnull (next);
  g_assert_cmpint (bst_doc_get_int (next, "version", 0), ==, 3);
  g_assert_cmpstr (bst_doc_get_string (next, "unit"), ==, "dk-su");
  assert_run (fixture, BST_ADMIN_OK, "proposal", "list");
  g_assert_nonnull (strstr (fixture->out->str, "agreed"));
}

#define ADD(path, function, data) g_test_add (path, Fixture, data, set_up, function, tear_down)

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  ADD ("/commands/usage", test_usage, NULL);
  ADD ("/commands/init-twice", test_init_twice, NULL);
  ADD ("/commands/numbers", test_numbers, NULL);
  ADD ("/commands/sample/dk", test_samples, "dk");
  ADD ("/commands/sample/no", test_samples, "no");
  ADD ("/commands/dry-run", test_dry_run, NULL);
  ADD ("/commands/all-or-nothing", test_all_or_nothing, NULL);
  ADD ("/commands/withdrawn", test_withdrawn, NULL);
  ADD ("/commands/peppol", test_peppol, NULL);
  ADD ("/commands/excel", test_excel, NULL);
  ADD ("/commands/search", test_search, NULL);
  ADD ("/commands/rights", test_rights, NULL);
  ADD ("/commands/enrol", test_enrol, NULL);
  ADD ("/commands/round-trip", test_round_trip, NULL);
  ADD ("/commands/audit", test_audit, NULL);
  ADD ("/commands/backup", test_backup, NULL);
  ADD ("/commands/holidays", test_holidays, NULL);
  ADD ("/commands/proposal", test_proposal, NULL);
  return g_test_run ();
}
