/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "bst-transport.h"

#include "bst-config.h"
#include "bst-error.h"
#include "bst-json.h"

#include <libsoup/soup.h>
#include <string.h>

#define PATIENCE_SECONDS 45
#define MAX_ANSWER       (128 * 1024 * 1024)
#define GZIP_FROM        1024
#define PROBLEM_PREFIX   "https://bestiller.org/ns/problem/"

struct _BstTransportHttps
{
  GObject parent_instance;

  char *server;
  char *token;
  char *ca_file;
  guint patience;
  SoupSession *session; /* belongs to @thread: libsoup 3 wants one thread a session */
  GThread *thread;
  gboolean warm; /* the last request was answered: its connection may be kept */
};

#define BST_TYPE_TRANSPORT_HTTPS (bst_transport_https_get_type ())
G_DECLARE_FINAL_TYPE (BstTransportHttps, bst_transport_https, BST, TRANSPORT_HTTPS, GObject)

static void bst_transport_https_iface_init (BstTransportInterface *iface);

G_DEFINE_FINAL_TYPE_WITH_CODE (BstTransportHttps,
                               bst_transport_https,
                               G_TYPE_OBJECT,
                               G_IMPLEMENT_INTERFACE (BST_TYPE_TRANSPORT,
                                                      bst_transport_https_iface_init))

/* What the server's problem types (docs/protocol.md) mean to us. */
static const struct
{
  const char *type;
  BstErrorCode code;
} problems[] = {
  { "code-wrong", BST_ERROR_CODE_WRONG },     { "code-expired", BST_ERROR_CODE_EXPIRED },
  { "code-used", BST_ERROR_CODE_USED },       { "other-authority", BST_ERROR_OTHER_AUTHORITY },
  { "token-missing", BST_ERROR_SIGN_IN },     { "token-revoked", BST_ERROR_SIGN_IN },
  { "too-many-tries", BST_ERROR_BUSY },       { "too-large", BST_ERROR_TOO_LARGE },
  { "parcel-unreadable", BST_ERROR_INVALID }, { "parcel-unknown", BST_ERROR_FORBIDDEN },
  { "not-found", BST_ERROR_NOT_FOUND },       { "server-fail", BST_ERROR_SERVER },
  { "part-gap", BST_ERROR_CONFLICT },         { "digest-wrong", BST_ERROR_CORRUPT },
  { "computer-lost", BST_ERROR_LOST },
};

static SoupSession *
session_new (BstTransportHttps *self, guint timeout, GError **error)
{
  g_autoptr (GTlsDatabase) authorities = NULL;
  SoupSession *session;

  if (self->ca_file)
    {
      authorities = g_tls_file_database_new (self->ca_file, error);
      if (!authorities)
        {
          g_prefix_error (error, "%s: ", self->ca_file);
          return NULL;
        }
    }
  session = soup_session_new_with_options ("timeout", timeout, "idle-timeout", 300, "user-agent",
                                           "Bestiller/" BST_VERSION, NULL);
  if (authorities)
    soup_session_set_tls_database (session, authorities);
  return session;
}

static SoupSession *
ensure_session (BstTransportHttps *self, GError **error)
{
  SoupSession *session;

  if (self->session && self->thread == g_thread_self ())
    return self->session;
  session = session_new (self, self->patience, error);
  if (!session)
    return NULL;
  g_clear_object (&self->session);
  self->session = session;
  self->thread = g_thread_self ();
  return self->session;
}

static GBytes *
compress (GBytes *body)
{
  g_autoptr (GConverter) gzip =
      G_CONVERTER (g_zlib_compressor_new (G_ZLIB_COMPRESSOR_FORMAT_GZIP, 6));
  g_autoptr (GInputStream) plain = g_memory_input_stream_new_from_bytes (body);
  g_autoptr (GInputStream) packed = g_converter_input_stream_new (plain, gzip);
  g_autoptr (GOutputStream) out = g_memory_output_stream_new_resizable ();

  g_output_stream_splice (out, packed, G_OUTPUT_STREAM_SPLICE_CLOSE_TARGET, NULL, NULL);
  return g_memory_output_stream_steal_as_bytes (G_MEMORY_OUTPUT_STREAM (out));
}

static SoupMessage *
make_message (BstTransportHttps *self,
              const char *method,
              const char *path,
              GBytes *body,
              GError **error)
{
  g_autofree char *url = g_strconcat (self->server, path, NULL);
  SoupMessage *message = soup_message_new (method, url);
  SoupMessageHeaders *headers;

  if (!message || !g_str_has_prefix (self->server, "https://"))
    {
      g_clear_object (&message);
      g_set_error (error, BST_ERROR, BST_ERROR_INVALID, "server: “%s” is no https:// address",
                   self->server);
      return NULL;
    }
  headers = soup_message_get_request_headers (message);
  /* Every request may be repeated (uid); and libsoup 3.2 keeps a connection only for such. */
  soup_message_add_flags (message, SOUP_MESSAGE_NO_REDIRECT | SOUP_MESSAGE_IDEMPOTENT);
  if (self->token)
    {
      g_autofree char *bearer = g_strconcat ("Bearer ", self->token, NULL);

      soup_message_headers_replace (headers, "Authorization", bearer);
    }
  if (body && g_bytes_get_size (body) >= GZIP_FROM)
    {
      g_autoptr (GBytes) packed = compress (body);

      soup_message_headers_replace (headers, "Content-Encoding", "gzip");
      soup_message_set_request_body_from_bytes (message, "application/json", packed);
    }
  else if (body)
    soup_message_set_request_body_from_bytes (message, "application/json", body);
  return message;
}

static void
set_tls_error (SoupMessage *message, const GError *cause, GError **error)
{
  GTlsCertificateFlags flags = soup_message_get_tls_peer_certificate_errors (message);
  const char *why = flags & G_TLS_CERTIFICATE_EXPIRED         ? "it has expired"
                    : flags & G_TLS_CERTIFICATE_NOT_ACTIVATED ? "it is not yet valid"
                    : flags & G_TLS_CERTIFICATE_BAD_IDENTITY  ? "it is for another host name"
                    : flags & G_TLS_CERTIFICATE_UNKNOWN_CA    ? "its issuer is not trusted"
                    : flags & G_TLS_CERTIFICATE_REVOKED       ? "it is revoked"
                                                              : cause->message;

  g_set_error (error, BST_ERROR, BST_ERROR_CERTIFICATE, "the server's certificate was refused: %s",
               why);
}

/* @left: whether any of it may have reached the server. */
static void
set_line_error (SoupMessage *message, gboolean left, GError *cause, GError **error)
{
  if (g_error_matches (cause, G_IO_ERROR, G_IO_ERROR_CANCELLED) && !left)
    g_propagate_error (error, g_error_copy (cause));
  else if (g_error_matches (cause, G_TLS_ERROR, G_TLS_ERROR_BAD_CERTIFICATE) && !left)
    set_tls_error (message, cause, error);
  else if (g_error_matches (cause, G_TLS_ERROR, G_TLS_ERROR_MISC) && !left)
    g_set_error (error, BST_ERROR, BST_ERROR_PORTAL, "what answered does not speak TLS: %s",
                 cause->message);
  else
    g_set_error (error, BST_ERROR, left ? BST_ERROR_OUTCOME_UNKNOWN : BST_ERROR_OFFLINE, "%s",
                 cause->message);
}

static GBytes *
read_answer (GInputStream *stream, GCancellable *cancellable, GError **error)
{
  g_autoptr (GByteArray) answer = g_byte_array_new ();
  g_autofree guint8 *buffer = g_malloc (64 * 1024);
  gssize n;

  while ((n = g_input_stream_read (stream, buffer, 64 * 1024, cancellable, error)) > 0)
    {
      if (answer->len + (gsize) n > MAX_ANSWER)
        {
          g_set_error (error, BST_ERROR, BST_ERROR_TOO_LARGE, "the answer is larger than %d octets",
                       MAX_ANSWER);
          return NULL;
        }
      g_byte_array_append (answer, buffer, (guint) n);
    }
  return n < 0 ? NULL : g_byte_array_free_to_bytes (g_steal_pointer (&answer));
}

static gboolean
is_json (SoupMessage *message, gboolean *ret_problem)
{
  const char *type =
      soup_message_headers_get_content_type (soup_message_get_response_headers (message), NULL);

  *ret_problem = type && strcmp (type, "application/problem+json") == 0;
  return *ret_problem || (type && strcmp (type, "application/json") == 0);
}

/* A problem document (RFC 7807) as an error of ours. */
static void
set_problem_error (guint status, GBytes *body, GError **error)
{
  gsize len;
  const char *text = g_bytes_get_data (body, &len);
  g_autoptr (GVariant) problem = bst_json_parse_object (text, (gssize) len, NULL);
  const char *type = problem ? bst_doc_get_string (problem, "type") : NULL;
  const char *detail = problem ? bst_doc_get_string (problem, "detail") : NULL;
  BstErrorCode code = status == 401   ? BST_ERROR_SIGN_IN
                      : status >= 500 ? BST_ERROR_SERVER
                                      : BST_ERROR_PROTOCOL;

  if (type && g_str_has_prefix (type, PROBLEM_PREFIX))
    for (guint i = 0; i < G_N_ELEMENTS (problems); i++)
      if (strcmp (type + strlen (PROBLEM_PREFIX), problems[i].type) == 0)
        code = problems[i].code;
  g_set_error (error, BST_ERROR, code, "%s (HTTP %u)",
               detail ? detail
               : type ? type
                      : "refused",
               status);
}

static gboolean
check_answer (SoupMessage *message, GBytes *body, GError **error)
{
  guint status = soup_message_get_status (message);
  gboolean problem;

  if (!is_json (message, &problem))
    {
      if (status == 204)
        return TRUE;
      /* Not our server's way of saying anything: a portal's page, a proxy's, another site's. */
      g_set_error (error, BST_ERROR,
                   status >= 502 && status <= 504 ? BST_ERROR_SERVER : BST_ERROR_PORTAL,
                   "something else than the server answered (HTTP %u)", status);
      return FALSE;
    }
  if (problem || status != 200)
    {
      set_problem_error (status, body, error);
      return FALSE;
    }
  return TRUE;
}

static void
wrote_cb (SoupMessage *message, gpointer left)
{
  *(gboolean *) left = TRUE;
}

/* One try. *@left is set when it may have reached the server, and never cleared. */
static GBytes *
try_message (SoupSession *session,
             SoupMessage *message,
             gboolean *left,
             GCancellable *cancellable,
             GError **cause)
{
  g_autoptr (GInputStream) stream = NULL;

  /* From its headers on, the request may have arrived. */
  g_signal_connect (message, "wrote-headers", G_CALLBACK (wrote_cb), left);
  stream = soup_session_send (session, message, cancellable, cause);
  return stream ? read_answer (stream, cancellable, cause) : NULL;
}

/* The answer checked, or @cause in our words. */
static GBytes *
conclude (SoupMessage *message, GBytes *answer, gboolean left, GError *cause, GError **error)
{
  if (answer)
    return check_answer (message, answer, error) ? g_bytes_ref (answer) : NULL;
  if (g_error_matches (cause, BST_ERROR, BST_ERROR_TOO_LARGE))
    g_propagate_error (error, g_error_copy (cause));
  else
    set_line_error (message, left, cause, error);
  return NULL;
}

/* Sends it, and reads what is answered. */
static GBytes *
exchange (SoupSession *session, SoupMessage *message, GCancellable *cancellable, GError **error)
{
  gboolean left = FALSE;
  g_autoptr (GError) cause = NULL;
  g_autoptr (GBytes) answer = try_message (session, message, &left, cancellable, &cause);

  return conclude (message, answer, left, cause, error);
}

/* A kept connection that died while nothing was said. Every request may be repeated: a new one is worth a try. */
static gboolean
is_stale (BstTransportHttps *self, const GError *cause)
{
  return self->warm && (g_error_matches (cause, G_IO_ERROR, G_IO_ERROR_CONNECTION_CLOSED) ||
                        g_error_matches (cause, G_IO_ERROR, G_IO_ERROR_NOT_CONNECTED) ||
                        g_error_matches (cause, G_IO_ERROR, G_IO_ERROR_PARTIAL_INPUT) ||
                        g_error_matches (cause, G_TLS_ERROR, G_TLS_ERROR_EOF));
}

static GBytes *
bst_transport_https_request (BstTransport *transport,
                             const char *method,
                             const char *path,
                             GBytes *body,
                             GCancellable *cancellable,
                             GError **error)
{
  BstTransportHttps *self = BST_TRANSPORT_HTTPS (transport);
  SoupSession *session = ensure_session (self, error);
  gboolean left = FALSE;

  for (;;)
    {
      g_autoptr (SoupMessage) message =
          session ? make_message (self, method, path, body, error) : NULL;
      g_autoptr (GBytes) answer = NULL;
      g_autoptr (GError) cause = NULL;
      gboolean again;

      if (!message)
        return NULL;
      answer = try_message (session, message, &left, cancellable, &cause);
      again = !answer && is_stale (self, cause);
      self->warm = answer != NULL;
      if (!again)
        return conclude (message, answer, left, cause, error);
    }
}

/* ---- files ---- */

static GBytes *
bst_transport_https_send (BstTransport *transport,
                          const char *path,
                          GBytes *octets,
                          GCancellable *cancellable,
                          GError **error)
{
  BstTransportHttps *self = BST_TRANSPORT_HTTPS (transport);
  SoupSession *session = ensure_session (self, error);
  g_autoptr (SoupMessage) message = session ? make_message (self, "POST", path, NULL, error) : NULL;

  if (!message)
    return NULL;
  soup_message_set_request_body_from_bytes (message, "application/octet-stream", octets);
  return exchange (session, message, cancellable, error);
}

/* Whether a file comes, and from where on. */
static gboolean
check_file (SoupMessage *message, gint64 *ret_offset, GError **error)
{
  guint status = soup_message_get_status (message);
  goffset start, end, total;

  *ret_offset = 0;
  if (status == SOUP_STATUS_PARTIAL_CONTENT &&
      soup_message_headers_get_content_range (soup_message_get_response_headers (message), &start,
                                              &end, &total))
    *ret_offset = start;
  else if (status == SOUP_STATUS_REQUESTED_RANGE_NOT_SATISFIABLE)
    {
      g_set_error (error, BST_ERROR, BST_ERROR_INVALID, "the file is not as long as that");
      return FALSE;
    }
  else if (status != SOUP_STATUS_OK)
    {
      g_autoptr (GBytes) nothing = g_bytes_new_static ("", 0);

      if (status == SOUP_STATUS_NOT_FOUND)
        g_set_error (error, BST_ERROR, BST_ERROR_NOT_FOUND, "the server does not have the file");
      else if (check_answer (message, nothing, error))
        g_set_error (error, BST_ERROR, BST_ERROR_PROTOCOL, "no file was answered");
      return FALSE;
    }
  return TRUE;
}

static gboolean
read_file (GInputStream *stream,
           gint64 offset,
           BstTransportSink sink,
           gpointer closure,
           GCancellable *cancellable,
           GError **cause,
           GError **error)
{
  g_autofree char *buffer = g_malloc (64 * 1024);
  gssize n;

  while ((n = g_input_stream_read (stream, buffer, 64 * 1024, cancellable, cause)) > 0)
    {
      if (!sink (offset, buffer, (gsize) n, closure, error))
        return FALSE;
      offset += n;
    }
  return n == 0;
}

static gboolean
bst_transport_https_fetch (BstTransport *transport,
                           const char *path,
                           gint64 offset,
                           BstTransportSink sink,
                           gpointer closure,
                           GCancellable *cancellable,
                           GError **error)
{
  BstTransportHttps *self = BST_TRANSPORT_HTTPS (transport);
  SoupSession *session = ensure_session (self, error);
  g_autoptr (SoupMessage) message = session ? make_message (self, "GET", path, NULL, error) : NULL;
  g_autoptr (GInputStream) stream = NULL;
  g_autoptr (GError) cause = NULL;
  gboolean left = FALSE;
  gint64 from;

  if (!message)
    return FALSE;
  /* As it is, so that offsets mean what they say. */
  soup_message_disable_feature (message, SOUP_TYPE_CONTENT_DECODER);
  if (offset > 0)
    soup_message_headers_set_range (soup_message_get_request_headers (message), offset, -1);
  g_signal_connect (message, "wrote-headers", G_CALLBACK (wrote_cb), &left);
  stream = soup_session_send (session, message, cancellable, &cause);
  if (stream && !check_file (message, &from, error))
    return FALSE;
  if (stream && read_file (stream, from, sink, closure, cancellable, &cause, error))
    return TRUE;
  if (cause)
    set_line_error (message, left, cause, error);
  return FALSE;
}

/* ---- listening ---- */

/* All of it happens in a main context of its own, so that waiting for octets, for the time and for being stopped is one. */
typedef struct
{
  GMainContext *context;
  SoupSession *session;
  SoupMessage *message;
  GInputStream *stream;
  GCancellable *cancellable; /* ours: out of patience, stopped, or enough heard */
  GSource *patience;
  BstTransportHeard heard;
  gpointer closure;
  char buffer[8192];
  guint patience_ms; /* from the question to its acceptance */
  gboolean left;
  gboolean late;
  gboolean enough;
  gboolean done;
  GError *cause;
} Listening;

static gboolean
late_cb (gpointer data)
{
  Listening *listening = data;

  listening->late = TRUE;
  g_cancellable_cancel (listening->cancellable);
  return G_SOURCE_REMOVE;
}

static gboolean
stopped_cb (GCancellable *cancellable, gpointer data)
{
  g_cancellable_cancel (((Listening *) data)->cancellable);
  return G_SOURCE_REMOVE;
}

static void
drop_source (GSource **source)
{
  if (*source)
    g_source_destroy (*source);
  g_clear_pointer (source, g_source_unref);
}

static void
set_patience (Listening *listening, guint patience_ms)
{
  drop_source (&listening->patience);
  listening->patience = g_timeout_source_new (patience_ms);
  g_source_set_callback (listening->patience, late_cb, listening, NULL);
  g_source_attach (listening->patience, listening->context);
}

static void
asked_cb (SoupMessage *message, Listening *listening)
{
  listening->left = TRUE;
  set_patience (listening, listening->patience_ms);
}

/* Tells what was heard, and whether to listen on. */
static gboolean
tell (Listening *listening, const char *octets, gsize len)
{
  guint patience_ms = listening->heard (octets, len, listening->closure);

  listening->enough = patience_ms == 0;
  listening->done = listening->enough;
  if (!listening->done)
    set_patience (listening, patience_ms);
  return !listening->done;
}

static void
stream_read_cb (GObject *source, GAsyncResult *result, gpointer data)
{
  Listening *listening = data;
  gssize n = g_input_stream_read_finish (G_INPUT_STREAM (source), result, &listening->cause);

  if (n <= 0)
    listening->done = TRUE;
  else if (tell (listening, listening->buffer, (gsize) n))
    g_input_stream_read_async (listening->stream, listening->buffer, sizeof listening->buffer,
                               G_PRIORITY_DEFAULT, listening->cancellable, stream_read_cb,
                               listening);
}

/* A page is no stream, whatever its status. */
static gboolean
check_stream (SoupMessage *message, GError **error)
{
  const char *type =
      soup_message_headers_get_content_type (soup_message_get_response_headers (message), NULL);
  g_autoptr (GBytes) nothing = g_bytes_new_static ("", 0);

  if (soup_message_get_status (message) == SOUP_STATUS_OK &&
      g_strcmp0 (type, "text/event-stream") == 0)
    return TRUE;
  if (check_answer (message, nothing, error))
    g_set_error (error, BST_ERROR, BST_ERROR_PORTAL, "what answered is no stream of events");
  return FALSE;
}

static void
stream_sent_cb (GObject *source, GAsyncResult *result, gpointer data)
{
  Listening *listening = data;

  listening->stream = soup_session_send_finish (SOUP_SESSION (source), result, &listening->cause);
  listening->done = !listening->stream || !check_stream (listening->message, &listening->cause);
  if (!listening->done && tell (listening, NULL, 0))
    g_input_stream_read_async (listening->stream, listening->buffer, sizeof listening->buffer,
                               G_PRIORITY_DEFAULT, listening->cancellable, stream_read_cb,
                               listening);
}

static gboolean
listen_outcome (Listening *listening, GCancellable *stopped, GError **error)
{
  if (g_cancellable_set_error_if_cancelled (stopped, error))
    return FALSE;
  if (listening->late)
    g_set_error (error, listening->left ? G_IO_ERROR : BST_ERROR,
                 listening->left ? (int) G_IO_ERROR_TIMED_OUT : (int) BST_ERROR_OFFLINE,
                 "nothing was heard in time");
  else if (listening->cause && listening->cause->domain == BST_ERROR)
    g_propagate_error (error, g_steal_pointer (&listening->cause));
  else if (listening->cause)
    set_line_error (listening->message, listening->left, listening->cause, error);
  else
    return TRUE;
  return FALSE;
}

static void
listening_clear (Listening *listening)
{
  drop_source (&listening->patience);
  g_cancellable_cancel (listening->cancellable);
  g_clear_object (&listening->stream);
  soup_session_abort (listening->session);
  while (g_main_context_iteration (listening->context, FALSE))
    ;
  g_clear_object (&listening->message);
  g_clear_object (&listening->session);
  g_clear_object (&listening->cancellable);
  g_clear_error (&listening->cause);
}

static gboolean
bst_transport_https_listen (BstTransport *transport,
                            const char *path,
                            const char *last_id,
                            guint patience_ms,
                            BstTransportHeard heard,
                            gpointer closure,
                            GCancellable *cancellable,
                            GError **error)
{
  BstTransportHttps *self = BST_TRANSPORT_HTTPS (transport);
  g_autoptr (GMainContext) context = g_main_context_new ();
  g_autoptr (GMainContextPusher) pushed = g_main_context_pusher_new (context);
  Listening listening = {
    .context = context, .heard = heard, .closure = closure, .patience_ms = patience_ms
  };
  GSource *stopped;
  SoupMessageHeaders *headers;
  gboolean ok;

  listening.session = session_new (self, 0, error);
  listening.message = listening.session ? make_message (self, "GET", path, NULL, error) : NULL;
  if (!listening.message)
    {
      g_clear_object (&listening.session);
      return FALSE;
    }
  headers = soup_message_get_request_headers (listening.message);
  soup_message_headers_replace (headers, "Accept", "text/event-stream");
  soup_message_headers_replace (headers, "Last-Event-ID", last_id);
  g_signal_connect (listening.message, "wrote-headers", G_CALLBACK (asked_cb), &listening);
  listening.cancellable = g_cancellable_new ();
  stopped = g_cancellable_source_new (cancellable);
  g_source_set_callback (stopped, G_SOURCE_FUNC (stopped_cb), &listening, NULL);
  g_source_attach (stopped, context);
  set_patience (&listening, self->patience * 1000);
  soup_session_send_async (listening.session, listening.message, G_PRIORITY_DEFAULT,
                           listening.cancellable, stream_sent_cb, &listening);
  while (!listening.done)
    g_main_context_iteration (context, TRUE);
  ok = listen_outcome (&listening, cancellable, error);
  drop_source (&stopped);
  listening_clear (&listening);
  return ok;
}

/* ---- the object ---- */

static void
bst_transport_https_finalize (GObject *object)
{
  BstTransportHttps *self = BST_TRANSPORT_HTTPS (object);

  g_clear_object (&self->session);
  g_clear_pointer (&self->server, g_free);
  g_clear_pointer (&self->token, g_free);
  g_clear_pointer (&self->ca_file, g_free);
  G_OBJECT_CLASS (bst_transport_https_parent_class)->finalize (object);
}

static void
bst_transport_https_iface_init (BstTransportInterface *iface)
{
  iface->request = bst_transport_https_request;
  iface->listen = bst_transport_https_listen;
  iface->send = bst_transport_https_send;
  iface->fetch = bst_transport_https_fetch;
}

static void
bst_transport_https_class_init (BstTransportHttpsClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = bst_transport_https_finalize;
}

static void
bst_transport_https_init (BstTransportHttps *self)
{
  self->patience = PATIENCE_SECONDS;
}

BstTransport *
bst_transport_https_new (const char *server, const char *token, const char *ca_file)
{
  BstTransportHttps *self = g_object_new (BST_TYPE_TRANSPORT_HTTPS, NULL);
  gsize len = strlen (server);

  while (len > 0 && server[len - 1] == '/')
    len--;
  self->server = g_strndup (server, len);
  self->token = g_strdup (token);
  self->ca_file = g_strdup (ca_file);
  return BST_TRANSPORT (self);
}

BstTransport *
bst_transport_https_new_like (BstTransport *transport)
{
  BstTransportHttps *self = BST_TRANSPORT_HTTPS (transport);
  BstTransport *other = bst_transport_https_new (self->server, self->token, self->ca_file);

  bst_transport_https_set_patience (other, self->patience);
  return other;
}

void
bst_transport_https_set_patience (BstTransport *transport, guint seconds)
{
  BST_TRANSPORT_HTTPS (transport)->patience = seconds;
}
