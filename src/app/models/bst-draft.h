/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "bst-request.h"
#include "bst-session.h"

G_BEGIN_DECLS

/*
 * An order that is being written. It saves itself 300 ms after the last change, and at once when told; an order without a
 * word in it is not saved at all. Main thread; never blocks.
 *
 * Signals:
 *   ::changed (gboolean lines)  something is different; @lines: lines were added, removed, or replaced
 *   ::saved ()                  the store has confirmed: bst_draft_saved_at()
 *   ::failed (GError *)         it could not be kept; where there is no room it is tried again by itself, and this is said once
 *   ::merged ()                 a colleague wrote in it too, or something was decided: all of it is to be shown anew
 *   ::parted (gboolean kept)    a colleague sent or removed it meanwhile; @kept: what was written here is a draft of its own now
 */
#define BST_TYPE_DRAFT (bst_draft_get_type ())
G_DECLARE_FINAL_TYPE (BstDraft, bst_draft, BST, DRAFT, GObject)

/** bst_draft_new: @request: (nullable): a stored draft, a refused order, or one that was sent and is to be changed; %NULL: a new one for the session's person and unit. */
BstDraft *bst_draft_new (BstSession *session, GVariant *request);

/** bst_draft_get_doc: borrowed until the next change. */
GVariant *bst_draft_get_doc (BstDraft *draft);
const char *bst_draft_get_uid (BstDraft *draft);

/** bst_draft_amends: it changes an order that was sent: only some things may be (bst_request_may_amend()). */
gboolean bst_draft_amends (BstDraft *draft);

/** bst_draft_is_shared: colleagues see it. bst_draft_share: from now on they do. */
gboolean bst_draft_is_shared (BstDraft *draft);
void bst_draft_share (BstDraft *draft);

/** bst_draft_get_conflicts: av, as of bst_request_merge(): what two changed, and the user is to decide. Borrowed. */
GVariant *bst_draft_get_conflicts (BstDraft *draft);

/** bst_draft_decide: @value: (nullable): what is to stand at @path; floating is sunk. It is asked about no more. */
void bst_draft_decide (BstDraft *draft, const char *path, GVariant *value);

/** bst_draft_reopen: Undo of that: asked again, with @value (nullable) standing there meanwhile. */
void bst_draft_reopen (BstDraft *draft, GVariant *conflict, GVariant *value);

/** bst_draft_set: @value: floating is sunk; %NULL removes. Nothing happens when it is the same. */
void bst_draft_set (BstDraft *draft, const char *path, GVariant *value);

/** bst_draft_set_text: an empty text removes. */
void bst_draft_set_text (BstDraft *draft, const char *path, const char *text);

/** bst_draft_set_unit: with its EAN or cost place. */
void bst_draft_set_unit (BstDraft *draft, const char *unit);

/**
 * bst_draft_make_line: a line of the service as it holds for the draft's unit today: as agreed, else as in the catalogue. It is not
 * added. Returns: (transfer full)
 */
GVariant *bst_draft_make_line (BstDraft *draft,
                               GVariant *service,
                               GVariant *article,
                               gint64 quantity,
                               gint64 order);

/** bst_draft_add_line: the first also names the order, if it has no title. @bundle: (nullable). Returns: (transfer full): the line's id. */
char *bst_draft_add_line (BstDraft *draft,
                          GVariant *service,
                          GVariant *article,
                          gint64 quantity,
                          const char *bundle);

/** bst_draft_put_line: a line as it was (Undo); %NULL removes it. */
void bst_draft_put_line (BstDraft *draft, const char *id, GVariant *line);

/** bst_draft_replace_line: another article or the catalogue as it is today. */
void bst_draft_replace_line (BstDraft *draft, const char *id, GVariant *line);

/**
 * bst_draft_answer: an answer to the question @field of the line's form; %NULL removes it. What was asked is kept beside it, so
 * that the answer has words when the form has changed.
 */
void bst_draft_answer (BstDraft *draft, const char *line, GVariant *field, GVariant *answer);

/** bst_draft_drop_answer: one that is no longer asked for. bst_draft_put_line() is its Undo. */
void bst_draft_drop_answer (BstDraft *draft, const char *line, const char *key);

/** bst_draft_exchange_line: the line orders another service: quantity and day where they fit, and all answers, stay. @article: (nullable) */
void
bst_draft_exchange_line (BstDraft *draft, const char *line, GVariant *service, GVariant *article);

/** bst_draft_schedule: the days of a package's lines anew: the package has been read, or days have gone by. */
void bst_draft_schedule (BstDraft *draft);

/** bst_draft_purpose: as bst_request_purpose(). */
char *bst_draft_purpose (BstDraft *draft);

/** bst_draft_refresh: all lines as the catalogue says today: the orderer said yes. */
void bst_draft_refresh (BstDraft *draft);

/** bst_draft_problems, bst_draft_stale: as in bst-request.h. */
GPtrArray *bst_draft_problems (BstDraft *draft);
GPtrArray *bst_draft_stale (BstDraft *draft);
gboolean bst_draft_needs_approval (BstDraft *draft);

/** bst_draft_is_empty: not a word in it, and no file. */
gboolean bst_draft_is_empty (BstDraft *draft);

/** bst_draft_keep: @request given at the start is not in the store (a copy; one that was removed): save it. */
void bst_draft_keep (BstDraft *draft);

/** bst_draft_flush: what is not saved goes to the store now. */
void bst_draft_flush (BstDraft *draft);

/** bst_draft_saved_at: UTC seconds; 0: what is shown is not on the disk yet. */
gint64 bst_draft_saved_at (BstDraft *draft);

/** bst_draft_is_failing: the disk did not take what is shown; it is tried again by itself until it does. */
gboolean bst_draft_is_failing (BstDraft *draft);

/** bst_draft_submit_async: saves, then submits. Errors as bst_store_submit_async(). */
void bst_draft_submit_async (BstDraft *draft, GAsyncReadyCallback callback, gpointer user_data);
gboolean bst_draft_submit_finish (BstDraft *draft, GAsyncResult *result, GError **error);

/** bst_draft_abandon: no more saving: it was sent or removed. */
void bst_draft_abandon (BstDraft *draft);
gboolean bst_draft_is_abandoned (BstDraft *draft);

G_END_DECLS
