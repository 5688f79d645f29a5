/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "bst-history-map.h"

G_BEGIN_DECLS

/* The cases of an export, gathered row by row: what each is about, and to which states it went, when. */

/**
 * BstHistoryCase: strings belong to the table.
 * @texts: by #BstHistoryValueKind: what the first row that says it says; %NULL: none did
 * @due: UTC seconds; 0: none
 * @line: of the file, where it is first
 * @bad: a row of it is a problem
 */
typedef struct
{
  const char *texts[BST_N_HISTORY_VALUES];
  gint64 due;
  gint64 last_at;
  guint line;
  gboolean bad;
} BstHistoryCase;

/** BstHistoryEvent: @move as the file says it; @word: its own word for it. */
typedef struct
{
  guint index; /* of the case */
  guint order; /* in the file, for those of one instant */
  gint64 at;
  const BstHistoryMove *move;
  const char *word;
} BstHistoryEvent;

/** BstHistoryProblem: one row that cannot be taken, and all that is wrong with it. */
typedef struct
{
  guint line;
  char *reason;
} BstHistoryProblem;

typedef struct _BstHistoryTable BstHistoryTable;

/** bst_history_table_new: @map is borrowed. @now: UTC seconds: nothing has happened after it */
BstHistoryTable *bst_history_table_new (BstHistoryMap *map, gint64 now);
void bst_history_table_free (BstHistoryTable *table);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (BstHistoryTable, bst_history_table_free)

/** bst_history_table_add: the reader's present row; a bad one becomes a problem. */
void bst_history_table_add (BstHistoryTable *table, BstCsvReader *reader);

/** bst_history_table_sort: after the last row: the events by case, time, place in the file. */
void bst_history_table_sort (BstHistoryTable *table);

guint bst_history_table_n_rows (BstHistoryTable *table);
guint bst_history_table_n_cases (BstHistoryTable *table);
const BstHistoryCase *bst_history_table_case (BstHistoryTable *table, guint index);

/** bst_history_table_events: of a case, in order; borrowed. */
const BstHistoryEvent *bst_history_table_events (BstHistoryTable *table, guint index, guint *ret_n);

/** bst_history_table_reject: the case cannot be taken. */
void bst_history_table_reject (BstHistoryTable *table, guint line, const char *format, ...)
    G_GNUC_PRINTF (3, 4);

/** bst_history_table_problems: the first hundred; *@ret_n says how many there are. (element-type BstHistoryProblem) */
GPtrArray *bst_history_table_problems (BstHistoryTable *table, guint *ret_n);

/* ---- what a case went through ---- */

/** BstPastStep: @waiting_for, @text: (nullable); borrowed from the events. */
typedef struct
{
  gint64 at;
  BstAction action;
  const char *waiting_for;
  const char *text;
} BstPastStep;

/**
 * bst_history_steps: what must have been done for the case to go where @events say, by the order's life.
 * @ret_end: (out): where it stands then
 *
 * A state to which no way leads is passed over. What was closed and goes on was delivered and disputed; what was cancelled
 * or rejected and goes on was not. Returns: (transfer full) (element-type BstPastStep).
 */
GArray *bst_history_steps (const BstHistoryEvent *events, guint n_events, BstHistoryMove *ret_end);

G_END_DECLS
