/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "bst-config.h"

#include <glib/gi18n.h>

#include "bst-status-page.h"

struct _BstStatusPage
{
  BstPage parent_instance;

  AdwPreferencesGroup *state_group;
};

G_DEFINE_FINAL_TYPE (BstStatusPage, bst_status_page, BST_TYPE_PAGE)

static void
bst_status_page_class_init (BstStatusPageClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  gtk_widget_class_set_template_from_resource (widget_class,
                                               "/org/bestiller/Bestiller/bst-status-page.ui");
  gtk_widget_class_bind_template_child (widget_class, BstStatusPage, state_group);
}

static void
bst_status_page_init (BstStatusPage *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
}
