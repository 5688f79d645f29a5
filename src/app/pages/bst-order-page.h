/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "bst-page.h"

G_BEGIN_DECLS

/*
 * The order editor. Opened with a draft's or refused order's uid; or, for a new one, with nothing, "service:ID", "service:ID:ARTICLE",
 * "bundle:ID", "need:TEXT" or "copy:REQUEST".
 */
#define BST_TYPE_ORDER_PAGE (bst_order_page_get_type ())
G_DECLARE_FINAL_TYPE (BstOrderPage, bst_order_page, BST, ORDER_PAGE, BstPage)

G_END_DECLS
