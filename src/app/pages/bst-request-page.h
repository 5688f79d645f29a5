/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "bst-page.h"

G_BEGIN_DECLS

/* One request: where it stands, what can be done, its lines, conversation and history. Opened with the request's id. */
#define BST_TYPE_REQUEST_PAGE (bst_request_page_get_type ())
G_DECLARE_FINAL_TYPE (BstRequestPage, bst_request_page, BST, REQUEST_PAGE, BstPage)

G_END_DECLS
