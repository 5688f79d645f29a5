/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Looking for anything wrong in what is stored: each finding is a line for whoever runs the server. */

#include "bst-api-blob.h"
#include "bst-error.h"
#include "bst-json.h"
#include "bst-storage-measure.h"

#include <string.h>

typedef struct
{
  BstStorage *storage;
  const BstRecordType *type;
  const char *id;
  GPtrArray *findings;
} Check;

static void G_GNUC_PRINTF (2, 3) find (Check *check, const char *format, ...)
{
  g_autofree char *what = NULL;
  va_list args;

  va_start (args, format);
  what = g_strdup_vprintf (format, args);
  va_end (args);
  g_ptr_array_add (check->findings,
                   check->type ? g_strdup_printf ("%s %s: %s", check->type->name, check->id, what)
                               : g_strdup (what));
}

/* ---- one record ---- */

/* What a reference names must be there; so must the unit that a record belongs to. */
static void
check_refs (Check *check, GVariant *record)
{
  for (const BstField *field = check->type->fields; field->name; field++)
    {
      const char *target =
          field->kind == BST_FIELD_REF ? bst_doc_get_string (record, field->name) : NULL;
      g_autoptr (GVariant) there =
          target ? bst_storage_get (check->storage, field->target, target, NULL) : NULL;

      if (target && !there)
        find (check, "%s: there is no %s “%s”", field->name, field->target, target);
    }
}

/* The columns beside the document are made from it. */
static void
check_place (Check *check, GVariant *record, const char *account, const char *unit)
{
  const char *said =
      check->type->unit_field ? bst_doc_get_string (record, check->type->unit_field) : NULL;
  g_autoptr (GError) error = NULL;
  const char *home = bst_storage_account_of (check->storage, check->type, record, &error);

  if (g_strcmp0 (bst_doc_get_string (record, "id"), check->id) != 0)
    find (check, "id: the document says “%s”", bst_doc_get_string (record, "id"));
  if (g_strcmp0 (said, unit) != 0)
    find (check, "unit: stored under “%s”, the document says “%s”", unit ? unit : "", said);
  else if (home && strcmp (home, account) != 0)
    find (check, "account: stored in “%s”, and belongs to “%s”", account, home);
}

static void
check_record (Check *check, const char *text, const char *account, const char *unit)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (GVariant) record = bst_json_parse_object (text, -1, &error);
  g_autoptr (GPtrArray) problems = NULL;

  if (!record)
    {
      find (check, "the document cannot be read: %s", error->message);
      return;
    }
  problems = bst_record_type_validate (check->type, record, NULL, TRUE);
  for (guint i = 0; i < problems->len; i++)
    {
      const BstProblem *problem = problems->pdata[i];

      if (g_str_has_prefix (problem->message, problem->path))
        find (check, "%s", problem->message);
      else
        find (check, "%s: %s", problem->path, problem->message);
    }
  check_refs (check, record);
  check_place (check, record, account, unit);
}

static gboolean
check_type (Check *check, GError **error)
{
  g_autoptr (BstStmt) stmt =
      bst_db_prepare (check->storage->db,
                      "SELECT id, account, unit, doc FROM record WHERE type = ?1 AND doc IS NOT "
                      "NULL ORDER BY row",
                      error);
  gboolean row;

  if (!stmt)
    return FALSE;
  bst_stmt_bind_text (stmt, 1, check->type->name);
  for (;;)
    {
      if (!bst_stmt_step (stmt, &row, error))
        return FALSE;
      if (!row)
        return TRUE;
      check->id = bst_stmt_text (stmt, 0);
      check_record (check, bst_stmt_text (stmt, 3), bst_stmt_text (stmt, 1),
                    bst_stmt_text (stmt, 2));
    }
}

/* ---- what lies beside the records ---- */

/* Each record once in the text index, and nothing else. */
static gboolean
check_text (Check *check, GError **error)
{
  const char *table = bst_storage_text_table (check->storage->text, check->type);
  g_autofree char *sql = NULL;
  g_autoptr (BstStmt) stmt = NULL;
  gboolean row;

  if (!table)
    return TRUE;
  sql = g_strconcat ("SELECT id, doc IS NOT NULL FROM record WHERE type = ?1 AND (doc IS NOT NULL) "
                     "<> (row IN (SELECT rowid FROM \"",
                     table, "\"))", NULL);
  stmt = bst_db_prepare (check->storage->db, sql, error);
  if (!stmt)
    return FALSE;
  bst_stmt_bind_text (stmt, 1, check->type->name);
  for (;;)
    {
      if (!bst_stmt_step (stmt, &row, error))
        return FALSE;
      if (!row)
        return TRUE;
      check->id = bst_stmt_text (stmt, 0);
      find (check, bst_stmt_int (stmt, 1) ? "not in the text index" : "still in the text index");
    }
}

static gboolean
check_blobs (Check *check, GError **error)
{
  g_autoptr (BstStmt) stmt =
      bst_db_prepare (check->storage->db, "SELECT DISTINCT id FROM blob ORDER BY id", error);
  gboolean row;

  if (!stmt)
    return FALSE;
  for (;;)
    {
      g_autofree char *path = NULL;

      if (!bst_stmt_step (stmt, &row, error))
        return FALSE;
      if (!row)
        return TRUE;
      path = bst_blob_path (check->storage, bst_stmt_text (stmt, 0));
      if (!g_file_test (path, G_FILE_TEST_IS_REGULAR))
        find (check, "blob %s: its file is missing", bst_stmt_text (stmt, 0));
    }
}

gboolean
bst_storage_check (BstStorage *storage, GPtrArray *findings, GError **error)
{
  Check check = { .storage = storage, .findings = findings };

  if (!bst_db_check (storage->db, error))
    return FALSE;
  for (const BstRecordType *const *type = bst_record_types (); *type; type++)
    {
      check.type = *type;
      if (!check_type (&check, error) || !check_text (&check, error))
        return FALSE;
    }
  check.type = NULL;
  return check_blobs (&check, error) && bst_storage_check_measures (storage, findings, error);
}
