/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "bst-store.h"

G_BEGIN_DECLS

/*
 * A request that the server fails at, or finds too large, as a whole: which order is it? They go one by one then, and those that pass are
 * done with. One that fails for itself in three rounds, while the server takes others or answers a question without any, comes to rest as
 * refused ("cannotBeSent"; too large: at once): it can be edited, and holds nothing back. When the server fails at everything
 * nobody is suspected. In the thread that runs the round.
 */
typedef struct _BstSyncPoison BstSyncPoison;

BstSyncPoison *bst_sync_poison_new (BstStore *store);
void bst_sync_poison_free (BstSyncPoison *poison);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (BstSyncPoison, bst_sync_poison_free)

/** bst_sync_poison_begin: a new round. */
void bst_sync_poison_begin (BstSyncPoison *poison);

/** bst_sync_poison_choose: takes away from @items (element-type BstOutboxItem) what does not go in this request. *@ret_more: something was. */
void bst_sync_poison_choose (BstSyncPoison *poison, GPtrArray *items, gboolean *ret_more);

/** bst_sync_poison_failed: the request with @items failed by @cause. Returns: whether the round goes on, to find out. */
gboolean bst_sync_poison_failed (BstSyncPoison *poison, GPtrArray *items, const GError *cause);

/** bst_sync_poison_passed: a request was answered: those that failed for themselves often enough are refused. */
gboolean bst_sync_poison_passed (BstSyncPoison *poison, GError **error);

/** bst_sync_poison_end: %FALSE with the cause when something is still suspected: to be tried again in the next round. */
gboolean bst_sync_poison_end (BstSyncPoison *poison, GError **error);

G_END_DECLS
