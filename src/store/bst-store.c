/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "bst-store-private.h"

#include "bst-error.h"
#include "bst-json.h"
#include "bst-date.h"
#include "bst-text.h"

#include <errno.h>
#include <fcntl.h>
#include <glib/gstdio.h>
#include <string.h>
#include <sys/file.h>
#include <unistd.h>

enum
{
  CHANGED,
  OUTBOX_CHANGED,
  MINE_CHANGED,
  N_SIGNALS,
};

static guint signals[N_SIGNALS];

G_DEFINE_FINAL_TYPE (BstStore, bst_store, G_TYPE_OBJECT)

/* ---- calling the threads ---- */

typedef struct
{
  BstStore *store;
  BstStoreFunc func;
  gpointer args;
  gpointer result;
  GError *error;
} Call;

/* A replica that turns out to be corrupt is set aside the next time. */
static void
note_error (BstStore *store, const GError *error)
{
  if (error && g_error_matches (error, BST_ERROR, BST_ERROR_CORRUPT))
    bst_replica_doubt (store->directory);
}

static void
call_cb (gpointer data)
{
  Call *call = data;

  call->result = call->func (call->store, call->args, &call->error);
  note_error (call->store, call->error);
}

gpointer
bst_store_call (BstStore *store,
                BstStoreThread *thread,
                BstStoreFunc func,
                gpointer args,
                GError **error)
{
  Call call = { .store = store, .func = func, .args = args };

  /* Somebody's thread may still ask while the application leaves. */
  if (!thread)
    {
      g_set_error (error, G_IO_ERROR, G_IO_ERROR_CANCELLED, "the store is closed");
      return NULL;
    }
  bst_store_thread_run (thread, call_cb, &call);
  if (call.error)
    g_propagate_error (error, call.error);
  return call.result;
}

typedef struct
{
  BstStoreFunc func;
  gpointer args;
  GDestroyNotify free_args;
  GDestroyNotify free_result;
} AsyncCall;

static void
async_call_free (gpointer data)
{
  AsyncCall *call = data;

  if (call->free_args)
    call->free_args (call->args);
  g_free (call);
}

static void
async_call_cb (gpointer data)
{
  g_autoptr (GTask) task = data;
  AsyncCall *call = g_task_get_task_data (task);
  GError *error = NULL;
  gpointer result;

  if (g_task_return_error_if_cancelled (task))
    return;
  result = call->func (g_task_get_source_object (task), call->args, &error);
  note_error (g_task_get_source_object (task), error);
  if (error)
    g_task_return_error (task, error);
  else
    g_task_return_pointer (task, result, call->free_result);
}

void
bst_store_call_async (BstStore *store,
                      BstStoreThread *thread,
                      BstStoreFunc func,
                      gpointer args,
                      GDestroyNotify free_args,
                      GDestroyNotify free_result,
                      GCancellable *cancellable,
                      GAsyncReadyCallback callback,
                      gpointer user_data,
                      gpointer tag)
{
  GTask *task = g_task_new (store, cancellable, callback, user_data);
  AsyncCall *call = g_new (AsyncCall, 1);

  *call = (AsyncCall){ func, args, free_args, free_result };
  g_task_set_source_tag (task, tag);
  g_task_set_task_data (task, call, async_call_free);
  if (!thread)
    {
      g_task_return_new_error (task, G_IO_ERROR, G_IO_ERROR_CANCELLED, "the store is closed");
      g_object_unref (task);
      return;
    }
  bst_store_thread_push (thread, async_call_cb, task);
}

gpointer
bst_store_call_finish (BstStore *store, GAsyncResult *result, gpointer tag, GError **error)
{
  g_return_val_if_fail (g_task_is_valid (result, store), NULL);
  g_return_val_if_fail (g_task_get_source_tag (G_TASK (result)) == tag, NULL);

  return g_task_propagate_pointer (G_TASK (result), error);
}

/* ---- telling ---- */

static gboolean
notify_cb (gpointer data)
{
  BstStore *store = data;
  g_autoptr (GHashTable) types = NULL;
  g_autoptr (GPtrArray) mine = NULL;
  gboolean outbox;
  GHashTableIter iter;
  gpointer type;

  g_mutex_lock (&store->mutex);
  types = g_steal_pointer (&store->pending_types);
  mine = g_steal_pointer (&store->pending_mine);
  outbox = store->pending_outbox;
  store->pending_outbox = FALSE;
  g_clear_pointer (&store->notify_source, g_source_unref);
  g_mutex_unlock (&store->mutex);

  g_object_ref (store);
  if (types)
    {
      g_hash_table_iter_init (&iter, types);
      while (g_hash_table_iter_next (&iter, &type, NULL))
        g_signal_emit (store, signals[CHANGED], 0, type);
    }
  if (outbox)
    g_signal_emit (store, signals[OUTBOX_CHANGED], 0);
  for (guint i = 0; mine && i < mine->len; i++)
    g_signal_emit (store, signals[MINE_CHANGED], 0, g_ptr_array_index (mine, i));
  g_object_unref (store);
  return G_SOURCE_REMOVE;
}

/* With the mutex held. What comes until the main context gets round to it is one. */
static void
schedule (BstStore *store)
{
  if (store->notify_source || store->closed)
    return;
  store->notify_source = g_idle_source_new ();
  g_source_set_priority (store->notify_source, G_PRIORITY_DEFAULT);
  g_source_set_callback (store->notify_source, notify_cb, store, NULL);
  g_source_attach (store->notify_source, store->context);
}

void
bst_store_tell_changed (BstStore *store, const char *type)
{
  g_mutex_lock (&store->mutex);
  store->generation++;
  if (!store->pending_types)
    store->pending_types = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  g_hash_table_add (store->pending_types, g_strdup (type));
  g_hash_table_add (store->catalogue_changed, g_strdup (type));
  schedule (store);
  g_mutex_unlock (&store->mutex);
}

void
bst_store_tell_outbox (BstStore *store)
{
  g_mutex_lock (&store->mutex);
  store->pending_outbox = TRUE;
  schedule (store);
  g_mutex_unlock (&store->mutex);
}

void
bst_store_tell_mine (BstStore *store, GVariant *news)
{
  g_mutex_lock (&store->mutex);
  if (!store->pending_mine)
    store->pending_mine = g_ptr_array_new_with_free_func ((GDestroyNotify) g_variant_unref);
  g_ptr_array_add (store->pending_mine, g_variant_ref (news));
  schedule (store);
  g_mutex_unlock (&store->mutex);
}

guint
bst_store_generation (BstStore *store)
{
  guint generation;

  g_mutex_lock (&store->mutex);
  generation = store->generation;
  g_mutex_unlock (&store->mutex);
  return generation;
}

/* ---- what the writer's jobs look things up in ---- */

char *
bst_store_now (BstStore *store)
{
  return bst_clock_now_text (&store->clock);
}

BstOrg *
bst_store_org (BstStore *store, GError **error)
{
  g_autoptr (GPtrArray) units = NULL;

  if (store->org)
    return store->org;
  units = bst_replica_all (store->replica, "OrgUnit", error);
  if (!units)
    return NULL;
  store->org = bst_org_new (units, error);
  return store->org;
}

static GVariant *
find_person (const char *id, gpointer closure)
{
  BstStore *store = closure;
  GVariant *person = NULL;

  return bst_replica_get (store->replica, "Person", id, &person, NULL) ? person : NULL;
}

gboolean
bst_store_roles (BstStore *store, const char *unit, BstRole *ret_roles, GError **error)
{
  g_autoptr (GVariant) identity = bst_store_get_identity (store);
  const char *id = bst_doc_get_string (identity, "person");
  g_autoptr (GVariant) person = id ? find_person (id, store) : NULL;
  g_autoptr (GPtrArray) mandates = NULL;
  g_autofree char *today = bst_store_today (store, unit);
  BstOrg *org = bst_store_org (store, error);
  BstMandates in_force = { .today = today, .lookup = find_person, .closure = store };

  if (!org)
    return FALSE;
  mandates = bst_replica_all (store->replica, "Mandate", error);
  if (!mandates)
    return FALSE;
  in_force.mandates = mandates;
  *ret_roles = person ? bst_org_acting_roles (org, person, unit, &in_force) : BST_ROLE_NONE;
  return TRUE;
}

char *
bst_store_today (BstStore *store, const char *unit)
{
  BstOrg *org = bst_store_org (store, NULL);
  const char *name = org && unit ? bst_org_inherited (org, unit, "timeZone") : NULL;
  g_autoptr (GTimeZone) zone = name ? g_time_zone_new_identifier (name) : NULL;

  if (!zone)
    zone = g_time_zone_new_local ();
  return bst_date_of_instant (bst_clock_now (&store->clock), zone);
}

/* ---- identity ---- */

const char *
bst_store_installation (BstStore *store)
{
  return store->installation;
}

GVariant *
bst_store_get_identity (BstStore *store)
{
  GVariant *identity;

  g_mutex_lock (&store->mutex);
  identity = g_variant_ref (store->identity);
  g_mutex_unlock (&store->mutex);
  return identity;
}

static gpointer
set_identity (BstStore *store, gpointer args, GError **error)
{
  GVariant *identity = args;
  g_autofree char *text = bst_json_print (identity);

  if (!bst_work_begin (store->work, error))
    return NULL;
  if (!bst_work_set_meta (store->work, "identity", text, error))
    {
      bst_work_rollback (store->work);
      return NULL;
    }
  if (!bst_work_commit (store->work, error))
    return NULL;

  g_mutex_lock (&store->mutex);
  g_variant_unref (store->identity);
  store->identity = g_variant_ref (identity);
  g_mutex_unlock (&store->mutex);
  return BST_STORE_DONE;
}

gboolean
bst_store_set_identity (BstStore *store, GVariant *identity, GError **error)
{
  g_autoptr (GVariant) doc = bst_doc_take (g_variant_ref_sink (identity));

  return bst_store_call (store, store->writer, set_identity, doc, error) != NULL;
}

/* ---- opening ---- */

/* One process at a time: the overlay and the notifications live in it. */
static gboolean
lock_directory (BstStore *store, GError **error)
{
  g_autofree char *path = g_build_filename (store->directory, "lock", NULL);

  if (g_mkdir_with_parents (store->directory, 0700) != 0)
    {
      g_set_error (error, BST_ERROR, BST_ERROR_STORAGE, "cannot make %s: %s", store->directory,
                   g_strerror (errno));
      return FALSE;
    }
  store->lock = open (path, O_RDWR | O_CREAT | O_CLOEXEC, 0600);
  if (store->lock < 0)
    {
      g_set_error (error, BST_ERROR, BST_ERROR_STORAGE, "cannot write in %s: %s", store->directory,
                   g_strerror (errno));
      return FALSE;
    }
  if (flock (store->lock, LOCK_EX | LOCK_NB) != 0)
    {
      g_set_error (error, BST_ERROR, BST_ERROR_BUSY, "another program uses %s", store->directory);
      return FALSE;
    }
  return TRUE;
}

static gboolean
read_identity (BstStore *store, GError **error)
{
  g_autofree char *text = NULL;
  GVariant *identity;

  if (!bst_work_get_meta (store->work, "identity", &text, error))
    return FALSE;
  identity = text ? bst_json_parse_object (text, -1, error) : bst_doc_new ();
  if (!identity)
    return FALSE;
  g_variant_unref (store->identity);
  store->identity = identity;
  return TRUE;
}

static gboolean
read_installation (BstStore *store, GError **error)
{
  g_autofree char *made = NULL;

  if (!bst_work_get_meta (store->work, "installation", &store->installation, error))
    return FALSE;
  if (store->installation)
    return TRUE;

  made = bst_uid_new (&store->clock);
  if (!bst_work_begin (store->work, error))
    return FALSE;
  if (!bst_work_set_meta (store->work, "installation", made, error))
    {
      bst_work_rollback (store->work);
      return FALSE;
    }
  if (!bst_work_commit (store->work, error))
    return FALSE;
  store->installation = g_steal_pointer (&made);
  return TRUE;
}

static gboolean
try_replica (BstStore *store, GError **error)
{
  const char *language = bst_doc_get_string (store->identity, "language");

  store->replica = bst_replica_open (store->directory, language ? language : "da", FALSE, error);
  if (store->replica && bst_overlay_refresh_all (store, error))
    return TRUE;
  g_clear_pointer (&store->replica, bst_replica_close);
  g_clear_pointer (&store->org, bst_org_unref);
  return FALSE;
}

/* One that turns out to be corrupt only when it is used is set aside as well. */
static gboolean
open_replica (BstStore *store, GError **error)
{
  g_autoptr (GError) local_error = NULL;

  if (try_replica (store, &local_error))
    return TRUE;
  if (g_error_matches (local_error, BST_ERROR, BST_ERROR_CORRUPT))
    {
      bst_replica_doubt (store->directory);
      if (try_replica (store, error))
        return TRUE;
    }
  else
    g_propagate_error (error, g_steal_pointer (&local_error));
  g_prefix_error (error, "replica.db: ");
  return FALSE;
}

static gboolean
open_databases (BstStore *store, GError **error)
{
  g_autofree char *work_path = g_build_filename (store->directory, "work.db", NULL);

  store->work = bst_work_open (work_path, FALSE, error);
  if (!store->work || !read_identity (store, error) || !read_installation (store, error) ||
      !bst_store_open_files (store, error))
    {
      g_prefix_error (error, "work.db: ");
      return FALSE;
    }
  if (!open_replica (store, error))
    return FALSE;

  store->read_work = bst_work_open (work_path, TRUE, error);
  store->read_replica =
      store->read_work ? bst_replica_open (store->directory, store->replica->language, TRUE, error)
                       : NULL;
  return store->read_replica != NULL;
}

static BstStore *
open_store (const char *directory, const BstClock *clock, GMainContext *context, GError **error)
{
  g_autoptr (BstStore) store = g_object_new (BST_TYPE_STORE, NULL);

  store->directory = g_strdup (directory);
  store->clock = *clock;
  store->context = g_main_context_ref (context);
  if (!lock_directory (store, error) || !open_databases (store, error))
    return NULL;
  store->writer = bst_store_thread_new ("bst-store-write");
  store->reader = bst_store_thread_new ("bst-store-read");
  return g_steal_pointer (&store);
}

BstStore *
bst_store_open (const char *directory, const BstClock *clock, GError **error)
{
  g_autoptr (GMainContext) context = g_main_context_ref_thread_default ();

  g_return_val_if_fail (directory != NULL && clock != NULL, NULL);
  return open_store (directory, clock, context, error);
}

typedef struct
{
  char *directory;
  BstClock clock;
} OpenArgs;

static void
open_args_free (gpointer data)
{
  OpenArgs *args = data;

  g_free (args->directory);
  g_free (args);
}

static void
open_in_thread (GTask *task, gpointer source, gpointer data, GCancellable *cancellable)
{
  OpenArgs *args = data;
  GError *error = NULL;
  BstStore *store = open_store (args->directory, &args->clock, g_task_get_context (task), &error);

  if (store)
    g_task_return_pointer (task, store, g_object_unref);
  else
    g_task_return_error (task, error);
}

void
bst_store_open_async (const char *directory,
                      const BstClock *clock,
                      GCancellable *cancellable,
                      GAsyncReadyCallback callback,
                      gpointer user_data)
{
  g_autoptr (GTask) task = g_task_new (NULL, cancellable, callback, user_data);
  OpenArgs *args = g_new (OpenArgs, 1);

  args->directory = g_strdup (directory);
  args->clock = *clock;
  g_task_set_source_tag (task, bst_store_open_async);
  g_task_set_task_data (task, args, open_args_free);
  g_task_run_in_thread (task, open_in_thread);
}

BstStore *
bst_store_open_finish (GAsyncResult *result, GError **error)
{
  g_return_val_if_fail (g_task_is_valid (result, NULL), NULL);
  return g_task_propagate_pointer (G_TASK (result), error);
}

/* ---- closing ---- */

static void
shut (BstStore *store)
{
  g_mutex_lock (&store->mutex);
  store->closed = TRUE;
  if (store->notify_source)
    g_source_destroy (store->notify_source);
  g_clear_pointer (&store->notify_source, g_source_unref);
  g_mutex_unlock (&store->mutex);

  g_clear_pointer (&store->reader, bst_store_thread_stop);
  g_clear_pointer (&store->writer, bst_store_thread_stop);
  g_clear_pointer (&store->results, bst_result_cache_free);
  g_clear_pointer (&store->vocabularies, g_hash_table_unref);
  g_clear_pointer (&store->catalogue_read, g_hash_table_unref);
  g_clear_pointer (&store->catalogue_read_before, g_hash_table_unref);
  g_clear_pointer (&store->read_work, bst_work_close);
  g_clear_pointer (&store->read_replica, bst_replica_close);
  g_clear_pointer (&store->work, bst_work_close);
  g_clear_pointer (&store->replica, bst_replica_close);
  g_clear_pointer (&store->org, bst_org_unref);
  if (store->lock >= 0)
    close (store->lock);
  store->lock = -1;
}

void
bst_store_close (BstStore *store)
{
  g_return_if_fail (BST_IS_STORE (store));

  shut (store);
  g_object_unref (store);
}

/* The last reference may fall in one of the store's own threads, which cannot wait for itself. */
static void
bst_store_dispose (GObject *object)
{
  BstStore *store = BST_STORE (object);

  if ((store->writer && bst_store_thread_is_current (store->writer)) ||
      (store->reader && bst_store_thread_is_current (store->reader)))
    g_critical ("the store was let go without bst_store_close()");
  else
    shut (store);
  G_OBJECT_CLASS (bst_store_parent_class)->dispose (object);
}

static void
bst_store_finalize (GObject *object)
{
  BstStore *store = BST_STORE (object);

  g_free (store->directory);
  g_free (store->installation);
  g_variant_unref (store->identity);
  g_clear_pointer (&store->pending_types, g_hash_table_unref);
  g_clear_pointer (&store->pending_mine, g_ptr_array_unref);
  g_hash_table_unref (store->catalogue_changed);
  g_clear_pointer (&store->context, g_main_context_unref);
  g_mutex_clear (&store->mutex);
  G_OBJECT_CLASS (bst_store_parent_class)->finalize (object);
}

static void
bst_store_class_init (BstStoreClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);

  object_class->dispose = bst_store_dispose;
  object_class->finalize = bst_store_finalize;

  signals[CHANGED] = g_signal_new ("changed", BST_TYPE_STORE, G_SIGNAL_RUN_LAST, 0, NULL, NULL,
                                   NULL, G_TYPE_NONE, 1, G_TYPE_STRING);
  signals[OUTBOX_CHANGED] = g_signal_new ("outbox-changed", BST_TYPE_STORE, G_SIGNAL_RUN_LAST, 0,
                                          NULL, NULL, NULL, G_TYPE_NONE, 0);
  signals[MINE_CHANGED] = g_signal_new ("mine-changed", BST_TYPE_STORE, G_SIGNAL_RUN_LAST, 0, NULL,
                                        NULL, NULL, G_TYPE_NONE, 1, G_TYPE_VARIANT);
}

static void
bst_store_init (BstStore *store)
{
  store->lock = -1;
  store->identity = bst_doc_new ();
  store->catalogue_changed = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  g_mutex_init (&store->mutex);
}
