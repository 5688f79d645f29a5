/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gtk/gtk.h>

G_BEGIN_DECLS

/*
 * One thing to fill in: its name above, the control, help and what is wrong below. Names the control for screen readers.
 */
#define BST_TYPE_FORM_ROW (bst_form_row_get_type ())
G_DECLARE_FINAL_TYPE (BstFormRow, bst_form_row, BST, FORM_ROW, GtkBox)

/** bst_form_row_new: @help: (nullable). @control is what gets the focus and the name. */
BstFormRow *bst_form_row_new (const char *label, const char *help, GtkWidget *control);

/** bst_form_row_set_control: for a field made in a template ("label", "help" are properties). */
void bst_form_row_set_control (BstFormRow *row, GtkWidget *control);
GtkWidget *bst_form_row_get_control (BstFormRow *row);

/** bst_form_row_name: another widget inside the control that gets the name: the entry that has the focus. */
void bst_form_row_name (BstFormRow *row, GtkWidget *inner);

/** bst_form_row_set_problem: @text: (nullable): %NULL: all is well. */
void bst_form_row_set_problem (BstFormRow *row, const char *text);

G_END_DECLS
