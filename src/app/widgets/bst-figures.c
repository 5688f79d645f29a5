/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "bst-figures.h"
#include "bst-whole-text.h"

struct _BstFigures
{
  GtkWidget parent_instance;

  GtkWidget *grid;
  int n_rows;
};

enum
{
  OPENED,
  N_SIGNALS
};
static guint signals[N_SIGNALS];

G_DEFINE_FINAL_TYPE (BstFigures, bst_figures, GTK_TYPE_WIDGET)

static void
clicked_cb (GtkButton *button, BstFigures *self)
{
  g_signal_emit (self, signals[OPENED], 0, g_object_get_data (G_OBJECT (button), "id"));
}

static GtkWidget *
cell_new (const char *text, int column)
{
  GtkWidget *label = gtk_label_new (text);

  gtk_label_set_xalign (GTK_LABEL (label), column ? 1 : 0);
  gtk_widget_set_hexpand (label, column == 0);
  if (column)
    gtk_widget_add_css_class (label, "numeric");
  else
    bst_whole_text (label);
  if (!column)
    gtk_label_set_width_chars (GTK_LABEL (label), 18);
  return label;
}

static GtkWidget *
name_new (BstFigures *self, const char *id, const char *text)
{
  GtkWidget *label = cell_new (text, 0);
  GtkWidget *button;

  if (!id)
    return label;
  button = gtk_button_new ();
  gtk_button_set_child (GTK_BUTTON (button), label);
  gtk_widget_add_css_class (button, "flat");
  gtk_widget_add_css_class (button, "figure-name");
  gtk_accessible_update_property (GTK_ACCESSIBLE (button), GTK_ACCESSIBLE_PROPERTY_LABEL, text, -1);
  g_object_set_data_full (G_OBJECT (button), "id", g_strdup (id), g_free);
  g_signal_connect (button, "clicked", G_CALLBACK (clicked_cb), self);
  return button;
}

static void
bst_figures_dispose (GObject *object)
{
  BstFigures *self = BST_FIGURES (object);

  g_clear_pointer (&self->grid, gtk_widget_unparent);
  G_OBJECT_CLASS (bst_figures_parent_class)->dispose (object);
}

static void
bst_figures_class_init (BstFiguresClass *klass)
{
  G_OBJECT_CLASS (klass)->dispose = bst_figures_dispose;
  gtk_widget_class_set_layout_manager_type (GTK_WIDGET_CLASS (klass), GTK_TYPE_BIN_LAYOUT);
  signals[OPENED] = g_signal_new ("opened", BST_TYPE_FIGURES, G_SIGNAL_RUN_LAST, 0, NULL, NULL,
                                  NULL, G_TYPE_NONE, 1, G_TYPE_STRING);
}

static void
bst_figures_init (BstFigures *self)
{
  self->grid = gtk_grid_new ();
  gtk_grid_set_column_spacing (GTK_GRID (self->grid), 18);
  gtk_grid_set_row_spacing (GTK_GRID (self->grid), 6);
  gtk_widget_set_parent (self->grid, GTK_WIDGET (self));
}

void
bst_figures_begin (BstFigures *self, const char *const *headings)
{
  GtkWidget *child;

  while ((child = gtk_widget_get_first_child (self->grid)))
    gtk_grid_remove (GTK_GRID (self->grid), child);
  for (int i = 0; headings[i]; i++)
    {
      GtkWidget *label = cell_new (headings[i], i);

      gtk_widget_add_css_class (label, "caption-heading");
      gtk_widget_add_css_class (label, "dim-label");
      gtk_grid_attach (GTK_GRID (self->grid), label, i, 0, 1, 1);
    }
  self->n_rows = 1;
}

void
bst_figures_add (BstFigures *self, const char *id, const char *const *cells, gboolean strong)
{
  for (int i = 0; cells[i]; i++)
    {
      GtkWidget *cell = i ? cell_new (cells[i], i) : name_new (self, id, cells[i]);

      if (strong)
        gtk_widget_add_css_class (cell, "heading");
      gtk_grid_attach (GTK_GRID (self->grid), cell, i, self->n_rows, 1, 1);
    }
  self->n_rows++;
}
