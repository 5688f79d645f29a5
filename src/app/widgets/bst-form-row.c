/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "bst-form-row.h"

struct _BstFormRow
{
  GtkBox parent_instance;

  GtkWidget *label;
  GtkWidget *help;
  GtkWidget *problem_box;
  GtkWidget *problem;
  GtkWidget *control;
  GtkWidget *named; /* the control, or the entry inside it */
};

static void buildable_init (GtkBuildableIface *iface);
static GtkBuildableIface *parent_buildable;

G_DEFINE_FINAL_TYPE_WITH_CODE (BstFormRow,
                               bst_form_row,
                               GTK_TYPE_BOX,
                               G_IMPLEMENT_INTERFACE (GTK_TYPE_BUILDABLE, buildable_init))

typedef enum
{
  PROP_LABEL = 1,
  PROP_HELP,
  N_PROPS
} BstFormRowProperty;

static GParamSpec *properties[N_PROPS];

static void
set_text (GtkWidget *label, const char *text)
{
  gtk_label_set_label (GTK_LABEL (label), text ? text : "");
  gtk_widget_set_visible (label, text && *text);
}

static void
name_control (BstFormRow *self)
{
  const char *name = gtk_label_get_label (GTK_LABEL (self->label));
  const char *problem = gtk_label_get_label (GTK_LABEL (self->problem));
  const char *help = gtk_label_get_label (GTK_LABEL (self->help));

  if (!self->named)
    return;
  if (*name)
    gtk_accessible_update_property (GTK_ACCESSIBLE (self->named), GTK_ACCESSIBLE_PROPERTY_LABEL,
                                    name, -1);
  gtk_accessible_update_property (GTK_ACCESSIBLE (self->named), GTK_ACCESSIBLE_PROPERTY_DESCRIPTION,
                                  *problem ? problem : help, -1);
  gtk_accessible_update_state (
      GTK_ACCESSIBLE (self->named), GTK_ACCESSIBLE_STATE_INVALID,
      *problem ? GTK_ACCESSIBLE_INVALID_TRUE : GTK_ACCESSIBLE_INVALID_FALSE, -1);
}

static void
bst_form_row_get_property (GObject *object, guint id, GValue *value, GParamSpec *pspec)
{
  BstFormRow *self = BST_FORM_ROW (object);

  switch ((BstFormRowProperty) id)
    {
    case PROP_LABEL:
      g_value_set_string (value, gtk_label_get_label (GTK_LABEL (self->label)));
      break;
    case PROP_HELP:
      g_value_set_string (value, gtk_label_get_label (GTK_LABEL (self->help)));
      break;
    case N_PROPS:
    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, id, pspec);
    }
}

static void
bst_form_row_set_property (GObject *object, guint id, const GValue *value, GParamSpec *pspec)
{
  BstFormRow *self = BST_FORM_ROW (object);

  switch ((BstFormRowProperty) id)
    {
    case PROP_LABEL:
      set_text (self->label, g_value_get_string (value));
      break;
    case PROP_HELP:
      set_text (self->help, g_value_get_string (value));
      break;
    case N_PROPS:
    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, id, pspec);
    }
  name_control (self);
}

static void
bst_form_row_add_child (GtkBuildable *buildable,
                        GtkBuilder *builder,
                        GObject *child,
                        const char *type)
{
  BstFormRow *self = BST_FORM_ROW (buildable);

  if (self->problem && GTK_IS_WIDGET (child))
    bst_form_row_set_control (self, GTK_WIDGET (child));
  else
    parent_buildable->add_child (buildable, builder, child, type);
}

static void
buildable_init (GtkBuildableIface *iface)
{
  parent_buildable = g_type_interface_peek_parent (iface);
  iface->add_child = bst_form_row_add_child;
}

static void
bst_form_row_class_init (BstFormRowClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  const GParamFlags flags = G_PARAM_READWRITE | G_PARAM_STATIC_STRINGS;

  object_class->get_property = bst_form_row_get_property;
  object_class->set_property = bst_form_row_set_property;
  properties[PROP_LABEL] = g_param_spec_string ("label", NULL, NULL, NULL, flags);
  properties[PROP_HELP] = g_param_spec_string ("help", NULL, NULL, NULL, flags);
  g_object_class_install_properties (object_class, N_PROPS, properties);
}

static GtkWidget *
new_label (const char *css_class)
{
  GtkWidget *label = gtk_label_new (NULL);

  gtk_label_set_wrap (GTK_LABEL (label), TRUE);
  gtk_label_set_xalign (GTK_LABEL (label), 0);
  gtk_widget_add_css_class (label, css_class);
  return label;
}

static void
bst_form_row_init (BstFormRow *self)
{
  GtkWidget *icon = gtk_image_new_from_icon_name ("dialog-warning-symbolic");

  gtk_orientable_set_orientation (GTK_ORIENTABLE (self), GTK_ORIENTATION_VERTICAL);
  gtk_box_set_spacing (GTK_BOX (self), 4);
  self->label = new_label ("caption-heading");
  self->help = new_label ("caption");
  gtk_widget_add_css_class (self->help, "dim-label");
  gtk_widget_set_visible (self->help, FALSE);
  self->problem = new_label ("caption");
  self->problem_box = gtk_box_new (GTK_ORIENTATION_HORIZONTAL, 6);
  gtk_widget_add_css_class (self->problem_box, "error");
  gtk_box_append (GTK_BOX (self->problem_box), icon);
  gtk_box_append (GTK_BOX (self->problem_box), self->problem);
  gtk_widget_set_visible (self->problem_box, FALSE);
  gtk_box_append (GTK_BOX (self), self->label);
  gtk_box_append (GTK_BOX (self), self->help);
  gtk_box_append (GTK_BOX (self), self->problem_box);
}

/* ---- public ---- */

BstFormRow *
bst_form_row_new (const char *label, const char *help, GtkWidget *control)
{
  BstFormRow *self = g_object_new (BST_TYPE_FORM_ROW, "label", label, "help", help, NULL);

  bst_form_row_set_control (self, control);
  return self;
}

void
bst_form_row_set_control (BstFormRow *self, GtkWidget *control)
{
  self->control = control;
  self->named = control;
  gtk_box_insert_child_after (GTK_BOX (self), control, self->label);
  name_control (self);
}

void
bst_form_row_name (BstFormRow *self, GtkWidget *inner)
{
  self->named = inner;
  name_control (self);
}

GtkWidget *
bst_form_row_get_control (BstFormRow *self)
{
  return self->control;
}

void
bst_form_row_set_problem (BstFormRow *self, const char *text)
{
  if (g_strcmp0 (gtk_label_get_label (GTK_LABEL (self->problem)), text ? text : "") == 0)
    return;
  gtk_label_set_label (GTK_LABEL (self->problem), text ? text : "");
  gtk_widget_set_visible (self->problem_box, text != NULL);
  if (self->control && text)
    gtk_widget_add_css_class (self->control, "error");
  else if (self->control)
    gtk_widget_remove_css_class (self->control, "error");
  name_control (self);
}
