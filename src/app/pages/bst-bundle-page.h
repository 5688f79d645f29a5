/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "bst-page.h"

G_BEGIN_DECLS

/* A package: the services that belong together, what they cost, and one button for all. Opened with the bundle's id. */
#define BST_TYPE_BUNDLE_PAGE (bst_bundle_page_get_type ())
G_DECLARE_FINAL_TYPE (BstBundlePage, bst_bundle_page, BST, BUNDLE_PAGE, BstPage)

G_END_DECLS
