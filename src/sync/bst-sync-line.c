/* SPDX-License-Identifier: GPL-3.0-or-later */

/* What the server and the line tell by themselves. */

#include "bst-sync-private.h"

/* ---- files ---- */

gboolean
bst_sync_get_files_held (BstSync *self)
{
  return self->metered && self->keep_files;
}

static void
hold_files (BstSync *self)
{
  bst_sync_files_hold (bst_sync_engine_get_files (self->engine), bst_sync_get_files_held (self));
}

void
bst_sync_set_files_when_metered (BstSync *self, gboolean send_them)
{
  self->keep_files = !send_them;
  hold_files (self);
  if (send_them)
    bst_sync_now (self);
}

/* ---- what the server tells; in the listening thread ---- */

static void
push_news_cb (GVariant *changed, gpointer closure)
{
  BstSync *self = closure;
  GVariantIter accounts;
  const char *account;
  GVariant *types;

  g_mutex_lock (&self->lock);
  if (!self->told)
    self->told = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, g_free);
  g_variant_iter_init (&accounts, changed);
  while (g_variant_iter_next (&accounts, "{&sv}", &account, &types))
    {
      g_autoptr (GVariant) map = types;
      g_autoptr (GVariant) state = NULL;

      /* The state is the account's; all its types say the same. */
      if (g_variant_is_of_type (map, G_VARIANT_TYPE_VARDICT) && g_variant_n_children (map) > 0)
        {
          g_variant_get_child (map, 0, "{&sv}", NULL, &state);
          if (g_variant_is_of_type (state, G_VARIANT_TYPE_STRING))
            g_hash_table_replace (self->told, g_strdup (account),
                                  g_variant_dup_string (state, NULL));
        }
    }
  g_cond_signal (&self->wake);
  g_mutex_unlock (&self->lock);
}

static void
push_stands_cb (gboolean stands, gpointer closure)
{
  bst_sync_report_news (closure, stands ? BST_SYNC_NEWS_PUSHED : BST_SYNC_NEWS_ASKED);
}

/* The worker finds out for itself, and says so. */
static void
push_sign_in_cb (gpointer closure)
{
  bst_sync_now (closure);
}

static const BstPushListener push_listener = { push_news_cb, push_stands_cb, push_sign_in_cb };

/* ---- the line ---- */

static gboolean
may_push (BstSync *self)
{
  return !self->metered || self->push_when_metered;
}

static void
set_metered (BstSync *self, gboolean metered)
{
  if (self->metered == metered)
    return;
  g_mutex_lock (&self->lock);
  self->metered = metered;
  g_mutex_unlock (&self->lock);
  bst_sync_notify (self, BST_SYNC_PROP_METERED);
  bst_sync_notify (self, BST_SYNC_PROP_INTERVAL);
  if (self->push)
    bst_push_allow (self->push, may_push (self));
  hold_files (self);
  if (!metered)
    bst_sync_now (self);
}

void
bst_sync_woke (BstSync *self)
{
  if (self->push)
    bst_push_again (self->push);
  bst_sync_now (self);
}

static void
line_changed_cb (BstLineEvent event, gpointer closure)
{
  BstSync *self = closure;

  if (event == BST_LINE_METERED)
    set_metered (self, bst_line_get_metered (self->line));
  else
    bst_sync_woke (self);
}

void
bst_sync_set_push (BstSync *self, guint ping_seconds)
{
  self->ping_seconds = ping_seconds;
}

void
bst_sync_set_push_when_metered (BstSync *self, gboolean push)
{
  self->push_when_metered = push;
  if (self->push)
    bst_push_allow (self->push, may_push (self));
}

void
bst_sync_set_monitor (BstSync *self, GNetworkMonitor *monitor)
{
  g_set_object (&self->monitor, monitor);
}

void
bst_sync_line_begin (BstSync *self)
{
  self->line = bst_line_new (self->monitor, line_changed_cb, self);
  set_metered (self, bst_line_get_metered (self->line));
  if (self->ping_seconds > 0)
    self->push = bst_push_new (self->transport, self->clock, self->ping_seconds, may_push (self),
                               &push_listener, self);
}

void
bst_sync_line_end (BstSync *self)
{
  g_clear_pointer (&self->push, bst_push_free); /* after the worker, who speaks to it */
}
