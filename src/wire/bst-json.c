/* SPDX-License-Identifier: GPL-3.0-or-later */

/*
 * A strict reader and writer of I-JSON (RFC 8259, RFC 7493) straight to and from documents: what a
 * general library takes on top of the standard (comments, doubled keys, lone surrogates, numbers
 * that overflow) is just what a server must not take.
 *
 * Values are written as they are read, in the serialised form that a document has anyway (the GVariant
 * specification): a list on the screen or a search reads fifty documents at
 * each keystroke, and a tree of small GVariants for each of them took most of the time.
 */

#include "bst-json.h"

#include "bst-error.h"

#include <errno.h>
#include <math.h>
#include <string.h>

/* More keys than this in one object, and doubles are looked for by hash. */
#define FEW_KEYS 40

typedef struct
{
  const char *text;
  const char *at;
  const char *end;
  guint depth;
  GString *out; /* the serialised form; whatever begins at a multiple of eight is aligned */
  GArray *ends; /* gsize: where the elements of the open arrays and objects end */
  GArray *keys; /* gsize: where the keys of the open objects are in @out */
  GError **error;
} Reader;

/* Writes the value at the end of @out, which is aligned. Returns: its type, %NULL when it failed */
static const char *read_value (Reader *reader);

/* g_string_append_len() without its precautions, for it is called for every few octets. */
static inline void
append (Reader *reader, gconstpointer octets, gsize len)
{
  GString *out = reader->out;

  if (G_UNLIKELY (out->len + len >= out->allocated_len))
    {
      g_string_append_len (out, octets, (gssize) len);
      return;
    }
  memcpy (out->str + out->len, octets, len);
  out->len += len;
}

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
  g_string_append_unichar (reader->out, (gunichar) unit);
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
  g_string_append_c (reader->out, to[found - from]);
  return TRUE;
}

/* The string after its opening quote, with a zero behind it. */
static gboolean
read_string (Reader *reader)
{
  while (reader->at < reader->end)
    {
      const char *run = reader->at;

      while (reader->at < reader->end && (guint8) *reader->at >= 0x20 && *reader->at != '"' &&
             *reader->at != '\\')
        reader->at++;
      append (reader, run, (gsize) (reader->at - run));
      if (reader->at == reader->end)
        break;
      if (*reader->at == '"')
        {
          reader->at++;
          append (reader, "", 1);
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

static const char *
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
        {
          append (reader, &integer, sizeof integer);
          return "x";
        }
    }
  number = g_ascii_strtod (text, NULL);
  if (!isfinite (number))
    return fail (reader, "the number is too large");
  append (reader, &number, sizeof number);
  return "d";
}

static gboolean
enter (Reader *reader)
{
  if (++reader->depth <= BST_JSON_MAX_DEPTH)
    return TRUE;
  set_error_at (reader, BST_ERROR_TOO_LARGE, "nested too deeply");
  return FALSE;
}

/* ---- the serialised form ---- */

static void
align (Reader *reader)
{
  static const char zeros[8];

  append (reader, zeros, -reader->out->len & 7);
}

/* Octets that an offset takes where @n of them follow on @body octets. */
static gsize
offset_size (gsize body, gsize n)
{
  for (gsize size = 1; size < 8; size *= 2)
    if (body + n * size < (gsize) 1 << (8 * size))
      return size;
  return 8;
}

static void
append_offsets (Reader *reader, gsize body, const gsize *offsets, gsize n)
{
  gsize size = offset_size (body, n);

  for (gsize i = 0; i < n; i++)
    {
      guint64 little = GUINT64_TO_LE ((guint64) offsets[i]);

      append (reader, &little, size);
    }
}

/* The value with its type behind it: a variant. */
static gboolean
read_variant (Reader *reader)
{
  const char *type;

  align (reader);
  type = read_value (reader);
  if (!type)
    return FALSE;
  append (reader, "", 1);
  append (reader, type, strlen (type));
  return TRUE;
}

/* The elements since @first, which ended at the ends since then, are all. */
static void
end_array (Reader *reader, gsize start, guint first)
{
  append_offsets (reader, reader->out->len - start, &g_array_index (reader->ends, gsize, first),
                  reader->ends->len - first);
  g_array_set_size (reader->ends, first);
}

static void
end_element (Reader *reader, gsize start)
{
  gsize end = reader->out->len - start;

  g_array_append_val (reader->ends, end);
}

/* Whether the key at @place is new in its object, whose keys begin at @first; remembers it. */
static gboolean
note_key (Reader *reader, guint first, gsize place, GHashTable **index)
{
  const char *key = reader->out->str + place;

  if (*index && !g_hash_table_add (*index, g_strdup (key)))
    return FALSE;
  for (guint i = first; !*index && i < reader->keys->len; i++)
    {
      const char *other = reader->out->str + g_array_index (reader->keys, gsize, i);

      if (*other == *key && strcmp (other, key) == 0)
        return FALSE;
    }
  g_array_append_val (reader->keys, place);
  if (!*index && reader->keys->len - first > FEW_KEYS)
    {
      *index = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
      for (guint i = first; i < reader->keys->len; i++)
        g_hash_table_add (*index,
                          g_strdup (reader->out->str + g_array_index (reader->keys, gsize, i)));
    }
  return TRUE;
}

/* A dictionary entry: key, value, and where the key ends. */
static gboolean
read_member (Reader *reader, guint first_key, GHashTable **index)
{
  gsize start, key_end;

  align (reader);
  start = reader->out->len;
  if (!take (reader, '"'))
    return fail (reader, "a key in double quotes expected"), FALSE;
  if (!read_string (reader))
    return FALSE;
  key_end = reader->out->len - start;
  if (!note_key (reader, first_key, start, index))
    return fail (reader, "the key is there twice"), FALSE;
  if (!take (reader, ':'))
    return fail (reader, "\":\" expected"), FALSE;
  if (!read_variant (reader))
    return FALSE;
  append_offsets (reader, reader->out->len - start, &key_end, 1);
  return TRUE;
}

static const char *
read_object (Reader *reader)
{
  g_autoptr (GHashTable) index = NULL;
  gsize start = reader->out->len;
  guint first = reader->ends->len;
  guint first_key = reader->keys->len;

  if (!enter (reader))
    return NULL;
  if (!take (reader, '}'))
    {
      do
        {
          if (!read_member (reader, first_key, &index))
            return NULL;
          end_element (reader, start);
        }
      while (take (reader, ','));
      if (!take (reader, '}'))
        return fail (reader, "\",\" or \"}\" expected");
    }
  reader->depth--;
  end_array (reader, start, first);
  g_array_set_size (reader->keys, first_key);
  return "a{sv}";
}

static const char *
read_array (Reader *reader)
{
  gsize start = reader->out->len;
  guint first = reader->ends->len;

  if (!enter (reader))
    return NULL;
  if (!take (reader, ']'))
    {
      do
        {
          if (!read_variant (reader))
            return NULL;
          end_element (reader, start);
        }
      while (take (reader, ','));
      if (!take (reader, ']'))
        return fail (reader, "\",\" or \"]\" expected");
    }
  reader->depth--;
  end_array (reader, start, first);
  return "av";
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

static const char *
read_boolean (Reader *reader, gboolean value)
{
  g_string_append_c (reader->out, value ? 1 : 0);
  return "b";
}

static const char *
read_value (Reader *reader)
{
  skip_space (reader);
  if (reader->at == reader->end)
    return fail (reader, "the text ends where a value is expected");
  if (*reader->at == '-' || g_ascii_isdigit (*reader->at))
    return read_number (reader);
  if (take (reader, '"'))
    return read_string (reader) ? "s" : NULL;
  if (take (reader, '{'))
    return read_object (reader);
  if (take (reader, '['))
    return read_array (reader);
  if (take_word (reader, "true"))
    return read_boolean (reader, TRUE);
  if (take_word (reader, "false"))
    return read_boolean (reader, FALSE);
  if (take_word (reader, "null"))
    return "mv"; /* nothing takes no octets */
  return fail (reader, "a value expected");
}

/* The one value that the text holds. */
static GVariant *
read_whole (Reader *reader)
{
  g_autoptr (GString) out = g_string_sized_new ((gsize) (reader->end - reader->at) * 3 / 2 + 64);
  g_autoptr (GArray) ends = g_array_new (FALSE, FALSE, sizeof (gsize));
  g_autoptr (GArray) keys = g_array_new (FALSE, FALSE, sizeof (gsize));
  g_autoptr (GBytes) bytes = NULL;
  const char *type;

  reader->out = out;
  reader->ends = ends;
  reader->keys = keys;
  type = read_value (reader);
  if (!type)
    return NULL;
  skip_space (reader);
  if (reader->at != reader->end)
    return fail (reader, "something follows the value");
  bytes = g_bytes_new (out->str, out->len);
  return g_variant_ref_sink (g_variant_new_from_bytes (G_VARIANT_TYPE (type), bytes, TRUE));
}

GVariant *
bst_json_parse (const char *text, gssize len, GError **error)
{
  gsize size = len < 0 ? strlen (text) : (gsize) len;
  Reader reader = { .text = text, .at = text, .end = text + size, .error = error };
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
  return read_whole (&reader);
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
