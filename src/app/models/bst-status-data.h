/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "bst-outbox-entry.h"
#include "bst-receipt.h"
#include "bst-sync-status.h"

G_BEGIN_DECLS

/**
 * BstStatusData: the reconciliation: where each thing that was sent, or is to be sent, stands.
 * @entries: (element-type BstOutboxEntry): what is not received, oldest first
 * @receipts: (element-type BstReceipt): newest first
 * @more: there are older receipts than these
 * @person, @authority: (nullable): who this computer is enrolled for
 */
typedef struct
{
  GPtrArray *entries;
  GPtrArray *receipts;
  gboolean more;
  char *person;
  char *authority;
} BstStatusData;

void bst_status_data_free (BstStatusData *data);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (BstStatusData, bst_status_data_free)

/** bst_status_data_read: with about @n_receipts of the newest receipts. Blocks: not for the main thread. (transfer full) */
BstStatusData *bst_status_data_read (BstStore *store, guint n_receipts, GError **error);

/** bst_status_data_count: the entries in @state. */
guint bst_status_data_count (const BstStatusData *data, BstOutboxState state);

/** bst_status_waits_text: a sentence for what waits for nothing but a connection; by the synchronisation's state. Static, translated. */
const char *bst_status_waits_text (const BstSyncFacts *facts);

G_END_DECLS
