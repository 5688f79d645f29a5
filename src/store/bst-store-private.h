/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "bst-org.h"
#include "bst-replica.h"
#include "bst-request.h"
#include "bst-store-thread.h"
#include "bst-store.h"
#include "bst-work.h"

G_BEGIN_DECLS

typedef struct _BstResultCache BstResultCache;

struct _BstStore
{
  GObject parent_instance;

  char *directory;
  int lock; /* file descriptor */
  BstClock clock;
  char *installation;

  BstStoreThread *writer;
  BstStoreThread *reader;

  /* Writer's thread only. */
  BstWork *work;
  BstReplica *replica;
  BstOrg *org; /* of the replica; NULL: to be built */

  /* Reader's thread only. */
  BstWork *read_work;
  BstReplica *read_replica;
  BstResultCache *results;
  GHashTable *vocabularies;          /* type -> BstVocabulary */
  GHashTable *catalogue_read;        /* (nullable) row and type -> what was read of an entry */
  GHashTable *catalogue_read_before; /* (nullable) the same, of those used longer ago */

  /* Under @mutex. */
  GMutex mutex;
  GVariant *identity;
  gint64 file_limit;
  guint generation;              /* counted up with every change of the replica */
  GHashTable *catalogue_changed; /* types whose vocabulary is to be built again */
  GHashTable *pending_types;     /* ::changed to be emitted */
  gboolean pending_outbox;
  GPtrArray *pending_mine;
  GSource *notify_source;
  GMainContext *context; /* that the store was opened in */
  gboolean closed;
};

/* ---- calling the threads (bst-store.c) ---- */

/** BstStoreFunc: one job. Returns: what the caller gets; %NULL with @error set when it failed. */
typedef gpointer (*BstStoreFunc) (BstStore *store, gpointer args, GError **error);

/** For jobs that have nothing to return. */
#define BST_STORE_DONE GINT_TO_POINTER (1)

gpointer bst_store_call (BstStore *store,
                         BstStoreThread *thread,
                         BstStoreFunc func,
                         gpointer args,
                         GError **error);
void bst_store_call_async (BstStore *store,
                           BstStoreThread *thread,
                           BstStoreFunc func,
                           gpointer args,
                           GDestroyNotify free_args,
                           GDestroyNotify free_result,
                           GCancellable *cancellable,
                           GAsyncReadyCallback callback,
                           gpointer user_data,
                           gpointer tag);

/** BST_STORE_DOORS: the three doors of a job on one order, named by its uid: bst_store_NAME(), _async and _finish. */
#define BST_STORE_DOORS(name, job)                                                                 \
  gboolean bst_store_##name (BstStore *store, const char *uid, GError **error)                     \
  {                                                                                                \
    return bst_store_call (store, store->writer, job, (gpointer) uid, error) != NULL;              \
  }                                                                                                \
  void bst_store_##name##_async (BstStore *store, const char *uid, GCancellable *cancellable,      \
                                 GAsyncReadyCallback callback, gpointer user_data)                 \
  {                                                                                                \
    bst_store_call_async (store, store->writer, job, g_strdup (uid), g_free, NULL, cancellable,    \
                          callback, user_data, bst_store_##name##_async);                          \
  }                                                                                                \
  gboolean bst_store_##name##_finish (BstStore *store, GAsyncResult *result, GError **error)       \
  {                                                                                                \
    return bst_store_call_finish (store, result, bst_store_##name##_async, error) != NULL;         \
  }

/** bst_store_call_finish: what @func returned. */
gpointer
bst_store_call_finish (BstStore *store, GAsyncResult *result, gpointer tag, GError **error);

/* ---- telling (bst-store.c); after the commit ---- */

void bst_store_tell_changed (BstStore *store, const char *type);
void bst_store_tell_outbox (BstStore *store);
void bst_store_tell_mine (BstStore *store, GVariant *news);

/** bst_store_generation: changes whenever a query might have another result. */
guint bst_store_generation (BstStore *store);

/* ---- writer's thread ---- */

/** bst_store_now: the clock's time as an instant. */
char *bst_store_now (BstStore *store);

/** bst_store_org: borrowed; rebuilt when units changed. */
BstOrg *bst_store_org (BstStore *store, GError **error);

/** bst_store_roles: of the user on a unit, by grants and mandates. */
gboolean bst_store_roles (BstStore *store, const char *unit, BstRole *ret_roles, GError **error);

/** bst_store_today: in the time zone of @unit. */
char *bst_store_today (BstStore *store, const char *unit);

/** bst_store_show: after a commit of work.db. That the replica could not follow is no failure of the work. */
void bst_store_show (BstStore *store, const char *request);

/** bst_store_show_outbox: the same, when items came or went. */
void bst_store_show_outbox (BstStore *store, const char *request);

/* ---- sending orders (bst-store-submit.c); in a transaction of work.db ---- */

/** bst_store_is_on_its_way: What lies behind a refusal goes nowhere: the order can be edited then, whatever became of its later items. */
gboolean bst_store_is_on_its_way (GPtrArray *items);
gboolean bst_store_has_unsettled (GPtrArray *items, const char *type);

/** bst_store_clean_order: @draft as it is sent: without answers that nobody asks for. (transfer full) */
GVariant *bst_store_clean_order (BstStore *store, GVariant *draft);

/** bst_store_make_content: the creation, or the change of what the server has; *@ret_content is %NULL when there is nothing to change. */
void bst_store_make_content (GVariant *draft, GVariant *server, GVariant **ret_content);

/** bst_store_find_account: of an order or another record: the department of its unit. (transfer full) */
char *bst_store_find_account (BstStore *store, GVariant *record, GError **error);
gboolean bst_store_queue (BstStore *store,
                          const char *account,
                          const char *type,
                          const char *uid,
                          const char *request,
                          gboolean create,
                          GVariant *content,
                          GError **error);

/** bst_store_move_last: what waited for the order to be put right follows it: its submission, or the steps on it. */
gboolean
bst_store_move_last (BstStore *store, GPtrArray *items, gboolean submission, GError **error);

/** bst_store_queue_again: a submitted order over the record that its draft is over now. */
gboolean bst_store_queue_again (BstStore *store, const char *uid, GError **error);

/* ---- drafts of what the server has too (bst-store-merge.c, bst-store-share.c); in a transaction of work.db ---- */

/** bst_store_server_record: what the server has, as far as it said; *@ret_server is %NULL when it has nothing. */
gboolean bst_store_server_record (BstStore *store,
                                  const char *uid,
                                  GPtrArray *items,
                                  GVariant **ret_server,
                                  GError **error);

/** bst_work_draft_amends: whether it changes an order that was sent. @draft: (nullable) */
gboolean bst_work_draft_amends (const BstDraft *draft);

/** bst_store_rebase: what the server has newly is brought together with the draft, if there is one. */
gboolean bst_store_rebase (BstStore *store, const char *uid, GError **error);

/** bst_store_rebase_all: the same for all drafts, in a transaction of its own. */
gboolean bst_store_rebase_all (BstStore *store, GError **error);

/** bst_store_accept_base: @item was taken by the server: its draft is over what the server has now. */
gboolean
bst_store_accept_base (BstStore *store, const BstWorkItem *item, GVariant *record, GError **error);

/** bst_store_meet_refusal: *@ret_met: the refusal was met by bringing both together; @item is gone. */
gboolean bst_store_meet_refusal (BstStore *store,
                                 const BstWorkItem *item,
                                 GVariant *set_error,
                                 gboolean *ret_met,
                                 GError **error);

/** bst_store_queue_all_shared: what was written in shared drafts since they were last sent. */
gboolean bst_store_queue_all_shared (BstStore *store, GError **error);

/** bst_store_queue_removal: of a shared draft from the server, as @server has it. */
gboolean
bst_store_queue_removal (BstStore *store, const char *uid, GVariant *server, GError **error);

/** bst_store_take_back_removal: FORBIDDEN once it may have left. */
gboolean bst_store_take_back_removal (BstStore *store, GPtrArray *items, GError **error);

/** bst_overlay_lay_over: every property of @over set in @doc. (transfer full) */
GVariant *bst_overlay_lay_over (GVariant *doc, GVariant *over);

/** bst_overlay_refresh: lays the own work on one order over the replica again. */
gboolean bst_overlay_refresh (BstStore *store, const char *request, GError **error);

/** bst_overlay_refresh_all: all orders with own work, and those that seem to have some and have none. */
gboolean bst_overlay_refresh_all (BstStore *store, GError **error);

/** bst_store_is_written_alone: whether orderers write records of @type that are no part of an order: proposals, objections, mandates. */
gboolean bst_store_is_written_alone (const BstRecordType *type);

/** bst_overlay_type: of the record that @item is laid over: a step's is the order's. Static. */
const char *bst_overlay_type (const BstWorkItem *item);

/**
 * bst_overlay_base: a record as it will be once all that waits has been taken.
 * @ret_base: (out) (nullable) (transfer full): %NULL: there is none
 * @ret_rev: the server's revision; 0 when something waits
 */
gboolean bst_overlay_base (BstStore *store,
                           const char *id,
                           GVariant **ret_base,
                           gint64 *ret_rev,
                           GError **error);

/** bst_overlay_strip: @doc without what never leaves this computer. (transfer full) */
GVariant *bst_overlay_strip (GVariant *doc);

/**
 * bst_store_heal_drafts: a draft of an order that was sent already (from a copy of this store, or after this store went back to
 * one) gives way to the order. What is different in it stays as a draft of its own.
 */
gboolean bst_store_heal_drafts (BstStore *store, GError **error);

/** bst_store_in_doubt: whether a restored server may lack what it had received (bst-store-heal.c). */
gboolean bst_store_in_doubt (BstStore *store, gboolean *ret_doubt, GError **error);

/** bst_store_has_order: whether the order of @item is on the server, or goes there with it. @items: all */
gboolean bst_store_has_order (BstStore *store,
                              GPtrArray *items,
                              const BstWorkItem *item,
                              gboolean *ret_has,
                              GError **error);

/** bst_overlay_is_shown: whether the server's own record shows a received item. */
gboolean bst_overlay_is_shown (BstStore *store,
                               const BstWorkItem *item,
                               gboolean *ret_shown,
                               GError **error);

/** bst_overlay_prune: sets aside received items that the replica shows by now. */
gboolean bst_overlay_prune (BstStore *store, GError **error);

/* ---- files (bst-store-files.c); writer's thread ---- */

/** bst_store_open_files: while opening: forgets what nothing refers to. */
gboolean bst_store_open_files (BstStore *store, GError **error);

/** bst_store_with_blobs: @request with a blobId wherever it has a SHA-256: the server names files by it. (transfer full) */
GVariant *bst_store_with_blobs (GVariant *request);

/** bst_store_waits_for_file: whether @item refers to a file that is here and that the server does not have yet. */
gboolean bst_store_waits_for_file (BstStore *store,
                                   const BstWorkItem *item,
                                   gboolean *ret_waits,
                                   GError **error);

/**
 * bst_store_carry_files: what @item waits for goes along with it, as far as it fits into *@octets, from which it is taken.
 * @files: (element-type BstFileToSend): it is added here
 * @ret_waits: whether it did not fit
 */
gboolean bst_store_carry_files (BstStore *store,
                                const BstWorkItem *item,
                                GPtrArray *files,
                                gint64 *octets,
                                gboolean *ret_waits,
                                GError **error);

/* ---- reader's thread ---- */

/**
 * BstSelection: a query as SQL. @from: "FROM … WHERE …"; @order: "ORDER BY …"; @binds: texts for ?1 … ?N
 * @ranked: by relevance: the order is computed, not said in SQL.
 * @costly: the order cannot be had from an index: it is computed once and kept.
 */
typedef struct
{
  const char *type; /* name of the table */
  char *from;
  char *order;
  GPtrArray *binds;
  gboolean costly;
  gboolean ranked;
  gboolean nothing; /* a word that matches nothing */
} BstSelection;

void bst_selection_clear (BstSelection *selection);
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (BstSelection, bst_selection_clear)

/** bst_query_select: @match: (nullable): MATCH expression for query.text. INVALID for an unknown type or sort. */
gboolean bst_query_select (const BstQuery *query,
                           const char *match,
                           const char *today,
                           BstSelection *ret_selection,
                           GError **error);

/** bst_query_key: equal for queries with equal results. (transfer full) */
char *bst_query_key (const BstQuery *query);

/** bst_store_words: @text expanded by the vocabulary of @type, for the text index. (transfer full) (element-type GArray of BstSearchAlternative) */
GPtrArray *bst_store_words (BstStore *store,
                            const char *type,
                            const char *text,
                            const char *language,
                            GError **error);

void bst_result_cache_free (BstResultCache *cache);

G_END_DECLS
