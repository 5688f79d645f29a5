/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "bst-db.h"

G_BEGIN_DECLS

/* What the driver offers to the other files of this folder. */

/** bst_db_leave_untouched: closing @db must not write to the file, not even what waits in the log. */
void bst_db_leave_untouched (BstDb *db);

/**
 * BstScorePlan: how to score a row of a full-text index.
 *
 * Phrase i of the MATCH expression stands for word @phrases[i].word with @phrases[i].penalty. A row's score is the sum over the
 * words of its best phrase: weight of the column, divided by 1 + penalty / 4.
 */
typedef struct
{
  guint word;
  guint penalty;
  double gain; /* what the word is worth: 1, or less for one that stands everywhere */
} BstScorePhrase;

typedef struct
{
  const BstScorePhrase *phrases;
  guint n_phrases;
  const guint *weights;
  guint n_columns;
} BstScorePlan;

/** bst_db_add_scoring: makes the auxiliary function bst_score(table, plan) known to FTS5 on @db. */
gboolean bst_db_add_scoring (BstDb *db, GError **error);

/** bst_stmt_bind_plan: @plan must live until the statement is reset or done. */
void bst_stmt_bind_plan (BstStmt *stmt, int index, const BstScorePlan *plan);

G_END_DECLS
