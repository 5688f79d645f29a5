/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "bst-table-private.h"

#include "bst-clock.h"
#include "bst-date.h"
#include "bst-error.h"
#include "bst-format.h"

#include <string.h>

/* ---- making one ---- */

static void
clear_column (gpointer data)
{
  g_free (((BstColumn *) data)->heading);
}

static void
clear_cell (gpointer data)
{
  g_free (((BstCell *) data)->text);
}

BstTable *
bst_table_new (const char *title, const char *language, GTimeZone *zone)
{
  BstTable *table = g_new0 (BstTable, 1);

  g_atomic_ref_count_init (&table->refs);
  table->title = g_strdup (title);
  table->language = bst_format_language (language);
  table->zone = g_time_zone_ref (zone);
  table->columns = g_array_new (FALSE, TRUE, sizeof (BstColumn));
  g_array_set_clear_func (table->columns, clear_column);
  table->cells = g_array_new (FALSE, TRUE, sizeof (BstCell));
  g_array_set_clear_func (table->cells, clear_cell);
  return table;
}

BstTable *
bst_table_ref (BstTable *table)
{
  g_atomic_ref_count_inc (&table->refs);
  return table;
}

void
bst_table_unref (BstTable *table)
{
  if (!g_atomic_ref_count_dec (&table->refs))
    return;
  g_free (table->title);
  g_time_zone_unref (table->zone);
  g_array_unref (table->columns);
  g_array_unref (table->cells);
  g_free (table);
}

const char *
bst_table_get_title (BstTable *table)
{
  return table->title;
}

guint
bst_table_get_n_rows (BstTable *table)
{
  return table->columns->len ? table->cells->len / table->columns->len : 0;
}

void
bst_table_add_column (BstTable *table, const char *heading, BstCellKind kind, guint decimals)
{
  BstColumn column = { .heading = g_strdup (heading), .kind = kind, .decimals = decimals };

  g_return_if_fail (table->cells->len == 0);
  g_array_append_val (table->columns, column);
}

static BstColumn *
next_column (BstTable *table)
{
  return &g_array_index (table->columns, BstColumn, table->cells->len % table->columns->len);
}

/* The next cell; empty when the column takes no such thing. */
static BstCell *
add_cell (BstTable *table, gboolean filled)
{
  BstCell cell = { .filled = filled };

  g_array_append_val (table->cells, cell);
  return &g_array_index (table->cells, BstCell, table->cells->len - 1);
}

void
bst_table_add_text (BstTable *table, const char *text)
{
  g_return_if_fail (next_column (table)->kind == BST_CELL_TEXT);
  add_cell (table, text != NULL)->text = text ? g_utf8_make_valid (text, -1) : NULL;
}

void
bst_table_add_number (BstTable *table, double number)
{
  BstCellKind kind = next_column (table)->kind;

  g_return_if_fail (kind == BST_CELL_NUMBER || kind == BST_CELL_PERCENT);
  add_cell (table, TRUE)->number = number;
}

static void
note_currency (BstColumn *column, const char *currency)
{
  if (!*currency || strcmp (column->currency, currency) == 0)
    return;
  if (*column->currency)
    column->mixed = TRUE;
  else
    memcpy (column->currency, currency, sizeof column->currency);
}

void
bst_table_add_money (BstTable *table, const BstMoney *money)
{
  BstCell *cell;

  g_return_if_fail (next_column (table)->kind == BST_CELL_MONEY);
  if (money)
    note_currency (next_column (table), money->currency);
  cell = add_cell (table, money != NULL);
  if (!money)
    return;
  cell->whole = money->amount;
  memcpy (cell->currency, money->currency, sizeof cell->currency);
}

void
bst_table_add_date (BstTable *table, const char *date)
{
  gboolean is_date = date && bst_date_parse (date, NULL);

  g_return_if_fail (next_column (table)->kind == BST_CELL_DATE);
  add_cell (table, is_date)->text = is_date ? g_strdup (date) : NULL;
}

void
bst_table_add_instant (BstTable *table, const char *instant)
{
  gint64 at = 0;
  gboolean is_instant = instant && bst_instant_parse (instant, &at);

  g_return_if_fail (next_column (table)->kind == BST_CELL_INSTANT);
  add_cell (table, is_instant)->whole = at;
}

void
bst_table_add_duration (BstTable *table, gint64 seconds)
{
  g_return_if_fail (next_column (table)->kind == BST_CELL_DURATION);
  add_cell (table, TRUE)->whole = seconds;
}

void
bst_table_add_empty (BstTable *table)
{
  g_return_if_fail (table->columns->len > 0);
  add_cell (table, FALSE);
}

/* ---- what both formats ask ---- */

const BstCell *
bst_table_cell (BstTable *table, guint row, guint column)
{
  return &g_array_index (table->cells, BstCell, row * table->columns->len + column);
}

char *
bst_table_heading (BstTable *table, const BstColumn *column, const char *clock)
{
  gboolean english = g_strcmp0 (table->language, "en") == 0;

  if (column->kind == BST_CELL_MONEY && *column->currency && !column->mixed)
    return g_strdup_printf ("%s (%s)", column->heading, column->currency);
  if (column->kind == BST_CELL_DURATION)
    return g_strdup_printf ("%s (%c%s)", column->heading, english ? 'h' : 't', clock + 1);
  return g_strdup (column->heading);
}

char *
bst_table_money_text (const BstCell *cell, const char *point)
{
  gboolean minor = bst_money_decimals (cell->currency) == 2;
  guint64 amount = cell->whole < 0 ? (guint64) 0 - (guint64) cell->whole : (guint64) cell->whole;
  const char *sign = cell->whole < 0 ? "-" : "";

  if (!minor)
    return g_strdup_printf ("%s%" G_GUINT64_FORMAT, sign, amount);
  return g_strdup_printf ("%s%" G_GUINT64_FORMAT "%s%02d", sign, amount / 100, point,
                          (int) (amount % 100));
}

gboolean
bst_table_format_of (const char *name, BstTableFormat *ret_format)
{
  g_autofree char *lower = g_ascii_strdown (name, -1);

  if (g_str_has_suffix (lower, ".csv"))
    *ret_format = BST_TABLE_CSV;
  else if (g_str_has_suffix (lower, ".xlsx"))
    *ret_format = BST_TABLE_XLSX;
  else
    return FALSE;
  return TRUE;
}

/* ---- CSV ---- */

/* A spreadsheet would compute what begins so, even in a file from elsewhere. */
static gboolean
is_formula (const char *text)
{
  return *text && strchr ("=+-@\t\r", *text);
}

static void
append_text (GString *csv, const char *text, char separator)
{
  g_autofree char *guarded = is_formula (text) ? g_strconcat ("'", text, NULL) : NULL;
  const char special[] = { separator, '"', '\n', '\r', '\0' };
  const char *plain = guarded ? guarded : text;

  if (!strpbrk (plain, special) && *plain != ' ' && !g_str_has_suffix (plain, " "))
    {
      g_string_append (csv, plain);
      return;
    }
  g_string_append_c (csv, '"');
  for (; *plain; plain++)
    {
      if (*plain == '"')
        g_string_append_c (csv, '"');
      g_string_append_c (csv, *plain);
    }
  g_string_append_c (csv, '"');
}

static void
append_number (GString *csv, double number, guint decimals, const char *point)
{
  char format[8];
  char digits[G_ASCII_DTOSTR_BUF_SIZE * 12];

  g_snprintf (format, sizeof format, "%%.%uf", MIN (decimals, 6));
  g_ascii_formatd (digits, sizeof digits, format, number);
  for (const char *p = digits; *p; p++)
    g_string_append_c (csv, *p == '.' ? *point : *p);
}

static void
append_instant (GString *csv, gint64 at, GTimeZone *zone)
{
  g_autoptr (GDateTime) utc = g_date_time_new_from_unix_utc (at);
  g_autoptr (GDateTime) local = utc ? g_date_time_to_timezone (utc, zone) : NULL;
  g_autofree char *text = local ? g_date_time_format (local, "%Y-%m-%d %H:%M:%S") : NULL;

  g_string_append (csv, text ? text : "");
}

static void
append_duration (GString *csv, gint64 seconds)
{
  guint64 length = seconds < 0 ? (guint64) 0 - (guint64) seconds : (guint64) seconds;

  g_string_append_printf (csv, "%s%" G_GUINT64_FORMAT ":%02d:%02d", seconds < 0 ? "-" : "",
                          length / 3600, (int) (length / 60 % 60), (int) (length % 60));
}

static void
append_money (GString *csv, const BstColumn *column, const BstCell *cell, const char *point)
{
  g_autofree char *text = bst_table_money_text (cell, point);

  g_string_append (csv, text);
  if (column->mixed && *cell->currency)
    g_string_append_printf (csv, " %s", cell->currency);
}

static void
append_cell (GString *csv,
             BstTable *table,
             const BstColumn *column,
             const BstCell *cell,
             char separator)
{
  const char *point = bst_format_decimal_point (table->language);

  if (!cell->filled)
    return;
  switch (column->kind)
    {
    case BST_CELL_TEXT:
      append_text (csv, cell->text, separator);
      break;
    case BST_CELL_NUMBER:
    case BST_CELL_PERCENT:
      append_number (csv, cell->number, column->decimals, point);
      break;
    case BST_CELL_MONEY:
      append_money (csv, column, cell, point);
      break;
    case BST_CELL_DATE:
      g_string_append (csv, cell->text);
      break;
    case BST_CELL_INSTANT:
      append_instant (csv, cell->whole, table->zone);
      break;
    case BST_CELL_DURATION:
      append_duration (csv, cell->whole);
      break;
    default:
      g_assert_not_reached ();
    }
}

static void
append_headings (GString *csv, BstTable *table, char separator)
{
  for (guint i = 0; i < table->columns->len; i++)
    {
      const BstColumn *column = &g_array_index (table->columns, BstColumn, i);
      g_autofree char *heading = bst_table_heading (table, column, "h:mm:ss");

      if (i)
        g_string_append_c (csv, separator);
      append_text (csv, heading, separator);
      if (column->kind == BST_CELL_PERCENT && !strchr (heading, '%'))
        g_string_append (csv, " (%)");
    }
  g_string_append (csv, "\r\n");
}

char *
bst_table_to_csv (BstTable *table)
{
  GString *csv = g_string_new ("\uFEFF");
  char separator = *bst_format_decimal_point (table->language) == ',' ? ';' : ',';
  guint n_rows = bst_table_get_n_rows (table);

  append_headings (csv, table, separator);
  for (guint row = 0; row < n_rows; row++)
    {
      for (guint i = 0; i < table->columns->len; i++)
        {
          if (i)
            g_string_append_c (csv, separator);
          append_cell (csv, table, &g_array_index (table->columns, BstColumn, i),
                       bst_table_cell (table, row, i), separator);
        }
      g_string_append (csv, "\r\n");
    }
  return g_string_free (csv, FALSE);
}

/* ---- files ---- */

gboolean
bst_table_save (BstTable *table, BstTableFormat format, GFile *file, GError **error)
{
  g_autoptr (GBytes) bytes = NULL;
  gconstpointer data;
  gsize len;

  if (format == BST_TABLE_CSV)
    {
      char *csv = bst_table_to_csv (table);

      bytes = g_bytes_new_take (csv, strlen (csv));
    }
  else
    bytes = bst_table_to_xlsx (table, error);
  if (!bytes)
    return FALSE;
  data = g_bytes_get_data (bytes, &len);
  return g_file_replace_contents (file, data, len, NULL, FALSE, G_FILE_CREATE_NONE, NULL, NULL,
                                  error);
}
