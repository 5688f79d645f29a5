/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "bst-level.h"
#include "bst-session.h"
#include "bst-tally.h"

G_BEGIN_DECLS

/*
 * The performer's figures, counted again from the cases on this computer, by the same rules (bst-measure.h), and the cases that the
 * performer's count names (bst-tally.h), compared one by one.
 */

/**
 * BstDifference: a figure that came out otherwise.
 * @service: (nullable): all together; @month: "2026-03"
 * @theirs: the performer's; @ours: from the cases here
 * @is_sum: whether the performer's figure is the sum of the cases that the performer names
 */
typedef struct
{
  char *service;
  char *month;
  BstLevel theirs;
  BstLevel ours;
  gboolean is_sum;
} BstDifference;

/**
 * BstProofCase: a case that counts otherwise here than there.
 * @request: (nullable): the order; %NULL: it is not on this computer; @events: (nullable) (element-type GVariant): of it
 * @id: of the order; @line: of the case
 * @theirs, @ours: as it is counted there and here; without a month ("") where it is not
 */
typedef struct
{
  GVariant *request;
  GPtrArray *events;
  GVariant *tally; /* (nullable): whose words @theirs borrows */
  char *id;
  char *line;
  BstCase theirs;
  BstCase ours;
  BstTallyDiffers differs;
} BstProofCase;

/**
 * BstProof:
 * @n_cases: that were counted here
 * @n_figures: that were compared; @differences: (element-type BstDifference)
 * @n_told: cases that the performer named; 0: none, so that only figures could be compared
 * @cases: (element-type BstProofCase): that count otherwise
 * @n_absent: of the cases that the performer named, those whose order is not on this computer; they are among @cases
 * @n_unseen: cases in the performer's figure of units that the user does not see; what is compared then is the rest
 */
typedef struct
{
  guint n_cases;
  guint n_figures;
  GPtrArray *differences;
  guint n_told;
  GPtrArray *cases;
  guint n_absent;
  guint n_unseen;
} BstProof;

void bst_proof_free (BstProof *proof);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (BstProof, bst_proof_free)

/**
 * bst_proof_async: off the main thread.
 * @service: (nullable): all
 * @from, @to: months, both included
 */
void bst_proof_async (BstSession *session,
                      const char *unit,
                      const char *service,
                      const char *from,
                      const char *to,
                      GCancellable *cancellable,
                      GAsyncReadyCallback callback,
                      gpointer user_data);
BstProof *bst_proof_finish (GAsyncResult *result, GError **error);

G_END_DECLS
