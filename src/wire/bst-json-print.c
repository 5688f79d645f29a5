/* SPDX-License-Identifier: GPL-3.0-or-later */

/*
 * jansson reads, but does not write: documents would have to become a json_t tree first, answers are put
 * together in one GString, it prints doubles with 17 digits (0.10000000000000001), and the canonical
 * form, whose hashes servers keep, must not change with a library's version.
 */

#include "bst-json.h"

#include <math.h>
#include <string.h>

typedef enum
{
  PRINT_COMPACT,
  PRINT_PRETTY,
  PRINT_CANONICAL, /* numbers that are equal look equal */
} Style;

static void print_value (GString *out, GVariant *value, Style style, guint level);

void
bst_json_append_string (GString *out, const char *text)
{
  static const char hex[] = "0123456789abcdef";

  g_string_append_c (out, '"');
  while (*text)
    {
      const char *run = text;

      while ((guint8) *text >= 0x20 && *text != '"' && *text != '\\')
        text++;
      g_string_append_len (out, run, text - run);
      if (!*text)
        break;
      if (*text == '"' || *text == '\\')
        {
          g_string_append_c (out, '\\');
          g_string_append_c (out, *text);
        }
      else if (*text == '\n')
        g_string_append (out, "\\n");
      else if (*text == '\t')
        g_string_append (out, "\\t");
      else if (*text == '\r')
        g_string_append (out, "\\r");
      else
        {
          g_string_append (out, "\\u00");
          g_string_append_c (out, hex[(guint8) *text >> 4]);
          g_string_append_c (out, hex[(guint8) *text & 15]);
        }
      text++;
    }
  g_string_append_c (out, '"');
}

/* The shortest form that reads back as the same number. */
static void
print_double (GString *out, double number, Style style)
{
  char text[G_ASCII_DTOSTR_BUF_SIZE];

  if (!isfinite (number))
    {
      g_string_append (out, "null");
      return;
    }
  if (style == PRINT_CANONICAL && number == floor (number) && fabs (number) < 9007199254740992.0)
    {
      g_string_append_printf (out, "%" G_GINT64_FORMAT, (gint64) number);
      return;
    }
  for (int digits = 15; digits <= 17; digits++)
    {
      char format[] = "%.15g";

      format[3] = (char) ('0' + digits - 10);
      g_ascii_formatd (text, sizeof text, format, number);
      if (g_ascii_strtod (text, NULL) == number)
        break;
    }
  g_string_append (out, text);
  if (!strpbrk (text, ".en"))
    g_string_append (out, ".0");
}

static void
print_break (GString *out, Style style, guint level)
{
  if (style != PRINT_PRETTY)
    return;
  g_string_append_c (out, '\n');
  for (guint i = 0; i < level; i++)
    g_string_append (out, "  ");
}

static void
print_object (GString *out, GVariant *value, Style style, guint level)
{
  GVariantIter iter;
  const char *key;
  GVariant *child;
  gboolean first = TRUE;

  g_string_append_c (out, '{');
  g_variant_iter_init (&iter, value);
  while (g_variant_iter_loop (&iter, "{&sv}", &key, &child))
    {
      if (!first)
        g_string_append_c (out, ',');
      first = FALSE;
      print_break (out, style, level + 1);
      bst_json_append_string (out, key);
      g_string_append (out, style == PRINT_PRETTY ? ": " : ":");
      print_value (out, child, style, level + 1);
    }
  if (!first)
    print_break (out, style, level);
  g_string_append_c (out, '}');
}

static void
print_array (GString *out, GVariant *value, Style style, guint level)
{
  GVariantIter iter;
  GVariant *child;
  gboolean first = TRUE;

  g_string_append_c (out, '[');
  g_variant_iter_init (&iter, value);
  while (g_variant_iter_loop (&iter, "v", &child))
    {
      if (!first)
        g_string_append_c (out, ',');
      first = FALSE;
      print_break (out, style, level + 1);
      print_value (out, child, style, level + 1);
    }
  if (!first)
    print_break (out, style, level);
  g_string_append_c (out, ']');
}

static void
print_value (GString *out, GVariant *value, Style style, guint level)
{
  if (g_variant_is_of_type (value, G_VARIANT_TYPE_VARDICT))
    print_object (out, value, style, level);
  else if (g_variant_is_of_type (value, G_VARIANT_TYPE ("av")))
    print_array (out, value, style, level);
  else if (g_variant_is_of_type (value, G_VARIANT_TYPE_STRING))
    bst_json_append_string (out, g_variant_get_string (value, NULL));
  else if (g_variant_is_of_type (value, G_VARIANT_TYPE_INT64))
    g_string_append_printf (out, "%" G_GINT64_FORMAT, g_variant_get_int64 (value));
  else if (g_variant_is_of_type (value, G_VARIANT_TYPE_DOUBLE))
    print_double (out, g_variant_get_double (value), style);
  else if (g_variant_is_of_type (value, G_VARIANT_TYPE_BOOLEAN))
    g_string_append (out, g_variant_get_boolean (value) ? "true" : "false");
  else
    g_string_append (out, "null");
}

void
bst_json_append (GString *out, GVariant *value)
{
  print_value (out, value, PRINT_COMPACT, 0);
}

char *
bst_json_print (GVariant *value)
{
  GString *out = g_string_new (NULL);

  print_value (out, value, PRINT_COMPACT, 0);
  return g_string_free (out, FALSE);
}

char *
bst_json_print_pretty (GVariant *value)
{
  GString *out = g_string_new (NULL);

  print_value (out, value, PRINT_PRETTY, 0);
  g_string_append_c (out, '\n');
  return g_string_free (out, FALSE);
}

char *
bst_json_hash (GVariant *value)
{
  g_autoptr (GVariant) canonical = bst_doc_canonical (value);
  g_autoptr (GString) out = g_string_new (NULL);

  print_value (out, canonical, PRINT_CANONICAL, 0);
  return g_compute_checksum_for_data (G_CHECKSUM_SHA256, (const guchar *) out->str, out->len);
}

guint
bst_json_depth (GVariant *value)
{
  gboolean map = g_variant_is_of_type (value, G_VARIANT_TYPE_VARDICT);
  guint deepest = 0;

  if (!map && !g_variant_is_of_type (value, G_VARIANT_TYPE ("av")))
    return 0;
  for (gsize i = 0; i < g_variant_n_children (value); i++)
    {
      g_autoptr (GVariant) child = NULL;
      guint depth;

      if (map)
        g_variant_get_child (value, i, "{&sv}", NULL, &child);
      else
        g_variant_get_child (value, i, "v", &child);
      depth = bst_json_depth (child);
      deepest = MAX (deepest, depth);
    }
  return deepest + 1;
}
