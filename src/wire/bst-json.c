/* SPDX-License-Identifier: GPL-3.0-or-later */

/*
 * A strict reader and writer of I-JSON (RFC 8259, RFC 7493) straight to and from documents: what a
 * general library takes on top of the standard (comments, doubled keys, lone surrogates, numbers
 * that overflow) is just what a server must not take.
 */

#include "bst-json.h"

#include "bst-error.h"

#include <errno.h>
#include <math.h>
#include <string.h>

/* More keys than this in one object, and doubles are looked for by hash. */
#define FEW_KEYS 12

typedef struct
{
  const char *text;
  const char *at;
  const char *end;
  guint depth;
  GString *buffer; /* the string being unescaped */
  GError **error;
} Reader;

static GVariant *read_value (Reader *reader);

/* ---- errors ---- */

static void
set_error_at (Reader *reader, BstErrorCode code, const char *what)
{
  const char *line = reader->text;
  guint lines = 1;

  for (const char *p = reader->text; p < reader->at; p++)
    if (*p == '\n')
      {
        lines++;
        line = p + 1;
      }
  g_set_error (reader->error, BST_ERROR, code, "line %u, column %ld: %s", lines,
               g_utf8_strlen (line, reader->at - line) + 1, what);
}

static gpointer
fail (Reader *reader, const char *what)
{
  set_error_at (reader, BST_ERROR_INVALID, what);
  return NULL;
}

/* ---- reading ---- */

static void
skip_space (Reader *reader)
{
  while (reader->at < reader->end &&
         (*reader->at == ' ' || *reader->at == '\t' || *reader->at == '\n' || *reader->at == '\r'))
    reader->at++;
}

static gboolean
take (Reader *reader, char c)
{
  skip_space (reader);
  if (reader->at == reader->end || *reader->at != c)
    return FALSE;
  reader->at++;
  return TRUE;
}

/* Four hexadecimal digits, or -1. */
static int
read_hex4 (Reader *reader)
{
  int value = 0;

  if (reader->end - reader->at < 4)
    return -1;
  for (int i = 0; i < 4; i++)
    {
      int digit = g_ascii_xdigit_value (reader->at[i]);

      if (digit < 0)
        return -1;
      value = value * 16 + digit;
    }
  reader->at += 4;
  return value;
}

static gboolean
read_unicode_escape (Reader *reader)
{
  int unit = read_hex4 (reader);

  if (unit >= 0xd800 && unit < 0xdc00)
    {
      int low = -1;

      if (reader->end - reader->at >= 6 && reader->at[0] == '\\' && reader->at[1] == 'u')
        {
          reader->at += 2;
          low = read_hex4 (reader);
        }
      if (low < 0xdc00 || low > 0xdfff)
        return fail (reader, "half of a surrogate pair"), FALSE;
      unit = 0x10000 + ((unit - 0xd800) << 10) + (low - 0xdc00);
    }
  else if (unit >= 0xdc00 && unit <= 0xdfff)
    return fail (reader, "half of a surrogate pair"), FALSE;
  if (unit < 0)
    return fail (reader, "four hexadecimal digits expected after \\u"), FALSE;
  if (unit == 0)
    return fail (reader, "the character U+0000 is not allowed"), FALSE;
  g_string_append_unichar (reader->buffer, (gunichar) unit);
  return TRUE;
}

static gboolean
read_escape (Reader *reader)
{
  static const char from[] = "\"\\/bfnrt";
  static const char to[] = "\"\\/\b\f\n\r\t";
  const char *found;

  if (reader->at == reader->end)
    return fail (reader, "the text ends inside a string"), FALSE;
  if (*reader->at == 'u')
    {
      reader->at++;
      return read_unicode_escape (reader);
    }
  found = strchr (from, *reader->at);
  if (!found)
    return fail (reader, "no such escape in a string"), FALSE;
  reader->at++;
  g_string_append_c (reader->buffer, to[found - from]);
  return TRUE;
}

/* The string after its opening quote, into the buffer. */
static gboolean
read_string (Reader *reader)
{
  g_string_truncate (reader->buffer, 0);
  while (reader->at < reader->end)
    {
      const char *run = reader->at;

      while (reader->at < reader->end && (guint8) *reader->at >= 0x20 && *reader->at != '"' &&
             *reader->at != '\\')
        reader->at++;
      g_string_append_len (reader->buffer, run, reader->at - run);
      if (reader->at == reader->end)
        break;
      if (*reader->at == '"')
        {
          reader->at++;
          return TRUE;
        }
      if (*reader->at != '\\')
        return fail (reader, "a control character must be escaped in a string"), FALSE;
      reader->at++;
      if (!read_escape (reader))
        return FALSE;
    }
  return fail (reader, "the text ends inside a string"), FALSE;
}

static gsize
skip_digits (Reader *reader)
{
  const char *from = reader->at;

  while (reader->at < reader->end && g_ascii_isdigit (*reader->at))
    reader->at++;
  return (gsize) (reader->at - from);
}

static GVariant *
read_number (Reader *reader)
{
  const char *from = reader->at;
  gboolean whole = TRUE;
  g_autofree char *text = NULL;
  gsize digits;
  double number;

  if (*reader->at == '-')
    reader->at++;
  digits = skip_digits (reader);
  if (digits == 0)
    return fail (reader, "a digit expected");
  if (digits > 1 && reader->at[-(gssize) digits] == '0')
    return fail (reader, "a number does not begin with 0");
  if (reader->at < reader->end && *reader->at == '.')
    {
      whole = FALSE;
      reader->at++;
      if (skip_digits (reader) == 0)
        return fail (reader, "a digit expected after the point");
    }
  if (reader->at < reader->end && (*reader->at == 'e' || *reader->at == 'E'))
    {
      whole = FALSE;
      reader->at++;
      if (reader->at < reader->end && (*reader->at == '+' || *reader->at == '-'))
        reader->at++;
      if (skip_digits (reader) == 0)
        return fail (reader, "a digit expected in the exponent");
    }
  text = g_strndup (from, (gsize) (reader->at - from));
  if (whole)
    {
      gint64 integer;

      errno = 0;
      integer = g_ascii_strtoll (text, NULL, 10);
      if (errno == 0)
        return g_variant_new_int64 (integer);
    }
  number = g_ascii_strtod (text, NULL);
  if (!isfinite (number))
    return fail (reader, "the number is too large");
  return g_variant_new_double (number);
}

static gboolean
enter (Reader *reader)
{
  if (++reader->depth <= BST_JSON_MAX_DEPTH)
    return TRUE;
  set_error_at (reader, BST_ERROR_TOO_LARGE, "nested too deeply");
  return FALSE;
}

/* Whether @key is new; remembers it. */
static gboolean
note_key (GPtrArray *keys, GHashTable **index, const char *key)
{
  char *copy;

  if (*index && g_hash_table_contains (*index, key))
    return FALSE;
  for (guint i = 0; !*index && i < keys->len; i++)
    if (strcmp (g_ptr_array_index (keys, i), key) == 0)
      return FALSE;
  copy = g_strdup (key);
  g_ptr_array_add (keys, copy);
  if (*index)
    g_hash_table_add (*index, copy);
  else if (keys->len > FEW_KEYS)
    {
      *index = g_hash_table_new (g_str_hash, g_str_equal);
      for (guint i = 0; i < keys->len; i++)
        g_hash_table_add (*index, g_ptr_array_index (keys, i));
    }
  return TRUE;
}

static gboolean
read_member (Reader *reader, GVariantBuilder *builder, GPtrArray *keys, GHashTable **index)
{
  GVariant *value;

  if (!take (reader, '"'))
    return fail (reader, "a key in double quotes expected"), FALSE;
  if (!read_string (reader))
    return FALSE;
  if (!note_key (keys, index, reader->buffer->str))
    return fail (reader, "the key is there twice"), FALSE;
  if (!take (reader, ':'))
    return fail (reader, "\":\" expected"), FALSE;
  value = read_value (reader);
  if (!value)
    return FALSE;
  g_variant_builder_add (builder, "{sv}", g_ptr_array_index (keys, keys->len - 1), value);
  return TRUE;
}

static GVariant *
read_object (Reader *reader)
{
  g_autoptr (GPtrArray) keys = g_ptr_array_new_with_free_func (g_free);
  g_autoptr (GHashTable) index = NULL;
  g_auto (GVariantBuilder) builder = G_VARIANT_BUILDER_INIT (G_VARIANT_TYPE_VARDICT);

  if (!enter (reader))
    return NULL;
  if (!take (reader, '}'))
    {
      do
        if (!read_member (reader, &builder, keys, &index))
          return NULL;
      while (take (reader, ','));
      if (!take (reader, '}'))
        return fail (reader, "\",\" or \"}\" expected");
    }
  reader->depth--;
  return g_variant_builder_end (&builder);
}

static GVariant *
read_array (Reader *reader)
{
  g_auto (GVariantBuilder) builder = G_VARIANT_BUILDER_INIT (G_VARIANT_TYPE ("av"));

  if (!enter (reader))
    return NULL;
  if (!take (reader, ']'))
    {
      do
        {
          GVariant *value = read_value (reader);

          if (!value)
            return NULL;
          g_variant_builder_add (&builder, "v", value);
        }
      while (take (reader, ','));
      if (!take (reader, ']'))
        return fail (reader, "\",\" or \"]\" expected");
    }
  reader->depth--;
  return g_variant_builder_end (&builder);
}

static gboolean
take_word (Reader *reader, const char *word)
{
  gsize len = strlen (word);

  if ((gsize) (reader->end - reader->at) < len || strncmp (reader->at, word, len) != 0)
    return FALSE;
  reader->at += len;
  return TRUE;
}

/* Floating. */
static GVariant *
read_value (Reader *reader)
{
  skip_space (reader);
  if (reader->at == reader->end)
    return fail (reader, "the text ends where a value is expected");
  if (*reader->at == '-' || g_ascii_isdigit (*reader->at))
    return read_number (reader);
  if (take (reader, '"'))
    return read_string (reader) ? g_variant_new_string (reader->buffer->str) : NULL;
  if (take (reader, '{'))
    return read_object (reader);
  if (take (reader, '['))
    return read_array (reader);
  if (take_word (reader, "true"))
    return g_variant_new_boolean (TRUE);
  if (take_word (reader, "false"))
    return g_variant_new_boolean (FALSE);
  if (take_word (reader, "null"))
    return g_variant_new_maybe (G_VARIANT_TYPE_VARIANT, NULL);
  return fail (reader, "a value expected");
}

GVariant *
bst_json_parse (const char *text, gssize len, GError **error)
{
  gsize size = len < 0 ? strlen (text) : (gsize) len;
  g_autoptr (GString) buffer = NULL;
  g_autoptr (GVariant) value = NULL;
  GVariant *read;
  Reader reader = { text, text, text + size, 0, NULL, error };
  const char *bad;

  if (size > BST_JSON_MAX_BYTES)
    {
      g_set_error (error, BST_ERROR, BST_ERROR_TOO_LARGE, "JSON of %" G_GSIZE_FORMAT " octets",
                   size);
      return NULL;
    }
  if (!g_utf8_validate_len (text, size, &bad))
    {
      reader.at = bad;
      return fail (&reader, *bad ? "not UTF-8" : "the octet 0 is not allowed");
    }
  if (size >= 3 && memcmp (text, "\xef\xbb\xbf", 3) == 0)
    reader.at += 3;
  reader.buffer = buffer = g_string_new (NULL);
  read = read_value (&reader);
  if (!read)
    return NULL;
  value = bst_doc_take (read);
  skip_space (&reader);
  if (reader.at != reader.end)
    return fail (&reader, "something follows the value");
  return g_steal_pointer (&value);
}

GVariant *
bst_json_parse_object (const char *text, gssize len, GError **error)
{
  g_autoptr (GVariant) value = bst_json_parse (text, len, error);

  if (value && !g_variant_is_of_type (value, G_VARIANT_TYPE_VARDICT))
    {
      g_set_error (error, BST_ERROR, BST_ERROR_INVALID, "line 1, column 1: an object expected");
      return NULL;
    }
  return g_steal_pointer (&value);
}
