/* SPDX-License-Identifier: GPL-3.0-or-later */

/* How far files have come, from the threads that send and fetch them to the main context. */

#include "bst-sync-private.h"

#define PROGRESS_DATA "bst-file-progress" /* SHA256 -> gint64[2] */

typedef struct
{
  GWeakRef sync;
  char *sha256;
  gint64 done;
  gint64 size;
} FileReport;

static void
file_report_free (gpointer data)
{
  FileReport *report = data;

  g_weak_ref_clear (&report->sync);
  g_free (report->sha256);
  g_free (report);
}

static GHashTable *
progress_of (BstSync *self)
{
  GHashTable *progress = g_object_get_data (G_OBJECT (self), PROGRESS_DATA);

  if (progress)
    return progress;
  progress = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, g_free);
  g_object_set_data_full (G_OBJECT (self), PROGRESS_DATA, progress,
                          (GDestroyNotify) g_hash_table_unref);
  return progress;
}

static gboolean
file_cb (gpointer data)
{
  FileReport *report = data;
  g_autoptr (BstSync) self = g_weak_ref_get (&report->sync);
  const gint64 kept[2] = { report->done, report->size };

  if (!self)
    return G_SOURCE_REMOVE;
  g_hash_table_replace (progress_of (self), g_strdup (report->sha256),
                        g_memdup2 (kept, sizeof kept));
  g_signal_emit_by_name (self, "file-progress", report->sha256, report->done, report->size);
  return G_SOURCE_REMOVE;
}

void
bst_sync_tell_file (const char *sha256, gint64 done, gint64 size, gpointer sync)
{
  FileReport *report = g_new0 (FileReport, 1);
  g_autoptr (GSource) source = g_idle_source_new ();

  g_weak_ref_init (&report->sync, sync);
  report->sha256 = g_strdup (sha256);
  report->done = done;
  report->size = size;
  g_source_set_callback (source, file_cb, report, file_report_free);
  g_source_attach (source, bst_sync_get_context (sync));
}

gboolean
bst_sync_get_file_progress (BstSync *self, const char *sha256, gint64 *ret_done, gint64 *ret_size)
{
  const gint64 *kept = g_hash_table_lookup (progress_of (self), sha256);

  if (!kept)
    return FALSE;
  *ret_done = kept[0];
  *ret_size = kept[1];
  return TRUE;
}
