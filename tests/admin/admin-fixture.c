/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "admin-fixture.h"

#include "bst-json.h"
#include "bst-system-clock.h"

#include <glib/gstdio.h>

BstAdminExit
run (Fixture *fixture, ...)
{
  g_autoptr (GPtrArray) owned = g_ptr_array_new_with_free_func (g_free);
  g_autoptr (GPtrArray) argv = NULL;
  const char *argument;
  va_list args;

  g_ptr_array_add (owned, g_strdup ("bestiller-admin"));
  g_ptr_array_add (owned, g_strdup ("--data"));
  g_ptr_array_add (owned, g_strdup (fixture->data));
  va_start (args, fixture);
  while ((argument = va_arg (args, const char *)))
    g_ptr_array_add (owned, g_strdup (argument));
  va_end (args);
  /* Parsing takes options out of argv; the strings stay ours. */
  argv = g_ptr_array_copy (owned, NULL, NULL);
  g_ptr_array_set_free_func (argv, NULL);
  g_ptr_array_add (argv, NULL);
  g_string_truncate (fixture->out, 0);
  g_string_truncate (fixture->err, 0);
  return bst_admin_run ((int) argv->len - 1, (char **) argv->pdata, bst_system_clock (),
                        fixture->out, fixture->err);
}

GVariant *
answer (Fixture *fixture)
{
  g_autoptr (GError) error = NULL;
  GVariant *value = bst_json_parse (fixture->out->str, -1, &error);

  g_assert_no_error (error);
  return value;
}

char *
write_file (Fixture *fixture, const char *name, const char *text)
{
  char *path = g_build_filename (fixture->directory, name, NULL);
  g_autoptr (GError) error = NULL;

  g_file_set_contents (path, text, -1, &error);
  g_assert_no_error (error);
  return path;
}

char *
sample (const char *country, const char *file)
{
  return g_build_filename (g_getenv ("BST_DATA"), "sample", country, file, NULL);
}

void
set_up (Fixture *fixture, gconstpointer unused)
{
  fixture->directory = g_dir_make_tmp ("bestiller-admin-XXXXXX", NULL);
  fixture->data = g_build_filename (fixture->directory, "data", NULL);
  fixture->out = g_string_new (NULL);
  fixture->err = g_string_new (NULL);
  assert_run (fixture, BST_ADMIN_OK, "init", "Eksempel Kommune", "--country", "DK", "--id",
              "dk-eksempel");
}

static void
remove_tree (const char *path)
{
  g_autoptr (GDir) dir = g_dir_open (path, 0, NULL);
  const char *name;

  while (dir && (name = g_dir_read_name (dir)))
    {
      g_autofree char *inner = g_build_filename (path, name, NULL);

      remove_tree (inner);
    }
  g_remove (path);
}

void
tear_down (Fixture *fixture, gconstpointer unused)
{
  remove_tree (fixture->directory);
  g_free (fixture->directory);
  g_free (fixture->data);
  g_string_free (fixture->out, TRUE);
  g_string_free (fixture->err, TRUE);
}

void
import_sample (Fixture *fixture, const char *country)
{
  g_autofree char *org = sample (country, "org.json");
  g_autofree char *people = sample (country, "people.json");
  g_autofree char *calendar = sample (country, "calendar.json");
  g_autofree char *catalogue = sample (country, "catalogue.json");
  g_autofree char *notices = sample (country, "notices.json");
  g_autofree char *agreements = sample (country, "agreements.json");
  g_autofree char *budgets = sample (country, "budgets.json");

  assert_run (fixture, BST_ADMIN_OK, "import", "all", org, people, calendar, catalogue, notices,
              agreements, budgets);
}
