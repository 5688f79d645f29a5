/* SPDX-License-Identifier: GPL-3.0-or-later */

/* What an answer says of one item. */

#include "bst-sync-batch-private.h"

#include "bst-error.h"

#include <string.h>

#define MAX_REV ((G_GINT64_CONSTANT (1) << 53) - 1) /* an UnsignedInt of JMAP (RFC 8620 §1.3) */

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
  g_autoptr (GVariant) bad = bst_sync_entry (args, "notDestroyed", item->uid);
  gboolean said = bad && g_variant_is_of_type (bad, G_VARIANT_TYPE_VARDICT);

  if (bst_sync_names (args, "destroyed", item->uid) ||
      (said && g_strcmp0 (bst_doc_get_string (bad, "type"), "notFound") == 0))
    outcome->record = bst_doc_new ();
  else if (said && is_lasting (bad))
    outcome->error = g_steal_pointer (&bad);
}

/* Whether @record, as far as it is said, is what became of the item: of its id, and with a revision that can be counted on. */
static gboolean
is_of (GVariant *record, const BstOutboxItem *item)
{
  g_autoptr (GVariant) id = bst_doc_lookup (record, "id");
  g_autoptr (GVariant) rev = bst_doc_lookup (record, "rev");
  gint64 number =
      rev && g_variant_is_of_type (rev, G_VARIANT_TYPE_INT64) ? g_variant_get_int64 (rev) : 0;

  if (id ? g_strcmp0 (bst_doc_get_string (record, "id"), item->uid) != 0 : item->create)
    return FALSE;
  return !rev || (number >= 1 && number <= MAX_REV);
}

/* The fate of one item. Proof is an answer that names our record; FALSE when it names another. */
static gboolean
read_outcome (const BstOutboxItem *item, GVariant *args, BstOutcome *outcome)
{
  g_autofree char *key = item->create ? bst_sync_batch_creation_id (item) : g_strdup (item->uid);
  g_autoptr (GVariant) good = bst_sync_entry (args, item->create ? "created" : "updated", key);
  g_autoptr (GVariant) bad = bst_sync_entry (args, item->create ? "notCreated" : "notUpdated", key);
  gboolean whole = good && g_variant_is_of_type (good, G_VARIANT_TYPE_VARDICT);

  if (good && (bad || (whole ? !is_of (good, item) : item->create)))
    return FALSE;
  if (item->destroy)
    read_removal (item, args, outcome);
  else if (bad && g_variant_is_of_type (bad, G_VARIANT_TYPE_VARDICT) && is_lasting (bad))
    {
      outcome->record = done_already (item, bad);
      if (!outcome->record)
        outcome->error = g_steal_pointer (&bad);
    }
  else if (good)
    outcome->record = whole ? g_steal_pointer (&good) : bst_doc_new ();
  return TRUE;
}

gboolean
bst_sync_outcome_read (const BstSyncSet *call,
                       const BstOutboxItem *item,
                       const char *method,
                       GVariant *args,
                       BstOutcome *outcome)
{
  g_autofree char *name = g_strconcat (call->type->name, "/set", NULL);

  /* A whole call failed. What will not get better by asking again is a refusal of each item. */
  if (strcmp (method, "error") == 0)
    {
      if (is_lasting (args))
        outcome->error = g_variant_ref (args);
      return TRUE;
    }
  return strcmp (method, name) == 0 &&
         g_strcmp0 (bst_doc_get_string (args, "accountId"), call->account) == 0 &&
         read_outcome (item, args, outcome);
}

/* ---- whether it speaks of nothing else ---- */

typedef enum
{
  CREATE,
  UPDATE,
  DESTROY
} Wish;

static Wish
wish_of (const BstOutboxItem *item)
{
  return item->destroy ? DESTROY : item->create ? CREATE : UPDATE;
}

static gboolean
is_ours (const BstSyncSet *call, Wish wish, const char *key)
{
  for (guint i = 0; i < call->items->len; i++)
    {
      const BstOutboxItem *item = call->items->pdata[i];
      g_autofree char *own =
          wish == CREATE ? bst_sync_batch_creation_id (item) : g_strdup (item->uid);

      if (wish_of (item) == wish && strcmp (own, key) == 0)
        return TRUE;
    }
  return FALSE;
}

/* A map by ids; that of what was destroyed is a list. */
static gboolean
has_ours_only (const BstSyncSet *call, Wish wish, gboolean list, GVariant *value)
{
  GVariantIter iter;
  GVariant *item;

  if (bst_value_is_null (value))
    return TRUE;
  if (!g_variant_is_of_type (value, list ? G_VARIANT_TYPE ("av") : G_VARIANT_TYPE_VARDICT))
    return FALSE;
  g_variant_iter_init (&iter, value);
  while ((item = g_variant_iter_next_value (&iter)))
    {
      g_autoptr (GVariant) entry = item;
      g_autoptr (GVariant) first =
          list ? g_variant_get_variant (entry) : g_variant_get_child_value (entry, 0);

      if (!g_variant_is_of_type (first, G_VARIANT_TYPE_STRING) ||
          !is_ours (call, wish, g_variant_get_string (first, NULL)))
        return FALSE;
    }
  return TRUE;
}

gboolean
bst_sync_names_ours_only (const BstSyncSet *call, GVariant *args)
{
  static const struct
  {
    const char *name;
    Wish wish;
    gboolean list;
  } members[] = {
    { "created", CREATE, FALSE },   { "notCreated", CREATE, FALSE },
    { "updated", UPDATE, FALSE },   { "notUpdated", UPDATE, FALSE },
    { "destroyed", DESTROY, TRUE }, { "notDestroyed", DESTROY, FALSE },
  };

  for (guint i = 0; i < G_N_ELEMENTS (members); i++)
    {
      g_autoptr (GVariant) value = bst_doc_lookup (args, members[i].name);

      if (value && !has_ours_only (call, members[i].wish, members[i].list, value))
        return FALSE;
    }
  return TRUE;
}
