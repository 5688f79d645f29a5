/* SPDX-License-Identifier: GPL-3.0-or-later */

/*
 * bench-fill-server FOLDER RECORDS
 *
 * Puts the requests in RECORDS (one JSON document a line) into a server's database, as an import would.
 */

#include <gio/gio.h>
#include <locale.h>
#include <stdlib.h>

#include "bst-json.h"
#include "bst-storage.h"
#include "bst-system-clock.h"

#define ROWS_AT_ONCE 5000

static gboolean
put (BstStorage *storage, const char *line, GError **error)
{
  g_autoptr (GVariant) record = bst_json_parse_object (line, -1, error);
  BstPutResult result;

  return record &&
         bst_storage_put (storage, bst_record_type_find ("Request"), record, &result, error);
}

static gboolean
fill (BstStorage *storage, GDataInputStream *lines, GError **error)
{
  for (guint n = 0;; n++)
    {
      g_autofree char *line = g_data_input_stream_read_line (lines, NULL, NULL, error);

      if (!line && error && *error)
        return FALSE;
      if (n % ROWS_AT_ONCE == 0 && !bst_storage_begin (storage, error))
        return FALSE;
      if (line && !put (storage, line, error))
        return FALSE;
      if ((!line || n % ROWS_AT_ONCE == ROWS_AT_ONCE - 1) && !bst_storage_commit (storage, error))
        return FALSE;
      if (!line)
        return TRUE;
    }
}

static gboolean
run (const char *folder, const char *records, GError **error)
{
  g_autoptr (BstStorage) storage = bst_storage_open (folder, bst_system_clock (), error);
  g_autoptr (GFile) file = g_file_new_for_path (records);
  g_autoptr (GFileInputStream) stream = storage ? g_file_read (file, NULL, error) : NULL;
  g_autoptr (GDataInputStream) lines =
      stream ? g_data_input_stream_new (G_INPUT_STREAM (stream)) : NULL;

  return lines && fill (storage, lines, error);
}

int
main (int argc, char *argv[])
{
  g_autoptr (GError) error = NULL;

  setlocale (LC_ALL, "");
  if (argc != 3)
    {
      g_printerr ("usage: bench-fill-server FOLDER RECORDS\n");
      return EXIT_FAILURE;
    }
  if (!run (argv[1], argv[2], &error))
    {
      g_printerr ("bench-fill-server: %s\n", error->message);
      return EXIT_FAILURE;
    }
  return EXIT_SUCCESS;
}
