/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "bst-clock.h"
#include "bst-doc.h"
#include "bst-record-type.h"

G_BEGIN_DECLS

/*
 * The server's database: records with their change numbers, people's sign-in, blobs. Used by bestillerd and
 * by bestiller-admin, at the same time if need be. One object belongs to one thread. Docs as in bst-record-types.c.
 * Directory: bestiller.db, blobs/, tls/ (ca.pem, server.pem, server.key).
 */
typedef struct _BstStorage BstStorage;

/** bst_storage_create: a new, empty authority. @settings: {"authority": id, "name", "country": "DK"|"NO", "tag": four letters of codes}. */
BstStorage *bst_storage_create (const char *directory,
                                GVariant *settings,
                                const BstClock *clock,
                                GError **error);
BstStorage *bst_storage_open (const char *directory, const BstClock *clock, GError **error);
void bst_storage_close (BstStorage *storage);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (BstStorage, bst_storage_close)

/** bst_storage_set_clock: for what is made up in a time that is over; outlives its use. Returns: (transfer none): the one before. */
const BstClock *bst_storage_set_clock (BstStorage *storage, const BstClock *clock);

GVariant *bst_storage_get_settings (BstStorage *storage, GError **error); /* and "epoch" */

gboolean bst_storage_begin (BstStorage *storage, GError **error);
gboolean bst_storage_commit (BstStorage *storage, GError **error);
void bst_storage_rollback (BstStorage *storage);

/** bst_storage_get: the record; %NULL with NOT_FOUND. */
GVariant *bst_storage_get (BstStorage *storage, const char *type, const char *id, GError **error);

/** bst_storage_find: the record whose indexed property has that value ("number" of a Request); NOT_FOUND. (transfer full) */
GVariant *bst_storage_find (BstStorage *storage,
                            const char *type,
                            const char *property,
                            const char *value,
                            GError **error);

/** Called for each record; return FALSE to stop. */
typedef gboolean (*BstStorageEach) (GVariant *record, gpointer closure);
gboolean bst_storage_each (BstStorage *storage,
                           const char *type,
                           BstStorageEach each,
                           gpointer closure,
                           GError **error);

typedef enum
{
  BST_PUT_ADDED,
  BST_PUT_CHANGED,
  BST_PUT_SAME
} BstPutResult;

/** bst_storage_put: creates or replaces a record as the server (imports). Validates by the dictionary: INVALID names the property. @ret_result: (optional). In a transaction. */
gboolean bst_storage_put (BstStorage *storage,
                          const BstRecordType *type,
                          GVariant *record,
                          BstPutResult *ret_result,
                          GError **error);
gboolean bst_storage_destroy (BstStorage *storage,
                              const BstRecordType *type,
                              const char *id,
                              GError **error);

/** bst_storage_apply_event: what RequestEvent/set does for one event by @person: life table, sequence, receipt. (transfer full): the request after it. In a transaction. */
GVariant *
bst_storage_apply_event (BstStorage *storage, const char *person, GVariant *event, GError **error);

/**
 * bst_storage_act_on_proposal: what a performer says to a proposal.
 * @person: a performer for the proposal's unit, or an administrator there
 * @action: "answer", "agree", "decline"
 * @answer: as bst_proposal_act(); without agreement, the SLA that is in force for the unit on that day is changed
 *
 * What is agreed on is written as the agreement's next version. In a transaction. (transfer full): the proposal; NOT_FOUND, FORBIDDEN, INVALID.
 */
GVariant *bst_storage_act_on_proposal (BstStorage *storage,
                                       const char *person,
                                       const char *id,
                                       const char *action,
                                       GVariant *answer,
                                       GError **error);

/** bst_storage_take_number: the next order's number of that year, "2026-004211". (transfer full). In a transaction. */
char *bst_storage_take_number (BstStorage *storage, gint64 year, GError **error);

/* ---- sign-in ---- */

/** bst_storage_make_code: @lifetime seconds. (transfer full) */
char *
bst_storage_make_code (BstStorage *storage, const char *person, gint64 lifetime, GError **error);
/** bst_storage_redeem_code: CODE_WRONG, CODE_EXPIRED, CODE_USED, OTHER_AUTHORITY. (transfer full): the token */
char *bst_storage_redeem_code (BstStorage *storage,
                               const char *code,
                               const char *device,
                               char **ret_person,
                               GError **error);
/** bst_storage_check_token: the person; %NULL with SIGN_IN, or LOST. (transfer full) */
char *bst_storage_check_token (BstStorage *storage, const char *token, GError **error);

/** bst_storage_find_parcel_key: the live token that a parcel was sealed with (bst_parcel_key_id()); %FALSE with SIGN_IN. */
gboolean bst_storage_find_parcel_key (BstStorage *storage,
                                      const char *key_id,
                                      char **ret_digest,
                                      char **ret_person,
                                      GError **error);
gboolean bst_storage_revoke_token (BstStorage *storage, const char *token, GError **error);
gboolean
bst_storage_revoke_person (BstStorage *storage, const char *person, guint *ret_n, GError **error);
/**
 * bst_storage_lose_computers: those of @person that are enrolled as @device, or all (%NULL), are lost: their sign-in is revoked, and
 * what they copied from here goes at their next contact. @ret_n: how many
 */
gboolean bst_storage_lose_computers (BstStorage *storage,
                                     const char *person,
                                     const char *device,
                                     guint *ret_n,
                                     GError **error);

/** bst_storage_devices: {"person","device","created","lastSeen"} of live tokens. */
GPtrArray *bst_storage_devices (BstStorage *storage, const char *person, GError **error);

/** bst_storage_search: best first: {"type","record"}. @types: (nullable): default the catalogue. */
GPtrArray *bst_storage_search (BstStorage *storage,
                               const char *text,
                               const char *language,
                               const char *const *types,
                               guint limit,
                               GError **error);

/**
 * bst_storage_audit: the log, oldest first: {"at","person"?,"action","type"?,"id"?}; without person: the command line.
 * @since: UTC seconds; 0: all of it
 * @person: (nullable): what this person did, or what was done to her record
 */
gboolean bst_storage_audit (BstStorage *storage,
                            gint64 since,
                            const char *person,
                            BstStorageEach each,
                            gpointer closure,
                            GError **error);

/* ---- measures (docs/protocol.md, "Measures") ---- */

/** bst_storage_measure_sweep: marks what fell due since. Outside a transaction, as the next three. */
gboolean bst_storage_measure_sweep (BstStorage *storage, GError **error);

/** bst_storage_measure_step: counts some of what is marked again; *@ret_more: there may be more. Some milliseconds. */
gboolean bst_storage_measure_step (BstStorage *storage, gboolean *ret_more, GError **error);

/** bst_storage_measure_all: both, until all measures are as the cases say: after an import, before a check. */
gboolean bst_storage_measure_all (BstStorage *storage, GError **error);

/** bst_storage_measure_stale: marks all orders: for what wrote them by another door than bst_storage_put(). In a transaction. */
gboolean bst_storage_measure_stale (BstStorage *storage, GError **error);

/** bst_storage_check: a line of @findings (element-type utf8) for whatever is wrong. Counts what is marked first. */
gboolean bst_storage_check (BstStorage *storage, GPtrArray *findings, GError **error);

/** bst_storage_backup: the database into @path, the files of orders that it knows into @path.files; what is there already stays. */
gboolean bst_storage_backup (BstStorage *storage, const char *path, GError **error);

/** bst_storage_restore: both. Files that came later stay, with what is known of them: their orders come again. */
gboolean bst_storage_restore (const char *directory,
                              const char *path,
                              const BstClock *clock,
                              GError **error); /* new epoch */

G_END_DECLS
