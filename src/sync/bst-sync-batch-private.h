/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "bst-record-type.h"
#include "bst-sync-batch.h"

G_BEGIN_DECLS

/*
 * What a batch is made of: bst-sync-batch.c makes and prints it, bst-sync-answer.c reads the answer by it, bst-sync-outcome.c
 * what it says of each item.
 */

/* A set call: the items of one account and type. Its id is its index in @sets. */
typedef struct
{
  const char *account;
  const char *request; /* nullable: of this order only */
  const BstRecordType *type;
  GPtrArray *items; /* borrowed BstOutboxItem */
  gboolean part;    /* of a request that was made earlier: it may have asked for more than these */
} BstSyncSet;

typedef enum
{
  BST_SYNC_FATE_WAITS, /* for the next batch */
  BST_SYNC_FATE_SENT,
  BST_SYNC_FATE_TOO_LARGE,
} BstSyncFate;

struct _BstSyncBatch
{
  BstSyncLimits limits;
  GPtrArray *items;     /* borrowed BstOutboxItem */
  GArray *fates;        /* BstSyncFate, of each of @items */
  GPtrArray *files;     /* BstSyncFile; the id of its call is its index */
  GPtrArray *octets_of; /* GBytes, of each of @files; none in a batch that is only read */
  GPtrArray *sets;      /* BstSyncSet, in the order of sending */
  GPtrArray *changes;   /* BstJmapCall */
  GPtrArray *accounts;  /* char *, of each of @changes */
  gsize octets;
  guint n_left;
};

/** bst_sync_batch_creation_id: of an item that is created. (transfer full) */
char *bst_sync_batch_creation_id (const BstOutboxItem *item);

/** bst_sync_entry: what the object @map of @args has under @key. (transfer full) (nullable) */
GVariant *bst_sync_entry (GVariant *args, const char *map, const char *key);

/** bst_sync_names: whether @id is in the array @list of @args. */
gboolean bst_sync_names (GVariant *args, const char *list, const char *id);

/** bst_sync_is_order_item: whether the order stands or falls with it. */
gboolean bst_sync_is_order_item (const BstOutboxItem *item);

/**
 * bst_sync_outcome_read: the fate of @item, of the answer that @method and @args make to @call.
 *
 * Returns: %FALSE when it is about another record; @outcome is untouched when it says nothing
 */
gboolean bst_sync_outcome_read (const BstSyncSet *call,
                                const BstOutboxItem *item,
                                const char *method,
                                GVariant *args,
                                BstOutcome *outcome);

/** bst_sync_names_ours_only: whether all ids in @args are of what @call asked for. */
gboolean bst_sync_names_ours_only (const BstSyncSet *call, GVariant *args);

void bst_sync_file_free (BstSyncFile *file);
BstSyncFile *bst_sync_file_new (const char *account, const char *sha256);

G_END_DECLS
