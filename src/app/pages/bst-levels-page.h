/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "bst-page.h"

G_BEGIN_DECLS

/* Service levels: result against target, by service and month, and the cases behind it. Opened with a service's id, or %NULL for all. */
#define BST_TYPE_LEVELS_PAGE (bst_levels_page_get_type ())
G_DECLARE_FINAL_TYPE (BstLevelsPage, bst_levels_page, BST, LEVELS_PAGE, BstPage)

G_END_DECLS
