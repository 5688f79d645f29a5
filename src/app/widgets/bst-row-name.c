/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "bst-row-name.h"

void
bst_row_name (GtkWidget *row, const char *name, const char *description)
{
  GtkAccessible *accessible = GTK_ACCESSIBLE (row);

  gtk_accessible_reset_relation (accessible, GTK_ACCESSIBLE_RELATION_LABELLED_BY);
  gtk_accessible_update_property (accessible, GTK_ACCESSIBLE_PROPERTY_LABEL, name, -1);
  if (!description)
    return;
  gtk_accessible_reset_relation (accessible, GTK_ACCESSIBLE_RELATION_DESCRIBED_BY);
  gtk_accessible_update_property (accessible, GTK_ACCESSIBLE_PROPERTY_DESCRIPTION, description, -1);
}
