/* SPDX-License-Identifier: GPL-3.0-or-later */

/*
 * A query as SQL: put together from constant parts and names of the data dictionary; every value is bound.
 */

#include "bst-store-private.h"

#include "bst-error.h"

#include <string.h>

BstQuery *
bst_query_copy (const BstQuery *query)
{
  BstQuery *copy;

  if (!query)
    return NULL;
  copy = g_memdup2 (query, sizeof *query);
  copy->type = g_strdup (query->type);
  copy->text = g_strdup (query->text);
  copy->states = (const char *const *) g_strdupv ((char **) query->states);
  copy->unit = g_strdup (query->unit);
  copy->area = g_strdup (query->area);
  copy->service = g_strdup (query->service);
  copy->request = g_strdup (query->request);
  copy->orderer = g_strdup (query->orderer);
  copy->after = g_strdup (query->after);
  copy->before = g_strdup (query->before);
  copy->first_month = g_strdup (query->first_month);
  copy->last_month = g_strdup (query->last_month);
  copy->obligation = g_strdup (query->obligation);
  copy->sort = g_strdup (query->sort);
  copy->language = g_strdup (query->language);
  return copy;
}

void
bst_query_free (BstQuery *query)
{
  if (!query)
    return;
  g_free ((char *) query->type);
  g_free ((char *) query->text);
  g_strfreev ((char **) query->states);
  g_free ((char *) query->unit);
  g_free ((char *) query->area);
  g_free ((char *) query->service);
  g_free ((char *) query->request);
  g_free ((char *) query->orderer);
  g_free ((char *) query->after);
  g_free ((char *) query->before);
  g_free ((char *) query->first_month);
  g_free ((char *) query->last_month);
  g_free ((char *) query->obligation);
  g_free ((char *) query->sort);
  g_free ((char *) query->language);
  g_free (query);
}

char *
bst_query_key (const BstQuery *query)
{
  const char *const parts[] = {
    query->type,     query->text,        query->unit,       query->area,       query->service,
    query->request,  query->orderer,     query->after,      query->before,     query->sort,
    query->language, query->first_month, query->last_month, query->obligation,
  };
  GString *key = g_string_new (NULL);

  for (guint i = 0; i < G_N_ELEMENTS (parts); i++)
    g_string_append_printf (key, "%s\x1f", parts[i] ? parts[i] : "");
  for (guint i = 0; query->states && query->states[i]; i++)
    g_string_append_printf (key, "%s\x1e", query->states[i]);
  g_string_append_printf (key, "%d%d%d", query->ascending, query->valid_only, query->local_only);
  return g_string_free (key, FALSE);
}

void
bst_selection_clear (BstSelection *selection)
{
  g_free (selection->from);
  g_free (selection->order);
  g_clear_pointer (&selection->binds, g_ptr_array_unref);
  memset (selection, 0, sizeof *selection);
}

/* ---- conditions ---- */

typedef struct
{
  const BstRecordType *type;
  GString *where;
  GPtrArray *binds;
} Builder;

/* @condition with "?" for @value, which becomes the next number. */
static void
add (Builder *builder, const char *condition, const char *value)
{
  g_string_append (builder->where, builder->where->len > 0 ? " AND " : " WHERE ");
  g_ptr_array_add (builder->binds, g_strdup (value));
  for (const char *p = condition; *p; p++)
    if (*p == '?')
      g_string_append_printf (builder->where, "?%u", builder->binds->len);
    else
      g_string_append_c (builder->where, *p);
}

static gboolean
add_if (Builder *builder,
        const char *column,
        const char *condition,
        const char *value,
        GError **error)
{
  if (!value)
    return TRUE;
  if (!bst_replica_has_column (builder->type, column))
    {
      g_set_error (error, BST_ERROR, BST_ERROR_INVALID, "%s cannot be asked for by %s",
                   builder->type->name, column);
      return FALSE;
    }
  add (builder, condition, value);
  return TRUE;
}

/* Any of @states, as a JSON array: they are names without quotes or backslashes in them. */
static char *
list_states (const char *const *states)
{
  GString *list;

  if (!states)
    return NULL;
  list = g_string_new ("[");
  for (guint i = 0; states[i]; i++)
    {
      g_autofree char *escaped = g_strescape (states[i], "\xc3\xa6\xc3\xb8\xc3\xa5");

      g_string_append_printf (list, "%s\"%s\"", i > 0 ? "," : "", escaped);
    }
  g_string_append_c (list, ']');
  return g_string_free (list, FALSE);
}

#define UNDER_UNIT                                                                                 \
  "unit IN (WITH RECURSIVE under(id) AS (SELECT ? UNION SELECT OrgUnit.id FROM OrgUnit"            \
  " JOIN under ON OrgUnit.parent = under.id) SELECT id FROM under)"

#define WITH_SERVICE                                                                               \
  "EXISTS (SELECT 1 FROM json_each(doc, '$.lines') AS line WHERE line.value ->> '$.service' = ?)"

static gboolean
add_period (Builder *builder, const BstQuery *query, GError **error)
{
  gboolean submitted = bst_replica_has_column (builder->type, "submittedAt");

  /* Instants and dates of ISO 8601 sort as texts; "~" comes after "T". */
  if (!add_if (builder, "created",
               submitted ? "coalesce(submittedAt, created) >= ?" : "created >= ?", query->after,
               error))
    return FALSE;
  return add_if (builder, "created",
                 submitted ? "coalesce(submittedAt, created) < ? || '~'" : "created < ? || '~'",
                 query->before, error);
}

static gboolean
add_conditions (Builder *builder, const BstQuery *query, const char *today, GError **error)
{
  g_autofree char *states = list_states (query->states);
  gboolean in_lines = !bst_replica_has_column (builder->type, "service") &&
                      bst_record_type_field (builder->type, "lines");

  if (!add_if (builder, "state", "state IN (SELECT value FROM json_each(?))", states, error) ||
      !add_if (builder, "unit", UNDER_UNIT, query->unit, error) ||
      !add_if (builder, "area", "area = ?", query->area, error) ||
      !add_if (builder, in_lines ? "id" : "service", in_lines ? WITH_SERVICE : "service = ?",
               query->service, error) ||
      !add_if (builder, "request", "request = ?", query->request, error) ||
      !add_if (builder, "orderer", "orderer = ?", query->orderer, error) ||
      !add_if (builder, "month", "month >= ?", query->first_month, error) ||
      !add_if (builder, "month", "month <= ?", query->last_month, error) ||
      !add_if (builder, "bill",
               "(SELECT obligation FROM Service WHERE Service.id = Charge.service) = ?",
               query->obligation, error) ||
      !add_period (builder, query, error))
    return FALSE;

  if (query->valid_only)
    add (builder,
         "coalesce(doc ->> '$.validTo', '9999') >= ? AND coalesce(doc ->> '$.validFrom', '0000') "
         "<= ?",
         today);
  if (query->local_only)
    add (builder, "_local IS NOT NULL AND _local <> ?", "received");
  return TRUE;
}

/* ---- order ---- */

static const char *const languages[] = { "da", "nb", "nn", "en" };

static const char *
known_language (const char *language)
{
  for (guint i = 0; i < G_N_ELEMENTS (languages); i++)
    if (g_strcmp0 (languages[i], language) == 0)
      return languages[i];
  return languages[0];
}

/* The text that bst_text_pick() would show, near enough for sorting. */
static void
append_localized (GString *order, const BstField *field, const char *language)
{
  g_string_append (order, "coalesce(doc ->> '$.");
  g_string_append (order, field->name);
  g_string_append (order, ".");
  g_string_append (order, language);
  for (guint i = 0; i < G_N_ELEMENTS (languages); i++)
    {
      g_string_append (order, "', doc ->> '$.");
      g_string_append (order, field->name);
      g_string_append (order, ".");
      g_string_append (order, languages[i]);
    }
  g_string_append (order, "')");
}

static gboolean
is_text (const BstField *field)
{
  return field->kind == BST_FIELD_STRING || field->kind == BST_FIELD_TEXT ||
         field->kind == BST_FIELD_LOCALIZED;
}

/* "order" and "from" are words of SQL too. The names are the dictionary's. */
static void
append_quoted (GString *sql, const char *name)
{
  g_string_append_c (sql, '"');
  g_string_append (sql, name);
  g_string_append_c (sql, '"');
}

static gboolean
add_order (Builder *builder, const BstQuery *query, BstSelection *selection, GError **error)
{
  const char *name = query->sort ? query->sort : "updated";
  const BstField *field = bst_record_type_field (builder->type, name);
  const char *direction = query->ascending ? " ASC" : " DESC";
  const char *language = known_language (query->language);
  g_autoptr (GString) order = g_string_new (" ORDER BY ");

  if (!field ||
      !(bst_replica_has_column (builder->type, name) || field->kind == BST_FIELD_LOCALIZED))
    {
      g_set_error (error, BST_ERROR, BST_ERROR_INVALID, "%s cannot be sorted by %s",
                   builder->type->name, name);
      return FALSE;
    }

  if (is_text (field))
    {
      selection->costly = TRUE;
      g_string_append (order, "bst_sort_key(");
      if (field->kind == BST_FIELD_LOCALIZED)
        append_localized (order, field, language);
      else
        append_quoted (order, field->name);
      g_string_append (order, ", '");
      g_string_append (order, language);
      g_string_append (order, "')");
    }
  else
    append_quoted (order, field->name);

  /* Rows that are equal keep one order, so that pages neither overlap nor leave gaps. */
  g_string_append (order, direction);
  g_string_append (order, ", rowid");
  g_string_append (order, direction);
  selection->order = g_strdup (order->str);
  return TRUE;
}

gboolean
bst_query_select (const BstQuery *query,
                  const char *match,
                  const char *today,
                  BstSelection *ret_selection,
                  GError **error)
{
  g_auto (BstSelection) selection = { .binds = g_ptr_array_new_with_free_func (g_free) };
  g_autoptr (GString) where = g_string_new (NULL);
  Builder builder = {
    .type = bst_record_type_find (query->type),
    .where = where,
    .binds = selection.binds,
  };

  if (!builder.type)
    {
      g_set_error (error, BST_ERROR, BST_ERROR_INVALID, "there is no record type %s",
                   query->type ? query->type : "(none)");
      return FALSE;
    }
  if (!add_conditions (&builder, query, today, error) ||
      !add_order (&builder, query, &selection, error))
    return FALSE;

  if (match)
    {
      g_autofree char *condition =
          g_strconcat ("rowid IN (SELECT rowid FROM \"", builder.type->name, "_text\" WHERE \"",
                       builder.type->name, "_text\" MATCH ?)", NULL);

      add (&builder, condition, match);
      selection.costly = TRUE;
      selection.ranked = query->sort == NULL;
    }

  selection.type = builder.type->name;
  selection.from = g_strconcat (" FROM \"", builder.type->name, "\"", where->str, NULL);
  *ret_selection = selection;
  memset (&selection, 0, sizeof selection);
  return TRUE;
}
