/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "bst-csv.h"

#include "bst-error.h"

#include <string.h>

/* As it stands in the text; @quoted: between quotation marks, doubled ones and carriage returns still in it. */
typedef struct
{
  const char *start;
  const char *end;
  gboolean quoted;
} Cell;

struct _BstCsvReader
{
  char *decoded; /* (nullable): what is read, when it is not the caller's text */
  const char *begin;
  const char *at;
  const char *end;
  const char *encoding;
  guint next_line;
  guint line;
  char delimiter;
  GArray *cells;          /* Cell */
  GStringChunk *unquoted; /* texts of quoted cells that were asked for */
  gboolean used;          /* @unquoted holds something */
};

void
bst_csv_reader_free (BstCsvReader *reader)
{
  g_free (reader->decoded);
  g_array_unref (reader->cells);
  g_string_chunk_free (reader->unquoted);
  g_free (reader);
}

static guint
column_at (const BstCsvReader *reader, const char *place)
{
  const char *start = place;

  while (start > reader->begin && start[-1] != '\n')
    start--;
  return (guint) g_utf8_strlen (start, place - start) + 1;
}

static gboolean
fail (const BstCsvReader *reader, guint line, const char *place, GError **error, const char *what)
{
  g_set_error (error, BST_ERROR, BST_ERROR_INVALID, "line %u, column %u: %s", line,
               column_at (reader, place), what);
  return FALSE;
}

static gboolean
at_line_end (const BstCsvReader *reader)
{
  const char *at = reader->at;

  return at == reader->end || *at == '\n' || (*at == '\r' && at + 1 < reader->end && at[1] == '\n');
}

static gboolean
read_quoted (BstCsvReader *reader, Cell *cell, GError **error)
{
  const char *opened = reader->at;
  guint line = reader->next_line;

  cell->quoted = TRUE;
  cell->start = ++reader->at;
  for (; reader->at < reader->end; reader->at++)
    {
      if (*reader->at == '\n')
        reader->next_line++;
      if (*reader->at != '"')
        continue;
      if (reader->at + 1 < reader->end && reader->at[1] == '"')
        {
          reader->at++;
          continue;
        }
      cell->end = reader->at++;
      if (!at_line_end (reader) && *reader->at != reader->delimiter)
        return fail (reader, reader->next_line, reader->at, error,
                     "text behind the closing quotation mark");
      return TRUE;
    }
  return fail (reader, line, opened, error, "a quotation mark is never closed");
}

static gboolean
read_cell (BstCsvReader *reader, GError **error)
{
  Cell cell = { reader->at, reader->at, FALSE };

  if (reader->at < reader->end && *reader->at == '"')
    {
      if (!read_quoted (reader, &cell, error))
        return FALSE;
    }
  else
    {
      while (!at_line_end (reader) && *reader->at != reader->delimiter)
        reader->at++;
      cell.end = reader->at;
    }
  g_array_append_val (reader->cells, cell);
  return TRUE;
}

static gboolean
read_row (BstCsvReader *reader, GError **error)
{
  reader->line = reader->next_line;
  g_array_set_size (reader->cells, 0);
  if (reader->used)
    g_string_chunk_clear (reader->unquoted);
  reader->used = FALSE;
  while (TRUE)
    {
      if (!read_cell (reader, error))
        return FALSE;
      if (at_line_end (reader))
        break;
      reader->at++;
    }
  if (reader->at < reader->end)
    reader->at += *reader->at == '\r' ? 2 : 1;
  reader->next_line++;
  return TRUE;
}

static gboolean
is_blank (const BstCsvReader *reader)
{
  for (guint i = 0; i < reader->cells->len; i++)
    {
      const Cell *cell = &g_array_index (reader->cells, Cell, i);

      for (const char *at = cell->start; at < cell->end; at++)
        if (!g_ascii_isspace (*at))
          return FALSE;
    }
  return TRUE;
}

gboolean
bst_csv_reader_next (BstCsvReader *reader, gboolean *ret_row, GError **error)
{
  while (reader->at < reader->end)
    {
      if (!read_row (reader, error))
        return FALSE;
      if (!is_blank (reader))
        {
          *ret_row = TRUE;
          return TRUE;
        }
    }
  *ret_row = FALSE;
  return TRUE;
}

guint
bst_csv_reader_line (BstCsvReader *reader)
{
  return reader->line;
}

guint
bst_csv_reader_n_cells (BstCsvReader *reader)
{
  return reader->cells->len;
}

char
bst_csv_reader_delimiter (BstCsvReader *reader)
{
  return reader->delimiter;
}

const char *
bst_csv_reader_encoding (BstCsvReader *reader)
{
  return reader->encoding;
}

guint
bst_csv_reader_column (BstCsvReader *reader, guint index)
{
  const Cell *cell = &g_array_index (reader->cells, Cell, index);

  return column_at (reader, cell->quoted ? cell->start - 1 : cell->start);
}

/* Doubled quotation marks are one, and a line break is a line feed. */
static const char *
unquote (BstCsvReader *reader, const char *start, const char *end, gsize *ret_len)
{
  char *text = g_string_chunk_insert_len (reader->unquoted, start, end - start);
  char *to = text;

  for (const char *from = start; from < end; from++)
    {
      if (*from == '\r' && from + 1 < end && from[1] == '\n')
        continue;
      *to++ = *from;
      from += *from == '"';
    }
  *ret_len = (gsize) (to - text);
  reader->used = TRUE;
  return text;
}

const char *
bst_csv_reader_cell (BstCsvReader *reader, guint index, gsize *ret_len)
{
  const Cell *cell;
  const char *start, *end;

  *ret_len = 0;
  if (index >= reader->cells->len)
    return "";
  cell = &g_array_index (reader->cells, Cell, index);
  start = cell->start;
  end = cell->end;
  while (start < end && g_ascii_isspace (*start))
    start++;
  while (end > start && g_ascii_isspace (end[-1]))
    end--;
  *ret_len = (gsize) (end - start);
  if (cell->quoted && (memchr (start, '"', *ret_len) || memchr (start, '\r', *ret_len)))
    return unquote (reader, start, end, ret_len);
  return start;
}

/* ---- what kind of text it is ---- */

/* Outside quotation marks, in the first line that is not empty. */
static char
find_delimiter (const char *text, const char *end)
{
  static const char candidates[] = ";\t,";
  guint counts[3] = { 0 };
  gboolean quoted = FALSE;
  guint best = 0;

  while (text < end && (*text == '\n' || *text == '\r'))
    text++;
  for (; text < end && (quoted || *text != '\n'); text++)
    {
      const char *found =
          quoted ? NULL : memchr (candidates, *text, sizeof counts / sizeof *counts);

      quoted ^= *text == '"';
      if (found)
        counts[found - candidates]++;
    }
  for (guint i = 1; i < G_N_ELEMENTS (counts); i++)
    if (counts[i] > counts[best])
      best = i;
  return candidates[best];
}

static gboolean
decode (BstCsvReader *reader, const char *text, gsize len, GError **error)
{
  gboolean marked = len >= 3 && memcmp (text, "\xef\xbb\xbf", 3) == 0;
  gsize written;

  if (memchr (text, '\0', len))
    {
      g_set_error (error, BST_ERROR, BST_ERROR_INVALID,
                   "line 1, column 1: the file is no text (it holds NUL octets)");
      return FALSE;
    }
  if (g_utf8_validate (text, (gssize) len, NULL))
    {
      reader->encoding = marked ? "UTF-8 BOM" : "UTF-8";
      reader->begin = marked ? text + 3 : text;
      reader->end = text + len;
      return TRUE;
    }
  reader->encoding = "Windows-1252";
  reader->begin = reader->decoded =
      g_convert (text, (gssize) len, "UTF-8", "WINDOWS-1252", NULL, &written, NULL);
  if (!reader->decoded)
    {
      g_set_error (error, BST_ERROR, BST_ERROR_INVALID,
                   "line 1, column 1: the file is neither UTF-8 nor Windows-1252");
      return FALSE;
    }
  reader->end = reader->begin + written;
  return TRUE;
}

BstCsvReader *
bst_csv_reader_new (const char *text, gsize len, GError **error)
{
  g_autoptr (BstCsvReader) reader = g_new0 (BstCsvReader, 1);

  reader->next_line = 1;
  reader->cells = g_array_new (FALSE, FALSE, sizeof (Cell));
  reader->unquoted = g_string_chunk_new (1024);
  if (!decode (reader, text ? text : "", len, error))
    return NULL;
  reader->at = reader->begin;
  reader->delimiter = find_delimiter (reader->begin, reader->end);
  return g_steal_pointer (&reader);
}
