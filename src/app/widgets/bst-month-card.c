/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "bst-config.h"

#include "bst-month-card.h"

#include <glib/gi18n.h>

#include "bst-bullet-bar.h"
#include "bst-level-words.h"

struct _BstMonthCard
{
  GtkBox parent_instance;

  BstSession *session;
  BstLevels *levels;
  GtkWidget *button;
  GtkWidget *counts;
  GtkWidget *result;
  GtkWidget *trend;
  GtkWidget *bar;
};

G_DEFINE_FINAL_TYPE (BstMonthCard, bst_month_card, GTK_TYPE_BOX)

static void
show (BstLevels *levels, BstMonthCard *self)
{
  const BstLevelData *data = bst_levels_get_data (levels);
  const char *language = bst_session_get_language (self->session);
  double on_time = bst_level_on_time (&data->total);
  g_autofree char *counts = bst_level_counts_text (&data->total, language);
  g_autofree char *percent = bst_level_percent_text (on_time, language);
  g_autofree char *target = bst_level_percent_text (data->target, language);
  g_autofree char *result = g_strdup_printf (_ ("%s · target %s"), percent, target);
  g_autofree char *words = g_strdup_printf ("%s: %s, %s", _ ("This month"), counts, result);
  const char *trend;
  const char *icon = bst_level_trend_icon (bst_level_on_time (&data->before), on_time, &trend);

  gtk_widget_set_visible (GTK_WIDGET (self), on_time >= 0);
  gtk_label_set_label (GTK_LABEL (self->counts), counts);
  gtk_label_set_label (GTK_LABEL (self->result), result);
  gtk_image_set_from_icon_name (GTK_IMAGE (self->trend), icon);
  gtk_widget_set_tooltip_text (self->trend, trend);
  gtk_widget_set_visible (self->trend, icon != NULL);
  bst_bullet_bar_set (BST_BULLET_BAR (self->bar), on_time, data->target, 100);
  bst_chart_set_words (BST_CHART (self->bar), counts, result);
  gtk_accessible_update_property (GTK_ACCESSIBLE (self->button), GTK_ACCESSIBLE_PROPERTY_LABEL,
                                  words, -1);
}

void
bst_month_card_refresh (BstMonthCard *self)
{
  const char *unit = bst_levels_default_unit (self->session);
  g_autofree char *month = unit ? bst_levels_get_month (self->session, unit) : NULL;

  if (month)
    bst_levels_choose (self->levels, unit, NULL, month, month);
}

void
bst_month_card_set_session (BstMonthCard *self, BstSession *session)
{
  self->session = g_object_ref (session);
  self->levels = bst_levels_new (session);
  g_signal_connect_object (self->levels, "changed", G_CALLBACK (show), self, 0);
  bst_month_card_refresh (self);
}

static void
clicked_cb (BstMonthCard *self)
{
  gtk_widget_activate_action (GTK_WIDGET (self), "win.open", "(ss)", "levels", "");
}

static void
bst_month_card_dispose (GObject *object)
{
  BstMonthCard *self = BST_MONTH_CARD (object);

  g_clear_object (&self->levels);
  g_clear_object (&self->session);
  G_OBJECT_CLASS (bst_month_card_parent_class)->dispose (object);
}

static void
bst_month_card_class_init (BstMonthCardClass *klass)
{
  G_OBJECT_CLASS (klass)->dispose = bst_month_card_dispose;
}

static GtkWidget *
new_label (const char *text, const char *css_class)
{
  GtkWidget *label = gtk_label_new (text);

  gtk_label_set_xalign (GTK_LABEL (label), 0);
  gtk_label_set_wrap (GTK_LABEL (label), TRUE);
  gtk_widget_add_css_class (label, css_class);
  return label;
}

static void
bst_month_card_init (BstMonthCard *self)
{
  GtkWidget *inside = gtk_box_new (GTK_ORIENTATION_VERTICAL, 6);
  GtkWidget *line = gtk_box_new (GTK_ORIENTATION_HORIZONTAL, 6);

  gtk_orientable_set_orientation (GTK_ORIENTABLE (self), GTK_ORIENTATION_VERTICAL);
  gtk_box_set_spacing (GTK_BOX (self), 6);
  gtk_widget_set_visible (GTK_WIDGET (self), FALSE);
  self->button = gtk_button_new ();
  self->counts = new_label (NULL, "title-4");
  self->result = new_label (NULL, "numeric");
  self->trend = gtk_image_new ();
  self->bar = bst_bullet_bar_new ();
  gtk_widget_add_css_class (self->button, "card");
  gtk_widget_add_css_class (self->button, "offer");
  gtk_widget_add_css_class (self->button, "month-card");
  gtk_box_append (GTK_BOX (line), self->result);
  gtk_box_append (GTK_BOX (line), self->trend);
  gtk_box_append (GTK_BOX (inside), self->counts);
  gtk_box_append (GTK_BOX (inside), self->bar);
  gtk_box_append (GTK_BOX (inside), line);
  gtk_button_set_child (GTK_BUTTON (self->button), inside);
  g_signal_connect_swapped (self->button, "clicked", G_CALLBACK (clicked_cb), self);
  gtk_box_append (GTK_BOX (self), new_label (_ ("This month"), "heading"));
  gtk_box_append (GTK_BOX (self), self->button);
}
