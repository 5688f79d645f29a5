/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "bst-import.h"

#include "bst-error.h"
#include "bst-json-place.h"
#include "bst-json.h"

#include <string.h>

#define FORMAT "bestiller-import/1"

static gboolean
read_record (BstImportFile *file,
             const char *text,
             gsize len,
             GVariant *record,
             guint index,
             const BstImportOptions *options,
             GError **error)
{
  g_autofree char *pointer = g_strdup_printf ("records/%u", index);
  const char *type_name = NULL;
  const BstRecordType *type;
  guint line, column;

  bst_json_place (text, len, pointer, &line, &column);
  if (g_variant_is_of_type (record, G_VARIANT_TYPE_VARDICT))
    type_name = bst_doc_get_string (record, "@type");
  type = bst_record_type_find (type_name);
  if (!type || !g_strv_contains (options->types, type->name))
    {
      g_set_error (error, BST_ERROR, BST_ERROR_INVALID,
                   "line %u, column %u: @type: “%s” does not belong in this import", line, column,
                   type_name ? type_name : "");
      return FALSE;
    }
  if (!bst_doc_get_string (record, "id"))
    {
      g_set_error (error, BST_ERROR, BST_ERROR_INVALID, "line %u, column %u: id: is missing", line,
                   column);
      return FALSE;
    }
  bst_import_add (file, type, bst_doc_set (record, "@type", NULL), line, column);
  return TRUE;
}

BstImportFile *
bst_import_read_json (const char *text, gsize len, const BstImportOptions *options, GError **error)
{
  g_autoptr (BstImportFile) file = g_new0 (BstImportFile, 1);
  g_autoptr (GVariant) whole = NULL;
  g_autoptr (GVariant) records = NULL;
  GVariantIter iter;
  GVariant *record;

  file->rows = g_ptr_array_new_with_free_func ((GDestroyNotify) bst_import_row_free);
  file->format = "json";
  if (len >= 3 && memcmp (text, "\xef\xbb\xbf", 3) == 0)
    {
      text += 3;
      len -= 3;
    }
  whole = bst_json_parse_object (text, (gssize) len, error);
  if (!whole)
    return NULL;
  if (g_strcmp0 (bst_doc_get_string (whole, "format"), FORMAT) != 0)
    {
      g_set_error (error, BST_ERROR, BST_ERROR_INVALID, "line 1, column 1: format: must be “%s”",
                   FORMAT);
      return NULL;
    }
  records = bst_doc_get_list (whole, "records");
  g_variant_iter_init (&iter, records);
  for (guint i = 0; g_variant_iter_next (&iter, "v", &record); i++)
    {
      g_autoptr (GVariant) held = record;

      if (!read_record (file, text, len, held, i, options, error))
        return NULL;
    }
  return g_steal_pointer (&file);
}
