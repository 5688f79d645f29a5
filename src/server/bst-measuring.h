/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "bst-storage.h"

G_BEGIN_DECLS

/*
 * BstMeasuring: keeps the measures of a running server as its cases are: what was marked is counted within a second or two, in
 * short steps between requests; what falls due, within a minute.
 */
typedef struct _BstMeasuring BstMeasuring;

/** bst_measuring_new: runs in the thread's default main context until it is freed. @storage must live longer. */
BstMeasuring *bst_measuring_new (BstStorage *storage);
void bst_measuring_free (BstMeasuring *measuring);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (BstMeasuring, bst_measuring_free)

G_END_DECLS
