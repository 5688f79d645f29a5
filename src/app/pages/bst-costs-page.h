/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "bst-page.h"

G_BEGIN_DECLS

/* What a year cost: by month, service, unit or obligation; budget and forecast; what does not fit; price beside quality. */
#define BST_TYPE_COSTS_PAGE (bst_costs_page_get_type ())
G_DECLARE_FINAL_TYPE (BstCostsPage, bst_costs_page, BST, COSTS_PAGE, BstPage)

G_END_DECLS
