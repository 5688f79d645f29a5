/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "bst-config.h"

#include "bst-costs-page-private.h"

#include <glib/gi18n.h>
#include <stdlib.h>

#include "bst-format.h"
#include "bst-text.h"

#define YEARS 4 /* this one and those before it */

static const char *const groupings[] = {
  [BST_CHARGES_BY_MONTH] = N_ ("By month"),
  [BST_CHARGES_BY_SERVICE] = N_ ("By service"),
  [BST_CHARGES_BY_UNIT] = N_ ("By unit"),
  [BST_CHARGES_BY_OBLIGATION] = N_ ("Mandatory and add-on"),
};

G_DEFINE_FINAL_TYPE (BstCostsPage, bst_costs_page, BST_TYPE_PAGE)

static BstSession *
session_of (BstCostsPage *self)
{
  return bst_page_get_session (BST_PAGE (self));
}

/* ---- words ---- */

char *
bst_costs_page_group_name (BstCostsPage *self, const char *key)
{
  const char *language = bst_session_get_language (session_of (self));
  BstOrg *org = bst_session_get_org (session_of (self));
  GVariant *service;
  const char *name = NULL;

  switch (self->costs->by)
    {
    case BST_CHARGES_BY_MONTH:
      return bst_format_month (key, language);
    case BST_CHARGES_BY_UNIT:
      name = org && *key ? bst_org_unit_name (org, key) : NULL;
      break;
    case BST_CHARGES_BY_SERVICE:
      service = *key ? bst_records_get (self->records, "Service", key) : NULL;
      name = service ? bst_text_pick (service, "name", language) : NULL;
      break;
    case BST_CHARGES_BY_OBLIGATION:
      if (*key)
        name = g_str_equal (key, "mandatory") ? _ ("Mandatory") : _ ("Add-on");
      break;
    default:
      g_assert_not_reached ();
    }
  if (name)
    return g_strdup (name);
  return g_strdup (*key ? key : _ ("Not known"));
}

static char *
money_text (BstCostsPage *self, const BstMoney *money)
{
  return money->currency[0] ? bst_money_format (money, bst_session_get_language (session_of (self)))
                            : g_strdup ("–");
}

/* What is reckoned ahead is no more exact than that. */
static char *
whole_text (BstCostsPage *self, const BstMoney *money)
{
  return money->currency[0]
             ? bst_money_format_whole (money, bst_session_get_language (session_of (self)))
             : g_strdup ("–");
}

/* In a table: the currency stands in the heading. */
static char *
amount_text (BstCostsPage *self, const BstMoney *money)
{
  return money->currency[0]
             ? bst_money_format_amount (money, bst_session_get_language (session_of (self)))
             : g_strdup ("–");
}

/* "Total (DKK)" */
static char *
amount_heading (BstCostsPage *self, const char *heading)
{
  const char *currency = self->costs->charged.currency;

  return *currency ? g_strdup_printf ("%s (%s)", heading, currency) : g_strdup (heading);
}

/* ---- the summary ---- */

static void
add_fact (BstCostsPage *self, const char *heading, const char *value, const char *below)
{
  GtkWidget *box = gtk_box_new (GTK_ORIENTATION_VERTICAL, 3);
  GtkWidget *top = gtk_label_new (heading);
  GtkWidget *middle = gtk_label_new (value);
  GtkWidget *bottom = gtk_label_new (below ? below : "");

  gtk_widget_add_css_class (top, "caption-heading");
  gtk_widget_add_css_class (top, "dim-label");
  gtk_widget_add_css_class (middle, "title-2");
  gtk_widget_add_css_class (middle, "numeric");
  gtk_widget_add_css_class (bottom, "caption");
  gtk_label_set_xalign (GTK_LABEL (top), 0);
  gtk_label_set_xalign (GTK_LABEL (middle), 0);
  gtk_label_set_xalign (GTK_LABEL (bottom), 0);
  gtk_label_set_wrap (GTK_LABEL (bottom), TRUE);
  gtk_box_append (GTK_BOX (box), top);
  gtk_box_append (GTK_BOX (box), middle);
  gtk_box_append (GTK_BOX (box), bottom);
  gtk_flow_box_insert (self->summary, box, -1);
  gtk_widget_set_focusable (gtk_widget_get_parent (box), FALSE);
}

/* By how much the forecast is over or under the budget, in words. */
static char *
forecast_text (BstCostsPage *self)
{
  const BstCosts *costs = self->costs;
  BstMoney more = costs->forecast;
  g_autofree char *text = NULL;

  if (costs->budget.amount <= 0 || g_strcmp0 (costs->budget.currency, more.currency) != 0)
    return NULL;
  more.amount -= costs->budget.amount;
  if (more.amount > 0)
    {
      text = whole_text (self, &more);
      /* Translators: %s is an amount. */
      return g_strdup_printf (_ ("⚠ %s over the budget"), text);
    }
  more.amount = -more.amount;
  text = whole_text (self, &more);
  return g_strdup_printf (_ ("%s under the budget"), text);
}

static void
show_summary (BstCostsPage *self)
{
  const BstCosts *costs = self->costs;
  g_autofree char *charged = money_text (self, &costs->charged);
  g_autofree char *share =
      bst_costs_share_text (costs, &costs->charged, bst_session_get_language (session_of (self)));
  g_autofree char *budget = money_text (self, &costs->budget);
  g_autofree char *forecast = whole_text (self, &costs->forecast);
  g_autofree char *over = forecast_text (self);
  GtkWidget *child;

  while ((child = gtk_widget_get_first_child (GTK_WIDGET (self->summary))))
    gtk_flow_box_remove (self->summary, child);
  add_fact (self, _ ("Charged"), charged, share);
  add_fact (self, _ ("Budget"), budget,
            costs->budget.currency[0] ? NULL : _ ("None for this year"));
  add_fact (self, _ ("Forecast for the year"), forecast, over);
}

/* ---- the tables ---- */

static void
show_groups (BstCostsPage *self)
{
  g_autofree char *in_total = amount_heading (self, _ ("Total"));
  const char *const headings[] = { _ (groupings[self->costs->by]),
                                   _ ("Lines"),
                                   _ ("Once"),
                                   _ ("Monthly"),
                                   _ ("Credit"),
                                   in_total,
                                   NULL };
  g_autoptr (BstChargeTotal) all = bst_charge_totals_of_all (self->costs->groups, NULL);

  bst_figures_begin (self->groups, headings);
  for (guint i = 0; i <= self->costs->groups->len; i++)
    {
      gboolean last = i == self->costs->groups->len;
      const BstChargeTotal *total = last ? all : self->costs->groups->pdata[i];
      BstMoney sum = { 0 };
      g_autofree char *name = NULL;
      g_autofree char *count = NULL;
      g_autofree char *once = NULL;
      g_autofree char *monthly = NULL;
      g_autofree char *credit = NULL;
      g_autofree char *text = NULL;

      if (!total)
        return;
      bst_charge_total_sum (total, &sum, NULL);
      name = last ? g_strdup (_ ("All")) : bst_costs_page_group_name (self, total->key);
      count = bst_format_int (total->count, bst_session_get_language (session_of (self)));
      once = amount_text (self, &total->once);
      monthly = amount_text (self, &total->monthly);
      credit = amount_text (self, &total->credit);
      text = amount_text (self, &sum);
      bst_figures_add (self->groups,
                       last          ? ""
                       : *total->key ? total->key
                                     : NULL,
                       (const char *const[]){ name, count, once, monthly, credit, text, NULL },
                       last);
    }
}

/* "97 % (95 %)": own, and the whole authority's. */
static char *
pair_text (BstCostsPage *self, double own, double all, gboolean percent)
{
  const char *language = bst_session_get_language (session_of (self));
  g_autofree char *first = own < 0   ? g_strdup ("–")
                           : percent ? bst_format_percent (own, 0, language)
                                     : bst_format_decimal (own, 1, language);
  g_autofree char *second = all < 0   ? g_strdup ("–")
                            : percent ? bst_format_percent (all, 0, language)
                                      : bst_format_decimal (all, 1, language);

  return g_strdup_printf ("%s (%s)", first, second);
}

static char *
service_name (BstCostsPage *self, const char *id)
{
  GVariant *service = bst_records_get (self->records, "Service", id);
  const char *name =
      service ? bst_text_pick (service, "name", bst_session_get_language (session_of (self)))
              : NULL;

  return g_strdup (name ? name : id);
}

static void
add_worth (BstCostsPage *self, const BstWorth *worth)
{
  g_autofree char *name = service_name (self, worth->service);
  g_autofree char *cases =
      bst_format_int (worth->own.cases, bst_session_get_language (session_of (self)));
  g_autofree char *per_case = amount_text (self, &worth->per_case);
  g_autofree char *price =
      amount_text (self, worth->once.currency[0] ? &worth->once : &worth->monthly);
  g_autofree char *time = pair_text (self, bst_level_on_time (&worth->own),
                                     worth->has_all ? bst_level_on_time (&worth->all) : -1, TRUE);
  g_autofree char *first =
      pair_text (self, bst_level_first_time (&worth->own),
                 worth->has_all ? bst_level_first_time (&worth->all) : -1, TRUE);
  g_autofree char *stars =
      pair_text (self, bst_level_satisfaction (&worth->own),
                 worth->has_all ? bst_level_satisfaction (&worth->all) : -1, FALSE);

  bst_figures_add (self->worths, worth->service,
                   (const char *const[]){ name, cases, per_case, price, time, first, stars, NULL },
                   FALSE);
}

static void
show_worths (BstCostsPage *self)
{
  g_autofree char *per_case = amount_heading (self, _ ("Cost per case"));
  const char *const headings[] = { _ ("Service"),      _ ("Cases"),
                                   per_case,           _ ("Price in the catalogue"),
                                   _ ("On time"),      _ ("Right first time"),
                                   _ ("Satisfaction"), NULL };

  bst_figures_begin (self->worths, headings);
  for (guint i = 0; i < self->costs->worths->len; i++)
    add_worth (self, self->costs->worths->pdata[i]);
  gtk_widget_set_visible (self->worth_group, self->costs->worths->len > 0);
}

static void
show (BstCostsPage *self)
{
  const BstCosts *costs = self->costs;
  gboolean empty = costs->months->len == 0 && costs->budget.amount == 0;
  g_autofree char *year = g_strdup_printf ("%d", costs->year);

  bst_page_set_subtitle (BST_PAGE (self), year);
  show_summary (self);
  bst_cost_bars_set (self->bars, costs->months, costs->year, &costs->budget,
                     bst_session_get_language (session_of (self)));
  show_groups (self);
  show_worths (self);
  bst_costs_page_show_odd (self);
  bst_costs_page_show_lines (self);
  gtk_stack_set_visible_child_name (GTK_STACK (self->stack), empty ? "empty" : "costs");
}

/* ---- reading ---- */

static void
read_cb (GObject *source, GAsyncResult *result, gpointer data)
{
  g_autoptr (BstCostsPage) self = data;
  g_autoptr (GError) error = NULL;
  BstCosts *costs = bst_costs_read_finish (result, &error);

  if (!costs)
    {
      bst_page_fail (BST_PAGE (self), error);
      return;
    }
  g_clear_pointer (&self->costs, bst_costs_free);
  self->costs = costs;
  show (self);
}

static void
ask (BstCostsPage *self)
{
  BstSession *session = session_of (self);

  if (!bst_session_get_org (session) || !gtk_widget_get_mapped (GTK_WIDGET (self)))
    return;
  g_cancellable_cancel (self->cancellable);
  g_clear_object (&self->cancellable);
  self->cancellable = g_cancellable_new ();
  bst_costs_read_async (
      session, self->first_year - (int) gtk_drop_down_get_selected (GTK_DROP_DOWN (self->year)),
      bst_session_get_unit (session),
      (BstChargeGrouping) gtk_drop_down_get_selected (GTK_DROP_DOWN (self->grouping)),
      self->cancellable, read_cb, g_object_ref (self));
}

static void
choice_cb (GtkWidget *drop, GParamSpec *pspec, BstCostsPage *self)
{
  if (self->filling)
    return;
  g_clear_pointer (&self->group, g_free);
  ask (self);
}

static void
store_changed_cb (BstStore *store, const char *type, BstCostsPage *self)
{
  static const char *const types[] = { "Charge", "Budget", "Measure", "Request", NULL };

  if (g_strv_contains (types, type))
    ask (self);
}

static void
loaded_cb (BstCostsPage *self)
{
  if (self->costs && gtk_widget_get_mapped (GTK_WIDGET (self)))
    {
      show_groups (self);
      show_worths (self);
    }
}

static void
group_opened_cb (BstFigures *figures, const char *id, BstCostsPage *self)
{
  g_free (self->group);
  self->group = g_strdup (id);
  self->opening = TRUE;
  bst_costs_page_show_lines (self);
}

/* A month of the chart: its lines, below the table by months. */
static void
bar_activate_cb (BstCostsPage *self, int month)
{
  self->filling = TRUE;
  gtk_drop_down_set_selected (GTK_DROP_DOWN (self->grouping), BST_CHARGES_BY_MONTH);
  self->filling = FALSE;
  g_free (self->group);
  self->group = g_strdup_printf ("%04d-%02d", self->costs->year, month + 1);
  self->opening = TRUE;
  ask (self);
}

static void
month_lines_cb (BstCostsPage *self)
{
  bar_activate_cb (self, bst_chart_get_selected (BST_CHART (self->bars)));
}

static void
service_opened_cb (BstFigures *figures, const char *id, BstCostsPage *self)
{
  bst_page_navigate (BST_PAGE (self), "service", id);
}

static void
said_cb (BstCostsPage *self)
{
  gtk_label_set_label (self->said, bst_chart_get_selected_text (BST_CHART (self->bars)));
  gtk_widget_set_visible (self->month_lines, bst_chart_get_selected (BST_CHART (self->bars)) >= 0);
}

/* ---- the object ---- */

static void
fill_choices (BstCostsPage *self)
{
  g_autofree char *today = bst_session_today (session_of (self));
  g_autoptr (GtkStringList) years = gtk_string_list_new (NULL);
  g_autoptr (GtkStringList) by = gtk_string_list_new (NULL);

  self->filling = TRUE;
  self->first_year = atoi (today);
  for (int i = 0; i < YEARS; i++)
    gtk_string_list_take (years, g_strdup_printf ("%d", self->first_year - i));
  for (gsize i = 0; i < G_N_ELEMENTS (groupings); i++)
    gtk_string_list_append (by, _ (groupings[i]));
  gtk_drop_down_set_model (GTK_DROP_DOWN (self->year), G_LIST_MODEL (years));
  gtk_drop_down_set_model (GTK_DROP_DOWN (self->grouping), G_LIST_MODEL (by));
  gtk_drop_down_set_selected (GTK_DROP_DOWN (self->grouping), BST_CHARGES_BY_SERVICE);
  self->filling = FALSE;
}

static void
bst_costs_page_open (BstPage *page, const char *arg)
{
  ask (BST_COSTS_PAGE (page));
}

static void
bst_costs_page_constructed (GObject *object)
{
  BstCostsPage *self = BST_COSTS_PAGE (object);
  BstSession *session = session_of (self);
  BstStore *store = bst_session_get_store (session);

  G_OBJECT_CLASS (bst_costs_page_parent_class)->constructed (object);
  self->records = bst_records_for_store (store);
  fill_choices (self);
  g_signal_connect_object (self->records, "loaded", G_CALLBACK (loaded_cb), self,
                           G_CONNECT_SWAPPED);
  g_signal_connect_object (session, "notify::org", G_CALLBACK (ask), self, G_CONNECT_SWAPPED);
  g_signal_connect_object (session, "notify::unit", G_CALLBACK (ask), self, G_CONNECT_SWAPPED);
  g_signal_connect_object (store, "changed", G_CALLBACK (store_changed_cb), self, 0);
  g_signal_connect (self, "map", G_CALLBACK (ask), NULL);
}

static void
bst_costs_page_dispose (GObject *object)
{
  BstCostsPage *self = BST_COSTS_PAGE (object);

  g_cancellable_cancel (self->cancellable);
  g_clear_object (&self->cancellable);
  g_clear_pointer (&self->costs, bst_costs_free);
  g_clear_pointer (&self->group, g_free);
  g_clear_pointer (&self->odd_rows, g_ptr_array_unref);
  g_clear_pointer (&self->line_rows, g_ptr_array_unref);
  G_OBJECT_CLASS (bst_costs_page_parent_class)->dispose (object);
}

static void
bst_costs_page_class_init (BstCostsPageClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->constructed = bst_costs_page_constructed;
  G_OBJECT_CLASS (klass)->dispose = bst_costs_page_dispose;
  BST_PAGE_CLASS (klass)->open = bst_costs_page_open;
  BST_PAGE_CLASS (klass)->export = bst_costs_page_export;
  g_type_ensure (BST_TYPE_COST_BARS);
  g_type_ensure (BST_TYPE_FIGURES);
  gtk_widget_class_set_template_from_resource (widget_class,
                                               "/org/bestiller/Bestiller/bst-costs-page.ui");
  gtk_widget_class_bind_template_child (widget_class, BstCostsPage, year);
  gtk_widget_class_bind_template_child (widget_class, BstCostsPage, grouping);
  gtk_widget_class_bind_template_child (widget_class, BstCostsPage, stack);
  gtk_widget_class_bind_template_child (widget_class, BstCostsPage, summary);
  gtk_widget_class_bind_template_child (widget_class, BstCostsPage, bars);
  gtk_widget_class_bind_template_child (widget_class, BstCostsPage, month_lines);
  gtk_widget_class_bind_template_child (widget_class, BstCostsPage, said);
  gtk_widget_class_bind_template_child (widget_class, BstCostsPage, groups);
  gtk_widget_class_bind_template_child (widget_class, BstCostsPage, odd);
  gtk_widget_class_bind_template_child (widget_class, BstCostsPage, lines);
  gtk_widget_class_bind_template_child (widget_class, BstCostsPage, worth_group);
  gtk_widget_class_bind_template_child (widget_class, BstCostsPage, worths);
  gtk_widget_class_bind_template_callback (widget_class, choice_cb);
  gtk_widget_class_bind_template_callback (widget_class, group_opened_cb);
  gtk_widget_class_bind_template_callback (widget_class, service_opened_cb);
  gtk_widget_class_bind_template_callback (widget_class, said_cb);
  gtk_widget_class_bind_template_callback (widget_class, bar_activate_cb);
  gtk_widget_class_bind_template_callback (widget_class, month_lines_cb);
}

static void
bst_costs_page_init (BstCostsPage *self)
{
  self->odd_rows = g_ptr_array_new ();
  self->line_rows = g_ptr_array_new ();
  gtk_widget_init_template (GTK_WIDGET (self));
}
