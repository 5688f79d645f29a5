/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "bst-config.h"

#include "bst-workplace.h"

#include "bst-error.h"
#include "bst-token-store.h"

struct _BstWorkplace
{
  GObject parent_instance;

  const BstClock *clock;
  char *language;
  guint interval;
  gboolean push_when_metered;
  gboolean files_when_metered;
  BstProfile *profile;
  BstSession *session;
  char *token;
  GCancellable *cancellable; /* of the opening; a new one each time */
};

G_DEFINE_FINAL_TYPE (BstWorkplace, bst_workplace, G_TYPE_OBJECT)

typedef enum
{
  PROP_SESSION = 1,
  N_PROPS
} BstWorkplaceProperty;

static GParamSpec *properties[N_PROPS];
static guint trouble_signal;

static void load_token (BstWorkplace *self);

static void
set_session (BstWorkplace *self, BstSession *session)
{
  if (g_set_object (&self->session, session))
    g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_SESSION]);
}

/* ---- closing ---- */

static void
close_store_thread (GTask *task, gpointer source, gpointer data, GCancellable *cancellable)
{
  bst_store_close (g_object_ref (data));
  g_task_return_boolean (task, TRUE);
}

/* Lets go of the profile. Returns: (transfer full) (nullable): its store, still open. */
static BstStore *
leave (BstWorkplace *self)
{
  BstStore *store = NULL;

  g_cancellable_cancel (self->cancellable);
  g_clear_object (&self->cancellable);
  g_clear_pointer (&self->token, g_free);
  g_clear_pointer (&self->profile, bst_profile_free);
  if (self->session)
    {
      BstSync *sync = bst_session_get_sync (self->session);

      store = g_object_ref (bst_session_get_store (self->session));
      bst_session_end (self->session);
      if (sync)
        bst_sync_stop (sync);
      set_session (self, NULL);
    }
  return store;
}

static void
close_in_thread (BstStore *store)
{
  g_autoptr (GTask) task = g_task_new (NULL, NULL, NULL, NULL);

  g_task_set_task_data (task, store, g_object_unref);
  g_task_run_in_thread (task, close_store_thread);
}

/* ---- opening ---- */

typedef struct
{
  BstStore *store;
  BstProfile *profile;
} Identify;

static void
identify_free (Identify *identify)
{
  g_object_unref (identify->store);
  bst_profile_free (identify->profile);
  g_free (identify);
}

static void
identify_thread (GTask *task, gpointer source, gpointer data, GCancellable *cancellable)
{
  Identify *what = data;
  g_autoptr (GVariant) identity = bst_store_get_identity (what->store);
  g_autoptr (GError) error = NULL;
  const struct
  {
    const char *key;
    const char *value;
  } facts[] = {
    { "server", what->profile->server },
    { "person", what->profile->person },
    { "personName", what->profile->person_name },
    { "authority", what->profile->authority },
    { "authorityName", what->profile->authority_name },
  };
  gboolean changed = FALSE;

  for (guint i = 0; i < G_N_ELEMENTS (facts); i++)
    if (g_strcmp0 (bst_doc_get_string (identity, facts[i].key), facts[i].value) != 0 &&
        facts[i].value)
      {
        bst_doc_replace (&identity, bst_doc_set_string (identity, facts[i].key, facts[i].value));
        changed = TRUE;
      }
  if (changed && !bst_store_set_identity (what->store, identity, &error))
    g_task_return_error (task, g_steal_pointer (&error));
  else
    g_task_return_pointer (task, g_object_ref (what->store), g_object_unref);
}

static gboolean
report (BstWorkplace *self, const GError *error)
{
  if (g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    return FALSE;
  g_message ("The store cannot be opened: %s", error->message);
  g_signal_emit (self, trouble_signal, 0, error);
  return TRUE;
}

static void
identified_cb (GObject *source, GAsyncResult *result, gpointer data)
{
  BstWorkplace *self = BST_WORKPLACE (source);
  g_autoptr (GError) error = NULL;
  g_autoptr (BstStore) store = g_task_propagate_pointer (G_TASK (result), &error);
  g_autoptr (BstSession) session = NULL;

  if (!store)
    {
      report (self, error);
      return;
    }
  if (g_cancellable_is_cancelled (g_task_get_cancellable (G_TASK (result))))
    {
      close_in_thread (g_steal_pointer (&store));
      return;
    }
  session = bst_session_new (store, self->clock, self->language);
  set_session (self, session);
  load_token (self);
}

static void
opened_cb (GObject *source, GAsyncResult *result, gpointer data)
{
  g_autoptr (GTask) task = data;
  BstWorkplace *self = g_task_get_source_object (task);
  g_autoptr (GError) error = NULL;
  BstStore *store = bst_store_open_finish (result, &error);
  Identify *identify;

  if (!store)
    {
      report (self, error);
      g_task_return_boolean (task, FALSE);
      return;
    }
  if (g_cancellable_is_cancelled (g_task_get_cancellable (task)) || !self->profile)
    {
      close_in_thread (store);
      g_task_return_boolean (task, FALSE);
      return;
    }
  identify = g_new0 (Identify, 1);
  identify->store = store;
  identify->profile = bst_profile_copy (self->profile);
  {
    g_autoptr (GTask) next = g_task_new (self, self->cancellable, identified_cb, NULL);

    g_task_set_check_cancellable (next, FALSE);
    g_task_set_task_data (next, identify, (GDestroyNotify) identify_free);
    g_task_run_in_thread (next, identify_thread);
  }
  g_task_return_boolean (task, TRUE);
}

/* ---- the token, and with it the synchronisation ---- */

static void
token_loaded_cb (GObject *source, GAsyncResult *result, gpointer data)
{
  g_autoptr (BstWorkplace) self = data;
  g_autoptr (GError) error = NULL;
  g_autofree char *token = bst_token_load_finish (result, &error);
  g_autoptr (BstSync) sync = NULL;

  if (g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED) || !self->session)
    return;
  if (token)
    {
      sync = bst_sync_new (bst_session_get_store (self->session), self->clock,
                           self->profile->server, token, self->profile->ca_file);
      g_free (self->token);
      self->token = g_steal_pointer (&token);
      bst_sync_set_push_when_metered (sync, self->push_when_metered);
      bst_sync_set_files_when_metered (sync, self->files_when_metered);
      bst_sync_start (sync, self->interval);
    }
  else
    {
      g_message ("Not signed in: %s", error->message);
    }
  bst_session_set_sync (self->session, sync);
}

static void
load_token (BstWorkplace *self)
{
  if (self->profile->signed_out)
    bst_session_set_sync (self->session, NULL);
  else
    bst_token_load_async (self->profile, self->cancellable, token_loaded_cb, g_object_ref (self));
}

static void
save_profile_thread (GTask *task, gpointer source, gpointer data, GCancellable *cancellable)
{
  BstProfile *profile = data;
  g_autofree char *root = g_path_get_dirname (profile->directory);
  g_autoptr (GError) error = NULL;

  if (!bst_profile_save (root, profile, NULL, &error))
    g_warning ("The profile cannot be saved: %s", error->message);
  g_task_return_boolean (task, error == NULL);
}

static void
save_profile (BstWorkplace *self)
{
  g_autoptr (GTask) task = g_task_new (NULL, NULL, NULL, NULL);

  g_task_set_task_data (task, bst_profile_copy (self->profile), (GDestroyNotify) bst_profile_free);
  g_task_run_in_thread (task, save_profile_thread);
}

/* ---- the object ---- */

static void
bst_workplace_get_property (GObject *object, guint id, GValue *value, GParamSpec *pspec)
{
  if (id == PROP_SESSION)
    g_value_set_object (value, BST_WORKPLACE (object)->session);
  else
    G_OBJECT_WARN_INVALID_PROPERTY_ID (object, id, pspec);
}

static void
bst_workplace_finalize (GObject *object)
{
  BstWorkplace *self = BST_WORKPLACE (object);

  bst_workplace_close (self);
  g_free (self->language);
  G_OBJECT_CLASS (bst_workplace_parent_class)->finalize (object);
}

static void
bst_workplace_class_init (BstWorkplaceClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);

  object_class->get_property = bst_workplace_get_property;
  object_class->finalize = bst_workplace_finalize;
  properties[PROP_SESSION] = g_param_spec_object ("session", NULL, NULL, BST_TYPE_SESSION,
                                                  G_PARAM_READABLE | G_PARAM_STATIC_STRINGS);
  g_object_class_install_properties (object_class, N_PROPS, properties);
  trouble_signal = g_signal_new ("trouble", BST_TYPE_WORKPLACE, G_SIGNAL_RUN_LAST, 0, NULL, NULL,
                                 NULL, G_TYPE_NONE, 1, G_TYPE_ERROR);
}

static void
bst_workplace_init (BstWorkplace *self)
{
}

BstWorkplace *
bst_workplace_new (const BstClock *clock, const char *language, guint interval)
{
  BstWorkplace *self = g_object_new (BST_TYPE_WORKPLACE, NULL);

  self->clock = clock;
  self->language = g_strdup (language);
  self->interval = interval;
  return self;
}

BstSession *
bst_workplace_get_session (BstWorkplace *self)
{
  return self->session;
}

const BstProfile *
bst_workplace_get_profile (BstWorkplace *self)
{
  return self->profile;
}

void
bst_workplace_open (BstWorkplace *self, const BstProfile *profile)
{
  BstProfile *copy = bst_profile_copy (profile);
  BstStore *old = leave (self);

  if (old)
    close_in_thread (old);
  self->profile = copy;
  self->cancellable = g_cancellable_new ();
  bst_store_open_async (copy->directory, self->clock, self->cancellable, opened_cb,
                        g_task_new (self, self->cancellable, NULL, NULL));
}

void
bst_workplace_sign_in (BstWorkplace *self, const BstProfile *profile)
{
  BstSync *sync;
  BstProfile *copy;

  if (!self->session)
    return;
  copy = bst_profile_copy (profile);
  sync = bst_session_get_sync (self->session);
  if (sync)
    bst_sync_stop (sync);
  bst_profile_free (self->profile);
  self->profile = copy;
  load_token (self);
}

void
bst_workplace_sign_out (BstWorkplace *self)
{
  BstSync *sync = self->session ? bst_session_get_sync (self->session) : NULL;

  if (!self->profile)
    return;
  if (sync)
    bst_sync_stop (sync);
  if (self->token)
    bst_sign_out_async (self->profile->server, self->token, self->profile->ca_file, NULL, NULL,
                        NULL);
  g_clear_pointer (&self->token, g_free);
  bst_token_clear_async (self->profile, NULL, NULL);
  self->profile->signed_out = TRUE;
  save_profile (self);
  if (self->session)
    bst_session_set_sync (self->session, NULL);
}

void
bst_workplace_set_interval (BstWorkplace *self, guint interval)
{
  BstSync *sync = self->session ? bst_session_get_sync (self->session) : NULL;

  if (self->interval == interval)
    return;
  self->interval = interval;
  if (!sync)
    return;
  bst_sync_stop (sync);
  bst_sync_start (sync, interval);
}

void
bst_workplace_set_push_when_metered (BstWorkplace *self, gboolean push)
{
  BstSync *sync = self->session ? bst_session_get_sync (self->session) : NULL;

  self->push_when_metered = push;
  if (sync)
    bst_sync_set_push_when_metered (sync, push);
}

void
bst_workplace_set_files_when_metered (BstWorkplace *self, gboolean send)
{
  BstSync *sync = self->session ? bst_session_get_sync (self->session) : NULL;

  self->files_when_metered = send;
  if (sync)
    bst_sync_set_files_when_metered (sync, send);
}

void
bst_workplace_close (BstWorkplace *self)
{
  BstStore *store = leave (self);

  if (store)
    bst_store_close (store);
}
