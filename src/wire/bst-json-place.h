/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/**
 * bst_json_place:
 * @text: JSON that has been parsed without error
 * @path: keys and array indices separated by "/": "records/12/price/amount"
 * @ret_line, @ret_column: from 1, in characters; of the deepest part of @path that is there
 *
 * Where a value stands in a file, for messages to people.
 */
void
bst_json_place (const char *text, gsize len, const char *path, guint *ret_line, guint *ret_column);

G_END_DECLS
