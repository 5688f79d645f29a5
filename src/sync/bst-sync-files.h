/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "bst-store-files.h"
#include "bst-transport.h"

G_BEGIN_DECLS

/*
 * Sends the files that orders wait for, in parts (docs/protocol.md, "In parts"). How far a file has come is the server's to say;
 * here is only what it said last. In the thread that runs the round.
 */
typedef struct _BstSyncFiles BstSyncFiles;

/** BstSyncFileProgress: @done of @size octets of the file are at the server (or, fetched, here). */
typedef void (*BstSyncFileProgress) (const char *sha256,
                                     gint64 done,
                                     gint64 size,
                                     gpointer closure);

/** bst_sync_files_new: @transport: (nullable): only bst_sync_files_spare() is asked. */
BstSyncFiles *bst_sync_files_new (BstStore *store, BstTransport *transport);
void bst_sync_files_free (BstSyncFiles *files);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (BstSyncFiles, bst_sync_files_free)

void
bst_sync_files_set_progress (BstSyncFiles *files, BstSyncFileProgress progress, gpointer closure);

/** bst_sync_files_hold: whether files stay here for now. From any thread. */
void bst_sync_files_hold (BstSyncFiles *files, gboolean hold);

/** bst_sync_files_begin: a new round. @max_part: what the server takes at once */
void bst_sync_files_begin (BstSyncFiles *files);
void bst_sync_files_set_max_part (BstSyncFiles *files, gint64 max_part);

/**
 * bst_sync_files_run: sends for a few seconds, or until a file is whole: then its order may go, and what else was queued meanwhile. The
 * smallest rest first, so that a film does not hold back a picture.
 * @ret_more: set to %TRUE when there is more to do
 *
 * Returns: %FALSE when the line failed, or (when all others have been sent) a file could not be
 */
gboolean bst_sync_files_run (BstSyncFiles *files,
                             gboolean *ret_more,
                             GCancellable *cancellable,
                             GError **error);

/**
 * bst_sync_files_spare: an order that was refused because the server has lost its file, which is still here, is not refused: file
 * and order go again.
 * @items: (element-type BstOutboxItem): what was sent
 * @outcomes: (element-type BstOutcome): changed in place
 */
gboolean
bst_sync_files_spare (BstSyncFiles *files, GPtrArray *items, GArray *outcomes, GError **error);

G_END_DECLS
