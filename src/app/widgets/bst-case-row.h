/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gtk/gtk.h>

#include "bst-case-view.h"

G_BEGIN_DECLS

/**
 * bst_case_row_new: a row of a list for one case: its order, what is said of it, and its clock bar.
 * @request: (nullable): the order; %NULL: it is not on this computer, and the row cannot be opened
 * @view: (nullable): without it there is no bar
 * @text: what is said of it
 * @zone: of the unit
 */
GtkWidget *bst_case_row_new (GVariant *request,
                             const BstCaseView *view,
                             const char *text,
                             GTimeZone *zone,
                             const char *language);

/** bst_case_row_get_request: the id of its order; %NULL: none. Borrowed. */
const char *bst_case_row_get_request (GtkListBoxRow *row);

G_END_DECLS
