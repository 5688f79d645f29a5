/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "bst-config.h"

#include <glib/gi18n.h>

#include "bst-unit-switch.h"

struct _BstUnitSwitch
{
  GtkWidget parent_instance;

  BstSession *session;
  char **units; /* those after the first row */
  gboolean filling;
  GtkDropDown *drop_down;
};

G_DEFINE_FINAL_TYPE (BstUnitSwitch, bst_unit_switch, GTK_TYPE_WIDGET)

/* Those one orders for. Who orders for none, but sees several departments, as who answers for the agreements does: these. */
static char **
units_of (BstSession *session)
{
  BstOrg *org = bst_session_get_org (session);
  GVariant *person = bst_session_get_person (session);
  g_auto (GStrv) units = bst_session_get_units (session);

  if (g_strv_length (units) > 0 || !org || !person)
    return g_steal_pointer (&units);
  return bst_org_accounts (org, person);
}

static void
fill (BstUnitSwitch *self)
{
  BstOrg *org = bst_session_get_org (self->session);
  const char *chosen = bst_session_get_unit (self->session);
  g_autoptr (GtkStringList) names = gtk_string_list_new (NULL);
  guint selected = 0;

  g_strfreev (self->units);
  self->units = units_of (self->session);
  gtk_string_list_append (names, _ ("All my units"));
  for (guint i = 0; self->units[i]; i++)
    {
      gtk_string_list_append (names, bst_org_unit_name (org, self->units[i]));
      if (g_strcmp0 (self->units[i], chosen) == 0)
        selected = i + 1;
    }
  self->filling = TRUE;
  gtk_drop_down_set_model (self->drop_down, G_LIST_MODEL (names));
  gtk_drop_down_set_selected (self->drop_down, selected);
  gtk_drop_down_set_enable_search (self->drop_down, g_strv_length (self->units) > 8);
  self->filling = FALSE;
  gtk_widget_set_visible (GTK_WIDGET (self), g_strv_length (self->units) > 1);
}

static void
selected_cb (BstUnitSwitch *self)
{
  guint selected = gtk_drop_down_get_selected (self->drop_down);

  if (self->filling || !self->session || !self->units || selected > g_strv_length (self->units))
    return;
  bst_session_set_unit (self->session, selected == 0 ? NULL : self->units[selected - 1]);
}

static void
bst_unit_switch_dispose (GObject *object)
{
  BstUnitSwitch *self = BST_UNIT_SWITCH (object);

  bst_unit_switch_set_session (self, NULL);
  if (self->drop_down)
    gtk_widget_unparent (GTK_WIDGET (self->drop_down));
  self->drop_down = NULL;
  g_clear_pointer (&self->units, g_strfreev);
  G_OBJECT_CLASS (bst_unit_switch_parent_class)->dispose (object);
}

static void
bst_unit_switch_class_init (BstUnitSwitchClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = bst_unit_switch_dispose;
  gtk_widget_class_set_layout_manager_type (widget_class, GTK_TYPE_BIN_LAYOUT);
}

static void
bst_unit_switch_init (BstUnitSwitch *self)
{
  GtkExpression *name = gtk_property_expression_new (GTK_TYPE_STRING_OBJECT, NULL, "string");

  self->drop_down = GTK_DROP_DOWN (gtk_drop_down_new (NULL, name));
  gtk_widget_set_tooltip_text (GTK_WIDGET (self->drop_down), _ ("Show only one unit"));
  gtk_accessible_update_property (GTK_ACCESSIBLE (self->drop_down), GTK_ACCESSIBLE_PROPERTY_LABEL,
                                  _ ("Unit"), -1);
  gtk_widget_set_parent (GTK_WIDGET (self->drop_down), GTK_WIDGET (self));
  gtk_widget_add_css_class (GTK_WIDGET (self), "unit-switch");
  gtk_widget_set_visible (GTK_WIDGET (self), FALSE);
  g_signal_connect_object (self->drop_down, "notify::selected", G_CALLBACK (selected_cb), self,
                           G_CONNECT_SWAPPED);
}

void
bst_unit_switch_set_session (BstUnitSwitch *self, BstSession *session)
{
  if (self->session == session)
    return;
  if (self->session)
    g_signal_handlers_disconnect_by_data (self->session, self);
  g_set_object (&self->session, session);
  gtk_widget_set_visible (GTK_WIDGET (self), FALSE);
  if (!session)
    return;
  g_signal_connect_object (session, "notify::person", G_CALLBACK (fill), self, G_CONNECT_SWAPPED);
  fill (self);
}
