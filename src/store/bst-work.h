/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "bst-db.h"
#include "bst-store.h"

G_BEGIN_DECLS

/*
 * work.db: what only this computer has. Every function that changes something must be called between
 * bst_work_begin() and bst_work_commit(); what was committed survives power loss. Writer's thread; a
 * second object with @readonly for the reader's.
 */
typedef struct _BstWork BstWork;

/** bst_work_migrations: a released step is never edited (tests/fixtures/schema). */
extern const BstMigration bst_work_migrations[];
#define BST_WORK_APPLICATION_ID 0x42535457 /* "BSTW" */

BstWork *bst_work_open (const char *path, gboolean readonly, GError **error);
void bst_work_close (BstWork *work);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (BstWork, bst_work_close)

gboolean bst_work_begin (BstWork *work, GError **error);
gboolean bst_work_commit (BstWork *work, GError **error);
void bst_work_rollback (BstWork *work);

/** bst_work_get_db: for the files (bst-work-file.c). */
BstDb *bst_work_get_db (BstWork *work);

/* ---- meta: single values ---- */

/** bst_work_get_meta: *@ret_value (transfer full) is %NULL when it was never set. */
gboolean bst_work_get_meta (BstWork *work, const char *key, char **ret_value, GError **error);
gboolean bst_work_set_meta (BstWork *work, const char *key, const char *value, GError **error);

/* ---- drafts ---- */

/**
 * BstDraft: @submitted: it is in the outbox; the document is kept until the server has named the order, so that Undo and a
 * refusal give it back as it was.
 * @base: (nullable): the server's record, over which @doc was written; %NULL: the server has none, as far as we know
 * @conflicts: (nullable): av, as of bst_request_merge(): what is to be decided; in @doc mine stands
 * @shared: what is written goes to the server before it is sent
 */
typedef struct
{
  GVariant *doc;
  char *saved_at;
  gboolean submitted;
  GVariant *base;
  GVariant *conflicts;
  gboolean shared;
} BstDraft;

void bst_draft_free (BstDraft *draft);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (BstDraft, bst_draft_free)

/** bst_work_get_draft: *@ret_draft (transfer full) is %NULL when there is none. */
gboolean bst_work_get_draft (BstWork *work, const char *uid, BstDraft **ret_draft, GError **error);
gboolean bst_work_put_draft (BstWork *work,
                             const char *uid,
                             GVariant *doc,
                             const char *saved_at,
                             GError **error);

/** bst_work_set_base: @base, @conflicts: (nullable): as in #BstDraft. */
gboolean bst_work_set_base (BstWork *work,
                            const char *uid,
                            GVariant *base,
                            GVariant *conflicts,
                            GError **error);
gboolean bst_work_set_shared (BstWork *work, const char *uid, gboolean shared, GError **error);

/** bst_work_based_drafts: uids of those over a record of the server's. (transfer full) (element-type utf8) */
GPtrArray *bst_work_based_drafts (BstWork *work, GError **error);

/** bst_work_shared_drafts: uids of those whose text goes to the server now. (transfer full) (element-type utf8) */
GPtrArray *bst_work_shared_drafts (BstWork *work, GError **error);

/** bst_work_open_drafts: uids of those not submitted. (transfer full) (element-type utf8) */
GPtrArray *bst_work_open_drafts (BstWork *work, GError **error);
gboolean
bst_work_set_submitted (BstWork *work, const char *uid, gboolean submitted, GError **error);
gboolean bst_work_remove_draft (BstWork *work, const char *uid, GError **error);

/* ---- outbox ---- */

/**
 * BST_WORK_RECEIVED: a fourth state, behind #BstOutboxState: the server has it, and the replica does not show it yet. Such
 * items are out of the outbox, but still laid over the replica.
 */
#define BST_WORK_RECEIVED 3

/**
 * BST_WORK_KEPT: the replica shows it too. Such items lie still and are not listed; they are there for the day on which the
 * server goes back to a backup.
 */
#define BST_WORK_KEPT 4

/** BstWorkItem: @record: RECEIVED: what the server set. @local: BstOutboxState or %BST_WORK_RECEIVED. */
typedef struct
{
  BstOutboxItem item;
  int local;
  GVariant *record;
} BstWorkItem;

void bst_work_item_free (BstWorkItem *item);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (BstWorkItem, bst_work_item_free)

/** bst_work_item_is_order: whether the order stands or falls with it: its creation, its change, its submission. */
gboolean bst_work_item_is_order (const BstWorkItem *item);

/** bst_work_items: of @request, or all (%NULL), oldest first, in any state but KEPT. (transfer full) (element-type BstWorkItem) */
GPtrArray *bst_work_items (BstWork *work, const char *request, GError **error);

/** bst_work_item: %NULL with NOT_FOUND. */
BstWorkItem *bst_work_get_item (BstWork *work, gint64 seq, GError **error);

/** bst_work_add_item: account, type, uid, request, create, content and queued_at are stored; seq is given here. */
gboolean bst_work_add_item (BstWork *work, const BstOutboxItem *item, GError **error);
gboolean bst_work_remove_item (BstWork *work, gint64 seq, GError **error);

/** bst_work_move_last: behind all others. */
gboolean bst_work_move_last (BstWork *work, gint64 seq, GError **error);

gboolean bst_work_mark_sending (BstWork *work, gint64 seq, GError **error);
gboolean bst_work_mark_queued (BstWork *work, gint64 seq, GError **error);
gboolean bst_work_mark_refused (BstWork *work, gint64 seq, GVariant *set_error, GError **error);
gboolean bst_work_mark_kept (BstWork *work, gint64 seq, GError **error);

/** bst_work_doubt_kept: what is kept of @account, or of all (%NULL), counts as received again, and is to be looked for. */
gboolean bst_work_doubt_kept (BstWork *work, const char *account, GError **error);
gboolean bst_work_mark_received (BstWork *work, gint64 seq, GVariant *record, GError **error);

/** bst_work_requests: ids of the orders that have a draft or an item. (transfer full) (element-type utf8) */
GPtrArray *bst_work_requests (BstWork *work, GError **error);

/** bst_work_forget_sent: what the server has had is forgotten here, receipts too. What a draft was written over stays with it. */
gboolean bst_work_forget_sent (BstWork *work, GError **error);

/* ---- receipts ---- */

gboolean bst_work_add_receipt (BstWork *work, GVariant *receipt, GError **error);

/** bst_work_withdraw_receipt: it is no longer true. */
gboolean bst_work_withdraw_receipt (BstWork *work, const char *uid, GError **error);
GPtrArray *bst_work_receipts (BstWork *work, guint limit, GError **error);

G_END_DECLS
