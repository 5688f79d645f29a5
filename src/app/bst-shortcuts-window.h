/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <adwaita.h>

G_BEGIN_DECLS

/** bst_shortcuts_window_new: all keys, made from the action table and the page table. */
GtkWidget *bst_shortcuts_window_new (GtkWindow *parent);

G_END_DECLS
