/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Parcels (docs/protocol.md): a request that came as a sealed file, and its answer as another. */

#include "bst-api.h"

#include "bst-error.h"
#include "bst-json.h"
#include "bst-methods.h"
#include "bst-parcel.h"
#include "bst-server.h"

#include <string.h>

/* What was asked; files have gone one way, and need not go back. */
static char *
recall (GBytes *asked)
{
  gsize len;
  const char *text = g_bytes_get_data (asked, &len);
  g_autoptr (BstJmapRequest) request = bst_jmap_request_parse (text, (gssize) len, NULL);
  g_autoptr (GPtrArray) calls = NULL;

  if (!request || !g_strstr_len (text, (gssize) len, "\"" BST_JMAP_UPLOAD "\""))
    return g_strndup (text, len);
  calls = bst_method_upload_forget (request->calls);
  return bst_jmap_request_print (calls);
}

/* The request of the parcel, done as @person; the answer says what was asked, so that it can be read without the asker's memory. */
static GBytes *
do_request (BstApi *api, const char *person, GBytes *asked)
{
  g_auto (BstExchange) inner = { .method = "POST",
                                 .path = "/jmap/api/",
                                 .content_type = "application/json",
                                 .body = asked,
                                 .person = g_strdup (person) };
  g_autoptr (GVariant) answer = NULL;
  g_autofree char *request = recall (asked);
  g_autofree char *response = NULL;
  GVariantDict dict;
  char *text;

  bst_api_jmap (api, &inner);
  response = g_strndup (g_bytes_get_data (inner.reply, NULL), g_bytes_get_size (inner.reply));
  g_variant_dict_init (&dict, NULL);
  g_variant_dict_insert (&dict, "status", "x", (gint64) inner.status);
  g_variant_dict_insert (&dict, "request", "s", request);
  g_variant_dict_insert (&dict, "response", "s", response);
  answer = bst_doc_take (g_variant_dict_end (&dict));
  text = bst_json_print (answer);
  return g_bytes_new_take (text, strlen (text));
}

static GBytes *
carry (BstApi *api, GBytes *parcel, GError **error)
{
  BstStorage *storage = bst_api_get_storage (api);
  g_autofree char *id = NULL;
  g_autofree char *digest = NULL;
  g_autofree char *person = NULL;
  g_autoptr (GBytes) asked = NULL;
  g_autoptr (GBytes) answer = NULL;
  guint8 nonce[12];

  if (!bst_parcel_peek (parcel, BST_PARCEL_REQUEST, &id, error) ||
      !bst_storage_find_parcel_key (storage, id, &digest, &person, error))
    return NULL;
  asked = bst_parcel_open (parcel, BST_PARCEL_REQUEST, digest, error);
  if (!asked)
    return NULL;
  if (!g_utf8_validate (g_bytes_get_data (asked, NULL), (gssize) g_bytes_get_size (asked), NULL))
    {
      g_set_error (error, BST_ERROR, BST_ERROR_INVALID, "what the parcel holds is no text");
      return NULL;
    }
  if (!bst_storage_scope (storage, person, error))
    return NULL;
  answer = do_request (api, person, asked);
  storage->clock->fill_random (storage->clock->closure, nonce, sizeof nonce);
  return bst_parcel_seal (BST_PARCEL_ANSWER, digest, nonce, answer);
}

void
bst_api_parcel (BstApi *api, BstExchange *exchange)
{
  gsize len;
  const char *text = g_bytes_get_data (exchange->body, &len);
  g_autoptr (GError) error = NULL;
  g_autoptr (GVariant) body = bst_json_parse_object (text ? text : "", (gssize) len, &error);
  const char *coded = body ? bst_doc_get_string (body, "parcel") : NULL;
  g_autoptr (GBytes) parcel = NULL;
  g_autoptr (GBytes) answer = NULL;
  g_autofree char *reply = NULL;
  g_autoptr (GVariant) empty = bst_doc_new ();
  g_autoptr (GVariant) doc = NULL;
  guchar *octets;

  if (!coded)
    {
      bst_exchange_problem (exchange, 400, "parcel-unreadable", "Not a parcel",
                            error ? error->message : "{\"parcel\": base64} is wanted");
      return;
    }
  octets = g_base64_decode (coded, &len);
  parcel = g_bytes_new_take (octets, len);
  answer = carry (api, parcel, &error);
  if (!answer)
    {
      if (g_error_matches (error, BST_ERROR, BST_ERROR_SIGN_IN))
        bst_exchange_problem (exchange, 403, "parcel-unknown", "Nobody's parcel", error->message);
      else
        bst_exchange_problem (exchange, 400, "parcel-unreadable", "Not a parcel", error->message);
      return;
    }
  reply = g_base64_encode (g_bytes_get_data (answer, NULL), g_bytes_get_size (answer));
  doc = bst_doc_set_string (empty, "parcel", reply);
  bst_exchange_json (exchange, 200, bst_json_print (doc));
}

GBytes *
bst_server_carry (const char *directory, const BstClock *clock, GBytes *parcel, GError **error)
{
  BstApi *api = bst_api_new (directory, clock, error);
  GBytes *answer = api ? carry (api, parcel, error) : NULL;

  g_clear_pointer (&api, bst_api_free);
  return answer;
}
