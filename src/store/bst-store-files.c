/* SPDX-License-Identifier: GPL-3.0-or-later */

/*
 * Files: read in by a thread of their own, which hands the writer one part after the other, so that neither it nor the
 * memory is occupied by a large one.
 */

#include "bst-store-files.h"

#include "bst-store-private.h"
#include "bst-work-file.h"

#include "bst-error.h"

#define FILE_LIMIT         "file-limit"
#define DEFAULT_FILE_LIMIT (25 * 1000 * 1000)
#define ATTRIBUTES                                                                                 \
  G_FILE_ATTRIBUTE_STANDARD_TYPE "," G_FILE_ATTRIBUTE_STANDARD_SIZE                                \
                                 "," G_FILE_ATTRIBUTE_STANDARD_DISPLAY_NAME                        \
                                 "," G_FILE_ATTRIBUTE_STANDARD_CONTENT_TYPE

/* ---- one transaction of work.db ---- */

static gboolean
end (BstStore *store, gboolean good, GError **error)
{
  if (good)
    return bst_work_commit (store->work, error);
  bst_work_rollback (store->work);
  return FALSE;
}

/* ---- the limit ---- */

gint64
bst_store_get_file_limit (BstStore *store)
{
  gint64 limit;

  g_mutex_lock (&store->mutex);
  limit = store->file_limit;
  g_mutex_unlock (&store->mutex);
  return limit;
}

static void
keep_limit (BstStore *store, gint64 limit)
{
  g_mutex_lock (&store->mutex);
  store->file_limit = limit;
  g_mutex_unlock (&store->mutex);
}

static gpointer
set_limit (BstStore *store, gpointer args, GError **error)
{
  gint64 limit = *(gint64 *) args;
  g_autofree char *text = g_strdup_printf ("%" G_GINT64_FORMAT, limit);

  if (!bst_work_begin (store->work, error) ||
      !end (store, bst_work_set_meta (store->work, FILE_LIMIT, text, error), error))
    return NULL;
  keep_limit (store, limit);
  return BST_STORE_DONE;
}

gboolean
bst_store_set_file_limit (BstStore *store, gint64 octets, GError **error)
{
  if (octets == bst_store_get_file_limit (store))
    return TRUE;
  return bst_store_call (store, store->writer, set_limit, &octets, error) != NULL;
}

gboolean
bst_store_open_files (BstStore *store, GError **error)
{
  g_autofree char *limit = NULL;

  if (!bst_work_get_meta (store->work, FILE_LIMIT, &limit, error))
    return FALSE;
  keep_limit (store, limit ? g_ascii_strtoll (limit, NULL, 10) : DEFAULT_FILE_LIMIT);
  return bst_work_begin (store->work, error) &&
         end (store, bst_work_drop_files (store->work, TRUE, error), error);
}

/* ---- reading in ---- */

typedef struct
{
  GFile *file; /* or: */
  GBytes *octets;
  char *name;
  char *type;

  gint64 row;
  gint64 part;
  GBytes *next;
  gint64 size;
  GChecksum *sum;
} Addition;

static void
addition_free (gpointer data)
{
  Addition *addition = data;

  g_clear_object (&addition->file);
  g_clear_pointer (&addition->octets, g_bytes_unref);
  g_clear_pointer (&addition->next, g_bytes_unref);
  g_clear_pointer (&addition->sum, g_checksum_free);
  g_free (addition->name);
  g_free (addition->type);
  g_free (addition);
}
G_DEFINE_AUTOPTR_CLEANUP_FUNC (Addition, addition_free)

static Addition *
addition_new (GFile *file)
{
  Addition *addition = g_new0 (Addition, 1);

  addition->file = file ? g_object_ref (file) : NULL;
  addition->sum = g_checksum_new (G_CHECKSUM_SHA256);
  return addition;
}

static gpointer
begin_file (BstStore *store, gpointer args, GError **error)
{
  Addition *addition = args;
  g_autofree char *now = bst_store_now (store);

  if (!bst_work_begin (store->work, error) ||
      !end (store, bst_work_begin_file (store->work, now, &addition->row, error), error))
    return NULL;
  return BST_STORE_DONE;
}

static gpointer
add_part (BstStore *store, gpointer args, GError **error)
{
  Addition *addition = args;

  if (!bst_work_begin (store->work, error) ||
      !end (store,
            bst_work_add_file_part (store->work, addition->row, addition->part, addition->next,
                                    error),
            error))
    return NULL;
  return BST_STORE_DONE;
}

static gpointer
finish_file (BstStore *store, gpointer args, GError **error)
{
  Addition *addition = args;

  if (!bst_work_begin (store->work, error) ||
      !end (store,
            bst_work_finish_file (store->work, addition->row, g_checksum_get_string (addition->sum),
                                  addition->size, error),
            error))
    return NULL;
  return BST_STORE_DONE;
}

static gpointer
give_up_file (BstStore *store, gpointer args, GError **error)
{
  Addition *addition = args;

  if (!bst_work_begin (store->work, error) ||
      !end (store, bst_work_remove_file (store->work, addition->row, error), error))
    return NULL;
  return BST_STORE_DONE;
}

static gboolean
check_size (BstStore *store, gint64 size, GError **error)
{
  gint64 limit = bst_store_get_file_limit (store);

  if (size <= limit)
    return TRUE;
  g_set_error (error, BST_ERROR, BST_ERROR_TOO_LARGE,
               "a file may have %" G_GINT64_FORMAT " octets at most", limit);
  return FALSE;
}

static GInputStream *
open_source (BstStore *store, Addition *addition, GCancellable *cancellable, GError **error)
{
  g_autoptr (GFileInfo) info = NULL;

  if (addition->octets)
    return check_size (store, (gint64) g_bytes_get_size (addition->octets), error)
               ? g_memory_input_stream_new_from_bytes (addition->octets)
               : NULL;
  info = g_file_query_info (addition->file, ATTRIBUTES, G_FILE_QUERY_INFO_NONE, cancellable, error);
  if (!info)
    return NULL;
  addition->name = g_strdup (g_file_info_get_display_name (info));
  addition->type = g_file_info_get_content_type (info)
                       ? g_content_type_get_mime_type (g_file_info_get_content_type (info))
                       : NULL;
  if (g_file_info_get_file_type (info) != G_FILE_TYPE_REGULAR)
    {
      g_set_error (error, BST_ERROR, BST_ERROR_INVALID, "“%s” is no file", addition->name);
      return NULL;
    }
  if (!check_size (store, g_file_info_get_size (info), error))
    return NULL;
  return G_INPUT_STREAM (g_file_read (addition->file, cancellable, error));
}

/* One part; *@ret_more is FALSE at the end. */
static gboolean
take_part (BstStore *store,
           Addition *addition,
           GInputStream *stream,
           gboolean *ret_more,
           GCancellable *cancellable,
           GError **error)
{
  g_autofree guint8 *octets = g_malloc (BST_WORK_FILE_PART);
  gsize len;

  if (!g_input_stream_read_all (stream, octets, BST_WORK_FILE_PART, &len, cancellable, error) ||
      !check_size (store, addition->size + (gint64) len, error))
    return FALSE;
  *ret_more = len == BST_WORK_FILE_PART;
  if (len == 0)
    return TRUE;
  g_checksum_update (addition->sum, octets, (gssize) len);
  addition->size += (gint64) len;
  g_clear_pointer (&addition->next, g_bytes_unref);
  addition->next = g_bytes_new_take (g_steal_pointer (&octets), len);
  if (!bst_store_call (store, store->writer, add_part, addition, error))
    return FALSE;
  addition->part++;
  return TRUE;
}

static gboolean
take_all (BstStore *store,
          Addition *addition,
          GInputStream *stream,
          GCancellable *cancellable,
          GError **error)
{
  gboolean more = TRUE;

  while (more)
    if (!take_part (store, addition, stream, &more, cancellable, error))
      return FALSE;
  return bst_store_call (store, store->writer, finish_file, addition, error) != NULL;
}

static GVariant *
add (BstStore *store, Addition *addition, GCancellable *cancellable, GError **error)
{
  g_autoptr (GInputStream) stream = open_source (store, addition, cancellable, error);
  GVariantDict dict;

  if (!stream || !bst_store_call (store, store->writer, begin_file, addition, error))
    return NULL;
  if (!take_all (store, addition, stream, cancellable, error))
    {
      bst_store_call (store, store->writer, give_up_file, addition, NULL);
      return NULL;
    }
  g_variant_dict_init (&dict, NULL);
  g_variant_dict_insert (&dict, "name", "s", addition->name);
  g_variant_dict_insert (&dict, "size", "x", addition->size);
  g_variant_dict_insert (&dict, "type", "s",
                         addition->type ? addition->type : "application/octet-stream");
  g_variant_dict_insert (&dict, "sha256", "s", g_checksum_get_string (addition->sum));
  return bst_doc_take (g_variant_dict_end (&dict));
}

static void
add_in_thread (GTask *task, gpointer source, gpointer data, GCancellable *cancellable)
{
  GError *error = NULL;
  GVariant *attachment = add (source, data, cancellable, &error);

  if (attachment)
    g_task_return_pointer (task, attachment, (GDestroyNotify) g_variant_unref);
  else
    g_task_return_error (task, error);
}

static void
start (BstStore *store,
       Addition *addition,
       GCancellable *cancellable,
       GAsyncReadyCallback callback,
       gpointer user_data)
{
  g_autoptr (GTask) task = g_task_new (store, cancellable, callback, user_data);

  g_task_set_source_tag (task, bst_store_add_file_async);
  g_task_set_task_data (task, addition, addition_free);
  g_task_run_in_thread (task, add_in_thread);
}

void
bst_store_add_file_async (BstStore *store,
                          GFile *file,
                          GCancellable *cancellable,
                          GAsyncReadyCallback callback,
                          gpointer user_data)
{
  start (store, addition_new (file), cancellable, callback, user_data);
}

void
bst_store_add_octets_async (BstStore *store,
                            const char *name,
                            const char *type,
                            GBytes *octets,
                            GCancellable *cancellable,
                            GAsyncReadyCallback callback,
                            gpointer user_data)
{
  Addition *addition = addition_new (NULL);

  addition->octets = g_bytes_ref (octets);
  addition->name = g_strdup (name);
  addition->type = g_strdup (type);
  start (store, addition, cancellable, callback, user_data);
}

GVariant *
bst_store_add_file_finish (BstStore *store, GAsyncResult *result, GError **error)
{
  g_return_val_if_fail (g_task_get_source_tag (G_TASK (result)) == bst_store_add_file_async, NULL);

  return g_task_propagate_pointer (G_TASK (result), error);
}

GVariant *
bst_store_add_file (BstStore *store, GFile *file, GCancellable *cancellable, GError **error)
{
  g_autoptr (Addition) addition = addition_new (file);

  return add (store, addition, cancellable, error);
}

/* ---- reading out ---- */

typedef struct
{
  const char *sha256;
  gint64 offset;
  gsize len;
  gint64 size;
} Reading;

static gpointer
find_file (BstStore *store, gpointer args, GError **error)
{
  Reading *reading = args;
  gint64 file;

  if (!bst_work_find_file (store->read_work, reading->sha256, &file, &reading->size, error))
    return NULL;
  return file ? BST_STORE_DONE : NULL;
}

gboolean
bst_store_has_file (BstStore *store, const char *sha256, gint64 *ret_size)
{
  Reading reading = { .sha256 = sha256 };

  if (!bst_store_call (store, store->reader, find_file, &reading, NULL))
    return FALSE;
  if (ret_size)
    *ret_size = reading.size;
  return TRUE;
}

static gpointer
read_file (BstStore *store, gpointer args, GError **error)
{
  Reading *reading = args;
  g_autoptr (GBytes) part = NULL;
  gint64 file;
  gsize from = (gsize) (reading->offset % BST_WORK_FILE_PART);

  if (!bst_work_find_file (store->read_work, reading->sha256, &file, &reading->size, error))
    return NULL;
  if (file == 0)
    {
      g_set_error (error, BST_ERROR, BST_ERROR_NOT_FOUND, "the file is not here");
      return NULL;
    }
  if (reading->offset >= reading->size)
    return g_bytes_new (NULL, 0);
  part =
      bst_work_read_file_part (store->read_work, file, reading->offset / BST_WORK_FILE_PART, error);
  if (!part)
    return NULL;
  if (from >= g_bytes_get_size (part))
    {
      g_set_error (error, BST_ERROR, BST_ERROR_CORRUPT, "a part of a file is too short");
      return NULL;
    }
  return g_bytes_new_from_bytes (part, from, MIN (reading->len, g_bytes_get_size (part) - from));
}

GBytes *
bst_store_read_file (BstStore *store, const char *sha256, gint64 offset, gsize len, GError **error)
{
  Reading reading = { .sha256 = sha256, .offset = offset, .len = len };

  return bst_store_call (store, store->reader, read_file, &reading, error);
}

const char *
bst_store_get_directory (BstStore *store)
{
  return store->directory;
}

/* ---- what refers to what ---- */

GVariant *
bst_store_with_blobs (GVariant *request)
{
  g_autoptr (GVariant) attachments = bst_doc_get_map (request, "attachments");
  GVariant *whole = g_variant_ref (request);

  for (gsize i = 0; i < g_variant_n_children (attachments); i++)
    {
      const char *key;
      g_autoptr (GVariant) attachment = NULL;
      g_autofree char *escaped = NULL;
      g_autofree char *path = NULL;
      g_autofree char *blob = NULL;
      const char *sha256;

      g_variant_get_child (attachments, i, "{&sv}", &key, &attachment);
      sha256 = bst_doc_get_string (attachment, "sha256");
      if (!sha256 || bst_doc_has (attachment, "blobId"))
        continue;
      escaped = bst_path_escape (key);
      path = g_strconcat ("attachments/", escaped, "/blobId", NULL);
      blob = g_strconcat ("B", sha256, NULL);
      bst_doc_replace (&whole, bst_doc_set_string (whole, path, blob));
    }
  return whole;
}

static void
collect (GVariant *value, GPtrArray *files)
{
  GVariantIter iter;
  GVariant *member;
  const char *sha256;

  if (!g_variant_is_of_type (value, G_VARIANT_TYPE_VARDICT))
    return;
  sha256 = bst_doc_get_string (value, "sha256");
  if (sha256)
    {
      g_ptr_array_add (files, g_strdup (sha256));
      return;
    }
  g_variant_iter_init (&iter, value);
  while (g_variant_iter_next (&iter, "{&sv}", NULL, &member))
    {
      collect (member, files);
      g_variant_unref (member);
    }
}

GPtrArray *
bst_outbox_item_files (const BstOutboxItem *item)
{
  GPtrArray *files = g_ptr_array_new_with_free_func (g_free);
  GVariantIter iter;
  const char *key;
  GVariant *value;

  if (!g_str_equal (item->type, "Request"))
    return files;
  g_variant_iter_init (&iter, item->content);
  while (g_variant_iter_next (&iter, "{&sv}", &key, &value))
    {
      if (g_str_equal (key, "attachments") || g_str_has_prefix (key, "attachments/"))
        collect (value, files);
      g_variant_unref (value);
    }
  return files;
}

/* *@ret_size is -1 unless it is here and the server does not have it. */
static gboolean
is_wanted (BstWork *work, const char *sha256, const char *account, gint64 *ret_size, GError **error)
{
  gint64 file, size;
  gboolean named;

  if (!bst_work_find_file (work, sha256, &file, &size, error) ||
      !bst_work_is_file_named (work, sha256, account, &named, error))
    return FALSE;
  *ret_size = file && !named ? size : -1;
  return TRUE;
}

gboolean
bst_store_waits_for_file (BstStore *store,
                          const BstWorkItem *item,
                          gboolean *ret_waits,
                          GError **error)
{
  g_autoptr (GPtrArray) files = bst_outbox_item_files (&item->item);

  *ret_waits = FALSE;
  for (guint i = 0; i < files->len && !*ret_waits; i++)
    {
      gint64 size;

      if (!is_wanted (store->work, files->pdata[i], item->item.account, &size, error))
        return FALSE;
      *ret_waits = size >= 0;
    }
  return TRUE;
}

/* ---- for sync ---- */

void
bst_file_to_send_free (BstFileToSend *file)
{
  g_free (file->sha256);
  g_free (file->account);
  g_free (file->request);
  g_free (file);
}

static gboolean
has_file (GPtrArray *list, const char *sha256, const char *account)
{
  for (guint i = 0; i < list->len; i++)
    {
      const BstFileToSend *file = g_ptr_array_index (list, i);

      if (g_str_equal (file->sha256, sha256) && g_str_equal (file->account, account))
        return TRUE;
    }
  return FALSE;
}

static gboolean
add_wanted (BstStore *store, const BstWorkItem *item, GPtrArray *list, GError **error)
{
  g_autoptr (GPtrArray) files = bst_outbox_item_files (&item->item);

  for (guint i = 0; i < files->len; i++)
    {
      const char *sha256 = g_ptr_array_index (files, i);
      BstFileToSend *file;
      gint64 size;

      if (!is_wanted (store->work, sha256, item->item.account, &size, error))
        return FALSE;
      if (size < 0 || has_file (list, sha256, item->item.account))
        continue;
      file = g_new0 (BstFileToSend, 1);
      file->sha256 = g_strdup (sha256);
      file->account = g_strdup (item->item.account);
      file->request = g_strdup (item->item.request);
      file->seq = item->item.seq;
      file->size = size;
      g_ptr_array_add (list, file);
    }
  return TRUE;
}

gboolean
bst_store_carry_files (BstStore *store,
                       const BstWorkItem *item,
                       GPtrArray *files,
                       gint64 *octets,
                       gboolean *ret_waits,
                       GError **error)
{
  guint before = files->len;
  gint64 size = 0;

  if (!add_wanted (store, item, files, error))
    return FALSE;
  for (guint i = before; i < files->len; i++)
    size += ((const BstFileToSend *) files->pdata[i])->size;
  *ret_waits = size > *octets;
  if (*ret_waits)
    g_ptr_array_set_size (files, (gint) before);
  else
    *octets -= size;
  return TRUE;
}

/* The writer answers: what was submitted a moment ago counts. */
static gpointer
files_to_send (BstStore *store, gpointer args, GError **error)
{
  g_autoptr (GPtrArray) items = bst_work_items (store->work, NULL, error);
  g_autoptr (GPtrArray) list =
      g_ptr_array_new_with_free_func ((GDestroyNotify) bst_file_to_send_free);

  if (!items)
    return NULL;
  for (guint i = 0; i < items->len; i++)
    {
      const BstWorkItem *item = g_ptr_array_index (items, i);

      if (item->local <= BST_OUTBOX_SENDING && !add_wanted (store, item, list, error))
        return NULL;
    }
  return g_steal_pointer (&list);
}

GPtrArray *
bst_store_files_to_send (BstStore *store, GError **error)
{
  return bst_store_call (store, store->writer, files_to_send, NULL, error);
}

typedef struct
{
  const char *sha256;
  const char *account;
  gboolean here;
} Naming;

static gpointer
file_named (BstStore *store, gpointer args, GError **error)
{
  Naming *naming = args;
  g_autofree char *now = bst_store_now (store);

  if (!bst_work_begin (store->work, error) ||
      !end (store, bst_work_name_file (store->work, naming->sha256, naming->account, now, error),
            error))
    return NULL;
  return BST_STORE_DONE;
}

gboolean
bst_store_file_named (BstStore *store, const char *sha256, const char *account, GError **error)
{
  Naming naming = { .sha256 = sha256, .account = account };

  return bst_store_call (store, store->writer, file_named, &naming, error) != NULL;
}

static gpointer
file_lost (BstStore *store, gpointer args, GError **error)
{
  Naming *naming = args;
  gint64 file, size;

  if (!bst_work_begin (store->work, error) ||
      !end (store, bst_work_forget_name (store->work, naming->sha256, naming->account, error),
            error) ||
      !bst_work_find_file (store->work, naming->sha256, &file, &size, error))
    return NULL;
  naming->here = file != 0;
  return BST_STORE_DONE;
}

gboolean
bst_store_file_lost (BstStore *store,
                     const char *sha256,
                     const char *account,
                     gboolean *ret_again,
                     GError **error)
{
  Naming naming = { .sha256 = sha256, .account = account };

  if (!bst_store_call (store, store->writer, file_lost, &naming, error))
    return FALSE;
  *ret_again = naming.here;
  return TRUE;
}
