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

/* After a commit of work.db. That the replica could not follow is no failure of the work. */
static void
show (BstStore *store, const char *request)
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

static void
show_outbox (BstStore *store, const char *request)
{
  show (store, request);
  bst_store_tell_changed (store, "RequestEvent");
  bst_store_tell_outbox (store);
}

static gpointer
forbid (GError **error, const char *why)
{
  g_set_error (error, BST_ERROR, BST_ERROR_FORBIDDEN, "%s", why);
  return NULL;
}

static gboolean
is_unsettled (const BstWorkItem *item)
{
  return bst_work_item_is_order (item) &&
         (item->local == BST_OUTBOX_QUEUED || item->local == BST_OUTBOX_SENDING);
}

/* What lies behind a refusal goes nowhere: the order can be edited then, whatever became of its later items. */
static gboolean
is_on_its_way (GPtrArray *items)
{
  for (guint i = 0; i < items->len; i++)
    {
      const BstWorkItem *item = g_ptr_array_index (items, i);

      if (is_unsettled (item))
        return TRUE;
      if (bst_work_item_is_order (item) && item->local == BST_OUTBOX_REFUSED)
        return FALSE;
    }
  return FALSE;
}

/* The items of an order that the server refused, and on which it stood or fell. In a transaction. */
static gboolean
remove_refused (BstStore *store, GPtrArray *items, GError **error)
{
  for (guint i = 0; i < items->len; i++)
    {
      const BstWorkItem *item = g_ptr_array_index (items, i);

      if (item->local != BST_OUTBOX_REFUSED || !bst_work_item_is_order (item))
        continue;
      if (!bst_work_remove_item (store->work, item->item.seq, error))
        return FALSE;
    }
  return TRUE;
}

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

/* What the server has, as far as it said; *@ret_server is %NULL when it has nothing. */
static gboolean
find_server_record (BstStore *store,
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

/* ---- drafts ---- */

static gboolean
check_draft (BstStore *store, GVariant *draft, GError **error)
{
  const char *uid = bst_doc_get_string (draft, "uid");
  g_autoptr (GVariant) now = NULL;
  g_autoptr (GPtrArray) items = NULL;

  if (!uid || !bst_uid_is_valid (uid))
    {
      g_set_error (error, BST_ERROR, BST_ERROR_INVALID, "uid: a draft needs one (UUIDv7)");
      return FALSE;
    }
  items = bst_work_items (store->work, uid, error);
  if (!items || !bst_replica_get (store->replica, "Request", uid, &now, error))
    return FALSE;
  if (is_on_its_way (items))
    return forbid (error, "the order is on its way to the server; withdraw it first") != NULL;
  if (now && bst_state_from_name (bst_doc_get_string (now, "state")) != BST_STATE_DRAFT)
    return forbid (error, "the order is no longer a draft") != NULL;
  return TRUE;
}

static gpointer
save_draft (BstStore *store, gpointer args, GError **error)
{
  g_autoptr (GVariant) doc = bst_overlay_strip (args);
  const char *uid = bst_doc_get_string (doc, "uid");
  g_autofree char *now = bst_store_now (store);

  if (!check_draft (store, doc, error) || !bst_work_begin (store->work, error))
    return NULL;
  if (!bst_work_put_draft (store->work, uid, doc, now, error) ||
      !bst_work_set_submitted (store->work, uid, FALSE, error))
    {
      bst_work_rollback (store->work);
      return NULL;
    }
  if (!bst_work_commit (store->work, error))
    return NULL;
  show (store, uid);
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
  guint n = draft ? 1 : 0;

  if (!find_server_record (store, uid, items, &server, error) ||
      !bst_work_remove_draft (store->work, uid, error) ||
      !remove_unsent (store, items, server == NULL, &n, error))
    return FALSE;
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
  if (is_on_its_way (items))
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
  show_outbox (store, uid);
  return BST_STORE_DONE;
}

/* ---- submitting ---- */

static GVariant *
lookup_cb (const char *type, const char *id, gpointer closure)
{
  BstStore *store = closure;
  GVariant *doc = NULL;

  return bst_replica_get (store->replica, type, id, &doc, NULL) ? doc : NULL;
}

/* INVALID that names the first thing missing, and how many more there are. */
static gboolean
check_complete (BstStore *store, GVariant *request, GError **error)
{
  const char *unit = bst_doc_get_string (request, "unit");
  g_autofree char *today = bst_store_today (store, unit);
  BstRequestContext context = {
    .lookup = lookup_cb,
    .closure = store,
    .org = bst_store_org (store, error),
    .today = today,
  };
  g_autoptr (GPtrArray) problems = NULL;
  const BstProblem *first;

  if (!context.org || (unit && !bst_store_roles (store, unit, &context.roles, error)))
    return FALSE;
  problems = bst_request_problems (request, &context);
  if (problems->len == 0)
    return TRUE;
  first = g_ptr_array_index (problems, 0);
  g_set_error (error, BST_ERROR, BST_ERROR_INVALID, "%s: %s (%u to put right)", first->path,
               first->message, problems->len);
  return FALSE;
}

/* A copy without what only the server sets, on this level and in its parts. */
GVariant *
bst_store_client_part (GVariant *doc, const BstRecordType *type)
{
  GVariant *clean = g_variant_ref (doc);

  for (const BstField *field = type->fields; field->name; field++)
    {
      g_autoptr (GVariant) map = NULL;
      GVariantIter iter;
      const char *key;
      GVariant *value;

      if (field->flags & BST_FIELD_SERVER)
        {
          bst_doc_replace (&clean, bst_doc_set (clean, field->name, NULL));
          continue;
        }
      if (field->kind != BST_FIELD_MAP || !field->part)
        continue;
      map = bst_doc_get_map (clean, field->name);
      g_variant_iter_init (&iter, map);
      while (g_variant_iter_next (&iter, "{&sv}", &key, &value))
        {
          g_autofree char *escaped = bst_path_escape (key);
          g_autofree char *path = g_strconcat (field->name, "/", escaped, NULL);

          if (g_variant_is_of_type (value, G_VARIANT_TYPE_VARDICT))
            {
              g_autoptr (GVariant) part = bst_store_client_part (value, field->part);

              bst_doc_replace (&clean, bst_doc_set (clean, path, part));
            }
          g_variant_unref (value);
        }
    }
  return clean;
}

/* The creation, or the change of what the server has; *@ret_content is %NULL when there is nothing to change. */
static void
make_content (GVariant *draft, GVariant *server, GVariant **ret_content)
{
  const BstRecordType *type = bst_record_type_find ("Request");
  g_autoptr (GVariant) own = bst_store_client_part (draft, type);
  g_autoptr (GVariant) mine = bst_store_with_blobs (own);
  g_autoptr (GVariant) theirs = NULL;
  g_autoptr (GVariant) patch = NULL;

  if (!server)
    {
      *ret_content = g_steal_pointer (&mine);
      return;
    }
  theirs = bst_store_client_part (server, type);
  patch = bst_doc_diff (theirs, mine);
  *ret_content = g_variant_n_children (patch) == 0
                     ? NULL
                     : bst_doc_set_int (patch, "rev", bst_doc_get_int (server, "rev", 0));
}

/* The account of an order: the department of its unit. */
static char *
find_account (BstStore *store, GVariant *request, GError **error)
{
  BstOrg *org = bst_store_org (store, error);
  const char *unit = bst_doc_get_string (request, "unit");

  if (!org)
    return NULL;
  return g_strdup (bst_org_department (org, unit) ? bst_org_department (org, unit) : unit);
}

static gboolean
queue (BstStore *store,
       const char *account,
       const char *type,
       const char *uid,
       const char *request,
       gboolean create,
       GVariant *content,
       GError **error)
{
  g_autofree char *now = bst_store_now (store);
  const BstOutboxItem item = {
    .account = (char *) account,
    .type = (char *) type,
    .uid = (char *) uid,
    .request = (char *) request,
    .create = create,
    .content = content,
    .queued_at = now,
  };

  return bst_work_add_item (store->work, &item, error);
}

/* What waited for the order to be put right follows it. In a transaction. */
static gboolean
move_last (BstStore *store, GPtrArray *items, gboolean submission, GError **error)
{
  for (guint i = 0; i < items->len; i++)
    {
      const BstWorkItem *item = g_ptr_array_index (items, i);

      if (g_str_equal (item->item.type, "RequestEvent") && item->local <= BST_OUTBOX_SENDING &&
          bst_work_item_is_order (item) == submission &&
          !bst_work_move_last (store->work, item->item.seq, error))
        return FALSE;
    }
  return TRUE;
}

static gboolean
has_unsettled (GPtrArray *items, const char *type)
{
  for (guint i = 0; i < items->len; i++)
    {
      const BstWorkItem *item = g_ptr_array_index (items, i);

      if (is_unsettled (item) && g_str_equal (item->item.type, type))
        return TRUE;
    }
  return FALSE;
}

/*
 * An earlier try may have come through without our knowing: its content is that of the draft (which could not be edited
 * since), and its submission goes again under its own uid.
 */
static gboolean
queue_order (BstStore *store,
             const char *account,
             const char *uid,
             GVariant *draft,
             GVariant *server,
             GPtrArray *items,
             GError **error)
{
  g_autofree char *event_uid = bst_uid_new (&store->clock);
  g_autofree char *now = bst_store_now (store);
  g_autoptr (GVariant) event = bst_doc_new ();
  g_autoptr (GVariant) content = NULL;

  make_content (draft, server, &content);
  if (content && !has_unsettled (items, "Request") &&
      !queue (store, account, "Request", uid, uid, server == NULL, content, error))
    return FALSE;
  if (has_unsettled (items, "RequestEvent"))
    return move_last (store, items, TRUE, error);

  bst_doc_replace (&event, bst_doc_set_string (event, "uid", event_uid));
  bst_doc_replace (&event, bst_doc_set_string (event, "request", uid));
  bst_doc_replace (&event, bst_doc_set_string (event, "action", "submit"));
  bst_doc_replace (&event, bst_doc_set_string (event, "at", now));
  return queue (store, account, "RequestEvent", event_uid, uid, TRUE, event, error);
}

static gboolean
queue_submission (BstStore *store,
                  const char *uid,
                  GVariant *draft,
                  GVariant *server,
                  GPtrArray *items,
                  GError **error)
{
  g_autofree char *account = find_account (store, draft, error);
  g_autofree char *now = bst_store_now (store);

  return account && remove_refused (store, items, error) &&
         bst_work_put_draft (store->work, uid, draft, now, error) &&
         bst_work_set_submitted (store->work, uid, TRUE, error) &&
         queue_order (store, account, uid, draft, server, items, error) &&
         move_last (store, items, FALSE, error);
}

/* The order as it is to be sent, with the one who orders it. */
static gboolean
find_draft (BstStore *store, const char *uid, GVariant **ret_draft, GError **error)
{
  g_autoptr (BstDraft) draft = NULL;
  g_autoptr (GVariant) identity = bst_store_get_identity (store);
  const char *person = bst_doc_get_string (identity, "person");

  if (!bst_work_get_draft (store->work, uid, &draft, error))
    return FALSE;
  if (!draft)
    {
      g_set_error (error, BST_ERROR, BST_ERROR_NOT_FOUND, "there is no draft %s", uid);
      return FALSE;
    }
  if (draft->submitted)
    return forbid (error, "the order is submitted already") != NULL;

  *ret_draft = person && !bst_doc_has (draft->doc, "orderer")
                   ? bst_doc_set_string (draft->doc, "orderer", person)
                   : g_variant_ref (draft->doc);
  return TRUE;
}

static gpointer
submit (BstStore *store, gpointer args, GError **error)
{
  const char *uid = args;
  g_autoptr (GVariant) draft = NULL;
  g_autoptr (GVariant) server = NULL;
  g_autoptr (GPtrArray) items = bst_work_items (store->work, uid, error);

  if (!items || !find_draft (store, uid, &draft, error) || !check_complete (store, draft, error) ||
      !find_server_record (store, uid, items, &server, error) ||
      !bst_work_begin (store->work, error))
    return NULL;
  if (!queue_submission (store, uid, draft, server, items, error))
    {
      bst_work_rollback (store->work);
      return NULL;
    }
  if (!bst_work_commit (store->work, error))
    return NULL;
  show_outbox (store, uid);
  return BST_STORE_DONE;
}

/* ---- withdrawing ---- */

static gboolean
remove_order_items (BstStore *store, GPtrArray *items, GError **error)
{
  for (guint i = 0; i < items->len; i++)
    {
      const BstWorkItem *item = g_ptr_array_index (items, i);

      if (item->local == BST_OUTBOX_QUEUED &&
          !bst_work_remove_item (store->work, item->item.seq, error))
        return FALSE;
    }
  return TRUE;
}

static gboolean
may_withdraw (GPtrArray *items)
{
  gboolean any = FALSE;

  for (guint i = 0; i < items->len; i++)
    {
      const BstWorkItem *item = g_ptr_array_index (items, i);

      if (!bst_work_item_is_order (item) || item->local == BST_WORK_RECEIVED)
        continue;
      if (item->local != BST_OUTBOX_QUEUED || item->item.tries > 0)
        return FALSE;
      any = TRUE;
    }
  return any;
}

static gpointer
withdraw (BstStore *store, gpointer args, GError **error)
{
  const char *uid = args;
  g_autoptr (GPtrArray) items = bst_work_items (store->work, uid, error);

  if (!items)
    return NULL;
  if (!may_withdraw (items))
    return forbid (error, "the order may have left this computer");

  if (!bst_work_begin (store->work, error))
    return NULL;
  if (!remove_order_items (store, items, error) ||
      !bst_work_set_submitted (store->work, uid, FALSE, error))
    {
      bst_work_rollback (store->work);
      return NULL;
    }
  if (!bst_work_commit (store->work, error))
    return NULL;
  show_outbox (store, uid);
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
  if (!queue (store, account, "RequestEvent", uid, request, TRUE, event, error))
    {
      bst_work_rollback (store->work);
      return NULL;
    }
  if (!bst_work_commit (store->work, error))
    return NULL;
  show_outbox (store, request);
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
  show_outbox (store, item->item.request);
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

/* The three doors of a job on one order, named by its uid. */
#define DOORS(name, job)                                                                           \
  gboolean bst_store_##name (BstStore *store, const char *uid, GError **error)                     \
  {                                                                                                \
    return bst_store_call (store, store->writer, job, (gpointer) uid, error) != NULL;              \
  }                                                                                                \
  void bst_store_##name##_async (BstStore *store, const char *uid, GCancellable *cancellable,      \
                                 GAsyncReadyCallback callback, gpointer user_data)                 \
  {                                                                                                \
    bst_store_call_async (store, store->writer, job, g_strdup (uid), g_free, NULL, cancellable,    \
                          callback, user_data, bst_store_##name##_async);                          \
  }                                                                                                \
  gboolean bst_store_##name##_finish (BstStore *store, GAsyncResult *result, GError **error)       \
  {                                                                                                \
    return bst_store_call_finish (store, result, bst_store_##name##_async, error) != NULL;         \
  }

DOORS (remove_draft, remove_draft)
DOORS (submit, submit)
DOORS (withdraw, withdraw)
