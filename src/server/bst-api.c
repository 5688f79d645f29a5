/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "bst-api.h"

#include "bst-error.h"
#include "bst-jmap.h"
#include "bst-json.h"
#include "bst-methods.h"

#include <string.h>

#define PROBLEM    "https://bestiller.org/ns/problem/"
#define JMAP_ERROR "urn:ietf:params:jmap:error:"

/* Wrong codes from one address, and it must wait. */
#define MAX_TRIES     10
#define TRIES_SECONDS 900

struct _BstApi
{
  BstStorage *storage;
  const BstClock *clock;
  GHashTable *tries; /* address -> Tries */
  guint64 counts[6]; /* replies by hundreds of their status */
  guint streams;     /* open event streams */
  guint64 looks;     /* at one of them */
};

typedef struct
{
  gint64 since;
  guint n;
} Tries;

BstApi *
bst_api_new (const char *directory, const BstClock *clock, GError **error)
{
  BstStorage *storage = bst_storage_open (directory, clock, error);
  BstApi *api;

  if (!storage)
    return NULL;
  api = g_new0 (BstApi, 1);
  api->storage = storage;
  api->clock = clock;
  api->tries = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, g_free);
  return api;
}

void
bst_api_free (BstApi *api)
{
  bst_storage_close (api->storage);
  g_hash_table_unref (api->tries);
  g_free (api);
}

BstStorage *
bst_api_get_storage (BstApi *api)
{
  return api->storage;
}

void
bst_exchange_clear (BstExchange *exchange)
{
  g_clear_pointer (&exchange->person, g_free);
  g_clear_pointer (&exchange->reply, g_bytes_unref);
  g_clear_pointer (&exchange->reply_type_free, g_free);
  g_clear_pointer (&exchange->disposition, g_free);
}

void
bst_exchange_json (BstExchange *exchange, guint status, char *text)
{
  exchange->status = status;
  exchange->reply_type = "application/json";
  g_clear_pointer (&exchange->reply, g_bytes_unref);
  exchange->reply = g_bytes_new_take (text, strlen (text));
}

void
bst_exchange_problem (BstExchange *exchange,
                      guint status,
                      const char *type,
                      const char *title,
                      const char *detail)
{
  g_autofree char *uri = g_strconcat (g_str_has_prefix (type, "urn:") ? "" : PROBLEM, type, NULL);
  GString *out = g_string_new ("{\"type\":");

  bst_json_append_string (out, uri);
  bst_method_append_key (out, "title");
  bst_json_append_string (out, title);
  g_string_append_printf (out, ",\"status\":%u", status);
  bst_method_append_key (out, "detail");
  bst_json_append_string (out, detail);
  g_string_append_c (out, '}');
  bst_exchange_json (exchange, status, g_string_free (out, FALSE));
  exchange->reply_type = "application/problem+json";
}

/* RFC 8620 §3.6.1: a limit is named. */
static void
limit_problem (BstExchange *exchange, guint status, const char *limit)
{
  g_autofree char *text =
      g_strdup_printf ("{\"type\":\"" JMAP_ERROR "limit\",\"title\":\"Over a limit\",\"status\":%u,"
                       "\"detail\":\"over %s\",\"limit\":\"%s\"}",
                       status, limit, limit);

  bst_exchange_json (exchange, status, g_steal_pointer (&text));
  exchange->reply_type = "application/problem+json";
}

static void
fail_problem (BstExchange *exchange, GError *error)
{
  g_warning ("a request failed: %s", error->message);
  bst_exchange_problem (exchange, 500, "server-fail", "Server failure",
                        "the server could not do it");
}

/* ---- signing in ---- */

static Tries *
tries_of (BstApi *api, const char *address)
{
  Tries *tries = g_hash_table_lookup (api->tries, address);
  gint64 now = bst_clock_now (api->clock);

  if (!tries)
    {
      tries = g_new0 (Tries, 1);
      g_hash_table_insert (api->tries, g_strdup (address), tries);
    }
  if (now - tries->since >= TRIES_SECONDS)
    {
      tries->since = now;
      tries->n = 0;
    }
  return tries;
}

static void
code_problem (BstExchange *exchange, GError *error)
{
  static const struct
  {
    BstErrorCode code;
    guint status;
    const char *type;
    const char *title;
  } rows[] = {
    { BST_ERROR_CODE_WRONG, 404, "code-wrong", "No such code" },
    { BST_ERROR_CODE_EXPIRED, 410, "code-expired", "The code has expired" },
    { BST_ERROR_CODE_USED, 410, "code-used", "The code was used before" },
    { BST_ERROR_OTHER_AUTHORITY, 404, "other-authority", "The code is of another authority" },
  };

  for (guint i = 0; i < G_N_ELEMENTS (rows); i++)
    if (g_error_matches (error, BST_ERROR, rows[i].code))
      {
        bst_exchange_problem (exchange, rows[i].status, rows[i].type, rows[i].title,
                              error->message);
        return;
      }
  fail_problem (exchange, error);
}

static GVariant *
parse_body (BstExchange *exchange)
{
  gsize len;
  const char *text = g_bytes_get_data (exchange->body, &len);
  g_autoptr (GError) error = NULL;
  GVariant *body = bst_json_parse_object (text ? text : "", (gssize) len, &error);

  if (!body)
    bst_exchange_problem (exchange, 400, JMAP_ERROR "notJSON", "Not JSON", error->message);
  return body;
}

static void
enrol (BstApi *api, BstExchange *exchange)
{
  g_autoptr (GVariant) body = parse_body (exchange);
  const char *code = body ? bst_doc_get_string (body, "code") : NULL;
  Tries *tries = tries_of (api, exchange->address);
  g_autofree char *token = NULL;
  g_autofree char *person = NULL;
  g_autoptr (GVariant) record = NULL;
  g_autoptr (GVariant) answer = NULL;
  g_autoptr (GError) error = NULL;
  GVariantDict dict;

  if (!body)
    return;
  if (tries->n >= MAX_TRIES)
    {
      bst_exchange_problem (exchange, 429, "too-many-tries", "Too many tries",
                            "wait a quarter of an hour");
      return;
    }
  token = bst_storage_redeem_code (api->storage, code ? code : "",
                                   bst_doc_get_string (body, "device"), &person, &error);
  record = token ? bst_storage_get (api->storage, "Person", person, &error) : NULL;
  if (!record)
    {
      tries->n++;
      code_problem (exchange, error);
      return;
    }
  g_variant_dict_init (&dict, NULL);
  g_variant_dict_insert (&dict, "token", "s", token);
  g_variant_dict_insert (&dict, "person", "s", person);
  g_variant_dict_insert (&dict, "personName", "s", bst_doc_get_string (record, "name"));
  g_variant_dict_insert (&dict, "authority", "s",
                         bst_doc_get_string (api->storage->settings, "authority"));
  g_variant_dict_insert (&dict, "authorityName", "s",
                         bst_doc_get_string (api->storage->settings, "name"));
  answer = bst_doc_take (g_variant_dict_end (&dict));
  bst_exchange_json (exchange, 200, bst_json_print (answer));
}

static void
revoke_token (BstApi *api, BstExchange *exchange)
{
  g_autoptr (GError) error = NULL;

  if (!bst_storage_revoke_token (api->storage, exchange->token, &error))
    {
      fail_problem (exchange, error);
      return;
    }
  exchange->status = 204;
}

gboolean
bst_api_check_token (BstApi *api, BstExchange *exchange)
{
  g_autoptr (GError) error = NULL;

  if (!exchange->token)
    {
      bst_exchange_problem (exchange, 401, "token-missing", "Sign in",
                            "an Authorization: Bearer header is wanted");
      return FALSE;
    }
  exchange->person = bst_storage_check_token (api->storage, exchange->token, &error);
  if (exchange->person && bst_storage_scope (api->storage, exchange->person, &error))
    return TRUE;
  if (g_error_matches (error, BST_ERROR, BST_ERROR_SIGN_IN))
    bst_exchange_problem (exchange, 401, "token-revoked", "Sign in again", error->message);
  else if (g_error_matches (error, BST_ERROR, BST_ERROR_LOST))
    bst_exchange_problem (exchange, 401, "computer-lost", "Reported lost", error->message);
  else
    fail_problem (exchange, error);
  return FALSE;
}

/* ---- JMAP ---- */

static void
session (BstApi *api, BstExchange *exchange)
{
  BstScope *scope = bst_storage_scope (api->storage, exchange->person, NULL);

  bst_exchange_json (exchange, 200, bst_api_session (api, scope, exchange->person, exchange->base));
}

static gboolean
check_using (BstExchange *exchange, char **using)
{
  for (char **name = using; *name; name++)
    if (strcmp (*name, BST_JMAP_CORE) != 0 && strcmp (*name, BST_JMAP_OWN) != 0)
      {
        bst_exchange_problem (exchange, 400, JMAP_ERROR "unknownCapability", "Unknown capability",
                              *name);
        return FALSE;
      }
  return TRUE;
}

/* The Request, or a problem. */
static BstJmapRequest *
read_request (BstExchange *exchange)
{
  gsize len;
  const char *text = g_bytes_get_data (exchange->body, &len);
  g_autoptr (GError) error = NULL;
  g_autoptr (GVariant) value = NULL;
  g_autoptr (BstJmapRequest) request = NULL;

  if (g_strcmp0 (exchange->content_type, "application/json") != 0)
    {
      bst_exchange_problem (exchange, 400, JMAP_ERROR "notJSON", "Not JSON",
                            "Content-Type: application/json is wanted");
      return NULL;
    }
  if (len > BST_MAX_SIZE_REQUEST)
    {
      limit_problem (exchange, 413, "maxSizeRequest");
      return NULL;
    }
  value = bst_json_parse (text ? text : "", (gssize) len, &error);
  if (!value)
    {
      bst_exchange_problem (exchange, 400, JMAP_ERROR "notJSON", "Not JSON", error->message);
      return NULL;
    }
  request = bst_jmap_request_read (value, &error);
  if (!request)
    {
      bst_exchange_problem (exchange, 400, JMAP_ERROR "notRequest", "Not a Request",
                            error->message);
      return NULL;
    }
  if (!check_using (exchange, request->using))
    return NULL;
  if (request->calls->len > BST_MAX_CALLS)
    {
      limit_problem (exchange, 400, "maxCallsInRequest");
      return NULL;
    }
  return g_steal_pointer (&request);
}

void
bst_api_jmap (BstApi *api, BstExchange *exchange)
{
  g_autoptr (BstJmapRequest) request = read_request (exchange);
  BstScope *scope = bst_storage_scope (api->storage, exchange->person, NULL);
  g_autofree char *state = NULL;
  GString *response;

  if (!request)
    return;
  state = bst_api_session_state (api, scope);
  response = bst_methods_run (api->storage, exchange->person, request, state);
  exchange->status = 200;
  exchange->reply_type = "application/json";
  exchange->reply = g_string_free_to_bytes (response);
}

/* ---- for those who run it ---- */

static void
healthz (BstApi *api, BstExchange *exchange)
{
  bst_exchange_json (exchange, 200, g_strdup ("{\"status\":\"ok\"}"));
}

static void
readyz (BstApi *api, BstExchange *exchange)
{
  if (bst_storage_account_seq (api->storage, BST_JMAP_CATALOGUE_ACCOUNT, NULL, NULL) < 0)
    bst_exchange_problem (exchange, 503, "server-fail", "Not ready",
                          "the database does not answer");
  else
    bst_exchange_json (exchange, 200, g_strdup ("{\"status\":\"ready\"}"));
}

static void
metrics (BstApi *api, BstExchange *exchange)
{
  GString *out = g_string_new ("# TYPE bestiller_replies_total counter\n");

  for (guint i = 1; i < G_N_ELEMENTS (api->counts); i++)
    g_string_append_printf (out, "bestiller_replies_total{code=\"%uxx\"} %" G_GUINT64_FORMAT "\n",
                            i, api->counts[i]);
  g_string_append_printf (out,
                          "# TYPE bestiller_streams gauge\nbestiller_streams %u\n"
                          "# TYPE bestiller_stream_looks_total counter\n"
                          "bestiller_stream_looks_total %" G_GUINT64_FORMAT "\n",
                          api->streams, api->looks);
  bst_exchange_json (exchange, 200, g_string_free (out, FALSE));
  exchange->reply_type = "text/plain; version=0.0.4";
}

void
bst_api_count (BstApi *api, guint status)
{
  api->counts[MIN (status / 100, G_N_ELEMENTS (api->counts) - 1)]++;
}

void
bst_api_count_streams (BstApi *api, guint open, guint looks)
{
  api->streams = open;
  api->looks += looks;
}

/* ---- the table ---- */

static const struct
{
  const char *method;
  const char *path;
  gboolean below; /* and everything below it */
  gboolean signed_in;
  void (*answer) (BstApi *api, BstExchange *exchange);
} routes[] = {
  { "POST", "/auth/enrol", FALSE, FALSE, enrol },
  { "POST", "/auth/revoke", FALSE, TRUE, revoke_token },
  { "GET", "/.well-known/jmap", FALSE, TRUE, session },
  { "POST", "/jmap/api/", FALSE, TRUE, bst_api_jmap },
  { "POST", "/parcel", FALSE, FALSE, bst_api_parcel },
  { "POST", "/jmap/upload/", TRUE, TRUE, bst_api_upload },
  { "POST", "/jmap/upload-part/", TRUE, TRUE, bst_api_upload_part },
  { "GET", "/jmap/upload-part/", TRUE, TRUE, bst_api_ask_part },
  { "GET", "/jmap/download/", TRUE, TRUE, bst_api_download },
  { "GET", "/healthz", FALSE, FALSE, healthz },
  { "GET", "/readyz", FALSE, FALSE, readyz },
  { "GET", "/metrics", FALSE, FALSE, metrics },
};

void
bst_api_answer (BstApi *api, BstExchange *exchange)
{
  gboolean path_known = FALSE;

  for (guint i = 0; i < G_N_ELEMENTS (routes); i++)
    {
      if (routes[i].below ? !g_str_has_prefix (exchange->path, routes[i].path)
                          : strcmp (exchange->path, routes[i].path) != 0)
        continue;
      path_known = TRUE;
      if (strcmp (exchange->method, routes[i].method) != 0)
        continue;
      if (!routes[i].signed_in || bst_api_check_token (api, exchange))
        routes[i].answer (api, exchange);
      return;
    }
  if (path_known)
    bst_exchange_problem (exchange, 405, "not-found", "Method not allowed", exchange->method);
  else
    bst_exchange_problem (exchange, 404, "not-found", "Not found",
                          "there is nothing at this address");
}
