/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "bst-catalogue-item.h"

#include "bst-doc.h"
#include "bst-record-list.h"

struct _BstCatalogueItem
{
  GObject parent_instance;

  GVariant *doc;
};

G_DEFINE_FINAL_TYPE (BstCatalogueItem, bst_catalogue_item, G_TYPE_OBJECT)

static void
bst_catalogue_item_finalize (GObject *object)
{
  g_clear_pointer (&BST_CATALOGUE_ITEM (object)->doc, g_variant_unref);
  G_OBJECT_CLASS (bst_catalogue_item_parent_class)->finalize (object);
}

static void
bst_catalogue_item_class_init (BstCatalogueItemClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = bst_catalogue_item_finalize;
}

static void
bst_catalogue_item_init (BstCatalogueItem *self)
{
}

BstCatalogueItem *
bst_catalogue_item_new (GVariant *doc)
{
  BstCatalogueItem *self = g_object_new (BST_TYPE_CATALOGUE_ITEM, NULL);

  self->doc = g_variant_ref (doc);
  return self;
}

GVariant *
bst_catalogue_item_doc (gpointer item)
{
  if (BST_IS_CATALOGUE_ITEM (item))
    return BST_CATALOGUE_ITEM (item)->doc;
  return item ? bst_record_row_get_doc (item) : NULL;
}

void
bst_catalogue_item_append (GListStore *list, GPtrArray *found, const char *area)
{
  g_autoptr (GPtrArray) items = g_ptr_array_new_with_free_func (g_object_unref);

  for (guint i = 0; i < found->len; i++)
    {
      g_autoptr (GVariant) record = bst_doc_get_map (found->pdata[i], "record");

      if (!area || g_strcmp0 (bst_doc_get_string (record, "area"), area) == 0)
        g_ptr_array_add (items, bst_catalogue_item_new (record));
    }
  g_list_store_splice (list, 0, g_list_model_get_n_items (G_LIST_MODEL (list)), items->pdata,
                       items->len);
}
