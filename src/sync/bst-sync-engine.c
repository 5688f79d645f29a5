/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "bst-sync-engine.h"

#include "bst-error.h"
#include "bst-jmap.h"
#include "bst-json.h"
#include "bst-sync-batch.h"

#include <string.h>

#define ITEMS_A_BATCH  250  /* 125 orders with their submissions */
#define CHANGES_A_PAGE 2000 /* about 1.5 MB of orders */
#define MAX_RESETS     3
#define OWN_CAPABILITY "capabilities/https:~1~1bestiller.org~1ns~1jmap"
#define OWN_ACCOUNT    "accountCapabilities/https:~1~1bestiller.org~1ns~1jmap/initialState"

struct _BstSyncEngine
{
  BstStore *store;
  BstTransport *transport;
  BstSyncProgress progress;
  gpointer closure;

  GVariant *accounts; /* of the session: id -> {…}; NULL: to be read */
  char *session_state;
  gboolean fresh;     /* the session was read for this batch */
  guint resets;       /* in this round */
  GHashTable *totals; /* account -> gint64*: of first synchronisations under way */
  GHashTable *positions;
};

BstSyncEngine *
bst_sync_engine_new (BstStore *store,
                     BstTransport *transport,
                     BstSyncProgress progress,
                     gpointer closure)
{
  BstSyncEngine *engine = g_new0 (BstSyncEngine, 1);

  engine->store = g_object_ref (store);
  engine->transport = g_object_ref (transport);
  engine->progress = progress;
  engine->closure = closure;
  engine->totals = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, g_free);
  engine->positions = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, g_free);
  return engine;
}

void
bst_sync_engine_free (BstSyncEngine *engine)
{
  g_object_unref (engine->store);
  g_object_unref (engine->transport);
  g_clear_pointer (&engine->accounts, g_variant_unref);
  g_free (engine->session_state);
  g_hash_table_unref (engine->totals);
  g_hash_table_unref (engine->positions);
  g_free (engine);
}

/* The server that this store belongs to, and no other one that happens to answer. */
static gboolean
check_authority (BstSyncEngine *engine, GVariant *session, GError **error)
{
  g_autoptr (GVariant) identity = bst_store_get_identity (engine->store);
  static const char *const same[] = { "authority", "person" };

  for (guint i = 0; i < G_N_ELEMENTS (same); i++)
    {
      g_autofree char *path = g_strconcat (OWN_CAPABILITY "/", same[i], NULL);
      const char *theirs = bst_doc_get_string (session, path);
      const char *ours = bst_doc_get_string (identity, same[i]);

      if (!theirs || (ours && strcmp (ours, theirs) != 0))
        {
          g_set_error (error, BST_ERROR, BST_ERROR_PROTOCOL, "the session is for another %s (%s)",
                       same[i], theirs ? theirs : "none");
          return FALSE;
        }
    }
  return TRUE;
}

static gboolean
read_session (BstSyncEngine *engine, GCancellable *cancellable, GError **error)
{
  g_autoptr (GBytes) answer = bst_transport_request (engine->transport, "GET", "/.well-known/jmap",
                                                     NULL, cancellable, error);
  g_autoptr (GVariant) session = NULL;
  g_autoptr (GVariant) accounts = NULL;
  const char *state;
  gsize len;
  const char *text;

  if (!answer)
    return FALSE;
  text = g_bytes_get_data (answer, &len);
  session = bst_json_parse_object (text, (gssize) len, NULL);
  state = session ? bst_doc_get_string (session, "state") : NULL;
  if (!state || !bst_doc_has (session, OWN_CAPABILITY) || !bst_doc_has (session, "accounts"))
    {
      g_set_error (error, BST_ERROR, BST_ERROR_PORTAL, "what answered is no Bestiller server");
      return FALSE;
    }
  if (!check_authority (engine, session, error))
    return FALSE;
  accounts = bst_doc_get_map (session, "accounts");
  if (!bst_store_set_accounts (engine->store, accounts, error))
    return FALSE;

  g_clear_pointer (&engine->accounts, g_variant_unref);
  engine->accounts = g_steal_pointer (&accounts);
  g_free (engine->session_state);
  engine->session_state = g_strdup (state);
  engine->fresh = TRUE;
  return TRUE;
}

/* Asks for the changes of every account, from the checkpoint or from the beginning. */
static gboolean
add_changes (BstSyncEngine *engine, BstSyncBatch *batch, GError **error)
{
  GVariantIter iter;
  const char *account;
  GVariant *value;

  g_variant_iter_init (&iter, engine->accounts);
  while (g_variant_iter_next (&iter, "{&sv}", &account, &value))
    {
      g_autoptr (GVariant) held = value;
      g_autoptr (GError) local = NULL;
      g_autofree char *checkpoint = bst_store_get_checkpoint (engine->store, account, &local);
      const char *initial = bst_doc_get_string (held, OWN_ACCOUNT);

      if (local)
        {
          g_propagate_error (error, g_steal_pointer (&local));
          return FALSE;
        }
      if (checkpoint || initial)
        bst_sync_batch_add_changes (batch, account, checkpoint ? checkpoint : initial,
                                    CHANGES_A_PAGE);
    }
  return TRUE;
}

static void
sum_up (gpointer key, gpointer value, gpointer sum)
{
  *(gint64 *) sum += *(gint64 *) value;
}

static void
report_progress (BstSyncEngine *engine, const BstAppliedPage *page)
{
  gint64 done = 0, total = 0;

  if (page->total < 0 || !engine->progress)
    return;
  g_hash_table_replace (engine->totals, g_strdup (page->account),
                        g_memdup2 (&page->total, sizeof page->total));
  g_hash_table_replace (engine->positions, g_strdup (page->account),
                        g_memdup2 (&page->position, sizeof page->position));
  g_hash_table_foreach (engine->totals, sum_up, &total);
  g_hash_table_foreach (engine->positions, sum_up, &done);
  engine->progress (done, total, engine->closure);
}

static gboolean
reset_lost (BstSyncEngine *engine, BstSyncAnswer *answer, GError **error)
{
  if (++engine->resets > MAX_RESETS)
    {
      g_set_error (error, BST_ERROR, BST_ERROR_PROTOCOL,
                   "the server does not know its own first state");
      return FALSE;
    }
  for (guint i = 0; i < answer->lost->len; i++)
    if (!bst_store_reset_account (engine->store, answer->lost->pdata[i], error))
      return FALSE;
  g_clear_pointer (&engine->accounts, g_variant_unref);
  return TRUE;
}

static gboolean
apply_pages (BstSyncEngine *engine, GBytes *response, gboolean *more, GError **error)
{
  g_autoptr (GPtrArray) pages = bst_store_apply_response (engine->store, response, error);

  if (!pages)
    return FALSE;
  for (guint i = 0; i < pages->len; i++)
    {
      const BstAppliedPage *page = pages->pdata[i];

      *more |= page->has_more;
      report_progress (engine, page);
    }
  return TRUE;
}

/* What certainly did not leave goes back to the queue; what may have left stays "sending", to be asked again. */
static void
return_items (BstSyncEngine *engine, GPtrArray *items, const GError *cause)
{
  g_autoptr (GArray) outcomes = g_array_new (FALSE, TRUE, sizeof (BstOutcome));

  if (items->len == 0 || g_error_matches (cause, BST_ERROR, BST_ERROR_OUTCOME_UNKNOWN))
    return;
  for (guint i = 0; i < items->len; i++)
    {
      BstOutcome outcome = { .seq = ((BstOutboxItem *) items->pdata[i])->seq };

      g_array_append_val (outcomes, outcome);
    }
  bst_store_outbox_settle (engine->store, (const BstOutcome *) outcomes->data, outcomes->len, NULL);
}

static gboolean
take_answer (BstSyncEngine *engine,
             BstSyncBatch *batch,
             GPtrArray *items,
             GBytes *response,
             gboolean *more,
             GError **error)
{
  g_autoptr (BstSyncAnswer) answer = bst_sync_batch_read (batch, response, error);

  if (!answer)
    return FALSE;
  if (items->len > 0 &&
      !bst_store_outbox_settle (engine->store, (const BstOutcome *) answer->outcomes->data,
                                answer->outcomes->len, error))
    return FALSE;
  if (answer->lost->len > 0)
    {
      *more = TRUE;
      return reset_lost (engine, answer, error);
    }
  if (!engine->fresh &&
      (answer->accounts_changed || g_strcmp0 (answer->session_state, engine->session_state) != 0))
    {
      *more = TRUE;
      g_clear_pointer (&engine->accounts, g_variant_unref);
    }
  engine->fresh = FALSE;
  if (!apply_pages (engine, response, more, error))
    return FALSE;
  if (items->len > 0 && answer->n_settled == 0)
    {
      g_set_error (error, BST_ERROR, BST_ERROR_SERVER,
                   "the server gave no answer to what was sent");
      return FALSE;
    }
  *more |= answer->n_left > 0 || items->len == ITEMS_A_BATCH;
  return TRUE;
}

static gboolean
run_batch (BstSyncEngine *engine, gboolean *ret_more, GCancellable *cancellable, GError **error)
{
  g_autoptr (GPtrArray) items = bst_store_outbox_take (engine->store, ITEMS_A_BATCH, error);
  g_autoptr (BstSyncBatch) batch = items ? bst_sync_batch_new (items) : NULL;
  g_autoptr (GBytes) body = NULL;
  g_autoptr (GBytes) response = NULL;
  g_autoptr (GError) cause = NULL;

  if (!items)
    return FALSE;
  if (add_changes (engine, batch, &cause))
    {
      body = bst_sync_batch_print (batch);
      response = bst_transport_request (engine->transport, "POST", "/jmap/api/", body, cancellable,
                                        &cause);
    }
  if (!response)
    {
      return_items (engine, items, cause);
      g_propagate_error (error, g_steal_pointer (&cause));
      return FALSE;
    }
  return take_answer (engine, batch, items, response, ret_more, error);
}

gboolean
bst_sync_engine_round (BstSyncEngine *engine, GCancellable *cancellable, GError **error)
{
  gboolean more = TRUE;

  g_hash_table_remove_all (engine->totals);
  g_hash_table_remove_all (engine->positions);
  engine->resets = 0;
  /* A server that never comes to an end is a broken one: 100,000 pages are 200 million records. */
  for (guint batches = 0; more; batches++)
    {
      if (g_cancellable_set_error_if_cancelled (cancellable, error))
        return FALSE;
      if (batches > 100000)
        {
          g_set_error (error, BST_ERROR, BST_ERROR_PROTOCOL, "the server's changes do not end");
          return FALSE;
        }
      if (!engine->accounts && !read_session (engine, cancellable, error))
        return FALSE;
      more = FALSE;
      if (!run_batch (engine, &more, cancellable, error))
        return FALSE;
    }
  return TRUE;
}
