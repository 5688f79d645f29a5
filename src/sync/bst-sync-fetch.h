/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "bst-sync.h"

G_BEGIN_DECLS

/**
 * bst_sync_fetch_async: makes a file of an order readable on this computer: from the store while it is still there, otherwise
 * from the server, going on where an earlier try was cut. Tells its progress by BstSync::file-progress.
 * @account: of the order
 * @blob: its blobId; "B" + SHA-256 also for what the server does not have yet
 * @name: as the user knows it
 *
 * Returns (finish): (transfer full): a path in the store's directory, read only, for a day. NOT_FOUND: the server does not have it;
 * CORRUPT: what came is another file; otherwise as of a request
 */
void bst_sync_fetch_async (BstSync *sync,
                           const char *account,
                           const char *blob,
                           const char *name,
                           gint64 size,
                           GCancellable *cancellable,
                           GAsyncReadyCallback callback,
                           gpointer user_data);
char *bst_sync_fetch_finish (BstSync *sync, GAsyncResult *result, GError **error);

G_END_DECLS
