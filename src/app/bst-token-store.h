/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "bst-profile.h"

G_BEGIN_DECLS

/*
 * Where the sign-in token lies: in the Secret Service (the desktop's keyring), or, where none answers in time, in a file of mode
 * 0600 in the profile's directory. Never both. Nothing here blocks the caller; a locked keyring is waited for at most
 * %BST_TOKEN_SECONDS.
 */
#define BST_TOKEN_SECONDS 20

typedef enum
{
  BST_TOKEN_IN_KEYRING,
  BST_TOKEN_IN_FILE,
} BstTokenPlace;

/** bst_token_save_async: @ret_place of finish says where it went. Errors: %BST_ERROR_STORAGE. */
void bst_token_save_async (const BstProfile *profile,
                           const char *token,
                           GCancellable *cancellable,
                           GAsyncReadyCallback callback,
                           gpointer user_data);
gboolean bst_token_save_finish (GAsyncResult *result, BstTokenPlace *ret_place, GError **error);

/**
 * bst_token_load_async:
 * Returns (finish): (transfer full): errors %BST_ERROR_SIGN_IN (there is none), %BST_ERROR_BUSY (the keyring did not answer:
 * it is locked; try again)
 */
void bst_token_load_async (const BstProfile *profile,
                           GCancellable *cancellable,
                           GAsyncReadyCallback callback,
                           gpointer user_data);
char *bst_token_load_finish (GAsyncResult *result, GError **error);

/** bst_token_place: where the profile's token was put. */
BstTokenPlace bst_token_place (const BstProfile *profile);

/** bst_token_clear_async: from both places; best effort. */
void
bst_token_clear_async (const BstProfile *profile, GAsyncReadyCallback callback, gpointer user_data);
gboolean bst_token_clear_finish (GAsyncResult *result, GError **error);

G_END_DECLS
