/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "bst-config.h"

#include "bst-cases-page.h"

#include <glib/gi18n.h>

#include "bst-case-row.h"
#include "bst-case-words.h"
#include "bst-format.h"
#include "bst-level-data.h"
#include "bst-level-words.h"
#include "bst-month.h"
#include "bst-store-levels.h"
#include "bst-text.h"

#define MAX_READ   2000
#define FIRST_ROWS 50

struct _BstCasesPage
{
  BstPage parent_instance;

  GtkWidget *what;
  GtkWidget *choice;
  GtkWidget *counted;
  GtkWidget *nothing;
  GtkWidget *list;
  GtkWidget *more;

  BstCaseFilter filter;
  char *arg;
  GPtrArray *orders; /* (nullable): BstStoredCase: of the period */
  GPtrArray *views;  /* BstCaseView: what is listed */
  guint shown;
  gboolean filling;
  GCancellable *reading;
};

G_DEFINE_FINAL_TYPE (BstCasesPage, bst_cases_page, BST_TYPE_PAGE)

static BstSession *
session_of (BstCasesPage *self)
{
  return bst_page_get_session (BST_PAGE (self));
}

static const char *
language_of (BstCasesPage *self)
{
  return bst_session_get_language (session_of (self));
}

static BstRecords *
records_of (BstCasesPage *self)
{
  return bst_records_for_store (bst_session_get_store (session_of (self)));
}

static GTimeZone *
zone_of (BstCasesPage *self, GVariant *request)
{
  return bst_level_data_zone (bst_session_get_org (session_of (self)),
                              bst_doc_get_string (request, "unit"));
}

/* ---- showing ---- */

static void
show_more (BstCasesPage *self)
{
  guint end = MIN (self->views->len, self->shown + FIRST_ROWS);

  for (; self->shown < end; self->shown++)
    {
      const BstCaseView *view = self->views->pdata[self->shown];
      g_autoptr (GTimeZone) zone = zone_of (self, view->request);
      g_autofree char *text = bst_case_text (view, zone, language_of (self));

      gtk_list_box_append (GTK_LIST_BOX (self->list),
                           bst_case_row_new (view->request, view, text, zone, language_of (self)));
    }
  gtk_widget_set_visible (self->more, self->shown < self->views->len);
}

static void
add_views (BstCasesPage *self, const BstStoredCase *stored)
{
  gint64 now = bst_clock_now (bst_session_get_clock (session_of (self)));
  g_autoptr (GTimeZone) zone = zone_of (self, stored->request);
  g_auto (GStrv) lines = bst_request_line_ids (stored->request);

  for (guint i = 0; lines[i]; i++)
    {
      BstCaseView *view = bst_case_view_new (stored->request, lines[i], stored->events,
                                             records_of (self), zone, now);

      if (view && bst_case_filter_takes (&self->filter, view))
        g_ptr_array_add (self->views, view);
      else
        g_clear_pointer (&view, bst_case_view_free);
    }
}

/* "Laptop · by phone · March 2026" */
static char *
what_text (BstCasesPage *self)
{
  const BstCaseFilter *filter = &self->filter;
  GVariant *service = bst_records_get (records_of (self), "Service", filter->service);
  const char *name = service ? bst_text_pick (service, "name", language_of (self)) : NULL;
  g_autofree char *from = bst_format_month (filter->from, language_of (self));
  g_autofree char *to = bst_format_month (filter->to, language_of (self));
  gboolean one = g_strcmp0 (filter->from, filter->to) == 0;
  g_autofree char *period = one ? g_strdup (from) : g_strdup_printf ("%s – %s", from, to);
  const char *parts[5] = { NULL };
  guint n = 0;

  if (filter->service)
    parts[n++] = name ? name : filter->service;
  if (filter->channel)
    parts[n++] = bst_level_channel_text (filter->channel);
  parts[n] = period;
  return g_strjoinv (" · ", (char **) parts);
}

static char *
counted_text (BstCasesPage *self)
{
  if (self->orders->len >= MAX_READ)
    return g_strdup_printf (ngettext ("%d case; older ones are not shown",
                                      "%d cases; older ones are not shown", self->views->len),
                            (int) self->views->len);
  return g_strdup_printf (ngettext ("%d case", "%d cases", self->views->len),
                          (int) self->views->len);
}

static void
show (BstCasesPage *self)
{
  BstOrg *org = bst_session_get_org (session_of (self));
  g_autofree char *what = what_text (self);
  g_autofree char *counted = NULL;
  GtkWidget *row;

  if (!self->orders)
    return;
  g_ptr_array_set_size (self->views, 0);
  for (guint i = 0; i < self->orders->len; i++)
    add_views (self, self->orders->pdata[i]);
  if (bst_records_is_loading (records_of (self)))
    return; /* the rest of the calendars is on its way: ::loaded */
  if (bst_case_filter_hides (&self->filter, self->views->len))
    g_ptr_array_set_size (self->views, 0);
  while ((row = gtk_widget_get_first_child (self->list)))
    gtk_list_box_remove (GTK_LIST_BOX (self->list), row);
  counted = counted_text (self);
  gtk_label_set_label (GTK_LABEL (self->what), what);
  gtk_label_set_label (GTK_LABEL (self->counted), counted);
  gtk_widget_set_visible (self->list, self->views->len > 0);
  gtk_widget_set_visible (self->nothing, self->views->len == 0);
  bst_page_set_subtitle (BST_PAGE (self), org ? bst_org_unit_name (org, self->filter.unit) : NULL);
  self->shown = 0;
  show_more (self);
}

/* ---- reading ---- */

static void
read_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (BstCasesPage) self = user_data;
  g_autoptr (GError) error = NULL;
  GPtrArray *orders = bst_store_cases_finish (BST_STORE (source), result, &error);

  if (!orders)
    {
      bst_page_fail (BST_PAGE (self), error);
      return;
    }
  g_clear_pointer (&self->orders, g_ptr_array_unref);
  self->orders = orders;
  show (self);
}

static void
read_period (BstCasesPage *self)
{
  g_autoptr (GTimeZone) zone =
      bst_level_data_zone (bst_session_get_org (session_of (self)), self->filter.unit);
  BstCaseQuery query = { .unit = self->filter.unit,
                         .service = self->filter.service,
                         .limit = MAX_READ };
  gint64 unused;

  if (!bst_month_bounds (self->filter.from, zone, &query.from, &unused) ||
      !bst_month_bounds (self->filter.to, zone, &unused, &query.to))
    return;
  g_cancellable_cancel (self->reading);
  g_clear_object (&self->reading);
  self->reading = g_cancellable_new ();
  bst_store_cases_async (bst_session_get_store (session_of (self)), &query, self->reading, read_cb,
                         g_object_ref (self));
}

/* ---- doing ---- */

static void
choice_cb (GtkDropDown *choice, GParamSpec *pspec, BstCasesPage *self)
{
  if (self->filling || gtk_drop_down_get_selected (choice) >= BST_N_CASE_CHOICES)
    return;
  self->filter.choice = (BstCaseChoice) gtk_drop_down_get_selected (choice);
  show (self);
}

static void
activated_cb (GtkListBox *list, GtkListBoxRow *row, BstCasesPage *self)
{
  bst_page_navigate (BST_PAGE (self), "request", bst_case_row_get_request (row));
}

static void
more_cb (GtkButton *button, BstCasesPage *self)
{
  show_more (self);
}

/* ---- the object ---- */

/* Whoever comes back finds it as it was. */
static void
bst_cases_page_open (BstPage *page, const char *arg)
{
  BstCasesPage *self = BST_CASES_PAGE (page);
  BstCaseFilter filter;

  if ((self->orders && g_strcmp0 (self->arg, arg) == 0) || !bst_case_filter_parse (arg, &filter))
    return;
  g_free (self->arg);
  self->arg = g_strdup (arg);
  bst_case_filter_clear (&self->filter);
  self->filter = filter;
  self->filling = TRUE;
  gtk_drop_down_set_selected (GTK_DROP_DOWN (self->choice), filter.choice);
  self->filling = FALSE;
  bst_page_show_top (self->what);
  read_period (self);
}

static void
bst_cases_page_constructed (GObject *object)
{
  BstCasesPage *self = BST_CASES_PAGE (object);
  g_autoptr (GtkStringList) names = gtk_string_list_new (NULL);

  G_OBJECT_CLASS (bst_cases_page_parent_class)->constructed (object);
  self->filling = TRUE;
  for (int i = 0; i < BST_N_CASE_CHOICES; i++)
    gtk_string_list_append (names, bst_case_choice_name ((BstCaseChoice) i));
  gtk_drop_down_set_model (GTK_DROP_DOWN (self->choice), G_LIST_MODEL (names));
  self->filling = FALSE;
  g_signal_connect_object (records_of (self), "loaded", G_CALLBACK (show), self, G_CONNECT_SWAPPED);
}

static void
bst_cases_page_dispose (GObject *object)
{
  BstCasesPage *self = BST_CASES_PAGE (object);

  self->filling = TRUE;
  g_cancellable_cancel (self->reading);
  g_clear_object (&self->reading);
  G_OBJECT_CLASS (bst_cases_page_parent_class)->dispose (object);
}

static void
bst_cases_page_finalize (GObject *object)
{
  BstCasesPage *self = BST_CASES_PAGE (object);

  bst_case_filter_clear (&self->filter);
  g_free (self->arg);
  g_clear_pointer (&self->orders, g_ptr_array_unref);
  g_ptr_array_unref (self->views);
  G_OBJECT_CLASS (bst_cases_page_parent_class)->finalize (object);
}

static void
bst_cases_page_class_init (BstCasesPageClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  object_class->constructed = bst_cases_page_constructed;
  object_class->dispose = bst_cases_page_dispose;
  object_class->finalize = bst_cases_page_finalize;
  BST_PAGE_CLASS (klass)->open = bst_cases_page_open;
  gtk_widget_class_set_template_from_resource (widget_class,
                                               "/org/bestiller/Bestiller/bst-cases-page.ui");
  gtk_widget_class_bind_template_child (widget_class, BstCasesPage, what);
  gtk_widget_class_bind_template_child (widget_class, BstCasesPage, choice);
  gtk_widget_class_bind_template_child (widget_class, BstCasesPage, counted);
  gtk_widget_class_bind_template_child (widget_class, BstCasesPage, nothing);
  gtk_widget_class_bind_template_child (widget_class, BstCasesPage, list);
  gtk_widget_class_bind_template_child (widget_class, BstCasesPage, more);
  gtk_widget_class_bind_template_callback (widget_class, choice_cb);
  gtk_widget_class_bind_template_callback (widget_class, activated_cb);
  gtk_widget_class_bind_template_callback (widget_class, more_cb);
}

static void
bst_cases_page_init (BstCasesPage *self)
{
  self->views = g_ptr_array_new_with_free_func ((GDestroyNotify) bst_case_view_free);
  gtk_widget_init_template (GTK_WIDGET (self));
}
