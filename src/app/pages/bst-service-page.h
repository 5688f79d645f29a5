/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "bst-page.h"

G_BEGIN_DECLS

/* One service: what it costs, by when, what one gets, and who answers for it. Opened with the service's id. */
#define BST_TYPE_SERVICE_PAGE (bst_service_page_get_type ())
G_DECLARE_FINAL_TYPE (BstServicePage, bst_service_page, BST, SERVICE_PAGE, BstPage)

G_END_DECLS
