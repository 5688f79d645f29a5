/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "bst-world.h"

G_BEGIN_DECLS

/*
 * The oracle: what users did, and what they were told, against what the server holds.
 */
typedef struct _BstLedger BstLedger;

BstLedger *bst_ledger_new (BstWorld *world);
void bst_ledger_free (BstLedger *ledger);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (BstLedger, bst_ledger_free)

/** bst_ledger_add_order: the user made an order and was told that it is kept. */
void bst_ledger_add_order (BstLedger *ledger, const char *uid);

/** bst_ledger_order: makes one on @computer, and notes it. Returns: (transfer full): its uid */
char *bst_ledger_order (BstLedger *ledger, BstComputer *computer, const char *title);

/** bst_ledger_add_message: … and a message, unlike all others, on an order. */
void bst_ledger_add_message (BstLedger *ledger, const char *uid, const char *text);

/** bst_ledger_add_title: the order was given another title. */
void bst_ledger_add_title (BstLedger *ledger, const char *uid, const char *title);

/** bst_ledger_is_received: whether the server has it now. @id: uid of an order, or text of a message */
gboolean bst_ledger_is_received (BstLedger *ledger, gboolean message, const char *id);

/** bst_ledger_forget: an order or a message that went down with the only computer that had it. */
void bst_ledger_forget (BstLedger *ledger, const char *id);

/** bst_ledger_check_receipts: at any time: what @computer has a receipt for is on the server. */
void bst_ledger_check_receipts (BstLedger *ledger, BstComputer *computer);

/** bst_ledger_check_kept: an order is on @computer, which made it, or on the server. */
void bst_ledger_check_kept (BstLedger *ledger, BstComputer *computer, const char *uid);

/** bst_ledger_check_told: both, for all orders: @computer made them. */
void bst_ledger_check_told (BstLedger *ledger, BstComputer *computer);

/** bst_ledger_check_end: after all is sent: each order and each message once on the server, and shown so by @computer. */
void bst_ledger_check_end (BstLedger *ledger, BstComputer *computer);

G_END_DECLS
