/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "bst-catalogue-index.h"

#include "bst-search-text.h"
#include "bst-search-words.h"

#include <string.h>

typedef struct
{
  const BstRecordType *type;
  const BstField **fields; /* searchable, the weightiest first: the title */
  BstSearchIndex *text;
} Table;

struct _BstCatalogueIndex
{
  BstDb *db; /* in memory */
  char *language;
  GArray *tables;     /* Table */
  GPtrArray *records; /* GVariant: {"type", "record"}; a record's row is its place here */
  BstVocabulary *vocabulary;
};

static int
compare_fields (gconstpointer a, gconstpointer b)
{
  const BstField *one = *(const BstField *const *) a;
  const BstField *other = *(const BstField *const *) b;

  if (one->weight != other->weight)
    return one->weight > other->weight ? -1 : 1;
  return one < other ? -1 : one > other;
}

static gboolean
add_table (BstCatalogueIndex *index, const char *name, GError **error)
{
  Table table = { .type = bst_record_type_find (name) };
  g_autoptr (GPtrArray) fields = g_ptr_array_new ();
  g_autoptr (GArray) weights = g_array_new (TRUE, FALSE, sizeof (guint));

  for (const BstField *field = table.type->fields; field->name; field++)
    if (field->flags & BST_FIELD_SEARCHABLE)
      g_ptr_array_add (fields, (gpointer) field);
  g_ptr_array_sort (fields, compare_fields);
  for (guint i = 0; i < fields->len; i++)
    {
      guint weight = MAX (((const BstField *) fields->pdata[i])->weight, 1);

      g_array_append_val (weights, weight);
    }
  g_ptr_array_add (fields, NULL);
  table.text = bst_search_index_new (index->db, name, (const guint *) weights->data, FALSE, error);
  if (!table.text)
    return FALSE;
  table.fields = (const BstField **) g_ptr_array_free (g_steal_pointer (&fields), FALSE);
  g_array_append_val (index->tables, table);
  return TRUE;
}

static void
table_clear (Table *table)
{
  g_free (table->fields);
  bst_search_index_free (table->text);
}

BstCatalogueIndex *
bst_catalogue_index_new (const char *const *types, const char *language, GError **error)
{
  g_autoptr (BstCatalogueIndex) index = g_new0 (BstCatalogueIndex, 1);

  index->language = g_strdup (language);
  index->tables = g_array_new (FALSE, FALSE, sizeof (Table));
  index->records = g_ptr_array_new_with_free_func ((GDestroyNotify) g_variant_unref);
  g_array_set_clear_func (index->tables, (GDestroyNotify) table_clear);
  index->db = bst_db_open (":memory:", BST_DB_CREATE, error);
  if (!index->db)
    return NULL;
  for (; *types; types++)
    if (!add_table (index, *types, error))
      return NULL;
  return g_steal_pointer (&index);
}

void
bst_catalogue_index_free (BstCatalogueIndex *index)
{
  g_array_unref (index->tables);
  g_ptr_array_unref (index->records);
  g_clear_pointer (&index->vocabulary, bst_vocabulary_unref);
  g_clear_pointer (&index->db, bst_db_close);
  g_free (index->language);
  g_free (index);
}

/* The terms of one property; of a text per language, each by its own stems. */
static char *
terms_of (GVariant *record, const BstField *field, const char *language)
{
  g_autoptr (GVariant) value = bst_doc_lookup (record, field->name);
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

static Table *
find_table (BstCatalogueIndex *index, const BstRecordType *type)
{
  for (guint i = 0; i < index->tables->len; i++)
    if (g_array_index (index->tables, Table, i).type == type)
      return &g_array_index (index->tables, Table, i);
  return NULL;
}

gboolean
bst_catalogue_index_add (BstCatalogueIndex *index,
                         const BstRecordType *type,
                         GVariant *record,
                         GError **error)
{
  Table *table = find_table (index, type);
  g_auto (GStrv) columns = NULL;
  g_autoptr (GStrvBuilder) builder = g_strv_builder_new ();
  GVariantDict entry;

  g_return_val_if_fail (table && !index->vocabulary, FALSE);
  for (const BstField **field = table->fields; *field; field++)
    {
      g_autofree char *terms = terms_of (record, *field, index->language);

      g_strv_builder_add (builder, terms);
    }
  columns = g_strv_builder_end (builder);
  g_variant_dict_init (&entry, NULL);
  g_variant_dict_insert (&entry, "type", "s", type->name);
  g_variant_dict_insert_value (&entry, "record", record);
  g_ptr_array_add (index->records, bst_doc_take (g_variant_dict_end (&entry)));
  return bst_search_index_put (table->text, index->records->len, (const char *const *) columns,
                               error);
}

static gboolean
ensure_vocabulary (BstCatalogueIndex *index, GError **error)
{
  g_autoptr (GPtrArray) texts = g_ptr_array_new ();

  if (index->vocabulary)
    return TRUE;
  for (guint i = 0; i < index->tables->len; i++)
    g_ptr_array_add (texts, g_array_index (index->tables, Table, i).text);
  index->vocabulary = bst_search_words_vocabulary (texts, error);
  return index->vocabulary != NULL;
}

static int
compare_hits (gconstpointer a, gconstpointer b)
{
  const BstSearchHit *one = a;
  const BstSearchHit *other = b;

  if (one->score != other->score)
    return one->score > other->score ? -1 : 1;
  return one->row < other->row ? -1 : one->row > other->row;
}

GPtrArray *
bst_catalogue_index_search (BstCatalogueIndex *index,
                            const char *text,
                            const char *language,
                            guint limit,
                            GError **error)
{
  g_autoptr (GPtrArray) found = g_ptr_array_new_with_free_func ((GDestroyNotify) g_variant_unref);
  g_autoptr (GArray) all = g_array_new (FALSE, FALSE, sizeof (BstSearchHit));
  g_autoptr (GPtrArray) words = NULL;

  if (!ensure_vocabulary (index, error))
    return NULL;
  words = bst_search_words_expand (index->vocabulary, text, language);
  for (guint i = 0; i < index->tables->len; i++)
    {
      g_autoptr (GArray) hits = bst_search_index_query (
          g_array_index (index->tables, Table, i).text, words, limit, error);

      if (!hits)
        return NULL;
      g_array_append_vals (all, hits->data, hits->len);
    }
  g_array_sort (all, compare_hits);
  for (guint i = 0; i < all->len && i < limit; i++)
    g_ptr_array_add (
        found, g_variant_ref (index->records->pdata[g_array_index (all, BstSearchHit, i).row - 1]));
  return g_steal_pointer (&found);
}
