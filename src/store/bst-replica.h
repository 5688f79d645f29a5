/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "bst-db.h"
#include "bst-record-type.h"
#include "bst-search-index.h"
#include "bst-store.h"

G_BEGIN_DECLS

/*
 * replica.db: the server's documents with own pending work laid over them, and the text index. One
 * table a record type, made from the data dictionary; when the dictionary changes, the replica is made
 * anew. One object belongs to one thread: the writer has one, the reader another (@readonly).
 *
 * Columns of a type's table:
 *   _account   the account that it came in
 *   _local     NULL, or the state of what lies over it: "draft", "queued", "sending", "refused", "received"
 *   _base      the server's document, while something lies over it; NULL when the server has none
 *   doc        the effective document
 *   id, rev, and every indexed property, generated from doc
 */
typedef struct
{
  const BstRecordType *type;
  char *insert_sql;     /* ?1 a record, ?2 account; nothing happens where there is one of that id */
  char *update_sql;     /* the same, ?3 the row */
  BstSearchIndex *text; /* NULL: nothing to search in */
  const char **text_names; /* properties, one a column of @text, ended by NULL */
} BstReplicaTable;

typedef struct
{
  BstDb *db;
  BstReplicaTable *tables; /* as many as bst_record_types() has */
  guint n_tables;
  char *language; /* of plain texts, for the stemmer */
} BstReplica;

/**
 * bst_replica_open:
 * @directory: of the store
 * @language: what plain texts are written in
 *
 * A corrupt replica is set aside, one of another dictionary is made anew (unless @readonly).
 */
BstReplica *
bst_replica_open (const char *directory, const char *language, gboolean readonly, GError **error);
void bst_replica_close (BstReplica *replica);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (BstReplica, bst_replica_close)

/** bst_replica_doubt: marks the replica, so that the next opening sets it aside: a read found it corrupt. */
void bst_replica_doubt (const char *directory);

/** bst_replica_table: %NULL when there is no such type. */
BstReplicaTable *bst_replica_table (BstReplica *replica, const char *type);

/** One row, as it lies. */
typedef struct
{
  gint64 rowid; /* 0: no such record */
  char *account;
  char *local;
  char *base; /* JSON */
  char *doc;  /* JSON */
} BstReplicaRow;

void bst_replica_row_clear (BstReplicaRow *row);
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (BstReplicaRow, bst_replica_row_clear)

gboolean bst_replica_read_row (BstReplica *replica,
                               const char *type,
                               const char *id,
                               BstReplicaRow *ret_row,
                               GError **error);

/** bst_replica_get: the effective document; *@ret_doc (transfer full) is %NULL when there is none. */
gboolean bst_replica_get (BstReplica *replica,
                          const char *type,
                          const char *id,
                          GVariant **ret_doc,
                          GError **error);

/** bst_replica_put_row: in a transaction; by the id in @doc. */
gboolean bst_replica_put_row (BstReplica *replica,
                              const char *type,
                              const char *account,
                              const char *local,
                              const char *base,
                              const char *doc,
                              GError **error);
gboolean
bst_replica_remove_row (BstReplica *replica, const char *type, const char *id, GError **error);

/** bst_replica_all: every document of a (small) type. (transfer full) (element-type GVariant) */
GPtrArray *bst_replica_all (BstReplica *replica, const char *type, GError **error);

/** bst_replica_run: a constant statement with texts for ?1 and ?2 (nullable). */
gboolean bst_replica_run (BstReplica *replica,
                          const char *sql,
                          const char *first,
                          const char *second,
                          GError **error);

/** bst_replica_list: the first column of a constant statement. (transfer full) (element-type utf8) */
GPtrArray *bst_replica_list (BstReplica *replica,
                             const char *sql,
                             const char *first,
                             const char *second,
                             GError **error);

/* ---- the session ---- */

/** bst_replica_remember_session: @text: (nullable): %NULL: forgotten. Of several @key the last one counts. */
gboolean bst_replica_remember_session (BstReplica *replica,
                                       const char *key,
                                       const char *text,
                                       GError **error);

/** bst_replica_recall_session: Returns: (transfer full) (nullable): %NULL without @error when there is none for @key. */
char *bst_replica_recall_session (BstReplica *replica, const char *key, GError **error);

/* ---- accounts ---- */

char *bst_replica_get_checkpoint (BstReplica *replica, const char *account, GError **error);
gboolean bst_replica_set_accounts (BstReplica *replica,
                                   GVariant *accounts,
                                   GHashTable *changed_types,
                                   GError **error);
gboolean bst_replica_forget (BstReplica *replica,
                             const char *account,
                             GHashTable *changed_types,
                             GError **error);

/** bst_replica_is_complete: whether every account's first synchronisation is through. */
gboolean bst_replica_is_complete (BstReplica *replica, gboolean *ret_complete, GError **error);

/* ---- applying (bst-replica-apply.c) ---- */

/** What an answer did. */
typedef struct
{
  GPtrArray *pages;  /* BstAppliedPage */
  GHashTable *types; /* names of the types that changed: a set */
  GPtrArray *
      events; /* (element-type GVariant): RequestEvents that came after the first synchronisation */
} BstApplied;

void bst_applied_clear (BstApplied *applied);
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (BstApplied, bst_applied_clear)

gboolean
bst_replica_apply (BstReplica *replica, GBytes *response, BstApplied *ret_applied, GError **error);

/* ---- text index (bst-replica-text.c) ---- */

gboolean bst_replica_text_open (BstReplica *replica, GError **error);

/*
 * What a row's document says is in the index as long as the row is there. All of these in the transaction that changes the row;
 * they do nothing for a type without searchable properties.
 */

/** bst_replica_text_add: a new row; @doc of @len octets need not end in NUL. */
gboolean bst_replica_text_add (BstReplica *replica,
                               BstReplicaTable *table,
                               gint64 rowid,
                               const char *doc,
                               gsize len,
                               GError **error);

/** bst_replica_text_take: a row that goes; @doc as it was. */
gboolean bst_replica_text_take (BstReplica *replica,
                                BstReplicaTable *table,
                                gint64 rowid,
                                const char *doc,
                                GError **error);

/** bst_replica_text_change: costs little where nothing that can be searched has changed. */
gboolean bst_replica_text_change (BstReplica *replica,
                                  BstReplicaTable *table,
                                  gint64 rowid,
                                  const char *old,
                                  const char *doc,
                                  gsize len,
                                  GError **error);

/** bst_replica_text_take_account: all rows of @account, which are still there. */
gboolean bst_replica_text_take_account (BstReplica *replica,
                                        BstReplicaTable *table,
                                        const char *account,
                                        GError **error);

/**
 * bst_replica_finish_step: one of the indices that were put off during a first synchronisation, in a transaction of its own, a
 * fraction of a second long. *@ret_more: call again.
 */
gboolean bst_replica_finish_step (BstReplica *replica, gboolean *ret_more, GError **error);

/** bst_replica_text_fields: of a type, heaviest first, ended by NULL. (transfer container) */
const BstField **bst_replica_text_fields (const BstRecordType *type);

/* ---- schema (bst-replica-schema.c) ---- */

/** bst_replica_schema: the statements that make all tables. (transfer full) */
char *bst_replica_schema (void);

/** BstReplicaIndex: an index beside that on the id; made after the first synchronisation. */
typedef struct
{
  const char *name;
  const char *sql;
} BstReplicaIndex;

const BstReplicaIndex *bst_replica_indices (void);

/** bst_replica_has_column: whether the type has a generated column of that name. */
gboolean bst_replica_has_column (const BstRecordType *type, const char *name);

G_END_DECLS
