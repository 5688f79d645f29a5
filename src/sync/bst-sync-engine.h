/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "bst-store.h"
#include "bst-sync-files.h"
#include "bst-transport.h"

G_BEGIN_DECLS

/*
 * One round of synchronisation, in the calling thread: push, then pull, page by page, until nothing is
 * left. Holds no state that matters: what is sent and how far the replica has come is the store's.
 */
typedef struct _BstSyncEngine BstSyncEngine;

typedef void (*BstSyncProgress) (gint64 done, gint64 total, gpointer closure);

/** bst_sync_engine_new: @progress (nullable) is called in the thread that runs the round. */
BstSyncEngine *bst_sync_engine_new (BstStore *store,
                                    BstTransport *transport,
                                    BstSyncProgress progress,
                                    gpointer closure);

/**
 * bst_sync_engine_remember: before its first round. What @server said of its session to @token is used again by the next
 * engine over the same store: one round trip less until the first order has been received.
 */
void bst_sync_engine_remember (BstSyncEngine *engine, const char *server, const char *token);
void bst_sync_engine_free (BstSyncEngine *engine);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (BstSyncEngine, bst_sync_engine_free)

/** bst_sync_engine_get_files: borrowed. */
BstSyncFiles *bst_sync_engine_get_files (BstSyncEngine *engine);

/**
 * bst_sync_engine_round:
 *
 * Returns: %TRUE when everything that could go has gone and the replica is as new as the server.
 * On failure what was done so far is kept, and the next round goes on there.
 */
gboolean bst_sync_engine_round (BstSyncEngine *engine, GCancellable *cancellable, GError **error);

G_END_DECLS
