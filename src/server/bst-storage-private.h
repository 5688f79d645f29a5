/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "bst-db.h"
#include "bst-org.h"
#include "bst-storage-text.h"
#include "bst-storage.h"

G_BEGIN_DECLS

/* How long destroyed records are remembered, so that a client can be told (docs/protocol.md, "State"). */
#define BST_STORAGE_LOG_SECONDS (400 * 86400LL)

struct _BstStorage
{
  BstDb *db;
  char *directory;
  const BstClock *clock;
  GVariant *settings;
  char *epoch;
  BstStorageText *text;
  const char *actor;        /* (nullable): on whose behalf something is written; borrowed */
  BstOrg *org;              /* (nullable): built when asked for */
  GHashTable *scopes;       /* person -> BstScope */
  GHashTable *zones;        /* name -> GTimeZone: making one is dear */
  GHashTable *calendars;    /* (nullable): id -> BstCalendar; likewise */
  GHashTable *promises;     /* (nullable): text -> promise, as cases are counted by them */
  GPtrArray *agreements;    /* (nullable): all, as of */
  gint64 calendars_version; /* what other processes had written by then */
  GPtrArray *mandates;      /* (nullable): all, as of */
  gint64 mandates_version;  /* what other processes had written by then */
  gboolean counts_later;    /* whoever writes an order now counts its cases herself */
  gboolean units_moved;     /* in this transaction, one got another place in the tree */
  gint64 scope_seq;         /* of the units and people that org and scopes were made from */
};

/** bst_storage_renew_epoch: every state that was told before is none any more. In a transaction. */
gboolean bst_storage_renew_epoch (BstStorage *storage, GError **error);

/** BstStorageRow: one record as it is stored. */
typedef struct
{
  gint64 row;
  char *account;
  char *unit;
  GVariant *doc; /* (nullable): destroyed */
  gint64 rev;
  gint64 seq;
  gint64 created_seq;
  char *hash;     /* (nullable): of the content it was created with */
  GVariant *revs; /* path -> revision that last changed it */
} BstStorageRow;

/** bst_storage_row_load: %NULL with NOT_FOUND. */
BstStorageRow *
bst_storage_row_load (BstStorage *storage, const char *type, const char *id, GError **error);
void bst_storage_row_free (BstStorageRow *row);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (BstStorageRow, bst_storage_row_free)

/**
 * bst_storage_write:
 * @old: (nullable): what it replaces
 * @doc: without regard to its id, rev, created and updated
 * @hash: (nullable): of the content as created
 *
 * The one place where a record is written: revision, change number, revisions of the properties. In a transaction.
 * Returns: (transfer full): as stored
 */
GVariant *bst_storage_write (BstStorage *storage,
                             const BstRecordType *type,
                             const char *id,
                             BstStorageRow *old,
                             GVariant *doc,
                             const char *hash,
                             GError **error);

/** bst_storage_erase: leaves what says that it was there. */
gboolean bst_storage_erase (BstStorage *storage,
                            const BstRecordType *type,
                            const char *id,
                            BstStorageRow *old,
                            GError **error);

/** bst_storage_follow_units: after units moved: their records follow them into the accounts of their departments. In a transaction. */
gboolean bst_storage_follow_units (BstStorage *storage, GError **error);

/** bst_storage_note: a line of the audit log. */
gboolean bst_storage_note (BstStorage *storage,
                           const char *person,
                           const char *what,
                           const char *type,
                           const char *subject,
                           GError **error);

/** bst_storage_note_write: what the actor did to a record. @before: (nullable): created; @after: (nullable): destroyed */
gboolean bst_storage_note_write (BstStorage *storage,
                                 const BstRecordType *type,
                                 const char *id,
                                 GVariant *before,
                                 GVariant *after,
                                 GError **error);

/** bst_storage_account_of: borrowed from the tree of units, or the catalogue's; INVALID names the property. */
const char *bst_storage_account_of (BstStorage *storage,
                                    const BstRecordType *type,
                                    GVariant *doc,
                                    GError **error);

/** bst_storage_others_version: another number when another process wrote. */
gint64 bst_storage_others_version (BstStorage *storage);

/** bst_storage_version: another number when anything was written since, here or by another process; cheap. -1: cannot be told. */
gint64 bst_storage_version (BstStorage *storage);

/** bst_storage_account_seq: 0 when nothing was ever written there. */
gint64 bst_storage_account_seq (BstStorage *storage,
                                const char *account,
                                gint64 *ret_floor,
                                GError **error);

/** bst_storage_org: the tree as it is now; borrowed. */
BstOrg *bst_storage_org (BstStorage *storage, GError **error);
void bst_storage_forget_scopes (BstStorage *storage);

/** BstScope: what a person sees. */
typedef struct
{
  GVariant *person;
  GHashTable *units; /* ids she sees */
  GHashTable
      *above;      /* ids of the units above these, up to the department (BST_RECORD_FROM_BELOW) */
  char **accounts; /* departments */
  GHashTable *rights; /* account -> version of her rights there */
} BstScope;

/** bst_storage_scope: borrowed until the next call into storage that writes; %NULL with SIGN_IN when there is no such person (any longer). */
BstScope *bst_storage_scope (BstStorage *storage, const char *person, GError **error);
gboolean bst_scope_has_account (BstScope *scope, const char *account);

/** bst_scope_sees: whether she sees records of @type of @unit; NULL: shared. */
gboolean bst_scope_sees (BstScope *scope, const char *type, const char *unit);

/** bst_storage_roles: with what mandates in force today lend. */
BstRole bst_storage_roles (BstStorage *storage, GVariant *person, const char *unit, GError **error);

/** bst_storage_may_approve: herself or by mandate, up to @total. */
gboolean bst_storage_may_approve (BstStorage *storage,
                                  GVariant *person,
                                  const char *unit,
                                  const BstMoney *total,
                                  GError **error);

/** bst_storage_zone: that of @unit (nullable); borrowed. */
GTimeZone *bst_storage_zone (BstStorage *storage, const char *unit);

/** bst_storage_today: the day at @unit. (transfer full) */
char *bst_storage_today (BstStorage *storage, const char *unit);

/**
 * bst_storage_create_event: RequestEvent/set create.
 * @ret_refused: (out) (transfer full): a SetError; then %NULL is returned and no error set
 *
 * Returns: (transfer full): the event as stored
 */
GVariant *bst_storage_create_event (BstStorage *storage,
                                    const char *person,
                                    GVariant *event,
                                    GVariant **ret_request,
                                    GVariant **ret_refused,
                                    GError **error);

/* ---- SetErrors (docs/protocol.md) ---- */

GVariant *bst_refusal_new (const char *type, const char *description);
GVariant *bst_refusal_property (const char *type, const char *property, const char *description);

/** bst_refusal_problems: @problems: (element-type BstProblem). (transfer full) (nullable): %NULL when there are none. */
GVariant *bst_refusal_problems (GPtrArray *problems);

extern const BstMigration bst_storage_migrations[];
#define BST_STORAGE_APPLICATION_ID 0x42737453 /* "BstS" */

G_END_DECLS
