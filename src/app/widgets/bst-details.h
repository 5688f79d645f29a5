/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gtk/gtk.h>

G_BEGIN_DECLS

/*
 * Something more, shown when its heading is pressed. (The focus of GTK 4.8 stumbles over a folded GtkExpander.)
 * Properties: "label" (string), "child" (GtkWidget).
 */
#define BST_TYPE_DETAILS (bst_details_get_type ())
G_DECLARE_FINAL_TYPE (BstDetails, bst_details, BST, DETAILS, GtkBox)

GtkWidget *bst_details_new (const char *label, GtkWidget *child);

G_END_DECLS
