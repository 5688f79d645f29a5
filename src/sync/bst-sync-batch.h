/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "bst-jmap.h"
#include "bst-store.h"

G_BEGIN_DECLS

/*
 * One batch: outbox items and wishes for changes as one JMAP request, and the answers back as
 * outcomes. Pure: no line, no database.
 *
 * Order: for each account the orders first, then their events, since every event needs its order.
 * An item that this would move before another one of the same order waits for the next batch.
 */
typedef struct _BstSyncBatch BstSyncBatch;

/**
 * BstSyncLimits: what one request may hold; 0: any. From the session (RFC 8620 §2).
 * @octets: of the body. An item that alone is larger is refused here: it would hold back all others.
 * @calls: that set something
 * @objects: in one call
 * @apart: each order in calls of its own, so that one at which the server fails does not drag others along
 */
typedef struct
{
  gsize octets;
  guint calls;
  guint objects;
  gboolean apart;
} BstSyncLimits;

/** bst_sync_batch_new: @items (element-type BstOutboxItem) is borrowed and must outlive it. @limits: (nullable) */
BstSyncBatch *bst_sync_batch_new (GPtrArray *items, const BstSyncLimits *limits);

/**
 * bst_sync_batch_new_from_request: a batch as it was when @request was printed, to read its answer by.
 * @items: (element-type BstOutboxItem): the outbox of today, borrowed; those that @request does not ask for just so are not in it
 * @request: must outlive it
 */
BstSyncBatch *bst_sync_batch_new_from_request (GPtrArray *items, BstJmapRequest *request);
void bst_sync_batch_free (BstSyncBatch *batch);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (BstSyncBatch, bst_sync_batch_free)

/** bst_sync_batch_add_changes: asks what is new in @account since @state. */
void bst_sync_batch_add_changes (BstSyncBatch *batch,
                                 const char *account,
                                 const char *state,
                                 gint64 max_changes);

/** bst_sync_batch_add_file: @octets go along, before all else: a whole file. */
void bst_sync_batch_add_file (BstSyncBatch *batch,
                              const char *account,
                              const char *sha256,
                              GBytes *octets);

/** bst_sync_batch_get_n_calls: calls in it so far. */
guint bst_sync_batch_get_n_calls (BstSyncBatch *batch);

/** bst_sync_batch_print: the request body. (transfer full) */
GBytes *bst_sync_batch_print (BstSyncBatch *batch);

/** A file that goes, or went, along. */
typedef struct
{
  char *account;
  char *sha256;
} BstSyncFile;

/** What an answer says besides pages of records. */
typedef struct
{
  GArray *
      outcomes; /* BstOutcome: of items with a fate, and of those that were not sent. Others are unknown: they stay "sending" */
  GPtrArray *named; /* BstSyncFile: files that went along, and that the server has named */
  GPtrArray *lost;  /* char *: accounts whose changes cannot be told (cannotCalculateChanges) */
  gboolean accounts_changed; /* an account is gone: read the session again */
  guint n_settled;           /* items with a fate */
  gboolean failed; /* the server failed at a call of ours, or left one without an answer */
  guint n_left;    /* items that waited for the next batch */
  char *session_state;
} BstSyncAnswer;

void bst_sync_answer_free (BstSyncAnswer *answer);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (BstSyncAnswer, bst_sync_answer_free)

/**
 * bst_sync_batch_read:
 *
 * Returns: (transfer full): %NULL with PROTOCOL when @response is no answer to this batch, or names
 * other records than ours: nothing of it counts then
 */
BstSyncAnswer *bst_sync_batch_read (BstSyncBatch *batch, GBytes *response, GError **error);

G_END_DECLS
