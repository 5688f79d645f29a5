/* SPDX-License-Identifier: GPL-3.0-or-later */

/*
 * Bills of a made-up year of the sample authorities, read by programs that others wrote (foreign/bills.mjs).
 * Arguments: the folder of those, a folder to install them into.
 */

#include "admin-fixture.h"

#include "bst-json.h"
#include "bst-month.h"
#include "bst-storage.h"
#include "bst-system-clock.h"
#include "bst-test-node.h"

#include <glib/gstdio.h>
#include <string.h>

#define CASES "60"
/* Everything that XML has its own mind about, what it cannot hold, and letters of two, three and four octets. */
#define ODD "A & B <c> \\\"d\\\" 'e' ]]> \\u0001\\t ø – 🚲"

static const char *source_folder;
static const char *install_folder;

static const struct
{
  const char *country;
  const char *code;
  const char *unit;
  const char *currency;
} authorities[] = {
  { "dk", "DK", "dk-su-aeldrecenter-solgaarden", "DKK" },
  { "no", "NO", "unit-no-solhoyda-sykehjem", "NOK" },
};

/* ---- what is billed ---- */

static gboolean
find_performer_cb (GVariant *person, gpointer data)
{
  char **found = data;
  g_autofree char *text = bst_json_print (person);

  if (strstr (text, "\"performer\""))
    *found = g_strdup (bst_doc_get_string (person, "id"));
  return !*found;
}

static void
put (BstStorage *storage, const char *type, GVariant *record)
{
  g_autoptr (GError) error = NULL;
  BstPutResult result;

  g_assert_true (bst_storage_begin (storage, NULL));
  bst_storage_put (storage, bst_record_type_find (type), record, &result, &error);
  g_assert_no_error (error);
  g_assert_true (bst_storage_commit (storage, NULL));
}

/* An order that costs more than all others together, delivered on the first of @month. */
static void
put_dear_order (BstStorage *storage, guint authority, const char *month)
{
  g_autofree char *text = g_strdup_printf (
      "{\"id\":\"dear\",\"number\":\"2001-000001\",\"title\":\"" ODD "\",\"unit\":\"%s\","
      "\"state\":\"closed\",\"lines\":{\"l1\":{\"service\":\"none\",\"serviceVersion\":1,"
      "\"quantity\":3,\"name\":{\"da\":\"" ODD "\",\"nb\":\"" ODD "\"},\"state\":\"closed\","
      "\"deliveredAt\":\"%s-01T12:00:00Z\",\"price\":{\"model\":\"one-off\",\"once\":"
      "{\"amount\":99999901,\"currency\":\"%s\"}}}}}",
      authorities[authority].unit, month, authorities[authority].currency);
  g_autoptr (GError) error = NULL;
  g_autoptr (GVariant) order = bst_json_parse (text, -1, &error);

  g_assert_no_error (error);
  put (storage, "Request", order);
}

static gboolean
find_dear_cb (GVariant *charge, gpointer data)
{
  char **found = data;

  if (g_strcmp0 (bst_doc_get_string (charge, "request"), "dear") == 0)
    *found = g_strdup (bst_doc_get_string (charge, "id"));
  return !*found;
}

/* Billed, objected to, taken back: what the unit is billed for the running month is less than nothing. */
static void
bill_and_credit (Fixture *fixture, guint authority, const char *bills)
{
  g_autoptr (BstStorage) storage = bst_storage_open (fixture->data, bst_system_clock (), NULL);
  g_autofree char *performer = NULL;
  g_autofree char *id = NULL;
  g_autoptr (GVariant) charge = NULL;
  g_autoptr (GDateTime) now = g_date_time_new_from_unix_utc (bst_clock_now (bst_system_clock ()));
  g_autofree char *month = g_date_time_format (now, "%Y-%m");
  g_autofree char *before = bst_month_add (month, -3);

  g_assert_nonnull (storage);
  bst_storage_each (storage, "Person", find_performer_cb, &performer, NULL);
  put_dear_order (storage, authority, before);
  assert_run (fixture, BST_ADMIN_OK, "bill", before, "--output", bills);
  bst_storage_each (storage, "Charge", find_dear_cb, &id, NULL);
  charge = bst_storage_get (storage, "Charge", id, NULL);
  bst_doc_replace (&charge, bst_doc_set_string (charge, "objection", ODD));
  bst_doc_replace (&charge, bst_doc_set_string (charge, "objectionState", "raised"));
  put (storage, "Charge", charge);
  assert_run (fixture, BST_ADMIN_OK, "charge", "accept", id, "--as", performer);
  assert_run (fixture, BST_ADMIN_OK, "bill", month, "--output", bills);
}

/* The bills that were sent in the made-up year. Returns how many. */
static guint
write_bills_of (Fixture *fixture, int year, const char *bills)
{
  for (guint n = 1;; n++)
    {
      g_autofree char *number = g_strdup_printf ("B%d-%06u", year, n);

      if (run (fixture, "bill", "--again", number, "--output", bills, NULL) != BST_ADMIN_OK)
        return n - 1;
    }
}

/* The unit is called as odd as can be. */
static void
rename_unit (Fixture *fixture, guint authority)
{
  g_autoptr (BstStorage) storage = bst_storage_open (fixture->data, bst_system_clock (), NULL);
  g_autoptr (GVariant) unit =
      bst_storage_get (storage, "OrgUnit", authorities[authority].unit, NULL);
  g_autoptr (GVariant) odd = bst_json_parse ("{\"name\":\"" ODD "\"}", -1, NULL);

  bst_doc_replace (&unit, bst_doc_set_string (unit, "name", bst_doc_get_string (odd, "name")));
  put (storage, "OrgUnit", unit);
}

/* ---- each authority ---- */

static void
make_bills (guint authority, const char *bills)
{
  Fixture fixture = { 0 };
  g_autoptr (GDateTime) now = g_date_time_new_from_unix_utc (bst_clock_now (bst_system_clock ()));
  int year = g_date_time_get_year (now);
  guint n;

  fixture.directory = g_dir_make_tmp ("bestiller-foreign-XXXXXX", NULL);
  fixture.data = g_build_filename (fixture.directory, "data", NULL);
  fixture.out = g_string_new (NULL);
  fixture.err = g_string_new (NULL);
  assert_run (&fixture, BST_ADMIN_OK, "init", "Eksempel", "--country", authorities[authority].code);
  import_sample (&fixture, authorities[authority].country);
  rename_unit (&fixture, authority);
  assert_run (&fixture, BST_ADMIN_OK, "simulate", "--cases", CASES, "--unit",
              authorities[authority].unit);
  bill_and_credit (&fixture, authority, bills);
  n = write_bills_of (&fixture, year - 1, bills) + write_bills_of (&fixture, year, bills);
  g_assert_cmpuint (n, >, 20);
  tear_down (&fixture, NULL);
}

static void
remove_folder (const char *path)
{
  g_autoptr (GDir) dir = g_dir_open (path, 0, NULL);
  const char *name;

  while (dir && (name = g_dir_read_name (dir)))
    {
      g_autofree char *file = g_build_filename (path, name, NULL);

      g_remove (file);
    }
  g_rmdir (path);
}

static void
test_bills (gconstpointer data)
{
  guint authority = GPOINTER_TO_UINT (data);
  g_autofree char *bills = g_dir_make_tmp ("bestiller-bills-XXXXXX", NULL);
  g_autofree char *script = g_build_filename (source_folder, "bills.mjs", NULL);
  const char *argv[] = { "node", script, bills, install_folder, authorities[authority].code, NULL };

  if (!bst_test_node_install (source_folder, install_folder))
    {
      g_test_skip ("npm or its registry is not there");
      return;
    }
  make_bills (authority, bills);
  g_assert_true (bst_test_node_run (install_folder, argv, NULL));
  remove_folder (bills);
}

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  g_assert_cmpint (argc, ==, 3);
  source_folder = argv[1];
  install_folder = argv[2];
  g_test_add_data_func ("/admin/foreign/dk", GUINT_TO_POINTER (0), test_bills);
  g_test_add_data_func ("/admin/foreign/no", GUINT_TO_POINTER (1), test_bills);
  return g_test_run ();
}
