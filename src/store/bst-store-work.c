/* SPDX-License-Identifier: GPL-3.0-or-later */

/*
 * Own work: drafts, submitting, steps on orders. Each job commits to work.db first, then lays the overlay
 * anew; the overlay can be lost and is made again at the next opening, the commit cannot.
 */

#include "bst-store-private.h"

#include "bst-error.h"
#include "bst-json.h"
#include "bst-life.h"

#include <string.h>

/* ---- common ---- */

void
bst_store_show (BstStore *store, const char *request)
{
  g_autoptr (GError) error = NULL;

  if (!bst_overlay_refresh (store, request, &error))
    {
      g_message ("what was saved is not shown yet: %s", error->message);
      if (g_error_matches (error, BST_ERROR, BST_ERROR_CORRUPT))
        bst_replica_doubt (store->directory);
    }
  bst_store_tell_changed (store, "Request");
}

void
bst_store_show_outbox (BstStore *store, const char *request)
{
  bst_store_show (store, request);
  bst_store_tell_changed (store, "RequestEvent");
  bst_store_tell_outbox (store);
}

static gpointer
forbid (GError **error, const char *why)
{
  g_set_error (error, BST_ERROR, BST_ERROR_FORBIDDEN, "%s", why);
  return NULL;
}

/* ---- drafts ---- */

/* Of an order that was sent, only some things may still be changed, and only by who knew that it was. */
static gboolean
check_amendment (GVariant *server, GVariant *base, GVariant *doc, GError **error)
{
  const BstRecordType *type = bst_record_type_find ("Request");
  g_autoptr (GVariant) then = bst_record_client_part (base ? base : server, type);
  g_autoptr (GVariant) now = bst_record_client_part (doc, type);
  g_autoptr (GVariant) patch = bst_doc_diff (then, now);
  GVariantIter iter;
  const char *path;

  if (bst_state_is_over (bst_state_from_name (bst_doc_get_string (server, "state"))))
    return forbid (error, "the order is over") != NULL;
  if (bst_state_from_name (bst_doc_get_string (doc, "state")) == BST_STATE_DRAFT ||
      (base && bst_state_from_name (bst_doc_get_string (base, "state")) == BST_STATE_DRAFT))
    return forbid (error, "the order is no longer a draft") != NULL;
  g_variant_iter_init (&iter, patch);
  while (g_variant_iter_next (&iter, "{&sv}", &path, NULL))
    if (!bst_request_may_amend (path))
      {
        g_set_error (error, BST_ERROR, BST_ERROR_FORBIDDEN, "%s: the order was sent", path);
        return FALSE;
      }
  return TRUE;
}

/* All that saving a draft has to know. */
typedef struct
{
  GVariant *doc;
  const char *uid;
  GPtrArray *items;
  BstDraft *stored; /* (nullable) as it was saved before */
  GVariant *server; /* (nullable) */
  GVariant *base;   /* (nullable) what the editor began with */
  GVariant *conflicts;
} Saving;

static void
saving_clear (Saving *saving)
{
  g_clear_pointer (&saving->doc, g_variant_unref);
  g_clear_pointer (&saving->items, g_ptr_array_unref);
  g_clear_pointer (&saving->stored, bst_draft_free);
  g_clear_pointer (&saving->server, g_variant_unref);
  g_clear_pointer (&saving->base, g_variant_unref);
  g_clear_pointer (&saving->conflicts, g_variant_unref);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Saving, saving_clear)

static gboolean
read_saving (BstStore *store, GVariant *request, Saving *saving, GError **error)
{
  g_autoptr (GVariant) local = bst_doc_get_map (request, "@local");

  saving->doc = bst_overlay_strip (request);
  saving->uid = bst_doc_get_string (saving->doc, "uid");
  if (!saving->uid || !bst_uid_is_valid (saving->uid))
    {
      g_set_error (error, BST_ERROR, BST_ERROR_INVALID, "uid: a draft needs one (UUIDv7)");
      return FALSE;
    }
  saving->items = bst_work_items (store->work, saving->uid, error);
  if (!saving->items || !bst_work_get_draft (store->work, saving->uid, &saving->stored, error) ||
      !bst_store_server_record (store, saving->uid, saving->items, &saving->server, error))
    return FALSE;
  saving->base = bst_doc_lookup (local, "base");
  saving->conflicts = bst_doc_get_list (local, "conflicts");
  if (!saving->base && saving->stored && saving->stored->base)
    {
      saving->base = g_variant_ref (saving->stored->base);
      g_clear_pointer (&saving->conflicts, g_variant_unref);
      saving->conflicts =
          saving->stored->conflicts ? g_variant_ref (saving->stored->conflicts) : NULL;
    }
  else if (!saving->base && saving->server && !saving->stored)
    saving->base = g_variant_ref (saving->server);
  return TRUE;
}

static gboolean
check_saving (BstStore *store, const Saving *saving, GError **error)
{
  g_autoptr (GVariant) now = NULL;
  gboolean open = saving->stored && saving->stored->shared && !saving->stored->submitted;
  gboolean sent =
      saving->server &&
      bst_state_from_name (bst_doc_get_string (saving->server, "state")) != BST_STATE_DRAFT;

  if (!bst_replica_get (store->replica, "Request", saving->uid, &now, error))
    return FALSE;
  if (!open && bst_store_is_on_its_way (saving->items))
    return forbid (error, "the order is on its way to the server; withdraw it first") != NULL;
  if (sent)
    return check_amendment (saving->server, saving->base, saving->doc, error);
  if (now && bst_state_from_name (bst_doc_get_string (now, "state")) != BST_STATE_DRAFT)
    return forbid (error, "the order is no longer a draft") != NULL;
  return TRUE;
}

/* Whether it is a draft at the server too. */
static gboolean
is_shared_record (GVariant *server)
{
  return server && bst_state_from_name (bst_doc_get_string (server, "state")) == BST_STATE_DRAFT;
}

/* In a transaction. A draft that came from a colleague is shared from the beginning. */
static gboolean
write_saving (BstStore *store, const Saving *saving, GError **error)
{
  g_autofree char *now = bst_store_now (store);
  gboolean theirs = !saving->stored && is_shared_record (saving->server);

  return bst_store_take_back_removal (store, saving->items, error) &&
         bst_work_put_draft (store->work, saving->uid, saving->doc, now, error) &&
         bst_work_set_base (store->work, saving->uid, saving->base, saving->conflicts, error) &&
         bst_work_set_submitted (store->work, saving->uid, FALSE, error) &&
         (!theirs || bst_work_set_shared (store->work, saving->uid, TRUE, error)) &&
         bst_store_rebase (store, saving->uid, error);
}

static gpointer
save_draft (BstStore *store, gpointer args, GError **error)
{
  g_auto (Saving) saving = { 0 };

  if (!read_saving (store, args, &saving, error) || !check_saving (store, &saving, error) ||
      !bst_work_begin (store->work, error))
    return NULL;
  if (!write_saving (store, &saving, error))
    {
      bst_work_rollback (store->work);
      return NULL;
    }
  if (!bst_work_commit (store->work, error))
    return NULL;
  bst_store_show (store, saving.uid);
  return BST_STORE_DONE;
}

/* Of an order that the server does not have, nothing is left to send. In a transaction. */
static gboolean
remove_unsent (BstStore *store, GPtrArray *items, gboolean all, guint *ret_n, GError **error)
{
  for (guint i = 0; i < items->len; i++)
    {
      const BstWorkItem *item = g_ptr_array_index (items, i);

      if (item->local > BST_OUTBOX_REFUSED || !(all || bst_work_item_is_order (item)))
        continue;
      if (!bst_work_remove_item (store->work, item->item.seq, error))
        return FALSE;
      (*ret_n)++;
    }
  return TRUE;
}

static gboolean
remove_draft_rows (BstStore *store,
                   const char *uid,
                   const BstDraft *draft,
                   GPtrArray *items,
                   GError **error)
{
  g_autoptr (GVariant) server = NULL;
  g_autoptr (GVariant) shown = NULL;
  guint n = draft ? 1 : 0;

  if (!bst_store_server_record (store, uid, items, &server, error) ||
      !bst_replica_get (store->replica, "Request", uid, &shown, error) ||
      !bst_work_remove_draft (store->work, uid, error) ||
      !remove_unsent (store, items, server == NULL, &n, error))
    return FALSE;
  if (is_shared_record (server) && is_shared_record (shown))
    return bst_store_queue_removal (store, uid, server, error);
  if (n > 0)
    return TRUE;
  g_set_error (error, BST_ERROR, BST_ERROR_NOT_FOUND, "there is no draft %s", uid);
  return FALSE;
}

static gpointer
remove_draft (BstStore *store, gpointer args, GError **error)
{
  const char *uid = args;
  g_autoptr (BstDraft) draft = NULL;
  g_autoptr (GPtrArray) items = bst_work_items (store->work, uid, error);

  if (!items || !bst_work_get_draft (store->work, uid, &draft, error))
    return NULL;
  if (bst_store_is_on_its_way (items) && !(draft && draft->shared && !draft->submitted))
    return forbid (error, "the order is on its way to the server; withdraw it first");

  if (!bst_work_begin (store->work, error))
    return NULL;
  if (!remove_draft_rows (store, uid, draft, items, error))
    {
      bst_work_rollback (store->work);
      return NULL;
    }
  if (!bst_work_commit (store->work, error))
    return NULL;
  bst_store_show_outbox (store, uid);
  return BST_STORE_DONE;
}

/* ---- steps ---- */

static gboolean
check_event (BstStore *store, GVariant *event, char **ret_account, GError **error)
{
  const char *request = bst_doc_get_string (event, "request");
  g_auto (BstReplicaRow) row = { 0 };
  g_autoptr (GVariant) doc = NULL;
  g_autoptr (GVariant) after = NULL;
  BstRole roles;

  if (!request || !bst_replica_read_row (store->replica, "Request", request, &row, error))
    {
      if (!request)
        g_set_error (error, BST_ERROR, BST_ERROR_INVALID, "request: a step needs one");
      return FALSE;
    }
  if (row.rowid == 0)
    {
      g_set_error (error, BST_ERROR, BST_ERROR_NOT_FOUND, "there is no order %s", request);
      return FALSE;
    }
  if (g_strcmp0 (bst_doc_get_string (event, "action"), "submit") == 0)
    {
      g_set_error (error, BST_ERROR, BST_ERROR_INVALID,
                   "action: a draft is submitted by bst_store_submit()");
      return FALSE;
    }

  doc = bst_json_parse_object (row.doc, -1, error);
  if (!doc || !bst_store_roles (store, bst_doc_get_string (doc, "unit"), &roles, error))
    return FALSE;
  after = bst_life_apply (doc, event, roles, error);
  if (!after)
    return FALSE;
  *ret_account = g_strdup (row.account);
  return TRUE;
}

static gpointer
add_event (BstStore *store, gpointer args, GError **error)
{
  g_autoptr (GVariant) event = bst_overlay_strip (args);
  g_autofree char *uid = bst_uid_new (&store->clock);
  g_autofree char *now = bst_store_now (store);
  g_autofree char *account = NULL;
  const char *request;

  bst_doc_replace (&event, bst_doc_set_string (event, "uid", uid));
  bst_doc_replace (&event, bst_doc_set_string (event, "at", now));
  request = bst_doc_get_string (event, "request");
  if (!check_event (store, event, &account, error) || !bst_work_begin (store->work, error))
    return NULL;
  if (!bst_store_queue (store, account, "RequestEvent", uid, request, TRUE, event, error))
    {
      bst_work_rollback (store->work);
      return NULL;
    }
  if (!bst_work_commit (store->work, error))
    return NULL;
  bst_store_show_outbox (store, request);
  return BST_STORE_DONE;
}

/* ---- dropping what was refused ---- */

static gboolean
drop_dependents (BstStore *store, const BstWorkItem *refused, GError **error)
{
  gboolean whole = refused->item.create && g_str_equal (refused->item.type, "Request");
  g_autoptr (GPtrArray) items = bst_work_items (store->work, refused->item.request, error);

  if (!items)
    return FALSE;
  for (guint i = 0; i < items->len; i++)
    {
      const BstWorkItem *item = g_ptr_array_index (items, i);
      gboolean depends = item->item.seq == refused->item.seq ||
                         (bst_work_item_is_order (refused) && item->item.seq > refused->item.seq);

      if (depends && item->local != BST_WORK_RECEIVED &&
          !bst_work_remove_item (store->work, item->item.seq, error))
        return FALSE;
    }
  return !whole || bst_work_remove_draft (store->work, refused->item.request, error);
}

static gpointer
discard_refused (BstStore *store, gpointer args, GError **error)
{
  g_autoptr (BstWorkItem) item = bst_work_get_item (store->work, *(gint64 *) args, error);

  if (!item)
    return NULL;
  if (item->local != BST_OUTBOX_REFUSED)
    return forbid (error, "it was not refused");

  if (!bst_work_begin (store->work, error))
    return NULL;
  if (!drop_dependents (store, item, error))
    {
      bst_work_rollback (store->work);
      return NULL;
    }
  if (!bst_work_commit (store->work, error))
    return NULL;
  bst_store_show_outbox (store, item->item.request);
  return BST_STORE_DONE;
}

gboolean
bst_store_discard_refused (BstStore *store, gint64 seq, GError **error)
{
  return bst_store_call (store, store->writer, discard_refused, &seq, error) != NULL;
}

/* ---- the doors ---- */

static gpointer
own_doc (GVariant *doc)
{
  return bst_doc_take (g_variant_ref_sink (doc));
}

gboolean
bst_store_save_draft (BstStore *store, GVariant *request, GError **error)
{
  g_autoptr (GVariant) doc = own_doc (request);

  return bst_store_call (store, store->writer, save_draft, doc, error) != NULL;
}

void
bst_store_save_draft_async (BstStore *store,
                            GVariant *request,
                            GCancellable *cancellable,
                            GAsyncReadyCallback callback,
                            gpointer user_data)
{
  bst_store_call_async (store, store->writer, save_draft, own_doc (request),
                        (GDestroyNotify) g_variant_unref, NULL, cancellable, callback, user_data,
                        bst_store_save_draft_async);
}

gboolean
bst_store_save_draft_finish (BstStore *store, GAsyncResult *result, GError **error)
{
  return bst_store_call_finish (store, result, bst_store_save_draft_async, error) != NULL;
}

gboolean
bst_store_add_event (BstStore *store, GVariant *event, GError **error)
{
  g_autoptr (GVariant) doc = own_doc (event);

  return bst_store_call (store, store->writer, add_event, doc, error) != NULL;
}

void
bst_store_add_event_async (BstStore *store,
                           GVariant *event,
                           GCancellable *cancellable,
                           GAsyncReadyCallback callback,
                           gpointer user_data)
{
  bst_store_call_async (store, store->writer, add_event, own_doc (event),
                        (GDestroyNotify) g_variant_unref, NULL, cancellable, callback, user_data,
                        bst_store_add_event_async);
}

gboolean
bst_store_add_event_finish (BstStore *store, GAsyncResult *result, GError **error)
{
  return bst_store_call_finish (store, result, bst_store_add_event_async, error) != NULL;
}

BST_STORE_DOORS (remove_draft, remove_draft)
