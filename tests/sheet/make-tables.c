/* SPDX-License-Identifier: GPL-3.0-or-later */

/* make-tables FOLDER LANGUAGE: writes one table with all kinds of cells, as FOLDER/table.csv and FOLDER/table.xlsx. */

#include "bst-table.h"

static BstTable *
make_table (const char *language)
{
  g_autoptr (GTimeZone) zone = g_time_zone_new_identifier ("Europe/Copenhagen");
  g_autoptr (BstTable) table = bst_table_new ("Omkostninger [2026]: marts/april", language, zone);
  static const struct
  {
    const char *text, *date, *instant;
    double number, percent;
    gint64 seconds;
    BstMoney one, other;
  } rows[] = {
    { "Bærbar; \"standard\"\nog mere",
      "2026-03-24",
      "2026-03-12T13:02:00Z",
      1234.5,
      95.8,
      95400,
      { 495000, "DKK" },
      { 100, "DKK" } },
    { "=1+2", "1999-12-31", "2026-07-01T21:59:59Z", -2, 100, 59, { -5, "DKK" }, { 250, "NOK" } },
    { "@sum", "2026-02-30", "no instant", 0, 0, 0, { 900719925474099, "DKK" }, { 3, "ISK" } },
  };

  static const char *const more[] = { "+47 22 00 00 00", "-1", "\t=1" };

  bst_table_add_column (table, "Ydelse", BST_CELL_TEXT, 0);
  bst_table_add_column (table, "Dag", BST_CELL_DATE, 0);
  bst_table_add_column (table, "Modtaget", BST_CELL_INSTANT, 0);
  bst_table_add_column (table, "Antal", BST_CELL_NUMBER, 1);
  bst_table_add_column (table, "Til tiden", BST_CELL_PERCENT, 1);
  bst_table_add_column (table, "Tid", BST_CELL_DURATION, 0);
  bst_table_add_column (table, "Beløb", BST_CELL_MONEY, 0);
  bst_table_add_column (table, "Andet", BST_CELL_MONEY, 0);
  for (gsize i = 0; i < G_N_ELEMENTS (rows); i++)
    {
      bst_table_add_text (table, rows[i].text);
      bst_table_add_date (table, rows[i].date);
      bst_table_add_instant (table, rows[i].instant);
      bst_table_add_number (table, rows[i].number);
      bst_table_add_number (table, rows[i].percent);
      bst_table_add_duration (table, rows[i].seconds);
      bst_table_add_money (table, &rows[i].one);
      bst_table_add_money (table, &rows[i].other);
    }
  /* More of what a spreadsheet would compute. */
  for (gsize i = 0; i < G_N_ELEMENTS (more); i++)
    {
      bst_table_add_text (table, more[i]);
      for (int rest = 0; rest < 7; rest++)
        bst_table_add_empty (table);
    }
  for (int i = 0; i < 8; i++)
    bst_table_add_empty (table);
  return g_steal_pointer (&table);
}

int
main (int argc, char **argv)
{
  static const char *const names[] = { "table.csv", "table.xlsx" };
  g_autoptr (BstTable) table = make_table (argc == 3 ? argv[2] : "da");
  g_autoptr (GError) error = NULL;

  for (gsize i = 0; i < G_N_ELEMENTS (names); i++)
    {
      g_autoptr (GFile) file = g_file_new_build_filename (argv[1], names[i], NULL);
      BstTableFormat format;

      if (!bst_table_format_of (names[i], &format) || !bst_table_save (table, format, file, &error))
        {
          g_printerr ("%s\n", error ? error->message : names[i]);
          return 1;
        }
    }
  return 0;
}
