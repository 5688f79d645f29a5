/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Blobs: files named by their SHA-256, in folders of two letters; the database says which account may see which. */

#include "bst-api-blob.h"

#include "bst-methods.h"

#include "bst-error.h"
#include "bst-json.h"

#include <errno.h>
#include <glib/gstdio.h>
#include <string.h>

char *
bst_blob_path_in (const char *directory, const char *id)
{
  g_autofree char *folder = g_strndup (id[0] ? id + 1 : id, 2);

  return g_build_filename (directory, "blobs", folder, id, NULL);
}

char *
bst_blob_path (BstStorage *storage, const char *id)
{
  return bst_blob_path_in (storage->directory, id);
}

static gboolean
is_blob_id (const char *id)
{
  return id[0] == 'B' && strlen (id) == 65 && strspn (id + 1, "0123456789abcdef") == 64;
}

gboolean
bst_blob_write (BstStorage *storage, const char *id, GBytes *body, GError **error)
{
  g_autofree char *path = bst_blob_path (storage, id);
  g_autofree char *folder = g_path_get_dirname (path);
  gsize len;
  const char *data = g_bytes_get_data (body, &len);

  if (g_file_test (path, G_FILE_TEST_EXISTS))
    return TRUE;
  if (g_mkdir_with_parents (folder, 0700) != 0)
    {
      g_set_error (error, BST_ERROR, BST_ERROR_STORAGE, "%s: %s", folder, g_strerror (errno));
      return FALSE;
    }
  return g_file_set_contents_full (path, data ? data : "", (gssize) len,
                                   G_FILE_SET_CONTENTS_CONSISTENT | G_FILE_SET_CONTENTS_DURABLE,
                                   0600, error);
}

gboolean
bst_blob_note (BstStorage *storage,
               const char *account,
               const char *id,
               gsize size,
               const char *person,
               GError **error)
{
  g_autoptr (BstStmt) stmt = bst_db_prepare (
      storage->db,
      "INSERT INTO blob (account, id, size, uploaded, person) VALUES (?1, ?2, ?3, ?4, ?5) "
      "ON CONFLICT (account, id) DO UPDATE SET uploaded = excluded.uploaded",
      error);

  if (!stmt)
    return FALSE;
  bst_stmt_bind_text (stmt, 1, account);
  bst_stmt_bind_text (stmt, 2, id);
  bst_stmt_bind_int (stmt, 3, (gint64) size);
  bst_stmt_bind_int (stmt, 4, bst_clock_now (storage->clock));
  bst_stmt_bind_text (stmt, 5, person);
  return bst_stmt_run (stmt, error);
}

char *
bst_api_path_part (const char *path, guint n)
{
  g_auto (GStrv) parts = g_strsplit (path, "/", -1);
  char *part = n < g_strv_length (parts) ? g_uri_unescape_string (parts[n], NULL) : NULL;

  return part;
}

gboolean
bst_api_check_account (BstApi *api, BstExchange *exchange, const char *account)
{
  BstScope *scope = bst_storage_scope (bst_api_get_storage (api), exchange->person, NULL);

  if (scope && account && bst_scope_has_account (scope, account))
    return TRUE;
  bst_exchange_problem (exchange, 404, "not-found", "Not found", "no such account");
  return FALSE;
}

void
bst_api_upload (BstApi *api, BstExchange *exchange)
{
  BstStorage *storage = bst_api_get_storage (api);
  g_autofree char *account = bst_api_path_part (exchange->path, 3);
  g_autofree char *sum = g_compute_checksum_for_bytes (G_CHECKSUM_SHA256, exchange->body);
  g_autofree char *id = g_strconcat ("B", sum, NULL);
  gsize size = g_bytes_get_size (exchange->body);
  g_autoptr (GError) error = NULL;
  GString *out;

  if (!bst_api_check_account (api, exchange, account))
    return;
  if (size > BST_MAX_SIZE_UPLOAD)
    {
      bst_exchange_problem (exchange, 413, "too-large", "Too large",
                            "the file is larger than maxSizeUpload");
      return;
    }
  if (!bst_blob_write (storage, id, exchange->body, &error) ||
      !bst_blob_note (storage, account, id, size, exchange->person, &error))
    {
      g_warning ("an upload failed: %s", error->message);
      bst_exchange_problem (exchange, 500, "server-fail", "Server failure",
                            "the file could not be stored");
      return;
    }
  out = g_string_new ("{\"accountId\":");
  bst_json_append_string (out, account);
  g_string_append (out, ",\"blobId\":");
  bst_json_append_string (out, id);
  g_string_append (out, ",\"type\":");
  bst_json_append_string (out, exchange->content_type ? exchange->content_type
                                                      : "application/octet-stream");
  g_string_append_printf (out, ",\"size\":%" G_GSIZE_FORMAT "}", size);
  bst_exchange_json (exchange, 201, g_string_free (out, FALSE));
}

gboolean
bst_blob_is_known (BstStorage *storage, const char *account, const char *id)
{
  g_autoptr (BstStmt) stmt =
      bst_db_prepare (storage->db, "SELECT 1 FROM blob WHERE account = ?1 AND id = ?2", NULL);
  gboolean row;

  if (!stmt)
    return FALSE;
  bst_stmt_bind_text (stmt, 1, account);
  bst_stmt_bind_text (stmt, 2, id);
  return bst_stmt_step (stmt, &row, NULL) && row;
}

void
bst_api_download (BstApi *api, BstExchange *exchange)
{
  BstStorage *storage = bst_api_get_storage (api);
  g_autofree char *account = bst_api_path_part (exchange->path, 3);
  g_autofree char *id = bst_api_path_part (exchange->path, 4);
  g_autofree char *name = bst_api_path_part (exchange->path, 5);
  const char *type = exchange->query ? g_hash_table_lookup (exchange->query, "type") : NULL;
  g_autofree char *path = NULL;
  g_autofree char *quoted = NULL;
  g_autoptr (GMappedFile) file = NULL;

  if (!bst_api_check_account (api, exchange, account))
    return;
  path = id && is_blob_id (id) && bst_blob_is_known (storage, account, id)
             ? bst_blob_path (storage, id)
             : NULL;
  file = path ? g_mapped_file_new (path, FALSE, NULL) : NULL;
  if (!file)
    {
      bst_exchange_problem (exchange, 404, "not-found", "Not found", "no such file");
      return;
    }
  exchange->status = 200;
  if (type && g_regex_match_simple ("^[a-zA-Z0-9!#$&^_.+-]+/[a-zA-Z0-9!#$&^_.+-]+$", type, 0, 0))
    exchange->reply_type = exchange->reply_type_free = g_strdup (type);
  else
    exchange->reply_type = "application/octet-stream";
  exchange->reply = g_mapped_file_get_bytes (file);
  quoted = g_uri_escape_string (name ? name : "file", NULL, FALSE);
  exchange->disposition = g_strconcat ("attachment; filename*=UTF-8''", quoted, NULL);
}

/* ---- sweeping ---- */

/* A blob may have been uploaded to several accounts; its file goes with the last of them. */
gboolean
bst_blob_drop (BstStorage *storage, const char *account, const char *id, GError **error)
{
  g_autoptr (BstStmt) stmt =
      bst_db_prepare (storage->db, "DELETE FROM blob WHERE account = ?1 AND id = ?2", error);
  g_autoptr (BstStmt) others =
      bst_db_prepare (storage->db, "SELECT 1 FROM blob WHERE id = ?1", error);
  gboolean row;

  if (!stmt || !others)
    return FALSE;
  bst_stmt_bind_text (stmt, 1, account);
  bst_stmt_bind_text (stmt, 2, id);
  bst_stmt_bind_text (others, 1, id);
  if (!bst_stmt_run (stmt, error) || !bst_stmt_step (others, &row, error))
    return FALSE;
  if (!row)
    {
      g_autofree char *path = bst_blob_path (storage, id);

      g_unlink (path);
    }
  return TRUE;
}
