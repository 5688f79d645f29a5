/* SPDX-License-Identifier: GPL-3.0-or-later */

/*
 * bench-fill-store FOLDER ACCOUNT (TYPE RECORDS)…
 *
 * Puts records (one JSON document a line) into the application's local database, through the same door as
 * the server's answers: pages of Record/changes.
 */

#include <locale.h>
#include <stdlib.h>
#include <string.h>

#include "bst-store.h"
#include "bst-system-clock.h"

#define PAGE 5000

typedef struct
{
  BstStore *store;
  const char *type;
  const char *account;
  guint page;
} Filling;

static gboolean
begin (Filling *filling, GError **error)
{
  GVariantDict account, accounts;
  g_autoptr (GVariant) held = NULL;

  g_variant_dict_init (&account, NULL);
  g_variant_dict_insert (&account, "initialState", "s", "e.r.0");
  g_variant_dict_init (&accounts, NULL);
  g_variant_dict_insert_value (&accounts, filling->account, g_variant_dict_end (&account));
  held = g_variant_ref_sink (g_variant_dict_end (&accounts));
  return bst_store_set_accounts (filling->store, held, error);
}

static gboolean
apply (Filling *filling, GPtrArray *records, gboolean more, GError **error)
{
  g_autofree char *joined = NULL;
  g_autoptr (GPtrArray) pages = NULL;
  g_autoptr (GBytes) bytes = NULL;
  g_autoptr (GString) response = g_string_new ("{\"methodResponses\":[[\"Record/changes\",{");

  g_ptr_array_add (records, NULL);
  joined = g_strjoinv (",", (char **) records->pdata);
  g_string_append_printf (response,
                          "\"accountId\":\"%s\",\"oldState\":\"e.r.%u\",\"newState\":\"e.r.%u\","
                          "\"hasMoreChanges\":%s,\"records\":{\"%s\":[",
                          filling->account, filling->page, filling->page + 1,
                          more ? "true" : "false", filling->type);
  g_string_append (response, joined);
  g_string_append (response, "]},\"destroyed\":{}},\"c0\"]],\"sessionState\":\"s\"}");
  bytes = g_bytes_new (response->str, response->len);
  filling->page++;
  pages = bst_store_apply_response (filling->store, bytes, error);
  g_ptr_array_set_size (records, 0);
  return pages != NULL;
}

static gboolean
fill (Filling *filling, GDataInputStream *lines, GError **error)
{
  g_autoptr (GPtrArray) records = g_ptr_array_new_with_free_func (g_free);

  for (;;)
    {
      g_autoptr (GError) failure = NULL;
      char *line = g_data_input_stream_read_line (lines, NULL, NULL, &failure);

      if (failure)
        {
          g_propagate_error (error, g_steal_pointer (&failure));
          return FALSE;
        }
      if (!line)
        return apply (filling, records, FALSE, error);
      if (records->len == PAGE && !apply (filling, records, TRUE, error))
        return FALSE;
      g_ptr_array_add (records, line);
    }
}

static gboolean
fill_from (Filling *filling, const char *type, const char *path, GError **error)
{
  g_autoptr (GFile) file = g_file_new_for_path (path);
  g_autoptr (GFileInputStream) stream = g_file_read (file, NULL, error);
  g_autoptr (GDataInputStream) lines =
      stream ? g_data_input_stream_new (G_INPUT_STREAM (stream)) : NULL;

  filling->type = type;
  return lines && fill (filling, lines, error);
}

static gboolean
run (char *argv[], GError **error)
{
  BstStore *store = bst_store_open (argv[1], bst_system_clock (), error);
  Filling filling = { store, NULL, argv[2], 0 };
  gboolean good = store && begin (&filling, error);

  for (char **pair = argv + 3; good && *pair; pair += 2)
    good = fill_from (&filling, pair[0], pair[1], error);
  if (store)
    bst_store_close (store);
  return good;
}

int
main (int argc, char *argv[])
{
  g_autoptr (GError) error = NULL;

  setlocale (LC_ALL, "");
  if (argc < 5 || argc % 2 == 0)
    {
      g_printerr ("usage: bench-fill-store FOLDER ACCOUNT (TYPE RECORDS)…\n");
      return EXIT_FAILURE;
    }
  if (!run (argv, &error))
    {
      g_printerr ("bench-fill-store: %s\n", error->message);
      return EXIT_FAILURE;
    }
  return EXIT_SUCCESS;
}
