/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "bst-config.h"

#include "bst-requests-page.h"

#include <glib/gi18n.h>

#include "bst-columns.h"
#include "bst-date.h"
#include "bst-doc.h"
#include "bst-exports.h"
#include "bst-order-words.h"
#include "bst-record-list.h"
#include "bst-records.h"
#include "bst-request-cell.h"
#include "bst-text.h"

#define NARROW 860

typedef struct
{
  BstRequestCellKind kind;
  const char *title;
  const char *sort; /* NULL: cannot be sorted by */
  gboolean expand;
  gboolean narrow; /* shown when there is little room */
} ColumnEntry;

static const ColumnEntry columns[] = {
  { BST_REQUEST_CELL_TITLE, N_ ("Order"), "title", TRUE, TRUE },
  { BST_REQUEST_CELL_DUE, N_ ("Delivery"), "due", FALSE, TRUE },
  { BST_REQUEST_CELL_STATE, N_ ("State"), "state", FALSE, TRUE },
  { BST_REQUEST_CELL_UNIT, N_ ("Unit"), NULL, TRUE, FALSE },
  { BST_REQUEST_CELL_ORDERED, N_ ("Ordered"), "submittedAt", FALSE, FALSE },
};

#define N_COLUMNS G_N_ELEMENTS (columns)

/* What the state filter offers. */
static const struct
{
  const char *name;
  const char *label;
  const char *states[6];
  gboolean local;
} state_filters[] = {
  { "all", N_ ("All requests"), { NULL }, FALSE },
  { "open",
    N_ ("Not delivered"),
    { "submitted", "awaiting-approval", "accepted", "in-progress", "waiting", NULL },
    FALSE },
  { "approval", N_ ("Awaiting approval"), { "awaiting-approval", NULL }, FALSE },
  { "waiting", N_ ("Waiting"), { "waiting", NULL }, FALSE },
  { "delivered", N_ ("Delivered"), { "delivered", NULL }, FALSE },
  { "over", N_ ("Closed"), { "closed", "rejected", "cancelled", NULL }, FALSE },
  { "drafts", N_ ("Drafts"), { "draft", NULL }, FALSE },
  { "local", N_ ("Not yet received"), { NULL }, TRUE },
};

static const struct
{
  const char *label;
  int days; /* back from today; 0: any */
} periods[] = {
  { N_ ("Any time"), 0 },      { N_ ("Last 7 days"), 7 }, { N_ ("Last 30 days"), 30 },
  { N_ ("Last 90 days"), 90 }, { N_ ("Last year"), 365 },
};

struct _BstRequestsPage
{
  BstPage parent_instance;

  GtkWidget *entry;
  GtkWidget *state;
  GtkWidget *unit;
  GtkWidget *area;
  GtkWidget *period;
  GtkWidget *stack;
  GtkWidget *view;
  GtkWidget *empty;

  BstRecords *records;
  BstRecordList *list;
  BstQuery *query; /* of the list */
  GtkSingleSelection *selection;
  GtkColumnViewColumn *view_columns[N_COLUMNS];
  char **units;
  char **areas;
  GObject *probe[2]; /* see sort_column() */
  int probed;
  gboolean filling;
  gboolean narrow;
  guint narrow_source;
};

G_DEFINE_FINAL_TYPE (BstRequestsPage, bst_requests_page, BST_TYPE_PAGE)

static BstSession *
session_of (BstRequestsPage *self)
{
  return bst_page_get_session (BST_PAGE (self));
}

/* ---- sorting ---- */

typedef struct
{
  BstRequestsPage *page;
  int column;
} ColumnSort;

/* The store sorts. The view's sorter is only asked which column leads and which way, by having it compare two marks. */
static int
compare_cb (gconstpointer a, gconstpointer b, gpointer user_data)
{
  ColumnSort *sort = user_data;

  if (a != sort->page->probe[0] || b != sort->page->probe[1])
    return 0;
  sort->page->probed = sort->column;
  return -1;
}

/* Which column leads: -1 for none. */
static int
sort_column (BstRequestsPage *self, gboolean *ret_ascending)
{
  GtkSorter *sorter = gtk_column_view_get_sorter (GTK_COLUMN_VIEW (self->view));
  GtkOrdering ordering;

  self->probed = -1;
  ordering = gtk_sorter_compare (sorter, self->probe[0], self->probe[1]);
  *ret_ascending = ordering == GTK_ORDERING_SMALLER;
  return self->probed;
}

/* ---- the query ---- */

static gboolean
has_text (BstRequestsPage *self)
{
  return *gtk_editable_get_text (GTK_EDITABLE (self->entry)) != '\0';
}

static gboolean
is_filtered (BstRequestsPage *self)
{
  return has_text (self) || gtk_drop_down_get_selected (GTK_DROP_DOWN (self->state)) > 0 ||
         gtk_drop_down_get_selected (GTK_DROP_DOWN (self->unit)) > 0 ||
         gtk_drop_down_get_selected (GTK_DROP_DOWN (self->area)) > 0 ||
         gtk_drop_down_get_selected (GTK_DROP_DOWN (self->period)) > 0;
}

static const char *
selected_id (GtkWidget *drop, char **ids)
{
  guint selected = gtk_drop_down_get_selected (GTK_DROP_DOWN (drop));

  return selected > 0 && ids && selected <= g_strv_length (ids) ? ids[selected - 1] : NULL;
}

static void
ask (BstRequestsPage *self)
{
  BstSession *session = session_of (self);
  guint state = gtk_drop_down_get_selected (GTK_DROP_DOWN (self->state));
  guint period = gtk_drop_down_get_selected (GTK_DROP_DOWN (self->period));
  g_autofree char *today = bst_session_today (session);
  g_autofree char *after = NULL;
  gboolean ascending = FALSE;
  int column = sort_column (self, &ascending);
  const char *unit = selected_id (self->unit, self->units);
  BstQuery query = { .type = "Request", .language = bst_session_get_language (session) };

  state = MIN (state, G_N_ELEMENTS (state_filters) - 1);
  period = MIN (period, G_N_ELEMENTS (periods) - 1);
  if (periods[period].days > 0)
    after = bst_date_add_days (today, -periods[period].days);
  query.text = has_text (self) ? gtk_editable_get_text (GTK_EDITABLE (self->entry)) : NULL;
  query.states = state_filters[state].states[0] ? state_filters[state].states : NULL;
  query.local_only = state_filters[state].local;
  query.unit = unit ? unit : bst_session_get_unit (session);
  query.area = selected_id (self->area, self->areas);
  query.after = after;
  query.sort = column >= 0 ? columns[column].sort : NULL;
  query.ascending = ascending;
  bst_record_list_set_query (self->list, &query);
  g_clear_pointer (&self->query, bst_query_free);
  self->query = bst_query_copy (&query);
}

static void
show_state (BstRequestsPage *self)
{
  gboolean loading = FALSE;
  gboolean filtered = is_filtered (self);
  guint n = g_list_model_get_n_items (G_LIST_MODEL (self->list));

  g_object_get (self->list, "loading", &loading, NULL);
  if (n == 0 && loading)
    return;
  adw_status_page_set_title (ADW_STATUS_PAGE (self->empty),
                             filtered ? _ ("Nothing found") : _ ("No requests yet"));
  adw_status_page_set_description (
      ADW_STATUS_PAGE (self->empty),
      filtered
          ? _ ("No request fits the search and the filters.")
          : _ ("What you order is shown here, from the first word of the draft to the delivery."));
  gtk_stack_set_visible_child_name (GTK_STACK (self->stack), n > 0 ? "list" : "empty");
}

static void
filter_cb (GObject *object, GParamSpec *pspec, BstRequestsPage *self)
{
  if (!self->filling && self->list)
    ask (self);
}

static void
entry_changed_cb (GtkEditable *editable, BstRequestsPage *self)
{
  if (!self->filling && self->list)
    ask (self);
}

static void
sorter_changed_cb (GtkSorter *sorter, GtkSorterChange change, BstRequestsPage *self)
{
  if (self->list)
    ask (self);
}

static void
list_changed_cb (BstRequestsPage *self)
{
  g_autofree char *subtitle = NULL;
  guint n = g_list_model_get_n_items (G_LIST_MODEL (self->list));

  subtitle = n > 0 ? g_strdup_printf (ngettext ("%u request", "%u requests", n), n) : NULL;
  bst_page_set_subtitle (BST_PAGE (self), subtitle);
  show_state (self);
}

/* ---- filters ---- */

static void
set_choices (BstRequestsPage *self, GtkWidget *drop, GtkStringList *labels)
{
  guint selected = gtk_drop_down_get_selected (GTK_DROP_DOWN (drop));

  self->filling = TRUE;
  gtk_drop_down_set_model (GTK_DROP_DOWN (drop), G_LIST_MODEL (labels));
  if (selected != GTK_INVALID_LIST_POSITION &&
      selected < g_list_model_get_n_items (G_LIST_MODEL (labels)))
    gtk_drop_down_set_selected (GTK_DROP_DOWN (drop), selected);
  self->filling = FALSE;
  g_object_unref (labels);
}

static void
fill_units (BstRequestsPage *self)
{
  BstOrg *org = bst_session_get_org (session_of (self));
  GtkStringList *labels = gtk_string_list_new (NULL);

  g_strfreev (self->units);
  self->units = bst_session_get_units (session_of (self));
  gtk_string_list_append (labels, _ ("All units"));
  for (guint i = 0; self->units[i]; i++)
    {
      const char *name = org ? bst_org_unit_name (org, self->units[i]) : NULL;

      gtk_string_list_append (labels, name ? name : self->units[i]);
    }
  set_choices (self, self->unit, labels);
  gtk_widget_set_visible (self->unit, g_strv_length (self->units) > 1);
}

static void
fill_areas (BstRequestsPage *self)
{
  const char *language = bst_session_get_language (session_of (self));
  GPtrArray *areas = bst_records_areas (self->records);
  GtkStringList *labels = gtk_string_list_new (NULL);

  g_strfreev (self->areas);
  self->areas = g_new0 (char *, areas->len + 1);
  gtk_string_list_append (labels, _ ("All areas"));
  for (guint i = 0; i < areas->len; i++)
    {
      self->areas[i] = g_strdup (bst_doc_get_string (areas->pdata[i], "id"));
      gtk_string_list_append (labels, bst_text_pick (areas->pdata[i], "name", language));
    }
  set_choices (self, self->area, labels);
}

static void
fill_fixed (BstRequestsPage *self)
{
  GtkStringList *states = gtk_string_list_new (NULL);
  GtkStringList *times = gtk_string_list_new (NULL);

  for (guint i = 0; i < G_N_ELEMENTS (state_filters); i++)
    gtk_string_list_append (states, _ (state_filters[i].label));
  for (guint i = 0; i < G_N_ELEMENTS (periods); i++)
    gtk_string_list_append (times, _ (periods[i].label));
  set_choices (self, self->state, states);
  set_choices (self, self->period, times);
}

static void
org_changed_cb (BstSession *session, GParamSpec *pspec, BstRequestsPage *self)
{
  fill_units (self);
}

static void
unit_changed_cb (BstSession *session, GParamSpec *pspec, BstRequestsPage *self)
{
  ask (self);
}

static void
loaded_cb (BstRecords *records, BstRequestsPage *self)
{
  if (bst_records_areas (records)->len != (self->areas ? g_strv_length (self->areas) : 0))
    fill_areas (self);
}

/* ---- rows ---- */

static void
fill_cell (GtkListItem *item)
{
  BstRequestsPage *self = g_object_get_data (G_OBJECT (item), "page");
  BstRecordRow *row = gtk_list_item_get_item (item);

  bst_request_cell_fill (BST_REQUEST_CELL (gtk_list_item_get_child (item)),
                         bst_record_row_get_doc (row), session_of (self));
}

static void
doc_changed_cb (BstRecordRow *row, GParamSpec *pspec, GtkListItem *item)
{
  fill_cell (item);
}

static void
setup_cb (GtkSignalListItemFactory *factory, GtkListItem *item, const ColumnEntry *column)
{
  g_object_set_data (G_OBJECT (item), "page", g_object_get_data (G_OBJECT (factory), "page"));
  gtk_list_item_set_child (item, bst_request_cell_new (column->kind));
}

static void
bind_cb (GtkSignalListItemFactory *factory, GtkListItem *item, const ColumnEntry *column)
{
  fill_cell (item);
  g_signal_connect (gtk_list_item_get_item (item), "notify::doc", G_CALLBACK (doc_changed_cb),
                    item);
}

static void
unbind_cb (GtkSignalListItemFactory *factory, GtkListItem *item, const ColumnEntry *column)
{
  g_signal_handlers_disconnect_by_func (gtk_list_item_get_item (item), doc_changed_cb, item);
}

static void
add_column (BstRequestsPage *self, guint index)
{
  GtkListItemFactory *factory = gtk_signal_list_item_factory_new ();
  GtkColumnViewColumn *column = gtk_column_view_column_new (_ (columns[index].title), factory);
  ColumnSort *sort = g_new (ColumnSort, 1);

  g_object_set_data (G_OBJECT (factory), "page", self);
  g_signal_connect (factory, "setup", G_CALLBACK (setup_cb), (gpointer) &columns[index]);
  g_signal_connect (factory, "bind", G_CALLBACK (bind_cb), (gpointer) &columns[index]);
  g_signal_connect (factory, "unbind", G_CALLBACK (unbind_cb), (gpointer) &columns[index]);
  *sort = (ColumnSort){ self, (int) index };
  if (columns[index].sort)
    {
      GtkSorter *sorter = GTK_SORTER (gtk_custom_sorter_new (compare_cb, sort, g_free));

      gtk_column_view_column_set_sorter (column, sorter);
      g_object_unref (sorter);
    }
  else
    g_free (sort);
  gtk_column_view_column_set_expand (column, columns[index].expand);
  gtk_column_view_column_set_resizable (column, TRUE);
  gtk_column_view_append_column (GTK_COLUMN_VIEW (self->view), column);
  self->view_columns[index] = column;
  g_object_unref (column);
}

static void
activate_cb (GtkColumnView *view, guint position, BstRequestsPage *self)
{
  g_autoptr (BstRecordRow) row = g_list_model_get_item (G_LIST_MODEL (self->selection), position);
  GVariant *doc = row ? bst_record_row_get_doc (row) : NULL;
  const char *id = doc ? bst_doc_get_string (doc, "id") : NULL;

  if (!doc)
    return;
  if (!id)
    id = bst_doc_get_string (doc, "uid");
  bst_page_navigate (BST_PAGE (self),
                     bst_order_state (doc) == BST_STATE_DRAFT ? "order" : "request", id);
}

static void
clear_filters_cb (GtkButton *button, BstRequestsPage *self)
{
  self->filling = TRUE;
  gtk_editable_set_text (GTK_EDITABLE (self->entry), "");
  gtk_drop_down_set_selected (GTK_DROP_DOWN (self->state), 0);
  gtk_drop_down_set_selected (GTK_DROP_DOWN (self->unit), 0);
  gtk_drop_down_set_selected (GTK_DROP_DOWN (self->area), 0);
  gtk_drop_down_set_selected (GTK_DROP_DOWN (self->period), 0);
  self->filling = FALSE;
  ask (self);
}

/* ---- little room ---- */

static gboolean
apply_narrow_cb (gpointer user_data)
{
  BstRequestsPage *self = user_data;

  self->narrow_source = 0;
  for (guint i = 0; i < N_COLUMNS; i++)
    gtk_column_view_column_set_visible (self->view_columns[i], !self->narrow || columns[i].narrow);
  return G_SOURCE_REMOVE;
}

/* The view's own scrolling knows its width; a page has no say in its allocation. */
static void
width_cb (GtkAdjustment *across, GParamSpec *pspec, BstRequestsPage *self)
{
  gboolean narrow =
      gtk_adjustment_get_page_size (across) < NARROW * bst_columns_text_scale (GTK_WIDGET (self));

  if (self->narrow == narrow)
    return;
  self->narrow = narrow;
  if (!self->narrow_source)
    self->narrow_source = g_idle_add (apply_narrow_cb, self);
}

/* ---- the object ---- */

static void
bst_requests_page_open (BstPage *page, const char *arg)
{
  BstRequestsPage *self = BST_REQUESTS_PAGE (page);

  for (guint i = 0; arg && i < G_N_ELEMENTS (state_filters); i++)
    if (strcmp (state_filters[i].name, arg) == 0)
      gtk_drop_down_set_selected (GTK_DROP_DOWN (self->state), i);
  gtk_widget_grab_focus (g_list_model_get_n_items (G_LIST_MODEL (self->list)) > 0 ? self->view
                                                                                  : self->entry);
}

static gboolean
bst_requests_page_search (BstPage *page)
{
  return gtk_widget_grab_focus (BST_REQUESTS_PAGE (page)->entry);
}

static void
bst_requests_page_export (BstPage *page, BstTableFormat format)
{
  bst_export_requests (page, BST_REQUESTS_PAGE (page)->query, format);
}

static void
bst_requests_page_constructed (GObject *object)
{
  BstRequestsPage *self = BST_REQUESTS_PAGE (object);
  BstSession *session = session_of (self);
  BstStore *store = bst_session_get_store (session);

  G_OBJECT_CLASS (bst_requests_page_parent_class)->constructed (object);
  self->probe[0] = g_object_new (G_TYPE_OBJECT, NULL);
  self->probe[1] = g_object_new (G_TYPE_OBJECT, NULL);
  self->records = bst_records_for_store (store);
  g_signal_connect_object (self->records, "loaded", G_CALLBACK (loaded_cb), self, 0);
  g_signal_connect_object (session, "notify::org", G_CALLBACK (org_changed_cb), self, 0);
  g_signal_connect_object (session, "notify::person", G_CALLBACK (org_changed_cb), self, 0);
  g_signal_connect_object (session, "notify::unit", G_CALLBACK (unit_changed_cb), self, 0);
  for (guint i = 0; i < N_COLUMNS; i++)
    add_column (self, i);
  fill_fixed (self);
  fill_units (self);
  fill_areas (self);
  self->list = bst_record_list_new (store, NULL);
  self->selection = gtk_single_selection_new (g_object_ref (G_LIST_MODEL (self->list)));
  gtk_single_selection_set_autoselect (self->selection, FALSE);
  gtk_column_view_set_model (GTK_COLUMN_VIEW (self->view), GTK_SELECTION_MODEL (self->selection));
  g_signal_connect_object (self->list, "items-changed", G_CALLBACK (list_changed_cb), self,
                           G_CONNECT_SWAPPED);
  g_signal_connect_object (self->list, "notify::loading", G_CALLBACK (list_changed_cb), self,
                           G_CONNECT_SWAPPED);
  g_signal_connect_object (gtk_column_view_get_sorter (GTK_COLUMN_VIEW (self->view)), "changed",
                           G_CALLBACK (sorter_changed_cb), self, 0);
  g_signal_connect_object (gtk_scrollable_get_hadjustment (GTK_SCROLLABLE (self->view)),
                           "notify::page-size", G_CALLBACK (width_cb), self, 0);
  ask (self);
}

static void
bst_requests_page_dispose (GObject *object)
{
  BstRequestsPage *self = BST_REQUESTS_PAGE (object);

  g_clear_handle_id (&self->narrow_source, g_source_remove);
  g_clear_object (&self->list);
  g_clear_pointer (&self->query, bst_query_free);
  g_clear_object (&self->selection);
  g_clear_object (&self->probe[0]);
  g_clear_object (&self->probe[1]);
  g_clear_pointer (&self->units, g_strfreev);
  g_clear_pointer (&self->areas, g_strfreev);
  G_OBJECT_CLASS (bst_requests_page_parent_class)->dispose (object);
}

static void
bst_requests_page_class_init (BstRequestsPageClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->constructed = bst_requests_page_constructed;
  G_OBJECT_CLASS (klass)->dispose = bst_requests_page_dispose;
  BST_PAGE_CLASS (klass)->open = bst_requests_page_open;
  BST_PAGE_CLASS (klass)->search = bst_requests_page_search;
  BST_PAGE_CLASS (klass)->export = bst_requests_page_export;
  gtk_widget_class_set_template_from_resource (widget_class,
                                               "/org/bestiller/Bestiller/bst-requests-page.ui");
  gtk_widget_class_bind_template_child (widget_class, BstRequestsPage, entry);
  gtk_widget_class_bind_template_child (widget_class, BstRequestsPage, state);
  gtk_widget_class_bind_template_child (widget_class, BstRequestsPage, unit);
  gtk_widget_class_bind_template_child (widget_class, BstRequestsPage, area);
  gtk_widget_class_bind_template_child (widget_class, BstRequestsPage, period);
  gtk_widget_class_bind_template_child (widget_class, BstRequestsPage, stack);
  gtk_widget_class_bind_template_child (widget_class, BstRequestsPage, view);
  gtk_widget_class_bind_template_child (widget_class, BstRequestsPage, empty);
  gtk_widget_class_bind_template_callback (widget_class, filter_cb);
  gtk_widget_class_bind_template_callback (widget_class, entry_changed_cb);
  gtk_widget_class_bind_template_callback (widget_class, activate_cb);
  gtk_widget_class_bind_template_callback (widget_class, clear_filters_cb);
}

static void
bst_requests_page_init (BstRequestsPage *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
}
