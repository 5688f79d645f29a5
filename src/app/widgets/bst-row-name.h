/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gtk/gtk.h>

G_BEGIN_DECLS

/**
 * bst_row_name: what a screen reader says of a row, once. The rows of libadwaita are labelled by their title and described by their
 * subtitle; a name that is set beside these would be said after them.
 * @description: (nullable): that of the row stays
 */
void bst_row_name (GtkWidget *row, const char *name, const char *description);

G_END_DECLS
