/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Runs a fuzz target over every file of a folder, and over every beginning of it: no fuzzer needed. */

#include "bst-fuzz.h"

static guint
replay_file (const char *path)
{
  g_autofree char *text = NULL;
  gsize len;

  if (!g_file_get_contents (path, &text, &len, NULL))
    return 0;
  for (gsize cut = 0; cut <= len; cut += cut < 512 ? 1 : 97)
    {
      g_autofree guint8 *copy = g_memdup2 (text, cut ? cut : 1);

      LLVMFuzzerTestOneInput (copy, cut);
    }
  LLVMFuzzerTestOneInput ((const guint8 *) text, len);
  return 1;
}

int
main (int argc, char *argv[])
{
  g_autoptr (GError) error = NULL;
  g_autoptr (GDir) folder = g_dir_open (argv[1], 0, &error);
  const char *name;
  guint n = 0;

  if (!folder)
    g_error ("%s", error->message);
  while ((name = g_dir_read_name (folder)))
    {
      g_autofree char *path = g_build_filename (argv[1], name, NULL);

      n += replay_file (path);
    }
  g_print ("1..1\n%s 1 - %u files replayed\n", n ? "ok" : "not ok", n);
  return n ? 0 : 1;
}
