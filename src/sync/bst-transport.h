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

/**
 * BstTransportHeard: what a stream brings, in the thread that listens.
 * @octets: %NULL when it was accepted, before its first octet
 *
 * Returns: how many milliseconds to wait for more; 0: enough was heard
 */
typedef guint (*BstTransportHeard) (const char *octets, gsize len, gpointer closure);

/**
 * BstTransportSink: what a file brings, in the thread that fetches it.
 * @offset: of @octets in the file: zero when the server does not begin where it was asked to
 *
 * Returns: %FALSE with @error set: no more of it
 */
typedef gboolean (*BstTransportSink) (gint64 offset,
                                      const char *octets,
                                      gsize len,
                                      gpointer closure,
                                      GError **error);

struct _BstTransportInterface
{
  GTypeInterface parent;

  GBytes *(*request) (BstTransport *transport,
                      const char *method,
                      const char *path,
                      GBytes *body,
                      GCancellable *cancellable,
                      GError **error);
  gboolean (*listen) (BstTransport *transport,
                      const char *path,
                      const char *last_id,
                      guint patience_ms,
                      BstTransportHeard heard,
                      gpointer closure,
                      GCancellable *cancellable,
                      GError **error);
  GBytes *(*send) (BstTransport *transport,
                   const char *path,
                   GBytes *octets,
                   GCancellable *cancellable,
                   GError **error);
  gboolean (*fetch) (BstTransport *transport,
                     const char *path,
                     gint64 offset,
                     BstTransportSink sink,
                     gpointer closure,
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
 * bst_transport_listen: follows a text/event-stream until it ends, in the calling thread; over a connection of its own.
 * @last_id: of the last event that was heard
 * @patience_ms: from the question to its acceptance
 *
 * Returns: %TRUE when the server ended it in good order, or @heard had enough. Errors: as of a request; besides
 * G_IO_ERROR_TIMED_OUT: the question went out, and nothing came in time; G_IO_ERROR_NOT_SUPPORTED: not this transport.
 */
gboolean bst_transport_listen (BstTransport *transport,
                               const char *path,
                               const char *last_id,
                               guint patience_ms,
                               BstTransportHeard heard,
                               gpointer closure,
                               GCancellable *cancellable,
                               GError **error);

/**
 * bst_transport_send: posts a part of a file as it is. Returns and errors: as of a request; besides CONFLICT (what comes before it
 * has not come), CORRUPT (all has come, and it is another file), G_IO_ERROR_NOT_SUPPORTED: not this transport.
 */
GBytes *bst_transport_send (BstTransport *transport,
                            const char *path,
                            GBytes *octets,
                            GCancellable *cancellable,
                            GError **error);

/** bst_transport_fetch: gets a file from @offset on. %TRUE: to its end. Errors: as of a request, INVALID: it is not as long as that, @sink's, G_IO_ERROR_NOT_SUPPORTED. */
gboolean bst_transport_fetch (BstTransport *transport,
                              const char *path,
                              gint64 offset,
                              BstTransportSink sink,
                              gpointer closure,
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

/** bst_transport_https_new_like: another one to the same server, for another thread. */
BstTransport *bst_transport_https_new_like (BstTransport *transport);

/** bst_transport_https_set_patience: seconds without any octet until the line counts as dead (default 45). */
void bst_transport_https_set_patience (BstTransport *transport, guint seconds);

G_END_DECLS
