/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <adwaita.h>

G_BEGIN_DECLS

/** bst_expander_add_suffix: a widget at the end of the row, beside the arrow. */
void bst_expander_add_suffix (AdwExpanderRow *row, GtkWidget *widget);

G_END_DECLS
