/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "bst-config.h"

#include <glib/gi18n.h>

#include "bst-actions.h"

#include "bst-page-table.h"

/* clang-format off */
static const BstActionEntry table[] = {
  { "win.new-order", "<Control>n", N_("New order"), N_("Orders") },
  { "win.search", "<Control>f", N_("Search"), N_("Orders") },
  { "win.export::xlsx", "<Control><Shift>e", N_("Export as a spreadsheet"), N_("Orders") },
  { "win.synchronise", "F5", N_("Synchronise now"), N_("Orders") },
  { "win.back", "<Alt>Left", N_("Back"), N_("Going about") },
  { "app.preferences", "<Control>comma", N_("Preferences"), N_("Bestiller") },
  { "app.shortcuts", "<Control>question", N_("Keyboard shortcuts"), N_("Bestiller") },
  { "window.close", "<Control>w", N_("Close the window"), N_("Bestiller") },
  { "app.quit", "<Control>q", N_("Quit"), N_("Bestiller") },
};
/* clang-format on */

const BstActionEntry *
bst_actions (gsize *ret_n)
{
  *ret_n = G_N_ELEMENTS (table);
  return table;
}

void
bst_actions_add_accels (GtkApplication *application)
{
  gsize n_pages;
  const BstPageEntry *pages = bst_page_table (&n_pages);
  int position = 0;

  for (gsize i = 0; i < G_N_ELEMENTS (table); i++)
    {
      g_auto (GStrv) accels = g_strsplit (table[i].accels, " ", -1);

      gtk_application_set_accels_for_action (application, table[i].action,
                                             (const char *const *) accels);
    }
  for (gsize i = 0; i < n_pages; i++)
    if (pages[i].icon)
      {
        g_autofree char *action = g_strdup_printf ("win.page(%d)", ++position);
        g_autofree char *accel = g_strdup_printf ("<Control>%d", position);

        gtk_application_set_accels_for_action (application, action,
                                               (const char *const[]){ accel, NULL });
      }
}
