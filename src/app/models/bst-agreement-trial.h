/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "bst-agreement-book.h"
#include "bst-gap.h"
#include "bst-proposal.h"

G_BEGIN_DECLS

/*
 * What an agreement, or a change of it, would mean: computed in threads from a snapshot of the book and the store's orders.
 * Called from the main thread.
 */

/** bst_agreement_gaps_async: bst_gap_map() of @agreement. */
void bst_agreement_gaps_async (BstAgreementBook *book,
                               GVariant *agreement,
                               GCancellable *cancellable,
                               GAsyncReadyCallback callback,
                               gpointer user_data);
GPtrArray *bst_agreement_gaps_finish (BstAgreementBook *book, GAsyncResult *result, GError **error);

/**
 * BstTrial: what other terms would mean.
 * @gap: of the steps behind the promise
 * @replay: of the department's own orders
 */
typedef struct
{
  BstGap *gap;
  BstReplay replay;
} BstTrial;
void bst_trial_free (BstTrial *trial);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (BstTrial, bst_trial_free)

/**
 * bst_agreement_trial_async: over the orders of the agreement's unit and below in the last 13 months, as many as are here.
 * @price: (nullable): what the performer offers
 */
void bst_agreement_trial_async (BstAgreementBook *book,
                                GVariant *agreement,
                                const char *service,
                                GVariant *promise,
                                GVariant *price,
                                GCancellable *cancellable,
                                GAsyncReadyCallback callback,
                                gpointer user_data);
BstTrial *bst_agreement_trial_finish (BstAgreementBook *book, GAsyncResult *result, GError **error);

G_END_DECLS
