/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/*
 * Parcels: a request or an answer as a sealed file, for carrying where there is no line. Anybody may carry
 * one; only the computer whose token it is sealed with, and the server, can read it.
 *
 * One line of text says what it is and for whose key; it is authenticated with the rest. Then a nonce and
 * the content, sealed with ChaCha20-Poly1305 (RFC 8439) by GnuTLS. The key is made from the digest of the
 * token by HKDF-SHA-256 (RFC 5869): the computer has the token, the server has its digest.
 */

#define BST_PARCEL_SUFFIX    ".bestiller"
#define BST_PARCEL_MAX_BYTES (64 * 1024 * 1024)

typedef enum
{
  BST_PARCEL_REQUEST,
  BST_PARCEL_ANSWER,
} BstParcelKind;

/** bst_parcel_digest: of a token, in hex, as the server keeps it. Returns: (transfer full). */
char *bst_parcel_digest (const char *token);

/** bst_parcel_key_id: the name of the key that @digest makes: says nothing about it. Returns: (transfer full). */
char *bst_parcel_key_id (const char *digest);

/**
 * bst_parcel_seal:
 * @digest: bst_parcel_digest() of the token
 * @nonce: 12 octets that were never used before with this key (random)
 *
 * Returns: (transfer full): the whole file
 */
GBytes *
bst_parcel_seal (BstParcelKind kind, const char *digest, const guint8 *nonce, GBytes *content);

/**
 * bst_parcel_peek: what @parcel says of itself, not yet proven.
 *
 * @ret_key_id: (out) (transfer full)
 * Returns: %FALSE with INVALID when it is no parcel of that kind
 */
gboolean bst_parcel_peek (GBytes *parcel, BstParcelKind kind, char **ret_key_id, GError **error);

/**
 * bst_parcel_open:
 *
 * Returns: (transfer full): the content; %NULL with INVALID (no parcel, cut off, altered) or FORBIDDEN (sealed for another
 * computer): nothing of it was used
 */
GBytes *bst_parcel_open (GBytes *parcel, BstParcelKind kind, const char *digest, GError **error);

G_END_DECLS
