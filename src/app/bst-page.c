/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "bst-config.h"

#include "bst-page.h"

#include "bst-error-text.h"

typedef struct
{
  BstSession *session;
  char *title;
  char *subtitle;
  GtkWidget *title_widget;
  GtkWidget *start;
  GtkWidget *end;
} BstPagePrivate;

G_DEFINE_ABSTRACT_TYPE_WITH_PRIVATE (BstPage, bst_page, ADW_TYPE_BIN)

typedef enum
{
  PROP_SESSION = 1,
  PROP_TITLE,
  PROP_SUBTITLE,
  PROP_TITLE_WIDGET,
  PROP_START,
  PROP_END,
  N_PROPS
} BstPageProperty;

static GParamSpec *properties[N_PROPS];

typedef struct
{
  BstPageUndo undo;
  gpointer data;
  GDestroyNotify destroy;
} Undo;

static void
undo_free (gpointer data, GClosure *closure)
{
  Undo *undo = data;

  if (undo->destroy)
    undo->destroy (undo->data);
  g_free (undo);
}

static void
undo_clicked_cb (AdwToast *toast, gpointer data)
{
  Undo *undo = data;

  if (undo->undo)
    undo->undo (undo->data);
}

static void
bst_page_get_property (GObject *object, guint id, GValue *value, GParamSpec *pspec)
{
  BstPagePrivate *priv = bst_page_get_instance_private (BST_PAGE (object));

  switch ((BstPageProperty) id)
    {
    case PROP_SESSION:
      g_value_set_object (value, priv->session);
      break;
    case PROP_TITLE:
      g_value_set_string (value, priv->title);
      break;
    case PROP_SUBTITLE:
      g_value_set_string (value, priv->subtitle);
      break;
    case PROP_TITLE_WIDGET:
      g_value_set_object (value, priv->title_widget);
      break;
    case PROP_START:
      g_value_set_object (value, priv->start);
      break;
    case PROP_END:
      g_value_set_object (value, priv->end);
      break;
    case N_PROPS:
    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, id, pspec);
    }
}

static void
replace_widget (BstPage *self, GtkWidget **place, const GValue *value, BstPageProperty id)
{
  GtkWidget *widget = g_value_get_object (value);

  if (*place == widget)
    return;
  g_clear_object (place);
  if (widget)
    *place = g_object_ref_sink (widget);
  g_object_notify_by_pspec (G_OBJECT (self), properties[id]);
}

static void
bst_page_set_property (GObject *object, guint id, const GValue *value, GParamSpec *pspec)
{
  BstPage *self = BST_PAGE (object);
  BstPagePrivate *priv = bst_page_get_instance_private (self);

  switch ((BstPageProperty) id)
    {
    case PROP_SESSION:
      priv->session = g_value_dup_object (value);
      break;
    case PROP_TITLE:
      bst_page_set_title (self, g_value_get_string (value));
      break;
    case PROP_SUBTITLE:
      bst_page_set_subtitle (self, g_value_get_string (value));
      break;
    case PROP_TITLE_WIDGET:
      replace_widget (self, &priv->title_widget, value, PROP_TITLE_WIDGET);
      break;
    case PROP_START:
      replace_widget (self, &priv->start, value, PROP_START);
      break;
    case PROP_END:
      replace_widget (self, &priv->end, value, PROP_END);
      break;
    case N_PROPS:
    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, id, pspec);
    }
}

static void
bst_page_dispose (GObject *object)
{
  BstPagePrivate *priv = bst_page_get_instance_private (BST_PAGE (object));

  g_clear_object (&priv->title_widget);
  g_clear_object (&priv->start);
  g_clear_object (&priv->end);
  G_OBJECT_CLASS (bst_page_parent_class)->dispose (object);
}

static void
bst_page_finalize (GObject *object)
{
  BstPagePrivate *priv = bst_page_get_instance_private (BST_PAGE (object));

  g_clear_object (&priv->session);
  g_free (priv->title);
  g_free (priv->subtitle);
  G_OBJECT_CLASS (bst_page_parent_class)->finalize (object);
}

static void
bst_page_class_init (BstPageClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  const GParamFlags flags = G_PARAM_READWRITE | G_PARAM_STATIC_STRINGS | G_PARAM_EXPLICIT_NOTIFY;

  object_class->get_property = bst_page_get_property;
  object_class->set_property = bst_page_set_property;
  object_class->dispose = bst_page_dispose;
  object_class->finalize = bst_page_finalize;

  properties[PROP_SESSION] =
      g_param_spec_object ("session", NULL, NULL, BST_TYPE_SESSION,
                           G_PARAM_READWRITE | G_PARAM_STATIC_STRINGS | G_PARAM_CONSTRUCT_ONLY);
  properties[PROP_TITLE] = g_param_spec_string ("title", NULL, NULL, NULL, flags);
  properties[PROP_SUBTITLE] = g_param_spec_string ("subtitle", NULL, NULL, NULL, flags);
  properties[PROP_TITLE_WIDGET] =
      g_param_spec_object ("title-widget", NULL, NULL, GTK_TYPE_WIDGET, flags);
  properties[PROP_START] = g_param_spec_object ("start", NULL, NULL, GTK_TYPE_WIDGET, flags);
  properties[PROP_END] = g_param_spec_object ("end", NULL, NULL, GTK_TYPE_WIDGET, flags);
  g_object_class_install_properties (object_class, N_PROPS, properties);
}

static void
bst_page_init (BstPage *self)
{
}

BstSession *
bst_page_get_session (BstPage *self)
{
  BstPagePrivate *priv = bst_page_get_instance_private (self);

  return priv->session;
}

const char *
bst_page_get_title (BstPage *self)
{
  BstPagePrivate *priv = bst_page_get_instance_private (self);

  return priv->title;
}

void
bst_page_set_title (BstPage *self, const char *title)
{
  BstPagePrivate *priv = bst_page_get_instance_private (self);

  if (g_strcmp0 (priv->title, title) == 0)
    return;
  g_free (priv->title);
  priv->title = g_strdup (title);
  g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_TITLE]);
}

void
bst_page_set_subtitle (BstPage *self, const char *subtitle)
{
  BstPagePrivate *priv = bst_page_get_instance_private (self);

  if (g_strcmp0 (priv->subtitle, subtitle) == 0)
    return;
  g_free (priv->subtitle);
  priv->subtitle = g_strdup (subtitle);
  g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_SUBTITLE]);
}

void
bst_page_open (BstPage *self, const char *arg)
{
  if (BST_PAGE_GET_CLASS (self)->open)
    BST_PAGE_GET_CLASS (self)->open (self, arg);
}

void
bst_page_leave (BstPage *self)
{
  if (BST_PAGE_GET_CLASS (self)->leave)
    BST_PAGE_GET_CLASS (self)->leave (self);
}

gboolean
bst_page_search (BstPage *self)
{
  return BST_PAGE_GET_CLASS (self)->search && BST_PAGE_GET_CLASS (self)->search (self);
}

void
bst_page_export (BstPage *self, BstTableFormat format)
{
  if (bst_page_can_export (self))
    BST_PAGE_GET_CLASS (self)->export(self, format);
}

gboolean
bst_page_can_export (BstPage *self)
{
  return BST_PAGE_GET_CLASS (self)->export != NULL;
}

void
bst_page_navigate (BstPage *self, const char *name, const char *arg)
{
  gtk_widget_activate_action (GTK_WIDGET (self), "win.open", "(ss)", name, arg ? arg : "");
}

void
bst_page_show_top (GtkWidget *inside)
{
  GtkWidget *scrolled = gtk_widget_get_ancestor (inside, GTK_TYPE_SCROLLED_WINDOW);

  if (scrolled)
    gtk_adjustment_set_value (gtk_scrolled_window_get_vadjustment (GTK_SCROLLED_WINDOW (scrolled)),
                              0);
}

void
bst_page_back (BstPage *self)
{
  gtk_widget_activate_action (GTK_WIDGET (self), "win.back", NULL);
}

void
bst_page_say (BstPage *self,
              const char *text,
              const char *button,
              BstPageUndo undo,
              gpointer data,
              GDestroyNotify destroy)
{
  GtkWidget *overlay = gtk_widget_get_ancestor (GTK_WIDGET (self), ADW_TYPE_TOAST_OVERLAY);
  g_autofree char *escaped = g_markup_escape_text (text, -1);
  AdwToast *toast = adw_toast_new (escaped);
  Undo *closure = g_new0 (Undo, 1);

  *closure = (Undo){ undo, data, destroy };
  adw_toast_set_button_label (toast, button);
  g_signal_connect_data (toast, "button-clicked", G_CALLBACK (undo_clicked_cb), closure, undo_free,
                         0);
  if (overlay)
    adw_toast_overlay_add_toast (ADW_TOAST_OVERLAY (overlay), toast);
  else
    g_object_unref (g_object_ref_sink (toast));
}

void
bst_page_fail (BstPage *self, const GError *error)
{
  g_autofree char *text = NULL;

  if (g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    return;
  g_message ("%s", error->message); /* said to the user: no fault of the program */
  text = bst_error_text (error);
  bst_page_say (self, text, NULL, NULL, NULL, NULL);
}
