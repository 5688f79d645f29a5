/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "bst-charge.h"
#include "bst-store.h"

G_BEGIN_DECLS

/**
 * bst_store_charge_totals: blocks.
 * @query: of type "Charge": unit, service, months
 *
 * The charges added up by SQLite, as bst_charge_totals() would add them, without reading one of them. INVALID on mixed currencies in a
 * group. Returns: (transfer full) (element-type BstChargeTotal): by key
 */
GPtrArray *bst_store_charge_totals (BstStore *store,
                                    const BstQuery *query,
                                    BstChargeGrouping by,
                                    GError **error);

G_END_DECLS
