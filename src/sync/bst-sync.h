/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "bst-store.h"

G_BEGIN_DECLS

/*
 * Synchronisation: push then pull in one batch, in a thread of its own. Properties change and signals
 * come in the main context that made the object.
 */

typedef enum
{
  BST_SYNC_OFFLINE, /* no line, or the server does not answer */
  BST_SYNC_UP_TO_DATE,
  BST_SYNC_SENDING, /* working */
  BST_SYNC_SIGN_IN, /* token missing, expired or revoked: the user must enrol again */
  BST_SYNC_TROUBLE, /* certificate, portal, protocol, disk: see "message" */
} BstSyncState;
GType bst_sync_state_get_type (void);

typedef enum
{
  BST_SYNC_NEWS_ASKED,  /* for, every "interval" seconds */
  BST_SYNC_NEWS_PUSHED, /* told by the server at once */
} BstSyncNews;
GType bst_sync_news_get_type (void);
#define BST_TYPE_SYNC_NEWS  (bst_sync_news_get_type ())
#define BST_TYPE_SYNC_STATE (bst_sync_state_get_type ())

#define BST_TYPE_SYNC (bst_sync_get_type ())
G_DECLARE_FINAL_TYPE (BstSync, bst_sync, BST, SYNC, GObject)

/**
 * bst_sync_new:
 * @server: "https://host:port"
 * @ca_file: (nullable): PEM; the server's certificate is then checked against these authorities alone
 *
 * Properties: "state" (BstSyncState), "pending" (uint: items not yet received), "refused" (uint),
 * "last-contact" (int64: UTC seconds, 0 for never), "done"/"total" (int64: first sync's progress; total 0 when none),
 * "error-code" (int: BstErrorCode, -1 for none), "message" (string: English detail for logs and diagnosis),
 * "news" (BstSyncNews: how changes made elsewhere come here), "interval" (uint: the longest time without asking the server, in
 * seconds; five times as long as was asked for while the line is metered), "metered" (boolean: the line costs by the octet).
 * Signal ::file-progress (const char *sha256, gint64 done, gint64 size): a file that is being sent (or fetched) has come so far.
 */
BstSync *bst_sync_new (BstStore *store,
                       const BstClock *clock,
                       const char *server,
                       const char *token,
                       const char *ca_file);

/** bst_sync_start: begins to watch line (GNetworkMonitor) and outbox; synchronises at once, when something is queued, and every @interval_seconds (with jitter). */
void bst_sync_start (BstSync *sync, guint interval_seconds);
void bst_sync_stop (BstSync *sync);

/** bst_sync_set_push: before bst_sync_start(): @ping_seconds: how often the server shall say that it is there (default 30); 0: it is only asked. */
void bst_sync_set_push (BstSync *sync, guint ping_seconds);

/** bst_sync_set_push_when_metered: whether the server may hold a line open that costs by the octet (default: no). At any time. */
void bst_sync_set_push_when_metered (BstSync *sync, gboolean push);

/** bst_sync_set_files_when_metered: whether files, and the orders that wait for them, go over a line that costs by the octet (default: yes). At any time. */
void bst_sync_set_files_when_metered (BstSync *sync, gboolean send);

/** bst_sync_get_files_held: whether files wait for another line. */
gboolean bst_sync_get_files_held (BstSync *sync);

/** bst_sync_get_file_progress: what ::file-progress said last of @sha256, since the program was started. */
gboolean
bst_sync_get_file_progress (BstSync *sync, const char *sha256, gint64 *ret_done, gint64 *ret_size);

/** bst_sync_set_monitor: before bst_sync_start(): what tells about the line instead of the system's (tests). */
void bst_sync_set_monitor (BstSync *sync, GNetworkMonitor *monitor);

/** bst_sync_woke: the computer slept: connections from before are dropped, and the server is asked at once. Noticed by itself. */
void bst_sync_woke (BstSync *sync);

/** bst_sync_now: as soon as can be; cuts the back-off short. */
void bst_sync_now (BstSync *sync);

/** bst_sync_run: one whole round in the calling thread (tests, command line): push, then pull until nothing is left. */
gboolean bst_sync_run (BstSync *sync, GCancellable *cancellable, GError **error);

/**
 * bst_enrol_async: exchanges a code for a token.
 * Returns (finish): (transfer full): {"token","person","personName","authority","authorityName"}; errors CODE_WRONG, CODE_EXPIRED,
 * CODE_USED, OTHER_AUTHORITY, OFFLINE, CERTIFICATE, PORTAL, PROTOCOL, SERVER
 */
void bst_enrol_async (const char *server,
                      const char *code,
                      const char *device,
                      const char *ca_file,
                      GCancellable *cancellable,
                      GAsyncReadyCallback callback,
                      gpointer user_data);
GVariant *bst_enrol_finish (GAsyncResult *result, GError **error);

/** bst_enrol_parse_link: "bestiller://enrol?server=…&code=…" */
gboolean
bst_enrol_parse_link (const char *link, char **ret_server, char **ret_code, GError **error);

/** bst_sign_out_async: revokes the token at the server (best effort). */
void bst_sign_out_async (const char *server,
                         const char *token,
                         const char *ca_file,
                         GCancellable *cancellable,
                         GAsyncReadyCallback callback,
                         gpointer user_data);
gboolean bst_sign_out_finish (GAsyncResult *result, GError **error);

G_END_DECLS
