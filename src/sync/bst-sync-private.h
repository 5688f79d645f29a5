/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "bst-line.h"
#include "bst-push.h"
#include "bst-sync-engine.h"
#include "bst-sync.h"
#include "bst-transport.h"

G_BEGIN_DECLS

#define BST_SYNC_METERED_FACTOR 5 /* as long between two questions on a metered line */

struct _BstSync
{
  GObject parent_instance;

  BstStore *store;
  const BstClock *clock;
  BstTransport *transport;
  char *server;
  char *token;
  char *ca_file;
  BstSyncEngine *engine; /* the worker's, or bst_sync_run()'s: under @round */
  GMutex round;
  GMainContext *context;    /* where properties change */
  GNetworkMonitor *monitor; /* (nullable): the system's */
  BstLine *line;
  BstPush *push;
  guint ping_seconds;
  gboolean push_when_metered;

  /* Shared with the worker, under @lock. */
  GMutex lock;
  GCond wake;
  GThread *worker;
  GCancellable *cancellable;
  gboolean stopping;
  gboolean kicked;
  GHashTable *
      told; /* account -> state: what the server said that it has, not yet compared with what we have */
  guint interval_seconds;
  gboolean metered;

  /* Properties; main context only. */
  BstSyncState state;
  guint pending;
  guint refused;
  gint64 last_contact;
  gint64 done;
  gint64 total;
  int error_code;
  char *message;
  BstSyncNews news;
  gboolean keep_files; /* here, while the line is metered */
};

/* Its properties, as bst_sync_notify() names them. */
typedef enum
{
  BST_SYNC_PROP_STATE = 1,
  BST_SYNC_PROP_PENDING,
  BST_SYNC_PROP_REFUSED,
  BST_SYNC_PROP_LAST_CONTACT,
  BST_SYNC_PROP_DONE,
  BST_SYNC_PROP_TOTAL,
  BST_SYNC_PROP_ERROR_CODE,
  BST_SYNC_PROP_MESSAGE,
  BST_SYNC_PROP_NEWS,
  BST_SYNC_PROP_INTERVAL,
  BST_SYNC_PROP_METERED,
} BstSyncProperty;

/** bst_sync_notify: main context only, as all properties. */
void bst_sync_notify (BstSync *sync, BstSyncProperty property);

/* ---- bst-sync-report.c: what the worker and the listener tell the main context; from any thread ---- */

void bst_sync_report_begin (BstSync *sync);
void bst_sync_report_progress (gint64 done, gint64 total, gpointer sync);
void bst_sync_report_outcome (BstSync *sync,
                              const GError *error); /* @error: (nullable): all went well */
void bst_sync_report_news (BstSync *sync, BstSyncNews news);

/* ---- bst-sync-worker.c ---- */

/** bst_sync_watch_outbox: counts what waits, and begins when something is queued. Main context. */
void bst_sync_watch_outbox (BstSync *sync);

/* ---- bst-sync-line.c: what the line and the server tell by themselves; main context ---- */

void bst_sync_line_begin (BstSync *sync);
void bst_sync_line_end (BstSync *sync); /* the worker has ended */

/* ---- for the other files of this module ---- */

BstStore *bst_sync_get_store (BstSync *sync); /* borrowed */

GMainContext *bst_sync_get_context (BstSync *sync); /* where its signals come; borrowed */

/** bst_sync_get_transport: the worker's: others make their own like it. Borrowed. */
BstTransport *bst_sync_get_transport (BstSync *sync);

/** bst_sync_tell_file: emits ::file-progress in the main context. From any thread. */
void bst_sync_tell_file (const char *sha256, gint64 done, gint64 size, gpointer sync);

/* What a BstSync was made with. Borrowed; constant over its life. */
const BstClock *bst_sync_get_clock (BstSync *sync);
const char *bst_sync_get_server (BstSync *sync);
const char *bst_sync_get_token (BstSync *sync);
const char *bst_sync_get_ca_file (BstSync *sync); /* (nullable) */

G_END_DECLS
