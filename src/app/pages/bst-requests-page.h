/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "bst-page.h"

G_BEGIN_DECLS

/* All requests of my units: search, filter, sort. Opened with nothing, or the name of a state filter ("drafts", "late" …). */
#define BST_TYPE_REQUESTS_PAGE (bst_requests_page_get_type ())
G_DECLARE_FINAL_TYPE (BstRequestsPage, bst_requests_page, BST, REQUESTS_PAGE, BstPage)

G_END_DECLS
