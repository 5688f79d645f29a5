/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "bst-field-words.h"

#include <string.h>

#include <glib/gi18n.h>

#include "bst-form.h"
#include "bst-format.h"
#include "bst-offer.h"
#include "bst-text.h"

/* ---- answers ---- */

static char *
person_name (const char *id, BstRecords *records)
{
  GVariant *person = bst_records_get (records, "Person", id);
  const char *name = person ? bst_doc_get_string (person, "name") : NULL;

  return g_strdup (name ? name : _ ("A person who is no longer here"));
}

static char *
unit_name (const char *id, BstSession *session)
{
  BstOrg *org = bst_session_get_org (session);
  const char *name = org ? bst_org_unit_name (org, id) : NULL;

  return g_strdup (name ? name : _ ("A unit that is no longer here"));
}

/* The words of one choice of a question; what is no choice is said as it stands. */
static char *
choice_text (GVariant *field, const char *value, const char *language)
{
  g_autoptr (GVariant) choices = field ? bst_doc_get_list (field, "choices") : NULL;
  GVariantIter iter;
  GVariant *choice;
  char *found = NULL;

  if (choices)
    g_variant_iter_init (&iter, choices);
  while (choices && !found && g_variant_iter_next (&iter, "v", &choice))
    {
      if (g_strcmp0 (bst_doc_get_string (choice, "value"), value) == 0)
        found = g_strdup (bst_text_pick (choice, "label", language));
      g_variant_unref (choice);
    }
  return found ? found : g_strdup (value);
}

static char *
string_text (GVariant *field, const char *value, BstSession *session, BstRecords *records)
{
  const char *kind = field ? bst_doc_get_string (field, "kind") : NULL;
  const char *language = bst_session_get_language (session);

  if (g_strcmp0 (kind, "date") == 0)
    return bst_format_date (value, BST_DATE_MEDIUM, language);
  if (g_strcmp0 (kind, "person") == 0)
    return person_name (value, records);
  if (g_strcmp0 (kind, "unit") == 0)
    return unit_name (value, session);
  return choice_text (field, value, language);
}

static char *
list_text (GVariant *field, GVariant *list, BstSession *session, BstRecords *records)
{
  g_autoptr (GPtrArray) texts = g_ptr_array_new_with_free_func (g_free);
  GVariantIter iter;
  GVariant *item;

  g_variant_iter_init (&iter, list);
  while (g_variant_iter_next (&iter, "v", &item))
    {
      g_ptr_array_add (texts, bst_answer_value (field, item, session, records));
      g_variant_unref (item);
    }
  g_ptr_array_add (texts, NULL);
  return g_strjoinv (", ", (char **) texts->pdata);
}

char *
bst_answer_value (GVariant *field, GVariant *answer, BstSession *session, BstRecords *records)
{
  const char *language = bst_session_get_language (session);
  const char *suffix = field ? bst_text_pick (field, "suffix", language) : NULL;
  g_autofree char *number = NULL;

  if (bst_value_is_null (answer))
    return g_strdup (_ ("Not filled in"));
  if (g_variant_is_of_type (answer, G_VARIANT_TYPE_STRING))
    return string_text (field, g_variant_get_string (answer, NULL), session, records);
  if (g_variant_is_of_type (answer, G_VARIANT_TYPE_BOOLEAN))
    return g_strdup (g_variant_get_boolean (answer) ? _ ("Yes") : _ ("No"));
  if (g_variant_is_of_type (answer, G_VARIANT_TYPE ("av")))
    return list_text (field, answer, session, records);
  if (g_variant_is_of_type (answer, G_VARIANT_TYPE_INT64))
    number = bst_format_int (g_variant_get_int64 (answer), language);
  else if (g_variant_is_of_type (answer, G_VARIANT_TYPE_DOUBLE))
    number = bst_format_decimal (g_variant_get_double (answer), 2, language);
  if (!number)
    return g_strdup (_ ("Filled in"));
  return suffix ? g_strconcat (number, " ", suffix, NULL) : g_steal_pointer (&number);
}

/* ---- the order's own fields ---- */

static const struct
{
  const char *name;
  const char *label;
} labels[] = {
  { "title", N_ ("Title of the order") },
  { "need", N_ ("What should happen?") },
  { "unit", N_ ("Unit that orders") },
  { "ean", N_ ("EAN number") },
  { "costPlace", N_ ("Cost place") },
  { "receivers", N_ ("Who receives it") },
  { "place", N_ ("Where") },
  { "wantedDate", N_ ("Wanted on") },
  { "attachments", N_ ("File") },
  { "lines", N_ ("What you order") },
  { "orderer", N_ ("Who orders") },
  { "priority", N_ ("Priority") },
};

static const char *
label_of (const char *name)
{
  for (guint i = 0; i < G_N_ELEMENTS (labels); i++)
    if (strcmp (labels[i].name, name) == 0)
      return _ (labels[i].label);
  return _ ("Something else in the order");
}

static const struct
{
  const char *name;
  const char *text;
} priorities[] = {
  { "low", N_ ("Low") },
  { "normal", N_ ("Normal") },
  { "high", N_ ("High") },
  { "urgent", N_ ("Urgent") },
};

static char *
priority_text (const char *name)
{
  for (guint i = 0; i < G_N_ELEMENTS (priorities); i++)
    if (strcmp (priorities[i].name, name) == 0)
      return g_strdup (_ (priorities[i].text));
  return g_strdup (name);
}

/* The line's name, from this order. */
static char *
line_name (GVariant *order, const char *id, const char *language)
{
  g_autoptr (GVariant) line = bst_request_line (order, id);
  const char *name = line ? bst_text_pick (line, "name", language) : NULL;

  return g_strdup (name ? name : _ ("A service"));
}

/* The question that @key answers, of the service on the line. */
static GVariant *
question_of (GVariant *order, const char *line_id, const char *key, BstRecords *records)
{
  g_autoptr (GVariant) line = bst_request_line (order, line_id);
  GVariant *service =
      line ? bst_records_get (records, "Service", bst_doc_get_string (line, "service")) : NULL;

  return service ? bst_form_field (service, key) : NULL;
}

static char *
line_field_label (GVariant *order, char **keys, BstSession *session, BstRecords *records)
{
  const char *language = bst_session_get_language (session);
  g_autofree char *name = line_name (order, keys[1], language);
  g_autoptr (GVariant) question = NULL;
  const char *label = NULL;

  if (!keys[2])
    return g_strdup (label_of ("lines"));
  if (strcmp (keys[2], "quantity") == 0)
    label = _ ("how many");
  else if (strcmp (keys[2], "wantedDate") == 0)
    label = _ ("wanted on");
  else if (strcmp (keys[2], "answers") == 0 && keys[3])
    {
      question = question_of (order, keys[1], keys[3], records);
      label = question ? bst_text_pick (question, "label", language) : NULL;
    }
  if (!label)
    label = _ ("an answer");
  /* Translators: the service on a line of the order, and what is asked about it. */
  return g_strdup_printf (_ ("%s: %s"), name, label);
}

char *
bst_field_label (GVariant *order, const char *path, BstSession *session, BstRecords *records)
{
  g_auto (GStrv) keys = g_strsplit (path, "/", -1);

  if (strcmp (keys[0], "lines") == 0 && keys[1])
    return line_field_label (order, keys, session, records);
  return g_strdup (label_of (keys[0]));
}

static char *
line_text (GVariant *line, const char *language)
{
  const char *name = bst_text_pick (line, "name", language);
  g_autoptr (GVariant) price = bst_doc_get_map (line, "price");
  g_autofree char *cost = bst_offer_price_text (price, language);
  g_autofree char *quantity = bst_format_int (bst_doc_get_int (line, "quantity", 1), language);

  /* Translators: how many, of what, and at which price. */
  return g_strdup_printf (_ ("%s × %s · %s"), quantity, name ? name : _ ("A service"), cost);
}

static char *
part_text (const char *map, GVariant *part, BstSession *session, BstRecords *records)
{
  const char *person = bst_doc_get_string (part, "person");
  const char *name = bst_doc_get_string (part, "name");

  if (strcmp (map, "lines") == 0)
    return line_text (part, bst_session_get_language (session));
  if (person && !name)
    return person_name (person, records);
  return g_strdup (name ? name : _ ("Filled in"));
}

static char *
text_value (const char *name, const char *text, BstSession *session, BstRecords *records)
{
  if (strcmp (name, "wantedDate") == 0)
    return bst_format_date (text, BST_DATE_MEDIUM, bst_session_get_language (session));
  if (strcmp (name, "unit") == 0)
    return unit_name (text, session);
  if (strcmp (name, "orderer") == 0)
    return person_name (text, records);
  if (strcmp (name, "priority") == 0)
    return priority_text (text);
  return g_strdup (*text ? text : _ ("Not filled in"));
}

char *
bst_field_value (GVariant *order,
                 const char *path,
                 GVariant *value,
                 BstSession *session,
                 BstRecords *records)
{
  g_auto (GStrv) keys = g_strsplit (path, "/", -1);
  guint n = g_strv_length (keys);
  g_autoptr (GVariant) question = NULL;

  if (bst_value_is_null (value))
    return g_strdup (n == 2 ? _ ("Taken away") : _ ("Not filled in"));
  if (n == 2 && g_variant_is_of_type (value, G_VARIANT_TYPE_VARDICT))
    return part_text (keys[0], value, session, records);
  if (n == 4)
    question = question_of (order, keys[1], keys[3], records);
  if (n != 4 && g_variant_is_of_type (value, G_VARIANT_TYPE_STRING))
    return text_value (keys[n - 1], g_variant_get_string (value, NULL), session, records);
  return bst_answer_value (question, value, session, records);
}
