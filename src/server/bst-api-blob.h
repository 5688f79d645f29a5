/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "bst-api.h"

G_BEGIN_DECLS

/* What whole uploads and those in parts have in common. */

/* How long what nothing refers to is kept (docs/protocol.md, "Blobs"). */
#define BST_BLOB_KEEP_SECONDS 86400

/** bst_blob_path: where the blob @id ("B" + SHA-256) lies. (transfer full) */
char *bst_blob_path (BstStorage *storage, const char *id);

/** bst_blob_path_in: the same in another folder than that of the running server. */
char *bst_blob_path_in (const char *directory, const char *id);

/** bst_blob_write: its octets are safe on the disk. */
gboolean bst_blob_write (BstStorage *storage, const char *id, GBytes *body, GError **error);

/** bst_blob_note: @account has it from now on; noted again: its time to be referred to begins anew. */
gboolean bst_blob_note (BstStorage *storage,
                        const char *account,
                        const char *id,
                        gsize size,
                        const char *person,
                        GError **error);
gboolean bst_blob_is_known (BstStorage *storage, const char *account, const char *id);

/** bst_blob_drop: from @account; its file goes with the last account that has it. In a transaction. */
gboolean bst_blob_drop (BstStorage *storage, const char *account, const char *id, GError **error);

/** bst_api_path_part: the @n-th part between the slashes of @path, unescaped. (transfer full) (nullable) */
char *bst_api_path_part (const char *path, guint n);

/** bst_api_check_account: whether the one who asks sees it; otherwise the reply is set. */
gboolean bst_api_check_account (BstApi *api, BstExchange *exchange, const char *account);

G_END_DECLS
