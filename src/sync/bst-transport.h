/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gio/gio.h>

G_BEGIN_DECLS

/*
 * The way to a server. The engine knows no more of it than this: a request goes out, an answer comes back,
 * or an error says what is known of its fate. Blocking; not for the main thread.
 *
 * Errors: OFFLINE, CERTIFICATE, INVALID (the address), G_IO_ERROR_CANCELLED: nothing left this computer. SIGN_IN, BUSY:
 * turned away before anything was done. OUTCOME_UNKNOWN: it left, and no whole answer came. Those that say nothing of
 * its fate: PORTAL, TOO_LARGE, SERVER, PROTOCOL. The CODE_* of enrolment.
 */
#define BST_TYPE_TRANSPORT (bst_transport_get_type ())
G_DECLARE_INTERFACE (BstTransport, bst_transport, BST, TRANSPORT, GObject)

struct _BstTransportInterface
{
  GTypeInterface parent;

  GBytes *(*request) (BstTransport *transport,
                      const char *method,
                      const char *path,
                      GBytes *body,
                      GCancellable *cancellable,
                      GError **error);
};

/**
 * bst_transport_request:
 * @method: "GET", "POST"
 * @path: "/jmap/api/"
 * @body: (nullable): JSON
 *
 * Returns: (transfer full): the body of a good answer: JSON by its content type, not yet read
 */
GBytes *bst_transport_request (BstTransport *transport,
                               const char *method,
                               const char *path,
                               GBytes *body,
                               GCancellable *cancellable,
                               GError **error);

/**
 * bst_transport_https_new:
 * @server: "https://host:port"
 * @token: (nullable): none for enrolment
 * @ca_file: (nullable): PEM; certificates are then checked against these authorities alone
 *
 * Certificates are always checked; there is no switch. Redirects are not followed (a portal's way).
 */
BstTransport *bst_transport_https_new (const char *server, const char *token, const char *ca_file);

/** bst_transport_https_set_patience: seconds without any octet until the line counts as dead (default 45). */
void bst_transport_https_set_patience (BstTransport *transport, guint seconds);

G_END_DECLS
