/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/*
 * Steps over JSON text without parsing it: for wire, and for the store where one thing is asked of many documents. What it
 * accepts need not be JSON; what it steps over is left to a parser. It never reads past @end.
 */
typedef struct
{
  const char *at;
  const char *end;
} BstJsonScan;

/** bst_json_scan_take: takes @expected if it comes next, behind white space. */
gboolean bst_json_scan_take (BstJsonScan *scan, char expected);

/** bst_json_scan_skip: steps over one value. */
gboolean bst_json_scan_skip (BstJsonScan *scan);

/** bst_json_scan_string: takes a string without escapes; %NULL for any other. Returns: (transfer full). */
char *bst_json_scan_string (BstJsonScan *scan);

/** bst_json_scan_items: takes an object or array (BstJsonSlice, bst-json-slice.h), each item with its own to @depth; %NULL when none comes. */
GArray *bst_json_scan_items (BstJsonScan *scan, guint depth);

void bst_json_scan_space (BstJsonScan *scan);

G_END_DECLS
