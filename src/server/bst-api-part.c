/* SPDX-License-Identifier: GPL-3.0-or-later */

/*
 * Uploads in parts (docs/protocol.md, "In parts"): what has come so far lies in a file of its own, as long as what is there.
 * Its name says whose it is and what it shall become; its time is when the last part came, by the server's clock.
 */

#include "bst-api-blob.h"

#include "bst-json.h"
#include "bst-methods.h"

#include <errno.h>
#include <fcntl.h>
#include <glib/gstdio.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

typedef struct
{
  BstStorage *storage;
  BstExchange *exchange;
  char *account;
  char *sha256;
  char *id; /* that it will have */
  gint64 size;
  char *path; /* of what has come */
} Upload;

static void
upload_clear (Upload *upload)
{
  g_free (upload->account);
  g_free (upload->sha256);
  g_free (upload->id);
  g_free (upload->path);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Upload, upload_clear)

static void
fail (Upload *upload, const char *what)
{
  g_warning ("an upload in parts failed: %s: %s", what, g_strerror (errno));
  bst_exchange_problem (upload->exchange, 500, "server-fail", "Server failure",
                        "the part could not be stored");
}

static gboolean
read_number (BstExchange *exchange, const char *name, gint64 *ret_number)
{
  const char *text = exchange->query ? g_hash_table_lookup (exchange->query, name) : NULL;

  if (text && g_ascii_string_to_signed (text, 10, 0, G_MAXINT64, ret_number, NULL))
    return TRUE;
  bst_exchange_problem (exchange, 400, "part-wrong", "Part wrong", name);
  return FALSE;
}

static char *
part_path (Upload *upload)
{
  g_autofree char *whose = g_strdup_printf ("%s\n%s\n%s\n%" G_GINT64_FORMAT, upload->account,
                                            upload->exchange->person, upload->sha256, upload->size);
  g_autofree char *name = g_compute_checksum_for_string (G_CHECKSUM_SHA256, whose, -1);

  return g_build_filename (upload->storage->directory, "parts", name, NULL);
}

static gboolean
read_upload (BstApi *api, BstExchange *exchange, Upload *upload)
{
  upload->storage = bst_api_get_storage (api);
  upload->exchange = exchange;
  upload->account = bst_api_path_part (exchange->path, 3);
  upload->sha256 = bst_api_path_part (exchange->path, 4);
  if (!bst_api_check_account (api, exchange, upload->account))
    return FALSE;
  if (!upload->sha256 || strlen (upload->sha256) != 64 ||
      strspn (upload->sha256, "0123456789abcdef") != 64)
    {
      bst_exchange_problem (exchange, 404, "not-found", "Not found",
                            "a SHA-256 in lower-case hexadecimal is wanted");
      return FALSE;
    }
  if (!read_number (exchange, "size", &upload->size))
    return FALSE;
  if (upload->size > BST_MAX_SIZE_UPLOAD)
    {
      bst_exchange_problem (exchange, 413, "too-large", "Too large",
                            "the file is larger than maxSizeUpload");
      return FALSE;
    }
  upload->id = g_strconcat ("B", upload->sha256, NULL);
  upload->path = part_path (upload);
  return TRUE;
}

static void
answer (Upload *upload, gint64 received, gboolean named)
{
  GString *out = g_string_new ("{\"accountId\":");

  bst_json_append_string (out, upload->account);
  g_string_append_printf (out, ",\"size\":%" G_GINT64_FORMAT ",\"received\":%" G_GINT64_FORMAT,
                          upload->size, received);
  if (named)
    {
      bst_method_append_key (out, "blobId");
      bst_json_append_string (out, upload->id);
    }
  g_string_append_c (out, '}');
  bst_exchange_json (upload->exchange, 200, g_string_free (out, FALSE));
}

/* Once the file lies where it belongs. */
static void
name_it (Upload *upload)
{
  g_autoptr (GError) error = NULL;

  if (bst_blob_note (upload->storage, upload->account, upload->id, (gsize) upload->size,
                     upload->exchange->person, &error))
    {
      answer (upload, upload->size, TRUE);
      return;
    }
  g_warning ("an upload failed: %s", error->message);
  bst_exchange_problem (upload->exchange, 500, "server-fail", "Server failure",
                        "the file could not be stored");
}

static gboolean
is_known (Upload *upload)
{
  return bst_blob_is_known (upload->storage, upload->account, upload->id);
}

/* ---- the last part has come ---- */

static gboolean
has_right_digest (Upload *upload)
{
  g_autoptr (GMappedFile) file = g_mapped_file_new (upload->path, FALSE, NULL);
  g_autoptr (GBytes) octets = file ? g_mapped_file_get_bytes (file) : NULL;
  g_autofree char *sha256 =
      octets ? g_compute_checksum_for_bytes (G_CHECKSUM_SHA256, octets) : NULL;

  return g_strcmp0 (sha256, upload->sha256) == 0;
}

static gboolean
sync_folder (const char *folder)
{
  int fd = g_open (folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC, 0);
  gboolean ok = fd >= 0 && fsync (fd) == 0;

  if (fd >= 0)
    close (fd);
  return ok;
}

/* Safe on the disk before it is named: the sender drops its own copy then. */
static gboolean
move_in (Upload *upload, int fd)
{
  g_autofree char *path = bst_blob_path (upload->storage, upload->id);
  g_autofree char *folder = g_path_get_dirname (path);

  return fsync (fd) == 0 && g_mkdir_with_parents (folder, 0700) == 0 &&
         g_rename (upload->path, path) == 0 && sync_folder (folder);
}

static void
finish (Upload *upload, int fd)
{
  if (!has_right_digest (upload))
    {
      g_unlink (upload->path);
      bst_exchange_problem (upload->exchange, 422, "digest-wrong", "Another file",
                            "what has come does not have that SHA-256; it was dropped");
    }
  else if (!move_in (upload, fd))
    fail (upload, upload->path);
  else
    name_it (upload);
}

/* ---- a part ---- */

static gboolean
write_all (int fd, const guint8 *octets, gsize len, gint64 at)
{
  while (len > 0)
    {
      ssize_t n = pwrite (fd, octets, len, at);

      if (n < 0 && errno == EINTR)
        continue;
      if (n <= 0)
        return FALSE;
      octets += n;
      len -= (gsize) n;
      at += n;
    }
  return TRUE;
}

/* What is there already is passed over. Never reaches beyond the size, so another process that still holds the file after it was finished adds nothing. */
static void
append (Upload *upload, int fd, gint64 received, gint64 offset)
{
  gsize len;
  const guint8 *octets = g_bytes_get_data (upload->exchange->body, &len);
  gint64 end = offset + (gint64) len;
  gint64 now = bst_clock_now (upload->storage->clock);
  const struct timespec times[2] = { { .tv_sec = now }, { .tv_sec = now } };

  if (end > received &&
      !write_all (fd, octets + (received - offset), (gsize) (end - received), received))
    {
      fail (upload, upload->path);
      if (ftruncate (fd, received) != 0)
        g_unlink (upload->path);
      return;
    }
  received = MAX (received, end);
  if (futimens (fd, times) != 0)
    fail (upload, upload->path);
  else if (received == upload->size)
    finish (upload, fd);
  else
    answer (upload, received, FALSE);
}

static int
open_part (Upload *upload)
{
  g_autofree char *folder = g_path_get_dirname (upload->path);
  int fd = -1;

  if (g_mkdir_with_parents (folder, 0700) == 0)
    fd = g_open (upload->path, O_RDWR | O_CREAT | O_CLOEXEC, 0600);
  if (fd < 0 || flock (fd, LOCK_EX) != 0)
    fail (upload, upload->path);
  return fd;
}

static void
take_part (Upload *upload, gint64 offset)
{
  int fd = open_part (upload);
  struct stat now;

  if (upload->exchange->status == 0 && fstat (fd, &now) != 0)
    fail (upload, upload->path);
  else if (upload->exchange->status == 0 && offset > now.st_size)
    bst_exchange_problem (upload->exchange, 409, "part-gap", "Part missing",
                          "what comes before this part has not come");
  else if (upload->exchange->status == 0)
    append (upload, fd, now.st_size, offset);
  if (fd >= 0)
    close (fd);
}

void
bst_api_upload_part (BstApi *api, BstExchange *exchange)
{
  g_auto (Upload) upload = { 0 };
  gsize len = g_bytes_get_size (exchange->body);
  gint64 offset;

  if (!read_upload (api, exchange, &upload) || !read_number (exchange, "offset", &offset))
    return;
  if (len > BST_MAX_SIZE_PART)
    bst_exchange_problem (exchange, 413, "too-large", "Too large",
                          "the part is larger than maxSizePart");
  else if (offset > upload.size || (gint64) len > upload.size - offset)
    bst_exchange_problem (exchange, 400, "part-wrong", "Part wrong",
                          "the part reaches beyond the size");
  else if (is_known (&upload))
    name_it (&upload);
  else
    take_part (&upload, offset);
}

void
bst_api_ask_part (BstApi *api, BstExchange *exchange)
{
  g_auto (Upload) upload = { 0 };
  GStatBuf now;

  if (!read_upload (api, exchange, &upload))
    return;
  if (is_known (&upload))
    name_it (&upload);
  else
    answer (&upload, g_stat (upload.path, &now) == 0 ? now.st_size : 0, FALSE);
}

void
bst_storage_sweep_parts (BstStorage *storage)
{
  g_autofree char *folder = g_build_filename (storage->directory, "parts", NULL);
  g_autoptr (GDir) dir = g_dir_open (folder, 0, NULL);
  gint64 since = bst_clock_now (storage->clock) - BST_BLOB_KEEP_SECONDS;
  const char *name;

  while (dir && (name = g_dir_read_name (dir)))
    {
      g_autofree char *path = g_build_filename (folder, name, NULL);
      GStatBuf now;

      if (g_stat (path, &now) == 0 && now.st_mtime < since)
        g_unlink (path);
    }
}
