/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "bst-fault-proxy.h"
#include "bst-storage.h"
#include "bst-store.h"
#include "bst-sync.h"

G_BEGIN_DECLS

/*
 * A small authority with everything real but its people: a server with TLS (in a thread, or as a child
 * process that can be killed), a bad line before it, and computers with a store each.
 *
 * Units: a (authority) · d1, d2 (departments) · s1 (a school in d1) · n1 (a nursing home in d2) · pu (performer)
 * People: orla (orderer of d1) · olga (orderer of d1) · both (orderer of d1 and d2) · perle (performer of pu)
 * Services: chair (150.00 a piece) · clean (included)
 */
typedef struct _BstWorld BstWorld;

typedef enum
{
  BST_WORLD_THREAD,
  BST_WORLD_CHILD, /* bestillerd, as BST_BESTILLERD says */
} BstWorldServer;

BstWorld *bst_world_new (BstWorldServer how, guint32 seed);
void bst_world_free (BstWorld *world);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (BstWorld, bst_world_free)

const char *bst_world_directory (BstWorld *world); /* of all */
const char *bst_world_data (BstWorld *world);      /* of the server */
const char *bst_world_ca (BstWorld *world);
guint16 bst_world_port (BstWorld *world); /* of the server itself */
BstFaultProxy *bst_world_proxy (BstWorld *world);
const BstClock *bst_world_clock (BstWorld *world);

void bst_world_start (BstWorld *world);
void bst_world_stop (BstWorld *world);
void bst_world_kill (BstWorld *world); /* SIGKILL; CHILD only */

/** bst_world_limit_files: its disk is full: no file of the server may grow beyond @octets (-1: any size). CHILD only */
void bst_world_limit_files (BstWorld *world, gint64 octets);

/** bst_world_backup, bst_world_restore: of the server's data; the server must be stopped for the second. */
void bst_world_backup (BstWorld *world, const char *name);
void bst_world_restore (BstWorld *world, const char *name);

/** bst_world_storage: the server's database, opened beside it. (transfer full) */
BstStorage *bst_world_storage (BstWorld *world);

/** bst_world_put: creates or replaces a record as the server. @json: the record */
void bst_world_put (BstWorld *world, const char *type, const char *json);

/** bst_world_code: an enrolment code. (transfer full) */
char *bst_world_code (BstWorld *world, const char *person, gint64 lifetime);

/** bst_world_step: what somebody does on the server's side. @text: (nullable) */
void bst_world_step (BstWorld *world,
                     const char *person,
                     const char *request,
                     const char *action,
                     const char *text);

/** bst_world_request: the order as the server has it; %NULL when it has none. (transfer full) */
GVariant *bst_world_request (BstWorld *world, const char *id);

/** bst_world_has: whether the server has a record. */
gboolean bst_world_has (BstWorld *world, const char *type, const char *id);

/** bst_world_count: how many records of a type the server has. */
guint bst_world_count (BstWorld *world, const char *type);

/** bst_world_set_price: of the chair; a new version of it. */
void bst_world_set_price (BstWorld *world, gint64 amount, int version);

void bst_world_remove_tree (const char *path);
void bst_world_copy_tree (const char *from, const char *to);

/* ---- computers ---- */

/** BstComputer: @world: (nullable) in a process of its own: the clock is the system's then. */
typedef struct
{
  BstWorld *world;
  char *directory;
  char *person;
  char *token;
  char *url;
  char *ca;
  BstClock clock;
  gint64 skew_ms;  /* of its wall clock */
  BstStore *store; /* NULL while it is shut */
  BstSync *sync;
} BstComputer;

/** bst_computer_new: signed in, its store open. @name: of its directory */
BstComputer *bst_computer_new (BstWorld *world, const char *name, const char *person);

/** bst_computer_new_alone: of another process. @directory: of the store */
BstComputer *
bst_computer_new_alone (const char *directory, const char *url, const char *ca, const char *token);

/** bst_computer_new_copy: another computer with a copy of the first one's store, which must be shut. */
BstComputer *bst_computer_new_copy (BstComputer *computer, const char *name);
void bst_computer_free (BstComputer *computer);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (BstComputer, bst_computer_free)

void bst_computer_open (BstComputer *computer);
void bst_computer_shut (BstComputer *computer);

/** bst_computer_sync: one round that must succeed; bst_computer_try: the error, or %NULL. (transfer full) */
void bst_computer_sync (BstComputer *computer);
GError *bst_computer_try (BstComputer *computer);

/** bst_computer_exchange: what waits goes to the server as a file, and its answer comes back. */
void bst_computer_exchange (BstComputer *computer);

/** bst_computer_draft: saves a draft of an order of @quantity chairs. Returns: (transfer full): its uid */
char *bst_computer_draft (BstComputer *computer, const char *unit, const char *title, int quantity);

/** bst_computer_order: drafts and submits. */
char *bst_computer_order (BstComputer *computer, const char *unit, const char *title);

/** bst_computer_order_with_file: the same, with a file of two parts on it, another one for each title. */
char *bst_computer_order_with_file (BstComputer *computer, const char *unit, const char *title);

/** bst_computer_mend: a refused order with another title and today's prices, submitted again. */
void bst_computer_mend (BstComputer *computer, const char *id, const char *title);

/** bst_computer_step: queues a step of ours. @text: (nullable) */
void bst_computer_step (BstComputer *computer,
                        const char *request,
                        const char *action,
                        const char *text);

/** bst_computer_get: the effective order; %NULL when there is none. (transfer full) */
GVariant *bst_computer_get (BstComputer *computer, const char *id);

/** bst_computer_state: of an order: "@local/state", or the server's state when there is none of ours. (transfer full) */
char *bst_computer_state (BstComputer *computer, const char *id);

/** bst_computer_outbox: how many items are in that state. */
guint bst_computer_outbox (BstComputer *computer, BstOutboxState state);

/** bst_computer_receipts: (transfer full) (element-type GVariant) */
GPtrArray *bst_computer_receipts (BstComputer *computer);

G_END_DECLS
