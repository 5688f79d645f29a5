/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gtk/gtk.h>

G_BEGIN_DECLS

/**
 * BstActionEntry: an action with keys. The accelerators and the page of keyboard shortcuts are both made from this table.
 * @action: detailed name
 * @accels: separated by spaces
 * @title, @group: English, marked for translation; entries of one group stand together
 */
typedef struct
{
  const char *action;
  const char *accels;
  const char *title;
  const char *group;
} BstActionEntry;

const BstActionEntry *bst_actions (gsize *ret_n);
void bst_actions_add_accels (GtkApplication *application);

G_END_DECLS
