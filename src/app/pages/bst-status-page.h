/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "bst-page.h"

G_BEGIN_DECLS

/* What waits to be sent and why, what was received, and when the server was last heard. */
#define BST_TYPE_STATUS_PAGE (bst_status_page_get_type ())
G_DECLARE_FINAL_TYPE (BstStatusPage, bst_status_page, BST, STATUS_PAGE, BstPage)

G_END_DECLS
