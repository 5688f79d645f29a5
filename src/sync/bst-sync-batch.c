/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "bst-sync-batch-private.h"

#include "bst-json.h"

#include <string.h>

/* What an item adds to the body beside its content, at most: names, ids, brackets. */
#define OCTETS_AROUND 256

static void
set_call_free (BstSyncSet *call)
{
  g_ptr_array_unref (call->items);
  g_free (call);
}

static BstSyncSet *
find_set (BstSyncBatch *batch, const BstOutboxItem *item, const BstRecordType *type)
{
  const char *request = batch->limits.apart ? item->request : NULL;
  BstSyncSet *call;

  for (guint i = 0; i < batch->sets->len; i++)
    {
      call = batch->sets->pdata[i];
      if (call->type == type && strcmp (call->account, item->account) == 0 &&
          g_strcmp0 (call->request, request) == 0 && call->items->len < batch->limits.objects)
        return call;
    }
  if (batch->sets->len >= batch->limits.calls)
    return NULL;
  call = g_new0 (BstSyncSet, 1);
  call->account = item->account;
  call->request = request;
  call->type = type;
  call->items = g_ptr_array_new ();
  g_ptr_array_add (batch->sets, call);
  return call;
}

static gboolean
is_event (const BstRecordType *type)
{
  return (type->flags & BST_RECORD_APPEND_ONLY) != 0;
}

static gint
compare_sets (gconstpointer a, gconstpointer b)
{
  const BstSyncSet *one = *(const BstSyncSet *const *) a;
  const BstSyncSet *other = *(const BstSyncSet *const *) b;

  return (gint) is_event (one->type) - (gint) is_event (other->type);
}

/*
 * @stages: order's id -> how far the batch has come with it: 1 it is being set, 2 an event follows.
 * Whatever would have to overtake waits, and with it all that comes later for the same order.
 */
static gboolean
keeps_order (GHashTable *stages, const BstOutboxItem *item, const BstRecordType *type)
{
  guint stage = GPOINTER_TO_UINT (g_hash_table_lookup (stages, item->request));

  return is_event (type) ? stage <= 2 : stage == 0;
}

static BstSyncFate
place (BstSyncBatch *batch, GHashTable *stages, BstOutboxItem *item)
{
  const BstRecordType *type = bst_record_type_find (item->type);
  g_autofree char *content = bst_json_print (item->content);
  gsize octets = strlen (content) + OCTETS_AROUND;
  BstSyncSet *call = NULL;

  if (octets > batch->limits.octets && keeps_order (stages, item, type))
    return BST_SYNC_FATE_TOO_LARGE;
  if (keeps_order (stages, item, type) && batch->octets + octets <= batch->limits.octets)
    call = find_set (batch, item, type);
  if (!call)
    return BST_SYNC_FATE_WAITS;
  batch->octets += octets;
  g_ptr_array_add (call->items, item);
  return BST_SYNC_FATE_SENT;
}

static void
add_item (BstSyncBatch *batch, GHashTable *stages, BstOutboxItem *item)
{
  const BstRecordType *type = bst_record_type_find (item->type);
  BstSyncFate fate = type ? place (batch, stages, item) : BST_SYNC_FATE_WAITS;
  guint stage = fate != BST_SYNC_FATE_SENT ? 3 : is_event (type) ? 2 : 1;

  g_array_append_val (batch->fates, fate);
  g_hash_table_insert (stages, item->request, GUINT_TO_POINTER (stage));
  batch->n_left += type && fate == BST_SYNC_FATE_WAITS;
}

BstSyncFile *
bst_sync_file_new (const char *account, const char *sha256)
{
  BstSyncFile *file = g_new0 (BstSyncFile, 1);

  file->account = g_strdup (account);
  file->sha256 = g_strdup (sha256);
  return file;
}

void
bst_sync_file_free (BstSyncFile *file)
{
  g_free (file->account);
  g_free (file->sha256);
  g_free (file);
}

BstSyncBatch *
bst_sync_batch_new (GPtrArray *items, const BstSyncLimits *limits)
{
  BstSyncBatch *batch = g_new0 (BstSyncBatch, 1);
  g_autoptr (GHashTable) stages = g_hash_table_new (g_str_hash, g_str_equal);

  if (limits)
    batch->limits = *limits;
  batch->limits.octets = batch->limits.octets ? batch->limits.octets : G_MAXSIZE;
  batch->limits.calls = batch->limits.calls ? batch->limits.calls : G_MAXUINT;
  batch->limits.objects = batch->limits.objects ? batch->limits.objects : G_MAXUINT;
  batch->items = g_ptr_array_ref (items);
  batch->fates = g_array_new (FALSE, FALSE, sizeof (BstSyncFate));
  batch->files = g_ptr_array_new_with_free_func ((GDestroyNotify) bst_sync_file_free);
  batch->octets_of = g_ptr_array_new_with_free_func ((GDestroyNotify) g_bytes_unref);
  batch->sets = g_ptr_array_new_with_free_func ((GDestroyNotify) set_call_free);
  batch->changes = g_ptr_array_new_with_free_func ((GDestroyNotify) bst_jmap_call_free);
  batch->accounts = g_ptr_array_new_with_free_func (g_free);
  for (guint i = 0; i < items->len; i++)
    add_item (batch, stages, items->pdata[i]);
  g_ptr_array_sort (batch->sets, compare_sets);
  return batch;
}

guint
bst_sync_batch_get_n_calls (BstSyncBatch *batch)
{
  return batch->files->len + batch->sets->len + batch->changes->len;
}

void
bst_sync_batch_free (BstSyncBatch *batch)
{
  g_ptr_array_unref (batch->items);
  g_array_unref (batch->fates);
  g_ptr_array_unref (batch->files);
  g_ptr_array_unref (batch->octets_of);
  g_ptr_array_unref (batch->sets);
  g_ptr_array_unref (batch->changes);
  g_ptr_array_unref (batch->accounts);
  g_free (batch);
}

void
bst_sync_batch_add_changes (BstSyncBatch *batch,
                            const char *account,
                            const char *state,
                            gint64 max_changes)
{
  g_autofree char *id = g_strdup_printf ("c%u", batch->changes->len);
  GVariantDict args;

  g_variant_dict_init (&args, NULL);
  g_variant_dict_insert (&args, "accountId", "s", account);
  g_variant_dict_insert (&args, "sinceState", "s", state);
  g_variant_dict_insert (&args, "maxChanges", "x", max_changes);
  g_ptr_array_add (batch->changes,
                   bst_jmap_call_new ("Record/changes", g_variant_dict_end (&args), id));
  g_ptr_array_add (batch->accounts, g_strdup (account));
}

char *
bst_sync_batch_creation_id (const BstOutboxItem *item)
{
  return g_strdup_printf ("k%" G_GINT64_FORMAT, item->seq);
}

void
bst_sync_batch_add_file (BstSyncBatch *batch,
                         const char *account,
                         const char *sha256,
                         GBytes *octets)
{
  g_ptr_array_add (batch->files, bst_sync_file_new (account, sha256));
  g_ptr_array_add (batch->octets_of, g_bytes_ref (octets));
}

GVariant *
bst_sync_entry (GVariant *args, const char *map, const char *key)
{
  g_autoptr (GVariant) entries = bst_doc_lookup (args, map);

  if (!entries || !g_variant_is_of_type (entries, G_VARIANT_TYPE_VARDICT))
    return NULL;
  return g_variant_lookup_value (entries, key, NULL);
}

gboolean
bst_sync_names (GVariant *args, const char *list, const char *id)
{
  g_auto (GStrv) ids = bst_doc_get_strv (args, list);

  return g_strv_contains ((const char *const *) ids, id);
}

/* ---- from a request that was made earlier ---- */

static gboolean
asks_for_removal (GVariant *args, const BstOutboxItem *item)
{
  g_autoptr (GVariant) rev = bst_sync_entry (args, "destroyRevs", item->uid);
  g_autoptr (GVariant) ours = bst_doc_lookup (item->content, "rev");

  return bst_sync_names (args, "destroy", item->uid) && rev && ours && bst_doc_equal (rev, ours) &&
         g_strcmp0 (bst_doc_get_string (args, "accountId"), item->account) == 0;
}

/* Whether @args asked for just this item. */
static gboolean
asks_for (GVariant *args, const BstOutboxItem *item)
{
  g_autofree char *key = item->create ? bst_sync_batch_creation_id (item) : g_strdup (item->uid);
  g_autoptr (GVariant) content = bst_sync_entry (args, item->create ? "create" : "update", key);

  if (item->destroy)
    return asks_for_removal (args, item);
  return content && bst_doc_equal (content, item->content) &&
         g_strcmp0 (bst_doc_get_string (args, "accountId"), item->account) == 0;
}

static void
add_earlier_call (BstSyncBatch *batch, GPtrArray *items, const BstJmapCall *earlier)
{
  BstSyncSet *call = g_new0 (BstSyncSet, 1);
  g_autofree char *type = g_strndup (earlier->name, strcspn (earlier->name, "/"));

  call->account = bst_doc_get_string (earlier->args, "accountId");
  call->type = bst_record_type_find (type);
  call->items = g_ptr_array_new ();
  call->part = TRUE;
  for (guint i = 0; i < items->len; i++)
    {
      BstOutboxItem *item = items->pdata[i];
      BstSyncFate fate = BST_SYNC_FATE_SENT;

      if (strcmp (item->type, type) != 0 || !asks_for (earlier->args, item))
        continue;
      g_ptr_array_add (batch->items, item);
      g_array_append_val (batch->fates, fate);
      g_ptr_array_add (call->items, item);
    }
  g_ptr_array_add (batch->sets, call);
}

/* Its octets are not in it any more; it is created under its digest. */
static void
add_earlier_file (BstSyncBatch *batch, const BstJmapCall *earlier)
{
  g_autoptr (GVariant) create = bst_doc_get_map (earlier->args, "create");
  const char *sha256 = "";

  if (g_variant_n_children (create) == 1)
    g_variant_get_child (create, 0, "{&sv}", &sha256, NULL);
  g_ptr_array_add (batch->files,
                   bst_sync_file_new (bst_doc_get_string (earlier->args, "accountId"), sha256));
}

BstSyncBatch *
bst_sync_batch_new_from_request (GPtrArray *items, BstJmapRequest *request)
{
  g_autoptr (GPtrArray) none = g_ptr_array_new ();
  BstSyncBatch *batch = bst_sync_batch_new (none, NULL);

  for (guint i = 0; i < request->calls->len; i++)
    {
      const BstJmapCall *call = request->calls->pdata[i];

      if (g_str_has_suffix (call->name, "/set"))
        add_earlier_call (batch, items, call);
      else if (strcmp (call->name, BST_JMAP_UPLOAD) == 0)
        add_earlier_file (batch, call);
      else
        bst_sync_batch_add_changes (batch, bst_doc_get_string (call->args, "accountId"),
                                    bst_doc_get_string (call->args, "sinceState"),
                                    bst_doc_get_int (call->args, "maxChanges", 0));
    }
  return batch;
}

/* ---- printing ---- */

static BstJmapCall *
set_call_print (const BstSyncSet *call, guint index)
{
  g_autofree char *name = g_strconcat (call->type->name, "/set", NULL);
  g_autofree char *id = g_strdup_printf ("s%u", index);
  GVariantBuilder create, update, destroy;
  GVariantDict args, revs;
  gboolean any = FALSE;

  g_variant_builder_init (&create, G_VARIANT_TYPE_VARDICT);
  g_variant_builder_init (&update, G_VARIANT_TYPE_VARDICT);
  g_variant_builder_init (&destroy, G_VARIANT_TYPE ("av"));
  g_variant_dict_init (&revs, NULL);
  for (guint i = 0; i < call->items->len; i++)
    {
      BstOutboxItem *item = call->items->pdata[i];
      g_autofree char *key =
          item->create ? bst_sync_batch_creation_id (item) : g_strdup (item->uid);

      if (!item->destroy)
        {
          g_variant_builder_add (item->create ? &create : &update, "{sv}", key, item->content);
          continue;
        }
      any = TRUE;
      g_variant_builder_add (&destroy, "v", g_variant_new_string (item->uid));
      g_variant_dict_insert (&revs, item->uid, "x", bst_doc_get_int (item->content, "rev", 0));
    }
  g_variant_dict_init (&args, NULL);
  g_variant_dict_insert (&args, "accountId", "s", call->account);
  g_variant_dict_insert_value (&args, "create", g_variant_builder_end (&create));
  g_variant_dict_insert_value (&args, "update", g_variant_builder_end (&update));
  if (any)
    {
      g_variant_dict_insert_value (&args, "destroy", g_variant_builder_end (&destroy));
      g_variant_dict_insert_value (&args, "destroyRevs", g_variant_dict_end (&revs));
    }
  else
    {
      g_variant_builder_clear (&destroy);
      g_variant_dict_clear (&revs);
    }
  return bst_jmap_call_new (name, g_variant_dict_end (&args), id);
}

static BstJmapCall *
file_call_print (const BstSyncFile *file, GBytes *octets, guint index)
{
  g_autofree char *coded =
      g_base64_encode (g_bytes_get_data (octets, NULL), g_bytes_get_size (octets));
  g_autofree char *id = g_strdup_printf ("f%u", index);
  GVariantDict args, create, upload, source;
  GVariantBuilder data;

  g_variant_dict_init (&source, NULL);
  g_variant_dict_insert (&source, "data:asBase64", "s", coded);
  g_variant_builder_init (&data, G_VARIANT_TYPE ("av"));
  g_variant_builder_add (&data, "v", g_variant_dict_end (&source));
  g_variant_dict_init (&upload, NULL);
  g_variant_dict_insert_value (&upload, "data", g_variant_builder_end (&data));
  g_variant_dict_init (&create, NULL);
  g_variant_dict_insert_value (&create, file->sha256, g_variant_dict_end (&upload));
  g_variant_dict_init (&args, NULL);
  g_variant_dict_insert (&args, "accountId", "s", file->account);
  g_variant_dict_insert_value (&args, "create", g_variant_dict_end (&create));
  return bst_jmap_call_new (BST_JMAP_UPLOAD, g_variant_dict_end (&args), id);
}

GBytes *
bst_sync_batch_print (BstSyncBatch *batch)
{
  g_autoptr (GPtrArray) calls = g_ptr_array_new ();
  g_autoptr (GPtrArray) sets = g_ptr_array_new_with_free_func ((GDestroyNotify) bst_jmap_call_free);
  char *text;

  for (guint i = 0; i < batch->octets_of->len; i++)
    {
      BstJmapCall *call = file_call_print (batch->files->pdata[i], batch->octets_of->pdata[i], i);

      g_ptr_array_add (sets, call);
      g_ptr_array_add (calls, call);
    }
  for (guint i = 0; i < batch->sets->len; i++)
    {
      BstJmapCall *call = set_call_print (batch->sets->pdata[i], i);

      g_ptr_array_add (sets, call);
      g_ptr_array_add (calls, call);
    }
  for (guint i = 0; i < batch->changes->len; i++)
    g_ptr_array_add (calls, batch->changes->pdata[i]);
  text = bst_jmap_request_print (calls);
  return g_bytes_new_take (text, strlen (text));
}
