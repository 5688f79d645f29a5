/* SPDX-License-Identifier: GPL-3.0-or-later */

/*
 * Lays the own work on an order over the server's record: draft, unsent content, unsent steps; and what was written of
 * other records (proposals, objections, mandates), which have neither drafts nor steps. What comes out is stored as the effective document, so that lists, filters and sorts see it without more ado.
 * work.db is the truth; everything here can be done again at any time.
 */

#include "bst-store-private.h"

#include "bst-error.h"
#include "bst-json.h"
#include "bst-life.h"

#include <string.h>

/* All that is known of one order, or of another record that the user may write. */
typedef struct
{
  const char *type;
  GVariant *server; /* (nullable) the server's record */
  char *account;
  BstDraft *draft;  /* (nullable) */
  GPtrArray *items; /* BstWorkItem */
  BstReplicaRow row;
} Order;

static void
order_clear (Order *order)
{
  g_clear_pointer (&order->server, g_variant_unref);
  g_free (order->account);
  g_clear_pointer (&order->draft, bst_draft_free);
  g_clear_pointer (&order->items, g_ptr_array_unref);
  bst_replica_row_clear (&order->row);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Order, order_clear)

gboolean
bst_store_is_written_alone (const BstRecordType *type)
{
  return type->account == BST_ACCOUNT_DEPARTMENT &&
         (type->flags & (BST_RECORD_CREATE | BST_RECORD_UPDATE)) &&
         !(type->flags & BST_RECORD_APPEND_ONLY) && !g_str_equal (type->name, "Request");
}

const char *
bst_overlay_type (const BstWorkItem *item)
{
  return g_str_equal (item->item.type, "RequestEvent")
             ? "Request"
             : bst_record_type_find (item->item.type)->name;
}

GVariant *
bst_overlay_strip (GVariant *doc)
{
  return bst_doc_set (doc, "@local", NULL);
}

/* The type of a record of which nothing is unsent any more. */
static gboolean
find_type (BstStore *store, const char *id, const char **ret_type, GError **error)
{
  *ret_type = "Request";
  for (const BstRecordType *const *type = bst_record_types (); *type; type++)
    {
      g_auto (BstReplicaRow) row = { 0 };

      if (!bst_store_is_written_alone (*type))
        continue;
      if (!bst_replica_read_row (store->replica, (*type)->name, id, &row, error))
        return FALSE;
      if (row.rowid != 0)
        *ret_type = (*type)->name;
    }
  return TRUE;
}

static gboolean
is_order (const Order *order)
{
  return g_str_equal (order->type, "Request");
}

static gboolean
read_order (BstStore *store, const char *request, Order *order, GError **error)
{
  const char *server;

  if (!bst_work_get_draft (store->work, request, &order->draft, error))
    return FALSE;
  order->items = bst_work_items (store->work, request, error);
  if (!order->items)
    return FALSE;
  if (order->items->len > 0)
    order->type = bst_overlay_type (g_ptr_array_index (order->items, 0));
  else if (order->draft)
    order->type = "Request";
  else if (!find_type (store, request, &order->type, error))
    return FALSE;
  if (!bst_replica_read_row (store->replica, order->type, request, &order->row, error))
    return FALSE;

  server = order->row.base ? order->row.base : order->row.local ? NULL : order->row.doc;
  if (server && !(order->server = bst_json_parse_object (server, -1, error)))
    return FALSE;
  if (order->row.account && server)
    order->account = g_strdup (order->row.account);
  else if (order->items->len > 0)
    order->account = g_strdup (((BstWorkItem *) g_ptr_array_index (order->items, 0))->item.account);
  else
    order->account = g_strdup ("");
  return TRUE;
}

GVariant *
bst_overlay_lay_over (GVariant *doc, GVariant *over)
{
  g_autoptr (GVariantDict) dict = g_variant_dict_new (doc);
  GVariantIter iter;
  const char *key;
  GVariant *value;

  g_variant_iter_init (&iter, over);
  while (g_variant_iter_next (&iter, "{&sv}", &key, &value))
    {
      g_variant_dict_insert_value (dict, key, value);
      g_variant_unref (value);
    }
  return bst_doc_take (g_variant_dict_end (dict));
}

/* What was refused of an order is in its draft; of other records it is shown, to be put right. */
static gboolean
is_of_use (const BstWorkItem *item)
{
  return item->local != BST_OUTBOX_REFUSED || !g_str_equal (bst_overlay_type (item), "Request");
}

/* The server's record is as new as what it answered to @item. */
static gboolean
shows (GVariant *server, const BstWorkItem *item)
{
  if (!server || item->local != BST_WORK_RECEIVED || item->item.destroy)
    return FALSE;
  if (g_str_equal (item->item.type, "RequestEvent"))
    return bst_doc_get_int (server, "eventSequence", 0) >=
           bst_doc_get_int (item->record, "sequence", 1);
  return item->item.create ||
         bst_doc_get_int (server, "rev", 0) >= bst_doc_get_int (item->record, "rev", 0);
}

static GVariant *
apply_update (GVariant *doc, const BstWorkItem *item)
{
  g_autoptr (GVariant) patch = bst_doc_set (item->item.content, "rev", NULL);
  g_autoptr (GVariant) patched = bst_doc_patch (doc, patch, NULL);

  if (!patched)
    return g_variant_ref (doc);
  return item->record ? bst_overlay_lay_over (patched, item->record) : g_steal_pointer (&patched);
}

static GVariant *
apply_event (GVariant *doc, const BstWorkItem *item)
{
  g_autoptr (GVariant) event = item->record
                                   ? bst_overlay_lay_over (item->item.content, item->record)
                                   : g_variant_ref (item->item.content);
  GVariant *next = bst_life_apply (doc, event, BST_ROLE_ALL, NULL);

  return next ? next : g_variant_ref (doc);
}

static gboolean
is_open (const Order *order)
{
  return order->draft && !order->draft->submitted;
}

static GVariant *
apply_item (GVariant *doc, const Order *order, const BstWorkItem *item)
{
  if (!is_of_use (item) || item->item.destroy || shows (order->server, item))
    return g_variant_ref (doc);
  /* What is being written is newer than what was sent of it. */
  if (is_open (order) && !item->item.create && g_str_equal (item->item.type, "Request"))
    return item->record ? bst_overlay_lay_over (doc, item->record) : g_variant_ref (doc);
  if (g_str_equal (item->item.type, "RequestEvent"))
    return apply_event (doc, item);
  if (item->item.create)
    return item->record ? bst_overlay_lay_over (doc, item->record) : g_variant_ref (doc);
  return apply_update (doc, item);
}

/* What the order looks like before any step: the draft being edited, the server's record, or what was sent. */
static GVariant *
find_ground (const Order *order)
{
  if (is_open (order))
    return g_variant_ref (order->draft->doc);
  if (order->server)
    return g_variant_ref (order->server);
  if (order->draft)
    return g_variant_ref (order->draft->doc);
  for (guint i = 0; i < order->items->len; i++)
    {
      const BstWorkItem *item = g_ptr_array_index (order->items, i);

      if (item->item.create && g_str_equal (item->item.type, order->type))
        return g_variant_ref (item->item.content);
    }
  return NULL;
}

/* ---- "@local" ---- */

static const char *const state_names[] = { "queued", "sending", "refused", "received" };

static const BstWorkItem *
first_refused (const Order *order)
{
  for (guint i = 0; i < order->items->len; i++)
    {
      const BstWorkItem *item = g_ptr_array_index (order->items, i);

      if (item->local == BST_OUTBOX_REFUSED)
        return item;
    }
  return NULL;
}

/* The one that the user must know first: refused, sending, queued, draft, received. %NULL: nothing of ours. */
static const char *
local_state (const Order *order)
{
  gboolean seen[G_N_ELEMENTS (state_names)] = { FALSE };

  for (guint i = 0; i < order->items->len; i++)
    seen[((const BstWorkItem *) g_ptr_array_index (order->items, i))->local] = TRUE;
  if (seen[BST_OUTBOX_REFUSED])
    return "refused";
  /* What goes up of a shared draft does not make it less of a draft. */
  if (is_open (order) && order->draft->shared && !bst_work_draft_amends (order->draft))
    return "draft";
  if (seen[BST_OUTBOX_SENDING])
    return "sending";
  if (seen[BST_OUTBOX_QUEUED])
    return "queued";
  if (is_open (order))
    return "draft";
  return seen[BST_WORK_RECEIVED] ? "received" : NULL;
}

static void
copy_member (GVariantDict *to, GVariant *from, const char *name)
{
  g_autoptr (GVariant) value = from ? bst_doc_lookup (from, name) : NULL;

  if (value)
    g_variant_dict_insert_value (to, name, value);
}

static void
add_draft (GVariantDict *local, const BstDraft *draft)
{
  if (draft->base)
    g_variant_dict_insert_value (local, "base", draft->base);
  if (draft->conflicts)
    g_variant_dict_insert_value (local, "conflicts", draft->conflicts);
  if (bst_work_draft_amends (draft))
    g_variant_dict_insert (local, "amends", "b", TRUE);
  else if (draft->shared)
    g_variant_dict_insert (local, "shared", "b", TRUE);
}

static gboolean
is_being_removed (const Order *order)
{
  for (guint i = 0; order && i < order->items->len; i++)
    {
      const BstWorkItem *item = g_ptr_array_index (order->items, i);

      if (item->item.destroy && item->local <= BST_OUTBOX_SENDING)
        return TRUE;
    }
  return FALSE;
}

/* "@local" as in bst-store.h. @refused, @order: (nullable) */
static GVariant *
with_local (GVariant *doc, const char *state, const BstWorkItem *refused, const Order *order)
{
  g_autoptr (GVariantDict) local = g_variant_dict_new (NULL);

  if (g_str_equal (state, "received"))
    return bst_overlay_strip (doc);

  g_variant_dict_insert (local, "state", "s", state);
  if (order && is_open (order))
    add_draft (local, order->draft);
  if (is_being_removed (order))
    g_variant_dict_insert (local, "removing", "b", TRUE);
  if (refused)
    {
      if (refused->item.reason)
        g_variant_dict_insert (local, "reason", "s", refused->item.reason);
      copy_member (local, refused->item.error, "problems");
      copy_member (local, refused->item.error, "properties");
      copy_member (local, refused->item.error, "changes");
    }
  return bst_doc_set (doc, "@local", g_variant_dict_end (local));
}

/* What every record has, where the server has not set it yet. */
static GVariant *
with_common (GVariant *doc, const char *id, const char *made_at)
{
  GVariant *whole = bst_doc_set_string (doc, "id", id);

  if (!bst_doc_has (whole, "created"))
    bst_doc_replace (&whole, bst_doc_set_string (whole, "created", made_at));
  if (!bst_doc_has (whole, "updated"))
    bst_doc_replace (&whole, bst_doc_set_string (whole, "updated", made_at));
  return whole;
}

static const char *
made_at (const Order *order)
{
  if (order->draft)
    return order->draft->saved_at;
  return order->items->len > 0
             ? ((const BstWorkItem *) g_ptr_array_index (order->items, 0))->item.queued_at
             : "";
}

static GVariant *
effective (const Order *order, const char *request, const char *state)
{
  g_autoptr (GVariant) ground = find_ground (order);
  GVariant *doc;

  if (!ground)
    return NULL;
  doc = bst_overlay_strip (ground);
  for (guint i = 0; i < order->items->len; i++)
    bst_doc_replace (&doc, apply_item (doc, order, g_ptr_array_index (order->items, i)));

  bst_doc_replace (&doc, with_common (doc, request, made_at (order)));
  if (order->draft && !order->draft->submitted)
    bst_doc_replace (&doc, bst_doc_set_string (doc, "updated", order->draft->saved_at));
  if (is_order (order) && !bst_doc_has (doc, "state"))
    bst_doc_replace (&doc, bst_doc_set_string (doc, "state", "draft"));
  bst_doc_replace (&doc, with_local (doc, state, first_refused (order), order));
  return doc;
}

/* ---- storing ---- */

static gboolean
store_order (BstStore *store,
             const char *request,
             const Order *order,
             const char *state,
             GError **error)
{
  g_autoptr (GVariant) doc = state ? effective (order, request, state) : NULL;
  g_autofree char *text = doc ? bst_json_print (doc) : NULL;
  g_autofree char *server = order->server ? bst_json_print (order->server) : NULL;

  if (text)
    return bst_replica_put_row (store->replica, order->type, order->account, state, server, text,
                                error);
  if (order->row.rowid == 0 || !order->row.local)
    return TRUE;
  if (server)
    return bst_replica_put_row (store->replica, order->type, order->account, NULL, NULL, server,
                                error);
  return bst_replica_remove_row (store->replica, order->type, request, error);
}

/* An unsent step is a row of its own, for the history; the server's record takes its place. */
static gboolean
store_event (BstStore *store, const BstWorkItem *item, GError **error)
{
  const char *state = state_names[item->local];
  g_auto (BstReplicaRow) row = { 0 };
  g_autoptr (GVariant) event = NULL;
  g_autofree char *text = NULL;

  if (!bst_replica_read_row (store->replica, "RequestEvent", item->item.uid, &row, error))
    return FALSE;
  if (row.rowid != 0 && !row.local)
    return TRUE;

  event = with_common (item->item.content, item->item.uid, item->item.queued_at);
  if (item->record)
    bst_doc_replace (&event, bst_overlay_lay_over (event, item->record));
  bst_doc_replace (
      &event, with_local (event, state, item->local == BST_OUTBOX_REFUSED ? item : NULL, NULL));
  text = bst_json_print (event);
  return bst_replica_put_row (store->replica, "RequestEvent", item->item.account, state, NULL, text,
                              error);
}

static gboolean
has_event (const Order *order, const char *uid)
{
  for (guint i = 0; i < order->items->len; i++)
    if (g_str_equal (((const BstWorkItem *) g_ptr_array_index (order->items, i))->item.uid, uid))
      return TRUE;
  return FALSE;
}

static gboolean
store_events (BstStore *store, const char *request, const Order *order, GError **error)
{
  g_autoptr (GPtrArray) laid = bst_replica_list (
      store->replica, "SELECT id FROM RequestEvent WHERE request = ?1 AND _local IS NOT NULL",
      request, NULL, error);

  if (!laid)
    return FALSE;
  for (guint i = 0; i < laid->len; i++)
    if (!has_event (order, g_ptr_array_index (laid, i)) &&
        !bst_replica_remove_row (store->replica, "RequestEvent", g_ptr_array_index (laid, i),
                                 error))
      return FALSE;

  for (guint i = 0; i < order->items->len; i++)
    {
      const BstWorkItem *item = g_ptr_array_index (order->items, i);

      if (g_str_equal (item->item.type, "RequestEvent") && !store_event (store, item, error))
        return FALSE;
    }
  return TRUE;
}

static gboolean
refresh (BstStore *store, const char *request, GError **error)
{
  g_auto (Order) order = { 0 };

  return read_order (store, request, &order, error) &&
         store_order (store, request, &order, local_state (&order), error) &&
         (!is_order (&order) || store_events (store, request, &order, error));
}

gboolean
bst_overlay_base (BstStore *store,
                  const char *id,
                  GVariant **ret_base,
                  gint64 *ret_rev,
                  GError **error)
{
  g_auto (Order) order = { 0 };
  g_autoptr (GVariant) ground = NULL;

  *ret_base = NULL;
  *ret_rev = 0;
  if (!read_order (store, id, &order, error))
    return FALSE;
  ground = find_ground (&order);
  if (!ground)
    return TRUE;
  if (order.items->len == 0)
    *ret_rev = bst_doc_get_int (ground, "rev", 0);
  *ret_base = bst_overlay_strip (ground);
  for (guint i = 0; i < order.items->len; i++)
    bst_doc_replace (ret_base, apply_item (*ret_base, &order, g_ptr_array_index (order.items, i)));
  return TRUE;
}

gboolean
bst_overlay_refresh (BstStore *store, const char *request, GError **error)
{
  if (!bst_db_begin (store->replica->db, error))
    return FALSE;
  if (!refresh (store, request, error))
    {
      bst_db_rollback (store->replica->db);
      return FALSE;
    }
  return bst_db_commit (store->replica->db, error);
}

static void
add_all (GHashTable *set, GPtrArray *values)
{
  for (guint i = 0; i < values->len; i++)
    g_hash_table_add (set, g_strdup (g_ptr_array_index (values, i)));
}

static gboolean
refresh_set (BstStore *store, GHashTable *requests, GError **error)
{
  GHashTableIter iter;
  gpointer request;

  g_hash_table_iter_init (&iter, requests);
  while (g_hash_table_iter_next (&iter, &request, NULL))
    if (!refresh (store, request, error))
      return FALSE;
  return TRUE;
}

gboolean
bst_overlay_refresh_all (BstStore *store, GError **error)
{
  g_autoptr (GHashTable) requests = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  g_autoptr (GPtrArray) ours = bst_work_requests (store->work, error);
  g_autoptr (GPtrArray) laid = NULL;

  if (!ours)
    return FALSE;
  laid = bst_replica_list (
      store->replica,
      "SELECT id FROM Request WHERE _local IS NOT NULL UNION"
      " SELECT request FROM RequestEvent WHERE _local IS NOT NULL AND request IS NOT NULL UNION"
      " SELECT id FROM Proposal WHERE _local IS NOT NULL UNION"
      " SELECT id FROM Charge WHERE _local IS NOT NULL UNION"
      " SELECT id FROM Mandate WHERE _local IS NOT NULL",
      NULL, NULL, error);
  if (!laid)
    return FALSE;
  add_all (requests, ours);
  add_all (requests, laid);
  if (g_hash_table_size (requests) == 0)
    return TRUE;

  if (!bst_db_begin (store->replica->db, error))
    return FALSE;
  if (!refresh_set (store, requests, error))
    {
      bst_db_rollback (store->replica->db);
      return FALSE;
    }
  return bst_db_commit (store->replica->db, error);
}

/* ---- setting aside what the replica shows ---- */

/* The step itself is there; that the order has gone further does not prove it. */
static gboolean
has_step (BstStore *store, const char *uid, gboolean *ret_has, GError **error)
{
  g_auto (BstReplicaRow) row = { 0 };

  if (!bst_replica_read_row (store->replica, "RequestEvent", uid, &row, error))
    return FALSE;
  *ret_has = row.rowid != 0 && !row.local;
  return TRUE;
}

gboolean
bst_overlay_is_shown (BstStore *store, const BstWorkItem *item, gboolean *ret_shown, GError **error)
{
  g_auto (BstReplicaRow) row = { 0 };
  g_autoptr (GVariant) server = NULL;
  const char *text;

  *ret_shown = FALSE;
  if (!bst_replica_read_row (store->replica, bst_overlay_type (item), item->item.request, &row,
                             error))
    return FALSE;
  text = row.base ? row.base : row.local ? NULL : row.doc;
  if (!text)
    return TRUE;
  server = bst_json_parse_object (text, -1, error);
  if (!server)
    return FALSE;
  *ret_shown = shows (server, item);
  return !*ret_shown || !g_str_equal (item->item.type, "RequestEvent") ||
         has_step (store, item->item.uid, ret_shown, error);
}

/* Numbers of the received items that the replica shows. */
static gboolean
list_shown (BstStore *store, GArray *shown, GError **error)
{
  g_autoptr (GPtrArray) items = bst_work_items (store->work, NULL, error);

  if (!items)
    return FALSE;
  for (guint i = 0; i < items->len; i++)
    {
      const BstWorkItem *item = g_ptr_array_index (items, i);
      gboolean is = FALSE;

      if (item->local == BST_WORK_RECEIVED && !bst_overlay_is_shown (store, item, &is, error))
        return FALSE;
      if (is)
        g_array_append_val (shown, item->item.seq);
    }
  return TRUE;
}

gboolean
bst_overlay_prune (BstStore *store, GError **error)
{
  g_autoptr (GArray) shown = g_array_new (FALSE, FALSE, sizeof (gint64));

  if (!list_shown (store, shown, error))
    return FALSE;
  if (shown->len == 0)
    return TRUE;

  if (!bst_work_begin (store->work, error))
    return FALSE;
  for (guint i = 0; i < shown->len; i++)
    if (!bst_work_mark_kept (store->work, g_array_index (shown, gint64, i), error))
      {
        bst_work_rollback (store->work);
        return FALSE;
      }
  return bst_work_commit (store->work, error);
}
