/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/**
 * BstJmapSlice: one Invocation of a Response (RFC 8620 §3.4), found but not parsed.
 * @args: borrowed from the text, @len octets; a JSON object by its looks only
 * @items: (nullable) (element-type BstJsonSlice): what is in it, if that was asked for
 *
 * A page of thousands of records is read by the database's JSON functions, not by a JSON library; what
 * must be known beforehand (which answers are there, did one fail) is found by skipping over the values.
 */
typedef struct
{
  char *name;
  char *id;
  const char *args;
  gsize len;
  GArray *items;
} BstJmapSlice;

void bst_jmap_slice_free (BstJmapSlice *slice);

/**
 * bst_jmap_response_slices:
 * @text: (nullable): as an empty GBytes has it; must outlive the slices
 * @depth: 0: the arguments as a whole; 1: their members, and so on (bst_json_slices()), all in one pass over @text
 * @ret_session_state: (out) (optional) (transfer full)
 *
 * Returns: (transfer full) (element-type BstJmapSlice): %NULL with %BST_ERROR_PROTOCOL when @text does
 * not look like a whole Response: a portal's page, half an answer, another program's JSON
 */
GPtrArray *bst_jmap_response_slices (const char *text,
                                     gsize len,
                                     guint depth,
                                     char **ret_session_state,
                                     GError **error);

G_END_DECLS
