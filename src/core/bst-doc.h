/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/*
 * Documents: the domain's values. A record is a JSON document on the wire and in the database; in
 * memory it is an immutable #GVariant of type a{sv}, in which
 *
 *   object -> a{sv}   array -> av   string -> s   integer -> x   other number -> d
 *   true/false -> b   null -> mv (nothing)
 *
 * All functions here return floating-free, fully serialised variants, so a string borrowed from a
 * document lives as long as the document does. Build new ones with #GVariantDict or bst_doc_set()
 * and finish them with bst_doc_take(). Safe from every thread.
 *
 * A path is one or more keys separated by "/", with "~1" for "/" and "~0" for "~" (RFC 6901 without
 * the leading slash, as the PatchObject of RFC 8620 §5.3 has it). Paths do not enter arrays.
 */

/** bst_doc_new: an empty document. Returns: (transfer full). */
GVariant *bst_doc_new (void);

/** bst_doc_take: @value (floating or owned) sunk and serialised. Returns: (transfer full). */
GVariant *bst_doc_take (GVariant *value);

/** bst_doc_null: the JSON null as a value. Returns: (transfer full). */
GVariant *bst_doc_null (void);
gboolean bst_value_is_null (GVariant *value);

/** bst_doc_lookup: the value at @path, unboxed. Returns: (transfer full) (nullable). */
GVariant *bst_doc_lookup (GVariant *doc, const char *path);

/** bst_doc_has: whether there is a value at @path that is not null. */
gboolean bst_doc_has (GVariant *doc, const char *path);

/** bst_doc_get_string: borrowed from @doc; %NULL when absent or no string. */
const char *bst_doc_get_string (GVariant *doc, const char *path);

/** bst_doc_get_int: @fallback when absent or no whole number. */
gint64 bst_doc_get_int (GVariant *doc, const char *path, gint64 fallback);

/** bst_doc_get_double: whole numbers count too; @fallback when absent. */
double bst_doc_get_double (GVariant *doc, const char *path, double fallback);

/** bst_doc_get_bool: %FALSE when absent or no boolean. */
gboolean bst_doc_get_bool (GVariant *doc, const char *path);

/** bst_doc_get_map: the object at @path as a{sv}; empty when absent. Returns: (transfer full). */
GVariant *bst_doc_get_map (GVariant *doc, const char *path);

/** bst_doc_get_list: the array at @path as av; empty when absent. Returns: (transfer full). */
GVariant *bst_doc_get_list (GVariant *doc, const char *path);

/** bst_doc_get_strv: the strings of the array at @path; others are passed over. Returns: (transfer full). */
char **bst_doc_get_strv (GVariant *doc, const char *path);

/**
 * bst_doc_set:
 * @value: (nullable): floating is sunk; %NULL removes
 *
 * Objects that are missing on the way are made. Returns: (transfer full): a new document.
 */
GVariant *bst_doc_set (GVariant *doc, const char *path, GVariant *value);

/** bst_doc_set_take: the same, and takes over an owned @value (transfer full), which bst_doc_set() only borrows. */
GVariant *bst_doc_set_take (GVariant *doc, const char *path, GVariant *value);
GVariant *bst_doc_set_string (GVariant *doc, const char *path, const char *value);
GVariant *bst_doc_set_int (GVariant *doc, const char *path, gint64 value);
GVariant *bst_doc_set_bool (GVariant *doc, const char *path, gboolean value);

/** bst_doc_replace: frees *@doc and puts @next (transfer full) in its place. */
void bst_doc_replace (GVariant **doc, GVariant *next);

/** bst_doc_equal: as JSON: the order of keys does not matter; 1 and 1.0 are equal. */
gboolean bst_doc_equal (GVariant *a, GVariant *b);

/** bst_doc_canonical: keys sorted on every level. Returns: (transfer full). */
GVariant *bst_doc_canonical (GVariant *doc);

/**
 * bst_doc_patch:
 * @patch: PatchObject (RFC 8620 §5.3): path -> value; null removes
 *
 * Returns: (transfer full): %NULL with %BST_ERROR_INVALID that names the path, when a parent does
 * not exist or is no object, or one path is a prefix of another.
 */
GVariant *bst_doc_patch (GVariant *doc, GVariant *patch, GError **error);

/** bst_doc_diff: the smallest PatchObject that makes @from into @to. Returns: (transfer full). */
GVariant *bst_doc_diff (GVariant *from, GVariant *to);

/**
 * bst_doc_merge:
 * @base: what both started from
 * @ret_conflicts: (out) (transfer full): paths that both changed, to different values
 *
 * Three-way merge: changes of different paths are both taken; at a conflict @theirs is taken and
 * the path named. To remove something inside what the other removes or replaces is no conflict. Whether there are
 * conflicts, and the outcome when there are none, is the same from both sides. Returns: (transfer full): the merged document.
 */
GVariant *bst_doc_merge (GVariant *base, GVariant *mine, GVariant *theirs, char ***ret_conflicts);

/** bst_path_escape: one key, escaped for use in a path. Returns: (transfer full). */
char *bst_path_escape (const char *key);

G_END_DECLS
