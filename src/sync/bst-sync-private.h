/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "bst-sync.h"

G_BEGIN_DECLS

/* What a BstSync was made with, for its neighbours in this folder. Borrowed; constant over its life. */
BstStore *bst_sync_get_store (BstSync *sync);
const BstClock *bst_sync_get_clock (BstSync *sync);
const char *bst_sync_get_server (BstSync *sync);
const char *bst_sync_get_token (BstSync *sync);
const char *bst_sync_get_ca_file (BstSync *sync); /* (nullable) */

G_END_DECLS
