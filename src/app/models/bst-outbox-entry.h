/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "bst-store.h"

G_BEGIN_DECLS

/**
 * BstOutboxEntry: what waits to be sent, as a person counts it: an order with its submission is one thing.
 * @seq: of the (first) item
 * @request: the order it belongs to, or the record that it is
 * @type: "Request", "Proposal" …: of what @request is
 * @title, @number: of @request; (nullable)
 * @action: (nullable): of an event; %NULL: the order itself; "share", "change", "remove": what is done to a draft or an order
 * @order: it is the order itself, or a change of it
 */
typedef struct
{
  gint64 seq;
  char *request;
  char *type;
  char *title;
  char *number;
  char *action;
  gboolean order;
  BstOutboxState state;
  BstOutboxWait waits;
  char *queued_at;
  char *reason;
} BstOutboxEntry;

void bst_outbox_entry_free (BstOutboxEntry *entry);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (BstOutboxEntry, bst_outbox_entry_free)

/** bst_outbox_entries: oldest first. Blocks: not for the main thread. (transfer full) (element-type BstOutboxEntry) */
GPtrArray *bst_outbox_entries (BstStore *store, GError **error);

/** bst_outbox_what: what is done to a record of @type (%NULL: an order). @action: (nullable): as in the entry. Static, translated. */
const char *bst_outbox_what (const char *type, const char *action);

/** bst_outbox_entry_what: "Order", "Message", "Confirmation of delivery" … static, translated. */
const char *bst_outbox_entry_what (const BstOutboxEntry *entry);

/** bst_outbox_entry_where: "On this computer since 9:40" · "Under way: no answer yet" · why it was refused. Returns: (transfer full). */
char *bst_outbox_entry_where (const BstOutboxEntry *entry,
                              gint64 now,
                              GTimeZone *zone,
                              const char *language);

/** bst_outbox_entry_why: why it was refused, or what it waits for besides a connection; %NULL: nothing. Static, translated. */
const char *bst_outbox_entry_why (const BstOutboxEntry *entry);

/** bst_outbox_entry_can_discard: it was refused, and there is nothing in it to be put right. */
gboolean bst_outbox_entry_can_discard (const BstOutboxEntry *entry);

/** bst_refusal_text: a SetError's type in the user's language; static, translated. */
const char *bst_refusal_text (const char *type);

G_END_DECLS
