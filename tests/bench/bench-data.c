/* SPDX-License-Identifier: GPL-3.0-or-later */

/*
 * bench-data requests|services NUMBER SAMPLE-FOLDER
 *
 * Writes made-up records, one JSON document a line: what the server, the stores and the peers are filled with.
 */

#include <locale.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "bst-json.h"
#include "bst-make-requests.h"

#define SEED 1

static void
print_record (GVariant *record)
{
  g_autofree char *json = bst_json_print (record);

  puts (json);
}

int
main (int argc, char *argv[])
{
  g_autoptr (GError) error = NULL;
  g_autoptr (BstRequestMaker) maker = NULL;
  GVariant *(*make) (BstRequestMaker *, guint) = bst_request_maker_make;

  setlocale (LC_ALL, "");
  if (argc != 4)
    {
      g_printerr ("usage: bench-data requests|services NUMBER SAMPLE-FOLDER\n");
      return EXIT_FAILURE;
    }
  maker = bst_request_maker_new (argv[3], SEED, &error);
  if (!maker)
    {
      g_printerr ("bench-data: %s\n", error->message);
      return EXIT_FAILURE;
    }
  if (strcmp (argv[1], "services") == 0)
    make = bst_request_maker_make_service;
  for (guint i = 0; i < (guint) atoi (argv[2]); i++)
    {
      g_autoptr (GVariant) record = make (maker, i);

      print_record (record);
    }
  return EXIT_SUCCESS;
}
