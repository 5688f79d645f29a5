/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "bst-config.h"

#include "bst-order-page-private.h"

#include <glib/gi18n.h>

#include "bst-error.h"
#include "bst-number.h"
#include "bst-order-words.h"
#include "bst-service-picker.h"

/* ---- typing ---- */

static void
text_changed_cb (GtkEditable *editable, BstOrderPage *self)
{
  const char *path = g_object_get_data (G_OBJECT (editable), "path");
  g_autofree char *clean = NULL;

  if (self->filling || !self->draft)
    return;
  if (GTK_WIDGET (editable) == self->ean)
    clean = bst_number_clean (gtk_editable_get_text (editable));
  bst_draft_set_text (self->draft, path, clean ? clean : gtk_editable_get_text (editable));
}

static void
date_changed_cb (BstDateEntry *entry, BstOrderPage *self)
{
  if (!self->filling && self->draft)
    bst_draft_set_text (self->draft, "wantedDate", bst_date_entry_get_date (entry));
}

static void
unit_selected_cb (GtkDropDown *drop, GParamSpec *pspec, BstOrderPage *self)
{
  guint selected = gtk_drop_down_get_selected (drop);

  if (self->filling || !self->draft || !self->units || selected >= g_strv_length (self->units))
    return;
  bst_draft_set_unit (self->draft, self->units[selected]);
  bst_order_page_show_fields (self);
}

/* ---- showing ---- */

static void
show_text (GtkWidget *editable, const char *text)
{
  if (g_strcmp0 (gtk_editable_get_text (GTK_EDITABLE (editable)), text ? text : "") != 0)
    gtk_editable_set_text (GTK_EDITABLE (editable), text ? text : "");
}

static void
show_need (BstOrderPage *self, const char *text)
{
  GtkTextBuffer *buffer = gtk_text_view_get_buffer (GTK_TEXT_VIEW (self->need));
  GtkTextIter start, end;
  g_autofree char *now = NULL;

  gtk_text_buffer_get_bounds (buffer, &start, &end);
  now = gtk_text_buffer_get_text (buffer, &start, &end, FALSE);
  if (g_strcmp0 (now, text ? text : "") != 0)
    gtk_text_buffer_set_text (buffer, text ? text : "", -1);
}

static void
fill_units (BstOrderPage *self)
{
  BstSession *session = bst_order_page_session (self);
  BstOrg *org = bst_session_get_org (session);
  g_auto (GStrv) units = bst_session_get_units (session);
  GtkStringList *names = gtk_string_list_new (NULL);

  for (guint i = 0; units[i]; i++)
    {
      const char *name = org ? bst_org_unit_name (org, units[i]) : NULL;

      gtk_string_list_append (names, name ? name : units[i]);
    }
  self->filling = TRUE;
  g_strfreev (self->units);
  self->units = g_steal_pointer (&units);
  gtk_drop_down_set_model (GTK_DROP_DOWN (self->unit), G_LIST_MODEL (names));
  self->filling = FALSE;
  g_object_unref (names);
}

static void
org_changed_cb (BstSession *session, GParamSpec *pspec, BstOrderPage *self)
{
  fill_units (self);
  if (self->draft)
    bst_order_page_show_fields (self);
}

/* Norwegian units are billed by cost place. */
static gboolean
has_ean (BstOrderPage *self, const char *unit)
{
  BstOrg *org = bst_session_get_org (bst_order_page_session (self));
  const char *country = org && unit ? bst_org_inherited (org, unit, "country") : NULL;

  return g_strcmp0 (country, "NO") != 0;
}

void
bst_order_page_show_fields (BstOrderPage *self)
{
  GVariant *doc = bst_draft_get_doc (self->draft);
  const char *unit = bst_doc_get_string (doc, "unit");

  self->filling = TRUE;
  show_need (self, bst_doc_get_string (doc, "need"));
  show_text (self->title, bst_doc_get_string (doc, "title"));
  show_text (self->place, bst_doc_get_string (doc, "place"));
  show_text (self->ean, bst_doc_get_string (doc, "ean"));
  show_text (self->cost, bst_doc_get_string (doc, "costPlace"));
  bst_date_entry_set_date (BST_DATE_ENTRY (self->date), bst_doc_get_string (doc, "wantedDate"));
  for (guint i = 0; self->units && self->units[i]; i++)
    if (g_strcmp0 (self->units[i], unit) == 0)
      gtk_drop_down_set_selected (GTK_DROP_DOWN (self->unit), i);
  self->filling = FALSE;
  gtk_widget_set_visible (self->ean_row, has_ean (self, unit) || bst_doc_has (doc, "ean"));
}

/* ---- what is wrong ---- */

static BstFormRow *
row_of (BstOrderPage *self, const char *path)
{
  const struct
  {
    const char *path;
    GtkWidget *row;
  } rows[] = {
    { "title", self->title_row }, { "place", self->place_row }, { "wantedDate", self->date_row },
    { "unit", self->unit_row },   { "ean", self->ean_row },     { "costPlace", self->cost_row },
  };

  for (guint i = 0; i < G_N_ELEMENTS (rows); i++)
    if (g_strcmp0 (rows[i].path, path) == 0)
      return BST_FORM_ROW (rows[i].row);
  for (GtkWidget *card = gtk_widget_get_first_child (self->lines); card;
       card = gtk_widget_get_next_sibling (card))
    {
      BstFormRow *row = bst_line_card_row (BST_LINE_CARD (card), path);

      if (row)
        return row;
    }
  return NULL;
}

static BstLineCard *
card_of (BstOrderPage *self, const char *path)
{
  for (GtkWidget *card = gtk_widget_get_first_child (self->lines); card;
       card = gtk_widget_get_next_sibling (card))
    {
      g_autofree char *prefix =
          g_strconcat ("lines/", bst_line_card_get_line (BST_LINE_CARD (card)), NULL);

      if (g_str_has_prefix (path, prefix))
        return BST_LINE_CARD (card);
    }
  return NULL;
}

static void
clear_problems (BstOrderPage *self)
{
  GtkWidget *rows[] = { self->title_row, self->place_row, self->date_row,
                        self->unit_row,  self->ean_row,   self->cost_row };

  for (guint i = 0; i < G_N_ELEMENTS (rows); i++)
    bst_form_row_set_problem (BST_FORM_ROW (rows[i]), NULL);
  for (GtkWidget *card = gtk_widget_get_first_child (self->lines); card;
       card = gtk_widget_get_next_sibling (card))
    bst_line_card_clear_problems (BST_LINE_CARD (card));
}

/* A package's order is for a day from which its lines count. */
static void
show_day_question (BstOrderPage *self)
{
  static const struct
  {
    const char *purpose;
    const char *label;
    const char *help;
  } questions[] = {
    { "joiner", N_ ("First day of work"),
      N_ ("What the package holds is wanted before or after this day, as it says.") },
    { "leaver", N_ ("Last day of work"),
      N_ ("What the package holds is wanted before or after this day, as it says.") },
    { "mover", N_ ("Day of the move"),
      N_ ("What the package holds is wanted before or after this day, as it says.") },
  };
  g_autofree char *purpose = bst_draft_purpose (self->draft);
  const char *label = N_ ("Wanted on");
  const char *help = NULL;

  for (guint i = 0; i < G_N_ELEMENTS (questions); i++)
    if (g_strcmp0 (purpose, questions[i].purpose) == 0)
      {
        label = questions[i].label;
        help = questions[i].help;
      }
  g_object_set (self->date_row, "label", _ (label), "help", help ? _ (help) : NULL, NULL);
}

/* What is merely not filled in yet is said at the field once Send was tried; what is wrong, at once. */
void
bst_order_page_show_problems (BstOrderPage *self, GPtrArray *problems)
{
  const char *language = bst_session_get_language (bst_order_page_session (self));

  show_day_question (self);
  clear_problems (self);
  for (guint i = 0; i < problems->len; i++)
    {
      const BstProblem *problem = problems->pdata[i];
      BstFormRow *row = row_of (self, problem->path);
      BstLineCard *card = row ? NULL : card_of (self, problem->path);
      g_autofree char *text =
          bst_order_problem_text (bst_draft_get_doc (self->draft), problem, NULL, language);

      if (!self->tried && g_strcmp0 (problem->code, "required") == 0)
        continue;
      if (row)
        bst_form_row_set_problem (row, text);
      else if (card)
        bst_line_card_set_problem (card, text);
    }
  if (bst_date_entry_is_wrong (BST_DATE_ENTRY (self->date)))
    bst_form_row_set_problem (BST_FORM_ROW (self->date_row),
                              _ ("This is not a date; write for example 24.3."));
}

/* The keyboard's focus brings the control into view; the question above it belongs to it. */
static void
show_question (BstOrderPage *self, GtkWidget *row)
{
  GtkWidget *pane = gtk_widget_get_ancestor (row, GTK_TYPE_SCROLLED_WINDOW);
  graphene_point_t corner;

  if (pane && gtk_widget_compute_point (row, pane, &GRAPHENE_POINT_INIT (0, 0), &corner) &&
      corner.y < 0)
    {
      GtkAdjustment *down = gtk_scrolled_window_get_vadjustment (GTK_SCROLLED_WINDOW (pane));

      gtk_adjustment_set_value (down, gtk_adjustment_get_value (down) + corner.y - 12);
    }
}

void
bst_order_page_go_to (BstOrderPage *self, const char *path)
{
  BstFormRow *row = row_of (self, path);
  BstLineCard *card = row ? NULL : card_of (self, path);
  GtkWidget *target = row ? bst_form_row_get_control (row) : GTK_WIDGET (card);

  if (!target)
    {
      gtk_widget_grab_focus (bst_service_picker_get_entry (BST_SERVICE_PICKER (self->picker)));
      return;
    }
  if (!gtk_widget_grab_focus (target))
    gtk_widget_child_focus (target, GTK_DIR_TAB_FORWARD);
  if (row)
    show_question (self, GTK_WIDGET (row));
}

static void
go_cb (BstSlip *slip, const char *path, BstOrderPage *self)
{
  g_autofree char *held = g_strdup (path);
  g_autoptr (GPtrArray) problems = bst_draft_problems (self->draft);

  self->tried = TRUE;
  bst_order_page_add_refused (self, problems);
  bst_order_page_show_problems (self, problems);
  bst_order_page_go_to (self, held);
}

/* ---- sending ---- */

typedef struct
{
  BstPage *page;
  char *uid;
} Sent;

static void
sent_free (gpointer data)
{
  Sent *sent = data;

  g_object_unref (sent->page);
  g_free (sent->uid);
  g_free (sent);
}

static void
withdrawn_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  Sent *sent = user_data;
  g_autoptr (GError) error = NULL;

  if (bst_store_withdraw_finish (BST_STORE (source), result, &error))
    bst_page_navigate (sent->page, "order", sent->uid);
  else
    bst_page_fail (sent->page, error);
  sent_free (sent);
}

static void
undo_send_cb (gpointer data)
{
  Sent *sent = data;
  Sent *copy = g_new (Sent, 1);

  copy->page = g_object_ref (sent->page);
  copy->uid = g_strdup (sent->uid);
  bst_store_withdraw_async (bst_session_get_store (bst_page_get_session (sent->page)), sent->uid,
                            NULL, withdrawn_cb, copy);
}

static void
submitted_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (BstOrderPage) self = user_data;
  g_autoptr (GError) error = NULL;
  Sent *sent;

  gtk_widget_set_sensitive (bst_slip_get_button (BST_SLIP (self->slip)), TRUE);
  if (!bst_draft_submit_finish (BST_DRAFT (source), result, &error))
    {
      bst_page_fail (BST_PAGE (self), error);
      return;
    }
  sent = g_new (Sent, 1);
  sent->page = g_object_ref (BST_PAGE (self));
  sent->uid = g_strdup (bst_draft_get_uid (BST_DRAFT (source)));
  bst_page_say (
      BST_PAGE (self),
      bst_draft_amends (BST_DRAFT (source))
          ? _ ("The change is safe on this computer and is sent as soon as there is a connection")
          : _ ("The order is safe on this computer and is sent as soon as there is a connection"),
      _ ("Undo"), undo_send_cb, sent, sent_free);
  bst_page_back (BST_PAGE (self));
}

static void
send_cb (BstSlip *slip, BstOrderPage *self)
{
  g_autoptr (GPtrArray) problems = bst_draft_problems (self->draft);

  if (bst_order_page_has_open (self))
    return;
  self->tried = TRUE;
  bst_order_page_show_problems (self, problems);
  if (problems->len > 0)
    {
      const BstProblem *first = problems->pdata[0];

      bst_order_page_go_to (self, first->path);
      return;
    }
  gtk_widget_set_sensitive (bst_slip_get_button (BST_SLIP (self->slip)), FALSE);
  bst_draft_submit_async (self->draft, submitted_cb, g_object_ref (self));
}

/* ---- removing ---- */

static void
put_back_cb (gpointer data)
{
  GVariant *doc = g_object_get_data (data, "removed-draft");

  bst_page_navigate (BST_PAGE (data), "order", NULL);
  bst_order_page_restore (BST_ORDER_PAGE (data), doc);
}

static void
removed_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (BstOrderPage) self = user_data;
  g_autoptr (GError) error = NULL;

  if (!bst_store_remove_draft_finish (BST_STORE (source), result, &error) &&
      !g_error_matches (error, BST_ERROR, BST_ERROR_NOT_FOUND))
    {
      bst_page_fail (BST_PAGE (self), error);
      return;
    }
  bst_page_say (BST_PAGE (self),
                self->draft && bst_draft_amends (self->draft) ? _ ("Change dropped")
                                                              : _ ("Draft removed"),
                _ ("Undo"), put_back_cb, g_object_ref (self), g_object_unref);
  bst_page_back (BST_PAGE (self));
}

static void
remove_cb (GtkButton *button, BstOrderPage *self)
{
  if (!self->draft)
    return;
  bst_draft_abandon (self->draft);
  g_object_set_data_full (G_OBJECT (self), "removed-draft",
                          g_variant_ref (bst_draft_get_doc (self->draft)),
                          (GDestroyNotify) g_variant_unref);
  bst_store_remove_draft_async (bst_session_get_store (bst_order_page_session (self)),
                                bst_draft_get_uid (self->draft), NULL, removed_cb,
                                g_object_ref (self));
}

/* ---- set-up ---- */

void
bst_order_page_class_bind_fields (GtkWidgetClass *klass)
{
  gtk_widget_class_bind_template_callback (klass, text_changed_cb);
  gtk_widget_class_bind_template_callback (klass, date_changed_cb);
  gtk_widget_class_bind_template_callback (klass, unit_selected_cb);
  gtk_widget_class_bind_template_callback (klass, go_cb);
  gtk_widget_class_bind_template_callback (klass, send_cb);
  gtk_widget_class_bind_template_callback (klass, remove_cb);
  gtk_widget_class_bind_template_callback_full (klass, "accept_cb",
                                                G_CALLBACK (bst_order_page_accept_cb));
}

void
bst_order_page_prepare_fields (BstOrderPage *self)
{
  BstSession *session = bst_order_page_session (self);
  g_autofree char *today = bst_session_today (session);

  g_object_set_data (G_OBJECT (self->title), "path", (gpointer) "title");
  g_object_set_data (G_OBJECT (self->place), "path", (gpointer) "place");
  g_object_set_data (G_OBJECT (self->ean), "path", (gpointer) "ean");
  g_object_set_data (G_OBJECT (self->cost), "path", (gpointer) "costPlace");
  bst_date_entry_set_context (BST_DATE_ENTRY (self->date), today,
                              bst_session_get_language (session));
  bst_form_row_name (BST_FORM_ROW (self->date_row),
                     bst_date_entry_get_editable (BST_DATE_ENTRY (self->date)));
  g_signal_connect_object (session, "notify::org", G_CALLBACK (org_changed_cb), self, 0);
  g_signal_connect_object (session, "notify::person", G_CALLBACK (org_changed_cb), self, 0);
  fill_units (self);
}
