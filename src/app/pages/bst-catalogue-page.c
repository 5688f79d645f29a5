/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "bst-config.h"

#include "bst-catalogue-page.h"

#include <glib/gi18n.h>

#include "bst-catalogue-item.h"
#include "bst-catalogue-row.h"
#include "bst-exports.h"
#include "bst-record-list.h"
#include "bst-records.h"
#include "bst-text.h"

#define MAX_FOUND 100

struct _BstCataloguePage
{
  BstPage parent_instance;

  GtkWidget *entry;
  GtkWidget *areas;
  GtkWidget *stack;
  GtkWidget *view;
  GtkWidget *empty;

  BstRecords *records;
  BstRecordList *bundles;
  BstRecordList *services;
  GListStore *found;
  GtkFlattenListModel *all;
  GtkSingleSelection *selection;
  GCancellable *searching;
  char *area;
  gboolean filling_areas;
};

G_DEFINE_FINAL_TYPE (BstCataloguePage, bst_catalogue_page, BST_TYPE_PAGE)

/* ---- what is shown ---- */

static gboolean
has_text (BstCataloguePage *self)
{
  return *gtk_editable_get_text (GTK_EDITABLE (self->entry)) != '\0';
}

static void
show_state (BstCataloguePage *self)
{
  GListModel *model = gtk_single_selection_get_model (self->selection);
  gboolean empty = !model || g_list_model_get_n_items (model) == 0;
  gboolean searched = has_text (self);

  adw_status_page_set_title (ADW_STATUS_PAGE (self->empty),
                             searched ? _ ("Nothing found") : _ ("The catalogue is not here yet"));
  adw_status_page_set_description (
      ADW_STATUS_PAGE (self->empty),
      searched ? _ ("Try another word for it, or look in another area.")
               : _ ("It comes with the first synchronisation, and stays on this computer."));
  gtk_stack_set_visible_child_name (GTK_STACK (self->stack), empty ? "empty" : "list");
}

static void
items_changed_cb (GListModel *model,
                  guint position,
                  guint removed,
                  guint added,
                  BstCataloguePage *self)
{
  show_state (self);
}

static void
show_all (BstCataloguePage *self)
{
  const char *language = bst_session_get_language (bst_page_get_session (BST_PAGE (self)));
  BstQuery query = {
    .sort = "name", .ascending = TRUE, .valid_only = TRUE, .language = language, .area = self->area
  };

  query.type = "Bundle";
  bst_record_list_set_query (self->bundles, &query);
  query.type = "Service";
  bst_record_list_set_query (self->services, &query);
  gtk_single_selection_set_model (self->selection, G_LIST_MODEL (self->all));
  show_state (self);
}

static void
found_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (BstCataloguePage) self = user_data;
  g_autoptr (GError) error = NULL;
  g_autoptr (GPtrArray) found = bst_store_search_finish (BST_STORE (source), result, &error);

  if (g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED) || !has_text (self))
    return;
  if (!found)
    {
      bst_page_fail (BST_PAGE (self), error);
      return;
    }
  bst_catalogue_item_append (self->found, found, self->area);
  gtk_single_selection_set_model (self->selection, G_LIST_MODEL (self->found));
  show_state (self);
}

/* Each key cancels the search before it, so the latest wins. */
static void
search (BstCataloguePage *self)
{
  BstSession *session = bst_page_get_session (BST_PAGE (self));

  g_cancellable_cancel (self->searching);
  g_clear_object (&self->searching);
  if (!has_text (self))
    {
      show_all (self);
      return;
    }
  self->searching = g_cancellable_new ();
  bst_store_search_async (bst_session_get_store (session),
                          gtk_editable_get_text (GTK_EDITABLE (self->entry)),
                          bst_session_get_language (session), MAX_FOUND, self->searching, found_cb,
                          g_object_ref (self));
}

/* ---- areas ---- */

static void
area_toggled_cb (GtkToggleButton *button, BstCataloguePage *self)
{
  if (self->filling_areas || !gtk_toggle_button_get_active (button))
    return;
  g_free (self->area);
  self->area = g_strdup (g_object_get_data (G_OBJECT (button), "area"));
  search (self);
}

static GtkWidget *
add_area (BstCataloguePage *self, const char *id, const char *label, GtkWidget *group)
{
  GtkWidget *button = gtk_toggle_button_new_with_label (label);

  gtk_widget_add_css_class (button, "pill-small");
  gtk_accessible_update_property (GTK_ACCESSIBLE (button), GTK_ACCESSIBLE_PROPERTY_LABEL, label,
                                  -1);
  if (group)
    gtk_toggle_button_set_group (GTK_TOGGLE_BUTTON (button), GTK_TOGGLE_BUTTON (group));
  g_object_set_data_full (G_OBJECT (button), "area", g_strdup (id), g_free);
  gtk_toggle_button_set_active (GTK_TOGGLE_BUTTON (button), g_strcmp0 (id, self->area) == 0);
  g_signal_connect (button, "toggled", G_CALLBACK (area_toggled_cb), self);
  gtk_box_append (GTK_BOX (self->areas), button);
  return button;
}

static void
fill_areas (BstCataloguePage *self)
{
  const char *language = bst_session_get_language (bst_page_get_session (BST_PAGE (self)));
  GPtrArray *areas = bst_records_areas (self->records);
  GtkWidget *first;

  self->filling_areas = TRUE;
  while ((first = gtk_widget_get_first_child (self->areas)))
    gtk_box_remove (GTK_BOX (self->areas), first);
  first = add_area (self, NULL, _ ("All areas"), NULL);
  for (guint i = 0; i < areas->len; i++)
    add_area (self, bst_doc_get_string (areas->pdata[i], "id"),
              bst_text_pick (areas->pdata[i], "name", language), first);
  self->filling_areas = FALSE;
}

/* ---- rows ---- */

static void
fill_row (GtkListItem *item, BstCataloguePage *self)
{
  bst_catalogue_row_fill (BST_CATALOGUE_ROW (gtk_list_item_get_child (item)),
                          bst_catalogue_item_doc (gtk_list_item_get_item (item)),
                          bst_page_get_session (BST_PAGE (self)));
}

static void
doc_changed_cb (GObject *row, GParamSpec *pspec, GtkListItem *item)
{
  fill_row (item, g_object_get_data (G_OBJECT (item), "page"));
}

/* A wheel that turns up and down goes along the areas, too. */
static gboolean
areas_scroll_cb (GtkEventControllerScroll *controller, double dx, double dy, BstCataloguePage *self)
{
  GtkWidget *widget = gtk_event_controller_get_widget (GTK_EVENT_CONTROLLER (controller));
  GtkAdjustment *along = gtk_scrolled_window_get_hadjustment (GTK_SCROLLED_WINDOW (widget));

  gtk_adjustment_set_value (along, gtk_adjustment_get_value (along) +
                                       dy * gtk_adjustment_get_page_size (along) / 6);
  return GDK_EVENT_STOP;
}

static void
setup_cb (GtkSignalListItemFactory *factory, GtkListItem *item, BstCataloguePage *self)
{
  g_object_set_data (G_OBJECT (item), "page", self);
  gtk_list_item_set_child (item, bst_catalogue_row_new ());
}

static void
bind_cb (GtkSignalListItemFactory *factory, GtkListItem *item, BstCataloguePage *self)
{
  fill_row (item, self);
  if (BST_IS_RECORD_ROW (gtk_list_item_get_item (item)))
    g_signal_connect (gtk_list_item_get_item (item), "notify::doc", G_CALLBACK (doc_changed_cb),
                      item);
}

static void
unbind_cb (GtkSignalListItemFactory *factory, GtkListItem *item, BstCataloguePage *self)
{
  g_signal_handlers_disconnect_by_func (gtk_list_item_get_item (item), doc_changed_cb, item);
}

static void
refill_shown (BstCataloguePage *self)
{
  for (GtkWidget *row = gtk_widget_get_first_child (self->view); row;
       row = gtk_widget_get_next_sibling (row))
    {
      GtkWidget *child = gtk_widget_get_first_child (row);

      if (BST_IS_CATALOGUE_ROW (child))
        bst_catalogue_row_refill (BST_CATALOGUE_ROW (child),
                                  bst_page_get_session (BST_PAGE (self)));
    }
}

static void
loaded_cb (BstRecords *records, BstCataloguePage *self)
{
  if ((guint) g_list_model_get_n_items (G_LIST_MODEL (self->selection)) == 0)
    show_state (self);
  fill_areas (self);
  refill_shown (self);
}

/* ---- opening ---- */

static void
open_position (BstCataloguePage *self, guint position)
{
  g_autoptr (GObject) item = g_list_model_get_item (G_LIST_MODEL (self->selection), position);
  GVariant *doc = bst_catalogue_item_doc (item);
  const char *type = doc ? bst_catalogue_type (doc) : NULL;

  if (!doc)
    return;
  if (strcmp (type, "Bundle") == 0)
    bst_page_navigate (BST_PAGE (self), "bundle", bst_doc_get_string (doc, "id"));
  else if (strcmp (type, "Service") == 0)
    bst_page_navigate (BST_PAGE (self), "service", bst_doc_get_string (doc, "id"));
  else if (bst_doc_has (doc, "service"))
    bst_page_navigate (BST_PAGE (self), "service", bst_doc_get_string (doc, "service"));
}

static void
activate_cb (GtkListView *view, guint position, BstCataloguePage *self)
{
  open_position (self, position);
}

static void
entry_activate_cb (GtkSearchEntry *entry, BstCataloguePage *self)
{
  if (g_list_model_get_n_items (G_LIST_MODEL (self->selection)) > 0 && has_text (self))
    open_position (self, 0);
}

static void
entry_changed_cb (GtkEditable *editable, BstCataloguePage *self)
{
  search (self);
}

static void
own_words_cb (GtkButton *button, BstCataloguePage *self)
{
  g_autofree char *arg =
      g_strconcat ("need:", gtk_editable_get_text (GTK_EDITABLE (self->entry)), NULL);

  bst_page_navigate (BST_PAGE (self), "order", arg);
}

static gboolean
key_cb (GtkEventControllerKey *controller,
        guint keyval,
        guint keycode,
        GdkModifierType modifiers,
        BstCataloguePage *self)
{
  if (keyval != GDK_KEY_Down || g_list_model_get_n_items (G_LIST_MODEL (self->selection)) == 0)
    return FALSE;
  gtk_widget_child_focus (self->view, GTK_DIR_TAB_FORWARD);
  return TRUE;
}

static void
bst_catalogue_page_open (BstPage *page, const char *arg)
{
  BstCataloguePage *self = BST_CATALOGUE_PAGE (page);

  if (arg && *arg && g_strcmp0 (arg, self->area) != 0)
    {
      g_free (self->area);
      self->area = g_strdup (arg);
      fill_areas (self);
      search (self);
    }
  gtk_widget_grab_focus (self->entry);
}

static gboolean
bst_catalogue_page_search (BstPage *page)
{
  return gtk_widget_grab_focus (BST_CATALOGUE_PAGE (page)->entry);
}

static void
bst_catalogue_page_export (BstPage *page, BstTableFormat format)
{
  BstCataloguePage *self = BST_CATALOGUE_PAGE (page);
  g_autoptr (GPtrArray) docs = g_ptr_array_new_with_free_func ((GDestroyNotify) g_variant_unref);

  if (!has_text (self))
    {
      bst_export_catalogue (page, self->area, format);
      return;
    }
  for (guint i = 0; i < g_list_model_get_n_items (G_LIST_MODEL (self->found)); i++)
    {
      g_autoptr (GObject) item = g_list_model_get_item (G_LIST_MODEL (self->found), i);

      g_ptr_array_add (docs, g_variant_ref (bst_catalogue_item_doc (item)));
    }
  bst_export_found (page, docs, format);
}

/* ---- the object ---- */

static void
bst_catalogue_page_constructed (GObject *object)
{
  BstCataloguePage *self = BST_CATALOGUE_PAGE (object);
  BstStore *store = bst_session_get_store (bst_page_get_session (BST_PAGE (self)));
  GListStore *parts = g_list_store_new (G_TYPE_LIST_MODEL);

  G_OBJECT_CLASS (bst_catalogue_page_parent_class)->constructed (object);
  self->records = bst_records_for_store (store);
  g_signal_connect_object (self->records, "loaded", G_CALLBACK (loaded_cb), self, 0);
  self->bundles = bst_record_list_new (store, NULL);
  self->services = bst_record_list_new (store, NULL);
  g_list_store_append (parts, self->bundles);
  g_list_store_append (parts, self->services);
  self->all = gtk_flatten_list_model_new (G_LIST_MODEL (parts));
  self->found = g_list_store_new (BST_TYPE_CATALOGUE_ITEM);
  self->selection = gtk_single_selection_new (NULL);
  gtk_single_selection_set_autoselect (self->selection, FALSE);
  gtk_single_selection_set_can_unselect (self->selection, TRUE);
  g_signal_connect_object (self->selection, "items-changed", G_CALLBACK (items_changed_cb), self,
                           0);
  gtk_list_view_set_model (GTK_LIST_VIEW (self->view), GTK_SELECTION_MODEL (self->selection));
  fill_areas (self);
  show_all (self);
}

static void
bst_catalogue_page_dispose (GObject *object)
{
  BstCataloguePage *self = BST_CATALOGUE_PAGE (object);

  g_cancellable_cancel (self->searching);
  g_clear_object (&self->searching);
  g_clear_object (&self->bundles);
  g_clear_object (&self->services);
  g_clear_object (&self->found);
  g_clear_object (&self->all);
  g_clear_object (&self->selection);
  g_clear_pointer (&self->area, g_free);
  G_OBJECT_CLASS (bst_catalogue_page_parent_class)->dispose (object);
}

static void
bst_catalogue_page_class_init (BstCataloguePageClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->constructed = bst_catalogue_page_constructed;
  G_OBJECT_CLASS (klass)->dispose = bst_catalogue_page_dispose;
  BST_PAGE_CLASS (klass)->open = bst_catalogue_page_open;
  BST_PAGE_CLASS (klass)->search = bst_catalogue_page_search;
  BST_PAGE_CLASS (klass)->export = bst_catalogue_page_export;
  gtk_widget_class_set_template_from_resource (widget_class,
                                               "/org/bestiller/Bestiller/bst-catalogue-page.ui");
  gtk_widget_class_bind_template_child (widget_class, BstCataloguePage, entry);
  gtk_widget_class_bind_template_child (widget_class, BstCataloguePage, areas);
  gtk_widget_class_bind_template_child (widget_class, BstCataloguePage, stack);
  gtk_widget_class_bind_template_child (widget_class, BstCataloguePage, view);
  gtk_widget_class_bind_template_child (widget_class, BstCataloguePage, empty);
  gtk_widget_class_bind_template_callback (widget_class, setup_cb);
  gtk_widget_class_bind_template_callback (widget_class, areas_scroll_cb);
  gtk_widget_class_bind_template_callback (widget_class, bind_cb);
  gtk_widget_class_bind_template_callback (widget_class, unbind_cb);
  gtk_widget_class_bind_template_callback (widget_class, activate_cb);
  gtk_widget_class_bind_template_callback (widget_class, entry_activate_cb);
  gtk_widget_class_bind_template_callback (widget_class, entry_changed_cb);
  gtk_widget_class_bind_template_callback (widget_class, own_words_cb);
  gtk_widget_class_bind_template_callback (widget_class, key_cb);
}

static void
bst_catalogue_page_init (BstCataloguePage *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
}
