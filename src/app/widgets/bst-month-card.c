/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "bst-config.h"

#include "bst-month-card.h"

#include <glib/gi18n.h>

#include "bst-bullet-bar.h"
#include "bst-costs.h"
#include "bst-level-words.h"

#define COSTS_MS 500 /* charges come many at a time */

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
  GtkWidget *heading;
  GtkWidget *costs_heading;
  GtkWidget *costs;
  GtkWidget *charged;
  GtkWidget *share;
  GCancellable *summing;
  guint sum_source;
};

G_DEFINE_FINAL_TYPE (BstMonthCard, bst_month_card, GTK_TYPE_BOX)

static void
show_any (BstMonthCard *self)
{
  gtk_widget_set_visible (GTK_WIDGET (self), gtk_widget_get_visible (self->button) ||
                                                 gtk_widget_get_visible (self->costs));
}

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

  gtk_widget_set_visible (self->button, on_time >= 0);
  gtk_widget_set_visible (self->heading, on_time >= 0);
  show_any (self);
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

/* ---- costs ---- */

static void
summed_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (BstMonthCard) self = user_data;
  g_autoptr (GError) error = NULL;
  g_autoptr (BstCosts) costs = bst_costs_read_finish (result, &error);
  const char *language;
  g_autofree char *charged = NULL;
  g_autofree char *share = NULL;
  g_autofree char *words = NULL;

  if (!costs)
    {
      if (!g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
        g_message ("costs cannot be read: %s", error->message);
      return;
    }
  language = bst_session_get_language (self->session);
  if (costs->charged.currency[0])
    charged = bst_money_format (&costs->charged, language);
  share = bst_costs_share_text (costs, &costs->charged, language);
  gtk_label_set_label (GTK_LABEL (self->charged), charged ? charged : "");
  gtk_label_set_label (GTK_LABEL (self->share), share ? share : "");
  gtk_widget_set_visible (self->share, share != NULL);
  gtk_widget_set_visible (self->costs, charged != NULL);
  gtk_widget_set_visible (self->costs_heading, charged != NULL);
  show_any (self);
  if (!charged)
    return;
  words = g_strdup_printf ("%s: %s%s%s", _ ("Costs this year"), charged, share ? ", " : "",
                           share ? share : "");
  gtk_accessible_update_property (GTK_ACCESSIBLE (self->costs), GTK_ACCESSIBLE_PROPERTY_LABEL,
                                  words, -1);
}

static void
sum_costs (BstMonthCard *self)
{
  g_autofree char *today = bst_session_today (self->session);

  g_cancellable_cancel (self->summing);
  g_clear_object (&self->summing);
  self->summing = g_cancellable_new ();
  /* As on the page that it opens. The years of the budget are those of the calendar: "2026-11-28" begins with it. */
  bst_costs_sum_async (self->session, (int) g_ascii_strtoll (today, NULL, 10),
                       bst_session_get_unit (self->session), self->summing, summed_cb,
                       g_object_ref (self));
}

static gboolean
sum_cb (gpointer user_data)
{
  BstMonthCard *self = user_data;

  self->sum_source = 0;
  bst_month_card_refresh (self);
  return G_SOURCE_REMOVE;
}

static void
store_changed_cb (BstStore *store, const char *type, BstMonthCard *self)
{
  if (!self->sum_source && (g_strcmp0 (type, "Charge") == 0 || g_strcmp0 (type, "Budget") == 0))
    self->sum_source = g_timeout_add (COSTS_MS, sum_cb, self);
}

/* ---- the object ---- */

void
bst_month_card_refresh (BstMonthCard *self)
{
  const char *unit = bst_levels_default_unit (self->session);
  g_autofree char *month = unit ? bst_levels_get_month (self->session, unit) : NULL;

  if (!month)
    return;
  bst_levels_choose (self->levels, unit, NULL, month, month);
  if (bst_session_get_org (self->session))
    sum_costs (self);
}

void
bst_month_card_set_session (BstMonthCard *self, BstSession *session)
{
  self->session = g_object_ref (session);
  self->levels = bst_levels_new (session);
  g_signal_connect_object (self->levels, "changed", G_CALLBACK (show), self, 0);
  g_signal_connect_object (bst_session_get_store (session), "changed",
                           G_CALLBACK (store_changed_cb), self, 0);
  bst_month_card_refresh (self);
}

static void
bst_month_card_dispose (GObject *object)
{
  BstMonthCard *self = BST_MONTH_CARD (object);

  g_clear_handle_id (&self->sum_source, g_source_remove);
  g_cancellable_cancel (self->summing);
  g_clear_object (&self->summing);
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

/* A card that opens @page. */
static GtkWidget *
new_button (GtkWidget *inside, const char *page)
{
  GtkWidget *button = gtk_button_new ();

  gtk_widget_add_css_class (button, "card");
  gtk_widget_add_css_class (button, "offer");
  gtk_widget_add_css_class (button, "month-card");
  gtk_actionable_set_action_name (GTK_ACTIONABLE (button), "win.open");
  gtk_actionable_set_action_target (GTK_ACTIONABLE (button), "(ss)", page, "");
  gtk_button_set_child (GTK_BUTTON (button), inside);
  gtk_widget_set_visible (button, FALSE);
  return button;
}

static void
bst_month_card_init (BstMonthCard *self)
{
  GtkWidget *inside = gtk_box_new (GTK_ORIENTATION_VERTICAL, 6);
  GtkWidget *line = gtk_box_new (GTK_ORIENTATION_HORIZONTAL, 6);
  GtkWidget *spent = gtk_box_new (GTK_ORIENTATION_VERTICAL, 6);

  gtk_orientable_set_orientation (GTK_ORIENTABLE (self), GTK_ORIENTATION_VERTICAL);
  gtk_box_set_spacing (GTK_BOX (self), 6);
  gtk_widget_set_visible (GTK_WIDGET (self), FALSE);
  self->counts = new_label (NULL, "title-4");
  self->result = new_label (NULL, "numeric");
  self->trend = gtk_image_new ();
  self->bar = bst_bullet_bar_new ();
  self->charged = new_label (NULL, "title-4");
  self->share = new_label (NULL, "numeric");
  gtk_box_append (GTK_BOX (line), self->result);
  gtk_box_append (GTK_BOX (line), self->trend);
  gtk_box_append (GTK_BOX (inside), self->counts);
  gtk_box_append (GTK_BOX (inside), self->bar);
  gtk_box_append (GTK_BOX (inside), line);
  gtk_box_append (GTK_BOX (spent), self->charged);
  gtk_box_append (GTK_BOX (spent), self->share);
  self->button = new_button (inside, "levels");
  self->costs = new_button (spent, "costs");
  self->heading = new_label (_ ("This month"), "heading");
  self->costs_heading = new_label (_ ("Costs this year"), "heading");
  gtk_widget_set_margin_top (self->costs_heading, 12);
  gtk_box_append (GTK_BOX (self), self->heading);
  gtk_box_append (GTK_BOX (self), self->button);
  gtk_box_append (GTK_BOX (self), self->costs_heading);
  gtk_box_append (GTK_BOX (self), self->costs);
}
