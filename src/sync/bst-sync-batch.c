/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "bst-sync-batch.h"

#include "bst-error.h"
#include "bst-jmap-slice.h"
#include "bst-json.h"
#include "bst-record-type.h"

#include <string.h>

/* What an item adds to the body beside its content, at most: names, ids, brackets. */
#define OCTETS_AROUND 256

/* A set call: the items of one account and type. Its id is its index in @sets. */
typedef struct
{
  const char *account;
  const char *request; /* nullable: of this order only */
  const BstRecordType *type;
  GPtrArray *items; /* borrowed BstOutboxItem */
} SetCall;

typedef enum
{
  FATE_WAITS, /* for the next batch */
  FATE_SENT,
  FATE_TOO_LARGE,
} Fate;

struct _BstSyncBatch
{
  BstSyncLimits limits;
  GPtrArray *items;    /* borrowed BstOutboxItem */
  GArray *fates;       /* Fate, of each of @items */
  GPtrArray *sets;     /* SetCall, in the order of sending */
  GPtrArray *changes;  /* BstJmapCall */
  GPtrArray *accounts; /* char *, of each of @changes */
  gsize octets;
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
  const char *request = batch->limits.apart ? item->request : NULL;
  SetCall *call;

  for (guint i = 0; i < batch->sets->len; i++)
    {
      call = batch->sets->pdata[i];
      if (call->type == type && strcmp (call->account, item->account) == 0 &&
          g_strcmp0 (call->request, request) == 0 && call->items->len < batch->limits.objects)
        return call;
    }
  if (batch->sets->len >= batch->limits.calls)
    return NULL;
  call = g_new0 (SetCall, 1);
  call->account = item->account;
  call->request = request;
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
keeps_order (GHashTable *stages, const BstOutboxItem *item, const BstRecordType *type)
{
  guint stage = GPOINTER_TO_UINT (g_hash_table_lookup (stages, item->request));

  return is_event (type) ? stage <= 2 : stage == 0;
}

static Fate
place (BstSyncBatch *batch, GHashTable *stages, BstOutboxItem *item)
{
  const BstRecordType *type = bst_record_type_find (item->type);
  g_autofree char *content = bst_json_print (item->content);
  gsize octets = strlen (content) + OCTETS_AROUND;
  SetCall *call = NULL;

  if (octets > batch->limits.octets && keeps_order (stages, item, type))
    return FATE_TOO_LARGE;
  if (keeps_order (stages, item, type) && batch->octets + octets <= batch->limits.octets)
    call = find_set (batch, item, type);
  if (!call)
    return FATE_WAITS;
  batch->octets += octets;
  g_ptr_array_add (call->items, item);
  return FATE_SENT;
}

static void
add_item (BstSyncBatch *batch, GHashTable *stages, BstOutboxItem *item)
{
  const BstRecordType *type = bst_record_type_find (item->type);
  Fate fate = type ? place (batch, stages, item) : FATE_WAITS;
  guint stage = fate != FATE_SENT ? 3 : is_event (type) ? 2 : 1;

  g_array_append_val (batch->fates, fate);
  g_hash_table_insert (stages, item->request, GUINT_TO_POINTER (stage));
  batch->n_left += type && fate == FATE_WAITS;
}

BstSyncBatch *
bst_sync_batch_new (GPtrArray *items, const BstSyncLimits *limits)
{
  BstSyncBatch *batch = g_new0 (BstSyncBatch, 1);
  g_autoptr (GHashTable) stages = g_hash_table_new (g_str_hash, g_str_equal);

  if (limits)
    batch->limits = *limits;
  batch->limits.octets = batch->limits.octets ? batch->limits.octets : G_MAXSIZE;
  batch->limits.calls = batch->limits.calls ? batch->limits.calls : G_MAXUINT;
  batch->limits.objects = batch->limits.objects ? batch->limits.objects : G_MAXUINT;
  batch->items = g_ptr_array_ref (items);
  batch->fates = g_array_new (FALSE, FALSE, sizeof (Fate));
  batch->sets = g_ptr_array_new_with_free_func ((GDestroyNotify) set_call_free);
  batch->changes = g_ptr_array_new_with_free_func ((GDestroyNotify) bst_jmap_call_free);
  batch->accounts = g_ptr_array_new_with_free_func (g_free);
  for (guint i = 0; i < items->len; i++)
    add_item (batch, stages, items->pdata[i]);
  g_ptr_array_sort (batch->sets, compare_sets);
  return batch;
}

guint
bst_sync_batch_get_n_calls (BstSyncBatch *batch)
{
  return batch->sets->len + batch->changes->len;
}

void
bst_sync_batch_free (BstSyncBatch *batch)
{
  g_ptr_array_unref (batch->items);
  g_array_unref (batch->fates);
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

/* ---- from a request that was made earlier ---- */

static GVariant *
entry (GVariant *args, const char *map, const char *key)
{
  g_autoptr (GVariant) entries = bst_doc_lookup (args, map);

  if (!entries || !g_variant_is_of_type (entries, G_VARIANT_TYPE_VARDICT))
    return NULL;
  return g_variant_lookup_value (entries, key, NULL);
}

static gboolean
names (GVariant *args, const char *list, const char *id)
{
  g_auto (GStrv) ids = bst_doc_get_strv (args, list);

  return g_strv_contains ((const char *const *) ids, id);
}

static gboolean
asks_for_removal (GVariant *args, const BstOutboxItem *item)
{
  g_autoptr (GVariant) rev = entry (args, "destroyRevs", item->uid);
  g_autoptr (GVariant) ours = bst_doc_lookup (item->content, "rev");

  return names (args, "destroy", item->uid) && rev && ours && bst_doc_equal (rev, ours) &&
         g_strcmp0 (bst_doc_get_string (args, "accountId"), item->account) == 0;
}

/* Whether @args asked for just this item. */
static gboolean
asks_for (GVariant *args, const BstOutboxItem *item)
{
  g_autofree char *key = item->create ? creation_id (item) : g_strdup (item->uid);
  g_autoptr (GVariant) content = entry (args, item->create ? "create" : "update", key);

  if (item->destroy)
    return asks_for_removal (args, item);
  return content && bst_doc_equal (content, item->content) &&
         g_strcmp0 (bst_doc_get_string (args, "accountId"), item->account) == 0;
}

static void
add_earlier_call (BstSyncBatch *batch, GPtrArray *items, const BstJmapCall *earlier)
{
  SetCall *call = g_new0 (SetCall, 1);
  g_autofree char *type = g_strndup (earlier->name, strcspn (earlier->name, "/"));

  call->account = bst_doc_get_string (earlier->args, "accountId");
  call->type = bst_record_type_find (type);
  call->items = g_ptr_array_new ();
  for (guint i = 0; i < items->len; i++)
    {
      BstOutboxItem *item = items->pdata[i];
      Fate fate = FATE_SENT;

      if (strcmp (item->type, type) != 0 || !asks_for (earlier->args, item))
        continue;
      g_ptr_array_add (batch->items, item);
      g_array_append_val (batch->fates, fate);
      g_ptr_array_add (call->items, item);
    }
  g_ptr_array_add (batch->sets, call);
}

BstSyncBatch *
bst_sync_batch_new_from_request (GPtrArray *items, BstJmapRequest *request)
{
  g_autoptr (GPtrArray) none = g_ptr_array_new ();
  BstSyncBatch *batch = bst_sync_batch_new (none, NULL);

  for (guint i = 0; i < request->calls->len; i++)
    {
      const BstJmapCall *call = request->calls->pdata[i];

      if (g_str_has_suffix (call->name, "/set"))
        add_earlier_call (batch, items, call);
      else
        bst_sync_batch_add_changes (batch, bst_doc_get_string (call->args, "accountId"),
                                    bst_doc_get_string (call->args, "sinceState"),
                                    bst_doc_get_int (call->args, "maxChanges", 0));
    }
  return batch;
}

/* ---- printing ---- */

static BstJmapCall *
set_call_print (const SetCall *call, guint index)
{
  g_autofree char *name = g_strconcat (call->type->name, "/set", NULL);
  g_autofree char *id = g_strdup_printf ("s%u", index);
  GVariantBuilder create, update, destroy;
  GVariantDict args, revs;
  gboolean any = FALSE;

  g_variant_builder_init (&create, G_VARIANT_TYPE_VARDICT);
  g_variant_builder_init (&update, G_VARIANT_TYPE_VARDICT);
  g_variant_builder_init (&destroy, G_VARIANT_TYPE ("av"));
  g_variant_dict_init (&revs, NULL);
  for (guint i = 0; i < call->items->len; i++)
    {
      BstOutboxItem *item = call->items->pdata[i];
      g_autofree char *key = item->create ? creation_id (item) : g_strdup (item->uid);

      if (!item->destroy)
        {
          g_variant_builder_add (item->create ? &create : &update, "{sv}", key, item->content);
          continue;
        }
      any = TRUE;
      g_variant_builder_add (&destroy, "v", g_variant_new_string (item->uid));
      g_variant_dict_insert (&revs, item->uid, "x", bst_doc_get_int (item->content, "rev", 0));
    }
  g_variant_dict_init (&args, NULL);
  g_variant_dict_insert (&args, "accountId", "s", call->account);
  g_variant_dict_insert_value (&args, "create", g_variant_builder_end (&create));
  g_variant_dict_insert_value (&args, "update", g_variant_builder_end (&update));
  if (any)
    {
      g_variant_dict_insert_value (&args, "destroy", g_variant_builder_end (&destroy));
      g_variant_dict_insert_value (&args, "destroyRevs", g_variant_dict_end (&revs));
    }
  else
    {
      g_variant_builder_clear (&destroy);
      g_variant_dict_clear (&revs);
    }
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

/* What may be well another time is no refusal. */
static gboolean
is_lasting (GVariant *set_error)
{
  static const char *const passing[] = { "serverFail",    "serverUnavailable", "serverPartialFail",
                                         "stateMismatch", "rateLimit",         NULL };
  const char *type = bst_doc_get_string (set_error, "type");

  return type && !g_strv_contains (passing, type);
}

/*
 * An update whose answer was lost comes back as a mismatch with itself: the record has been changed
 * since, by us. When it already is as the update wants it, the update is done.
 */
static GVariant *
done_already (const BstOutboxItem *item, GVariant *set_error)
{
  g_autoptr (GVariant) current = bst_doc_lookup (set_error, "current");
  g_autoptr (GVariant) patch = NULL;
  g_autoptr (GVariant) patched = NULL;

  if (item->create || g_strcmp0 (bst_doc_get_string (set_error, "type"), "revMismatch") != 0 ||
      !current || !g_variant_is_of_type (current, G_VARIANT_TYPE_VARDICT) ||
      g_strcmp0 (bst_doc_get_string (current, "id"), item->uid) != 0)
    return NULL;
  patch = bst_doc_set (item->content, "rev", NULL);
  patched = bst_doc_patch (current, patch, NULL);
  return patched && bst_doc_equal (patched, current) ? g_steal_pointer (&current) : NULL;
}

/* A removal whose answer was lost is done when there is nothing to remove any more. */
static void
read_removal (const BstOutboxItem *item, GVariant *args, BstOutcome *outcome)
{
  g_autoptr (GVariant) bad = entry (args, "notDestroyed", item->uid);
  gboolean gone = bad && g_strcmp0 (bst_doc_get_string (bad, "type"), "notFound") == 0;

  if (gone || names (args, "destroyed", item->uid))
    outcome->record = bst_doc_new ();
  else if (bad && g_variant_is_of_type (bad, G_VARIANT_TYPE_VARDICT) && is_lasting (bad))
    outcome->error = g_steal_pointer (&bad);
}

/* The fate of one item. Proof is an answer that names our record; FALSE when it names another. */
static gboolean
read_outcome (const BstOutboxItem *item, GVariant *args, BstOutcome *outcome)
{
  g_autofree char *key = item->create ? creation_id (item) : g_strdup (item->uid);
  g_autoptr (GVariant) good = entry (args, item->create ? "created" : "updated", key);
  g_autoptr (GVariant) bad = entry (args, item->create ? "notCreated" : "notUpdated", key);

  if (good && bad)
    return FALSE;
  if (item->destroy)
    read_removal (item, args, outcome);
  else if (bad && g_variant_is_of_type (bad, G_VARIANT_TYPE_VARDICT) && is_lasting (bad))
    {
      outcome->record = done_already (item, bad);
      if (!outcome->record)
        outcome->error = g_steal_pointer (&bad);
    }
  else if (good && item->create)
    {
      if (!g_variant_is_of_type (good, G_VARIANT_TYPE_VARDICT) ||
          g_strcmp0 (bst_doc_get_string (good, "id"), item->uid) != 0)
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

static gboolean
read_set_item (const SetCall *call,
               const BstOutboxItem *item,
               const BstJmapSlice *slice,
               GVariant *args,
               BstOutcome *outcome)
{
  g_autofree char *name = g_strconcat (call->type->name, "/set", NULL);

  /* A whole call failed. What will not get better by asking again is a refusal of each item. */
  if (strcmp (slice->name, "error") == 0)
    {
      if (is_lasting (args))
        outcome->error = g_variant_ref (args);
      return TRUE;
    }
  return strcmp (slice->name, name) == 0 &&
         g_strcmp0 (bst_doc_get_string (args, "accountId"), call->account) == 0 &&
         read_outcome (item, args, outcome);
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
read_set (SetCall *call, const BstJmapSlice *slice, BstSyncAnswer *answer, GError **error)
{
  g_autoptr (GVariant) args = parse_args (slice, error);

  if (!args)
    return FALSE;
  for (guint i = 0; i < call->items->len; i++)
    {
      BstOutboxItem *item = call->items->pdata[i];
      BstOutcome *outcome = outcome_of (answer, item->seq);

      if (!read_set_item (call, item, slice, args, outcome))
        {
          g_set_error (error, BST_ERROR, BST_ERROR_PROTOCOL,
                       "%s: the answer is about other records than ours", slice->name);
          return FALSE;
        }
      answer->n_settled += outcome->record || outcome->error;
      answer->failed |= !outcome->record && !outcome->error;
    }
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
  answer->lost = g_ptr_array_new_with_free_func (g_free);
  answer->outcomes = g_array_new (FALSE, TRUE, sizeof (BstOutcome));
  g_array_set_clear_func (answer->outcomes, (GDestroyNotify) outcome_clear);
  for (guint i = 0; i < batch->items->len; i++)
    {
      BstOutcome outcome = { .seq = ((BstOutboxItem *) batch->items->pdata[i])->seq };

      if (g_array_index (batch->fates, Fate, i) == FATE_TOO_LARGE)
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

/* Whether the order stands or falls with it. */
static gboolean
is_order_item (const BstOutboxItem *item)
{
  return strcmp (item->type, "Request") == 0 ||
         g_strcmp0 (bst_doc_get_string (item->content, "action"), "submit") == 0;
}

/*
 * When an order was refused, so were the other steps on it, only because it is not there. They wait for it
 * to be put right.
 */
static void
spare_dependents (BstSyncBatch *batch, BstSyncAnswer *answer)
{
  g_autoptr (GHashTable) refused = g_hash_table_new (g_str_hash, g_str_equal);

  for (guint i = 0; i < batch->items->len; i++)
    {
      const BstOutboxItem *item = batch->items->pdata[i];
      BstOutcome *outcome = &g_array_index (answer->outcomes, BstOutcome, i);

      if (!outcome->error)
        continue;
      if (is_order_item (item))
        g_hash_table_add (refused, item->request);
      else if (g_hash_table_contains (refused, item->request))
        {
          g_clear_pointer (&outcome->error, g_variant_unref);
          g_array_index (batch->fates, Fate, i) = FATE_WAITS;
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

      if (g_array_index (batch->fates, Fate, i) == FATE_SENT && !outcome->record && !outcome->error)
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
      g_array_index (batch->fates, Fate, i) = FATE_WAITS;
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
            GArray *sets,
            GArray *changes,
            BstSyncAnswer *answer,
            GError **error)
{
  guint index;

  if (slice->id[0] == 's')
    return take_index (slice, sets, &index, error) &&
           read_set (batch->sets->pdata[index], slice, answer, error);
  if (slice->id[0] == 'c')
    return take_index (slice, changes, &index, error) &&
           read_changes (batch->accounts->pdata[index], slice, answer, error);
  g_set_error (error, BST_ERROR, BST_ERROR_PROTOCOL, "an answer to a call we did not make: %s",
               slice->id);
  return FALSE;
}

BstSyncAnswer *
bst_sync_batch_read (BstSyncBatch *batch, GBytes *response, GError **error)
{
  g_autoptr (BstSyncAnswer) answer = answer_new (batch);
  g_autoptr (GArray) sets = flags_new (batch->sets->len);
  g_autoptr (GArray) changes = flags_new (batch->changes->len);
  gsize len;
  const char *text = g_bytes_get_data (response, &len);
  g_autoptr (GPtrArray) slices =
      bst_jmap_response_slices (text, len, &answer->session_state, error);

  if (!slices)
    return NULL;
  for (guint i = 0; i < slices->len; i++)
    if (!read_slice (batch, slices->pdata[i], sets, changes, answer, error))
      return NULL;
  answer->failed |= !all_answered (sets) || !all_answered (changes);
  spare_dependents (batch, answer);
  spare_all (batch, answer);
  drop_unknown (batch, answer);
  return g_steal_pointer (&answer);
}
