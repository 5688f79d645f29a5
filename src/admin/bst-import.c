/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "bst-import.h"

#include <string.h>

void
bst_import_row_free (BstImportRow *row)
{
  g_clear_pointer (&row->doc, g_variant_unref);
  g_clear_pointer (&row->places, g_hash_table_unref);
  g_free (row);
}

void
bst_import_file_free (BstImportFile *file)
{
  g_ptr_array_unref (file->rows);
  g_free (file->source);
  g_free (file);
}

BstImportRow *
bst_import_add (BstImportFile *file,
                const BstRecordType *type,
                GVariant *doc,
                guint line,
                guint column)
{
  BstImportRow *row = g_new0 (BstImportRow, 1);

  row->type = type;
  row->doc = doc;
  row->line = line;
  row->column = column;
  g_ptr_array_add (file->rows, row);
  return row;
}

BstImportFile *
bst_import_read (const char *text, gsize len, const BstImportOptions *options, GError **error)
{
  const char *at = text;
  const char *end = text + len;

  if (len >= 3 && memcmp (text, "\xef\xbb\xbf", 3) == 0)
    at += 3;
  while (at < end && g_ascii_isspace (*at))
    at++;
  if (at < end && *at == '{')
    return bst_import_read_json (text, len, options, error);
  if (at < end && *at == '<')
    return bst_import_read_ubl (text, len, options, error);
  return bst_import_read_csv (text, len, options, error);
}
