/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Foo/query (RFC 8620 §5.5). The statement is put together from constant pieces; every value is a parameter. */

#include "bst-methods.h"

#include "bst-json.h"

#include <string.h>

#define MAX_FILTER_DEPTH 10

typedef struct
{
  BstMethod *method;
  GString *sql;
  GPtrArray *values;  /* texts, in the order of their places */
  gboolean any_word;  /* of a text; otherwise all of them */
  gboolean has_words; /* a text of several */
} Query;

static void
add_value (Query *query, char *value)
{
  g_ptr_array_add (query->values, value);
}

/* ---- conditions: each writes its piece, or says that it cannot ---- */

static gboolean
on_unit (Query *query, GVariant *value)
{
  BstOrg *org = bst_storage_org (query->method->storage, NULL);
  g_auto (GStrv) units = NULL;
  g_autoptr (GVariant) list = NULL;

  if (!org || !g_variant_is_of_type (value, G_VARIANT_TYPE_STRING))
    return FALSE;
  units = bst_org_descendants (org, g_variant_get_string (value, NULL));
  g_string_append (query->sql,
                   "coalesce (unit, doc ->> '$.unit') IN (SELECT value FROM json_each (?))");
  {
    g_auto (GVariantBuilder) builder = G_VARIANT_BUILDER_INIT (G_VARIANT_TYPE ("av"));

    for (char **unit = units; *unit; unit++)
      g_variant_builder_add (&builder, "v", g_variant_new_string (*unit));
    list = bst_doc_take (g_variant_builder_end (&builder));
  }
  add_value (query, bst_json_print (list));
  return TRUE;
}

static gboolean
on_state (Query *query, GVariant *value)
{
  g_autofree char *text = bst_json_print (value);

  if (g_variant_is_of_type (value, G_VARIANT_TYPE ("av")))
    add_value (query, g_steal_pointer (&text));
  else if (g_variant_is_of_type (value, G_VARIANT_TYPE_STRING))
    add_value (query, g_strconcat ("[", text, "]", NULL));
  else
    return FALSE;
  g_string_append (query->sql, "state IN (SELECT value FROM json_each (?))");
  return TRUE;
}

/* The words as the application's search takes them (bst-storage-text.h). */
static gboolean
on_text (Query *query, GVariant *value)
{
  BstStorageText *text = query->method->storage->text;
  const BstRecordType *type = query->method->type;
  const char *table = bst_storage_text_table (text, type);
  g_autoptr (GPtrArray) words = NULL;
  g_autofree char *match = NULL;

  if (!table || !g_variant_is_of_type (value, G_VARIANT_TYPE_STRING))
    return FALSE;
  words = bst_storage_text_words (text, type, g_variant_get_string (value, NULL), NULL, NULL);
  if (!words)
    return FALSE;
  match = bst_search_index_match (words, query->any_word);
  query->has_words |= words->len > 1;
  if (!match)
    {
      g_string_append (query->sql, words->len > 0 ? "0" : "1");
      return TRUE;
    }
  g_string_append (query->sql, "row IN (SELECT rowid FROM \"");
  g_string_append (query->sql, table);
  g_string_append (query->sql, "\" WHERE \"");
  g_string_append (query->sql, table);
  g_string_append (query->sql, "\" MATCH ?)");
  add_value (query, g_steal_pointer (&match));
  return TRUE;
}

#define INSTANT "coalesce (doc ->> '$.receivedAt', doc ->> '$.submittedAt', doc ->> '$.created')"

static const struct
{
  const char *name;
  const char *sql; /* with one place for a text, or */
  gboolean (*add) (Query *query, GVariant *value);
} conditions[] = {
  { "unit", NULL, on_unit },
  { "state", NULL, on_state },
  { "text", NULL, on_text },
  { "area", "doc ->> '$.area' = ?", NULL },
  { "request", "request = ?", NULL },
  { "service",
    "? IN (SELECT doc ->> '$.service' UNION ALL SELECT line.value ->> '$.service' "
    "FROM json_each (doc, '$.lines') AS line)",
    NULL },
  { "after", INSTANT " >= ?", NULL },
  { "before", INSTANT " < ?", NULL },
};

static gboolean
add_condition (Query *query, const char *name, GVariant *value)
{
  for (guint i = 0; i < G_N_ELEMENTS (conditions); i++)
    {
      if (strcmp (conditions[i].name, name) != 0)
        continue;
      if (conditions[i].add)
        return conditions[i].add (query, value);
      if (!g_variant_is_of_type (value, G_VARIANT_TYPE_STRING))
        return FALSE;
      g_string_append (query->sql, conditions[i].sql);
      add_value (query, g_variant_dup_string (value, NULL));
      return TRUE;
    }
  return FALSE;
}

static gboolean add_filter (Query *query, GVariant *filter, guint depth);

static gboolean
add_operator (Query *query, GVariant *filter, const char *name, guint depth)
{
  g_autoptr (GVariant) list = bst_doc_get_list (filter, "conditions");
  gboolean either = strcmp (name, "AND") != 0;

  if (strcmp (name, "AND") != 0 && strcmp (name, "OR") != 0 && strcmp (name, "NOT") != 0)
    return FALSE;
  /* NOT: none of them (RFC 8620 §5.5). */
  g_string_append (query->sql, strcmp (name, "NOT") == 0 ? "NOT (" : "(");
  g_string_append (query->sql, either ? "0" : "1");
  for (gsize i = 0; i < g_variant_n_children (list); i++)
    {
      g_autoptr (GVariant) inner = NULL;

      g_variant_get_child (list, i, "v", &inner);
      g_string_append (query->sql, either ? " OR " : " AND ");
      if (!add_filter (query, inner, depth + 1))
        return FALSE;
    }
  g_string_append_c (query->sql, ')');
  return TRUE;
}

static gboolean
add_filter (Query *query, GVariant *filter, guint depth)
{
  const char *name = g_variant_is_of_type (filter, G_VARIANT_TYPE_VARDICT)
                         ? bst_doc_get_string (filter, "operator")
                         : NULL;

  if (depth > MAX_FILTER_DEPTH || !g_variant_is_of_type (filter, G_VARIANT_TYPE_VARDICT))
    return FALSE;
  if (name)
    return add_operator (query, filter, name, depth);
  g_string_append (query->sql, "(1");
  for (gsize i = 0; i < g_variant_n_children (filter); i++)
    {
      const char *key;
      g_autoptr (GVariant) value = NULL;

      g_variant_get_child (filter, i, "{&sv}", &key, &value);
      g_string_append (query->sql, " AND ");
      if (!add_condition (query, key, value))
        return FALSE;
    }
  g_string_append_c (query->sql, ')');
  return TRUE;
}

static gboolean
add_sort (Query *query)
{
  g_autoptr (GVariant) sort = bst_doc_get_list (query->method->args, "sort");

  g_string_append (query->sql, " ORDER BY ");
  for (gsize i = 0; i < g_variant_n_children (sort); i++)
    {
      g_autoptr (GVariant) comparator = NULL;
      g_autoptr (GVariant) ascending = NULL;
      const char *property;
      const BstField *field;

      g_variant_get_child (sort, i, "v", &comparator);
      property = bst_doc_get_string (comparator, "property");
      field = property ? bst_record_type_field (query->method->type, property) : NULL;
      if (!field || !(field->flags & BST_FIELD_INDEXED))
        return FALSE;
      ascending = bst_doc_lookup (comparator, "isAscending");
      g_string_append (query->sql, "doc ->> ?");
      g_string_append (query->sql, !ascending || bst_doc_get_bool (comparator, "isAscending")
                                       ? ", "
                                       : " DESC, ");
      add_value (query, g_strconcat ("$.", field->name, NULL));
    }
  g_string_append (query->sql, "id");
  return TRUE;
}

static gboolean
build (Query *query)
{
  g_autoptr (GVariant) filter = bst_doc_lookup (query->method->args, "filter");

  g_string_append (
      query->sql, "SELECT id, unit FROM record WHERE type = ? AND account = ? AND doc IS NOT NULL");
  add_value (query, g_strdup (query->method->type->name));
  add_value (query, g_strdup (query->method->account));
  if (!bst_value_is_null (filter))
    {
      g_string_append (query->sql, " AND ");
      if (!add_filter (query, filter, 0))
        return bst_method_fail (query->method, "unsupportedFilter", NULL);
    }
  return add_sort (query) || bst_method_fail (query->method, "unsupportedSort", NULL);
}

/* All ids that she sees, in order. */
static GPtrArray *
run (Query *query, GError **error)
{
  g_autoptr (GPtrArray) ids = g_ptr_array_new_with_free_func (g_free);
  g_autoptr (BstStmt) stmt = bst_db_prepare (query->method->storage->db, query->sql->str, error);
  gboolean row = TRUE;

  if (!stmt)
    return NULL;
  for (guint i = 0; i < query->values->len; i++)
    bst_stmt_bind_text (stmt, (int) i + 1, query->values->pdata[i]);
  while (row)
    {
      if (!bst_stmt_step (stmt, &row, error))
        return NULL;
      if (row &&
          bst_scope_sees (query->method->scope, query->method->type->name, bst_stmt_text (stmt, 1)))
        g_ptr_array_add (ids, g_strdup (bst_stmt_text (stmt, 0)));
    }
  return g_steal_pointer (&ids);
}

/*
 * Where nothing has all the words of a text, what has any of them (as bst_search_index_choose()); looked at among what she sees,
 * so that the answer tells nothing of the rest.
 */
static GPtrArray *
find_ids (BstMethod *method, GError **error)
{
  for (gboolean any = FALSE;; any = TRUE)
    {
      g_autoptr (GString) sql = g_string_new (NULL);
      g_autoptr (GPtrArray) values = g_ptr_array_new_with_free_func (g_free);
      Query query = { .method = method, .sql = sql, .values = values, .any_word = any };
      g_autoptr (GPtrArray) ids = build (&query) ? run (&query, error) : NULL;

      if (!ids || ids->len > 0 || any || !query.has_words)
        return g_steal_pointer (&ids);
    }
}

/* Where the answer begins: by anchor, or by position (from the end when negative). */
static gboolean
find_start (BstMethod *method, GPtrArray *ids, gint64 *ret_start)
{
  const char *anchor = bst_doc_get_string (method->args, "anchor");
  gint64 start = bst_doc_get_int (method->args, "position", 0);
  guint at;

  if (anchor)
    {
      if (!g_ptr_array_find_with_equal_func (ids, anchor, g_str_equal, &at))
        return bst_method_fail (method, "anchorNotFound", NULL);
      start = MAX ((gint64) at + bst_doc_get_int (method->args, "anchorOffset", 0), 0);
    }
  else if (start < 0)
    start = MAX ((gint64) ids->len + start, 0);
  *ret_start = MIN (start, (gint64) ids->len);
  return TRUE;
}

static void
append_ids (BstMethod *method, GPtrArray *ids, gint64 start, gint64 limit)
{
  GString *out = method->out;
  g_autofree char *state = bst_method_state_now (method->storage, method->scope, method->account);

  g_string_append (out, "{\"accountId\":");
  bst_json_append_string (out, method->account);
  bst_method_append_key (out, "queryState");
  bst_json_append_string (out, state);
  g_string_append_printf (
      out, ",\"canCalculateChanges\":false,\"position\":%" G_GINT64_FORMAT ",\"ids\":[", start);
  for (gint64 i = start; i < (gint64) ids->len && i - start < limit; i++)
    {
      if (i > start)
        g_string_append_c (out, ',');
      bst_json_append_string (out, ids->pdata[i]);
    }
  g_string_append_c (out, ']');
  if (bst_doc_get_bool (method->args, "calculateTotal"))
    g_string_append_printf (out, ",\"total\":%u", ids->len);
  g_string_append_c (out, '}');
}

gboolean
bst_method_query (BstMethod *method)
{
  g_autoptr (GPtrArray) ids = NULL;
  g_autoptr (GError) error = NULL;
  gint64 limit = bst_doc_get_int (method->args, "limit", G_MAXINT64);
  gint64 start = 0;

  if (limit < 0)
    return bst_method_fail (method, "invalidArguments", "limit: negative");
  ids = find_ids (method, &error);
  if (!ids)
    return method->error_type ? FALSE : bst_method_fail_storage (method, error);
  if (!find_start (method, ids, &start))
    return FALSE;
  append_ids (method, ids, start, limit);
  return TRUE;
}
