/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "bst-case.h"

G_BEGIN_DECLS

/*
 * Tallies: which cases a figure counts, and as what. A Tally names the cases that one unit itself (nothing below it) had of one service
 * in one month; a Measure is the sum of those of its unit and of all below. Who sees the orders of a unit sees its tallies, and nobody
 * else. Ratings are in none of them: how one person rated may not be told by subtraction either.
 */

/** BstTallies: cases, on their way into Tally documents. The order in which they are added decides nothing. */
typedef struct _BstTallies BstTallies;

BstTallies *bst_tallies_new (void);
void bst_tallies_free (BstTallies *tallies);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (BstTallies, bst_tallies_free)

/** bst_tallies_add: what is told of @one is copied. A case that counts in no month is passed over. */
void bst_tallies_add (BstTallies *tallies, const BstCase *one);

/** bst_tallies_documents: Returns: (transfer full) (element-type GVariant): Tally documents, by id. */
GPtrArray *bst_tallies_documents (BstTallies *tallies);

/**
 * bst_tally_read:
 *
 * Returns: (transfer full) (element-type BstCase): the cases that @tally names, with what it tells of them; their words are borrowed from
 * it. What is wrong in it is passed over.
 */
GArray *bst_tally_read (GVariant *tally);

/** BstTallyDiffers: in what two counts of one case differ. */
typedef enum
{
  BST_TALLY_SAME = 0,
  BST_TALLY_NOT_THEIRS = 1 << 0, /* only we count it */
  BST_TALLY_NOT_OURS = 1 << 1,   /* only they do */
  BST_TALLY_MONTH = 1 << 2,
  BST_TALLY_SERVICE = 1 << 3,
  BST_TALLY_UNIT = 1 << 4,
  BST_TALLY_VERDICT = 1 << 5,
  BST_TALLY_DUE = 1 << 6,
  BST_TALLY_STOPPED = 1 << 7,
  BST_TALLY_ELAPSED = 1 << 8,
  BST_TALLY_RESPONSE = 1 << 9,
  BST_TALLY_RESPONSE_DUE = 1 << 10,
  BST_TALLY_FIRST_TIME = 1 << 11,
  BST_TALLY_CHANNEL = 1 << 12,
} BstTallyDiffers;

/**
 * bst_tally_compare: all in which two counts of one case differ, of what a tally tells.
 * @theirs, @ours: (nullable): not there; one that counts in no month is as good as not there
 */
BstTallyDiffers bst_tally_compare (const BstCase *theirs, const BstCase *ours);

G_END_DECLS
