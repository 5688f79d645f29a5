/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "bst-chart.h"

#include <adwaita.h>

#include "bst-columns.h"

typedef struct
{
  int minimum_width;
  int natural_width;
  int height;
  int selected;
  char *selected_text;
  char *description;
} BstChartPrivate;

G_DEFINE_ABSTRACT_TYPE_WITH_PRIVATE (BstChart, bst_chart, GTK_TYPE_WIDGET)

typedef enum
{
  PROP_SELECTED = 1,
  PROP_SELECTED_TEXT,
  N_PROPS
} BstChartProperty;

static GParamSpec *properties[N_PROPS];

enum
{
  ACTIVATE,
  N_SIGNALS,
};

static guint signals[N_SIGNALS];

static guint
n_points (BstChart *self)
{
  BstChartClass *klass = BST_CHART_GET_CLASS (self);

  return klass->n_points ? klass->n_points (self) : 0;
}

/* As words of the class "caption". (transfer full) */
static GObject *
small_font (BstChart *self)
{
  PangoContext *context = gtk_widget_create_pango_context (GTK_WIDGET (self));
  g_autoptr (PangoFontDescription) font =
      pango_font_description_copy (pango_context_get_font_description (context));
  int size = pango_font_description_get_size (font) * 5 / 6;

  /* From the style it comes in pixels, which have the size of the text in them already. */
  if (pango_font_description_get_size_is_absolute (font))
    pango_font_description_set_absolute_size (font, size);
  else
    pango_font_description_set_size (font, size);
  pango_context_set_font_description (context, font);
  return G_OBJECT (context);
}

static double
line_height (PangoContext *context)
{
  PangoFontMetrics *metrics = pango_context_get_metrics (context, NULL, NULL);
  int height = PANGO_PIXELS (pango_font_metrics_get_height (metrics));

  pango_font_metrics_unref (metrics);
  return height;
}

/* ---- moving over the points ---- */

/* What is said of the point stands before the numbers of all: screen readers get no value of an image. */
static void
say (BstChart *self)
{
  BstChartPrivate *priv = bst_chart_get_instance_private (self);
  const char *all = priv->description ? priv->description : "";
  g_autofree char *text = *priv->selected_text
                              ? g_strjoin (". ", priv->selected_text, *all ? all : NULL, NULL)
                              : g_strdup (all);

  gtk_accessible_update_property (GTK_ACCESSIBLE (self), GTK_ACCESSIBLE_PROPERTY_DESCRIPTION, text,
                                  -1);
}

void
bst_chart_select (BstChart *self, int point)
{
  BstChartPrivate *priv = bst_chart_get_instance_private (self);
  int n = (int) n_points (self);

  point = CLAMP (point, -1, n - 1);
  g_free (priv->selected_text);
  priv->selected_text =
      point >= 0 ? BST_CHART_GET_CLASS (self)->point_text (self, (guint) point) : g_strdup ("");
  say (self);
  gtk_widget_queue_draw (GTK_WIDGET (self));
  g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_SELECTED_TEXT]);
  if (priv->selected == point)
    return;
  priv->selected = point;
  g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_SELECTED]);
}

/* A chart in whose points nobody is interested leaves the key to others: the row that it stands in. */
static gboolean
activate (BstChart *self)
{
  BstChartPrivate *priv = bst_chart_get_instance_private (self);

  if (priv->selected < 0 || !g_signal_has_handler_pending (self, signals[ACTIVATE], 0, TRUE))
    return FALSE;
  g_signal_emit (self, signals[ACTIVATE], 0, priv->selected);
  return TRUE;
}

static gboolean
key_cb (GtkEventControllerKey *keys,
        guint keyval,
        guint keycode,
        GdkModifierType state,
        BstChart *self)
{
  BstChartPrivate *priv = bst_chart_get_instance_private (self);
  int n = (int) n_points (self);
  gboolean mirrored = gtk_widget_get_direction (GTK_WIDGET (self)) == GTK_TEXT_DIR_RTL;
  int step = mirrored ? -1 : 1;

  if (n == 0 || (state & (GDK_CONTROL_MASK | GDK_ALT_MASK | GDK_SHIFT_MASK)))
    return FALSE;
  switch (keyval)
    {
    case GDK_KEY_Left:
    case GDK_KEY_KP_Left:
      bst_chart_select (self, priv->selected < 0 ? n - 1 : CLAMP (priv->selected - step, 0, n - 1));
      return TRUE;
    case GDK_KEY_Right:
    case GDK_KEY_KP_Right:
      bst_chart_select (self, priv->selected < 0 ? 0 : CLAMP (priv->selected + step, 0, n - 1));
      return TRUE;
    case GDK_KEY_Home:
      bst_chart_select (self, 0);
      return TRUE;
    case GDK_KEY_End:
      bst_chart_select (self, n - 1);
      return TRUE;
    case GDK_KEY_Return:
    case GDK_KEY_KP_Enter:
    case GDK_KEY_ISO_Enter:
      return activate (self);
    default:
      return FALSE;
    }
}

static int
point_at (BstChart *self, double x)
{
  g_autoptr (GObject) pango = small_font (self);
  g_autoptr (GArray) marks = BST_CHART_GET_CLASS (self)->marks (
      self, gtk_widget_get_width (GTK_WIDGET (self)), gtk_widget_get_height (GTK_WIDGET (self)),
      line_height (PANGO_CONTEXT (pango)));

  return bst_marks_at (marks, x);
}

static void
pressed_cb (GtkGestureClick *click, int n_press, double x, double y, BstChart *self)
{
  if (n_points (self) == 0)
    return;
  gtk_widget_grab_focus (GTK_WIDGET (self));
  bst_chart_select (self, point_at (self, x));
  if (n_press == 2)
    activate (self);
}

static gboolean
bst_chart_query_tooltip (GtkWidget *widget, int x, int y, gboolean keyboard, GtkTooltip *tooltip)
{
  BstChart *self = BST_CHART (widget);
  int point = n_points (self) > 0 && !keyboard ? point_at (self, x) : -1;
  g_autofree char *text =
      point >= 0 ? BST_CHART_GET_CLASS (self)->point_text (self, (guint) point) : NULL;

  gtk_tooltip_set_text (tooltip, text);
  return text != NULL;
}

/* ---- painting ---- */

static void
bst_chart_measure (GtkWidget *widget,
                   GtkOrientation orientation,
                   int for_size,
                   int *minimum,
                   int *natural,
                   int *minimum_baseline,
                   int *natural_baseline)
{
  BstChartPrivate *priv = bst_chart_get_instance_private (BST_CHART (widget));
  double scale = bst_columns_text_scale (widget);

  if (orientation == GTK_ORIENTATION_HORIZONTAL)
    {
      *minimum = (int) (priv->minimum_width * scale);
      *natural = (int) (priv->natural_width * scale);
    }
  else
    *minimum = *natural = (int) (priv->height * scale);
}

static void
bst_chart_snapshot (GtkWidget *widget, GtkSnapshot *snapshot)
{
  BstChart *self = BST_CHART (widget);
  float width = (float) gtk_widget_get_width (widget);
  float height = (float) gtk_widget_get_height (widget);
  g_autoptr (GObject) pango = small_font (self);
  g_autoptr (GArray) marks =
      BST_CHART_GET_CLASS (self)->marks (self, width, height, line_height (PANGO_CONTEXT (pango)));
  BstPalette palette;
  cairo_t *cr = gtk_snapshot_append_cairo (
      snapshot, &GRAPHENE_RECT_INIT (-2.0F, -2.0F, width + 4.0F, height + 4.0F));

  bst_palette_for_screen (&palette);
  bst_marks_paint (marks, cr, PANGO_CONTEXT (pango), &palette);
  cairo_destroy (cr);
}

/* ---- the object ---- */

static void
bst_chart_get_property (GObject *object, guint id, GValue *value, GParamSpec *pspec)
{
  BstChartPrivate *priv = bst_chart_get_instance_private (BST_CHART (object));

  switch ((BstChartProperty) id)
    {
    case PROP_SELECTED:
      g_value_set_int (value, priv->selected);
      break;
    case PROP_SELECTED_TEXT:
      g_value_set_string (value, priv->selected_text);
      break;
    case N_PROPS:
    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, id, pspec);
    }
}

static void
bst_chart_set_property (GObject *object, guint id, const GValue *value, GParamSpec *pspec)
{
  if (id == PROP_SELECTED)
    bst_chart_select (BST_CHART (object), g_value_get_int (value));
  else
    G_OBJECT_WARN_INVALID_PROPERTY_ID (object, id, pspec);
}

static void
bst_chart_constructed (GObject *object)
{
  GtkWidget *widget = GTK_WIDGET (object);
  AdwStyleManager *style = adw_style_manager_get_default ();

  G_OBJECT_CLASS (bst_chart_parent_class)->constructed (object);
  g_signal_connect_object (style, "notify::dark", G_CALLBACK (gtk_widget_queue_draw), widget,
                           G_CONNECT_SWAPPED);
  g_signal_connect_object (style, "notify::high-contrast", G_CALLBACK (gtk_widget_queue_draw),
                           widget, G_CONNECT_SWAPPED);
  if (BST_CHART_GET_CLASS (object)->n_points)
    {
      GtkEventController *keys = gtk_event_controller_key_new ();
      GtkGesture *click = gtk_gesture_click_new ();

      g_signal_connect (keys, "key-pressed", G_CALLBACK (key_cb), widget);
      gtk_widget_add_controller (widget, keys);
      g_signal_connect (click, "pressed", G_CALLBACK (pressed_cb), widget);
      gtk_widget_add_controller (widget, GTK_EVENT_CONTROLLER (click));
      gtk_widget_set_focusable (widget, TRUE);
      gtk_widget_set_has_tooltip (widget, TRUE);
    }
}

static void
bst_chart_finalize (GObject *object)
{
  BstChartPrivate *priv = bst_chart_get_instance_private (BST_CHART (object));

  g_free (priv->selected_text);
  g_free (priv->description);
  G_OBJECT_CLASS (bst_chart_parent_class)->finalize (object);
}

static void
bst_chart_class_init (BstChartClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  object_class->constructed = bst_chart_constructed;
  object_class->get_property = bst_chart_get_property;
  object_class->set_property = bst_chart_set_property;
  object_class->finalize = bst_chart_finalize;
  widget_class->measure = bst_chart_measure;
  widget_class->snapshot = bst_chart_snapshot;
  widget_class->query_tooltip = bst_chart_query_tooltip;
  gtk_widget_class_set_css_name (widget_class, "chart");
  gtk_widget_class_set_accessible_role (widget_class, GTK_ACCESSIBLE_ROLE_IMG);

  signals[ACTIVATE] = g_signal_new ("activate", G_TYPE_FROM_CLASS (klass), G_SIGNAL_RUN_LAST, 0,
                                    NULL, NULL, NULL, G_TYPE_NONE, 1, G_TYPE_INT);
  properties[PROP_SELECTED] =
      g_param_spec_int ("selected", NULL, NULL, -1, G_MAXINT, -1,
                        G_PARAM_READWRITE | G_PARAM_STATIC_STRINGS | G_PARAM_EXPLICIT_NOTIFY);
  properties[PROP_SELECTED_TEXT] =
      g_param_spec_string ("selected-text", NULL, NULL, "",
                           G_PARAM_READABLE | G_PARAM_STATIC_STRINGS | G_PARAM_EXPLICIT_NOTIFY);
  g_object_class_install_properties (object_class, N_PROPS, properties);
}

static void
bst_chart_init (BstChart *self)
{
  BstChartPrivate *priv = bst_chart_get_instance_private (self);

  priv->selected = -1;
  priv->selected_text = g_strdup ("");
}

int
bst_chart_get_selected (BstChart *self)
{
  BstChartPrivate *priv = bst_chart_get_instance_private (self);

  return priv->selected;
}

const char *
bst_chart_get_selected_text (BstChart *self)
{
  BstChartPrivate *priv = bst_chart_get_instance_private (self);

  return priv->selected_text;
}

void
bst_chart_set_words (BstChart *self, const char *label, const char *description)
{
  BstChartPrivate *priv = bst_chart_get_instance_private (self);

  g_free (priv->description);
  priv->description = g_strdup (description);
  gtk_accessible_update_property (GTK_ACCESSIBLE (self), GTK_ACCESSIBLE_PROPERTY_LABEL, label, -1);
  say (self);
}

void
bst_chart_set_size (BstChart *self, int minimum_width, int natural_width, int height)
{
  BstChartPrivate *priv = bst_chart_get_instance_private (self);

  priv->minimum_width = minimum_width;
  priv->natural_width = natural_width;
  priv->height = height;
  gtk_widget_queue_resize (GTK_WIDGET (self));
}

void
bst_chart_changed (BstChart *self)
{
  bst_chart_select (self, -1);
}

static gboolean
text_to_visible (GBinding *binding, const GValue *from, GValue *to, gpointer unused)
{
  const char *text = g_value_get_string (from);

  g_value_set_boolean (to, text && *text);
  return TRUE;
}

void
bst_chart_say_in (BstChart *self, GtkWidget *label)
{
  g_object_bind_property (self, "selected-text", label, "label", G_BINDING_SYNC_CREATE);
  g_object_bind_property_full (self, "selected-text", label, "visible", G_BINDING_SYNC_CREATE,
                               text_to_visible, NULL, NULL, NULL);
}
