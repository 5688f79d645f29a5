/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "bst-error.h"
#include "bst-parcel.h"

#include <string.h>

static const guint8 nonce[12] = "0123456789a";

static GBytes *
seal (BstParcelKind kind, const char *token, const char *text)
{
  g_autofree char *digest = bst_parcel_digest (token);
  g_autoptr (GBytes) content = g_bytes_new (text, strlen (text));

  return bst_parcel_seal (kind, digest, nonce, content);
}

static void
assert_refused (GBytes *parcel, BstParcelKind kind, const char *token, BstErrorCode code)
{
  g_autofree char *digest = bst_parcel_digest (token);
  g_autoptr (GError) error = NULL;

  g_assert_null (bst_parcel_open (parcel, kind, digest, &error));
  g_assert_error (error, BST_ERROR, (int) code);
}

static void
test_round (void)
{
  g_autoptr (GBytes) parcel = seal (BST_PARCEL_REQUEST, "token", "Tre stole til Skole S1");
  g_autofree char *digest = bst_parcel_digest ("token");
  g_autofree char *expected = bst_parcel_key_id (digest);
  g_autofree char *id = NULL;
  g_autoptr (GError) error = NULL;
  g_autoptr (GBytes) content = bst_parcel_open (parcel, BST_PARCEL_REQUEST, digest, &error);

  g_assert_no_error (error);
  g_assert_cmpmem (g_bytes_get_data (content, NULL), g_bytes_get_size (content),
                   "Tre stole til Skole S1", 22);
  g_assert_true (bst_parcel_peek (parcel, BST_PARCEL_REQUEST, &id, NULL));
  g_assert_cmpstr (id, ==, expected);
  /* Neither what is said nor the key's source can be read in it. */
  g_assert_null (
      g_strstr_len (g_bytes_get_data (parcel, NULL), (gssize) g_bytes_get_size (parcel), "stole"));
  g_assert_null (
      g_strstr_len (g_bytes_get_data (parcel, NULL), (gssize) g_bytes_get_size (parcel), digest));
}

static void
test_empty (void)
{
  g_autoptr (GBytes) parcel = seal (BST_PARCEL_ANSWER, "token", "");
  g_autofree char *digest = bst_parcel_digest ("token");
  g_autoptr (GBytes) content = bst_parcel_open (parcel, BST_PARCEL_ANSWER, digest, NULL);

  g_assert_nonnull (content);
  g_assert_cmpuint (g_bytes_get_size (content), ==, 0);
}

static void
test_for_another (void)
{
  g_autoptr (GBytes) parcel = seal (BST_PARCEL_REQUEST, "token", "secret");

  assert_refused (parcel, BST_PARCEL_REQUEST, "another", BST_ERROR_FORBIDDEN);
  assert_refused (parcel, BST_PARCEL_ANSWER, "token", BST_ERROR_INVALID);
}

/* Every octet counts, the first line too; and every length but the whole. */
static void
test_altered (void)
{
  g_autoptr (GBytes) parcel = seal (BST_PARCEL_REQUEST, "token", "secret");
  gsize len;
  const guint8 *octets = g_bytes_get_data (parcel, &len);
  g_autofree char *digest = bst_parcel_digest ("token");

  for (gsize i = 0; i < len; i++)
    {
      g_autofree guint8 *copy = g_memdup2 (octets, len);
      g_autoptr (GBytes) altered = NULL;
      g_autoptr (GBytes) cut = g_bytes_new (octets, i);
      g_autoptr (GError) error = NULL;

      copy[i] ^= 1;
      altered = g_bytes_new (copy, len);
      g_assert_null (bst_parcel_open (altered, BST_PARCEL_REQUEST, digest, &error));
      g_clear_error (&error);
      g_assert_null (bst_parcel_open (cut, BST_PARCEL_REQUEST, digest, &error));
      g_assert_nonnull (error);
    }
}

static void
test_newer (void)
{
  static const char text[] = "BESTILLER-PARCEL 2 request 00000000000000000000000000000000\nmore "
                             "and more and more and more";
  g_autoptr (GBytes) parcel = g_bytes_new_static (text, sizeof text);

  assert_refused (parcel, BST_PARCEL_REQUEST, "token", BST_ERROR_NEWER);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/parcel/round", test_round);
  g_test_add_func ("/parcel/empty", test_empty);
  g_test_add_func ("/parcel/for-another", test_for_another);
  g_test_add_func ("/parcel/altered", test_altered);
  g_test_add_func ("/parcel/newer", test_newer);
  return g_test_run ();
}
