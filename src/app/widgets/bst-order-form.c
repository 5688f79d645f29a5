/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "bst-order-form.h"

#include <errno.h>

#include <glib/gi18n.h>

#include "bst-date-entry.h"
#include "bst-form.h"
#include "bst-record-entry.h"
#include "bst-text.h"

struct _BstOrderForm
{
  GtkBox parent_instance;

  BstSession *session;
  GVariant *service;
  GHashTable *rows; /* key -> BstFormRow, held by the box */
};

G_DEFINE_FINAL_TYPE (BstOrderForm, bst_order_form, GTK_TYPE_BOX)

enum
{
  ANSWERED,
  N_SIGNALS,
};

static guint signals[N_SIGNALS];

/* What a control needs to be made and to answer. */
typedef struct
{
  BstOrderForm *form;
  const char *key;  /* interned */
  GVariant *field;  /* borrowed while it is made */
  GVariant *answer; /* nullable, the same */
} Question;

static const char *
key_of (gpointer control)
{
  return g_object_get_data (G_OBJECT (control), "key");
}

static void
answer (BstOrderForm *self, gpointer control, GVariant *value)
{
  g_autoptr (GVariant) held = value ? g_variant_ref_sink (value) : NULL;

  g_signal_emit (self, signals[ANSWERED], 0, key_of (control), held);
}

static void
answer_text (BstOrderForm *self, gpointer control, const char *text)
{
  answer (self, control, text && *text ? g_variant_new_string (text) : NULL);
}

static const char *
text_of (const Question *question)
{
  return question->answer && g_variant_is_of_type (question->answer, G_VARIANT_TYPE_STRING)
             ? g_variant_get_string (question->answer, NULL)
             : "";
}

/* ---- a control for each kind ---- */

static void
text_changed_cb (GtkEditable *editable, BstOrderForm *self)
{
  answer_text (self, editable, gtk_editable_get_text (editable));
}

static GtkWidget *
make_text (const Question *question)
{
  GtkWidget *entry = gtk_entry_new ();

  gtk_editable_set_text (GTK_EDITABLE (entry), text_of (question));
  gtk_entry_set_max_length (GTK_ENTRY (entry),
                            (int) bst_doc_get_int (question->field, "maxLength", 1000));
  g_signal_connect (entry, "changed", G_CALLBACK (text_changed_cb), question->form);
  return entry;
}

static void
buffer_changed_cb (GtkTextBuffer *buffer, BstOrderForm *self)
{
  GtkTextIter start, end;
  g_autofree char *text = NULL;

  gtk_text_buffer_get_bounds (buffer, &start, &end);
  text = gtk_text_buffer_get_text (buffer, &start, &end, FALSE);
  answer_text (self, buffer, text);
}

static GtkWidget *
make_multiline (const Question *question)
{
  GtkWidget *view = gtk_text_view_new ();
  GtkTextBuffer *buffer = gtk_text_view_get_buffer (GTK_TEXT_VIEW (view));

  gtk_text_view_set_wrap_mode (GTK_TEXT_VIEW (view), GTK_WRAP_WORD_CHAR);
  gtk_text_view_set_accepts_tab (GTK_TEXT_VIEW (view), FALSE);
  gtk_widget_set_size_request (view, -1, 72);
  gtk_widget_add_css_class (view, "text-field");
  gtk_text_buffer_set_text (buffer, text_of (question), -1);
  g_object_set_data (G_OBJECT (buffer), "key", (gpointer) question->key);
  g_signal_connect (buffer, "changed", G_CALLBACK (buffer_changed_cb), question->form);
  return view;
}

static void
number_changed_cb (GtkEditable *editable, BstOrderForm *self)
{
  g_autofree char *text = g_strstrip (g_strdup (gtk_editable_get_text (editable)));
  char *end = NULL;
  double value;

  for (char *c = text; *c; c++)
    if (*c == ',')
      *c = '.';
  errno = 0;
  value = g_ascii_strtod (text, &end);
  if (!*text)
    answer (self, editable, NULL);
  else if (*end || errno)
    answer (self, editable, g_variant_new_string (text)); /* no number: said at the field */
  else if (value == (double) (gint64) value)
    answer (self, editable, g_variant_new_int64 ((gint64) value));
  else
    answer (self, editable, g_variant_new_double (value));
}

static GtkWidget *
make_number (const Question *question)
{
  GtkWidget *entry = gtk_entry_new ();
  GVariant *value = question->answer;
  g_autofree char *text = NULL;

  if (value && g_variant_is_of_type (value, G_VARIANT_TYPE_INT64))
    text = g_strdup_printf ("%" G_GINT64_FORMAT, g_variant_get_int64 (value));
  else if (value && g_variant_is_of_type (value, G_VARIANT_TYPE_DOUBLE))
    text = g_strdup_printf ("%g", g_variant_get_double (value));
  else
    text = g_strdup (text_of (question));
  gtk_editable_set_text (GTK_EDITABLE (entry), text);
  gtk_entry_set_input_purpose (GTK_ENTRY (entry), GTK_INPUT_PURPOSE_NUMBER);
  gtk_widget_set_halign (entry, GTK_ALIGN_START);
  g_signal_connect (entry, "changed", G_CALLBACK (number_changed_cb), question->form);
  return entry;
}

static void
check_toggled_cb (GtkCheckButton *button, BstOrderForm *self)
{
  answer (self, button, g_variant_new_boolean (gtk_check_button_get_active (button)));
}

static GtkWidget *
make_check (const Question *question)
{
  const char *language = bst_session_get_language (question->form->session);
  GtkWidget *button =
      gtk_check_button_new_with_label (bst_text_pick (question->field, "label", language));

  gtk_check_button_set_active (
      GTK_CHECK_BUTTON (button),
      question->answer && g_variant_is_of_type (question->answer, G_VARIANT_TYPE_BOOLEAN) &&
          g_variant_get_boolean (question->answer));
  g_signal_connect (button, "toggled", G_CALLBACK (check_toggled_cb), question->form);
  return button;
}

static void
date_changed_cb (BstDateEntry *entry, BstOrderForm *self)
{
  const char *date = bst_date_entry_get_date (entry);

  answer_text (self, entry, date ? date : (bst_date_entry_is_wrong (entry) ? "?" : NULL));
}

static GtkWidget *
make_date (const Question *question)
{
  g_autofree char *today = bst_session_today (question->form->session);
  BstDateEntry *entry =
      bst_date_entry_new (today, bst_session_get_language (question->form->session));
  const char *date = text_of (question);

  if (*date && *date != '?')
    bst_date_entry_set_date (entry, date);
  g_signal_connect (entry, "changed", G_CALLBACK (date_changed_cb), question->form);
  return GTK_WIDGET (entry);
}

static GVariant *
choice_at (GVariant *field, guint index)
{
  g_autoptr (GVariant) choices = bst_doc_get_list (field, "choices");
  g_autoptr (GVariant) boxed = g_variant_get_child_value (choices, index);

  return g_variant_get_variant (boxed);
}

static guint
n_choices (GVariant *field)
{
  g_autoptr (GVariant) choices = bst_doc_get_list (field, "choices");

  return (guint) g_variant_n_children (choices);
}

static void
choice_selected_cb (GtkDropDown *drop, GParamSpec *pspec, BstOrderForm *self)
{
  guint selected = gtk_drop_down_get_selected (drop);
  g_autoptr (GVariant) field = bst_form_field (self->service, key_of (drop));
  g_autoptr (GVariant) choice = NULL;

  if (selected == 0 || selected == GTK_INVALID_LIST_POSITION)
    {
      answer (self, drop, NULL);
      return;
    }
  choice = choice_at (field, selected - 1);
  answer_text (self, drop, bst_doc_get_string (choice, "value"));
}

static GtkWidget *
make_choice (const Question *question)
{
  const char *language = bst_session_get_language (question->form->session);
  GtkStringList *labels = gtk_string_list_new (NULL);
  GtkWidget *drop;
  guint selected = 0;

  gtk_string_list_append (labels, _ ("Choose…"));
  for (guint i = 0; i < n_choices (question->field); i++)
    {
      g_autoptr (GVariant) choice = choice_at (question->field, i);
      const char *label = bst_text_pick (choice, "label", language);

      gtk_string_list_append (labels, label ? label : "");
      if (g_strcmp0 (bst_doc_get_string (choice, "value"), text_of (question)) == 0)
        selected = i + 1;
    }
  drop = gtk_drop_down_new (G_LIST_MODEL (labels), NULL);
  gtk_drop_down_set_selected (GTK_DROP_DOWN (drop), selected);
  gtk_widget_set_halign (drop, GTK_ALIGN_START);
  g_signal_connect (drop, "notify::selected", G_CALLBACK (choice_selected_cb), question->form);
  return drop;
}

static void
choices_toggled_cb (GtkCheckButton *button, BstOrderForm *self)
{
  GtkWidget *box = gtk_widget_get_parent (GTK_WIDGET (button));
  GVariantBuilder values;
  gboolean any = FALSE;

  g_variant_builder_init (&values, G_VARIANT_TYPE ("av"));
  for (GtkWidget *child = gtk_widget_get_first_child (box); child;
       child = gtk_widget_get_next_sibling (child))
    if (gtk_check_button_get_active (GTK_CHECK_BUTTON (child)))
      {
        g_variant_builder_add (
            &values, "v", g_variant_new_string (g_object_get_data (G_OBJECT (child), "value")));
        any = TRUE;
      }
  if (any)
    answer (self, box, g_variant_builder_end (&values));
  else
    {
      g_variant_builder_clear (&values);
      answer (self, box, NULL);
    }
}

static gboolean
holds (GVariant *list, const char *value)
{
  GVariantIter iter;
  GVariant *item;
  gboolean found = FALSE;

  if (!list || !g_variant_is_of_type (list, G_VARIANT_TYPE ("av")))
    return FALSE;
  g_variant_iter_init (&iter, list);
  while (!found && g_variant_iter_next (&iter, "v", &item))
    {
      found = g_variant_is_of_type (item, G_VARIANT_TYPE_STRING) &&
              g_strcmp0 (g_variant_get_string (item, NULL), value) == 0;
      g_variant_unref (item);
    }
  return found;
}

static GtkWidget *
make_choices (const Question *question)
{
  const char *language = bst_session_get_language (question->form->session);
  GtkWidget *box = gtk_box_new (GTK_ORIENTATION_VERTICAL, 2);

  for (guint i = 0; i < n_choices (question->field); i++)
    {
      g_autoptr (GVariant) choice = choice_at (question->field, i);
      const char *value = bst_doc_get_string (choice, "value");
      GtkWidget *button =
          gtk_check_button_new_with_label (bst_text_pick (choice, "label", language));

      g_object_set_data_full (G_OBJECT (button), "value", g_strdup (value), g_free);
      gtk_check_button_set_active (GTK_CHECK_BUTTON (button), holds (question->answer, value));
      g_signal_connect (button, "toggled", G_CALLBACK (choices_toggled_cb), question->form);
      gtk_box_append (GTK_BOX (box), button);
    }
  return box;
}

static void
record_changed_cb (BstRecordEntry *entry, BstOrderForm *self)
{
  answer_text (self, entry, bst_record_entry_get_value (entry));
}

static GtkWidget *
make_record (const Question *question, const char *type, gboolean free_text)
{
  BstRecordEntry *entry = bst_record_entry_new (question->form->session, type, free_text);

  if (*text_of (question))
    bst_record_entry_set_value (entry, text_of (question));
  g_signal_connect (entry, "changed", G_CALLBACK (record_changed_cb), question->form);
  return GTK_WIDGET (entry);
}

static GtkWidget *
make_person (const Question *question)
{
  return make_record (question, "Person", TRUE);
}

static GtkWidget *
make_unit (const Question *question)
{
  return make_record (question, "OrgUnit", FALSE);
}

static const struct
{
  const char *kind;
  GtkWidget *(*make) (const Question *question);
} kinds[] = {
  { "text", make_text },       { "multiline", make_multiline }, { "number", make_number },
  { "check", make_check },     { "date", make_date },           { "choice", make_choice },
  { "choices", make_choices }, { "person", make_person },       { "unit", make_unit },
};

static GtkWidget *
make_control (const Question *question)
{
  const char *kind = bst_doc_get_string (question->field, "kind");

  for (guint i = 0; i < G_N_ELEMENTS (kinds); i++)
    if (g_strcmp0 (kinds[i].kind, kind) == 0)
      return kinds[i].make (question);
  return make_text (question);
}

/* ---- the rows ---- */

static void
add_question (BstOrderForm *self, GVariant *field, GVariant *answers)
{
  const char *language = bst_session_get_language (self->session);
  const char *key = g_intern_string (bst_doc_get_string (field, "key"));
  g_autoptr (GVariant) given = g_variant_lookup_value (answers, key, NULL);
  Question question = { self, key, field, given };
  gboolean check = g_strcmp0 (bst_doc_get_string (field, "kind"), "check") == 0;
  const char *label = bst_text_pick (field, "label", language);
  g_autofree char *optional = NULL;
  GtkWidget *control = make_control (&question);
  BstFormRow *row;

  g_object_set_data (G_OBJECT (control), "key", (gpointer) key);
  if (!check && !bst_doc_get_bool (field, "required"))
    /* Translators: after the name of a field that may be left empty. */
    optional = g_strdup_printf (_ ("%s (optional)"), label);
  row = bst_form_row_new (check ? NULL : (optional ? optional : label),
                          bst_text_pick (field, "help", language), control);
  if (check)
    gtk_accessible_update_property (GTK_ACCESSIBLE (control), GTK_ACCESSIBLE_PROPERTY_LABEL, label,
                                    -1);
  if (BST_IS_RECORD_ENTRY (control))
    bst_form_row_name (row, bst_record_entry_get_editable (BST_RECORD_ENTRY (control)));
  if (BST_IS_DATE_ENTRY (control))
    bst_form_row_name (row, bst_date_entry_get_editable (BST_DATE_ENTRY (control)));
  g_hash_table_insert (self->rows, (gpointer) key, row);
  gtk_box_append (GTK_BOX (self), GTK_WIDGET (row));
}

static void
bst_order_form_dispose (GObject *object)
{
  BstOrderForm *self = BST_ORDER_FORM (object);

  g_clear_object (&self->session);
  g_clear_pointer (&self->service, g_variant_unref);
  g_clear_pointer (&self->rows, g_hash_table_unref);
  G_OBJECT_CLASS (bst_order_form_parent_class)->dispose (object);
}

static void
bst_order_form_class_init (BstOrderFormClass *klass)
{
  G_OBJECT_CLASS (klass)->dispose = bst_order_form_dispose;
  signals[ANSWERED] =
      g_signal_new ("answered", G_TYPE_FROM_CLASS (klass), G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL,
                    G_TYPE_NONE, 2, G_TYPE_STRING, G_TYPE_VARIANT);
}

static void
bst_order_form_init (BstOrderForm *self)
{
  gtk_orientable_set_orientation (GTK_ORIENTABLE (self), GTK_ORIENTATION_VERTICAL);
  gtk_box_set_spacing (GTK_BOX (self), 12);
  self->rows = g_hash_table_new (g_str_hash, g_str_equal);
}

/* ---- public ---- */

BstOrderForm *
bst_order_form_new (BstSession *session, GVariant *service, GVariant *answers)
{
  BstOrderForm *self = g_object_new (BST_TYPE_ORDER_FORM, NULL);
  g_autoptr (GVariant) form = bst_doc_get_list (service, "form");
  GVariantIter iter;
  GVariant *field;

  self->session = g_object_ref (session);
  self->service = g_variant_ref (service);
  g_variant_iter_init (&iter, form);
  while (g_variant_iter_next (&iter, "v", &field))
    {
      add_question (self, field, answers);
      g_variant_unref (field);
    }
  bst_order_form_set_answers (self, answers);
  return self;
}

void
bst_order_form_set_answers (BstOrderForm *self, GVariant *answers)
{
  g_auto (GStrv) asked = bst_form_asked (self->service, answers);
  GHashTableIter iter;
  gpointer key, row;

  g_hash_table_iter_init (&iter, self->rows);
  while (g_hash_table_iter_next (&iter, &key, &row))
    gtk_widget_set_visible (row, g_strv_contains ((const char *const *) asked, key));
  gtk_widget_set_visible (GTK_WIDGET (self), asked[0] != NULL);
}

BstFormRow *
bst_order_form_row (BstOrderForm *self, const char *key)
{
  return g_hash_table_lookup (self->rows, key);
}
