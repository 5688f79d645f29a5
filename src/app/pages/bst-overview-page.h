/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "bst-page.h"

G_BEGIN_DECLS

/* What waits for me, what is late, drafts, disturbances and what happened last; rows can be dealt with in place. */
#define BST_TYPE_OVERVIEW_PAGE (bst_overview_page_get_type ())
G_DECLARE_FINAL_TYPE (BstOverviewPage, bst_overview_page, BST, OVERVIEW_PAGE, BstPage)

G_END_DECLS
