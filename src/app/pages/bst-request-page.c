/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "bst-config.h"

#include "bst-request-page-private.h"

#include <glib/gi18n.h>

#include "bst-attachments.h"
#include "bst-columns.h"
#include "bst-expander.h"
#include "bst-facts.h"
#include "bst-format.h"
#include "bst-offer.h"
#include "bst-order-words.h"
#include "bst-text.h"

#define MAX_EVENTS 1000

G_DEFINE_FINAL_TYPE (BstRequestPage, bst_request_page, BST_TYPE_PAGE)

BstSession *
bst_request_page_session (BstRequestPage *self)
{
  return bst_page_get_session (BST_PAGE (self));
}

static const char *
language_of (BstRequestPage *self)
{
  return bst_session_get_language (bst_request_page_session (self));
}

/* ---- the head ---- */

static void
show_head (BstRequestPage *self)
{
  BstSession *session = bst_request_page_session (self);
  const char *number = bst_doc_get_string (self->request, "number");
  const char *local = bst_order_local_text (self->request);
  const char *reason = bst_doc_get_string (self->request, "reason");
  const char *refusal = bst_doc_get_string (self->request, "@local/reason");
  g_autofree char *truth = bst_order_truth (self->request, session);
  gboolean late =
      bst_order_is_late (self->request, bst_clock_now (bst_session_get_clock (session)));

  bst_page_set_title (BST_PAGE (self), number ? number : bst_order_title (self->request));
  gtk_label_set_label (GTK_LABEL (self->title), bst_order_title (self->request));
  gtk_label_set_label (GTK_LABEL (self->number), number ? number : _ ("No number yet"));
  gtk_label_set_label (GTK_LABEL (self->local), local ? local : "");
  gtk_widget_set_visible (self->local, local != NULL);
  gtk_label_set_label (GTK_LABEL (self->truth), truth);
  gtk_image_set_from_icon_name (GTK_IMAGE (self->truth_icon),
                                late ? "bst-late-symbolic" : bst_order_status_icon (self->request));
  if (late)
    gtk_widget_add_css_class (self->truth_box, "late");
  else
    gtk_widget_remove_css_class (self->truth_box, "late");
  if (refusal)
    reason = bst_order_refusal_text (refusal);
  gtk_label_set_label (GTK_LABEL (self->reason), reason ? reason : "");
  gtk_widget_set_visible (self->reason, reason && *reason);
}

/* ---- lines ---- */

static char *
line_date (BstRequestPage *self, GVariant *line)
{
  GTimeZone *zone = bst_session_get_zone (bst_request_page_session (self));
  gint64 at;
  g_autofree char *day = NULL;

  if (bst_instant_parse (bst_doc_get_string (line, "deliveredAt"), &at))
    {
      day = bst_format_instant_date (at, zone, BST_DATE_BRIEF, language_of (self));
      return g_strdup_printf (_ ("Delivered %s"), day);
    }
  if (bst_state_is_over (bst_state_from_name (bst_doc_get_string (line, "state"))) ||
      !bst_instant_parse (bst_doc_get_string (line, "due"), &at))
    return NULL;
  day = bst_format_instant_date (at, zone, BST_DATE_BRIEF, language_of (self));
  return g_strdup_printf (_ ("Delivered by %s"), day);
}

static char *
line_subtitle (BstRequestPage *self, GVariant *line)
{
  BstState state = bst_state_from_name (bst_doc_get_string (line, "state"));
  BstOrg *org = bst_session_get_org (bst_request_page_session (self));
  const char *performer = bst_doc_get_string (line, "performer");
  const char *name = org && performer ? bst_org_unit_name (org, performer) : NULL;
  g_autofree char *date = line_date (self, line);
  const char *parts[4] = { NULL };
  guint n = 0;

  if (state != BST_STATE_DRAFT && !bst_order_is_unsent (self->request))
    parts[n++] = bst_order_state_text (state, bst_doc_get_string (line, "waitingFor"));
  if (date)
    parts[n++] = date;
  if (name)
    parts[n++] = name;
  return g_strjoinv (" · ", (char **) parts);
}

/* The answer in words: a choice's label, a person's or unit's name, a day as it is written. */
static char *
answer_text (BstRequestPage *self, GVariant *field, GVariant *answer)
{
  const char *kind = bst_doc_get_string (field, "kind");
  const char *text = g_variant_is_of_type (answer, G_VARIANT_TYPE_STRING)
                         ? g_variant_get_string (answer, NULL)
                         : NULL;
  g_autoptr (GVariant) choices = bst_doc_get_list (field, "choices");
  GVariantIter iter;
  GVariant *choice;
  g_autoptr (GString) out = g_string_new (NULL);

  if (g_variant_is_of_type (answer, G_VARIANT_TYPE_BOOLEAN))
    return g_strdup (g_variant_get_boolean (answer) ? _ ("Yes") : _ ("No"));
  if (g_variant_is_of_type (answer, G_VARIANT_TYPE_INT64))
    return bst_format_int (g_variant_get_int64 (answer), language_of (self));
  if (g_variant_is_of_type (answer, G_VARIANT_TYPE_DOUBLE))
    return bst_format_decimal (g_variant_get_double (answer), 2, language_of (self));
  if (text && g_strcmp0 (kind, "date") == 0)
    return bst_format_date (text, BST_DATE_MEDIUM, language_of (self));
  if (text && (g_strcmp0 (kind, "person") == 0 || g_strcmp0 (kind, "unit") == 0))
    {
      GVariant *record = bst_records_get (
          self->records, strcmp (kind, "person") == 0 ? "Person" : "OrgUnit", text);

      return g_strdup (record ? bst_doc_get_string (record, "name") : text);
    }
  g_variant_iter_init (&iter, choices);
  while (g_variant_iter_next (&iter, "v", &choice))
    {
      const char *value = bst_doc_get_string (choice, "value");
      g_autoptr (GVariant) list = text ? NULL : g_variant_ref (answer);
      gboolean holds = text && g_strcmp0 (text, value) == 0;

      for (gsize i = 0; list && g_variant_is_of_type (list, G_VARIANT_TYPE ("av")) &&
                        i < g_variant_n_children (list);
           i++)
        {
          g_autoptr (GVariant) boxed = g_variant_get_child_value (list, i);
          g_autoptr (GVariant) item = g_variant_get_variant (boxed);

          holds = holds || (g_variant_is_of_type (item, G_VARIANT_TYPE_STRING) &&
                            g_strcmp0 (g_variant_get_string (item, NULL), value) == 0);
        }
      if (holds)
        g_string_append_printf (out, "%s%s", out->len ? ", " : "",
                                bst_text_pick (choice, "label", language_of (self)));
      g_variant_unref (choice);
    }
  return out->len ? g_string_free (g_steal_pointer (&out), FALSE) : g_strdup (text ? text : "");
}

static void
add_answers (BstRequestPage *self, GtkWidget *row, GVariant *line)
{
  GVariant *service =
      bst_records_get (self->records, "Service", bst_doc_get_string (line, "service"));
  g_autoptr (GVariant) form = service ? bst_doc_get_list (service, "form") : NULL;
  g_autoptr (GVariant) answers = bst_doc_get_map (line, "answers");
  GVariantIter iter;
  GVariant *field;

  if (!form)
    return;
  g_variant_iter_init (&iter, form);
  while (g_variant_iter_next (&iter, "v", &field))
    {
      g_autoptr (GVariant) answer =
          g_variant_lookup_value (answers, bst_doc_get_string (field, "key"), NULL);
      g_autofree char *text = answer ? answer_text (self, field, answer) : NULL;
      GtkWidget *inner = text ? adw_action_row_new () : NULL;

      if (inner)
        {
          adw_preferences_row_set_use_markup (ADW_PREFERENCES_ROW (inner), FALSE);
          adw_preferences_row_set_title (ADW_PREFERENCES_ROW (inner),
                                         bst_text_pick (field, "label", language_of (self)));
          adw_action_row_set_subtitle (ADW_ACTION_ROW (inner), text);
          adw_expander_row_add_row (ADW_EXPANDER_ROW (row), inner);
        }
      g_variant_unref (field);
    }
}

static void
add_line (BstRequestPage *self, GVariant *line)
{
  gint64 quantity = bst_doc_get_int (line, "quantity", 1);
  const char *name = bst_text_pick (line, "name", language_of (self));
  g_autofree char *title = quantity > 1
                               ? g_strdup_printf ("%d × %s", (int) quantity, name ? name : "")
                               : g_strdup (name ? name : "");
  g_autofree char *subtitle = line_subtitle (self, line);
  g_autoptr (GVariant) price = bst_doc_get_map (line, "price");
  g_autofree char *price_text = bst_offer_price_brief (price, language_of (self));
  BstState state = bst_state_from_name (bst_doc_get_string (line, "state"));
  GtkWidget *row = adw_expander_row_new ();
  GtkWidget *label = gtk_label_new (price_text);

  adw_preferences_row_set_use_markup (ADW_PREFERENCES_ROW (row), FALSE);
  adw_preferences_row_set_title (ADW_PREFERENCES_ROW (row), title);
  adw_expander_row_set_subtitle (ADW_EXPANDER_ROW (row), subtitle);
  gtk_widget_add_css_class (label, "numeric");
  gtk_widget_add_css_class (label, "dim-label");
  if (state != BST_STATE_DRAFT && !bst_order_is_unsent (self->request))
    adw_expander_row_add_prefix (ADW_EXPANDER_ROW (row),
                                 gtk_image_new_from_icon_name (bst_order_state_icon (
                                     state, bst_doc_get_string (line, "waitingFor"))));
  bst_expander_add_suffix (ADW_EXPANDER_ROW (row), label);
  add_answers (self, row, line);
  gtk_list_box_append (GTK_LIST_BOX (self->lines), row);
}

static void
show_lines (BstRequestPage *self)
{
  g_auto (GStrv) ids = bst_request_line_ids (self->request);
  GtkWidget *row;

  while ((row = gtk_widget_get_first_child (self->lines)))
    gtk_list_box_remove (GTK_LIST_BOX (self->lines), row);
  for (guint i = 0; ids[i]; i++)
    {
      g_autoptr (GVariant) line = bst_request_line (self->request, ids[i]);

      add_line (self, line);
    }
}

/* ---- facts ---- */

static const char *
person_name (BstRequestPage *self, const char *id)
{
  GVariant *person = bst_records_get (self->records, "Person", id);

  return person ? bst_doc_get_string (person, "name") : NULL;
}

static char *
receivers_text (BstRequestPage *self)
{
  g_autoptr (GVariant) receivers = bst_doc_get_map (self->request, "receivers");
  g_autoptr (GStrvBuilder) names = g_strv_builder_new ();
  g_auto (GStrv) list = NULL;
  GVariantIter iter;
  GVariant *receiver;

  g_variant_iter_init (&iter, receivers);
  while (g_variant_iter_next (&iter, "{&sv}", NULL, &receiver))
    {
      const char *name = person_name (self, bst_doc_get_string (receiver, "person"));

      name = name ? name : bst_doc_get_string (receiver, "name");
      if (name)
        g_strv_builder_add (names, name);
      g_variant_unref (receiver);
    }
  list = g_strv_builder_end (names);
  return g_strjoinv ("\n", list);
}

static void
show_facts (BstRequestPage *self)
{
  BstSession *session = bst_request_page_session (self);
  BstOrg *org = bst_session_get_org (session);
  const char *unit = bst_doc_get_string (self->request, "unit");
  const char *wanted = bst_doc_get_string (self->request, "wantedDate");
  g_autofree char *wanted_text =
      wanted ? bst_format_date (wanted, BST_DATE_DAY, language_of (self)) : NULL;
  g_autofree char *receivers = receivers_text (self);
  g_autofree char *ordered = NULL;
  gint64 at;
  BstFacts *facts = BST_FACTS (self->facts);

  if (bst_instant_parse (bst_doc_get_string (self->request, "submittedAt"), &at))
    ordered =
        bst_format_moment (at, bst_session_get_zone (session), BST_DATE_DAY, language_of (self));
  bst_facts_clear (facts);
  bst_facts_add (facts, _ ("Ordered"), ordered,
                 person_name (self, bst_doc_get_string (self->request, "orderer")));
  bst_facts_add (facts, _ ("Receiver"), receivers, NULL);
  bst_facts_add (facts, _ ("Where"), bst_doc_get_string (self->request, "place"), NULL);
  bst_facts_add (facts, _ ("Wanted on"), wanted_text, NULL);
  bst_facts_add (facts, _ ("Unit"), org && unit ? bst_org_unit_name (org, unit) : unit, NULL);
}

static void
show_cost (BstRequestPage *self)
{
  BstFacts *cost = BST_FACTS (self->cost);
  BstMoney once = { 0 };
  BstMoney monthly = { 0 };
  gboolean ok = bst_request_total (self->request, &once, &monthly, NULL);
  g_autofree char *once_text =
      ok && *once.currency ? bst_money_format (&once, language_of (self)) : NULL;
  g_autofree char *monthly_text =
      ok && *monthly.currency ? bst_money_format (&monthly, language_of (self)) : NULL;

  bst_facts_clear (cost);
  bst_facts_add (cost, _ ("Once"), once_text, NULL);
  bst_facts_add (cost, _ ("Every month"), monthly_text, NULL);
  if (!once_text && !monthly_text)
    bst_facts_add (cost, _ ("Price"), _ ("Included in the agreement"), NULL);
  bst_facts_add (cost, _ ("EAN number"), bst_doc_get_string (self->request, "ean"), NULL);
  bst_facts_add (cost, _ ("Cost place"), bst_doc_get_string (self->request, "costPlace"), NULL);
}

/* ---- all of it ---- */

static void
show (BstRequestPage *self)
{
  const char *need = bst_doc_get_string (self->request, "need");

  show_head (self);
  gtk_label_set_label (GTK_LABEL (self->need), need ? need : "");
  gtk_widget_set_visible (self->need_box, need && *need);
  show_lines (self);
  bst_attachments_set_request (BST_ATTACHMENTS (self->attachments), BST_PAGE (self), self->request);
  show_facts (self);
  show_cost (self);
  bst_request_page_show_actions (self);
  bst_request_page_show_events (self);
  bst_request_page_show_clocks (self);
  gtk_stack_set_visible_child_name (GTK_STACK (self->stack), "request");
}

static void
events_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (BstRequestPage) self = user_data;
  g_autoptr (GPtrArray) events = bst_store_find_finish (BST_STORE (source), result, NULL);

  if (!events)
    return;
  g_clear_pointer (&self->events, g_ptr_array_unref);
  self->events = g_steal_pointer (&events);
  if (!self->request)
    return;
  bst_request_page_show_events (self);
  bst_request_page_show_clocks (self);
}

static void
request_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (BstRequestPage) self = user_data;
  g_autoptr (GError) error = NULL;
  g_autoptr (GVariant) request = bst_store_get_finish (BST_STORE (source), result, &error);

  if (g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    return;
  if (!request)
    {
      gtk_stack_set_visible_child_name (GTK_STACK (self->stack), "missing");
      return;
    }
  g_clear_pointer (&self->request, g_variant_unref);
  self->request = g_steal_pointer (&request);
  show (self);
}

static void
read_request (BstRequestPage *self)
{
  BstStore *store = bst_session_get_store (bst_request_page_session (self));
  BstQuery events = {
    .type = "RequestEvent", .request = self->id, .sort = "at", .ascending = TRUE
  };

  g_cancellable_cancel (self->reading);
  g_clear_object (&self->reading);
  self->reading = g_cancellable_new ();
  bst_store_get_async (store, "Request", self->id, self->reading, request_cb, g_object_ref (self));
  bst_store_find_async (store, &events, 0, MAX_EVENTS, self->reading, events_cb,
                        g_object_ref (self));
}

static void
store_changed_cb (BstStore *store, const char *type, BstRequestPage *self)
{
  if (self->id && (g_strcmp0 (type, "Request") == 0 || g_strcmp0 (type, "RequestEvent") == 0))
    read_request (self);
}

static void
loaded_cb (BstRecords *records, BstRequestPage *self)
{
  if (self->request)
    show (self);
}

static void
bst_request_page_open (BstPage *page, const char *arg)
{
  BstRequestPage *self = BST_REQUEST_PAGE (page);

  if (g_strcmp0 (arg, self->id) != 0)
    {
      g_clear_pointer (&self->request, g_variant_unref);
      g_clear_pointer (&self->events, g_ptr_array_unref);
      gtk_stack_set_visible_child_name (GTK_STACK (self->stack), "wait");
      gtk_widget_set_visible (self->step, FALSE);
      bst_page_show_top (self->title);
    }
  g_free (self->id);
  self->id = g_strdup (arg);
  read_request (self);
}

static void
bst_request_page_constructed (GObject *object)
{
  BstRequestPage *self = BST_REQUEST_PAGE (object);
  BstSession *session = bst_request_page_session (self);
  BstStore *store = bst_session_get_store (session);

  G_OBJECT_CLASS (bst_request_page_parent_class)->constructed (object);
  self->records = bst_records_for_store (store);
  g_signal_connect_object (self->records, "loaded", G_CALLBACK (loaded_cb), self, 0);
  g_signal_connect_object (store, "changed", G_CALLBACK (store_changed_cb), self, 0);
}

static void
bst_request_page_dispose (GObject *object)
{
  BstRequestPage *self = BST_REQUEST_PAGE (object);

  g_cancellable_cancel (self->reading);
  g_clear_object (&self->reading);
  g_clear_pointer (&self->id, g_free);
  g_clear_pointer (&self->contest_line, g_free);
  g_clear_pointer (&self->request, g_variant_unref);
  g_clear_pointer (&self->events, g_ptr_array_unref);
  G_OBJECT_CLASS (bst_request_page_parent_class)->dispose (object);
}

static void
bst_request_page_class_init (BstRequestPageClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->constructed = bst_request_page_constructed;
  G_OBJECT_CLASS (klass)->dispose = bst_request_page_dispose;
  BST_PAGE_CLASS (klass)->open = bst_request_page_open;
  g_type_ensure (BST_TYPE_ATTACHMENTS);
  g_type_ensure (BST_TYPE_COLUMNS);
  g_type_ensure (BST_TYPE_FACTS);
  gtk_widget_class_set_template_from_resource (widget_class,
                                               "/org/bestiller/Bestiller/bst-request-page.ui");
#define BIND(child) gtk_widget_class_bind_template_child (widget_class, BstRequestPage, child)
  BIND (stack);
  BIND (title);
  BIND (number);
  BIND (local);
  BIND (truth_box);
  BIND (truth_icon);
  BIND (truth);
  BIND (reason);
  BIND (actions);
  BIND (step);
  BIND (step_heading);
  BIND (step_stars);
  BIND (step_text);
  BIND (step_button);
  BIND (need_box);
  BIND (need);
  BIND (clocks_box);
  BIND (clocks);
  BIND (lines);
  BIND (attachments);
  BIND (messages_box);
  BIND (messages);
  BIND (compose);
  BIND (compose_text);
  BIND (history);
  BIND (facts);
  BIND (cost);
#undef BIND
  bst_request_page_class_bind_steps (widget_class);
}

static void
bst_request_page_init (BstRequestPage *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
}
