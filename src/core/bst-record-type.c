/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "bst-record-type.h"

#include "bst-clock.h"
#include "bst-date.h"
#include "bst-money.h"
#include "bst-number.h"

#include <math.h>
#include <string.h>

#define STRING_MAX     1000
#define TEXT_MAX       100000
#define REF_MAX        255   /* RFC 8620 §1.2 Id */
#define COUNT_MAX      10000 /* entries of a map or list */
#define JSON_BYTES_MAX 1000000
#define PROBLEMS_MAX   100 /* more than that helps nobody */

typedef struct
{
  GPtrArray *problems;
  gboolean by_server;
} Check;

typedef void (*CheckValue) (Check *check,
                            const BstField *field,
                            const char *path,
                            GVariant *value,
                            GVariant *previous);

static void check_fields (Check *check,
                          const BstRecordType *type,
                          const char *prefix,
                          GVariant *doc,
                          GVariant *previous);

void
bst_problem_free (BstProblem *problem)
{
  g_free (problem->path);
  g_free (problem->code);
  g_free (problem->message);
  g_free (problem);
}

BstProblem *
bst_problem_new (const char *path, const char *code, const char *message)
{
  BstProblem *problem = g_new0 (BstProblem, 1);

  problem->path = g_strdup (path);
  problem->code = g_strdup (code);
  problem->message = g_strdup_printf ("%s: %s", path, message);
  return problem;
}

static void
add_problem (Check *check, const char *path, const char *code, const char *message)
{
  if (check->problems->len < PROBLEMS_MAX)
    g_ptr_array_add (check->problems, bst_problem_new (path, code, message));
}

/* @value's text; %NULL, and the problem is noted, when it is none. */
static const char *
expect_string (Check *check, const char *path, GVariant *value)
{
  if (g_variant_is_of_type (value, G_VARIANT_TYPE_STRING))
    return g_variant_get_string (value, NULL);
  add_problem (check, path, "type", "must be a text");
  return NULL;
}

static gboolean
expect_type (Check *check,
             const char *path,
             GVariant *value,
             const GVariantType *type,
             const char *what)
{
  if (g_variant_is_of_type (value, type))
    return TRUE;
  add_problem (check, path, "type", what);
  return FALSE;
}

static gboolean
is_longer (const char *text, gsize characters)
{
  gsize bytes = strlen (text);

  return bytes > characters * 4 ||
         (bytes > characters && (gsize) g_utf8_strlen (text, (gssize) bytes) > characters);
}

static void
check_text_length (Check *check, const char *path, GVariant *value, gsize limit)
{
  const char *text = expect_string (check, path, value);

  if (text && is_longer (text, limit))
    add_problem (check, path, "too-long", "the text is too long");
}

static void
check_string (Check *check,
              const BstField *field,
              const char *path,
              GVariant *value,
              GVariant *previous)
{
  check_text_length (check, path, value, STRING_MAX);
  if (g_variant_is_of_type (value, G_VARIANT_TYPE_STRING) &&
      strpbrk (g_variant_get_string (value, NULL), "\r\n"))
    add_problem (check, path, "value", "must be one line");
}

static void
check_text (Check *check,
            const BstField *field,
            const char *path,
            GVariant *value,
            GVariant *previous)
{
  check_text_length (check, path, value, TEXT_MAX);
}

static void
check_localized (Check *check,
                 const BstField *field,
                 const char *path,
                 GVariant *value,
                 GVariant *previous)
{
  GVariantIter iter;
  const char *language;
  GVariant *text;

  if (!expect_type (check, path, value, G_VARIANT_TYPE_VARDICT, "must be texts per language"))
    return;
  g_variant_iter_init (&iter, value);
  while (g_variant_iter_next (&iter, "{&sv}", &language, &text))
    {
      g_autoptr (GVariant) held = text;
      g_autofree char *escaped = bst_path_escape (language);
      g_autofree char *inside = g_strconcat (path, "/", escaped, NULL);

      if (!bst_value_is_null (held))
        check_text_length (check, inside, held, TEXT_MAX);
    }
}

static void
check_bounds (Check *check, const BstField *field, const char *path, double number)
{
  g_autofree char *message = NULL;

  if ((field->least == 0 && field->most == 0) ||
      (number >= (double) field->least && number <= (double) field->most))
    return;
  message = g_strdup_printf ("must be from %" G_GINT64_FORMAT " to %" G_GINT64_FORMAT, field->least,
                             field->most);
  add_problem (check, path, "value", message);
}

static void
check_int (Check *check,
           const BstField *field,
           const char *path,
           GVariant *value,
           GVariant *previous)
{
  if (expect_type (check, path, value, G_VARIANT_TYPE_INT64, "must be a whole number"))
    check_bounds (check, field, path, (double) g_variant_get_int64 (value));
}

static void
check_number (Check *check,
              const BstField *field,
              const char *path,
              GVariant *value,
              GVariant *previous)
{
  if (g_variant_is_of_type (value, G_VARIANT_TYPE_INT64))
    check_bounds (check, field, path, (double) g_variant_get_int64 (value));
  else if (!expect_type (check, path, value, G_VARIANT_TYPE_DOUBLE, "must be a number"))
    return;
  else if (!isfinite (g_variant_get_double (value)))
    add_problem (check, path, "value", "must be a finite number");
  else
    check_bounds (check, field, path, g_variant_get_double (value));
}

static void
check_bool (Check *check,
            const BstField *field,
            const char *path,
            GVariant *value,
            GVariant *previous)
{
  expect_type (check, path, value, G_VARIANT_TYPE_BOOLEAN, "must be true or false");
}

static void
check_enum (Check *check,
            const BstField *field,
            const char *path,
            GVariant *value,
            GVariant *previous)
{
  const char *text = expect_string (check, path, value);

  if (text && !g_strv_contains (field->values, text))
    add_problem (check, path, "value", "is not one of the values allowed");
}

static void
check_instant (Check *check,
               const BstField *field,
               const char *path,
               GVariant *value,
               GVariant *previous)
{
  const char *text = expect_string (check, path, value);
  gint64 seconds;

  if (text && !bst_instant_parse (text, &seconds))
    add_problem (check, path, "value", "must be an instant such as 2026-03-12T14:02:00Z");
}

static void
check_date (Check *check,
            const BstField *field,
            const char *path,
            GVariant *value,
            GVariant *previous)
{
  const char *text = expect_string (check, path, value);

  if (text && !bst_date_parse (text, NULL))
    add_problem (check, path, "value", "must be a day such as 2026-03-12");
}

static void
check_money (Check *check,
             const BstField *field,
             const char *path,
             GVariant *value,
             GVariant *previous)
{
  g_autoptr (GVariant) holder = NULL;
  BstMoney money;

  if (!expect_type (check, path, value, G_VARIANT_TYPE_VARDICT,
                    "must be an amount with its currency"))
    return;
  holder = bst_doc_set (NULL, "money", value);
  if (!bst_money_from_doc (holder, "money", &money))
    add_problem (check, path, "value", "must be {amount: minor units, currency: ISO 4217}");
}

static void
check_digits (Check *check,
              const BstField *field,
              const char *path,
              GVariant *value,
              GVariant *previous)
{
  static const BstNumberKind kinds[] = {
    [BST_FIELD_GLN] = BST_NUMBER_GLN,
    [BST_FIELD_CVR] = BST_NUMBER_CVR,
    [BST_FIELD_ORGNR] = BST_NUMBER_ORGNR,
  };
  const char *text = expect_string (check, path, value);

  if (text && !bst_number_check (kinds[field->kind], text))
    add_problem (check, path, "check-digit", "the number is not valid");
}

static void
check_ref (Check *check,
           const BstField *field,
           const char *path,
           GVariant *value,
           GVariant *previous)
{
  const char *text = expect_string (check, path, value);

  if (text && (!*text || strlen (text) > REF_MAX))
    add_problem (check, path, *text ? "too-long" : "value", "must be the id of a record");
}

/* Each item of a list, unboxed, with its path, to @check_item. */
static void
check_items (Check *check,
             const BstField *field,
             const char *path,
             GVariant *value,
             CheckValue check_item)
{
  gsize n;

  if (!expect_type (check, path, value, G_VARIANT_TYPE ("av"), "must be a list"))
    return;
  n = g_variant_n_children (value);
  if (n > COUNT_MAX)
    {
      add_problem (check, path, "too-long", "has too many entries");
      return;
    }
  for (gsize i = 0; i < n; i++)
    {
      g_autoptr (GVariant) box = g_variant_get_child_value (value, i);
      g_autoptr (GVariant) item = g_variant_get_variant (box);
      g_autofree char *inside = g_strdup_printf ("%s/%" G_GSIZE_FORMAT, path, i);

      check_item (check, field, inside, item, NULL);
    }
}

static void
check_refs (Check *check,
            const BstField *field,
            const char *path,
            GVariant *value,
            GVariant *previous)
{
  check_items (check, field, path, value, check_ref);
}

static void
check_strings (Check *check,
               const BstField *field,
               const char *path,
               GVariant *value,
               GVariant *previous)
{
  check_items (check, field, path, value, check_string);
}

static void
check_object (Check *check,
              const BstField *field,
              const char *path,
              GVariant *value,
              GVariant *previous)
{
  g_autofree char *prefix = g_strconcat (path, "/", NULL);

  if (expect_type (check, path, value, G_VARIANT_TYPE_VARDICT, "must be an object"))
    check_fields (check, field->part, prefix, value, previous);
}

static void
check_list (Check *check,
            const BstField *field,
            const char *path,
            GVariant *value,
            GVariant *previous)
{
  check_items (check, field, path, value, check_object);
}

static void
check_map (Check *check,
           const BstField *field,
           const char *path,
           GVariant *value,
           GVariant *previous)
{
  GVariantIter iter;
  const char *key;
  GVariant *item;

  if (!expect_type (check, path, value, G_VARIANT_TYPE_VARDICT, "must be an object"))
    return;
  if (g_variant_n_children (value) > COUNT_MAX)
    {
      add_problem (check, path, "too-long", "has too many entries");
      return;
    }
  g_variant_iter_init (&iter, value);
  while (g_variant_iter_next (&iter, "{&sv}", &key, &item))
    {
      g_autoptr (GVariant) held = item;
      g_autoptr (GVariant) before = NULL;
      g_autofree char *escaped = bst_path_escape (key);
      g_autofree char *inside = g_strconcat (path, "/", escaped, NULL);

      if (previous && g_variant_is_of_type (previous, G_VARIANT_TYPE_VARDICT))
        before = g_variant_lookup_value (previous, key, NULL);
      if (!*key || strlen (key) > REF_MAX)
        add_problem (check, path, "value", "a key is empty or too long");
      else
        check_object (check, field, inside, held, before);
    }
}

static void
check_json (Check *check,
            const BstField *field,
            const char *path,
            GVariant *value,
            GVariant *previous)
{
  if (g_variant_get_size (value) > JSON_BYTES_MAX)
    add_problem (check, path, "too-long", "is too large");
}

static const CheckValue check_kind[] = {
  [BST_FIELD_STRING] = check_string,
  [BST_FIELD_TEXT] = check_text,
  [BST_FIELD_LOCALIZED] = check_localized,
  [BST_FIELD_INT] = check_int,
  [BST_FIELD_NUMBER] = check_number,
  [BST_FIELD_BOOL] = check_bool,
  [BST_FIELD_ENUM] = check_enum,
  [BST_FIELD_INSTANT] = check_instant,
  [BST_FIELD_DATE] = check_date,
  [BST_FIELD_MONEY] = check_money,
  [BST_FIELD_GLN] = check_digits,
  [BST_FIELD_CVR] = check_digits,
  [BST_FIELD_ORGNR] = check_digits,
  [BST_FIELD_REF] = check_ref,
  [BST_FIELD_REFS] = check_refs,
  [BST_FIELD_STRINGS] = check_strings,
  [BST_FIELD_MAP] = check_map,
  [BST_FIELD_OBJECT] = check_object,
  [BST_FIELD_LIST] = check_list,
  [BST_FIELD_JSON] = check_json,
};

/* Nothing of what a required property must hold: "", {} of texts. */
static gboolean
is_empty (const BstField *field, GVariant *value)
{
  if (bst_value_is_null (value))
    return TRUE;
  if (g_variant_is_of_type (value, G_VARIANT_TYPE_STRING))
    return !*g_variant_get_string (value, NULL);
  return field->kind == BST_FIELD_LOCALIZED &&
         g_variant_is_of_type (value, G_VARIANT_TYPE_VARDICT) && g_variant_n_children (value) == 0;
}

/* Parts that a server fills in (a line's state …) are looked after inside; here only whole properties. */
static void
check_may_set (Check *check,
               const BstField *field,
               const char *path,
               GVariant *value,
               GVariant *before,
               gboolean is_new)
{
  gboolean same = bst_value_is_null (value) ? bst_value_is_null (before)
                                            : before && bst_doc_equal (value, before);

  if (same)
    return;
  if ((field->flags & BST_FIELD_SERVER) && !check->by_server)
    add_problem (check, path, "server-set", "is set by the server only");
  else if ((field->flags & BST_FIELD_IMMUTABLE) && !is_new)
    add_problem (check, path, "immutable", "cannot be changed");
}

static void
check_fields (Check *check,
              const BstRecordType *type,
              const char *prefix,
              GVariant *doc,
              GVariant *previous)
{
  gboolean was_map = previous && g_variant_is_of_type (previous, G_VARIANT_TYPE_VARDICT);

  for (const BstField *field = type->fields; field->name; field++)
    {
      g_autoptr (GVariant) value = g_variant_lookup_value (doc, field->name, NULL);
      g_autoptr (GVariant) before =
          was_map ? g_variant_lookup_value (previous, field->name, NULL) : NULL;
      g_autofree char *path = g_strconcat (prefix, field->name, NULL);

      check_may_set (check, field, path, value, before, !was_map);
      if ((field->flags & BST_FIELD_REQUIRED) && is_empty (field, value))
        add_problem (check, path, "required", "is missing");
      else if (!bst_value_is_null (value))
        check_kind[field->kind](check, field, path, value, before);
    }
}

/* What only the whole says; its words are "path: what is wrong". */
static void
check_whole (Check *check, const BstRecordType *type, GVariant *doc)
{
  g_autoptr (GError) error = NULL;
  const char *colon;
  g_autofree char *path = NULL;

  if (!type->check || type->check (doc, &error))
    return;
  colon = strstr (error->message, ": ");
  path = colon ? g_strndup (error->message, (gsize) (colon - error->message)) : g_strdup ("");
  add_problem (check, path, "value", colon ? colon + 2 : error->message);
}

GPtrArray *
bst_record_type_validate (const BstRecordType *type,
                          GVariant *doc,
                          GVariant *previous,
                          gboolean by_server)
{
  g_autoptr (GPtrArray) problems =
      g_ptr_array_new_with_free_func ((GDestroyNotify) bst_problem_free);
  Check check = { problems, by_server };

  if (!g_variant_is_of_type (doc, G_VARIANT_TYPE_VARDICT))
    add_problem (&check, "", "type", "must be an object");
  else
    check_fields (&check, type, "", doc, previous);
  if (problems->len == 0)
    check_whole (&check, type, doc);
  return g_steal_pointer (&problems);
}

GVariant *
bst_record_client_part (GVariant *doc, const BstRecordType *type)
{
  GVariant *clean = g_variant_ref (doc);

  for (const BstField *field = type->fields; field->name; field++)
    {
      g_autoptr (GVariant) map = NULL;
      GVariantIter iter;
      const char *key;
      GVariant *value;

      if (field->flags & BST_FIELD_SERVER)
        {
          bst_doc_replace (&clean, bst_doc_set (clean, field->name, NULL));
          continue;
        }
      if (field->kind != BST_FIELD_MAP || !field->part)
        continue;
      map = bst_doc_get_map (clean, field->name);
      g_variant_iter_init (&iter, map);
      while (g_variant_iter_next (&iter, "{&sv}", &key, &value))
        {
          g_autofree char *escaped = bst_path_escape (key);
          g_autofree char *path = g_strconcat (field->name, "/", escaped, NULL);

          if (g_variant_is_of_type (value, G_VARIANT_TYPE_VARDICT))
            {
              g_autoptr (GVariant) part = bst_record_client_part (value, field->part);

              bst_doc_replace (&clean, bst_doc_set (clean, path, part));
            }
          g_variant_unref (value);
        }
    }
  return clean;
}
