/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Finding what is stored, for those who run the server. */

#include "bst-storage-private.h"

#include "bst-error.h"
#include "bst-json.h"
#include "bst-search-text.h"

#include <string.h>

/* ---- searching ---- */

typedef struct
{
  const BstRecordType *type;
  guint place; /* of the type among those asked for */
  BstSearchHit hit;
} Found;

static int
compare_found (gconstpointer a, gconstpointer b)
{
  const Found *one = a;
  const Found *other = b;

  if (one->hit.score != other->hit.score)
    return one->hit.score > other->hit.score ? -1 : 1;
  if (one->place != other->place)
    return one->place < other->place ? -1 : 1;
  return one->hit.row < other->hit.row ? -1 : one->hit.row > other->hit.row;
}

static gboolean
collect (BstStorage *storage,
         const char *name,
         guint place,
         const char *text,
         const char *language,
         guint limit,
         GArray *found,
         GError **error)
{
  const BstRecordType *type = bst_record_type_find (name);
  BstSearchIndex *index = type ? bst_storage_text_index (storage->text, type) : NULL;
  g_autoptr (GPtrArray) words = NULL;
  g_autoptr (GArray) hits = NULL;

  if (!index)
    {
      g_set_error (error, BST_ERROR, BST_ERROR_INVALID, "%s cannot be searched", name);
      return FALSE;
    }
  words = bst_storage_text_words (storage->text, type, text, language, error);
  hits = words ? bst_search_index_query (index, words, limit, error) : NULL;
  for (guint i = 0; hits && i < hits->len; i++)
    {
      Found one = { type, place, g_array_index (hits, BstSearchHit, i) };

      one.hit.score *= bst_search_gain (name);
      g_array_append_val (found, one);
    }
  return hits != NULL;
}

/* {"type", "record"} */
static GVariant *
read_found (BstStorage *storage, const Found *found, GError **error)
{
  g_autoptr (BstStmt) stmt =
      bst_db_prepare (storage->db, "SELECT doc FROM record WHERE row = ?1", error);
  g_autoptr (GVariant) record = NULL;
  GVariantDict entry;
  gboolean row;

  if (!stmt)
    return NULL;
  bst_stmt_bind_int (stmt, 1, found->hit.row);
  if (!bst_stmt_step (stmt, &row, error))
    return NULL;
  record =
      bst_json_parse_object (bst_stmt_text (stmt, 0), (gssize) bst_stmt_text_len (stmt, 0), error);
  if (!record)
    return NULL;
  g_variant_dict_init (&entry, NULL);
  g_variant_dict_insert (&entry, "type", "s", found->type->name);
  g_variant_dict_insert_value (&entry, "record", record);
  return bst_doc_take (g_variant_dict_end (&entry));
}

GPtrArray *
bst_storage_search (BstStorage *storage,
                    const char *text,
                    const char *language,
                    const char *const *types,
                    guint limit,
                    GError **error)
{
  static const char *const catalogue[] = { "Service", "Bundle", "Article", NULL };
  const char *const *asked = types ? types : catalogue;
  g_autoptr (GArray) all = g_array_new (FALSE, FALSE, sizeof (Found));
  g_autoptr (GPtrArray) found = g_ptr_array_new_with_free_func ((GDestroyNotify) g_variant_unref);

  for (guint i = 0; asked[i]; i++)
    if (!collect (storage, asked[i], i, text, language, limit, all, error))
      return NULL;
  g_array_sort (all, compare_found);
  for (guint i = 0; i < all->len && i < limit; i++)
    {
      GVariant *entry = read_found (storage, &g_array_index (all, Found, i), error);

      if (!entry)
        return NULL;
      g_ptr_array_add (found, entry);
    }
  return g_steal_pointer (&found);
}
