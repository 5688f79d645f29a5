/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "bst-line-card.h"

#include <glib/gi18n.h>

#include "bst-doc.h"
#include "bst-field-words.h"
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
  GtkWidget *left;
  GtkWidget *left_rows;
  GtkWidget *quantity;
  GtkWidget *articles;
  BstFormRow *quantity_row;
  BstFormRow *article_row;
  BstOrderForm *form;

  BstSession *session;
  BstRecords *records;
  BstDraft *draft;
  char *line;
  GVariant *service; /* (nullable) whose questions are shown */
  char **article_ids;
  gboolean filling;
};

G_DEFINE_FINAL_TYPE (BstLineCard, bst_line_card, GTK_TYPE_BOX)

enum
{
  REMOVE,
  DROP,
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
  for (const char *const *kept =
           (const char *const[]){ "answers", "asked", "wantedDate", "bundle", NULL };
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
  g_autoptr (GVariant) field = bst_form_field (self->service, key);

  bst_draft_answer (self->draft, self->line, field, answer);
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
  self->service = g_variant_ref (service);
  if (bst_doc_get_bool (service, "quantity"))
    add_quantity (self, line);
  add_articles (self, line, service);
  answers = bst_doc_get_map (line, "answers");
  self->form = bst_order_form_new (self->session, service, answers);
  g_signal_connect (self->form, "answered", G_CALLBACK (answered_cb), self);
  gtk_box_append (GTK_BOX (self->body), GTK_WIDGET (self->form));
}

/* Another service, or its form has changed: the questions are asked anew, and the answers stand in the draft. */
static void
tear_down (BstLineCard *self)
{
  GtkWidget *child;

  while ((child = gtk_widget_get_first_child (self->body)))
    gtk_box_remove (GTK_BOX (self->body), child);
  self->form = NULL;
  self->quantity = NULL;
  self->quantity_row = NULL;
  self->articles = NULL;
  self->article_row = NULL;
  g_clear_pointer (&self->article_ids, g_strfreev);
  g_clear_pointer (&self->service, g_variant_unref);
}

static gboolean
same_part (GVariant *a, GVariant *b, const char *name)
{
  g_autoptr (GVariant) one = bst_doc_lookup (a, name);
  g_autoptr (GVariant) two = bst_doc_lookup (b, name);

  return one == two || (one && two && bst_doc_equal (one, two));
}

static void
rebuild (BstLineCard *self)
{
  static const char *const shown[] = { "id", "form", "quantity", "articles" };
  g_autoptr (GVariant) line = bst_request_line (bst_draft_get_doc (self->draft), self->line);
  GVariant *service = line ? service_of (self, line) : NULL;
  gboolean same = TRUE;

  for (guint i = 0; self->service && service && i < G_N_ELEMENTS (shown); i++)
    same = same && same_part (self->service, service, shown[i]);
  if (self->service && (!same || (!service && !bst_records_is_loading (self->records))))
    tear_down (self);
  if (!self->form)
    build (self);
}

static void
loaded_cb (BstRecords *records, BstLineCard *self)
{
  bst_line_card_update (self);
}

/* ---- what is no longer asked for ---- */

static void
drop_clicked_cb (GtkButton *button, BstLineCard *self)
{
  g_signal_emit (self, signals[DROP], 0, g_object_get_data (G_OBJECT (button), "key"));
}

static GtkWidget *
left_label (const char *text, const char *css_class)
{
  GtkWidget *label = gtk_label_new (text);

  gtk_label_set_xalign (GTK_LABEL (label), 0);
  gtk_label_set_wrap (GTK_LABEL (label), TRUE);
  gtk_label_set_wrap_mode (GTK_LABEL (label), PANGO_WRAP_WORD_CHAR);
  gtk_widget_set_hexpand (label, TRUE);
  if (css_class)
    gtk_widget_add_css_class (label, css_class);
  else
    gtk_label_set_selectable (GTK_LABEL (label), TRUE); /* to be copied to where it belongs */
  return label;
}

static GtkWidget *
drop_button_new (BstLineCard *self, const char *key, const char *label)
{
  GtkWidget *button = gtk_button_new_from_icon_name ("user-trash-symbolic");
  g_autofree char *remove = g_strdup_printf (_ ("Remove %s"), label);

  gtk_widget_add_css_class (button, "flat");
  gtk_widget_set_valign (button, GTK_ALIGN_CENTER);
  gtk_widget_set_tooltip_text (button, remove);
  gtk_accessible_update_property (GTK_ACCESSIBLE (button), GTK_ACCESSIBLE_PROPERTY_LABEL, remove,
                                  -1);
  g_object_set_data_full (G_OBJECT (button), "key", g_strdup (key), g_free);
  g_signal_connect (button, "clicked", G_CALLBACK (drop_clicked_cb), self);
  return button;
}

static void
add_left (BstLineCard *self, const char *key, GVariant *line)
{
  const char *language = bst_session_get_language (self->session);
  g_autoptr (GVariant) answers = bst_doc_get_map (line, "answers");
  g_autoptr (GVariant) asked = bst_doc_get_map (line, "asked");
  g_autoptr (GVariant) answer = g_variant_lookup_value (answers, key, NULL);
  g_autoptr (GVariant) field = g_variant_lookup_value (asked, key, G_VARIANT_TYPE_VARDICT);
  const char *said = field ? bst_text_pick (field, "label", language) : NULL;
  const char *label = said ? said : key;
  g_autofree char *value = bst_answer_value (field, answer, self->session, self->records);
  GtkWidget *row = gtk_box_new (GTK_ORIENTATION_HORIZONTAL, 12);
  GtkWidget *words = gtk_box_new (GTK_ORIENTATION_VERTICAL, 2);

  gtk_box_append (GTK_BOX (words), left_label (label, "caption"));
  gtk_box_append (GTK_BOX (words), left_label (value, NULL));
  gtk_box_append (GTK_BOX (row), words);
  gtk_box_append (GTK_BOX (row), drop_button_new (self, key, label));
  gtk_box_append (GTK_BOX (self->left_rows), row);
}

/* Until the service has been read nobody knows what it asks for. */
static void
show_left (BstLineCard *self, GVariant *line)
{
  GVariant *service = service_of (self, line);
  g_autoptr (GVariant) answers = bst_doc_get_map (line, "answers");
  g_autoptr (GVariant) asked = bst_doc_get_map (line, "asked");
  g_auto (GStrv) keys = NULL;
  GtkWidget *row;

  if (!service && bst_records_is_loading (self->records))
    return;
  keys = bst_form_left (service, answers, asked);
  while ((row = gtk_widget_get_first_child (self->left_rows)))
    gtk_box_remove (GTK_BOX (self->left_rows), row);
  for (guint i = 0; keys[i]; i++)
    add_left (self, keys[i], line);
  gtk_widget_set_visible (self->left, keys[0] != NULL);
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
  g_clear_pointer (&self->service, g_variant_unref);
  G_OBJECT_CLASS (bst_line_card_parent_class)->dispose (object);
}

static void
bst_line_card_class_init (BstLineCardClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = bst_line_card_dispose;
  signals[REMOVE] = g_signal_new ("remove", G_TYPE_FROM_CLASS (klass), G_SIGNAL_RUN_LAST, 0, NULL,
                                  NULL, NULL, G_TYPE_NONE, 0);
  signals[DROP] = g_signal_new ("drop-answer", G_TYPE_FROM_CLASS (klass), G_SIGNAL_RUN_LAST, 0,
                                NULL, NULL, NULL, G_TYPE_NONE, 1, G_TYPE_STRING);
  gtk_widget_class_set_template_from_resource (widget_class,
                                               "/org/bestiller/Bestiller/bst-line-card.ui");
  gtk_widget_class_bind_template_child (widget_class, BstLineCard, name);
  gtk_widget_class_bind_template_child (widget_class, BstLineCard, figures);
  gtk_widget_class_bind_template_child (widget_class, BstLineCard, problem);
  gtk_widget_class_bind_template_child (widget_class, BstLineCard, remove_button);
  gtk_widget_class_bind_template_child (widget_class, BstLineCard, body);
  gtk_widget_class_bind_template_child (widget_class, BstLineCard, left);
  gtk_widget_class_bind_template_child (widget_class, BstLineCard, left_rows);
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
  rebuild (self);
  show_left (self, line);
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
