/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "bst-sync.h"

#include "bst-error.h"
#include "bst-json.h"
#include "bst-transport.h"

#include <string.h>

typedef struct
{
  char *server;
  char *token;
  char *ca_file;
  GVariant *body;
} Call;

static void
call_free (Call *call)
{
  g_free (call->server);
  g_free (call->token);
  g_free (call->ca_file);
  g_variant_unref (call->body);
  g_free (call);
}

static GBytes *
post (Call *call, const char *path, GCancellable *cancellable, GError **error)
{
  g_autoptr (BstTransport) transport =
      bst_transport_https_new (call->server, call->token, call->ca_file);
  char *text = bst_json_print (call->body);
  g_autoptr (GBytes) body = g_bytes_new_take (text, strlen (text));

  return bst_transport_request (transport, "POST", path, body, cancellable, error);
}

static void
run_call (Call *call,
          GTaskThreadFunc run,
          gpointer tag,
          GCancellable *cancellable,
          GAsyncReadyCallback callback,
          gpointer user_data)
{
  g_autoptr (GTask) task = g_task_new (NULL, cancellable, callback, user_data);

  g_task_set_source_tag (task, tag);
  g_task_set_task_data (task, call, (GDestroyNotify) call_free);
  g_task_run_in_thread (task, run);
}

static void
enrol_thread (GTask *task, gpointer source, gpointer task_data, GCancellable *cancellable)
{
  static const char *const needed[] = { "token", "person", "personName", "authority",
                                        "authorityName" };
  g_autoptr (GError) error = NULL;
  g_autoptr (GBytes) answer = post (task_data, "/auth/enrol", cancellable, &error);
  g_autoptr (GVariant) identity = NULL;
  const char *text;
  gsize len;

  if (!answer)
    {
      g_task_return_error (task, g_steal_pointer (&error));
      return;
    }
  text = g_bytes_get_data (answer, &len);
  identity = bst_json_parse_object (text, (gssize) len, NULL);
  for (guint i = 0; i < G_N_ELEMENTS (needed); i++)
    if (!identity || !bst_doc_get_string (identity, needed[i]))
      {
        g_task_return_new_error (task, BST_ERROR, BST_ERROR_PORTAL,
                                 "what answered is no Bestiller server");
        return;
      }
  g_task_return_pointer (task, g_steal_pointer (&identity), (GDestroyNotify) g_variant_unref);
}

void
bst_enrol_async (const char *server,
                 const char *code,
                 const char *device,
                 const char *ca_file,
                 GCancellable *cancellable,
                 GAsyncReadyCallback callback,
                 gpointer user_data)
{
  Call *call = g_new0 (Call, 1);
  GVariantDict body;

  g_variant_dict_init (&body, NULL);
  g_variant_dict_insert (&body, "code", "s", code);
  g_variant_dict_insert (&body, "device", "s", device ? device : "");
  call->server = g_strdup (server);
  call->ca_file = g_strdup (ca_file);
  call->body = bst_doc_take (g_variant_dict_end (&body));
  run_call (call, enrol_thread, bst_enrol_async, cancellable, callback, user_data);
}

GVariant *
bst_enrol_finish (GAsyncResult *result, GError **error)
{
  g_return_val_if_fail (g_async_result_is_tagged (result, bst_enrol_async), NULL);
  return g_task_propagate_pointer (G_TASK (result), error);
}

gboolean
bst_enrol_parse_link (const char *link, char **ret_server, char **ret_code, GError **error)
{
  g_autoptr (GUri) uri = g_uri_parse (link, G_URI_FLAGS_NONE, NULL);
  g_autoptr (GHashTable) params = NULL;
  const char *server, *code;

  if (uri && g_strcmp0 (g_uri_get_scheme (uri), "bestiller") == 0 &&
      g_strcmp0 (g_uri_get_host (uri), "enrol") == 0 && g_uri_get_query (uri))
    params = g_uri_parse_params (g_uri_get_query (uri), -1, "&", G_URI_PARAMS_NONE, NULL);
  server = params ? g_hash_table_lookup (params, "server") : NULL;
  code = params ? g_hash_table_lookup (params, "code") : NULL;
  if (!server || !code || !g_str_has_prefix (server, "https://"))
    {
      g_set_error (error, BST_ERROR, BST_ERROR_INVALID,
                   "link: not bestiller://enrol?server=https://…&code=…");
      return FALSE;
    }
  *ret_server = g_strdup (server);
  *ret_code = g_strdup (code);
  return TRUE;
}

static void
sign_out_thread (GTask *task, gpointer source, gpointer task_data, GCancellable *cancellable)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (GBytes) answer = post (task_data, "/auth/revoke", cancellable, &error);

  if (answer)
    g_task_return_boolean (task, TRUE);
  else
    g_task_return_error (task, g_steal_pointer (&error));
}

void
bst_sign_out_async (const char *server,
                    const char *token,
                    const char *ca_file,
                    GCancellable *cancellable,
                    GAsyncReadyCallback callback,
                    gpointer user_data)
{
  Call *call = g_new0 (Call, 1);

  call->server = g_strdup (server);
  call->token = g_strdup (token);
  call->ca_file = g_strdup (ca_file);
  call->body = bst_doc_new ();
  run_call (call, sign_out_thread, bst_sign_out_async, cancellable, callback, user_data);
}

gboolean
bst_sign_out_finish (GAsyncResult *result, GError **error)
{
  g_return_val_if_fail (g_async_result_is_tagged (result, bst_sign_out_async), FALSE);
  return g_task_propagate_boolean (G_TASK (result), error);
}
