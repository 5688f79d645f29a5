/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "bst-draft.h"
#include "bst-page.h"

G_BEGIN_DECLS

/*
 * What two wrote at the same place of an order, side by side, in the words of the form; for each: keep mine, take theirs, or
 * keep both where it is text. A decision can be undone from its toast. Not visible while there is nothing to decide.
 */
#define BST_TYPE_CONFLICTS (bst_conflicts_get_type ())
G_DECLARE_FINAL_TYPE (BstConflicts, bst_conflicts, BST, CONFLICTS, GtkBox)

/** bst_conflicts_show: of @draft, as it is now. @page: says what was decided. */
void bst_conflicts_show (BstConflicts *conflicts, BstPage *page, BstDraft *draft);

G_END_DECLS
