/* SPDX-License-Identifier: GPL-3.0-or-later */

/*
 * Drafts of what the server has too: a draft that is shared, and the changes of an order that was sent. What the server has
 * newly is brought together with them (bst-request.h); the server's record, over which a draft was written, and what must be
 * decided lie beside it in work.db, so that nothing of it depends on the replica. All in a transaction of work.db.
 */

#include "bst-store-private.h"

#include "bst-error.h"
#include "bst-json.h"
#include "bst-life.h"

/* ---- what the server has ---- */

/* @doc with what the server took after it: acknowledged, and not shown by the replica yet. */
static GVariant *
with_received (GVariant *doc, GPtrArray *items)
{
  GVariant *newest = doc ? g_variant_ref (doc) : NULL;

  for (guint i = 0; i < items->len; i++)
    {
      const BstWorkItem *item = g_ptr_array_index (items, i);
      gint64 rev = item->record ? bst_doc_get_int (item->record, "rev", 1) : 0;
      g_autoptr (GVariant) content = NULL;
      g_autoptr (GVariant) next = NULL;

      if (item->local != BST_WORK_RECEIVED || !g_str_equal (item->item.type, "Request") ||
          (newest && bst_doc_get_int (newest, "rev", 0) >= rev))
        continue;
      content = bst_doc_set (item->item.content, "rev", NULL);
      if (item->item.create)
        next = g_steal_pointer (&content);
      else
        next = newest ? bst_doc_patch (newest, content, NULL) : NULL;
      if (!next)
        continue;
      g_clear_pointer (&newest, g_variant_unref);
      newest = bst_doc_set_int (next, "rev", rev);
    }
  return newest;
}

gboolean
bst_store_server_record (BstStore *store,
                         const char *uid,
                         GPtrArray *items,
                         GVariant **ret_server,
                         GError **error)
{
  g_auto (BstReplicaRow) row = { 0 };
  g_autoptr (GVariant) shown = NULL;
  const char *text;

  *ret_server = NULL;
  if (!bst_replica_read_row (store->replica, "Request", uid, &row, error))
    return FALSE;
  text = row.base ? row.base : row.local ? NULL : row.doc;
  if (text && !(shown = bst_json_parse_object (text, -1, error)))
    return FALSE;
  *ret_server = with_received (shown, items);
  return TRUE;
}

gboolean
bst_work_draft_amends (const BstDraft *draft)
{
  return draft && draft->base &&
         bst_state_from_name (bst_doc_get_string (draft->base, "state")) != BST_STATE_DRAFT;
}

/* ---- bringing together ---- */

/* Whether @server has something that @base does not know. An older record, of a server that went back, has not. */
static gboolean
is_news (GVariant *base, GVariant *server)
{
  gint64 known = bst_doc_get_int (base, "rev", 0);
  gint64 rev = bst_doc_get_int (server, "rev", 0);

  return rev > known || (rev == known && !bst_doc_equal (base, server));
}

static gboolean
names_path (GVariant *conflicts, const char *path)
{
  GVariantIter iter;
  GVariant *conflict;
  gboolean found = FALSE;

  g_variant_iter_init (&iter, conflicts);
  while (g_variant_iter_next (&iter, "v", &conflict))
    {
      found |= g_strcmp0 (bst_doc_get_string (conflict, "path"), path) == 0;
      g_variant_unref (conflict);
    }
  return found;
}

/* What was to be decided before and is not in @fresh, as long as both sides still differ; then @fresh. */
static GVariant *
join_conflicts (GVariant *earlier, GVariant *fresh, GVariant *mine, GVariant *server)
{
  g_auto (GVariantBuilder) builder = G_VARIANT_BUILDER_INIT (G_VARIANT_TYPE ("av"));
  GVariantIter iter;
  GVariant *conflict;

  if (earlier)
    g_variant_iter_init (&iter, earlier);
  while (earlier && g_variant_iter_next (&iter, "v", &conflict))
    {
      const char *path = bst_doc_get_string (conflict, "path");
      g_autoptr (GVariant) here = path ? bst_doc_lookup (mine, path) : NULL;
      g_autoptr (GVariant) there = path ? bst_doc_lookup (server, path) : NULL;
      gboolean same = here == there || (here && there && bst_doc_equal (here, there));

      if (path && !same && !names_path (fresh, path))
        {
          g_autoptr (GVariant) now = bst_doc_set (conflict, "theirs", there);

          g_variant_builder_add (&builder, "v", now);
        }
      g_variant_unref (conflict);
    }
  g_variant_iter_init (&iter, fresh);
  while (g_variant_iter_next (&iter, "v", &conflict))
    {
      g_variant_builder_add (&builder, "v", conflict);
      g_variant_unref (conflict);
    }
  return bst_doc_take (g_variant_builder_end (&builder));
}

static gboolean
merge_draft (BstStore *store,
             const char *uid,
             const BstDraft *draft,
             GVariant *server,
             gboolean *ret_open,
             GError **error)
{
  g_autoptr (GVariant) mine = bst_store_with_blobs (draft->doc);
  g_autoptr (GVariant) fresh = NULL;
  g_autoptr (GVariant) merged = bst_request_merge (draft->base, mine, server, &fresh);
  g_autoptr (GVariant) conflicts = join_conflicts (draft->conflicts, fresh, merged, server);

  *ret_open = g_variant_n_children (conflicts) > 0;
  return bst_work_put_draft (store->work, uid, merged, draft->saved_at, error) &&
         bst_work_set_base (store->work, uid, server, conflicts, error);
}

gboolean
bst_store_rebase (BstStore *store, const char *uid, GError **error)
{
  g_autoptr (GPtrArray) items = bst_work_items (store->work, uid, error);
  g_autoptr (BstDraft) draft = NULL;
  g_autoptr (GVariant) server = NULL;
  gboolean open;

  if (!items || !bst_work_get_draft (store->work, uid, &draft, error))
    return FALSE;
  if (!draft || !draft->base || draft->submitted)
    return TRUE;
  if (!bst_store_server_record (store, uid, items, &server, error))
    return FALSE;
  return !server || !is_news (draft->base, server) ||
         merge_draft (store, uid, draft, server, &open, error);
}

gboolean
bst_store_rebase_all (BstStore *store, GError **error)
{
  g_autoptr (GPtrArray) uids = bst_work_based_drafts (store->work, error);

  if (!uids)
    return FALSE;
  if (uids->len == 0)
    return TRUE;
  if (!bst_work_begin (store->work, error))
    return FALSE;
  for (guint i = 0; i < uids->len; i++)
    if (!bst_store_rebase (store, g_ptr_array_index (uids, i), error))
      {
        bst_work_rollback (store->work);
        return FALSE;
      }
  return bst_work_commit (store->work, error);
}

/* ---- what the server answered ---- */

/* The record as the server has it after it took @item. */
static GVariant *
taken (const BstDraft *draft, const BstWorkItem *item, GVariant *record)
{
  g_autoptr (GVariant) content = bst_doc_set (item->item.content, "rev", NULL);

  if (item->item.create)
    return bst_overlay_lay_over (content, record);
  if (draft->base)
    {
      g_autoptr (GVariant) patched = bst_doc_patch (draft->base, content, NULL);

      return patched ? bst_overlay_lay_over (patched, record) : NULL;
    }
  return NULL;
}

/* A colleague sent the draft just before: what was written went into the order, and there is nothing more to write. */
static gboolean
is_done (BstStore *store, const BstDraft *draft, GVariant *base)
{
  g_autoptr (GVariant) as_sent = NULL;
  g_autoptr (GVariant) left = NULL;

  if (draft->submitted ||
      bst_state_from_name (bst_doc_get_string (base, "state")) == BST_STATE_DRAFT)
    return FALSE;
  as_sent = bst_store_clean_order (store, draft->doc);
  bst_store_make_content (as_sent, base, &left);
  return left == NULL;
}

/* What was written while the order was on its way follows it, before it is submitted. */
static gboolean
follow_up (BstStore *store,
           const BstDraft *draft,
           const BstWorkItem *item,
           GVariant *base,
           GError **error)
{
  g_autoptr (GVariant) as_sent =
      draft->submitted ? bst_store_clean_order (store, draft->doc) : g_variant_ref (draft->doc);
  g_autoptr (GPtrArray) items = NULL;
  g_autoptr (GVariant) content = NULL;

  bst_store_make_content (as_sent, base, &content);
  if (!content)
    return TRUE;
  items = bst_work_items (store->work, item->item.request, error);
  return items && (bst_store_has_unsettled (items, "Request") ||
                   (bst_store_queue (store, item->item.account, "Request", item->item.request,
                                     item->item.request, FALSE, content, error) &&
                    bst_store_move_last (store, items, TRUE, error)));
}

gboolean
bst_store_accept_base (BstStore *store, const BstWorkItem *item, GVariant *record, GError **error)
{
  const char *uid = item->item.request;
  g_autoptr (BstDraft) draft = NULL;
  g_autoptr (GVariant) base = NULL;

  if (!g_str_equal (item->item.type, "Request") || item->item.destroy)
    return TRUE;
  if (!bst_work_get_draft (store->work, uid, &draft, error))
    return FALSE;
  if (draft && draft->submitted && bst_work_draft_amends (draft))
    return bst_work_remove_draft (store->work, uid, error);
  base = draft ? taken (draft, item, record) : NULL;
  if (!base ||
      (draft->base && bst_doc_get_int (draft->base, "rev", 0) >= bst_doc_get_int (base, "rev", 0)))
    return TRUE;
  if (is_done (store, draft, base))
    return bst_work_remove_draft (store->work, uid, error);
  return bst_work_set_base (store->work, uid, base, draft->conflicts, error) &&
         (!draft->submitted || follow_up (store, draft, item, base, error));
}

/* A change that was made on an old revision, brought onto the newest one; asked again when nothing is to be decided. */
static gboolean
meet_mismatch (BstStore *store,
               const BstWorkItem *item,
               const BstDraft *draft,
               GVariant *current,
               gboolean *ret_met,
               GError **error)
{
  const char *uid = item->item.request;
  gboolean open = FALSE;

  if (!merge_draft (store, uid, draft, current, &open, error))
    return FALSE;
  *ret_met = !open || !draft->submitted;
  if (!*ret_met)
    return TRUE;
  if (!bst_work_remove_item (store->work, item->item.seq, error))
    return FALSE;
  return open || !draft->submitted || bst_store_queue_again (store, uid, error);
}

/* The shared draft is there no more, or was sent by another: what was written in it stays, as a draft of its own. */
static gboolean
keep_own (BstStore *store, const BstWorkItem *item, const BstDraft *draft, GError **error)
{
  g_autofree char *uid = bst_uid_new (&store->clock);
  const BstRecordType *type = bst_record_type_find ("Request");
  g_autoptr (GVariant) own = bst_record_client_part (draft->doc, type);
  g_autoptr (GVariant) copy = bst_doc_set_string (own, "uid", uid);

  return bst_work_put_draft (store->work, uid, copy, draft->saved_at, error) &&
         bst_work_remove_draft (store->work, item->item.request, error) &&
         bst_work_remove_item (store->work, item->item.seq, error);
}

gboolean
bst_store_meet_refusal (BstStore *store,
                        const BstWorkItem *item,
                        GVariant *set_error,
                        gboolean *ret_met,
                        GError **error)
{
  const char *type = bst_doc_get_string (set_error, "type");
  g_autoptr (GVariant) current = bst_doc_lookup (set_error, "current");
  g_autoptr (BstDraft) draft = NULL;

  *ret_met = FALSE;
  if (!g_str_equal (item->item.type, "Request") || item->item.create || item->item.destroy)
    return TRUE;
  if (!bst_work_get_draft (store->work, item->item.request, &draft, error))
    return FALSE;
  if (!draft || !draft->base)
    return TRUE;
  if (g_strcmp0 (type, "revMismatch") == 0 && current &&
      g_variant_is_of_type (current, G_VARIANT_TYPE_VARDICT))
    return meet_mismatch (store, item, draft, current, ret_met, error);
  if ((g_strcmp0 (type, "notFound") == 0 || g_strcmp0 (type, "forbidden") == 0) &&
      !draft->submitted && !bst_work_draft_amends (draft))
    {
      *ret_met = TRUE;
      return keep_own (store, item, draft, error);
    }
  return TRUE;
}
