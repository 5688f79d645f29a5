/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gtk/gtk.h>

G_BEGIN_DECLS

/** bst_whole_text: @label: a GtkLabel that may be cut at its end; then, and only then, its tooltip is the whole text. */
void bst_whole_text (GtkWidget *label);

/** bst_whole_text_inside: the same for all labels of a ready-made @widget, such as a row with title and subtitle. */
void bst_whole_text_inside (GtkWidget *widget);

G_END_DECLS
