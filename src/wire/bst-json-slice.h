/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/**
 * BstJsonSlice: one member of an object, or one item of an array, found but not parsed.
 * @key: as it stands in the text, escapes and all; %NULL in an array
 * @text: borrowed, @len octets; a JSON value by its looks only
 * @items: (nullable) (element-type BstJsonSlice): what is in it, when it is an object or array and was asked for
 */
typedef struct
{
  char *key;
  const char *text;
  gsize len;
  GArray *items;
} BstJsonSlice;

/**
 * bst_json_slices:
 * @text: of an object or array; must outlive the slices
 * @depth: 1: its members; 2: theirs as well, and so on, all in one pass over @text
 *
 * Returns: (transfer full) (element-type BstJsonSlice): %NULL when @text does not look like an object or array
 */
GArray *bst_json_slices (const char *text, gsize len, guint depth);

/** bst_json_slice_find: the member @key of @object; %NULL when there is none. */
const BstJsonSlice *bst_json_slice_find (const GArray *object, const char *key);

/**
 * bst_json_slices_pick:
 * @text: of an object
 * @names: ended by %NULL
 * @ret_slices: one for each of @names, without key; what is not in the object gets a @text of %NULL
 *
 * Some members of one of many objects, without allocating anything. Of doubled keys the first counts.
 *
 * Returns: whether @text looks like an object as far as it was read
 */
gboolean bst_json_slices_pick (const char *text,
                               gsize len,
                               const char *const *names,
                               BstJsonSlice *ret_slices);

/** bst_json_slice_dup_string: (transfer full) (nullable): what the string says; %NULL when it is none. */
char *bst_json_slice_dup_string (const BstJsonSlice *slice);

G_END_DECLS
