/* SPDX-License-Identifier: GPL-3.0-or-later */

/* From a Request to its Response: which function answers which method. */

#include "bst-methods.h"

#include "bst-error.h"
#include "bst-json.h"

#include <string.h>

gboolean
bst_method_fail (BstMethod *method, const char *type, const char *description)
{
  method->error_type = type;
  g_free (method->description);
  method->description = g_strdup (description);
  return FALSE;
}

gboolean
bst_method_fail_storage (BstMethod *method, GError *error)
{
  const char *what = error ? error->message : "unknown";
  gboolean busy = g_error_matches (error, BST_ERROR, BST_ERROR_BUSY);

  g_warning ("a method failed: %s", what);
  return bst_method_fail (method, busy ? "serverUnavailable" : "serverFail",
                          busy ? "busy; try again" : "the server could not do it");
}

void
bst_method_append_key (GString *out, const char *name)
{
  g_string_append_c (out, ',');
  bst_json_append_string (out, name);
  g_string_append_c (out, ':');
}

/* ---- state ---- */

char *
bst_method_state_text (BstStorage *storage,
                       BstScope *scope,
                       const char *account,
                       const BstMethodState *state)
{
  const char *rights = g_hash_table_lookup (scope->rights, account);

  if (state->position < 0)
    return g_strdup_printf ("%s.%s.%" G_GINT64_FORMAT, storage->epoch, rights ? rights : "-",
                            state->seq);
  return g_strdup_printf ("%s.%s.%" G_GINT64_FORMAT ".%" G_GINT64_FORMAT ".%" G_GINT64_FORMAT,
                          storage->epoch, rights ? rights : "-", state->seq, state->position,
                          state->total);
}

char *
bst_method_state_now (BstStorage *storage, BstScope *scope, const char *account)
{
  BstMethodState now = { MAX (bst_storage_account_seq (storage, account, NULL, NULL), 0), -1, 0 };

  return bst_method_state_text (storage, scope, account, &now);
}

static gboolean
parse_number (const char *text, gint64 *ret_number)
{
  return g_ascii_string_to_signed (text, 10, 0, G_MAXINT64, ret_number, NULL);
}

gboolean
bst_method_state_parse (BstMethod *method, const char *text, BstMethodState *ret_state)
{
  g_auto (GStrv) parts = g_strsplit (text, ".", -1);
  guint n = g_strv_length (parts);
  const char *rights = g_hash_table_lookup (method->scope->rights, method->account);
  BstMethodState state = { 0, -1, 0 };
  gint64 floor;
  gint64 now = bst_storage_account_seq (method->storage, method->account, &floor, NULL);

  if ((n != 3 && n != 5) || strcmp (parts[0], method->storage->epoch) != 0 ||
      g_strcmp0 (parts[1], rights) != 0 || !parse_number (parts[2], &state.seq))
    return FALSE;
  if (n == 5 &&
      (!parse_number (parts[3], &state.position) || !parse_number (parts[4], &state.total)))
    return FALSE;
  if (state.seq > now || (state.seq > 0 && state.seq < floor))
    return FALSE;
  *ret_state = state;
  return TRUE;
}

/* ---- the table ---- */

static gboolean
echo (BstMethod *method)
{
  bst_json_append (method->out, method->args);
  return TRUE;
}

static gboolean
no_query_changes (BstMethod *method)
{
  return bst_method_fail (method, "cannotCalculateChanges", NULL);
}

/* @name "*" + …: of every record type. */
static const struct
{
  const char *name;
  const char *capability;
  gboolean of_account;
  gboolean (*run) (BstMethod *method);
} methods[] = {
  { "Core/echo", BST_JMAP_CORE, FALSE, echo },
  { "Record/changes", BST_JMAP_OWN, TRUE, bst_method_all_changes },
  { BST_JMAP_UPLOAD, BST_JMAP_OWN, TRUE, bst_method_upload },
  { "*/get", BST_JMAP_OWN, TRUE, bst_method_get },
  { "*/changes", BST_JMAP_OWN, TRUE, bst_method_changes },
  { "*/set", BST_JMAP_OWN, TRUE, bst_method_set },
  { "*/query", BST_JMAP_OWN, TRUE, bst_method_query },
  { "*/queryChanges", BST_JMAP_OWN, TRUE, no_query_changes },
};

/* The row for @name, or -1; *@ret_type is Foo of Foo/…. */
static int
find_method (const char *name, const BstRecordType **ret_type)
{
  const char *slash = strchr (name, '/');
  g_autofree char *foo = slash ? g_strndup (name, (gsize) (slash - name)) : NULL;

  *ret_type = foo ? bst_record_type_find (foo) : NULL;
  for (guint i = 0; slash && i < G_N_ELEMENTS (methods); i++)
    if (methods[i].name[0] == '*' ? *ret_type && strcmp (methods[i].name + 1, slash) == 0
                                  : strcmp (methods[i].name, name) == 0)
      return (int) i;
  return -1;
}

static gboolean
check_account (BstMethod *method)
{
  method->account = bst_doc_get_string (method->args, "accountId");
  if (!method->account)
    return bst_method_fail (method, "invalidArguments", "accountId: missing");
  if (!bst_scope_has_account (method->scope, method->account))
    return bst_method_fail (method, "accountNotFound", NULL);
  return TRUE;
}

/* ---- one call ---- */

/* The answers so far as documents: only made when a call refers to one. */
static GPtrArray *
parse_answers (GString *response)
{
  g_autofree char *text = g_strconcat (response->str, "],\"sessionState\":\"\"}", NULL);
  GPtrArray *answers = bst_jmap_response_parse (text, -1, NULL, NULL);

  return answers ? answers : g_ptr_array_new ();
}

static gboolean
resolve (BstMethod *method, BstJmapCall *call, GString *response)
{
  g_autoptr (GPtrArray) answers = NULL;
  g_autoptr (GError) error = NULL;

  if (!bst_jmap_has_references (call->args))
    {
      method->args = g_variant_ref (call->args);
      return TRUE;
    }
  answers = parse_answers (response);
  method->args = bst_jmap_resolve (call->args, answers, &error);
  if (method->args)
    return TRUE;
  return bst_method_fail (method,
                          g_error_matches (error, BST_ERROR, BST_ERROR_CONFLICT)
                              ? "invalidArguments"
                              : "invalidResultReference",
                          error->message);
}

static gboolean
run_call (BstMethod *method, BstJmapCall *call, char **using, GString *response)
{
  int row = find_method (call->name, &method->type);

  if (row < 0 || !g_strv_contains ((const char *const *) using, methods[row].capability))
    return bst_method_fail (method, "unknownMethod", NULL);
  if (!resolve (method, call, response))
    return FALSE;
  if (methods[row].of_account && !check_account (method))
    return FALSE;
  return methods[row].run (method);
}

static void
append_answer (GString *response, BstMethod *method, BstJmapCall *call, gboolean ok)
{
  g_string_append (response, response->str[response->len - 1] == '[' ? "[" : ",[");
  bst_json_append_string (response, ok ? call->name : "error");
  g_string_append_c (response, ',');
  if (ok)
    g_string_append_len (response, method->out->str, (gssize) method->out->len);
  else
    {
      g_string_append (response, "{\"type\":");
      bst_json_append_string (response, method->error_type);
      if (method->description)
        {
          bst_method_append_key (response, "description");
          bst_json_append_string (response, method->description);
        }
      g_string_append_c (response, '}');
    }
  g_string_append_c (response, ',');
  bst_json_append_string (response, call->id);
  g_string_append_c (response, ']');
}

static GHashTable *
read_created_ids (GVariant *given)
{
  GHashTable *ids = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, g_free);
  GVariantIter iter;
  const char *key;
  GVariant *id;

  if (!given)
    return ids;
  g_variant_iter_init (&iter, given);
  while (g_variant_iter_loop (&iter, "{&sv}", &key, &id))
    g_hash_table_insert (ids, g_strdup (key), g_variant_dup_string (id, NULL));
  return ids;
}

static void
append_created_ids (GString *response, GHashTable *ids)
{
  GHashTableIter iter;
  gpointer key, id;
  gboolean first = TRUE;

  bst_method_append_key (response, "createdIds");
  g_string_append_c (response, '{');
  g_hash_table_iter_init (&iter, ids);
  while (g_hash_table_iter_next (&iter, &key, &id))
    {
      if (!first)
        g_string_append_c (response, ',');
      first = FALSE;
      bst_json_append_string (response, key);
      g_string_append_c (response, ':');
      bst_json_append_string (response, id);
    }
  g_string_append_c (response, '}');
}

GString *
bst_methods_run (BstStorage *storage,
                 const char *person,
                 BstJmapRequest *request,
                 const char *session_state)
{
  GString *response = g_string_new ("{\"methodResponses\":[");
  g_autoptr (GHashTable) created_ids = read_created_ids (request->created_ids);
  g_autoptr (GString) out = g_string_new (NULL);

  storage->actor = person;
  for (guint i = 0; i < request->calls->len; i++)
    {
      BstJmapCall *call = g_ptr_array_index (request->calls, i);
      g_autoptr (GError) error = NULL;
      BstMethod method = {
        .storage = storage, .person = person, .created_ids = created_ids, .out = out
      };
      gboolean ok;

      g_string_truncate (out, 0);
      /* Each call anew: the one before may have changed what she sees. */
      method.scope = bst_storage_scope (storage, person, &error);
      ok = method.scope ? run_call (&method, call, request->using, response)
                        : bst_method_fail_storage (&method, error);
      append_answer (response, &method, call, ok);
      g_clear_pointer (&method.args, g_variant_unref);
      g_free (method.description);
    }
  storage->actor = NULL;
  g_string_append_c (response, ']');
  if (request->created_ids)
    append_created_ids (response, created_ids);
  bst_method_append_key (response, "sessionState");
  bst_json_append_string (response, session_state);
  g_string_append_c (response, '}');
  return response;
}
