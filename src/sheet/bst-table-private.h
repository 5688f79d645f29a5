/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "bst-table.h"

G_BEGIN_DECLS

typedef struct
{
  char *heading;
  BstCellKind kind;
  guint decimals;
  char currency[4]; /* of the amounts, when they have one and the same */
  gboolean mixed;   /* they have not */
} BstColumn;

typedef struct
{
  gboolean filled;
  char *text;    /* TEXT, DATE, INSTANT */
  double number; /* NUMBER, PERCENT */
  gint64 whole;  /* MONEY: minor units; DURATION: seconds; INSTANT: UTC seconds */
  char currency[4];
} BstCell;

struct _BstTable
{
  gatomicrefcount refs;
  char *title;
  const char *language;
  GTimeZone *zone;
  GArray *columns;
  GArray *cells;
};

/** bst_table_cell: the caller knows that it is there. */
const BstCell *bst_table_cell (BstTable *table, guint row, guint column);

/**
 * bst_table_heading: with the unit of its cells: their currency, or what the parts of a time are.
 * @clock: how a time is written: "h:mm"; the letter of hours is the language's. Returns: (transfer full).
 */
char *bst_table_heading (BstTable *table, const BstColumn *column, const char *clock);

/** bst_table_money_text: "-1234.50": plain digits with @point, as many decimals as the currency has. Returns: (transfer full). */
char *bst_table_money_text (const BstCell *cell, const char *point);

G_END_DECLS
