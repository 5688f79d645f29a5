/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "bst-config.h"

#include "bst-order-page-private.h"

#include <glib/gi18n.h>

#include "bst-attachments.h"
#include "bst-columns.h"
#include "bst-conflicts.h"
#include "bst-format.h"
#include "bst-order-words.h"
#include "bst-receivers.h"
#include "bst-service-picker.h"
#include "bst-text.h"

G_DEFINE_FINAL_TYPE (BstOrderPage, bst_order_page, BST_TYPE_PAGE)

BstSession *
bst_order_page_session (BstOrderPage *self)
{
  return bst_page_get_session (BST_PAGE (self));
}

/* ---- where it is kept ---- */

void
bst_order_page_show_saved (BstOrderPage *self)
{
  BstSession *session = bst_order_page_session (self);
  gint64 at = self->draft ? bst_draft_saved_at (self->draft) : 0;
  g_autofree char *time =
      at ? bst_format_time (at, bst_session_get_zone (session), bst_session_get_language (session))
         : NULL;
  gboolean shared = self->draft && bst_draft_is_shared (self->draft);
  gboolean failing = !time && self->draft && bst_draft_is_failing (self->draft);
  g_autofree char *text = NULL;

  if (time)
    text = shared ? g_strdup_printf (_ ("Saved %s · shared with your colleagues"), time)
                  : g_strdup_printf (_ ("Saved %s on this computer"), time);
  else if (failing)
    text = g_strdup (_ ("Not saved yet: the disk is full or cannot be written to"));

  bst_slip_set_saved (BST_SLIP (self->slip), text ? text : "", !failing);
}

static void
saved_cb (BstDraft *draft, BstOrderPage *self)
{
  bst_order_page_show_saved (self);
}

static void
failed_cb (BstDraft *draft, GError *error, BstOrderPage *self)
{
  bst_page_fail (BST_PAGE (self), error);
  bst_order_page_show_saved (self);
}

/* ---- lines ---- */

/* A line as it was. */
typedef struct
{
  BstDraft *draft;
  char *id;
  GVariant *line;
} FormerLine;

static void
former_line_free (gpointer data)
{
  FormerLine *former = data;

  g_object_unref (former->draft);
  g_free (former->id);
  g_variant_unref (former->line);
  g_free (former);
}

static void
put_back_cb (gpointer data)
{
  FormerLine *former = data;

  bst_draft_put_line (former->draft, former->id, former->line);
}

void
bst_order_page_say_line (BstOrderPage *self, const char *text, const char *id, GVariant *was)
{
  FormerLine *former = g_new (FormerLine, 1);

  *former = (FormerLine){ g_object_ref (self->draft), g_strdup (id), g_variant_ref (was) };
  bst_page_say (BST_PAGE (self), text, _ ("Undo"), put_back_cb, former, former_line_free);
}

void
bst_order_page_remove_line (BstOrderPage *self, const char *line)
{
  g_autofree char *id = g_strdup (line); /* of a card that goes */
  g_autoptr (GVariant) was = bst_request_line (bst_draft_get_doc (self->draft), id);
  const char *name =
      bst_text_pick (was, "name", bst_session_get_language (bst_order_page_session (self)));
  g_autofree char *text = g_strdup_printf (_ ("%s removed"), name ? name : "");

  bst_draft_put_line (self->draft, id, NULL);
  bst_order_page_say_line (self, text, id, was);
}

static void
remove_line_cb (BstLineCard *card, BstOrderPage *self)
{
  bst_order_page_remove_line (self, bst_line_card_get_line (card));
}

static void
rebuild_lines (BstOrderPage *self)
{
  g_auto (GStrv) ids = bst_request_line_ids (bst_draft_get_doc (self->draft));
  GtkWidget *card = gtk_widget_get_first_child (self->lines);

  while (card)
    {
      GtkWidget *next = gtk_widget_get_next_sibling (card);

      if (!g_strv_contains ((const char *const *) ids,
                            bst_line_card_get_line (BST_LINE_CARD (card))))
        gtk_box_remove (GTK_BOX (self->lines), card);
      card = next;
    }
  for (guint i = 0; ids[i]; i++)
    {
      for (card = gtk_widget_get_first_child (self->lines); card;
           card = gtk_widget_get_next_sibling (card))
        if (strcmp (bst_line_card_get_line (BST_LINE_CARD (card)), ids[i]) == 0)
          break;
      if (card)
        continue;
      card = GTK_WIDGET (bst_line_card_new (bst_order_page_session (self), self->draft, ids[i]));
      g_signal_connect (card, "remove", G_CALLBACK (remove_line_cb), self);
      g_signal_connect (card, "drop-answer", G_CALLBACK (bst_order_page_drop_answer_cb), self);
      gtk_box_append (GTK_BOX (self->lines), card);
    }
  gtk_widget_set_visible (self->lines, ids[0] != NULL);
}

/* What was asked for before its services had been read. */
static void
add_pending (BstOrderPage *self)
{
  for (guint i = 0; i < self->pending->len;)
    {
      BstPendingLine *pending = self->pending->pdata[i];
      GVariant *service = bst_records_get (self->records, "Service", pending->service);
      GVariant *article = bst_records_get (self->records, "Article", pending->article);

      if (!service || (pending->article && !article))
        {
          i++;
          continue;
        }
      g_free (
          bst_draft_add_line (self->draft, service, article, pending->quantity, pending->bundle));
      g_ptr_array_remove_index (self->pending, i);
    }
}

static void
want_line (BstOrderPage *self,
           const char *service,
           const char *article,
           gint64 quantity,
           const char *bundle)
{
  BstPendingLine *pending = g_new0 (BstPendingLine, 1);

  pending->service = g_strdup (service);
  pending->article = article && *article ? g_strdup (article) : NULL;
  pending->bundle = g_strdup (bundle);
  pending->quantity = quantity;
  g_ptr_array_add (self->pending, pending);
  add_pending (self);
}

static void
want_bundle (BstOrderPage *self, GVariant *bundle)
{
  g_autoptr (GVariant) items = bst_doc_get_list (bundle, "items");
  const char *name =
      bst_text_pick (bundle, "name", bst_session_get_language (bst_order_page_session (self)));
  GVariantIter iter;
  GVariant *item;

  if (!bst_doc_has (bst_draft_get_doc (self->draft), "title"))
    {
      bst_draft_set_text (self->draft, "title", name);
      bst_order_page_show_fields (self);
    }
  g_variant_iter_init (&iter, items);
  while (g_variant_iter_next (&iter, "v", &item))
    {
      if (!bst_doc_get_bool (item, "optional"))
        want_line (self, bst_doc_get_string (item, "service"), bst_doc_get_string (item, "article"),
                   bst_doc_get_int (item, "quantity", 1), bst_doc_get_string (bundle, "id"));
      g_variant_unref (item);
    }
}

void
bst_order_page_pick (BstOrderPage *self, GVariant *record)
{
  const char *id = bst_doc_get_string (record, "id");

  if (bst_doc_has (record, "items"))
    want_bundle (self, record);
  else if (bst_doc_has (record, "obligation"))
    want_line (self, id, NULL, 1, NULL);
  else if (bst_doc_has (record, "service"))
    want_line (self, bst_doc_get_string (record, "service"), id, 1, NULL);
}

static void
picked_cb (BstServicePicker *picker, GVariant *record, BstOrderPage *self)
{
  bst_order_page_pick (self, record);
  gtk_widget_grab_focus (GTK_WIDGET (picker) == self->suggestions
                             ? self->need
                             : bst_service_picker_get_entry (picker));
}

/* ---- after every change ---- */

static void
update (BstOrderPage *self)
{
  g_autoptr (GPtrArray) problems = bst_draft_problems (self->draft);

  bst_order_page_add_refused (self, problems);
  for (GtkWidget *card = gtk_widget_get_first_child (self->lines); card;
       card = gtk_widget_get_next_sibling (card))
    bst_line_card_update (BST_LINE_CARD (card));
  bst_receivers_update (BST_RECEIVERS (self->receivers));
  bst_order_page_show_problems (self, problems);
  bst_slip_fill (BST_SLIP (self->slip), bst_order_page_session (self), self->draft, problems);
  bst_order_page_show_saved (self);
  bst_order_page_show_together (self);
}

void
bst_order_page_show_anew (BstOrderPage *self)
{
  for (GtkWidget *card; (card = gtk_widget_get_first_child (self->lines));)
    gtk_box_remove (GTK_BOX (self->lines), card);
  rebuild_lines (self);
  bst_order_page_show_fields (self);
  bst_order_page_show_refusal (self);
  update (self);
}

static void
draft_changed_cb (BstDraft *draft, gboolean lines, BstOrderPage *self)
{
  if (lines)
    {
      rebuild_lines (self);
      bst_order_page_show_fields (self);
      bst_order_page_show_refusal (self);
    }
  update (self);
}

static void
loaded_cb (BstRecords *records, BstOrderPage *self)
{
  GVariant *bundle =
      self->wanted_bundle ? bst_records_get (records, "Bundle", self->wanted_bundle) : NULL;

  if (!self->draft)
    return;
  if (bundle)
    {
      g_clear_pointer (&self->wanted_bundle, g_free);
      want_bundle (self, bundle);
    }
  add_pending (self);
  bst_draft_schedule (self->draft);
  bst_order_page_show_refusal (self);
  update (self);
}

static void
need_changed_cb (GtkTextBuffer *buffer, BstOrderPage *self)
{
  GtkTextIter start, end;
  g_autofree char *text = NULL;

  if (self->filling || !self->draft)
    return;
  gtk_text_buffer_get_bounds (buffer, &start, &end);
  text = gtk_text_buffer_get_text (buffer, &start, &end, FALSE);
  bst_draft_set_text (self->draft, "need", text);
  bst_service_picker_suggest (BST_SERVICE_PICKER (self->suggestions), text);
}

/* ---- opening ---- */

static void
show_draft (BstOrderPage *self, GVariant *request)
{
  if (self->draft)
    {
      bst_draft_flush (self->draft);
      g_signal_handlers_disconnect_by_data (self->draft, self);
      g_clear_object (&self->draft);
    }
  g_clear_pointer (&self->local, g_variant_unref);
  g_clear_pointer (&self->opened, g_variant_unref);
  self->opened = request ? g_variant_ref (request) : bst_doc_new ();
  self->local = request ? bst_doc_get_map (request, "@local") : bst_doc_new ();
  g_ptr_array_set_size (self->pending, 0);
  g_clear_pointer (&self->exchanging, g_free);
  g_clear_pointer (&self->wanted_bundle, g_free);
  self->tried = bst_doc_has (self->local, "reason");
  self->draft = bst_draft_new (bst_order_page_session (self), request);
  g_signal_connect (self->draft, "changed", G_CALLBACK (draft_changed_cb), self);
  g_signal_connect (self->draft, "saved", G_CALLBACK (saved_cb), self);
  g_signal_connect (self->draft, "failed", G_CALLBACK (failed_cb), self);
  bst_attachments_set_draft (BST_ATTACHMENTS (self->attachments), BST_PAGE (self), self->draft);
  bst_receivers_set_draft (BST_RECEIVERS (self->receivers), bst_order_page_session (self),
                           self->draft);
  bst_order_page_follow (self);
  bst_order_page_show_anew (self);
  bst_page_set_title (BST_PAGE (self), request ? bst_order_title (request) : _ ("New order"));
  gtk_stack_set_visible_child_name (GTK_STACK (self->stack), "order");
  bst_page_show_top (self->slip);
  gtk_widget_grab_focus (self->need);
}

void
bst_order_page_restore (BstOrderPage *self, GVariant *request)
{
  show_draft (self, request);
  bst_draft_keep (self->draft);
}

static void
opened_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (BstOrderPage) self = user_data;
  g_autoptr (GError) error = NULL;
  g_autoptr (GVariant) request = bst_store_get_finish (BST_STORE (source), result, &error);

  if (g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    return;
  if (!request)
    {
      gtk_stack_set_visible_child_name (GTK_STACK (self->stack), "missing");
      return;
    }
  if (self->copying)
    {
      g_autofree char *uid = bst_uid_new (bst_session_get_clock (bst_order_page_session (self)));

      bst_doc_replace (&request, bst_request_copy (request, uid));
    }
  show_draft (self, request);
  if (self->copying)
    bst_draft_keep (self->draft);
}

static void
open_stored (BstOrderPage *self, const char *uid, gboolean copying)
{
  self->copying = copying;
  g_cancellable_cancel (self->opening);
  g_clear_object (&self->opening);
  self->opening = g_cancellable_new ();
  gtk_stack_set_visible_child_name (GTK_STACK (self->stack), "wait");
  bst_store_get_async (bst_session_get_store (bst_order_page_session (self)), "Request", uid,
                       self->opening, opened_cb, g_object_ref (self));
}

static void
open_new (BstOrderPage *self, const char *kind, const char *rest)
{
  g_auto (GStrv) ids = g_strsplit (rest, ":", 2);

  show_draft (self, NULL);
  if (strcmp (kind, "need") == 0)
    gtk_text_buffer_set_text (gtk_text_view_get_buffer (GTK_TEXT_VIEW (self->need)), rest, -1);
  else if (strcmp (kind, "service") == 0)
    want_line (self, ids[0], ids[1], 1, NULL);
  else if (strcmp (kind, "bundle") == 0)
    {
      self->wanted_bundle = g_strdup (rest);
      if (bst_records_get (self->records, "Bundle", rest))
        loaded_cb (self->records, self);
    }
}

static void
bst_order_page_open (BstPage *page, const char *arg)
{
  BstOrderPage *self = BST_ORDER_PAGE (page);
  const char *colon = arg ? strchr (arg, ':') : NULL;
  g_autofree char *kind = colon ? g_strndup (arg, (gsize) (colon - arg)) : NULL;

  if (!arg || !*arg)
    open_new (self, "", "");
  else if (!kind)
    open_stored (self, arg, FALSE);
  else if (strcmp (kind, "copy") == 0)
    open_stored (self, colon + 1, TRUE);
  else
    open_new (self, kind, colon + 1);
}

static void
bst_order_page_leave (BstPage *page)
{
  BstOrderPage *self = BST_ORDER_PAGE (page);

  if (self->draft)
    bst_draft_flush (self->draft);
}

/* ---- the object ---- */

static void
pending_line_free (gpointer data)
{
  BstPendingLine *pending = data;

  g_free (pending->service);
  g_free (pending->article);
  g_free (pending->bundle);
  g_free (pending);
}

static void
bst_order_page_constructed (GObject *object)
{
  BstOrderPage *self = BST_ORDER_PAGE (object);
  BstSession *session = bst_order_page_session (self);

  G_OBJECT_CLASS (bst_order_page_parent_class)->constructed (object);
  self->records = bst_records_for_store (bst_session_get_store (session));
  g_signal_connect_object (self->records, "loaded", G_CALLBACK (loaded_cb), self, 0);
  bst_service_picker_set_session (BST_SERVICE_PICKER (self->suggestions), session);
  bst_service_picker_set_session (BST_SERVICE_PICKER (self->picker), session);
  bst_service_picker_set_session (BST_SERVICE_PICKER (self->exchange_picker), session);
  bst_order_page_prepare_fields (self);
  bst_order_page_prepare_files (self);
}

static void
bst_order_page_dispose (GObject *object)
{
  BstOrderPage *self = BST_ORDER_PAGE (object);

  g_cancellable_cancel (self->opening);
  g_clear_object (&self->opening);
  if (self->draft)
    {
      bst_draft_flush (self->draft);
      g_signal_handlers_disconnect_by_data (self->draft, self);
      g_clear_object (&self->draft);
    }
  g_clear_pointer (&self->local, g_variant_unref);
  g_clear_pointer (&self->opened, g_variant_unref);
  g_clear_pointer (&self->pending, g_ptr_array_unref);
  g_clear_pointer (&self->exchanging, g_free);
  g_clear_pointer (&self->wanted_bundle, g_free);
  g_clear_pointer (&self->units, g_strfreev);
  G_OBJECT_CLASS (bst_order_page_parent_class)->dispose (object);
}

static void
bst_order_page_class_init (BstOrderPageClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->constructed = bst_order_page_constructed;
  G_OBJECT_CLASS (klass)->dispose = bst_order_page_dispose;
  BST_PAGE_CLASS (klass)->open = bst_order_page_open;
  BST_PAGE_CLASS (klass)->leave = bst_order_page_leave;
  g_type_ensure (BST_TYPE_ATTACHMENTS);
  g_type_ensure (BST_TYPE_COLUMNS);
  g_type_ensure (BST_TYPE_CONFLICTS);
  g_type_ensure (BST_TYPE_FORM_ROW);
  g_type_ensure (BST_TYPE_RECEIVERS);
  g_type_ensure (BST_TYPE_SERVICE_PICKER);
  g_type_ensure (BST_TYPE_SLIP);
  g_type_ensure (BST_TYPE_DATE_ENTRY);
  gtk_widget_class_set_template_from_resource (widget_class,
                                               "/org/bestiller/Bestiller/bst-order-page.ui");
#define BIND(child) gtk_widget_class_bind_template_child (widget_class, BstOrderPage, child)
  BIND (stack);
  BIND (share);
  BIND (remove);
  BIND (amending);
  BIND (conflicts);
  BIND (refusal);
  BIND (refusal_text);
  BIND (changes);
  BIND (accept);
  BIND (need);
  BIND (suggestions);
  BIND (title_row);
  BIND (title);
  BIND (lines);
  BIND (attachments);
  BIND (picker);
  BIND (receivers);
  BIND (place_row);
  BIND (place);
  BIND (date_row);
  BIND (date);
  BIND (unit_row);
  BIND (unit);
  BIND (ean_row);
  BIND (ean);
  BIND (cost_row);
  BIND (cost);
  BIND (slip);
#undef BIND
  gtk_widget_class_bind_template_callback (widget_class, need_changed_cb);
  gtk_widget_class_bind_template_callback (widget_class, picked_cb);
  bst_order_page_class_bind_fields (widget_class);
  bst_order_page_class_bind_form (widget_class);
  bst_order_page_class_bind_together (widget_class);
}

static void
bst_order_page_init (BstOrderPage *self)
{
  self->pending = g_ptr_array_new_with_free_func (pending_line_free);
  gtk_widget_init_template (GTK_WIDGET (self));
}
