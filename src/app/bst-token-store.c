/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "bst-config.h"

#include "bst-token-store.h"

#include <errno.h>
#include <string.h>

#include <glib/gi18n.h>
#include <glib/gstdio.h>
#include <libsecret/secret.h>

#include "bst-error.h"

#define TOKEN_NAME      "token"
#define MAX_TOKEN_BYTES 4096

static const SecretSchema *
schema (void)
{
  static const SecretSchema token_schema = {
    BST_APPLICATION_ID ".Token",
    SECRET_SCHEMA_NONE,
    {
        { "profile", SECRET_SCHEMA_ATTRIBUTE_STRING },
        { NULL, SECRET_SCHEMA_ATTRIBUTE_STRING },
    },
  };

  return &token_schema;
}

/* One operation: the keyring with a time limit. Owned by its GTask. */
typedef struct
{
  BstProfile *profile;
  char *token;
  GCancellable *inner; /* of the keyring's call: cancelled by the caller's, and by the clock */
  GCancellable *outer;
  gulong outer_id;
  guint timer;
  gboolean late;
} Job;

static void
job_stop_timer (Job *job)
{
  g_clear_handle_id (&job->timer, g_source_remove);
  if (job->outer_id)
    g_cancellable_disconnect (job->outer, job->outer_id);
  job->outer_id = 0;
}

static void
job_free (Job *job)
{
  job_stop_timer (job);
  bst_profile_free (job->profile);
  if (job->token)
    memset (job->token, 0, strlen (job->token));
  g_free (job->token);
  g_clear_object (&job->inner);
  g_clear_object (&job->outer);
  g_free (job);
}

static gboolean
late_cb (gpointer data)
{
  Job *job = data;

  job->timer = 0;
  job->late = TRUE;
  g_cancellable_cancel (job->inner);
  return G_SOURCE_REMOVE;
}

static void
outer_cancelled_cb (GCancellable *outer, GCancellable *inner)
{
  g_cancellable_cancel (inner);
}

static Job *
job_new (const BstProfile *profile, const char *token, GCancellable *cancellable)
{
  Job *job = g_new0 (Job, 1);

  job->profile = bst_profile_copy (profile);
  job->token = g_strdup (token);
  job->inner = g_cancellable_new ();
  job->timer = g_timeout_add_seconds (BST_TOKEN_SECONDS, late_cb, job);
  if (cancellable)
    {
      job->outer = g_object_ref (cancellable);
      job->outer_id =
          g_cancellable_connect (cancellable, G_CALLBACK (outer_cancelled_cb), job->inner, NULL);
    }
  return job;
}

static char *
token_path (const BstProfile *profile)
{
  return g_build_filename (profile->directory, TOKEN_NAME, NULL);
}

BstTokenPlace
bst_token_place (const BstProfile *profile)
{
  g_autofree char *path = token_path (profile);

  return g_file_test (path, G_FILE_TEST_EXISTS) ? BST_TOKEN_IN_FILE : BST_TOKEN_IN_KEYRING;
}

/* ---- saving ---- */

static void
write_file_thread (GTask *task, gpointer source, gpointer data, GCancellable *cancellable)
{
  Job *job = data;
  g_autofree char *path = token_path (job->profile);
  g_autoptr (GError) error = NULL;

  if (g_mkdir_with_parents (job->profile->directory, 0700) == 0 &&
      g_file_set_contents_full (path, job->token, -1, G_FILE_SET_CONTENTS_CONSISTENT, 0600,
                                &error) &&
      g_chmod (path, 0600) == 0)
    g_task_return_int (task, BST_TOKEN_IN_FILE);
  else
    g_task_return_new_error (task, BST_ERROR, BST_ERROR_STORAGE, "token: %s",
                             error ? error->message : g_strerror (errno));
}

static void
stored_cb (GObject *source, GAsyncResult *result, gpointer data)
{
  g_autoptr (GTask) task = data;
  Job *job = g_task_get_task_data (task);
  g_autoptr (GError) error = NULL;
  gboolean kept = secret_password_store_finish (result, &error);

  job_stop_timer (job);
  if (kept)
    {
      g_autofree char *path = token_path (job->profile);

      g_unlink (path);
      g_task_return_int (task, BST_TOKEN_IN_KEYRING);
      return;
    }
  if (g_task_return_error_if_cancelled (task))
    return;
  g_message ("No keyring took the token (%s); a private file does", error->message);
  g_task_run_in_thread (task, write_file_thread);
}

void
bst_token_save_async (const BstProfile *profile,
                      const char *token,
                      GCancellable *cancellable,
                      GAsyncReadyCallback callback,
                      gpointer user_data)
{
  GTask *task = g_task_new (NULL, cancellable, callback, user_data);
  Job *job = job_new (profile, token, cancellable);
  /* Translators: shown in the desktop's list of passwords: the person and the authority. */
  g_autofree char *label =
      g_strdup_printf (_ ("Bestiller: %s, %s"), profile->person_name, profile->authority_name);

  g_task_set_source_tag (task, bst_token_save_async);
  g_task_set_task_data (task, job, (GDestroyNotify) job_free);
  secret_password_store (schema (), SECRET_COLLECTION_DEFAULT, label, token, job->inner, stored_cb,
                         task, "profile", profile->id, NULL);
}

gboolean
bst_token_save_finish (GAsyncResult *result, BstTokenPlace *ret_place, GError **error)
{
  g_autoptr (GError) cause = NULL;
  gssize place = g_task_propagate_int (G_TASK (result), &cause);

  g_return_val_if_fail (g_async_result_is_tagged (result, bst_token_save_async), FALSE);
  if (cause)
    {
      g_propagate_error (error, g_steal_pointer (&cause));
      return FALSE;
    }
  *ret_place = (BstTokenPlace) place;
  return TRUE;
}

/* ---- loading ---- */

static void
looked_up_cb (GObject *source, GAsyncResult *result, gpointer data)
{
  g_autoptr (GTask) task = data;
  Job *job = g_task_get_task_data (task);
  g_autoptr (GError) error = NULL;
  char *token = secret_password_lookup_finish (result, &error);

  job_stop_timer (job);
  if (token)
    g_task_return_pointer (task, token, (GDestroyNotify) secret_password_free);
  else if (job->late)
    g_task_return_new_error (task, BST_ERROR, BST_ERROR_BUSY, "the keyring did not answer");
  else if (!g_task_return_error_if_cancelled (task))
    g_task_return_new_error (task, BST_ERROR, BST_ERROR_SIGN_IN, "no token: %s",
                             error ? error->message : "not in the keyring");
}

static void
read_file_thread (GTask *task, gpointer source, gpointer data, GCancellable *cancellable)
{
  Job *job = data;
  g_autofree char *path = token_path (job->profile);
  g_autofree char *token = NULL;
  gsize len = 0;

  if (g_file_get_contents (path, &token, &len, NULL) && len > 0 && len < MAX_TOKEN_BYTES)
    g_task_return_pointer (task, g_strdup (g_strstrip (token)), g_free);
  else
    g_task_return_new_error (task, BST_ERROR, BST_ERROR_SIGN_IN, "the token file cannot be read");
}

void
bst_token_load_async (const BstProfile *profile,
                      GCancellable *cancellable,
                      GAsyncReadyCallback callback,
                      gpointer user_data)
{
  g_autoptr (GTask) task = g_task_new (NULL, cancellable, callback, user_data);
  Job *job = job_new (profile, NULL, cancellable);

  g_task_set_source_tag (task, bst_token_load_async);
  g_task_set_task_data (task, job, (GDestroyNotify) job_free);
  if (bst_token_place (profile) == BST_TOKEN_IN_FILE)
    {
      job_stop_timer (job);
      g_task_run_in_thread (task, read_file_thread);
      return;
    }
  secret_password_lookup (schema (), job->inner, looked_up_cb, g_steal_pointer (&task), "profile",
                          profile->id, NULL);
}

char *
bst_token_load_finish (GAsyncResult *result, GError **error)
{
  g_return_val_if_fail (g_async_result_is_tagged (result, bst_token_load_async), NULL);
  return g_task_propagate_pointer (G_TASK (result), error);
}

/* ---- clearing ---- */

static void
cleared_cb (GObject *source, GAsyncResult *result, gpointer data)
{
  g_autoptr (GTask) task = data;
  Job *job = g_task_get_task_data (task);
  g_autofree char *path = token_path (job->profile);

  job_stop_timer (job);
  secret_password_clear_finish (result, NULL);
  if (g_unlink (path) != 0 && errno != ENOENT)
    g_task_return_new_error (task, BST_ERROR, BST_ERROR_STORAGE, "token: %s", g_strerror (errno));
  else
    g_task_return_boolean (task, TRUE);
}

void
bst_token_clear_async (const BstProfile *profile, GAsyncReadyCallback callback, gpointer user_data)
{
  GTask *task = g_task_new (NULL, NULL, callback, user_data);
  Job *job = job_new (profile, NULL, NULL);

  g_task_set_source_tag (task, bst_token_clear_async);
  g_task_set_task_data (task, job, (GDestroyNotify) job_free);
  secret_password_clear (schema (), job->inner, cleared_cb, task, "profile", profile->id, NULL);
}

gboolean
bst_token_clear_finish (GAsyncResult *result, GError **error)
{
  g_return_val_if_fail (g_async_result_is_tagged (result, bst_token_clear_async), FALSE);
  return g_task_propagate_boolean (G_TASK (result), error);
}
