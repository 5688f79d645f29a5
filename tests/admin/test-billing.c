/* SPDX-License-Identifier: GPL-3.0-or-later */

/* bestiller-admin bill and charge: from an order of the sample authority to a bill that others can read. */

#include "bst-admin.h"
#include "bst-json.h"
#include "bst-month.h"
#include "bst-system-clock.h"

#include <glib/gstdio.h>
#include <libxml/parser.h>
#include <libxml/xpath.h>
#include <libxml/xpathInternals.h>
#include <string.h>

#define NS "urn:oasis:names:specification:ubl:schema:xsd:"

typedef struct
{
  char *directory;
  char *data;
  char *bills;
  GString *out;
  GString *err;
} Fixture;

static BstAdminExit G_GNUC_NULL_TERMINATED
run (Fixture *fixture, ...)
{
  g_autoptr (GPtrArray) owned = g_ptr_array_new_with_free_func (g_free);
  g_autoptr (GPtrArray) argv = NULL;
  const char *argument;
  va_list args;

  g_ptr_array_add (owned, g_strdup ("bestiller-admin"));
  g_ptr_array_add (owned, g_strdup ("--data"));
  g_ptr_array_add (owned, g_strdup (fixture->data));
  va_start (args, fixture);
  while ((argument = va_arg (args, const char *)))
    g_ptr_array_add (owned, g_strdup (argument));
  va_end (args);
  argv = g_ptr_array_copy (owned, NULL, NULL);
  g_ptr_array_set_free_func (argv, NULL);
  g_ptr_array_add (argv, NULL);
  g_string_truncate (fixture->out, 0);
  g_string_truncate (fixture->err, 0);
  return bst_admin_run ((int) argv->len - 1, (char **) argv->pdata, bst_system_clock (),
                        fixture->out, fixture->err);
}

#define assert_run(fixture, code, ...)                                                             \
  G_STMT_START                                                                                     \
  {                                                                                                \
    BstAdminExit got = run (fixture, __VA_ARGS__, NULL);                                           \
    if (got != (code))                                                                             \
      g_error ("exit %d, not %d: %s%s", (int) got, (int) (code), (fixture)->out->str,              \
               (fixture)->err->str);                                                               \
  }                                                                                                \
  G_STMT_END

static void
import_sample (Fixture *fixture, const char *country)
{
  static const char *const files[] = { "org.json", "people.json", "calendar.json",
                                       "catalogue.json" };
  char *paths[4];

  for (int i = 0; i < 4; i++)
    paths[i] = g_build_filename (g_getenv ("BST_DATA"), "sample", country, files[i], NULL);
  assert_run (fixture, BST_ADMIN_OK, "import", "all", paths[0], paths[1], paths[2], paths[3]);
  for (int i = 0; i < 4; i++)
    g_free (paths[i]);
}

static void
set_up (Fixture *fixture, gconstpointer country)
{
  gboolean danish = strcmp (country, "dk") == 0;

  fixture->directory = g_dir_make_tmp ("bestiller-bill-XXXXXX", NULL);
  fixture->data = g_build_filename (fixture->directory, "data", NULL);
  fixture->bills = g_build_filename (fixture->directory, "bills", NULL);
  g_mkdir (fixture->bills, 0700);
  fixture->out = g_string_new (NULL);
  fixture->err = g_string_new (NULL);
  assert_run (fixture, BST_ADMIN_OK, "init", "Eksempel", "--country", danish ? "DK" : "NO", "--id",
              danish ? "dk-eksempel" : "no-eksempel");
  import_sample (fixture, country);
}

static void
remove_tree (const char *path)
{
  g_autoptr (GDir) dir = g_dir_open (path, 0, NULL);
  const char *name;

  while (dir && (name = g_dir_read_name (dir)))
    {
      g_autofree char *inner = g_build_filename (path, name, NULL);

      remove_tree (inner);
    }
  g_remove (path);
}

static void
tear_down (Fixture *fixture, gconstpointer country)
{
  remove_tree (fixture->directory);
  g_free (fixture->directory);
  g_free (fixture->data);
  g_free (fixture->bills);
  g_string_free (fixture->out, TRUE);
  g_string_free (fixture->err, TRUE);
}

/* ---- orders ---- */

typedef struct
{
  char *service;
  char *performer; /* a person */
  char *unit;      /* an institution */
  const char *currency;
} Place;

static gboolean
find_service_cb (GVariant *service, gpointer data)
{
  Place *place = data;

  place->service = g_strdup (bst_doc_get_string (service, "id"));
  return FALSE;
}

static gboolean
find_unit_cb (GVariant *unit, gpointer data)
{
  Place *place = data;
  gboolean found = g_strcmp0 (bst_doc_get_string (unit, "kind"), "institution") == 0;

  if (found)
    place->unit = g_strdup (bst_doc_get_string (unit, "id"));
  return !found;
}

static gboolean
find_performer_cb (GVariant *person, gpointer data)
{
  Place *place = data;
  g_autofree char *text = bst_json_print (person);

  if (strstr (text, "\"performer\""))
    place->performer = g_strdup (bst_doc_get_string (person, "id"));
  return !place->performer;
}

static void
put (BstStorage *storage, const char *json)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (GVariant) record = bst_json_parse (json, -1, &error);
  BstPutResult result;

  g_assert_no_error (error);
  bst_storage_put (storage, bst_record_type_find ("Request"), record, &result, &error);
  g_assert_no_error (error);
}

/* Two delivered orders in March: three at 1,234.56 and 100.10 a month, and one of a text that XML must escape. */
static void
put_orders (Fixture *fixture, Place *place)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (BstStorage) storage = bst_storage_open (fixture->data, bst_system_clock (), &error);
  g_autofree char *first = NULL;
  g_autofree char *second = NULL;

  g_assert_no_error (error);
  bst_storage_each (storage, "Service", find_service_cb, place, NULL);
  bst_storage_each (storage, "OrgUnit", find_unit_cb, place, NULL);
  bst_storage_each (storage, "Person", find_performer_cb, place, NULL);
  first = g_strdup_printf (
      "{\"id\":\"r1\",\"number\":\"2026-000001\",\"title\":\"Tre\",\"unit\":\"%s\",\"state\":"
      "\"closed\",\"lines\":{\"l1\":{\"service\":\"%s\",\"serviceVersion\":99,\"quantity\":3,"
      "\"name\":{\"da\":\"Bærbar\",\"nb\":\"Bærbar\"},\"state\":\"closed\",\"deliveredAt\":"
      "\"2026-03-10T10:00:00Z\",\"price\":{\"model\":\"one-off-and-monthly\",\"once\":"
      "{\"amount\":123456,\"currency\":\"%s\"},\"monthly\":{\"amount\":10010,\"currency\":\"%s\"}}}"
      "}}",
      place->unit, place->service, place->currency, place->currency);
  second = g_strdup_printf (
      "{\"id\":\"r2\",\"number\":\"2026-000002\",\"title\":\"<&>\\\"\",\"unit\":\"%s\",\"state\":"
      "\"delivered\",\"lines\":{\"l1\":{\"service\":\"%s\",\"serviceVersion\":99,\"quantity\":1,"
      "\"name\":{\"da\":\"A & B <c>\",\"nb\":\"A & B "
      "<c>\"},\"state\":\"delivered\",\"deliveredAt\":"
      "\"2026-03-31T10:00:00Z\",\"price\":{\"model\":\"one-off\",\"once\":{\"amount\":1,"
      "\"currency\":\"%s\"}}}}}",
      place->unit, place->service, place->currency);
  bst_storage_begin (storage, NULL);
  put (storage, first);
  put (storage, second);
  bst_storage_commit (storage, &error);
  g_assert_no_error (error);
}

static void
place_clear (Place *place)
{
  g_free (place->service);
  g_free (place->performer);
  g_free (place->unit);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Place, place_clear)

static GVariant *
answer (Fixture *fixture)
{
  g_autoptr (GError) error = NULL;
  GVariant *value = bst_json_parse (fixture->out->str, -1, &error);

  g_assert_no_error (error);
  return value;
}

static char *
first_text (Fixture *fixture, const char *path)
{
  g_autoptr (GVariant) list = answer (fixture);
  g_autoptr (GVariant) boxed = g_variant_get_child_value (list, 0);
  g_autoptr (GVariant) first = g_variant_get_variant (boxed);

  return g_strdup (bst_doc_get_string (first, path));
}

/* ---- the bill as others read it ---- */

static void
validate (const char *path)
{
  g_autofree char *schema =
      g_build_filename (g_getenv ("BST_FIXTURES"), "ubl-invoice", "invoice.xsd", NULL);
  const char *const argv[] = { "xmllint", "--noout", "--nonet", "--schema", schema, path, NULL };
  g_autoptr (GError) error = NULL;
  g_autofree char *said = NULL;
  int status;

  g_spawn_sync (NULL, (char **) argv, NULL, G_SPAWN_SEARCH_PATH, NULL, NULL, NULL, &said, &status,
                &error);
  g_assert_no_error (error);
  if (status != 0)
    g_error ("xmllint: %s", said);
}

static char *
xpath (const char *path, const char *expression)
{
  xmlDoc *doc = xmlReadFile (path, NULL, XML_PARSE_NONET);
  xmlXPathContext *context = xmlXPathNewContext (doc);
  xmlXPathObject *object;
  xmlChar *text;
  char *copy;

  xmlXPathRegisterNs (context, (const xmlChar *) "i", (const xmlChar *) NS "Invoice-2");
  xmlXPathRegisterNs (context, (const xmlChar *) "a",
                      (const xmlChar *) NS "CommonAggregateComponents-2");
  xmlXPathRegisterNs (context, (const xmlChar *) "b",
                      (const xmlChar *) NS "CommonBasicComponents-2");
  object = xmlXPathEvalExpression ((const xmlChar *) expression, context);
  text = xmlXPathCastToString (object);
  copy = g_strdup ((const char *) text);
  xmlFree (text);
  xmlXPathFreeObject (object);
  xmlXPathFreeContext (context);
  xmlFreeDoc (doc);
  return copy;
}

#define assert_xpath(path, expression, expected)                                                   \
  G_STMT_START                                                                                     \
  {                                                                                                \
    g_autofree char *found = xpath (path, expression);                                             \
    g_assert_cmpstr (found, ==, expected);                                                         \
  }                                                                                                \
  G_STMT_END

static void
check_ubl (const char *path, const char *country, const char *currency)
{
  gboolean danish = strcmp (country, "dk") == 0;

  validate (path);
  assert_xpath (path, "string(/i:Invoice/b:CustomizationID)",
                "urn:cen.eu:en16931:2017#compliant#urn:fdc:peppol.eu:2017:poacc:billing:3.0");
  assert_xpath (path, "string(/i:Invoice/b:ProfileID)",
                "urn:fdc:peppol.eu:2017:poacc:billing:01:1.0");
  assert_xpath (path, "string(/i:Invoice/b:DocumentCurrencyCode)", currency);
  assert_xpath (path, "count(//a:Party/b:EndpointID)", "2");
  assert_xpath (path, "string(//a:AccountingSupplierParty//b:CompanyID/@schemeID)",
                danish ? "0184" : "0192");
  assert_xpath (path, "string(//a:PaymentMeans/b:PaymentMeansCode)", "97");
  assert_xpath (path, "string(//a:AccountingCustomerParty//b:EndpointID/@schemeID)",
                danish ? "0088" : "0192");
  /* It adds up: lines, totals, payable; nothing is taxed, and no VAT number is given with category O. */
  assert_xpath (path, "string(//a:LegalMonetaryTotal/b:PayableAmount)", "3703.69");
  assert_xpath (path, "string(//a:LegalMonetaryTotal/b:LineExtensionAmount)", "3703.69");
  assert_xpath (path,
                "round(100 * (sum(//a:InvoiceLine/b:LineExtensionAmount) - "
                "//a:LegalMonetaryTotal/b:PayableAmount))",
                "0");
  assert_xpath (path, "string(/i:Invoice/a:TaxTotal/b:TaxAmount)", "0.00");
  assert_xpath (path, "count(//a:PartyTaxScheme)", "0");
  assert_xpath (path, "count(//a:InvoiceLine[a:Item/a:ClassifiedTaxCategory/b:ID = 'O'])", "2");
  assert_xpath (path, "count(//a:InvoiceLine)", "2");
  /* Back to the order and its line. */
  assert_xpath (path, "count(//a:OrderLineReference[b:LineID = '2026-000001/l1'])", "1");
  assert_xpath (path,
                "string(//a:InvoiceLine[a:OrderLineReference/b:LineID = "
                "'2026-000001/l1']/a:Price/b:PriceAmount)",
                "1234.56");
  assert_xpath (path,
                "string(//a:InvoiceLine[a:OrderLineReference/b:LineID = "
                "'2026-000001/l1']/b:InvoicedQuantity)",
                "3");
  assert_xpath (path, "string(//a:InvoiceLine/a:Item[b:Name = 'A & B <c>']/b:Description)",
                "<&>\"");
}

static void
test_bill (Fixture *fixture, gconstpointer country)
{
  g_auto (Place) place = { .currency = strcmp (country, "dk") == 0 ? "DKK" : "NOK" };
  g_autofree char *number = NULL;
  g_autofree char *name = NULL;
  g_autofree char *path = NULL;
  g_autofree char *before = NULL;
  g_autofree char *after = NULL;

  put_orders (fixture, &place);
  assert_run (fixture, BST_ADMIN_OK, "--json", "bill", "2026-03", "--output", fixture->bills);
  number = first_text (fixture, "number");
  name = g_strconcat (number, ".xml", NULL);
  path = g_build_filename (fixture->bills, name, NULL);
  check_ubl (path, country, place.currency);
  g_assert_true (g_file_get_contents (path, &before, NULL, NULL));
  assert_run (fixture, BST_ADMIN_OK, "check");
  /* Once; and again the same, whatever the unit is called by now. */
  assert_run (fixture, BST_ADMIN_OK, "bill", "2026-03", "--output", fixture->bills);
  g_assert_cmpstr (fixture->out->str, ==, "Nothing to bill\n");
  assert_run (fixture, BST_ADMIN_OK, "bill", "--again", number, "--output", fixture->bills);
  g_assert_true (g_file_get_contents (path, &after, NULL, NULL));
  g_assert_cmpstr (before, ==, after);
  assert_run (fixture, BST_ADMIN_OK, "bill", "--again", number, "--format", "csv", "--output",
              fixture->bills);
  assert_run (fixture, BST_ADMIN_OK, "bill", "--again", number, "--format", "xlsx", "--output",
              fixture->bills);
  assert_run (fixture, BST_ADMIN_NOT_FOUND, "bill", "--again", "B2026-000099", "--output",
              fixture->bills);
}

/* An objection that was accepted. */
static void
test_credit (Fixture *fixture, gconstpointer country)
{
  g_auto (Place) place = { .currency = "DKK" };
  g_autofree char *charge = NULL;
  g_autofree char *month = NULL;
  g_autofree char *number = NULL;
  g_autofree char *path = NULL;
  g_autofree char *name = NULL;
  g_autoptr (GDateTime) now = g_date_time_new_from_unix_utc (bst_clock_now (bst_system_clock ()));
  g_autoptr (BstStorage) storage = NULL;
  g_autoptr (GVariant) doc = NULL;
  BstPutResult result;
  g_autoptr (GTimeZone) zone = g_time_zone_new_local ();
  g_autofree char *running = bst_month_of_instant (bst_clock_now (bst_system_clock ()), zone);
  g_autofree char *over = bst_month_add (running, -1);

  put_orders (fixture, &place);
  assert_run (fixture, BST_ADMIN_OK, "charge", "run", "2026-03");
  g_assert_cmpstr (fixture->out->str, ==, "2 charges made\n");
  assert_run (fixture, BST_ADMIN_OK, "charge", "run", "2026-01", "2026-03");
  g_assert_cmpstr (fixture->out->str, ==, "0 charges made\n");
  /* Without a month: the one that is over. */
  assert_run (fixture, BST_ADMIN_OK, "charge", "run");
  assert_run (fixture, BST_ADMIN_OK, "charge", "run", over);
  g_assert_cmpstr (fixture->out->str, ==, "0 charges made\n");
  assert_run (fixture, BST_ADMIN_OK, "charge", "list", "--month", over);
  g_assert_cmpstr (fixture->out->str, !=, "");
  assert_run (fixture, BST_ADMIN_OK, "--json", "charge", "list", "--month", "2026-03");
  charge = first_text (fixture, "id");
  storage = bst_storage_open (fixture->data, bst_system_clock (), NULL);
  doc = bst_storage_get (storage, "Charge", charge, NULL);
  bst_doc_replace (&doc, bst_doc_set_string (doc, "objection", "Never ordered"));
  bst_doc_replace (&doc, bst_doc_set_string (doc, "objectionState", "raised"));
  bst_storage_begin (storage, NULL);
  g_assert_true (bst_storage_put (storage, bst_record_type_find ("Charge"), doc, &result, NULL));
  bst_storage_commit (storage, NULL);
  g_clear_pointer (&storage, bst_storage_close);
  assert_run (fixture, BST_ADMIN_USAGE, "charge", "accept", charge);
  assert_run (fixture, BST_ADMIN_INVALID, "charge", "decline", charge, "--as", place.performer);
  assert_run (fixture, BST_ADMIN_OK, "charge", "accept", charge, "--as", place.performer, "--text",
              "Taken back");
  assert_run (fixture, BST_ADMIN_FORBIDDEN, "charge", "accept", charge, "--as", place.performer);
  month = g_date_time_format (now, "%Y-%m");
  assert_run (fixture, BST_ADMIN_OK, "--json", "bill", month, "--output", fixture->bills);
  number = first_text (fixture, "number");
  name = g_strconcat (number, ".xml", NULL);
  path = g_build_filename (fixture->bills, name, NULL);
  /* What is taken back is more than the month costs: a credit note, in which it is positive, at a price that is none below. */
  assert_xpath (path, "name(/*)", "CreditNote");
  assert_xpath (path, "count(//a:Price[b:PriceAmount < 0])", "0");
  assert_xpath (path, "count(//a:LegalMonetaryTotal[b:PayableAmount > 0])", "1");
  assert_xpath (
      path, "count(//a:CreditNoteLine[b:CreditedQuantity > 0][b:LineExtensionAmount > 0])", "1");
}

static gboolean
without_cvr_cb (GVariant *unit, gpointer data)
{
  GVariant **found = data;

  if (bst_doc_has (unit, "cvr"))
    *found = bst_doc_set (unit, "cvr", NULL);
  return !*found;
}

/* In Denmark who sends a bill is named by CVR number: without one nothing is billed, and no number is used up. */
static void
test_no_cvr (Fixture *fixture, gconstpointer country)
{
  g_auto (Place) place = { .currency = "DKK" };
  g_autoptr (BstStorage) storage = NULL;
  g_autoptr (GVariant) unit = NULL;
  BstPutResult result;

  put_orders (fixture, &place);
  storage = bst_storage_open (fixture->data, bst_system_clock (), NULL);
  bst_storage_each (storage, "OrgUnit", without_cvr_cb, &unit, NULL);
  g_assert_nonnull (unit);
  bst_storage_begin (storage, NULL);
  g_assert_true (bst_storage_put (storage, bst_record_type_find ("OrgUnit"), unit, &result, NULL));
  bst_storage_commit (storage, NULL);
  assert_run (fixture, BST_ADMIN_INVALID, "bill", "2026-03", "--output", fixture->bills);
  g_assert_nonnull (strstr (fixture->err->str, "CVR"));
  assert_run (fixture, BST_ADMIN_NOT_FOUND, "bill", "--again", "B2026-000001", "--output",
              fixture->bills);
}

static void
test_usage (Fixture *fixture, gconstpointer country)
{
  assert_run (fixture, BST_ADMIN_USAGE, "bill", "2026-03");
  assert_run (fixture, BST_ADMIN_USAGE, "bill", "--output", fixture->bills);
  assert_run (fixture, BST_ADMIN_USAGE, "bill", "2026-03", "--format", "pdf", "--output",
              fixture->bills);
  assert_run (fixture, BST_ADMIN_NOT_FOUND, "bill", "2026-03", "--output", "/nowhere/at/all");
  assert_run (fixture, BST_ADMIN_INVALID, "bill", "March", "--output", fixture->bills);
  assert_run (fixture, BST_ADMIN_USAGE, "charge");
  assert_run (fixture, BST_ADMIN_USAGE, "charge", "eat");
  assert_run (fixture, BST_ADMIN_INVALID, "charge", "run", "2026-00");
  assert_run (fixture, BST_ADMIN_OK, "charge", "list", "--flagged");
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
#define ADD(path, country, func)                                                                   \
  g_test_add ("/admin/billing/" path, Fixture, country, set_up, func, tear_down)
  ADD ("bill-dk", "dk", test_bill);
  ADD ("bill-no", "no", test_bill);
  ADD ("credit", "dk", test_credit);
  ADD ("no-cvr", "dk", test_no_cvr);
  ADD ("usage", "dk", test_usage);
  return g_test_run ();
}
