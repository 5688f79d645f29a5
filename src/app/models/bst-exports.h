/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "bst-table-export.h"

G_BEGIN_DECLS

/* What the lists export: every record that is found, whether its row was ever shown or not. Main thread. */

/** bst_export_requests: @query: as the list has it. */
void bst_export_requests (BstPage *page, const BstQuery *query, BstTableFormat format);

/** bst_export_catalogue: services and packages of an area (%NULL: all) that can be ordered today. */
void bst_export_catalogue (BstPage *page, const char *area, BstTableFormat format);

/** bst_export_found: what a search found. @docs: (element-type GVariant): Service, Bundle or Article documents */
void bst_export_found (BstPage *page, GPtrArray *docs, BstTableFormat format);

/** bst_export_receipts: what the server has named. */
void bst_export_receipts (BstPage *page, BstTableFormat format);

G_END_DECLS
