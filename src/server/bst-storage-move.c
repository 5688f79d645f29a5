/* SPDX-License-Identifier: GPL-3.0-or-later */

/* A unit that moves to another department takes its records along: into the account of that department. */

#include "bst-storage-private.h"

typedef struct
{
  char *type;
  char *id;
} Stray;

static void
stray_clear (gpointer data)
{
  Stray *stray = data;

  g_free (stray->type);
  g_free (stray->id);
}

/* Records that lie in another account than that of their unit's department. */
static GArray *
list_strays (BstStorage *storage, BstOrg *org, GError **error)
{
  g_autoptr (GArray) strays = g_array_new (FALSE, FALSE, sizeof (Stray));
  g_autoptr (BstStmt) stmt =
      bst_db_prepare (storage->db,
                      "SELECT type, id, unit, account FROM record "
                      "WHERE unit IS NOT NULL AND doc IS NOT NULL ORDER BY row",
                      error);
  gboolean row;

  if (!stmt)
    return NULL;
  g_array_set_clear_func (strays, stray_clear);
  for (;;)
    {
      const char *department;
      Stray stray;

      if (!bst_stmt_step (stmt, &row, error))
        return NULL;
      if (!row)
        return g_steal_pointer (&strays);
      department = bst_org_department (org, bst_stmt_text (stmt, 2));
      /* Of a unit that is no more, the records stay where they were. */
      if (!department || g_str_equal (department, bst_stmt_text (stmt, 3)))
        continue;
      stray.type = g_strdup (bst_stmt_text (stmt, 0));
      stray.id = g_strdup (bst_stmt_text (stmt, 1));
      g_array_append_val (strays, stray);
    }
}

/* Attachments are asked for in the account of their record. */
static gboolean
copy_blobs (BstStorage *storage, const char *from, GVariant *doc, GError **error)
{
  g_autoptr (GVariant) attachments = bst_doc_get_map (doc, "attachments");
  const BstRecordType *type = bst_record_type_find ("Request");
  const char *to = bst_storage_account_of (storage, type, doc, error);
  g_autoptr (BstStmt) stmt =
      bst_db_prepare (storage->db,
                      "INSERT OR IGNORE INTO blob (account, id, size, uploaded, person) "
                      "SELECT ?1, id, size, uploaded, person FROM blob "
                      "WHERE account = ?2 AND id = ?3",
                      error);

  if (!to || !stmt)
    return FALSE;
  for (gsize i = 0; i < g_variant_n_children (attachments); i++)
    {
      const char *key;
      g_autoptr (GVariant) attachment = NULL;

      g_variant_get_child (attachments, i, "{&sv}", &key, &attachment);
      bst_stmt_reset (stmt);
      bst_stmt_bind_text (stmt, 1, to);
      bst_stmt_bind_text (stmt, 2, from);
      bst_stmt_bind_text (stmt, 3, bst_doc_get_string (attachment, "blobId"));
      if (!bst_stmt_run (stmt, error))
        return FALSE;
    }
  return TRUE;
}

static gboolean
take_home (BstStorage *storage, const Stray *stray, GHashTable *left, GError **error)
{
  const BstRecordType *type = bst_record_type_find (stray->type);
  g_autoptr (BstStorageRow) row = bst_storage_row_load (storage, stray->type, stray->id, error);
  g_autoptr (GVariant) written = NULL;

  if (!row || !type)
    return row != NULL;
  if (g_str_equal (stray->type, "Request") && !copy_blobs (storage, row->account, row->doc, error))
    return FALSE;
  g_hash_table_add (left, g_strdup (row->account));
  written = bst_storage_write (storage, type, stray->id, row, row->doc, NULL, error);
  return written != NULL;
}

/* What moved away is no longer to be had here, unless something that stayed refers to it too. */
static gboolean
leave_blobs (BstStorage *storage, const char *account, GError **error)
{
  g_autoptr (BstStmt) stmt = bst_db_prepare (
      storage->db,
      "WITH used (account, id) AS (SELECT record.account, file.value ->> '$.blobId' FROM record, "
      "json_each (record.doc, '$.attachments') AS file WHERE record.type = 'Request' AND "
      "instr (record.doc, '\"blobId\"') > 0 AND file.value ->> '$.blobId' IS NOT NULL "
      "AND (record.account = ?1 OR record.id IN (SELECT id FROM moved WHERE account = ?1))) "
      "DELETE FROM blob WHERE account = ?1 AND id IN (SELECT id FROM used WHERE account <> ?1) "
      "AND id NOT IN (SELECT id FROM used WHERE account = ?1)",
      error);

  if (!stmt)
    return FALSE;
  bst_stmt_bind_text (stmt, 1, account);
  return bst_stmt_run (stmt, error);
}

gboolean
bst_storage_follow_units (BstStorage *storage, GError **error)
{
  BstOrg *org = bst_storage_org (storage, error);
  g_autoptr (GArray) strays = org ? list_strays (storage, org, error) : NULL;
  g_autoptr (GHashTable) left = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  GHashTableIter iter;
  gpointer account;

  if (!strays)
    return FALSE;
  for (guint i = 0; i < strays->len; i++)
    if (!take_home (storage, &g_array_index (strays, Stray, i), left, error))
      return FALSE;
  g_hash_table_iter_init (&iter, left);
  while (g_hash_table_iter_next (&iter, &account, NULL))
    if (!leave_blobs (storage, account, error))
      return FALSE;
  return TRUE;
}
