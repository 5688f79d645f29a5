/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gio/gio.h>

#include "bst-clock.h"
#include "bst-doc.h"

G_BEGIN_DECLS

/*
 * The app's local database, one directory a server and user:
 *
 *   work.db     drafts, outbox, receipts, identity; synchronous=FULL; never thrown away
 *   replica.db  the server's documents with pending local changes laid over them, and the text
 *               index; rebuilt at will
 *
 * One thread owns both for writing; reads have a connection and a thread of their own. All functions
 * named _async may be called from any thread that runs a main context, and answer in it. The others
 * block until the store's thread has done it: not for the main thread of a display.
 *
 * Errors: BST_ERROR (NEWER, CORRUPT, STORAGE, BUSY, INVALID, FORBIDDEN, NOT_FOUND); G_IO_ERROR_CANCELLED once it is closed.
 *
 * Effective documents: what the readers get is the server's record with the user's own unsent steps
 * applied by the same rules as on the server (bst-life.h), and one more property that never leaves
 * this computer:
 *   "@local": {"state": "draft" | "queued" | "sending" | "refused", "reason": …, "problems": [{path, code, message}], "changes": […],
 *              "base": …, "conflicts": [{path, base, mine, theirs}], "amends": true, "shared": true, "removing": true}
 * It is absent when the record is as the server has it. base: the server's record, over which a draft of mine is written;
 * conflicts: what both changed (bst_request_merge()), and the user is to decide; amends: the draft changes an order that was
 * sent; shared: what is written in it goes to the server; removing: it is to go there too.
 */
#define BST_TYPE_STORE (bst_store_get_type ())
G_DECLARE_FINAL_TYPE (BstStore, bst_store, BST, STORE, GObject)

/*
 * Signals, in the main context that the store was opened in:
 *   ::changed (const char *type)   records of that type changed (sync or own work); after the commit
 *   ::outbox-changed ()            something was queued, sent, refused or received
 *   ::mine-changed (GVariant *av)  requests of mine in which somebody else did something:
 *                                  [{id, number, title, state, action}], for notifications
 */

/** bst_store_open: opens or makes the store in @directory. A corrupt replica is set aside ("replica.db.corrupt-N") and made anew. */
BstStore *bst_store_open (const char *directory, const BstClock *clock, GError **error);
void bst_store_open_async (const char *directory,
                           const BstClock *clock,
                           GCancellable *cancellable,
                           GAsyncReadyCallback callback,
                           gpointer user_data);
BstStore *bst_store_open_finish (GAsyncResult *result, GError **error);

/** bst_store_close: waits for what is under way, and takes the reference. Nothing may be asked of it afterwards. */
void bst_store_close (BstStore *store);

/* ---- identity (work.db) ---- */

/** bst_store_installation: this installation's id (UUIDv7), made once. Borrowed. */
const char *bst_store_installation (BstStore *store);

/** bst_store_get_identity: {"server","person","personName","authority","authorityName","language"…} as set. (transfer full), empty at first. Cached: does not block. */
GVariant *bst_store_get_identity (BstStore *store);
gboolean bst_store_set_identity (BstStore *store, GVariant *identity, GError **error);

/* ---- reading ---- */

/** BstQuery: which records, in which order. Zeroed: all of the type, newest change first. */
typedef struct
{
  const char *type;          /* "Request", "Service" … */
  const char *text;          /* search words; ranked unless a sort is given */
  const char *const *states; /* any of these */
  const char *unit;          /* this unit and all below */
  const char *area;
  const char *service;
  const char *request; /* RequestEvent: of this request */
  const char *orderer;
  const char *after;       /* date: submitted (or made) on or after */
  const char *before;      /* date: on or before */
  const char *first_month; /* Charge, Measure: "2026-03": this month and later */
  const char *last_month;  /* … and earlier */
  const char *obligation;  /* Charge: of a service that is "mandatory", or an "add-on" */
  const char *sort;        /* name of an indexed property; default "updated" */
  gboolean ascending;
  gboolean valid_only;  /* catalogue: what can be ordered today */
  gboolean local_only;  /* with unsent work of mine */
  const char *language; /* for text and for sorting by localized names: "da", "nb" */
} BstQuery;

BstQuery *bst_query_copy (const BstQuery *query);
void bst_query_free (BstQuery *query);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (BstQuery, bst_query_free)

/** bst_store_get_async: the effective document. NOT_FOUND when there is none. */
void bst_store_get_async (BstStore *store,
                          const char *type,
                          const char *id,
                          GCancellable *cancellable,
                          GAsyncReadyCallback callback,
                          gpointer user_data);
GVariant *bst_store_get_finish (BstStore *store, GAsyncResult *result, GError **error);
GVariant *bst_store_get (BstStore *store, const char *type, const char *id, GError **error);

/** bst_store_find_async: up to @limit documents. (transfer full) (element-type GVariant) */
void bst_store_find_async (BstStore *store,
                           const BstQuery *query,
                           guint offset,
                           guint limit,
                           GCancellable *cancellable,
                           GAsyncReadyCallback callback,
                           gpointer user_data);
GPtrArray *bst_store_find_finish (BstStore *store, GAsyncResult *result, GError **error);
GPtrArray *
bst_store_find (BstStore *store, const BstQuery *query, guint offset, guint limit, GError **error);

void bst_store_count_async (BstStore *store,
                            const BstQuery *query,
                            GCancellable *cancellable,
                            GAsyncReadyCallback callback,
                            gpointer user_data);
gint64
bst_store_count_finish (BstStore *store, GAsyncResult *result, GError **error); /* -1 on failure */
gint64 bst_store_count (BstStore *store, const BstQuery *query, GError **error);

/**
 * bst_store_search_async: the catalogue (Service, Bundle, Article), best first; as you type.
 * Returns (finish): (transfer full) (element-type GVariant): {"type": "Service", "record": {…}}: what a row shows; without
 * description, needs, terms, form, keywords, articles, responsible
 */
void bst_store_search_async (BstStore *store,
                             const char *text,
                             const char *language,
                             guint limit,
                             GCancellable *cancellable,
                             GAsyncReadyCallback callback,
                             gpointer user_data);
GPtrArray *bst_store_search_finish (BstStore *store, GAsyncResult *result, GError **error);
GPtrArray *bst_store_search (BstStore *store,
                             const char *text,
                             const char *language,
                             guint limit,
                             GError **error);

/* ---- own work ---- */

/**
 * bst_store_save_draft_async: keeps a draft (a Request document with a uid) in work.db; durable when finished.
 * A draft of a refused order is the order itself: it keeps its uid, and its reason until it is sent again.
 * Of an order that was sent (and is not over), what bst_request_may_amend() names can be changed in the same way.
 *
 * "@local/base" and "@local/conflicts" of @request say what it was written over and what is still to be decided; without them
 * it is over what was saved before, or over what the server has. What the server has newly is brought together with it at once:
 * read it again after ::changed. FORBIDDEN when it was sent meanwhile, or removed.
 */
void bst_store_save_draft_async (BstStore *store,
                                 GVariant *request,
                                 GCancellable *cancellable,
                                 GAsyncReadyCallback callback,
                                 gpointer user_data);
gboolean bst_store_save_draft_finish (BstStore *store, GAsyncResult *result, GError **error);
gboolean bst_store_save_draft (BstStore *store, GVariant *request, GError **error);

/** bst_store_remove_draft_async: a shared one goes at the server too, unless somebody has written in it since. */
void bst_store_remove_draft_async (BstStore *store,
                                   const char *uid,
                                   GCancellable *cancellable,
                                   GAsyncReadyCallback callback,
                                   gpointer user_data);
gboolean bst_store_remove_draft_finish (BstStore *store, GAsyncResult *result, GError **error);
gboolean bst_store_remove_draft (BstStore *store, const char *uid, GError **error);

/**
 * bst_store_share_draft_async: from now on the draft is at the server too, not submitted: the colleagues of its unit see it, and
 * may write in it. What was written since goes up with each call, and at every contact. NOT_FOUND when it is no draft.
 */
void bst_store_share_draft_async (BstStore *store,
                                  const char *uid,
                                  GCancellable *cancellable,
                                  GAsyncReadyCallback callback,
                                  gpointer user_data);
gboolean bst_store_share_draft_finish (BstStore *store, GAsyncResult *result, GError **error);
gboolean bst_store_share_draft (BstStore *store, const char *uid, GError **error);

/**
 * bst_store_submit_async: the draft becomes outbox items (create or update, then the submit event), in one transaction.
 * INVALID when something is missing (bst_request_problems()), or is to be decided. Changes of an order that was sent go as an update.
 */
void bst_store_submit_async (BstStore *store,
                             const char *uid,
                             GCancellable *cancellable,
                             GAsyncReadyCallback callback,
                             gpointer user_data);
gboolean bst_store_submit_finish (BstStore *store, GAsyncResult *result, GError **error);
gboolean bst_store_submit (BstStore *store, const char *uid, GError **error);

/** bst_store_withdraw: takes an order that has not left this computer back to a draft (Undo of submit). FORBIDDEN once it may have left. */
void bst_store_withdraw_async (BstStore *store,
                               const char *uid,
                               GCancellable *cancellable,
                               GAsyncReadyCallback callback,
                               gpointer user_data);
gboolean bst_store_withdraw_finish (BstStore *store, GAsyncResult *result, GError **error);
gboolean bst_store_withdraw (BstStore *store, const char *uid, GError **error);

/**
 * bst_store_add_event_async: queues a step on a request (message, confirm, cancel, dispute, rate, approve …).
 * @event: {"request","action"[,"line","text","data"]}; uid and at are filled in. FORBIDDEN by the order's life.
 */
void bst_store_add_event_async (BstStore *store,
                                GVariant *event,
                                GCancellable *cancellable,
                                GAsyncReadyCallback callback,
                                gpointer user_data);
gboolean bst_store_add_event_finish (BstStore *store, GAsyncResult *result, GError **error);
gboolean bst_store_add_event (BstStore *store, GVariant *event, GError **error);

/**
 * bst_store_put_record_async: queues the creation or the change of a record that orderers write and that is no order: a Proposal, a
 * Mandate, the objection to a Charge.
 * @record: the whole record as it should be: with a uid for a new one, with its id otherwise; what only the server sets is passed over
 *
 * Shown at once with "@local", and sent with all else. What the server refused of it before gives way to it.
 * INVALID names the property. A record that is as it was is left alone.
 */
void bst_store_put_record_async (BstStore *store,
                                 const char *type,
                                 GVariant *record,
                                 GCancellable *cancellable,
                                 GAsyncReadyCallback callback,
                                 gpointer user_data);
gboolean bst_store_put_record_finish (BstStore *store, GAsyncResult *result, GError **error);
gboolean bst_store_put_record (BstStore *store, const char *type, GVariant *record, GError **error);

/* ---- outbox and receipts ---- */

typedef enum
{
  BST_OUTBOX_QUEUED, /* on this computer */
  BST_OUTBOX_SENDING, /* left, and no answer yet: the outcome is unknown; it is sent again with the same uid */
  BST_OUTBOX_REFUSED, /* the server said no; stays until edited or dropped */
} BstOutboxState;

/** BstOutboxWait: why an item that is queued does not go now, line or not. */
typedef enum
{
  BST_WAITS_LINE,     /* for nothing but a connection */
  BST_WAITS_FILE,     /* until a file of its order is at the server */
  BST_WAITS_ORDER,    /* until its order, which was refused, is put right */
  BST_WAITS_ANSWER,   /* until an earlier change of its order is answered */
  BST_WAITS_RESTORED, /* the server was restored; another computer must bring back the order first */
} BstOutboxWait;

typedef struct
{
  gint64 seq;        /* order within the installation */
  char *account;     /* of the unit */
  char *type;        /* "Request", "RequestEvent" */
  char *uid;         /* of the record; = its id */
  char *request;     /* the order it belongs to */
  gboolean create;   /* else an update … */
  gboolean destroy;  /* … or the removal of a shared draft */
  GVariant *content; /* the record, or the PatchObject with "rev"; of a removal "rev" only */
  BstOutboxState state;
  guint tries;
  char *queued_at;
  BstOutboxWait waits; /* QUEUED; only of bst_store_outbox_waits() */
  char *reason;        /* REFUSED: SetError type */
  GVariant *error;     /* REFUSED: the SetError */
} BstOutboxItem;

void bst_outbox_item_free (BstOutboxItem *item);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (BstOutboxItem, bst_outbox_item_free)

/** bst_store_outbox: all items, oldest first. (transfer full) (element-type BstOutboxItem) */
GPtrArray *bst_store_outbox (BstStore *store, GError **error);
void bst_store_outbox_async (BstStore *store,
                             GCancellable *cancellable,
                             GAsyncReadyCallback callback,
                             gpointer user_data);
GPtrArray *bst_store_outbox_finish (BstStore *store, GAsyncResult *result, GError **error);

/** bst_store_outbox_waits: the same, and why each waits. Blocks a little longer: for pages, in a thread. */
GPtrArray *bst_store_outbox_waits (BstStore *store, GError **error);

/**
 * bst_store_receipts: what the server has named, newest first: {"uid","type","request","action","number","title","doneAt","receivedAt"}.
 * action: of a step; "change": of a record that was there. (transfer full) (element-type GVariant)
 */
GPtrArray *bst_store_receipts (BstStore *store, guint limit, GError **error);
void bst_store_receipts_async (BstStore *store,
                               guint limit,
                               GCancellable *cancellable,
                               GAsyncReadyCallback callback,
                               gpointer user_data);
GPtrArray *bst_store_receipts_finish (BstStore *store, GAsyncResult *result, GError **error);

/** bst_store_discard_refused: drops a refused item and what depends on it (after the user said so); a refused order becomes a draft again by save_draft. */
gboolean bst_store_discard_refused (BstStore *store, gint64 seq, GError **error);

/* ---- for sync (blocking; from its thread) ---- */

/**
 * bst_store_outbox_take: up to @limit items that may be sent now, in order, marked as SENDING in the same transaction.
 * What depends on a refused item stays; what is independent goes.
 */
GPtrArray *bst_store_outbox_take (BstStore *store, guint limit, GError **error);

/** One item's fate. @record: the server-set properties (or the record) when accepted; @error: the SetError when refused; both %NULL: unknown, back to the queue. */
typedef struct
{
  gint64 seq;
  GVariant *record;
  GVariant *error;
} BstOutcome;

/** bst_store_outbox_settle: outcomes and receipts in one transaction of work.db. */
gboolean bst_store_outbox_settle (BstStore *store,
                                  const BstOutcome *outcomes,
                                  guint n_outcomes,
                                  GError **error);

/**
 * bst_store_remember_session, bst_store_recall_session: the text of the last session, beside the accounts that it names:
 * whoever loses these loses it too.
 * @key: of server and token; under another one there is none
 */
gboolean
bst_store_remember_session (BstStore *store, const char *key, const char *text, GError **error);

/** Returns: (transfer full) (nullable) */
char *bst_store_recall_session (BstStore *store, const char *key, GError **error);

/** bst_store_get_checkpoint: the state up to which @account is here; %NULL for none. (transfer full) */
char *bst_store_get_checkpoint (BstStore *store, const char *account, GError **error);

/** bst_store_get_accounts: those that are here at least in part. (transfer full) */
char **bst_store_get_accounts (BstStore *store, GError **error);

/** bst_store_set_accounts: the accounts of the session ({id: {initialState}}); what is no longer there is removed from the replica. */
gboolean bst_store_set_accounts (BstStore *store, GVariant *accounts, GError **error);

/** One answer of Record/changes that was applied. */
typedef struct
{
  char *account;
  char *new_state;
  gboolean has_more;
  gint64 total; /* -1 when not said */
  gint64 position;
  guint n_records;
} BstAppliedPage;
void bst_applied_page_free (BstAppliedPage *page);

/**
 * bst_store_apply_response: applies every Record/changes answer in a JMAP Response, each page with its checkpoint in one transaction.
 * A record goes into its row as the text that it is; SQLite parses it, once.
 *
 * Returns: (transfer full) (element-type BstAppliedPage): %NULL with PROTOCOL (nothing applied), STATE_LOST
 * (cannotCalculateChanges: call bst_store_reset_account()), STORAGE …
 */
GPtrArray *bst_store_apply_response (BstStore *store, GBytes *response, GError **error);

/**
 * bst_store_set_epoch: the server's, as the session says. Another one than before: the server was restored from a backup; the
 * replica is forgotten, and what was received is in doubt until bst_store_offer_again().
 */
gboolean bst_store_set_epoch (BstStore *store, const char *epoch, GError **error);

/**
 * bst_store_offer_again: once the replica is whole: what is in doubt and not in it goes into the outbox again, under its uid.
 * Not in doubt, what was received and is not in it is for this user no longer to see, and is put away.
 * @ret_n: how much can be sent now; 0 when nothing was in doubt
 */
gboolean bst_store_offer_again (BstStore *store, guint *ret_n, GError **error);

/**
 * bst_store_wipe: this computer was reported lost: everything that came from the server goes, receipts and what is kept of sent orders
 * too, and its octets are overwritten. Drafts, unsent work and its files stay.
 */
gboolean bst_store_wipe (BstStore *store, GError **error);

/** bst_store_reset_account: forgets the replica of one account; own work stays and is laid over again. */
gboolean bst_store_reset_account (BstStore *store, const char *account, GError **error);

G_END_DECLS
