/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "core-fixture.h"

#include "bst-record-type.h"

#include <string.h>

/* A reader of JSON for tests, so that core's tests need no JSON library: no escapes but \n, \" and \'. */
static GVariant *parse_value (const char **p);

static void
skip_space (const char **p)
{
  *p += strspn (*p, " \n\r\t");
}

static void
expect (const char **p, char c)
{
  skip_space (p);
  if (**p != c)
    g_error ("expected %c at: %.40s", c, *p);
  (*p)++;
}

static gboolean
accept_char (const char **p, char c)
{
  skip_space (p);
  if (**p != c)
    return FALSE;
  (*p)++;
  return TRUE;
}

static char *
parse_string (const char **p)
{
  g_autoptr (GString) text = g_string_new (NULL);
  char quote;

  skip_space (p);
  quote = *(*p)++;
  g_assert_true (quote == '"' || quote == '\'');
  for (; **p != quote; (*p)++)
    {
      g_assert_true (**p);
      if (**p == '\\')
        {
          (*p)++;
          g_string_append_c (text, **p == 'n' ? '\n' : **p);
        }
      else
        g_string_append_c (text, **p);
    }
  (*p)++;
  return g_strdup (text->str);
}

static GVariant *
parse_object (const char **p)
{
  GVariantBuilder builder;

  g_variant_builder_init (&builder, G_VARIANT_TYPE_VARDICT);
  expect (p, '{');
  if (!accept_char (p, '}'))
    do
      {
        g_autofree char *key = parse_string (p);

        expect (p, ':');
        g_variant_builder_add (&builder, "{sv}", key, parse_value (p));
      }
    while (accept_char (p, ',') || (expect (p, '}'), FALSE));
  return g_variant_builder_end (&builder);
}

static GVariant *
parse_array (const char **p)
{
  GVariantBuilder builder;

  g_variant_builder_init (&builder, G_VARIANT_TYPE ("av"));
  expect (p, '[');
  if (!accept_char (p, ']'))
    do
      g_variant_builder_add (&builder, "v", parse_value (p));
    while (accept_char (p, ',') || (expect (p, ']'), FALSE));
  return g_variant_builder_end (&builder);
}

static GVariant *
parse_number (const char **p)
{
  gsize length = strspn (*p, "+-0123456789.eE");
  g_autofree char *text = g_strndup (*p, length);

  g_assert_cmpuint (length, >, 0);
  *p += length;
  if (strpbrk (text, ".eE"))
    return g_variant_new_double (g_ascii_strtod (text, NULL));
  return g_variant_new_int64 (g_ascii_strtoll (text, NULL, 10));
}

static gboolean
accept_word (const char **p, const char *word)
{
  if (!g_str_has_prefix (*p, word))
    return FALSE;
  *p += strlen (word);
  return TRUE;
}

static GVariant *
parse_value (const char **p)
{
  skip_space (p);
  if (**p == '{')
    return parse_object (p);
  if (**p == '[')
    return parse_array (p);
  if (**p == '"' || **p == '\'')
    return g_variant_new_take_string (parse_string (p));
  if (accept_word (p, "true"))
    return g_variant_new_boolean (TRUE);
  if (accept_word (p, "false"))
    return g_variant_new_boolean (FALSE);
  if (accept_word (p, "null"))
    return g_variant_new_maybe (G_VARIANT_TYPE_VARIANT, NULL);
  return parse_number (p);
}

GVariant *
core_doc (const char *json)
{
  const char *p = json;
  GVariant *doc = bst_doc_take (parse_value (&p));

  skip_space (&p);
  if (*p)
    g_error ("left over: %.40s", p);
  return doc;
}

GVariant *
core_doc_format (const char *format, ...)
{
  g_autofree char *json = NULL;
  va_list arguments;

  va_start (arguments, format);
  json = g_strdup_vprintf (format, arguments);
  va_end (arguments);
  return core_doc (json);
}

GPtrArray *
core_docs (const char *json)
{
  g_autoptr (GVariant) list = core_doc (json);
  GPtrArray *docs = g_ptr_array_new_with_free_func ((GDestroyNotify) g_variant_unref);

  for (gsize i = 0; i < g_variant_n_children (list); i++)
    {
      g_autoptr (GVariant) box = g_variant_get_child_value (list, i);

      g_ptr_array_add (docs, g_variant_get_variant (box));
    }
  return docs;
}

char *
core_data (const char *path)
{
  g_autofree char *name = g_build_filename (g_getenv ("BST_SOURCE_ROOT"), path, NULL);
  g_autoptr (GError) error = NULL;
  char *contents;

  g_file_get_contents (name, &contents, NULL, &error);
  g_assert_no_error (error);
  return contents;
}

GPtrArray *
core_oracle (const char *name)
{
  g_autofree char *path = g_build_filename ("tests", "fixtures", "oracles", name, NULL);
  g_autofree char *contents = core_data (path);
  g_auto (GStrv) lines = g_strsplit (contents, "\n", -1);
  GPtrArray *rows = g_ptr_array_new_with_free_func ((GDestroyNotify) g_strfreev);

  for (char **line = lines + 1; *line; line++)
    if (**line)
      g_ptr_array_add (rows, g_strsplit (g_strchomp (*line), ",", -1));
  return rows;
}

const char *
core_problem (GPtrArray *problems, const char *path)
{
  for (guint i = 0; i < problems->len; i++)
    {
      const BstProblem *problem = problems->pdata[i];

      if (strcmp (problem->path, path) == 0)
        return problem->code;
    }
  return NULL;
}

char *
core_join (char **taken)
{
  char *joined = g_strjoinv (" ", taken);

  g_strfreev (taken);
  return joined;
}
