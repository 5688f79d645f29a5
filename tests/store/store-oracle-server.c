/* SPDX-License-Identifier: GPL-3.0-or-later */

/* The server of the oracle: as docs/protocol.md has it, and nothing more. */

#include "store-oracle-private.h"

#include "bst-life.h"

static GVariant *
number (const char *name, gint64 value)
{
  g_autoptr (GVariant) empty = bst_doc_new ();

  return bst_doc_set_int (empty, name, value);
}

GVariant *
store_oracle_serve (StoreOracle *oracle, const Item *item, gboolean willing)
{
  Order *order = &oracle->orders[item->order];
  gint64 rev = order->server ? bst_doc_get_int (order->server, "rev", 0) : 0;
  g_autoptr (GVariant) event = NULL;
  GVariant *next;

  if (!item->event && item->create)
    {
      if (order->server)
        return number ("rev", 1);
      if (!willing)
        return NULL;
      order->server = bst_doc_set_string (item->content, "id", order->uid);
      bst_doc_replace (&order->server, bst_doc_set_string (order->server, "state", "draft"));
      bst_doc_replace (&order->server, bst_doc_set_int (order->server, "rev", 1));
      return number ("rev", 1);
    }
  if (!order->server)
    return NULL;
  if (!item->event)
    {
      if (!willing)
        return NULL;
      bst_doc_replace (
          &order->server,
          bst_doc_set_string (order->server, "title", bst_doc_get_string (item->content, "title")));
      bst_doc_replace (&order->server, bst_doc_set_int (order->server, "rev", rev + 1));
      return number ("rev", rev + 1);
    }
  for (guint i = 0; i < order->steps->len; i++)
    if (g_strcmp0 (bst_doc_get_string (order->steps->pdata[i], "uid"), item->uid) == 0)
      return number ("sequence", bst_doc_get_int (order->steps->pdata[i], "sequence", 0));
  event = bst_doc_set_int (item->content, "sequence", order->steps->len + 1);
  bst_doc_replace (&event, bst_doc_set_string (event, "receivedAt", "2026-03-12T08:00:05Z"));
  bst_doc_replace (&event, bst_doc_set_string (event, "id", item->uid));
  next = willing ? bst_life_apply (order->server, event, BST_ROLE_ORDERER, NULL) : NULL;
  if (!next)
    return NULL;
  bst_doc_replace (&order->server, next);
  bst_doc_replace (&order->server, bst_doc_set_int (order->server, "rev", rev + 1));
  g_ptr_array_add (order->steps, g_steal_pointer (&event));
  return number ("sequence", order->steps->len);
}
