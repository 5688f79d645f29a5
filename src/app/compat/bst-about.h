/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gtk/gtk.h>

G_BEGIN_DECLS

/** bst_about_show: name, version, licence. */
void bst_about_show (GtkWindow *parent);

/** bst_about_toolkit: with what it runs: "GTK 4.8.3, libadwaita 1.2.2". (transfer full) */
char *bst_about_toolkit (void);

G_END_DECLS
