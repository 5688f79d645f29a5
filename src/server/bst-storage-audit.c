/* SPDX-License-Identifier: GPL-3.0-or-later */

/* The audit log: who did what to which record, and when; never what was in it. */

#include "bst-storage-private.h"

gboolean
bst_storage_note (BstStorage *storage,
                  const char *person,
                  const char *what,
                  const char *type,
                  const char *subject,
                  GError **error)
{
  g_autoptr (BstStmt) stmt = bst_db_prepare (
      storage->db,
      "INSERT INTO audit (at, person, what, type, subject) VALUES (?1, ?2, ?3, ?4, ?5)", error);

  if (!stmt)
    return FALSE;
  bst_stmt_bind_int (stmt, 1, bst_clock_now (storage->clock));
  bst_stmt_bind_text (stmt, 2, person);
  bst_stmt_bind_text (stmt, 3, what);
  bst_stmt_bind_text (stmt, 4, type);
  bst_stmt_bind_text (stmt, 5, subject);
  return bst_stmt_run (stmt, error);
}

/* A right that was given or taken is worth a line of its own. */
static gboolean
has_other_grants (GVariant *before, GVariant *after)
{
  g_autoptr (GVariant) old = before ? bst_doc_get_map (before, "grants") : bst_doc_new ();
  g_autoptr (GVariant) new = after ? bst_doc_get_map (after, "grants") : bst_doc_new ();

  return !bst_doc_equal (old, new);
}

gboolean
bst_storage_note_write (BstStorage *storage,
                        const BstRecordType *type,
                        const char *id,
                        GVariant *before,
                        GVariant *after,
                        GError **error)
{
  const char *what = !after ? "destroyed" : before ? "changed" : "created";

  /* Our own arithmetic: nobody did it. */
  if (g_str_equal (type->name, "Measure") || g_str_equal (type->name, "Tally"))
    return TRUE;
  if (!bst_storage_note (storage, storage->actor, what, type->name, id, error))
    return FALSE;
  return !g_str_equal (type->name, "Person") || !has_other_grants (before, after) ||
         bst_storage_note (storage, storage->actor, "grants changed", type->name, id, error);
}

/* ---- reading ---- */

static void
insert_text (GVariantDict *dict, const char *name, const char *value)
{
  if (value)
    g_variant_dict_insert (dict, name, "s", value);
}

static GVariant *
read_entry (BstStmt *stmt)
{
  g_autofree char *at = bst_instant_format (bst_stmt_int (stmt, 0));
  GVariantDict entry;

  g_variant_dict_init (&entry, NULL);
  insert_text (&entry, "at", at);
  insert_text (&entry, "person", bst_stmt_text (stmt, 1));
  insert_text (&entry, "action", bst_stmt_text (stmt, 2));
  insert_text (&entry, "type", bst_stmt_text (stmt, 3));
  insert_text (&entry, "id", bst_stmt_text (stmt, 4));
  return bst_doc_take (g_variant_dict_end (&entry));
}

gboolean
bst_storage_audit (BstStorage *storage,
                   gint64 since,
                   const char *person,
                   BstStorageEach each,
                   gpointer closure,
                   GError **error)
{
  g_autoptr (BstStmt) stmt =
      bst_db_prepare (storage->db,
                      "SELECT at, person, what, type, subject FROM audit WHERE at >= ?1 AND "
                      "(?2 IS NULL OR person = ?2 OR (type = 'Person' AND subject = ?2)) "
                      "ORDER BY at, row",
                      error);
  gboolean row;

  if (!stmt)
    return FALSE;
  bst_stmt_bind_int (stmt, 1, since);
  bst_stmt_bind_text (stmt, 2, person);
  for (;;)
    {
      g_autoptr (GVariant) entry = NULL;

      if (!bst_stmt_step (stmt, &row, error))
        return FALSE;
      if (!row)
        return TRUE;
      entry = read_entry (stmt);
      if (!each (entry, closure))
        return TRUE;
    }
}
