/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "bst-config.h"

#include <glib/gi18n.h>

#include "bst-window-private.h"

#include "bst-page-table.h"
#include "bst-sidebar-row.h"

#define MAX_BACK 50

/* As in the settings' schema. */
#define MIN_WIDTH  360
#define MIN_HEIGHT 294

G_DEFINE_FINAL_TYPE (BstWindow, bst_window, ADW_TYPE_APPLICATION_WINDOW)

/* Where one came from. */
typedef struct
{
  const char *name;
  char *arg;
} Place;

static void
place_free (Place *place)
{
  g_free (place->arg);
  g_free (place);
}

/* ---- the header bar ---- */

static void
lend (BstWindow *self, GtkWidget **place, GtkWidget *widget, gboolean at_start)
{
  if (*place == widget)
    return;
  if (*place)
    adw_header_bar_remove (self->header, *place);
  g_set_object (place, widget);
  if (widget && at_start)
    adw_header_bar_pack_start (self->header, widget);
  else if (widget)
    adw_header_bar_pack_end (self->header, widget);
}

static void
update_header (BstWindow *self)
{
  g_autoptr (GtkWidget) start = NULL;
  g_autoptr (GtkWidget) end = NULL;
  g_autoptr (GtkWidget) title = NULL;

  if (self->page)
    g_object_get (self->page, "start", &start, "end", &end, "title-widget", &title, NULL);
  lend (self, &self->start, start, TRUE);
  lend (self, &self->end, end, FALSE);
  gtk_widget_set_visible (self->export_button, self->page && bst_page_can_export (self->page));
  adw_header_bar_set_title_widget (self->header, title ? title : GTK_WIDGET (self->title));
}

static void
page_notify_cb (BstPage *page, GParamSpec *pspec, BstWindow *self)
{
  if (page == self->page)
    update_header (self);
}

static void
update_back_button (BstWindow *self)
{
  gboolean folded = bst_split_get_folded (self->split);

  gtk_widget_set_visible (GTK_WIDGET (self->back_button),
                          folded || !g_queue_is_empty (&self->back));
  bst_window_update_actions (self);
}

static void
folded_cb (BstWindow *self)
{
  update_back_button (self);
}

/* ---- pages ---- */

static void
mark_sidebar (BstWindow *self)
{
  const BstPageEntry *entry = bst_page_table_find (self->current);
  const char *name = entry && entry->parent ? entry->parent : self->current;
  GtkListBoxRow *row = NULL;

  for (int i = 0; (row = gtk_list_box_get_row_at_index (self->sidebar, i)); i++)
    if (g_strcmp0 (bst_sidebar_row_get_entry (BST_SIDEBAR_ROW (row))->name, name) == 0)
      break;
  gtk_list_box_select_row (self->sidebar, row);
}

static BstPage *
ensure_page (BstWindow *self, const BstPageEntry *entry)
{
  GtkWidget *page = gtk_stack_get_child_by_name (self->pages, entry->name);

  if (page)
    return BST_PAGE (page);
  page = g_object_new (entry->get_type (), "session", self->session, NULL);
  if (!bst_page_get_title (BST_PAGE (page)))
    bst_page_set_title (BST_PAGE (page), _ (entry->title));
  g_signal_connect_object (page, "notify::start", G_CALLBACK (page_notify_cb), self, 0);
  g_signal_connect_object (page, "notify::end", G_CALLBACK (page_notify_cb), self, 0);
  g_signal_connect_object (page, "notify::title-widget", G_CALLBACK (page_notify_cb), self, 0);
  gtk_stack_add_named (self->pages, page, entry->name);
  return BST_PAGE (page);
}

static void
show_page (BstWindow *self, const BstPageEntry *entry, const char *arg)
{
  BstPage *page = ensure_page (self, entry);
  char *copy = g_strdup (arg && *arg ? arg : NULL);

  if (self->page)
    bst_page_leave (self->page);
  g_clear_pointer (&self->title_binding, g_binding_unbind);
  g_clear_pointer (&self->subtitle_binding, g_binding_unbind);
  self->page = page;
  self->current = entry->name;
  g_free (self->arg);
  self->arg = copy;
  self->title_binding =
      g_object_bind_property (page, "title", self->title, "title", G_BINDING_SYNC_CREATE);
  self->subtitle_binding =
      g_object_bind_property (page, "subtitle", self->title, "subtitle", G_BINDING_SYNC_CREATE);
  update_header (self);
  gtk_stack_set_visible_child (self->pages, GTK_WIDGET (page));
  mark_sidebar (self);
  bst_page_open (page, copy);
  bst_split_set_show_sidebar (self->split, FALSE);
  update_back_button (self);
}

static void
row_activated_cb (BstWindow *self, GtkListBoxRow *row)
{
  const BstPageEntry *entry = bst_sidebar_row_get_entry (BST_SIDEBAR_ROW (row));

  /* The sidebar is the top: from there nothing leads back. */
  g_queue_clear_full (&self->back, (GDestroyNotify) place_free);
  if (self->session && g_strcmp0 (self->current, entry->name) != 0)
    show_page (self, entry, NULL);
  bst_split_set_show_sidebar (self->split, FALSE);
  update_back_button (self);
}

static void
fill_sidebar (BstWindow *self)
{
  gsize n;
  const BstPageEntry *table = bst_page_table (&n);

  for (gsize i = 0; i < n; i++)
    if (table[i].icon)
      gtk_list_box_append (self->sidebar, bst_sidebar_row_new (&table[i]));
}

static void
bind_badges (BstWindow *self)
{
  GtkListBoxRow *row;

  for (int i = 0; (row = gtk_list_box_get_row_at_index (self->sidebar, i)); i++)
    {
      const BstPageEntry *entry = bst_sidebar_row_get_entry (BST_SIDEBAR_ROW (row));

      if (entry->count && self->session)
        g_object_bind_property (self->session, entry->count, row, "count", G_BINDING_SYNC_CREATE);
      else
        bst_sidebar_row_set_count (BST_SIDEBAR_ROW (row), 0);
    }
}

static void
remove_pages (BstWindow *self)
{
  GtkWidget *child;

  if (self->page)
    bst_page_leave (self->page);
  g_clear_pointer (&self->title_binding, g_binding_unbind);
  g_clear_pointer (&self->subtitle_binding, g_binding_unbind);
  self->page = NULL;
  self->current = NULL;
  g_clear_pointer (&self->arg, g_free);
  update_header (self);
  while ((child = gtk_widget_get_first_child (GTK_WIDGET (self->pages))))
    gtk_stack_remove (self->pages, child);
  g_queue_clear_full (&self->back, (GDestroyNotify) place_free);
}

/* ---- the object ---- */

static gboolean
bst_window_close_request (GtkWindow *window)
{
  BstWindow *self = BST_WINDOW (window);
  const BstPageEntry *entry = bst_page_table_find (self->current);
  gboolean maximized = gtk_window_is_maximized (window);
  int width;
  int height;

  gtk_window_get_default_size (window, &width, &height);
  if (self->settings)
    {
      g_settings_set_boolean (self->settings, "window-maximized", maximized);
      g_settings_set_int (self->settings, "window-width", MAX (width, MIN_WIDTH));
      g_settings_set_int (self->settings, "window-height", MAX (height, MIN_HEIGHT));
      if (entry)
        g_settings_set_string (self->settings, "last-page",
                               entry->parent ? entry->parent : entry->name);
    }
  return GTK_WINDOW_CLASS (bst_window_parent_class)->close_request (window);
}

static void
restore (BstWindow *self)
{
  gtk_window_set_default_size (GTK_WINDOW (self),
                               g_settings_get_int (self->settings, "window-width"),
                               g_settings_get_int (self->settings, "window-height"));
  if (g_settings_get_boolean (self->settings, "window-maximized"))
    gtk_window_maximize (GTK_WINDOW (self));
}

static void
bst_window_dispose (GObject *object)
{
  BstWindow *self = BST_WINDOW (object);

  if (self->pages)
    remove_pages (self);
  g_clear_object (&self->session);
  g_clear_object (&self->settings);
  bst_window_watch_sync (self);
  g_clear_pointer (&self->next, g_free);
  g_clear_pointer (&self->next_arg, g_free);
  G_OBJECT_CLASS (bst_window_parent_class)->dispose (object);
}

static void
bst_window_class_init (BstWindowClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  object_class->dispose = bst_window_dispose;

  GTK_WINDOW_CLASS (klass)->close_request = bst_window_close_request;

  g_type_ensure (BST_TYPE_BANNER);
  g_type_ensure (BST_TYPE_SPLIT);
  g_type_ensure (BST_TYPE_STATUS_ROW);
  g_type_ensure (BST_TYPE_UNIT_SWITCH);
  gtk_widget_class_set_template_from_resource (widget_class,
                                               "/org/bestiller/Bestiller/bst-window.ui");
  gtk_widget_class_bind_template_child (widget_class, BstWindow, toasts);
  gtk_widget_class_bind_template_child (widget_class, BstWindow, views);
  gtk_widget_class_bind_template_child (widget_class, BstWindow, split);
  gtk_widget_class_bind_template_child (widget_class, BstWindow, header);
  gtk_widget_class_bind_template_child (widget_class, BstWindow, back_button);
  gtk_widget_class_bind_template_child (widget_class, BstWindow, export_button);
  gtk_widget_class_bind_template_child (widget_class, BstWindow, title);
  gtk_widget_class_bind_template_child (widget_class, BstWindow, sidebar);
  gtk_widget_class_bind_template_child (widget_class, BstWindow, pages);
  gtk_widget_class_bind_template_child (widget_class, BstWindow, banner);
  gtk_widget_class_bind_template_child (widget_class, BstWindow, unit_switch);
  gtk_widget_class_bind_template_child (widget_class, BstWindow, status);
  gtk_widget_class_bind_template_callback (widget_class, row_activated_cb);
  gtk_widget_class_bind_template_callback (widget_class, folded_cb);
  bst_window_class_install_actions (widget_class);
}

static void
bst_window_init (BstWindow *self)
{
  g_queue_init (&self->back);
  gtk_widget_init_template (GTK_WIDGET (self));
  /* No ring round the menu at the start; the first Tab shows where the keyboard is. */
  gtk_window_set_focus_visible (GTK_WINDOW (self), FALSE);
  g_object_ref_sink (self->title);
  fill_sidebar (self);
  bst_window_update_actions (self);
}

BstWindow *
bst_window_new (GtkApplication *application, GSettings *settings)
{
  BstWindow *self = g_object_new (BST_TYPE_WINDOW, "application", application, NULL);

  self->settings = g_object_ref (settings);
  restore (self);
  return self;
}

static void
sync_changed_cb (BstWindow *self)
{
  bst_window_watch_sync (self);
  bst_window_update_actions (self);
}

/* The one that was open the last time, where it stands in the sidebar. */
static const char *
first_page (BstWindow *self)
{
  gsize n;
  const BstPageEntry *table = bst_page_table (&n);
  g_autofree char *last =
      self->settings ? g_settings_get_string (self->settings, "last-page") : NULL;
  const BstPageEntry *entry = last ? bst_page_table_find (last) : NULL;

  return entry && entry->icon ? entry->name : table[0].name;
}

void
bst_window_set_session (BstWindow *self, BstSession *session)
{
  if (self->session == session)
    return;
  remove_pages (self);
  g_set_object (&self->session, session);
  bind_badges (self);
  bst_status_row_set_session (self->status, session);
  bst_unit_switch_set_session (self->unit_switch, session);
  bst_window_watch_sync (self);
  if (session)
    {
      g_signal_connect_object (session, "notify::sync", G_CALLBACK (sync_changed_cb), self,
                               G_CONNECT_SWAPPED);
      g_signal_connect_object (session, "notify::starting", G_CALLBACK (sync_changed_cb), self,
                               G_CONNECT_SWAPPED);
    }
  if (session)
    {
      g_autofree char *name = g_steal_pointer (&self->next);
      g_autofree char *arg = g_steal_pointer (&self->next_arg);

      bst_window_navigate (self, name ? name : first_page (self), arg);
    }
  bst_window_update_actions (self);
}

BstSession *
bst_window_get_session (BstWindow *self)
{
  return self->session;
}

void
bst_window_navigate (BstWindow *self, const char *name, const char *arg)
{
  const BstPageEntry *entry = bst_page_table_find (name);
  const char *wanted = arg && *arg ? arg : NULL;

  if (!entry)
    {
      g_warning ("There is no page “%s”", name);
      return;
    }
  if (!self->session)
    {
      g_free (self->next);
      g_free (self->next_arg);
      self->next = g_strdup (name);
      self->next_arg = g_strdup (wanted);
      return;
    }
  if (self->current == entry->name && g_strcmp0 (self->arg, wanted) == 0)
    {
      bst_split_set_show_sidebar (self->split, FALSE);
      return;
    }
  if (self->current)
    {
      Place *place = g_new0 (Place, 1);

      place->name = self->current;
      place->arg = g_strdup (self->arg);
      g_queue_push_tail (&self->back, place);
      if (g_queue_get_length (&self->back) > MAX_BACK)
        place_free (g_queue_pop_head (&self->back));
    }
  show_page (self, entry, wanted);
}

gboolean
bst_window_back (BstWindow *self)
{
  Place *place = g_queue_pop_tail (&self->back);

  if (place)
    {
      show_page (self, bst_page_table_find (place->name), place->arg);
      place_free (place);
      return TRUE;
    }
  if (bst_split_get_folded (self->split) && !bst_split_get_show_sidebar (self->split))
    {
      bst_split_set_show_sidebar (self->split, TRUE);
      gtk_widget_child_focus (GTK_WIDGET (self->sidebar), GTK_DIR_TAB_FORWARD);
      return TRUE;
    }
  return FALSE;
}

const char *
bst_window_get_page_name (BstWindow *self)
{
  return self->current;
}

void
bst_window_show_view (BstWindow *self, GtkWidget *view)
{
  GtkWidget *old = gtk_stack_get_child_by_name (self->views, "view");

  if (old == view)
    return;
  if (view)
    {
      if (old)
        gtk_stack_page_set_name (gtk_stack_get_page (self->views, old), "old");
      gtk_stack_add_named (self->views, view, "view");
      gtk_stack_set_visible_child (self->views, view);
    }
  else
    {
      gtk_stack_set_visible_child_name (self->views, "main");
    }
  if (old)
    gtk_stack_remove (self->views, old);
  bst_window_update_actions (self);
}

gboolean
bst_window_has_view (BstWindow *self)
{
  return gtk_stack_get_child_by_name (self->views, "view") != NULL;
}

gboolean
bst_window_get_folded (BstWindow *self)
{
  return bst_split_get_folded (self->split);
}

const char *
bst_window_get_status (BstWindow *self)
{
  return bst_status_row_get_text (self->status);
}

const char *
bst_window_get_notice (BstWindow *self)
{
  return bst_banner_get_text (self->banner);
}

guint
bst_window_get_badge (BstWindow *self, const char *page)
{
  GtkListBoxRow *row;
  guint badge = 0;

  for (int i = 0; (row = gtk_list_box_get_row_at_index (self->sidebar, i)); i++)
    if (g_strcmp0 (bst_sidebar_row_get_entry (BST_SIDEBAR_ROW (row))->name, page) == 0)
      g_object_get (row, "count", &badge, NULL);
  return badge;
}

void
bst_window_say (BstWindow *self, const char *text)
{
  g_autofree char *escaped = g_markup_escape_text (text, -1);

  adw_toast_overlay_add_toast (self->toasts, adw_toast_new (escaped));
}
