/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "bst-columns.h"

#define SPACING 24
#define TOP_GAP 12 /* between the window's head and a side that stays */

struct _BstColumns
{
  GtkWidget parent_instance;

  GtkWidget *main;
  GtkWidget *side;
  int side_width;
  int threshold;
  gboolean side_first;
  gboolean sticky;
  GtkAdjustment *scroll; /* while rooted and sticky */
};

G_DEFINE_FINAL_TYPE (BstColumns, bst_columns, GTK_TYPE_WIDGET)

typedef enum
{
  PROP_MAIN = 1,
  PROP_SIDE,
  PROP_SIDE_WIDTH,
  PROP_THRESHOLD,
  PROP_SIDE_FIRST,
  PROP_STICKY,
  N_PROPS
} BstColumnsProperty;

static GParamSpec *properties[N_PROPS];

double
bst_columns_text_scale (GtkWidget *widget)
{
  int dpi = 0; /* 1024ths */

  g_object_get (gtk_widget_get_settings (widget), "gtk-xft-dpi", &dpi, NULL);
  return dpi > 0 ? MAX (1.0, dpi / 1024.0 / 96.0) : 1.0;
}

static int
scaled (BstColumns *self, int size)
{
  return (int) (size * bst_columns_text_scale (GTK_WIDGET (self)));
}

static int
side_width (BstColumns *self)
{
  return scaled (self, self->side_width);
}

static gboolean
is_beside (BstColumns *self, int width)
{
  return width >= scaled (self, self->threshold);
}

static void
measure_width (BstColumns *self, int *minimum, int *natural)
{
  int main_min = 0, main_nat = 0, side_min = 0, side_nat = 0;

  gtk_widget_measure (self->main, GTK_ORIENTATION_HORIZONTAL, -1, &main_min, &main_nat, NULL, NULL);
  gtk_widget_measure (self->side, GTK_ORIENTATION_HORIZONTAL, -1, &side_min, &side_nat, NULL, NULL);
  *minimum = MAX (main_min, side_min);
  *natural = MAX (main_nat + SPACING + side_width (self), *minimum);
}

static int
height_of (GtkWidget *widget, int width)
{
  int minimum = 0;

  gtk_widget_measure (widget, GTK_ORIENTATION_VERTICAL, width, &minimum, NULL, NULL, NULL);
  return minimum;
}

static int
main_width (BstColumns *self, int width)
{
  return is_beside (self, width) ? width - SPACING - side_width (self) : width;
}

static void
bst_columns_measure (GtkWidget *widget,
                     GtkOrientation orientation,
                     int for_size,
                     int *minimum,
                     int *natural,
                     int *minimum_baseline,
                     int *natural_baseline)
{
  BstColumns *self = BST_COLUMNS (widget);
  int min_width = 0, nat_width = 0;

  if (!self->main || !self->side)
    return;
  measure_width (self, &min_width, &nat_width);
  if (orientation == GTK_ORIENTATION_HORIZONTAL)
    {
      *minimum = min_width;
      *natural = nat_width;
      return;
    }
  if (for_size < 0)
    for_size = nat_width;
  for_size = MAX (for_size, min_width);
  if (is_beside (self, for_size))
    *minimum = MAX (height_of (self->main, main_width (self, for_size)),
                    height_of (self->side, side_width (self)));
  else
    *minimum = height_of (self->main, for_size) + SPACING + height_of (self->side, for_size);
  *natural = *minimum;
}

/* How far the side is moved down, so that it stays in sight while the page scrolls; never below the main. */
static int
sticky_offset (BstColumns *self, int height)
{
  GtkWidget *page = gtk_widget_get_ancestor (GTK_WIDGET (self), GTK_TYPE_SCROLLED_WINDOW);
  GtkWidget *content = page ? gtk_widget_get_first_child (page) : NULL;
  graphene_point_t corner;
  int room = height - height_of (self->side, side_width (self));

  if (!self->scroll || !content || room <= 0)
    return 0;
  if (!gtk_widget_compute_point (GTK_WIDGET (self), content, &GRAPHENE_POINT_INIT (0, 0), &corner))
    return 0;
  return CLAMP (TOP_GAP - (int) corner.y, 0, room);
}

static void
bst_columns_size_allocate (GtkWidget *widget, int width, int height, int baseline)
{
  BstColumns *self = BST_COLUMNS (widget);
  GtkAllocation main_area = { 0, 0, main_width (self, width), height };
  GtkAllocation side_area = { width - side_width (self), 0, side_width (self), height };

  if (!self->main || !self->side)
    return;
  if (is_beside (self, width))
    {
      if (gtk_widget_get_direction (widget) == GTK_TEXT_DIR_RTL)
        {
          main_area.x = side_width (self) + SPACING;
          side_area.x = 0;
        }
      if (self->sticky)
        {
          side_area.y = sticky_offset (self, height);
          side_area.height = MAX (height - side_area.y, height_of (self->side, side_width (self)));
        }
    }
  else
    {
      GtkAllocation *first = self->side_first ? &side_area : &main_area;
      GtkAllocation *second = self->side_first ? &main_area : &side_area;

      side_area = (GtkAllocation){ 0, 0, width, height_of (self->side, width) };
      main_area.height = height_of (self->main, width);
      second->y = first->height + SPACING;
    }
  gtk_widget_size_allocate (self->main, &main_area, -1);
  gtk_widget_size_allocate (self->side, &side_area, -1);
}

static void
scrolled_cb (GtkAdjustment *scroll, BstColumns *self)
{
  gtk_widget_queue_allocate (GTK_WIDGET (self));
}

static void
bst_columns_root (GtkWidget *widget)
{
  BstColumns *self = BST_COLUMNS (widget);
  GtkWidget *page = gtk_widget_get_ancestor (widget, GTK_TYPE_SCROLLED_WINDOW);

  GTK_WIDGET_CLASS (bst_columns_parent_class)->root (widget);
  if (!self->sticky || !page)
    return;
  self->scroll = g_object_ref (gtk_scrolled_window_get_vadjustment (GTK_SCROLLED_WINDOW (page)));
  g_signal_connect (self->scroll, "value-changed", G_CALLBACK (scrolled_cb), self);
}

static void
bst_columns_unroot (GtkWidget *widget)
{
  BstColumns *self = BST_COLUMNS (widget);

  if (self->scroll)
    g_signal_handlers_disconnect_by_data (self->scroll, self);
  g_clear_object (&self->scroll);
  GTK_WIDGET_CLASS (bst_columns_parent_class)->unroot (widget);
}

static GtkSizeRequestMode
bst_columns_get_request_mode (GtkWidget *widget)
{
  return GTK_SIZE_REQUEST_HEIGHT_FOR_WIDTH;
}

static void
replace_child (BstColumns *self, GtkWidget **place, GtkWidget *child)
{
  g_clear_pointer (place, gtk_widget_unparent);
  *place = child;
  if (child && place == &self->main)
    gtk_widget_insert_after (child, GTK_WIDGET (self), NULL);
  else if (child)
    gtk_widget_insert_before (child, GTK_WIDGET (self), NULL);
}

static void
bst_columns_get_property (GObject *object, guint id, GValue *value, GParamSpec *pspec)
{
  BstColumns *self = BST_COLUMNS (object);

  switch ((BstColumnsProperty) id)
    {
    case PROP_MAIN:
      g_value_set_object (value, self->main);
      break;
    case PROP_SIDE:
      g_value_set_object (value, self->side);
      break;
    case PROP_SIDE_WIDTH:
      g_value_set_int (value, self->side_width);
      break;
    case PROP_THRESHOLD:
      g_value_set_int (value, self->threshold);
      break;
    case PROP_SIDE_FIRST:
      g_value_set_boolean (value, self->side_first);
      break;
    case PROP_STICKY:
      g_value_set_boolean (value, self->sticky);
      break;
    case N_PROPS:
    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, id, pspec);
    }
}

static void
bst_columns_set_property (GObject *object, guint id, const GValue *value, GParamSpec *pspec)
{
  BstColumns *self = BST_COLUMNS (object);

  switch ((BstColumnsProperty) id)
    {
    case PROP_MAIN:
      replace_child (self, &self->main, g_value_get_object (value));
      break;
    case PROP_SIDE:
      replace_child (self, &self->side, g_value_get_object (value));
      break;
    case PROP_SIDE_WIDTH:
      self->side_width = g_value_get_int (value);
      break;
    case PROP_THRESHOLD:
      self->threshold = g_value_get_int (value);
      break;
    case PROP_SIDE_FIRST:
      self->side_first = g_value_get_boolean (value);
      break;
    case PROP_STICKY:
      self->sticky = g_value_get_boolean (value);
      break;
    case N_PROPS:
    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, id, pspec);
    }
  gtk_widget_queue_resize (GTK_WIDGET (self));
}

static void
bst_columns_dispose (GObject *object)
{
  BstColumns *self = BST_COLUMNS (object);

  g_clear_pointer (&self->main, gtk_widget_unparent);
  g_clear_pointer (&self->side, gtk_widget_unparent);
  G_OBJECT_CLASS (bst_columns_parent_class)->dispose (object);
}

static void
bst_columns_class_init (BstColumnsClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);
  const GParamFlags flags = G_PARAM_READWRITE | G_PARAM_STATIC_STRINGS;

  object_class->get_property = bst_columns_get_property;
  object_class->set_property = bst_columns_set_property;
  object_class->dispose = bst_columns_dispose;
  widget_class->measure = bst_columns_measure;
  widget_class->size_allocate = bst_columns_size_allocate;
  widget_class->root = bst_columns_root;
  widget_class->unroot = bst_columns_unroot;
  widget_class->get_request_mode = bst_columns_get_request_mode;

  properties[PROP_MAIN] = g_param_spec_object ("main", NULL, NULL, GTK_TYPE_WIDGET, flags);
  properties[PROP_SIDE] = g_param_spec_object ("side", NULL, NULL, GTK_TYPE_WIDGET, flags);
  properties[PROP_SIDE_WIDTH] =
      g_param_spec_int ("side-width", NULL, NULL, 0, G_MAXINT, 300, flags);
  properties[PROP_THRESHOLD] = g_param_spec_int ("threshold", NULL, NULL, 0, G_MAXINT, 800, flags);
  properties[PROP_SIDE_FIRST] = g_param_spec_boolean ("side-first", NULL, NULL, FALSE, flags);
  properties[PROP_STICKY] = g_param_spec_boolean ("sticky", NULL, NULL, FALSE, flags);
  g_object_class_install_properties (object_class, N_PROPS, properties);
  gtk_widget_class_set_css_name (widget_class, "columns");
}

static void
bst_columns_init (BstColumns *self)
{
  self->side_width = 300;
  self->threshold = 800;
}
