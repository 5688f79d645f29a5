/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "bst-history-names.h"
#include "bst-history-table.h"

G_BEGIN_DECLS

/* Cases of another system written as requests that have been. */

/** BstHistoryCounts: @kept: they were taken over before and have been worked on here since */
typedef struct
{
  guint added;
  guint changed;
  guint same;
  guint kept;
  guint left_out;
} BstHistoryCounts;

/**
 * bst_history_write_all:
 * @table: sorted
 *
 * A case that has no counterpart here becomes a problem of @table. In a transaction. Returns: %FALSE when the database failed.
 */
gboolean bst_history_write_all (BstStorage *storage,
                                BstHistoryMap *map,
                                BstHistoryTable *table,
                                BstHistoryNames *units,
                                BstHistoryNames *services,
                                BstHistoryCounts *ret_counts,
                                GError **error);

G_END_DECLS
