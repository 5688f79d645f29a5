/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "bst-config.h"

#include "bst-agreements-page.h"

#include <glib/gi18n.h>

#include "bst-agreement-book.h"
#include "bst-agreement-export.h"
#include "bst-agreement-trial.h"
#include "bst-format.h"
#include "bst-glossary.h"
#include "bst-proposal-words.h"
#include "bst-target-row.h"
#include "bst-text.h"

#include <string.h>

struct _BstAgreementsPage
{
  BstPage parent_instance;

  GtkWidget *stack;
  AdwStatusPage *nothing;
  GtkWidget *propose;
  GtkWidget *name;
  GtkWidget *validity;
  GtkWidget *versions;
  GtkWidget *parts;
  GtkWidget *gap_summary;
  GtkWidget *targets;
  GtkWidget *clauses;
  GtkWidget *no_proposals;
  GtkWidget *proposals;
  GtkWidget *glossary;

  BstAgreementBook *book; /* the session's */
  char *id;               /* of the version asked for; NULL: what is in force */
  GVariant *shown;
  GPtrArray *listed; /* versions in the drop-down */
  gboolean filling;
  GPtrArray *gaps; /* (nullable): of what is shown */
  GCancellable *mapping;
};

G_DEFINE_FINAL_TYPE (BstAgreementsPage, bst_agreements_page, BST_TYPE_PAGE)

static BstSession *
session_of (BstAgreementsPage *self)
{
  return bst_page_get_session (BST_PAGE (self));
}

static const char *
language_of (BstAgreementsPage *self)
{
  return bst_session_get_language (session_of (self));
}

static gboolean
may_propose (BstAgreementsPage *self)
{
  const char *unit = self->shown ? bst_doc_get_string (self->shown, "unit") : NULL;

  return unit && (bst_session_get_roles (session_of (self), unit) &
                  (BST_ROLE_STRATEGIC | BST_ROLE_ADMINISTRATOR));
}

static void
clear_list (GtkWidget *list)
{
  GtkWidget *child;

  while ((child = gtk_widget_get_first_child (list)))
    gtk_list_box_remove (GTK_LIST_BOX (list), child);
}

/* ---- which version ---- */

static char *
validity_text (BstAgreementsPage *self, GVariant *agreement)
{
  const char *from = bst_doc_get_string (agreement, "validFrom");
  const char *to = bst_doc_get_string (agreement, "validTo");
  g_autofree char *first = bst_format_date (from, BST_DATE_MEDIUM, language_of (self));
  g_autofree char *last = to ? bst_format_date (to, BST_DATE_MEDIUM, language_of (self)) : NULL;
  g_autofree char *today = bst_session_today (session_of (self));

  if (to && strcmp (to, today) < 0)
    return g_strdup_printf (_ ("Was in force from %s to %s; kept as it was"), first, last);
  if (from && strcmp (from, today) > 0)
    return g_strdup_printf (_ ("Comes into force on %s"), first);
  if (to)
    return g_strdup_printf (_ ("In force from %s to %s"), first, last);
  return g_strdup_printf (_ ("In force since %s"), first);
}

static void
fill_versions (BstAgreementsPage *self)
{
  g_autoptr (GtkStringList) names = gtk_string_list_new (NULL);
  guint selected = 0;

  g_clear_pointer (&self->listed, g_ptr_array_unref);
  self->listed = bst_agreement_book_versions (self->book, self->shown);
  for (guint i = 0; i < self->listed->len; i++)
    {
      g_autofree char *name = g_strdup_printf (
          _ ("Version %d"), (int) bst_doc_get_int (self->listed->pdata[i], "version", 1));

      gtk_string_list_append (names, name);
      if (g_strcmp0 (bst_doc_get_string (self->listed->pdata[i], "id"),
                     bst_doc_get_string (self->shown, "id")) == 0)
        selected = i;
    }
  self->filling = TRUE;
  gtk_drop_down_set_model (GTK_DROP_DOWN (self->versions), G_LIST_MODEL (names));
  gtk_drop_down_set_selected (GTK_DROP_DOWN (self->versions), selected);
  self->filling = FALSE;
}

static void
fill_head (BstAgreementsPage *self)
{
  const char *name = bst_text_pick (self->shown, "name", language_of (self));
  g_autofree char *validity = validity_text (self, self->shown);

  gtk_label_set_label (GTK_LABEL (self->name), name ? name : "");
  gtk_label_set_label (GTK_LABEL (self->validity), validity);
}

/* ---- in plain words ---- */

static void
add_label (BstAgreementsPage *self, const char *text, const char *style)
{
  GtkWidget *label = gtk_label_new (text);

  gtk_label_set_xalign (GTK_LABEL (label), 0);
  gtk_label_set_wrap (GTK_LABEL (label), TRUE);
  if (style)
    gtk_widget_add_css_class (label, style);
  else
    {
      gtk_label_set_selectable (GTK_LABEL (label), TRUE);
      gtk_widget_set_can_focus (label, FALSE);
    }
  gtk_box_append (GTK_BOX (self->clauses), label);
}

static void
add_clauses (BstAgreementsPage *self, GVariant *agreement)
{
  g_autoptr (GVariant) clauses = bst_doc_get_list (agreement, "clauses");
  const char *name = bst_text_pick (agreement, "name", language_of (self));
  GVariantIter iter;
  GVariant *clause;

  add_label (self, name ? name : "", "title-2");
  g_variant_iter_init (&iter, clauses);
  while (g_variant_iter_loop (&iter, "v", &clause))
    {
      const char *heading = bst_text_pick (clause, "heading", language_of (self));
      const char *text = bst_text_pick (clause, "text", language_of (self));

      if (heading)
        add_label (self, heading, "heading");
      if (text)
        add_label (self, text, NULL);
    }
}

static void
fill_clauses (BstAgreementsPage *self)
{
  GVariant *framework = bst_agreement_book_in_force (
      self->book, bst_doc_get_string (self->shown, "unit"), "framework");
  GtkWidget *child;

  while ((child = gtk_widget_get_first_child (self->clauses)))
    gtk_box_remove (GTK_BOX (self->clauses), child);
  add_clauses (self, self->shown);
  if (framework && framework != self->shown)
    add_clauses (self, framework);
}

/* ---- targets, and what is behind them ---- */

static void
fill_targets (BstAgreementsPage *self, GPtrArray *gaps)
{
  g_autoptr (GVariant) targets = bst_doc_get_list (self->shown, "targets");
  gboolean propose = may_propose (self);
  GVariantIter iter;
  GVariant *target;

  clear_list (self->targets);
  g_variant_iter_init (&iter, targets);
  while (g_variant_iter_loop (&iter, "v", &target))
    gtk_list_box_append (
        GTK_LIST_BOX (self->targets),
        bst_target_row_new (self->book, self->shown, target,
                            bst_gaps_find (gaps, bst_doc_get_string (target, "service")), propose,
                            session_of (self)));
  gtk_widget_set_visible (self->targets, g_variant_n_children (targets) > 0);
}

static void
fill_gap_summary (BstAgreementsPage *self, GPtrArray *gaps)
{
  g_autofree char *targets =
      g_strdup_printf (ngettext ("%u target", "%u targets", gaps->len), gaps->len);
  g_autofree char *behind = NULL;
  g_autofree char *text = NULL;
  guint n_short = 0;

  for (guint i = 0; i < gaps->len; i++)
    {
      BstGapKind kind = ((BstGap *) gaps->pdata[i])->kind;

      n_short += kind != BST_GAP_NONE && kind != BST_GAP_NO_CHAIN;
    }
  behind = n_short == 0
               ? g_strdup (_ ("the performers' steps behind them keep them all"))
               : g_strdup_printf (
                     ngettext ("the performers' steps behind %u of them cannot keep it",
                               "the performers' steps behind %u of them cannot keep them", n_short),
                     n_short);
  text = g_strdup_printf ("%s · %s", targets, behind);
  gtk_label_set_label (GTK_LABEL (self->gap_summary), text);
}

static void
mapped_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (BstAgreementsPage) self = user_data;
  g_autoptr (GError) error = NULL;
  g_autoptr (GPtrArray) gaps =
      bst_agreement_gaps_finish (BST_AGREEMENT_BOOK (source), result, &error);

  if (!gaps || !self->shown)
    return;
  g_clear_pointer (&self->gaps, g_ptr_array_unref);
  self->gaps = g_ptr_array_ref (gaps);
  fill_targets (self, gaps);
  fill_gap_summary (self, gaps);
}

static void
map_gaps (BstAgreementsPage *self)
{
  g_cancellable_cancel (self->mapping);
  g_clear_object (&self->mapping);
  self->mapping = g_cancellable_new ();
  g_clear_pointer (&self->gaps, g_ptr_array_unref);
  gtk_label_set_label (GTK_LABEL (self->gap_summary), "");
  bst_agreement_gaps_async (self->book, self->shown, self->mapping, mapped_cb, g_object_ref (self));
}

/* ---- proposals ---- */

static void
fill_proposals (BstAgreementsPage *self)
{
  g_autoptr (GPtrArray) proposals = bst_agreement_book_proposals (self->book, self->shown);

  clear_list (self->proposals);
  for (guint i = 0; i < proposals->len; i++)
    {
      GVariant *proposal = proposals->pdata[i];
      GtkWidget *row = adw_action_row_new ();
      g_autofree char *text = bst_proposal_text (proposal, self->book, language_of (self));

      adw_preferences_row_set_use_markup (ADW_PREFERENCES_ROW (row), FALSE);
      adw_preferences_row_set_title (ADW_PREFERENCES_ROW (row),
                                     bst_doc_get_string (proposal, "title"));
      adw_action_row_set_subtitle (ADW_ACTION_ROW (row), text);
      gtk_list_box_row_set_activatable (GTK_LIST_BOX_ROW (row), TRUE);
      g_object_set_data_full (G_OBJECT (row), "id", g_strdup (bst_doc_get_string (proposal, "id")),
                              g_free);
      gtk_list_box_append (GTK_LIST_BOX (self->proposals), row);
    }
  gtk_widget_set_visible (self->proposals, proposals->len > 0);
  gtk_widget_set_visible (self->no_proposals, proposals->len == 0);
}

static void
proposal_cb (GtkListBox *list, GtkListBoxRow *row, BstAgreementsPage *self)
{
  bst_page_navigate (BST_PAGE (self), "proposal", g_object_get_data (G_OBJECT (row), "id"));
}

static void
propose_cb (GtkButton *button, BstAgreementsPage *self)
{
  bst_page_navigate (BST_PAGE (self), "proposal", "new");
}

static void
fill_propose (BstAgreementsPage *self)
{
  gboolean may = may_propose (self);

  gtk_widget_set_visible (self->propose, self->shown != NULL);
  gtk_widget_set_sensitive (self->propose, may);
  gtk_widget_set_tooltip_text (
      self->propose, may ? NULL : _ ("Changes are proposed by those who answer for the agreement"));
}

/* ---- the words ---- */

static void
fill_glossary (BstAgreementsPage *self)
{
  gsize n;
  const BstGlossaryEntry *entries = bst_glossary (&n);

  for (gsize i = 0; i < n; i++)
    {
      GtkWidget *row = adw_action_row_new ();

      adw_preferences_row_set_title (ADW_PREFERENCES_ROW (row), _ (entries[i].term));
      adw_action_row_set_subtitle (ADW_ACTION_ROW (row), _ (entries[i].meaning));
      adw_action_row_set_subtitle_lines (ADW_ACTION_ROW (row), 0);
      gtk_list_box_append (GTK_LIST_BOX (self->glossary), row);
    }
}

/* ---- all of it ---- */

/* Who belongs to the whole authority has no agreement of her own: each department has. */
static void
fill_nothing (BstAgreementsPage *self)
{
  BstOrg *org = bst_session_get_org (session_of (self));
  GVariant *person = bst_session_get_person (session_of (self));
  const char *unit = bst_session_get_unit (session_of (self));
  const char *department;

  if (!unit && person)
    unit = bst_doc_get_string (person, "unit");
  department = unit ? bst_org_department (org, unit) : NULL;
  adw_status_page_set_description (
      self->nothing,
      department && g_strcmp0 (bst_org_unit_kind (org, department), "department") != 0
          ? _ ("Each department has its own. Choose one in the list of units.")
          : _ ("When your department has an SLA with its performers, it is shown here."));
}

static void
fill (BstAgreementsPage *self)
{
  GVariant *agreement = self->id ? bst_agreement_book_get (self->book, "Agreement", self->id)
                                 : bst_agreement_book_in_force (self->book, NULL, "sla");

  if (!agreement && self->id)
    agreement = bst_agreement_book_in_force (self->book, NULL, "sla");
  g_clear_pointer (&self->shown, g_variant_unref);
  self->shown = agreement ? g_variant_ref (agreement) : NULL;
  fill_propose (self);
  gtk_stack_set_visible_child_name (GTK_STACK (self->stack), agreement ? "agreement" : "none");
  if (!agreement)
    {
      fill_nothing (self);
      return;
    }
  fill_head (self);
  fill_versions (self);
  fill_clauses (self);
  fill_targets (self, NULL);
  fill_proposals (self);
  map_gaps (self);
}

static void
refill_cb (BstAgreementsPage *self)
{
  if (bst_agreement_book_is_read (self->book) && bst_session_get_org (session_of (self)))
    fill (self);
}

static void
unit_cb (BstAgreementsPage *self)
{
  g_clear_pointer (&self->id, g_free);
  refill_cb (self);
}

static void
version_cb (GObject *versions, GParamSpec *pspec, BstAgreementsPage *self)
{
  guint selected = gtk_drop_down_get_selected (GTK_DROP_DOWN (versions));

  if (self->filling || !self->listed || selected >= self->listed->len)
    return;
  g_free (self->id);
  self->id = g_strdup (bst_doc_get_string (self->listed->pdata[selected], "id"));
  fill (self);
}

static void
service_action (GtkWidget *widget, const char *name, GVariant *target)
{
  bst_page_navigate (BST_PAGE (widget), "service", g_variant_get_string (target, NULL));
}

static void
propose_action (GtkWidget *widget, const char *name, GVariant *target)
{
  g_autofree char *arg = g_strconcat ("new:", g_variant_get_string (target, NULL), NULL);

  bst_page_navigate (BST_PAGE (widget), "proposal", arg);
}

static void
bst_agreements_page_open (BstPage *page, const char *arg)
{
  BstAgreementsPage *self = BST_AGREEMENTS_PAGE (page);

  if (arg && g_str_has_prefix (arg, "propose:"))
    {
      g_autofree char *next = g_strconcat ("new:", arg + strlen ("propose:"), NULL);

      bst_page_navigate (page, "proposal", next);
      return;
    }
  g_free (self->id);
  self->id = g_strdup (arg);
  refill_cb (self);
  bst_page_show_top (self->name);
}

static void
bst_agreements_page_constructed (GObject *object)
{
  BstAgreementsPage *self = BST_AGREEMENTS_PAGE (object);
  BstSession *session;

  G_OBJECT_CLASS (bst_agreements_page_parent_class)->constructed (object);
  session = session_of (self);
  self->book = bst_agreement_book_for_session (session);
  g_signal_connect_object (self->book, "changed", G_CALLBACK (refill_cb), self, G_CONNECT_SWAPPED);
  g_signal_connect_object (session, "notify::unit", G_CALLBACK (unit_cb), self, G_CONNECT_SWAPPED);
  g_signal_connect_object (session, "notify::org", G_CALLBACK (refill_cb), self, G_CONNECT_SWAPPED);
  g_signal_connect_object (session, "notify::person", G_CALLBACK (refill_cb), self,
                           G_CONNECT_SWAPPED);
  fill_glossary (self);
}

static void
bst_agreements_page_export (BstPage *page, BstTableFormat format)
{
  BstAgreementsPage *self = BST_AGREEMENTS_PAGE (page);

  if (self->shown)
    bst_export_agreement (page, self->book, self->shown, self->gaps, format);
}

static void
bst_agreements_page_dispose (GObject *object)
{
  g_cancellable_cancel (BST_AGREEMENTS_PAGE (object)->mapping);
  G_OBJECT_CLASS (bst_agreements_page_parent_class)->dispose (object);
}

static void
bst_agreements_page_finalize (GObject *object)
{
  BstAgreementsPage *self = BST_AGREEMENTS_PAGE (object);

  g_free (self->id);
  g_clear_pointer (&self->shown, g_variant_unref);
  g_clear_pointer (&self->listed, g_ptr_array_unref);
  g_clear_pointer (&self->gaps, g_ptr_array_unref);
  g_clear_object (&self->mapping);
  G_OBJECT_CLASS (bst_agreements_page_parent_class)->finalize (object);
}

static void
bst_agreements_page_class_init (BstAgreementsPageClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->constructed = bst_agreements_page_constructed;
  G_OBJECT_CLASS (klass)->dispose = bst_agreements_page_dispose;
  G_OBJECT_CLASS (klass)->finalize = bst_agreements_page_finalize;
  BST_PAGE_CLASS (klass)->open = bst_agreements_page_open;
  BST_PAGE_CLASS (klass)->export = bst_agreements_page_export;
  gtk_widget_class_set_template_from_resource (widget_class,
                                               "/org/bestiller/Bestiller/bst-agreements-page.ui");
  gtk_widget_class_bind_template_child (widget_class, BstAgreementsPage, stack);
  gtk_widget_class_bind_template_child (widget_class, BstAgreementsPage, nothing);
  gtk_widget_class_bind_template_child (widget_class, BstAgreementsPage, propose);
  gtk_widget_class_bind_template_child (widget_class, BstAgreementsPage, name);
  gtk_widget_class_bind_template_child (widget_class, BstAgreementsPage, validity);
  gtk_widget_class_bind_template_child (widget_class, BstAgreementsPage, versions);
  gtk_widget_class_bind_template_child (widget_class, BstAgreementsPage, parts);
  gtk_widget_class_bind_template_child (widget_class, BstAgreementsPage, gap_summary);
  gtk_widget_class_bind_template_child (widget_class, BstAgreementsPage, targets);
  gtk_widget_class_bind_template_child (widget_class, BstAgreementsPage, clauses);
  gtk_widget_class_bind_template_child (widget_class, BstAgreementsPage, no_proposals);
  gtk_widget_class_bind_template_child (widget_class, BstAgreementsPage, proposals);
  gtk_widget_class_bind_template_child (widget_class, BstAgreementsPage, glossary);
  gtk_widget_class_bind_template_callback (widget_class, propose_cb);
  gtk_widget_class_bind_template_callback (widget_class, proposal_cb);
  gtk_widget_class_bind_template_callback (widget_class, version_cb);
  gtk_widget_class_install_action (widget_class, "agreements.service", "s", service_action);
  gtk_widget_class_install_action (widget_class, "agreements.propose", "s", propose_action);
}

static void
bst_agreements_page_init (BstAgreementsPage *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
}
