/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "bst-store-thread.h"

struct _BstStoreThread
{
  GThread *thread;
  GAsyncQueue *jobs;
};

/* A job that somebody waits for carries a flag that is set when it is done. */
typedef struct
{
  GMutex mutex;
  GCond cond;
  gboolean done;
} Waiter;

typedef struct
{
  BstStoreThreadJob job; /* NULL: the end */
  gpointer data;
  Waiter *waiter;
} Entry;

static void
wake (Waiter *waiter)
{
  g_mutex_lock (&waiter->mutex);
  waiter->done = TRUE;
  g_cond_signal (&waiter->cond);
  g_mutex_unlock (&waiter->mutex);
}

static gpointer
thread_main (gpointer data)
{
  BstStoreThread *thread = data;

  for (;;)
    {
      g_autofree Entry *entry = g_async_queue_pop (thread->jobs);

      if (!entry->job)
        return NULL;
      entry->job (entry->data);
      if (entry->waiter)
        wake (entry->waiter);
    }
}

static void
push (BstStoreThread *thread, BstStoreThreadJob job, gpointer data, Waiter *waiter)
{
  Entry *entry = g_new (Entry, 1);

  entry->job = job;
  entry->data = data;
  entry->waiter = waiter;
  g_async_queue_push (thread->jobs, entry);
}

BstStoreThread *
bst_store_thread_new (const char *name)
{
  BstStoreThread *thread = g_new0 (BstStoreThread, 1);

  thread->jobs = g_async_queue_new_full (g_free);
  thread->thread = g_thread_new (name, thread_main, thread);
  return thread;
}

void
bst_store_thread_stop (BstStoreThread *thread)
{
  push (thread, NULL, NULL, NULL);
  g_thread_join (thread->thread);
  g_async_queue_unref (thread->jobs);
  g_free (thread);
}

void
bst_store_thread_push (BstStoreThread *thread, BstStoreThreadJob job, gpointer data)
{
  push (thread, job, data, NULL);
}

void
bst_store_thread_run (BstStoreThread *thread, BstStoreThreadJob job, gpointer data)
{
  Waiter waiter = { .done = FALSE };

  if (bst_store_thread_is_current (thread))
    {
      job (data);
      return;
    }

  g_mutex_init (&waiter.mutex);
  g_cond_init (&waiter.cond);
  push (thread, job, data, &waiter);
  g_mutex_lock (&waiter.mutex);
  while (!waiter.done)
    g_cond_wait (&waiter.cond, &waiter.mutex);
  g_mutex_unlock (&waiter.mutex);
  g_mutex_clear (&waiter.mutex);
  g_cond_clear (&waiter.cond);
}

gboolean
bst_store_thread_is_current (BstStoreThread *thread)
{
  return g_thread_self () == thread->thread;
}
