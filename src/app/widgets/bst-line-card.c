/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "bst-line-card.h"

#include <glib/gi18n.h>

#include "bst-doc.h"
#include "bst-form.h"
#include "bst-offer.h"
#include "bst-order-form.h"
#include "bst-records.h"
#include "bst-text.h"

#define MAX_QUANTITY 9999

struct _BstLineCard
{
  GtkBox parent_instance;

  GtkWidget *name;
  GtkWidget *figures;
  GtkWidget *problem;
  GtkWidget *remove_button;
  GtkWidget *body;
  GtkWidget *quantity;
  GtkWidget *articles;
  BstFormRow *quantity_row;
  BstFormRow *article_row;
  BstOrderForm *form;

  BstSession *session;
  BstRecords *records;
  BstDraft *draft;
  char *line;
  char **article_ids;
  gboolean filling;
};

G_DEFINE_FINAL_TYPE (BstLineCard, bst_line_card, GTK_TYPE_BOX)

enum
{
  REMOVE,
  N_SIGNALS,
};

static guint signals[N_SIGNALS];

static char *
path_to (BstLineCard *self, const char *rest)
{
  return g_strconcat ("lines/", self->line, rest ? "/" : NULL, rest, NULL);
}

static GVariant *
service_of (BstLineCard *self, GVariant *line)
{
  return bst_records_get (self->records, "Service", bst_doc_get_string (line, "service"));
}

/* ---- what is answered ---- */

static void
quantity_changed_cb (GtkSpinButton *spin, BstLineCard *self)
{
  g_autofree char *path = path_to (self, "quantity");

  if (!self->filling)
    bst_draft_set (self->draft, path,
                   g_variant_new_int64 (gtk_spin_button_get_value_as_int (spin)));
}

/* Another article has another price: the line is frozen anew, the answers stay. */
static void
article_selected_cb (GtkDropDown *drop, GParamSpec *pspec, BstLineCard *self)
{
  guint selected = gtk_drop_down_get_selected (drop);
  const char *id = selected > 0 && selected <= g_strv_length (self->article_ids)
                       ? self->article_ids[selected - 1]
                       : NULL;
  g_autoptr (GVariant) line = bst_request_line (bst_draft_get_doc (self->draft), self->line);
  GVariant *article = bst_records_get (self->records, "Article", id);
  GVariant *service = line ? service_of (self, line) : NULL;
  g_autoptr (GVariant) next = NULL;

  if (self->filling || !service || g_strcmp0 (id, bst_doc_get_string (line, "article")) == 0)
    return;
  next = bst_draft_make_line (self->draft, service, article, bst_doc_get_int (line, "quantity", 1),
                              bst_doc_get_int (line, "order", 1));
  for (const char *const *kept = (const char *const[]){ "answers", "wantedDate", "bundle", NULL };
       *kept; kept++)
    {
      g_autoptr (GVariant) value = bst_doc_lookup (line, *kept);

      if (value)
        bst_doc_replace (&next, bst_doc_set (next, *kept, value));
    }
  bst_draft_replace_line (self->draft, self->line, next);
}

static void
answered_cb (BstOrderForm *form, const char *key, GVariant *answer, BstLineCard *self)
{
  g_autofree char *escaped = bst_path_escape (key);
  g_autofree char *rest = g_strconcat ("answers/", escaped, NULL);
  g_autofree char *path = path_to (self, rest);

  bst_draft_set (self->draft, path, answer);
}

static void
remove_clicked_cb (GtkButton *button, BstLineCard *self)
{
  g_signal_emit (self, signals[REMOVE], 0);
}

/* ---- filling ---- */

static void
add_quantity (BstLineCard *self, GVariant *line)
{
  self->quantity = gtk_spin_button_new_with_range (1, MAX_QUANTITY, 1);
  gtk_spin_button_set_value (GTK_SPIN_BUTTON (self->quantity),
                             (double) bst_doc_get_int (line, "quantity", 1));
  gtk_widget_set_halign (self->quantity, GTK_ALIGN_START);
  g_signal_connect (self->quantity, "value-changed", G_CALLBACK (quantity_changed_cb), self);
  self->quantity_row = bst_form_row_new (_ ("How many"), NULL, self->quantity);
  gtk_box_append (GTK_BOX (self->body), GTK_WIDGET (self->quantity_row));
}

static char *
article_label (GVariant *article, const char *language)
{
  const char *name = bst_text_pick (article, "name", language);
  BstMoney money;
  g_autofree char *price =
      bst_money_from_doc (article, "price", &money) ? bst_money_format (&money, language) : NULL;

  return price ? g_strdup_printf ("%s · %s", name, price) : g_strdup (name);
}

static void
add_articles (BstLineCard *self, GVariant *line, GVariant *service)
{
  g_auto (GStrv) ids = bst_doc_get_strv (service, "articles");
  GtkStringList *labels = gtk_string_list_new (NULL);
  g_autoptr (GStrvBuilder) known = g_strv_builder_new ();
  guint n = 0, selected = 0;

  gtk_string_list_append (labels, _ ("As the performer chooses"));
  for (guint i = 0; ids[i]; i++)
    {
      GVariant *article = bst_records_get (self->records, "Article", ids[i]);
      g_autofree char *label =
          article ? article_label (article, bst_session_get_language (self->session)) : NULL;

      if (!label)
        continue;
      gtk_string_list_append (labels, label);
      g_strv_builder_add (known, ids[i]);
      n++;
      if (g_strcmp0 (ids[i], bst_doc_get_string (line, "article")) == 0)
        selected = n;
    }
  g_strfreev (self->article_ids);
  self->article_ids = g_strv_builder_end (known);
  self->articles = gtk_drop_down_new (G_LIST_MODEL (labels), NULL);
  gtk_drop_down_set_selected (GTK_DROP_DOWN (self->articles), selected);
  g_signal_connect (self->articles, "notify::selected", G_CALLBACK (article_selected_cb), self);
  self->article_row = bst_form_row_new (_ ("Approved article"), NULL, self->articles);
  gtk_box_append (GTK_BOX (self->body), GTK_WIDGET (self->article_row));
  gtk_widget_set_visible (GTK_WIDGET (self->article_row), n > 0);
}

static gboolean
articles_are_here (BstLineCard *self, GVariant *service)
{
  g_auto (GStrv) ids = bst_doc_get_strv (service, "articles");
  gboolean all = TRUE;

  for (guint i = 0; ids[i]; i++)
    all = bst_records_get (self->records, "Article", ids[i]) && all;
  return all || !bst_records_is_loading (self->records);
}

/* Once, when the service and its articles have been read. */
static void
build (BstLineCard *self)
{
  g_autoptr (GVariant) line = bst_request_line (bst_draft_get_doc (self->draft), self->line);
  GVariant *service = line ? service_of (self, line) : NULL;
  g_autoptr (GVariant) answers = NULL;

  if (!service || self->form || !articles_are_here (self, service))
    return;
  if (bst_doc_get_bool (service, "quantity"))
    add_quantity (self, line);
  add_articles (self, line, service);
  answers = bst_doc_get_map (line, "answers");
  self->form = bst_order_form_new (self->session, service, answers);
  g_signal_connect (self->form, "answered", G_CALLBACK (answered_cb), self);
  gtk_box_append (GTK_BOX (self->body), GTK_WIDGET (self->form));
  bst_line_card_update (self);
}

static void
loaded_cb (BstRecords *records, BstLineCard *self)
{
  build (self);
  bst_line_card_update (self);
}

static char *
figures_text (BstLineCard *self, GVariant *line)
{
  const char *language = bst_session_get_language (self->session);
  g_autoptr (GVariant) price = bst_doc_get_map (line, "price");
  g_autoptr (GVariant) promise = bst_doc_get_map (line, "promise");
  g_autofree char *price_text = bst_offer_price_text (price, language);
  BstCalendar *calendar =
      bst_records_calendar (self->records, bst_doc_get_string (promise, "calendar"));
  g_autofree char *wanted = bst_offer_wanted_text (line, language);
  g_autofree char *by = NULL;
  const char *parts[4] = { NULL };
  guint n = 0;

  if (calendar)
    by = bst_offer_by_text (
        bst_promise_due (promise, calendar, bst_clock_now (bst_session_get_clock (self->session))),
        bst_calendar_zone (calendar), language);
  if (!by)
    by = bst_offer_promise_text (promise);
  parts[n++] = price_text;
  if (by)
    parts[n++] = by;
  if (wanted)
    parts[n++] = wanted;
  return g_strjoinv (" · ", (char **) parts);
}

/* ---- the object ---- */

static void
bst_line_card_dispose (GObject *object)
{
  BstLineCard *self = BST_LINE_CARD (object);

  g_clear_object (&self->session);
  g_clear_object (&self->draft);
  g_clear_pointer (&self->line, g_free);
  g_clear_pointer (&self->article_ids, g_strfreev);
  G_OBJECT_CLASS (bst_line_card_parent_class)->dispose (object);
}

static void
bst_line_card_class_init (BstLineCardClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = bst_line_card_dispose;
  signals[REMOVE] = g_signal_new ("remove", G_TYPE_FROM_CLASS (klass), G_SIGNAL_RUN_LAST, 0, NULL,
                                  NULL, NULL, G_TYPE_NONE, 0);
  gtk_widget_class_set_template_from_resource (widget_class,
                                               "/org/bestiller/Bestiller/bst-line-card.ui");
  gtk_widget_class_bind_template_child (widget_class, BstLineCard, name);
  gtk_widget_class_bind_template_child (widget_class, BstLineCard, figures);
  gtk_widget_class_bind_template_child (widget_class, BstLineCard, problem);
  gtk_widget_class_bind_template_child (widget_class, BstLineCard, remove_button);
  gtk_widget_class_bind_template_child (widget_class, BstLineCard, body);
  gtk_widget_class_bind_template_callback (widget_class, remove_clicked_cb);
}

static void
bst_line_card_init (BstLineCard *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
}

/* ---- public ---- */

BstLineCard *
bst_line_card_new (BstSession *session, BstDraft *draft, const char *line)
{
  BstLineCard *self = g_object_new (BST_TYPE_LINE_CARD, NULL);

  self->session = g_object_ref (session);
  self->draft = g_object_ref (draft);
  self->line = g_strdup (line);
  self->records = bst_records_for_store (bst_session_get_store (session));
  g_signal_connect_object (self->records, "loaded", G_CALLBACK (loaded_cb), self, 0);
  bst_line_card_update (self);
  build (self);
  return self;
}

const char *
bst_line_card_get_line (BstLineCard *self)
{
  return self->line;
}

void
bst_line_card_update (BstLineCard *self)
{
  g_autoptr (GVariant) line = bst_request_line (bst_draft_get_doc (self->draft), self->line);
  g_autoptr (GVariant) answers = NULL;
  g_autofree char *figures = NULL;
  g_autofree char *remove = NULL;
  const char *name;

  if (!line)
    return;
  name = bst_text_pick (line, "name", bst_session_get_language (self->session));
  figures = figures_text (self, line);
  remove = g_strdup_printf (_ ("Remove %s"), name ? name : "");
  gtk_label_set_label (GTK_LABEL (self->name), name ? name : "");
  gtk_label_set_label (GTK_LABEL (self->figures), figures);
  gtk_widget_set_tooltip_text (self->remove_button, remove);
  gtk_accessible_update_property (GTK_ACCESSIBLE (self->remove_button),
                                  GTK_ACCESSIBLE_PROPERTY_LABEL, remove, -1);
  answers = bst_doc_get_map (line, "answers");
  if (self->form)
    bst_order_form_set_answers (self->form, answers);
  gtk_widget_set_visible (self->body,
                          self->quantity || (self->article_ids && self->article_ids[0]) ||
                              (self->form && gtk_widget_get_visible (GTK_WIDGET (self->form))));
}

BstFormRow *
bst_line_card_row (BstLineCard *self, const char *path)
{
  g_autofree char *prefix = path_to (self, "");

  if (!g_str_has_prefix (path, prefix))
    return NULL;
  path += strlen (prefix);
  if (strcmp (path, "quantity") == 0)
    return self->quantity_row;
  if (strcmp (path, "article") == 0)
    return self->article_row;
  if (self->form && g_str_has_prefix (path, "answers/"))
    return bst_order_form_row (self->form, path + strlen ("answers/"));
  return NULL;
}

void
bst_line_card_clear_problems (BstLineCard *self)
{
  bst_line_card_set_problem (self, NULL);
  if (self->quantity_row)
    bst_form_row_set_problem (self->quantity_row, NULL);
  if (self->article_row)
    bst_form_row_set_problem (self->article_row, NULL);
  for (GtkWidget *row = self->form ? gtk_widget_get_first_child (GTK_WIDGET (self->form)) : NULL;
       row; row = gtk_widget_get_next_sibling (row))
    bst_form_row_set_problem (BST_FORM_ROW (row), NULL);
}

void
bst_line_card_set_problem (BstLineCard *self, const char *text)
{
  gtk_label_set_label (GTK_LABEL (self->problem), text ? text : "");
  gtk_widget_set_visible (self->problem, text != NULL);
}
