/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gtk/gtk.h>

G_BEGIN_DECLS

/** bst_link_open: opens @uri ("https:", "mailto:", "tel:", "file:") in the program for it. */
void bst_link_open (GtkWidget *parent, const char *uri);

/** bst_link_open_file: opens @file in the program for its kind, through the portal where there is one. */
void bst_link_open_file (GtkWidget *parent, GFile *file);

G_END_DECLS
