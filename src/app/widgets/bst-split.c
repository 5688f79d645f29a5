/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "bst-config.h"

#include "bst-split.h"

#define FOLD_WIDTH    720
#define SIDEBAR_SHARE 0.22
#define SIDEBAR_MAX   300

struct _BstSplit
{
  GtkWidget parent_instance;

  GtkWidget *sidebar;
  GtkWidget *content;
  int fold_width;
  gboolean folded;
  gboolean show_sidebar;
  guint told; /* idle source: what the layout found is told after it */
};

G_DEFINE_FINAL_TYPE (BstSplit, bst_split, GTK_TYPE_WIDGET)

typedef enum
{
  PROP_SIDEBAR = 1,
  PROP_CONTENT,
  PROP_FOLD_WIDTH,
  PROP_FOLDED,
  PROP_SHOW_SIDEBAR,
  N_PROPS
} BstSplitProperty;

static GParamSpec *properties[N_PROPS];

static void
update_panes (BstSplit *self)
{
  if (self->sidebar)
    gtk_widget_set_child_visible (self->sidebar, !self->folded || self->show_sidebar);
  if (self->content)
    gtk_widget_set_child_visible (self->content, !self->folded || !self->show_sidebar);
}

static gboolean
tell_cb (gpointer data)
{
  BstSplit *self = data;

  self->told = 0;
  if (self->folded)
    gtk_widget_add_css_class (GTK_WIDGET (self), "folded");
  else
    gtk_widget_remove_css_class (GTK_WIDGET (self), "folded");
  g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_FOLDED]);
  return G_SOURCE_REMOVE;
}

static void
bst_split_measure (GtkWidget *widget,
                   GtkOrientation orientation,
                   int for_size,
                   int *minimum,
                   int *natural,
                   int *minimum_baseline,
                   int *natural_baseline)
{
  BstSplit *self = BST_SPLIT (widget);
  int min[2] = { 0, 0 };
  int nat[2] = { 0, 0 };

  if (self->sidebar)
    gtk_widget_measure (self->sidebar, orientation, -1, &min[0], &nat[0], NULL, NULL);
  if (self->content)
    gtk_widget_measure (self->content, orientation, -1, &min[1], &nat[1], NULL, NULL);
  *minimum = MAX (min[0], min[1]);
  *natural = orientation == GTK_ORIENTATION_HORIZONTAL ? nat[0] + nat[1] : MAX (nat[0], nat[1]);
}

static void
allocate_pane (GtkWidget *pane, int x, int width, int height)
{
  GtkAllocation area = { x, 0, width, height };

  if (pane && gtk_widget_get_child_visible (pane))
    gtk_widget_size_allocate (pane, &area, -1);
}

static void
bst_split_size_allocate (GtkWidget *widget, int width, int height, int baseline)
{
  BstSplit *self = BST_SPLIT (widget);
  gboolean rtl = gtk_widget_get_direction (widget) == GTK_TEXT_DIR_RTL;
  int min_sidebar = 0;
  int min_content = 0;
  int side;
  gboolean folded;

  if (self->sidebar)
    gtk_widget_measure (self->sidebar, GTK_ORIENTATION_HORIZONTAL, -1, &min_sidebar, NULL, NULL,
                        NULL);
  if (self->content)
    gtk_widget_measure (self->content, GTK_ORIENTATION_HORIZONTAL, -1, &min_content, NULL, NULL,
                        NULL);
  folded = width < self->fold_width || width < min_sidebar + min_content;
  if (folded != self->folded)
    {
      self->folded = folded;
      update_panes (self);
      if (!self->told)
        self->told = g_idle_add_full (G_PRIORITY_HIGH_IDLE, tell_cb, self, NULL);
    }
  if (folded)
    {
      allocate_pane (self->sidebar, 0, width, height);
      allocate_pane (self->content, 0, width, height);
      return;
    }
  side = MAX (min_sidebar, MIN (SIDEBAR_MAX, (int) (width * SIDEBAR_SHARE)));
  side = MIN (side, width - min_content);
  allocate_pane (self->sidebar, rtl ? width - side : 0, side, height);
  allocate_pane (self->content, rtl ? 0 : side, width - side, height);
}

static void
set_pane (BstSplit *self, GtkWidget **pane, GtkWidget *widget, BstSplitProperty id)
{
  if (*pane == widget)
    return;
  g_clear_pointer (pane, gtk_widget_unparent);
  *pane = widget;
  /* Sidebar first, for the keyboard and for screen readers. */
  if (widget && id == PROP_SIDEBAR)
    gtk_widget_insert_after (widget, GTK_WIDGET (self), NULL);
  else if (widget)
    gtk_widget_insert_before (widget, GTK_WIDGET (self), NULL);
  update_panes (self);
  g_object_notify_by_pspec (G_OBJECT (self), properties[id]);
}

static void
bst_split_get_property (GObject *object, guint id, GValue *value, GParamSpec *pspec)
{
  BstSplit *self = BST_SPLIT (object);

  switch ((BstSplitProperty) id)
    {
    case PROP_SIDEBAR:
      g_value_set_object (value, self->sidebar);
      break;
    case PROP_CONTENT:
      g_value_set_object (value, self->content);
      break;
    case PROP_FOLD_WIDTH:
      g_value_set_int (value, self->fold_width);
      break;
    case PROP_FOLDED:
      g_value_set_boolean (value, self->folded);
      break;
    case PROP_SHOW_SIDEBAR:
      g_value_set_boolean (value, self->show_sidebar);
      break;
    case N_PROPS:
    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, id, pspec);
    }
}

static void
bst_split_set_property (GObject *object, guint id, const GValue *value, GParamSpec *pspec)
{
  BstSplit *self = BST_SPLIT (object);

  switch ((BstSplitProperty) id)
    {
    case PROP_SIDEBAR:
      set_pane (self, &self->sidebar, g_value_get_object (value), PROP_SIDEBAR);
      break;
    case PROP_CONTENT:
      set_pane (self, &self->content, g_value_get_object (value), PROP_CONTENT);
      break;
    case PROP_FOLD_WIDTH:
      self->fold_width = g_value_get_int (value);
      gtk_widget_queue_resize (GTK_WIDGET (self));
      break;
    case PROP_SHOW_SIDEBAR:
      bst_split_set_show_sidebar (self, g_value_get_boolean (value));
      break;
    case PROP_FOLDED:
    case N_PROPS:
    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, id, pspec);
    }
}

static void
bst_split_dispose (GObject *object)
{
  BstSplit *self = BST_SPLIT (object);

  g_clear_handle_id (&self->told, g_source_remove);
  g_clear_pointer (&self->sidebar, gtk_widget_unparent);
  g_clear_pointer (&self->content, gtk_widget_unparent);
  G_OBJECT_CLASS (bst_split_parent_class)->dispose (object);
}

static void
bst_split_class_init (BstSplitClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);
  const GParamFlags flags = G_PARAM_READWRITE | G_PARAM_STATIC_STRINGS | G_PARAM_EXPLICIT_NOTIFY;

  object_class->get_property = bst_split_get_property;
  object_class->set_property = bst_split_set_property;
  object_class->dispose = bst_split_dispose;
  widget_class->measure = bst_split_measure;
  widget_class->size_allocate = bst_split_size_allocate;
  gtk_widget_class_set_css_name (widget_class, "split");

  properties[PROP_SIDEBAR] = g_param_spec_object ("sidebar", NULL, NULL, GTK_TYPE_WIDGET, flags);
  properties[PROP_CONTENT] = g_param_spec_object ("content", NULL, NULL, GTK_TYPE_WIDGET, flags);
  properties[PROP_FOLD_WIDTH] =
      g_param_spec_int ("fold-width", NULL, NULL, 0, G_MAXINT, FOLD_WIDTH, flags);
  properties[PROP_FOLDED] =
      g_param_spec_boolean ("folded", NULL, NULL, FALSE, G_PARAM_READABLE | G_PARAM_STATIC_STRINGS);
  properties[PROP_SHOW_SIDEBAR] = g_param_spec_boolean ("show-sidebar", NULL, NULL, FALSE, flags);
  g_object_class_install_properties (object_class, N_PROPS, properties);
}

static void
bst_split_init (BstSplit *self)
{
  self->fold_width = FOLD_WIDTH;
}

gboolean
bst_split_get_folded (BstSplit *self)
{
  return self->folded;
}

gboolean
bst_split_get_show_sidebar (BstSplit *self)
{
  return self->show_sidebar;
}

void
bst_split_set_show_sidebar (BstSplit *self, gboolean show)
{
  if (self->show_sidebar == show)
    return;
  self->show_sidebar = show;
  update_panes (self);
  gtk_widget_queue_resize (GTK_WIDGET (self));
  g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_SHOW_SIDEBAR]);
}
