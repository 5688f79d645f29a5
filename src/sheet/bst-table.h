/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gio/gio.h>

#include "bst-money.h"

G_BEGIN_DECLS

/*
 * A table on its way out of the program: into a file that spreadsheets read. What a cell is, is kept: a date is a date there, an
 * amount a number. Fill it on one thread, hand it on, and write it on any other; no calls at the same time.
 *
 * CSV: RFC 4180 with a byte order mark, UTF-8. Where the decimal sign is a comma, cells are parted by semicolons. Numbers are not
 * grouped; days and instants are as in ISO 8601, which spreadsheets read as such whatever their language. A text that a spreadsheet
 * would take for a formula begins with an apostrophe.
 *
 * .xlsx: one sheet, its first row bold, frozen, and with a filter; columns as wide as what is in them.
 */
typedef enum
{
  BST_CELL_TEXT,
  BST_CELL_NUMBER,
  BST_CELL_MONEY,   /* the currency stands in the heading: "Amount (DKK)" */
  BST_CELL_PERCENT, /* 0 … 100 */
  BST_CELL_DATE,
  BST_CELL_INSTANT,
  BST_CELL_DURATION, /* seconds; shown as hours and minutes, and the heading says so: "Late (h:mm)" */
} BstCellKind;

typedef struct _BstTable BstTable;

/**
 * bst_table_new:
 * @title: names the sheet, and the file
 * @language: "da", "nb", "nn", "en": decides the decimal sign of CSV
 * @zone: in which instants are written
 */
BstTable *bst_table_new (const char *title, const char *language, GTimeZone *zone);
BstTable *bst_table_ref (BstTable *table);
void bst_table_unref (BstTable *table);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (BstTable, bst_table_unref)

const char *bst_table_get_title (BstTable *table);
guint bst_table_get_n_rows (BstTable *table);

/** bst_table_add_column: before the first row. @decimals: of numbers and percents; 0 otherwise. */
void bst_table_add_column (BstTable *table, const char *heading, BstCellKind kind, guint decimals);

/**
 * The cells, one after the other, row after row: a row is full when each column has its cell. %NULL, and what is no date, is an empty
 * cell. The kind must be that of the column; bst_table_add_empty() suits each.
 */
void bst_table_add_text (BstTable *table, const char *text);
void bst_table_add_number (BstTable *table, double number);
void bst_table_add_money (BstTable *table, const BstMoney *money);
void bst_table_add_date (BstTable *table, const char *date);       /* YYYY-MM-DD */
void bst_table_add_instant (BstTable *table, const char *instant); /* as in documents */
void bst_table_add_duration (BstTable *table, gint64 seconds);
void bst_table_add_empty (BstTable *table);

typedef enum
{
  BST_TABLE_CSV,
  BST_TABLE_XLSX,
} BstTableFormat;

/** bst_table_format_of: by the end of a file's name; %FALSE when it is neither. */
gboolean bst_table_format_of (const char *name, BstTableFormat *ret_format);

/** bst_table_to_csv: Returns: (transfer full) */
char *bst_table_to_csv (BstTable *table);

/** bst_table_to_xlsx: blocks. %BST_ERROR_TOO_LARGE: more rows than a sheet has; %BST_ERROR_STORAGE. Returns: (transfer full) */
GBytes *bst_table_to_xlsx (BstTable *table, GError **error);

/** bst_table_save: blocks; an existing file is replaced, whole or not at all. Errors as above, and those of GIO. */
gboolean bst_table_save (BstTable *table, BstTableFormat format, GFile *file, GError **error);

G_END_DECLS
