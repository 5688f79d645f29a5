/* SPDX-License-Identifier: GPL-3.0-or-later */

/*
 * Sharing a draft: it becomes a record at the server, not submitted, which the colleagues of its unit see and may write in
 * as well. What is written goes up when the editor is left and whenever there is contact; each change names the revision that
 * it was made on (bst-store-merge.c).
 */

#include "bst-store-private.h"

#include "bst-error.h"
#include "bst-life.h"

/* What the server would not take yet, as a title that is missing, waits until it is there. */
static gboolean
is_well_formed (GVariant *doc)
{
  const BstRecordType *type = bst_record_type_find ("Request");
  g_autoptr (GVariant) own = bst_record_client_part (doc, type);
  g_autoptr (GPtrArray) problems = bst_record_type_validate (type, own, NULL, FALSE);

  return problems->len == 0;
}

static gboolean
has_order_item (GPtrArray *items)
{
  for (guint i = 0; i < items->len; i++)
    {
      const BstWorkItem *item = g_ptr_array_index (items, i);

      if (bst_work_item_is_order (item) && item->local <= BST_OUTBOX_REFUSED)
        return TRUE;
    }
  return FALSE;
}

static gboolean
queue_shared (BstStore *store, const char *uid, GError **error)
{
  g_autoptr (GPtrArray) items = bst_work_items (store->work, uid, error);
  g_autoptr (BstDraft) draft = NULL;
  g_autoptr (GVariant) content = NULL;
  g_autofree char *account = NULL;

  if (!items || !bst_work_get_draft (store->work, uid, &draft, error))
    return FALSE;
  if (!draft || has_order_item (items) || !is_well_formed (draft->doc))
    return TRUE;
  bst_store_make_content (draft->doc, draft->base, &content);
  if (!content)
    return TRUE;
  account = bst_store_find_account (store, draft->doc, error);
  return account &&
         bst_store_queue (store, account, "Request", uid, uid, !draft->base, content, error);
}

gboolean
bst_store_queue_all_shared (BstStore *store, GError **error)
{
  g_autoptr (GPtrArray) uids = bst_work_shared_drafts (store->work, error);

  for (guint i = 0; uids && i < uids->len; i++)
    if (!queue_shared (store, g_ptr_array_index (uids, i), error))
      return FALSE;
  return uids != NULL;
}

/* A draft that the server has already is over that record; its orderer is who shares it. In a transaction. */
static gboolean
begin_sharing (BstStore *store, const char *uid, const BstDraft *draft, GError **error)
{
  g_autoptr (GVariant) identity = bst_store_get_identity (store);
  const char *person = bst_doc_get_string (identity, "person");
  g_autoptr (GPtrArray) items = bst_work_items (store->work, uid, error);
  g_autoptr (GVariant) server = NULL;
  g_autoptr (GVariant) doc = person && !bst_doc_has (draft->doc, "orderer")
                                 ? bst_doc_set_string (draft->doc, "orderer", person)
                                 : g_variant_ref (draft->doc);

  return items && bst_store_server_record (store, uid, items, &server, error) &&
         (draft->base || !server || bst_work_set_base (store->work, uid, server, NULL, error)) &&
         bst_work_put_draft (store->work, uid, doc, draft->saved_at, error) &&
         bst_work_set_shared (store->work, uid, TRUE, error) && queue_shared (store, uid, error);
}

static gpointer
share (BstStore *store, gpointer args, GError **error)
{
  const char *uid = args;
  g_autoptr (BstDraft) draft = NULL;

  if (!bst_work_get_draft (store->work, uid, &draft, error))
    return NULL;
  if (!draft || draft->submitted || bst_work_draft_amends (draft))
    {
      g_set_error (error, BST_ERROR, BST_ERROR_NOT_FOUND, "there is no draft %s", uid);
      return NULL;
    }
  if (!bst_work_begin (store->work, error))
    return NULL;
  if (!begin_sharing (store, uid, draft, error))
    {
      bst_work_rollback (store->work);
      return NULL;
    }
  if (!bst_work_commit (store->work, error))
    return NULL;
  bst_store_show (store, uid);
  bst_store_tell_outbox (store);
  return BST_STORE_DONE;
}

BST_STORE_DOORS (share_draft, share)

/* ---- removing what is shared ---- */

static gboolean
is_removal (const BstWorkItem *item)
{
  return item->item.destroy && item->local <= BST_OUTBOX_REFUSED;
}

gboolean
bst_store_queue_removal (BstStore *store, const char *uid, GVariant *server, GError **error)
{
  g_autofree char *account = bst_store_find_account (store, server, error);
  g_autofree char *now = bst_store_now (store);
  g_autoptr (GVariant) content = bst_doc_set_int (NULL, "rev", bst_doc_get_int (server, "rev", 0));
  const BstOutboxItem item = {
    .account = account,
    .type = (char *) "Request",
    .uid = (char *) uid,
    .request = (char *) uid,
    .destroy = TRUE,
    .content = content,
    .queued_at = now,
  };

  return account && bst_work_add_item (store->work, &item, error);
}

gboolean
bst_store_take_back_removal (BstStore *store, GPtrArray *items, GError **error)
{
  for (guint i = 0; i < items->len; i++)
    {
      const BstWorkItem *item = g_ptr_array_index (items, i);

      if (!is_removal (item))
        continue;
      if (item->local != BST_OUTBOX_REFUSED && item->item.tries > 0)
        {
          g_set_error (error, BST_ERROR, BST_ERROR_FORBIDDEN,
                       "the draft may be removed at the server already");
          return FALSE;
        }
      if (!bst_work_remove_item (store->work, item->item.seq, error))
        return FALSE;
    }
  return TRUE;
}
