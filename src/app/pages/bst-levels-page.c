/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "bst-config.h"

#include "bst-levels-page-private.h"

#include <glib/gi18n.h>

#include "bst-bullet-bar.h"
#include "bst-case-row.h"
#include "bst-columns.h"
#include "bst-details.h"
#include "bst-level-export.h"
#include "bst-format.h"
#include "bst-month.h"
#include "bst-page-table.h"
#include "bst-trend-chart.h"
#include "bst-whole-text.h"

#define PERIOD_MONTHS 13
#define FIRST_LATE    20
#define MORE_LATE     50

G_DEFINE_FINAL_TYPE (BstLevelsPage, bst_levels_page, BST_TYPE_PAGE)

BstSession *
bst_levels_page_session (BstLevelsPage *self)
{
  return bst_page_get_session (BST_PAGE (self));
}

const char *
bst_levels_page_language (BstLevelsPage *self)
{
  return bst_session_get_language (bst_levels_page_session (self));
}

void
bst_levels_page_clear (GtkWidget *container)
{
  GtkWidget *child;

  while ((child = gtk_widget_get_first_child (container)))
    {
      if (GTK_IS_LIST_BOX (container))
        gtk_list_box_remove (GTK_LIST_BOX (container), child);
      else if (GTK_IS_GRID (container))
        gtk_grid_remove (GTK_GRID (container), child);
      else
        gtk_box_remove (GTK_BOX (container), child);
    }
}

/* ---- choosing ---- */

static void
setup_cb (GtkSignalListItemFactory *factory, GtkListItem *item)
{
  GtkWidget *label = gtk_label_new (NULL);

  gtk_label_set_xalign (GTK_LABEL (label), 0);
  bst_whole_text (label);
  gtk_list_item_set_child (item, label);
}

static void
bind_cb (GtkSignalListItemFactory *factory, GtkListItem *item)
{
  GtkStringObject *object = gtk_list_item_get_item (item);

  gtk_label_set_label (GTK_LABEL (gtk_list_item_get_child (item)),
                       gtk_string_object_get_string (object));
}

/* On the button long names are cut; in the list they are not. */
static void
set_up_choice (GtkWidget *choice)
{
  g_autoptr (GtkListItemFactory) list =
      gtk_drop_down_get_factory (GTK_DROP_DOWN (choice))
          ? g_object_ref (gtk_drop_down_get_factory (GTK_DROP_DOWN (choice)))
          : NULL;
  g_autoptr (GtkListItemFactory) factory = gtk_signal_list_item_factory_new ();
  GtkExpression *name = gtk_property_expression_new (GTK_TYPE_STRING_OBJECT, NULL, "string");

  g_signal_connect (factory, "setup", G_CALLBACK (setup_cb), NULL);
  g_signal_connect (factory, "bind", G_CALLBACK (bind_cb), NULL);
  gtk_drop_down_set_expression (GTK_DROP_DOWN (choice), name);
  gtk_drop_down_set_list_factory (GTK_DROP_DOWN (choice), list);
  gtk_drop_down_set_factory (GTK_DROP_DOWN (choice), factory);
  gtk_expression_unref (name);
}

static void
add_period (BstLevelsPage *self,
            GtkStringList *names,
            const char *name,
            const char *from,
            const char *to)
{
  char **period = g_new0 (char *, 3);

  period[0] = g_strdup (from);
  period[1] = g_strdup (to);
  g_ptr_array_add (self->periods, period);
  gtk_string_list_append (names, name);
}

static void
fill_periods (BstLevelsPage *self, const char *unit)
{
  static const struct
  {
    int months;
    const char *name;
  } spans[] = { { 3, N_ ("Last 3 months") }, { 12, N_ ("Last 12 months") } };
  g_autoptr (GtkStringList) names = gtk_string_list_new (NULL);
  g_autofree char *now = bst_levels_get_month (bst_levels_page_session (self), unit);
  int year = 0;

  g_ptr_array_set_size (self->periods, 0);
  for (int i = 0; i < PERIOD_MONTHS; i++)
    {
      g_autofree char *month = bst_month_add (now, -i);
      g_autofree char *name = bst_format_month (month, bst_levels_page_language (self));

      add_period (self, names, name, month, month);
    }
  for (guint i = 0; i < G_N_ELEMENTS (spans); i++)
    {
      g_autofree char *first = bst_month_add (now, 1 - spans[i].months);

      add_period (self, names, _ (spans[i].name), first, now);
    }
  bst_month_parse (now, &year, NULL);
  for (int i = 0; i < 2; i++)
    {
      g_autofree char *first = g_strdup_printf ("%04d-01", year - i);
      g_autofree char *last = g_strdup_printf ("%04d-12", year - i);
      g_autofree char *name = g_strdup_printf (_ ("The year %d"), year - i);

      add_period (self, names, name, first, i == 0 ? now : last);
    }
  gtk_drop_down_set_model (GTK_DROP_DOWN (self->period), G_LIST_MODEL (names));
}

/* Units of which the session knows, those below indented under those above. */
static void
add_units (BstLevelsPage *self,
           GtkStringList *names,
           const char *unit,
           GHashTable *visible,
           int depth)
{
  BstOrg *org = bst_session_get_org (bst_levels_page_session (self));
  g_auto (GStrv) children = bst_org_children (org, unit);
  gboolean seen = g_hash_table_contains (visible, unit) &&
                  g_strcmp0 (bst_org_unit_kind (org, unit), "performer") != 0;

  if (seen)
    {
      g_autofree char *name =
          g_strdup_printf ("%*s%s", depth * 3, "", bst_org_unit_name (org, unit));

      gtk_string_list_append (names, name);
      g_ptr_array_add (self->unit_ids, g_strdup (unit));
    }
  for (guint i = 0; children[i]; i++)
    add_units (self, names, children[i], visible, seen ? depth + 1 : depth);
}

static guint
find_id (GPtrArray *ids, const char *id)
{
  for (guint i = 0; i < ids->len; i++)
    if (g_strcmp0 (ids->pdata[i], id) == 0)
      return i;
  return 0;
}

static void
fill_units (BstLevelsPage *self)
{
  BstSession *session = bst_levels_page_session (self);
  BstOrg *org = bst_session_get_org (session);
  GVariant *person = bst_session_get_person (session);
  g_autoptr (GtkStringList) names = gtk_string_list_new (NULL);
  g_autoptr (GHashTable) visible = NULL;
  g_auto (GStrv) roots = NULL;

  g_ptr_array_set_size (self->unit_ids, 0);
  if (!org || !person)
    return;
  visible = bst_org_visible_units (org, person);
  roots = bst_org_roots (org);
  for (guint i = 0; roots[i]; i++)
    add_units (self, names, roots[i], visible, 0);
  gtk_drop_down_set_model (GTK_DROP_DOWN (self->unit), G_LIST_MODEL (names));
  gtk_drop_down_set_enable_search (GTK_DROP_DOWN (self->unit), self->unit_ids->len > 8);
  gtk_drop_down_set_selected (GTK_DROP_DOWN (self->unit),
                              find_id (self->unit_ids, bst_levels_default_unit (session)));
}

/* All that the unit had cases of in the period; the chosen one stays when it had none. */
static void
fill_services (BstLevelsPage *self, const BstLevelData *data)
{
  g_autoptr (GtkStringList) names = gtk_string_list_new (NULL);

  if (self->chosen_service && self->service_ids->len > 1 &&
      find_id (self->service_ids, self->chosen_service) > 0)
    {
      self->filling = TRUE;
      gtk_drop_down_set_selected (GTK_DROP_DOWN (self->service),
                                  find_id (self->service_ids, self->chosen_service));
      self->filling = FALSE;
      return;
    }
  g_ptr_array_set_size (self->service_ids, 0);
  g_ptr_array_add (self->service_ids, NULL);
  gtk_string_list_append (names, _ ("All services"));
  for (guint i = 0; i < data->services->len; i++)
    {
      const BstLevelRow *row = data->services->pdata[i];

      gtk_string_list_append (names, row->name);
      g_ptr_array_add (self->service_ids, g_strdup (row->id));
    }
  if (self->chosen_service && find_id (self->service_ids, self->chosen_service) == 0)
    {
      gtk_string_list_append (names, data->service_name);
      g_ptr_array_add (self->service_ids, g_strdup (self->chosen_service));
    }
  self->filling = TRUE;
  gtk_drop_down_set_model (GTK_DROP_DOWN (self->service), G_LIST_MODEL (names));
  gtk_drop_down_set_selected (GTK_DROP_DOWN (self->service),
                              find_id (self->service_ids, self->chosen_service));
  self->filling = FALSE;
}

static void
choose (BstLevelsPage *self)
{
  guint period = gtk_drop_down_get_selected (GTK_DROP_DOWN (self->period));
  guint unit = gtk_drop_down_get_selected (GTK_DROP_DOWN (self->unit));
  char **months;

  if (unit >= self->unit_ids->len || period >= self->periods->len)
    return;
  months = self->periods->pdata[period];
  self->shown_late = FIRST_LATE;
  gtk_widget_set_visible (self->proof_box, FALSE);
  bst_levels_choose (self->levels, self->unit_ids->pdata[unit], self->chosen_service, months[0],
                     months[1]);
}

void
bst_levels_page_choose_service (BstLevelsPage *self, const char *service)
{
  g_autofree char *chosen = g_strdup (service);

  g_free (self->chosen_service);
  self->chosen_service = g_steal_pointer (&chosen);
  choose (self);
}

static void
chosen_cb (GtkWidget *choice, GParamSpec *pspec, BstLevelsPage *self)
{
  guint service;

  if (self->filling)
    return;
  if (choice != self->service)
    {
      choose (self);
      return;
    }
  service = gtk_drop_down_get_selected (GTK_DROP_DOWN (self->service));
  if (service < self->service_ids->len)
    bst_levels_page_choose_service (self, self->service_ids->pdata[service]);
}

/* ---- showing ---- */

static void
changed_cb (BstLevels *levels, BstLevelsPage *self)
{
  const BstLevelData *data = bst_levels_get_data (levels);
  gboolean measured = data->total.cases > 0;

  fill_services (self, data);
  gtk_widget_set_visible (self->nothing, !measured);
  gtk_widget_set_visible (self->results_box, measured);
  gtk_widget_set_visible (self->propose, data->service && bst_page_table_find ("agreements"));
  gtk_widget_set_visible (self->all_services, data->service != NULL);
  bst_levels_page_show_results (self, data);
  bst_levels_page_show_late (self, data);
  bst_levels_page_read_risk (self);
}

static void
fill_choices (BstLevelsPage *self)
{
  self->filling = TRUE;
  fill_units (self);
  if (self->unit_ids->len > 0)
    fill_periods (self, self->unit_ids->pdata[0]);
  self->filling = FALSE;
}

static void
session_cb (BstLevelsPage *self)
{
  fill_choices (self);
  choose (self);
}

/* ---- doing ---- */

static void
service_activated_cb (GtkListBox *list, GtkListBoxRow *row, BstLevelsPage *self)
{
  bst_levels_page_choose_service (self, g_object_get_data (G_OBJECT (row), "id"));
  bst_page_show_top (self->headline);
}

static void
all_services_cb (GtkButton *button, BstLevelsPage *self)
{
  bst_levels_page_choose_service (self, NULL);
}

static void
recompute_cb (GtkButton *button, BstLevelsPage *self)
{
  bst_levels_page_prove (self);
}

static void
propose_cb (GtkButton *button, BstLevelsPage *self)
{
  g_autofree char *arg = g_strconcat ("propose:", self->chosen_service, NULL);

  bst_page_navigate (BST_PAGE (self), "agreements", arg);
}

static void
cases_cb (GtkButton *button, BstLevelsPage *self)
{
  bst_levels_page_open_cases (self, &(BstLevelsBehind){ BST_CASE_CHOICE_ALL });
}

static void
unit_activated_cb (GtkListBox *list, GtkListBoxRow *row, BstLevelsPage *self)
{
  bst_levels_page_open_count (self, row, FALSE);
}

static void
channel_activated_cb (GtkListBox *list, GtkListBoxRow *row, BstLevelsPage *self)
{
  bst_levels_page_open_count (self, row, TRUE);
}

static void
case_activated_cb (GtkListBox *list, GtkListBoxRow *row, BstLevelsPage *self)
{
  if (bst_case_row_get_request (row))
    bst_page_navigate (BST_PAGE (self), "request", bst_case_row_get_request (row));
}

static void
more_proof_cb (GtkButton *button, BstLevelsPage *self)
{
  bst_levels_page_show_more_proof (self);
}

static void
more_cb (GtkButton *button, BstLevelsPage *self)
{
  self->shown_late += MORE_LATE;
  bst_levels_page_show_late (self, bst_levels_get_data (self->levels));
}

/* The results, as they stand on the page. */
static void
bst_levels_page_export (BstPage *page, BstTableFormat format)
{
  const BstLevelData *data = bst_levels_get_data (BST_LEVELS_PAGE (page)->levels);

  if (data)
    bst_export_levels (page, data, format);
}

/* ---- the object ---- */

static void
bst_levels_page_open (BstPage *page, const char *arg)
{
  BstLevelsPage *self = BST_LEVELS_PAGE (page);
  gboolean same = g_strcmp0 (self->opened, arg) == 0;

  /* Whoever comes back finds the page as it was; what changes in the store is read anyhow. */
  if (same && bst_levels_get_data (self->levels))
    return;
  g_free (self->opened);
  self->opened = g_strdup (arg);
  if (self->unit_ids->len == 0)
    fill_choices (self);
  if (arg && *arg)
    bst_levels_page_choose_service (self, arg);
  else
    choose (self);
}

static void
loaded_cb (BstLevelsPage *self)
{
  if (self->proof_waits)
    bst_levels_page_show_proof (self);
}

static void
bst_levels_page_constructed (GObject *object)
{
  BstLevelsPage *self = BST_LEVELS_PAGE (object);
  BstSession *session = bst_levels_page_session (self);

  G_OBJECT_CLASS (bst_levels_page_parent_class)->constructed (object);
  self->levels = bst_levels_new (session);
  g_signal_connect_object (self->levels, "changed", G_CALLBACK (changed_cb), self, 0);
  bst_levels_page_watch_width (self);
  bst_levels_page_watch_trend (self);
  g_signal_connect_object (bst_records_for_store (bst_session_get_store (session)), "loaded",
                           G_CALLBACK (loaded_cb), self, G_CONNECT_SWAPPED);
  g_signal_connect_object (session, "notify::org", G_CALLBACK (session_cb), self,
                           G_CONNECT_SWAPPED);
  g_signal_connect_object (session, "notify::person", G_CALLBACK (session_cb), self,
                           G_CONNECT_SWAPPED);
  g_signal_connect_object (session, "notify::unit", G_CALLBACK (session_cb), self,
                           G_CONNECT_SWAPPED);
  fill_choices (self);
}

static void
bst_levels_page_dispose (GObject *object)
{
  BstLevelsPage *self = BST_LEVELS_PAGE (object);

  self->filling = TRUE; /* what is chosen in a widget that goes is not chosen */
  g_cancellable_cancel (self->reading_risk);
  g_clear_object (&self->reading_risk);
  g_clear_object (&self->levels);
  g_clear_pointer (&self->proved, bst_proof_free);
  g_clear_pointer (&self->chosen_service, g_free);
  g_clear_pointer (&self->opened, g_free);
  G_OBJECT_CLASS (bst_levels_page_parent_class)->dispose (object);
}

static void
bst_levels_page_finalize (GObject *object)
{
  BstLevelsPage *self = BST_LEVELS_PAGE (object);

  g_ptr_array_unref (self->periods);
  g_ptr_array_unref (self->unit_ids);
  g_ptr_array_unref (self->service_ids);
  G_OBJECT_CLASS (bst_levels_page_parent_class)->finalize (object);
}

static void
bind_template (GtkWidgetClass *widget_class)
{
#define BIND(child) gtk_widget_class_bind_template_child (widget_class, BstLevelsPage, child)
  BIND (report);
  BIND (period);
  BIND (unit);
  BIND (service);
  BIND (nothing);
  BIND (results_box);
  BIND (headline);
  BIND (trend_icon);
  BIND (counts);
  BIND (bullet);
  BIND (change);
  BIND (propose);
  BIND (recompute);
  BIND (all_services);
  BIND (proof_box);
  BIND (proof_text);
  BIND (proof_figures);
  BIND (proof_cases);
  BIND (proof_more);
  BIND (table);
  BIND (heads);
  BIND (services);
  BIND (trend);
  BIND (trend_cases);
  BIND (months);
  BIND (units_box);
  BIND (units);
  BIND (channels_box);
  BIND (channels);
  BIND (risk_box);
  BIND (risk_heading);
  BIND (risk);
  BIND (late_box);
  BIND (late_heading);
  BIND (late);
  BIND (more);
#undef BIND
  gtk_widget_class_bind_template_callback (widget_class, chosen_cb);
  gtk_widget_class_bind_template_callback (widget_class, service_activated_cb);
  gtk_widget_class_bind_template_callback (widget_class, all_services_cb);
  gtk_widget_class_bind_template_callback (widget_class, propose_cb);
  gtk_widget_class_bind_template_callback (widget_class, recompute_cb);
  gtk_widget_class_bind_template_callback (widget_class, cases_cb);
  gtk_widget_class_bind_template_callback (widget_class, unit_activated_cb);
  gtk_widget_class_bind_template_callback (widget_class, channel_activated_cb);
  gtk_widget_class_bind_template_callback (widget_class, case_activated_cb);
  gtk_widget_class_bind_template_callback (widget_class, more_cb);
  gtk_widget_class_bind_template_callback (widget_class, more_proof_cb);
}

static void
bst_levels_page_class_init (BstLevelsPageClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  object_class->constructed = bst_levels_page_constructed;
  object_class->dispose = bst_levels_page_dispose;
  object_class->finalize = bst_levels_page_finalize;
  BST_PAGE_CLASS (klass)->open = bst_levels_page_open;
  BST_PAGE_CLASS (klass)->export = bst_levels_page_export;
  g_type_ensure (BST_TYPE_BULLET_BAR);
  g_type_ensure (BST_TYPE_COLUMNS);
  g_type_ensure (BST_TYPE_DETAILS);
  g_type_ensure (BST_TYPE_TREND_CHART);
  gtk_widget_class_set_template_from_resource (widget_class,
                                               "/org/bestiller/Bestiller/bst-levels-page.ui");
  bind_template (widget_class);
}

static void
bst_levels_page_init (BstLevelsPage *self)
{
  self->periods = g_ptr_array_new_with_free_func ((GDestroyNotify) g_strfreev);
  self->unit_ids = g_ptr_array_new_with_free_func (g_free);
  self->service_ids = g_ptr_array_new_with_free_func (g_free);
  self->shown_late = FIRST_LATE;
  self->filling = TRUE;
  gtk_widget_init_template (GTK_WIDGET (self));
  bst_levels_page_add_report_actions (self);
  set_up_choice (self->period);
  set_up_choice (self->unit);
  set_up_choice (self->service);
  self->filling = FALSE;
}
