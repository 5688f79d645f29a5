/* SPDX-License-Identifier: GPL-3.0-or-later */

/*
 * Records that orderers write and that are no orders: proposals, objections, mandates. They have no drafts and no steps: what is
 * said stands in the outbox until the server has it.
 */

#include "bst-store-private.h"

#include "bst-error.h"

typedef struct
{
  const BstRecordType *type;
  GVariant *record;
} Put;

static Put *
put_new (const char *type, GVariant *record)
{
  Put *put = g_new (Put, 1);
  g_autoptr (GVariant) whole = bst_doc_take (g_variant_ref_sink (record));

  put->type = bst_record_type_find (type);
  put->record = bst_overlay_strip (whole);
  return put;
}

static void
put_free (gpointer data)
{
  Put *put = data;

  g_variant_unref (put->record);
  g_free (put);
}

/* What the server refused gives way; what may have left stays. In a transaction. */
static gboolean
remove_refused (BstStore *store, const char *id, GError **error)
{
  g_autoptr (GPtrArray) items = bst_work_items (store->work, id, error);

  if (!items)
    return FALSE;
  for (guint i = 0; i < items->len; i++)
    {
      const BstWorkItem *item = g_ptr_array_index (items, i);

      if (item->local == BST_OUTBOX_REFUSED &&
          !bst_work_remove_item (store->work, item->item.seq, error))
        return FALSE;
    }
  return TRUE;
}

static gboolean
check (const BstRecordType *type, GVariant *own, GError **error)
{
  g_autoptr (GPtrArray) problems = bst_record_type_validate (type, own, NULL, TRUE);

  if (problems->len == 0)
    return TRUE;
  g_set_error_literal (error, BST_ERROR, BST_ERROR_INVALID,
                       ((BstProblem *) problems->pdata[0])->message);
  return FALSE;
}

/* In a transaction. */
static gboolean
queue_put (BstStore *store, const Put *put, const char *id, const char *account, GError **error)
{
  g_autoptr (GVariant) own = bst_record_client_part (put->record, put->type);
  g_autoptr (GVariant) base = NULL;
  g_autoptr (GVariant) known = NULL;
  g_autoptr (GVariant) content = NULL;
  gint64 rev;

  if (!remove_refused (store, id, error) || !bst_overlay_base (store, id, &base, &rev, error))
    return FALSE;
  if (!base)
    return bst_store_queue (store, account, put->type->name, id, id, TRUE, own, error);
  known = bst_record_client_part (base, put->type);
  content = bst_doc_diff (known, own);
  if (g_variant_n_children (content) == 0)
    return TRUE;
  if (rev > 0)
    bst_doc_replace (&content, bst_doc_set_int (content, "rev", rev));
  return bst_store_queue (store, account, put->type->name, id, id, FALSE, content, error);
}

static gpointer
put_record (BstStore *store, gpointer args, GError **error)
{
  const Put *put = args;
  const char *known_id = bst_doc_get_string (put->record, "id");
  const char *id = known_id ? known_id : bst_doc_get_string (put->record, "uid");
  g_autoptr (GError) shown = NULL;
  g_autofree char *account = NULL;

  if (!put->type || !bst_store_is_written_alone (put->type) || !id)
    {
      g_set_error (error, BST_ERROR, BST_ERROR_INVALID, "%s",
                   id ? "type: not written like this" : "uid: missing");
      return NULL;
    }
  if (!check (put->type, put->record, error) ||
      !(account = bst_store_find_account (store, put->record, error)) ||
      !bst_work_begin (store->work, error))
    return NULL;
  if (!queue_put (store, put, id, account, error))
    {
      bst_work_rollback (store->work);
      return NULL;
    }
  if (!bst_work_commit (store->work, error))
    return NULL;
  if (!bst_overlay_refresh (store, id, &shown))
    g_message ("what was saved is not shown yet: %s", shown->message);
  bst_store_tell_changed (store, put->type->name);
  bst_store_tell_outbox (store);
  return BST_STORE_DONE;
}

gboolean
bst_store_put_record (BstStore *store, const char *type, GVariant *record, GError **error)
{
  Put *put = put_new (type, record);
  gboolean ok = bst_store_call (store, store->writer, put_record, put, error) != NULL;

  put_free (put);
  return ok;
}

void
bst_store_put_record_async (BstStore *store,
                            const char *type,
                            GVariant *record,
                            GCancellable *cancellable,
                            GAsyncReadyCallback callback,
                            gpointer user_data)
{
  bst_store_call_async (store, store->writer, put_record, put_new (type, record), put_free, NULL,
                        cancellable, callback, user_data, bst_store_put_record_async);
}

gboolean
bst_store_put_record_finish (BstStore *store, GAsyncResult *result, GError **error)
{
  return bst_store_call_finish (store, result, bst_store_put_record_async, error) != NULL;
}
