/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gtk/gtk.h>

#include "bst-draft.h"
#include "bst-form-row.h"

G_BEGIN_DECLS

/*
 * One line of an order that is being written: what it is, how many, which article, and the service's questions.
 * What was answered and is no longer asked for stands below them.
 * Signals: ::remove (): the person wants it away; ::drop-answer (const char *key): an answer that is no longer asked for, too
 */
#define BST_TYPE_LINE_CARD (bst_line_card_get_type ())
G_DECLARE_FINAL_TYPE (BstLineCard, bst_line_card, BST, LINE_CARD, GtkBox)

/** bst_line_card_new: fills itself when the service has been read. */
BstLineCard *bst_line_card_new (BstSession *session, BstDraft *draft, const char *line);

const char *bst_line_card_get_line (BstLineCard *card);

/** bst_line_card_update: figures and questions after a change; the controls keep what is typed. */
void bst_line_card_update (BstLineCard *card);

/** bst_line_card_row: the row of a problem's path ("lines/l1/answers/room"); %NULL when it is not this line's. */
BstFormRow *bst_line_card_row (BstLineCard *card, const char *path);

/** bst_line_card_clear_problems, bst_line_card_set_problem: a problem that belongs to no row stands under the heading. */
void bst_line_card_clear_problems (BstLineCard *card);
void bst_line_card_set_problem (BstLineCard *card, const char *text);

G_END_DECLS
