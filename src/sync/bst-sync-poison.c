/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "bst-sync-poison.h"

#include "bst-error.h"
#include "bst-sync-batch-private.h"

#define MAX_FAILURES 3 /* rounds */

typedef enum
{
  FAILS = 1,
  TOO_LARGE, /* once is always */
  COUNTED,   /* the server took something else in this round */
} Suspicion;

struct _BstSyncPoison
{
  BstStore *store;
  GHashTable *failures; /* order -> in how many rounds it failed for itself */
  GHashTable *suspects; /* order -> Suspicion: those that did so in this round */
  gboolean singly;      /* orders go one by one */
  GError *cause;
};

BstSyncPoison *
bst_sync_poison_new (BstStore *store)
{
  BstSyncPoison *poison = g_new0 (BstSyncPoison, 1);

  poison->store = g_object_ref (store);
  poison->failures = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  poison->suspects = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  return poison;
}

void
bst_sync_poison_free (BstSyncPoison *poison)
{
  g_object_unref (poison->store);
  g_hash_table_unref (poison->failures);
  g_hash_table_unref (poison->suspects);
  g_clear_error (&poison->cause);
  g_free (poison);
}

void
bst_sync_poison_begin (BstSyncPoison *poison)
{
  g_hash_table_remove_all (poison->suspects);
  g_clear_error (&poison->cause);
  poison->singly = FALSE;
}

/* ---- what goes ---- */

void
bst_sync_poison_choose (BstSyncPoison *poison, GPtrArray *items, gboolean *ret_more)
{
  g_autofree char *chosen = NULL;

  for (guint i = 0; poison->singly && i < items->len;)
    {
      const BstOutboxItem *item = items->pdata[i];
      gboolean suspect = g_hash_table_contains (poison->suspects, item->request);

      if (!chosen && !suspect)
        chosen = g_strdup (item->request);
      if (g_strcmp0 (item->request, chosen) == 0)
        i++;
      else
        {
          *ret_more |= !suspect;
          g_ptr_array_remove_index (items, i);
        }
    }
}

/* ---- what came of it ---- */

static gboolean
is_one_order (GPtrArray *items)
{
  const BstOutboxItem *first = items->pdata[0];

  for (guint i = 1; i < items->len; i++)
    if (g_strcmp0 (((BstOutboxItem *) items->pdata[i])->request, first->request) != 0)
      return FALSE;
  return TRUE;
}

gboolean
bst_sync_poison_failed (BstSyncPoison *poison, GPtrArray *items, const GError *cause)
{
  if (items->len == 0 || !(g_error_matches (cause, BST_ERROR, BST_ERROR_SERVER) ||
                           g_error_matches (cause, BST_ERROR, BST_ERROR_TOO_LARGE)))
    return FALSE;
  if (is_one_order (items))
    g_hash_table_replace (
        poison->suspects, g_strdup (((BstOutboxItem *) items->pdata[0])->request),
        GUINT_TO_POINTER (cause->code == BST_ERROR_TOO_LARGE ? TOO_LARGE : FAILS));
  poison->singly = TRUE;
  g_clear_error (&poison->cause);
  poison->cause = g_error_copy (cause);
  return TRUE;
}

/* ---- coming to rest ---- */

static GVariant *
make_refusal (const GError *cause, gboolean large)
{
  GVariantDict dict;

  g_variant_dict_init (&dict, NULL);
  g_variant_dict_insert (&dict, "type", "s", large ? "tooLarge" : "cannotBeSent");
  g_variant_dict_insert (&dict, "description", "s", cause->message);
  return bst_doc_take (g_variant_dict_end (&dict));
}

static void
clear_outcome (gpointer outcome)
{
  g_variant_unref (((BstOutcome *) outcome)->error);
}

/* The order itself where it is among them: what follows from it waits for it. */
static void
add_refusals (GPtrArray *items, const char *order, GVariant *refusal, GArray *outcomes)
{
  guint before = outcomes->len;

  for (guint all = 0; all < 2 && outcomes->len == before; all++)
    for (guint i = 0; i < items->len; i++)
      {
        const BstOutboxItem *item = items->pdata[i];
        BstOutcome outcome = { .seq = item->seq, .error = g_variant_ref (refusal) };

        if (item->state == BST_OUTBOX_SENDING && g_strcmp0 (item->request, order) == 0 &&
            (all || bst_sync_is_order_item (item)))
          g_array_append_val (outcomes, outcome);
        else
          clear_outcome (&outcome);
      }
}

/* Returns: whether it has failed often enough. */
static gboolean
count (BstSyncPoison *poison, const char *order, Suspicion suspicion)
{
  guint n = GPOINTER_TO_UINT (g_hash_table_lookup (poison->failures, order));

  if (suspicion == COUNTED)
    return FALSE;
  n = suspicion == TOO_LARGE ? MAX_FAILURES : n + 1;
  if (n < MAX_FAILURES)
    g_hash_table_replace (poison->failures, g_strdup (order), GUINT_TO_POINTER (n));
  else
    g_hash_table_remove (poison->failures, order);
  return n >= MAX_FAILURES;
}

static void
judge (BstSyncPoison *poison, GPtrArray *items, GArray *outcomes)
{
  GHashTableIter iter;
  gpointer order, suspicion;

  g_hash_table_iter_init (&iter, poison->suspects);
  while (g_hash_table_iter_next (&iter, &order, &suspicion))
    {
      gboolean large = GPOINTER_TO_UINT (suspicion) == TOO_LARGE;
      g_autoptr (GVariant) refusal = NULL;

      if (!count (poison, order, GPOINTER_TO_UINT (suspicion)))
        {
          g_hash_table_iter_replace (&iter, GUINT_TO_POINTER (COUNTED));
          continue;
        }
      refusal = make_refusal (poison->cause, large);
      add_refusals (items, order, refusal, outcomes);
      g_hash_table_iter_remove (&iter);
    }
}

gboolean
bst_sync_poison_passed (BstSyncPoison *poison, GError **error)
{
  g_autoptr (GPtrArray) items = NULL;
  g_autoptr (GArray) outcomes = g_array_new (FALSE, TRUE, sizeof (BstOutcome));

  if (g_hash_table_size (poison->suspects) == 0)
    return TRUE;
  items = bst_store_outbox (poison->store, error);
  if (!items)
    return FALSE;
  g_array_set_clear_func (outcomes, clear_outcome);
  judge (poison, items, outcomes);
  return outcomes->len == 0 ||
         bst_store_outbox_settle (poison->store, (const BstOutcome *) outcomes->data, outcomes->len,
                                  error);
}

gboolean
bst_sync_poison_end (BstSyncPoison *poison, GError **error)
{
  if (g_hash_table_size (poison->suspects) == 0)
    return TRUE;
  g_propagate_error (error, g_error_copy (poison->cause));
  return FALSE;
}
