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

/** bst_ledger_add_message: … and a message, unlike all others, on an order. */
void bst_ledger_add_message (BstLedger *ledger, const char *uid, const char *text);

/** bst_ledger_add_title: the order was given another title. */
void bst_ledger_add_title (BstLedger *ledger, const char *uid, const char *title);

/** bst_ledger_check_told: at any time: what @computer has a receipt for is on the server; nothing of its user's has vanished. */
void bst_ledger_check_told (BstLedger *ledger, BstComputer *computer);

/** bst_ledger_check_end: after all is sent: each order and each message once on the server, and shown so by @computer. */
void bst_ledger_check_end (BstLedger *ledger, BstComputer *computer);

G_END_DECLS
