/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "bst-config.h"

#include <glib/gi18n.h>

#include "bst-status-row.h"

#include "bst-sync-status.h"

struct _BstStatusRow
{
  GtkWidget parent_instance;

  BstSession *session;
  BstSync *sync;
  guint batch;
  GtkWidget *button;
  GtkImage *icon;
  GtkLabel *label;
  GtkProgressBar *progress;
};

G_DEFINE_FINAL_TYPE (BstStatusRow, bst_status_row, GTK_TYPE_WIDGET)

static void
update (BstStatusRow *self)
{
  BstSyncFacts facts = bst_sync_facts (self->sync);
  g_autofree char *text = NULL;
  g_autofree char *name = NULL;
  double fraction = bst_sync_facts_fraction (&facts);

  facts.starting = self->session && bst_session_get_starting (self->session);
  /* "1 of 2": the largest number that waited since the sending began. */
  self->batch = facts.state == BST_SYNC_SENDING ? MAX (self->batch, facts.pending) : 0;
  facts.batch = self->batch;
  text = bst_sync_facts_short (&facts, bst_clock_now (bst_session_get_clock (self->session)),
                               bst_session_get_zone (self->session),
                               bst_session_get_language (self->session));
  /* Translators: said by screen readers: the state of the synchronisation. */
  name = g_strdup_printf (_ ("Synchronisation: %s"), text);
  gtk_label_set_label (self->label, text);
  gtk_image_set_from_icon_name (self->icon, bst_sync_facts_icon (&facts));
  gtk_accessible_update_property (GTK_ACCESSIBLE (self->button), GTK_ACCESSIBLE_PROPERTY_LABEL,
                                  name, -1);
  gtk_widget_set_visible (GTK_WIDGET (self->progress), fraction >= 0);
  if (fraction >= 0)
    gtk_progress_bar_set_fraction (self->progress, fraction);
}

static void
sync_notify_cb (BstSync *sync, GParamSpec *pspec, BstStatusRow *self)
{
  if (self->session)
    update (self);
}

static void
set_sync (BstStatusRow *self, BstSync *sync)
{
  if (self->sync == sync)
    return;
  if (self->sync)
    g_signal_handlers_disconnect_by_data (self->sync, self);
  g_set_object (&self->sync, sync);
  if (sync)
    g_signal_connect_object (sync, "notify", G_CALLBACK (sync_notify_cb), self, 0);
}

static void
session_notify_cb (BstSession *session, GParamSpec *pspec, BstStatusRow *self)
{
  set_sync (self, bst_session_get_sync (session));
  update (self);
}

static void
bst_status_row_dispose (GObject *object)
{
  BstStatusRow *self = BST_STATUS_ROW (object);

  bst_status_row_set_session (self, NULL);
  g_clear_pointer (&self->button, gtk_widget_unparent);
  G_OBJECT_CLASS (bst_status_row_parent_class)->dispose (object);
}

static void
bst_status_row_class_init (BstStatusRowClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = bst_status_row_dispose;
  gtk_widget_class_set_layout_manager_type (widget_class, GTK_TYPE_BIN_LAYOUT);
  gtk_widget_class_set_template_from_resource (widget_class,
                                               "/org/bestiller/Bestiller/bst-status-row.ui");
  gtk_widget_class_bind_template_child (widget_class, BstStatusRow, button);
  gtk_widget_class_bind_template_child (widget_class, BstStatusRow, icon);
  gtk_widget_class_bind_template_child (widget_class, BstStatusRow, label);
  gtk_widget_class_bind_template_child (widget_class, BstStatusRow, progress);
}

static void
bst_status_row_init (BstStatusRow *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
}

void
bst_status_row_set_session (BstStatusRow *self, BstSession *session)
{
  if (self->session == session)
    return;
  if (self->session)
    g_signal_handlers_disconnect_by_data (self->session, self);
  set_sync (self, NULL);
  g_set_object (&self->session, session);
  gtk_widget_set_visible (GTK_WIDGET (self), session != NULL);
  if (!session)
    return;
  g_signal_connect_object (session, "notify::sync", G_CALLBACK (session_notify_cb), self, 0);
  g_signal_connect_object (session, "notify::starting", G_CALLBACK (session_notify_cb), self, 0);
  session_notify_cb (session, NULL, self);
}

const char *
bst_status_row_get_text (BstStatusRow *self)
{
  return gtk_label_get_label (self->label);
}
