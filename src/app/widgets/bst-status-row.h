/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gtk/gtk.h>

#include "bst-session.h"

G_BEGIN_DECLS

/* The state of the synchronisation, always visible at the foot of the sidebar; opens the status page. Property "session". */
#define BST_TYPE_STATUS_ROW (bst_status_row_get_type ())
G_DECLARE_FINAL_TYPE (BstStatusRow, bst_status_row, BST, STATUS_ROW, GtkWidget)

void bst_status_row_set_session (BstStatusRow *row, BstSession *session);

/** bst_status_row_get_text: what it says. Borrowed. */
const char *bst_status_row_get_text (BstStatusRow *row);

G_END_DECLS
