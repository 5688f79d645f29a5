/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "bst-storage-private.h"

G_BEGIN_DECLS

/*
 * BstTidy: one round of forgetting: what was destroyed longer ago than the change log reaches, and blobs that
 * no order refers to. In steps of a few milliseconds, each a transaction of its own, so that a server that does it
 * between requests keeps nobody waiting. Cut short, it is begun anew another time.
 */
typedef struct _BstTidy BstTidy;

BstTidy *bst_tidy_new (BstStorage *storage);
void bst_tidy_free (BstTidy *tidy);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (BstTidy, bst_tidy_free)

/** bst_tidy_step: *@ret_more: call again. */
gboolean bst_tidy_step (BstTidy *tidy, gboolean *ret_more, GError **error);

G_END_DECLS
