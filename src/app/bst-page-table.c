/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "bst-config.h"

#include <glib/gi18n.h>

#include "bst-page-table.h"

#include "bst-status-page.h"

/* clang-format off */
static const BstPageEntry table[] = {
  { "status", N_("Synchronisation"), NULL, bst_status_page_get_type },
};
/* clang-format on */

const BstPageEntry *
bst_page_table (gsize *ret_n)
{
  *ret_n = G_N_ELEMENTS (table);
  return table;
}

const BstPageEntry *
bst_page_table_find (const char *name)
{
  for (gsize i = 0; i < G_N_ELEMENTS (table); i++)
    if (g_strcmp0 (table[i].name, name) == 0)
      return &table[i];
  return NULL;
}
