/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "bst-storage-bulk.h"

#include "bst-storage-private.h"

#include "bst-json.h"

#include <string.h>

/* So many different texts are remembered with their terms: titles of cases come again and again. */
#define TERMS_MAX 20000

typedef struct
{
  char *account;
  gint64 seq; /* the last one given */
} Account;

struct _BstStorageBulk
{
  BstStorage *storage;
  char *now;
  GHashTable *accounts; /* unit -> Account, borrowed */
  GPtrArray *opened;    /* Account */
  GHashTable *terms;    /* text -> terms */
  GString *doc;
  guint n;
};

static void
account_free (gpointer data)
{
  Account *account = data;

  g_free (account->account);
  g_free (account);
}

BstStorageBulk *
bst_storage_bulk_new (BstStorage *storage)
{
  BstStorageBulk *bulk = g_new0 (BstStorageBulk, 1);

  bulk->storage = storage;
  bulk->now = bst_clock_now_text (storage->clock);
  bulk->accounts = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  bulk->opened = g_ptr_array_new_with_free_func (account_free);
  bulk->terms = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, g_free);
  bulk->doc = g_string_sized_new (4096);
  return bulk;
}

void
bst_storage_bulk_free (BstStorageBulk *bulk)
{
  g_free (bulk->now);
  g_hash_table_unref (bulk->accounts);
  g_ptr_array_unref (bulk->opened);
  g_hash_table_unref (bulk->terms);
  g_string_free (bulk->doc, TRUE);
  g_free (bulk);
}

gboolean
bst_storage_bulk_has (BstStorageBulk *bulk,
                      const BstRecordType *type,
                      const char *id,
                      gboolean *ret_has,
                      GError **error)
{
  g_autoptr (BstStmt) stmt =
      bst_db_prepare (bulk->storage->db, "SELECT 1 FROM record WHERE type = ?1 AND id = ?2", error);

  if (!stmt)
    return FALSE;
  bst_stmt_bind_text (stmt, 1, type->name);
  bst_stmt_bind_text (stmt, 2, id);
  return bst_stmt_step (stmt, ret_has, error);
}

/* ---- change numbers: given from memory, written down at the end ---- */

static Account *
open_account (BstStorageBulk *bulk, const char *name, GError **error)
{
  Account *account;
  gint64 seq;

  for (guint i = 0; i < bulk->opened->len; i++)
    if (strcmp (((Account *) bulk->opened->pdata[i])->account, name) == 0)
      return bulk->opened->pdata[i];
  seq = bst_storage_account_seq (bulk->storage, name, NULL, error);
  if (seq < 0)
    return NULL;
  account = g_new0 (Account, 1);
  account->account = g_strdup (name);
  account->seq = seq;
  g_ptr_array_add (bulk->opened, account);
  return account;
}

static Account *
find_account (BstStorageBulk *bulk, const BstRecordType *type, const char *unit, GError **error)
{
  Account *known = g_hash_table_lookup (bulk->accounts, unit);
  g_autoptr (GVariant) doc = NULL;
  const char *name;

  if (known)
    return known;
  doc = bst_doc_set_string (NULL, type->unit_field, unit);
  name = bst_storage_account_of (bulk->storage, type, doc, error);
  known = name ? open_account (bulk, name, error) : NULL;
  if (known)
    g_hash_table_insert (bulk->accounts, g_strdup (unit), known);
  return known;
}

static gboolean
write_seq (BstStorageBulk *bulk, const Account *account, GError **error)
{
  g_autoptr (BstStmt) stmt = bst_db_prepare (bulk->storage->db,
                                             "INSERT INTO account (id, seq) VALUES (?1, ?2) "
                                             "ON CONFLICT (id) DO UPDATE SET seq = excluded.seq",
                                             error);

  if (!stmt)
    return FALSE;
  bst_stmt_bind_text (stmt, 1, account->account);
  bst_stmt_bind_int (stmt, 2, account->seq);
  return bst_stmt_run (stmt, error);
}

/* ---- records ---- */

static void
append_head (BstStorageBulk *bulk, const char *id)
{
  g_string_assign (bulk->doc, "{\"id\":");
  bst_json_append_string (bulk->doc, id);
  g_string_append_printf (bulk->doc, ",\"rev\":1,\"created\":\"%s\",\"updated\":\"%s\",", bulk->now,
                          bulk->now);
}

static gboolean
insert (BstStorageBulk *bulk,
        const BstRecordType *type,
        const char *id,
        const char *unit,
        gint64 *ret_row,
        GError **error)
{
  Account *account = find_account (bulk, type, unit, error);
  g_autoptr (BstStmt) stmt = NULL;
  g_autoptr (GBytes) doc = NULL;

  if (!account)
    return FALSE;
  stmt = bst_db_prepare (
      bulk->storage->db,
      "INSERT INTO record (account, type, id, unit, rev, seq, created_seq, revs, doc) "
      "VALUES (?1, ?2, ?3, ?4, 1, ?5, ?5, '{}', ?6)",
      error);
  if (!stmt)
    return FALSE;
  doc = g_bytes_new_static (bulk->doc->str, bulk->doc->len);
  bst_stmt_bind_text (stmt, 1, account->account);
  bst_stmt_bind_text (stmt, 2, type->name);
  bst_stmt_bind_text (stmt, 3, id);
  bst_stmt_bind_text (stmt, 4, unit);
  bst_stmt_bind_int (stmt, 5, ++account->seq);
  bst_stmt_bind_bytes_as_text (stmt, 6, doc);
  if (!bst_stmt_run (stmt, error))
    return FALSE;
  *ret_row = bst_db_last_rowid (bulk->storage->db);
  bulk->n++;
  return TRUE;
}

gboolean
bst_storage_bulk_add (BstStorageBulk *bulk,
                      const BstRecordType *type,
                      const char *id,
                      const char *unit,
                      const GString *body,
                      const BstBulkText *texts,
                      GError **error)
{
  gint64 row;

  append_head (bulk, id);
  g_string_append_len (bulk->doc, body->str, (gssize) body->len);
  g_string_append_c (bulk->doc, '}');
  if (g_hash_table_size (bulk->terms) > TERMS_MAX)
    g_hash_table_remove_all (bulk->terms);
  return insert (bulk, type, id, unit, &row, error) &&
         bst_storage_text_add (bulk->storage->text, type, row, texts, bulk->terms, error);
}

gboolean
bst_storage_bulk_add_doc (BstStorageBulk *bulk,
                          const BstRecordType *type,
                          const char *id,
                          GVariant *doc,
                          GError **error)
{
  static const char *const stamped[] = { "id", "rev", "created", "updated", NULL };
  GVariantIter iter;
  const char *key;
  GVariant *value;
  gint64 row;

  append_head (bulk, id);
  g_variant_iter_init (&iter, doc);
  while (g_variant_iter_loop (&iter, "{&sv}", &key, &value))
    {
      if (g_strv_contains (stamped, key))
        continue;
      bst_json_append_string (bulk->doc, key);
      g_string_append_c (bulk->doc, ':');
      bst_json_append (bulk->doc, value);
      g_string_append_c (bulk->doc, ',');
    }
  bulk->doc->str[bulk->doc->len - 1] = '}'; /* in place of the last comma */
  return insert (bulk, type, id, bst_doc_get_string (doc, type->unit_field), &row, error) &&
         bst_storage_text_put (bulk->storage->text, type, row, NULL, doc, error);
}

gboolean
bst_storage_bulk_finish (BstStorageBulk *bulk,
                         const char *what,
                         const BstRecordType *type,
                         GError **error)
{
  for (guint i = 0; i < bulk->opened->len; i++)
    if (!write_seq (bulk, bulk->opened->pdata[i], error))
      return FALSE;
  g_ptr_array_set_size (bulk->opened, 0);
  g_hash_table_remove_all (bulk->accounts);
  if (strcmp (type->name, "Request") == 0 && bulk->n > 0 &&
      !bst_storage_measure_stale (bulk->storage, error))
    return FALSE;
  return bulk->n == 0 ||
         bst_storage_note (bulk->storage, bulk->storage->actor, what, type->name, NULL, error);
}
