/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gio/gio.h>

#include "bst-clock.h"

G_BEGIN_DECLS

/*
 * bestillerd as a library: HTTPS, JMAP methods, storage. Runs in the thread-default main context of the thread that started it, so a test can run it in a thread.
 */
#define BST_TYPE_SERVER (bst_server_get_type ())
G_DECLARE_FINAL_TYPE (BstServer, bst_server, BST, SERVER, GObject)

/** bst_server_new: @directory as bst_storage_create() made it. @clock must outlive it. */
BstServer *bst_server_new (const char *directory, const BstClock *clock, GError **error);

/**
 * bst_server_listen:
 * @address: "127.0.0.1", "::1", "0.0.0.0" …
 * @port: 0 for any free one
 * @certificate: (nullable): PEM files; %NULL: tls/server.pem and tls/server.key of the directory; plain HTTP only with @allow_plain (behind a proxy, loopback only)
 */
gboolean bst_server_listen (BstServer *server,
                            const char *address,
                            guint16 port,
                            GTlsCertificate *certificate,
                            gboolean allow_plain,
                            GError **error);
guint16 bst_server_get_port (BstServer *server);
char *bst_server_get_url (BstServer *server); /* (transfer full): "https://localhost:PORT" */

/** bst_server_stop: answers what is under way, closes. */
void bst_server_stop (BstServer *server);

/**
 * bst_server_carry: opens a parcel that somebody brought, does what it asks as the person whose it is, seals the answer.
 *
 * For the command line: on the server's own computer. Returns: (transfer full): %NULL with INVALID, SIGN_IN …: nothing was done
 */
GBytes *
bst_server_carry (const char *directory, const BstClock *clock, GBytes *parcel, GError **error);

/** bst_server_make_certificates: a CA and a server certificate for @hosts into @directory/tls (for trying out and for closed networks). */
gboolean bst_server_make_certificates (const char *directory,
                                       const char *const *hosts,
                                       int days,
                                       GError **error);

G_END_DECLS
