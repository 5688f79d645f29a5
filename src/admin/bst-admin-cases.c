/* SPDX-License-Identifier: GPL-3.0-or-later */

/* bestiller-admin import cases: the history of another system (docs/import-cases.md). */

#include "bst-admin.h"

#include "bst-history-writer.h"
#include "bst-error.h"
#include "bst-json.h"

/* So many bad rows are named. */
#define NAMED_MAX 20

typedef struct
{
  char *map;
  char *time_zone;
  char *unit;
  char *service;
  gboolean dry_run;
  gboolean create_missing;
  gboolean leave_out_bad;
} Options;

static void
options_clear (Options *options)
{
  g_free (options->map);
  g_free (options->time_zone);
  g_free (options->unit);
  g_free (options->service);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Options, options_clear)

typedef struct
{
  guint rows;
  guint cases;
  guint units;
  guint services;
  BstHistoryCounts counts;
} Result;

/* ---- what is said ---- */

static void
print_problems (BstAdmin *admin, BstHistoryTable *table, guint n, GPtrArray *problems)
{
  for (guint i = 0; i < MIN (problems->len, NAMED_MAX); i++)
    {
      const BstHistoryProblem *problem = problems->pdata[i];

      g_string_append_printf (admin->err, "line %u: %s\n", problem->line, problem->reason);
    }
  if (n > NAMED_MAX)
    g_string_append_printf (admin->err, "… and %u more\n", n - NAMED_MAX);
}

static void
print_result (BstAdmin *admin, const Options *options, const Result *result, guint n_bad)
{
  const BstHistoryCounts *counts = &result->counts;
  GVariantDict answer;

  bst_admin_print (
      admin,
      "%s: %u rows, %u cases: %u added, %u changed, %u unchanged, %u kept; %u bad rows left out, "
      "%u cases with them; %u units and %u services made.",
      options->dry_run ? "Tried; nothing was changed" : "Imported", result->rows, result->cases,
      counts->added, counts->changed, counts->same, counts->kept, n_bad, counts->left_out,
      result->units, result->services);
  g_variant_dict_init (&answer, NULL);
  g_variant_dict_insert (&answer, "dryRun", "b", options->dry_run);
  g_variant_dict_insert (&answer, "rows", "x", (gint64) result->rows);
  g_variant_dict_insert (&answer, "cases", "x", (gint64) result->cases);
  g_variant_dict_insert (&answer, "added", "x", (gint64) counts->added);
  g_variant_dict_insert (&answer, "changed", "x", (gint64) counts->changed);
  g_variant_dict_insert (&answer, "unchanged", "x", (gint64) counts->same);
  g_variant_dict_insert (&answer, "kept", "x", (gint64) counts->kept);
  g_variant_dict_insert (&answer, "badRows", "x", (gint64) n_bad);
  g_variant_dict_insert (&answer, "leftOut", "x", (gint64) counts->left_out);
  g_variant_dict_insert (&answer, "units", "x", (gint64) result->units);
  g_variant_dict_insert (&answer, "services", "x", (gint64) result->services);
  bst_admin_print_json (admin, g_variant_dict_end (&answer));
}

/* ---- reading ---- */

static BstHistoryMap *
read_map (const Options *options, BstCsvReader *reader, GError **error)
{
  g_autofree char *text = NULL;
  g_autoptr (GVariant) doc = NULL;
  gboolean has_header;
  gsize len;

  if (!g_file_get_contents (options->map, &text, &len, error))
    return NULL;
  doc = bst_json_parse_object (text, (gssize) len, error);
  if (!doc)
    {
      g_prefix_error (error, "%s: ", options->map);
      return NULL;
    }
  if (!bst_csv_reader_next (reader, &has_header, error))
    return NULL;
  if (has_header)
    return bst_history_map_new (doc, options->time_zone, reader, error);
  g_set_error (error, BST_ERROR, BST_ERROR_INVALID, "the file is empty");
  return NULL;
}

static gboolean
read_rows (BstHistoryTable *table, BstCsvReader *reader, GError **error)
{
  gboolean row = TRUE;

  while (row)
    {
      if (!bst_csv_reader_next (reader, &row, error))
        return FALSE;
      if (row)
        bst_history_table_add (table, reader);
    }
  bst_history_table_sort (table);
  return TRUE;
}

/* ---- writing ---- */

static gboolean
write_cases (BstStorage *storage,
             const Options *options,
             BstHistoryMap *map,
             BstHistoryTable *table,
             Result *result,
             GError **error)
{
  g_autoptr (BstHistoryNames) units = bst_history_names_new (
      storage, "OrgUnit", map->source, options->unit, options->create_missing, error);
  g_autoptr (BstHistoryNames) services =
      units ? bst_history_names_new (storage, "Service", map->source, options->service,
                                     options->create_missing, error)
            : NULL;

  if (!services ||
      !bst_history_write_all (storage, map, table, units, services, &result->counts, error))
    return FALSE;
  result->units = bst_history_names_made (units);
  result->services = bst_history_names_made (services);
  result->rows = bst_history_table_n_rows (table);
  result->cases = bst_history_table_n_cases (table);
  return TRUE;
}

/* All or nothing; a row that was left out knowingly is not missing. */
static gboolean
transact (BstAdmin *admin,
          BstStorage *storage,
          const Options *options,
          BstHistoryMap *map,
          BstHistoryTable *table,
          GError **error)
{
  Result result = { 0 };
  GPtrArray *problems;
  gboolean good;
  guint n_bad;

  if (!bst_storage_begin (storage, error))
    return FALSE;
  good = write_cases (storage, options, map, table, &result, error);
  problems = bst_history_table_problems (table, &n_bad);
  if (good)
    print_problems (admin, table, n_bad, problems);
  if (good && n_bad > 0 && !options->leave_out_bad)
    {
      g_set_error (error, BST_ERROR, BST_ERROR_INVALID,
                   "%u of %u rows cannot be taken; nothing was imported", n_bad, result.rows);
      good = FALSE;
    }
  if (!good || options->dry_run)
    bst_storage_rollback (storage);
  else
    good = bst_storage_commit (storage, error);
  if (good)
    print_result (admin, options, &result, n_bad);
  return good;
}

static gboolean
import_file (BstAdmin *admin, const char *path, const Options *options, GError **error)
{
  g_autoptr (GMappedFile) file = g_mapped_file_new (path, FALSE, error);
  g_autoptr (BstCsvReader) reader = NULL;
  g_autoptr (BstHistoryMap) map = NULL;
  g_autoptr (BstHistoryTable) table = NULL;
  g_autoptr (BstStorage) storage = NULL;

  if (!file)
    return FALSE;
  reader = bst_csv_reader_new (g_mapped_file_get_contents (file), g_mapped_file_get_length (file),
                               error);
  map = reader ? read_map (options, reader, error) : NULL;
  if (!map)
    return FALSE;
  storage = bst_admin_open (admin, error);
  table = bst_history_table_new (map, bst_clock_now (admin->clock));
  return storage && read_rows (table, reader, error) &&
         transact (admin, storage, options, map, table, error);
}

gboolean
bst_admin_import_cases (BstAdmin *admin, int argc, char **argv, GError **error)
{
  g_auto (Options) options = { NULL };
  const GOptionEntry entries[] = {
    { "map", 0, 0, G_OPTION_ARG_FILENAME, &options.map, NULL, NULL },
    { "time-zone", 0, 0, G_OPTION_ARG_STRING, &options.time_zone, NULL, NULL },
    { "unit", 0, 0, G_OPTION_ARG_STRING, &options.unit, NULL, NULL },
    { "service", 0, 0, G_OPTION_ARG_STRING, &options.service, NULL, NULL },
    { "dry-run", 0, 0, G_OPTION_ARG_NONE, &options.dry_run, NULL, NULL },
    { "create-missing", 0, 0, G_OPTION_ARG_NONE, &options.create_missing, NULL, NULL },
    { "leave-out-bad", 0, 0, G_OPTION_ARG_NONE, &options.leave_out_bad, NULL, NULL },
    { NULL }
  };

  if (!bst_admin_parse (entries, &argc, &argv, error))
    return FALSE;
  if (argc != 3 || !options.map)
    return bst_admin_usage_error (error, "a file with cases and --map FILE are wanted");
  if (import_file (admin, argv[2], &options, error))
    return TRUE;
  if (error && *error && (*error)->domain == BST_ERROR)
    g_prefix_error (error, "%s: ", argv[2]);
  return FALSE;
}
