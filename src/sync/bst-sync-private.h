/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "bst-sync.h"
#include "bst-transport.h"

G_BEGIN_DECLS

BstStore *bst_sync_get_store (BstSync *sync); /* borrowed */

GMainContext *bst_sync_get_context (BstSync *sync); /* where its signals come; borrowed */

/** bst_sync_get_transport: the worker's: others make their own like it. Borrowed. */
BstTransport *bst_sync_get_transport (BstSync *sync);

/** bst_sync_tell_file: emits ::file-progress in the main context. From any thread. */
void bst_sync_tell_file (const char *sha256, gint64 done, gint64 size, gpointer sync);

/* What a BstSync was made with. Borrowed; constant over its life. */
const BstClock *bst_sync_get_clock (BstSync *sync);
const char *bst_sync_get_server (BstSync *sync);
const char *bst_sync_get_token (BstSync *sync);
const char *bst_sync_get_ca_file (BstSync *sync); /* (nullable) */

G_END_DECLS
