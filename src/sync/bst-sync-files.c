/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "bst-sync-files.h"

#include "bst-error.h"
#include "bst-json.h"

#include <string.h>

#define LARGEST_PART  (256 * 1024)
#define SMALLEST_PART (16 * 1024)
#define SLICE_USEC    (5 * G_USEC_PER_SEC)
#define MAX_LOSSES    3 /* of one file in a round */

struct _BstSyncFiles
{
  BstStore *store;
  BstTransport *transport;
  BstSyncFileProgress progress;
  gpointer closure;
  gint hold;            /* atomic */
  gsize part;           /* as much as this line brings over in one piece */
  gsize max_part;       /* of the server */
  GHashTable *received; /* "ACCOUNT SHA256" -> gint64*: as the server said last */
  GHashTable *failed;   /* SHA256: in this round */
  GHashTable *losses;   /* SHA256 -> how often, in this round */
  GError *failure;      /* the first of this round */
};

BstSyncFiles *
bst_sync_files_new (BstStore *store, BstTransport *transport)
{
  BstSyncFiles *files = g_new0 (BstSyncFiles, 1);

  files->store = g_object_ref (store);
  g_set_object (&files->transport, transport);
  files->part = LARGEST_PART;
  files->max_part = LARGEST_PART;
  files->received = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, g_free);
  files->failed = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  files->losses = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  return files;
}

void
bst_sync_files_free (BstSyncFiles *files)
{
  g_object_unref (files->store);
  g_clear_object (&files->transport);
  g_hash_table_unref (files->received);
  g_hash_table_unref (files->failed);
  g_hash_table_unref (files->losses);
  g_clear_error (&files->failure);
  g_free (files);
}

void
bst_sync_files_set_progress (BstSyncFiles *files, BstSyncFileProgress progress, gpointer closure)
{
  files->progress = progress;
  files->closure = closure;
}

void
bst_sync_files_hold (BstSyncFiles *files, gboolean hold)
{
  g_atomic_int_set (&files->hold, hold);
}

void
bst_sync_files_begin (BstSyncFiles *files)
{
  g_hash_table_remove_all (files->failed);
  g_hash_table_remove_all (files->losses);
  g_clear_error (&files->failure);
}

void
bst_sync_files_set_max_part (BstSyncFiles *files, gint64 max_part)
{
  files->max_part = (gsize) CLAMP (max_part, 1, LARGEST_PART);
}

/* ---- how far a file has come ---- */

static char *
key_of (const BstFileToSend *file)
{
  return g_strconcat (file->account, " ", file->sha256, NULL);
}

/* -1: to be asked. */
static gint64
received_of (BstSyncFiles *files, const BstFileToSend *file)
{
  g_autofree char *key = key_of (file);
  gint64 *received = g_hash_table_lookup (files->received, key);

  return received ? *received : -1;
}

static void
set_received (BstSyncFiles *files, const BstFileToSend *file, gint64 received)
{
  if (received < 0)
    {
      g_autofree char *key = key_of (file);

      g_hash_table_remove (files->received, key);
      return;
    }
  g_hash_table_replace (files->received, key_of (file), g_memdup2 (&received, sizeof received));
  if (files->progress)
    files->progress (file->sha256, received, file->size, files->closure);
}

/* The next one: the one with the smallest rest. Borrowed; %NULL when there is none. */
static const BstFileToSend *
choose (BstSyncFiles *files, GPtrArray *list)
{
  const BstFileToSend *best = NULL;
  gint64 best_rest = G_MAXINT64;

  for (guint i = 0; i < list->len; i++)
    {
      const BstFileToSend *file = list->pdata[i];
      gint64 rest = file->size - MAX (received_of (files, file), 0);

      if (rest >= best_rest || g_hash_table_contains (files->failed, file->sha256))
        continue;
      best = file;
      best_rest = rest;
    }
  return best;
}

/* ---- one step ---- */

static char *
path_of (const BstFileToSend *file, gint64 offset)
{
  g_autofree char *account = g_uri_escape_string (file->account, NULL, FALSE);
  GString *path = g_string_new ("/jmap/upload-part/");

  g_string_append_printf (path, "%s/%s?size=%" G_GINT64_FORMAT, account, file->sha256, file->size);
  if (offset >= 0)
    g_string_append_printf (path, "&offset=%" G_GINT64_FORMAT, offset);
  return g_string_free (path, FALSE);
}

/* Proof is an answer that is about this file, and names it by its digest. */
static gboolean
read_answer (BstSyncFiles *files,
             const BstFileToSend *file,
             GBytes *octets,
             gint64 before,
             gboolean *ret_named,
             GError **error)
{
  gsize len;
  const char *text = g_bytes_get_data (octets, &len);
  g_autoptr (GVariant) answer = bst_json_parse_object (text, (gssize) len, NULL);
  const char *blob = answer ? bst_doc_get_string (answer, "blobId") : NULL;
  gint64 received = answer ? bst_doc_get_int (answer, "received", -1) : -1;

  if (!answer || g_strcmp0 (bst_doc_get_string (answer, "accountId"), file->account) != 0 ||
      bst_doc_get_int (answer, "size", -1) != file->size || received <= before ||
      received > file->size || (blob && (blob[0] != 'B' || strcmp (blob + 1, file->sha256) != 0)))
    {
      g_set_error (error, BST_ERROR, BST_ERROR_PROTOCOL, "no answer about the file that was sent");
      return FALSE;
    }
  *ret_named = blob != NULL;
  set_received (files, file, *ret_named ? file->size : received);
  return TRUE;
}

static gboolean
ask (BstSyncFiles *files,
     const BstFileToSend *file,
     gboolean *ret_named,
     GCancellable *cancellable,
     GError **error)
{
  g_autofree char *path = path_of (file, -1);
  g_autoptr (GBytes) answer =
      bst_transport_request (files->transport, "GET", path, NULL, cancellable, error);

  return answer && read_answer (files, file, answer, -1, ret_named, error);
}

/* A line that breaks often gets smaller pieces, so that one comes over; one that does not, larger ones. */
static void
learn (BstSyncFiles *files, gboolean good, gint64 took_usec)
{
  if (good && took_usec < SLICE_USEC)
    files->part = MIN (files->part * 2, LARGEST_PART);
  else if (!good || took_usec > 2 * SLICE_USEC)
    files->part = MAX (files->part / 2, SMALLEST_PART);
}

static gboolean
send_part (BstSyncFiles *files,
           const BstFileToSend *file,
           gboolean *ret_named,
           GCancellable *cancellable,
           GError **error)
{
  gint64 offset = received_of (files, file);
  g_autofree char *path = path_of (file, offset);
  g_autoptr (GBytes) octets = bst_store_read_file (files->store, file->sha256, offset,
                                                   MIN (files->part, files->max_part), error);
  g_autoptr (GBytes) answer = NULL;
  gint64 began = g_get_monotonic_time ();

  if (!octets)
    return FALSE;
  answer = bst_transport_send (files->transport, path, octets, cancellable, error);
  learn (files, answer != NULL, g_get_monotonic_time () - began);
  /* An empty file comes over by one empty part. */
  return answer &&
         read_answer (files, file, answer, file->size == 0 ? -1 : offset, ret_named, error);
}

/* What the server will never take goes back to the one who attached it. */
static gboolean
refuse (BstSyncFiles *files, const BstFileToSend *file, GError **error)
{
  BstOutcome outcome = { .seq = file->seq };
  g_autoptr (GVariant) refusal = NULL;
  GVariantDict dict;

  g_variant_dict_init (&dict, NULL);
  g_variant_dict_insert (&dict, "type", "s", "fileTooLarge");
  refusal = bst_doc_take (g_variant_dict_end (&dict));
  outcome.error = refusal;
  return bst_store_outbox_settle (files->store, &outcome, 1, error);
}

/* That says something of this file alone; anything else is the line's or the server's. */
static gboolean
is_its_own (const GError *cause)
{
  static const BstErrorCode own[] = { BST_ERROR_CORRUPT, BST_ERROR_CONFLICT, BST_ERROR_PROTOCOL,
                                      BST_ERROR_TOO_LARGE, BST_ERROR_NOT_FOUND };

  for (guint i = 0; i < G_N_ELEMENTS (own); i++)
    if (g_error_matches (cause, BST_ERROR, (int) own[i]))
      return TRUE;
  return FALSE;
}

/* Once it may try again from what the server says; then others get their turn, and the failure is told at the end. */
static gboolean
take_failure (BstSyncFiles *files, const BstFileToSend *file, GError *cause, GError **error)
{
  guint losses = GPOINTER_TO_UINT (g_hash_table_lookup (files->losses, file->sha256)) + 1;

  set_received (files, file, -1);
  if (!is_its_own (cause))
    {
      g_propagate_error (error, cause);
      return FALSE;
    }
  if (g_error_matches (cause, BST_ERROR, BST_ERROR_TOO_LARGE))
    {
      g_error_free (cause);
      return refuse (files, file, error);
    }
  g_hash_table_replace (files->losses, g_strdup (file->sha256), GUINT_TO_POINTER (losses));
  if (losses >= MAX_LOSSES)
    g_hash_table_add (files->failed, g_strdup (file->sha256));
  if (losses >= MAX_LOSSES && !files->failure)
    files->failure = g_error_copy (cause);
  g_error_free (cause);
  return TRUE;
}

static gboolean
step (BstSyncFiles *files,
      const BstFileToSend *file,
      gboolean *ret_named,
      GCancellable *cancellable,
      GError **error)
{
  GError *cause = NULL;
  gboolean ok = received_of (files, file) < 0
                    ? ask (files, file, ret_named, cancellable, &cause)
                    : send_part (files, file, ret_named, cancellable, &cause);

  if (!ok)
    return take_failure (files, file, cause, error);
  if (!*ret_named)
    return TRUE;
  set_received (files, file, -1);
  return bst_store_file_named (files->store, file->sha256, file->account, error);
}

gboolean
bst_sync_files_run (BstSyncFiles *files,
                    gboolean *ret_more,
                    GCancellable *cancellable,
                    GError **error)
{
  gint64 until = g_get_monotonic_time () + SLICE_USEC;

  while (!g_atomic_int_get (&files->hold))
    {
      /* Asked anew each time: an order may have been taken back. */
      g_autoptr (GPtrArray) list = bst_store_files_to_send (files->store, error);
      const BstFileToSend *file = list ? choose (files, list) : NULL;
      gboolean named = FALSE;

      if (!list || g_cancellable_set_error_if_cancelled (cancellable, error))
        return FALSE;
      if (!file)
        break;
      if (!step (files, file, &named, cancellable, error))
        return FALSE;
      if (named || g_get_monotonic_time () >= until)
        {
          *ret_more = TRUE;
          return TRUE;
        }
    }
  if (!files->failure)
    return TRUE;
  g_propagate_error (error, g_steal_pointer (&files->failure));
  return FALSE;
}

/* ---- what the server has lost ---- */

static const BstOutboxItem *
item_of (GPtrArray *items, gint64 seq)
{
  for (guint i = 0; i < items->len; i++)
    if (((BstOutboxItem *) items->pdata[i])->seq == seq)
      return items->pdata[i];
  return NULL;
}

static gboolean
lose (BstSyncFiles *files, const BstOutboxItem *item, gboolean *ret_again, GError **error)
{
  g_autoptr (GPtrArray) list = bst_outbox_item_files (item);

  *ret_again = FALSE;
  for (guint i = 0; i < list->len; i++)
    {
      const char *sha256 = list->pdata[i];
      guint losses = GPOINTER_TO_UINT (g_hash_table_lookup (files->losses, sha256)) + 1;
      gboolean here;

      if (!bst_store_file_lost (files->store, sha256, item->account, &here, error))
        return FALSE;
      g_hash_table_replace (files->losses, g_strdup (sha256), GUINT_TO_POINTER (losses));
      *ret_again |= here && losses < MAX_LOSSES;
    }
  return TRUE;
}

/* What else was refused of the order was so only because it is not there. */
static void
spare_order (const char *request, GPtrArray *items, GArray *outcomes)
{
  for (guint i = 0; i < outcomes->len; i++)
    {
      BstOutcome *outcome = &g_array_index (outcomes, BstOutcome, i);
      const BstOutboxItem *item = item_of (items, outcome->seq);

      if (item && g_str_equal (item->request, request))
        g_clear_pointer (&outcome->error, g_variant_unref);
    }
}

gboolean
bst_sync_files_spare (BstSyncFiles *files, GPtrArray *items, GArray *outcomes, GError **error)
{
  for (guint i = 0; i < outcomes->len; i++)
    {
      BstOutcome *outcome = &g_array_index (outcomes, BstOutcome, i);
      const BstOutboxItem *item;
      gboolean again;

      if (!outcome->error ||
          g_strcmp0 (bst_doc_get_string (outcome->error, "description"), "blobNotFound") != 0)
        continue;
      item = item_of (items, outcome->seq);
      if (!item)
        continue;
      if (!lose (files, item, &again, error))
        return FALSE;
      if (again)
        spare_order (item->request, items, outcomes);
    }
  return TRUE;
}
