/* SPDX-License-Identifier: GPL-3.0-or-later */

/*
 * Files of orders, to be looked at: in "fetched/SHA256/NAME" below the store; what has come so far in "fetched/SHA256.part".
 * Nothing gets its name before its digest is right.
 */

#include "bst-sync-fetch.h"

#include "bst-error.h"
#include "bst-store-files.h"
#include "bst-sync-private.h"

#include <errno.h>
#include <glib/gstdio.h>
#include <string.h>

#define PART          (256 * 1024)
#define KEEP_SECONDS  86400
#define MAX_FRUITLESS 3 /* tries in a row that brought nothing */
#define READ_ONLY     0400
#define LONGEST_NAME  120

typedef struct
{
  BstSync *sync;
  char *account;
  char *sha256;
  char *name;
  gint64 size;
  char *folder; /* of all */
  char *path;
  char *part;
  gint64 have;
  gboolean here; /* in the store: nothing comes over the line */
  GFileOutputStream *out;
  GCancellable *cancellable;
} Fetch;

static void
fetch_free (gpointer data)
{
  Fetch *fetch = data;

  g_free (fetch->account);
  g_free (fetch->sha256);
  g_free (fetch->name);
  g_free (fetch->folder);
  g_free (fetch->path);
  g_free (fetch->part);
  g_clear_object (&fetch->out);
  g_free (fetch);
}

/* A name that is safe in a folder, and keeps its ending. */
static char *
safe_name (const char *name)
{
  g_autofree char *valid = g_utf8_make_valid (name ? name : "", -1);
  const char *start = valid;

  g_strdelimit (valid, "/\\", '_');
  while (*start == '.')
    start++;
  if (strlen (start) > LONGEST_NAME)
    start = g_utf8_find_next_char (start + strlen (start) - LONGEST_NAME, NULL);
  return g_strdup (*start ? start : "file");
}

static gboolean
make_folder (const char *path, GError **error)
{
  if (g_mkdir_with_parents (path, 0700) == 0)
    return TRUE;
  g_set_error (error, BST_ERROR, BST_ERROR_STORAGE, "%s: %s", path, g_strerror (errno));
  return FALSE;
}

static char *
digest_of (const char *path)
{
  g_autoptr (GMappedFile) file = g_mapped_file_new (path, FALSE, NULL);
  g_autoptr (GBytes) octets = file ? g_mapped_file_get_bytes (file) : NULL;

  return octets ? g_compute_checksum_for_bytes (G_CHECKSUM_SHA256, octets) : NULL;
}

static gboolean
is_right (Fetch *fetch, const char *path)
{
  g_autofree char *sha256 = digest_of (path);

  return g_strcmp0 (sha256, fetch->sha256) == 0;
}

/* ---- tidying ---- */

static void
remove_folder (const char *path)
{
  g_autoptr (GDir) dir = g_dir_open (path, 0, NULL);
  const char *name;

  while (dir && (name = g_dir_read_name (dir)))
    {
      g_autofree char *file = g_build_filename (path, name, NULL);

      g_unlink (file);
    }
  g_remove (path);
}

static void
remove_old (const char *folder)
{
  g_autoptr (GDir) dir = g_dir_open (folder, 0, NULL);
  const char *name;

  while (dir && (name = g_dir_read_name (dir)))
    {
      g_autofree char *path = g_build_filename (folder, name, NULL);
      GStatBuf now;

      if (g_stat (path, &now) == 0 &&
          now.st_mtime < g_get_real_time () / G_USEC_PER_SEC - KEEP_SECONDS)
        remove_folder (path);
    }
}

/* ---- what comes ---- */

static gboolean
take (Fetch *fetch, gint64 offset, const char *octets, gsize len, GError **error)
{
  if (offset != fetch->have &&
      (!g_seekable_truncate (G_SEEKABLE (fetch->out), offset, fetch->cancellable, error) ||
       !g_seekable_seek (G_SEEKABLE (fetch->out), offset, G_SEEK_SET, fetch->cancellable, error)))
    return FALSE;
  if (!g_output_stream_write_all (G_OUTPUT_STREAM (fetch->out), octets, len, NULL,
                                  fetch->cancellable, error))
    return FALSE;
  fetch->have = offset + (gint64) len;
  if (!fetch->here)
    bst_sync_tell_file (fetch->sha256, fetch->have, fetch->size, fetch->sync);
  return TRUE;
}

static gboolean
sink_cb (gint64 offset, const char *octets, gsize len, gpointer closure, GError **error)
{
  Fetch *fetch = closure;

  if (offset <= fetch->have)
    return take (fetch, offset, octets, len, error);
  g_set_error (error, BST_ERROR, BST_ERROR_PROTOCOL, "the server left something out");
  return FALSE;
}

static gboolean
from_store (Fetch *fetch, GError **error)
{
  for (;;)
    {
      g_autoptr (GBytes) octets = bst_store_read_file (bst_sync_get_store (fetch->sync),
                                                       fetch->sha256, fetch->have, PART, error);
      gsize len;
      const char *start;

      if (!octets)
        return FALSE;
      start = g_bytes_get_data (octets, &len);
      if (len == 0)
        return TRUE;
      if (!take (fetch, fetch->have, start, len, error))
        return FALSE;
    }
}

/* A line that breaks is tried again as long as each try brings something. */
static gboolean
from_server (Fetch *fetch, GError **error)
{
  g_autoptr (BstTransport) transport =
      bst_transport_https_new_like (bst_sync_get_transport (fetch->sync));
  g_autofree char *account = g_uri_escape_string (fetch->account, NULL, FALSE);
  g_autofree char *path = g_strdup_printf ("/jmap/download/%s/B%s/file", account, fetch->sha256);

  for (guint fruitless = 0;;)
    {
      g_autoptr (GError) cause = NULL;
      gint64 before = fetch->have;

      if (bst_transport_fetch (transport, path, fetch->have, sink_cb, fetch, fetch->cancellable,
                               &cause))
        return TRUE;
      fruitless = fetch->have > before ? 0 : fruitless + 1;
      if (g_cancellable_is_cancelled (fetch->cancellable) || fruitless >= MAX_FRUITLESS ||
          !(g_error_matches (cause, BST_ERROR, BST_ERROR_OFFLINE) ||
            g_error_matches (cause, BST_ERROR, BST_ERROR_OUTCOME_UNKNOWN)))
        {
          g_propagate_error (error, g_steal_pointer (&cause));
          return FALSE;
        }
    }
}

static gboolean
open_part (Fetch *fetch, GError **error)
{
  g_autoptr (GFile) file = g_file_new_for_path (fetch->part);

  g_clear_object (&fetch->out);
  fetch->out = g_file_append_to (file, G_FILE_CREATE_PRIVATE, fetch->cancellable, error);
  if (!fetch->out ||
      !g_seekable_seek (G_SEEKABLE (fetch->out), 0, G_SEEK_END, fetch->cancellable, error))
    return FALSE;
  fetch->have = g_seekable_tell (G_SEEKABLE (fetch->out));
  return TRUE;
}

static gboolean
get_all (Fetch *fetch, GError **error)
{
  BstStore *store = bst_sync_get_store (fetch->sync);

  fetch->here = bst_store_has_file (store, fetch->sha256, NULL);
  if (fetch->here)
    g_unlink (fetch->part);
  return open_part (fetch, error) &&
         (fetch->here ? from_store (fetch, error) : from_server (fetch, error)) &&
         g_output_stream_close (G_OUTPUT_STREAM (fetch->out), fetch->cancellable, error);
}

/* All that an earlier try left may be wrong, too long, or everything already. */
static gboolean
get_right (Fetch *fetch, GError **error)
{
  g_autoptr (GError) cause = NULL;

  if (is_right (fetch, fetch->part))
    return TRUE;
  for (guint i = 0; i < 2; i++)
    {
      g_clear_error (&cause);
      if (!get_all (fetch, &cause) && !g_error_matches (cause, BST_ERROR, BST_ERROR_INVALID))
        break;
      if (!cause && is_right (fetch, fetch->part))
        return TRUE;
      g_unlink (fetch->part);
    }
  if (cause && !g_error_matches (cause, BST_ERROR, BST_ERROR_INVALID))
    g_propagate_error (error, g_steal_pointer (&cause));
  else
    g_set_error (error, BST_ERROR, BST_ERROR_CORRUPT,
                 "what came is not the file that was asked for");
  return FALSE;
}

static gboolean
give_name (Fetch *fetch, GError **error)
{
  g_autofree char *folder = g_path_get_dirname (fetch->path);

  if (!make_folder (folder, error))
    return FALSE;
  if (g_chmod (fetch->part, READ_ONLY) == 0 && g_rename (fetch->part, fetch->path) == 0)
    return TRUE;
  g_set_error (error, BST_ERROR, BST_ERROR_STORAGE, "%s: %s", fetch->path, g_strerror (errno));
  return FALSE;
}

static void
fetch_in_thread (GTask *task, gpointer source, gpointer data, GCancellable *cancellable)
{
  Fetch *fetch = data;
  GError *error = NULL;

  remove_old (fetch->folder);
  if (is_right (fetch, fetch->path) || (make_folder (fetch->folder, &error) &&
                                        get_right (fetch, &error) && give_name (fetch, &error)))
    g_task_return_pointer (task, g_strdup (fetch->path), g_free);
  else
    g_task_return_error (task, error);
}

void
bst_sync_fetch_async (BstSync *sync,
                      const char *account,
                      const char *blob,
                      const char *name,
                      gint64 size,
                      GCancellable *cancellable,
                      GAsyncReadyCallback callback,
                      gpointer user_data)
{
  g_autoptr (GTask) task = g_task_new (sync, cancellable, callback, user_data);
  Fetch *fetch = g_new0 (Fetch, 1);
  g_autofree char *part = NULL;

  g_task_set_source_tag (task, bst_sync_fetch_async);
  g_task_set_task_data (task, fetch, fetch_free);
  if (blob[0] != 'B' || strlen (blob) != 65 || strspn (blob + 1, "0123456789abcdef") != 64)
    {
      g_task_return_new_error (task, BST_ERROR, BST_ERROR_PROTOCOL, "“%s” names no file", blob);
      return;
    }
  fetch->sync = sync; /* the task holds it */
  fetch->account = g_strdup (account);
  fetch->sha256 = g_strdup (blob + 1);
  fetch->name = safe_name (name);
  fetch->size = size;
  fetch->cancellable = cancellable;
  part = g_strconcat (fetch->sha256, ".part", NULL);
  fetch->folder =
      g_build_filename (bst_store_get_directory (bst_sync_get_store (sync)), "fetched", NULL);
  fetch->path = g_build_filename (fetch->folder, fetch->sha256, fetch->name, NULL);
  fetch->part = g_build_filename (fetch->folder, part, NULL);
  g_task_run_in_thread (task, fetch_in_thread);
}

char *
bst_sync_fetch_finish (BstSync *sync, GAsyncResult *result, GError **error)
{
  return g_task_propagate_pointer (G_TASK (result), error);
}
