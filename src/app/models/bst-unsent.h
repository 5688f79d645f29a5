/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "bst-store.h"

G_BEGIN_DECLS

/**
 * bst_unsent_text: what only this computer has, in words: how many things wait to be sent, need the user or are drafts, then the
 * first of them by name, a line each. Blocks: not for the main thread.
 *
 * Returns: (transfer full): empty when there is nothing; %NULL with @error
 */
char *bst_unsent_text (BstStore *store, GError **error);

G_END_DECLS
