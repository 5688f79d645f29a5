/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "bst-config.h"

#include <glib/gi18n.h>

#include "bst-window-private.h"

#include "bst-error.h"
#include "bst-sync-status.h"

/* Offline is normal and gets no banner: only what the user must do something about. */
static void
update_notice (BstWindow *self)
{
  BstSyncFacts facts = bst_sync_facts (self->sync);
  g_autofree char *text = NULL;

  if (!self->session || bst_session_get_starting (self->session))
    {
      bst_banner_show (self->banner, NULL, NULL, NULL);
      return;
    }
  if (facts.state == BST_SYNC_SIGN_IN)
    {
      text = bst_sync_facts_long (&facts);
      bst_banner_show (self->banner, text, _ ("_Enrol Again…"), "app.switch-user");
    }
  else if (facts.state == BST_SYNC_TROUBLE && facts.error_code != BST_ERROR_SERVER &&
           facts.error_code != BST_ERROR_STATE_LOST)
    {
      text = bst_sync_facts_long (&facts);
      bst_banner_show (self->banner, text, _ ("_Try Again"), "win.synchronise");
    }
  else
    {
      bst_banner_show (self->banner, NULL, NULL, NULL);
    }
}

static void
sync_notify_cb (BstSync *sync, GParamSpec *pspec, BstWindow *self)
{
  update_notice (self);
}

void
bst_window_watch_sync (BstWindow *self)
{
  BstSync *sync = self->session ? bst_session_get_sync (self->session) : NULL;

  if (self->sync)
    g_signal_handlers_disconnect_by_func (self->sync, sync_notify_cb, self);
  g_set_object (&self->sync, sync);
  if (sync)
    {
      g_signal_connect_object (sync, "notify::state", G_CALLBACK (sync_notify_cb), self, 0);
      g_signal_connect_object (sync, "notify::error-code", G_CALLBACK (sync_notify_cb), self, 0);
    }
  if (self->banner)
    update_notice (self);
}
