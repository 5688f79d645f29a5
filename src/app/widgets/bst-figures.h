/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gtk/gtk.h>

G_BEGIN_DECLS

/*
 * A small table of figures: words on the left, numbers in a grid on the right, a heading over each column. A row that leads somewhere
 * has its name as a button. Main thread.
 *
 * Signal ::opened (const char *id): a row's name was pressed.
 */
#define BST_TYPE_FIGURES (bst_figures_get_type ())
G_DECLARE_FINAL_TYPE (BstFigures, bst_figures, BST, FIGURES, GtkWidget)

/** bst_figures_begin: empties it. @headings: ended by %NULL; the first is of the names. */
void bst_figures_begin (BstFigures *figures, const char *const *headings);

/** bst_figures_add: @id: (nullable): the row leads nowhere; @cells: as many as headings; @strong: a sum */
void
bst_figures_add (BstFigures *figures, const char *id, const char *const *cells, gboolean strong);

G_END_DECLS
