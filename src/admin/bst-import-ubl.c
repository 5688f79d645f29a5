/* SPDX-License-Identifier: GPL-3.0-or-later */

/*
 * Peppol BIS Catalogue 3 (UBL 2.1 Catalogue, transaction T19): a supplier's lines become articles of
 * the positive list. Taken are what an orderer needs: number, name, description, keywords, price, unit,
 * GTIN, supplier, validity. A line's ActionCode "Delete" withdraws the article.
 */

#include "bst-import.h"

#include "bst-error.h"
#include "bst-money.h"

#include <libxml/parser.h>
#include <string.h>

#define NS_CATALOGUE "urn:oasis:names:specification:ubl:schema:xsd:Catalogue-2"
#define NS_CBC       "urn:oasis:names:specification:ubl:schema:xsd:CommonBasicComponents-2"
#define NS_CAC       "urn:oasis:names:specification:ubl:schema:xsd:CommonAggregateComponents-2"

static gboolean
is_element (const xmlNode *node, const char *name)
{
  return node->type == XML_ELEMENT_NODE && strcmp ((const char *) node->name, name) == 0 &&
         node->ns &&
         (strcmp ((const char *) node->ns->href, NS_CAC) == 0 ||
          strcmp ((const char *) node->ns->href, NS_CBC) == 0);
}

static xmlNode *
child (xmlNode *node, const char *name)
{
  if (node)
    for (xmlNode *at = node->children; at; at = at->next)
      if (is_element (at, name))
        return at;
  return NULL;
}

/* The element at a path of names: "Item/SellersItemIdentification/ID". */
static xmlNode *
find (xmlNode *node, const char *path)
{
  g_auto (GStrv) names = g_strsplit (path, "/", -1);

  for (guint i = 0; node && names[i]; i++)
    node = child (node, names[i]);
  return node;
}

/* Its text without the white space around; NULL when there is no element or no text. (transfer full) */
static char *
text_of (xmlNode *node)
{
  xmlChar *content = node ? xmlNodeGetContent (node) : NULL;
  char *text = content ? g_strstrip (g_strdup ((const char *) content)) : NULL;

  if (content)
    xmlFree (content);
  if (text && !*text)
    g_clear_pointer (&text, g_free);
  return text;
}

static char *
text_at (xmlNode *node, const char *path)
{
  return text_of (find (node, path));
}

static char *
attribute (xmlNode *node, const char *name)
{
  xmlChar *value = node ? xmlGetNoNsProp (node, (const xmlChar *) name) : NULL;
  char *text = value ? g_strdup ((const char *) value) : NULL;

  if (value)
    xmlFree (value);
  return text;
}

static gboolean
fail (xmlNode *node, GError **error, const char *what)
{
  g_set_error (error, BST_ERROR, BST_ERROR_INVALID, "line %ld, column 1: %s: %s",
               xmlGetLineNo (node), (const char *) node->name, what);
  return FALSE;
}

static void
put (GVariant **doc, const char *path, char *text)
{
  if (text)
    bst_doc_replace (doc, bst_doc_set_string (*doc, path, text));
  g_free (text);
}

/* xs:decimal with a point and any number of decimals ("10.00", "0.1234") -> minor units, rounded half up. */
static gboolean
read_decimal (const char *text, int decimals, gint64 *ret_minor)
{
  g_auto (GStrv) parts = g_strsplit (text, ".", 2);
  const char *fraction = parts[0] && parts[1] ? parts[1] : "";
  gint64 whole, minor;

  if (!g_ascii_string_to_signed (parts[0] && *parts[0] ? parts[0] : "0", 10, 0, G_MAXINT64 / 1000,
                                 &whole, NULL) ||
      strspn (fraction, "0123456789") != strlen (fraction))
    return FALSE;
  minor = whole;
  for (int i = 0; i < decimals; i++)
    minor = minor * 10 + (*fraction ? *fraction++ - '0' : 0);
  *ret_minor = minor + (*fraction >= '5');
  return TRUE;
}

static gboolean
read_price (xmlNode *line, GVariant **doc, const BstImportOptions *options, GError **error)
{
  xmlNode *node = find (line, "RequiredItemLocationQuantity/Price/PriceAmount");
  g_autofree char *text = text_of (node);
  g_autofree char *currency = attribute (node, "currencyID");
  g_autoptr (GVariant) value = NULL;
  BstMoney money;
  gint64 minor;

  if (!text)
    return TRUE;
  if (!currency)
    currency = g_strdup (options->currency);
  bst_money_init (&money, 0, currency);
  if (!money.currency[0])
    return fail (node, error, "currencyID is no ISO 4217 code");
  if (!read_decimal (text, bst_money_decimals (currency), &minor))
    return fail (node, error, "is no amount");
  money.amount = minor;
  value = bst_money_to_doc (&money);
  bst_doc_replace (doc, bst_doc_set (*doc, "price", value));
  return TRUE;
}

/* An id that stays the same over editions: supplier and article number. */
static char *
article_id (const char *supplier, const char *number)
{
  g_autofree char *key = g_strconcat (supplier ? supplier : "", "\n", number, NULL);
  g_autofree char *digest = g_compute_checksum_for_string (G_CHECKSUM_SHA256, key, -1);

  return g_strdup_printf ("article-%.24s", digest);
}

static char *
join_keywords (xmlNode *item)
{
  g_autoptr (GPtrArray) words = g_ptr_array_new_with_free_func (g_free);

  for (xmlNode *at = item->children; at; at = at->next)
    if (is_element (at, "Keyword"))
      {
        char *word = text_of (at);

        if (word)
          g_ptr_array_add (words, word);
      }
  if (words->len == 0)
    return NULL;
  g_ptr_array_add (words, NULL);
  return g_strjoinv (", ", (char **) words->pdata);
}

static void
put_validity (xmlNode *parent, const char *period, GVariant **doc)
{
  xmlNode *node = child (parent, period);

  put (doc, "validFrom", text_at (node, "StartDate"));
  put (doc, "validTo", text_at (node, "EndDate"));
}

typedef struct
{
  xmlNode *root;
  char *source;
  char *supplier;
  char *supplier_gln;
} Catalogue;

static void
put_item (xmlNode *item, GVariant **doc, const char *language)
{
  g_autofree char *name = g_strconcat ("name/", language, NULL);
  g_autofree char *description = g_strconcat ("description/", language, NULL);
  g_autofree char *keywords = g_strconcat ("keywords/", language, NULL);

  put (doc, name, text_at (item, "Name"));
  put (doc, description, text_at (item, "Description"));
  put (doc, keywords, join_keywords (item));
  put (doc, "gtin", text_at (item, "StandardItemIdentification/ID"));
}

static gboolean
read_line (BstImportFile *file,
           const Catalogue *catalogue,
           xmlNode *line,
           const BstImportOptions *options,
           GError **error)
{
  xmlNode *item = child (line, "Item");
  g_autoptr (GVariant) doc = bst_doc_new ();
  g_autofree char *action = text_at (line, "ActionCode");
  g_autofree char *number = NULL;
  BstImportRow *row;

  if (!item)
    return fail (line, error, "has no Item");
  number = text_at (item, "SellersItemIdentification/ID");
  if (!number)
    number = text_at (item, "ManufacturersItemIdentification/ID");
  if (!number)
    number = text_at (item, "StandardItemIdentification/ID");
  if (!number)
    return fail (item, error, "has no number (SellersItemIdentification)");
  if (!child (item, "Name"))
    return fail (item, error, "has no Name");

  put (&doc, "id", article_id (catalogue->supplier, number));
  put (&doc, "number", g_strdup (number));
  put_item (item, &doc, options->language);
  put (&doc, "unit", text_at (line, "OrderableUnit"));
  put (&doc, "supplier", g_strdup (catalogue->supplier));
  put (&doc, "supplierGln", g_strdup (catalogue->supplier_gln));
  put (&doc, "catalogue", g_strdup (catalogue->source));
  put_validity (catalogue->root, "ValidityPeriod", &doc);
  put_validity (line, "LineValidityPeriod", &doc);
  if (!read_price (line, &doc, options, error))
    return FALSE;
  row = bst_import_add (file, bst_record_type_find ("Article"), g_steal_pointer (&doc),
                        (guint) xmlGetLineNo (line), 1);
  row->withdrawn = g_strcmp0 (action, "Delete") == 0;
  return TRUE;
}

static gboolean
read_catalogue (BstImportFile *file, xmlNode *root, const BstImportOptions *options, GError **error)
{
  Catalogue catalogue = { .root = root };
  g_autofree char *source = text_at (root, "ID");
  g_autofree char *supplier = text_at (root, "ProviderParty/PartyLegalEntity/RegistrationName");
  g_autofree char *gln = text_at (root, "ProviderParty/PartyIdentification/ID");

  if (!supplier)
    supplier = text_at (root, "ProviderParty/PartyName/Name");
  if (!supplier)
    supplier = text_at (root, "SellerSupplierParty/Party/PartyName/Name");
  if (!source)
    return fail (root, error, "the catalogue has no ID");
  catalogue.source = source;
  catalogue.supplier = supplier;
  catalogue.supplier_gln = gln;
  for (xmlNode *at = root->children; at; at = at->next)
    if (is_element (at, "CatalogueLine") && !read_line (file, &catalogue, at, options, error))
      return FALSE;
  file->source = g_steal_pointer (&source);
  return TRUE;
}

static void
quiet (void *closure, const xmlError *error)
{
}

static xmlDoc *
parse (const char *text, gsize len, GError **error)
{
  xmlParserCtxt *context = xmlNewParserCtxt ();
  xmlDoc *document;

  xmlSetStructuredErrorFunc (context, (xmlStructuredErrorFunc) quiet);
  /* No network, no entities put in, the library's own limits of depth and size stay on. */
  document = xmlCtxtReadMemory (context, text, (int) len, "catalogue.xml", NULL,
                                XML_PARSE_NONET | XML_PARSE_NOCDATA);
  if (!document)
    {
      const xmlError *why = xmlCtxtGetLastError (context);

      g_set_error (error, BST_ERROR, BST_ERROR_INVALID, "line %d, column %d: the XML is broken: %s",
                   why ? why->line : 1, why ? why->int2 : 1,
                   why && why->message ? g_strchomp (why->message) : "unreadable");
    }
  xmlFreeParserCtxt (context);
  return document;
}

BstImportFile *
bst_import_read_ubl (const char *text, gsize len, const BstImportOptions *options, GError **error)
{
  g_autoptr (BstImportFile) file = g_new0 (BstImportFile, 1);
  xmlDoc *document;
  xmlNode *root;
  gboolean ok;

  file->rows = g_ptr_array_new_with_free_func ((GDestroyNotify) bst_import_row_free);
  file->format = "ubl";
  if (!g_strv_contains (options->types, "Article"))
    {
      g_set_error (error, BST_ERROR, BST_ERROR_INVALID,
                   "line 1, column 1: XML is read for catalogues only");
      return NULL;
    }
  if (len > G_MAXINT || !(document = parse (text, len, error)))
    {
      if (error && !*error)
        g_set_error (error, BST_ERROR, BST_ERROR_TOO_LARGE,
                     "line 1, column 1: the file is too large");
      return NULL;
    }
  root = xmlDocGetRootElement (document);
  if (strcmp ((const char *) root->name, "Catalogue") != 0 || !root->ns ||
      strcmp ((const char *) root->ns->href, NS_CATALOGUE) != 0)
    ok = fail (root, error, "the document is no UBL 2.1 Catalogue");
  else
    ok = read_catalogue (file, root, options, error);
  xmlFreeDoc (document);
  return ok ? g_steal_pointer (&file) : NULL;
}
