/* SPDX-License-Identifier: GPL-3.0-or-later */

/*
 * The text index of the replica: an FTS5 table for each type with searchable properties. A row is put in with the transaction
 * that brings its record: then its text is at hand. What its terms were before a change is made from its old text, so they are
 * not kept a second time.
 */

#include "bst-replica.h"

#include "bst-json-slice.h"
#include "bst-search-text.h"
#include "bst-text.h"

#include <string.h>

#define MAX_FIELDS    8
#define LONGEST_PIECE 255 /* octets; of those that are remembered */

/*
 * Making terms is most of the work of filling an index, and orders are made of the same words over and over. A text falls
 * apart at ASCII characters that are neither letter nor digit; the terms of such a piece do not depend on its neighbours.
 */
#define REMEMBERED_MAX 8192 /* about a megabyte */

/* Piece -> its terms, of this thread and @language. Emptied when it is full: what was borrowed from it is gone with that. */
static GHashTable *
remembered (const char *language)
{
  const char *spoken = bst_text_language (language);
  static GPrivate key = G_PRIVATE_INIT ((GDestroyNotify) g_hash_table_unref);
  GHashTable *languages = g_private_get (&key);
  GHashTable *pieces;

  if (!languages)
    {
      languages = g_hash_table_new_full (g_str_hash, g_str_equal, NULL,
                                         (GDestroyNotify) g_hash_table_unref);
      g_private_set (&key, languages);
    }
  pieces = g_hash_table_lookup (languages, spoken);
  if (!pieces || g_hash_table_size (pieces) >= REMEMBERED_MAX)
    {
      pieces = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, g_free);
      g_hash_table_replace (languages, (gpointer) spoken, pieces);
    }
  return pieces;
}

static const char *
terms_of_piece (GHashTable *pieces, const char *piece, const char *language)
{
  char *terms = g_hash_table_lookup (pieces, piece);

  if (!terms)
    {
      terms = bst_search_terms (piece, language);
      g_hash_table_insert (pieces, g_strdup (piece), terms);
    }
  return terms;
}

static void
append_word (GString *terms, const char *word, gsize len)
{
  if (len > 0 && terms->len > 0)
    g_string_append_c (terms, ' ');
  g_string_append_len (terms, word, (gssize) len);
}

/* Of one piece. A number is its own term; and there are as many as there are orders. */
static void
append_piece (GString *terms,
              GHashTable *pieces,
              const char *start,
              gsize len,
              gboolean number,
              const char *language)
{
  char piece[LONGEST_PIECE + 1];
  g_autofree char *long_piece = NULL;
  g_autofree char *long_terms = NULL;
  const char *found;

  if (number)
    {
      append_word (terms, start, MIN (len, LONGEST_PIECE));
      return;
    }
  if (len <= LONGEST_PIECE)
    {
      memcpy (piece, start, len);
      piece[len] = '\0';
      found = terms_of_piece (pieces, piece, language);
    }
  else
    {
      long_piece = g_strndup (start, len);
      found = long_terms = bst_search_terms (long_piece, language);
    }
  append_word (terms, found, strlen (found));
}

static gboolean
is_piece (char c)
{
  return g_ascii_isalnum (c) || (guchar) c >= 0x80;
}

static void
append_terms (GString *terms, const char *text, gsize len, const char *language)
{
  GHashTable *pieces = remembered (language);
  const char *end = text + len;

  for (const char *p = text; p < end;)
    {
      gboolean number = TRUE;
      const char *start;

      while (p < end && !is_piece (*p))
        p++;
      for (start = p; p < end && is_piece (*p); p++)
        number = number && g_ascii_isdigit (*p);
      if (p > start)
        append_piece (terms, pieces, start, (gsize) (p - start), number, language);
    }
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

/* Of a text as it stands in a record, in @language. */
static void
append_text (GString *terms, const BstJsonSlice *text, const char *language)
{
  g_autofree char *plain = NULL;

  if (!memchr (text->text, '\\', text->len))
    {
      append_terms (terms, text->text, text->len, language);
      return;
    }
  plain = bst_json_slice_dup_string (text);
  if (plain)
    append_terms (terms, plain, strlen (plain), language);
}

/* A text, or a map from language to text. */
static char *
make_terms (const BstJsonSlice *value, const char *language)
{
  GString *terms = g_string_new (NULL);
  g_autoptr (GArray) texts = NULL;

  if (value->text && value->text[0] == '"')
    append_text (terms, value, language);
  else if (value->text && value->text[0] == '{')
    texts = bst_json_slices (value->text, value->len, 1);
  for (guint i = 0; texts && i < texts->len; i++)
    {
      const BstJsonSlice *text = &g_array_index (texts, BstJsonSlice, i);

      if (text->text[0] == '"')
        append_text (terms, text, text->key);
    }
  return g_string_free (terms, FALSE);
}

/* What the index holds of a record, one a searchable property. */
typedef struct
{
  char *terms[MAX_FIELDS + 1];
} Columns;

static void
columns_clear (Columns *columns)
{
  for (guint i = 0; columns->terms[i]; i++)
    g_free (columns->terms[i]);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Columns, columns_clear)

static void
read_columns (BstReplica *replica,
              BstReplicaTable *table,
              const char *doc,
              gsize len,
              Columns *columns)
{
  BstJsonSlice values[MAX_FIELDS] = { { NULL } };

  bst_json_slices_pick (doc, len, table->text_names, values);
  for (guint i = 0; table->text_names[i]; i++)
    columns->terms[i] = make_terms (&values[i], replica->language);
}

gboolean
bst_replica_text_add (BstReplica *replica,
                      BstReplicaTable *table,
                      gint64 rowid,
                      const char *doc,
                      gsize len,
                      GError **error)
{
  g_auto (Columns) columns = { { NULL } };

  if (!table->text)
    return TRUE;
  read_columns (replica, table, doc, len, &columns);
  return bst_search_index_add (table->text, rowid, (const char *const *) columns.terms, error);
}

gboolean
bst_replica_text_take (BstReplica *replica,
                       BstReplicaTable *table,
                       gint64 rowid,
                       const char *doc,
                       GError **error)
{
  g_auto (Columns) columns = { { NULL } };

  if (!table->text)
    return TRUE;
  read_columns (replica, table, doc, strlen (doc), &columns);
  return bst_search_index_take (table->text, rowid, (const char *const *) columns.terms, error);
}

gboolean
bst_replica_text_change (BstReplica *replica,
                         BstReplicaTable *table,
                         gint64 rowid,
                         const char *old,
                         const char *doc,
                         gsize len,
                         GError **error)
{
  g_auto (Columns) before = { { NULL } };
  g_auto (Columns) after = { { NULL } };

  if (!table->text)
    return TRUE;
  read_columns (replica, table, old, strlen (old), &before);
  read_columns (replica, table, doc, len, &after);
  return g_strv_equal ((const char *const *) before.terms, (const char *const *) after.terms) ||
         (bst_search_index_take (table->text, rowid, (const char *const *) before.terms, error) &&
          bst_search_index_add (table->text, rowid, (const char *const *) after.terms, error));
}

/* ---- many rows ---- */

static gboolean
has_other_accounts (BstReplica *replica,
                    BstReplicaTable *table,
                    const char *account,
                    gboolean *ret_others,
                    GError **error)
{
  g_autofree char *sql =
      g_strconcat ("SELECT 1 FROM \"", table->type->name, "\" WHERE _account <> ?1 LIMIT 1", NULL);
  g_autoptr (GPtrArray) others = bst_replica_list (replica, sql, account, NULL, error);

  *ret_others = others && others->len > 0;
  return others != NULL;
}

gboolean
bst_replica_text_take_account (BstReplica *replica,
                               BstReplicaTable *table,
                               const char *account,
                               GError **error)
{
  g_autofree char *sql =
      g_strconcat ("SELECT rowid, doc FROM \"", table->type->name, "\" WHERE _account = ?1", NULL);
  g_autoptr (BstStmt) stmt = bst_db_prepare (replica->db, sql, error);
  gboolean others;
  gboolean row;

  if (!table->text)
    return TRUE;
  if (!stmt || !has_other_accounts (replica, table, account, &others, error))
    return FALSE;
  if (!others)
    return bst_search_index_clear (table->text, error);
  bst_stmt_bind_text (stmt, 1, account);
  while (bst_stmt_step (stmt, &row, error))
    if (!row)
      return TRUE;
    else if (!bst_replica_text_take (replica, table, bst_stmt_int (stmt, 0),
                                     bst_stmt_text (stmt, 1), error))
      return FALSE;
  return FALSE;
}

/* ---- opening ---- */

static gboolean
open_index (BstReplica *replica, BstReplicaTable *table, const BstField **fields, GError **error)
{
  g_autofree char *name = g_strconcat (table->type->name, "_text", NULL);
  g_autoptr (GPtrArray) names = g_ptr_array_new ();
  guint weights[MAX_FIELDS + 1] = { 0 };
  BstSearchIndexFlags flags = BST_SEARCH_INDEX_LEAN;

  for (guint i = 0; fields[i]; i++)
    {
      g_assert (i < MAX_FIELDS);
      weights[i] = MAX (fields[i]->weight, 1);
      g_ptr_array_add (names, (gpointer) fields[i]->name);
    }
  g_ptr_array_add (names, NULL);
  table->text_names = (const char **) g_ptr_array_free (g_steal_pointer (&names), FALSE);
  if (table->type->account == BST_ACCOUNT_SHARED)
    flags |= BST_SEARCH_INDEX_PREFIXES;
  table->text = bst_search_index_new (replica->db, name, weights, flags, error);
  return table->text != NULL;
}

gboolean
bst_replica_text_open (BstReplica *replica, GError **error)
{
  for (guint i = 0; i < replica->n_tables; i++)
    {
      BstReplicaTable *table = &replica->tables[i];
      g_autofree const BstField **fields = bst_replica_text_fields (table->type);

      if (fields[0] && !open_index (replica, table, fields, error))
        return FALSE;
    }
  return TRUE;
}

/* ---- what was put off ---- */

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
  return !complete || index_step (replica, ret_more, error);
}
