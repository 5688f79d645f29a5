/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "bst-catalogue-row.h"

#include <glib/gi18n.h>

#include "bst-agreement-book.h"
#include "bst-doc.h"
#include "bst-offer.h"
#include "bst-records.h"
#include "bst-text.h"
#include "bst-whole-text.h"

struct _BstCatalogueRow
{
  GtkBox parent_instance;

  GtkWidget *icon;
  GtkWidget *name;
  GtkWidget *summary;
  GtkWidget *price;
  GtkWidget *terms;
  GVariant *doc;
};

G_DEFINE_FINAL_TYPE (BstCatalogueRow, bst_catalogue_row, GTK_TYPE_BOX)

static void
bst_catalogue_row_finalize (GObject *object)
{
  g_clear_pointer (&BST_CATALOGUE_ROW (object)->doc, g_variant_unref);
  G_OBJECT_CLASS (bst_catalogue_row_parent_class)->finalize (object);
}

static void
bst_catalogue_row_class_init (BstCatalogueRowClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->finalize = bst_catalogue_row_finalize;
  gtk_widget_class_set_template_from_resource (widget_class,
                                               "/org/bestiller/Bestiller/bst-catalogue-row.ui");
  gtk_widget_class_bind_template_child (widget_class, BstCatalogueRow, icon);
  gtk_widget_class_bind_template_child (widget_class, BstCatalogueRow, name);
  gtk_widget_class_bind_template_child (widget_class, BstCatalogueRow, summary);
  gtk_widget_class_bind_template_child (widget_class, BstCatalogueRow, price);
  gtk_widget_class_bind_template_child (widget_class, BstCatalogueRow, terms);
}

static void
bst_catalogue_row_init (BstCatalogueRow *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
  bst_whole_text (self->name);
  bst_whole_text (self->summary);
  bst_whole_text (self->price);
  bst_whole_text (self->terms);
}

static char *
bundle_count (GVariant *bundle)
{
  g_autoptr (GVariant) items = bst_doc_get_list (bundle, "items");
  gsize n = g_variant_n_children (items);

  return g_strdup_printf (ngettext ("package of %d service", "package of %d services", n), (int) n);
}

/* "add-on · by Tue 24 Mar" */
static char *
service_terms (GVariant *service, BstSession *session)
{
  BstRecords *records = bst_records_for_store (bst_session_get_store (session));
  gint64 now = bst_clock_now (bst_session_get_clock (session));
  const char *obligation = bst_offer_obligation_text (service);
  g_auto (BstTerms) terms = { NULL };
  BstCalendar *calendar = NULL;
  g_autofree char *when = NULL;
  gint64 due;

  bst_agreement_book_terms (bst_agreement_book_for_session (session), service, &terms);
  due = bst_promise_due_at (terms.promise, now, bst_records_find_calendar, records, &calendar);
  if (calendar)
    when =
        bst_offer_by_text (due, bst_calendar_zone (calendar), bst_session_get_language (session));
  if (!when)
    when = bst_offer_promise_text (terms.promise);
  if (!when)
    return g_strdup (obligation);
  return *obligation ? g_strdup_printf ("%s · %s", obligation, when) : g_steal_pointer (&when);
}

static char *
article_price (GVariant *article, const char *language)
{
  BstMoney money;

  return bst_money_from_doc (article, "price", &money) ? bst_money_format (&money, language)
                                                       : g_strdup ("");
}

static void
name_row (BstCatalogueRow *self)
{
  GtkWidget *outer = gtk_widget_get_parent (GTK_WIDGET (self));
  g_autofree char *label = g_strdup_printf (
      "%s, %s, %s", gtk_label_get_label (GTK_LABEL (self->name)),
      gtk_label_get_label (GTK_LABEL (self->price)), gtk_label_get_label (GTK_LABEL (self->terms)));

  gtk_accessible_update_property (GTK_ACCESSIBLE (outer ? outer : GTK_WIDGET (self)),
                                  GTK_ACCESSIBLE_PROPERTY_LABEL, label, -1);
}

static void
set_label (GtkWidget *label, const char *text)
{
  gtk_label_set_label (GTK_LABEL (label), text ? text : "");
}

/* ---- public ---- */

GtkWidget *
bst_catalogue_row_new (void)
{
  return g_object_new (BST_TYPE_CATALOGUE_ROW, NULL);
}

const char *
bst_catalogue_type (GVariant *doc)
{
  if (bst_doc_has (doc, "items"))
    return "Bundle";
  return bst_doc_has (doc, "obligation") ? "Service" : "Article";
}

void
bst_catalogue_row_fill (BstCatalogueRow *self, GVariant *doc, BstSession *session)
{
  const char *language = bst_session_get_language (session);
  const char *type = doc ? bst_catalogue_type (doc) : "";
  BstRecords *records = bst_records_for_store (bst_session_get_store (session));
  g_autofree char *price = NULL;
  g_autofree char *terms = NULL;
  const char *summary = doc ? bst_text_pick (doc, "summary", language) : NULL;

  if (doc)
    g_variant_ref (doc);
  g_clear_pointer (&self->doc, g_variant_unref);
  self->doc = doc;
  if (strcmp (type, "Service") == 0)
    {
      g_autoptr (GVariant) price_doc = bst_doc_get_map (doc, "price");

      price = bst_offer_price_brief (price_doc, language);
      terms = service_terms (doc, session);
    }
  else if (strcmp (type, "Article") == 0)
    {
      price = article_price (doc, language);
      terms = g_strdup (_ ("approved article"));
      summary = bst_doc_get_string (doc, "supplier");
    }
  else if (doc)
    terms = bundle_count (doc);

  gtk_image_set_from_icon_name (
      GTK_IMAGE (self->icon),
      strcmp (type, "Bundle") == 0
          ? "bst-bundle-symbolic"
          : bst_offer_icon (
                doc ? bst_records_get (records, "ServiceArea", bst_doc_get_string (doc, "area"))
                    : NULL));
  set_label (self->name, doc ? bst_text_pick (doc, "name", language) : "");
  set_label (self->summary, summary);
  gtk_widget_set_visible (self->summary, summary && *summary);
  set_label (self->price, price);
  gtk_widget_set_visible (self->price, price && *price);
  set_label (self->terms, terms);
  name_row (self);
}

void
bst_catalogue_row_refill (BstCatalogueRow *self, BstSession *session)
{
  if (self->doc)
    bst_catalogue_row_fill (self, self->doc, session);
}
