/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Charges one by one: what does not fit, and the lines of a group; each leads to its order, and can be objected to. */

#include "bst-config.h"

#include "bst-costs-page-private.h"

#include <glib/gi18n.h>

#include "bst-format.h"
#include "bst-row-name.h"
#include "bst-table-export.h"
#include "bst-text.h"

#define MAX_LINES 200

static const char *
language_of (BstCostsPage *self)
{
  return bst_session_get_language (bst_page_get_session (BST_PAGE (self)));
}

static void
clear_rows (AdwPreferencesGroup *group, GPtrArray *rows)
{
  for (guint i = 0; i < rows->len; i++)
    adw_preferences_group_remove (group, rows->pdata[i]);
  g_ptr_array_set_size (rows, 0);
}

/* ---- objecting ---- */

static void
put_cb (GObject *source, GAsyncResult *result, gpointer data)
{
  g_autoptr (BstCostsPage) self = data;
  g_autoptr (GError) error = NULL;

  if (!bst_store_put_record_finish (BST_STORE (source), result, &error))
    bst_page_fail (BST_PAGE (self), error);
  else
    bst_page_say (BST_PAGE (self), _ ("The objection is on its way to the performer"), NULL, NULL,
                  NULL, NULL);
}

static void
object_cb (GtkWidget *from, BstCostsPage *self)
{
  GtkWidget *popover = gtk_widget_get_ancestor (from, GTK_TYPE_POPOVER);
  GtkWidget *entry = g_object_get_data (G_OBJECT (popover), "entry");
  GVariant *charge = g_object_get_data (G_OBJECT (popover), "charge");
  g_autofree char *words = g_strstrip (g_strdup (gtk_editable_get_text (GTK_EDITABLE (entry))));
  g_autoptr (GVariant) objected = NULL;

  if (!*words)
    {
      gtk_widget_grab_focus (entry);
      return;
    }
  objected = bst_doc_set_string (charge, "objection", words);
  gtk_popover_popdown (GTK_POPOVER (popover));
  bst_store_put_record_async (bst_session_get_store (bst_page_get_session (BST_PAGE (self))),
                              "Charge", objected, NULL, put_cb, g_object_ref (self));
}

static GtkWidget *
objection_new (BstCostsPage *self, GVariant *charge)
{
  GtkWidget *button = gtk_menu_button_new ();
  GtkWidget *popover = gtk_popover_new ();
  GtkWidget *box = gtk_box_new (GTK_ORIENTATION_VERTICAL, 12);
  GtkWidget *entry = gtk_entry_new ();
  GtkWidget *send = gtk_button_new_with_label (_ ("Object"));

  gtk_entry_set_placeholder_text (GTK_ENTRY (entry), _ ("What is wrong with it?"));
  gtk_editable_set_width_chars (GTK_EDITABLE (entry), 36);
  gtk_accessible_update_property (GTK_ACCESSIBLE (entry), GTK_ACCESSIBLE_PROPERTY_LABEL,
                                  _ ("What is wrong with it?"), -1);
  gtk_widget_add_css_class (send, "suggested-action");
  gtk_widget_set_halign (send, GTK_ALIGN_END);
  gtk_box_append (GTK_BOX (box), entry);
  gtk_box_append (GTK_BOX (box), send);
  gtk_popover_set_child (GTK_POPOVER (popover), box);
  g_object_set_data (G_OBJECT (popover), "entry", entry);
  g_object_set_data_full (G_OBJECT (popover), "charge", g_variant_ref (charge),
                          (GDestroyNotify) g_variant_unref);
  g_signal_connect_object (entry, "activate", G_CALLBACK (object_cb), self, 0);
  g_signal_connect_object (send, "clicked", G_CALLBACK (object_cb), self, 0);
  gtk_menu_button_set_label (GTK_MENU_BUTTON (button), _ ("Object…"));
  gtk_menu_button_set_popover (GTK_MENU_BUTTON (button), popover);
  gtk_widget_set_valign (button, GTK_ALIGN_CENTER);
  gtk_widget_add_css_class (button, "flat");
  return button;
}

static gboolean
may_object (BstCostsPage *self, GVariant *charge)
{
  BstRole roles = bst_session_get_roles (bst_page_get_session (BST_PAGE (self)),
                                         bst_doc_get_string (charge, "unit"));

  return bst_charge_is_open (charge) &&
         (roles & (BST_ROLE_ORDERER | BST_ROLE_STRATEGIC | BST_ROLE_ADMINISTRATOR));
}

/* ---- rows ---- */

static void
row_activated_cb (AdwActionRow *row, BstCostsPage *self)
{
  bst_page_navigate (BST_PAGE (self), "request", g_object_get_data (G_OBJECT (row), "request"));
}

/* "March 2026 · Once · 2026-004211 · Løvsangen · price version 3 · Bill B2026-000123", and what is said of it below */
static char *
subtitle_of (BstCostsPage *self, GVariant *charge, BstChargeFlags flags, const char *order)
{
  const char *month = bst_doc_get_string (charge, "month");
  const char *objection = bst_charge_objection_text (charge);
  const char *unit = bst_doc_get_string (charge, "unit");
  BstOrg *org = bst_session_get_org (bst_page_get_session (BST_PAGE (self)));
  const char *unit_name = org && unit ? bst_org_unit_name (org, unit) : unit;
  g_autofree char *when = bst_format_month (month ? month : "", language_of (self));
  g_autofree char *wrong = bst_charge_flags_text (flags);
  g_autoptr (GString) text = g_string_new (when);

  g_string_append_printf (text, " · %s", bst_charge_kind_text (charge));
  if (order)
    g_string_append_printf (text, " · %s", order);
  if (unit_name)
    g_string_append_printf (text, " · %s", unit_name);
  if (bst_doc_has (charge, "priceVersion"))
    {
      g_string_append (text, " · ");
      /* Translators: which version of the service's price was charged. */
      g_string_append_printf (text, _ ("price version %d"),
                              (int) bst_doc_get_int (charge, "priceVersion", 0));
    }
  if (bst_doc_has (charge, "bill"))
    g_string_append_printf (text, " · %s %s", _ ("Bill"), bst_doc_get_string (charge, "bill"));
  if (*wrong)
    g_string_append_printf (text, "\n%s", wrong);
  if (objection)
    g_string_append_printf (text, "\n%s", objection);
  if (bst_doc_has (charge, "objectionReply"))
    g_string_append_printf (text, ": %s", bst_doc_get_string (charge, "objectionReply"));
  return g_strdup (text->str);
}

static void
add_amount (AdwActionRow *row, GVariant *charge, const char *language)
{
  BstMoney amount = { 0 };
  g_autofree char *text = NULL;
  GtkWidget *label;

  bst_money_from_doc (charge, "amount", &amount);
  text = bst_money_format (&amount, language);
  label = gtk_label_new (text);
  gtk_widget_add_css_class (label, "numeric");
  adw_action_row_add_suffix (row, label);
}

static GtkWidget *
row_new (BstCostsPage *self, GVariant *charge, BstChargeFlags flags, const char *order)
{
  GtkWidget *row = adw_action_row_new ();
  const char *text = bst_doc_get_string (charge, "text");
  const char *request = bst_doc_get_string (charge, "request");
  g_autofree char *title = g_markup_escape_text (text ? text : _ ("Charge"), -1);
  g_autofree char *plain = subtitle_of (self, charge, flags, order);
  g_autofree char *subtitle = g_markup_escape_text (plain, -1);
  g_autofree char *name = g_strdup_printf ("%s, %s", text ? text : _ ("Charge"), plain);

  adw_preferences_row_set_title (ADW_PREFERENCES_ROW (row), title);
  adw_action_row_set_subtitle (ADW_ACTION_ROW (row), subtitle);
  adw_action_row_set_subtitle_lines (ADW_ACTION_ROW (row), 4);
  bst_row_name (row, name, NULL);
  if (flags)
    adw_action_row_add_prefix (ADW_ACTION_ROW (row),
                               gtk_image_new_from_icon_name ("dialog-warning-symbolic"));
  if (may_object (self, charge))
    adw_action_row_add_suffix (ADW_ACTION_ROW (row), objection_new (self, charge));
  add_amount (ADW_ACTION_ROW (row), charge, language_of (self));
  if (request && !(flags & BST_CHARGE_UNTRACED))
    {
      g_object_set_data_full (G_OBJECT (row), "request", g_strdup (request), g_free);
      gtk_list_box_row_set_activatable (GTK_LIST_BOX_ROW (row), TRUE);
      g_signal_connect_object (row, "activated", G_CALLBACK (row_activated_cb), self, 0);
    }
  return row;
}

/* ---- what does not fit ---- */

void
bst_costs_page_show_odd (BstCostsPage *self)
{
  guint n = self->costs->n_odd;
  g_autofree char *text =
      g_strdup_printf (ngettext ("%u line does not fit what was ordered and delivered.",
                                 "%u lines do not fit what was ordered and delivered.", n),
                       n);

  clear_rows (self->odd, self->odd_rows);
  for (guint i = 0; i < self->costs->odd->len; i++)
    {
      const BstOddCharge *odd = self->costs->odd->pdata[i];
      GtkWidget *row = row_new (self, odd->charge, odd->flags, odd->order);

      adw_preferences_group_add (self->odd, row);
      g_ptr_array_add (self->odd_rows, row);
    }
  adw_preferences_group_set_description (self->odd, text);
  gtk_widget_set_visible (GTK_WIDGET (self->odd), n > 0);
}

/* ---- the lines of a group ---- */

/* A group has the key of its row; the row of all has "". */
static BstQuery *
lines_query (BstCostsPage *self)
{
  BstCosts *costs = self->costs;
  const char *group = *self->group ? self->group : NULL;
  const char *month = costs->by == BST_CHARGES_BY_MONTH ? group : NULL;
  g_autofree char *first = g_strdup_printf ("%04d-01", costs->year);
  g_autofree char *last = g_strdup_printf ("%04d-12", costs->year);
  BstQuery query = { .type = "Charge",
                     .unit = group && costs->by == BST_CHARGES_BY_UNIT ? group : costs->unit,
                     .service = costs->by == BST_CHARGES_BY_SERVICE ? group : NULL,
                     .obligation = costs->by == BST_CHARGES_BY_OBLIGATION ? group : NULL,
                     .first_month = month ? month : first,
                     .last_month = month ? month : last,
                     .sort = "month" };

  return bst_query_copy (&query);
}

static char *
group_title (BstCostsPage *self)
{
  return *self->group ? bst_costs_page_group_name (self, self->group) : g_strdup (_ ("All"));
}

/* They stand below the table, where they are out of sight as a rule. Their place is known a frame after they are shown. */
static gboolean
reveal_cb (GtkWidget *lines, GdkFrameClock *clock, gpointer data)
{
  BstCostsPage *self = data;
  GtkWidget *scrolled = gtk_widget_get_ancestor (lines, GTK_TYPE_SCROLLED_WINDOW);
  GtkWidget *viewport = gtk_widget_get_ancestor (lines, GTK_TYPE_VIEWPORT);
  GtkAdjustment *adjustment;
  graphene_point_t place;

  if (self->frames-- > 0)
    return G_SOURCE_CONTINUE;
  if (scrolled && viewport &&
      gtk_widget_compute_point (lines, viewport, &GRAPHENE_POINT_INIT (0, 0), &place))
    {
      adjustment = gtk_scrolled_window_get_vadjustment (GTK_SCROLLED_WINDOW (scrolled));
      gtk_adjustment_set_value (adjustment, gtk_adjustment_get_value (adjustment) + place.y);
    }
  return G_SOURCE_REMOVE;
}

static void
lines_cb (GObject *source, GAsyncResult *result, gpointer data)
{
  g_autoptr (BstCostsPage) self = data;
  g_autoptr (GError) error = NULL;
  g_autoptr (GPtrArray) lines = bst_costs_lines_finish (result, &error);

  if (!lines)
    {
      bst_page_fail (BST_PAGE (self), error);
      return;
    }
  clear_rows (self->lines, self->line_rows);
  for (guint i = 0; i < lines->len; i++)
    {
      const BstOddCharge *line = lines->pdata[i];
      GtkWidget *row = row_new (self, line->charge, line->flags, line->order);

      adw_preferences_group_add (self->lines, row);
      g_ptr_array_add (self->line_rows, row);
    }
  adw_preferences_group_set_description (
      self->lines, lines->len == MAX_LINES ? _ ("The newest 200; export has them all.") : NULL);
  gtk_widget_set_visible (GTK_WIDGET (self->lines), lines->len > 0);
  if (self->opening && lines->len > 0)
    {
      gtk_widget_grab_focus (self->line_rows->pdata[0]);
      self->frames = 2;
      gtk_widget_add_tick_callback (GTK_WIDGET (self->lines), reveal_cb, g_object_ref (self),
                                    g_object_unref);
    }
  self->opening = FALSE;
}

void
bst_costs_page_show_lines (BstCostsPage *self)
{
  g_autoptr (BstQuery) query = NULL;
  g_autofree char *title = NULL;

  gtk_widget_set_visible (GTK_WIDGET (self->lines), FALSE);
  if (!self->group)
    return;
  query = lines_query (self);
  title = group_title (self);
  adw_preferences_group_set_title (self->lines, title);
  bst_costs_lines_async (bst_page_get_session (BST_PAGE (self)), query, MAX_LINES,
                         self->cancellable, lines_cb, g_object_ref (self));
}

/* ---- export ---- */

/* What the thread works with. */
typedef struct
{
  BstStore *store;
  BstQuery *query;
  BstOrg *org; /* (nullable) */
} Lines;

static void
add_charge (BstTable *table, GVariant *charge, gpointer data)
{
  const Lines *lines = data;
  const char *month = bst_doc_get_string (charge, "month");
  g_autofree char *first = month ? g_strconcat (month, "-01", NULL) : NULL;
  const char *unit = bst_doc_get_string (charge, "unit");
  const char *name = lines->org && unit ? bst_org_unit_name (lines->org, unit) : NULL;
  BstMoney amount;

  bst_table_add_date (table, first);
  bst_table_add_text (table, bst_doc_get_string (charge, "text"));
  bst_table_add_text (table, bst_charge_kind_text (charge));
  bst_table_add_text (table, name ? name : unit);
  bst_table_add_text (table, bst_doc_get_string (charge, "ean"));
  bst_table_add_text (table, bst_doc_get_string (charge, "costPlace"));
  bst_table_add_number (table, (double) bst_doc_get_int (charge, "quantity", 1));
  bst_table_add_money (table, bst_money_from_doc (charge, "amount", &amount) ? &amount : NULL);
  bst_table_add_text (table, bst_doc_get_string (charge, "bill"));
  bst_table_add_text (table, bst_charge_objection_text (charge));
}

static void
lines_free (gpointer data)
{
  Lines *lines = data;

  g_object_unref (lines->store);
  bst_query_free (lines->query);
  g_clear_pointer (&lines->org, bst_org_unref);
  g_free (lines);
}

static gboolean
fill_lines (BstTable *table, gpointer data, GError **error)
{
  Lines *lines = data;

  return bst_table_fill_from_store (table, lines->store, lines->query, add_charge, lines, error);
}

static void
export_lines (BstCostsPage *self, BstTableFormat format)
{
  static const struct
  {
    const char *heading;
    BstCellKind kind;
  } columns[] = {
    { N_ ("Month"), BST_CELL_DATE },      { N_ ("Service"), BST_CELL_TEXT },
    { N_ ("Kind"), BST_CELL_TEXT },       { N_ ("Unit"), BST_CELL_TEXT },
    { N_ ("EAN"), BST_CELL_TEXT },        { N_ ("Cost place"), BST_CELL_TEXT },
    { N_ ("Quantity"), BST_CELL_NUMBER }, { N_ ("Amount"), BST_CELL_MONEY },
    { N_ ("Bill"), BST_CELL_TEXT },       { N_ ("Objection"), BST_CELL_TEXT },
  };
  BstSession *session = bst_page_get_session (BST_PAGE (self));
  BstOrg *org = bst_session_get_org (session);
  g_autofree char *title = group_title (self);
  g_autoptr (BstTable) table = bst_table_new_for_page (BST_PAGE (self), title);
  Lines *lines = g_new0 (Lines, 1);

  *lines = (Lines){ g_object_ref (bst_session_get_store (session)), lines_query (self),
                    org ? bst_org_ref (org) : NULL };
  for (gsize i = 0; i < G_N_ELEMENTS (columns); i++)
    bst_table_add_column (table, _ (columns[i].heading), columns[i].kind, 0);
  bst_table_export_filled (BST_PAGE (self), table, format, fill_lines, lines, lines_free);
}

static const BstWorth *
find_worth (BstCostsPage *self, const char *service)
{
  for (guint i = 0; i < self->costs->worths->len; i++)
    if (g_strcmp0 (((const BstWorth *) self->costs->worths->pdata[i])->service, service) == 0)
      return self->costs->worths->pdata[i];
  return NULL;
}

static void
add_figure (BstTable *table, double figure)
{
  if (figure < 0)
    bst_table_add_empty (table);
  else
    bst_table_add_number (table, figure);
}

/* Own department, and all. */
static void
add_both (BstTable *table, const BstWorth *worth, double (*figure) (const BstLevel *level))
{
  add_figure (table, worth ? figure (&worth->own) : -1);
  add_figure (table, worth && worth->has_all ? figure (&worth->all) : -1);
}

/* Price × quality of a service; empty without figures. */
static void
add_worth (BstTable *table, const BstWorth *worth)
{
  add_figure (table, worth ? (double) worth->own.cases : -1);
  bst_table_add_money (table, worth && worth->per_case.currency[0] ? &worth->per_case : NULL);
  bst_table_add_money (table, worth && worth->once.currency[0] ? &worth->once : NULL);
  bst_table_add_money (table, worth && worth->monthly.currency[0] ? &worth->monthly : NULL);
  add_both (table, worth, bst_level_on_time);
  add_both (table, worth, bst_level_first_time);
  add_both (table, worth, bst_level_satisfaction);
}

static void
add_column_for_all (BstTable *table, const char *heading, BstCellKind kind)
{
  /* Translators: a figure, of the whole authority: "On time, whole authority". */
  g_autofree char *all = g_strdup_printf (_ ("%s, whole authority"), heading);

  bst_table_add_column (table, heading, kind, 1);
  bst_table_add_column (table, all, kind, 1);
}

static void
add_group_columns (BstTable *table, gboolean services)
{
  bst_table_add_column (table, _ ("Name"), BST_CELL_TEXT, 0);
  bst_table_add_column (table, _ ("Lines"), BST_CELL_NUMBER, 0);
  bst_table_add_column (table, _ ("Once"), BST_CELL_MONEY, 0);
  bst_table_add_column (table, _ ("Monthly"), BST_CELL_MONEY, 0);
  bst_table_add_column (table, _ ("Credit"), BST_CELL_MONEY, 0);
  bst_table_add_column (table, _ ("Total"), BST_CELL_MONEY, 0);
  if (!services)
    return;
  bst_table_add_column (table, _ ("Cases"), BST_CELL_NUMBER, 0);
  bst_table_add_column (table, _ ("Cost per case"), BST_CELL_MONEY, 0);
  bst_table_add_column (table, _ ("Price"), BST_CELL_MONEY, 0);
  bst_table_add_column (table, _ ("A month"), BST_CELL_MONEY, 0);
  add_column_for_all (table, _ ("On time"), BST_CELL_PERCENT);
  add_column_for_all (table, _ ("Right first time"), BST_CELL_PERCENT);
  add_column_for_all (table, _ ("Satisfaction"), BST_CELL_NUMBER);
}

/* What was measured but not charged: only its quality. */
static void
add_free_services (BstCostsPage *self, BstTable *table)
{
  for (guint i = 0; i < self->costs->worths->len; i++)
    {
      const BstWorth *worth = self->costs->worths->pdata[i];
      g_autofree char *name = bst_costs_page_group_name (self, worth->service);
      gboolean charged = FALSE;

      for (guint j = 0; j < self->costs->groups->len && !charged; j++)
        charged =
            g_str_equal (((BstChargeTotal *) self->costs->groups->pdata[j])->key, worth->service);
      if (charged)
        continue;
      bst_table_add_text (table, name);
      for (int rest = 0; rest < 5; rest++)
        bst_table_add_empty (table);
      add_worth (table, worth);
    }
}

static void
export_groups (BstCostsPage *self, BstTableFormat format)
{
  gboolean services = self->costs->by == BST_CHARGES_BY_SERVICE;
  g_autoptr (BstTable) table = bst_table_new_for_page (BST_PAGE (self), _ ("Costs"));

  add_group_columns (table, services);
  for (guint i = 0; i < self->costs->groups->len; i++)
    {
      const BstChargeTotal *total = self->costs->groups->pdata[i];
      g_autofree char *name = bst_costs_page_group_name (self, total->key);
      BstMoney sum = { 0 };

      bst_charge_total_sum (total, &sum, NULL);
      bst_table_add_text (table, name);
      bst_table_add_number (table, (double) total->count);
      bst_table_add_money (table, &total->once);
      bst_table_add_money (table, &total->monthly);
      bst_table_add_money (table, &total->credit);
      bst_table_add_money (table, &sum);
      if (services)
        add_worth (table, find_worth (self, total->key));
    }
  if (services)
    add_free_services (self, table);
  bst_table_export (BST_PAGE (self), table, format);
}

void
bst_costs_page_export (BstPage *page, BstTableFormat format)
{
  BstCostsPage *self = BST_COSTS_PAGE (page);

  if (!self->costs)
    return;
  if (gtk_widget_get_visible (GTK_WIDGET (self->lines)))
    export_lines (self, format);
  else
    export_groups (self, format);
}
