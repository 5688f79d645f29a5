/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "bst-form.h"

#include "bst-date.h"

#include <math.h>
#include <string.h>

GVariant *
bst_form_field (GVariant *service, const char *key)
{
  g_autoptr (GVariant) form = bst_doc_get_list (service, "form");
  GVariantIter iter;
  GVariant *field;

  g_variant_iter_init (&iter, form);
  while (g_variant_iter_next (&iter, "v", &field))
    {
      if (g_strcmp0 (bst_doc_get_string (field, "key"), key) == 0)
        return field;
      g_variant_unref (field);
    }
  return NULL;
}

gboolean
bst_form_is_filled (GVariant *answer)
{
  if (bst_value_is_null (answer))
    return FALSE;
  if (g_variant_is_of_type (answer, G_VARIANT_TYPE_STRING))
    {
      g_autofree char *text = g_strdup (g_variant_get_string (answer, NULL));

      return *g_strstrip (text) != '\0';
    }
  return !g_variant_is_container (answer) || g_variant_n_children (answer) > 0;
}

static GVariant *
answer_to (GVariant *answers, const char *key)
{
  if (!answers || !g_variant_is_of_type (answers, G_VARIANT_TYPE_VARDICT))
    return NULL;
  return g_variant_lookup_value (answers, key, NULL);
}

static gboolean
list_has (GVariant *list, GVariant *wanted)
{
  GVariantIter iter;
  GVariant *item;

  g_variant_iter_init (&iter, list);
  while (g_variant_iter_next (&iter, "v", &item))
    {
      g_autoptr (GVariant) held = item;

      if (bst_doc_equal (held, wanted))
        return TRUE;
    }
  return FALSE;
}

/* An answer of several choices fits when one of them does. */
static gboolean
answer_is (GVariant *answer, GVariant *wanted)
{
  if (g_variant_is_of_type (answer, G_VARIANT_TYPE ("av")) &&
      !g_variant_is_of_type (wanted, G_VARIANT_TYPE ("av")))
    return list_has (answer, wanted);
  return bst_doc_equal (answer, wanted);
}

static gboolean
answer_in (GVariant *answer, GVariant *list)
{
  GVariantIter iter;
  GVariant *item;

  g_variant_iter_init (&iter, list);
  while (g_variant_iter_next (&iter, "v", &item))
    {
      g_autoptr (GVariant) held = item;

      if (answer_is (answer, held))
        return TRUE;
    }
  return FALSE;
}

static gboolean
condition_holds (GVariant *when, GVariant *answer)
{
  g_autoptr (GVariant) equals = bst_doc_lookup (when, "equals");
  g_autoptr (GVariant) in = bst_doc_get_list (when, "in");
  gboolean is_unticked = answer && g_variant_is_of_type (answer, G_VARIANT_TYPE_BOOLEAN) &&
                         !g_variant_get_boolean (answer);

  /* A box that nobody touched is an unticked one. */
  if (!answer && !bst_value_is_null (equals) &&
      g_variant_is_of_type (equals, G_VARIANT_TYPE_BOOLEAN))
    return !g_variant_get_boolean (equals);
  if (!bst_form_is_filled (answer))
    return bst_doc_has (when, "filled") && !bst_doc_get_bool (when, "filled");
  if (!bst_value_is_null (equals))
    return answer_is (answer, equals);
  if (g_variant_n_children (in) > 0)
    return answer_in (answer, in);
  if (bst_doc_has (when, "filled"))
    return bst_doc_get_bool (when, "filled") != is_unticked;
  return !is_unticked;
}

/* @depth bounds chains, and so circles: a chain of conditions is no longer than the form. */
static gboolean
is_asked (GVariant *service, GVariant *answers, GVariant *field, gsize depth)
{
  g_autoptr (GVariant) when = bst_doc_lookup (field, "when");
  const char *other = bst_doc_get_string (when, "field");
  g_autoptr (GVariant) decider = NULL;
  g_autoptr (GVariant) answer = NULL;

  if (bst_value_is_null (when))
    return TRUE;
  decider = other ? bst_form_field (service, other) : NULL;
  if (!decider || depth == 0 || !is_asked (service, answers, decider, depth - 1))
    return FALSE;
  answer = answer_to (answers, other);
  return condition_holds (when, answer);
}

/* The fields that are asked. Returns: (transfer full) (element-type GVariant). */
static GPtrArray *
asked_fields (GVariant *service, GVariant *answers)
{
  GPtrArray *asked = g_ptr_array_new_with_free_func ((GDestroyNotify) g_variant_unref);
  g_autoptr (GVariant) form = bst_doc_get_list (service, "form");
  GVariantIter iter;
  GVariant *field;

  g_variant_iter_init (&iter, form);
  while (g_variant_iter_next (&iter, "v", &field))
    {
      g_autoptr (GVariant) held = field;

      if (bst_doc_get_string (field, "key") &&
          is_asked (service, answers, field, g_variant_n_children (form)))
        g_ptr_array_add (asked, g_steal_pointer (&held));
    }
  return asked;
}

char **
bst_form_asked (GVariant *service, GVariant *answers)
{
  g_autoptr (GPtrArray) asked = asked_fields (service, answers);
  g_autoptr (GStrvBuilder) keys = g_strv_builder_new ();

  for (guint i = 0; i < asked->len; i++)
    g_strv_builder_add (keys, bst_doc_get_string (asked->pdata[i], "key"));
  return g_strv_builder_end (keys);
}

/* ---- what is wrong with an answer: a code, or NULL ---- */

static const char *
check_text (GVariant *field, GVariant *answer)
{
  const char *text = g_variant_get_string (answer, NULL);
  gint64 limit = bst_doc_get_int (field, "maxLength", 0);
  const char *pattern = bst_doc_get_string (field, "pattern");

  if (limit > 0 && g_utf8_strlen (text, -1) > limit)
    return "too-long";
  if (pattern && *pattern)
    {
      g_autofree char *anchored = g_strdup_printf ("\\A(?:%s)\\z", pattern);
      g_autoptr (GRegex) regex = g_regex_new (anchored, 0, 0, NULL);

      /* A pattern that is none is the catalogue's fault, not the orderer's. */
      if (regex && !g_regex_match (regex, text, 0, NULL))
        return "pattern";
    }
  return NULL;
}

static const char *
check_number (GVariant *field, GVariant *answer)
{
  double number = g_variant_is_of_type (answer, G_VARIANT_TYPE_INT64)
                      ? (double) g_variant_get_int64 (answer)
                      : g_variant_get_double (answer);

  if (!isfinite (number))
    return "type";
  if (bst_doc_has (field, "min") && number < bst_doc_get_double (field, "min", -HUGE_VAL))
    return "too-small";
  if (bst_doc_has (field, "max") && number > bst_doc_get_double (field, "max", HUGE_VAL))
    return "too-large";
  return NULL;
}

static gboolean
is_choice (GVariant *field, GVariant *answer)
{
  g_autoptr (GVariant) choices = bst_doc_get_list (field, "choices");
  GVariantIter iter;
  GVariant *choice;

  if (!g_variant_is_of_type (answer, G_VARIANT_TYPE_STRING))
    return FALSE;
  g_variant_iter_init (&iter, choices);
  while (g_variant_iter_next (&iter, "v", &choice))
    {
      g_autoptr (GVariant) held = choice;

      if (g_strcmp0 (bst_doc_get_string (held, "value"), g_variant_get_string (answer, NULL)) == 0)
        return TRUE;
    }
  return FALSE;
}

static const char *
check_choice (GVariant *field, GVariant *answer)
{
  return is_choice (field, answer) ? NULL : "choice";
}

static const char *
check_choices (GVariant *field, GVariant *answer)
{
  GVariantIter iter;
  GVariant *item;

  g_variant_iter_init (&iter, answer);
  while (g_variant_iter_next (&iter, "v", &item))
    {
      g_autoptr (GVariant) held = item;

      if (!is_choice (field, held))
        return "choice";
    }
  return NULL;
}

static const char *
check_date (GVariant *field, GVariant *answer)
{
  return bst_date_parse (g_variant_get_string (answer, NULL), NULL) ? NULL : "value";
}

static const char *
check_tick (GVariant *field, GVariant *answer)
{
  return bst_doc_get_bool (field, "required") && !g_variant_get_boolean (answer) ? "required"
                                                                                 : NULL;
}

static const struct
{
  const char *kind;
  const char *types; /* of GVariant, any of these */
  const char *(*check) (GVariant *field, GVariant *answer);
} kinds[] = {
  { "text", "s", check_text },       { "multiline", "s", check_text },
  { "number", "xd", check_number },  { "check", "b", check_tick },
  { "date", "s", check_date },       { "choice", "s", check_choice },
  { "choices", "a", check_choices }, { "person", "s", check_text },
  { "unit", "s", check_text },
};

static const char *
check_answer (GVariant *field, GVariant *answer)
{
  const char *kind = bst_doc_get_string (field, "kind");

  if (!bst_form_is_filled (answer))
    return bst_doc_get_bool (field, "required") ? "required" : NULL;
  for (gsize i = 0; i < G_N_ELEMENTS (kinds); i++)
    {
      const char *type = g_variant_get_type_string (answer);

      if (g_strcmp0 (kinds[i].kind, kind) != 0)
        continue;
      /* of the containers only lists are answers */
      if (!strchr (kinds[i].types, type[0]) || (type[0] == 'a' && strcmp (type, "av") != 0))
        return "type";
      return kinds[i].check (field, answer);
    }
  return NULL;
}

GPtrArray *
bst_form_problems (GVariant *service, GVariant *answers, const char *prefix)
{
  GPtrArray *problems = g_ptr_array_new_with_free_func ((GDestroyNotify) bst_problem_free);
  g_autoptr (GPtrArray) asked = asked_fields (service, answers);

  for (guint i = 0; i < asked->len; i++)
    {
      const char *key = bst_doc_get_string (asked->pdata[i], "key");
      g_autoptr (GVariant) answer = answer_to (answers, key);
      g_autofree char *escaped = bst_path_escape (key);
      g_autofree char *path = g_strconcat (prefix ? prefix : "", escaped, NULL);
      const char *code = check_answer (asked->pdata[i], answer);

      if (code)
        g_ptr_array_add (problems,
                         bst_problem_new (path, code, "the answer is missing or not allowed"));
    }
  return problems;
}

GVariant *
bst_form_clean (GVariant *service, GVariant *answers)
{
  g_auto (GStrv) asked = bst_form_asked (service, answers);
  GVariantBuilder clean;

  g_variant_builder_init (&clean, G_VARIANT_TYPE_VARDICT);
  for (char **key = asked; *key; key++)
    {
      g_autoptr (GVariant) answer = answer_to (answers, *key);

      if (answer)
        g_variant_builder_add (&clean, "{sv}", *key, answer);
    }
  return bst_doc_take (g_variant_builder_end (&clean));
}

/* Whether @answer is one to such a question at all, right or wrong. */
static gboolean
can_answer (GVariant *field, GVariant *answer)
{
  const char *code = check_answer (field, answer);

  return g_strcmp0 (code, "type") != 0 && g_strcmp0 (code, "choice") != 0;
}

static gboolean
is_same_question (GVariant *then, GVariant *now)
{
  g_autoptr (GVariant) choices_then = bst_doc_get_list (then, "choices");
  g_autoptr (GVariant) choices_now = bst_doc_get_list (now, "choices");

  return g_strcmp0 (bst_doc_get_string (then, "kind"), bst_doc_get_string (now, "kind")) == 0 &&
         bst_doc_equal (choices_then, choices_now);
}

/* What is wrong because it was typed so is said at the field; only a question that changed leaves its answer behind. */
static gboolean
is_left (GVariant *service, const char *key, GVariant *answer, GVariant *then)
{
  g_autoptr (GVariant) now = bst_form_field (service, key);

  if (!bst_form_is_filled (answer))
    return FALSE;
  return !now || (then && !is_same_question (then, now) && !can_answer (now, answer));
}

static int
compare_keys (gconstpointer a, gconstpointer b)
{
  return strcmp (*(const char *const *) a, *(const char *const *) b);
}

char **
bst_form_left (GVariant *service, GVariant *answers, GVariant *asked)
{
  g_autoptr (GPtrArray) keys = g_ptr_array_new ();
  GVariantIter iter;
  const char *key;
  GVariant *answer;

  g_variant_iter_init (&iter, answers);
  while (g_variant_iter_next (&iter, "{&sv}", &key, &answer))
    {
      g_autoptr (GVariant) held = answer;
      g_autoptr (GVariant) then = answer_to (asked, key);

      if (is_left (service, key, answer, then))
        g_ptr_array_add (keys, g_strdup (key));
    }
  g_ptr_array_sort (keys, compare_keys);
  g_ptr_array_add (keys, NULL);
  return (char **) g_ptr_array_free (g_steal_pointer (&keys), FALSE);
}
