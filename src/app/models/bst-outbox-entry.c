/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "bst-config.h"

#include <string.h>

#include <glib/gi18n.h>

#include "bst-outbox-entry.h"

#include "bst-sync-status.h"

/* clang-format off */
static const struct
{
  const char *action; /* or the type of a record that is no order */
  const char *text;
} whats[] = {
  { "Proposal", N_("Proposal") },
  { "Mandate", N_("Mandate") },
  { "Charge", N_("Objection") },
  { "submit", N_("Order") },
  { "share", N_("Shared draft") },
  { "change", N_("Change of an order") },
  { "remove", N_("Removal of a shared draft") },
  { "approve", N_("Approval") },
  { "decline", N_("Refusal of an approval") },
  { "message", N_("Message") },
  { "answer", N_("Answer") },
  { "confirm", N_("Confirmation of delivery") },
  { "dispute", N_("Dispute") },
  { "cancel", N_("Cancellation") },
  { "rate", N_("Rating") },
};

static const struct
{
  const char *type;
  const char *text;
} refusals[] = {
  { "invalidProperties", N_("Refused: something in it is missing or not valid. Open it to mend it.") },
  { "catalogueChanged", N_("Refused: price or terms have changed since you wrote it. Open it to see both.") },
  { "forbidden", N_("Refused: the order has moved on, or your rights do not reach.") },
  { "revMismatch", N_("Refused: somebody else changed the same thing. Open it to choose.") },
  { "alreadyExists", N_("Refused: the server has another order with the same mark.") },
  { "notFound", N_("Refused: the order is no longer at the server.") },
  { "tooLarge", N_("Refused: it is too large.") },
  { "cannotBeSent", N_("Cannot be sent: the server fails at it each time. Change something in it, or ask those who run the server.") },
  { "fileTooLarge", N_("Refused: a file is too large.") },
};
/* clang-format on */

void
bst_outbox_entry_free (BstOutboxEntry *entry)
{
  g_free (entry->request);
  g_free (entry->type);
  g_free (entry->title);
  g_free (entry->number);
  g_free (entry->action);
  g_free (entry->queued_at);
  g_free (entry->reason);
  g_free (entry);
}

static BstOutboxEntry *
find_order (GPtrArray *entries, const char *request)
{
  for (guint i = 0; i < entries->len; i++)
    {
      BstOutboxEntry *entry = entries->pdata[i];

      if (entry->order && g_strcmp0 (entry->request, request) == 0)
        return entry;
    }
  return NULL;
}

/* Of an order and its submission the state that matters most: refused, then sending. */
static void
join (BstOutboxEntry *entry, const BstOutboxItem *item, gboolean submission)
{
  if (submission)
    g_clear_pointer (&entry->action, g_free);
  if (entry->waits == BST_WAITS_LINE)
    entry->waits = item->waits;
  if (item->state <= entry->state)
    return;
  entry->state = item->state;
  entry->seq = item->seq;
  g_free (entry->reason);
  entry->reason = g_strdup (item->reason);
}

/* What the record it belongs to is called, and its number, as far as it has them. */
static void
read_names (BstStore *store, BstOutboxEntry *entry, const BstOutboxItem *item)
{
  g_autoptr (GVariant) record = bst_store_get (store, entry->type, item->request, NULL);
  const char *title = item->create && g_strcmp0 (item->type, entry->type) == 0
                          ? bst_doc_get_string (item->content, "title")
                          : NULL;

  entry->title = g_strdup (title ? title : bst_doc_get_string (record, "title"));
  entry->number = g_strdup (bst_doc_get_string (record, "number"));
}

/* What an item that is no event does; with its submission behind it, it is simply the order. */
static const char *
order_action (const BstOutboxItem *item)
{
  return item->create ? "share" : item->destroy ? "remove" : "change";
}

static BstOutboxEntry *
entry_new (BstStore *store, const BstOutboxItem *item, const char *action)
{
  BstOutboxEntry *entry = g_new0 (BstOutboxEntry, 1);
  gboolean event = g_strcmp0 (item->type, "RequestEvent") == 0;

  entry->seq = item->seq;
  entry->request = g_strdup (item->request);
  entry->type = g_strdup (event ? "Request" : item->type);
  entry->order = g_strcmp0 (item->type, "Request") == 0;
  entry->action = g_strdup (entry->order ? order_action (item) : action);
  entry->waits = item->waits;
  entry->state = item->state;
  entry->queued_at = g_strdup (item->queued_at);
  entry->reason = g_strdup (item->reason);
  read_names (store, entry, item);
  return entry;
}

GPtrArray *
bst_outbox_entries (BstStore *store, GError **error)
{
  g_autoptr (GPtrArray) items = bst_store_outbox_waits (store, error);
  GPtrArray *entries;

  if (!items)
    return NULL;
  entries = g_ptr_array_new_with_free_func ((GDestroyNotify) bst_outbox_entry_free);
  for (guint i = 0; i < items->len; i++)
    {
      const BstOutboxItem *item = items->pdata[i];
      gboolean event = g_strcmp0 (item->type, "RequestEvent") == 0;
      const char *action = event ? bst_doc_get_string (item->content, "action") : NULL;
      BstOutboxEntry *order =
          !event || g_strcmp0 (action, "submit") == 0 ? find_order (entries, item->request) : NULL;

      if (order)
        join (order, item, event);
      else
        g_ptr_array_add (entries, entry_new (store, item, action));
    }
  return entries;
}

const char *
bst_outbox_what (const char *type, const char *action)
{
  const char *what = !type || strcmp (type, "Request") == 0 ? action : type;

  for (guint i = 0; what && i < G_N_ELEMENTS (whats); i++)
    if (strcmp (whats[i].action, what) == 0)
      return _ (whats[i].text);
  return what ? _ ("Step") : _ ("Order");
}

const char *
bst_outbox_entry_what (const BstOutboxEntry *entry)
{
  return bst_outbox_what (entry->type, entry->action);
}

const char *
bst_refusal_text (const char *type)
{
  for (guint i = 0; type && i < G_N_ELEMENTS (refusals); i++)
    if (strcmp (refusals[i].type, type) == 0)
      return _ (refusals[i].text);
  return _ ("Refused by the server. It is kept here.");
}

gboolean
bst_outbox_entry_can_discard (const BstOutboxEntry *entry)
{
  return entry->state == BST_OUTBOX_REFUSED &&
         (entry->order ? g_strcmp0 (entry->action, "remove") == 0
                       : g_strcmp0 (entry->action, "submit") != 0);
}

const char *
bst_outbox_entry_why (const BstOutboxEntry *entry)
{
  if (entry->state == BST_OUTBOX_REFUSED)
    return bst_refusal_text (entry->reason);
  if (entry->state == BST_OUTBOX_SENDING)
    return NULL;
  switch (entry->waits)
    {
    case BST_WAITS_FILE:
      return _ ("its file goes first");
    case BST_WAITS_ORDER:
      return _ ("waits until its order, which was refused, is put right");
    case BST_WAITS_ANSWER:
      return _ ("waits for the answer to an earlier change of the order");
    case BST_WAITS_RESTORED:
      return _ ("the server was restored from a backup; waits until the computer that sent the "
                "order has brought it back");
    case BST_WAITS_LINE:
    default:
      return NULL;
    }
}

static char *
queued_text (const char *since, const BstOutboxEntry *entry)
{
  const char *why = bst_outbox_entry_why (entry);

  /* Translators: since when it waits, and what for. */
  return why ? g_strdup_printf (_ ("%s · %s"), since, why) : g_strdup (since);
}

char *
bst_outbox_entry_where (const BstOutboxEntry *entry,
                        gint64 now,
                        GTimeZone *zone,
                        const char *language)
{
  gint64 queued;
  g_autofree char *when = NULL;
  g_autofree char *since = NULL;

  switch (entry->state)
    {
    case BST_OUTBOX_REFUSED:
      return g_strdup (bst_refusal_text (entry->reason));
    case BST_OUTBOX_SENDING:
      return g_strdup (_ ("Under way: no answer from the server yet"));
    case BST_OUTBOX_QUEUED:
    default:
      if (!entry->queued_at || !bst_instant_parse (entry->queued_at, &queued))
        return queued_text (_ ("On this computer"), entry);
      when = bst_sync_when (queued, now, zone, language);
      /* Translators: %s is a time, or a day and a time. */
      since = g_strdup_printf (_ ("On this computer since %s"), when);
      return queued_text (since, entry);
    }
}
