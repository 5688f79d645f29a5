/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "bst-session.h"

G_BEGIN_DECLS

/** BST_TASK_LIMIT: as many requests are looked through for tasks, those due first. */
#define BST_TASK_LIMIT 200

/** bst_task_states: only requests in these states, and refused ones, can ask something of me. Ended by %NULL. */
const char *const *bst_task_states (void);

/** bst_task_of: what @request asks of me: "approve", "answer", "confirm", "fix", "choose" (between two versions), or %NULL. Static. */
const char *bst_task_of (GVariant *request, BstSession *session);

G_END_DECLS
