/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "bst-admin.h"

#include "bst-date.h"
#include "bst-error.h"
#include "bst-import.h"
#include "bst-json-place.h"
#include "bst-text.h"

#include <string.h>

static const struct
{
  const char *name;
  const char *types[12];
} kinds[] = {
  { "catalogue", { "ServiceArea", "Service", "Bundle", "Article" } },
  { "org", { "OrgUnit" } },
  { "people", { "Person" } },
  { "calendar", { "Calendar" } },
  { "notices", { "Notice" } },
  { "agreements", { "Agreement" } },
  { "budgets", { "Budget" } },
  { "all",
    { "OrgUnit", "Person", "ServiceArea", "Calendar", "Service", "Bundle", "Article", "Notice",
      "Agreement", "Budget" } },
};

typedef struct
{
  BstAdmin *admin;
  BstStorage *storage;
  const char *const *types;
  const char *language;
  const char *currency;
  char *today;
  guint counts[3]; /* by BstPutResult */
  guint withdrawn;
  gboolean complete;
  GHashTable *seen; /* "Type/id" of every record in the files */
} Import;

typedef struct
{
  const char *wanted;
  char *id;
} AreaSearch;

static gboolean
area_cb (GVariant *area, gpointer closure)
{
  AreaSearch *search = closure;
  const char *id = bst_doc_get_string (area, "id");
  g_autoptr (GVariant) names = bst_doc_get_map (area, "name");
  g_autofree char *wanted = g_utf8_casefold (search->wanted, -1);
  GVariantIter iter;
  GVariant *value;

  if (g_strcmp0 (id, search->wanted) == 0)
    search->id = g_strdup (id);
  g_variant_iter_init (&iter, names);
  while (!search->id && g_variant_iter_next (&iter, "{&sv}", NULL, &value))
    {
      g_autoptr (GVariant) held = value;
      g_autofree char *name = g_utf8_casefold (g_variant_get_string (held, NULL), -1);

      if (strcmp (name, wanted) == 0)
        search->id = g_strdup (id);
    }
  return search->id == NULL;
}

static char *
look_up_area (const char *name, gpointer closure)
{
  Import *import = closure;
  AreaSearch search = { name, NULL };

  bst_storage_each (import->storage, "ServiceArea", area_cb, &search, NULL);
  return search.id;
}

static void
remember (Import *import, const BstImportRow *row)
{
  g_hash_table_add (import->seen,
                    g_strconcat (row->type->name, "/", bst_doc_get_string (row->doc, "id"), NULL));
}

/* The place of what an error names: its own column where the reader knows it. */
static void
prefix_place (const BstImportRow *row, GError **error)
{
  guint column = row->column;

  if (row->places && error && *error)
    {
      GHashTableIter iter;
      gpointer path, at;

      g_hash_table_iter_init (&iter, row->places);
      while (g_hash_table_iter_next (&iter, &path, &at))
        if (g_str_has_prefix ((*error)->message, path))
          column = GPOINTER_TO_UINT (at);
    }
  g_prefix_error (error, "line %u, column %u: %s %s: ", row->line, column, row->type->name,
                  bst_doc_get_string (row->doc, "id"));
}

static gboolean
withdraw (Import *import, const BstRecordType *type, GVariant *record, GError **error)
{
  const char *until = bst_doc_get_string (record, "validTo");
  g_autofree char *yesterday = bst_date_add_days (import->today, -1);
  g_autoptr (GVariant) ended = NULL;
  BstPutResult result;

  if (until && strcmp (until, import->today) < 0)
    return TRUE;
  ended = bst_doc_set_string (record, "validTo", yesterday);
  import->withdrawn++;
  return bst_storage_put (import->storage, type, ended, &result, error);
}

static gboolean
put_row (Import *import, const BstImportRow *row, GError **error)
{
  BstPutResult result;

  if (row->withdrawn)
    {
      g_autoptr (GVariant) known = bst_storage_get (import->storage, row->type->name,
                                                    bst_doc_get_string (row->doc, "id"), NULL);

      return !known || withdraw (import, row->type, known, error);
    }
  if (!bst_storage_put (import->storage, row->type, row->doc, &result, error))
    return FALSE;
  import->counts[result]++;
  return TRUE;
}

typedef struct
{
  Import *import;
  const BstRecordType *type;
  const char *source;
  GPtrArray *missing;
} Missing;

static gboolean
missing_cb (GVariant *record, gpointer closure)
{
  Missing *missing = closure;
  g_autofree char *key =
      g_strconcat (missing->type->name, "/", bst_doc_get_string (record, "id"), NULL);

  if (missing->source && g_strcmp0 (bst_doc_get_string (record, "catalogue"), missing->source) != 0)
    return TRUE;
  if (!g_hash_table_contains (missing->import->seen, key))
    g_ptr_array_add (missing->missing, g_variant_ref (record));
  return TRUE;
}

/* What the files no longer have. @source: only the articles of that catalogue. */
static gboolean
withdraw_missing (Import *import, const BstRecordType *type, const char *source, GError **error)
{
  g_autoptr (GPtrArray) missing = g_ptr_array_new_with_free_func ((GDestroyNotify) g_variant_unref);
  Missing closure = { import, type, source, missing };

  if (!bst_record_type_field (type, "validTo"))
    return TRUE;
  if (!bst_storage_each (import->storage, type->name, missing_cb, &closure, error))
    return FALSE;
  for (guint i = 0; i < missing->len; i++)
    if (!withdraw (import, type, missing->pdata[i], error))
      return FALSE;
  return TRUE;
}

static gboolean
import_file (Import *import, const char *path, GPtrArray *files, GError **error)
{
  BstImportOptions options = { import->types, import->language, import->currency, look_up_area,
                               import };
  g_autofree char *text = NULL;
  gsize len;
  BstImportFile *file;

  if (!g_file_get_contents (path, &text, &len, error))
    return FALSE;
  file = bst_import_read (text, len, &options, error);
  if (!file)
    {
      g_prefix_error (error, "%s: ", path);
      return FALSE;
    }
  g_ptr_array_add (files, file);
  for (guint i = 0; i < file->rows->len; i++)
    {
      BstImportRow *row = file->rows->pdata[i];

      remember (import, row);
      if (!put_row (import, row, error))
        {
          prefix_place (row, error);
          g_prefix_error (error, "%s: ", path);
          return FALSE;
        }
    }
  return !file->source ||
         withdraw_missing (import, bst_record_type_find ("Article"), file->source, error);
}

/* Every reference must lead somewhere once all files are in. */
static gboolean check_references (Import *import,
                                  const BstRecordType *type,
                                  GVariant *doc,
                                  const char *prefix,
                                  GError **error);

static gboolean
check_reference (Import *import,
                 const BstField *field,
                 const char *id,
                 const char *prefix,
                 GError **error)
{
  g_autofree char *key = g_strconcat (field->target, "/", id, NULL);
  g_autoptr (GVariant) there = NULL;

  if (g_hash_table_contains (import->seen, key))
    return TRUE;
  there = bst_storage_get (import->storage, field->target, id, NULL);
  if (there)
    return TRUE;
  g_set_error (error, BST_ERROR, BST_ERROR_INVALID, "%s%s: there is no %s “%s”", prefix,
               field->name, field->target, id);
  return FALSE;
}

static gboolean
check_parts (Import *import,
             const BstField *field,
             GVariant *doc,
             const char *prefix,
             GError **error)
{
  g_autoptr (GVariant) value = bst_doc_lookup (doc, field->name);
  g_autofree char *inside = g_strconcat (prefix, field->name, "/", NULL);
  GVariantIter iter;
  GVariant *part;

  if (!value)
    return TRUE;
  if (field->kind == BST_FIELD_OBJECT)
    return check_references (import, field->part, value, inside, error);
  g_variant_iter_init (&iter, value);
  for (guint i = 0; i < g_variant_n_children (value); i++)
    {
      g_autoptr (GVariant) held = NULL;
      g_autofree char *path = NULL;
      const char *key = NULL;

      if (field->kind == BST_FIELD_MAP)
        g_variant_iter_next (&iter, "{&sv}", &key, &part);
      else
        g_variant_iter_next (&iter, "v", &part);
      held = part;
      path = key ? g_strdup_printf ("%s%s/", inside, key) : g_strdup_printf ("%s%u/", inside, i);
      if (!check_references (import, field->part, held, path, error))
        return FALSE;
    }
  return TRUE;
}

static gboolean
check_references (Import *import,
                  const BstRecordType *type,
                  GVariant *doc,
                  const char *prefix,
                  GError **error)
{
  for (const BstField *field = type->fields; field->name; field++)
    {
      const char *id = field->kind == BST_FIELD_REF ? bst_doc_get_string (doc, field->name) : NULL;
      g_auto (GStrv) ids =
          field->kind == BST_FIELD_REFS ? bst_doc_get_strv (doc, field->name) : NULL;

      if (id && !check_reference (import, field, id, prefix, error))
        return FALSE;
      for (guint i = 0; ids && ids[i]; i++)
        if (!check_reference (import, field, ids[i], prefix, error))
          return FALSE;
      if (field->part && !check_parts (import, field, doc, prefix, error))
        return FALSE;
    }
  return TRUE;
}

static gboolean
check_files (Import *import, char **paths, GPtrArray *files, GError **error)
{
  for (guint i = 0; i < files->len; i++)
    {
      const BstImportFile *file = files->pdata[i];

      for (guint j = 0; j < file->rows->len; j++)
        {
          const BstImportRow *row = file->rows->pdata[j];

          if (!check_references (import, row->type, row->doc, "", error))
            {
              prefix_place (row, error);
              g_prefix_error (error, "%s: ", paths[i]);
              return FALSE;
            }
        }
    }
  return TRUE;
}

static gboolean
run_import (Import *import, char **paths, GError **error)
{
  g_autoptr (GPtrArray) files =
      g_ptr_array_new_with_free_func ((GDestroyNotify) bst_import_file_free);

  for (guint i = 0; paths[i]; i++)
    if (!import_file (import, paths[i], files, error))
      return FALSE;
  if (!check_files (import, paths, files, error))
    return FALSE;
  if (import->complete)
    for (guint i = 0; import->types[i]; i++)
      if (!withdraw_missing (import, bst_record_type_find (import->types[i]), NULL, error))
        return FALSE;
  return TRUE;
}

static void
print_result (Import *import, gboolean dry_run)
{
  GVariantDict answer;

  bst_admin_print (import->admin, "%s: %u added, %u changed, %u withdrawn, %u unchanged.",
                   dry_run ? "Tried; nothing was changed" : "Imported",
                   import->counts[BST_PUT_ADDED], import->counts[BST_PUT_CHANGED],
                   import->withdrawn, import->counts[BST_PUT_SAME]);
  g_variant_dict_init (&answer, NULL);
  g_variant_dict_insert (&answer, "dryRun", "b", dry_run);
  g_variant_dict_insert (&answer, "added", "x", (gint64) import->counts[BST_PUT_ADDED]);
  g_variant_dict_insert (&answer, "changed", "x", (gint64) import->counts[BST_PUT_CHANGED]);
  g_variant_dict_insert (&answer, "withdrawn", "x", (gint64) import->withdrawn);
  g_variant_dict_insert (&answer, "unchanged", "x", (gint64) import->counts[BST_PUT_SAME]);
  bst_admin_print_json (import->admin, g_variant_dict_end (&answer));
}

static gboolean
transact (Import *import, char **paths, gboolean dry_run, GError **error)
{
  gboolean ok;

  if (!bst_storage_begin (import->storage, error))
    return FALSE;
  ok = run_import (import, paths, error);
  if (ok && !dry_run)
    ok = bst_storage_commit (import->storage, error);
  else
    bst_storage_rollback (import->storage);
  if (ok)
    print_result (import, dry_run);
  return ok;
}

static gboolean
find_kind (const char *name, Import *import, GError **error)
{
  for (guint i = 0; i < G_N_ELEMENTS (kinds); i++)
    if (strcmp (kinds[i].name, name) == 0)
      {
        import->types = kinds[i].types;
        return TRUE;
      }
  return bst_admin_usage_error (error, "“%s” is nothing that can be imported", name);
}

gboolean
bst_admin_import (BstAdmin *admin, int argc, char **argv, GError **error)
{
  gboolean dry_run = FALSE, complete = FALSE;
  g_autofree char *language = NULL;
  const GOptionEntry entries[] = { { "dry-run", 0, 0, G_OPTION_ARG_NONE, &dry_run, NULL, NULL },
                                   { "complete", 0, 0, G_OPTION_ARG_NONE, &complete, NULL, NULL },
                                   { "language", 0, 0, G_OPTION_ARG_STRING, &language, NULL, NULL },
                                   { NULL } };
  g_autoptr (BstStorage) storage = NULL;
  g_autoptr (GVariant) settings = NULL;
  g_autoptr (GHashTable) seen = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  g_autofree char *now = bst_clock_now_text (admin->clock);
  g_autofree char *today = g_strndup (now, 10);
  Import import = { .admin = admin, .seen = seen, .today = today };
  gboolean norwegian;

  if (argc > 1 && strcmp (argv[1], "cases") == 0)
    return bst_admin_import_cases (admin, argc, argv, error);
  if (!bst_admin_parse (entries, &argc, &argv, error))
    return FALSE;
  if (argc < 3)
    return bst_admin_usage_error (error, "say what to import, and a file");
  if (!find_kind (argv[1], &import, error))
    return FALSE;
  storage = bst_admin_open (admin, error);
  settings = storage ? bst_storage_get_settings (storage, error) : NULL;
  if (!settings)
    return FALSE;
  norwegian = g_strcmp0 (bst_doc_get_string (settings, "country"), "NO") == 0;
  import.storage = storage;
  import.complete = complete;
  import.language = language ? bst_text_language (language) : norwegian ? "nb" : "da";
  import.currency = norwegian ? "NOK" : "DKK";
  return transact (&import, argv + 2, dry_run, error);
}
