/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "bst-server.h"
#include "bst-storage.h"

G_BEGIN_DECLS

/*
 * The real server in a thread, over TLS, on a free port, with a small authority of its own:
 *
 *   a (authority) ─ d1 (department) ─ s1, s2 (institutions)      performer unit p1 under a
 *                 └ d2 (department) ─ s3
 *   anna: orderer at s1 · bo: orderer, approver (up to 100,000.00), strategic on d1 · cilla: orderer at s2
 *   dan: orderer at s3 · pia: performer at p1
 *   services: pc (5,000.00 once, 10 working days, no approval), desk (approval always); area it; calendar c1
 */
typedef struct _BstTestServer BstTestServer;

BstTestServer *bst_test_server_new (void);
void bst_test_server_free (BstTestServer *server);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (BstTestServer, bst_test_server_free)

const char *bst_test_server_url (BstTestServer *server);
const char *bst_test_server_ca_file (BstTestServer *server);
const char *bst_test_server_directory (BstTestServer *server);

/** bst_test_server_storage: a connection of the test's own, beside the server's. */
BstStorage *bst_test_server_storage (BstTestServer *server);

/** bst_test_server_stop, bst_test_server_start: as a restart does; the port stays. */
void bst_test_server_stop (BstTestServer *server);
void bst_test_server_start (BstTestServer *server);

/** bst_test_server_code, bst_test_server_token: for a person of the authority. (transfer full) */
char *bst_test_server_code (BstTestServer *server, const char *person, gint64 lifetime);
char *bst_test_server_token (BstTestServer *server, const char *person);

/** bst_test_server_put: a record, as JSON. */
void bst_test_server_put (BstTestServer *server, const char *type, const char *json);

/** bst_test_server_act: what bestiller-admin does: an event by @person on @request. */
void bst_test_server_act (BstTestServer *server,
                          const char *person,
                          const char *request,
                          const char *action,
                          const char *text);

/** bst_test_server_advance: moves the clock of server and storage. */
void bst_test_server_advance (BstTestServer *server, gint64 seconds);

/** bst_test_server_clock: the server's. */
const BstClock *bst_test_server_clock (BstTestServer *server);

G_END_DECLS
