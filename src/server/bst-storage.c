/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "bst-storage-measure.h"

#include "bst-error.h"
#include "bst-json.h"

#include <errno.h>
#include <glib/gstdio.h>
#include <string.h>

static BstStorage *
open_database (const char *directory, BstDbFlags flags, const BstClock *clock, GError **error)
{
  g_autofree char *path = g_build_filename (directory, "bestiller.db", NULL);
  g_autoptr (BstStorage) storage = g_new0 (BstStorage, 1);

  storage->directory = g_strdup (directory);
  storage->clock = clock;
  storage->scopes = NULL;
  storage->db = bst_db_open (path, flags | BST_DB_FULL_SYNC, error);
  if (!storage->db ||
      !bst_db_migrate (storage->db, BST_STORAGE_APPLICATION_ID, bst_storage_migrations, error))
    return NULL;
  return g_steal_pointer (&storage);
}

static gboolean
write_setting (BstStorage *storage, const char *key, const char *value, GError **error)
{
  g_autoptr (BstStmt) stmt =
      bst_db_prepare (storage->db,
                      "INSERT INTO setting (key, value) VALUES (?1, ?2) "
                      "ON CONFLICT (key) DO UPDATE SET value = excluded.value",
                      error);

  if (!stmt)
    return FALSE;
  bst_stmt_bind_text (stmt, 1, key);
  bst_stmt_bind_text (stmt, 2, value);
  return bst_stmt_run (stmt, error);
}

static char *
read_setting (BstStorage *storage, const char *key, GError **error)
{
  g_autoptr (BstStmt) stmt =
      bst_db_prepare (storage->db, "SELECT value FROM setting WHERE key = ?1", error);
  gboolean row;

  if (!stmt)
    return NULL;
  bst_stmt_bind_text (stmt, 1, key);
  if (!bst_stmt_step (stmt, &row, error))
    return NULL;
  if (!row)
    {
      g_set_error (error, BST_ERROR, BST_ERROR_CORRUPT,
                   "%s: no setting “%s”: not an authority's directory", storage->directory, key);
      return NULL;
    }
  return g_strdup (bst_stmt_text (stmt, 0));
}

/* Short: it is part of every state string. */
gboolean
bst_storage_renew_epoch (BstStorage *storage, GError **error)
{
  guint8 octets[6];
  g_autofree char *epoch = NULL;

  storage->clock->fill_random (storage->clock->closure, octets, sizeof octets);
  epoch = g_strdup_printf ("%02x%02x%02x%02x%02x%02x", octets[0], octets[1], octets[2], octets[3],
                           octets[4], octets[5]);
  return write_setting (storage, "epoch", epoch, error);
}

static gboolean
read_settings (BstStorage *storage, GError **error)
{
  g_autofree char *text = read_setting (storage, "settings", error);
  g_autofree char *epoch = text ? read_setting (storage, "epoch", error) : NULL;
  g_autoptr (GVariant) settings = epoch ? bst_json_parse_object (text, -1, error) : NULL;

  if (!settings)
    return FALSE;
  g_clear_pointer (&storage->settings, g_variant_unref);
  storage->settings = bst_doc_set_string (settings, "epoch", epoch);
  g_free (storage->epoch);
  storage->epoch = g_steal_pointer (&epoch);
  return TRUE;
}

/* After the settings: they say in which language the authority writes. */
static gboolean
open_text (BstStorage *storage, GError **error)
{
  gboolean norwegian = g_strcmp0 (bst_doc_get_string (storage->settings, "country"), "NO") == 0;

  storage->text = bst_storage_text_open (storage->db, norwegian ? "nb" : "da", error);
  return storage->text != NULL;
}

static gboolean
check_settings (GVariant *settings, GError **error)
{
  static const char *const needed[] = { "authority", "name", "country", "tag" };

  for (guint i = 0; i < G_N_ELEMENTS (needed); i++)
    if (!bst_doc_get_string (settings, needed[i]))
      {
        g_set_error (error, BST_ERROR, BST_ERROR_INVALID, "%s: missing", needed[i]);
        return FALSE;
      }
  if (strlen (bst_doc_get_string (settings, "tag")) != 4)
    {
      g_set_error (error, BST_ERROR, BST_ERROR_INVALID, "tag: four letters expected");
      return FALSE;
    }
  return TRUE;
}

static gboolean
make_directories (const char *directory, GError **error)
{
  g_autofree char *blobs = g_build_filename (directory, "blobs", NULL);

  if (g_mkdir_with_parents (blobs, 0700) == 0)
    return TRUE;
  g_set_error (error, BST_ERROR, BST_ERROR_STORAGE, "%s: %s", blobs, g_strerror (errno));
  return FALSE;
}

BstStorage *
bst_storage_create (const char *directory,
                    GVariant *settings,
                    const BstClock *clock,
                    GError **error)
{
  g_autofree char *path = g_build_filename (directory, "bestiller.db", NULL);
  g_autofree char *text = bst_json_print (settings);
  g_autoptr (BstStorage) storage = NULL;

  if (!check_settings (settings, error))
    return NULL;
  if (g_file_test (path, G_FILE_TEST_EXISTS))
    {
      g_set_error (error, BST_ERROR, BST_ERROR_CONFLICT, "%s: there is an authority already",
                   directory);
      return NULL;
    }
  if (!make_directories (directory, error))
    return NULL;
  storage = open_database (directory, BST_DB_CREATE, clock, error);
  if (!storage || !bst_db_begin (storage->db, error))
    return NULL;
  if (!write_setting (storage, "settings", text, error) ||
      !bst_storage_renew_epoch (storage, error))
    {
      bst_db_rollback (storage->db);
      return NULL;
    }
  if (!bst_db_commit (storage->db, error) || !read_settings (storage, error) ||
      !open_text (storage, error))
    return NULL;
  g_chmod (path, 0600);
  return g_steal_pointer (&storage);
}

BstStorage *
bst_storage_open (const char *directory, const BstClock *clock, GError **error)
{
  g_autoptr (BstStorage) storage = open_database (directory, 0, clock, error);

  if (!storage || !make_directories (directory, error) || !read_settings (storage, error) ||
      !open_text (storage, error))
    return NULL;
  return g_steal_pointer (&storage);
}

void
bst_storage_close (BstStorage *storage)
{
  bst_storage_forget_scopes (storage);
  bst_storage_forget_calendars (storage);
  g_clear_pointer (&storage->mandates, g_ptr_array_unref);
  g_clear_pointer (&storage->zones, g_hash_table_unref);
  g_clear_pointer (&storage->promises, g_hash_table_unref);
  g_clear_pointer (&storage->text, bst_storage_text_close);
  g_clear_pointer (&storage->db, bst_db_close);
  g_clear_pointer (&storage->settings, g_variant_unref);
  g_free (storage->epoch);
  g_free (storage->directory);
  g_free (storage);
}

const BstClock *
bst_storage_set_clock (BstStorage *storage, const BstClock *clock)
{
  const BstClock *before = storage->clock;

  storage->clock = clock;
  return before;
}

GVariant *
bst_storage_get_settings (BstStorage *storage, GError **error)
{
  return g_variant_ref (storage->settings);
}

gboolean
bst_storage_begin (BstStorage *storage, GError **error)
{
  return bst_db_begin (storage->db, error);
}

/* Only now is the tree whole: an import may move many units, in any order. */
gboolean
bst_storage_commit (BstStorage *storage, GError **error)
{
  if (storage->units_moved && !bst_storage_follow_units (storage, error))
    {
      bst_storage_rollback (storage);
      return FALSE;
    }
  storage->units_moved = FALSE;
  if (bst_db_commit (storage->db, error))
    return TRUE;
  bst_storage_rollback (storage);
  return FALSE;
}

void
bst_storage_rollback (BstStorage *storage)
{
  bst_db_rollback (storage->db);
  storage->units_moved = FALSE;
  g_clear_pointer (&storage->mandates, g_ptr_array_unref);
  bst_storage_forget_calendars (storage);
  bst_storage_forget_scopes (storage);
}
