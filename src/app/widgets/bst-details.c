/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "bst-details.h"

struct _BstDetails
{
  GtkBox parent_instance;

  GtkWidget *button;
  GtkWidget *arrow;
  GtkWidget *label;
  GtkWidget *child;
};

G_DEFINE_FINAL_TYPE (BstDetails, bst_details, GTK_TYPE_BOX)

typedef enum
{
  PROP_LABEL = 1,
  PROP_CHILD,
  N_PROPS
} BstDetailsProperty;

static GParamSpec *properties[N_PROPS];

static void
toggled_cb (GtkToggleButton *button, BstDetails *self)
{
  gboolean open = gtk_toggle_button_get_active (button);

  gtk_image_set_from_icon_name (GTK_IMAGE (self->arrow),
                                open ? "pan-down-symbolic" : "pan-end-symbolic");
  gtk_accessible_update_state (GTK_ACCESSIBLE (button), GTK_ACCESSIBLE_STATE_EXPANDED, open, -1);
  if (self->child)
    gtk_widget_set_visible (self->child, open);
}

static void
bst_details_get_property (GObject *object, guint id, GValue *value, GParamSpec *pspec)
{
  BstDetails *self = BST_DETAILS (object);

  switch ((BstDetailsProperty) id)
    {
    case PROP_LABEL:
      g_value_set_string (value, gtk_label_get_label (GTK_LABEL (self->label)));
      break;
    case PROP_CHILD:
      g_value_set_object (value, self->child);
      break;
    case N_PROPS:
    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, id, pspec);
    }
}

static void
bst_details_set_property (GObject *object, guint id, const GValue *value, GParamSpec *pspec)
{
  BstDetails *self = BST_DETAILS (object);

  switch ((BstDetailsProperty) id)
    {
    case PROP_LABEL:
      gtk_label_set_label (GTK_LABEL (self->label), g_value_get_string (value));
      gtk_accessible_update_property (GTK_ACCESSIBLE (self->button), GTK_ACCESSIBLE_PROPERTY_LABEL,
                                      g_value_get_string (value), -1);
      break;
    case PROP_CHILD:
      if (self->child)
        gtk_box_remove (GTK_BOX (self), self->child);
      self->child = g_value_get_object (value);
      if (self->child)
        gtk_box_append (GTK_BOX (self), self->child);
      toggled_cb (GTK_TOGGLE_BUTTON (self->button), self);
      break;
    case N_PROPS:
    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, id, pspec);
    }
}

static void
bst_details_class_init (BstDetailsClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);

  object_class->get_property = bst_details_get_property;
  object_class->set_property = bst_details_set_property;
  properties[PROP_LABEL] =
      g_param_spec_string ("label", NULL, NULL, NULL, G_PARAM_READWRITE | G_PARAM_STATIC_STRINGS);
  properties[PROP_CHILD] = g_param_spec_object ("child", NULL, NULL, GTK_TYPE_WIDGET,
                                                G_PARAM_READWRITE | G_PARAM_STATIC_STRINGS);
  g_object_class_install_properties (object_class, N_PROPS, properties);
}

static void
bst_details_init (BstDetails *self)
{
  GtkWidget *box = gtk_box_new (GTK_ORIENTATION_HORIZONTAL, 6);

  gtk_orientable_set_orientation (GTK_ORIENTABLE (self), GTK_ORIENTATION_VERTICAL);
  gtk_box_set_spacing (GTK_BOX (self), 6);
  self->button = gtk_toggle_button_new ();
  self->arrow = gtk_image_new ();
  self->label = gtk_label_new (NULL);
  gtk_box_append (GTK_BOX (box), self->arrow);
  gtk_box_append (GTK_BOX (box), self->label);
  gtk_button_set_child (GTK_BUTTON (self->button), box);
  gtk_widget_add_css_class (self->button, "flat");
  gtk_widget_add_css_class (self->button, "details");
  gtk_widget_set_halign (self->button, GTK_ALIGN_START);
  g_signal_connect (self->button, "toggled", G_CALLBACK (toggled_cb), self);
  gtk_box_append (GTK_BOX (self), self->button);
  toggled_cb (GTK_TOGGLE_BUTTON (self->button), self);
}

GtkWidget *
bst_details_new (const char *label, GtkWidget *child)
{
  return g_object_new (BST_TYPE_DETAILS, "label", label, "child", child, NULL);
}
