/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/** BstStoreThread: one thread that does jobs one after the other, in the order in which they were handed in. */
typedef struct _BstStoreThread BstStoreThread;

typedef void (*BstStoreThreadJob) (gpointer data);

BstStoreThread *bst_store_thread_new (const char *name);

/** bst_store_thread_stop: does what is still queued, then ends and frees the thread. */
void bst_store_thread_stop (BstStoreThread *thread);

/** bst_store_thread_push: returns at once. */
void bst_store_thread_push (BstStoreThread *thread, BstStoreThreadJob job, gpointer data);

/** bst_store_thread_run: waits until @job is done. From the thread itself: does it right away. */
void bst_store_thread_run (BstStoreThread *thread, BstStoreThreadJob job, gpointer data);

/** bst_store_thread_is_current: for assertions. */
gboolean bst_store_thread_is_current (BstStoreThread *thread);

G_END_DECLS
