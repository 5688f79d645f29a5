/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "bst-store.h"

G_BEGIN_DECLS

/**
 * BstReceipt: what the server has named, as a person counts it: an order with its submission is one thing.
 * @request: the order that it belongs to, or the record that it is; (nullable)
 * @type: "Request", "Proposal" …: of what @request is
 * @action: as in #BstOutboxEntry; %NULL: the order itself
 * @title, @number: (nullable)
 * @done_at, @received_at: UTC seconds; 0: not known
 */
typedef struct
{
  char *request;
  char *type;
  char *action;
  char *title;
  char *number;
  gint64 done_at;
  gint64 received_at;
} BstReceipt;

void bst_receipt_free (BstReceipt *receipt);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (BstReceipt, bst_receipt_free)

/** bst_receipts_from: @docs: of bst_store_receipts(). (transfer full) (element-type BstReceipt): newest first */
GPtrArray *bst_receipts_from (GPtrArray *docs);

/** bst_receipt_what: "Order", "Message", "Proposal" … static, translated. */
const char *bst_receipt_what (const BstReceipt *receipt);

G_END_DECLS
