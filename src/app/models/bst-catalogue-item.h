/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gio/gio.h>

G_BEGIN_DECLS

/* A record that was found by searching, as an item of a list model. Property "doc" (GVariant). */
#define BST_TYPE_CATALOGUE_ITEM (bst_catalogue_item_get_type ())
G_DECLARE_FINAL_TYPE (BstCatalogueItem, bst_catalogue_item, BST, CATALOGUE_ITEM, GObject)

BstCatalogueItem *bst_catalogue_item_new (GVariant *doc);

/** bst_catalogue_item_doc: of a #BstCatalogueItem or a #BstRecordRow; borrowed; %NULL while not read. */
GVariant *bst_catalogue_item_doc (gpointer item);

/** bst_catalogue_item_append: @found (from bst_store_search_finish()) to @list; those of @area only, when given. */
void bst_catalogue_item_append (GListStore *list, GPtrArray *found, const char *area);

G_END_DECLS
