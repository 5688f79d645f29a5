/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gtk/gtk.h>

#include "bst-form-row.h"
#include "bst-session.h"

G_BEGIN_DECLS

/*
 * The questions of a service, with their conditions: a question is there only while it is asked (bst-form.h).
 * Signal ::answered (const char *key, GVariant *answer): @answer %NULL when it was emptied.
 */
#define BST_TYPE_ORDER_FORM (bst_order_form_get_type ())
G_DECLARE_FINAL_TYPE (BstOrderForm, bst_order_form, BST, ORDER_FORM, GtkBox)

/** bst_order_form_new: @answers: those there are. */
BstOrderForm *bst_order_form_new (BstSession *session, GVariant *service, GVariant *answers);

/** bst_order_form_set_answers: decides anew what is asked; the controls keep what is typed. */
void bst_order_form_set_answers (BstOrderForm *form, GVariant *answers);

/** bst_order_form_row: of a question; %NULL when there is none. */
BstFormRow *bst_order_form_row (BstOrderForm *form, const char *key);

G_END_DECLS
