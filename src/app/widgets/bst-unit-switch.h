/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gtk/gtk.h>

#include "bst-session.h"

G_BEGIN_DECLS

/* Narrows lists to one of the units that one orders for, or to one of the departments that one sees; only there when there are several. */
#define BST_TYPE_UNIT_SWITCH (bst_unit_switch_get_type ())
G_DECLARE_FINAL_TYPE (BstUnitSwitch, bst_unit_switch, BST, UNIT_SWITCH, GtkWidget)

void bst_unit_switch_set_session (BstUnitSwitch *self, BstSession *session);

G_END_DECLS
