/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "bst-records.h"

/* A page refers to a few dozen; this is a bound, not a size to reach. */
#define MAX_ENTRIES 4000
#define MAX_AREAS   200

typedef struct
{
  char *type;
  char *id;
  GVariant *doc;         /* NULL: unknown, or not read yet */
  BstCalendar *calendar; /* compiled at first use */
  gboolean fresh;
  gboolean reading;
} Entry;

struct _BstRecords
{
  GObject parent_instance;

  BstStore *store; /* weak: the cache hangs on the store */
  GHashTable *entries;
  GPtrArray *areas;
  gboolean areas_asked;
  guint n_reading;
  gboolean news;
  GCancellable *cancellable;
};

G_DEFINE_FINAL_TYPE (BstRecords, bst_records, G_TYPE_OBJECT)

enum
{
  LOADED,
  N_SIGNALS,
};

static guint signals[N_SIGNALS];

/* One answer to come: the cache, and which entry it is for. */
typedef struct
{
  BstRecords *records;
  char *key;
} Reading;

static void read_entry (BstRecords *self, const char *key, Entry *entry);
static void read_areas (BstRecords *self);

static void
entry_free (gpointer data)
{
  Entry *entry = data;

  g_free (entry->type);
  g_free (entry->id);
  g_clear_pointer (&entry->doc, g_variant_unref);
  g_clear_pointer (&entry->calendar, bst_calendar_unref);
  g_free (entry);
}

static void
reading_done (BstRecords *self)
{
  self->n_reading--;
  if (self->n_reading > 0 || !self->news)
    return;
  self->news = FALSE;
  g_signal_emit (self, signals[LOADED], 0);
}

static void
got_entry_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  Reading *reading = user_data;
  g_autoptr (BstRecords) self = reading->records;
  g_autofree char *key = reading->key;
  g_autoptr (GVariant) doc = bst_store_get_finish (BST_STORE (source), result, NULL);
  Entry *entry = g_hash_table_lookup (self->entries, key);

  g_free (reading);
  if (entry)
    {
      gboolean same = doc && entry->doc && g_variant_equal (doc, entry->doc);

      entry->reading = FALSE;
      if (!same && (doc || entry->doc))
        {
          g_clear_pointer (&entry->doc, g_variant_unref);
          g_clear_pointer (&entry->calendar, bst_calendar_unref);
          entry->doc = g_steal_pointer (&doc);
        }
      self->news = self->news || !same;
    }
  reading_done (self);
}

static void
read_entry (BstRecords *self, const char *key, Entry *entry)
{
  Reading *reading = g_new (Reading, 1);

  reading->records = g_object_ref (self);
  reading->key = g_strdup (key);
  entry->fresh = TRUE;
  entry->reading = TRUE;
  self->n_reading++;
  bst_store_get_async (self->store, entry->type, entry->id, self->cancellable, got_entry_cb,
                       reading);
}

static void
got_areas_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (BstRecords) self = user_data;
  g_autoptr (GError) error = NULL;
  g_autoptr (GPtrArray) areas = bst_store_find_finish (BST_STORE (source), result, &error);

  if (!areas && !g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    g_warning ("areas: %s", error->message);

  if (areas)
    {
      g_clear_pointer (&self->areas, g_ptr_array_unref);
      self->areas = g_steal_pointer (&areas);
      self->news = TRUE;
    }
  reading_done (self);
}

static void
read_areas (BstRecords *self)
{
  BstQuery query = { .type = "ServiceArea", .sort = "order", .ascending = TRUE };

  self->areas_asked = TRUE;
  self->n_reading++;
  bst_store_find_async (self->store, &query, 0, MAX_AREAS, self->cancellable, got_areas_cb,
                        g_object_ref (self));
}

/* Only what is on show is asked for again, when the page asks; until then the old text stands. */
static void
changed_cb (BstStore *store, const char *type, BstRecords *self)
{
  GHashTableIter iter;
  gpointer value;
  gboolean any = FALSE;

  g_hash_table_iter_init (&iter, self->entries);
  while (g_hash_table_iter_next (&iter, NULL, &value))
    {
      Entry *entry = value;

      if (g_strcmp0 (entry->type, type) != 0)
        continue;
      entry->fresh = FALSE;
      any = TRUE;
    }
  if (self->areas_asked && g_strcmp0 (type, "ServiceArea") == 0)
    read_areas (self);
  if (any && self->n_reading == 0)
    g_signal_emit (self, signals[LOADED], 0);
}

static void
bst_records_finalize (GObject *object)
{
  BstRecords *self = BST_RECORDS (object);

  g_clear_pointer (&self->entries, g_hash_table_unref);
  g_clear_pointer (&self->areas, g_ptr_array_unref);
  g_clear_object (&self->cancellable);
  G_OBJECT_CLASS (bst_records_parent_class)->finalize (object);
}

static void
bst_records_class_init (BstRecordsClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = bst_records_finalize;
  signals[LOADED] = g_signal_new ("loaded", G_TYPE_FROM_CLASS (klass), G_SIGNAL_RUN_LAST, 0, NULL,
                                  NULL, NULL, G_TYPE_NONE, 0);
}

static void
bst_records_init (BstRecords *self)
{
  self->entries = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, entry_free);
  self->areas = g_ptr_array_new_with_free_func ((GDestroyNotify) g_variant_unref);
  self->cancellable = g_cancellable_new ();
}

/* ---- public ---- */

BstRecords *
bst_records_for_store (BstStore *store)
{
  BstRecords *self = g_object_get_data (G_OBJECT (store), "bst-records");

  if (self)
    return self;
  self = g_object_new (BST_TYPE_RECORDS, NULL);
  self->store = store;
  g_signal_connect_object (store, "changed", G_CALLBACK (changed_cb), self, 0);
  g_object_set_data_full (G_OBJECT (store), "bst-records", self, g_object_unref);
  return self;
}

static Entry *
entry_for (BstRecords *self, const char *type, const char *id)
{
  g_autofree char *key = g_strconcat (type, "/", id, NULL);
  Entry *entry = g_hash_table_lookup (self->entries, key);

  if (!entry)
    {
      if (g_hash_table_size (self->entries) >= MAX_ENTRIES && self->n_reading == 0)
        g_hash_table_remove_all (self->entries);
      entry = g_new0 (Entry, 1);
      entry->type = g_strdup (type);
      entry->id = g_strdup (id);
      g_hash_table_insert (self->entries, g_strdup (key), entry);
    }
  if (!entry->fresh && !entry->reading)
    read_entry (self, key, entry);
  return entry;
}

GVariant *
bst_records_get (BstRecords *self, const char *type, const char *id)
{
  return id && *id ? entry_for (self, type, id)->doc : NULL;
}

BstCalendar *
bst_records_calendar (BstRecords *self, const char *id)
{
  Entry *entry;

  if (!id || !*id)
    return NULL;
  entry = entry_for (self, "Calendar", id);
  if (!entry->calendar && entry->doc)
    entry->calendar = bst_calendar_new (entry->doc, NULL);
  return entry->calendar;
}

BstCalendar *
bst_records_find_calendar (const char *id, gpointer closure)
{
  return bst_records_calendar (closure, id);
}

gboolean
bst_records_is_loading (BstRecords *self)
{
  return self->n_reading > 0;
}

GVariant *
bst_records_lookup (const char *type, const char *id, gpointer closure)
{
  GVariant *doc = bst_records_get (closure, type, id);

  return doc ? g_variant_ref (doc) : NULL;
}

GPtrArray *
bst_records_areas (BstRecords *self)
{
  if (!self->areas_asked)
    read_areas (self);
  return self->areas;
}
