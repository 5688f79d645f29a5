/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "bst-charge.h"
#include "bst-session.h"

G_BEGIN_DECLS

/** BstOddCharge: a charge that was looked at. @flags: what does not fit. @order: (nullable): number of the order. */
typedef struct
{
  GVariant *charge;
  BstChargeFlags flags;
  char *order;
} BstOddCharge;

/**
 * BstCosts: what a year cost.
 * @months: (element-type BstChargeTotal): those that have charges
 * @groups: (element-type BstChargeTotal): by what was asked for
 * @budget: currency "": there is none
 * @worths: (element-type BstWorth)
 * @odd: (element-type BstOddCharge): those that do not fit, the newest first; at most a hundred
 * @n_odd: how many there are in all
 */
typedef struct
{
  int year;
  char *unit; /* (nullable): all of mine */
  BstChargeGrouping by;
  GPtrArray *months;
  GPtrArray *groups;
  BstMoney charged;
  BstMoney budget;
  BstMoney forecast;
  GPtrArray *worths;
  GPtrArray *odd;
  guint n_odd;
} BstCosts;

void bst_costs_free (BstCosts *costs);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (BstCosts, bst_costs_free)

/** bst_costs_read_async: reads it on a thread of its own. @unit: (nullable): this one and all below. Main thread. */
void bst_costs_read_async (BstSession *session,
                           int year,
                           const char *unit,
                           BstChargeGrouping by,
                           GCancellable *cancellable,
                           GAsyncReadyCallback callback,
                           gpointer user_data);

/** bst_costs_sum_async: only months, charged, budget and forecast: the rest of it stays empty. */
void bst_costs_sum_async (BstSession *session,
                          int year,
                          const char *unit,
                          GCancellable *cancellable,
                          GAsyncReadyCallback callback,
                          gpointer user_data);

/** bst_costs_read_finish: of both. */
BstCosts *bst_costs_read_finish (GAsyncResult *result, GError **error);

/** bst_costs_lines_async: the first @max charges of @query, each looked at, on a thread of its own. Main thread. */
void bst_costs_lines_async (BstSession *session,
                            const BstQuery *query,
                            guint max,
                            GCancellable *cancellable,
                            GAsyncReadyCallback callback,
                            gpointer user_data);

/** bst_costs_lines_finish: Returns: (transfer full) (element-type BstOddCharge) */
GPtrArray *bst_costs_lines_finish (GAsyncResult *result, GError **error);

/** bst_costs_share_text: "61.4 % of the budget"; %NULL without one. (transfer full) */
char *bst_costs_share_text (const BstCosts *costs, const BstMoney *part, const char *language);

/** bst_charge_flags_text: what does not fit, in words: "Charged twice · Not delivered". (transfer full) */
char *bst_charge_flags_text (BstChargeFlags flags);

/** bst_charge_objection_text: where an objection stands; %NULL when there is none. @charge: effective document. Static. */
const char *bst_charge_objection_text (GVariant *charge);

/** bst_charge_kind_text: static. */
const char *bst_charge_kind_text (GVariant *charge);

G_END_DECLS
