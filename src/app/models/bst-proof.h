/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "bst-level.h"
#include "bst-session.h"

G_BEGIN_DECLS

/*
 * The performer's figures, counted again from the cases on this computer, by the same rules (bst-measure.h).
 */

/** BstDifference: a figure that came out otherwise. @service: (nullable): all together; @month: "2026-03"; @ours: from the cases here. */
typedef struct
{
  char *service;
  char *month;
  BstLevel theirs;
  BstLevel ours;
} BstDifference;

/** BstProof: @n_cases: that were counted; @n_figures: that were compared; @differences: (element-type BstDifference). */
typedef struct
{
  guint n_cases;
  guint n_figures;
  GPtrArray *differences;
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
