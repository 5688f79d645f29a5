/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "bst-world.h"

G_BEGIN_DECLS

/* faults-client: a computer in a process of its own. Its store must be shut here while it runs. */
typedef struct _BstProcess BstProcess;

/** bst_process_new: does what @computer would. */
BstProcess *bst_process_new (BstComputer *computer);

/** bst_process_kill: SIGKILL, and frees. */
void bst_process_kill (BstProcess *process);

/** bst_process_tell: without waiting for the answer. */
void bst_process_tell (BstProcess *process, const char *format, ...) G_GNUC_PRINTF (2, 3);

/** bst_process_hear: one line; %NULL when the process has ended. (transfer full) */
char *bst_process_hear (BstProcess *process);

/** bst_process_ask: tells, and hears. */
char *bst_process_ask (BstProcess *process, const char *format, ...) G_GNUC_PRINTF (2, 3);

G_END_DECLS
