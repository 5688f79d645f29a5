/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "bst-level-data.h"
#include "bst-session.h"

G_BEGIN_DECLS

/*
 * Reads what a page says of the service levels of a unit, and reads it again when the store changes. Main thread; never blocks.
 *
 * Signal ::changed (): other data; also after bst_levels_choose().
 */
#define BST_TYPE_LEVELS (bst_levels_get_type ())
G_DECLARE_FINAL_TYPE (BstLevels, bst_levels, BST, LEVELS, GObject)

BstLevels *bst_levels_new (BstSession *session);

/** bst_levels_choose: @service: (nullable): all; @from, @to: months, both included. */
void bst_levels_choose (BstLevels *levels,
                        const char *unit,
                        const char *service,
                        const char *from,
                        const char *to);

/** bst_levels_get_data: borrowed until the next ::changed; %NULL until it has been read. */
const BstLevelData *bst_levels_get_data (BstLevels *levels);

/** bst_levels_get_month: the current month in the zone of @unit. (transfer full) */
char *bst_levels_get_month (BstSession *session, const char *unit);

/** bst_levels_default_unit: what is shown first: the session's unit, else the department of the person's where she sees it, else her own. (nullable); borrowed. */
const char *bst_levels_default_unit (BstSession *session);

G_END_DECLS
