/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "bst-config.h"

#include <glib/gi18n.h>

#include "bst-sidebar-row.h"
#include "bst-whole-text.h"

struct _BstSidebarRow
{
  GtkListBoxRow parent_instance;

  const BstPageEntry *entry;
  guint count;
  GtkImage *icon;
  GtkLabel *title;
  GtkLabel *badge;
};

G_DEFINE_FINAL_TYPE (BstSidebarRow, bst_sidebar_row, GTK_TYPE_LIST_BOX_ROW)

typedef enum
{
  PROP_COUNT = 1,
  N_PROPS
} BstSidebarRowProperty;

static GParamSpec *properties[N_PROPS];

static void
update_name (BstSidebarRow *self)
{
  const char *title = _ (self->entry->title);
  g_autofree char *name = NULL;

  if (self->count)
    /* Translators: said by screen readers: the page's name, and how many things there wait. */
    name =
        g_strdup_printf (ngettext ("%s, %u item", "%s, %u items", self->count), title, self->count);
  gtk_accessible_update_property (GTK_ACCESSIBLE (self), GTK_ACCESSIBLE_PROPERTY_LABEL,
                                  name ? name : title, -1);
}

static void
bst_sidebar_row_get_property (GObject *object, guint id, GValue *value, GParamSpec *pspec)
{
  if (id == PROP_COUNT)
    g_value_set_uint (value, BST_SIDEBAR_ROW (object)->count);
  else
    G_OBJECT_WARN_INVALID_PROPERTY_ID (object, id, pspec);
}

static void
bst_sidebar_row_set_property (GObject *object, guint id, const GValue *value, GParamSpec *pspec)
{
  if (id == PROP_COUNT)
    bst_sidebar_row_set_count (BST_SIDEBAR_ROW (object), g_value_get_uint (value));
  else
    G_OBJECT_WARN_INVALID_PROPERTY_ID (object, id, pspec);
}

static void
bst_sidebar_row_class_init (BstSidebarRowClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  object_class->get_property = bst_sidebar_row_get_property;
  object_class->set_property = bst_sidebar_row_set_property;
  properties[PROP_COUNT] =
      g_param_spec_uint ("count", NULL, NULL, 0, G_MAXUINT, 0,
                         G_PARAM_READWRITE | G_PARAM_STATIC_STRINGS | G_PARAM_EXPLICIT_NOTIFY);
  g_object_class_install_properties (object_class, N_PROPS, properties);

  gtk_widget_class_set_template_from_resource (widget_class,
                                               "/org/bestiller/Bestiller/bst-sidebar-row.ui");
  gtk_widget_class_bind_template_child (widget_class, BstSidebarRow, icon);
  gtk_widget_class_bind_template_child (widget_class, BstSidebarRow, title);
  gtk_widget_class_bind_template_child (widget_class, BstSidebarRow, badge);
}

static void
bst_sidebar_row_init (BstSidebarRow *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
  bst_whole_text (GTK_WIDGET (self->title));
}

GtkWidget *
bst_sidebar_row_new (const BstPageEntry *entry)
{
  BstSidebarRow *self = g_object_new (BST_TYPE_SIDEBAR_ROW, NULL);

  self->entry = entry;
  gtk_image_set_from_icon_name (self->icon, entry->icon);
  gtk_label_set_label (self->title, _ (entry->title));
  update_name (self);
  return GTK_WIDGET (self);
}

const BstPageEntry *
bst_sidebar_row_get_entry (BstSidebarRow *self)
{
  return self->entry;
}

void
bst_sidebar_row_set_count (BstSidebarRow *self, guint count)
{
  g_autofree char *text = g_strdup_printf ("%u", count);

  if (self->count == count)
    return;
  self->count = count;
  gtk_label_set_label (self->badge, text);
  gtk_widget_set_visible (GTK_WIDGET (self->badge), count > 0);
  update_name (self);
  g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_COUNT]);
}
