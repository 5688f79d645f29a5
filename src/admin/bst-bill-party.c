/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Who buys and who sells, as UBL has it. */

#include "bst-bill-writer.h"

#include "bst-error.h"
#include "bst-number.h"

#include <string.h>

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

/* "0001 Eksempelby": where the name begins; NULL when it is no post code and town. */
static const char *
town_of (const char *text)
{
  const char *at = text;

  while (g_ascii_isdigit (*at))
    at++;
  return at - text == 4 && *at == ' ' && at[1] ? at + 1 : NULL;
}

/* "Rådhuspladsen 1, 0001 Eksempelby" in its parts; what is not written so stands as the street. */
static void
add_place (const BstBillWriter *writer, xmlNode *node, const char *address)
{
  const char *comma = strrchr (address, ',');
  const char *rest = comma ? comma + strspn (comma, ", ") : NULL;
  const char *town = rest ? town_of (rest) : NULL;
  g_autofree char *street =
      g_strndup (address, town ? (gsize) (comma - address) : strlen (address));
  g_autofree char *zone = town ? g_strndup (rest, (gsize) (town - 1 - rest)) : NULL;

  bst_bill_add_text (writer, node, "StreetName", street);
  bst_bill_add_text (writer, node, "CityName", town);
  bst_bill_add_text (writer, node, "PostalZone", zone);
}

static const char *
country_of (GVariant *party)
{
  const char *country = bst_doc_get_string (party, "country");

  return country ? country : "DK";
}

static void
add_address (const BstBillWriter *writer, xmlNode *parent, GVariant *party)
{
  const char *address = bst_doc_get_string (party, "address");
  xmlNode *node = bst_bill_add (writer, parent, "PostalAddress");

  if (address)
    add_place (writer, node, address);
  bst_bill_add_text (writer, bst_bill_add (writer, node, "Country"), "IdentificationCode",
                     country_of (party));
}

/* Who it is by law: CVR number in Denmark, organisation number in Norway. */
static void
add_legal (const BstBillWriter *writer, xmlNode *parent, GVariant *party)
{
  const char *cvr = bst_doc_get_string (party, "cvr");
  const char *orgnr = bst_doc_get_string (party, "orgnr");
  xmlNode *legal = bst_bill_add (writer, parent, "PartyLegalEntity");
  g_autofree char *with_country = cvr ? g_strconcat ("DK", cvr, NULL) : NULL;

  bst_bill_add_text (writer, legal, "RegistrationName", bst_doc_get_string (party, "name"));
  if (cvr)
    bst_bill_add_coded (writer, legal, "CompanyID", with_country, "schemeID", "0184");
  else
    bst_bill_add_coded (writer, legal, "CompanyID", orgnr, "schemeID", "0192");
}

gboolean
bst_bill_add_party (const BstBillWriter *writer,
                    xmlNode *root,
                    const char *name,
                    GVariant *party,
                    GError **error)
{
  const char *number, *scheme;
  xmlNode *node, *contact;

  if (!endpoint (party, &number, &scheme, error))
    return FALSE;
  node = bst_bill_add (writer, bst_bill_add (writer, root, name), "Party");
  bst_bill_add_coded (writer, node, "EndpointID", number, "schemeID", scheme);
  bst_bill_add_coded (writer, bst_bill_add (writer, node, "PartyIdentification"), "ID", number,
                      "schemeID", scheme);
  bst_bill_add_text (writer, bst_bill_add (writer, node, "PartyName"), "Name",
                     bst_doc_get_string (party, "name"));
  add_address (writer, node, party);
  add_legal (writer, node, party);
  if (!bst_doc_has (party, "phone") && !bst_doc_has (party, "email"))
    return TRUE;
  contact = bst_bill_add (writer, node, "Contact");
  bst_bill_add_text (writer, contact, "Telephone", bst_doc_get_string (party, "phone"));
  bst_bill_add_text (writer, contact, "ElectronicMail", bst_doc_get_string (party, "email"));
  return TRUE;
}

gboolean
bst_bill_check_seller (GVariant *seller, GError **error)
{
  const char *cvr = bst_doc_get_string (seller, "cvr");

  if (strcmp (country_of (seller), "DK") != 0 || (cvr && bst_number_check (BST_NUMBER_CVR, cvr)))
    return TRUE;
  g_set_error (error, BST_ERROR, BST_ERROR_INVALID,
               "%s: who sends a bill in Denmark must have a CVR number, at the unit or above it",
               bst_doc_get_string (seller, "name"));
  return FALSE;
}
