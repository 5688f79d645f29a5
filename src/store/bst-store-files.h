/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "bst-store.h"

G_BEGIN_DECLS

/*
 * Files that orders refer to (Request.attachments: key → {name, size, type, sha256}). A file is kept in work.db from the moment
 * it is added, and is dropped only when the server has named it and has accepted the order that refers to it. An
 * order is sent after its files; others do not wait for them. Errors as in bst-store.h.
 */

/** bst_store_get_file_limit: octets that one file may have: what the server said last. Does not block. */
gint64 bst_store_get_file_limit (BstStore *store);
gboolean bst_store_set_file_limit (BstStore *store, gint64 octets, GError **error);

/**
 * bst_store_add_file_async: reads @file in a thread of its own, part by part. What no draft refers to is forgotten at the next opening.
 *
 * Returns (finish): (transfer full): {"name","size","type","sha256"}; durable when finished. TOO_LARGE (before anything was read,
 * when the size is known), INVALID when it is no file (a folder), G_IO_ERROR from reading it
 */
void bst_store_add_file_async (BstStore *store,
                               GFile *file,
                               GCancellable *cancellable,
                               GAsyncReadyCallback callback,
                               gpointer user_data);

/** bst_store_add_octets_async: the same for what is no file yet: something pasted. */
void bst_store_add_octets_async (BstStore *store,
                                 const char *name,
                                 const char *type,
                                 GBytes *octets,
                                 GCancellable *cancellable,
                                 GAsyncReadyCallback callback,
                                 gpointer user_data);
GVariant *bst_store_add_file_finish (BstStore *store, GAsyncResult *result, GError **error);

/** bst_store_add_file: blocks; for tests and threads. */
GVariant *
bst_store_add_file (BstStore *store, GFile *file, GCancellable *cancellable, GError **error);

/** bst_store_has_file: whether all of it is here; *@ret_size (nullable) then. Blocks. */
gboolean bst_store_has_file (BstStore *store, const char *sha256, gint64 *ret_size);

/**
 * bst_store_read_file: up to @len octets from @offset on; fewer at the end of a stored part, none at the end of the file. Blocks.
 * NOT_FOUND when it is not here.
 */
GBytes *
bst_store_read_file (BstStore *store, const char *sha256, gint64 offset, gsize len, GError **error);

/** bst_store_get_directory: of this store; what is put there goes with it. Borrowed. */
const char *bst_store_get_directory (BstStore *store);

/* ---- for sync (blocking; from its thread) ---- */

/** bst_outbox_item_files: SHA-256 of the files that @item refers to. (transfer full) (element-type utf8) */
GPtrArray *bst_outbox_item_files (const BstOutboxItem *item);

typedef struct
{
  char *sha256;
  char *account;
  char *request; /* the order that waits for it … */
  gint64 seq;    /* … and its item */
  gint64 size;
} BstFileToSend;

void bst_file_to_send_free (BstFileToSend *file);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (BstFileToSend, bst_file_to_send_free)

/** bst_store_files_to_send: what orders in the outbox wait for, oldest first, each once. (transfer full) (element-type BstFileToSend) */
GPtrArray *bst_store_files_to_send (BstStore *store, GError **error);

/**
 * bst_store_outbox_take_with_files: as bst_store_outbox_take(), and orders that wait for files of at most @octets in all, which then
 * travel with them.
 * @ret_files: (transfer full) (element-type BstFileToSend): those files
 */
GPtrArray *bst_store_outbox_take_with_files (BstStore *store,
                                             guint limit,
                                             gint64 octets,
                                             GPtrArray **ret_files,
                                             GError **error);

/** bst_store_file_named: the server has it, in @account: the orders that wait for it may go. */
gboolean
bst_store_file_named (BstStore *store, const char *sha256, const char *account, GError **error);

/** bst_store_file_lost: the server does not have it any longer. *@ret_again: whether it is here, and will be sent again. */
gboolean bst_store_file_lost (BstStore *store,
                              const char *sha256,
                              const char *account,
                              gboolean *ret_again,
                              GError **error);

G_END_DECLS
