/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "bst-config.h"

#include "bst-exports.h"

#include <glib/gi18n.h>

#include "bst-order-words.h"
#include "bst-receipt.h"
#include "bst-request.h"
#include "bst-text.h"

#define MAX_RECEIPTS 100000

/* What the thread works with: nothing of the widgets. */
typedef struct
{
  BstStore *store;
  BstQuery *query;
  BstOrg *org; /* (nullable) */
  char *language;
  char *area;        /* (nullable) */
  GHashTable *names; /* "Type/id" -> name, as read */
} Reading;

static void
reading_free (gpointer data)
{
  Reading *reading = data;

  g_object_unref (reading->store);
  g_clear_pointer (&reading->query, bst_query_free);
  g_clear_pointer (&reading->org, bst_org_unref);
  g_free (reading->language);
  g_free (reading->area);
  g_hash_table_unref (reading->names);
  g_free (reading);
}

static Reading *
reading_new (BstPage *page, const BstQuery *query)
{
  BstSession *session = bst_page_get_session (page);
  Reading *reading = g_new0 (Reading, 1);
  BstOrg *org = bst_session_get_org (session);

  reading->store = g_object_ref (bst_session_get_store (session));
  reading->query = query ? bst_query_copy (query) : NULL;
  reading->org = org ? bst_org_ref (org) : NULL;
  reading->language = g_strdup (bst_session_get_language (session));
  reading->names = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, g_free);
  return reading;
}

/* The name of what an order refers to; its id where it is not here. */
static const char *
name_of (Reading *reading, const char *type, const char *id)
{
  g_autofree char *key = NULL;
  g_autoptr (GVariant) record = NULL;
  const char *name;

  if (!id)
    return NULL;
  key = g_strconcat (type, "/", id, NULL);
  name = g_hash_table_lookup (reading->names, key);
  if (name)
    return name;
  record = bst_store_get (reading->store, type, id, NULL);
  name = record ? bst_text_pick (record, "name", reading->language) : NULL;
  g_hash_table_insert (reading->names, g_strdup (key), g_strdup (name ? name : id));
  return g_hash_table_lookup (reading->names, key);
}

static void
add_money (BstTable *table, GVariant *doc, const char *path)
{
  BstMoney money;

  bst_table_add_money (table, bst_money_from_doc (doc, path, &money) ? &money : NULL);
}

/* ---- requests ---- */

static void
add_request (BstTable *table, GVariant *request, gpointer data)
{
  Reading *reading = data;
  const char *unit = bst_doc_get_string (request, "unit");
  const char *name = unit && reading->org ? bst_org_unit_name (reading->org, unit) : NULL;

  bst_table_add_text (table, bst_doc_get_string (request, "number"));
  bst_table_add_text (table, bst_order_title (request));
  bst_table_add_text (table, bst_order_status_text (request));
  bst_table_add_text (table, bst_order_local_text (request));
  bst_table_add_text (table, name ? name : unit);
  bst_table_add_text (table,
                      name_of (reading, "ServiceArea", bst_doc_get_string (request, "area")));
  bst_table_add_text (table, name_of (reading, "Person", bst_doc_get_string (request, "orderer")));
  bst_table_add_instant (table, bst_doc_get_string (request, "submittedAt"));
  bst_table_add_date (table, bst_doc_get_string (request, "wantedDate"));
  bst_table_add_instant (table, bst_doc_get_string (request, "due"));
  add_money (table, request, "total");
  add_money (table, request, "totalMonthly");
  bst_table_add_text (table, bst_doc_get_string (request, "ean"));
  bst_table_add_text (table, bst_doc_get_string (request, "costPlace"));
}

static gboolean
fill_requests (BstTable *table, gpointer data, GError **error)
{
  Reading *reading = data;

  return bst_table_fill_from_store (table, reading->store, reading->query, add_request, reading,
                                    error);
}

void
bst_export_requests (BstPage *page, const BstQuery *query, BstTableFormat format)
{
  static const struct
  {
    const char *heading;
    BstCellKind kind;
  } columns[] = {
    { N_ ("Number"), BST_CELL_TEXT },
    { N_ ("Order"), BST_CELL_TEXT },
    { N_ ("State"), BST_CELL_TEXT },
    /* Translators: heading of a column: where the newest of an order is: on this computer, under way … */
    { N_ ("Where"), BST_CELL_TEXT },
    { N_ ("Unit"), BST_CELL_TEXT },
    { N_ ("Area"), BST_CELL_TEXT },
    { N_ ("Orderer"), BST_CELL_TEXT },
    { N_ ("Ordered"), BST_CELL_INSTANT },
    { N_ ("Wanted"), BST_CELL_DATE },
    { N_ ("Delivered by"), BST_CELL_INSTANT },
    { N_ ("Price"), BST_CELL_MONEY },
    { N_ ("A month"), BST_CELL_MONEY },
    { N_ ("EAN"), BST_CELL_TEXT },
    { N_ ("Cost place"), BST_CELL_TEXT },
  };
  g_autoptr (BstTable) table = bst_table_new_for_page (page, _ ("Requests"));

  for (gsize i = 0; i < G_N_ELEMENTS (columns); i++)
    bst_table_add_column (table, _ (columns[i].heading), columns[i].kind, 0);
  bst_table_export_filled (page, table, format, fill_requests, reading_new (page, query),
                           reading_free);
}

/* ---- the catalogue ---- */

static BstTable *
catalogue_table (BstPage *page)
{
  BstTable *table = bst_table_new_for_page (page, _ ("Catalogue"));

  bst_table_add_column (table, _ ("Code"), BST_CELL_TEXT, 0);
  bst_table_add_column (table, _ ("Name"), BST_CELL_TEXT, 0);
  bst_table_add_column (table, _ ("Summary"), BST_CELL_TEXT, 0);
  bst_table_add_column (table, _ ("Area"), BST_CELL_TEXT, 0);
  bst_table_add_column (table, _ ("Obligation"), BST_CELL_TEXT, 0);
  bst_table_add_column (table, _ ("Price"), BST_CELL_MONEY, 0);
  bst_table_add_column (table, _ ("A month"), BST_CELL_MONEY, 0);
  bst_table_add_column (table, _ ("From"), BST_CELL_DATE, 0);
  bst_table_add_column (table, _ ("Until"), BST_CELL_DATE, 0);
  return table;
}

static const char *
obligation_text (const char *obligation)
{
  if (!obligation)
    return NULL;
  return g_str_equal (obligation, "mandatory") ? _ ("Mandatory") : _ ("Add-on");
}

static void
add_catalogue (BstTable *table, GVariant *doc, gpointer data)
{
  Reading *reading = data;
  g_autoptr (GVariant) price = bst_doc_get_map (doc, "price");
  const char *code = bst_doc_get_string (doc, "code");
  BstMoney once, monthly;
  gboolean has_once = bst_price_once (price, &once) || bst_money_from_doc (doc, "price", &once);
  gboolean has_monthly = bst_price_monthly (price, &monthly);

  bst_table_add_text (table, code ? code : bst_doc_get_string (doc, "number"));
  bst_table_add_text (table, bst_text_pick (doc, "name", reading->language));
  bst_table_add_text (table, bst_text_pick (doc, "summary", reading->language));
  bst_table_add_text (table, name_of (reading, "ServiceArea", bst_doc_get_string (doc, "area")));
  bst_table_add_text (table, obligation_text (bst_doc_get_string (doc, "obligation")));
  bst_table_add_money (table, has_once ? &once : NULL);
  bst_table_add_money (table, has_monthly ? &monthly : NULL);
  bst_table_add_date (table, bst_doc_get_string (doc, "validFrom"));
  bst_table_add_date (table, bst_doc_get_string (doc, "validTo"));
}

static gboolean
fill_catalogue (BstTable *table, gpointer data, GError **error)
{
  Reading *reading = data;
  BstQuery query = { .sort = "name",
                     .ascending = TRUE,
                     .valid_only = TRUE,
                     .language = reading->language,
                     .area = reading->area };

  query.type = "Bundle";
  if (!bst_table_fill_from_store (table, reading->store, &query, add_catalogue, reading, error))
    return FALSE;
  query.type = "Service";
  return bst_table_fill_from_store (table, reading->store, &query, add_catalogue, reading, error);
}

void
bst_export_catalogue (BstPage *page, const char *area, BstTableFormat format)
{
  g_autoptr (BstTable) table = catalogue_table (page);
  Reading *reading = reading_new (page, NULL);

  reading->area = g_strdup (area);
  bst_table_export_filled (page, table, format, fill_catalogue, reading, reading_free);
}

typedef struct
{
  Reading *reading;
  GPtrArray *docs;
} Found;

static void
found_free (gpointer data)
{
  Found *found = data;

  reading_free (found->reading);
  g_ptr_array_unref (found->docs);
  g_free (found);
}

static gboolean
fill_found (BstTable *table, gpointer data, GError **error)
{
  Found *found = data;

  for (guint i = 0; i < found->docs->len; i++)
    add_catalogue (table, found->docs->pdata[i], found->reading);
  return TRUE;
}

void
bst_export_found (BstPage *page, GPtrArray *docs, BstTableFormat format)
{
  g_autoptr (BstTable) table = catalogue_table (page);
  Found *found = g_new0 (Found, 1);

  *found = (Found){ reading_new (page, NULL), g_ptr_array_ref (docs) };
  bst_table_export_filled (page, table, format, fill_found, found, found_free);
}

/* ---- receipts ---- */

typedef struct
{
  BstPage *page; /* until the receipts are here */
  BstTableFormat format;
} Receipts;

static void
add_instant (BstTable *table, gint64 instant)
{
  g_autofree char *text = instant > 0 ? bst_instant_format (instant) : NULL;

  bst_table_add_instant (table, text);
}

static void
receipts_cb (GObject *source, GAsyncResult *result, gpointer data)
{
  g_autofree Receipts *asked = data;
  g_autoptr (BstPage) page = asked->page;
  g_autoptr (GError) error = NULL;
  g_autoptr (GPtrArray) docs = bst_store_receipts_finish (BST_STORE (source), result, &error);
  g_autoptr (GPtrArray) receipts = docs ? bst_receipts_from (docs) : NULL;
  g_autoptr (BstTable) table = NULL;

  if (!receipts)
    {
      bst_page_fail (page, error);
      return;
    }
  table = bst_table_new_for_page (page, _ ("Receipts"));
  bst_table_add_column (table, _ ("Kind"), BST_CELL_TEXT, 0);
  bst_table_add_column (table, _ ("Number"), BST_CELL_TEXT, 0);
  bst_table_add_column (table, _ ("What it is about"), BST_CELL_TEXT, 0);
  bst_table_add_column (table, _ ("Done"), BST_CELL_INSTANT, 0);
  bst_table_add_column (table, _ ("Received"), BST_CELL_INSTANT, 0);
  for (guint i = 0; i < receipts->len; i++)
    {
      const BstReceipt *receipt = receipts->pdata[i];

      bst_table_add_text (table, bst_receipt_what (receipt));
      bst_table_add_text (table, receipt->number);
      bst_table_add_text (table, receipt->title);
      add_instant (table, receipt->done_at);
      add_instant (table, receipt->received_at);
    }
  bst_table_export (page, table, asked->format);
}

void
bst_export_receipts (BstPage *page, BstTableFormat format)
{
  Receipts *asked = g_new0 (Receipts, 1);

  *asked = (Receipts){ g_object_ref (page), format };
  bst_store_receipts_async (bst_session_get_store (bst_page_get_session (page)), MAX_RECEIPTS, NULL,
                            receipts_cb, asked);
}
