/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "bst-csv.h"

#include "bst-error.h"

static void
cell_clear (BstCsvCell *cell)
{
  g_free (cell->text);
}

static void
row_free (BstCsvRow *row)
{
  g_array_unref (row->cells);
  g_free (row);
}

void
bst_csv_free (BstCsv *csv)
{
  g_ptr_array_unref (csv->rows);
  g_free (csv);
}

static BstCsvRow *
copy_row (BstCsvReader *reader)
{
  BstCsvRow *row = g_new0 (BstCsvRow, 1);

  row->line = bst_csv_reader_line (reader);
  row->cells = g_array_new (FALSE, TRUE, sizeof (BstCsvCell));
  g_array_set_clear_func (row->cells, (GDestroyNotify) cell_clear);
  for (guint i = 0; i < bst_csv_reader_n_cells (reader); i++)
    {
      gsize len;
      const char *text = bst_csv_reader_cell (reader, i, &len);
      BstCsvCell cell = { g_strndup (text, len), bst_csv_reader_column (reader, i) };

      g_array_append_val (row->cells, cell);
    }
  return row;
}

static gboolean
check_width (const BstCsv *csv, const BstCsvRow *row, GError **error)
{
  const BstCsvRow *header = csv->rows->pdata[0];
  guint headings = header->cells->len;

  if (row->cells->len <= headings || !*bst_csv_cell (row, headings))
    return TRUE;
  g_set_error (error, BST_ERROR, BST_ERROR_INVALID, "line %u, column %u: more cells than headings",
               row->line, g_array_index (row->cells, BstCsvCell, headings).column);
  return FALSE;
}

BstCsv *
bst_csv_parse (const char *text, gsize len, GError **error)
{
  g_autoptr (BstCsv) csv = g_new0 (BstCsv, 1);
  g_autoptr (BstCsvReader) reader = bst_csv_reader_new (text, len, error);
  gboolean more;

  csv->rows = g_ptr_array_new_with_free_func ((GDestroyNotify) row_free);
  if (!reader)
    return NULL;
  csv->delimiter = bst_csv_reader_delimiter (reader);
  csv->encoding = bst_csv_reader_encoding (reader);
  while (TRUE)
    {
      if (!bst_csv_reader_next (reader, &more, error))
        return NULL;
      if (!more)
        break;
      g_ptr_array_add (csv->rows, copy_row (reader));
      if (!check_width (csv, csv->rows->pdata[csv->rows->len - 1], error))
        return NULL;
    }
  if (csv->rows->len == 0)
    {
      g_set_error (error, BST_ERROR, BST_ERROR_INVALID, "line 1, column 1: the file is empty");
      return NULL;
    }
  return g_steal_pointer (&csv);
}

const char *
bst_csv_cell (const BstCsvRow *row, guint index)
{
  return index < row->cells->len ? g_array_index (row->cells, BstCsvCell, index).text : "";
}
