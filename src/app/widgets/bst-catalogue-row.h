/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gtk/gtk.h>

#include "bst-session.h"

G_BEGIN_DECLS

/*
 * A line of the catalogue: icon, name, what it is, price, and by when. Light, because a list binds it again and again.
 */
#define BST_TYPE_CATALOGUE_ROW (bst_catalogue_row_get_type ())
G_DECLARE_FINAL_TYPE (BstCatalogueRow, bst_catalogue_row, BST, CATALOGUE_ROW, GtkBox)

GtkWidget *bst_catalogue_row_new (void);

/** bst_catalogue_row_fill: @doc: Service, Bundle or Article; (nullable): not read yet. Names the row for screen readers. */
void bst_catalogue_row_fill (BstCatalogueRow *row, GVariant *doc, BstSession *session);

/** bst_catalogue_row_refill: when an area or a calendar has come. */
void bst_catalogue_row_refill (BstCatalogueRow *row, BstSession *session);

/** bst_catalogue_type: "Service", "Bundle" or "Article": told by what the record has. Static. */
const char *bst_catalogue_type (GVariant *doc);

G_END_DECLS
