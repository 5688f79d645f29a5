/* SPDX-License-Identifier: GPL-3.0-or-later */

/*
 * Applies a JMAP Response: the text of each record goes from the answer into its row as it is, found by stepping over what
 * lies between; SQLite parses it once, for the columns that are made from it. No JSON tree of a whole page is ever made,
 * neither by a library nor by SQLite: it would be many times as large as the page.
 */

#include "bst-replica.h"

#include "bst-error.h"
#include "bst-jmap-slice.h"
#include "bst-json-slice.h"
#include "bst-json.h"

#include <string.h>

/* Arguments, types, records. */
#define PAGE_DEPTH 3
#define MAX_NUMBER ((G_GINT64_CONSTANT (1) << 53) - 1) /* an UnsignedInt of JMAP (RFC 8620 §1.3) */

/* One Record/changes answer: its head, and where its records lie in the text. */
typedef struct
{
  char *account;
  char *old_state;
  char *new_state;
  gboolean has_more;
  gint64 total;
  gint64 position;
  GArray *args;            /* of the answer: BstJsonSlice */
  const GArray *records;   /* in @args: BstJsonSlice: type -> array of records */
  const GArray *destroyed; /* (nullable): the same, of ids */
} Page;

static void
page_free (gpointer data)
{
  Page *page = data;

  g_free (page->account);
  g_free (page->old_state);
  g_free (page->new_state);
  g_clear_pointer (&page->args, g_array_unref);
  g_free (page);
}

void
bst_applied_page_free (BstAppliedPage *page)
{
  g_free (page->account);
  g_free (page->new_state);
  g_free (page);
}

void
bst_applied_clear (BstApplied *applied)
{
  g_clear_pointer (&applied->pages, g_ptr_array_unref);
  g_clear_pointer (&applied->types, g_hash_table_unref);
  g_clear_pointer (&applied->events, g_ptr_array_unref);
}

static gboolean
refuse (GError **error, const char *what)
{
  g_set_error (error, BST_ERROR, BST_ERROR_PROTOCOL, "the server's answer cannot be applied: %s",
               what);
  return FALSE;
}

/* What SQLite says about bad JSON is the server's fault, not that of our SQL. */
static gboolean
as_protocol (GError **error)
{
  if (error && g_error_matches (*error, BST_ERROR, BST_ERROR_PROTOCOL))
    return FALSE;
  if (error && g_error_matches (*error, BST_ERROR, BST_ERROR_INVALID))
    (*error)->code = BST_ERROR_PROTOCOL;
  g_prefix_error (error, "the server's answer cannot be applied: ");
  return FALSE;
}

/* ---- looking first ---- */

/* The small value of a member; %NULL when it is missing or no JSON. */
static GVariant *
read_member (GArray *object, const char *name)
{
  const BstJsonSlice *slice = bst_json_slice_find (object, name);

  return slice ? bst_json_parse (slice->text, (gssize) slice->len, NULL) : NULL;
}

static char *
read_text (GArray *object, const char *name)
{
  g_autoptr (GVariant) value = read_member (object, name);

  return value && g_variant_is_of_type (value, G_VARIANT_TYPE_STRING)
             ? g_variant_dup_string (value, NULL)
             : NULL;
}

/* -1: none that can be counted with. */
static gint64
read_number (GArray *object, const char *name)
{
  g_autoptr (GVariant) value = read_member (object, name);
  gint64 number = value && g_variant_is_of_type (value, G_VARIANT_TYPE_INT64)
                      ? g_variant_get_int64 (value)
                      : -1;

  return number <= MAX_NUMBER ? number : -1;
}

static gboolean
read_boolean (GArray *object, const char *name)
{
  g_autoptr (GVariant) value = read_member (object, name);

  return value && g_variant_is_of_type (value, G_VARIANT_TYPE_BOOLEAN) &&
         g_variant_get_boolean (value);
}

/* A member that is a map of arrays. */
static const GArray *
read_lists (GArray *object, const char *name)
{
  const BstJsonSlice *slice = bst_json_slice_find (object, name);

  return slice && slice->text[0] == '{' ? slice->items : NULL;
}

static gboolean
read_page (const BstJmapSlice *answer, GPtrArray *pages, GError **error)
{
  GArray *args = answer->items;
  Page *page = g_new0 (Page, 1);

  g_ptr_array_add (pages, page);
  page->args = g_array_ref (args);
  page->account = read_text (args, "accountId");
  page->old_state = read_text (args, "oldState");
  page->new_state = read_text (args, "newState");
  page->has_more = read_boolean (args, "hasMoreChanges");
  page->total = read_number (args, "total");
  page->position = read_number (args, "position");
  page->position = CLAMP (page->position, 0, MAX (page->total, 0));
  page->records = read_lists (args, "records");
  page->destroyed = read_lists (args, "destroyed");
  if (!page->account || !page->old_state || !page->new_state || !page->records)
    return refuse (error, "Record/changes without account, state or records");
  return !page->has_more || strcmp (page->old_state, page->new_state) != 0 ||
         refuse (error, "there is more, and it does not go on");
}

static gboolean
read_answer (const BstJmapSlice *answer, GPtrArray *pages, GError **error)
{
  g_autoptr (GVariant) args = NULL;

  if (strcmp (answer->name, "Record/changes") == 0)
    return read_page (answer, pages, error);
  if (strcmp (answer->name, "error") != 0)
    return TRUE;
  args = bst_json_parse_object (answer->args, (gssize) answer->len, NULL);
  if (args && g_strcmp0 (bst_doc_get_string (args, "type"), "cannotCalculateChanges") == 0)
    {
      g_set_error (error, BST_ERROR, BST_ERROR_STATE_LOST,
                   "the server cannot tell what changed (call %s)", answer->id);
      return FALSE;
    }
  return TRUE;
}

static GPtrArray *
read_pages (GBytes *response, GError **error)
{
  g_autoptr (GPtrArray) pages = g_ptr_array_new_with_free_func (page_free);
  g_autoptr (GPtrArray) answers = NULL;
  gsize len;
  const char *text = g_bytes_get_data (response, &len);

  answers = bst_jmap_response_slices (text, len, PAGE_DEPTH, NULL, error);
  if (!answers)
    return NULL;
  for (guint i = 0; i < answers->len; i++)
    if (!read_answer (g_ptr_array_index (answers, i), pages, error))
      return NULL;
  if (pages->len == 0)
    {
      refuse (error, "there is no Record/changes in it");
      return NULL;
    }
  return g_steal_pointer (&pages);
}

/* A page must go on where the last one ended. */
static gboolean
check_continues (BstReplica *replica, const Page *page, gboolean *ret_complete, GError **error)
{
  g_autoptr (BstStmt) stmt = bst_db_prepare (
      replica->db, "SELECT coalesce(state, initial), complete FROM checkpoint WHERE account = ?1",
      error);
  const char *expected;
  gboolean row;

  if (!stmt)
    return FALSE;
  bst_stmt_bind_text (stmt, 1, page->account);
  if (!bst_stmt_step (stmt, &row, error))
    return FALSE;
  if (!row)
    return refuse (error, "it is for an account that is not ours");
  expected = row ? bst_stmt_text (stmt, 0) : NULL;
  *ret_complete = row && bst_stmt_int (stmt, 1) != 0;
  if (expected && strcmp (expected, page->old_state) != 0)
    return refuse (error, "it does not begin at our state");
  return TRUE;
}

/* ---- applying ---- */

/* A record that was here before: what it said is in the text index. */
static gboolean
update_record (BstReplica *replica,
               BstReplicaTable *table,
               const char *account,
               const GString *record,
               GError **error)
{
  static const char *const names[] = { "id", NULL };
  g_autoptr (BstStmt) stmt = bst_db_prepare (replica->db, table->update_sql, error);
  g_auto (BstReplicaRow) row = { 0 };
  g_autofree char *id = NULL;
  BstJsonSlice value;

  bst_json_slices_pick (record->str, record->len, names, &value);
  id = bst_json_slice_dup_string (&value);
  if (!id)
    return refuse (error, "a record's id is no text");
  if (!stmt || !bst_replica_read_row (replica, table->type->name, id, &row, error))
    return FALSE;
  bst_stmt_bind_static_text (stmt, 1, record->str);
  bst_stmt_bind_static_text (stmt, 2, account);
  bst_stmt_bind_int (stmt, 3, row.rowid);
  return bst_stmt_run (stmt, error) && bst_replica_text_change (replica, table, row.rowid, row.doc,
                                                                record->str, record->len, error);
}

static gboolean
put_record (BstReplica *replica,
            BstReplicaTable *table,
            const char *account,
            const GString *record,
            BstStmt *insert,
            GError **error)
{
  bst_stmt_bind_static_text (insert, 1, record->str);
  bst_stmt_bind_static_text (insert, 2, account);
  if (!bst_stmt_run (insert, error))
    return FALSE;
  if (bst_db_changes (replica->db) == 0)
    return update_record (replica, table, account, record, error);
  return bst_replica_text_add (replica, table, bst_db_last_rowid (replica->db), record->str,
                               record->len, error);
}

/* One after the other in the same place, with a NUL behind: SQLite need not copy it to have one. */
static gboolean
put_records (BstReplica *replica,
             BstReplicaTable *table,
             const char *account,
             const GArray *records,
             GError **error)
{
  g_autoptr (GString) record = g_string_new (NULL);
  g_autoptr (BstStmt) insert = bst_db_prepare (replica->db, table->insert_sql, error);

  for (guint i = 0; insert && i < records->len; i++)
    {
      const BstJsonSlice *slice = &g_array_index (records, BstJsonSlice, i);

      g_string_truncate (record, 0);
      g_string_append_len (record, slice->text, (gssize) slice->len);
      if (!put_record (replica, table, account, record, insert, error))
        return FALSE;
      bst_stmt_reset (insert);
    }
  return insert != NULL;
}

static gboolean
apply_records (BstReplica *replica,
               const Page *page,
               BstAppliedPage *done,
               GHashTable *changed,
               GError **error)
{
  for (guint i = 0; i < page->records->len; i++)
    {
      const BstJsonSlice *array = &g_array_index (page->records, BstJsonSlice, i);
      BstReplicaTable *table = bst_replica_table (replica, array->key);

      /* A type of a newer server's: nothing here could show it. */
      if (!table)
        continue;
      if (array->text[0] != '[')
        return refuse (error, "records are no array");
      if (array->items->len == 0)
        continue;
      if (!put_records (replica, table, page->account, array->items, error))
        return FALSE;
      done->n_records += array->items->len;
      g_hash_table_add (changed, g_strdup (table->type->name));
    }
  return TRUE;
}

/* *@ret_done: it was there, and in this account. */
static gboolean
destroy_record (BstReplica *replica,
                BstReplicaTable *table,
                const char *account,
                const BstJsonSlice *value,
                gboolean *ret_done,
                GError **error)
{
  g_autofree char *id = bst_json_slice_dup_string (value);
  g_auto (BstReplicaRow) row = { 0 };

  *ret_done = FALSE;
  if (!id)
    return refuse (error, "the id of a destroyed record is no text");
  if (!bst_replica_read_row (replica, table->type->name, id, &row, error))
    return FALSE;
  if (row.rowid == 0 || strcmp (row.account, account) != 0)
    return TRUE;
  *ret_done = TRUE;
  return bst_replica_remove_row (replica, table->type->name, id, error);
}

static gboolean
apply_destroyed (BstReplica *replica, const Page *page, GHashTable *changed, GError **error)
{
  for (guint i = 0; page->destroyed && i < page->destroyed->len; i++)
    {
      const BstJsonSlice *array = &g_array_index (page->destroyed, BstJsonSlice, i);
      BstReplicaTable *table = bst_replica_table (replica, array->key);

      if (!table)
        continue;
      if (array->text[0] != '[')
        return refuse (error, "destroyed ids are no array");
      for (guint j = 0; j < array->items->len; j++)
        {
          gboolean done;

          if (!destroy_record (replica, table, page->account,
                               &g_array_index (array->items, BstJsonSlice, j), &done, error))
            return FALSE;
          if (done)
            g_hash_table_add (changed, g_strdup (table->type->name));
        }
    }
  return TRUE;
}

/* What happened to orders since the last time, for notifications. */
static gboolean
collect_events (const Page *page, GPtrArray *events, GError **error)
{
  const BstJsonSlice *array = bst_json_slice_find (page->records, "RequestEvent");

  for (guint i = 0; array && array->items && i < array->items->len; i++)
    {
      const BstJsonSlice *item = &g_array_index (array->items, BstJsonSlice, i);
      GVariant *event = bst_json_parse_object (item->text, (gssize) item->len, error);

      if (!event)
        return FALSE;
      g_ptr_array_add (events, event);
    }
  return TRUE;
}

static gboolean
store_checkpoint (BstReplica *replica, const Page *page, GError **error)
{
  return bst_replica_run (replica,
                          "INSERT INTO checkpoint (account, state) VALUES (?1, ?2)"
                          " ON CONFLICT (account) DO UPDATE SET state = ?2",
                          page->account, page->new_state, error) &&
         (page->has_more ||
          bst_replica_run (replica, "UPDATE checkpoint SET complete = 1 WHERE account = ?1",
                           page->account, NULL, error));
}

static gboolean
apply_page (BstReplica *replica, const Page *page, BstApplied *applied, GError **error)
{
  BstAppliedPage *done = g_new0 (BstAppliedPage, 1);
  gboolean complete;

  g_ptr_array_add (applied->pages, done);
  done->account = g_strdup (page->account);
  done->new_state = g_strdup (page->new_state);
  done->has_more = page->has_more;
  done->total = page->total;
  done->position = page->position;

  return check_continues (replica, page, &complete, error) &&
         (!complete || collect_events (page, applied->events, error)) &&
         apply_records (replica, page, done, applied->types, error) &&
         apply_destroyed (replica, page, applied->types, error) &&
         store_checkpoint (replica, page, error);
}

gboolean
bst_replica_apply (BstReplica *replica, GBytes *response, BstApplied *ret_applied, GError **error)
{
  g_autoptr (GPtrArray) pages = read_pages (response, error);
  g_auto (BstApplied) applied = {
    .pages = g_ptr_array_new_with_free_func ((GDestroyNotify) bst_applied_page_free),
    .types = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL),
    .events = g_ptr_array_new_with_free_func ((GDestroyNotify) g_variant_unref),
  };

  if (!pages || !bst_db_begin (replica->db, error))
    return FALSE;
  for (guint i = 0; i < pages->len; i++)
    if (!apply_page (replica, g_ptr_array_index (pages, i), &applied, error))
      {
        bst_db_rollback (replica->db);
        return as_protocol (error);
      }
  if (!bst_db_commit (replica->db, error))
    return FALSE;

  *ret_applied = applied;
  memset (&applied, 0, sizeof applied);
  return TRUE;
}
