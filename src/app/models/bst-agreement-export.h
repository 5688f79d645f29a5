/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "bst-agreement-book.h"
#include "bst-gap.h"
#include "bst-table-export.h"

G_BEGIN_DECLS

/**
 * bst_export_agreement: a row a target of @agreement: what is promised, and whether the steps behind it keep it. Main thread.
 * @gaps: (nullable) (element-type BstGap): as of bst_agreement_gaps_async()
 */
void bst_export_agreement (BstPage *page,
                           BstAgreementBook *book,
                           GVariant *agreement,
                           GPtrArray *gaps,
                           BstTableFormat format);

/** bst_gaps_find: borrowed; %NULL without one for @service. @gaps: (nullable) */
const BstGap *bst_gaps_find (GPtrArray *gaps, const char *service);

G_END_DECLS
