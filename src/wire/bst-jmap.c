/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "bst-jmap.h"

#include "bst-error.h"
#include "bst-json.h"

#include <string.h>

BstJmapCall *
bst_jmap_call_new (const char *name, GVariant *args, const char *id)
{
  BstJmapCall *call = g_new0 (BstJmapCall, 1);

  call->name = g_strdup (name);
  call->args = bst_doc_take (args);
  call->id = g_strdup (id);
  return call;
}

void
bst_jmap_call_free (BstJmapCall *call)
{
  g_free (call->name);
  g_variant_unref (call->args);
  g_free (call->id);
  g_free (call);
}

char *
bst_jmap_request_print (GPtrArray *calls)
{
  GString *out =
      g_string_new ("{\"using\":[\"" BST_JMAP_CORE "\",\"" BST_JMAP_OWN "\"],\"methodCalls\":[");

  for (guint i = 0; i < calls->len; i++)
    {
      BstJmapCall *call = g_ptr_array_index (calls, i);

      g_string_append (out, i ? ",[" : "[");
      bst_json_append_string (out, call->name);
      g_string_append_c (out, ',');
      bst_json_append (out, call->args);
      g_string_append_c (out, ',');
      bst_json_append_string (out, call->id);
      g_string_append_c (out, ']');
    }
  g_string_append (out, "]}");
  return g_string_free (out, FALSE);
}

static gpointer
fail (GError **error, BstErrorCode code, const char *what)
{
  g_set_error_literal (error, BST_ERROR, code, what);
  return NULL;
}

/* [name, arguments, call id] */
static BstJmapCall *
read_invocation (GVariant *value)
{
  g_autoptr (GVariant) name = NULL;
  g_autoptr (GVariant) args = NULL;
  g_autoptr (GVariant) id = NULL;

  if (!g_variant_is_of_type (value, G_VARIANT_TYPE ("av")) || g_variant_n_children (value) != 3)
    return NULL;
  g_variant_get_child (value, 0, "v", &name);
  g_variant_get_child (value, 1, "v", &args);
  g_variant_get_child (value, 2, "v", &id);
  if (!g_variant_is_of_type (name, G_VARIANT_TYPE_STRING) ||
      !g_variant_is_of_type (args, G_VARIANT_TYPE_VARDICT) ||
      !g_variant_is_of_type (id, G_VARIANT_TYPE_STRING))
    return NULL;
  return bst_jmap_call_new (g_variant_get_string (name, NULL), g_variant_ref (args),
                            g_variant_get_string (id, NULL));
}

static GPtrArray *
read_invocations (GVariant *doc, const char *key)
{
  g_autoptr (GPtrArray) calls =
      g_ptr_array_new_with_free_func ((GDestroyNotify) bst_jmap_call_free);
  g_autoptr (GVariant) list = g_variant_lookup_value (doc, key, G_VARIANT_TYPE ("av"));
  GVariantIter iter;
  GVariant *item;

  if (!list)
    return NULL;
  g_variant_iter_init (&iter, list);
  while (g_variant_iter_loop (&iter, "v", &item))
    {
      BstJmapCall *call = read_invocation (item);

      if (!call)
        {
          g_variant_unref (item);
          return NULL;
        }
      g_ptr_array_add (calls, call);
    }
  return g_steal_pointer (&calls);
}

/* Whether the list at @key holds strings and nothing else. */
static gboolean
is_string_list (GVariant *doc, const char *key)
{
  g_autoptr (GVariant) list = g_variant_lookup_value (doc, key, G_VARIANT_TYPE ("av"));
  g_auto (GStrv) strings = NULL;

  if (!list)
    return FALSE;
  strings = bst_doc_get_strv (doc, key);
  return g_strv_length (strings) == g_variant_n_children (list);
}

static gboolean
is_string_map (GVariant *map)
{
  GVariantIter iter;
  const char *key;
  GVariant *value;
  gboolean all = g_variant_is_of_type (map, G_VARIANT_TYPE_VARDICT);

  if (!all)
    return FALSE;
  g_variant_iter_init (&iter, map);
  while (g_variant_iter_loop (&iter, "{&sv}", &key, &value))
    all &= g_variant_is_of_type (value, G_VARIANT_TYPE_STRING);
  return all;
}

BstJmapRequest *
bst_jmap_request_read (GVariant *value, GError **error)
{
  g_autoptr (BstJmapRequest) request = g_new0 (BstJmapRequest, 1);

  if (!g_variant_is_of_type (value, G_VARIANT_TYPE_VARDICT))
    return fail (error, BST_ERROR_INVALID, "a Request is an object");
  if (!is_string_list (value, "using"))
    return fail (error, BST_ERROR_INVALID, "using: a list of strings expected");
  request->using = bst_doc_get_strv (value, "using");
  request->calls = read_invocations (value, "methodCalls");
  if (!request->calls)
    return fail (error, BST_ERROR_INVALID, "methodCalls: a list of [name, arguments, id] expected");
  if (bst_doc_has (value, "createdIds"))
    {
      request->created_ids = bst_doc_lookup (value, "createdIds");
      if (!is_string_map (request->created_ids))
        return fail (error, BST_ERROR_INVALID, "createdIds: a map of strings expected");
    }
  return g_steal_pointer (&request);
}

BstJmapRequest *
bst_jmap_request_parse (const char *text, gssize len, GError **error)
{
  g_autoptr (GVariant) value = bst_json_parse (text, len, error);

  return value ? bst_jmap_request_read (value, error) : NULL;
}

void
bst_jmap_request_free (BstJmapRequest *request)
{
  g_strfreev (request->using);
  g_clear_pointer (&request->calls, g_ptr_array_unref);
  g_clear_pointer (&request->created_ids, g_variant_unref);
  g_free (request);
}

GPtrArray *
bst_jmap_response_parse (const char *text, gssize len, char **ret_session_state, GError **error)
{
  g_autoptr (GError) own = NULL;
  g_autoptr (GVariant) value = bst_json_parse_object (text, len, &own);
  GPtrArray *calls;
  const char *state;

  if (!value)
    {
      g_set_error (error, BST_ERROR, BST_ERROR_PROTOCOL, "no JMAP response: %s", own->message);
      return NULL;
    }
  state = bst_doc_get_string (value, "sessionState");
  calls = state ? read_invocations (value, "methodResponses") : NULL;
  if (!calls)
    return fail (error, BST_ERROR_PROTOCOL,
                 "no JMAP response: methodResponses or sessionState missing");
  if (ret_session_state)
    *ret_session_state = g_strdup (state);
  return calls;
}

/* ---- result references ---- */

static char *
unescape_token (const char *token, gsize len)
{
  GString *out = g_string_new (NULL);

  for (gsize i = 0; i < len; i++)
    if (token[i] == '~' && i + 1 < len && (token[i + 1] == '0' || token[i + 1] == '1'))
      g_string_append_c (out, token[++i] == '0' ? '~' : '/');
    else
      g_string_append_c (out, token[i]);
  return g_string_free (out, FALSE);
}

/* RFC 6901 §4: no sign, no leading zero. */
static gboolean
read_index (const char *token, gsize n, gsize *ret_index)
{
  guint64 index;

  if ((token[0] == '0' && token[1]) ||
      !g_ascii_string_to_unsigned (token, 10, 0, G_MAXINT32, &index, NULL) || index >= n)
    return FALSE;
  *ret_index = (gsize) index;
  return TRUE;
}

/* "*": @rest in every item; results that are lists are joined. */
static GVariant *
pointer_each (GVariant *list, const char *rest)
{
  g_auto (GVariantBuilder) builder = G_VARIANT_BUILDER_INIT (G_VARIANT_TYPE ("av"));

  for (gsize i = 0; i < g_variant_n_children (list); i++)
    {
      g_autoptr (GVariant) item = NULL;
      g_autoptr (GVariant) found = NULL;

      g_variant_get_child (list, i, "v", &item);
      found = bst_jmap_pointer (item, rest);
      if (!found)
        return NULL;
      if (!g_variant_is_of_type (found, G_VARIANT_TYPE ("av")))
        {
          g_variant_builder_add (&builder, "v", found);
          continue;
        }
      for (gsize j = 0; j < g_variant_n_children (found); j++)
        {
          g_autoptr (GVariant) inner = NULL;

          g_variant_get_child (found, j, "v", &inner);
          g_variant_builder_add (&builder, "v", inner);
        }
    }
  return bst_doc_take (g_variant_builder_end (&builder));
}

GVariant *
bst_jmap_pointer (GVariant *value, const char *pointer)
{
  const char *end;
  g_autofree char *token = NULL;
  g_autoptr (GVariant) child = NULL;

  if (!*pointer)
    return g_variant_ref (value);
  if (*pointer != '/')
    return NULL;
  end = strchr (pointer + 1, '/');
  if (!end)
    end = pointer + strlen (pointer);
  token = unescape_token (pointer + 1, (gsize) (end - pointer - 1));
  if (g_variant_is_of_type (value, G_VARIANT_TYPE ("av")))
    {
      gsize index;

      if (strcmp (token, "*") == 0)
        return pointer_each (value, end);
      if (!read_index (token, g_variant_n_children (value), &index))
        return NULL;
      g_variant_get_child (value, index, "v", &child);
    }
  else if (g_variant_is_of_type (value, G_VARIANT_TYPE_VARDICT))
    child = g_variant_lookup_value (value, token, NULL);
  return child ? bst_jmap_pointer (child, end) : NULL;
}

/* The first answer with that call id must have that name (§3.7). */
static GVariant *
find_reference (GVariant *reference, GPtrArray *previous)
{
  const char *result_of = bst_doc_get_string (reference, "resultOf");
  const char *name = bst_doc_get_string (reference, "name");
  const char *path = bst_doc_get_string (reference, "path");

  if (!result_of || !name || !path)
    return NULL;
  for (guint i = 0; i < previous->len; i++)
    {
      BstJmapCall *call = g_ptr_array_index (previous, i);

      if (strcmp (call->id, result_of) == 0)
        return strcmp (call->name, name) == 0 ? bst_jmap_pointer (call->args, path) : NULL;
    }
  return NULL;
}

gboolean
bst_jmap_has_references (GVariant *args)
{
  GVariantIter iter;
  const char *key;
  gboolean found = FALSE;

  g_variant_iter_init (&iter, args);
  while (!found && g_variant_iter_next (&iter, "{&sv}", &key, NULL))
    found = key[0] == '#';
  return found;
}

GVariant *
bst_jmap_resolve (GVariant *args, GPtrArray *previous, GError **error)
{
  g_auto (GVariantBuilder) builder = G_VARIANT_BUILDER_INIT (G_VARIANT_TYPE_VARDICT);

  for (gsize i = 0; i < g_variant_n_children (args); i++)
    {
      const char *key;
      g_autoptr (GVariant) value = NULL;
      g_autoptr (GVariant) plain = NULL;
      g_autoptr (GVariant) found = NULL;

      g_variant_get_child (args, i, "{&sv}", &key, &value);
      if (key[0] != '#')
        {
          g_variant_builder_add (&builder, "{sv}", key, value);
          continue;
        }
      plain = g_variant_lookup_value (args, key + 1, NULL);
      if (plain)
        {
          g_set_error (error, BST_ERROR, BST_ERROR_CONFLICT,
                       "%s is there twice: by value and by reference", key + 1);
          return NULL;
        }
      found = find_reference (value, previous);
      if (!found)
        {
          g_set_error (error, BST_ERROR, BST_ERROR_INVALID, "%s points at nothing", key);
          return NULL;
        }
      g_variant_builder_add (&builder, "{sv}", key + 1, found);
    }
  return bst_doc_take (g_variant_builder_end (&builder));
}
