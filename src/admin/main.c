/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "bst-admin.h"
#include "bst-system-clock.h"

#include <locale.h>
#include <stdio.h>

int
main (int argc, char **argv)
{
  g_autoptr (GString) out = g_string_new (NULL);
  g_autoptr (GString) err = g_string_new (NULL);
  BstAdminExit code;

  setlocale (LC_ALL, "");
  code = bst_admin_run (argc, argv, bst_system_clock (), out, err);
  fwrite (out->str, 1, out->len, stdout);
  fwrite (err->str, 1, err->len, stderr);
  if (fflush (stdout) != 0 && code == BST_ADMIN_OK)
    code = BST_ADMIN_STORAGE;
  return code;
}
