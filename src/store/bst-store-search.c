/* SPDX-License-Identifier: GPL-3.0-or-later */

/*
 * Searching: words are expanded by the vocabulary of what is indexed, the text index gives candidates,
 * a few hundred are ranked. Reader's thread.
 */

#include "bst-store-private.h"

#include "bst-date.h"
#include "bst-error.h"
#include "bst-json.h"
#include "bst-search-text.h"
#include "bst-search-words.h"

#include <string.h>

#define KEPT_ENTRIES 2000 /* about 4 MB; twice: those of now, and those of before */

static const char *const catalogue_types[] = { "Service", "Bundle", "Article", NULL };

/* ---- vocabulary ---- */

/* Whether @types changed since it was asked last. */
static gboolean
take_changed (BstStore *store, const char *const *types)
{
  gboolean changed = FALSE;

  g_mutex_lock (&store->mutex);
  for (guint i = 0; types[i]; i++)
    changed |= g_hash_table_remove (store->catalogue_changed, types[i]);
  g_mutex_unlock (&store->mutex);
  return changed;
}

/* Borrowed. @types share a vocabulary, known by the first of them. */
static BstVocabulary *
get_vocabulary (BstStore *store, const char *const *types, GError **error)
{
  g_autoptr (BstVocabulary) vocabulary = NULL;
  g_autoptr (GPtrArray) texts = NULL;
  BstVocabulary *known;

  if (!store->vocabularies)
    store->vocabularies = g_hash_table_new_full (g_str_hash, g_str_equal, g_free,
                                                 (GDestroyNotify) bst_vocabulary_unref);
  if (take_changed (store, types))
    {
      g_hash_table_remove (store->vocabularies, types[0]);
      if (types == catalogue_types)
        {
          g_clear_pointer (&store->catalogue_read, g_hash_table_unref);
          g_clear_pointer (&store->catalogue_read_before, g_hash_table_unref);
        }
    }
  known = g_hash_table_lookup (store->vocabularies, types[0]);
  if (known)
    return known;

  texts = g_ptr_array_new ();
  for (guint i = 0; types[i]; i++)
    g_ptr_array_add (texts, bst_replica_table (store->read_replica, types[i])->text);
  vocabulary = bst_search_words_vocabulary (texts, error);
  if (!vocabulary)
    return NULL;
  known = vocabulary;
  g_hash_table_insert (store->vocabularies, g_strdup (types[0]), g_steal_pointer (&vocabulary));
  return known;
}

/* ---- words ---- */

GPtrArray *
bst_store_words (BstStore *store,
                 const char *type,
                 const char *text,
                 const char *language,
                 GError **error)
{
  const char *const types[] = { type, NULL };
  BstReplicaTable *table = bst_replica_table (store->read_replica, type);
  BstVocabulary *vocabulary;

  if (!table || !table->text)
    {
      g_set_error (error, BST_ERROR, BST_ERROR_INVALID, "%s cannot be searched",
                   type ? type : "(none)");
      return NULL;
    }
  if (g_strv_contains (catalogue_types, type))
    vocabulary = get_vocabulary (store, catalogue_types, error);
  else
    vocabulary = get_vocabulary (store, types, error);
  return vocabulary ? bst_search_words_expand (vocabulary, text, language) : NULL;
}

/* ---- the catalogue ---- */

typedef struct
{
  char *text;
  char *language;
  guint limit;
} SearchArgs;

static void
search_args_free (gpointer data)
{
  SearchArgs *args = data;

  g_free (args->text);
  g_free (args->language);
  g_free (args);
}

typedef struct
{
  guint type; /* in catalogue_types */
  BstSearchHit hit;
} Found;

static int
compare_found (gconstpointer a, gconstpointer b)
{
  const Found *x = a;
  const Found *y = b;

  if (x->hit.score != y->hit.score)
    return x->hit.score > y->hit.score ? -1 : 1;
  if (x->type != y->type)
    return x->type < y->type ? -1 : 1;
  return x->hit.row < y->hit.row ? -1 : x->hit.row > y->hit.row;
}

static GArray *
collect (BstStore *store, GPtrArray *words, guint limit, GError **error)
{
  g_autoptr (GArray) found = g_array_new (FALSE, FALSE, sizeof (Found));

  for (guint i = 0; catalogue_types[i]; i++)
    {
      BstReplicaTable *table = bst_replica_table (store->read_replica, catalogue_types[i]);
      g_autoptr (GArray) hits = bst_search_index_query (table->text, words, limit, error);

      if (!hits)
        return NULL;
      for (guint j = 0; j < hits->len; j++)
        {
          Found one = { i, g_array_index (hits, BstSearchHit, j) };

          one.hit.score *= bst_search_gain (catalogue_types[i]);
          g_array_append_val (found, one);
        }
    }
  g_array_sort (found, compare_found);
  return g_steal_pointer (&found);
}

/* What a list of results shows; the page of an entry reads it whole. */
#define READ(type)                                                                                 \
  "SELECT json_remove(doc, '$.description', '$.needs', '$.terms', '$.form', '$.keywords', "        \
  "'$.articles', '$.responsible') FROM " type " WHERE rowid = ?1"

static const char *const read_sql[] = { READ ("Service"), READ ("Bundle"), READ ("Article") };

/* An entry that was read, and what is asked of it at each keystroke. */
typedef struct
{
  GVariant *shown;  /* {"type", "record"} */
  GVariant *record; /* holds what follows */
  const char *from;
  const char *to;
} Entry;

static Entry *
entry_new (const char *type, GVariant *record)
{
  Entry *entry = g_new (Entry, 1);
  g_autoptr (GVariantDict) dict = g_variant_dict_new (NULL);

  g_variant_dict_insert (dict, "type", "s", type);
  g_variant_dict_insert_value (dict, "record", record);
  *entry = (Entry){
    .shown = bst_doc_take (g_variant_dict_end (dict)),
    .record = g_variant_ref (record),
    .from = bst_doc_get_string (record, "validFrom"),
    .to = bst_doc_get_string (record, "validTo"),
  };
  return entry;
}

static void
entry_free (Entry *entry)
{
  g_variant_unref (entry->shown);
  g_variant_unref (entry->record);
  g_free (entry);
}

/* What is withdrawn, or not yet in force, cannot be ordered. */
static gboolean
entry_is_valid (const Entry *entry, const char *today)
{
  return (!entry->from || strcmp (entry->from, today) <= 0) &&
         (!entry->to || strcmp (entry->to, today) >= 0);
}

/* %NULL without an error when it is no longer there. (transfer full) */
static Entry *
read_found (BstStore *store, const Found *found, GError **error)
{
  g_autoptr (BstStmt) stmt = bst_db_prepare (store->read_replica->db, read_sql[found->type], error);
  g_autoptr (GVariant) record = NULL;
  gboolean row;

  if (!stmt)
    return NULL;
  bst_stmt_bind_int (stmt, 1, found->hit.row);
  if (!bst_stmt_step (stmt, &row, error) || !row)
    return NULL;
  record =
      bst_json_parse_object (bst_stmt_text (stmt, 0), (gssize) bst_stmt_text_len (stmt, 0), error);
  return record ? entry_new (catalogue_types[found->type], record) : NULL;
}

/* What was used lately; what was not for long is let go of, some at a time. */
static void
keep_entry (BstStore *store, gint64 key, Entry *entry)
{
  if (store->catalogue_read && g_hash_table_size (store->catalogue_read) >= KEPT_ENTRIES)
    {
      g_clear_pointer (&store->catalogue_read_before, g_hash_table_unref);
      store->catalogue_read_before = g_steal_pointer (&store->catalogue_read);
    }
  if (!store->catalogue_read)
    store->catalogue_read =
        g_hash_table_new_full (g_int64_hash, g_int64_equal, g_free, (GDestroyNotify) entry_free);
  g_hash_table_insert (store->catalogue_read, g_memdup2 (&key, sizeof key), entry);
}

/*
 * The same entries are shown at each keystroke of a word: what was read is kept until the catalogue changes.
 * Borrowed until the next one is got; %NULL as read_found().
 */
static const Entry *
get_found (BstStore *store, const Found *found, GError **error)
{
  gint64 key = found->hit.row * (gint64) G_N_ELEMENTS (read_sql) + found->type;
  Entry *entry = store->catalogue_read ? g_hash_table_lookup (store->catalogue_read, &key) : NULL;
  g_autofree gpointer old_key = NULL;

  if (entry)
    return entry;
  if (!store->catalogue_read_before ||
      !g_hash_table_steal_extended (store->catalogue_read_before, &key, &old_key,
                                    (gpointer *) &entry))
    entry = read_found (store, found, error);
  if (entry)
    keep_entry (store, key, entry);
  return entry;
}

static gboolean
append_found (BstStore *store,
              const Found *found,
              const char *today,
              GPtrArray *results,
              GError **error)
{
  g_autoptr (GError) cause = NULL;
  const Entry *entry = get_found (store, found, &cause);

  if (cause)
    {
      g_propagate_error (error, g_steal_pointer (&cause));
      return FALSE;
    }
  if (entry && entry_is_valid (entry, today))
    g_ptr_array_add (results, g_variant_ref (entry->shown));
  return TRUE;
}

static GPtrArray *
find (BstStore *store, const SearchArgs *args, BstVocabulary *vocabulary, GError **error)
{
  g_autoptr (GTimeZone) zone = g_time_zone_new_local ();
  g_autofree char *today = bst_date_of_instant (bst_clock_now (&store->clock), zone);
  g_autoptr (GPtrArray) results = g_ptr_array_new_with_free_func ((GDestroyNotify) g_variant_unref);
  g_autoptr (GPtrArray) words = bst_search_words_expand (vocabulary, args->text, args->language);
  g_autoptr (GArray) found = collect (store, words, args->limit, error);

  if (!found)
    return NULL;
  for (guint i = 0; i < found->len && results->len < args->limit; i++)
    if (!append_found (store, &g_array_index (found, Found, i), today, results, error))
      return NULL;
  return g_steal_pointer (&results);
}

/* In one reading transaction: what is found and what is read belong together, and the file is locked once. */
static gpointer
search (BstStore *store, gpointer data, GError **error)
{
  BstDb *db = store->read_replica->db;
  BstVocabulary *vocabulary = get_vocabulary (store, catalogue_types, error);
  GPtrArray *results;

  if (!vocabulary || !bst_db_exec (db, "BEGIN", error))
    return NULL;
  results = find (store, data, vocabulary, error);
  bst_db_exec (db, "ROLLBACK", NULL);
  return results;
}

GPtrArray *
bst_store_search (BstStore *store,
                  const char *text,
                  const char *language,
                  guint limit,
                  GError **error)
{
  SearchArgs args = { (char *) text, (char *) language, limit };

  return bst_store_call (store, store->reader, search, &args, error);
}

void
bst_store_search_async (BstStore *store,
                        const char *text,
                        const char *language,
                        guint limit,
                        GCancellable *cancellable,
                        GAsyncReadyCallback callback,
                        gpointer user_data)
{
  SearchArgs *args = g_new (SearchArgs, 1);

  *args = (SearchArgs){ g_strdup (text), g_strdup (language), limit };
  bst_store_call_async (store, store->reader, search, args, search_args_free,
                        (GDestroyNotify) g_ptr_array_unref, cancellable, callback, user_data,
                        bst_store_search_async);
}

GPtrArray *
bst_store_search_finish (BstStore *store, GAsyncResult *result, GError **error)
{
  return bst_store_call_finish (store, result, bst_store_search_async, error);
}
