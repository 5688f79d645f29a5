/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/*
 * CSV as people's spreadsheets write it (RFC 4180 and its relatives): a header line; delimiter ; , or tab found from it;
 * UTF-8 with or without a byte order mark, or Windows-1252; quoted cells with line breaks; LF or CRLF. Empty lines are
 * passed over; blanks around a cell's text are no part of it.
 */

/* ---- row by row: nothing is kept ---- */

typedef struct _BstCsvReader BstCsvReader;

/** bst_csv_reader_new: @text is borrowed while the reader lives, and need not end in NUL. %NULL with INVALID when it is no text, or empty. */
BstCsvReader *bst_csv_reader_new (const char *text, gsize len, GError **error);
void bst_csv_reader_free (BstCsvReader *reader);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (BstCsvReader, bst_csv_reader_free)

char bst_csv_reader_delimiter (BstCsvReader *reader);
const char *bst_csv_reader_encoding (BstCsvReader *reader);

/** bst_csv_reader_next: the next row that is not empty, the header being the first; *@ret_row is %FALSE at the end. INVALID: "line L, column C: …" (quotation marks). */
gboolean bst_csv_reader_next (BstCsvReader *reader, gboolean *ret_row, GError **error);

/** bst_csv_reader_line: of the row's first character, from 1. */
guint bst_csv_reader_line (BstCsvReader *reader);
guint bst_csv_reader_n_cells (BstCsvReader *reader);

/** bst_csv_reader_cell: not ended by NUL; "" when the row has no such cell. Borrowed until the next row. */
const char *bst_csv_reader_cell (BstCsvReader *reader, guint index, gsize *ret_len);

/** bst_csv_reader_column: of the cell's first character in its line, from 1. */
guint bst_csv_reader_column (BstCsvReader *reader, guint index);

/* ---- a whole file ---- */

typedef struct
{
  char *text;
  guint column; /* of its first character in its line, from 1 */
} BstCsvCell;

typedef struct
{
  guint line;    /* of its first character, from 1 */
  GArray *cells; /* BstCsvCell */
} BstCsvRow;

typedef struct
{
  char delimiter;
  const char *encoding; /* "UTF-8", "UTF-8 BOM", "Windows-1252" */
  GPtrArray *rows;      /* BstCsvRow; the first is the header */
} BstCsv;

/** bst_csv_parse: %NULL with %BST_ERROR_INVALID, "line L, column C: …": an open quote, text behind a closing quote, more cells than headings, no header. */
BstCsv *bst_csv_parse (const char *text, gsize len, GError **error);
void bst_csv_free (BstCsv *csv);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (BstCsv, bst_csv_free)

/** bst_csv_cell: "" when the row has no such cell. Borrowed. */
const char *bst_csv_cell (const BstCsvRow *row, guint index);

G_END_DECLS
