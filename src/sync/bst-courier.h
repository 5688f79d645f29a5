/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "bst-sync.h"

G_BEGIN_DECLS

/*
 * "Take it with you": what would go over the line goes into a sealed file (bst-parcel.h) instead, is carried to
 * a connected computer or to the server, and comes back as another. The same items may go over the line as
 * well, or in several parcels: each order becomes one all the same, by its uid.
 *
 * All run in a thread of their own and answer in the caller's main context.
 */

/* Octets that the files of one parcel may have in all; what is larger goes over the line, and its order with it. */
#define BST_COURIER_FILE_OCTETS (6 * 1024 * 1024)

/**
 * bst_courier_pack_async: what waits to be sent, with its files, and the question what is new.
 *
 * What is packed may have left: it can no longer be taken back to a draft, and is offered again until an answer has come.
 * Returns (finish): (transfer full): the file; STORAGE, and INVALID before the first contact with the server
 */
void bst_courier_pack_async (BstSync *sync,
                             GCancellable *cancellable,
                             GAsyncReadyCallback callback,
                             gpointer user_data);
GBytes *bst_courier_pack_finish (GAsyncResult *result, GError **error);

/** What an answer brought. */
typedef struct
{
  guint received; /* items that the server has named */
  guint refused;
  guint records; /* new and changed, by the pages that still fitted */
} BstCourierResult;

/**
 * bst_courier_unpack_async: an answer that was brought back. Reading it twice, late, or beside the line does no harm.
 *
 * Returns (finish): %FALSE with INVALID (cut off, altered), FORBIDDEN (for another computer): nothing of it was used
 */
void bst_courier_unpack_async (BstSync *sync,
                               GBytes *parcel,
                               GCancellable *cancellable,
                               GAsyncReadyCallback callback,
                               gpointer user_data);
gboolean
bst_courier_unpack_finish (GAsyncResult *result, BstCourierResult *ret_result, GError **error);

/**
 * bst_courier_carry_async: takes anybody's parcel to the server over this computer's line.
 *
 * Returns (finish): (transfer full): the answer, to be carried back; errors of the line, INVALID, FORBIDDEN (nobody's)
 */
void bst_courier_carry_async (BstSync *sync,
                              GBytes *parcel,
                              GCancellable *cancellable,
                              GAsyncReadyCallback callback,
                              gpointer user_data);
GBytes *bst_courier_carry_finish (GAsyncResult *result, GError **error);

/* The same in the calling thread. */
GBytes *
bst_courier_pack (BstStore *store, const BstClock *clock, const char *token, GError **error);
gboolean bst_courier_unpack (BstStore *store,
                             const char *token,
                             GBytes *parcel,
                             BstCourierResult *ret_result,
                             GError **error);

G_END_DECLS
