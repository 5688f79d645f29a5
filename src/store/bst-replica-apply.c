/* SPDX-License-Identifier: GPL-3.0-or-later */

/*
 * Applies a JMAP Response: its Record/changes answers are read by SQLite's JSON functions straight from
 * the text that came over the line.
 */

#include "bst-replica.h"

#include "bst-error.h"
#include "bst-json.h"

#include <string.h>

/* One Record/changes answer: where it lies in the text, and its head. */
typedef struct
{
  char *path; /* "$.methodResponses[3][1]" */
  char *account;
  char *old_state;
  char *new_state;
  gboolean has_more;
  gint64 total;
  gint64 position;
} Page;

static void
page_free (gpointer data)
{
  Page *page = data;

  g_free (page->path);
  g_free (page->account);
  g_free (page->old_state);
  g_free (page->new_state);
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
  if (error && g_error_matches (*error, BST_ERROR, BST_ERROR_INVALID))
    (*error)->code = BST_ERROR_PROTOCOL;
  g_prefix_error (error, "the server's answer cannot be applied: ");
  return FALSE;
}

/* ---- looking first ---- */

#define FOREACH_ANSWER                                                                             \
  "SELECT json_extract(?1, path || '[0]'), path || '[1]', json_extract(?1, path || "               \
  "'[1].accountId'),"                                                                              \
  " json_extract(?1, path || '[1].oldState'), json_extract(?1, path || '[1].newState'),"           \
  " json_extract(?1, path || '[1].hasMoreChanges'), json_extract(?1, path || '[1].total'),"        \
  " json_extract(?1, path || '[1].position'), json_type(?1, path || '[1].records'),"               \
  " json_extract(?1, path || '[1].type'), json_extract(?1, path || '[2]')"                         \
  " FROM (WITH RECURSIVE n(i) AS (SELECT 0 UNION ALL SELECT i + 1 FROM n"                          \
  "   WHERE i + 1 < json_array_length(?1, '$.methodResponses'))"                                   \
  "  SELECT '$.methodResponses[' || i || ']' AS path FROM n"                                       \
  "   WHERE json_array_length(?1, '$.methodResponses') > 0)"

static gboolean
read_page (BstStmt *stmt, GPtrArray *pages, GError **error)
{
  Page *page;

  if (!bst_stmt_text (stmt, 2) || !bst_stmt_text (stmt, 4) ||
      g_strcmp0 (bst_stmt_text (stmt, 8), "object") != 0)
    return refuse (error, "Record/changes without account, state or records");

  page = g_new0 (Page, 1);
  page->path = g_strdup (bst_stmt_text (stmt, 1));
  page->account = g_strdup (bst_stmt_text (stmt, 2));
  page->old_state = g_strdup (bst_stmt_text (stmt, 3));
  page->new_state = g_strdup (bst_stmt_text (stmt, 4));
  page->has_more = bst_stmt_int (stmt, 5) != 0;
  page->total = bst_stmt_is_null (stmt, 6) ? -1 : bst_stmt_int (stmt, 6);
  page->position = bst_stmt_is_null (stmt, 7) ? -1 : bst_stmt_int (stmt, 7);
  g_ptr_array_add (pages, page);
  return TRUE;
}

static gboolean
read_answer (BstStmt *stmt, GPtrArray *pages, GError **error)
{
  const char *name = bst_stmt_text (stmt, 0);

  if (g_strcmp0 (name, "Record/changes") == 0)
    return read_page (stmt, pages, error);
  if (g_strcmp0 (name, "error") == 0 &&
      g_strcmp0 (bst_stmt_text (stmt, 9), "cannotCalculateChanges") == 0)
    {
      g_set_error (error, BST_ERROR, BST_ERROR_STATE_LOST,
                   "the server cannot tell what changed (call %s)", bst_stmt_text (stmt, 10));
      return FALSE;
    }
  return TRUE;
}

static GPtrArray *
read_pages (BstReplica *replica, GBytes *response, GError **error)
{
  g_autoptr (BstStmt) stmt = bst_db_prepare (replica->db, FOREACH_ANSWER, error);
  g_autoptr (GPtrArray) pages = g_ptr_array_new_with_free_func (page_free);
  gboolean row = TRUE;

  if (!stmt)
    return NULL;
  bst_stmt_bind_bytes_as_text (stmt, 1, response);
  for (;;)
    {
      if (!bst_stmt_step (stmt, &row, error))
        {
          as_protocol (error);
          return NULL;
        }
      if (!row)
        break;
      if (!read_answer (stmt, pages, error))
        return NULL;
    }

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
  if (expected && page->old_state && strcmp (expected, page->old_state) != 0)
    return refuse (error, "it does not begin at our state");
  return TRUE;
}

/* ---- applying ---- */

static GPtrArray *
list_types (BstReplica *replica,
            GBytes *response,
            const Page *page,
            const char *member,
            GError **error)
{
  g_autoptr (BstStmt) stmt =
      bst_db_prepare (replica->db, "SELECT key FROM json_each(?1, ?2)", error);
  g_autoptr (GPtrArray) types = g_ptr_array_new_with_free_func (g_free);
  g_autofree char *path = g_strconcat (page->path, ".", member, NULL);
  gboolean row;

  if (!stmt)
    return NULL;
  bst_stmt_bind_bytes_as_text (stmt, 1, response);
  bst_stmt_bind_text (stmt, 2, path);
  for (;;)
    {
      if (!bst_stmt_step (stmt, &row, error))
        return NULL;
      if (!row)
        return g_steal_pointer (&types);
      g_ptr_array_add (types, g_strdup (bst_stmt_text (stmt, 0)));
    }
}

/* ?1 the text, ?2 @second, ?3 the path of a type's array, ?4 @last when it is not negative. */
static gboolean
run_on_array (BstReplica *replica,
              const char *sql,
              GBytes *response,
              const char *second,
              const char *path,
              gint64 last,
              GError **error)
{
  g_autoptr (BstStmt) stmt = bst_db_prepare (replica->db, sql, error);

  if (!stmt)
    return FALSE;
  bst_stmt_bind_bytes_as_text (stmt, 1, response);
  bst_stmt_bind_text (stmt, 2, second);
  bst_stmt_bind_text (stmt, 3, path);
  if (last >= 0)
    bst_stmt_bind_int (stmt, 4, last);
  return bst_stmt_run (stmt, error);
}

static gboolean
apply_records (BstReplica *replica,
               GBytes *response,
               const Page *page,
               BstAppliedPage *done,
               GHashTable *changed,
               GError **error)
{
  g_autoptr (GPtrArray) types = list_types (replica, response, page, "records", error);

  if (!types)
    return FALSE;
  for (guint i = 0; i < types->len; i++)
    {
      BstReplicaTable *table = bst_replica_table (replica, g_ptr_array_index (types, i));
      g_autofree char *path = NULL;

      /* A type of a newer server's: nothing here could show it. */
      if (!table)
        continue;
      path = g_strconcat (page->path, ".records.", table->type->name, NULL);
      if (!run_on_array (replica, table->upsert_sql, response, page->account, path, -1, error))
        return FALSE;
      if (bst_db_changes (replica->db) == 0)
        continue;
      done->n_records += (guint) bst_db_changes (replica->db);
      g_hash_table_add (changed, g_strdup (table->type->name));
      if (table->text && table->text_upto > 0 &&
          !run_on_array (replica, table->reindex_sql, response, replica->language, path,
                         table->text_upto, error))
        return FALSE;
    }
  return TRUE;
}

static gboolean
apply_destroyed (BstReplica *replica,
                 GBytes *response,
                 const Page *page,
                 GHashTable *changed,
                 GError **error)
{
  g_autoptr (GPtrArray) types = list_types (replica, response, page, "destroyed", error);

  if (!types)
    return FALSE;
  for (guint i = 0; i < types->len; i++)
    {
      BstReplicaTable *table = bst_replica_table (replica, g_ptr_array_index (types, i));
      g_autofree char *path = NULL;

      if (!table)
        continue;
      path = g_strconcat (page->path, ".destroyed.", table->type->name, NULL);
      if (table->text &&
          !run_on_array (replica, table->unindex_sql, response, page->account, path, -1, error))
        return FALSE;
      if (!run_on_array (replica, table->destroy_sql, response, page->account, path, -1, error))
        return FALSE;
      if (bst_db_changes (replica->db) > 0)
        g_hash_table_add (changed, g_strdup (table->type->name));
    }
  return TRUE;
}

/* What happened to orders since the last time, for notifications. */
static gboolean
collect_events (BstReplica *replica,
                GBytes *response,
                const Page *page,
                GPtrArray *events,
                GError **error)
{
  g_autoptr (BstStmt) stmt =
      bst_db_prepare (replica->db, "SELECT value FROM json_each(?1, ?2)", error);
  g_autofree char *path = g_strconcat (page->path, ".records.RequestEvent", NULL);
  gboolean row;

  if (!stmt)
    return FALSE;
  bst_stmt_bind_bytes_as_text (stmt, 1, response);
  bst_stmt_bind_text (stmt, 2, path);
  for (;;)
    {
      GVariant *event;

      if (!bst_stmt_step (stmt, &row, error))
        return FALSE;
      if (!row)
        return TRUE;
      event = bst_json_parse_object (bst_stmt_text (stmt, 0), -1, error);
      if (!event)
        return FALSE;
      g_ptr_array_add (events, event);
    }
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
apply_page (BstReplica *replica,
            GBytes *response,
            const Page *page,
            BstApplied *applied,
            GError **error)
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
         (!complete || collect_events (replica, response, page, applied->events, error)) &&
         apply_records (replica, response, page, done, applied->types, error) &&
         apply_destroyed (replica, response, page, applied->types, error) &&
         store_checkpoint (replica, page, error);
}

gboolean
bst_replica_apply (BstReplica *replica, GBytes *response, BstApplied *ret_applied, GError **error)
{
  g_autoptr (GPtrArray) pages = read_pages (replica, response, error);
  g_auto (BstApplied) applied = {
    .pages = g_ptr_array_new_with_free_func ((GDestroyNotify) bst_applied_page_free),
    .types = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL),
    .events = g_ptr_array_new_with_free_func ((GDestroyNotify) g_variant_unref),
  };

  if (!pages || !bst_db_begin (replica->db, error))
    return FALSE;
  for (guint i = 0; i < pages->len; i++)
    if (!apply_page (replica, response, g_ptr_array_index (pages, i), &applied, error))
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
