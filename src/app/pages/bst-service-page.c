/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "bst-config.h"

#include "bst-service-page.h"

#include <glib/gi18n.h>

#include "bst-agreement-book.h"
#include "bst-columns.h"
#include "bst-due-reasons.h"
#include "bst-facts.h"
#include "bst-format.h"
#include "bst-notice-list.h"
#include "bst-offer.h"
#include "bst-records.h"
#include "bst-request.h"
#include "bst-text.h"

struct _BstServicePage
{
  BstPage parent_instance;

  GtkWidget *stack;
  GtkWidget *icon;
  GtkWidget *name;
  GtkWidget *summary;
  GtkWidget *order;
  GtkWidget *notices;
  GtkWidget *due_box;
  GtkWidget *due;
  GtkWidget *why;
  GtkWidget *why_list;
  GtkWidget *why_intro;
  GtkWidget *price;
  GtkWidget *level;
  GtkWidget *obstacle;
  GtkWidget *description_box;
  GtkWidget *description;
  GtkWidget *needs_box;
  GtkWidget *needs;
  GtkWidget *terms_box;
  GtkWidget *terms;
  GtkWidget *articles_box;
  GtkWidget *articles;
  GtkWidget *responsible;
  GtkWidget *facts;

  BstRecords *records;
  BstAgreementBook *book; /* the session's */
  char *id;
};

G_DEFINE_FINAL_TYPE (BstServicePage, bst_service_page, BST_TYPE_PAGE)

static BstSession *
session_of (BstServicePage *self)
{
  return bst_page_get_session (BST_PAGE (self));
}

static const char *
language_of (BstServicePage *self)
{
  return bst_session_get_language (session_of (self));
}

static void
fill_text (BstServicePage *self,
           GtkWidget *box,
           GtkWidget *label,
           GVariant *service,
           const char *property)
{
  const char *text = bst_text_pick (service, property, language_of (self));

  gtk_label_set_label (GTK_LABEL (label), text ? text : "");
  gtk_widget_set_visible (box, text && *text);
}

/* ---- when ---- */

static void
fill_why (BstServicePage *self, GVariant *promise, BstCalendar *calendar, gint64 now, gint64 due)
{
  g_auto (GStrv) reasons = bst_due_reasons (calendar, now, due, language_of (self));
  g_autofree char *promise_text = bst_offer_promise_text (promise);
  g_autofree char *intro =
      g_strdup_printf (_ ("Promised within %s, counted from now. Not counted are:"), promise_text);
  GtkWidget *child;

  gtk_label_set_label (GTK_LABEL (self->why_intro), intro);
  while ((child = gtk_widget_get_first_child (self->why_list)))
    gtk_box_remove (GTK_BOX (self->why_list), child);
  if (!reasons[0])
    gtk_box_append (GTK_BOX (self->why_list), gtk_label_new (_ ("No closed days until then")));
  for (guint i = 0; reasons[i]; i++)
    {
      GtkWidget *line = gtk_label_new (reasons[i]);

      gtk_label_set_xalign (GTK_LABEL (line), 0);
      gtk_box_append (GTK_BOX (self->why_list), line);
    }
}

static void
fill_due (BstServicePage *self, const BstTerms *terms)
{
  BstCalendar *calendar = NULL;
  gint64 now = bst_clock_now (bst_session_get_clock (session_of (self)));
  gint64 due =
      bst_promise_due_at (terms->promise, now, bst_records_find_calendar, self->records, &calendar);
  g_autofree char *moment = NULL;
  g_autofree char *text = NULL;

  gtk_widget_set_visible (self->due_box, due != BST_CALENDAR_NEVER);
  if (due == BST_CALENDAR_NEVER)
    return;
  moment = bst_format_moment (due, bst_calendar_zone (calendar), BST_DATE_DAY, language_of (self));
  text = g_strdup_printf (_ ("Ordered now, delivered by %s"), moment);
  gtk_label_set_label (GTK_LABEL (self->due), text);
  fill_why (self, terms->promise, calendar, now, due);
}

static void
fill_level (BstServicePage *self, GVariant *service, const BstTerms *terms)
{
  g_autofree char *price_text = bst_offer_price_text (terms->price, language_of (self));
  g_autofree char *promise_text = bst_offer_promise_text (terms->promise);
  gint64 percent = terms->target ? bst_doc_get_int (terms->target, "percent", 0) : 0;
  g_autoptr (GString) level = g_string_new (bst_offer_obligation_text (service));

  gtk_label_set_label (GTK_LABEL (self->price), price_text);
  if (promise_text)
    g_string_append_printf (level, "%s%s", level->len > 0 ? " · " : "", promise_text);
  if (percent > 0)
    {
      g_autofree char *share = bst_format_percent ((double) percent, 0, language_of (self));
      g_autofree char *target = g_strdup_printf (_ ("target: %s on time"), share);

      g_string_append_printf (level, " · %s", target);
    }
  gtk_label_set_label (GTK_LABEL (self->level), level->str);
}

/* ---- who ---- */

static void
add_person (BstServicePage *self, const char *role, const char *id)
{
  GVariant *person = bst_records_get (self->records, "Person", id);
  const char *phone = person ? bst_doc_get_string (person, "phone") : NULL;
  const char *email = person ? bst_doc_get_string (person, "email") : NULL;
  g_autofree char *contact =
      phone && email ? g_strdup_printf ("%s\n%s", phone, email) : g_strdup (phone ? phone : email);

  bst_facts_add (BST_FACTS (self->responsible), role,
                 person ? bst_doc_get_string (person, "name") : NULL, contact);
}

static void
fill_responsible (BstServicePage *self, GVariant *service)
{
  BstOrg *org = bst_session_get_org (session_of (self));
  const char *performer = bst_doc_get_string (service, "responsible/performer");
  GVariant *unit = org && performer ? bst_org_unit (org, performer) : NULL;
  const char *phone = unit ? bst_doc_get_string (unit, "phone") : NULL;
  const char *email = unit ? bst_doc_get_string (unit, "email") : NULL;
  g_autofree char *contact =
      phone && email ? g_strdup_printf ("%s\n%s", phone, email) : g_strdup (phone ? phone : email);

  bst_facts_clear (BST_FACTS (self->responsible));
  bst_facts_add (BST_FACTS (self->responsible), _ ("Performer"),
                 unit ? bst_doc_get_string (unit, "name") : NULL, contact);
  add_person (self, _ ("Customer manager"),
              bst_doc_get_string (service, "responsible/customerManager"));
  add_person (self, _ ("Process owner"), bst_doc_get_string (service, "responsible/processOwner"));
}

static char *
approval_text (BstServicePage *self, GVariant *service)
{
  const char *rule = bst_doc_get_string (service, "approval/rule");
  BstMoney above;

  if (g_strcmp0 (rule, "always") == 0)
    return g_strdup (_ ("Always"));
  if (g_strcmp0 (rule, "above") == 0 && bst_money_from_doc (service, "approval/above", &above))
    {
      g_autofree char *amount = bst_money_format (&above, language_of (self));

      return g_strdup_printf (_ ("When the order is above %s"), amount);
    }
  return g_strdup (_ ("Not needed"));
}

static void
fill_facts (BstServicePage *self, GVariant *service, const BstTerms *terms)
{
  GVariant *area =
      bst_records_get (self->records, "ServiceArea", bst_doc_get_string (service, "area"));
  g_autofree char *approval = approval_text (self, service);
  g_autofree char *respond_text = bst_offer_promise_text (terms->respond);

  bst_facts_clear (BST_FACTS (self->facts));
  bst_facts_add (BST_FACTS (self->facts), _ ("Area"),
                 area ? bst_text_pick (area, "name", language_of (self)) : NULL, NULL);
  bst_facts_add (BST_FACTS (self->facts), _ ("First answer within"), respond_text, NULL);
  bst_facts_add (BST_FACTS (self->facts), _ ("Approval"), approval, NULL);
  bst_facts_add (BST_FACTS (self->facts), _ ("Number"), bst_doc_get_string (service, "code"), NULL);
  gtk_image_set_from_icon_name (GTK_IMAGE (self->icon), bst_offer_icon (area));
}

/* ---- approved articles ---- */

static void
order_article_cb (GtkButton *button, BstServicePage *self)
{
  g_autofree char *arg =
      g_strconcat ("service:", self->id, ":",
                   (const char *) g_object_get_data (G_OBJECT (button), "article"), NULL);

  bst_page_navigate (BST_PAGE (self), "order", arg);
}

static void
add_article (BstServicePage *self, const char *id)
{
  GVariant *article = bst_records_get (self->records, "Article", id);
  GtkWidget *row;
  GtkWidget *button;
  GtkWidget *price_label;
  const char *name;
  BstMoney price;
  g_autofree char *price_text = NULL;
  g_autofree char *subtitle = NULL;
  g_autofree char *button_label = NULL;

  if (!article)
    return;
  name = bst_text_pick (article, "name", language_of (self));
  price_text = bst_money_from_doc (article, "price", &price)
                   ? bst_money_format (&price, language_of (self))
                   : g_strdup ("");
  subtitle = g_strdup_printf (
      "%s · %s", bst_doc_get_string (article, "number"),
      bst_doc_get_string (article, "supplier") ? bst_doc_get_string (article, "supplier") : "");
  button_label = g_strdup_printf (_ ("Order %s"), name);
  row = adw_action_row_new ();
  adw_preferences_row_set_use_markup (ADW_PREFERENCES_ROW (row), FALSE);
  adw_preferences_row_set_title (ADW_PREFERENCES_ROW (row), name);
  adw_action_row_set_subtitle (ADW_ACTION_ROW (row), subtitle);
  price_label = gtk_label_new (price_text);
  gtk_widget_add_css_class (price_label, "numeric");
  button = gtk_button_new_from_icon_name ("list-add-symbolic");
  gtk_widget_set_valign (button, GTK_ALIGN_CENTER);
  gtk_widget_add_css_class (button, "flat");
  gtk_widget_set_tooltip_text (button, button_label);
  gtk_accessible_update_property (GTK_ACCESSIBLE (button), GTK_ACCESSIBLE_PROPERTY_LABEL,
                                  button_label, -1);
  g_object_set_data_full (G_OBJECT (button), "article", g_strdup (id), g_free);
  g_signal_connect (button, "clicked", G_CALLBACK (order_article_cb), self);
  adw_action_row_add_suffix (ADW_ACTION_ROW (row), price_label);
  adw_action_row_add_suffix (ADW_ACTION_ROW (row), button);
  gtk_list_box_append (GTK_LIST_BOX (self->articles), row);
}

static void
fill_articles (BstServicePage *self, GVariant *service)
{
  g_auto (GStrv) ids = bst_doc_get_strv (service, "articles");
  GtkWidget *child;

  while ((child = gtk_widget_get_first_child (self->articles)))
    gtk_list_box_remove (GTK_LIST_BOX (self->articles), child);
  for (guint i = 0; ids[i]; i++)
    add_article (self, ids[i]);
  gtk_widget_set_visible (self->articles_box, gtk_widget_get_first_child (self->articles) != NULL);
}

/* ---- may I ---- */

/* What keeps @unit from ordering it; %NULL: nothing. */
static const char *
obstacle_for (BstServicePage *self, GVariant *service, const char *unit, const char *today)
{
  static const char *const codes[] = { "not-orderable", "withdrawn", "not-yet", NULL };
  BstSession *session = session_of (self);
  const BstRequestContext context = { bst_records_lookup, self->records,
                                      bst_session_get_org (session), today,
                                      bst_session_get_roles (session, unit) };
  g_autoptr (GVariant) line = bst_request_line_from_service (service, NULL, 1, 1);
  g_autoptr (GVariant) request = bst_doc_new ();
  g_autoptr (GPtrArray) problems = NULL;

  bst_doc_replace (&request, bst_doc_set (request, "lines/l1", line));
  bst_doc_replace (&request, bst_doc_set_string (request, "unit", unit));
  problems = bst_request_problems (request, &context);
  for (guint i = 0; i < problems->len; i++)
    for (guint c = 0; codes[c]; c++)
      if (g_strcmp0 (((BstProblem *) problems->pdata[i])->code, codes[c]) == 0)
        return codes[c];
  return NULL;
}

/* Orderable for one of my units is orderable. */
static void
fill_obstacle (BstServicePage *self, GVariant *service)
{
  g_auto (GStrv) units = bst_session_get_units (session_of (self));
  g_autofree char *today = bst_session_today (session_of (self));
  const char *code = NULL;
  const char *text = NULL;

  for (guint i = 0; units[i] && (i == 0 || code); i++)
    code = obstacle_for (self, service, units[i], today);
  if (g_strcmp0 (code, "withdrawn") == 0)
    text = _ ("This service has been withdrawn from the catalogue");
  else if (g_strcmp0 (code, "not-yet") == 0)
    text = _ ("This service cannot be ordered yet");
  else if (code)
    text = _ ("Your units cannot order this service");
  gtk_label_set_label (GTK_LABEL (self->obstacle), text ? text : "");
  gtk_widget_set_visible (self->obstacle, text != NULL);
  gtk_widget_set_sensitive (self->order, text == NULL);
  gtk_widget_set_tooltip_text (self->order, text);
}

/* ---- all of it ---- */

static void
fill (BstServicePage *self)
{
  GVariant *service = bst_records_get (self->records, "Service", self->id);
  const char *name = service ? bst_text_pick (service, "name", language_of (self)) : NULL;
  const char *summary = service ? bst_text_pick (service, "summary", language_of (self)) : NULL;
  g_auto (BstTerms) terms = { NULL };

  if (!service)
    {
      gtk_stack_set_visible_child_name (
          GTK_STACK (self->stack), bst_records_is_loading (self->records) ? "wait" : "missing");
      return;
    }
  bst_page_set_title (BST_PAGE (self), name);
  gtk_label_set_label (GTK_LABEL (self->name), name ? name : "");
  gtk_label_set_label (GTK_LABEL (self->summary), summary ? summary : "");
  gtk_widget_set_visible (self->summary, summary && *summary);
  bst_agreement_book_terms (self->book, service, &terms);
  fill_due (self, &terms);
  fill_level (self, service, &terms);
  fill_obstacle (self, service);
  fill_text (self, self->description_box, self->description, service, "description");
  fill_text (self, self->needs_box, self->needs, service, "needs");
  fill_text (self, self->terms_box, self->terms, service, "terms");
  fill_articles (self, service);
  fill_responsible (self, service);
  fill_facts (self, service, &terms);
  gtk_stack_set_visible_child_name (GTK_STACK (self->stack), "service");
}

static void
loaded_cb (GObject *source, BstServicePage *self)
{
  if (self->id)
    fill (self);
}

static void
order_cb (GtkButton *button, BstServicePage *self)
{
  g_autofree char *arg = g_strconcat ("service:", self->id, NULL);

  bst_page_navigate (BST_PAGE (self), "order", arg);
}

static void
bst_service_page_open (BstPage *page, const char *arg)
{
  BstServicePage *self = BST_SERVICE_PAGE (page);
  const char *services[] = { arg, NULL };

  g_free (self->id);
  self->id = g_strdup (arg);
  bst_notice_list_show_for (BST_NOTICE_LIST (self->notices), session_of (self), services);
  fill (self);
  bst_page_show_top (self->order);
  gtk_widget_grab_focus (self->order);
}

static void
bst_service_page_constructed (GObject *object)
{
  BstServicePage *self = BST_SERVICE_PAGE (object);

  G_OBJECT_CLASS (bst_service_page_parent_class)->constructed (object);
  self->records = bst_records_for_store (bst_session_get_store (session_of (self)));
  self->book = bst_agreement_book_for_session (session_of (self));
  g_signal_connect_object (self->records, "loaded", G_CALLBACK (loaded_cb), self, 0);
  g_signal_connect_object (self->book, "changed", G_CALLBACK (loaded_cb), self, 0);
}

static void
bst_service_page_finalize (GObject *object)
{
  g_free (BST_SERVICE_PAGE (object)->id);
  G_OBJECT_CLASS (bst_service_page_parent_class)->finalize (object);
}

static void
bst_service_page_class_init (BstServicePageClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->constructed = bst_service_page_constructed;
  G_OBJECT_CLASS (klass)->finalize = bst_service_page_finalize;
  BST_PAGE_CLASS (klass)->open = bst_service_page_open;
  g_type_ensure (BST_TYPE_COLUMNS);
  g_type_ensure (BST_TYPE_FACTS);
  g_type_ensure (BST_TYPE_NOTICE_LIST);
  gtk_widget_class_set_template_from_resource (widget_class,
                                               "/org/bestiller/Bestiller/bst-service-page.ui");
#define BIND(child) gtk_widget_class_bind_template_child (widget_class, BstServicePage, child)
  BIND (stack);
  BIND (icon);
  BIND (name);
  BIND (summary);
  BIND (order);
  BIND (notices);
  BIND (due_box);
  BIND (due);
  BIND (why);
  BIND (why_list);
  BIND (why_intro);
  BIND (price);
  BIND (level);
  BIND (obstacle);
  BIND (description_box);
  BIND (description);
  BIND (needs_box);
  BIND (needs);
  BIND (terms_box);
  BIND (terms);
  BIND (articles_box);
  BIND (articles);
  BIND (responsible);
  BIND (facts);
#undef BIND
  gtk_widget_class_bind_template_callback (widget_class, order_cb);
}

static void
bst_service_page_init (BstServicePage *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
}
