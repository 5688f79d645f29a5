/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "bst-store.h"

G_BEGIN_DECLS

/*
 * What the pages about service levels read: the performer's Measure records, and the cases behind them. Errors as in bst-store.h.
 */

/** BstCaseScope: which cases of a period. */
typedef enum
{
  BST_CASES_ALL,  /* delivered in it, or due in it and not delivered */
  BST_CASES_LATE, /* those of them that were delivered after they were due, or are past due */
  BST_CASES_DUE, /* orders that run and are due in it as a whole, whether that is past or not: the soonest first */
} BstCaseScope;

/** BST_CASES_AT_RISK: what is due within so many seconds is about to be breached: of BST_CASES_DUE, on every page. */
#define BST_CASES_AT_RISK (2 * 24 * 60 * 60)

/**
 * BstCaseQuery:
 * @unit: (nullable): this unit and all below
 * @service: (nullable)
 * @from, @to: UTC seconds: [from, to)
 * @limit: 0: none; the first of the order are kept
 * @without_events: only the orders are read
 */
typedef struct
{
  const char *unit;
  const char *service;
  gint64 from;
  gint64 to;
  BstCaseScope scope;
  guint limit;
  gboolean without_events;
} BstCaseQuery;

/** BstStoredCase: an order of which a line is in the period, and all its events, in the order of receipt. */
typedef struct
{
  GVariant *request;
  GPtrArray *events;
} BstStoredCase;

void bst_stored_case_free (BstStoredCase *stored);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (BstStoredCase, bst_stored_case_free)

/**
 * bst_store_cases_async: effective documents; the latest delivered, or due, first (but see BST_CASES_DUE).
 * Returns (finish): (transfer full) (element-type BstStoredCase)
 */
void bst_store_cases_async (BstStore *store,
                            const BstCaseQuery *query,
                            GCancellable *cancellable,
                            GAsyncReadyCallback callback,
                            gpointer user_data);
GPtrArray *bst_store_cases_finish (BstStore *store, GAsyncResult *result, GError **error);
GPtrArray *bst_store_cases (BstStore *store, const BstCaseQuery *query, GError **error);

/**
 * BstMeasureQuery: which measures.
 * @from, @to: months, "2026-03", both included
 * @whole_from: (nullable): before this month only what a trend needs: of @unit by service just unit, month, service, met and breached; of
 * the units below nothing. %NULL: all of it from @from on
 * @service: (nullable): what is looked at, and whole in all months: this service, or all together
 */
typedef struct
{
  const char *unit;
  const char *from;
  const char *to;
  const char *whole_from;
  const char *service;
} BstMeasureQuery;

/**
 * bst_store_measures_async: the Measure records of a unit, and of the units directly below it those of all services together.
 * Returns (finish): (transfer full) (element-type GVariant)
 */
void bst_store_measures_async (BstStore *store,
                               const BstMeasureQuery *query,
                               GCancellable *cancellable,
                               GAsyncReadyCallback callback,
                               gpointer user_data);
GPtrArray *bst_store_measures_finish (BstStore *store, GAsyncResult *result, GError **error);
GPtrArray *bst_store_measures (BstStore *store, const BstMeasureQuery *query, GError **error);

/**
 * bst_replica_late: SQL's bst_late(doc, window): the latest delivery among the lines of a Request that were delivered after they
 * were due; %NULL: none.
 * @window: (nullable): "from\nto\nservice", instants [from, to): of the lines that were delivered within it; service empty: any
 * Returns: (transfer full)
 */
char *bst_replica_late (const char *doc, const char *window);

G_END_DECLS
