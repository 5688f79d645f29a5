/* SPDX-License-Identifier: GPL-3.0-or-later */

/*
 * Submitting and withdrawing: a draft becomes outbox items, in one transaction; and the changes of an order that was sent.
 */

#include "bst-store-private.h"

#include "bst-error.h"
#include "bst-life.h"

static gboolean
is_unsettled (const BstWorkItem *item)
{
  return bst_work_item_is_order (item) && !item->item.destroy &&
         (item->local == BST_OUTBOX_QUEUED || item->local == BST_OUTBOX_SENDING);
}

gboolean
bst_store_is_on_its_way (GPtrArray *items)
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

GVariant *
bst_store_clean_order (BstStore *store, GVariant *draft)
{
  const BstRequestContext context = { .lookup = lookup_cb, .closure = store };

  return bst_request_clean (draft, &context);
}

void
bst_store_make_content (GVariant *draft, GVariant *server, GVariant **ret_content)
{
  const BstRecordType *type = bst_record_type_find ("Request");
  g_autoptr (GVariant) own = bst_record_client_part (draft, type);
  g_autoptr (GVariant) mine = bst_store_with_blobs (own);
  g_autoptr (GVariant) theirs = NULL;
  g_autoptr (GVariant) patch = NULL;

  if (!server)
    {
      *ret_content = g_steal_pointer (&mine);
      return;
    }
  theirs = bst_record_client_part (server, type);
  patch = bst_doc_diff (theirs, mine);
  *ret_content = g_variant_n_children (patch) == 0
                     ? NULL
                     : bst_doc_set_int (patch, "rev", bst_doc_get_int (server, "rev", 0));
}

char *
bst_store_find_account (BstStore *store, GVariant *request, GError **error)
{
  BstOrg *org = bst_store_org (store, error);
  const char *unit = bst_doc_get_string (request, "unit");

  if (!org)
    return NULL;
  return g_strdup (bst_org_department (org, unit) ? bst_org_department (org, unit) : unit);
}

gboolean
bst_store_queue (BstStore *store,
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

gboolean
bst_store_move_last (BstStore *store, GPtrArray *items, gboolean submission, GError **error)
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

gboolean
bst_store_has_unsettled (GPtrArray *items, const char *type)
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
  gboolean drafted =
      bst_state_from_name (server ? bst_doc_get_string (server, "state") : NULL) == BST_STATE_DRAFT;
  g_autoptr (GVariant) sent =
      drafted ? bst_store_clean_order (store, draft) : g_variant_ref (draft);
  g_autoptr (GVariant) content = NULL;

  bst_store_make_content (sent, server, &content);
  if (content && !bst_store_has_unsettled (items, "Request") &&
      !bst_store_queue (store, account, "Request", uid, uid, server == NULL, content, error))
    return FALSE;
  if (!drafted)
    return TRUE; /* it was sent before; these are its changes */
  if (bst_store_has_unsettled (items, "RequestEvent"))
    return bst_store_move_last (store, items, TRUE, error);

  bst_doc_replace (&event, bst_doc_set_string (event, "uid", event_uid));
  bst_doc_replace (&event, bst_doc_set_string (event, "request", uid));
  bst_doc_replace (&event, bst_doc_set_string (event, "action", "submit"));
  bst_doc_replace (&event, bst_doc_set_string (event, "at", now));
  return bst_store_queue (store, account, "RequestEvent", event_uid, uid, TRUE, event, error);
}

static gboolean
queue_submission (BstStore *store,
                  const char *uid,
                  GVariant *draft,
                  GVariant *server,
                  GPtrArray *items,
                  GError **error)
{
  g_autofree char *account = bst_store_find_account (store, draft, error);
  g_autofree char *now = bst_store_now (store);

  return account && remove_refused (store, items, error) &&
         bst_work_put_draft (store->work, uid, draft, now, error) &&
         bst_work_set_submitted (store->work, uid, TRUE, error) &&
         queue_order (store, account, uid, draft, server, items, error) &&
         bst_store_move_last (store, items, FALSE, error);
}

gboolean
bst_store_queue_again (BstStore *store, const char *uid, GError **error)
{
  g_autoptr (GPtrArray) items = bst_work_items (store->work, uid, error);
  g_autoptr (BstDraft) draft = NULL;

  return items && bst_work_get_draft (store->work, uid, &draft, error) &&
         (!draft || queue_submission (store, uid, draft->doc, draft->base, items, error));
}

static gboolean
check_draft (BstStore *store, const char *uid, const BstDraft *draft, GError **error)
{
  if (!draft)
    g_set_error (error, BST_ERROR, BST_ERROR_NOT_FOUND, "there is no draft %s", uid);
  else if (draft->submitted)
    g_set_error (error, BST_ERROR, BST_ERROR_FORBIDDEN, "the order is submitted already");
  else if (draft->conflicts && g_variant_n_children (draft->conflicts) > 0)
    g_set_error (error, BST_ERROR, BST_ERROR_INVALID, "two versions are to be decided between");
  else if (bst_work_draft_amends (draft) && !bst_doc_has (draft->doc, "title"))
    g_set_error (error, BST_ERROR, BST_ERROR_INVALID, "title: missing");
  else
    return bst_work_draft_amends (draft) || check_complete (store, draft->doc, error);
  return FALSE;
}

/* The order as it is to be sent, with the one who orders it. In a transaction. */
static gboolean
submit_draft (BstStore *store, const char *uid, GError **error)
{
  g_autoptr (BstDraft) draft = NULL;
  g_autoptr (GVariant) identity = bst_store_get_identity (store);
  g_autoptr (GPtrArray) items = bst_work_items (store->work, uid, error);
  g_autoptr (GVariant) server = NULL;
  g_autoptr (GVariant) doc = NULL;
  const char *person = bst_doc_get_string (identity, "person");

  if (!items || !bst_store_rebase (store, uid, error) ||
      !bst_work_get_draft (store->work, uid, &draft, error) ||
      !check_draft (store, uid, draft, error) ||
      !bst_store_server_record (store, uid, items, &server, error))
    return FALSE;
  doc = person && !bst_doc_has (draft->doc, "orderer")
            ? bst_doc_set_string (draft->doc, "orderer", person)
            : g_variant_ref (draft->doc);
  return queue_submission (store, uid, doc, draft->base ? draft->base : server, items, error);
}

static gpointer
submit (BstStore *store, gpointer args, GError **error)
{
  const char *uid = args;

  if (!bst_work_begin (store->work, error))
    return NULL;
  if (!submit_draft (store, uid, error))
    {
      bst_work_rollback (store->work);
      return NULL;
    }
  if (!bst_work_commit (store->work, error))
    return NULL;
  bst_store_show_outbox (store, uid);
  return BST_STORE_DONE;
}

BST_STORE_DOORS (submit, submit)

/* ---- withdrawing ---- */

/* The steps on an order that was sent before stay. */
static gboolean
remove_order_items (BstStore *store, GPtrArray *items, gboolean amends, GError **error)
{
  for (guint i = 0; i < items->len; i++)
    {
      const BstWorkItem *item = g_ptr_array_index (items, i);

      if (item->local == BST_OUTBOX_QUEUED && (!amends || bst_work_item_is_order (item)) &&
          !bst_work_remove_item (store->work, item->item.seq, error))
        return FALSE;
    }
  return TRUE;
}

/* What was shared before may have left; its submission has not. */
static gboolean
may_withdraw (GPtrArray *items, gboolean shared)
{
  gboolean any = FALSE;

  for (guint i = 0; i < items->len; i++)
    {
      const BstWorkItem *item = g_ptr_array_index (items, i);

      if (!bst_work_item_is_order (item) || item->local == BST_WORK_RECEIVED ||
          (shared && g_str_equal (item->item.type, "Request")))
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
  g_autoptr (BstDraft) draft = NULL;

  if (!items || !bst_work_get_draft (store->work, uid, &draft, error))
    return NULL;
  if (!may_withdraw (items, draft && draft->shared))
    {
      g_set_error (error, BST_ERROR, BST_ERROR_FORBIDDEN, "the order may have left this computer");
      return NULL;
    }

  if (!bst_work_begin (store->work, error))
    return NULL;
  if (!remove_order_items (store, items, bst_work_draft_amends (draft), error) ||
      !bst_work_set_submitted (store->work, uid, FALSE, error))
    {
      bst_work_rollback (store->work);
      return NULL;
    }
  if (!bst_work_commit (store->work, error))
    return NULL;
  bst_store_show_outbox (store, uid);
  return BST_STORE_DONE;
}

BST_STORE_DOORS (withdraw, withdraw)
