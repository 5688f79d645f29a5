/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "bst-config.h"

#include "bst-receipt.h"

#include "bst-outbox-entry.h"

void
bst_receipt_free (BstReceipt *receipt)
{
  g_free (receipt->request);
  g_free (receipt->type);
  g_free (receipt->action);
  g_free (receipt->title);
  g_free (receipt->number);
  g_free (receipt);
}

static gint64
instant_of (GVariant *doc, const char *name)
{
  const char *text = bst_doc_get_string (doc, name);
  gint64 instant = 0;

  return text && bst_instant_parse (text, &instant) ? instant : 0;
}

static BstReceipt *
receipt_new (GVariant *doc)
{
  BstReceipt *receipt = g_new0 (BstReceipt, 1);
  const char *type = bst_doc_get_string (doc, "type");
  const char *action = bst_doc_get_string (doc, "action");

  receipt->request = g_strdup (bst_doc_get_string (doc, "request"));
  receipt->type = g_strdup (g_strcmp0 (type, "RequestEvent") == 0 ? "Request" : type);
  receipt->action = g_strcmp0 (action, "submit") == 0 ? NULL : g_strdup (action);
  receipt->title = g_strdup (bst_doc_get_string (doc, "title"));
  receipt->number = g_strdup (bst_doc_get_string (doc, "number"));
  receipt->done_at = instant_of (doc, "doneAt");
  receipt->received_at = instant_of (doc, "receivedAt");
  return receipt;
}

/* The order, once its submission has been received; it is received when both are. */
static BstReceipt *
find_order (GPtrArray *receipts, const char *request)
{
  for (guint i = receipts->len; request && i > 0; i--)
    {
      BstReceipt *receipt = receipts->pdata[i - 1];

      if (!receipt->action && g_strcmp0 (receipt->request, request) == 0)
        return receipt;
    }
  return NULL;
}

GPtrArray *
bst_receipts_from (GPtrArray *docs)
{
  GPtrArray *receipts = g_ptr_array_new_with_free_func ((GDestroyNotify) bst_receipt_free);

  for (guint i = 0; i < docs->len; i++)
    {
      BstReceipt *receipt = receipt_new (docs->pdata[i]);
      BstReceipt *order = receipt->action ? NULL : find_order (receipts, receipt->request);

      if (!order)
        {
          g_ptr_array_add (receipts, receipt);
          continue;
        }
      order->received_at = MAX (order->received_at, receipt->received_at);
      bst_receipt_free (receipt);
    }
  return receipts;
}

const char *
bst_receipt_what (const BstReceipt *receipt)
{
  return bst_outbox_what (receipt->type, receipt->action);
}
