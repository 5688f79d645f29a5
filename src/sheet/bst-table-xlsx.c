/* SPDX-License-Identifier: GPL-3.0-or-later */

/* The one file that knows libxlsxwriter. */

#include "bst-table-private.h"

#include "bst-error.h"

#include <glib/gstdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include <xlsxwriter.h>

#define MAX_ROWS       (LXW_ROW_MAX - 1)
#define MAX_TEXT       32767 /* characters of a cell, by the format */
#define MAX_SHEET_NAME 31
#define NARROWEST      8.0
#define WIDEST         60.0

typedef struct
{
  BstTable *table;
  lxw_workbook *book;
  lxw_worksheet *sheet;
  lxw_format *headings;
  lxw_format **formats;   /* of each column */
  GHashTable *currencies; /* where a column has several */
  guint *widths;          /* of each column, in characters */
} Writer;

/* ---- looks ---- */

/* Numbers 14 and 22 are written as the reader's own language writes days and times. */
static void
set_number_format (lxw_format *format, const BstColumn *column)
{
  static const char *const numbers[] = { "#,##0", "#,##0.0", "#,##0.00", "#,##0.000" };
  static const char *const percents[] = { "0%", "0.0%", "0.00%", "0.000%" };
  guint decimals = MIN (column->decimals, 3);

  switch (column->kind)
    {
    case BST_CELL_NUMBER:
      format_set_num_format (format, numbers[decimals]);
      break;
    case BST_CELL_PERCENT:
      format_set_num_format (format, percents[decimals]);
      break;
    case BST_CELL_MONEY:
      format_set_num_format (format, bst_money_decimals (column->currency) ? "#,##0.00" : "#,##0");
      break;
    case BST_CELL_DATE:
      format_set_num_format_index (format, 14);
      break;
    case BST_CELL_INSTANT:
      format_set_num_format_index (format, 22);
      break;
    case BST_CELL_DURATION:
      format_set_num_format (format, "[h]:mm");
      break;
    case BST_CELL_TEXT:
    default:
      format_set_align (format, LXW_ALIGN_VERTICAL_TOP);
      break;
    }
}

static lxw_format *
currency_format (Writer *writer, const char *currency)
{
  lxw_format *format = g_hash_table_lookup (writer->currencies, currency);
  g_autofree char *code = NULL;

  if (format)
    return format;
  format = workbook_add_format (writer->book);
  code =
      g_strdup_printf ("%s [$%s]", bst_money_decimals (currency) ? "#,##0.00" : "#,##0", currency);
  format_set_num_format (format, code);
  g_hash_table_insert (writer->currencies, g_strdup (currency), format);
  return format;
}

/* ---- cells ---- */

static void
note_width (Writer *writer, guint column, glong width)
{
  writer->widths[column] = MAX (writer->widths[column], (guint) width);
}

static void
write_text (Writer *writer, guint row, guint column, const char *text)
{
  glong length = g_utf8_strlen (text, -1);
  g_autofree char *cut = length > MAX_TEXT ? g_utf8_substring (text, 0, MAX_TEXT) : NULL;

  note_width (writer, column, length);
  worksheet_write_string (writer->sheet, row, (lxw_col_t) column, cut ? cut : text,
                          writer->formats[column]);
}

static void
write_date (Writer *writer, guint row, guint column, const char *date)
{
  lxw_datetime when = { 0 };

  when.year = atoi (date);
  when.month = atoi (date + 5);
  when.day = atoi (date + 8);
  note_width (writer, column, 10);
  /* What lies before a spreadsheet's first day stays a text. */
  if (when.year < 1900)
    worksheet_write_string (writer->sheet, row, (lxw_col_t) column, date, NULL);
  else
    worksheet_write_datetime (writer->sheet, row, (lxw_col_t) column, &when,
                              writer->formats[column]);
}

static void
write_instant (Writer *writer, guint row, guint column, gint64 at)
{
  g_autoptr (GDateTime) utc = g_date_time_new_from_unix_utc (at);
  g_autoptr (GDateTime) local = utc ? g_date_time_to_timezone (utc, writer->table->zone) : NULL;
  lxw_datetime moment = { 0 };

  note_width (writer, column, 16);
  if (!local || g_date_time_get_year (local) < 1900)
    return;
  g_date_time_get_ymd (local, &moment.year, &moment.month, &moment.day);
  moment.hour = g_date_time_get_hour (local);
  moment.min = g_date_time_get_minute (local);
  moment.sec = g_date_time_get_second (local);
  worksheet_write_datetime (writer->sheet, row, (lxw_col_t) column, &moment,
                            writer->formats[column]);
}

/* The format knows nothing but floating points; it is one only here, and only as many digits as it holds exactly. */
static void
write_money (Writer *writer, guint row, guint column, const BstColumn *of, const BstCell *cell)
{
  g_autofree char *text = bst_table_money_text (cell, ".");

  note_width (writer, column, (glong) strlen (text) + 4);
  worksheet_write_number (writer->sheet, row, (lxw_col_t) column, g_ascii_strtod (text, NULL),
                          of->mixed && *cell->currency ? currency_format (writer, cell->currency)
                                                       : writer->formats[column]);
}

static void
write_number (Writer *writer, guint row, guint column, double number)
{
  note_width (writer, column, 8);
  worksheet_write_number (writer->sheet, row, (lxw_col_t) column, number, writer->formats[column]);
}

static void
write_cell (Writer *writer, guint row, guint column)
{
  const BstColumn *of = &g_array_index (writer->table->columns, BstColumn, column);
  const BstCell *cell = bst_table_cell (writer->table, row - 1, column);

  if (!cell->filled)
    return;
  switch (of->kind)
    {
    case BST_CELL_TEXT:
      write_text (writer, row, column, cell->text);
      break;
    case BST_CELL_NUMBER:
      write_number (writer, row, column, cell->number);
      break;
    case BST_CELL_PERCENT:
      write_number (writer, row, column, cell->number / 100.0);
      break;
    case BST_CELL_MONEY:
      write_money (writer, row, column, of, cell);
      break;
    case BST_CELL_DATE:
      write_date (writer, row, column, cell->text);
      break;
    case BST_CELL_INSTANT:
      write_instant (writer, row, column, cell->whole);
      break;
    case BST_CELL_DURATION:
      write_number (writer, row, column, (double) cell->whole / 86400.0);
      break;
    default:
      g_assert_not_reached ();
    }
}

/* ---- the sheet ---- */

static char *
sheet_name (const char *title)
{
  g_autofree char *valid = g_utf8_make_valid (title, -1);
  g_autofree char *name =
      g_strdelimit (g_utf8_substring (valid, 0, MIN (MAX_SHEET_NAME, g_utf8_strlen (valid, -1))),
                    "[]:*?/\\'", ' ');

  return *g_strstrip (name) ? g_steal_pointer (&name) : g_strdup ("Bestiller");
}

static void
write_headings (Writer *writer)
{
  for (guint i = 0; i < writer->table->columns->len; i++)
    {
      const BstColumn *column = &g_array_index (writer->table->columns, BstColumn, i);
      g_autofree char *heading = bst_table_heading (writer->table, column, "h:mm");

      writer->formats[i] = workbook_add_format (writer->book);
      set_number_format (writer->formats[i], column);
      /* Room for the filter's button. */
      note_width (writer, i, g_utf8_strlen (heading, -1) + 3);
      worksheet_write_string (writer->sheet, 0, (lxw_col_t) i, heading, writer->headings);
    }
}

static void
write_sheet (Writer *writer)
{
  guint n_columns = writer->table->columns->len;
  guint n_rows = bst_table_get_n_rows (writer->table);
  g_autofree char *name = sheet_name (writer->table->title);

  writer->sheet = workbook_add_worksheet (writer->book, name);
  writer->headings = workbook_add_format (writer->book);
  format_set_bold (writer->headings);
  format_set_bottom (writer->headings, LXW_BORDER_THIN);
  write_headings (writer);
  for (guint row = 1; row <= n_rows; row++)
    for (guint i = 0; i < n_columns; i++)
      write_cell (writer, row, i);
  worksheet_freeze_panes (writer->sheet, 1, 0);
  if (n_columns)
    worksheet_autofilter (writer->sheet, 0, 0, n_rows, (lxw_col_t) (n_columns - 1));
  for (guint i = 0; i < n_columns; i++)
    worksheet_set_column (writer->sheet, (lxw_col_t) i, (lxw_col_t) i,
                          CLAMP (writer->widths[i] + 1.0, NARROWEST, WIDEST), NULL);
}

static gboolean
write_book (BstTable *table, const char *path, GError **error)
{
  lxw_workbook_options options = { .constant_memory = LXW_TRUE,
                                   .tmpdir = (char *) g_get_tmp_dir () };
  g_autofree lxw_format **formats = g_new0 (lxw_format *, table->columns->len + 1);
  g_autofree guint *widths = g_new0 (guint, table->columns->len + 1);
  g_autoptr (GHashTable) currencies = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  Writer writer = { .table = table,
                    .book = workbook_new_opt (path, &options),
                    .formats = formats,
                    .currencies = currencies,
                    .widths = widths };
  lxw_error failed;

  if (!writer.book)
    {
      g_set_error (error, BST_ERROR, BST_ERROR_STORAGE, "%s cannot be written", path);
      return FALSE;
    }
  write_sheet (&writer);
  failed = workbook_close (writer.book);
  if (failed)
    g_set_error (error, BST_ERROR, BST_ERROR_STORAGE, "%s: %s", path, lxw_strerror (failed));
  return !failed;
}

/* The library writes to a path only; the place where the file shall be may be none. */
GBytes *
bst_table_to_xlsx (BstTable *table, GError **error)
{
  g_autofree char *path = NULL;
  g_autofree char *data = NULL;
  gsize len = 0;
  gboolean done;
  int file;

  if (bst_table_get_n_rows (table) > MAX_ROWS)
    {
      g_set_error (error, BST_ERROR, BST_ERROR_TOO_LARGE, "a sheet holds %u rows, and these are %u",
                   MAX_ROWS, bst_table_get_n_rows (table));
      return NULL;
    }
  file = g_file_open_tmp ("bestiller-XXXXXX.xlsx", &path, error);
  if (file < 0)
    return NULL;
  close (file);
  done = write_book (table, path, error) && g_file_get_contents (path, &data, &len, error);
  g_unlink (path);
  return done ? g_bytes_new_take (g_steal_pointer (&data), len) : NULL;
}
