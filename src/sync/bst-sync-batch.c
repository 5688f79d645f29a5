/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "bst-sync-batch.h"

#include "bst-error.h"
#include "bst-jmap-slice.h"
#include "bst-json.h"
#include "bst-record-type.h"

#include <string.h>

/* A set call: the items of one account and type. Its id is its index in @sets. */
typedef struct
{
  const char *account;
  const BstRecordType *type;
  GPtrArray *items; /* borrowed BstOutboxItem */
} SetCall;

struct _BstSyncBatch
{
  GPtrArray *items;    /* borrowed */
  GPtrArray *sets;     /* SetCall, in the order of sending */
  GPtrArray *changes;  /* BstJmapCall */
  GPtrArray *accounts; /* char *, of each of @changes */
  guint n_left;
};

static void
set_call_free (SetCall *call)
{
  g_ptr_array_unref (call->items);
  g_free (call);
}

static SetCall *
find_set (BstSyncBatch *batch, const BstOutboxItem *item, const BstRecordType *type)
{
  SetCall *call;

  for (guint i = 0; i < batch->sets->len; i++)
    {
      call = batch->sets->pdata[i];
      if (call->type == type && strcmp (call->account, item->account) == 0)
        return call;
    }
  call = g_new0 (SetCall, 1);
  call->account = item->account;
  call->type = type;
  call->items = g_ptr_array_new ();
  g_ptr_array_add (batch->sets, call);
  return call;
}

static gboolean
is_event (const BstRecordType *type)
{
  return (type->flags & BST_RECORD_APPEND_ONLY) != 0;
}

static gint
compare_sets (gconstpointer a, gconstpointer b)
{
  const SetCall *one = *(const SetCall *const *) a;
  const SetCall *other = *(const SetCall *const *) b;

  return (gint) is_event (one->type) - (gint) is_event (other->type);
}

/*
 * @stages: order's id -> how far the batch has come with it: 1 it is being set, 2 an event follows.
 * Whatever would have to overtake waits, and with it all that comes later for the same order.
 */
static gboolean
fits (GHashTable *stages, const BstOutboxItem *item, const BstRecordType *type)
{
  guint stage = GPOINTER_TO_UINT (g_hash_table_lookup (stages, item->request));
  guint next = is_event (type) ? 2 : 1;
  gboolean ok = next == 2 ? stage <= 2 : stage == 0;

  g_hash_table_insert (stages, item->request, GUINT_TO_POINTER (ok ? next : 3));
  return ok;
}

BstSyncBatch *
bst_sync_batch_new (GPtrArray *items)
{
  BstSyncBatch *batch = g_new0 (BstSyncBatch, 1);
  g_autoptr (GHashTable) stages = g_hash_table_new (g_str_hash, g_str_equal);

  batch->items = items;
  batch->sets = g_ptr_array_new_with_free_func ((GDestroyNotify) set_call_free);
  batch->changes = g_ptr_array_new_with_free_func ((GDestroyNotify) bst_jmap_call_free);
  batch->accounts = g_ptr_array_new_with_free_func (g_free);
  for (guint i = 0; i < items->len; i++)
    {
      BstOutboxItem *item = items->pdata[i];
      const BstRecordType *type = bst_record_type_find (item->type);

      if (type && fits (stages, item, type))
        g_ptr_array_add (find_set (batch, item, type)->items, item);
      else
        batch->n_left++;
    }
  g_ptr_array_sort (batch->sets, compare_sets);
  return batch;
}

void
bst_sync_batch_free (BstSyncBatch *batch)
{
  g_ptr_array_unref (batch->sets);
  g_ptr_array_unref (batch->changes);
  g_ptr_array_unref (batch->accounts);
  g_free (batch);
}

void
bst_sync_batch_add_changes (BstSyncBatch *batch,
                            const char *account,
                            const char *state,
                            gint64 max_changes)
{
  g_autofree char *id = g_strdup_printf ("c%u", batch->changes->len);
  GVariantDict args;

  g_variant_dict_init (&args, NULL);
  g_variant_dict_insert (&args, "accountId", "s", account);
  g_variant_dict_insert (&args, "sinceState", "s", state);
  g_variant_dict_insert (&args, "maxChanges", "x", max_changes);
  g_ptr_array_add (batch->changes,
                   bst_jmap_call_new ("Record/changes", g_variant_dict_end (&args), id));
  g_ptr_array_add (batch->accounts, g_strdup (account));
}

static char *
creation_id (const BstOutboxItem *item)
{
  return g_strdup_printf ("k%" G_GINT64_FORMAT, item->seq);
}

static BstJmapCall *
set_call_print (const SetCall *call, guint index)
{
  g_autofree char *name = g_strconcat (call->type->name, "/set", NULL);
  g_autofree char *id = g_strdup_printf ("s%u", index);
  GVariantBuilder create, update;
  GVariantDict args;

  g_variant_builder_init (&create, G_VARIANT_TYPE_VARDICT);
  g_variant_builder_init (&update, G_VARIANT_TYPE_VARDICT);
  for (guint i = 0; i < call->items->len; i++)
    {
      BstOutboxItem *item = call->items->pdata[i];
      g_autofree char *key = item->create ? creation_id (item) : g_strdup (item->uid);

      g_variant_builder_add (item->create ? &create : &update, "{sv}", key, item->content);
    }
  g_variant_dict_init (&args, NULL);
  g_variant_dict_insert (&args, "accountId", "s", call->account);
  g_variant_dict_insert_value (&args, "create", g_variant_builder_end (&create));
  g_variant_dict_insert_value (&args, "update", g_variant_builder_end (&update));
  return bst_jmap_call_new (name, g_variant_dict_end (&args), id);
}

GBytes *
bst_sync_batch_print (BstSyncBatch *batch)
{
  g_autoptr (GPtrArray) calls = g_ptr_array_new ();
  g_autoptr (GPtrArray) sets = g_ptr_array_new_with_free_func ((GDestroyNotify) bst_jmap_call_free);
  char *text;

  for (guint i = 0; i < batch->sets->len; i++)
    {
      BstJmapCall *call = set_call_print (batch->sets->pdata[i], i);

      g_ptr_array_add (sets, call);
      g_ptr_array_add (calls, call);
    }
  for (guint i = 0; i < batch->changes->len; i++)
    g_ptr_array_add (calls, batch->changes->pdata[i]);
  text = bst_jmap_request_print (calls);
  return g_bytes_new_take (text, strlen (text));
}

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
  g_ptr_array_unref (answer->lost);
  g_free (answer->session_state);
  g_free (answer);
}

static GVariant *
entry (GVariant *args, const char *map, const char *key)
{
  g_autoptr (GVariant) entries = bst_doc_lookup (args, map);

  if (!entries || !g_variant_is_of_type (entries, G_VARIANT_TYPE_VARDICT))
    return NULL;
  return g_variant_lookup_value (entries, key, NULL);
}

/* The fate of one item. Proof is an answer that names our record; FALSE when it names another. */
static gboolean
read_outcome (const BstOutboxItem *item, GVariant *args, BstOutcome *outcome)
{
  g_autofree char *key = item->create ? creation_id (item) : g_strdup (item->uid);
  g_autoptr (GVariant) good = entry (args, item->create ? "created" : "updated", key);
  g_autoptr (GVariant) bad = entry (args, item->create ? "notCreated" : "notUpdated", key);

  if (bad && g_variant_is_of_type (bad, G_VARIANT_TYPE_VARDICT) && bst_doc_get_string (bad, "type"))
    outcome->error = g_steal_pointer (&bad);
  else if (good && item->create)
    {
      if (g_strcmp0 (bst_doc_get_string (good, "id"), item->uid) != 0)
        return FALSE;
      outcome->record = g_steal_pointer (&good);
    }
  else if (good)
    outcome->record = g_variant_is_of_type (good, G_VARIANT_TYPE_VARDICT) ? g_steal_pointer (&good)
                                                                          : bst_doc_new ();
  return TRUE;
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

/* A whole call failed. What will not get better by asking again is a refusal of each item. */
static gboolean
is_lasting (const char *type)
{
  static const char *const passing[] = { "serverFail",    "serverUnavailable", "serverPartialFail",
                                         "stateMismatch", "rateLimit",         NULL };

  return !g_strv_contains (passing, type);
}

static gboolean
read_set (BstSyncBatch *batch, const BstJmapSlice *slice, BstSyncAnswer *answer, GError **error)
{
  guint64 index;
  SetCall *call;
  g_autoptr (GVariant) args = bst_json_parse_object (slice->args, (gssize) slice->len, error);

  if (!args)
    return FALSE;
  if (!g_ascii_string_to_unsigned (slice->id + 1, 10, 0, G_MAXUINT, &index, NULL) ||
      index >= batch->sets->len)
    {
      g_set_error (error, BST_ERROR, BST_ERROR_PROTOCOL, "an answer to a call we did not make: %s",
                   slice->id);
      return FALSE;
    }
  call = batch->sets->pdata[index];
  for (guint i = 0; i < call->items->len; i++)
    {
      BstOutboxItem *item = call->items->pdata[i];
      BstOutcome *outcome = outcome_of (answer, item->seq);

      if (strcmp (slice->name, "error") == 0)
        {
          if (is_lasting (bst_doc_get_string (args, "type") ? bst_doc_get_string (args, "type")
                                                            : "serverFail"))
            outcome->error = g_variant_ref (args);
        }
      else if (g_strcmp0 (bst_doc_get_string (args, "accountId"), call->account) != 0 ||
               !read_outcome (item, args, outcome))
        {
          g_set_error (error, BST_ERROR, BST_ERROR_PROTOCOL,
                       "%s: the answer is about other records than ours", slice->name);
          return FALSE;
        }
      answer->n_settled += outcome->record || outcome->error;
    }
  return TRUE;
}

static gboolean
read_changes (BstSyncBatch *batch, const BstJmapSlice *slice, BstSyncAnswer *answer, GError **error)
{
  g_autoptr (GVariant) args = NULL;
  const char *type;
  guint64 index;

  if (!g_ascii_string_to_unsigned (slice->id + 1, 10, 0, G_MAXUINT, &index, NULL) ||
      index >= batch->accounts->len)
    {
      g_set_error (error, BST_ERROR, BST_ERROR_PROTOCOL, "an answer to a call we did not make: %s",
                   slice->id);
      return FALSE;
    }
  if (strcmp (slice->name, "error") != 0)
    return TRUE; /* a page: the store reads it */

  args = bst_json_parse_object (slice->args, (gssize) slice->len, error);
  if (!args)
    return FALSE;
  type = bst_doc_get_string (args, "type");
  if (g_strcmp0 (type, "cannotCalculateChanges") == 0)
    g_ptr_array_add (answer->lost, g_strdup (batch->accounts->pdata[index]));
  else if (g_strcmp0 (type, "accountNotFound") == 0)
    answer->accounts_changed = TRUE;
  else
    {
      g_set_error (error, BST_ERROR, BST_ERROR_SERVER, "Record/changes: %s", type ? type : "error");
      return FALSE;
    }
  return TRUE;
}

static BstSyncAnswer *
answer_new (BstSyncBatch *batch)
{
  BstSyncAnswer *answer = g_new0 (BstSyncAnswer, 1);

  answer->n_left = batch->n_left;
  answer->lost = g_ptr_array_new_with_free_func (g_free);
  answer->outcomes = g_array_new (FALSE, TRUE, sizeof (BstOutcome));
  g_array_set_clear_func (answer->outcomes, (GDestroyNotify) outcome_clear);
  for (guint i = 0; i < batch->items->len; i++)
    {
      BstOutcome outcome = { .seq = ((BstOutboxItem *) batch->items->pdata[i])->seq };

      g_array_append_val (answer->outcomes, outcome);
    }
  return answer;
}

BstSyncAnswer *
bst_sync_batch_read (BstSyncBatch *batch, GBytes *response, GError **error)
{
  g_autoptr (BstSyncAnswer) answer = answer_new (batch);
  gsize len;
  const char *text = g_bytes_get_data (response, &len);
  g_autoptr (GPtrArray) slices =
      bst_jmap_response_slices (text, len, &answer->session_state, error);

  if (!slices)
    return NULL;
  for (guint i = 0; i < slices->len; i++)
    {
      const BstJmapSlice *slice = slices->pdata[i];
      gboolean ok;

      if (slice->id[0] == 's')
        ok = read_set (batch, slice, answer, error);
      else if (slice->id[0] == 'c')
        ok = read_changes (batch, slice, answer, error);
      else
        {
          g_set_error (error, BST_ERROR, BST_ERROR_PROTOCOL,
                       "an answer to a call we did not make: %s", slice->id);
          ok = FALSE;
        }
      if (!ok)
        return NULL;
    }
  return g_steal_pointer (&answer);
}
