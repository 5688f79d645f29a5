/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "bst-config.h"

#include "bst-bundle-page.h"

#include <glib/gi18n.h>

#include "bst-doc.h"
#include "bst-offer.h"
#include "bst-records.h"
#include "bst-request.h"
#include "bst-row-name.h"
#include "bst-text.h"

struct _BstBundlePage
{
  BstPage parent_instance;

  GtkWidget *stack;
  GtkWidget *name;
  GtkWidget *summary;
  GtkWidget *order;
  GtkWidget *sum;
  GtkWidget *items;
  GtkWidget *mirror;
  GtkWidget *mirror_text;

  BstRecords *records;
  char *id;
};

G_DEFINE_FINAL_TYPE (BstBundlePage, bst_bundle_page, BST_TYPE_PAGE)

static BstSession *
session_of (BstBundlePage *self)
{
  return bst_page_get_session (BST_PAGE (self));
}

/* "3 days before the first day": counted from the day it is for. */
static char *
offset_text (GVariant *item, gboolean leaver)
{
  int days = (int) bst_doc_get_int (item, "offsetDays", 0);
  int count = ABS (days);

  if (!bst_doc_has (item, "offsetDays"))
    return NULL;
  if (days == 0)
    return g_strdup (leaver ? _ ("on the last day") : _ ("by the first day"));
  if (days < 0)
    return g_strdup_printf (leaver ? ngettext ("%d day before the last day",
                                               "%d days before the last day", (gulong) count)
                                   : ngettext ("%d day before the first day",
                                               "%d days before the first day", (gulong) count),
                            count);
  return g_strdup_printf (
      leaver
          ? ngettext ("%d day after the last day", "%d days after the last day", (gulong) count)
          : ngettext ("%d day after the first day", "%d days after the first day", (gulong) count),
      count);
}

static char *
item_detail (BstBundlePage *self, GVariant *item, GVariant *service, gboolean leaver)
{
  g_autofree char *offset = offset_text (item, leaver);
  g_autoptr (GVariant) promise = bst_doc_get_map (service, "promise");
  g_autofree char *promise_text = bst_offer_promise_text (promise);
  const char *parts[4] = { NULL };
  guint n = 0;

  parts[n++] =
      bst_doc_get_bool (item, "optional") ? _ ("optional") : bst_offer_obligation_text (service);
  if (promise_text)
    parts[n++] = promise_text;
  if (offset)
    parts[n++] = offset;
  return g_strjoinv (" · ", (char **) parts);
}

static void
add_item (BstBundlePage *self, GVariant *item, gboolean leaver)
{
  const char *language = bst_session_get_language (session_of (self));
  const char *id = bst_doc_get_string (item, "service");
  GVariant *service = bst_records_get (self->records, "Service", id);
  gint64 quantity = bst_doc_get_int (item, "quantity", 1);
  g_autoptr (GVariant) price = NULL;
  g_autofree char *price_text = NULL;
  g_autofree char *title = NULL;
  g_autofree char *detail = NULL;
  GtkWidget *row;
  GtkWidget *label;

  if (!service)
    return;
  price = bst_doc_get_map (service, "price");
  price_text = bst_offer_price_brief (price, language);
  detail = item_detail (self, item, service, leaver);
  title = quantity > 1 ? g_strdup_printf ("%d × %s", (int) quantity,
                                          bst_text_pick (service, "name", language))
                       : g_strdup (bst_text_pick (service, "name", language));
  row = adw_action_row_new ();
  adw_preferences_row_set_use_markup (ADW_PREFERENCES_ROW (row), FALSE);
  adw_preferences_row_set_title (ADW_PREFERENCES_ROW (row), title);
  adw_action_row_set_subtitle (ADW_ACTION_ROW (row), detail);
  label = gtk_label_new (price_text);
  gtk_widget_add_css_class (label, "numeric");
  adw_action_row_add_suffix (ADW_ACTION_ROW (row), label);
  gtk_list_box_row_set_activatable (GTK_LIST_BOX_ROW (row), TRUE);
  g_object_set_data_full (G_OBJECT (row), "service", g_strdup (id), g_free);
  bst_row_name (row, title, NULL);
  gtk_list_box_append (GTK_LIST_BOX (self->items), row);
}

/* What the whole of it costs, without what is optional. */
static void
add_price (GVariant *item, GVariant *service, BstMoney *once, BstMoney *monthly)
{
  g_autoptr (GVariant) price = bst_doc_get_map (service, "price");
  gint64 quantity = bst_doc_get_int (item, "quantity", 1);
  BstMoney money;

  if (bst_doc_get_bool (item, "optional"))
    return;
  if (bst_price_once (price, &money) && bst_money_multiply (&money, quantity, NULL))
    (void) bst_money_add (once, &money, NULL);
  if (bst_price_monthly (price, &money) && bst_money_multiply (&money, quantity, NULL))
    (void) bst_money_add (monthly, &money, NULL);
}

static void
fill_items (BstBundlePage *self, GVariant *bundle)
{
  g_autoptr (GVariant) items = bst_doc_get_list (bundle, "items");
  gboolean leaver = g_strcmp0 (bst_doc_get_string (bundle, "purpose"), "leaver") == 0;
  BstMoney once = { 0 };
  BstMoney monthly = { 0 };
  g_autofree char *sum = NULL;
  GVariantIter iter;
  GVariant *item;
  GtkWidget *row;

  while ((row = gtk_widget_get_first_child (self->items)))
    gtk_list_box_remove (GTK_LIST_BOX (self->items), row);
  g_variant_iter_init (&iter, items);
  while (g_variant_iter_next (&iter, "v", &item))
    {
      GVariant *service =
          bst_records_get (self->records, "Service", bst_doc_get_string (item, "service"));

      add_item (self, item, leaver);
      if (service)
        add_price (item, service, &once, &monthly);
      g_variant_unref (item);
    }
  sum = bst_offer_totals_text (&once, &monthly, bst_session_get_language (session_of (self)));
  gtk_label_set_label (GTK_LABEL (self->sum), sum ? sum : _ ("Included in the agreement"));
}

static void
fill (BstBundlePage *self)
{
  const char *language = bst_session_get_language (session_of (self));
  GVariant *bundle = bst_records_get (self->records, "Bundle", self->id);
  GVariant *mirror =
      bundle ? bst_records_get (self->records, "Bundle", bst_doc_get_string (bundle, "mirror"))
             : NULL;
  g_autofree char *mirror_text = NULL;

  if (!bundle)
    {
      gtk_stack_set_visible_child_name (
          GTK_STACK (self->stack), bst_records_is_loading (self->records) ? "wait" : "missing");
      return;
    }
  bst_page_set_title (BST_PAGE (self), bst_text_pick (bundle, "name", language));
  gtk_label_set_label (GTK_LABEL (self->name), bst_text_pick (bundle, "name", language));
  gtk_label_set_label (GTK_LABEL (self->summary), bst_doc_has (bundle, "summary")
                                                      ? bst_text_pick (bundle, "summary", language)
                                                      : "");
  gtk_widget_set_visible (self->summary, *gtk_label_get_label (GTK_LABEL (self->summary)) != '\0');
  fill_items (self, bundle);
  if (mirror)
    mirror_text =
        g_strdup_printf (_ ("The other way round: %s"), bst_text_pick (mirror, "name", language));
  gtk_label_set_label (GTK_LABEL (self->mirror_text), mirror_text ? mirror_text : "");
  gtk_widget_set_visible (self->mirror, mirror != NULL);
  gtk_stack_set_visible_child_name (GTK_STACK (self->stack), "bundle");
}

static void
loaded_cb (BstRecords *records, BstBundlePage *self)
{
  if (self->id)
    fill (self);
}

static void
order_cb (GtkButton *button, BstBundlePage *self)
{
  g_autofree char *arg = g_strconcat ("bundle:", self->id, NULL);

  bst_page_navigate (BST_PAGE (self), "order", arg);
}

static void
mirror_cb (GtkButton *button, BstBundlePage *self)
{
  GVariant *bundle = bst_records_get (self->records, "Bundle", self->id);

  if (bundle)
    bst_page_navigate (BST_PAGE (self), "bundle", bst_doc_get_string (bundle, "mirror"));
}

static void
item_activated_cb (GtkListBox *list, GtkListBoxRow *row, BstBundlePage *self)
{
  bst_page_navigate (BST_PAGE (self), "service", g_object_get_data (G_OBJECT (row), "service"));
}

static void
bst_bundle_page_open (BstPage *page, const char *arg)
{
  BstBundlePage *self = BST_BUNDLE_PAGE (page);

  g_free (self->id);
  self->id = g_strdup (arg);
  fill (self);
  bst_page_show_top (self->order);
  gtk_widget_grab_focus (self->order);
}

static void
bst_bundle_page_constructed (GObject *object)
{
  BstBundlePage *self = BST_BUNDLE_PAGE (object);

  G_OBJECT_CLASS (bst_bundle_page_parent_class)->constructed (object);
  self->records = bst_records_for_store (bst_session_get_store (session_of (self)));
  g_signal_connect_object (self->records, "loaded", G_CALLBACK (loaded_cb), self, 0);
}

static void
bst_bundle_page_finalize (GObject *object)
{
  g_free (BST_BUNDLE_PAGE (object)->id);
  G_OBJECT_CLASS (bst_bundle_page_parent_class)->finalize (object);
}

static void
bst_bundle_page_class_init (BstBundlePageClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->constructed = bst_bundle_page_constructed;
  G_OBJECT_CLASS (klass)->finalize = bst_bundle_page_finalize;
  BST_PAGE_CLASS (klass)->open = bst_bundle_page_open;
  gtk_widget_class_set_template_from_resource (widget_class,
                                               "/org/bestiller/Bestiller/bst-bundle-page.ui");
  gtk_widget_class_bind_template_child (widget_class, BstBundlePage, stack);
  gtk_widget_class_bind_template_child (widget_class, BstBundlePage, name);
  gtk_widget_class_bind_template_child (widget_class, BstBundlePage, summary);
  gtk_widget_class_bind_template_child (widget_class, BstBundlePage, order);
  gtk_widget_class_bind_template_child (widget_class, BstBundlePage, sum);
  gtk_widget_class_bind_template_child (widget_class, BstBundlePage, items);
  gtk_widget_class_bind_template_child (widget_class, BstBundlePage, mirror);
  gtk_widget_class_bind_template_child (widget_class, BstBundlePage, mirror_text);
  gtk_widget_class_bind_template_callback (widget_class, order_cb);
  gtk_widget_class_bind_template_callback (widget_class, mirror_cb);
  gtk_widget_class_bind_template_callback (widget_class, item_activated_cb);
}

static void
bst_bundle_page_init (BstBundlePage *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
}
