/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "bst-config.h"

#include "bst-proposal-page.h"

#include <glib/gi18n.h>

#include "bst-agreement-trial.h"
#include "bst-format.h"
#include "bst-gap-words.h"
#include "bst-offer.h"
#include "bst-proposal-words.h"
#include "bst-text.h"

#include <string.h>

#define TRY_MS 300 /* typing is over */

static const char *const units[] = { "minutes", "hours", "working-days" };

struct _BstProposalPage
{
  BstPage parent_instance;

  GtkWidget *withdraw;
  GtkWidget *send;
  GtkWidget *truth;
  GtkWidget *answer_group;
  GtkWidget *answer;
  GtkWidget *price;
  GVariant *offered; /* (nullable): the price that the performer answered */
  GtkWidget *service;
  GtkWidget *present;
  GtkWidget *value;
  GtkWidget *unit;
  GtkWidget *history;
  GtkWidget *chain;
  GtkWidget *cost;
  GtkWidget *title;
  GtkWidget *reasons;
  GtkWidget *obstacle;

  BstAgreementBook *book; /* the session's */
  char *arg;
  GVariant *proposal;  /* as it was opened; NULL: a new one */
  GVariant *agreement; /* that it would change */
  GPtrArray *services; /* ids in the combo */
  gboolean filling;
  gboolean filled;
  guint try_source;
  GCancellable *trying;
};

G_DEFINE_FINAL_TYPE (BstProposalPage, bst_proposal_page, BST_TYPE_PAGE)

static BstSession *
session_of (BstProposalPage *self)
{
  return bst_page_get_session (BST_PAGE (self));
}

static const char *
language_of (BstProposalPage *self)
{
  return bst_session_get_language (session_of (self));
}

static const char *
service_of (BstProposalPage *self)
{
  guint selected = adw_combo_row_get_selected (ADW_COMBO_ROW (self->service));

  return self->services && selected < self->services->len ? self->services->pdata[selected] : NULL;
}

/* The promise as it stands on the page, counted in the calendar of the present one. */
static GVariant *
proposed_promise (BstProposalPage *self)
{
  g_autoptr (GVariant) present =
      bst_agreement_book_promise (self->book, self->agreement, service_of (self));
  const char *calendar = present ? bst_doc_get_string (present, "calendar") : NULL;
  guint unit = gtk_drop_down_get_selected (GTK_DROP_DOWN (self->unit));
  GVariant *promise = bst_doc_new ();

  bst_doc_replace (
      &promise, bst_doc_set_int (promise, "value",
                                 gtk_spin_button_get_value_as_int (GTK_SPIN_BUTTON (self->value))));
  bst_doc_replace (
      &promise, bst_doc_set_string (promise, "unit", units[MIN (unit, G_N_ELEMENTS (units) - 1)]));
  if (calendar)
    bst_doc_replace (&promise, bst_doc_set_string (promise, "calendar", calendar));
  return promise;
}

/* ---- what it would mean ---- */

static char *
chain_text (BstProposalPage *self, const BstGap *gap)
{
  g_autofree char *text = bst_gap_text (gap);
  g_autofree char *when =
      bst_gap_when_text (gap, bst_session_get_zone (session_of (self)), language_of (self));
  g_autoptr (GString) whole = g_string_new (text);

  if (when)
    g_string_append_printf (whole, ". %s.", when);
  if (gap->kind == BST_GAP_TOO_SLOW)
    g_string_append_printf (whole, " %s",
                            _ ("They must agree on less, or the promise cannot be kept."));
  return g_strdup (whole->str);
}

static void
tried_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (BstProposalPage) self = user_data;
  g_autoptr (GError) error = NULL;
  g_autoptr (BstTrial) trial =
      bst_agreement_trial_finish (BST_AGREEMENT_BOOK (source), result, &error);
  g_autofree char *history = NULL;
  g_autofree char *chain = NULL;
  g_autofree char *cost = NULL;

  if (!trial)
    return;
  history = bst_replay_text (&trial->replay, language_of (self));
  chain = chain_text (self, trial->gap);
  cost = bst_replay_cost_text (&trial->replay, self->offered != NULL, language_of (self));
  adw_action_row_set_subtitle (ADW_ACTION_ROW (self->history), history);
  adw_action_row_set_subtitle (ADW_ACTION_ROW (self->chain), chain);
  adw_action_row_set_subtitle (ADW_ACTION_ROW (self->cost), cost);
  gtk_widget_set_visible (self->cost, trial->replay.cases > 0);
}

static gboolean
try_cb (gpointer user_data)
{
  BstProposalPage *self = user_data;
  g_autoptr (GVariant) promise = NULL;

  self->try_source = 0;
  if (!self->agreement || !service_of (self))
    return G_SOURCE_REMOVE;
  g_cancellable_cancel (self->trying);
  g_clear_object (&self->trying);
  self->trying = g_cancellable_new ();
  promise = proposed_promise (self);
  bst_agreement_trial_async (self->book, self->agreement, service_of (self), promise, self->offered,
                             self->trying, tried_cb, g_object_ref (self));
  return G_SOURCE_REMOVE;
}

static void
try_soon (BstProposalPage *self)
{
  g_clear_handle_id (&self->try_source, g_source_remove);
  self->try_source = g_timeout_add (TRY_MS, try_cb, self);
}

/* ---- may it be sent ---- */

/* What is proposed is what is promised already. */
static gboolean
changes_nothing (BstProposalPage *self)
{
  g_autoptr (GVariant) present =
      bst_agreement_book_promise (self->book, self->agreement, service_of (self));
  g_autoptr (GVariant) proposed = proposed_promise (self);

  return present &&
         bst_doc_get_int (present, "value", -1) == bst_doc_get_int (proposed, "value", -1) &&
         g_strcmp0 (bst_doc_get_string (present, "unit"), bst_doc_get_string (proposed, "unit")) ==
             0;
}

static const char *
find_obstacle (BstProposalPage *self)
{
  const char *unit = self->agreement ? bst_doc_get_string (self->agreement, "unit") : NULL;
  const char *title = gtk_editable_get_text (GTK_EDITABLE (self->title));

  if (!unit)
    return _ ("There is no agreement that could be changed");
  if (!(bst_session_get_roles (session_of (self), unit) &
        (BST_ROLE_STRATEGIC | BST_ROLE_ADMINISTRATOR)))
    return _ ("Changes are proposed by those who answer for the agreement");
  if (self->proposal && !bst_proposal_is_open (self->proposal))
    return _ ("This proposal has had its outcome");
  if (!service_of (self))
    return _ ("Choose a service");
  if (changes_nothing (self))
    return _ ("Propose another time than the one promised today");
  if (!*title)
    return _ ("Give it a title");
  return NULL;
}

static void
show_obstacle (BstProposalPage *self)
{
  const char *obstacle = find_obstacle (self);

  gtk_widget_set_sensitive (self->send, obstacle == NULL);
  gtk_label_set_label (GTK_LABEL (self->obstacle), obstacle ? obstacle : "");
  gtk_widget_set_visible (self->obstacle, obstacle != NULL);
}

static void
changed_cb (BstProposalPage *self)
{
  if (self->filling)
    return;
  show_obstacle (self);
  try_soon (self);
}

static void
set_promise (BstProposalPage *self, GVariant *promise)
{
  const char *unit = promise ? bst_doc_get_string (promise, "unit") : NULL;

  gtk_spin_button_set_value (GTK_SPIN_BUTTON (self->value),
                             promise ? (double) bst_doc_get_int (promise, "value", 1) : 1);
  for (guint i = 0; i < G_N_ELEMENTS (units); i++)
    if (g_strcmp0 (units[i], unit) == 0)
      gtk_drop_down_set_selected (GTK_DROP_DOWN (self->unit), i);
}

static void
show_present (BstProposalPage *self)
{
  g_autoptr (GVariant) present =
      service_of (self)
          ? bst_agreement_book_promise (self->book, self->agreement, service_of (self))
          : NULL;
  g_autofree char *text = bst_offer_promise_text (present);

  adw_action_row_set_subtitle (ADW_ACTION_ROW (self->present), text ? text : _ ("Nothing"));
}

static void
service_cb (GObject *row, GParamSpec *pspec, BstProposalPage *self)
{
  g_autoptr (GVariant) present = NULL;

  if (self->filling || !service_of (self))
    return;
  present = bst_agreement_book_promise (self->book, self->agreement, service_of (self));
  self->filling = TRUE;
  set_promise (self, present);
  self->filling = FALSE;
  show_present (self);
  changed_cb (self);
}

/* ---- filling ---- */

/* The services of the agreement's targets, and @also. */
static void
fill_services (BstProposalPage *self, const char *also)
{
  g_autoptr (GtkStringList) names = gtk_string_list_new (NULL);
  g_autoptr (GVariant) targets = bst_doc_get_list (self->agreement, "targets");
  GVariantIter iter;
  GVariant *target;
  guint selected = 0;
  guint position;

  g_clear_pointer (&self->services, g_ptr_array_unref);
  self->services = g_ptr_array_new_with_free_func (g_free);
  g_variant_iter_init (&iter, targets);
  while (g_variant_iter_loop (&iter, "v", &target))
    g_ptr_array_add (self->services, g_strdup (bst_doc_get_string (target, "service")));
  if (also && !g_ptr_array_find_with_equal_func (self->services, also, g_str_equal, NULL))
    g_ptr_array_add (self->services, g_strdup (also));
  for (guint i = 0; i < self->services->len; i++)
    {
      GVariant *service = bst_agreement_book_get (self->book, "Service", self->services->pdata[i]);
      const char *name = service ? bst_text_pick (service, "name", language_of (self)) : NULL;

      gtk_string_list_append (names, name ? name : self->services->pdata[i]);
    }
  if (also && g_ptr_array_find_with_equal_func (self->services, also, g_str_equal, &position))
    selected = position;
  adw_combo_row_set_model (ADW_COMBO_ROW (self->service), G_LIST_MODEL (names));
  adw_combo_row_set_selected (ADW_COMBO_ROW (self->service), selected);
}

static void
fill_answer (BstProposalPage *self)
{
  const char *reply = self->proposal ? bst_doc_get_string (self->proposal, "reply") : NULL;
  g_autoptr (GVariant) price =
      self->proposal ? bst_doc_get_map (self->proposal, "price") : bst_doc_new ();
  g_autofree char *truth = NULL;
  g_autofree char *cost = NULL;

  if (self->proposal)
    truth = bst_proposal_text (self->proposal, self->book, language_of (self));
  gtk_label_set_label (GTK_LABEL (self->truth), truth ? truth : _ ("A change of your SLA"));
  gtk_widget_set_visible (self->answer_group, reply || bst_doc_has (price, "model"));
  gtk_widget_set_visible (self->answer, reply != NULL);
  gtk_widget_set_visible (self->price, bst_doc_has (price, "model"));
  adw_preferences_row_set_title (ADW_PREFERENCES_ROW (self->answer), reply ? reply : "");
  g_clear_pointer (&self->offered, g_variant_unref);
  if (bst_doc_has (price, "model"))
    {
      self->offered = g_variant_ref (price);
      cost = bst_offer_price_text (price, language_of (self));
      adw_action_row_set_subtitle (ADW_ACTION_ROW (self->price), cost);
    }
}

static void
fill_words (BstProposalPage *self)
{
  const char *title = self->proposal ? bst_doc_get_string (self->proposal, "title") : NULL;
  const char *reasons = self->proposal ? bst_doc_get_string (self->proposal, "reasons") : NULL;

  gtk_editable_set_text (GTK_EDITABLE (self->title), title ? title : "");
  gtk_text_buffer_set_text (gtk_text_view_get_buffer (GTK_TEXT_VIEW (self->reasons)),
                            reasons ? reasons : "", -1);
}

static void
set_editable (BstProposalPage *self)
{
  gboolean open = !self->proposal || bst_proposal_is_open (self->proposal);
  GtkWidget *fields[] = { self->service, self->value, self->unit, self->title, self->reasons };

  for (guint i = 0; i < G_N_ELEMENTS (fields); i++)
    gtk_widget_set_sensitive (fields[i], open);
  gtk_widget_set_visible (self->send, open);
  gtk_widget_set_visible (self->withdraw, self->proposal && open);
}

static void
find_subject (BstProposalPage *self)
{
  const char *agreement;
  GVariant *found;

  g_clear_pointer (&self->proposal, g_variant_unref);
  g_clear_pointer (&self->agreement, g_variant_unref);
  found = bst_agreement_book_get (self->book, "Proposal", self->arg);
  self->proposal = found ? g_variant_ref (found) : NULL;
  agreement = found ? bst_doc_get_string (found, "agreement") : NULL;
  found = agreement ? bst_agreement_book_get (self->book, "Agreement", agreement) : NULL;
  if (!found)
    found = bst_agreement_book_in_force (
        self->book, self->proposal ? bst_doc_get_string (self->proposal, "unit") : NULL, "sla");
  self->agreement = found ? g_variant_ref (found) : NULL;
}

/* Once for each time it is opened: what is being typed is not overwritten by news. */
static void
fill (BstProposalPage *self)
{
  const char *service;
  g_autoptr (GVariant) promise = NULL;

  if (self->filled || !bst_agreement_book_is_read (self->book) ||
      !bst_session_get_org (session_of (self)))
    return;
  find_subject (self);
  self->filled = self->agreement != NULL;
  if (!self->agreement)
    {
      show_obstacle (self);
      return;
    }
  service = self->proposal                         ? bst_doc_get_string (self->proposal, "service")
            : g_str_has_prefix (self->arg, "new:") ? self->arg + strlen ("new:")
                                                   : NULL;
  self->filling = TRUE;
  fill_services (self, service);
  promise = self->proposal
                ? bst_doc_get_map (self->proposal, "promise")
                : bst_agreement_book_promise (self->book, self->agreement, service_of (self));
  set_promise (self, promise);
  fill_answer (self);
  fill_words (self);
  self->filling = FALSE;
  set_editable (self);
  show_present (self);
  show_obstacle (self);
  try_soon (self);
}

/* ---- sending ---- */

static void
sent_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (BstProposalPage) self = user_data;
  g_autoptr (GError) error = NULL;

  if (!bst_store_put_record_finish (BST_STORE (source), result, &error))
    {
      bst_page_fail (BST_PAGE (self), error);
      return;
    }
  bst_page_say (BST_PAGE (self), _ ("Saved; it is sent with all else that waits"), NULL, NULL, NULL,
                NULL);
  bst_page_back (BST_PAGE (self));
}

static void
put (BstProposalPage *self, GVariant *proposal)
{
  bst_store_put_record_async (bst_session_get_store (session_of (self)), "Proposal", proposal, NULL,
                              sent_cb, g_object_ref (self));
}

static GVariant *
make_proposal (BstProposalPage *self)
{
  GtkTextBuffer *buffer = gtk_text_view_get_buffer (GTK_TEXT_VIEW (self->reasons));
  GtkTextIter start, end;
  g_autofree char *reasons = NULL;
  g_autoptr (GVariant) promise = proposed_promise (self);
  g_autofree char *uid = bst_uid_new (bst_session_get_clock (session_of (self)));
  GVariant *proposal = self->proposal ? g_variant_ref (self->proposal) : bst_doc_new ();

  gtk_text_buffer_get_bounds (buffer, &start, &end);
  reasons = gtk_text_buffer_get_text (buffer, &start, &end, FALSE);
  if (!self->proposal)
    bst_doc_replace (&proposal, bst_doc_set_string (proposal, "uid", uid));
  bst_doc_replace (&proposal, bst_doc_set_string (proposal, "unit",
                                                  bst_doc_get_string (self->agreement, "unit")));
  bst_doc_replace (&proposal, bst_doc_set_string (proposal, "agreement",
                                                  bst_doc_get_string (self->agreement, "id")));
  bst_doc_replace (&proposal, bst_doc_set_string (proposal, "service", service_of (self)));
  bst_doc_replace (&proposal, bst_doc_set (proposal, "promise", promise));
  bst_doc_replace (
      &proposal,
      bst_doc_set_string (proposal, "title", gtk_editable_get_text (GTK_EDITABLE (self->title))));
  bst_doc_replace (&proposal, bst_doc_set_string (proposal, "reasons", *reasons ? reasons : NULL));
  return proposal;
}

static void
send_cb (GtkButton *button, BstProposalPage *self)
{
  g_autoptr (GVariant) proposal = make_proposal (self);

  put (self, proposal);
}

static void
withdraw_cb (GtkButton *button, BstProposalPage *self)
{
  g_autoptr (GVariant) withdrawn = bst_doc_set_bool (self->proposal, "withdrawn", TRUE);

  put (self, withdrawn);
}

/* ---- the page ---- */

static void
bst_proposal_page_open (BstPage *page, const char *arg)
{
  BstProposalPage *self = BST_PROPOSAL_PAGE (page);

  g_free (self->arg);
  self->arg = g_strdup (arg ? arg : "new");
  self->filled = FALSE;
  adw_action_row_set_subtitle (ADW_ACTION_ROW (self->history), "");
  adw_action_row_set_subtitle (ADW_ACTION_ROW (self->chain), "");
  fill (self);
  bst_page_show_top (self->truth);
}

static void
bst_proposal_page_constructed (GObject *object)
{
  BstProposalPage *self = BST_PROPOSAL_PAGE (object);
  BstSession *session;

  G_OBJECT_CLASS (bst_proposal_page_parent_class)->constructed (object);
  session = session_of (self);
  self->book = bst_agreement_book_for_session (session);
  g_signal_connect_object (self->book, "changed", G_CALLBACK (fill), self, G_CONNECT_SWAPPED);
  g_signal_connect_object (session, "notify::org", G_CALLBACK (fill), self, G_CONNECT_SWAPPED);
}

static void
bst_proposal_page_dispose (GObject *object)
{
  BstProposalPage *self = BST_PROPOSAL_PAGE (object);

  g_clear_handle_id (&self->try_source, g_source_remove);
  g_cancellable_cancel (self->trying);
  G_OBJECT_CLASS (bst_proposal_page_parent_class)->dispose (object);
}

static void
bst_proposal_page_finalize (GObject *object)
{
  BstProposalPage *self = BST_PROPOSAL_PAGE (object);

  g_free (self->arg);
  g_clear_pointer (&self->proposal, g_variant_unref);
  g_clear_pointer (&self->agreement, g_variant_unref);
  g_clear_pointer (&self->services, g_ptr_array_unref);
  g_clear_object (&self->trying);
  g_clear_pointer (&self->offered, g_variant_unref);
  G_OBJECT_CLASS (bst_proposal_page_parent_class)->finalize (object);
}

static void
bst_proposal_page_class_init (BstProposalPageClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->constructed = bst_proposal_page_constructed;
  G_OBJECT_CLASS (klass)->dispose = bst_proposal_page_dispose;
  G_OBJECT_CLASS (klass)->finalize = bst_proposal_page_finalize;
  BST_PAGE_CLASS (klass)->open = bst_proposal_page_open;
  gtk_widget_class_set_template_from_resource (widget_class,
                                               "/org/bestiller/Bestiller/bst-proposal-page.ui");
  gtk_widget_class_bind_template_child (widget_class, BstProposalPage, withdraw);
  gtk_widget_class_bind_template_child (widget_class, BstProposalPage, send);
  gtk_widget_class_bind_template_child (widget_class, BstProposalPage, truth);
  gtk_widget_class_bind_template_child (widget_class, BstProposalPage, answer_group);
  gtk_widget_class_bind_template_child (widget_class, BstProposalPage, answer);
  gtk_widget_class_bind_template_child (widget_class, BstProposalPage, price);
  gtk_widget_class_bind_template_child (widget_class, BstProposalPage, service);
  gtk_widget_class_bind_template_child (widget_class, BstProposalPage, present);
  gtk_widget_class_bind_template_child (widget_class, BstProposalPage, value);
  gtk_widget_class_bind_template_child (widget_class, BstProposalPage, unit);
  gtk_widget_class_bind_template_child (widget_class, BstProposalPage, history);
  gtk_widget_class_bind_template_child (widget_class, BstProposalPage, chain);
  gtk_widget_class_bind_template_child (widget_class, BstProposalPage, cost);
  gtk_widget_class_bind_template_child (widget_class, BstProposalPage, title);
  gtk_widget_class_bind_template_child (widget_class, BstProposalPage, reasons);
  gtk_widget_class_bind_template_child (widget_class, BstProposalPage, obstacle);
  gtk_widget_class_bind_template_callback (widget_class, withdraw_cb);
  gtk_widget_class_bind_template_callback (widget_class, send_cb);
  gtk_widget_class_bind_template_callback (widget_class, service_cb);
  gtk_widget_class_bind_template_callback (widget_class, changed_cb);
}

static void
bst_proposal_page_init (BstProposalPage *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
}
