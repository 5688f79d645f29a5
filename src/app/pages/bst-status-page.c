/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "bst-config.h"

#include <glib/gi18n.h>

#include "bst-status-page-private.h"

#include "bst-confirm.h"
#include "bst-help-group.h"
#include "bst-exports.h"
#include "bst-parcel-group.h"
#include "bst-row-name.h"

/* More rows than anybody reads. */
#define MAX_ROWS 100

G_DEFINE_FINAL_TYPE (BstStatusPage, bst_status_page, BST_TYPE_PAGE)

/* Which row belongs to which group, so that it can be taken away again. */
static void
add_row (GPtrArray *rows, AdwPreferencesGroup *group, GtkWidget *row)
{
  g_object_set_data (G_OBJECT (row), "group", group);
  adw_preferences_group_add (group, row);
  g_ptr_array_add (rows, row);
}

static void
clear_rows (GPtrArray *rows)
{
  for (guint i = 0; i < rows->len; i++)
    adw_preferences_group_remove (g_object_get_data (rows->pdata[i], "group"), rows->pdata[i]);
  g_ptr_array_set_size (rows, 0);
}

static GtkWidget *
row_new (const char *title, const char *subtitle, const char *icon)
{
  GtkWidget *row = adw_action_row_new ();
  g_autofree char *escaped_title = g_markup_escape_text (title, -1);
  g_autofree char *escaped_subtitle = g_markup_escape_text (subtitle, -1);
  g_autofree char *name = g_strdup_printf ("%s, %s", title, subtitle);
  GtkWidget *image = gtk_image_new_from_icon_name (icon);

  adw_preferences_row_set_title (ADW_PREFERENCES_ROW (row), escaped_title);
  adw_action_row_set_subtitle (ADW_ACTION_ROW (row), escaped_subtitle);
  adw_action_row_set_title_lines (ADW_ACTION_ROW (row), 1);
  adw_action_row_add_prefix (ADW_ACTION_ROW (row), image);
  bst_row_name (row, name, NULL);
  return row;
}

/* ---- the state ---- */

static void
show_state (BstStatusPage *self)
{
  BstSession *session = bst_page_get_session (BST_PAGE (self));
  BstSyncFacts facts = bst_sync_facts (self->sync);
  gint64 now = bst_clock_now (bst_session_get_clock (session));
  double fraction = bst_sync_facts_fraction (&facts);
  g_autofree char *state = NULL;
  g_autofree char *meaning = NULL;
  g_autofree char *contact = NULL;
  g_autofree char *news = NULL;
  g_autofree char *text = NULL;

  facts.starting = bst_session_get_starting (session);
  state = bst_sync_facts_short (&facts, now, bst_session_get_zone (session),
                                bst_session_get_language (session));
  meaning = bst_sync_facts_long (&facts);
  contact = bst_sync_facts_contact (&facts, now, bst_session_get_zone (session),
                                    bst_session_get_language (session));
  /* Translators: when the server last answered. */
  text = g_strdup_printf (_ ("Last contact: %s"), contact);
  gtk_image_set_from_icon_name (self->icon, bst_sync_facts_icon (&facts));
  gtk_label_set_label (self->state, state);
  gtk_label_set_label (self->meaning, meaning);
  gtk_label_set_label (self->contact, text);
  adw_preferences_group_set_description (self->waiting, bst_status_waits_text (&facts));
  news = bst_sync_facts_news (&facts);
  gtk_label_set_label (self->news, news ? news : "");
  gtk_widget_set_visible (GTK_WIDGET (self->news), news != NULL);
  gtk_widget_set_visible (self->sign_in, !facts.starting && facts.state == BST_SYNC_SIGN_IN);
  gtk_widget_set_visible (GTK_WIDGET (self->progress), fraction >= 0);
  if (fraction >= 0)
    gtk_progress_bar_set_fraction (self->progress, fraction);
}

/* ---- what waits ---- */

static void
discard_thread (GTask *task, gpointer source, gpointer data, GCancellable *cancellable)
{
  BstStore *store = bst_session_get_store (bst_page_get_session (source));
  g_autoptr (GError) error = NULL;

  if (bst_store_discard_refused (store, *(gint64 *) data, &error))
    g_task_return_boolean (task, TRUE);
  else
    g_task_return_error (task, g_steal_pointer (&error));
}

static void
discarded_cb (GObject *source, GAsyncResult *result, gpointer data)
{
  g_autoptr (GError) error = NULL;

  if (!g_task_propagate_boolean (G_TASK (result), &error))
    bst_page_fail (BST_PAGE (source), error);
}

typedef struct
{
  BstStatusPage *page;
  gint64 seq;
} Discard;

static void
discard_free (gpointer data)
{
  Discard *discard = data;

  g_object_unref (discard->page);
  g_free (discard);
}

static void
discard_confirmed (gpointer data)
{
  Discard *discard = data;
  g_autoptr (GTask) task = g_task_new (discard->page, NULL, discarded_cb, NULL);

  g_task_set_task_data (task, g_memdup2 (&discard->seq, sizeof discard->seq), g_free);
  g_task_run_in_thread (task, discard_thread);
}

static void
discard_clicked_cb (GtkButton *button, BstStatusPage *self)
{
  Discard *discard = g_new0 (Discard, 1);

  discard->page = g_object_ref (self);
  discard->seq = *(gint64 *) g_object_get_data (G_OBJECT (button), "seq");
  bst_confirm (GTK_WIDGET (self), _ ("Discard this?"),
               _ ("The server has refused it, so nothing happens there. It is removed from this "
                  "computer."),
               _ ("_Discard"), TRUE, discard_confirmed, discard, discard_free);
}

static void
entry_activated_cb (AdwActionRow *row, BstStatusPage *self)
{
  bst_page_navigate (BST_PAGE (self), g_object_get_data (G_OBJECT (row), "page"),
                     g_object_get_data (G_OBJECT (row), "request"));
}

static void
make_activatable (BstStatusPage *self, GtkWidget *row, const char *page, const char *request)
{
  if (!page || !request)
    return;
  g_object_set_data_full (G_OBJECT (row), "page", g_strdup (page), g_free);
  g_object_set_data_full (G_OBJECT (row), "request", g_strdup (request), g_free);
  gtk_list_box_row_set_activatable (GTK_LIST_BOX_ROW (row), TRUE);
  adw_action_row_add_suffix (ADW_ACTION_ROW (row),
                             gtk_image_new_from_icon_name ("go-next-symbolic"));
  g_signal_connect_object (row, "activated", G_CALLBACK (entry_activated_cb), self, 0);
}

static void
add_discard (BstStatusPage *self, GtkWidget *row, gint64 seq)
{
  GtkWidget *button = gtk_button_new_from_icon_name ("user-trash-symbolic");

  gtk_widget_add_css_class (button, "flat");
  gtk_widget_set_valign (button, GTK_ALIGN_CENTER);
  gtk_widget_set_tooltip_text (button, _ ("Discard"));
  gtk_accessible_update_property (GTK_ACCESSIBLE (button), GTK_ACCESSIBLE_PROPERTY_LABEL,
                                  _ ("Discard"), -1);
  g_object_set_data_full (G_OBJECT (button), "seq", g_memdup2 (&seq, sizeof seq), g_free);
  g_signal_connect_object (button, "clicked", G_CALLBACK (discard_clicked_cb), self, 0);
  adw_action_row_add_suffix (ADW_ACTION_ROW (row), button);
}

/* The page on which a record of @type is seen; %NULL: none. Static. */
static const char *
page_of (const char *type)
{
  static const struct
  {
    const char *type;
    const char *page;
  } pages[] = { { "Request", "request" }, { "Proposal", "proposal" } };

  for (guint i = 0; i < G_N_ELEMENTS (pages); i++)
    if (g_strcmp0 (pages[i].type, type) == 0)
      return pages[i].page;
  return NULL;
}

/* Returns: (transfer full). @title: (nullable) */
static char *
title_of (const char *what, const char *title)
{
  return title ? g_strdup_printf ("%s · %s", what, title) : g_strdup (what);
}

static void
add_entry (BstStatusPage *self, const BstOutboxEntry *entry)
{
  BstSession *session = bst_page_get_session (BST_PAGE (self));
  static const char *const icons[] = {
    [BST_OUTBOX_QUEUED] = "bst-computer-only-symbolic",
    [BST_OUTBOX_SENDING] = "bst-under-way-symbolic",
    [BST_OUTBOX_REFUSED] = "dialog-warning-symbolic",
  };
  gboolean refused = entry->state == BST_OUTBOX_REFUSED;
  g_autofree char *title = title_of (bst_outbox_entry_what (entry), entry->title);
  g_autofree char *where =
      bst_outbox_entry_where (entry, bst_clock_now (bst_session_get_clock (session)),
                              bst_session_get_zone (session), bst_session_get_language (session));
  GtkWidget *row;

  row = row_new (title, where, icons[entry->state]);
  /* A refused order is mended in the editor; a refused step can only be dropped. */
  if (bst_outbox_entry_can_discard (entry))
    add_discard (self, row, entry->seq);
  make_activatable (self, row, refused && entry->order ? "order" : page_of (entry->type),
                    entry->request);
  add_row (self->rows, refused ? self->refused : self->waiting, row);
}

static void
show_entries (BstStatusPage *self, const BstStatusData *data)
{
  guint n_refused = bst_status_data_count (data, BST_OUTBOX_REFUSED);

  clear_rows (self->rows);
  for (guint i = 0; i < MIN (data->entries->len, MAX_ROWS); i++)
    add_entry (self, data->entries->pdata[i]);
  gtk_widget_set_visible (GTK_WIDGET (self->refused), n_refused > 0);
  gtk_widget_set_visible (GTK_WIDGET (self->waiting), data->entries->len > n_refused);
}

/* ---- what was received ---- */

static char *
receipt_text (BstStatusPage *self, const BstReceipt *receipt)
{
  BstSession *session = bst_page_get_session (BST_PAGE (self));
  g_autofree char *when = NULL;

  if (receipt->received_at == 0)
    return g_strdup (_ ("Received"));
  when = bst_sync_when (receipt->received_at, bst_clock_now (bst_session_get_clock (session)),
                        bst_session_get_zone (session), bst_session_get_language (session));
  if (!receipt->number)
    /* Translators: %s is a time, or a day and a time. */
    return g_strdup_printf (_ ("Received %s"), when);
  /* Translators: a time, or a day and a time; then the order's number. */
  return g_strdup_printf (_ ("Received %s, no. %s"), when, receipt->number);
}

static void
show_receipts (BstStatusPage *self, const BstStatusData *data)
{
  clear_rows (self->receipt_rows);
  for (guint i = 0; i < data->receipts->len; i++)
    {
      const BstReceipt *receipt = data->receipts->pdata[i];
      g_autofree char *text = receipt_text (self, receipt);
      g_autofree char *title = title_of (bst_receipt_what (receipt), receipt->title);
      GtkWidget *row = row_new (title, text, "bst-received-symbolic");

      make_activatable (self, row, page_of (receipt->type), receipt->request);
      add_row (self->receipt_rows, self->received, row);
    }
  gtk_widget_set_visible (GTK_WIDGET (self->received), data->receipts->len > 0);
}

/* ---- reading ---- */

static void
read_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  BstStatusPage *self = BST_STATUS_PAGE (source);
  g_autoptr (GError) error = NULL;
  g_autoptr (BstStatusData) data = bst_status_page_read_finish (self, result, &error);

  if (data)
    {
      show_entries (self, data);
      show_receipts (self, data);
    }
  else
    bst_page_fail (BST_PAGE (self), error);
}

static void
read_all (BstStatusPage *self)
{
  g_cancellable_cancel (self->cancellable);
  g_clear_object (&self->cancellable);
  self->cancellable = g_cancellable_new ();
  bst_status_page_read (self, MAX_ROWS, self->cancellable, read_cb);
}

static void
outbox_changed_cb (BstStatusPage *self)
{
  if (gtk_widget_get_mapped (GTK_WIDGET (self)))
    read_all (self);
}

/* ---- the page ---- */

static void
session_notify_cb (BstStatusPage *self)
{
  BstSync *sync = bst_session_get_sync (bst_page_get_session (BST_PAGE (self)));

  if (self->sync)
    g_signal_handlers_disconnect_by_data (self->sync, self);
  g_set_object (&self->sync, sync);
  if (sync)
    g_signal_connect_object (sync, "notify", G_CALLBACK (show_state), self, G_CONNECT_SWAPPED);
  show_state (self);
}

static void
bst_status_page_open (BstPage *page, const char *arg)
{
  session_notify_cb (BST_STATUS_PAGE (page));
  read_all (BST_STATUS_PAGE (page));
}

static void
bst_status_page_constructed (GObject *object)
{
  BstStatusPage *self = BST_STATUS_PAGE (object);
  BstSession *session = bst_page_get_session (BST_PAGE (self));

  G_OBJECT_CLASS (bst_status_page_parent_class)->constructed (object);
  g_signal_connect_object (session, "notify::sync", G_CALLBACK (session_notify_cb), self,
                           G_CONNECT_SWAPPED);
  g_signal_connect_object (session, "notify::starting", G_CALLBACK (session_notify_cb), self,
                           G_CONNECT_SWAPPED);
  g_signal_connect_object (bst_session_get_store (session), "outbox-changed",
                           G_CALLBACK (outbox_changed_cb), self, G_CONNECT_SWAPPED);
}

static void
bst_status_page_dispose (GObject *object)
{
  BstStatusPage *self = BST_STATUS_PAGE (object);

  g_cancellable_cancel (self->cancellable);
  g_clear_object (&self->cancellable);
  if (self->sync)
    g_signal_handlers_disconnect_by_data (self->sync, self);
  g_clear_object (&self->sync);
  g_clear_pointer (&self->rows, g_ptr_array_unref);
  g_clear_pointer (&self->receipt_rows, g_ptr_array_unref);
  G_OBJECT_CLASS (bst_status_page_parent_class)->dispose (object);
}

static void
bst_status_page_class_init (BstStatusPageClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  g_type_ensure (BST_TYPE_HELP_GROUP);
  g_type_ensure (BST_TYPE_PARCEL_GROUP);
  object_class->constructed = bst_status_page_constructed;
  object_class->dispose = bst_status_page_dispose;
  BST_PAGE_CLASS (klass)->open = bst_status_page_open;
  BST_PAGE_CLASS (klass)->export = bst_export_receipts;

  gtk_widget_class_set_template_from_resource (widget_class,
                                               "/org/bestiller/Bestiller/bst-status-page.ui");
  gtk_widget_class_bind_template_child (widget_class, BstStatusPage, icon);
  gtk_widget_class_bind_template_child (widget_class, BstStatusPage, state);
  gtk_widget_class_bind_template_child (widget_class, BstStatusPage, meaning);
  gtk_widget_class_bind_template_child (widget_class, BstStatusPage, progress);
  gtk_widget_class_bind_template_child (widget_class, BstStatusPage, contact);
  gtk_widget_class_bind_template_child (widget_class, BstStatusPage, news);
  gtk_widget_class_bind_template_child (widget_class, BstStatusPage, sign_in);
  gtk_widget_class_bind_template_child (widget_class, BstStatusPage, report);
  gtk_widget_class_bind_template_child (widget_class, BstStatusPage, refused);
  gtk_widget_class_bind_template_child (widget_class, BstStatusPage, waiting);
  gtk_widget_class_bind_template_child (widget_class, BstStatusPage, received);
}

static void
bst_status_page_init (BstStatusPage *self)
{
  self->rows = g_ptr_array_new ();
  self->receipt_rows = g_ptr_array_new ();
  gtk_widget_init_template (GTK_WIDGET (self));
  bst_status_page_add_report_actions (self);
}
