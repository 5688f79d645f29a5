/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gtk/gtk.h>

#include "bst-draft.h"

G_BEGIN_DECLS

/*
 * The slip beside an order that is being written: lines with date and price, the sum, who approves, what is missing, and Send.
 * Signals: ::go (const char *path) a missing thing was clicked; ::send ().
 */
#define BST_TYPE_SLIP (bst_slip_get_type ())
G_DECLARE_FINAL_TYPE (BstSlip, bst_slip, BST, SLIP, GtkBox)

/** bst_slip_fill: @problems: (element-type BstProblem) of @draft. */
void bst_slip_fill (BstSlip *slip, BstSession *session, BstDraft *draft, GPtrArray *problems);

/** bst_slip_set_saved: "Saved 14:02 on this computer"; @text empty: not yet. @safe: %FALSE: it says that it is not, and stands out. */
void bst_slip_set_saved (BstSlip *slip, const char *text, gboolean safe);

/** bst_slip_get_button: Send. */
GtkWidget *bst_slip_get_button (BstSlip *slip);

G_END_DECLS
