/* SPDX-License-Identifier: GPL-3.0-or-later */

/*
 * Either side may go back in time.
 *
 * When the server was restored from a backup, it may have forgotten what it had acknowledged. What it
 * received from us is kept in work.db, so it is compared with the new replica, and what is missing is
 * sent again under the same uid: nothing acknowledged is lost, nothing is doubled.
 */

#include "bst-store-private.h"
#include "bst-work-file.h"

#include "bst-error.h"
#include "bst-json.h"
#include "bst-life.h"

#define EPOCH "epoch"
#define DOUBT "doubt" /* "1": since the last change of the epoch not everything was compared */

/* The replica is of a time that never was. */
static gboolean
forget_replica (BstStore *store, GHashTable *types, GError **error)
{
  g_autoptr (GPtrArray) accounts =
      bst_replica_list (store->replica, "SELECT account FROM checkpoint", NULL, NULL, error);

  if (!accounts)
    return FALSE;
  for (guint i = 0; i < accounts->len; i++)
    if (!bst_replica_forget (store->replica, g_ptr_array_index (accounts, i), types, error))
      return FALSE;
  return TRUE;
}

static gboolean
write_epoch (BstStore *store, const char *epoch, gboolean doubt, GError **error)
{
  if (!bst_work_begin (store->work, error))
    return FALSE;
  if (!bst_work_set_meta (store->work, EPOCH, epoch, error) ||
      (doubt && (!bst_work_set_meta (store->work, DOUBT, "1", error) ||
                 !bst_work_forget_name (store->work, NULL, NULL, error) ||
                 !bst_work_doubt_kept (store->work, NULL, error))))
    {
      bst_work_rollback (store->work);
      return FALSE;
    }
  return bst_work_commit (store->work, error);
}

static gpointer
set_epoch (BstStore *store, gpointer args, GError **error)
{
  const char *epoch = args;
  g_autofree char *known = NULL;
  g_autoptr (GHashTable) types = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  GHashTableIter iter;
  gpointer type;

  if (!bst_work_get_meta (store->work, EPOCH, &known, error))
    return NULL;
  if (g_strcmp0 (known, epoch) == 0)
    return BST_STORE_DONE;
  /* The replica first: cut short in between, all of this is done again. */
  if ((known && !forget_replica (store, types, error)) ||
      !write_epoch (store, epoch, known != NULL, error) ||
      (known && !bst_overlay_refresh_all (store, error)))
    return NULL;
  g_hash_table_iter_init (&iter, types);
  while (g_hash_table_iter_next (&iter, &type, NULL))
    bst_store_tell_changed (store, type);
  return BST_STORE_DONE;
}

gboolean
bst_store_set_epoch (BstStore *store, const char *epoch, GError **error)
{
  return bst_store_call (store, store->writer, set_epoch, (gpointer) epoch, error) != NULL;
}

gboolean
bst_store_in_doubt (BstStore *store, gboolean *ret_doubt, GError **error)
{
  g_autofree char *doubt = NULL;

  if (!bst_work_get_meta (store->work, DOUBT, &doubt, error))
    return FALSE;
  *ret_doubt = g_strcmp0 (doubt, "1") == 0;
  return TRUE;
}

gboolean
bst_store_has_order (BstStore *store,
                     GPtrArray *items,
                     const BstWorkItem *item,
                     gboolean *ret_has,
                     GError **error)
{
  g_auto (BstReplicaRow) row = { 0 };

  *ret_has = TRUE;
  if (item->item.create && g_str_equal (item->item.uid, item->item.request))
    return TRUE;
  for (guint i = 0; i < items->len; i++)
    {
      const BstWorkItem *other = g_ptr_array_index (items, i);

      if (other->item.create && other->local <= BST_OUTBOX_SENDING &&
          g_str_equal (other->item.uid, item->item.request))
        return TRUE;
    }
  if (!bst_replica_read_row (store->replica, bst_overlay_type (item), item->item.request, &row,
                             error))
    return FALSE;
  *ret_has = row.rowid != 0 && (row.base || !row.local);
  return TRUE;
}

/* In a transaction. A step on an order that another computer must bring back first, sent or not, stays in doubt. */
static gboolean
offer_items (BstStore *store, GPtrArray *items, guint *ret_n, GError **error)
{
  gboolean doubt = FALSE, waiting = FALSE;

  for (guint i = 0; i < items->len; i++)
    {
      BstWorkItem *item = g_ptr_array_index (items, i);
      gboolean shown = FALSE, ready = FALSE;

      if (!bst_overlay_is_shown (store, item, &shown, error) ||
          !bst_store_has_order (store, items, item, &ready, error))
        return FALSE;
      doubt |= !shown && !ready && item->local != BST_OUTBOX_REFUSED;
      waiting |= item->local <= BST_OUTBOX_SENDING;
      /* The server said once that it has it, and does not: it may even refuse it now. */
      if (item->local == BST_WORK_RECEIVED && !shown &&
          !bst_work_withdraw_receipt (store->work, item->item.uid, error))
        return FALSE;
      if (item->local != BST_WORK_RECEIVED || shown || !ready)
        continue;
      if (!bst_work_mark_sending (store->work, item->item.seq, error))
        return FALSE;
      item->local = BST_OUTBOX_SENDING;
      (*ret_n)++;
    }
  if (!doubt && waiting)
    (*ret_n)++; /* may go now */
  return bst_work_set_meta (store->work, DOUBT, doubt ? "1" : "0", error);
}

/* In a transaction. Received, and not there: not for this user to see any more. */
static gboolean
put_away (BstStore *store, GPtrArray *items, GError **error)
{
  for (guint i = 0; i < items->len; i++)
    {
      const BstWorkItem *item = g_ptr_array_index (items, i);

      if (item->local == BST_WORK_RECEIVED &&
          !bst_work_mark_kept (store->work, item->item.seq, error))
        return FALSE;
    }
  return TRUE;
}

static gboolean
has_received (GPtrArray *items)
{
  for (guint i = 0; i < items->len; i++)
    if (((const BstWorkItem *) g_ptr_array_index (items, i))->local == BST_WORK_RECEIVED)
      return TRUE;
  return FALSE;
}

static gpointer
offer_again (BstStore *store, gpointer args, GError **error)
{
  gboolean doubt;
  g_autoptr (GPtrArray) items = NULL;

  if (!bst_store_in_doubt (store, &doubt, error))
    return NULL;
  items = bst_work_items (store->work, NULL, error);
  if (!items)
    return NULL;
  if (!doubt && !has_received (items))
    return BST_STORE_DONE;
  if (!bst_work_begin (store->work, error))
    return NULL;
  if (doubt ? !offer_items (store, items, args, error) : !put_away (store, items, error))
    {
      bst_work_rollback (store->work);
      return NULL;
    }
  if (!bst_work_commit (store->work, error) || !bst_overlay_refresh_all (store, error))
    return NULL;
  bst_store_tell_changed (store, "Request");
  bst_store_tell_changed (store, "RequestEvent");
  bst_store_tell_outbox (store);
  return BST_STORE_DONE;
}

gboolean
bst_store_offer_again (BstStore *store, guint *ret_n, GError **error)
{
  guint n = 0;

  if (!bst_store_call (store, store->writer, offer_again, &n, error))
    return FALSE;
  *ret_n = n;
  return TRUE;
}

/* ---- a lost computer ---- */

/* The files must hold nothing of it, and not only their tables. */
static gboolean
overwrite (BstDb *db, GError **error)
{
  return bst_db_exec (db, "VACUUM", error) &&
         bst_db_exec (db, "PRAGMA wal_checkpoint (TRUNCATE)", error);
}

static gpointer
wipe (BstStore *store, gpointer args, GError **error)
{
  g_autoptr (GHashTable) types = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  g_autoptr (GVariant) none = bst_doc_new ();
  GHashTableIter iter;
  gpointer type;

  if (!bst_work_begin (store->work, error))
    return NULL;
  if (!bst_work_forget_sent (store->work, error))
    {
      bst_work_rollback (store->work);
      return NULL;
    }
  if (!bst_work_commit (store->work, error) ||
      !bst_replica_set_accounts (store->replica, none, types, error) ||
      !bst_replica_remember_session (store->replica, NULL, NULL, error) ||
      !bst_overlay_refresh_all (store, error) || !overwrite (store->replica->db, error) ||
      !overwrite (bst_work_get_db (store->work), error))
    return NULL;
  g_clear_pointer (&store->org, bst_org_unref);
  g_hash_table_iter_init (&iter, types);
  while (g_hash_table_iter_next (&iter, &type, NULL))
    bst_store_tell_changed (store, type);
  bst_store_tell_outbox (store);
  return BST_STORE_DONE;
}

gboolean
bst_store_wipe (BstStore *store, GError **error)
{
  return bst_store_call (store, store->writer, wipe, NULL, error) != NULL;
}

/* ---- drafts of what was sent ---- */

/* The server's record of an order that is no draft any more; *@ret_sent is %NULL when there is none. */
static gboolean
find_sent (BstStore *store, const char *uid, GVariant **ret_sent, GError **error)
{
  g_auto (BstReplicaRow) row = { 0 };
  g_autoptr (GVariant) server = NULL;
  const char *text;

  *ret_sent = NULL;
  if (!bst_replica_read_row (store->replica, "Request", uid, &row, error))
    return FALSE;
  text = row.base ? row.base : row.local ? NULL : row.doc;
  if (!text)
    return TRUE;
  server = bst_json_parse_object (text, -1, error);
  if (!server)
    return FALSE;
  if (bst_state_from_name (bst_doc_get_string (server, "state")) != BST_STATE_DRAFT)
    *ret_sent = g_steal_pointer (&server);
  return TRUE;
}

/* Whether the draft says something that the order does not. */
static gboolean
says_more (GVariant *draft, GVariant *sent)
{
  const BstRecordType *type = bst_record_type_find ("Request");
  g_autoptr (GVariant) mine = bst_record_client_part (draft, type);
  g_autoptr (GVariant) theirs = bst_record_client_part (sent, type);
  g_autoptr (GVariant) diff = bst_doc_diff (theirs, mine);
  GVariantIter iter;
  const char *path;
  GVariant *value;
  gboolean more = FALSE;

  g_variant_iter_init (&iter, diff);
  while (g_variant_iter_loop (&iter, "{&sv}", &path, &value))
    more |= !bst_value_is_null (value); /* null: what only the order has, as its orderer */
  return more;
}

static gboolean
replace_draft (BstStore *store,
               const char *uid,
               const BstDraft *draft,
               GVariant *sent,
               GError **error)
{
  g_autoptr (GVariant) as_sent = bst_store_clean_order (store, draft->doc);
  gboolean more = says_more (as_sent, draft->base ? draft->base : sent);
  g_autofree char *own = more ? bst_uid_new (&store->clock) : NULL;
  g_autoptr (GVariant) plain =
      bst_record_client_part (draft->doc, bst_record_type_find ("Request"));
  g_autoptr (GVariant) copy = own ? bst_doc_set_string (plain, "uid", own) : NULL;

  if (!bst_work_begin (store->work, error))
    return FALSE;
  if (!bst_work_remove_draft (store->work, uid, error) ||
      (copy && !bst_work_put_draft (store->work, own, copy, draft->saved_at, error)))
    {
      bst_work_rollback (store->work);
      return FALSE;
    }
  return bst_work_commit (store->work, error);
}

gboolean
bst_store_heal_drafts (BstStore *store, GError **error)
{
  g_autoptr (GPtrArray) uids = bst_work_open_drafts (store->work, error);

  if (!uids)
    return FALSE;
  for (guint i = 0; i < uids->len; i++)
    {
      const char *uid = g_ptr_array_index (uids, i);
      g_autoptr (GVariant) sent = NULL;
      g_autoptr (BstDraft) draft = NULL;

      if (!find_sent (store, uid, &sent, error))
        return FALSE;
      if (!bst_work_get_draft (store->work, uid, &draft, error))
        return FALSE;
      /* The changes of an order that was sent are no draft of it. */
      if (sent && (!draft || (!bst_work_draft_amends (draft) &&
                              !replace_draft (store, uid, draft, sent, error))))
        return FALSE;
    }
  return TRUE;
}
