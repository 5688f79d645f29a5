/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "bst-record-row.h"

struct _BstRecordRow
{
  GObject parent_instance;

  GVariant *doc;
};

enum
{
  PROP_DOC = 1,
  N_PROPS,
};

static GParamSpec *properties[N_PROPS];

G_DEFINE_FINAL_TYPE (BstRecordRow, bst_record_row, G_TYPE_OBJECT)

static void
bst_record_row_get_property (GObject *object, guint id, GValue *value, GParamSpec *pspec)
{
  BstRecordRow *row = BST_RECORD_ROW (object);

  if (id == PROP_DOC)
    g_value_set_variant (value, row->doc);
  else
    G_OBJECT_WARN_INVALID_PROPERTY_ID (object, id, pspec);
}

static void
bst_record_row_finalize (GObject *object)
{
  BstRecordRow *row = BST_RECORD_ROW (object);

  g_clear_pointer (&row->doc, g_variant_unref);
  G_OBJECT_CLASS (bst_record_row_parent_class)->finalize (object);
}

static void
bst_record_row_class_init (BstRecordRowClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);

  object_class->get_property = bst_record_row_get_property;
  object_class->finalize = bst_record_row_finalize;

  properties[PROP_DOC] =
      g_param_spec_variant ("doc", NULL, NULL, G_VARIANT_TYPE_VARDICT, NULL,
                            G_PARAM_READABLE | G_PARAM_STATIC_STRINGS | G_PARAM_EXPLICIT_NOTIFY);
  g_object_class_install_properties (object_class, N_PROPS, properties);
}

static void
bst_record_row_init (BstRecordRow *row)
{
}

BstRecordRow *
bst_record_row_new (void)
{
  return g_object_new (BST_TYPE_RECORD_ROW, NULL);
}

GVariant *
bst_record_row_get_doc (BstRecordRow *row)
{
  g_return_val_if_fail (BST_IS_RECORD_ROW (row), NULL);
  return row->doc;
}

void
bst_record_row_set_doc (BstRecordRow *row, GVariant *doc)
{
  if (row->doc == doc || (row->doc && doc && g_variant_equal (row->doc, doc)))
    return;
  g_clear_pointer (&row->doc, g_variant_unref);
  row->doc = doc ? g_variant_ref (doc) : NULL;
  g_object_notify_by_pspec (G_OBJECT (row), properties[PROP_DOC]);
}
