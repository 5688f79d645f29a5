/* SPDX-License-Identifier: GPL-3.0-or-later */

/*
 * The outbox as the user sees it, and as synchronisation works it off.
 */

#include "bst-store-files.h"
#include "bst-store-private.h"
#include "bst-work-file.h"

#include "bst-error.h"
#include "bst-json.h"

/* ---- reading ---- */

static BstOutboxItem *
to_public (BstWorkItem *item)
{
  BstOutboxItem *public = g_new (BstOutboxItem, 1);

  *public = item->item;
  g_clear_pointer (&item->record, g_variant_unref);
  g_free (item);
  return public;
}

/* Those that are not received; @items is empty after it. */
static GPtrArray *
to_outbox (GPtrArray *items)
{
  GPtrArray *outbox = g_ptr_array_new_with_free_func ((GDestroyNotify) bst_outbox_item_free);

  while (items->len > 0)
    {
      BstWorkItem *item = g_ptr_array_steal_index (items, 0);

      if (item->local == BST_WORK_RECEIVED)
        bst_work_item_free (item);
      else
        g_ptr_array_add (outbox, to_public (item));
    }
  return outbox;
}

static gpointer
list_outbox (BstStore *store, gpointer args, GError **error)
{
  g_autoptr (GPtrArray) items = bst_work_items (store->read_work, NULL, error);

  return items ? to_outbox (items) : NULL;
}

GPtrArray *
bst_store_outbox (BstStore *store, GError **error)
{
  return bst_store_call (store, store->reader, list_outbox, NULL, error);
}

void
bst_store_outbox_async (BstStore *store,
                        GCancellable *cancellable,
                        GAsyncReadyCallback callback,
                        gpointer user_data)
{
  bst_store_call_async (store, store->reader, list_outbox, NULL, NULL,
                        (GDestroyNotify) g_ptr_array_unref, cancellable, callback, user_data,
                        bst_store_outbox_async);
}

GPtrArray *
bst_store_outbox_finish (BstStore *store, GAsyncResult *result, GError **error)
{
  return bst_store_call_finish (store, result, bst_store_outbox_async, error);
}

/* The number comes with the order itself, a moment after the receipt. */
static GVariant *
complete_receipt (BstStore *store, GVariant *receipt)
{
  static const char *const from_order[] = { "number", "title" };
  g_autoptr (GVariant) request = NULL;
  GVariant *whole = g_variant_ref (receipt);
  const char *id = bst_doc_get_string (receipt, "request");
  const char *type = bst_doc_get_string (receipt, "type");

  if (g_strcmp0 (type, "RequestEvent") == 0)
    type = "Request";
  if (!id || !type || !bst_replica_get (store->read_replica, type, id, &request, NULL) || !request)
    return whole;
  for (guint i = 0; i < G_N_ELEMENTS (from_order); i++)
    if (!bst_doc_has (whole, from_order[i]) && bst_doc_has (request, from_order[i]))
      bst_doc_replace (&whole, bst_doc_set_string (whole, from_order[i],
                                                   bst_doc_get_string (request, from_order[i])));
  return whole;
}

static gpointer
list_receipts (BstStore *store, gpointer args, GError **error)
{
  g_autoptr (GPtrArray) kept = bst_work_receipts (store->read_work, GPOINTER_TO_UINT (args), error);
  GPtrArray *receipts;

  if (!kept)
    return NULL;
  receipts = g_ptr_array_new_with_free_func ((GDestroyNotify) g_variant_unref);
  for (guint i = 0; i < kept->len; i++)
    g_ptr_array_add (receipts, complete_receipt (store, kept->pdata[i]));
  return receipts;
}

GPtrArray *
bst_store_receipts (BstStore *store, guint limit, GError **error)
{
  return bst_store_call (store, store->reader, list_receipts, GUINT_TO_POINTER (limit), error);
}

void
bst_store_receipts_async (BstStore *store,
                          guint limit,
                          GCancellable *cancellable,
                          GAsyncReadyCallback callback,
                          gpointer user_data)
{
  bst_store_call_async (store, store->reader, list_receipts, GUINT_TO_POINTER (limit), NULL,
                        (GDestroyNotify) g_ptr_array_unref, cancellable, callback, user_data,
                        bst_store_receipts_async);
}

GPtrArray *
bst_store_receipts_finish (BstStore *store, GAsyncResult *result, GError **error)
{
  return bst_store_call_finish (store, result, bst_store_receipts_async, error);
}

/* ---- taking ---- */

/* While a restored server may lack orders, steps on them wait until it has them again. */
static gboolean
must_wait (BstStore *store,
           GPtrArray *items,
           const BstWorkItem *item,
           gboolean *ret_wait,
           GError **error)
{
  gboolean doubt, has = TRUE;

  if (!bst_store_in_doubt (store, &doubt, error) ||
      (doubt && !bst_store_has_order (store, items, item, &has, error)))
    return FALSE;
  *ret_wait = !has;
  return TRUE;
}

/* A shared draft may have been written in after what goes up now: its submission waits for the rest. */
static gboolean
is_shared (BstStore *store, const BstWorkItem *item, gboolean *ret_shared, GError **error)
{
  g_autoptr (BstDraft) draft = NULL;

  *ret_shared = FALSE;
  if (!item->item.create || !g_str_equal (item->item.type, "Request"))
    return TRUE;
  if (!bst_work_get_draft (store->work, item->item.request, &draft, error))
    return FALSE;
  *ret_shared = draft && draft->shared;
  return TRUE;
}

/* What is taken, and what goes with it. */
typedef struct
{
  guint limit;
  gint64 octets;    /* that files may still have which travel along */
  GPtrArray *files; /* (nullable): BstFileToSend: those files; none travel */
  GPtrArray *items; /* BstWorkItem: all; owned by take() */
  GPtrArray *taken; /* of @items */
  GHashTable *
      stuck; /* orders on which something later depends that the server refused, or that wait for a file of theirs */
} Taking;

static gboolean
item_waits (BstStore *store,
            Taking *taking,
            const BstWorkItem *item,
            gboolean *ret_waits,
            GError **error)
{
  if (!bst_store_waits_for_file (store, item, ret_waits, error))
    return FALSE;
  if (*ret_waits && taking->files &&
      !bst_store_carry_files (store, item, taking->files, &taking->octets, ret_waits, error))
    return FALSE;
  return *ret_waits || must_wait (store, taking->items, item, ret_waits, error);
}

/* In a transaction. */
static gboolean
take_item (BstStore *store, Taking *taking, BstWorkItem *item, GError **error)
{
  gboolean waits, shared;

  if (item->local == BST_OUTBOX_REFUSED && bst_work_item_is_order (item))
    g_hash_table_add (taking->stuck, item->item.request);
  if (item->local > BST_OUTBOX_SENDING || taking->taken->len >= taking->limit ||
      g_hash_table_contains (taking->stuck, item->item.request))
    return TRUE;
  if (!item_waits (store, taking, item, &waits, error) || !is_shared (store, item, &shared, error))
    return FALSE;
  if (waits)
    {
      g_hash_table_add (taking->stuck, item->item.request);
      return TRUE;
    }

  if (!bst_work_mark_sending (store->work, item->item.seq, error))
    return FALSE;
  item->item.state = BST_OUTBOX_SENDING;
  item->item.tries++;
  g_ptr_array_add (taking->taken, item);
  /* What follows a change waits for its answer: were it refused, the order would be submitted as it was before. */
  if (!item->item.create || shared)
    g_hash_table_add (taking->stuck, item->item.request);
  return TRUE;
}

/* ---- why they wait ---- */

/* @stuck: order's id -> #BstOutboxWait of what comes after. */
static gboolean
find_wait (BstStore *store, GPtrArray *items, BstWorkItem *item, GHashTable *stuck, GError **error)
{
  gpointer why = NULL;
  gboolean file = FALSE, restored = FALSE;

  if (item->local == BST_OUTBOX_REFUSED && bst_work_item_is_order (item))
    g_hash_table_insert (stuck, item->item.request, GINT_TO_POINTER (BST_WAITS_ORDER));
  if (item->local > BST_OUTBOX_SENDING)
    return TRUE;
  if (g_hash_table_lookup_extended (stuck, item->item.request, NULL, &why))
    item->item.waits = (BstOutboxWait) GPOINTER_TO_INT (why);
  else if (!bst_store_waits_for_file (store, item, &file, error) ||
           (!file && !must_wait (store, items, item, &restored, error)))
    return FALSE;
  else
    item->item.waits = file ? BST_WAITS_FILE : restored ? BST_WAITS_RESTORED : BST_WAITS_LINE;
  if (item->item.waits == BST_WAITS_LINE && !item->item.create)
    g_hash_table_insert (stuck, item->item.request, GINT_TO_POINTER (BST_WAITS_ANSWER));
  else if (item->item.waits != BST_WAITS_LINE)
    g_hash_table_insert (stuck, item->item.request, GINT_TO_POINTER (item->item.waits));
  return TRUE;
}

static gpointer
list_waits (BstStore *store, gpointer args, GError **error)
{
  g_autoptr (GPtrArray) items = bst_work_items (store->work, NULL, error);
  g_autoptr (GHashTable) stuck = g_hash_table_new (g_str_hash, g_str_equal);

  for (guint i = 0; items && i < items->len; i++)
    if (!find_wait (store, items, items->pdata[i], stuck, error))
      return NULL;
  g_hash_table_remove_all (stuck);
  return items ? to_outbox (items) : NULL;
}

GPtrArray *
bst_store_outbox_waits (BstStore *store, GError **error)
{
  return bst_store_call (store, store->writer, list_waits, NULL, error);
}

/* @records: id -> type of what was touched */
static void
show_all (BstStore *store, GHashTable *records)
{
  GHashTableIter iter;
  gpointer id, type;

  g_hash_table_iter_init (&iter, records);
  while (g_hash_table_iter_next (&iter, &id, &type))
    {
      g_autoptr (GError) error = NULL;

      if (!bst_overlay_refresh (store, id, &error))
        g_message ("what was sent is not shown yet: %s", error->message);
      bst_store_tell_changed (store, type);
      if (g_str_equal (type, "Request"))
        bst_store_tell_changed (store, "RequestEvent");
    }
  if (g_hash_table_size (records) > 0)
    bst_store_tell_outbox (store);
}

static gboolean
take_each (BstStore *store, Taking *taking, GError **error)
{
  if (!bst_store_queue_all_shared (store, error))
    return FALSE;
  taking->items = bst_work_items (store->work, NULL, error);
  for (guint i = 0; taking->items && i < taking->items->len; i++)
    if (!take_item (store, taking, g_ptr_array_index (taking->items, i), error))
      return FALSE;
  return taking->items != NULL;
}

static gboolean
take_all (BstStore *store, Taking *taking, GError **error)
{
  if (!bst_work_begin (store->work, error))
    return FALSE;
  if (take_each (store, taking, error))
    return bst_work_commit (store->work, error);
  bst_work_rollback (store->work);
  return FALSE;
}

static gpointer
take (BstStore *store, gpointer args, GError **error)
{
  Taking *taking = args;
  g_autoptr (GHashTable) stuck = g_hash_table_new (g_str_hash, g_str_equal);
  g_autoptr (GHashTable) touched = g_hash_table_new (g_str_hash, g_str_equal);
  g_autoptr (GPtrArray) taken = g_ptr_array_new ();
  g_autoptr (GPtrArray) items = NULL;
  gboolean ok;
  GPtrArray *result;

  taking->stuck = stuck;
  taking->taken = taken;
  ok = take_all (store, taking, error);
  items = taking->items;
  if (!ok)
    return NULL;
  for (guint i = 0; i < taken->len; i++)
    {
      BstWorkItem *item = g_ptr_array_index (taken, i);

      g_hash_table_insert (touched, item->item.request, (gpointer) bst_overlay_type (item));
    }
  show_all (store, touched);

  result = g_ptr_array_new_with_free_func ((GDestroyNotify) bst_outbox_item_free);
  for (guint i = 0; i < taken->len; i++)
    {
      guint index;

      g_ptr_array_find (items, g_ptr_array_index (taken, i), &index);
      g_ptr_array_add (result, to_public (g_ptr_array_steal_index (items, index)));
    }
  return result;
}

GPtrArray *
bst_store_outbox_take (BstStore *store, guint limit, GError **error)
{
  Taking taking = { .limit = limit };

  return bst_store_call (store, store->writer, take, &taking, error);
}

GPtrArray *
bst_store_outbox_take_with_files (BstStore *store,
                                  guint limit,
                                  gint64 octets,
                                  GPtrArray **ret_files,
                                  GError **error)
{
  g_autoptr (GPtrArray) files =
      g_ptr_array_new_with_free_func ((GDestroyNotify) bst_file_to_send_free);
  Taking taking = { .limit = limit, .octets = octets, .files = files };
  GPtrArray *items = bst_store_call (store, store->writer, take, &taking, error);

  if (items)
    *ret_files = g_steal_pointer (&files);
  return items;
}

/* ---- settling ---- */

static void
insert_string (GVariantDict *dict, const char *key, const char *value)
{
  if (value)
    g_variant_dict_insert (dict, key, "s", value);
}

/* Proof that the server has it: what, and when it said so. */
static GVariant *
make_receipt (BstStore *store, const BstWorkItem *item, GVariant *record)
{
  g_autoptr (GVariantDict) dict = g_variant_dict_new (NULL);
  g_autoptr (GVariant) request = NULL;
  g_autofree char *now = bst_store_now (store);
  gboolean event = g_str_equal (item->item.type, "RequestEvent");
  const char *number = bst_doc_get_string (record, "number");
  const char *done_at = bst_doc_get_string (item->item.content, "at");
  const char *received_at = bst_doc_get_string (record, "receivedAt");

  bst_replica_get (store->replica, bst_overlay_type (item), item->item.request, &request, NULL);
  if (!number && request)
    number = bst_doc_get_string (request, "number");
  if (!received_at)
    received_at = bst_doc_get_string (record, "updated");

  insert_string (dict, "uid", item->item.uid);
  insert_string (dict, "type", item->item.type);
  insert_string (dict, "request", item->item.request);
  insert_string (dict, "action",
                 event ? bst_doc_get_string (item->item.content, "action")
                       : (item->item.create ? NULL : "change"));
  insert_string (dict, "number", number);
  insert_string (dict, "title", request ? bst_doc_get_string (request, "title") : NULL);
  insert_string (dict, "doneAt", done_at ? done_at : item->item.queued_at);
  insert_string (dict, "receivedAt", received_at ? received_at : now);
  return bst_doc_take (g_variant_dict_end (dict));
}

/* That a draft is shared or removed is nothing that anybody needs a receipt of. */
static gboolean
is_proof (const BstWorkItem *item, GVariant *record)
{
  const char *state = bst_doc_get_string (record, "state");

  return !item->item.destroy && (item->item.create || !g_str_equal (item->item.type, "Request") ||
                                 g_strcmp0 (state, "draft") != 0);
}

static gboolean
accept_item (BstStore *store, const BstWorkItem *item, GVariant *record, GError **error)
{
  g_autoptr (GVariant) receipt = make_receipt (store, item, record);
  gboolean submitted = g_strcmp0 (bst_doc_get_string (item->item.content, "action"), "submit") == 0;

  return bst_work_mark_received (store->work, item->item.seq, record, error) &&
         (!is_proof (item, record) || bst_work_add_receipt (store->work, receipt, error)) &&
         bst_store_accept_base (store, item, record, error) &&
         (!submitted || bst_work_remove_draft (store->work, item->item.request, error));
}

/* What had been received before the server forgot it has no draft any more. */
static gboolean
reopen (BstStore *store, const BstWorkItem *item, GError **error)
{
  g_autoptr (BstDraft) draft = NULL;
  g_autofree char *now = bst_store_now (store);

  if (!item->item.create || !g_str_equal (item->item.type, "Request"))
    return TRUE;
  if (!bst_work_get_draft (store->work, item->item.request, &draft, error))
    return FALSE;
  return draft ||
         bst_work_put_draft (store->work, item->item.request, item->item.content, now, error);
}

/* A refused order is a draft again, to be put right and sent once more. */
static gboolean
refuse_item (BstStore *store, const BstWorkItem *item, GVariant *set_error, GError **error)
{
  gboolean met;

  if (!bst_store_meet_refusal (store, item, set_error, &met, error))
    return FALSE;
  if (met)
    return TRUE;
  return bst_work_mark_refused (store->work, item->item.seq, set_error, error) &&
         reopen (store, item, error) &&
         (!bst_work_item_is_order (item) ||
          bst_work_set_submitted (store->work, item->item.request, FALSE, error));
}

typedef struct
{
  const BstOutcome *outcomes;
  guint n_outcomes;
} SettleArgs;

static gboolean
settle_one (BstStore *store, const BstOutcome *outcome, GHashTable *records, GError **error)
{
  g_autoptr (GError) local_error = NULL;
  g_autoptr (BstWorkItem) item = bst_work_get_item (store->work, outcome->seq, &local_error);

  if (!item)
    {
      /* Settled before: an answer that came twice. */
      if (g_error_matches (local_error, BST_ERROR, BST_ERROR_NOT_FOUND))
        return TRUE;
      g_propagate_error (error, g_steal_pointer (&local_error));
      return FALSE;
    }
  if (item->local >= BST_WORK_RECEIVED)
    return TRUE;

  g_hash_table_insert (records, g_strdup (item->item.request), (gpointer) bst_overlay_type (item));
  if (outcome->record)
    return accept_item (store, item, outcome->record, error);
  if (outcome->error)
    return refuse_item (store, item, outcome->error, error);
  return bst_work_mark_queued (store->work, outcome->seq, error);
}

static gpointer
settle (BstStore *store, gpointer data, GError **error)
{
  SettleArgs *args = data;
  g_autoptr (GHashTable) records = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);

  if (!bst_work_begin (store->work, error))
    return NULL;
  for (guint i = 0; i < args->n_outcomes; i++)
    if (!settle_one (store, &args->outcomes[i], records, error))
      {
        bst_work_rollback (store->work);
        return NULL;
      }
  if (!bst_work_drop_files (store->work, FALSE, error))
    {
      bst_work_rollback (store->work);
      return NULL;
    }
  if (!bst_work_commit (store->work, error))
    return NULL;
  show_all (store, records);
  return BST_STORE_DONE;
}

gboolean
bst_store_outbox_settle (BstStore *store,
                         const BstOutcome *outcomes,
                         guint n_outcomes,
                         GError **error)
{
  SettleArgs args = { .outcomes = outcomes, .n_outcomes = n_outcomes };

  return bst_store_call (store, store->writer, settle, &args, error) != NULL;
}
