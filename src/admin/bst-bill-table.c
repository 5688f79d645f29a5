/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "bst-bill.h"

#include "bst-doc.h"

#include <string.h>

static const struct
{
  const char *da;
  const char *nb;
  const char *en;
  const char *path;
  BstCellKind kind;
} columns[] = {
  { "Bestilling", "Bestilling", "Order", "order", BST_CELL_TEXT },
  { "Linje", "Linje", "Line", "line", BST_CELL_TEXT },
  { "Enhed", "Enhet", "Unit", "unit", BST_CELL_TEXT },
  { "Ydelse", "Tjeneste", "Service", "text", BST_CELL_TEXT },
  { "Ydelsesnr.", "Tjenestenr.", "Code", "code", BST_CELL_TEXT },
  { "Til", "Til", "For", "title", BST_CELL_TEXT },
  { "Type", "Type", "Kind", "kind", BST_CELL_TEXT },
  { "Måned", "Måned", "Month", "month", BST_CELL_TEXT },
  { "Omkostningssted", "Kostnadssted", "Cost place", "costPlace", BST_CELL_TEXT },
  { "Antal", "Antall", "Quantity", "quantity", BST_CELL_NUMBER },
  { "Beløb", "Beløp", "Amount", "amount", BST_CELL_MONEY },
};

static const struct
{
  const char *kind;
  const char *da;
  const char *nb;
  const char *en;
} kinds[] = {
  { "once", "Engang", "Engangs", "Once" },
  { "monthly", "Månedlig", "Månedlig", "Monthly" },
  { "credit", "Kredit", "Kreditt", "Credit" },
};

static const char *
in_language (const char *language, const char *da, const char *nb, const char *en)
{
  if (strcmp (language, "da") == 0)
    return da;
  return strcmp (language, "en") == 0 ? en : nb;
}

static const char *
kind_text (const char *kind, const char *language)
{
  for (gsize i = 0; i < G_N_ELEMENTS (kinds); i++)
    if (g_strcmp0 (kinds[i].kind, kind) == 0)
      return in_language (language, kinds[i].da, kinds[i].nb, kinds[i].en);
  return kind;
}

static void
add_cell (BstTable *table, GVariant *line, gsize column, const char *language)
{
  const char *text = bst_doc_get_string (line, columns[column].path);
  BstMoney amount;

  if (columns[column].kind == BST_CELL_NUMBER)
    bst_table_add_number (table, (double) bst_doc_get_int (line, columns[column].path, 0));
  else if (columns[column].kind == BST_CELL_MONEY)
    bst_table_add_money (table,
                         bst_money_from_doc (line, columns[column].path, &amount) ? &amount : NULL);
  else
    bst_table_add_text (
        table, strcmp (columns[column].path, "kind") == 0 ? kind_text (text, language) : text);
}

BstTable *
bst_bill_to_table (GVariant *bill, const char *language, GTimeZone *zone)
{
  g_autoptr (BstTable) table = bst_table_new (bst_doc_get_string (bill, "number"), language, zone);
  g_autoptr (GVariant) lines = bst_doc_get_list (bill, "lines");

  for (gsize i = 0; i < G_N_ELEMENTS (columns); i++)
    bst_table_add_column (table,
                          in_language (language, columns[i].da, columns[i].nb, columns[i].en),
                          columns[i].kind, 0);
  for (gsize row = 0; row < g_variant_n_children (lines); row++)
    {
      g_autoptr (GVariant) boxed = g_variant_get_child_value (lines, row);
      g_autoptr (GVariant) line = g_variant_get_variant (boxed);

      for (gsize i = 0; i < G_N_ELEMENTS (columns); i++)
        add_cell (table, line, i, language);
    }
  return g_steal_pointer (&table);
}
