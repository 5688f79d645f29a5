/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "bst-config.h"

#include "bst-banner.h"

struct _BstBanner
{
  GtkWidget parent_instance;

  GtkRevealer *revealer;
  GtkLabel *label;
  GtkButton *button;
};

G_DEFINE_FINAL_TYPE (BstBanner, bst_banner, GTK_TYPE_WIDGET)

static void
bst_banner_dispose (GObject *object)
{
  BstBanner *self = BST_BANNER (object);
  GtkWidget *revealer = GTK_WIDGET (self->revealer);

  if (revealer)
    gtk_widget_unparent (revealer);
  self->revealer = NULL;
  G_OBJECT_CLASS (bst_banner_parent_class)->dispose (object);
}

static void
bst_banner_class_init (BstBannerClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = bst_banner_dispose;
  gtk_widget_class_set_layout_manager_type (widget_class, GTK_TYPE_BIN_LAYOUT);
  gtk_widget_class_set_accessible_role (widget_class, GTK_ACCESSIBLE_ROLE_STATUS);
  gtk_widget_class_set_template_from_resource (widget_class,
                                               "/org/bestiller/Bestiller/bst-banner.ui");
  gtk_widget_class_bind_template_child (widget_class, BstBanner, revealer);
  gtk_widget_class_bind_template_child (widget_class, BstBanner, label);
  gtk_widget_class_bind_template_child (widget_class, BstBanner, button);
}

static void
bst_banner_init (BstBanner *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
}

void
bst_banner_show (BstBanner *self, const char *text, const char *button, const char *action)
{
  gtk_revealer_set_reveal_child (self->revealer, text != NULL);
  if (!text)
    return;
  gtk_label_set_label (self->label, text);
  gtk_accessible_update_property (GTK_ACCESSIBLE (self), GTK_ACCESSIBLE_PROPERTY_LABEL, text, -1);
  gtk_widget_set_visible (GTK_WIDGET (self->button), button != NULL);
  gtk_button_set_label (self->button, button ? button : "");
  gtk_actionable_set_detailed_action_name (GTK_ACTIONABLE (self->button), action);
}

const char *
bst_banner_get_text (BstBanner *self)
{
  return gtk_revealer_get_reveal_child (self->revealer) ? gtk_label_get_label (self->label) : NULL;
}
