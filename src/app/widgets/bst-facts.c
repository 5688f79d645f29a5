/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "bst-facts.h"

struct _BstFacts
{
  GtkBox parent_instance;

  GtkWidget *heading;
  GtkWidget *card;
};

G_DEFINE_FINAL_TYPE (BstFacts, bst_facts, GTK_TYPE_BOX)

typedef enum
{
  PROP_HEADING = 1,
  N_PROPS
} BstFactsProperty;

static GParamSpec *properties[N_PROPS];

static void
bst_facts_set_property (GObject *object, guint id, const GValue *value, GParamSpec *pspec)
{
  if (id == PROP_HEADING)
    bst_facts_set_heading (BST_FACTS (object), g_value_get_string (value));
  else
    G_OBJECT_WARN_INVALID_PROPERTY_ID (object, id, pspec);
}

static void
bst_facts_class_init (BstFactsClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);

  object_class->set_property = bst_facts_set_property;
  properties[PROP_HEADING] =
      g_param_spec_string ("heading", NULL, NULL, NULL, G_PARAM_WRITABLE | G_PARAM_STATIC_STRINGS);
  g_object_class_install_properties (object_class, N_PROPS, properties);
}

static void
bst_facts_init (BstFacts *self)
{
  gtk_orientable_set_orientation (GTK_ORIENTABLE (self), GTK_ORIENTATION_VERTICAL);
  gtk_box_set_spacing (GTK_BOX (self), 6);
  self->heading = gtk_label_new (NULL);
  gtk_label_set_xalign (GTK_LABEL (self->heading), 0);
  gtk_widget_add_css_class (self->heading, "heading");
  gtk_widget_set_visible (self->heading, FALSE);
  self->card = gtk_box_new (GTK_ORIENTATION_VERTICAL, 0);
  gtk_widget_add_css_class (self->card, "card");
  gtk_widget_add_css_class (self->card, "facts");
  gtk_widget_set_visible (GTK_WIDGET (self), FALSE);
  gtk_box_append (GTK_BOX (self), self->heading);
  gtk_box_append (GTK_BOX (self), self->card);
}

static GtkWidget *
new_label (const char *text, const char *css_class)
{
  GtkWidget *label = gtk_label_new (text);

  gtk_label_set_xalign (GTK_LABEL (label), 0);
  gtk_label_set_wrap (GTK_LABEL (label), TRUE);
  gtk_label_set_wrap_mode (GTK_LABEL (label), PANGO_WRAP_WORD_CHAR);
  if (css_class)
    gtk_widget_add_css_class (label, css_class);
  return label;
}

/* ---- public ---- */

void
bst_facts_clear (BstFacts *self)
{
  GtkWidget *child;

  while ((child = gtk_widget_get_first_child (self->card)))
    gtk_box_remove (GTK_BOX (self->card), child);
  gtk_widget_set_visible (GTK_WIDGET (self), FALSE);
}

void
bst_facts_add (BstFacts *self, const char *name, const char *value, const char *detail)
{
  GtkWidget *row;
  GtkWidget *name_label;
  GtkWidget *value_label;

  if (!value || !*value)
    return;
  row = gtk_box_new (GTK_ORIENTATION_VERTICAL, 1);
  name_label = new_label (name, "caption");
  value_label = new_label (value, NULL);
  gtk_widget_add_css_class (name_label, "dim-label");
  gtk_label_set_selectable (GTK_LABEL (value_label), TRUE);
  gtk_widget_set_can_focus (value_label, FALSE);
  gtk_widget_add_css_class (row, "fact");
  gtk_box_append (GTK_BOX (row), name_label);
  gtk_box_append (GTK_BOX (row), value_label);
  if (detail && *detail)
    {
      GtkWidget *detail_label = new_label (detail, "caption");

      gtk_widget_add_css_class (detail_label, "dim-label");
      gtk_box_append (GTK_BOX (row), detail_label);
    }
  gtk_box_append (GTK_BOX (self->card), row);
  gtk_widget_set_visible (GTK_WIDGET (self), TRUE);
}

void
bst_facts_set_heading (BstFacts *self, const char *heading)
{
  gtk_label_set_label (GTK_LABEL (self->heading), heading ? heading : "");
  gtk_widget_set_visible (self->heading, heading != NULL);
}
