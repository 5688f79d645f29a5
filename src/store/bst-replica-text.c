/* SPDX-License-Identifier: GPL-3.0-or-later */

/*
 * The text index of the replica: an FTS5 table for each type with searchable properties, filled by
 * statements over many rows at a time. Rows up to text_upto are in it; later rows are added by
 * bst_replica_finish_step(), so that a first synchronisation does not pay for each page.
 */

#include "bst-replica.h"

#include "bst-search-text.h"

#include <string.h>

#define FILL_ROWS 4000

/*
 * Making terms is most of the work of filling an index, and orders are made of the same words over and over. A text falls
 * apart at ASCII characters that are neither letter nor digit; the terms of such a piece do not depend on its neighbours.
 */
#define REMEMBERED_MAX 8192

static GHashTable *
remembered (const char *language)
{
  static GPrivate key = G_PRIVATE_INIT ((GDestroyNotify) g_hash_table_unref);
  static GPrivate of_language = G_PRIVATE_INIT (g_free);
  GHashTable *pieces = g_private_get (&key);

  if (!pieces || g_hash_table_size (pieces) >= REMEMBERED_MAX ||
      g_strcmp0 (g_private_get (&of_language), language) != 0)
    {
      pieces = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, g_free);
      g_private_replace (&key, pieces);
      g_private_replace (&of_language, g_strdup (language));
    }
  return pieces;
}

static const char *
terms_of_piece (GHashTable *pieces, const char *piece, const char *language)
{
  char *terms;

  /* A number is its own term; and there are as many as there are orders. */
  if (piece[strspn (piece, "0123456789")] == '\0')
    return piece;
  terms = g_hash_table_lookup (pieces, piece);

  if (!terms)
    {
      terms = bst_search_terms (piece, language);
      g_hash_table_insert (pieces, g_strdup (piece), terms);
    }
  return terms;
}

static gboolean
is_piece (char c)
{
  return g_ascii_isalnum (c) || (guchar) c >= 0x80;
}

char *
bst_replica_make_terms (const char *text, const char *language)
{
  GHashTable *pieces = remembered (language);
  g_autoptr (GString) all = g_string_new (NULL);
  g_autoptr (GString) piece = g_string_new (NULL);

  for (const char *p = text; *p;)
    {
      const char *terms;

      while (*p && !is_piece (*p))
        p++;
      g_string_truncate (piece, 0);
      for (; is_piece (*p); p++)
        g_string_append_c (piece, *p);
      terms = piece->len > 0 ? terms_of_piece (pieces, piece->str, language) : "";
      if (terms[0] == '\0')
        continue;
      if (all->len > 0)
        g_string_append_c (all, ' ');
      g_string_append (all, terms);
    }
  return g_string_free (g_steal_pointer (&all), FALSE);
}

static int
compare_fields (gconstpointer a, gconstpointer b)
{
  const BstField *x = *(const BstField *const *) a;
  const BstField *y = *(const BstField *const *) b;

  if (x->weight != y->weight)
    return x->weight > y->weight ? -1 : 1;
  return x < y ? -1 : x > y;
}

const BstField **
bst_replica_text_fields (const BstRecordType *type)
{
  GPtrArray *fields = g_ptr_array_new ();

  for (const BstField *field = type->fields; field->name; field++)
    if (field->flags & BST_FIELD_SEARCHABLE)
      g_ptr_array_add (fields, (gpointer) field);
  g_ptr_array_sort (fields, compare_fields);
  g_ptr_array_add (fields, NULL);
  return (const BstField **) g_ptr_array_free (fields, FALSE);
}

char *
bst_replica_text_expression (const BstField *field)
{
  if (field->kind == BST_FIELD_LOCALIZED)
    return g_strconcat ("(SELECT group_concat(bst_terms(value, key), ' ') FROM json_each(doc, '$.",
                        field->name, "'))", NULL);
  return g_strconcat ("bst_terms(doc ->> '$.", field->name, "', ?2)", NULL);
}

static void
put_together (BstReplicaTable *table, const BstField **fields)
{
  const char *name = table->type->name;
  g_autoptr (GString) columns = g_string_new ("rowid");
  g_autoptr (GString) terms = g_string_new ("rowid");

  for (guint i = 0; fields[i]; i++)
    {
      g_autofree char *expression = bst_replica_text_expression (fields[i]);

      g_string_append_printf (columns, ", c%u", i);
      g_string_append (terms, ", ");
      g_string_append (terms, expression);
    }

  table->fill_sql =
      g_strconcat ("INSERT OR REPLACE INTO \"", name, "_text\" (", columns->str, ") SELECT ",
                   terms->str, " FROM \"", name, "\" WHERE rowid BETWEEN ?1 AND ?3", NULL);
  table->add_sql =
      g_strconcat ("INSERT INTO \"", name, "_text\" (", columns->str, ") SELECT ", terms->str,
                   " FROM \"", name, "\" WHERE rowid BETWEEN ?1 AND ?3", NULL);
  table->reindex_sql = g_strconcat (
      "INSERT OR REPLACE INTO \"", name, "_text\" (", columns->str, ") SELECT ", terms->str,
      " FROM \"", name,
      "\" WHERE id IN (SELECT value ->> '$.id' FROM json_each(?1, ?3)) AND rowid <= ?4", NULL);
  table->unindex_sql =
      g_strconcat ("DELETE FROM \"", name, "_text\" WHERE rowid IN (SELECT rowid FROM \"", name,
                   "\" WHERE id IN (SELECT value FROM json_each(?1, ?3)) AND _account = ?2)", NULL);
}

static gboolean
open_index (BstReplica *replica, BstReplicaTable *table, const BstField **fields, GError **error)
{
  g_autofree char *name = g_strconcat (table->type->name, "_text", NULL);
  g_autoptr (GArray) weights = g_array_new (TRUE, FALSE, sizeof (guint));
  g_autoptr (GPtrArray) upto = NULL;

  for (guint i = 0; fields[i]; i++)
    {
      guint weight = MAX (fields[i]->weight, 1);

      g_array_append_val (weights, weight);
    }
  table->text = bst_search_index_new (replica->db, name, (const guint *) weights->data,
                                      table->type->account == BST_ACCOUNT_SHARED, error);
  if (!table->text)
    return FALSE;

  upto = bst_replica_list (replica, "SELECT row FROM text_upto WHERE type = ?1", table->type->name,
                           NULL, error);
  if (!upto)
    return FALSE;
  table->text_upto = upto->len > 0 ? g_ascii_strtoll (g_ptr_array_index (upto, 0), NULL, 10) : 0;
  return TRUE;
}

gboolean
bst_replica_text_open (BstReplica *replica, GError **error)
{
  for (guint i = 0; i < replica->n_tables; i++)
    {
      BstReplicaTable *table = &replica->tables[i];
      g_autofree const BstField **fields = bst_replica_text_fields (table->type);

      if (!fields[0])
        continue;
      put_together (table, fields);
      if (!open_index (replica, table, fields, error))
        return FALSE;
    }
  return TRUE;
}

static gboolean
fill (BstReplica *replica, const char *sql, gint64 first, gint64 last, GError **error)
{
  g_autoptr (BstStmt) stmt = bst_db_prepare (replica->db, sql, error);

  if (!stmt)
    return FALSE;
  bst_stmt_bind_int (stmt, 1, first);
  bst_stmt_bind_text (stmt, 2, replica->language);
  bst_stmt_bind_int (stmt, 3, last);
  return bst_stmt_run (stmt, error);
}

gboolean
bst_replica_text_put (BstReplica *replica, BstReplicaTable *table, gint64 rowid, GError **error)
{
  return !table->text || rowid > table->text_upto ||
         fill (replica, table->fill_sql, rowid, rowid, error);
}

/* ---- what was put off ---- */

static gboolean
last_row (BstReplica *replica, BstReplicaTable *table, gint64 *ret_row, GError **error)
{
  g_autofree char *sql = g_strconcat ("SELECT max(rowid) FROM \"", table->type->name, "\"", NULL);
  g_autoptr (BstStmt) stmt = bst_db_prepare (replica->db, sql, error);
  gboolean row;

  if (!stmt || !bst_stmt_step (stmt, &row, error))
    return FALSE;
  *ret_row = bst_stmt_int (stmt, 0);
  return TRUE;
}

static gboolean
note_upto (BstReplica *replica, BstReplicaTable *table, gint64 last, GError **error)
{
  g_autoptr (BstStmt) stmt = bst_db_prepare (
      replica->db, "INSERT OR REPLACE INTO text_upto (type, row) VALUES (?1, ?2)", error);

  if (!stmt)
    return FALSE;
  bst_stmt_bind_text (stmt, 1, table->type->name);
  bst_stmt_bind_int (stmt, 2, last);
  return bst_stmt_run (stmt, error);
}

gboolean
bst_replica_text_shrink (BstReplica *replica, BstReplicaTable *table, GError **error)
{
  gint64 last;

  if (!table->text)
    return TRUE;
  if (!last_row (replica, table, &last, error))
    return FALSE;
  if (last >= table->text_upto)
    return TRUE;
  table->text_upto = last;
  return note_upto (replica, table, last, error);
}

/* *@ret_done: there was something to fill. */
static gboolean
fill_step (BstReplica *replica, BstReplicaTable *table, gboolean *ret_done, GError **error)
{
  gint64 last;

  *ret_done = FALSE;
  if (!table->text)
    return TRUE;
  if (!last_row (replica, table, &last, error))
    return FALSE;
  if (last <= table->text_upto)
    return TRUE;

  last = MIN (last, table->text_upto + FILL_ROWS);
  if (!bst_db_begin (replica->db, error))
    return FALSE;
  if (!fill (replica, table->add_sql, table->text_upto + 1, last, error) ||
      !note_upto (replica, table, last, error))
    {
      bst_db_rollback (replica->db);
      return FALSE;
    }
  if (!bst_db_commit (replica->db, error))
    return FALSE;
  table->text_upto = last;
  *ret_done = TRUE;
  return TRUE;
}

/* *@ret_done: an index was missing. */
static gboolean
index_step (BstReplica *replica, gboolean *ret_done, GError **error)
{
  g_autoptr (GPtrArray) known = bst_replica_list (
      replica, "SELECT name FROM sqlite_schema WHERE type = 'index'", NULL, NULL, error);

  *ret_done = FALSE;
  if (!known)
    return FALSE;
  for (const BstReplicaIndex *index = bst_replica_indices (); index->name; index++)
    if (!g_ptr_array_find_with_equal_func (known, index->name, g_str_equal, NULL))
      {
        *ret_done = TRUE;
        return bst_db_exec (replica->db, index->sql, error);
      }
  return TRUE;
}

gboolean
bst_replica_finish_step (BstReplica *replica, gboolean *ret_more, GError **error)
{
  gboolean complete;

  *ret_more = FALSE;
  if (!bst_replica_is_complete (replica, &complete, error))
    return FALSE;

  /* The catalogue is small and shall be found at once; orders wait until all of them are there. */
  for (guint i = 0; i < replica->n_tables && !*ret_more; i++)
    if (complete || replica->tables[i].type->account == BST_ACCOUNT_SHARED)
      if (!fill_step (replica, &replica->tables[i], ret_more, error))
        return FALSE;
  return *ret_more || !complete || index_step (replica, ret_more, error);
}
