/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Writes; bst-import-ubl.c reads. The order of the elements is that of UBL-Invoice-2.1.xsd and UBL-CreditNote-2.1.xsd. */

#include "bst-bill.h"

#include "bst-bill-writer.h"
#include "bst-month.h"

#include <string.h>

#define NS            "urn:oasis:names:specification:ubl:schema:xsd:"
#define CAC           NS "CommonAggregateComponents-2"
#define CBC           NS "CommonBasicComponents-2"
#define CUSTOMIZATION "urn:cen.eu:en16931:2017#compliant#urn:fdc:peppol.eu:2017:poacc:billing:3.0"
#define PROFILE       "urn:fdc:peppol.eu:2017:poacc:billing:01:1.0"

#define NO_VAT_CATEGORY "O"
#define NO_VAT_CODE     "VATEX-EU-O"
#define NO_VAT_REASON   "Not subject to VAT: settlement within the authority"
#define UNIT_PIECE      "C62" /* UN/ECE Recommendation 20: one */
#define CLEARING        "97"  /* UN/CEFACT 4461: clearing between partners */

static const BstBillKind invoice = { "Invoice", NS "Invoice-2", "InvoiceTypeCode",
                                     "380",     "InvoiceLine",  "InvoicedQuantity",
                                     1 };
static const BstBillKind credit_note = { "CreditNote",
                                         NS "CreditNote-2",
                                         "CreditNoteTypeCode",
                                         "381",
                                         "CreditNoteLine",
                                         "CreditedQuantity",
                                         -1 };

#define X(text) ((const xmlChar *) (text))

/* ---- how much ---- */

static void
add_category (const BstBillWriter *writer, xmlNode *parent, const char *name, gboolean with_reason)
{
  xmlNode *category = bst_bill_add (writer, parent, name);

  bst_bill_add_text (writer, category, "ID", NO_VAT_CATEGORY);
  if (with_reason)
    {
      bst_bill_add_text (writer, category, "TaxExemptionReasonCode", NO_VAT_CODE);
      bst_bill_add_text (writer, category, "TaxExemptionReason", NO_VAT_REASON);
    }
  bst_bill_add_text (writer, bst_bill_add (writer, category, "TaxScheme"), "ID", "VAT");
}

static void
add_totals (const BstBillWriter *writer, xmlNode *root, gint64 total)
{
  static const char *const sums[] = { "LineExtensionAmount", "TaxExclusiveAmount",
                                      "TaxInclusiveAmount", "PayableAmount" };
  xmlNode *tax = bst_bill_add (writer, root, "TaxTotal");
  xmlNode *part, *monetary;

  bst_bill_add_amount (writer, tax, "TaxAmount", 0);
  part = bst_bill_add (writer, tax, "TaxSubtotal");
  bst_bill_add_amount (writer, part, "TaxableAmount", total);
  bst_bill_add_amount (writer, part, "TaxAmount", 0);
  add_category (writer, part, "TaxCategory", TRUE);
  monetary = bst_bill_add (writer, root, "LegalMonetaryTotal");
  for (gsize i = 0; i < G_N_ELEMENTS (sums); i++)
    bst_bill_add_amount (writer, monetary, sums[i], total);
}

static void
add_period (const BstBillWriter *writer, xmlNode *parent, const char *month)
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
  period = bst_bill_add (writer, parent, "InvoicePeriod");
  bst_bill_add_text (writer, period, "StartDate", first);
  bst_bill_add_text (writer, period, "EndDate", last);
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
add_item (const BstBillWriter *writer, xmlNode *node, GVariant *line, gint64 price)
{
  const char *text = bst_doc_get_string (line, "text");
  xmlNode *item = bst_bill_add (writer, node, "Item");

  bst_bill_add_text (writer, item, "Description", bst_doc_get_string (line, "title"));
  bst_bill_add_text (writer, item, "Name", text ? text : bst_doc_get_string (line, "charge"));
  if (bst_doc_has (line, "code"))
    bst_bill_add_text (writer, bst_bill_add (writer, item, "SellersItemIdentification"), "ID",
                       bst_doc_get_string (line, "code"));
  add_category (writer, item, "ClassifiedTaxCategory", FALSE);
  bst_bill_add_amount (writer, bst_bill_add (writer, node, "Price"), "PriceAmount", price);
}

static void
add_line (const BstBillWriter *writer, xmlNode *root, GVariant *line, gsize position)
{
  const char *order = bst_doc_get_string (line, "order");
  const char *id = bst_doc_get_string (line, "line");
  gint64 amount = writer->kind->sign * bst_doc_get_int (line, "amount/amount", 0);
  gint64 quantity, price;
  g_autofree char *number = g_strdup_printf ("%" G_GSIZE_FORMAT, position + 1);
  g_autofree char *pieces = NULL;
  g_autofree char *reference = g_strdup_printf ("%s/%s", order ? order : "-", id ? id : "-");
  xmlNode *node = bst_bill_add (writer, root, writer->kind->line);
  xmlNode *object;

  split_amount (amount, bst_doc_get_int (line, "quantity", 1), &quantity, &price);
  pieces = g_strdup_printf ("%" G_GINT64_FORMAT, quantity);
  bst_bill_add_text (writer, node, "ID", number);
  bst_bill_add_text (writer, node, "Note", bst_doc_get_string (line, "unit"));
  bst_bill_add_coded (writer, node, writer->kind->quantity, pieces, "unitCode", UNIT_PIECE);
  bst_bill_add_amount (writer, node, "LineExtensionAmount", amount);
  bst_bill_add_text (writer, node, "AccountingCost", bst_doc_get_string (line, "costPlace"));
  add_period (writer, node, bst_doc_get_string (line, "month"));
  bst_bill_add_text (writer, bst_bill_add (writer, node, "OrderLineReference"), "LineID",
                     reference);
  object = bst_bill_add (writer, node, "DocumentReference");
  bst_bill_add_text (writer, object, "ID", bst_doc_get_string (line, "charge"));
  bst_bill_add_text (writer, object, "DocumentTypeCode", "130"); /* the object that is billed */
  add_item (writer, node, line, price);
}

/* ---- the whole ---- */

static gboolean
in_list (GPtrArray *list, const char *text)
{
  for (guint i = 0; i < list->len; i++)
    if (strcmp (list->pdata[i], text) == 0)
      return TRUE;
  return FALSE;
}

/* The bills that stood the charges which are taken back here. */
static void
add_references (const BstBillWriter *writer, xmlNode *root, GVariant *lines)
{
  g_autoptr (GPtrArray) named = g_ptr_array_new_with_free_func (g_free);

  for (gsize i = 0; i < g_variant_n_children (lines); i++)
    {
      g_autoptr (GVariant) boxed = g_variant_get_child_value (lines, i);
      g_autoptr (GVariant) line = g_variant_get_variant (boxed);
      const char *bill = bst_doc_get_string (line, "credits/bill");
      xmlNode *reference;

      if (!bill || in_list (named, bill))
        continue;
      g_ptr_array_add (named, g_strdup (bill));
      reference = bst_bill_add (writer, bst_bill_add (writer, root, "BillingReference"),
                                "InvoiceDocumentReference");
      bst_bill_add_text (writer, reference, "ID", bill);
      bst_bill_add_text (writer, reference, "IssueDate",
                         bst_doc_get_string (line, "credits/issued"));
    }
}

static void
add_head (const BstBillWriter *writer, xmlNode *root, GVariant *bill)
{
  const char *place = bst_doc_get_string (bill, "buyer/costPlace");
  gboolean credit = writer->kind == &credit_note; /* has no due date */

  bst_bill_add_text (writer, root, "CustomizationID", CUSTOMIZATION);
  bst_bill_add_text (writer, root, "ProfileID", PROFILE);
  bst_bill_add_text (writer, root, "ID", bst_doc_get_string (bill, "number"));
  bst_bill_add_text (writer, root, "IssueDate", bst_doc_get_string (bill, "issued"));
  bst_bill_add_text (writer, root, "DueDate", credit ? NULL : bst_doc_get_string (bill, "due"));
  bst_bill_add_text (writer, root, writer->kind->type_name, writer->kind->type);
  bst_bill_add_text (writer, root, "DocumentCurrencyCode", writer->currency);
  bst_bill_add_text (writer, root, "AccountingCost", place);
  /* Who shall see it there: one of buyer's and order's reference must be given. */
  bst_bill_add_text (writer, root, "BuyerReference",
                     place ? place : bst_doc_get_string (bill, "buyer/unit"));
  add_period (writer, root, bst_doc_get_string (bill, "month"));
}

/* Nobody transfers money to himself: it is settled between the accounts of the authority. */
static void
add_payment (const BstBillWriter *writer, xmlNode *root, GVariant *bill)
{
  xmlNode *means = bst_bill_add (writer, root, "PaymentMeans");

  bst_bill_add_text (writer, means, "PaymentMeansCode", CLEARING);
  bst_bill_add_text (writer, means, "PaymentID", bst_doc_get_string (bill, "number"));
}

static gboolean
add_body (const BstBillWriter *writer, xmlNode *root, GVariant *bill, GError **error)
{
  g_autoptr (GVariant) seller = bst_doc_get_map (bill, "seller");
  g_autoptr (GVariant) buyer = bst_doc_get_map (bill, "buyer");
  g_autoptr (GVariant) lines = bst_doc_get_list (bill, "lines");

  add_head (writer, root, bill);
  add_references (writer, root, lines);
  if (!bst_bill_check_seller (seller, error) ||
      !bst_bill_add_party (writer, root, "AccountingSupplierParty", seller, error) ||
      !bst_bill_add_party (writer, root, "AccountingCustomerParty", buyer, error))
    return FALSE;
  add_payment (writer, root, bill);
  add_totals (writer, root, writer->kind->sign * bst_doc_get_int (bill, "total/amount", 0));
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
  const BstBillKind *kind = bst_doc_get_int (bill, "total/amount", 0) < 0 ? &credit_note : &invoice;
  xmlDoc *doc = xmlNewDoc (X ("1.0"));
  xmlNode *root = xmlNewDocNode (doc, NULL, X (kind->root), NULL);
  BstBillWriter writer = { .currency = bst_doc_get_string (bill, "currency"), .kind = kind };
  xmlChar *text = NULL;
  char *copy = NULL;
  int len = 0;

  xmlDocSetRootElement (doc, root);
  xmlSetNs (root, xmlNewNs (root, X (kind->namespace), NULL));
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
