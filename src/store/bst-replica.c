/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "bst-replica.h"

#include "bst-error.h"
#include "bst-json-slice.h"
#include "bst-json.h"
#include "bst-search-text.h"
#include "bst-store-levels.h"
#include "bst-text.h"

#include <errno.h>
#include <glib/gstdio.h>
#include <string.h>

#define APPLICATION_ID 0x42535452 /* "BSTR" */

/* Counted up when statements change in a way that the dictionary does not show. */
#define CONTENT_VERSION "2"

static const BstMigration migrations[] = {
  { 1, "CREATE TABLE meta (key TEXT PRIMARY KEY, value TEXT NOT NULL) WITHOUT ROWID;"
       "CREATE TABLE checkpoint (account TEXT PRIMARY KEY, initial TEXT, state TEXT, complete "
       "INTEGER NOT NULL DEFAULT 0)"
       " WITHOUT ROWID;" },
  { 0 },
};

/* ---- opening ---- */

/* What is in the text index is taken out by making its terms once more: another stemmer, and it is made anew. */
#define PROBE                                                                                      \
  "Rengøringsartikler, ældrecentrets 12 bærbare computere; medarbeidernes åpningstider og "    \
  "løsninger"

static const char *const probes[] = { "da", "nb", "en" };

static char *
fingerprint (const char *language)
{
  g_autofree char *schema = bst_replica_schema ();
  g_autoptr (GString) all = g_string_new (schema);

  for (const BstRecordType *const *type = bst_record_types (); *type; type++)
    {
      g_autofree const BstField **fields = bst_replica_text_fields (*type);

      for (guint i = 0; fields[i]; i++)
        g_string_append_printf (all, "%s.%s %u\n", (*type)->name, fields[i]->name,
                                fields[i]->weight);
    }
  for (const BstReplicaIndex *index = bst_replica_indices (); index->name; index++)
    g_string_append (all, index->sql);
  for (guint i = 0; i < G_N_ELEMENTS (probes); i++)
    {
      g_autofree char *terms = bst_search_terms (PROBE, probes[i]);

      g_string_append (all, terms);
    }
  g_string_append (all, language);
  g_string_append (all, CONTENT_VERSION);
  return g_compute_checksum_for_string (G_CHECKSUM_SHA256, all->str, -1);
}

static char *
make_sort_key (const char *text, const char *language)
{
  return text ? bst_text_collation_key (text, language) : NULL;
}

static void
put_together (BstReplicaTable *table)
{
  const char *name = table->type->name;

  table->insert_sql =
      g_strconcat ("INSERT INTO \"", name,
                   "\" (_account, doc) VALUES (?2, ?1) ON CONFLICT (id) DO NOTHING", NULL);
  table->update_sql = g_strconcat ("UPDATE \"", name,
                                   "\" SET _account = ?2, doc = ?1, _base = NULL, _local = NULL"
                                   " WHERE rowid = ?3",
                                   NULL);
}

static gboolean
read_fingerprint (BstReplica *replica, char **ret_value, GError **error)
{
  g_autoptr (GPtrArray) values = bst_replica_list (
      replica, "SELECT value FROM meta WHERE key = 'fingerprint'", NULL, NULL, error);

  if (!values)
    return FALSE;
  *ret_value = values->len > 0 ? g_strdup (g_ptr_array_index (values, 0)) : NULL;
  return TRUE;
}

static gboolean
make_schema (BstReplica *replica, const char *print, GError **error)
{
  g_autofree char *schema = bst_replica_schema ();

  if (!bst_db_begin (replica->db, error))
    return FALSE;
  if (bst_db_exec (replica->db, schema, error) && bst_replica_text_open (replica, error) &&
      bst_replica_run (replica, "INSERT INTO meta (key, value) VALUES ('fingerprint', ?1)", print,
                       NULL, error))
    return bst_db_commit (replica->db, error);
  bst_db_rollback (replica->db);
  return FALSE;
}

/* *@ret_stale: it was made for another dictionary. */
static BstReplica *
try_open (const char *path,
          const char *language,
          gboolean readonly,
          gboolean *ret_stale,
          GError **error)
{
  g_autoptr (BstReplica) replica = g_new0 (BstReplica, 1);
  g_autofree char *wanted = fingerprint (language);
  g_autofree char *found = NULL;
  const BstRecordType *const *types = bst_record_types ();

  *ret_stale = FALSE;
  replica->language = g_strdup (language);
  while (types[replica->n_tables])
    replica->n_tables++;
  replica->tables = g_new0 (BstReplicaTable, replica->n_tables);
  for (guint i = 0; i < replica->n_tables; i++)
    {
      replica->tables[i].type = types[i];
      put_together (&replica->tables[i]);
    }

  replica->db =
      bst_db_open (path, readonly ? BST_DB_READONLY : BST_DB_CREATE | BST_DB_LARGE_PAGES, error);
  /* A first synchronisation brings rows in the order of their ids: 4 MB of pages are enough, and as much is sorted in memory
   * at a time when an index is made. The log is written back every 64 MB. What is sorted goes to a file, for there is no end
   * to it. */
  if (replica->db && !readonly &&
      !bst_db_exec (
          replica->db,
          "PRAGMA cache_size = -4096; PRAGMA wal_autocheckpoint = 8192; PRAGMA temp_store = FILE",
          error))
    g_clear_pointer (&replica->db, bst_db_close);
  if (!replica->db ||
      !bst_db_add_text_function (replica->db, "bst_sort_key", make_sort_key, error) ||
      !bst_db_add_text_function (replica->db, "bst_late", bst_replica_late, error) ||
      (!readonly && !bst_db_migrate (replica->db, APPLICATION_ID, migrations, error)) ||
      !read_fingerprint (replica, &found, error))
    return NULL;

  if (!found && !readonly)
    return make_schema (replica, wanted, error) ? g_steal_pointer (&replica) : NULL;
  *ret_stale = g_strcmp0 (found, wanted) != 0;
  return *ret_stale || bst_replica_text_open (replica, error) ? g_steal_pointer (&replica) : NULL;
}

static const char *const suffixes[] = { "-wal", "-shm", "" };

static void
delete_files (const char *path)
{
  for (guint i = 0; i < G_N_ELEMENTS (suffixes); i++)
    {
      g_autofree char *name = g_strconcat (path, suffixes[i], NULL);

      g_unlink (name);
    }
}

static gboolean
set_aside (const char *path, GError **error)
{
  for (int n = 1;; n++)
    {
      g_autofree char *aside = g_strdup_printf ("%s.corrupt-%d", path, n);

      if (g_file_test (aside, G_FILE_TEST_EXISTS))
        continue;
      if (g_rename (path, aside) != 0)
        {
          g_set_error (error, BST_ERROR, BST_ERROR_STORAGE, "cannot set the corrupt %s aside: %s",
                       path, g_strerror (errno));
          return FALSE;
        }
      g_message ("the copy of the server's data was corrupt; it is now %s, and a new one is made",
                 aside);
      delete_files (path);
      return TRUE;
    }
}

static char *
doubt_path (const char *directory)
{
  return g_build_filename (directory, "replica.doubt", NULL);
}

void
bst_replica_doubt (const char *directory)
{
  g_autofree char *path = doubt_path (directory);

  g_file_set_contents (path, "", 0, NULL);
}

BstReplica *
bst_replica_open (const char *directory, const char *language, gboolean readonly, GError **error)
{
  g_autofree char *path = g_build_filename (directory, "replica.db", NULL);
  g_autofree char *doubt = doubt_path (directory);
  g_autoptr (GError) local_error = NULL;
  gboolean stale = FALSE;
  BstReplica *replica;

  if (!readonly && g_file_test (doubt, G_FILE_TEST_EXISTS))
    {
      if (g_file_test (path, G_FILE_TEST_EXISTS) && !set_aside (path, error))
        return NULL;
      g_unlink (doubt);
    }

  replica = try_open (path, language, readonly, &stale, &local_error);
  if (replica && !stale)
    return replica;

  if (!readonly && stale)
    {
      g_clear_pointer (&replica, bst_replica_close);
      delete_files (path);
    }
  else if (readonly || !g_error_matches (local_error, BST_ERROR, BST_ERROR_CORRUPT))
    {
      g_clear_pointer (&replica, bst_replica_close);
      if (local_error)
        g_propagate_error (error, g_steal_pointer (&local_error));
      else
        g_set_error (error, BST_ERROR, BST_ERROR_BUSY, "another program makes %s anew", path);
      return NULL;
    }
  else if (!set_aside (path, error))
    return NULL;

  return try_open (path, language, readonly, &stale, error);
}

void
bst_replica_close (BstReplica *replica)
{
  if (!replica)
    return;

  for (guint i = 0; i < replica->n_tables; i++)
    {
      BstReplicaTable *table = &replica->tables[i];

      g_clear_pointer (&table->text, bst_search_index_free);
      g_free (table->text_names);
      g_free (table->insert_sql);
      g_free (table->update_sql);
    }
  bst_db_close (replica->db);
  g_free (replica->tables);
  g_free (replica->language);
  g_free (replica);
}

BstReplicaTable *
bst_replica_table (BstReplica *replica, const char *type)
{
  for (guint i = 0; type && i < replica->n_tables; i++)
    if (strcmp (replica->tables[i].type->name, type) == 0)
      return &replica->tables[i];
  return NULL;
}

/* ---- rows ---- */

void
bst_replica_row_clear (BstReplicaRow *row)
{
  g_free (row->account);
  g_free (row->local);
  g_free (row->base);
  g_free (row->doc);
  memset (row, 0, sizeof *row);
}

gboolean
bst_replica_read_row (BstReplica *replica,
                      const char *type,
                      const char *id,
                      BstReplicaRow *ret_row,
                      GError **error)
{
  g_autofree char *sql =
      g_strconcat ("SELECT rowid, _account, _local, _base, doc FROM \"",
                   bst_replica_table (replica, type)->type->name, "\" WHERE id = ?1", NULL);
  g_autoptr (BstStmt) stmt = bst_db_prepare (replica->db, sql, error);
  gboolean row;

  memset (ret_row, 0, sizeof *ret_row);
  if (!stmt)
    return FALSE;
  bst_stmt_bind_text (stmt, 1, id);
  if (!bst_stmt_step (stmt, &row, error))
    return FALSE;
  if (row)
    *ret_row = (BstReplicaRow){
      .rowid = bst_stmt_int (stmt, 0),
      .account = g_strdup (bst_stmt_text (stmt, 1)),
      .local = g_strdup (bst_stmt_text (stmt, 2)),
      .base = g_strdup (bst_stmt_text (stmt, 3)),
      .doc = g_strdup (bst_stmt_text (stmt, 4)),
    };
  return TRUE;
}

gboolean
bst_replica_get (BstReplica *replica,
                 const char *type,
                 const char *id,
                 GVariant **ret_doc,
                 GError **error)
{
  g_auto (BstReplicaRow) row = { 0 };

  *ret_doc = NULL;
  if (!bst_replica_read_row (replica, type, id, &row, error))
    return FALSE;
  return row.rowid == 0 || (*ret_doc = bst_json_parse_object (row.doc, -1, error));
}

static gboolean
run_put (BstReplica *replica,
         const char *sql,
         const char *const *values,
         gint64 row,
         GError **error)
{
  g_autoptr (BstStmt) stmt = bst_db_prepare (replica->db, sql, error);

  if (!stmt)
    return FALSE;
  for (int i = 0; i < 4; i++)
    bst_stmt_bind_text (stmt, i + 1, values[i]);
  if (row != 0)
    bst_stmt_bind_int (stmt, 5, row);
  return bst_stmt_run (stmt, error);
}

/* The row of the id in @doc, as it lies. */
static gboolean
find_row (BstReplica *replica,
          const char *type,
          const char *doc,
          BstReplicaRow *ret_row,
          GError **error)
{
  static const char *const names[] = { "id", NULL };
  BstJsonSlice value;
  g_autofree char *id = NULL;

  bst_json_slices_pick (doc, strlen (doc), names, &value);
  id = bst_json_slice_dup_string (&value);
  return bst_replica_read_row (replica, type, id, ret_row, error);
}

gboolean
bst_replica_put_row (BstReplica *replica,
                     const char *type,
                     const char *account,
                     const char *local,
                     const char *base,
                     const char *doc,
                     GError **error)
{
  BstReplicaTable *table = bst_replica_table (replica, type);
  const char *const values[] = { account, local, base, doc };
  g_auto (BstReplicaRow) row = { 0 };
  g_autofree char *sql = NULL;

  if (!find_row (replica, type, doc, &row, error))
    return FALSE;
  if (row.rowid == 0)
    {
      sql = g_strconcat ("INSERT INTO \"", table->type->name,
                         "\" (_account, _local, _base, doc) VALUES (?1, ?2, ?3, ?4)", NULL);
      return run_put (replica, sql, values, 0, error) &&
             bst_replica_text_add (replica, table, bst_db_last_rowid (replica->db), doc,
                                   strlen (doc), error);
    }
  sql = g_strconcat ("UPDATE \"", table->type->name,
                     "\" SET _account = ?1, _local = ?2, _base = ?3, doc = ?4 WHERE rowid = ?5",
                     NULL);
  return run_put (replica, sql, values, row.rowid, error) &&
         bst_replica_text_change (replica, table, row.rowid, row.doc, doc, strlen (doc), error);
}

gboolean
bst_replica_remove_row (BstReplica *replica, const char *type, const char *id, GError **error)
{
  BstReplicaTable *table = bst_replica_table (replica, type);
  g_autofree char *sql =
      g_strconcat ("DELETE FROM \"", table->type->name, "\" WHERE id = ?1", NULL);
  g_auto (BstReplicaRow) row = { 0 };

  if (!bst_replica_read_row (replica, type, id, &row, error))
    return FALSE;
  return row.rowid == 0 || (bst_replica_text_take (replica, table, row.rowid, row.doc, error) &&
                            bst_replica_run (replica, sql, id, NULL, error));
}

GPtrArray *
bst_replica_all (BstReplica *replica, const char *type, GError **error)
{
  g_autofree char *sql =
      g_strconcat ("SELECT doc FROM \"", bst_replica_table (replica, type)->type->name, "\"", NULL);
  g_autoptr (BstStmt) stmt = bst_db_prepare (replica->db, sql, error);
  g_autoptr (GPtrArray) docs = g_ptr_array_new_with_free_func ((GDestroyNotify) g_variant_unref);
  gboolean row;

  if (!stmt)
    return NULL;
  for (;;)
    {
      GVariant *doc;

      if (!bst_stmt_step (stmt, &row, error))
        return NULL;
      if (!row)
        return g_steal_pointer (&docs);
      doc = bst_json_parse_object (bst_stmt_text (stmt, 0), (gssize) bst_stmt_text_len (stmt, 0),
                                   error);
      if (!doc)
        return NULL;
      g_ptr_array_add (docs, doc);
    }
}

static BstStmt *
prepare_texts (BstReplica *replica,
               const char *sql,
               const char *first,
               const char *second,
               GError **error)
{
  BstStmt *stmt = bst_db_prepare (replica->db, sql, error);

  if (stmt && first)
    bst_stmt_bind_text (stmt, 1, first);
  if (stmt && second)
    bst_stmt_bind_text (stmt, 2, second);
  return stmt;
}

gboolean
bst_replica_run (BstReplica *replica,
                 const char *sql,
                 const char *first,
                 const char *second,
                 GError **error)
{
  g_autoptr (BstStmt) stmt = prepare_texts (replica, sql, first, second, error);

  return stmt && bst_stmt_run (stmt, error);
}

GPtrArray *
bst_replica_list (BstReplica *replica,
                  const char *sql,
                  const char *first,
                  const char *second,
                  GError **error)
{
  g_autoptr (BstStmt) stmt = prepare_texts (replica, sql, first, second, error);
  g_autoptr (GPtrArray) values = g_ptr_array_new_with_free_func (g_free);
  gboolean row;

  if (!stmt)
    return NULL;
  for (;;)
    {
      if (!bst_stmt_step (stmt, &row, error))
        return NULL;
      if (!row)
        return g_steal_pointer (&values);
      g_ptr_array_add (values, g_strdup (bst_stmt_text (stmt, 0)));
    }
}

/* ---- accounts ---- */

gboolean
bst_replica_remember_session (BstReplica *replica,
                              const char *key,
                              const char *text,
                              GError **error)
{
  if (!bst_db_begin (replica->db, error))
    return FALSE;
  if (bst_db_exec (replica->db, "DELETE FROM meta WHERE key LIKE 'session %'", error) &&
      (!text ||
       bst_replica_run (replica, "INSERT INTO meta (key, value) VALUES ('session ' || ?1, ?2)", key,
                        text, error)))
    return bst_db_commit (replica->db, error);
  bst_db_rollback (replica->db);
  return FALSE;
}

char *
bst_replica_recall_session (BstReplica *replica, const char *key, GError **error)
{
  g_autoptr (GPtrArray) texts = bst_replica_list (
      replica, "SELECT value FROM meta WHERE key = 'session ' || ?1", key, NULL, error);

  return texts && texts->len > 0 ? g_strdup (g_ptr_array_index (texts, 0)) : NULL;
}

char *
bst_replica_get_checkpoint (BstReplica *replica, const char *account, GError **error)
{
  g_autoptr (GPtrArray) states = bst_replica_list (
      replica, "SELECT state FROM checkpoint WHERE account = ?1 AND state IS NOT NULL", account,
      NULL, error);

  return states && states->len > 0 ? g_strdup (g_ptr_array_index (states, 0)) : NULL;
}

/* The records of an account; own work without a record of the server stays. In a transaction. */
static gboolean
clear_account (BstReplica *replica, const char *account, GHashTable *changed_types, GError **error)
{
  for (guint i = 0; i < replica->n_tables; i++)
    {
      BstReplicaTable *table = &replica->tables[i];
      const char *name = table->type->name;
      g_autofree char *remove =
          g_strconcat ("DELETE FROM \"", name, "\" WHERE _account = ?1", NULL);

      if (!bst_replica_text_take_account (replica, table, account, error) ||
          !bst_replica_run (replica, remove, account, NULL, error))
        return FALSE;
      if (bst_db_changes (replica->db) > 0)
        g_hash_table_add (changed_types, g_strdup (name));
    }
  return TRUE;
}

static gboolean
drop_missing_accounts (BstReplica *replica,
                       GVariant *accounts,
                       GHashTable *changed_types,
                       GError **error)
{
  g_autoptr (GPtrArray) known =
      bst_replica_list (replica, "SELECT account FROM checkpoint", NULL, NULL, error);

  if (!known)
    return FALSE;
  for (guint i = 0; i < known->len; i++)
    {
      const char *account = g_ptr_array_index (known, i);
      g_autoptr (GVariant) still = g_variant_lookup_value (accounts, account, NULL);

      if (still)
        continue;
      if (!clear_account (replica, account, changed_types, error) ||
          !bst_replica_run (replica, "DELETE FROM checkpoint WHERE account = ?1", account, NULL,
                            error))
        return FALSE;
    }
  return TRUE;
}

static gboolean
add_accounts (BstReplica *replica, GVariant *accounts, GError **error)
{
  GVariantIter iter;
  const char *account;
  GVariant *value;

  g_variant_iter_init (&iter, accounts);
  while (g_variant_iter_next (&iter, "{&sv}", &account, &value))
    {
      g_autoptr (GVariant) details = value;
      const char *initial = g_variant_is_of_type (details, G_VARIANT_TYPE_VARDICT)
                                ? bst_doc_get_string (details, "initialState")
                                : NULL;

      if (!bst_replica_run (replica,
                            "INSERT INTO checkpoint (account, initial) VALUES (?1, ?2)"
                            " ON CONFLICT (account) DO UPDATE SET initial = ?2",
                            account, initial, error))
        return FALSE;
    }
  return TRUE;
}

gboolean
bst_replica_set_accounts (BstReplica *replica,
                          GVariant *accounts,
                          GHashTable *changed_types,
                          GError **error)
{
  if (!bst_db_begin (replica->db, error))
    return FALSE;
  if (drop_missing_accounts (replica, accounts, changed_types, error) &&
      add_accounts (replica, accounts, error))
    return bst_db_commit (replica->db, error);
  bst_db_rollback (replica->db);
  return FALSE;
}

gboolean
bst_replica_forget (BstReplica *replica,
                    const char *account,
                    GHashTable *changed_types,
                    GError **error)
{
  if (!bst_db_begin (replica->db, error))
    return FALSE;
  if (clear_account (replica, account, changed_types, error) &&
      bst_replica_run (replica,
                       "UPDATE checkpoint SET state = NULL, complete = 0 WHERE account = ?1",
                       account, NULL, error))
    return bst_db_commit (replica->db, error);
  bst_db_rollback (replica->db);
  return FALSE;
}

gboolean
bst_replica_is_complete (BstReplica *replica, gboolean *ret_complete, GError **error)
{
  g_autoptr (GPtrArray) waiting = bst_replica_list (
      replica, "SELECT 1 FROM checkpoint WHERE NOT complete LIMIT 1", NULL, NULL, error);

  if (!waiting)
    return FALSE;
  *ret_complete = waiting->len == 0;
  return TRUE;
}
