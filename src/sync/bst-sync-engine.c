/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "bst-sync-engine.h"

#include "bst-error.h"
#include "bst-jmap.h"
#include "bst-sync-batch.h"
#include "bst-sync-poison.h"
#include "bst-sync-session.h"

#include <string.h>

#define ITEMS_A_BATCH  250  /* 125 orders with their submissions */
#define CHANGES_A_PAGE 2000 /* about 1.5 MB of orders */
#define FEWEST_A_PAGE  100
#define PAGES_TO_TRUST 8 /* that came one after the other, before more is asked for */
#define MAX_RESETS     3

struct _BstSyncEngine
{
  BstStore *store;
  BstTransport *transport;
  BstSyncFiles *files;
  BstSyncPoison *poison;
  BstSyncProgress progress;
  gpointer closure;

  char *key;               /* (nullable): under which sessions are remembered */
  BstSyncSession *session; /* NULL: to be read */
  BstSyncLimits limits;    /* of the session; apart: the server has failed at something of ours */
  guint next_account;      /* where the asking for changes goes on */
  gint64 page;             /* changes to ask for: fewer after an answer that did not come through */
  guint came;              /* answers, since it was chosen */
  gboolean fresh;          /* the session was read for this batch */
  gboolean recalled;       /* what was remembered was asked for */
  guint resets;            /* in this round */
  GHashTable *totals;      /* account -> gint64*: of first synchronisations under way */
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
  engine->files = bst_sync_files_new (store, transport);
  engine->poison = bst_sync_poison_new (store);
  engine->page = CHANGES_A_PAGE;
  engine->progress = progress;
  engine->closure = closure;
  engine->totals = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, g_free);
  engine->positions = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, g_free);
  return engine;
}

void
bst_sync_engine_remember (BstSyncEngine *engine, const char *server, const char *token)
{
  g_autofree char *line = g_strconcat (server, "\n", token, NULL);

  g_free (engine->key);
  engine->key = g_compute_checksum_for_string (G_CHECKSUM_SHA256, line, -1);
}

BstSyncFiles *
bst_sync_engine_get_files (BstSyncEngine *engine)
{
  return engine->files;
}

void
bst_sync_engine_free (BstSyncEngine *engine)
{
  bst_sync_files_free (engine->files);
  bst_sync_poison_free (engine->poison);
  g_object_unref (engine->store);
  g_object_unref (engine->transport);
  g_clear_pointer (&engine->session, bst_sync_session_free);
  g_free (engine->key);
  g_hash_table_unref (engine->totals);
  g_hash_table_unref (engine->positions);
  g_free (engine);
}

static void
take_session (BstSyncEngine *engine, BstSyncSession *session, gboolean fresh)
{
  gboolean apart = engine->limits.apart;

  g_clear_pointer (&engine->session, bst_sync_session_free);
  engine->session = session;
  engine->limits = session->limits;
  engine->limits.apart = apart;
  engine->next_account = 0;
  engine->fresh = fresh;
  bst_sync_files_set_max_part (engine->files, session->max_part);
}

/* The one that was read last, in whatever run of the program: when it is old, the answer says so. */
static void
recall_session (BstSyncEngine *engine)
{
  g_autofree char *text = bst_store_recall_session (engine->store, engine->key, NULL);
  g_autoptr (GBytes) octets = text ? g_bytes_new (text, strlen (text)) : NULL;
  g_autoptr (GVariant) identity = bst_store_get_identity (engine->store);
  BstSyncSession *session = octets ? bst_sync_session_parse (octets, identity, NULL) : NULL;

  engine->recalled = TRUE;
  if (session)
    take_session (engine, session, FALSE);
}

static gboolean
keep_session (BstSyncEngine *engine, const BstSyncSession *session, GBytes *text, GError **error)
{
  gint64 upload =
      session->max_upload > 0 ? session->max_upload : bst_store_get_file_limit (engine->store);
  gsize len;
  const char *octets = g_bytes_get_data (text, &len);
  g_autofree char *copy = g_strndup (octets, len);

  return bst_store_set_file_limit (engine->store, upload, error) &&
         bst_store_set_accounts (engine->store, session->accounts, error) &&
         bst_store_set_epoch (engine->store, session->epoch, error) &&
         (!engine->key || bst_store_remember_session (engine->store, engine->key, copy, error));
}

static gboolean
read_session (BstSyncEngine *engine, GCancellable *cancellable, GError **error)
{
  g_autoptr (GBytes) answer = bst_transport_request (engine->transport, "GET", "/.well-known/jmap",
                                                     NULL, cancellable, error);
  g_autoptr (GVariant) identity = bst_store_get_identity (engine->store);
  g_autoptr (BstSyncSession) session =
      answer ? bst_sync_session_parse (answer, identity, error) : NULL;

  if (!session || !keep_session (engine, session, answer, error))
    return FALSE;
  take_session (engine, g_steal_pointer (&session), TRUE);
  return TRUE;
}

/* The next batch asks for it again. */
static void
drop_session (BstSyncEngine *engine)
{
  g_clear_pointer (&engine->session, bst_sync_session_free);
}

static gboolean
add_account (BstSyncEngine *engine,
             BstSyncBatch *batch,
             const char *account,
             GVariant *value,
             GError **error)
{
  g_autoptr (GError) local = NULL;
  g_autofree char *checkpoint = bst_store_get_checkpoint (engine->store, account, &local);
  const char *initial = bst_sync_session_initial_state (value);

  if (local)
    {
      g_propagate_error (error, g_steal_pointer (&local));
      return FALSE;
    }
  if (checkpoint || initial)
    bst_sync_batch_add_changes (batch, account, checkpoint ? checkpoint : initial, engine->page);
  return TRUE;
}

/* Asks for the changes of the accounts, each from its checkpoint or from the beginning, as far as the calls reach. */
static gboolean
add_changes (BstSyncEngine *engine, BstSyncBatch *batch, gboolean *more, GError **error)
{
  gsize n = g_variant_n_children (engine->session->accounts);

  for (; engine->next_account < n; engine->next_account++)
    {
      const char *account;
      g_autoptr (GVariant) value = NULL;

      if (bst_sync_batch_get_n_calls (batch) >= engine->session->max_calls)
        {
          *more = TRUE;
          return TRUE;
        }
      g_variant_get_child (engine->session->accounts, engine->next_account, "{&sv}", &account,
                           &value);
      if (!add_account (engine, batch, account, value, error))
        return FALSE;
    }
  engine->next_account = 0;
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
  drop_session (engine);
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

/* Whether the request was certainly not carried out: it did not leave, or was turned away at the door. */
static gboolean
is_certain (const GError *cause)
{
  static const BstErrorCode certain[] = { BST_ERROR_OFFLINE, BST_ERROR_CERTIFICATE,
                                          BST_ERROR_SIGN_IN, BST_ERROR_STORAGE,
                                          BST_ERROR_BUSY,    BST_ERROR_INVALID,
                                          BST_ERROR_LOST };

  if (cause->domain != BST_ERROR)
    return g_error_matches (cause, G_IO_ERROR,
                            G_IO_ERROR_CANCELLED); /* before it left: see the transport */
  for (guint i = 0; i < G_N_ELEMENTS (certain); i++)
    if (cause->code == (int) certain[i])
      return TRUE;
  return FALSE;
}

/* What certainly did not leave goes back to the queue; what may have left stays "sending", to be asked again. */
static void
return_items (BstSyncEngine *engine, GPtrArray *items, const GError *cause)
{
  g_autoptr (GArray) outcomes = g_array_new (FALSE, TRUE, sizeof (BstOutcome));

  if (items->len == 0 || !is_certain (cause))
    return;
  for (guint i = 0; i < items->len; i++)
    {
      BstOutcome outcome = { .seq = ((BstOutboxItem *) items->pdata[i])->seq };

      g_array_append_val (outcomes, outcome);
    }
  bst_store_outbox_settle (engine->store, (const BstOutcome *) outcomes->data, outcomes->len, NULL);
}

/* Another session than the one we know: rights changed, an account is gone, the server was restored. */
static gboolean
session_is_old (BstSyncEngine *engine, const BstSyncAnswer *answer)
{
  return !engine->fresh && (answer->accounts_changed ||
                            g_strcmp0 (answer->session_state, engine->session->state) != 0);
}

static gboolean
take_pages (BstSyncEngine *engine,
            BstSyncAnswer *answer,
            GBytes *response,
            gboolean *more,
            GError **error)
{
  if (answer->lost->len > 0)
    {
      *more = TRUE;
      return reset_lost (engine, answer, error);
    }
  if (session_is_old (engine, answer))
    {
      *more = TRUE;
      drop_session (engine);
    }
  engine->fresh = FALSE;
  return answer->accounts_changed || apply_pages (engine, response, more, error);
}

/* A change of an order was answered: what waited for that can go now (bst_store_outbox_take()). */
static gboolean
has_settled_change (GPtrArray *items, GArray *outcomes)
{
  for (guint i = 0; i < outcomes->len; i++)
    {
      const BstOutcome *outcome = &g_array_index (outcomes, BstOutcome, i);

      for (guint j = 0; (outcome->record || outcome->error) && j < items->len; j++)
        {
          const BstOutboxItem *item = g_ptr_array_index (items, j);

          if (item->seq == outcome->seq && !item->create)
            return TRUE;
        }
    }
  return FALSE;
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
  gboolean was_apart = engine->limits.apart;
  guint n_items = items->len;

  if (!answer || !bst_sync_files_spare (engine->files, items, answer->outcomes, error))
    return FALSE;
  if (n_items > 0 &&
      !bst_store_outbox_settle (engine->store, (const BstOutcome *) answer->outcomes->data,
                                answer->outcomes->len, error))
    return FALSE;
  engine->limits.apart = answer->failed;
  if (!take_pages (engine, answer, response, more, error))
    return FALSE;
  if (answer->failed && (was_apart || n_items < 2))
    {
      g_set_error (error, BST_ERROR, BST_ERROR_SERVER,
                   "the server failed at a part of what was asked");
      return FALSE;
    }
  *more |= has_settled_change (items, answer->outcomes) || answer->failed || answer->n_left > 0 ||
           n_items == ITEMS_A_BATCH;
  return TRUE;
}

/* A line on which no page comes whole would never get anywhere: half as much then, and more again when it has gone well. */
static void
choose_page (BstSyncEngine *engine, gboolean came, const GError *cause)
{
  if (came && ++engine->came < PAGES_TO_TRUST)
    return;
  engine->came = 0;
  if (came)
    engine->page = MIN (engine->page * 2, CHANGES_A_PAGE);
  else if (g_error_matches (cause, BST_ERROR, BST_ERROR_OUTCOME_UNKNOWN))
    engine->page = MAX (engine->page / 2, FEWEST_A_PAGE);
}

static gboolean
run_batch (BstSyncEngine *engine, gboolean *ret_more, GCancellable *cancellable, GError **error)
{
  g_autoptr (GPtrArray) items = bst_store_outbox_take (engine->store, ITEMS_A_BATCH, error);
  g_autoptr (BstSyncBatch) batch = NULL;
  g_autoptr (GBytes) body = NULL;
  g_autoptr (GBytes) response = NULL;
  g_autoptr (GError) cause = NULL;

  if (!items)
    return FALSE;
  bst_sync_poison_choose (engine->poison, items, ret_more);
  engine->limits.calls = MAX (engine->session->max_calls / 2, 2);
  batch = bst_sync_batch_new (items, &engine->limits);
  if (add_changes (engine, batch, ret_more, &cause))
    {
      body = bst_sync_batch_print (batch);
      response = bst_transport_request (engine->transport, "POST", "/jmap/api/", body, cancellable,
                                        &cause);
      choose_page (engine, response != NULL, cause);
    }
  if (!response)
    {
      if (bst_sync_poison_failed (engine->poison, items, cause))
        {
          *ret_more = TRUE;
          return TRUE;
        }
      return_items (engine, items, cause);
      g_propagate_error (error, g_steal_pointer (&cause));
      return FALSE;
    }
  return take_answer (engine, batch, items, response, ret_more, error) &&
         bst_sync_poison_passed (engine->poison, error);
}

/* The replica is whole: what a restored server has forgotten goes to it once more. */
static gboolean
offer_again (BstSyncEngine *engine, gboolean *more, GError **error)
{
  guint n;

  if (!bst_store_offer_again (engine->store, &n, error))
    return FALSE;
  *more = n > 0;
  return TRUE;
}

static gboolean
run_all (BstSyncEngine *engine, GCancellable *cancellable, GError **error)
{
  gboolean more = TRUE;

  g_hash_table_remove_all (engine->totals);
  g_hash_table_remove_all (engine->positions);
  engine->resets = 0;
  engine->next_account = 0;
  bst_sync_files_begin (engine->files);
  bst_sync_poison_begin (engine->poison);
  if (engine->key && !engine->recalled)
    recall_session (engine);
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
      if (!engine->session && !read_session (engine, cancellable, error))
        return FALSE;
      more = FALSE;
      if (!run_batch (engine, &more, cancellable, error) ||
          (!more && !offer_again (engine, &more, error)) ||
          (!more && !bst_sync_files_run (engine->files, &more, cancellable, error)))
        return FALSE;
    }
  return bst_sync_poison_end (engine->poison, error);
}

/* What came from the server goes when it says that this computer was lost; if that fails, at the next contact. */
gboolean
bst_sync_engine_round (BstSyncEngine *engine, GCancellable *cancellable, GError **error)
{
  g_autoptr (GError) cause = NULL;
  g_autoptr (GError) wipe_error = NULL;

  if (run_all (engine, cancellable, &cause))
    return TRUE;
  if (g_error_matches (cause, BST_ERROR, BST_ERROR_LOST) &&
      !bst_store_wipe (engine->store, &wipe_error))
    g_warning ("what came from the server could not be removed: %s", wipe_error->message);
  g_propagate_error (error, g_steal_pointer (&cause));
  return FALSE;
}
