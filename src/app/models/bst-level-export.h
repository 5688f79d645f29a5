/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "bst-level-data.h"
#include "bst-table-export.h"

G_BEGIN_DECLS

/* What the page of the service levels exports. Main thread. */

/** bst_export_levels: all of its results in one table: a row a service, a month, a unit and a way in. @data: as shown */
void bst_export_levels (BstPage *page, const BstLevelData *data, BstTableFormat format);

/** bst_export_late: a row a breached case of the period. @data: as shown */
void bst_export_late (BstPage *page, const BstLevelData *data, BstTableFormat format);

G_END_DECLS
