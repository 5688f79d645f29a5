/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "bst-storage-text.h"

#include "bst-jmap.h"
#include "bst-json.h"
#include "bst-search-text.h"
#include "bst-search-words.h"

#include <string.h>

/* Another number when other terms are made of the same texts. */
#define TERMS_VERSION 1

typedef struct
{
  const BstRecordType *type;
  char *name;              /* of the table */
  const BstField **fields; /* searchable, the weightiest first: the title */
  GArray *weights;
  BstSearchIndex *index;
} Table;

/* The words of the catalogue's types, or of one other type, as of a change number. */
typedef struct
{
  BstVocabulary *vocabulary;
  gint64 seq;
} Words;

struct _BstStorageText
{
  BstDb *db;
  char *language;
  GArray *tables;    /* Table */
  GHashTable *words; /* type's name, or the catalogue's account -> Words */
};

/* ---- tables ---- */

static int
compare_fields (gconstpointer a, gconstpointer b)
{
  const BstField *one = *(const BstField *const *) a;
  const BstField *other = *(const BstField *const *) b;

  if (one->weight != other->weight)
    return one->weight > other->weight ? -1 : 1;
  return one < other ? -1 : one > other;
}

static void
add_table (BstStorageText *text, const BstRecordType *type)
{
  g_autoptr (GPtrArray) fields = g_ptr_array_new ();
  Table table = { .type = type };

  for (const BstField *field = type->fields; field->name; field++)
    if (field->flags & BST_FIELD_SEARCHABLE)
      g_ptr_array_add (fields, (gpointer) field);
  if (fields->len == 0)
    return;
  g_ptr_array_sort (fields, compare_fields);
  table.weights = g_array_new (TRUE, FALSE, sizeof (guint));
  for (guint i = 0; i < fields->len; i++)
    {
      guint weight = MAX (((const BstField *) fields->pdata[i])->weight, 1);

      g_array_append_val (table.weights, weight);
    }
  g_ptr_array_add (fields, NULL);
  table.fields = (const BstField **) g_ptr_array_free (g_steal_pointer (&fields), FALSE);
  table.name = g_strconcat (type->name, "_text", NULL);
  g_array_append_val (text->tables, table);
}

static void
table_clear (gpointer data)
{
  Table *table = data;

  g_free (table->name);
  g_free (table->fields);
  g_array_unref (table->weights);
  bst_search_index_free (table->index);
}

static void
words_free (gpointer data)
{
  Words *words = data;

  bst_vocabulary_unref (words->vocabulary);
  g_free (words);
}

static Table *
find_table (BstStorageText *text, const BstRecordType *type)
{
  for (guint i = 0; i < text->tables->len; i++)
    if (g_array_index (text->tables, Table, i).type == type)
      return &g_array_index (text->tables, Table, i);
  return NULL;
}

BstSearchIndex *
bst_storage_text_index (BstStorageText *text, const BstRecordType *type)
{
  Table *table = find_table (text, type);

  return table ? table->index : NULL;
}

const char *
bst_storage_text_table (BstStorageText *text, const BstRecordType *type)
{
  Table *table = find_table (text, type);

  return table ? table->name : NULL;
}

/* ---- writing ---- */

/* The terms of one property; of a text per language, each by its own stems. */
static char *
terms_of (GVariant *value, const char *language)
{
  g_autoptr (GString) terms = g_string_new (NULL);
  GVariantIter iter;
  const char *key;
  GVariant *text;

  if (value && g_variant_is_of_type (value, G_VARIANT_TYPE_STRING))
    return bst_search_terms (g_variant_get_string (value, NULL), language);
  if (value && g_variant_is_of_type (value, G_VARIANT_TYPE_VARDICT))
    {
      g_variant_iter_init (&iter, value);
      while (g_variant_iter_loop (&iter, "{&sv}", &key, &text))
        if (g_variant_is_of_type (text, G_VARIANT_TYPE_STRING))
          {
            g_autofree char *some = bst_search_terms (g_variant_get_string (text, NULL), key);

            g_string_append_printf (terms, "%s%s", terms->len > 0 ? " " : "", some);
          }
    }
  return g_strdup (terms->str);
}

static gboolean
same_texts (Table *table, GVariant *old, GVariant *record)
{
  for (const BstField **field = table->fields; *field; field++)
    {
      g_autoptr (GVariant) before = bst_doc_lookup (old, (*field)->name);
      g_autoptr (GVariant) after = bst_doc_lookup (record, (*field)->name);

      if (before != after && (!before || !after || !g_variant_equal (before, after)))
        return FALSE;
    }
  return TRUE;
}

gboolean
bst_storage_text_put (BstStorageText *text,
                      const BstRecordType *type,
                      gint64 row,
                      GVariant *old,
                      GVariant *record,
                      GError **error)
{
  Table *table = find_table (text, type);
  g_autoptr (GStrvBuilder) builder = NULL;
  g_auto (GStrv) columns = NULL;

  if (!table || (old && same_texts (table, old, record)))
    return TRUE;
  builder = g_strv_builder_new ();
  for (const BstField **field = table->fields; *field; field++)
    {
      g_autoptr (GVariant) value = bst_doc_lookup (record, (*field)->name);
      g_autofree char *terms = terms_of (value, text->language);

      g_strv_builder_add (builder, terms);
    }
  columns = g_strv_builder_end (builder);
  return bst_search_index_put (table->index, row, (const char *const *) columns, error);
}

/* Borrowed from @known. */
static const char *
known_terms (BstStorageText *text, const char *words, GHashTable *known)
{
  char *terms = g_hash_table_lookup (known, words);

  if (!terms)
    {
      terms = bst_search_terms (words, text->language);
      g_hash_table_insert (known, g_strdup (words), terms);
    }
  return terms;
}

gboolean
bst_storage_text_add (BstStorageText *text,
                      const BstRecordType *type,
                      gint64 row,
                      const BstBulkText *texts,
                      GHashTable *terms,
                      GError **error)
{
  Table *table = find_table (text, type);
  g_autoptr (GPtrArray) columns = g_ptr_array_new ();

  if (!table)
    return TRUE;
  for (const BstField **field = table->fields; *field; field++)
    {
      const char *words = NULL;

      for (const BstBulkText *one = texts; one->property; one++)
        if (strcmp (one->property, (*field)->name) == 0)
          words = one->text;
      g_ptr_array_add (columns, (gpointer) (words ? known_terms (text, words, terms) : ""));
    }
  return bst_search_index_put (table->index, row, (const char *const *) columns->pdata, error);
}

gboolean
bst_storage_text_remove (BstStorageText *text,
                         const BstRecordType *type,
                         gint64 row,
                         GError **error)
{
  Table *table = find_table (text, type);

  return !table || bst_search_index_remove (table->index, row, error);
}

/* ---- opening ---- */

/* What the tables are made from; another one, and they are made anew. */
static char *
signature (BstStorageText *text)
{
  GString *all = g_string_new (NULL);

  g_string_append_printf (all, "%d %s", TERMS_VERSION, text->language);
  for (guint i = 0; i < text->tables->len; i++)
    {
      const Table *table = &g_array_index (text->tables, Table, i);

      g_string_append_printf (all, " %s", table->type->name);
      for (const BstField **field = table->fields; *field; field++)
        g_string_append_printf (all, " %s=%u", (*field)->name, (*field)->weight);
    }
  return g_string_free (all, FALSE);
}

static gboolean
is_current (BstStorageText *text, const char *wanted, gboolean *ret_current, GError **error)
{
  g_autoptr (BstStmt) stmt =
      bst_db_prepare (text->db, "SELECT 1 FROM setting WHERE key = 'text' AND value = ?1", error);

  if (!stmt)
    return FALSE;
  bst_stmt_bind_text (stmt, 1, wanted);
  return bst_stmt_step (stmt, ret_current, error);
}

static gboolean
open_tables (BstStorageText *text, GError **error)
{
  for (guint i = 0; i < text->tables->len; i++)
    {
      Table *table = &g_array_index (text->tables, Table, i);

      table->index = bst_search_index_new (text->db, table->name,
                                           (const guint *) table->weights->data, 0, error);
      if (!table->index)
        return FALSE;
    }
  return TRUE;
}

static gboolean
drop_tables (BstStorageText *text, GError **error)
{
  for (guint i = 0; i < text->tables->len; i++)
    {
      g_autofree char *sql = g_strconcat ("DROP TABLE IF EXISTS \"",
                                          g_array_index (text->tables, Table, i).name, "\"", NULL);

      if (!bst_db_exec (text->db, sql, error))
        return FALSE;
    }
  return TRUE;
}

static gboolean
fill (BstStorageText *text, const BstRecordType *type, GError **error)
{
  g_autoptr (BstStmt) stmt = bst_db_prepare (
      text->db, "SELECT row, doc FROM record WHERE type = ?1 AND doc IS NOT NULL", error);
  gboolean row;

  if (!stmt)
    return FALSE;
  bst_stmt_bind_text (stmt, 1, type->name);
  for (;;)
    {
      g_autoptr (GVariant) record = NULL;

      if (!bst_stmt_step (stmt, &row, error))
        return FALSE;
      if (!row)
        return TRUE;
      record = bst_json_parse_object (bst_stmt_text (stmt, 1), (gssize) bst_stmt_text_len (stmt, 1),
                                      error);
      if (!record ||
          !bst_storage_text_put (text, type, bst_stmt_int (stmt, 0), NULL, record, error))
        return FALSE;
    }
}

static gboolean
fill_all (BstStorageText *text, const char *wanted, GError **error)
{
  g_autoptr (BstStmt) stmt =
      bst_db_prepare (text->db,
                      "INSERT INTO setting (key, value) VALUES ('text', ?1) "
                      "ON CONFLICT (key) DO UPDATE SET value = excluded.value",
                      error);

  for (guint i = 0; stmt && i < text->tables->len; i++)
    if (!fill (text, g_array_index (text->tables, Table, i).type, error))
      return FALSE;
  if (!stmt)
    return FALSE;
  bst_stmt_bind_text (stmt, 1, wanted);
  return bst_stmt_run (stmt, error);
}

/* In a transaction: another process may have been quicker. */
static gboolean
make_tables (BstStorageText *text, const char *wanted, GError **error)
{
  gboolean current;

  if (!is_current (text, wanted, &current, error))
    return FALSE;
  return current ? open_tables (text, error)
                 : drop_tables (text, error) && open_tables (text, error) &&
                       fill_all (text, wanted, error);
}

BstStorageText *
bst_storage_text_open (BstDb *db, const char *language, GError **error)
{
  g_autoptr (BstStorageText) text = g_new0 (BstStorageText, 1);
  g_autofree char *wanted = NULL;
  gboolean current;

  text->db = db;
  text->language = g_strdup (language);
  text->words = g_hash_table_new_full (g_str_hash, g_str_equal, NULL, words_free);
  text->tables = g_array_new (FALSE, FALSE, sizeof (Table));
  g_array_set_clear_func (text->tables, table_clear);
  for (const BstRecordType *const *type = bst_record_types (); *type; type++)
    add_table (text, *type);

  wanted = signature (text);
  if (!is_current (text, wanted, &current, error))
    return NULL;
  if (current)
    return open_tables (text, error) ? g_steal_pointer (&text) : NULL;
  if (!bst_db_begin (db, error))
    return NULL;
  if (!make_tables (text, wanted, error))
    {
      bst_db_rollback (db);
      return NULL;
    }
  return bst_db_commit (db, error) ? g_steal_pointer (&text) : NULL;
}

void
bst_storage_text_close (BstStorageText *text)
{
  g_array_unref (text->tables);
  g_hash_table_unref (text->words);
  g_free (text->language);
  g_free (text);
}

/* ---- words ---- */

/* The types of the catalogue are searched together: one article's words are known to all. */
static gboolean
is_catalogue (const BstRecordType *type)
{
  static const char *const names[] = { "Service", "Bundle", "Article", NULL };

  return g_strv_contains (names, type->name);
}

/* What changes with the words of @type: the change number of the catalogue, or of all departments. */
static gboolean
read_seq (BstStorageText *text, const BstRecordType *type, gint64 *ret_seq, GError **error)
{
  g_autoptr (BstStmt) stmt = bst_db_prepare (
      text->db, "SELECT coalesce (sum (seq), 0) FROM account WHERE (id = ?1) = ?2", error);
  gboolean row;

  if (!stmt)
    return FALSE;
  bst_stmt_bind_text (stmt, 1, BST_JMAP_CATALOGUE_ACCOUNT);
  bst_stmt_bind_int (stmt, 2, type->account == BST_ACCOUNT_SHARED);
  if (!bst_stmt_step (stmt, &row, error))
    return FALSE;
  *ret_seq = bst_stmt_int (stmt, 0);
  return TRUE;
}

/* Borrowed. */
static BstVocabulary *
get_vocabulary (BstStorageText *text, const BstRecordType *type, GError **error)
{
  const char *key = is_catalogue (type) ? BST_JMAP_CATALOGUE_ACCOUNT : type->name;
  Words *known = g_hash_table_lookup (text->words, key);
  g_autoptr (GPtrArray) indices = g_ptr_array_new ();
  g_autoptr (BstVocabulary) vocabulary = NULL;
  gint64 seq;

  if (!read_seq (text, type, &seq, error))
    return NULL;
  if (known && known->seq == seq)
    return known->vocabulary;
  for (guint i = 0; i < text->tables->len; i++)
    {
      const Table *table = &g_array_index (text->tables, Table, i);

      if (table->type == type || (is_catalogue (type) && is_catalogue (table->type)))
        g_ptr_array_add (indices, table->index);
    }
  vocabulary = bst_search_words_vocabulary (indices, error);
  if (!vocabulary)
    return NULL;
  known = g_new (Words, 1);
  *known = (Words){ g_steal_pointer (&vocabulary), seq };
  g_hash_table_replace (text->words, (gpointer) key, known);
  return known->vocabulary;
}

GPtrArray *
bst_storage_text_words (BstStorageText *text,
                        const BstRecordType *type,
                        const char *words,
                        const char *language,
                        GError **error)
{
  BstVocabulary *vocabulary = get_vocabulary (text, type, error);

  return vocabulary
             ? bst_search_words_expand (vocabulary, words, language ? language : text->language)
             : NULL;
}
