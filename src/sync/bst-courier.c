/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "bst-courier.h"

#include "bst-error.h"
#include "bst-json.h"
#include "bst-parcel.h"
#include "bst-store-files.h"
#include "bst-sync-batch.h"
#include "bst-sync-files.h"
#include "bst-sync-private.h"
#include "bst-transport.h"

#include <string.h>

#define ITEMS_A_PARCEL   1000
#define CHANGES_A_PARCEL 2000

/* ---- packing ---- */

static gboolean
add_changes (BstStore *store, BstSyncBatch *batch, GError **error)
{
  g_auto (GStrv) accounts = bst_store_get_accounts (store, error);

  for (guint i = 0; accounts && accounts[i]; i++)
    {
      g_autofree char *checkpoint = bst_store_get_checkpoint (store, accounts[i], NULL);

      if (checkpoint)
        bst_sync_batch_add_changes (batch, accounts[i], checkpoint, CHANGES_A_PARCEL);
    }
  if (accounts && !accounts[0])
    g_set_error (error, BST_ERROR, BST_ERROR_INVALID,
                 "this computer has never been in contact with the server");
  return accounts && accounts[0];
}

/* A whole file; its parts are as they are stored. */
static GBytes *
read_file (BstStore *store, const BstFileToSend *file, GError **error)
{
  GByteArray *whole = g_byte_array_new ();

  while (whole->len < file->size)
    {
      g_autoptr (GBytes) part = bst_store_read_file (store, file->sha256, whole->len,
                                                     (gsize) file->size - whole->len, error);

      if (!part || g_bytes_get_size (part) == 0)
        {
          g_byte_array_unref (whole);
          if (part)
            g_set_error (error, BST_ERROR, BST_ERROR_CORRUPT, "a file is shorter than it was");
          return NULL;
        }
      g_byte_array_append (whole, g_bytes_get_data (part, NULL), (guint) g_bytes_get_size (part));
    }
  return g_byte_array_free_to_bytes (whole);
}

static gboolean
add_files (BstStore *store, BstSyncBatch *batch, GPtrArray *files, GError **error)
{
  for (guint i = 0; i < files->len; i++)
    {
      const BstFileToSend *file = g_ptr_array_index (files, i);
      g_autoptr (GBytes) octets = read_file (store, file, error);

      if (!octets)
        return FALSE;
      bst_sync_batch_add_file (batch, file->account, file->sha256, octets);
    }
  return TRUE;
}

GBytes *
bst_courier_pack (BstStore *store, const BstClock *clock, const char *token, GError **error)
{
  g_autoptr (GPtrArray) files = NULL;
  g_autoptr (GPtrArray) items = bst_store_outbox_take_with_files (
      store, ITEMS_A_PARCEL, BST_COURIER_FILE_OCTETS, &files, error);
  g_autoptr (BstSyncBatch) batch = items ? bst_sync_batch_new (items, NULL) : NULL;
  g_autofree char *digest = bst_parcel_digest (token);
  g_autoptr (GBytes) request = NULL;
  guint8 nonce[12];

  if (!batch || !add_files (store, batch, files, error) || !add_changes (store, batch, error))
    return NULL;
  request = bst_sync_batch_print (batch);
  clock->fill_random (clock->closure, nonce, sizeof nonce);
  return bst_parcel_seal (BST_PARCEL_REQUEST, digest, nonce, request);
}

/* ---- unpacking ---- */

static void
count_outcomes (BstSyncAnswer *answer, BstCourierResult *result)
{
  for (guint i = 0; i < answer->outcomes->len; i++)
    {
      const BstOutcome *outcome = &g_array_index (answer->outcomes, BstOutcome, i);

      result->received += outcome->record != NULL;
      result->refused += outcome->error != NULL;
    }
}

/* Pages that go on where the replica stands; those that the line has overtaken are passed over. */
static gboolean
take_pages (BstStore *store, GBytes *response, BstCourierResult *result)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (GPtrArray) pages = bst_store_apply_response (store, response, &error);

  for (guint i = 0; pages && i < pages->len; i++)
    result->records += ((const BstAppliedPage *) pages->pdata[i])->n_records;
  return pages != NULL;
}

static gboolean
take_files (BstStore *store, BstSyncAnswer *answer, GError **error)
{
  for (guint i = 0; i < answer->named->len; i++)
    {
      const BstSyncFile *file = g_ptr_array_index (answer->named, i);

      if (!bst_store_file_named (store, file->sha256, file->account, error))
        return FALSE;
    }
  return TRUE;
}

static gboolean
take_answer (BstStore *store,
             BstJmapRequest *request,
             GBytes *response,
             BstCourierResult *result,
             GError **error)
{
  g_autoptr (GPtrArray) items = bst_store_outbox (store, error);
  g_autoptr (BstSyncBatch) batch = items ? bst_sync_batch_new_from_request (items, request) : NULL;
  g_autoptr (BstSyncAnswer) answer = batch ? bst_sync_batch_read (batch, response, error) : NULL;
  g_autoptr (BstSyncFiles) files = bst_sync_files_new (store, NULL);

  if (!answer || !take_files (store, answer, error) ||
      !bst_sync_files_spare (files, items, answer->outcomes, error))
    return FALSE;
  count_outcomes (answer, result);
  if (answer->outcomes->len > 0 &&
      !bst_store_outbox_settle (store, (const BstOutcome *) answer->outcomes->data,
                                answer->outcomes->len, error))
    return FALSE;
  if (answer->lost->len == 0)
    take_pages (store, response, result);
  return TRUE;
}

gboolean
bst_courier_unpack (BstStore *store,
                    const char *token,
                    GBytes *parcel,
                    BstCourierResult *ret_result,
                    GError **error)
{
  g_autofree char *digest = bst_parcel_digest (token);
  g_autoptr (GBytes) content = bst_parcel_open (parcel, BST_PARCEL_ANSWER, digest, error);
  g_autoptr (GVariant) answer = NULL;
  g_autoptr (BstJmapRequest) request = NULL;
  g_autoptr (GBytes) response = NULL;
  BstCourierResult result = { 0 };
  const char *text;
  gsize len;

  if (!content)
    return FALSE;
  text = g_bytes_get_data (content, &len);
  answer = bst_json_parse_object (text, (gssize) len, error);
  if (!answer)
    return FALSE;
  if (bst_doc_get_int (answer, "status", 0) != 200 || !bst_doc_get_string (answer, "request") ||
      !bst_doc_get_string (answer, "response"))
    {
      g_set_error (error, BST_ERROR, BST_ERROR_SERVER,
                   "the server could not do what the parcel asked");
      return FALSE;
    }
  request = bst_jmap_request_parse (bst_doc_get_string (answer, "request"), -1, error);
  text = bst_doc_get_string (answer, "response");
  response = g_bytes_new (text, strlen (text));
  if (!request || !take_answer (store, request, response, &result, error))
    return FALSE;
  *ret_result = result;
  return TRUE;
}

/* ---- in threads of their own ---- */

typedef struct
{
  BstSync *sync;
  GBytes *parcel; /* nullable */
} Errand;

static Errand *
errand_new (BstSync *sync, GBytes *parcel)
{
  Errand *errand = g_new0 (Errand, 1);

  errand->sync = g_object_ref (sync);
  errand->parcel = parcel ? g_bytes_ref (parcel) : NULL;
  return errand;
}

static void
errand_free (Errand *errand)
{
  g_object_unref (errand->sync);
  g_clear_pointer (&errand->parcel, g_bytes_unref);
  g_free (errand);
}

static void
send_out (Errand *errand,
          GTaskThreadFunc run,
          gpointer tag,
          GCancellable *cancellable,
          GAsyncReadyCallback callback,
          gpointer user_data)
{
  g_autoptr (GTask) task = g_task_new (NULL, cancellable, callback, user_data);

  g_task_set_source_tag (task, tag);
  g_task_set_task_data (task, errand, (GDestroyNotify) errand_free);
  g_task_run_in_thread (task, run);
}

static void
return_bytes (GTask *task, GBytes *bytes, GError *error)
{
  if (bytes)
    g_task_return_pointer (task, bytes, (GDestroyNotify) g_bytes_unref);
  else
    g_task_return_error (task, error);
}

static void
pack_thread (GTask *task, gpointer source, gpointer data, GCancellable *cancellable)
{
  Errand *errand = data;
  GError *error = NULL;

  return_bytes (task,
                bst_courier_pack (bst_sync_get_store (errand->sync),
                                  bst_sync_get_clock (errand->sync),
                                  bst_sync_get_token (errand->sync), &error),
                error);
}

void
bst_courier_pack_async (BstSync *sync,
                        GCancellable *cancellable,
                        GAsyncReadyCallback callback,
                        gpointer user_data)
{
  send_out (errand_new (sync, NULL), pack_thread, bst_courier_pack_async, cancellable, callback,
            user_data);
}

GBytes *
bst_courier_pack_finish (GAsyncResult *result, GError **error)
{
  g_return_val_if_fail (g_async_result_is_tagged (result, bst_courier_pack_async), NULL);
  return g_task_propagate_pointer (G_TASK (result), error);
}

static void
unpack_thread (GTask *task, gpointer source, gpointer data, GCancellable *cancellable)
{
  Errand *errand = data;
  g_autofree BstCourierResult *result = g_new0 (BstCourierResult, 1);
  GError *error = NULL;

  if (bst_courier_unpack (bst_sync_get_store (errand->sync), bst_sync_get_token (errand->sync),
                          errand->parcel, result, &error))
    g_task_return_pointer (task, g_steal_pointer (&result), g_free);
  else
    g_task_return_error (task, error);
}

void
bst_courier_unpack_async (BstSync *sync,
                          GBytes *parcel,
                          GCancellable *cancellable,
                          GAsyncReadyCallback callback,
                          gpointer user_data)
{
  send_out (errand_new (sync, parcel), unpack_thread, bst_courier_unpack_async, cancellable,
            callback, user_data);
}

gboolean
bst_courier_unpack_finish (GAsyncResult *result, BstCourierResult *ret_result, GError **error)
{
  g_autofree BstCourierResult *found = NULL;

  g_return_val_if_fail (g_async_result_is_tagged (result, bst_courier_unpack_async), FALSE);
  found = g_task_propagate_pointer (G_TASK (result), error);
  if (found)
    *ret_result = *found;
  return found != NULL;
}

static GBytes *
carry (Errand *errand, GCancellable *cancellable, GError **error)
{
  g_autoptr (BstTransport) transport = bst_transport_https_new (
      bst_sync_get_server (errand->sync), NULL, bst_sync_get_ca_file (errand->sync));
  g_autofree char *coded =
      g_base64_encode (g_bytes_get_data (errand->parcel, NULL), g_bytes_get_size (errand->parcel));
  g_autofree char *text = g_strdup_printf ("{\"parcel\":\"%s\"}", coded);
  g_autoptr (GBytes) body = g_bytes_new (text, strlen (text));
  g_autofree char *key = NULL;
  g_autoptr (GBytes) reply = NULL;
  g_autoptr (GVariant) doc = NULL;
  const char *answer;
  guchar *octets;
  gsize len;

  if (!bst_parcel_peek (errand->parcel, BST_PARCEL_REQUEST, &key, error))
    return NULL;
  reply = bst_transport_request (transport, "POST", "/parcel", body, cancellable, error);
  if (!reply)
    return NULL;
  doc = bst_json_parse_object (g_bytes_get_data (reply, NULL), (gssize) g_bytes_get_size (reply),
                               NULL);
  answer = doc ? bst_doc_get_string (doc, "parcel") : NULL;
  if (!answer)
    {
      g_set_error (error, BST_ERROR, BST_ERROR_PORTAL, "what answered is no Bestiller server");
      return NULL;
    }
  octets = g_base64_decode (answer, &len);
  return g_bytes_new_take (octets, len);
}

static void
carry_thread (GTask *task, gpointer source, gpointer data, GCancellable *cancellable)
{
  GError *error = NULL;

  return_bytes (task, carry (data, cancellable, &error), error);
}

void
bst_courier_carry_async (BstSync *sync,
                         GBytes *parcel,
                         GCancellable *cancellable,
                         GAsyncReadyCallback callback,
                         gpointer user_data)
{
  send_out (errand_new (sync, parcel), carry_thread, bst_courier_carry_async, cancellable, callback,
            user_data);
}

GBytes *
bst_courier_carry_finish (GAsyncResult *result, GError **error)
{
  g_return_val_if_fail (g_async_result_is_tagged (result, bst_courier_carry_async), NULL);
  return g_task_propagate_pointer (G_TASK (result), error);
}
