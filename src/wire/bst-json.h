/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "bst-doc.h"

G_BEGIN_DECLS

/*
 * JSON text <-> documents (bst-doc.h). Safe on hostile input: size, depth and UTF-8 are checked before
 * a document is made. I-JSON (RFC 7493): doubled keys, lone surrogates and U+0000 are refused; so is
 * what is no JSON at all (comments, single quotes, NaN). A number without point and exponent is a whole
 * one of 64 bits ("-0" is 0), every other number a double; what does not fit is refused, since digits
 * would be lost without a word.
 */

/* A GVariant nests 128 levels at most, and an object in an object takes three of them. */
#define BST_JSON_MAX_DEPTH 40
#define BST_JSON_MAX_BYTES (64 * 1024 * 1024)

/**
 * bst_json_parse:
 * @text: need not end in NUL
 * @len: octets, or -1
 *
 * Returns: (transfer full): any JSON value; %NULL with INVALID (line and column in the message) or TOO_LARGE (octets, depth)
 */
GVariant *bst_json_parse (const char *text, gssize len, GError **error);

/** bst_json_parse_object: the same, where the value must be an object. */
GVariant *bst_json_parse_object (const char *text, gssize len, GError **error);

/** bst_json_print: compact. Returns: (transfer full). */
char *bst_json_print (GVariant *value);

/** bst_json_print_pretty: two spaces a level, for files that people read. Returns: (transfer full). */
char *bst_json_print_pretty (GVariant *value);

/** bst_json_append: the compact form at the end of @out. */
void bst_json_append (GString *out, GVariant *value);

/** bst_json_append_string: one string, quoted and escaped, at the end of @out. */
void bst_json_append_string (GString *out, const char *text);

/** bst_json_hash: SHA-256 (hex) of the canonical form (keys sorted on every level). Returns: (transfer full). */
char *bst_json_hash (GVariant *value);

/** bst_json_depth: 0 for a text or number, 1 for [] and {}, … */
guint bst_json_depth (GVariant *value);

G_END_DECLS
