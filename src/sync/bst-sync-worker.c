/* SPDX-License-Identifier: GPL-3.0-or-later */

/* The thread that synchronises, and what makes it begin. */

#include "bst-error.h"
#include "bst-sync-private.h"

#define FIRST_BACKOFF_SECONDS 2
#define LAST_BACKOFF_SECONDS  (15 * 60)

/* Half fixed, half by chance, so that a thousand computers do not come back at the same second. */
static gint64
with_jitter (BstSync *self, gint64 seconds)
{
  guint32 chance;

  self->clock->fill_random (self->clock->closure, (guint8 *) &chance, sizeof chance);
  return seconds * G_USEC_PER_SEC / 2 + (gint64) (chance % 1000) * seconds * G_USEC_PER_SEC / 2000;
}

static gint64
next_pause (BstSync *self, const GError *error, guint failures)
{
  guint interval;

  if (error)
    return with_jitter (self,
                        MIN (FIRST_BACKOFF_SECONDS << MIN (failures, 12), LAST_BACKOFF_SECONDS));
  g_mutex_lock (&self->lock);
  interval = self->interval_seconds * (self->metered ? BST_SYNC_METERED_FACTOR : 1);
  g_mutex_unlock (&self->lock);
  return with_jitter (self, interval * 4 / 3);
}

/* Whether the server has said something that we do not have. In the worker, so not while a round fetches just that. Under
 * the lock, which is let go while the disk is asked. */
static gboolean
is_news (BstSync *self)
{
  g_autoptr (GHashTable) told = g_steal_pointer (&self->told);
  gboolean news = FALSE;
  GHashTableIter iter;
  gpointer account, state;

  g_mutex_unlock (&self->lock);
  g_hash_table_iter_init (&iter, told);
  while (!news && g_hash_table_iter_next (&iter, &account, &state))
    {
      g_autofree char *ours = bst_store_get_checkpoint (self->store, account, NULL);

      news = g_strcmp0 (ours, state) != 0;
    }
  g_mutex_lock (&self->lock);
  return news;
}

/* Waits until it is time, somebody asks, or the server has news. Returns FALSE when the worker shall end. */
static gboolean
wait_for_turn (BstSync *self, gint64 pause_usec)
{
  gint64 until = g_get_monotonic_time () + pause_usec;
  gboolean go_on;

  g_mutex_lock (&self->lock);
  while (!self->stopping && !self->kicked)
    {
      if (self->told ? is_news (self) : !g_cond_wait_until (&self->wake, &self->lock, until))
        break;
    }
  self->kicked = FALSE;
  go_on = !self->stopping;
  g_mutex_unlock (&self->lock);
  return go_on;
}

/* One at a time, whoever asks. */
static gboolean
run_round (BstSync *self, GCancellable *cancellable, GError **error)
{
  gboolean ok;

  g_mutex_lock (&self->round);
  ok = bst_sync_engine_round (self->engine, cancellable, error);
  g_mutex_unlock (&self->round);
  return ok;
}

static gpointer
work (gpointer data)
{
  BstSync *self = data;
  gint64 pause = 0;
  guint failures = 0;

  while (wait_for_turn (self, pause))
    {
      g_autoptr (GError) error = NULL;

      bst_sync_report_begin (self);
      failures = run_round (self, self->cancellable, &error) ? 0 : failures + 1;
      bst_sync_report_outcome (self, error);
      if (!error && self->push)
        bst_push_line_is_up (self->push);
      pause = next_pause (self, error, failures);
      /* Without a valid sign-in there is nothing to try until somebody asks. */
      if (g_error_matches (error, BST_ERROR, BST_ERROR_SIGN_IN) ||
          g_error_matches (error, BST_ERROR, BST_ERROR_LOST))
        pause = LAST_BACKOFF_SECONDS * G_USEC_PER_SEC;
    }
  return NULL;
}

void
bst_sync_now (BstSync *self)
{
  g_mutex_lock (&self->lock);
  self->kicked = TRUE;
  g_cond_signal (&self->wake);
  g_mutex_unlock (&self->lock);
}

/* ---- what makes it begin ---- */

static void
outbox_read_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (BstSync) self = user_data;
  g_autoptr (GPtrArray) items = bst_store_outbox_finish (BST_STORE (source), result, NULL);
  g_autoptr (GHashTable) waiting = g_hash_table_new (g_str_hash, g_str_equal);
  g_autoptr (GHashTable) back = g_hash_table_new (g_str_hash, g_str_equal);
  guint pending, refused;
  gboolean fresh = FALSE;

  if (!items)
    return;
  for (guint i = 0; i < items->len; i++)
    {
      const BstOutboxItem *item = items->pdata[i];

      g_hash_table_add (item->state == BST_OUTBOX_REFUSED ? back : waiting, item->request);
      fresh |= item->state == BST_OUTBOX_QUEUED && item->tries == 0;
    }
  /* To a person an order and its sending are one thing. */
  pending = g_hash_table_size (waiting);
  refused = g_hash_table_size (back);
  if (self->pending != pending)
    {
      self->pending = pending;
      bst_sync_notify (self, BST_SYNC_PROP_PENDING);
    }
  if (self->refused != refused)
    {
      self->refused = refused;
      bst_sync_notify (self, BST_SYNC_PROP_REFUSED);
    }
  if (fresh && self->worker)
    bst_sync_now (self);
}

void
bst_sync_watch_outbox (BstSync *self)
{
  bst_store_outbox_async (self->store, NULL, outbox_read_cb, g_object_ref (self));
}

/* ---- beginning and end ---- */

void
bst_sync_start (BstSync *self, guint interval_seconds)
{
  g_mutex_lock (&self->lock);
  self->interval_seconds = MAX (interval_seconds, 5);
  g_mutex_unlock (&self->lock);
  bst_sync_notify (self, BST_SYNC_PROP_INTERVAL);
  if (self->worker)
    {
      bst_sync_now (self);
      return;
    }
  self->stopping = FALSE;
  self->cancellable = g_cancellable_new ();
  bst_sync_line_begin (self);
  self->worker = g_thread_new ("bst-sync", work, self);
}

void
bst_sync_stop (BstSync *self)
{
  if (!self->worker)
    return;
  g_clear_pointer (&self->line, bst_line_free);
  g_cancellable_cancel (self->cancellable);
  g_mutex_lock (&self->lock);
  self->stopping = TRUE;
  g_cond_signal (&self->wake);
  g_mutex_unlock (&self->lock);
  g_thread_join (g_steal_pointer (&self->worker));
  bst_sync_line_end (self);
  g_clear_pointer (&self->told, g_hash_table_unref);
  g_clear_object (&self->cancellable);
}

gboolean
bst_sync_run (BstSync *self, GCancellable *cancellable, GError **error)
{
  g_autoptr (GError) local = NULL;
  gboolean ok = run_round (self, cancellable, &local);

  bst_sync_report_outcome (self, local);
  if (!ok)
    g_propagate_error (error, g_steal_pointer (&local));
  return ok;
}
