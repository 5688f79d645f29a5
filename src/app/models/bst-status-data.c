/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "bst-config.h"

#include "bst-status-data.h"

#include <glib/gi18n.h>

void
bst_status_data_free (BstStatusData *data)
{
  g_clear_pointer (&data->entries, g_ptr_array_unref);
  g_clear_pointer (&data->receipts, g_ptr_array_unref);
  g_free (data->person);
  g_free (data->authority);
  g_free (data);
}

BstStatusData *
bst_status_data_read (BstStore *store, guint n_receipts, GError **error)
{
  g_autoptr (BstStatusData) data = g_new0 (BstStatusData, 1);
  g_autoptr (GVariant) identity = bst_store_get_identity (store);
  /* One more than asked for tells whether there are more. */
  g_autoptr (GPtrArray) docs = bst_store_receipts (store, n_receipts + 1, error);

  if (!docs || !(data->entries = bst_outbox_entries (store, error)))
    return NULL;
  data->more = docs->len > n_receipts;
  if (data->more)
    g_ptr_array_set_size (docs, (int) n_receipts);
  data->receipts = bst_receipts_from (docs);
  data->person = g_strdup (bst_doc_get_string (identity, "personName"));
  data->authority = g_strdup (bst_doc_get_string (identity, "authorityName"));
  return g_steal_pointer (&data);
}

guint
bst_status_data_count (const BstStatusData *data, BstOutboxState state)
{
  guint n = 0;

  for (guint i = 0; i < data->entries->len; i++)
    n += ((BstOutboxEntry *) data->entries->pdata[i])->state == state;
  return n;
}

const char *
bst_status_waits_text (const BstSyncFacts *facts)
{
  if (facts->starting)
    return _ ("Bestiller is getting ready.");
  switch (facts->state)
    {
    case BST_SYNC_OFFLINE:
      return _ ("There is no connection. It goes by itself when the line is back.");
    case BST_SYNC_SIGN_IN:
      return _ ("This computer is not signed in. It goes when the computer is enrolled again.");
    case BST_SYNC_TROUBLE:
      return _ ("The server cannot take it now. It is tried again by itself.");
    case BST_SYNC_SENDING:
    case BST_SYNC_UP_TO_DATE:
    default:
      return _ ("It goes by itself, the oldest first; what waits for something else says so.");
    }
}
