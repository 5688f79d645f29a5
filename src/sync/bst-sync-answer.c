/* SPDX-License-Identifier: GPL-3.0-or-later */

/* What an answer says to a batch. */

#include "bst-sync-batch-private.h"

#include "bst-error.h"
#include "bst-jmap-slice.h"
#include "bst-json.h"

#include <string.h>

static void
outcome_clear (BstOutcome *outcome)
{
  g_clear_pointer (&outcome->record, g_variant_unref);
  g_clear_pointer (&outcome->error, g_variant_unref);
}

void
bst_sync_answer_free (BstSyncAnswer *answer)
{
  g_array_unref (answer->outcomes);
  g_ptr_array_unref (answer->named);
  g_ptr_array_unref (answer->lost);
  g_free (answer->session_state);
  g_free (answer);
}

static BstOutcome *
outcome_of (BstSyncAnswer *answer, gint64 seq)
{
  for (guint i = 0; i < answer->outcomes->len; i++)
    {
      BstOutcome *outcome = &g_array_index (answer->outcomes, BstOutcome, i);

      if (outcome->seq == seq)
        return outcome;
    }
  g_return_val_if_reached (NULL);
}

/* The number in the id of a call of ours: "s3", "c0". Each is answered once. */
static gboolean
take_index (const BstJmapSlice *slice, GArray *answered, guint *ret_index, GError **error)
{
  guint64 index;

  if (!g_ascii_string_to_unsigned (slice->id + 1, 10, 0, G_MAXUINT, &index, NULL) ||
      index >= answered->len || g_array_index (answered, gboolean, index))
    {
      g_set_error (error, BST_ERROR, BST_ERROR_PROTOCOL, "an answer to a call we did not make: %s",
                   slice->id);
      return FALSE;
    }
  g_array_index (answered, gboolean, index) = TRUE;
  *ret_index = (guint) index;
  return TRUE;
}

static GVariant *
parse_args (const BstJmapSlice *slice, GError **error)
{
  g_autoptr (GError) cause = NULL;
  GVariant *args = bst_json_parse_object (slice->args, (gssize) slice->len, &cause);

  if (!args)
    g_set_error (error, BST_ERROR, BST_ERROR_PROTOCOL, "%s: %s", slice->name, cause->message);
  return args;
}

static gboolean
read_set (BstSyncSet *call, const BstJmapSlice *slice, BstSyncAnswer *answer, GError **error)
{
  g_autoptr (GVariant) args = parse_args (slice, error);

  gboolean ours;

  if (!args)
    return FALSE;
  ours = call->part || bst_sync_names_ours_only (call, args);
  for (guint i = 0; i < call->items->len && ours; i++)
    {
      BstOutboxItem *item = call->items->pdata[i];
      BstOutcome *outcome = outcome_of (answer, item->seq);

      ours = bst_sync_outcome_read (call, item, slice->name, args, outcome);
      answer->n_settled += outcome->record || outcome->error;
      answer->failed |= !outcome->record && !outcome->error;
    }
  if (!ours)
    g_set_error (error, BST_ERROR, BST_ERROR_PROTOCOL,
                 "%s: the answer is about other records than ours", slice->name);
  return ours;
}

/* Proof is an answer that names this file in its account. What the server did not take goes over the line, and its order with it. */
static gboolean
read_file (const BstSyncFile *file,
           const BstJmapSlice *slice,
           BstSyncAnswer *answer,
           GError **error)
{
  g_autoptr (GVariant) args = parse_args (slice, error);
  g_autoptr (GVariant) created = args ? bst_sync_entry (args, "created", file->sha256) : NULL;
  g_autofree char *id = g_strconcat ("B", file->sha256, NULL);

  if (!args)
    return FALSE;
  if (strcmp (slice->name, BST_JMAP_UPLOAD) == 0 && created &&
      g_variant_is_of_type (created, G_VARIANT_TYPE_VARDICT) &&
      g_strcmp0 (bst_doc_get_string (args, "accountId"), file->account) == 0 &&
      g_strcmp0 (bst_doc_get_string (created, "id"), id) == 0)
    g_ptr_array_add (answer->named, bst_sync_file_new (file->account, file->sha256));
  return TRUE;
}

static gboolean
read_changes (const char *account, const BstJmapSlice *slice, BstSyncAnswer *answer, GError **error)
{
  g_autoptr (GVariant) args = NULL;
  const char *type;

  if (strcmp (slice->name, "Record/changes") == 0)
    return TRUE; /* a page: the store reads it */
  if (strcmp (slice->name, "error") != 0)
    {
      g_set_error (error, BST_ERROR, BST_ERROR_PROTOCOL, "%s is no answer to Record/changes",
                   slice->name);
      return FALSE;
    }

  args = parse_args (slice, error);
  if (!args)
    return FALSE;
  type = bst_doc_get_string (args, "type");
  if (g_strcmp0 (type, "cannotCalculateChanges") == 0)
    g_ptr_array_add (answer->lost, g_strdup (account));
  else if (g_strcmp0 (type, "accountNotFound") == 0)
    answer->accounts_changed = TRUE;
  else
    answer->failed = TRUE;
  return TRUE;
}

static BstSyncAnswer *
answer_new (BstSyncBatch *batch)
{
  BstSyncAnswer *answer = g_new0 (BstSyncAnswer, 1);

  answer->n_left = batch->n_left;
  answer->named = g_ptr_array_new_with_free_func ((GDestroyNotify) bst_sync_file_free);
  answer->lost = g_ptr_array_new_with_free_func (g_free);
  answer->outcomes = g_array_new (FALSE, TRUE, sizeof (BstOutcome));
  g_array_set_clear_func (answer->outcomes, (GDestroyNotify) outcome_clear);
  for (guint i = 0; i < batch->items->len; i++)
    {
      BstOutcome outcome = { .seq = ((BstOutboxItem *) batch->items->pdata[i])->seq };

      if (g_array_index (batch->fates, BstSyncFate, i) == BST_SYNC_FATE_TOO_LARGE)
        {
          GVariantDict error;

          g_variant_dict_init (&error, NULL);
          g_variant_dict_insert (&error, "type", "s", "tooLarge");
          outcome.error = bst_doc_take (g_variant_dict_end (&error));
          answer->n_settled++;
        }
      g_array_append_val (answer->outcomes, outcome);
    }
  return answer;
}

gboolean
bst_sync_is_order_item (const BstOutboxItem *item)
{
  return strcmp (item->type, "Request") == 0 ||
         g_strcmp0 (bst_doc_get_string (item->content, "action"), "submit") == 0;
}

/*
 * When an order was refused, so were the other steps on it, only because it is not there. They wait for it
 * to be put right. When the server failed at the order, so it is not known whether it is there, what it says of the rest is no word on it.
 */
static void
spare_dependents (BstSyncBatch *batch, BstSyncAnswer *answer)
{
  g_autoptr (GHashTable) refused = g_hash_table_new (g_str_hash, g_str_equal);
  g_autoptr (GHashTable) unknown = g_hash_table_new (g_str_hash, g_str_equal);

  for (guint i = 0; i < batch->items->len; i++)
    {
      const BstOutboxItem *item = batch->items->pdata[i];
      BstOutcome *outcome = &g_array_index (answer->outcomes, BstOutcome, i);

      if (!outcome->error)
        {
          if (!outcome->record &&
              g_array_index (batch->fates, BstSyncFate, i) == BST_SYNC_FATE_SENT)
            g_hash_table_add (unknown, item->request);
          continue;
        }
      if (g_hash_table_contains (unknown, item->request))
        g_clear_pointer (&outcome->error, g_variant_unref);
      else if (bst_sync_is_order_item (item))
        g_hash_table_add (refused, item->request);
      else if (g_hash_table_contains (refused, item->request))
        {
          g_clear_pointer (&outcome->error, g_variant_unref);
          g_array_index (batch->fates, BstSyncFate, i) = BST_SYNC_FATE_WAITS;
        }
    }
}

/* What was sent and got no word is of unknown outcome: nothing is said about it. */
static void
drop_unknown (BstSyncBatch *batch, BstSyncAnswer *answer)
{
  for (guint i = batch->items->len; i-- > 0;)
    {
      const BstOutcome *outcome = &g_array_index (answer->outcomes, BstOutcome, i);

      if (g_array_index (batch->fates, BstSyncFate, i) == BST_SYNC_FATE_SENT && !outcome->record &&
          !outcome->error)
        g_array_remove_index (answer->outcomes, i);
    }
}

/*
 * A server that has lost our state may have lost our orders too, and refuse what follows from them. It is
 * asked again when it is known what it has.
 */
static void
spare_all (BstSyncBatch *batch, BstSyncAnswer *answer)
{
  for (guint i = 0; answer->lost->len > 0 && i < batch->items->len; i++)
    {
      BstOutcome *outcome = &g_array_index (answer->outcomes, BstOutcome, i);

      if (!outcome->error)
        continue;
      g_clear_pointer (&outcome->error, g_variant_unref);
      g_array_index (batch->fates, BstSyncFate, i) = BST_SYNC_FATE_WAITS;
    }
}

static gboolean
all_answered (GArray *answered)
{
  for (guint i = 0; i < answered->len; i++)
    if (!g_array_index (answered, gboolean, i))
      return FALSE;
  return TRUE;
}

static GArray *
flags_new (guint n)
{
  return g_array_set_size (g_array_new (FALSE, TRUE, sizeof (gboolean)), n);
}

static gboolean
read_slice (BstSyncBatch *batch,
            const BstJmapSlice *slice,
            GArray *answered[3],
            BstSyncAnswer *answer,
            GError **error)
{
  guint index;

  if (slice->id[0] == 'f')
    return take_index (slice, answered[0], &index, error) &&
           read_file (batch->files->pdata[index], slice, answer, error);
  if (slice->id[0] == 's')
    return take_index (slice, answered[1], &index, error) &&
           read_set (batch->sets->pdata[index], slice, answer, error);
  if (slice->id[0] == 'c')
    return take_index (slice, answered[2], &index, error) &&
           read_changes (batch->accounts->pdata[index], slice, answer, error);
  g_set_error (error, BST_ERROR, BST_ERROR_PROTOCOL, "an answer to a call we did not make: %s",
               slice->id);
  return FALSE;
}

BstSyncAnswer *
bst_sync_batch_read (BstSyncBatch *batch, GBytes *response, GError **error)
{
  g_autoptr (BstSyncAnswer) answer = answer_new (batch);
  g_autoptr (GArray) files = flags_new (batch->files->len);
  g_autoptr (GArray) sets = flags_new (batch->sets->len);
  g_autoptr (GArray) changes = flags_new (batch->changes->len);
  GArray *answered[] = { files, sets, changes };
  gsize len;
  const char *text = g_bytes_get_data (response, &len);
  g_autoptr (GPtrArray) slices =
      bst_jmap_response_slices (text, len, 0, &answer->session_state, error);

  if (!slices)
    return NULL;
  for (guint i = 0; i < slices->len; i++)
    if (!read_slice (batch, slices->pdata[i], answered, answer, error))
      return NULL;
  answer->failed |= !all_answered (sets) || !all_answered (changes);
  spare_dependents (batch, answer);
  spare_all (batch, answer);
  drop_unknown (batch, answer);
  return g_steal_pointer (&answer);
}
