/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "bst-history-date.h"
#include "bst-csv.h"
#include "bst-doc.h"
#include "bst-life.h"

G_BEGIN_DECLS

/*
 * How another system's export is to be read (docs/import-cases.md; "format": "bestiller-map/1"): which columns say what, what
 * its words mean here, how it writes dates.
 */

/** BST_HISTORY_NO_COLUMN: the map names none. */
#define BST_HISTORY_NO_COLUMN G_MAXUINT

/** BstHistoryValue: something that a row says, perhaps in several columns. @n_columns 0: the map does not ask for it. */
typedef struct
{
  char **names;
  guint *columns;
  guint n_columns;
  char *separator;
  GHashTable *values; /* (nullable): their word -> ours */
  char *fallback;     /* (nullable): when it is missing, or none of @values */
} BstHistoryValue;

/** BstHistoryMove: to which state a case goes. @waiting_for: of WAITING; static */
typedef struct
{
  BstState state;
  const char *waiting_for;
} BstHistoryMove;

/** BstHistoryStep: a column with the time of a move. */
typedef struct
{
  char *name;
  guint column;
  BstHistoryMove move;
} BstHistoryStep;

typedef enum
{
  BST_HISTORY_NUMBER,
  BST_HISTORY_TITLE,
  BST_HISTORY_NEED,
  BST_HISTORY_UNIT,
  BST_HISTORY_SERVICE,
  BST_HISTORY_PERFORMER,
  BST_HISTORY_CHANNEL,
  BST_HISTORY_PRIORITY,
  BST_HISTORY_STARS,
  BST_HISTORY_STATE, /* of a row that is an event */
  BST_N_HISTORY_VALUES,
} BstHistoryValueKind;

typedef struct
{
  char *source;
  gboolean events; /* a row is an event, not a case */
  BstHistoryDates *dates;
  GHashTable *missing; /* marks that stand for nothing */
  BstHistoryValue values[BST_N_HISTORY_VALUES];
  GHashTable *moves; /* "waiting:orderer" as in the map -> BstHistoryMove */
  GArray *steps;     /* BstHistoryStep */
  char *at_name;
  guint at; /* column of an event's time */
  char *due_name;
  guint due; /* column of the target instant */
  guint n_headings;
} BstHistoryMap;

/**
 * bst_history_map_new:
 * @doc: the map
 * @time_zone: (nullable): instead of the map's
 * @header: a reader whose present row is the header
 *
 * %NULL with INVALID that names the property or the missing column.
 */
BstHistoryMap *
bst_history_map_new (GVariant *doc, const char *time_zone, BstCsvReader *header, GError **error);
void bst_history_map_free (BstHistoryMap *map);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (BstHistoryMap, bst_history_map_free)

/** bst_history_map_cell: %NULL when it is empty or a mark for a missing value. Not ended by NUL; borrowed until the next row. */
const char *
bst_history_map_cell (BstHistoryMap *map, BstCsvReader *reader, guint column, gsize *ret_len);

/**
 * bst_history_map_read: what the row says of @kind, in our words, into @into.
 *
 * Returns: (nullable): @into->str; or the fallback; %NULL when it is missing
 */
const char *bst_history_map_read (BstHistoryMap *map,
                                  BstHistoryValueKind kind,
                                  BstCsvReader *reader,
                                  GString *into);

/** bst_history_map_label: the columns of @kind, for messages; "" when there are none. */
const char *bst_history_map_label (BstHistoryMap *map, BstHistoryValueKind kind);

G_END_DECLS
