/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "bst-measure.h"
#include "bst-proof.h"
#include "bst-store-levels.h"

G_BEGIN_DECLS

/* How a proof is divided: bst-proof.c compares figures, bst-proof-count.c counts, bst-proof-cases.c compares cases. All in one thread. */

/* BstProofAsked: what is to be proved. @sees_all: the user sees every unit of it. */
typedef struct
{
  BstStore *store;
  BstOrg *org;
  char *unit;
  char *service;
  char *from;
  char *to;
  gint64 now;
  gboolean sees_all;
} BstProofAsked;

/* A case as it counts here. @found: its words are borrowed from @stored and from the key that it stands under. */
typedef struct
{
  const BstStoredCase *stored;
  BstCase found;
  gboolean matched; /* the performer names it */
} BstProofOurs;

/*
 * @orders: (element-type BstStoredCase); @ours: "order\nline" -> BstProofOurs
 * @tallies: (element-type GVariant): of the period
 * @measures, @told: added up from the cases here, and from those that the performer names
 */
typedef struct
{
  const BstProofAsked *asked;
  GHashTable *calendars;
  GPtrArray *orders;
  GHashTable *ours;
  GPtrArray *tallies;
  BstMeasures *measures;
  BstMeasures *told;
} BstProofCount;

/* bst_proof_count_new: counts all orders of the period. */
BstProofCount *bst_proof_count_new (const BstProofAsked *asked, BstProof *proof, GError **error);
void bst_proof_count_free (BstProofCount *count);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (BstProofCount, bst_proof_count_free)

/* bst_proof_count_order: counts one more order, which the performer names. %FALSE: it is not here. */
gboolean bst_proof_count_order (BstProofCount *count, const char *id);

/* bst_proof_count_find: (nullable): how it counts here. */
BstProofOurs *bst_proof_count_find (BstProofCount *count, const char *request, const char *line);

/* bst_proof_is_asked: whether @one counts in what is to be proved. */
gboolean bst_proof_is_asked (const BstProofAsked *asked, const BstCase *one);

/* bst_proof_compare_cases: fills @proof->cases and @proof->n_absent. */
gboolean bst_proof_compare_cases (BstProofCount *count, BstProof *proof, GError **error);

#define BST_PROOF_MAX_TALLIES 1000000

G_END_DECLS
