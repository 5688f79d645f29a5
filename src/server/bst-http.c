/* SPDX-License-Identifier: GPL-3.0-or-later */

/* BstServer: the one file that knows libsoup's server side. Reads requests, writes replies, keeps event streams. */

#include "bst-server.h"

#include "bst-api.h"
#include "bst-error.h"
#include "bst-gzip.h"
#include "bst-methods.h"
#include "bst-measuring.h"
#include "bst-tidy.h"

#include <libsoup/soup.h>
#include <string.h>

/* Replies below this are sent as they are. */
#define GZIP_FROM 600
/* How often the database is asked whether another process changed something, while somebody listens: one question for
 * all. What only time changes (a person has left) is looked at once in a while. */
#define WATCH_MS        200
#define OVERDUE_SECONDS 60
#define STIR_SECONDS    300 /* something is said on every stream, so that dead lines are found */
#define TIDY_SECONDS    3600
#define STOP_SECONDS    5
#define MIN_PING        5
#define MAX_PING        3600
#define MAX_STREAMS     2000
#define MAX_A_TOKEN     4 /* streams; a line that died is noticed late, so the oldest one gives way */
#define OVERSIZE_DATA   "bst-oversize"
#define UNDER_WAY_DATA  "bst-under-way"

struct _BstServer
{
  GObject parent_instance;

  BstApi *api;
  char *directory;
  SoupServer *soup;
  gboolean plain;
  guint16 port;
  guint under_way;
  GPtrArray *streams; /* Stream */
  gint64 version;     /* when the streams were last looked at … */
  gint64 looked;      /* … and the time of it */
  GSource *watch;
  GSource *tidy;
  GSource *tidy_step;
  BstTidy *round; /* (nullable): of tidying, under way */
  BstMeasuring *measuring;
};

G_DEFINE_FINAL_TYPE (BstServer, bst_server, G_TYPE_OBJECT)

/* One EventSource (RFC 8620 §7.3). */
typedef struct
{
  BstServer *server;
  SoupServerMessage *message;
  char *token;
  char *person;
  char *types;
  gboolean close_after_state;
  gint64 ping; /* seconds; 0: none */
  gint64 opened;
  gint64 last_sent;
  GHashTable *seen; /* account -> change number */
  gulong finished;
} Stream;

/* ---- event streams ---- */

static void
stream_free (gpointer data)
{
  Stream *stream = data;

  g_signal_handler_disconnect (stream->message, stream->finished);
  g_object_unref (stream->message);
  g_free (stream->token);
  g_free (stream->person);
  g_free (stream->types);
  g_hash_table_unref (stream->seen);
  g_free (stream);
}

static void
stream_finished_cb (SoupServerMessage *message, gpointer data)
{
  Stream *stream = data;

  g_ptr_array_remove_fast (stream->server->streams, stream);
}

/* @text: (transfer full) */
static void
stream_append (Stream *stream, char *text)
{
  SoupMessageBody *body = soup_server_message_get_response_body (stream->message);

  stream->last_sent = g_get_monotonic_time ();
  soup_message_body_append (body, SOUP_MEMORY_TAKE, text, strlen (text));
}

static void
stream_append_ping (Stream *stream)
{
  if (stream->ping)
    stream_append (stream,
                   g_strdup_printf ("event: ping\ndata: {\"interval\":%" G_GINT64_FORMAT "}\n\n",
                                    stream->ping));
  else
    stream_append (stream, g_strdup (": \n\n"));
}

/* Returns whether anything has changed. */
static gboolean
stream_append_changes (Stream *stream, BstScope *scope)
{
  BstApi *api = stream->server->api;
  g_autofree char *changes = bst_api_changes (api, scope, stream->seen, stream->types);
  g_autofree char *id = changes ? bst_api_event_id (api, stream->seen) : NULL;

  if (changes)
    stream_append (stream, g_strdup_printf ("event: state\ndata: %s\nid: %s\n\n", changes, id));
  return changes != NULL;
}

static void
stream_close (Stream *stream)
{
  soup_message_body_complete (soup_server_message_get_response_body (stream->message));
  soup_server_message_unpause (stream->message);
}

/* Whether the stream goes on. */
static gboolean
stream_look (Stream *stream)
{
  BstStorage *storage = bst_api_get_storage (stream->server->api);
  g_autofree char *still = bst_storage_check_token (storage, stream->token, NULL);
  BstScope *scope = still ? bst_storage_scope (storage, stream->person, NULL) : NULL;

  if (!scope)
    return FALSE;
  if (!stream_append_changes (stream, scope))
    return TRUE;
  soup_server_message_unpause (stream->message);
  return !stream->close_after_state;
}

static void
stream_stir (Stream *stream, gint64 now)
{
  gint64 pause = stream->ping ? stream->ping : STIR_SECONDS;

  if (now - stream->last_sent < pause * G_USEC_PER_SEC)
    return;
  stream_append_ping (stream);
  soup_server_message_unpause (stream->message);
}

/* Whether anything was written since the last time. */
static gboolean
something_changed (BstServer *self, gint64 now)
{
  gint64 version = bst_storage_version (bst_api_get_storage (self->api));

  if (version >= 0 && version == self->version &&
      now - self->looked < OVERDUE_SECONDS * G_USEC_PER_SEC)
    return FALSE;
  self->version = version;
  self->looked = now;
  return TRUE;
}

static gboolean
watch_cb (gpointer data)
{
  BstServer *self = data;
  g_autoptr (GPtrArray) streams = g_ptr_array_new ();
  gint64 now = g_get_monotonic_time ();
  gboolean look;

  if (self->streams->len == 0)
    return G_SOURCE_CONTINUE;
  look = something_changed (self, now);
  /* Closing may end streams. */
  for (guint i = 0; i < self->streams->len; i++)
    g_ptr_array_add (streams, self->streams->pdata[i]);
  for (guint i = 0; i < streams->len; i++)
    if (look && !stream_look (streams->pdata[i]))
      {
        stream_close (streams->pdata[i]);
        g_ptr_array_remove_fast (self->streams, streams->pdata[i]);
      }
    else
      {
        stream_stir (streams->pdata[i], now);
      }
  bst_api_count_streams (self->api, self->streams->len, look ? streams->len : 0);
  return G_SOURCE_CONTINUE;
}

/* What this process changed need not wait for the next look. */
static void
watch_soon (BstServer *self)
{
  if (self->streams->len > 0)
    g_source_set_ready_time (self->watch, 0);
}

/* Makes room for one more stream with this token. */
static void
close_oldest (BstServer *self, const char *token)
{
  Stream *oldest = NULL;
  guint n = 0;

  for (guint i = 0; i < self->streams->len; i++)
    {
      Stream *stream = self->streams->pdata[i];

      if (strcmp (stream->token, token) != 0)
        continue;
      n++;
      if (!oldest || stream->opened < oldest->opened)
        oldest = stream;
    }
  if (n < MAX_A_TOKEN)
    return;
  stream_close (oldest);
  g_ptr_array_remove_fast (self->streams, oldest);
}

static const char *
query_value (GHashTable *query, const char *name, const char *fallback)
{
  const char *value = query ? g_hash_table_lookup (query, name) : NULL;

  return value ? value : fallback;
}

static Stream *
stream_new (BstServer *self, SoupServerMessage *message, GHashTable *query, BstExchange *exchange)
{
  Stream *stream = g_new0 (Stream, 1);
  gint64 ping = g_ascii_strtoll (query_value (query, "ping", "0"), NULL, 10);

  stream->server = self;
  stream->message = g_object_ref (message);
  stream->token = g_strdup (exchange->token);
  stream->person = g_strdup (exchange->person);
  stream->types = g_strdup (query_value (query, "types", "*"));
  stream->close_after_state = strcmp (query_value (query, "closeafter", "no"), "state") == 0;
  stream->ping = ping > 0 ? CLAMP (ping, MIN_PING, MAX_PING) : 0;
  stream->opened = g_get_monotonic_time ();
  stream->seen = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, g_free);
  stream->finished =
      g_signal_connect (message, "finished", G_CALLBACK (stream_finished_cb), stream);
  return stream;
}

/* Who names what was heard last is told at once what changed since; everything, when the name means nothing to us. */
static void
stream_open (BstServer *self, SoupServerMessage *message, GHashTable *query, BstExchange *exchange)
{
  SoupMessageHeaders *headers = soup_server_message_get_response_headers (message);
  SoupMessageBody *body = soup_server_message_get_response_body (message);
  const char *last = soup_message_headers_get_one (
      soup_server_message_get_request_headers (message), "Last-Event-ID");
  BstScope *scope = bst_storage_scope (bst_api_get_storage (self->api), exchange->person, NULL);
  Stream *stream = stream_new (self, message, query, exchange);

  soup_server_message_set_status (message, SOUP_STATUS_OK, NULL);
  soup_message_headers_set_encoding (headers, SOUP_ENCODING_CHUNKED);
  soup_message_headers_replace (headers, "Content-Type", "text/event-stream");
  soup_message_headers_replace (headers, "Cache-Control", "no-store");
  soup_message_headers_replace (headers, "X-Accel-Buffering", "no");
  soup_message_body_set_accumulate (body, FALSE);
  /* Something at once, so that proxies and clients see the head, and the interval that was agreed on. */
  stream_append_ping (stream);
  close_oldest (self, stream->token);
  g_ptr_array_add (self->streams, stream);
  if (last)
    bst_api_read_event_id (self->api, last, stream->seen);
  else
    bst_api_note_seen (self->api, scope, stream->seen);
  if (last && stream_append_changes (stream, scope) && stream->close_after_state)
    {
      soup_message_body_complete (body);
      g_ptr_array_remove_fast (self->streams, stream);
    }
  bst_api_count_streams (self->api, self->streams->len, 1);
}

static void
event_source (BstServer *self, SoupServerMessage *message, GHashTable *query, BstExchange *exchange)
{
  if (strcmp (exchange->method, "GET") != 0)
    bst_exchange_problem (exchange, 405, "not-found", "Method not allowed", exchange->method);
  else if (self->streams->len >= MAX_STREAMS)
    bst_exchange_problem (exchange, 503, "server-fail", "Too many listeners", "poll instead");
  else if (bst_api_check_token (self->api, exchange))
    stream_open (self, message, query, exchange);
}

/* ---- replies ---- */

static gboolean
accepts_gzip (SoupServerMessage *message)
{
  const char *accepted = soup_message_headers_get_list (
      soup_server_message_get_request_headers (message), "Accept-Encoding");

  return accepted && soup_header_contains (accepted, "gzip");
}

static void
send_reply (SoupServerMessage *message, BstExchange *exchange)
{
  SoupMessageHeaders *headers = soup_server_message_get_response_headers (message);
  g_autoptr (GBytes) packed = NULL;
  GBytes *body = exchange->reply;

  soup_server_message_set_status (message, exchange->status, NULL);
  soup_message_headers_replace (headers, "Cache-Control", "no-store");
  if (exchange->status == 401)
    soup_message_headers_replace (headers, "WWW-Authenticate", "Bearer");
  if (!body)
    return;
  soup_message_headers_replace (headers, "Content-Type", exchange->reply_type);
  soup_message_headers_replace (headers, "X-Content-Type-Options", "nosniff");
  if (exchange->disposition)
    soup_message_headers_replace (headers, "Content-Disposition", exchange->disposition);
  else if (g_bytes_get_size (body) >= GZIP_FROM && accepts_gzip (message))
    {
      body = packed = bst_gzip (g_bytes_get_data (body, NULL), g_bytes_get_size (body));
      soup_message_headers_replace (headers, "Content-Encoding", "gzip");
    }
  soup_message_body_append_bytes (soup_server_message_get_response_body (message), body);
}

/* ---- requests ---- */

static char *
bearer_token (SoupServerMessage *message)
{
  const char *header = soup_message_headers_get_one (
      soup_server_message_get_request_headers (message), "Authorization");

  if (!header || g_ascii_strncasecmp (header, "Bearer ", 7) != 0)
    return NULL;
  return g_strstrip (g_strdup (header + 7));
}

/* The address under which this client reached us. */
static char *
base_url (BstServer *self, SoupServerMessage *message)
{
  SoupMessageHeaders *headers = soup_server_message_get_request_headers (message);
  const char *host = soup_message_headers_get_one (headers, "Host");
  const char *forwarded =
      self->plain ? soup_message_headers_get_one (headers, "X-Forwarded-Proto") : NULL;
  const char *scheme = !self->plain || g_strcmp0 (forwarded, "https") == 0 ? "https" : "http";

  if (host && g_regex_match_simple ("^[][A-Za-z0-9.:_-]+$", host, 0, 0))
    return g_strconcat (scheme, "://", host, NULL);
  return bst_server_get_url (self);
}

/* Behind a proxy the connection's other end is the proxy. */
static char *
client_address (BstServer *self, SoupServerMessage *message)
{
  const char *forwarded =
      self->plain ? soup_message_headers_get_one (soup_server_message_get_request_headers (message),
                                                  "X-Forwarded-For")
                  : NULL;
  const char *last = forwarded ? strrchr (forwarded, ',') : NULL;
  const char *host = soup_server_message_get_remote_host (message);

  if (forwarded)
    return g_strstrip (g_strdup (last ? last + 1 : forwarded));
  return g_strdup (host ? host : "?");
}

/* The body as it was meant; NULL with the reply set. */
static GBytes *
plain_body (SoupServerMessage *message, BstExchange *exchange)
{
  const char *encoding = soup_message_headers_get_one (
      soup_server_message_get_request_headers (message), "Content-Encoding");
  g_autoptr (GBytes) body =
      soup_message_body_flatten (soup_server_message_get_request_body (message));
  g_autoptr (GError) error = NULL;
  GBytes *plain;

  if (g_object_get_data (G_OBJECT (message), OVERSIZE_DATA))
    {
      bst_exchange_problem (exchange, 413, "too-large", "Too large",
                            "the request is larger than the limits allow");
      return NULL;
    }
  if (!encoding || g_ascii_strcasecmp (encoding, "identity") == 0)
    return g_steal_pointer (&body);
  if (g_ascii_strcasecmp (encoding, "gzip") != 0)
    {
      bst_exchange_problem (exchange, 415, "not-found", "Unsupported encoding", encoding);
      return NULL;
    }
  plain = bst_gunzip (body, BST_MAX_SIZE_REQUEST, &error);
  if (!plain && g_error_matches (error, BST_ERROR, BST_ERROR_TOO_LARGE))
    bst_exchange_problem (exchange, 413, "urn:ietf:params:jmap:error:limit", "Too large",
                          "maxSizeRequest");
  else if (!plain)
    bst_exchange_problem (exchange, 400, "urn:ietf:params:jmap:error:notJSON", "Not gzip",
                          error->message);
  return plain;
}

static void
request_cb (SoupServer *soup,
            SoupServerMessage *message,
            const char *path,
            GHashTable *query,
            gpointer data)
{
  BstServer *self = data;
  SoupMessageHeaders *headers = soup_server_message_get_request_headers (message);
  g_auto (BstExchange) exchange = { .method = soup_server_message_get_method (message),
                                    .path = path,
                                    .query = query };
  g_autofree char *token = bearer_token (message);
  g_autofree char *base = base_url (self, message);
  g_autofree char *address = client_address (self, message);
  g_autoptr (GBytes) body = plain_body (message, &exchange);

  exchange.content_type = soup_message_headers_get_content_type (headers, NULL);
  exchange.token = token;
  exchange.base = base;
  exchange.address = address;
  exchange.body = body;
  if (body && strcmp (path, "/jmap/eventsource/") == 0)
    event_source (self, message, query, &exchange);
  else if (body)
    bst_api_answer (self->api, &exchange);
  if (exchange.status == 0)
    return; /* a stream */
  bst_api_count (self->api, exchange.status);
  send_reply (message, &exchange);
  watch_soon (self);
}

/* ---- bodies that are too large are not kept ---- */

static void
got_chunk_cb (SoupServerMessage *message, GBytes *chunk, gpointer data)
{
  SoupMessageBody *body = soup_server_message_get_request_body (message);

  if (body->length <= BST_MAX_SIZE_UPLOAD || g_object_get_data (G_OBJECT (message), OVERSIZE_DATA))
    return;
  g_object_set_data (G_OBJECT (message), OVERSIZE_DATA, GINT_TO_POINTER (1));
  soup_message_body_set_accumulate (body, FALSE);
  soup_message_body_truncate (body);
}

static void
request_started_cb (SoupServer *soup, SoupServerMessage *message, gpointer data)
{
  g_signal_connect (message, "got-chunk", G_CALLBACK (got_chunk_cb), NULL);
}

/* Under way is what was read and is not answered. One that is cut off while it is read never ends. */
static void
request_read_cb (SoupServer *soup, SoupServerMessage *message, gpointer data)
{
  BstServer *self = data;

  self->under_way++;
  g_object_set_data (G_OBJECT (message), UNDER_WAY_DATA, GINT_TO_POINTER (1));
}

static void
request_ended_cb (SoupServer *soup, SoupServerMessage *message, gpointer data)
{
  BstServer *self = data;

  if (g_object_steal_data (G_OBJECT (message), UNDER_WAY_DATA))
    self->under_way--;
}

/* ---- the object ---- */

static void drop_source (GSource **source);

/* A step whenever there is nothing else to do. */
static gboolean
tidy_step_cb (gpointer data)
{
  BstServer *self = data;
  g_autoptr (GError) error = NULL;
  gboolean more = FALSE;

  if (!bst_tidy_step (self->round, &more, &error))
    g_warning ("tidying failed: %s", error->message);
  if (more)
    return G_SOURCE_CONTINUE;
  g_clear_pointer (&self->round, bst_tidy_free);
  drop_source (&self->tidy_step);
  return G_SOURCE_REMOVE;
}

static gboolean
tidy_cb (gpointer data)
{
  BstServer *self = data;

  if (self->round)
    return G_SOURCE_CONTINUE;
  self->round = bst_tidy_new (bst_api_get_storage (self->api));
  self->tidy_step = g_idle_source_new ();
  g_source_set_priority (self->tidy_step, G_PRIORITY_LOW);
  g_source_set_callback (self->tidy_step, tidy_step_cb, self, NULL);
  g_source_attach (self->tidy_step, g_main_context_get_thread_default ());
  return G_SOURCE_CONTINUE;
}

static gboolean
watch_dispatch (GSource *source, GSourceFunc callback, gpointer data)
{
  g_source_set_ready_time (source, g_get_monotonic_time () + WATCH_MS * 1000);
  return callback (data);
}

static GSourceFuncs watch_funcs = { NULL, NULL, watch_dispatch, NULL, NULL, NULL };

static void
start_sources (BstServer *self)
{
  GMainContext *context = g_main_context_get_thread_default ();

  self->watch = g_source_new (&watch_funcs, sizeof (GSource));
  g_source_set_callback (self->watch, watch_cb, self, NULL);
  g_source_set_ready_time (self->watch, g_get_monotonic_time () + WATCH_MS * 1000);
  g_source_attach (self->watch, context);
  self->tidy = g_timeout_source_new_seconds (TIDY_SECONDS);
  g_source_set_callback (self->tidy, tidy_cb, self, NULL);
  g_source_attach (self->tidy, context);
  self->measuring = bst_measuring_new (bst_api_get_storage (self->api));
}

static void
drop_source (GSource **source)
{
  if (!*source)
    return;
  g_source_destroy (*source);
  g_clear_pointer (source, g_source_unref);
}

static GTlsCertificate *
own_certificate (BstServer *self, GError **error)
{
  g_autofree char *crt = g_build_filename (self->directory, "tls", "server.pem", NULL);
  g_autofree char *key = g_build_filename (self->directory, "tls", "server.key", NULL);
  GTlsCertificate *certificate = g_tls_certificate_new_from_files (crt, key, error);

  if (!certificate)
    g_prefix_error (error, "%s: ", crt);
  return certificate;
}

static gboolean
listen_at (BstServer *self,
           GSocketAddress *address,
           SoupServerListenOptions options,
           GError **error)
{
  g_autoslist (GUri) uris = NULL;

  if (!soup_server_listen (self->soup, address, options, error))
    return FALSE;
  uris = soup_server_get_uris (self->soup);
  self->port = (guint16) g_uri_get_port (uris->data);
  return TRUE;
}

gboolean
bst_server_listen (BstServer *self,
                   const char *address,
                   guint16 port,
                   GTlsCertificate *certificate,
                   gboolean allow_plain,
                   GError **error)
{
  g_autoptr (GSocketAddress) socket = g_inet_socket_address_new_from_string (address, port);
  g_autoptr (GTlsCertificate) own = NULL;

  g_return_val_if_fail (!self->soup, FALSE);
  if (!socket)
    {
      g_set_error (error, BST_ERROR, BST_ERROR_INVALID, "“%s” is no address", address);
      return FALSE;
    }
  if (allow_plain && !g_inet_address_get_is_loopback (
                         g_inet_socket_address_get_address (G_INET_SOCKET_ADDRESS (socket))))
    {
      g_set_error (error, BST_ERROR, BST_ERROR_INVALID,
                   "without TLS only on a loopback address, behind a proxy");
      return FALSE;
    }
  if (!allow_plain && !certificate)
    certificate = own = own_certificate (self, error);
  if (!allow_plain && !certificate)
    return FALSE;
  self->plain = allow_plain;
  self->soup = soup_server_new ("server-header", "bestillerd", NULL);
  if (certificate)
    soup_server_set_tls_certificate (self->soup, certificate);
  g_signal_connect (self->soup, "request-started", G_CALLBACK (request_started_cb), self);
  g_signal_connect (self->soup, "request-read", G_CALLBACK (request_read_cb), self);
  g_signal_connect (self->soup, "request-finished", G_CALLBACK (request_ended_cb), self);
  g_signal_connect (self->soup, "request-aborted", G_CALLBACK (request_ended_cb), self);
  soup_server_add_handler (self->soup, NULL, request_cb, self, NULL);
  if (!listen_at (self, socket, allow_plain ? 0 : SOUP_SERVER_LISTEN_HTTPS, error))
    {
      g_clear_object (&self->soup);
      return FALSE;
    }
  start_sources (self);
  return TRUE;
}

guint16
bst_server_get_port (BstServer *self)
{
  return self->port;
}

char *
bst_server_get_url (BstServer *self)
{
  return g_strdup_printf ("%s://localhost:%u", self->plain ? "http" : "https", self->port);
}

static gboolean
give_up_cb (gpointer data)
{
  *(gboolean *) data = TRUE;
  return G_SOURCE_REMOVE;
}

/* What is under way is answered, within a limit. */
static void
finish_requests (BstServer *self)
{
  GMainContext *context = g_main_context_get_thread_default ();
  g_autoptr (GSource) limit = g_timeout_source_new_seconds (STOP_SECONDS);
  gboolean given_up = FALSE;

  g_source_set_callback (limit, give_up_cb, &given_up, NULL);
  g_source_attach (limit, context);
  for (guint i = 0; i < self->streams->len; i++)
    stream_close (self->streams->pdata[i]);
  g_ptr_array_set_size (self->streams, 0);
  while (self->under_way > 0 && !given_up)
    g_main_context_iteration (context, TRUE);
  g_source_destroy (limit);
}

void
bst_server_stop (BstServer *self)
{
  if (!self->soup)
    return;
  drop_source (&self->watch);
  drop_source (&self->tidy);
  drop_source (&self->tidy_step);
  g_clear_pointer (&self->round, bst_tidy_free);
  g_clear_pointer (&self->measuring, bst_measuring_free);
  finish_requests (self);
  soup_server_disconnect (self->soup);
  g_clear_object (&self->soup);
}

static void
bst_server_finalize (GObject *object)
{
  BstServer *self = BST_SERVER (object);

  bst_server_stop (self);
  g_clear_pointer (&self->streams, g_ptr_array_unref);
  g_clear_pointer (&self->api, bst_api_free);
  g_free (self->directory);
  G_OBJECT_CLASS (bst_server_parent_class)->finalize (object);
}

static void
bst_server_class_init (BstServerClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = bst_server_finalize;
}

static void
bst_server_init (BstServer *self)
{
  self->streams = g_ptr_array_new_with_free_func (stream_free);
}

BstServer *
bst_server_new (const char *directory, const BstClock *clock, GError **error)
{
  BstApi *api = bst_api_new (directory, clock, error);
  BstServer *self;

  if (!api)
    return NULL;
  self = g_object_new (BST_TYPE_SERVER, NULL);
  self->api = api;
  self->directory = g_strdup (directory);
  return self;
}
