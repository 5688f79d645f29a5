/* SPDX-License-Identifier: GPL-3.0-or-later */

/* What the worker and the listener tell the main context. */

#include "bst-error.h"
#include "bst-sync-private.h"

typedef struct
{
  GWeakRef sync;
  BstSyncState state;
  int error_code;
  char *message;
  gint64 contact; /* 0: no contact made */
  gint64 done;
  gint64 total;
  BstSyncNews news;
  gboolean begins; /* a round; nothing is known of it yet */
} Report;

static void
report_free (gpointer data)
{
  Report *report = data;

  g_weak_ref_clear (&report->sync);
  g_free (report->message);
  g_free (report);
}

static void
set_int64 (BstSync *self, gint64 *field, gint64 value, BstSyncProperty property)
{
  if (*field == value)
    return;
  *field = value;
  bst_sync_notify (self, property);
}

static gboolean
report_cb (gpointer data)
{
  Report *report = data;
  g_autoptr (BstSync) self = g_weak_ref_get (&report->sync);

  if (!self)
    return G_SOURCE_REMOVE;
  /* Without a valid sign-in a try is no work, and whoever says that one is needed is not to flicker. */
  if (report->begins && self->state == BST_SYNC_SIGN_IN)
    return G_SOURCE_REMOVE;
  g_object_freeze_notify (G_OBJECT (self));
  if (report->contact)
    set_int64 (self, &self->last_contact, report->contact, BST_SYNC_PROP_LAST_CONTACT);
  set_int64 (self, &self->done, report->done, BST_SYNC_PROP_DONE);
  set_int64 (self, &self->total, report->total, BST_SYNC_PROP_TOTAL);
  if (self->error_code != report->error_code)
    {
      self->error_code = report->error_code;
      bst_sync_notify (self, BST_SYNC_PROP_ERROR_CODE);
    }
  if (g_strcmp0 (self->message, report->message) != 0)
    {
      g_free (self->message);
      self->message = g_steal_pointer (&report->message);
      bst_sync_notify (self, BST_SYNC_PROP_MESSAGE);
    }
  if (self->state != report->state)
    {
      self->state = report->state;
      bst_sync_notify (self, BST_SYNC_PROP_STATE);
    }
  g_object_thaw_notify (G_OBJECT (self));
  return G_SOURCE_REMOVE;
}

static void
send (BstSync *self, GSourceFunc callback, Report *report)
{
  g_autoptr (GSource) source = g_idle_source_new ();

  /* Not g_main_context_invoke(): it would run here, in the worker, whenever nobody iterates the context. */
  g_weak_ref_init (&report->sync, self);
  g_source_set_priority (source, G_PRIORITY_DEFAULT);
  g_source_set_callback (source, callback, report, report_free);
  g_source_attach (source, self->context);
}

static gboolean
news_cb (gpointer data)
{
  Report *report = data;
  g_autoptr (BstSync) self = g_weak_ref_get (&report->sync);

  if (!self || self->news == report->news)
    return G_SOURCE_REMOVE;
  self->news = report->news;
  bst_sync_notify (self, BST_SYNC_PROP_NEWS);
  return G_SOURCE_REMOVE;
}

void
bst_sync_report_progress (gint64 done, gint64 total, gpointer sync)
{
  BstSync *self = sync;
  Report *report = g_new0 (Report, 1);

  report->state = BST_SYNC_SENDING;
  report->error_code = -1;
  report->done = done;
  report->total = total;
  send (self, report_cb, report);
}

static const struct
{
  BstErrorCode code;
  BstSyncState state;
} states[] = {
  { BST_ERROR_OFFLINE, BST_SYNC_OFFLINE },
  { BST_ERROR_OUTCOME_UNKNOWN, BST_SYNC_OFFLINE },
  { BST_ERROR_SIGN_IN, BST_SYNC_SIGN_IN },
  { BST_ERROR_LOST, BST_SYNC_SIGN_IN },
};

static BstSyncState
state_of_error (const GError *error)
{
  if (error->domain == G_IO_ERROR)
    return BST_SYNC_OFFLINE; /* cancelled: we are stopping */
  for (guint i = 0; i < G_N_ELEMENTS (states); i++)
    if (error->domain == BST_ERROR && error->code == (int) states[i].code)
      return states[i].state;
  return BST_SYNC_TROUBLE;
}

void
bst_sync_report_outcome (BstSync *self, const GError *error)
{
  Report *report = g_new0 (Report, 1);

  report->state = error ? state_of_error (error) : BST_SYNC_UP_TO_DATE;
  report->error_code = error && error->domain == BST_ERROR ? error->code : -1;
  report->message = error ? g_strdup (error->message) : NULL;
  report->contact = error ? 0 : bst_clock_now (self->clock);
  send (self, report_cb, report);
}

void
bst_sync_report_begin (BstSync *self)
{
  Report *report = g_new0 (Report, 1);

  report->state = BST_SYNC_SENDING;
  report->error_code = -1;
  report->begins = TRUE;
  send (self, report_cb, report);
}

void
bst_sync_report_news (BstSync *self, BstSyncNews news)
{
  Report *report = g_new0 (Report, 1);

  report->news = news;
  send (self, news_cb, report);
}
