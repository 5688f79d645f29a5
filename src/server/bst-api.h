/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gio/gio.h>

#include "bst-storage-private.h"

G_BEGIN_DECLS

/* What is answered to which path. Knows nothing of sockets: bst-http.c hands the exchanges in. */

/** BstExchange: a request, and the reply to it. */
typedef struct
{
  const char *method;
  const char *path;
  GHashTable *query;        /* (nullable) */
  const char *content_type; /* (nullable): without parameters */
  const char *token;        /* (nullable) */
  const char *address;      /* who asks */
  const char *base;         /* "https://host:port" */
  GBytes *body;

  char *person; /* whose token it is */
  guint status;
  const char *reply_type;
  char *reply_type_free; /* behind reply_type when it was made for this reply */
  GBytes *reply;
  char *disposition; /* (nullable): Content-Disposition */
} BstExchange;

void bst_exchange_clear (BstExchange *exchange);
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (BstExchange, bst_exchange_clear)

typedef struct _BstApi BstApi;

BstApi *bst_api_new (const char *directory, const BstClock *clock, GError **error);
void bst_api_free (BstApi *api);
BstStorage *bst_api_get_storage (BstApi *api);

/** bst_api_answer: never fails: what goes wrong is a problem document (RFC 7807). */
void bst_api_answer (BstApi *api, BstExchange *exchange);

/** bst_api_check_token: sets the exchange's person, or its reply. */
gboolean bst_api_check_token (BstApi *api, BstExchange *exchange);

/** bst_exchange_problem: @type is behind https://bestiller.org/ns/problem/, or a whole URN. */
void bst_exchange_problem (BstExchange *exchange,
                           guint status,
                           const char *type,
                           const char *title,
                           const char *detail);
void bst_exchange_json (BstExchange *exchange, guint status, char *text); /* (transfer full) */

/** bst_api_session: (transfer full): the Session object (RFC 8620 §2). */
char *bst_api_session (BstApi *api, BstScope *scope, const char *person, const char *base);

/** bst_api_session_state: changes when what the session says does. (transfer full) */
char *bst_api_session_state (BstApi *api, BstScope *scope);

/** bst_api_changes: what changed in the accounts of @scope since @seen (account -> seq, updated; what is not in it has changed). (transfer full) (nullable): a StateChange. */
char *bst_api_changes (BstApi *api, BstScope *scope, GHashTable *seen, const char *types);

/** bst_api_note_seen: the accounts as they are now. */
void bst_api_note_seen (BstApi *api, BstScope *scope, GHashTable *seen);

/** bst_api_event_id: @seen as a text for Last-Event-ID; bst_api_read_event_id() reads it, and nothing out of another epoch's or a foreign one. (transfer full) */
char *bst_api_event_id (BstApi *api, GHashTable *seen);
void bst_api_read_event_id (BstApi *api, const char *id, GHashTable *seen);

/** bst_api_count_streams: for /metrics: @open event streams, and how many times one was looked at since the last call. */
void bst_api_count_streams (BstApi *api, guint open, guint looks);

/** bst_api_count: for /metrics. */
void bst_api_count (BstApi *api, guint status);

/** bst_api_jmap: answers a JMAP request of exchange->person. */
void bst_api_jmap (BstApi *api, BstExchange *exchange);

/* ---- parcels (bst-api-parcel.c) ---- */
void bst_api_parcel (BstApi *api, BstExchange *exchange);

/* ---- blobs (bst-api-blob.c) ---- */
void bst_api_upload (BstApi *api, BstExchange *exchange);
void bst_api_download (BstApi *api, BstExchange *exchange);

/* ---- uploads in parts (bst-api-part.c) ---- */
void bst_api_upload_part (BstApi *api, BstExchange *exchange);
void bst_api_ask_part (BstApi *api, BstExchange *exchange);

/** bst_storage_sweep_parts: drops uploads that nobody went on with. */
void bst_storage_sweep_parts (BstStorage *storage);

G_END_DECLS
