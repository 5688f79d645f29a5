/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Foo/get (RFC 8620 §5.1): stored documents are pasted into the answer as they are. */

#include "bst-methods.h"

#include "bst-json.h"

#include <string.h>

typedef struct
{
  BstMethod *method;
  char **properties; /* (nullable): all */
  GPtrArray *missing;
  guint n;
} Get;

static void
append_doc (Get *get, const char *text, gsize len)
{
  GString *out = get->method->out;
  g_autoptr (GVariant) doc = NULL;

  if (get->n++ > 0)
    g_string_append_c (out, ',');
  if (!get->properties)
    {
      g_string_append_len (out, text, (gssize) len);
      return;
    }
  doc = bst_json_parse (text, (gssize) len, NULL);
  g_string_append (out, "{\"id\":");
  bst_json_append_string (out, bst_doc_get_string (doc, "id"));
  for (char **name = get->properties; *name; name++)
    {
      g_autoptr (GVariant) value = g_variant_lookup_value (doc, *name, NULL);

      if (!value || strcmp (*name, "id") == 0)
        continue;
      bst_method_append_key (out, *name);
      bst_json_append (out, value);
    }
  g_string_append_c (out, '}');
}

static gboolean
get_one (Get *get, BstStmt *stmt, const char *id, GError **error)
{
  BstMethod *method = get->method;
  gboolean row;

  bst_stmt_reset (stmt);
  bst_stmt_bind_text (stmt, 1, method->type->name);
  bst_stmt_bind_text (stmt, 2, id);
  if (!bst_stmt_step (stmt, &row, error))
    return FALSE;
  if (row && strcmp (bst_stmt_text (stmt, 0), method->account) == 0 &&
      !bst_stmt_is_null (stmt, 2) &&
      bst_scope_sees (method->scope, method->type->name, bst_stmt_text (stmt, 1)))
    append_doc (get, bst_stmt_text (stmt, 2), bst_stmt_text_len (stmt, 2));
  else
    g_ptr_array_add (get->missing, (gpointer) id);
  return TRUE;
}

static gboolean
get_listed (Get *get, GVariant *ids, GError **error)
{
  g_autoptr (GHashTable) seen = g_hash_table_new (g_str_hash, g_str_equal);
  g_autoptr (BstStmt) stmt =
      bst_db_prepare (get->method->storage->db,
                      "SELECT account, unit, doc FROM record WHERE type = ?1 AND id = ?2", error);

  for (gsize i = 0; stmt && i < g_variant_n_children (ids); i++)
    {
      g_autoptr (GVariant) item = NULL;
      const char *id;

      g_variant_get_child (ids, i, "v", &item);
      id = g_variant_get_string (item, NULL);
      if (g_hash_table_add (seen, (gpointer) id) && !get_one (get, stmt, id, error))
        return FALSE;
    }
  return stmt != NULL;
}

/* Everything of the type; FALSE without error when it is too much. */
static gboolean
get_all (Get *get, GError **error)
{
  BstMethod *method = get->method;
  g_autoptr (BstStmt) stmt = bst_db_prepare (method->storage->db,
                                             "SELECT unit, doc FROM record WHERE type = ?1 AND "
                                             "account = ?2 AND doc IS NOT NULL ORDER BY seq",
                                             error);
  gboolean row = TRUE;

  if (!stmt)
    return FALSE;
  bst_stmt_bind_text (stmt, 1, method->type->name);
  bst_stmt_bind_text (stmt, 2, method->account);
  while (row)
    {
      if (!bst_stmt_step (stmt, &row, error))
        return FALSE;
      if (!row || !bst_scope_sees (method->scope, method->type->name, bst_stmt_text (stmt, 0)))
        continue;
      if (get->n == BST_MAX_GET)
        return bst_method_fail (method, "requestTooLarge", "too many; ask for ids");
      append_doc (get, bst_stmt_text (stmt, 1), bst_stmt_text_len (stmt, 1));
    }
  return TRUE;
}

/* Whether @list is a list of strings. */
static gboolean
is_strings (GVariant *list)
{
  if (!g_variant_is_of_type (list, G_VARIANT_TYPE ("av")))
    return FALSE;
  for (gsize i = 0; i < g_variant_n_children (list); i++)
    {
      g_autoptr (GVariant) item = NULL;

      g_variant_get_child (list, i, "v", &item);
      if (!g_variant_is_of_type (item, G_VARIANT_TYPE_STRING))
        return FALSE;
    }
  return TRUE;
}

static gboolean
check_properties (BstMethod *method, char ***ret_properties)
{
  g_autoptr (GVariant) list = bst_doc_lookup (method->args, "properties");
  g_auto (GStrv) properties = NULL;

  if (bst_value_is_null (list))
    return TRUE;
  if (!is_strings (list))
    return bst_method_fail (method, "invalidArguments", "properties: a list of names expected");
  properties = bst_doc_get_strv (method->args, "properties");
  for (char **name = properties; *name; name++)
    if (!bst_record_type_field (method->type, *name))
      {
        g_autofree char *what = g_strconcat ("properties: no such property: ", *name, NULL);

        return bst_method_fail (method, "invalidArguments", what);
      }
  *ret_properties = g_steal_pointer (&properties);
  return TRUE;
}

static void
append_tail (Get *get)
{
  GString *out = get->method->out;

  g_string_append (out, "],\"notFound\":[");
  for (guint i = 0; i < get->missing->len; i++)
    {
      if (i)
        g_string_append_c (out, ',');
      bst_json_append_string (out, get->missing->pdata[i]);
    }
  g_string_append (out, "]}");
}

gboolean
bst_method_get (BstMethod *method)
{
  g_autoptr (GPtrArray) missing = g_ptr_array_new ();
  g_autoptr (GVariant) ids = bst_doc_lookup (method->args, "ids");
  g_autofree char *state = bst_method_state_now (method->storage, method->scope, method->account);
  g_auto (GStrv) properties = NULL;
  g_autoptr (GError) error = NULL;
  Get get = { method, NULL, missing, 0 };

  if (!bst_value_is_null (ids) && !is_strings (ids))
    return bst_method_fail (method, "invalidArguments", "ids: a list of ids or null expected");
  if (!bst_value_is_null (ids) && g_variant_n_children (ids) > BST_MAX_GET)
    return bst_method_fail (method, "requestTooLarge", NULL);
  if (!check_properties (method, &properties))
    return FALSE;
  get.properties = properties;
  g_string_append (method->out, "{\"accountId\":");
  bst_json_append_string (method->out, method->account);
  bst_method_append_key (method->out, "state");
  bst_json_append_string (method->out, state);
  g_string_append (method->out, ",\"list\":[");
  if (bst_value_is_null (ids) ? !get_all (&get, &error) : !get_listed (&get, ids, &error))
    return error ? bst_method_fail_storage (method, error) : FALSE;
  append_tail (&get);
  return TRUE;
}
