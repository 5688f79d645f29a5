/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/**
 * BstJsonSlice: one member of an object, or one item of an array, found but not parsed.
 * @key: as it stands in the text, escapes and all; %NULL in an array
 * @text: borrowed, @len octets; a JSON value by its looks only
 */
typedef struct
{
  char *key;
  const char *text;
  gsize len;
} BstJsonSlice;

/**
 * bst_json_slices:
 * @text: of an object or array; must outlive the slices
 *
 * Returns: (transfer full) (element-type BstJsonSlice): %NULL when @text does not look like an object or array
 */
GArray *bst_json_slices (const char *text, gsize len);

/** bst_json_slice_find: the member @key of @object; %NULL when there is none. */
const BstJsonSlice *bst_json_slice_find (GArray *object, const char *key);

G_END_DECLS
