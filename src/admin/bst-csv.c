/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "bst-csv.h"

#include "bst-error.h"

#include <string.h>

typedef struct
{
  const char *at;
  const char *line_start;
  guint line;
  char delimiter;
} Reader;

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

static guint
column_at (const Reader *reader, const char *place)
{
  return (guint) g_utf8_pointer_to_offset (reader->line_start, place) + 1;
}

static gboolean
fail (const Reader *reader, GError **error, const char *what)
{
  g_set_error (error, BST_ERROR, BST_ERROR_INVALID, "line %u, column %u: %s", reader->line,
               column_at (reader, reader->at), what);
  return FALSE;
}

static gboolean
at_line_end (const Reader *reader)
{
  return *reader->at == '\0' || *reader->at == '\n' ||
         (*reader->at == '\r' && reader->at[1] == '\n');
}

static void
next_line (Reader *reader)
{
  reader->at += *reader->at == '\r' ? 2 : *reader->at == '\n' ? 1 : 0;
  reader->line_start = reader->at;
  reader->line++;
}

static gboolean
read_quoted (Reader *reader, GString *text, GError **error)
{
  const Reader opened = *reader;

  for (reader->at++; *reader->at; reader->at++)
    {
      if (*reader->at == '"' && reader->at[1] != '"')
        {
          reader->at++;
          if (!at_line_end (reader) && *reader->at != reader->delimiter)
            return fail (reader, error, "text behind the closing quotation mark");
          return TRUE;
        }
      if (*reader->at == '"')
        reader->at++;
      if (*reader->at == '\r' && reader->at[1] == '\n')
        continue;
      g_string_append_c (text, *reader->at);
      if (*reader->at == '\n')
        {
          reader->line_start = reader->at + 1;
          reader->line++;
        }
    }
  return fail (&opened, error, "a quotation mark is never closed");
}

static gboolean
read_cell (Reader *reader, BstCsvRow *row, GError **error)
{
  g_autoptr (GString) text = g_string_new (NULL);
  BstCsvCell cell = { .column = column_at (reader, reader->at) };

  if (*reader->at == '"')
    {
      if (!read_quoted (reader, text, error))
        return FALSE;
    }
  else
    while (!at_line_end (reader) && *reader->at != reader->delimiter)
      g_string_append_c (text, *reader->at++);
  cell.text = g_strstrip (g_string_free (g_steal_pointer (&text), FALSE));
  g_array_append_val (row->cells, cell);
  return TRUE;
}

static gboolean
is_blank (const BstCsvRow *row)
{
  for (guint i = 0; i < row->cells->len; i++)
    if (g_array_index (row->cells, BstCsvCell, i).text[0])
      return FALSE;
  return TRUE;
}

static gboolean
read_row (Reader *reader, BstCsv *csv, GError **error)
{
  BstCsvRow *row = g_new0 (BstCsvRow, 1);
  guint headings = csv->rows->len > 0 ? ((BstCsvRow *) csv->rows->pdata[0])->cells->len : G_MAXUINT;

  row->line = reader->line;
  row->cells = g_array_new (FALSE, TRUE, sizeof (BstCsvCell));
  g_array_set_clear_func (row->cells, (GDestroyNotify) cell_clear);
  g_ptr_array_add (csv->rows, row);
  while (TRUE)
    {
      if (!read_cell (reader, row, error))
        return FALSE;
      if (*reader->at != reader->delimiter)
        break;
      reader->at++;
    }
  if (is_blank (row))
    g_ptr_array_remove_index (csv->rows, csv->rows->len - 1);
  else if (row->cells->len > headings && g_array_index (row->cells, BstCsvCell, headings).text[0])
    return fail (reader, error, "more cells than headings");
  next_line (reader);
  return TRUE;
}

/* Outside quotation marks, in the first line that is not empty. */
static char
find_delimiter (const char *text)
{
  static const char candidates[] = ";\t,";
  guint counts[3] = { 0 };
  gboolean quoted = FALSE;
  guint best = 0;

  while (*text == '\n' || *text == '\r')
    text++;
  for (; *text && (quoted || *text != '\n'); text++)
    {
      const char *found = quoted ? NULL : strchr (candidates, *text);

      quoted ^= *text == '"';
      if (found)
        counts[found - candidates]++;
    }
  for (guint i = 1; i < G_N_ELEMENTS (counts); i++)
    if (counts[i] > counts[best])
      best = i;
  return candidates[best];
}

static char *
decode (const char *text, gsize len, const char **ret_encoding, GError **error)
{
  char *decoded;

  if (memchr (text, '\0', len))
    {
      g_set_error (error, BST_ERROR, BST_ERROR_INVALID,
                   "line 1, column 1: the file is no text (it holds NUL octets)");
      return NULL;
    }
  if (len >= 3 && memcmp (text, "\xef\xbb\xbf", 3) == 0 &&
      g_utf8_validate (text + 3, (gssize) len - 3, NULL))
    {
      *ret_encoding = "UTF-8 BOM";
      return g_strndup (text + 3, len - 3);
    }
  if (g_utf8_validate (text, (gssize) len, NULL))
    {
      *ret_encoding = "UTF-8";
      return g_strndup (text, len);
    }
  *ret_encoding = "Windows-1252";
  decoded = g_convert (text, (gssize) len, "UTF-8", "WINDOWS-1252", NULL, NULL, NULL);
  if (!decoded)
    g_set_error (error, BST_ERROR, BST_ERROR_INVALID,
                 "line 1, column 1: the file is neither UTF-8 nor Windows-1252");
  return decoded;
}

BstCsv *
bst_csv_parse (const char *text, gsize len, GError **error)
{
  g_autoptr (BstCsv) csv = g_new0 (BstCsv, 1);
  g_autofree char *decoded = NULL;
  Reader reader = { .line = 1 };

  csv->rows = g_ptr_array_new_with_free_func ((GDestroyNotify) row_free);
  decoded = decode (text, len, &csv->encoding, error);
  if (!decoded)
    return NULL;
  csv->delimiter = reader.delimiter = find_delimiter (decoded);
  reader.at = reader.line_start = decoded;
  while (*reader.at)
    if (!read_row (&reader, csv, error))
      return NULL;
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
