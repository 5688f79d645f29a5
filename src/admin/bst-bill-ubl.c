/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Writes; bst-import-ubl.c reads. The order of the elements is that of UBL-Invoice-2.1.xsd. */

#include "bst-bill.h"

#include "bst-doc.h"
#include "bst-error.h"
#include "bst-month.h"
#include "bst-number.h"

#include <libxml/tree.h>
#include <string.h>

#define NS            "urn:oasis:names:specification:ubl:schema:xsd:"
#define INVOICE       NS "Invoice-2"
#define CAC           NS "CommonAggregateComponents-2"
#define CBC           NS "CommonBasicComponents-2"
#define CUSTOMIZATION "urn:cen.eu:en16931:2017#compliant#urn:fdc:peppol.eu:2017:poacc:billing:3.0"
#define PROFILE       "urn:fdc:peppol.eu:2017:poacc:billing:01:1.0"

#define NO_VAT_CATEGORY "O"
#define NO_VAT_CODE     "VATEX-EU-O"
#define NO_VAT_REASON   "Not subject to VAT: settlement within the authority"
#define UNIT_PIECE      "C62" /* UN/ECE Recommendation 20: one */

typedef struct
{
  xmlNs *cac;
  xmlNs *cbc;
  const char *currency;
} Writer;

#define X(text) ((const xmlChar *) (text))

/* ---- elements ---- */

static xmlNode *
add (const Writer *writer, xmlNode *parent, const char *name)
{
  return xmlNewChild (parent, writer->cac, X (name), NULL);
}

/* Nothing for NULL. */
static xmlNode *
add_text (const Writer *writer, xmlNode *parent, const char *name, const char *text)
{
  return text ? xmlNewTextChild (parent, writer->cbc, X (name), X (text)) : NULL;
}

static void
add_coded (const Writer *writer,
           xmlNode *parent,
           const char *name,
           const char *text,
           const char *attribute,
           const char *code)
{
  xmlNode *node = add_text (writer, parent, name, text);

  if (node)
    xmlNewProp (node, X (attribute), X (code));
}

/* Minor units as a decimal number; nowhere a floating point. */
static char *
decimal (gint64 minor, const char *currency)
{
  guint64 amount = minor < 0 ? (guint64) 0 - (guint64) minor : (guint64) minor;
  const char *sign = minor < 0 ? "-" : "";

  if (bst_money_decimals (currency) == 0)
    return g_strdup_printf ("%s%" G_GUINT64_FORMAT, sign, amount);
  return g_strdup_printf ("%s%" G_GUINT64_FORMAT ".%02d", sign, amount / 100, (int) (amount % 100));
}

static void
add_amount (const Writer *writer, xmlNode *parent, const char *name, gint64 minor)
{
  g_autofree char *text = decimal (minor, writer->currency);

  add_coded (writer, parent, name, text, "currencyID", writer->currency);
}

/* ---- who ---- */

/* The number by which a party is reached; FALSE when its check digit is wrong. */
static gboolean
endpoint (GVariant *party, const char **ret_number, const char **ret_scheme, GError **error)
{
  const char *gln = bst_doc_get_string (party, "gln");
  const char *orgnr = bst_doc_get_string (party, "orgnr");

  *ret_number = gln ? gln : orgnr;
  *ret_scheme = gln ? "0088" : "0192";
  if (*ret_number && bst_number_check (gln ? BST_NUMBER_GLN : BST_NUMBER_ORGNR, *ret_number))
    return TRUE;
  g_set_error (error, BST_ERROR, BST_ERROR_INVALID, "%s: “%s” is no valid %s",
               bst_doc_get_string (party, "name"), *ret_number ? *ret_number : "",
               gln ? "GLN" : "organisation number");
  return FALSE;
}

static void
add_address (const Writer *writer, xmlNode *parent, GVariant *party)
{
  const char *country = bst_doc_get_string (party, "country");
  const char *address = bst_doc_get_string (party, "address");
  xmlNode *node = add (writer, parent, "PostalAddress");
  xmlNode *line;

  if (address)
    {
      line = add (writer, node, "AddressLine");
      add_text (writer, line, "Line", address);
    }
  add_text (writer, add (writer, node, "Country"), "IdentificationCode", country ? country : "DK");
}

static gboolean
add_party (const Writer *writer, xmlNode *root, const char *name, GVariant *party, GError **error)
{
  const char *number, *scheme;
  xmlNode *node, *legal, *contact;

  if (!endpoint (party, &number, &scheme, error))
    return FALSE;
  node = add (writer, add (writer, root, name), "Party");
  add_coded (writer, node, "EndpointID", number, "schemeID", scheme);
  add_coded (writer, add (writer, node, "PartyIdentification"), "ID", number, "schemeID", scheme);
  add_text (writer, add (writer, node, "PartyName"), "Name", bst_doc_get_string (party, "name"));
  add_address (writer, node, party);
  legal = add (writer, node, "PartyLegalEntity");
  add_text (writer, legal, "RegistrationName", bst_doc_get_string (party, "name"));
  add_coded (writer, legal, "CompanyID", number, "schemeID", scheme);
  if (!bst_doc_has (party, "phone") && !bst_doc_has (party, "email"))
    return TRUE;
  contact = add (writer, node, "Contact");
  add_text (writer, contact, "Telephone", bst_doc_get_string (party, "phone"));
  add_text (writer, contact, "ElectronicMail", bst_doc_get_string (party, "email"));
  return TRUE;
}

/* ---- how much ---- */

static void
add_category (const Writer *writer, xmlNode *parent, const char *name, gboolean with_reason)
{
  xmlNode *category = add (writer, parent, name);

  add_text (writer, category, "ID", NO_VAT_CATEGORY);
  if (with_reason)
    {
      add_text (writer, category, "TaxExemptionReasonCode", NO_VAT_CODE);
      add_text (writer, category, "TaxExemptionReason", NO_VAT_REASON);
    }
  add_text (writer, add (writer, category, "TaxScheme"), "ID", "VAT");
}

static void
add_totals (const Writer *writer, xmlNode *root, gint64 total)
{
  static const char *const sums[] = { "LineExtensionAmount", "TaxExclusiveAmount",
                                      "TaxInclusiveAmount", "PayableAmount" };
  xmlNode *tax = add (writer, root, "TaxTotal");
  xmlNode *part, *monetary;

  add_amount (writer, tax, "TaxAmount", 0);
  part = add (writer, tax, "TaxSubtotal");
  add_amount (writer, part, "TaxableAmount", total);
  add_amount (writer, part, "TaxAmount", 0);
  add_category (writer, part, "TaxCategory", TRUE);
  monetary = add (writer, root, "LegalMonetaryTotal");
  for (gsize i = 0; i < G_N_ELEMENTS (sums); i++)
    add_amount (writer, monetary, sums[i], total);
}

static void
add_period (const Writer *writer, xmlNode *parent, const char *month)
{
  int year, number;
  g_autofree char *first = NULL;
  g_autofree char *last = NULL;
  xmlNode *period;

  if (!bst_month_parse (month, &year, &number))
    return;
  first = g_strdup_printf ("%s-01", month);
  last = g_strdup_printf ("%s-%02d", month,
                          g_date_get_days_in_month ((GDateMonth) number, (GDateYear) year));
  period = add (writer, parent, "InvoicePeriod");
  add_text (writer, period, "StartDate", first);
  add_text (writer, period, "EndDate", last);
}

/*
 * A price is never negative (BR-27): what is taken back has a negative quantity. An amount that is no multiple of its quantity
 * stands as one piece.
 */
static void
split_amount (gint64 amount, gint64 quantity, gint64 *ret_quantity, gint64 *ret_price)
{
  gint64 pieces = quantity > 0 && amount % quantity == 0 ? quantity : 1;
  gint64 price = amount / pieces;

  *ret_quantity = price < 0 ? -pieces : pieces;
  *ret_price = price < 0 ? -price : price;
}

static void
add_item (const Writer *writer, xmlNode *node, GVariant *line, gint64 price)
{
  const char *text = bst_doc_get_string (line, "text");
  xmlNode *item = add (writer, node, "Item");

  add_text (writer, item, "Description", bst_doc_get_string (line, "title"));
  add_text (writer, item, "Name", text ? text : bst_doc_get_string (line, "charge"));
  if (bst_doc_has (line, "code"))
    add_text (writer, add (writer, item, "SellersItemIdentification"), "ID",
              bst_doc_get_string (line, "code"));
  add_category (writer, item, "ClassifiedTaxCategory", FALSE);
  add_amount (writer, add (writer, node, "Price"), "PriceAmount", price);
}

static void
add_line (const Writer *writer, xmlNode *root, GVariant *line, gsize position)
{
  const char *order = bst_doc_get_string (line, "order");
  const char *id = bst_doc_get_string (line, "line");
  gint64 amount = bst_doc_get_int (line, "amount/amount", 0);
  gint64 quantity, price;
  g_autofree char *number = g_strdup_printf ("%" G_GSIZE_FORMAT, position + 1);
  g_autofree char *pieces = NULL;
  g_autofree char *reference = g_strdup_printf ("%s/%s", order ? order : "-", id ? id : "-");
  xmlNode *node = add (writer, root, "InvoiceLine");
  xmlNode *object;

  split_amount (amount, bst_doc_get_int (line, "quantity", 1), &quantity, &price);
  pieces = g_strdup_printf ("%" G_GINT64_FORMAT, quantity);
  add_text (writer, node, "ID", number);
  add_text (writer, node, "Note", bst_doc_get_string (line, "unit"));
  add_coded (writer, node, "InvoicedQuantity", pieces, "unitCode", UNIT_PIECE);
  add_amount (writer, node, "LineExtensionAmount", amount);
  add_text (writer, node, "AccountingCost", bst_doc_get_string (line, "costPlace"));
  add_period (writer, node, bst_doc_get_string (line, "month"));
  add_text (writer, add (writer, node, "OrderLineReference"), "LineID", reference);
  object = add (writer, node, "DocumentReference");
  add_text (writer, object, "ID", bst_doc_get_string (line, "charge"));
  add_text (writer, object, "DocumentTypeCode", "130"); /* the object that is billed */
  add_item (writer, node, line, price);
}

/* ---- the whole ---- */

static void
add_head (const Writer *writer, xmlNode *root, GVariant *bill)
{
  const char *place = bst_doc_get_string (bill, "buyer/costPlace");

  add_text (writer, root, "CustomizationID", CUSTOMIZATION);
  add_text (writer, root, "ProfileID", PROFILE);
  add_text (writer, root, "ID", bst_doc_get_string (bill, "number"));
  add_text (writer, root, "IssueDate", bst_doc_get_string (bill, "issued"));
  add_text (writer, root, "DueDate", bst_doc_get_string (bill, "due"));
  add_text (writer, root, "InvoiceTypeCode", "380");
  add_text (writer, root, "DocumentCurrencyCode", writer->currency);
  add_text (writer, root, "AccountingCost", place);
  /* Who shall see it there: one of buyer's and order's reference must be given. */
  add_text (writer, root, "BuyerReference",
            place ? place : bst_doc_get_string (bill, "buyer/unit"));
  add_period (writer, root, bst_doc_get_string (bill, "month"));
}

static gboolean
add_body (const Writer *writer, xmlNode *root, GVariant *bill, GError **error)
{
  g_autoptr (GVariant) seller = bst_doc_get_map (bill, "seller");
  g_autoptr (GVariant) buyer = bst_doc_get_map (bill, "buyer");
  g_autoptr (GVariant) lines = bst_doc_get_list (bill, "lines");

  add_head (writer, root, bill);
  if (!add_party (writer, root, "AccountingSupplierParty", seller, error) ||
      !add_party (writer, root, "AccountingCustomerParty", buyer, error))
    return FALSE;
  add_totals (writer, root, bst_doc_get_int (bill, "total/amount", 0));
  for (gsize i = 0; i < g_variant_n_children (lines); i++)
    {
      g_autoptr (GVariant) boxed = g_variant_get_child_value (lines, i);
      g_autoptr (GVariant) line = g_variant_get_variant (boxed);

      add_line (writer, root, line, i);
    }
  return TRUE;
}

char *
bst_bill_to_ubl (GVariant *bill, GError **error)
{
  xmlDoc *doc = xmlNewDoc (X ("1.0"));
  xmlNode *root = xmlNewDocNode (doc, NULL, X ("Invoice"), NULL);
  Writer writer = { .currency = bst_doc_get_string (bill, "currency") };
  xmlChar *text = NULL;
  char *copy = NULL;
  int len = 0;

  xmlDocSetRootElement (doc, root);
  xmlSetNs (root, xmlNewNs (root, X (INVOICE), NULL));
  writer.cac = xmlNewNs (root, X (CAC), X ("cac"));
  writer.cbc = xmlNewNs (root, X (CBC), X ("cbc"));
  if (add_body (&writer, root, bill, error))
    {
      xmlDocDumpFormatMemoryEnc (doc, &text, &len, "UTF-8", 1);
      copy = g_strndup ((const char *) text, (gsize) len);
      xmlFree (text);
    }
  xmlFreeDoc (doc);
  return copy;
}
