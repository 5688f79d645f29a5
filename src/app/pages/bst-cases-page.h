/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "bst-page.h"

G_BEGIN_DECLS

/* The cases behind a figure, each with its clock bar. The argument is that of bst_case_filter_format(). */
#define BST_TYPE_CASES_PAGE (bst_cases_page_get_type ())
G_DECLARE_FINAL_TYPE (BstCasesPage, bst_cases_page, BST, CASES_PAGE, BstPage)

G_END_DECLS
