/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Foo/changes (RFC 8620 §5.2) and Record/changes (docs/protocol.md): what happened since a state. */

#include "bst-methods.h"

#include "bst-error.h"
#include "bst-json.h"

#include <string.h>

/* A page is also full when its documents are. */
#define MAX_PAGE_OCTETS (8 * 1024 * 1024)

/* A list of JSON values being written. */
typedef struct
{
  GString *text;
  guint n;
} List;

typedef struct
{
  BstMethod *method;
  BstMethodState since;
  gint64 max;
  gint64 last; /* change number up to which this page tells */
  gboolean more;
  guint n;
  gsize octets;
  GHashTable *records;   /* type -> List: documents, or ids of created ones */
  GHashTable *updated;   /* type -> List: ids; Foo/changes only */
  GHashTable *destroyed; /* type -> List: ids */
} Page;

static void
list_free (gpointer data)
{
  List *list = data;

  g_string_free (list->text, TRUE);
  g_free (list);
}

static GHashTable *
lists_new (void)
{
  return g_hash_table_new_full (g_str_hash, g_str_equal, g_free, list_free);
}

static GString *
next_item (GHashTable *lists, const char *type)
{
  List *list = g_hash_table_lookup (lists, type);

  if (!list)
    {
      list = g_new0 (List, 1);
      list->text = g_string_new (NULL);
      g_hash_table_insert (lists, g_strdup (type), list);
    }
  if (list->n++ > 0)
    g_string_append_c (list->text, ',');
  return list->text;
}

static void
page_clear (Page *page)
{
  g_clear_pointer (&page->records, g_hash_table_unref);
  g_clear_pointer (&page->updated, g_hash_table_unref);
  g_clear_pointer (&page->destroyed, g_hash_table_unref);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Page, page_clear)

/* Columns: type, id, unit, seq, created_seq, doc. */
static void
take_row (Page *page, BstStmt *stmt)
{
  const char *type = bst_stmt_text (stmt, 0);
  const char *id = bst_stmt_text (stmt, 1);
  gboolean created = bst_stmt_int (stmt, 4) > page->since.seq;

  if (bst_stmt_is_null (stmt, 5))
    {
      if (created)
        return;
      bst_json_append_string (next_item (page->destroyed, type), id);
    }
  else if (!page->method->type)
    {
      g_string_append_len (next_item (page->records, type), bst_stmt_text (stmt, 5),
                           (gssize) bst_stmt_text_len (stmt, 5));
      page->octets += bst_stmt_text_len (stmt, 5);
    }
  else
    bst_json_append_string (next_item (created ? page->records : page->updated, type), id);
  page->n++;
}

static BstStmt *
prepare_rows (Page *page, gint64 now, GError **error)
{
  BstMethod *method = page->method;
  BstStmt *stmt = bst_db_prepare (
      method->storage->db,
      method->type ? "SELECT type, id, unit, seq, created_seq, doc FROM record "
                     "WHERE account = ?1 AND seq > ?2 AND seq <= ?3 AND type = ?4 ORDER BY seq"
                   : "SELECT type, id, unit, seq, created_seq, doc FROM record "
                     "WHERE account = ?1 AND seq > ?2 AND seq <= ?3 ORDER BY seq",
      error);

  if (!stmt)
    return NULL;
  bst_stmt_bind_text (stmt, 1, method->account);
  bst_stmt_bind_int (stmt, 2, page->since.seq);
  bst_stmt_bind_int (stmt, 3, now);
  if (method->type)
    bst_stmt_bind_text (stmt, 4, method->type->name);
  return stmt;
}

static gboolean
fill_page (Page *page, gint64 now, GError **error)
{
  g_autoptr (BstStmt) stmt = prepare_rows (page, now, error);
  gboolean row = TRUE;

  if (!stmt)
    return FALSE;
  page->last = page->since.seq;
  while (row)
    {
      if (!bst_stmt_step (stmt, &row, error))
        return FALSE;
      if (!row)
        break;
      if (bst_scope_sees (page->method->scope, bst_stmt_text (stmt, 0), bst_stmt_text (stmt, 2)))
        {
          if (page->n >= page->max || page->octets > MAX_PAGE_OCTETS)
            {
              page->more = TRUE;
              return TRUE;
            }
          take_row (page, stmt);
        }
      page->last = bst_stmt_int (stmt, 3);
    }
  page->last = now;
  return TRUE;
}

/* Records that left the units she sees, for others or for another account. */
static gboolean
add_moved (Page *page, GError **error)
{
  BstMethod *method = page->method;
  g_autoptr (BstStmt) stmt = bst_db_prepare (
      method->storage->db,
      "SELECT m.type, m.id, m.unit, r.unit, r.account, r.doc IS NOT NULL FROM moved AS m "
      "LEFT JOIN record AS r ON r.type = m.type AND r.id = m.id "
      "WHERE m.account = ?1 AND m.seq > ?2 AND m.seq <= ?3 AND (?4 IS NULL OR m.type = ?4)",
      error);
  gboolean row = TRUE;

  if (!stmt)
    return FALSE;
  bst_stmt_bind_text (stmt, 1, method->account);
  bst_stmt_bind_int (stmt, 2, page->since.seq);
  bst_stmt_bind_int (stmt, 3, page->last);
  bst_stmt_bind_text (stmt, 4, method->type ? method->type->name : NULL);
  while (row)
    {
      gboolean still_here;

      if (!bst_stmt_step (stmt, &row, error))
        return FALSE;
      if (!row || !bst_scope_sees (method->scope, bst_stmt_text (stmt, 0), bst_stmt_text (stmt, 2)))
        continue;
      still_here = bst_stmt_int (stmt, 5) &&
                   g_strcmp0 (bst_stmt_text (stmt, 4), method->account) == 0 &&
                   bst_scope_sees (method->scope, bst_stmt_text (stmt, 0), bst_stmt_text (stmt, 3));
      if (!still_here)
        bst_json_append_string (next_item (page->destroyed, bst_stmt_text (stmt, 0)),
                                bst_stmt_text (stmt, 1));
    }
  return TRUE;
}

static gboolean
count_visible (BstMethod *method, gint64 *ret_total, GError **error)
{
  g_autoptr (BstStmt) stmt = bst_db_prepare (method->storage->db,
                                             "SELECT type, unit, count (*) FROM record WHERE "
                                             "account = ?1 AND doc IS NOT NULL GROUP BY type, unit",
                                             error);
  gboolean row = TRUE;

  *ret_total = 0;
  if (!stmt)
    return FALSE;
  bst_stmt_bind_text (stmt, 1, method->account);
  while (row)
    {
      if (!bst_stmt_step (stmt, &row, error))
        return FALSE;
      if (row && bst_scope_sees (method->scope, bst_stmt_text (stmt, 0), bst_stmt_text (stmt, 1)))
        *ret_total += bst_stmt_int (stmt, 2);
    }
  return TRUE;
}

/* The arguments that both methods have. */
static gboolean
read_args (Page *page)
{
  BstMethod *method = page->method;
  const char *since = bst_doc_get_string (method->args, "sinceState");
  g_autoptr (GVariant) max = bst_doc_lookup (method->args, "maxChanges");

  page->max = BST_MAX_CHANGES;
  if (!since)
    return bst_method_fail (method, "invalidArguments", "sinceState: missing");
  if (!bst_value_is_null (max))
    {
      page->max = bst_doc_get_int (method->args, "maxChanges", 0);
      if (page->max < 1)
        return bst_method_fail (method, "invalidArguments",
                                "maxChanges: a number above 0 expected");
      page->max = MIN (page->max, BST_MAX_CHANGES);
    }
  if (!bst_method_state_parse (method, since, &page->since))
    return bst_method_fail (method, "cannotCalculateChanges", NULL);
  return TRUE;
}

static gboolean
read_page (Page *page)
{
  BstMethod *method = page->method;
  g_autoptr (GError) error = NULL;
  gint64 now;

  if (!read_args (page))
    return FALSE;
  page->records = lists_new ();
  page->updated = lists_new ();
  page->destroyed = lists_new ();
  if (page->since.seq == 0 && !method->type)
    {
      page->since.position = 0;
      if (!count_visible (method, &page->since.total, &error))
        return bst_method_fail_storage (method, error);
    }
  now = bst_storage_account_seq (method->storage, method->account, NULL, &error);
  if (now < 0 ||
      (now > page->since.seq && (!fill_page (page, now, &error) || !add_moved (page, &error))))
    return bst_method_fail_storage (method, error);
  page->last = MAX (page->last, page->since.seq);
  return TRUE;
}

static void
append_head (Page *page)
{
  BstMethod *method = page->method;
  GString *out = method->out;
  gint64 position = page->since.position < 0 ? -1 : page->since.position + page->n;
  BstMethodState state = { page->last, page->more ? position : -1, page->since.total };
  g_autofree char *new_state =
      bst_method_state_text (method->storage, method->scope, method->account, &state);

  g_string_append (out, "{\"accountId\":");
  bst_json_append_string (out, method->account);
  bst_method_append_key (out, "oldState");
  bst_json_append_string (out, bst_doc_get_string (method->args, "sinceState"));
  bst_method_append_key (out, "newState");
  bst_json_append_string (out, new_state);
  g_string_append_printf (out, ",\"hasMoreChanges\":%s", page->more ? "true" : "false");
  if (position >= 0)
    g_string_append_printf (out, ",\"total\":%" G_GINT64_FORMAT ",\"position\":%" G_GINT64_FORMAT,
                            MAX (page->since.total, position), position);
}

static void
append_list (GString *out, const char *name, GHashTable *lists, const char *type)
{
  List *list = g_hash_table_lookup (lists, type);

  bst_method_append_key (out, name);
  g_string_append_c (out, '[');
  if (list)
    g_string_append_len (out, list->text->str, (gssize) list->text->len);
  g_string_append_c (out, ']');
}

gboolean
bst_method_changes (BstMethod *method)
{
  g_auto (Page) page = { .method = method };
  const char *type = method->type->name;

  if (!read_page (&page))
    return FALSE;
  append_head (&page);
  append_list (method->out, "created", page.records, type);
  append_list (method->out, "updated", page.updated, type);
  append_list (method->out, "destroyed", page.destroyed, type);
  g_string_append_c (method->out, '}');
  return TRUE;
}

/* {"Request":[…],…}, in the order of the dictionary. */
static void
append_lists (GString *out, const char *name, GHashTable *lists)
{
  gboolean first = TRUE;

  bst_method_append_key (out, name);
  g_string_append_c (out, '{');
  for (const BstRecordType *const *type = bst_record_types (); *type; type++)
    {
      List *list = g_hash_table_lookup (lists, (*type)->name);

      if (!list)
        continue;
      if (!first)
        g_string_append_c (out, ',');
      first = FALSE;
      bst_json_append_string (out, (*type)->name);
      g_string_append (out, ":[");
      g_string_append_len (out, list->text->str, (gssize) list->text->len);
      g_string_append_c (out, ']');
    }
  g_string_append_c (out, '}');
}

gboolean
bst_method_all_changes (BstMethod *method)
{
  g_auto (Page) page = { .method = method };

  if (!read_page (&page))
    return FALSE;
  append_head (&page);
  append_lists (method->out, "records", page.records);
  append_lists (method->out, "destroyed", page.destroyed);
  g_string_append_c (method->out, '}');
  return TRUE;
}
