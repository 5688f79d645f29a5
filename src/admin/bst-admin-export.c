/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "bst-admin.h"

#include "bst-json.h"

#include <string.h>

typedef struct
{
  GVariantBuilder records;
  const BstRecordType *type;
  guint n;
} Export;

/* What only the server may say of a record is left out: the file is for import. */
static gboolean
add_cb (GVariant *record, gpointer closure)
{
  Export *export = closure;
  g_autoptr (GVariant) doc = g_variant_ref (record);
  GVariantBuilder builder;
  GVariantIter iter;
  const char *key;
  GVariant *value;

  for (const BstField *field = export->type->fields; field->name; field++)
    if ((field->flags & BST_FIELD_SERVER) && strcmp (field->name, "id") != 0 &&
        bst_doc_has (doc, field->name))
      bst_doc_replace (&doc, bst_doc_set (doc, field->name, NULL));
  g_variant_builder_init (&builder, G_VARIANT_TYPE_VARDICT);
  g_variant_builder_add (&builder, "{sv}", "@type", g_variant_new_string (export->type->name));
  g_variant_iter_init (&iter, doc);
  while (g_variant_iter_loop (&iter, "{&sv}", &key, &value))
    g_variant_builder_add (&builder, "{sv}", key, value);
  g_variant_builder_add (&export->records, "v", g_variant_builder_end (&builder));
  export->n++;
  return TRUE;
}

static gboolean
collect (BstStorage *storage, char **types, Export *export, GError **error)
{
  for (; *types; types++)
    {
      export->type = bst_record_type_find (*types);
      if (!export->type)
        return bst_admin_usage_error (error, "“%s” is no type of record", *types);
      if (!bst_storage_each (storage, *types, add_cb, export, error))
        return FALSE;
    }
  return TRUE;
}

gboolean
bst_admin_export (BstAdmin *admin, int argc, char **argv, GError **error)
{
  g_autofree char *output = NULL;
  const GOptionEntry entries[] = { { "output", 'o', 0, G_OPTION_ARG_FILENAME, &output, NULL, NULL },
                                   { NULL } };
  g_autoptr (BstStorage) storage = NULL;
  g_autoptr (GVariant) whole = NULL;
  g_autofree char *text = NULL;
  GVariantDict file;
  Export export = { .n = 0 };

  if (!bst_admin_parse (entries, &argc, &argv, error))
    return FALSE;
  if (argc < 2)
    return bst_admin_usage_error (error, "types of records are wanted, as in “Service”");
  storage = bst_admin_open (admin, error);
  if (!storage)
    return FALSE;
  g_variant_builder_init (&export.records, G_VARIANT_TYPE ("av"));
  if (!collect (storage, argv + 1, &export, error))
    {
      g_variant_builder_clear (&export.records);
      return FALSE;
    }
  g_variant_dict_init (&file, NULL);
  g_variant_dict_insert (&file, "format", "s", "bestiller-import/1");
  g_variant_dict_insert_value (&file, "records", g_variant_builder_end (&export.records));
  whole = bst_doc_take (g_variant_dict_end (&file));
  text = bst_json_print_pretty (whole);
  if (!output)
    {
      g_string_append (admin->out, text);
      g_string_append_c (admin->out, '\n');
      return TRUE;
    }
  if (!g_file_set_contents (output, text, -1, error))
    return FALSE;
  bst_admin_print (admin, "%u records in %s.", export.n, output);
  return TRUE;
}
