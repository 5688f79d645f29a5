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
  char *upsert_sql;  /* ?1 a record, ?2 account */
  char *destroy_sql; /* ?1 ids, ?2 account, ?3 path of the array */
  char *unindex_sql; /* the same: takes what will be destroyed out of the text index */
  char *reindex_sql; /* ?1 JSON, ?2 language, ?3 path, ?4 last row that is in the text index */
  char *fill_sql;    /* ?1 first row, ?2 language, ?3 last row */
  char *add_sql; /* the same for rows that are not in it: nothing is looked for to be replaced */
  BstSearchIndex *text; /* NULL: nothing to search in */
  gint64
      text_upto; /* rows up to this one are in the text index, later ones wait for bst_replica_finish_step() */
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

/** bst_replica_make_terms: bst_search_terms(), quickly for many texts. A word that comes twice may be there twice. (transfer full) */
char *bst_replica_make_terms (const char *text, const char *language);

/** bst_replica_text_put: brings the index up to date with one row that was put. In a transaction. */
gboolean
bst_replica_text_put (BstReplica *replica, BstReplicaTable *table, gint64 rowid, GError **error);

/** bst_replica_text_shrink: after the last rows were removed: new ones may get their numbers. In a transaction. */
gboolean bst_replica_text_shrink (BstReplica *replica, BstReplicaTable *table, GError **error);

/**
 * bst_replica_finish_step: one step of what was put off during a first synchronisation (indices, text index), in a transaction
 * of its own, a fraction of a second long. *@ret_more: call again.
 */
gboolean bst_replica_finish_step (BstReplica *replica, gboolean *ret_more, GError **error);

/** bst_replica_text_expression: the terms of a searchable field of "doc" as SQL; ?2 is the language. (transfer full) */
char *bst_replica_text_expression (const BstField *field);

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
