/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "bst-error.h"
#include "bst-import.h"
#include "bst-text.h"

#include <string.h>

static const char *const catalogue[] = { "ServiceArea", "Service", "Bundle", "Article", NULL };
static const char *const org[] = { "OrgUnit", NULL };
static const char *const people[] = { "Person", NULL };

static char *
no_area (const char *name, gpointer closure)
{
  return strcmp (name, "IT") == 0 ? g_strdup ("area-it") : NULL;
}

static BstImportFile *
read_text (const char *text, gssize len, const char *const *types, GError **error)
{
  const BstImportOptions options = { types, "da", "DKK", no_area, NULL };

  return bst_import_read (text, len < 0 ? strlen (text) : (gsize) len, &options, error);
}

static GVariant *
doc_at (BstImportFile *file, guint index)
{
  return ((BstImportRow *) file->rows->pdata[index])->doc;
}

static char *
fixture (const char *name, gsize *ret_len)
{
  g_autofree char *path = g_build_filename (g_getenv ("BST_FIXTURES"), name, NULL);
  g_autoptr (GError) error = NULL;
  char *text = NULL;

  g_file_get_contents (path, &text, ret_len, &error);
  g_assert_no_error (error);
  return text;
}

static void
test_json (void)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (BstImportFile) file =
      read_text ("{\"format\": \"bestiller-import/1\",\n \"records\": [\n  {\"@type\": "
                 "\"OrgUnit\", \"id\": \"u1\", \"name\": \"A\"},\n"
                 "  {\"@type\": \"OrgUnit\", \"id\": \"u2\"}]}",
                 -1, org, &error);

  g_assert_no_error (error);
  g_assert_cmpuint (file->rows->len, ==, 2);
  g_assert_cmpstr (bst_doc_get_string (doc_at (file, 0), "name"), ==, "A");
  g_assert_false (bst_doc_has (doc_at (file, 0), "@type"));
  g_assert_cmpuint (((BstImportRow *) file->rows->pdata[1])->line, ==, 4);
  g_assert_cmpuint (((BstImportRow *) file->rows->pdata[1])->column, ==, 3);
}

static void
test_json_errors (void)
{
  static const struct
  {
    const char *text;
    const char *has;
  } cases[] = {
    { "{\"format\": \"bestiller-import/1\", \"records\": [\n{\"@type\": \"Person\", \"id\": "
      "\"p\"}]}",
      "line 2, column 1: @type" },
    { "{\"format\": \"bestiller-import/1\", \"records\": [\n {\"@type\": \"OrgUnit\"}]}",
      "line 2, column 2: id: is missing" },
    { "{\"format\": \"bestiller-import/1\", \"records\": [7]}", "line 1, column 46: @type" },
    { "{\"format\": \"other\"}", "format" },
    { "{\"format\": \n\"bestiller-import/1\", ", "line 2" },
  };

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autoptr (GError) error = NULL;

      g_assert_null (read_text (cases[i].text, -1, org, &error));
      g_assert_error (error, BST_ERROR, BST_ERROR_INVALID);
      if (!strstr (error->message, cases[i].has))
        g_error ("%u: %s", i, error->message);
    }
}

static void
test_excel (void)
{
  g_autoptr (GError) error = NULL;
  gsize len;
  g_autofree char *text = fixture ("catalogue-excel-da.csv", &len);
  g_autoptr (BstImportFile) file = read_text (text, (gssize) len, catalogue, &error);
  guint services = 0, areas = 0;

  g_assert_no_error (error);
  for (guint i = 0; i < file->rows->len; i++)
    {
      const BstImportRow *row = file->rows->pdata[i];

      services += strcmp (row->type->name, "Service") == 0;
      areas += strcmp (row->type->name, "ServiceArea") == 0;
      if (g_strcmp0 (bst_doc_get_string (row->doc, "code"), "SK-201") == 0)
        {
          g_assert_cmpstr (bst_doc_get_string (row->doc, "name/da"), ==, "Skolebænk til gården");
          g_assert_cmpint (bst_doc_get_int (row->doc, "price/once/amount", 0), ==, 489500);
          g_assert_cmpstr (bst_doc_get_string (row->doc, "price/once/currency"), ==, "DKK");
          g_assert_cmpstr (bst_doc_get_string (row->doc, "obligation"), ==, "add-on");
          g_assert_cmpint (bst_doc_get_int (row->doc, "promise/value", 0), ==, 25);
          g_assert_cmpstr (bst_doc_get_string (row->doc, "id"), ==, "service-SK-201");
          g_assert_nonnull (strchr (bst_doc_get_string (row->doc, "description/da"), '\n'));
        }
    }
  g_assert_cmpuint (services, >=, 20);
  g_assert_cmpuint (areas, >=, 1);
}

static void
test_csv_errors (void)
{
  static const struct
  {
    const char *text;
    const char *begins;
  } cases[] = {
    { "Kode;Navn;Pris\nA;B;tolv\n", "line 2, column 5: price/once" },
    { "Kode;Navn;Farve\nA;B;blå\n",
      "line 1, column 11: no property is known for the heading “Farve”" },
    { "Kode;Navn;Name\nA;B;C\n",
      "line 1, column 11: the heading “Name” says the same as column 2" },
    { "Kode;Obligatorisk\nA;måske\n", "line 2, column 3: obligation: “måske” is not known" },
    { "Kode;Leveringstid (arbejdsdage)\nA;-3\n",
      "line 2, column 3: promise: “-3” is no whole number" },
    { "Navn\nUden kode\n", "line 2, column 1: id: is missing" },
  };

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autoptr (GError) error = NULL;

      g_assert_null (read_text (cases[i].text, -1, catalogue, &error));
      g_assert_error (error, BST_ERROR, BST_ERROR_INVALID);
      if (!g_str_has_prefix (error->message, cases[i].begins))
        g_error ("%u: %s", i, error->message);
    }
}

static void
test_people (void)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (BstImportFile) file =
      read_text ("Id,Navn,Enhet,Rolle,Beløpsgrense\nkari,Kari Eksempel,u1,Godkjenner,\"50000\"\n",
                 -1, people, &error);

  g_assert_no_error (error);
  g_assert_cmpstr (bst_doc_get_string (doc_at (file, 0), "grants/g1/role"), ==, "approver");
  g_assert_cmpstr (bst_doc_get_string (doc_at (file, 0), "grants/g1/unit"), ==, "u1");
  g_assert_cmpint (bst_doc_get_int (doc_at (file, 0), "grants/g1/limit/amount", 0), ==, 5000000);
}

static void
test_peppol (void)
{
  g_autoptr (GError) error = NULL;
  gsize len;
  g_autofree char *text = fixture ("ubl/peppol-catalogue-example.xml", &len);
  g_autoptr (BstImportFile) file = read_text (text, (gssize) len, catalogue, &error);
  GVariant *first;

  g_assert_no_error (error);
  g_assert_cmpstr (file->format, ==, "ubl");
  g_assert_cmpstr (file->source, ==, "1387");
  g_assert_cmpuint (file->rows->len, ==, 2);
  first = doc_at (file, 0);
  g_assert_cmpstr (bst_doc_get_string (first, "number"), ==, "MNTR011");
  g_assert_cmpstr (bst_text_pick (first, "name", "da"), ==, "Copy paper");
  g_assert_cmpint (bst_doc_get_int (first, "price/amount", 0), ==, 1000);
  g_assert_cmpstr (bst_doc_get_string (first, "price/currency"), ==, "EUR");
  g_assert_cmpstr (bst_doc_get_string (first, "unit"), ==, "LBR");
  g_assert_cmpstr (bst_doc_get_string (first, "gtin"), ==, "1234567890114");
  g_assert_cmpstr (bst_doc_get_string (first, "supplier"), ==, "Helseforetak AS");
  g_assert_cmpstr (bst_doc_get_string (first, "validFrom"), ==, "2018-09-26");
  g_assert_cmpstr (bst_doc_get_string (first, "validTo"), ==, "2019-08-31");
  /* The second line has no period of its own: the catalogue's holds. */
  g_assert_cmpstr (bst_doc_get_string (doc_at (file, 1), "validFrom"), ==, "2018-09-01");
}

#define UBL(lines)                                                                                 \
  "<Catalogue xmlns='urn:oasis:names:specification:ubl:schema:xsd:Catalogue-2'\n"                  \
  " xmlns:cac='urn:oasis:names:specification:ubl:schema:xsd:CommonAggregateComponents-2'\n"        \
  " xmlns:cbc='urn:oasis:names:specification:ubl:schema:xsd:CommonBasicComponents-2'>\n"           \
  "<cbc:ID>7</cbc:ID>\n" lines "</Catalogue>"
#define ITEM(price)                                                                                \
  "<cac:CatalogueLine><cac:RequiredItemLocationQuantity><cac:Price>" price                         \
  "</cac:Price></cac:RequiredItemLocationQuantity><cac:Item><cbc:Name>N</cbc:Name>"                \
  "<cac:SellersItemIdentification><cbc:ID>1</cbc:ID></cac:SellersItemIdentification></cac:Item></" \
  "cac:CatalogueLine>"

static void
test_ubl_errors (void)
{
  static const struct
  {
    const char *text;
    const char *has;
  } cases[] = {
    { UBL ("<cac:CatalogueLine/>"), "line 5, column 1: CatalogueLine: has no Item" },
    { UBL (ITEM ("<cbc:PriceAmount currencyID='DKK'>ti</cbc:PriceAmount>")),
      "line 5, column 1: PriceAmount: is no amount" },
    { UBL (ITEM ("<cbc:PriceAmount currencyID='kroner'>1</cbc:PriceAmount>")),
      "PriceAmount: currencyID" },
    { "<Invoice/>", "is no UBL 2.1 Catalogue" },
    { "<Catalogue><unclosed></Catalogue>", "the XML is broken" },
    { "<!DOCTYPE a [<!ENTITY a \"aaaa\"><!ENTITY b \"&a;&a;\">]><Catalogue>", "the XML is broken" },
  };

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autoptr (GError) error = NULL;

      g_assert_null (read_text (cases[i].text, -1, catalogue, &error));
      g_assert_error (error, BST_ERROR, BST_ERROR_INVALID);
      if (!strstr (error->message, cases[i].has))
        g_error ("%u: %s", i, error->message);
    }
}

static void
test_ubl_price_rounding (void)
{
  static const struct
  {
    const char *price;
    gint64 minor;
  } cases[] = {
    { "10", 1000 },   { "10.5", 1050 },   { "10.005", 1001 },
    { "0.1234", 12 }, { "10.994", 1099 }, { ".5", 50 },
  };

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autofree char *amount = g_strdup_printf (
          "<cbc:PriceAmount currencyID='DKK'>%s</cbc:PriceAmount>", cases[i].price);
      g_auto (GStrv) parts = g_strsplit (UBL (ITEM ("@")), "@", 2);
      g_autofree char *text = g_strconcat (parts[0], amount, parts[1], NULL);
      g_autoptr (GError) error = NULL;
      g_autoptr (BstImportFile) file = read_text (text, -1, catalogue, &error);

      g_assert_no_error (error);
      g_assert_cmpint (bst_doc_get_int (doc_at (file, 0), "price/amount", -1), ==, cases[i].minor);
    }
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/import/json", test_json);
  g_test_add_func ("/import/json-errors", test_json_errors);
  g_test_add_func ("/import/excel", test_excel);
  g_test_add_func ("/import/csv-errors", test_csv_errors);
  g_test_add_func ("/import/people", test_people);
  g_test_add_func ("/import/peppol", test_peppol);
  g_test_add_func ("/import/ubl-errors", test_ubl_errors);
  g_test_add_func ("/import/ubl-price-rounding", test_ubl_price_rounding);
  return g_test_run ();
}
