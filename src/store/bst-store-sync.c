/* SPDX-License-Identifier: GPL-3.0-or-later */

/*
 * What synchronisation does with the replica.
 */

#include "bst-store-private.h"

#include "bst-error.h"

static gpointer
get_checkpoint (BstStore *store, gpointer args, GError **error)
{
  return bst_replica_get_checkpoint (store->replica, args, error);
}

char *
bst_store_get_checkpoint (BstStore *store, const char *account, GError **error)
{
  return bst_store_call (store, store->writer, get_checkpoint, (gpointer) account, error);
}

static gpointer
get_accounts (BstStore *store, gpointer args, GError **error)
{
  g_autoptr (GPtrArray) accounts = bst_replica_list (
      store->replica, "SELECT account FROM checkpoint WHERE state IS NOT NULL ORDER BY account",
      NULL, NULL, error);
  g_autoptr (GStrvBuilder) list = g_strv_builder_new ();

  for (guint i = 0; accounts && i < accounts->len; i++)
    g_strv_builder_add (list, accounts->pdata[i]);
  return accounts ? g_strv_builder_end (list) : NULL;
}

char **
bst_store_get_accounts (BstStore *store, GError **error)
{
  return bst_store_call (store, store->writer, get_accounts, NULL, error);
}

typedef struct
{
  const char *key;
  const char *text;
} SessionArgs;

static gpointer
remember_session (BstStore *store, gpointer data, GError **error)
{
  const SessionArgs *args = data;

  return bst_replica_remember_session (store->replica, args->key, args->text, error)
             ? BST_STORE_DONE
             : NULL;
}

gboolean
bst_store_remember_session (BstStore *store, const char *key, const char *text, GError **error)
{
  SessionArgs args = { key, text };

  return bst_store_call (store, store->writer, remember_session, &args, error) != NULL;
}

static gpointer
recall_session (BstStore *store, gpointer key, GError **error)
{
  return bst_replica_recall_session (store->replica, key, error);
}

char *
bst_store_recall_session (BstStore *store, const char *key, GError **error)
{
  return bst_store_call (store, store->writer, recall_session, (gpointer) key, error);
}

static void
tell_types (BstStore *store, GHashTable *types)
{
  GHashTableIter iter;
  gpointer type;

  if (g_hash_table_contains (types, "OrgUnit"))
    g_clear_pointer (&store->org, bst_org_unref);
  g_hash_table_iter_init (&iter, types);
  while (g_hash_table_iter_next (&iter, &type, NULL))
    bst_store_tell_changed (store, type);
}

/* After the replica was committed: what is ours comes on top again. */
static gboolean
lay_over_again (BstStore *store, GHashTable *types, GError **error)
{
  if (!g_hash_table_contains (types, "Request") && !g_hash_table_contains (types, "RequestEvent"))
    return TRUE;
  return bst_store_heal_drafts (store, error) && bst_store_rebase_all (store, error) &&
         bst_overlay_prune (store, error) && bst_overlay_refresh_all (store, error);
}

/* A set of type names that takes ownership of them. */
static GHashTable *
new_types (void)
{
  return g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
}

static gpointer
set_accounts (BstStore *store, gpointer args, GError **error)
{
  g_autoptr (GHashTable) types = new_types ();

  if (!bst_replica_set_accounts (store->replica, args, types, error) ||
      !lay_over_again (store, types, error))
    return NULL;
  tell_types (store, types);
  return BST_STORE_DONE;
}

gboolean
bst_store_set_accounts (BstStore *store, GVariant *accounts, GError **error)
{
  g_autoptr (GVariant) doc = bst_doc_take (g_variant_ref_sink (accounts));

  return bst_store_call (store, store->writer, set_accounts, doc, error) != NULL;
}

static gboolean
look_for_kept (BstStore *store, const char *account, GError **error)
{
  if (!bst_work_begin (store->work, error))
    return FALSE;
  if (!bst_work_doubt_kept (store->work, account, error))
    {
      bst_work_rollback (store->work);
      return FALSE;
    }
  return bst_work_commit (store->work, error);
}

static gpointer
reset_account (BstStore *store, gpointer args, GError **error)
{
  g_autoptr (GHashTable) types = new_types ();

  /* What we sent stays to be seen until the server shows it again. */
  if (!look_for_kept (store, args, error) ||
      !bst_replica_forget (store->replica, args, types, error) ||
      !lay_over_again (store, types, error))
    return NULL;
  tell_types (store, types);
  return BST_STORE_DONE;
}

gboolean
bst_store_reset_account (BstStore *store, const char *account, GError **error)
{
  return bst_store_call (store, store->writer, reset_account, (gpointer) account, error) != NULL;
}

/* ---- news for the user ---- */

static void
copy_string (GVariantDict *dict, GVariant *doc, const char *name)
{
  const char *value = bst_doc_get_string (doc, name);

  if (value)
    g_variant_dict_insert (dict, name, "s", value);
}

/* {id, number, title, state, action}; %NULL when it is not mine, or my own doing. */
static GVariant *
make_news (BstStore *store, GVariant *event, const char *person)
{
  const char *id = bst_doc_get_string (event, "request");
  g_autoptr (GVariant) request = NULL;
  g_autoptr (GVariantDict) dict = NULL;

  if (!id || g_strcmp0 (bst_doc_get_string (event, "person"), person) == 0 ||
      !bst_replica_get (store->replica, "Request", id, &request, NULL) || !request ||
      g_strcmp0 (bst_doc_get_string (request, "orderer"), person) != 0)
    return NULL;

  dict = g_variant_dict_new (NULL);
  copy_string (dict, request, "id");
  copy_string (dict, request, "number");
  copy_string (dict, request, "title");
  copy_string (dict, request, "state");
  copy_string (dict, event, "action");
  return g_variant_dict_end (dict);
}

static void
tell_news (BstStore *store, GPtrArray *events)
{
  g_autoptr (GVariant) identity = bst_store_get_identity (store);
  const char *person = bst_doc_get_string (identity, "person");
  g_auto (GVariantBuilder) builder = G_VARIANT_BUILDER_INIT (G_VARIANT_TYPE ("av"));
  g_autoptr (GVariant) news = NULL;

  for (guint i = 0; person && i < events->len; i++)
    {
      GVariant *entry = make_news (store, g_ptr_array_index (events, i), person);

      if (entry)
        g_variant_builder_add (&builder, "v", entry);
    }
  news = bst_doc_take (g_variant_builder_end (&builder));
  if (g_variant_n_children (news) > 0)
    bst_store_tell_mine (store, news);
}

/* ---- applying ---- */

static gpointer
apply (BstStore *store, gpointer args, GError **error)
{
  g_auto (BstApplied) applied = { 0 };

  if (!bst_replica_apply (store->replica, args, &applied, error))
    return NULL;
  if (!lay_over_again (store, applied.types, error))
    return NULL;
  tell_types (store, applied.types);
  tell_news (store, applied.events);
  return g_steal_pointer (&applied.pages);
}

static gpointer
finish_step (BstStore *store, gpointer args, GError **error)
{
  return bst_replica_finish_step (store->replica, args, error) ? BST_STORE_DONE : NULL;
}

/* Step by step, so that a draft that is saved meanwhile need not wait for all of it. */
static gboolean
finish (BstStore *store, GError **error)
{
  gboolean more = TRUE;

  while (more)
    if (!bst_store_call (store, store->writer, finish_step, &more, error))
      return FALSE;
  return TRUE;
}

static gboolean
has_more (GPtrArray *pages)
{
  for (guint i = 0; i < pages->len; i++)
    if (((BstAppliedPage *) g_ptr_array_index (pages, i))->has_more)
      return TRUE;
  return FALSE;
}

GPtrArray *
bst_store_apply_response (BstStore *store, GBytes *response, GError **error)
{
  g_autoptr (GPtrArray) pages = bst_store_call (store, store->writer, apply, response, error);

  if (!pages || (!has_more (pages) && !finish (store, error)))
    return NULL;
  return g_steal_pointer (&pages);
}
