/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "bst-storage-measure.h"

#include "bst-error.h"
#include "bst-jmap.h"
#include "bst-json.h"

#include <string.h>

/* ---- reading ---- */

void
bst_storage_row_free (BstStorageRow *row)
{
  g_free (row->account);
  g_free (row->unit);
  g_clear_pointer (&row->doc, g_variant_unref);
  g_free (row->hash);
  g_clear_pointer (&row->revs, g_variant_unref);
  g_free (row);
}

BstStorageRow *
bst_storage_row_load (BstStorage *storage, const char *type, const char *id, GError **error)
{
  g_autoptr (BstStmt) stmt = bst_db_prepare (
      storage->db,
      "SELECT row, account, unit, rev, seq, created_seq, hash, revs, doc FROM record "
      "WHERE type = ?1 AND id = ?2",
      error);
  g_autoptr (BstStorageRow) row = g_new0 (BstStorageRow, 1);
  gboolean found;

  if (!stmt)
    return NULL;
  bst_stmt_bind_text (stmt, 1, type);
  bst_stmt_bind_text (stmt, 2, id);
  if (!bst_stmt_step (stmt, &found, error))
    return NULL;
  if (!found)
    {
      g_set_error (error, BST_ERROR, BST_ERROR_NOT_FOUND, "no %s “%s”", type, id);
      return NULL;
    }
  row->row = bst_stmt_int (stmt, 0);
  row->account = g_strdup (bst_stmt_text (stmt, 1));
  row->unit = g_strdup (bst_stmt_text (stmt, 2));
  row->rev = bst_stmt_int (stmt, 3);
  row->seq = bst_stmt_int (stmt, 4);
  row->created_seq = bst_stmt_int (stmt, 5);
  row->hash = g_strdup (bst_stmt_text (stmt, 6));
  row->revs = bst_json_parse_object (bst_stmt_text (stmt, 7), -1, error);
  if (!row->revs)
    return NULL;
  if (bst_stmt_is_null (stmt, 8))
    return g_steal_pointer (&row);
  row->doc =
      bst_json_parse_object (bst_stmt_text (stmt, 8), (gssize) bst_stmt_text_len (stmt, 8), error);
  return row->doc ? g_steal_pointer (&row) : NULL;
}

GVariant *
bst_storage_get (BstStorage *storage, const char *type, const char *id, GError **error)
{
  g_autoptr (BstStorageRow) row = bst_storage_row_load (storage, type, id, error);

  if (!row)
    return NULL;
  if (row->doc)
    return g_variant_ref (row->doc);
  g_set_error (error, BST_ERROR, BST_ERROR_NOT_FOUND, "the %s “%s” was destroyed", type, id);
  return NULL;
}

GVariant *
bst_storage_find (BstStorage *storage,
                  const char *type,
                  const char *property,
                  const char *value,
                  GError **error)
{
  g_autoptr (BstStmt) stmt = NULL;
  g_autofree char *path = g_strconcat ("$.", property, NULL);
  gboolean by_number = strcmp (property, "number") == 0;
  gboolean row;

  stmt = bst_db_prepare (storage->db,
                         by_number
                             ? "SELECT doc FROM record WHERE type = ?1 AND number = ?3 LIMIT 1"
                             : "SELECT doc FROM record WHERE type = ?1 AND doc ->> ?2 = ?3 LIMIT 1",
                         error);
  if (!stmt)
    return NULL;
  bst_stmt_bind_text (stmt, 1, type);
  if (!by_number)
    bst_stmt_bind_text (stmt, 2, path);
  bst_stmt_bind_text (stmt, 3, value);
  if (!bst_stmt_step (stmt, &row, error))
    return NULL;
  if (row)
    return bst_json_parse_object (bst_stmt_text (stmt, 0), (gssize) bst_stmt_text_len (stmt, 0),
                                  error);
  g_set_error (error, BST_ERROR, BST_ERROR_NOT_FOUND, "no %s with %s “%s”", type, property, value);
  return NULL;
}

/* By change number, a page at a time: @each may write. */
gboolean
bst_storage_each (BstStorage *storage,
                  const char *type,
                  BstStorageEach each,
                  gpointer closure,
                  GError **error)
{
  g_autoptr (GPtrArray) ids = g_ptr_array_new_with_free_func (g_free);
  g_autoptr (BstStmt) stmt = bst_db_prepare (
      storage->db, "SELECT id FROM record WHERE type = ?1 AND doc IS NOT NULL ORDER BY row", error);
  gboolean row;

  if (!stmt)
    return FALSE;
  bst_stmt_bind_text (stmt, 1, type);
  while (bst_stmt_step (stmt, &row, error))
    {
      if (!row)
        break;
      g_ptr_array_add (ids, g_strdup (bst_stmt_text (stmt, 0)));
    }
  if (error && *error)
    return FALSE;
  bst_stmt_reset (stmt);
  for (guint i = 0; i < ids->len; i++)
    {
      g_autoptr (GVariant) record = bst_storage_get (storage, type, ids->pdata[i], NULL);

      if (record && !each (record, closure))
        break;
    }
  return TRUE;
}

static gint64
ask_number (BstStorage *storage, const char *sql)
{
  g_autoptr (BstStmt) stmt = bst_db_prepare (storage->db, sql, NULL);
  gboolean row;

  return stmt && bst_stmt_step (stmt, &row, NULL) && row ? bst_stmt_int (stmt, 0) : -1;
}

gint64
bst_storage_others_version (BstStorage *storage)
{
  return ask_number (storage, "PRAGMA data_version");
}

/* What was made from records that are written now. */
static void
forget_made (BstStorage *storage, const BstRecordType *type)
{
  if (strcmp (type->name, "Mandate") == 0)
    g_clear_pointer (&storage->mandates, g_ptr_array_unref);
}

/* SQLite's data_version counts the commits of others, its total_changes what we wrote ourselves. */
gint64
bst_storage_version (BstStorage *storage)
{
  gint64 others = bst_storage_others_version (storage);
  gint64 ours = ask_number (storage, "SELECT total_changes ()");

  return others < 0 || ours < 0 ? -1 : ((others & 0x3fffff) << 40) + (ours & 0xffffffffff);
}

gint64
bst_storage_account_seq (BstStorage *storage,
                         const char *account,
                         gint64 *ret_floor,
                         GError **error)
{
  g_autoptr (BstStmt) stmt =
      bst_db_prepare (storage->db, "SELECT seq, floor FROM account WHERE id = ?1", error);
  gboolean row;

  if (ret_floor)
    *ret_floor = 0;
  if (!stmt)
    return -1;
  bst_stmt_bind_text (stmt, 1, account);
  if (!bst_stmt_step (stmt, &row, error))
    return -1;
  if (row && ret_floor)
    *ret_floor = bst_stmt_int (stmt, 1);
  return row ? bst_stmt_int (stmt, 0) : 0;
}

/* ---- writing ---- */

static gint64
next_seq (BstStorage *storage, const char *account, GError **error)
{
  g_autoptr (BstStmt) stmt =
      bst_db_prepare (storage->db,
                      "INSERT INTO account (id, seq) VALUES (?1, 1) "
                      "ON CONFLICT (id) DO UPDATE SET seq = seq + 1 RETURNING seq",
                      error);
  gboolean row;
  gint64 seq;

  if (!stmt)
    return -1;
  bst_stmt_bind_text (stmt, 1, account);
  if (!bst_stmt_step (stmt, &row, error))
    return -1;
  seq = bst_stmt_int (stmt, 0);
  return bst_stmt_run (stmt, error) ? seq : -1;
}

/* The revisions of the properties after this change: a path takes the place of what lies below it. */
static char *
next_revs (BstStorageRow *old, GVariant *doc, gint64 rev)
{
  g_autoptr (GVariant) diff = bst_doc_diff (old->doc, doc);
  g_auto (GVariantBuilder) builder = G_VARIANT_BUILDER_INIT (G_VARIANT_TYPE_VARDICT);
  g_autoptr (GVariant) revs = NULL;
  GVariantIter iter;
  const char *path;
  GVariant *value;

  g_variant_iter_init (&iter, old->revs);
  while (g_variant_iter_loop (&iter, "{&sv}", &path, &value))
    {
      g_autoptr (GVariant) replaced = g_variant_lookup_value (diff, path, NULL);

      if (!replaced)
        g_variant_builder_add (&builder, "{sv}", path, value);
    }
  g_variant_iter_init (&iter, diff);
  while (g_variant_iter_next (&iter, "{&sv}", &path, NULL))
    if (strcmp (path, "updated") != 0 && strcmp (path, "rev") != 0)
      g_variant_builder_add (&builder, "{sv}", path, g_variant_new_int64 (rev));
  revs = bst_doc_take (g_variant_builder_end (&builder));
  return bst_json_print (revs);
}

static GVariant *
stamp (BstStorage *storage, const char *id, BstStorageRow *old, GVariant *doc, gint64 rev)
{
  g_autofree char *now = bst_clock_now_text (storage->clock);
  const char *created = old && old->doc ? bst_doc_get_string (old->doc, "created") : NULL;
  GVariantDict dict;

  g_variant_dict_init (&dict, doc);
  g_variant_dict_insert (&dict, "id", "s", id);
  g_variant_dict_insert (&dict, "rev", "x", rev);
  g_variant_dict_insert (&dict, "created", "s", created ? created : now);
  g_variant_dict_insert (&dict, "updated", "s", now);
  return bst_doc_take (g_variant_dict_end (&dict));
}

static gboolean
note_move (BstStorage *storage,
           const BstRecordType *type,
           const char *id,
           BstStorageRow *old,
           gint64 seq,
           GError **error)
{
  g_autoptr (BstStmt) stmt = bst_db_prepare (
      storage->db,
      "INSERT INTO moved (account, seq, type, id, unit, moved_at) VALUES (?1, ?2, ?3, ?4, ?5, ?6)",
      error);

  if (!stmt)
    return FALSE;
  bst_stmt_bind_text (stmt, 1, old->account);
  bst_stmt_bind_int (stmt, 2, seq);
  bst_stmt_bind_text (stmt, 3, type->name);
  bst_stmt_bind_text (stmt, 4, id);
  bst_stmt_bind_text (stmt, 5, old->unit);
  bst_stmt_bind_int (stmt, 6, bst_clock_now (storage->clock));
  return bst_stmt_run (stmt, error);
}

/* Who saw it where it was must be told: in the account that it leaves, or in the one it stays in. */
static gboolean
note_old_place (BstStorage *storage,
                const BstRecordType *type,
                const char *id,
                BstStorageRow *old,
                const char *account,
                gint64 seq,
                GError **error)
{
  if (strcmp (old->account, account) != 0)
    {
      seq = next_seq (storage, old->account, error);
      if (seq < 0)
        return FALSE;
    }
  return note_move (storage, type, id, old, seq, error);
}

static BstStmt *
prepare_write (BstStorage *storage, GError **error)
{
  return bst_db_prepare (
      storage->db,
      "INSERT INTO record (account, type, id, unit, rev, seq, created_seq, hash, revs, doc) "
      "VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10) "
      "ON CONFLICT (type, id) DO UPDATE SET account = excluded.account, unit = excluded.unit, rev "
      "= excluded.rev, "
      "seq = excluded.seq, created_seq = excluded.created_seq, destroyed_at = NULL, hash = "
      "excluded.hash, "
      "revs = excluded.revs, doc = excluded.doc RETURNING row",
      error);
}

/* To its end, so that nothing stays open; the first row's first column. */
static gboolean
run_for_row (BstStmt *stmt, gint64 *ret_row, GError **error)
{
  gboolean row;

  if (!bst_stmt_step (stmt, &row, error))
    return FALSE;
  *ret_row = bst_stmt_int (stmt, 0);
  return bst_stmt_run (stmt, error);
}

GVariant *
bst_storage_write (BstStorage *storage,
                   const BstRecordType *type,
                   const char *id,
                   BstStorageRow *old,
                   GVariant *doc,
                   const char *hash,
                   GError **error)
{
  const char *account = bst_storage_account_of (storage, type, doc, error);
  const char *unit = type->unit_field ? bst_doc_get_string (doc, type->unit_field) : NULL;
  gboolean lives = old && old->doc;
  gint64 rev = old ? old->rev + 1 : 1;
  gint64 seq = account ? next_seq (storage, account, error) : -1;
  g_autoptr (GVariant) stamped = NULL;
  g_autoptr (BstStmt) stmt = NULL;
  g_autofree char *revs = NULL;
  g_autofree char *text = NULL;
  gboolean same_account;
  gint64 row;

  if (seq < 0)
    return NULL;
  same_account = lives && strcmp (old->account, account) == 0;
  if (lives && old->unit && (!same_account || g_strcmp0 (old->unit, unit) != 0) &&
      !note_old_place (storage, type, id, old, account, seq, error))
    return NULL;
  forget_made (storage, type);
  stamped = stamp (storage, id, old, doc, rev);
  revs = lives ? next_revs (old, stamped, rev) : g_strdup ("{}");
  text = bst_json_print (stamped);
  stmt = prepare_write (storage, error);
  if (!stmt)
    return NULL;
  bst_stmt_bind_text (stmt, 1, account);
  bst_stmt_bind_text (stmt, 2, type->name);
  bst_stmt_bind_text (stmt, 3, id);
  bst_stmt_bind_text (stmt, 4, unit);
  bst_stmt_bind_int (stmt, 5, rev);
  bst_stmt_bind_int (stmt, 6, seq);
  bst_stmt_bind_int (stmt, 7, same_account ? old->created_seq : seq);
  bst_stmt_bind_text (stmt, 8, lives ? old->hash : hash);
  bst_stmt_bind_text (stmt, 9, revs);
  bst_stmt_bind_text (stmt, 10, text);
  if (!run_for_row (stmt, &row, error) ||
      !bst_storage_text_put (storage->text, type, row, lives ? old->doc : NULL, stamped, error) ||
      !bst_storage_note_write (storage, type, id, lives ? old->doc : NULL, stamped, error) ||
      !bst_storage_note_measured (storage, type, row, lives ? old->doc : NULL, stamped, error))
    return NULL;
  return g_steal_pointer (&stamped);
}

gboolean
bst_storage_erase (BstStorage *storage,
                   const BstRecordType *type,
                   const char *id,
                   BstStorageRow *old,
                   GError **error)
{
  g_autoptr (BstStmt) stmt = bst_db_prepare (storage->db,
                                             "UPDATE record SET doc = NULL, revs = "
                                             "'{}', rev = rev + 1, seq = ?1, destroyed_at = ?2 "
                                             "WHERE row = ?3",
                                             error);
  gint64 seq = stmt ? next_seq (storage, old->account, error) : -1;

  if (seq < 0)
    return FALSE;
  forget_made (storage, type);
  bst_stmt_bind_int (stmt, 1, seq);
  bst_stmt_bind_int (stmt, 2, bst_clock_now (storage->clock));
  bst_stmt_bind_int (stmt, 3, old->row);
  if (strcmp (type->name, "OrgUnit") == 0 || strcmp (type->name, "Person") == 0)
    bst_storage_forget_scopes (storage);
  return bst_stmt_run (stmt, error) &&
         bst_storage_text_remove (storage->text, type, old->row, error) &&
         bst_storage_note_write (storage, type, id, old->doc, NULL, error) &&
         bst_storage_note_measured (storage, type, old->row, old->doc, NULL, error);
}

/* ---- imports ---- */

static gboolean
check_record (const BstRecordType *type, GVariant *record, GVariant *previous, GError **error)
{
  g_autoptr (GPtrArray) problems = bst_record_type_validate (type, record, previous, TRUE);
  BstProblem *first = problems->len ? g_ptr_array_index (problems, 0) : NULL;

  if (!first)
    return TRUE;
  g_set_error (error, BST_ERROR, BST_ERROR_INVALID, "%s", first->message);
  return FALSE;
}

/* What an import says, compared with what is there: without what the server stamps. */
static gboolean
same_content (GVariant *stored, GVariant *record)
{
  static const char *const stamped[] = { "id", "rev", "created", "updated" };
  GVariantDict ours, theirs;
  g_autoptr (GVariant) a = NULL;
  g_autoptr (GVariant) b = NULL;

  g_variant_dict_init (&ours, stored);
  g_variant_dict_init (&theirs, record);
  for (guint i = 0; i < G_N_ELEMENTS (stamped); i++)
    {
      g_variant_dict_remove (&ours, stamped[i]);
      g_variant_dict_remove (&theirs, stamped[i]);
    }
  a = bst_doc_take (g_variant_dict_end (&ours));
  b = bst_doc_take (g_variant_dict_end (&theirs));
  return bst_doc_equal (a, b);
}

static gboolean
has_moved (GVariant *old, GVariant *unit)
{
  return g_strcmp0 (bst_doc_get_string (old, "parent"), bst_doc_get_string (unit, "parent")) != 0 ||
         g_strcmp0 (bst_doc_get_string (old, "kind"), bst_doc_get_string (unit, "kind")) != 0;
}

gboolean
bst_storage_put (BstStorage *storage,
                 const BstRecordType *type,
                 GVariant *record,
                 BstPutResult *ret_result,
                 GError **error)
{
  g_autofree char *made = NULL;
  const char *id = bst_doc_get_string (record, "id");
  g_autoptr (BstStorageRow) old = NULL;
  g_autoptr (GVariant) written = NULL;

  if (!id)
    id = bst_doc_get_string (record, "uid");
  if (!id)
    id = made = bst_uid_new (storage->clock);
  old = bst_storage_row_load (storage, type->name, id, NULL);
  if (!check_record (type, record, old ? old->doc : NULL, error))
    return FALSE;
  if (old && old->doc && same_content (old->doc, record))
    {
      if (ret_result)
        *ret_result = BST_PUT_SAME;
      return TRUE;
    }
  written = bst_storage_write (storage, type, id, old, record, NULL, error);
  if (!written)
    return FALSE;
  if (strcmp (type->name, "OrgUnit") == 0 || strcmp (type->name, "Person") == 0)
    bst_storage_forget_scopes (storage);
  if (strcmp (type->name, "OrgUnit") == 0 && old && old->doc && has_moved (old->doc, record))
    storage->units_moved = TRUE;
  if (ret_result)
    *ret_result = old && old->doc ? BST_PUT_CHANGED : BST_PUT_ADDED;
  return TRUE;
}

gboolean
bst_storage_destroy (BstStorage *storage, const BstRecordType *type, const char *id, GError **error)
{
  g_autoptr (BstStorageRow) old = bst_storage_row_load (storage, type->name, id, error);

  if (!old)
    return FALSE;
  return !old->doc || bst_storage_erase (storage, type, id, old, error);
}
