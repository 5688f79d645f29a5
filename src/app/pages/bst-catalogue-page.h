/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "bst-page.h"

G_BEGIN_DECLS

/* The catalogue: what should happen? Areas, search as one types, rows with price and date. Opened with an area's id or nothing. */
#define BST_TYPE_CATALOGUE_PAGE (bst_catalogue_page_get_type ())
G_DECLARE_FINAL_TYPE (BstCataloguePage, bst_catalogue_page, BST, CATALOGUE_PAGE, BstPage)

G_END_DECLS
