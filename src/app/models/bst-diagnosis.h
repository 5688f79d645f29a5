/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "bst-sync-status.h"

G_BEGIN_DECLS

/**
 * bst_diagnosis_text: what somebody who helps has to know, and nothing about people: versions, counts, states, error codes and
 * times. No names, titles, texts, ids or tokens; the server's address only as a digest. In English: it is for those who help.
 *
 * Blocks: not for the main thread. Returns: (transfer full): %NULL with @error when the store cannot be read
 */
char *bst_diagnosis_text (BstStore *store,
                          const BstSyncFacts *facts,
                          const char *language,
                          gint64 now,
                          GError **error);

G_END_DECLS
