/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "bst-config.h"

#include "bst-window-private.h"

#include "bst-page-table.h"

/* Ctrl+N opens the order editor with a new draft; Ctrl+F searches the page, or where everything is found. */
#define ORDER_PAGE  "order"
#define SEARCH_PAGE "catalogue"

static void
open_action (GtkWidget *widget, const char *name, GVariant *parameter)
{
  const char *page;
  const char *arg;

  g_variant_get (parameter, "(&s&s)", &page, &arg);
  bst_window_show_view (BST_WINDOW (widget), NULL);
  bst_window_navigate (BST_WINDOW (widget), page, arg);
}

/* win.page: the n-th row of the sidebar, for Ctrl+1 … */
static void
page_action (GtkWidget *widget, const char *name, GVariant *parameter)
{
  BstWindow *self = BST_WINDOW (widget);
  GtkListBoxRow *row =
      gtk_list_box_get_row_at_index (self->sidebar, g_variant_get_int32 (parameter) - 1);

  if (row)
    g_signal_emit_by_name (self->sidebar, "row-activated", row);
}

static void
back_action (GtkWidget *widget, const char *name, GVariant *parameter)
{
  bst_window_back (BST_WINDOW (widget));
}

static void
new_order_action (GtkWidget *widget, const char *name, GVariant *parameter)
{
  bst_window_navigate (BST_WINDOW (widget), ORDER_PAGE, NULL);
}

static void
search_action (GtkWidget *widget, const char *name, GVariant *parameter)
{
  BstWindow *self = BST_WINDOW (widget);

  if (self->page && bst_page_search (self->page))
    return;
  bst_window_navigate (self, SEARCH_PAGE, NULL);
  if (self->page)
    bst_page_search (self->page);
}

/* win.export: "csv" or "xlsx": what the page shows, as a file. */
static void
export_action (GtkWidget *widget, const char *name, GVariant *parameter)
{
  BstWindow *self = BST_WINDOW (widget);
  gboolean csv = g_str_equal (g_variant_get_string (parameter, NULL), "csv");

  if (self->page)
    bst_page_export (self->page, csv ? BST_TABLE_CSV : BST_TABLE_XLSX);
}

static void
synchronise_action (GtkWidget *widget, const char *name, GVariant *parameter)
{
  BstWindow *self = BST_WINDOW (widget);
  BstSync *sync = self->session ? bst_session_get_sync (self->session) : NULL;

  if (sync)
    bst_sync_now (sync);
}

void
bst_window_class_install_actions (GtkWidgetClass *klass)
{
  gtk_widget_class_install_action (klass, "win.open", "(ss)", open_action);
  gtk_widget_class_install_action (klass, "win.page", "i", page_action);
  gtk_widget_class_install_action (klass, "win.back", NULL, back_action);
  gtk_widget_class_install_action (klass, "win.new-order", NULL, new_order_action);
  gtk_widget_class_install_action (klass, "win.search", NULL, search_action);
  gtk_widget_class_install_action (klass, "win.export", "s", export_action);
  gtk_widget_class_install_action (klass, "win.synchronise", NULL, synchronise_action);
}

void
bst_window_update_actions (BstWindow *self)
{
  gboolean ready = self->session != NULL;
  gboolean back = !g_queue_is_empty (&self->back) ||
                  (bst_split_get_folded (self->split) && !bst_split_get_show_sidebar (self->split));

  gtk_widget_action_set_enabled (GTK_WIDGET (self), "win.back", back);
  gtk_widget_action_set_enabled (GTK_WIDGET (self), "win.new-order",
                                 ready && bst_page_table_find (ORDER_PAGE) != NULL);
  gtk_widget_action_set_enabled (GTK_WIDGET (self), "win.search",
                                 ready && bst_page_table_find (SEARCH_PAGE) != NULL);
  gtk_widget_action_set_enabled (GTK_WIDGET (self), "win.export",
                                 self->page && bst_page_can_export (self->page));
  gtk_widget_action_set_enabled (GTK_WIDGET (self), "win.synchronise",
                                 ready && bst_session_get_sync (self->session) != NULL);
}
