/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "bst-parcel.h"

#include "bst-error.h"

#include <gnutls/crypto.h>
#include <string.h>

#define KEY_BYTES   32
#define NONCE_BYTES 12
#define TAG_BYTES   16
#define ID_LENGTH   32
#define HEAD_MAX    80

static const char *const kind_names[] = { "request", "answer" };

char *
bst_parcel_digest (const char *token)
{
  return g_compute_checksum_for_string (G_CHECKSUM_SHA256, token, -1);
}

/* HKDF-SHA-256 of the digest; another @purpose, another key. */
static void
derive (const char *digest, const char *purpose, guint8 *key)
{
  guint8 extracted[KEY_BYTES];
  gnutls_datum_t secret = { (guchar *) digest, (guint) strlen (digest) };
  gnutls_datum_t salt = { (guchar *) "", 0 };
  gnutls_datum_t info = { (guchar *) purpose, (guint) strlen (purpose) };
  gnutls_datum_t middle = { extracted, sizeof extracted };

  if (gnutls_hkdf_extract (GNUTLS_MAC_SHA256, &secret, &salt, extracted) != 0 ||
      gnutls_hkdf_expand (GNUTLS_MAC_SHA256, &middle, &info, key, KEY_BYTES) != 0)
    g_error ("GnuTLS has no HKDF-SHA-256");
  gnutls_memset (extracted, 0, sizeof extracted);
}

char *
bst_parcel_key_id (const char *digest)
{
  guint8 name[KEY_BYTES];
  g_autofree char *hex = NULL;

  derive (digest, "bestiller parcel 1: name", name);
  hex = g_compute_checksum_for_data (G_CHECKSUM_SHA256, name, sizeof name);
  return g_strndup (hex, ID_LENGTH);
}

static gnutls_aead_cipher_hd_t
open_cipher (const char *digest)
{
  guint8 key[KEY_BYTES];
  gnutls_datum_t datum = { key, sizeof key };
  gnutls_aead_cipher_hd_t cipher = NULL;

  derive (digest, "bestiller parcel 1: key", key);
  if (gnutls_aead_cipher_init (&cipher, GNUTLS_CIPHER_CHACHA20_POLY1305, &datum) != 0)
    g_error ("GnuTLS has no ChaCha20-Poly1305");
  gnutls_memset (key, 0, sizeof key);
  return cipher;
}

GBytes *
bst_parcel_seal (BstParcelKind kind, const char *digest, const guint8 *nonce, GBytes *content)
{
  g_autofree char *id = bst_parcel_key_id (digest);
  g_autofree char *head = g_strdup_printf ("BESTILLER-PARCEL 1 %s %s\n", kind_names[kind], id);
  gsize head_len = strlen (head);
  gsize len;
  const void *plain = g_bytes_get_data (content, &len);
  gsize sealed_len = len + TAG_BYTES;
  g_autofree guint8 *parcel = g_malloc (head_len + NONCE_BYTES + sealed_len);
  gnutls_aead_cipher_hd_t cipher = open_cipher (digest);

  memcpy (parcel, head, head_len);
  memcpy (parcel + head_len, nonce, NONCE_BYTES);
  if (gnutls_aead_cipher_encrypt (cipher, nonce, NONCE_BYTES, head, head_len, TAG_BYTES,
                                  plain ? plain : "", len, parcel + head_len + NONCE_BYTES,
                                  &sealed_len) != 0)
    g_error ("GnuTLS cannot encrypt");
  gnutls_aead_cipher_deinit (cipher);
  return g_bytes_new_take (g_steal_pointer (&parcel), head_len + NONCE_BYTES + sealed_len);
}

/* The length of its first line, with the line feed; 0 when there is none. */
static gsize
head_length (GBytes *parcel)
{
  gsize len;
  const char *text = g_bytes_get_data (parcel, &len);
  const char *end = text ? memchr (text, '\n', MIN (len, HEAD_MAX)) : NULL;

  return end ? (gsize) (end - text) + 1 : 0;
}

gboolean
bst_parcel_peek (GBytes *parcel, BstParcelKind kind, char **ret_key_id, GError **error)
{
  gsize len = head_length (parcel);
  g_autofree char *head = len > 0 ? g_strndup (g_bytes_get_data (parcel, NULL), len - 1) : NULL;
  g_auto (GStrv) words = head ? g_strsplit (head, " ", -1) : NULL;

  if (!words || g_strv_length (words) != 4 || strcmp (words[0], "BESTILLER-PARCEL") != 0 ||
      g_bytes_get_size (parcel) < len + NONCE_BYTES + TAG_BYTES)
    g_set_error (error, BST_ERROR, BST_ERROR_INVALID,
                 "the file is no parcel of Bestiller's, or was cut off");
  else if (strcmp (words[1], "1") != 0)
    g_set_error (error, BST_ERROR, BST_ERROR_NEWER, "a newer Bestiller made this parcel");
  else if (strcmp (words[2], kind_names[kind]) != 0)
    g_set_error (error, BST_ERROR, BST_ERROR_INVALID, "the parcel is no %s", kind_names[kind]);
  else
    {
      *ret_key_id = g_strdup (words[3]);
      return TRUE;
    }
  return FALSE;
}

GBytes *
bst_parcel_open (GBytes *parcel, BstParcelKind kind, const char *digest, GError **error)
{
  g_autofree char *wanted = bst_parcel_key_id (digest);
  g_autofree char *id = NULL;
  gsize head_len = head_length (parcel);
  gsize len;
  const guint8 *octets = g_bytes_get_data (parcel, &len);
  gnutls_aead_cipher_hd_t cipher;
  g_autofree guint8 *plain = NULL;
  gsize plain_len;
  int code;

  if (!bst_parcel_peek (parcel, kind, &id, error))
    return NULL;
  if (strcmp (id, wanted) != 0)
    {
      g_set_error (error, BST_ERROR, BST_ERROR_FORBIDDEN,
                   "the parcel was sealed for another computer");
      return NULL;
    }
  plain_len = len - head_len - NONCE_BYTES - TAG_BYTES;
  plain = g_malloc (plain_len + 1);
  cipher = open_cipher (digest);
  code = gnutls_aead_cipher_decrypt (cipher, octets + head_len, NONCE_BYTES, octets, head_len,
                                     TAG_BYTES, octets + head_len + NONCE_BYTES,
                                     plain_len + TAG_BYTES, plain, &plain_len);
  gnutls_aead_cipher_deinit (cipher);
  if (code != 0)
    {
      g_set_error (error, BST_ERROR, BST_ERROR_INVALID,
                   "the parcel was altered or cut off on its way");
      return NULL;
    }
  return g_bytes_new_take (g_steal_pointer (&plain), plain_len);
}
