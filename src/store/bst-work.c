/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "bst-work.h"

#include "bst-error.h"
#include "bst-json.h"

const BstMigration bst_work_migrations[] = {
  { 1,
    "CREATE TABLE meta (key TEXT PRIMARY KEY, value TEXT NOT NULL) WITHOUT ROWID;"
    "CREATE TABLE draft (uid TEXT PRIMARY KEY, doc TEXT NOT NULL, saved_at TEXT NOT NULL,"
    "  submitted INTEGER NOT NULL DEFAULT 0) WITHOUT ROWID;"
    "CREATE TABLE outbox (seq INTEGER PRIMARY KEY AUTOINCREMENT, account TEXT NOT NULL, type TEXT "
    "NOT NULL,"
    "  uid TEXT NOT NULL, request TEXT NOT NULL, is_create INTEGER NOT NULL, content TEXT NOT NULL,"
    "  state INTEGER NOT NULL DEFAULT 0, tries INTEGER NOT NULL DEFAULT 0, queued_at TEXT NOT NULL,"
    "  error TEXT, record TEXT);"
    "CREATE INDEX outbox_request ON outbox (request);"
    "CREATE TABLE receipt (seq INTEGER PRIMARY KEY AUTOINCREMENT, uid TEXT NOT NULL, doc TEXT NOT "
    "NULL);" },
  /* Files that orders refer to. Without sha256: being read in. file_named: in which accounts the server has what. */
  { 2,
    "CREATE TABLE file (id INTEGER PRIMARY KEY, sha256 TEXT UNIQUE, size INTEGER NOT NULL,"
    "  added_at TEXT NOT NULL);"
    "CREATE TABLE file_part (file INTEGER NOT NULL REFERENCES file (id) ON DELETE CASCADE,"
    "  part INTEGER NOT NULL, octets BLOB NOT NULL, PRIMARY KEY (file, part));"
    "CREATE TABLE file_named (sha256 TEXT NOT NULL, account TEXT NOT NULL, named_at TEXT NOT NULL,"
    "  PRIMARY KEY (sha256, account)) WITHOUT ROWID;" },
  /* Drafts of orders that the server has. base: its record, over which the draft was written; conflicts: what both changed. */
  { 3, "ALTER TABLE draft ADD COLUMN base TEXT;"
       "ALTER TABLE draft ADD COLUMN conflicts TEXT;"
       "ALTER TABLE draft ADD COLUMN shared INTEGER NOT NULL DEFAULT 0;" },
  { 0 },
};

struct _BstWork
{
  BstDb *db;
};

BstWork *
bst_work_open (const char *path, gboolean readonly, GError **error)
{
  g_autoptr (BstDb) db =
      bst_db_open (path, readonly ? BST_DB_READONLY : BST_DB_CREATE | BST_DB_FULL_SYNC, error);
  BstWork *work;

  if (!db ||
      (!readonly && !bst_db_migrate (db, BST_WORK_APPLICATION_ID, bst_work_migrations, error)))
    return NULL;
  work = g_new0 (BstWork, 1);
  work->db = g_steal_pointer (&db);
  return work;
}

void
bst_work_close (BstWork *work)
{
  if (!work)
    return;
  bst_db_close (work->db);
  g_free (work);
}

BstDb *
bst_work_get_db (BstWork *work)
{
  return work->db;
}

gboolean
bst_work_begin (BstWork *work, GError **error)
{
  return bst_db_begin (work->db, error);
}

gboolean
bst_work_commit (BstWork *work, GError **error)
{
  return bst_db_commit (work->db, error);
}

void
bst_work_rollback (BstWork *work)
{
  bst_db_rollback (work->db);
}

/* Binds texts to ?1, ?2 … up to a NULL at the end, and runs. */
static gboolean G_GNUC_NULL_TERMINATED
run_texts (BstWork *work, const char *sql, GError **error, ...)
{
  g_autoptr (BstStmt) stmt = bst_db_prepare (work->db, sql, error);
  const char *text;
  va_list args;
  int i = 1;

  if (!stmt)
    return FALSE;
  va_start (args, error);
  while ((text = va_arg (args, const char *)))
    bst_stmt_bind_text (stmt, i++, text);
  va_end (args);
  return bst_stmt_run (stmt, error);
}

/* ---- meta ---- */

gboolean
bst_work_get_meta (BstWork *work, const char *key, char **ret_value, GError **error)
{
  g_autoptr (BstStmt) stmt =
      bst_db_prepare (work->db, "SELECT value FROM meta WHERE key = ?1", error);
  gboolean row;

  if (!stmt)
    return FALSE;
  bst_stmt_bind_text (stmt, 1, key);
  if (!bst_stmt_step (stmt, &row, error))
    return FALSE;
  *ret_value = row ? g_strdup (bst_stmt_text (stmt, 0)) : NULL;
  return TRUE;
}

gboolean
bst_work_set_meta (BstWork *work, const char *key, const char *value, GError **error)
{
  return run_texts (work, "INSERT OR REPLACE INTO meta (key, value) VALUES (?1, ?2)", error, key,
                    value, NULL);
}

/* ---- drafts ---- */

void
bst_draft_free (BstDraft *draft)
{
  g_clear_pointer (&draft->doc, g_variant_unref);
  g_clear_pointer (&draft->base, g_variant_unref);
  g_clear_pointer (&draft->conflicts, g_variant_unref);
  g_free (draft->saved_at);
  g_free (draft);
}

static GVariant *
read_doc (BstStmt *stmt, int column, GError **error)
{
  return bst_json_parse_object (bst_stmt_text (stmt, column),
                                (gssize) bst_stmt_text_len (stmt, column), error);
}

/* An optional document; @ret_doc is left alone where there is none. */
static gboolean
read_optional (BstStmt *stmt, int column, GVariant **ret_doc, GError **error)
{
  return bst_stmt_is_null (stmt, column) || (*ret_doc = read_doc (stmt, column, error)) != NULL;
}

static BstDraft *
read_draft (BstStmt *stmt, GError **error)
{
  g_autoptr (BstDraft) draft = g_new0 (BstDraft, 1);
  g_autoptr (GVariant) conflicts = NULL;

  draft->saved_at = g_strdup (bst_stmt_text (stmt, 1));
  draft->submitted = bst_stmt_int (stmt, 2) != 0;
  draft->shared = bst_stmt_int (stmt, 3) != 0;
  if (!read_optional (stmt, 0, &draft->doc, error) ||
      !read_optional (stmt, 4, &draft->base, error) || !read_optional (stmt, 5, &conflicts, error))
    return NULL;
  if (conflicts)
    draft->conflicts = bst_doc_get_list (conflicts, "list");
  return g_steal_pointer (&draft);
}

gboolean
bst_work_get_draft (BstWork *work, const char *uid, BstDraft **ret_draft, GError **error)
{
  g_autoptr (BstStmt) stmt = bst_db_prepare (
      work->db,
      "SELECT doc, saved_at, submitted, shared, base, conflicts FROM draft WHERE uid = ?1", error);
  gboolean row;

  if (!stmt)
    return FALSE;
  bst_stmt_bind_text (stmt, 1, uid);
  if (!bst_stmt_step (stmt, &row, error))
    return FALSE;
  if (!row)
    {
      *ret_draft = NULL;
      return TRUE;
    }

  *ret_draft = read_draft (stmt, error);
  return *ret_draft != NULL;
}

gboolean
bst_work_put_draft (BstWork *work,
                    const char *uid,
                    GVariant *doc,
                    const char *saved_at,
                    GError **error)
{
  g_autofree char *text = bst_json_print (doc);

  return run_texts (work,
                    "INSERT INTO draft (uid, doc, saved_at) VALUES (?1, ?2, ?3)"
                    " ON CONFLICT (uid) DO UPDATE SET doc = ?2, saved_at = ?3",
                    error, uid, text, saved_at, NULL);
}

gboolean
bst_work_set_base (BstWork *work,
                   const char *uid,
                   GVariant *base,
                   GVariant *conflicts,
                   GError **error)
{
  g_autoptr (BstStmt) stmt =
      bst_db_prepare (work->db, "UPDATE draft SET base = ?2, conflicts = ?3 WHERE uid = ?1", error);
  g_autofree char *base_text = base ? bst_json_print (base) : NULL;
  g_autofree char *conflicts_text = NULL;

  if (!stmt)
    return FALSE;
  if (conflicts && g_variant_n_children (conflicts) > 0)
    {
      g_autoptr (GVariant) wrapped = bst_doc_set (NULL, "list", conflicts);

      conflicts_text = bst_json_print (wrapped);
    }
  bst_stmt_bind_text (stmt, 1, uid);
  if (base_text)
    bst_stmt_bind_text (stmt, 2, base_text);
  if (conflicts_text)
    bst_stmt_bind_text (stmt, 3, conflicts_text);
  return bst_stmt_run (stmt, error);
}

gboolean
bst_work_set_shared (BstWork *work, const char *uid, gboolean shared, GError **error)
{
  return run_texts (work,
                    shared ? "UPDATE draft SET shared = 1 WHERE uid = ?1"
                           : "UPDATE draft SET shared = 0 WHERE uid = ?1",
                    error, uid, NULL);
}

gboolean
bst_work_set_submitted (BstWork *work, const char *uid, gboolean submitted, GError **error)
{
  return run_texts (work,
                    submitted ? "UPDATE draft SET submitted = 1 WHERE uid = ?1"
                              : "UPDATE draft SET submitted = 0 WHERE uid = ?1",
                    error, uid, NULL);
}

gboolean
bst_work_remove_draft (BstWork *work, const char *uid, GError **error)
{
  return run_texts (work, "DELETE FROM draft WHERE uid = ?1", error, uid, NULL);
}

/* ---- outbox ---- */

static void
outbox_item_clear (BstOutboxItem *item)
{
  g_free (item->account);
  g_free (item->type);
  g_free (item->uid);
  g_free (item->request);
  g_clear_pointer (&item->content, g_variant_unref);
  g_free (item->queued_at);
  g_free (item->reason);
  g_clear_pointer (&item->error, g_variant_unref);
}

void
bst_outbox_item_free (BstOutboxItem *item)
{
  outbox_item_clear (item);
  g_free (item);
}

void
bst_work_item_free (BstWorkItem *item)
{
  outbox_item_clear (&item->item);
  g_clear_pointer (&item->record, g_variant_unref);
  g_free (item);
}

gboolean
bst_work_item_is_order (const BstWorkItem *item)
{
  return g_str_equal (item->item.type, "Request") ||
         g_strcmp0 (bst_doc_get_string (item->item.content, "action"), "submit") == 0;
}

#define ITEM_COLUMNS                                                                               \
  "SELECT seq, account, type, uid, request, is_create, content, state, tries, queued_at, error, "  \
  "record FROM outbox "

static BstWorkItem *
read_item (BstStmt *stmt, GError **error)
{
  g_autoptr (BstWorkItem) work_item = g_new0 (BstWorkItem, 1);
  BstOutboxItem *item = &work_item->item;

  item->seq = bst_stmt_int (stmt, 0);
  item->account = g_strdup (bst_stmt_text (stmt, 1));
  item->type = g_strdup (bst_stmt_text (stmt, 2));
  item->uid = g_strdup (bst_stmt_text (stmt, 3));
  item->request = g_strdup (bst_stmt_text (stmt, 4));
  item->create = bst_stmt_int (stmt, 5) == 1;
  item->destroy = bst_stmt_int (stmt, 5) == 2;
  item->content = read_doc (stmt, 6, error);
  work_item->local = (int) bst_stmt_int (stmt, 7);
  item->state = (BstOutboxState) MIN (work_item->local, BST_OUTBOX_REFUSED);
  item->tries = (guint) bst_stmt_int (stmt, 8);
  item->queued_at = g_strdup (bst_stmt_text (stmt, 9));
  if (!item->content)
    return NULL;

  if (!bst_stmt_is_null (stmt, 10))
    {
      if (!(item->error = read_doc (stmt, 10, error)))
        return NULL;
      item->reason = g_strdup (bst_doc_get_string (item->error, "type"));
    }
  if (!bst_stmt_is_null (stmt, 11) && !(work_item->record = read_doc (stmt, 11, error)))
    return NULL;
  return g_steal_pointer (&work_item);
}

static GPtrArray *
read_items (BstStmt *stmt, GError **error)
{
  g_autoptr (GPtrArray) items =
      g_ptr_array_new_with_free_func ((GDestroyNotify) bst_work_item_free);
  gboolean row;

  for (;;)
    {
      BstWorkItem *item;

      if (!bst_stmt_step (stmt, &row, error))
        return NULL;
      if (!row)
        return g_steal_pointer (&items);
      if (!(item = read_item (stmt, error)))
        return NULL;
      g_ptr_array_add (items, item);
    }
}

GPtrArray *
bst_work_items (BstWork *work, const char *request, GError **error)
{
  g_autoptr (BstStmt) stmt =
      bst_db_prepare (work->db,
                      request ? ITEM_COLUMNS "WHERE request = ?1 AND state < 4 ORDER BY seq"
                              : ITEM_COLUMNS "WHERE state < 4 ORDER BY seq",
                      error);

  if (!stmt)
    return NULL;
  if (request)
    bst_stmt_bind_text (stmt, 1, request);
  return read_items (stmt, error);
}

BstWorkItem *
bst_work_get_item (BstWork *work, gint64 seq, GError **error)
{
  g_autoptr (BstStmt) stmt = bst_db_prepare (work->db, ITEM_COLUMNS "WHERE seq = ?1", error);
  g_autoptr (GPtrArray) items = NULL;

  if (!stmt)
    return NULL;
  bst_stmt_bind_int (stmt, 1, seq);
  items = read_items (stmt, error);
  if (!items)
    return NULL;
  if (items->len == 0)
    {
      g_set_error (error, BST_ERROR, BST_ERROR_NOT_FOUND, "nothing in the outbox has number %d",
                   (int) seq);
      return NULL;
    }
  return g_ptr_array_steal_index (items, 0);
}

gboolean
bst_work_add_item (BstWork *work, const BstOutboxItem *item, GError **error)
{
  g_autofree char *content = bst_json_print (item->content);

  return run_texts (
      work,
      "INSERT INTO outbox (account, type, uid, request, content, queued_at, is_create)"
      " VALUES (?1, ?2, ?3, ?4, ?5, ?6, (?7 = 'create') + 2 * (?7 = 'destroy'))",
      error, item->account, item->type, item->uid, item->request, content, item->queued_at,
      item->create    ? "create"
      : item->destroy ? "destroy"
                      : "update",
      NULL);
}

/* One statement on one item, with an optional text as ?2. */
static gboolean
run_item (BstWork *work, const char *sql, gint64 seq, GVariant *doc, GError **error)
{
  g_autoptr (BstStmt) stmt = bst_db_prepare (work->db, sql, error);
  g_autofree char *text = doc ? bst_json_print (doc) : NULL;

  if (!stmt)
    return FALSE;
  bst_stmt_bind_int (stmt, 1, seq);
  if (text)
    bst_stmt_bind_text (stmt, 2, text);
  return bst_stmt_run (stmt, error);
}

gboolean
bst_work_remove_item (BstWork *work, gint64 seq, GError **error)
{
  return run_item (work, "DELETE FROM outbox WHERE seq = ?1", seq, NULL, error);
}

gboolean
bst_work_move_last (BstWork *work, gint64 seq, GError **error)
{
  return run_item (work, "UPDATE outbox SET seq = (SELECT max(seq) + 1 FROM outbox) WHERE seq = ?1",
                   seq, NULL, error);
}

gboolean
bst_work_mark_sending (BstWork *work, gint64 seq, GError **error)
{
  return run_item (work, "UPDATE outbox SET state = 1, tries = tries + 1 WHERE seq = ?1", seq, NULL,
                   error);
}

gboolean
bst_work_mark_queued (BstWork *work, gint64 seq, GError **error)
{
  return run_item (work, "UPDATE outbox SET state = 0 WHERE seq = ?1", seq, NULL, error);
}

gboolean
bst_work_mark_kept (BstWork *work, gint64 seq, GError **error)
{
  return run_item (work, "UPDATE outbox SET state = 4 WHERE seq = ?1", seq, NULL, error);
}

gboolean
bst_work_doubt_kept (BstWork *work, const char *account, GError **error)
{
  return run_texts (work,
                    account ? "UPDATE outbox SET state = 3 WHERE state = 4 AND account = ?1"
                            : "UPDATE outbox SET state = 3 WHERE state = 4",
                    error, account, NULL);
}

gboolean
bst_work_mark_refused (BstWork *work, gint64 seq, GVariant *set_error, GError **error)
{
  return run_item (work, "UPDATE outbox SET state = 2, error = ?2 WHERE seq = ?1", seq, set_error,
                   error);
}

gboolean
bst_work_mark_received (BstWork *work, gint64 seq, GVariant *record, GError **error)
{
  return run_item (work, "UPDATE outbox SET state = 3, record = ?2, error = NULL WHERE seq = ?1",
                   seq, record, error);
}

static GPtrArray *
list_texts (BstWork *work, const char *sql, GError **error)
{
  g_autoptr (BstStmt) stmt = bst_db_prepare (work->db, sql, error);
  g_autoptr (GPtrArray) texts = g_ptr_array_new_with_free_func (g_free);
  gboolean row;

  if (!stmt)
    return NULL;
  for (;;)
    {
      if (!bst_stmt_step (stmt, &row, error))
        return NULL;
      if (!row)
        return g_steal_pointer (&texts);
      g_ptr_array_add (texts, g_strdup (bst_stmt_text (stmt, 0)));
    }
}

GPtrArray *
bst_work_requests (BstWork *work, GError **error)
{
  return list_texts (work, "SELECT uid FROM draft UNION SELECT request FROM outbox WHERE state < 4",
                     error);
}

GPtrArray *
bst_work_open_drafts (BstWork *work, GError **error)
{
  return list_texts (work, "SELECT uid FROM draft WHERE NOT submitted", error);
}

GPtrArray *
bst_work_based_drafts (BstWork *work, GError **error)
{
  return list_texts (work, "SELECT uid FROM draft WHERE base IS NOT NULL", error);
}

GPtrArray *
bst_work_shared_drafts (BstWork *work, GError **error)
{
  return list_texts (
      work, "SELECT uid FROM draft WHERE shared AND NOT submitted AND conflicts IS NULL", error);
}

gboolean
bst_work_forget_sent (BstWork *work, GError **error)
{
  return bst_db_exec (work->db, "DELETE FROM outbox WHERE state >= 3; DELETE FROM receipt", error);
}

/* ---- receipts ---- */

gboolean
bst_work_add_receipt (BstWork *work, GVariant *receipt, GError **error)
{
  g_autofree char *text = bst_json_print (receipt);

  return run_texts (work, "INSERT INTO receipt (uid, doc) VALUES (?1, ?2)", error,
                    bst_doc_get_string (receipt, "uid"), text, NULL);
}

gboolean
bst_work_withdraw_receipt (BstWork *work, const char *uid, GError **error)
{
  return run_texts (work, "DELETE FROM receipt WHERE uid = ?1", error, uid, NULL);
}

GPtrArray *
bst_work_receipts (BstWork *work, guint limit, GError **error)
{
  g_autoptr (BstStmt) stmt =
      bst_db_prepare (work->db, "SELECT doc FROM receipt ORDER BY seq DESC LIMIT ?1", error);
  g_autoptr (GPtrArray) receipts =
      g_ptr_array_new_with_free_func ((GDestroyNotify) g_variant_unref);
  gboolean row;

  if (!stmt)
    return NULL;
  bst_stmt_bind_int (stmt, 1, limit);
  for (;;)
    {
      GVariant *doc;

      if (!bst_stmt_step (stmt, &row, error))
        return NULL;
      if (!row)
        return g_steal_pointer (&receipts);
      if (!(doc = read_doc (stmt, 0, error)))
        return NULL;
      g_ptr_array_add (receipts, doc);
    }
}
