/* SPDX-License-Identifier: GPL-3.0-or-later */

/*
 * jansson reads the text, strictly as RFC 8259 and RFC 7493 want it; here its tree becomes a document,
 * and its mistakes become ours.
 *
 * A document is written in the serialised form that it has anyway (the GVariant specification), for a
 * list on the screen or a search reads fifty documents at each keystroke, and a tree of small GVariants
 * for each of them took many times as long as reading the text.
 */

#include "bst-json.h"

#include "bst-error.h"

#include <jansson.h>
#include <string.h>

static const char byte_order_mark[] = "\xef\xbb\xbf";

/* ---- errors ---- */

typedef struct
{
  enum json_error_code from;
  BstErrorCode to;
  const char *words;
} Mistake;

/* All others are INVALID, in the library's own words. */
static const Mistake mistakes[] = {
  { json_error_stack_overflow, BST_ERROR_TOO_LARGE, "nested too deeply" },
  { json_error_invalid_utf8, BST_ERROR_INVALID, "not UTF-8" },
  { json_error_premature_end_of_input, BST_ERROR_INVALID, "the text ends too early" },
  { json_error_end_of_input_expected, BST_ERROR_INVALID, "something follows the value" },
  { json_error_null_character, BST_ERROR_INVALID, "the character U+0000 is not allowed" },
  { json_error_null_byte_in_key, BST_ERROR_INVALID, "the character U+0000 is not allowed" },
  { json_error_duplicate_key, BST_ERROR_INVALID, "the key is there twice" },
  { json_error_numeric_overflow, BST_ERROR_INVALID, "the number is too large" },
};

static void
set_error_at (GError **error,
              BstErrorCode code,
              const char *words,
              const char *text,
              const char *at)
{
  const char *line = text;
  guint lines = 1;

  for (const char *p = text; p < at; p++)
    if (*p == '\n')
      {
        lines++;
        line = p + 1;
      }
  g_set_error (error, BST_ERROR, code, "line %u, column %ld: %s", lines,
               g_utf8_strlen (line, at - line) + 1, words);
}

/* The library stops behind what it did not understand: where that word or character begins. */
static const char *
find_mistake (const char *text, gsize len, const json_error_t *cause)
{
  const char *behind = text + CLAMP (cause->position, 0, (int) len);
  const char *at = behind;

  if (json_error_code (cause) == json_error_premature_end_of_input)
    return text + len;
  if (json_error_code (cause) == json_error_invalid_utf8)
    return behind;
  while (at > text && (g_ascii_isalnum (at[-1]) || memchr ("+-.", at[-1], 3)))
    at--;
  return at == behind && at > text ? g_utf8_prev_char (at) : at;
}

static void
set_error (GError **error, const char *text, gsize len, const json_error_t *cause)
{
  /* What is near the mistake may hold control characters, and says less than the place does. */
  g_auto (GStrv) words = g_strsplit (cause->text, " near ", 2);
  Mistake mistake = { json_error_unknown, BST_ERROR_INVALID, words[0] ? words[0] : "not JSON" };

  for (guint i = 0; i < G_N_ELEMENTS (mistakes); i++)
    if (mistakes[i].from == json_error_code (cause))
      mistake = mistakes[i];
  set_error_at (error, mistake.to, mistake.words, text, find_mistake (text, len, cause));
}

/* ---- the serialised form ---- */

typedef struct
{
  GString *out; /* the serialised form; whatever begins at a multiple of eight is aligned */
  GArray *ends; /* gsize: where the elements of the open arrays and objects end */
} Writer;

/* Writes @json at the end of @out, which is aligned. Returns: its type; %NULL: nested too deeply */
static const char *write_value (Writer *writer, json_t *json, guint depth);

/* g_string_append_len() without its precautions, for it is called for every few octets. */
static inline void
append (Writer *writer, gconstpointer octets, gsize len)
{
  GString *out = writer->out;

  if (G_UNLIKELY (out->len + len >= out->allocated_len))
    {
      g_string_append_len (out, octets, (gssize) len);
      return;
    }
  memcpy (out->str + out->len, octets, len);
  out->len += len;
}

static void
align (Writer *writer)
{
  static const char zeros[8];

  append (writer, zeros, -writer->out->len & 7);
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
append_offsets (Writer *writer, gsize body, const gsize *offsets, gsize n)
{
  gsize size = offset_size (body, n);

  for (gsize i = 0; i < n; i++)
    {
      guint64 little = GUINT64_TO_LE ((guint64) offsets[i]);

      append (writer, &little, size);
    }
}

/* The value with its type behind it: a variant. */
static gboolean
write_variant (Writer *writer, json_t *json, guint depth)
{
  const char *type;

  align (writer);
  type = write_value (writer, json, depth);
  if (!type)
    return FALSE;
  append (writer, "", 1);
  append (writer, type, strlen (type));
  return TRUE;
}

/* A dictionary entry: key, value, and where the key ends. */
static gboolean
write_member (Writer *writer, const char *key, json_t *json, guint depth)
{
  gsize key_size = strlen (key) + 1;
  gsize start;

  align (writer);
  start = writer->out->len;
  append (writer, key, key_size);
  if (!write_variant (writer, json, depth))
    return FALSE;
  append_offsets (writer, writer->out->len - start, &key_size, 1);
  return TRUE;
}

static void
end_element (Writer *writer, gsize start)
{
  gsize end = writer->out->len - start;

  g_array_append_val (writer->ends, end);
}

/* The elements since @first, which ended at the ends since then, are all. */
static void
end_array (Writer *writer, gsize start, guint first)
{
  append_offsets (writer, writer->out->len - start, &g_array_index (writer->ends, gsize, first),
                  writer->ends->len - first);
  g_array_set_size (writer->ends, first);
}

static const char *
write_object (Writer *writer, json_t *json, guint depth)
{
  gsize start = writer->out->len;
  guint first = writer->ends->len;

  if (depth > BST_JSON_MAX_DEPTH)
    return NULL;
  for (void *iter = json_object_iter (json); iter; iter = json_object_iter_next (json, iter))
    {
      if (!write_member (writer, json_object_iter_key (iter), json_object_iter_value (iter), depth))
        return NULL;
      end_element (writer, start);
    }
  end_array (writer, start, first);
  return "a{sv}";
}

static const char *
write_array (Writer *writer, json_t *json, guint depth)
{
  gsize start = writer->out->len;
  guint first = writer->ends->len;

  if (depth > BST_JSON_MAX_DEPTH)
    return NULL;
  for (gsize i = 0; i < json_array_size (json); i++)
    {
      if (!write_variant (writer, json_array_get (json, i), depth))
        return NULL;
      end_element (writer, start);
    }
  end_array (writer, start, first);
  return "av";
}

static const char *
write_value (Writer *writer, json_t *json, guint depth)
{
  gint64 integer = json_integer_value (json);
  double real = json_real_value (json);

  switch (json_typeof (json))
    {
    case JSON_OBJECT:
      return write_object (writer, json, depth + 1);
    case JSON_ARRAY:
      return write_array (writer, json, depth + 1);
    case JSON_STRING:
      append (writer, json_string_value (json), json_string_length (json) + 1);
      return "s";
    case JSON_INTEGER:
      append (writer, &integer, sizeof integer);
      return "x";
    case JSON_REAL:
      append (writer, &real, sizeof real);
      return "d";
    case JSON_TRUE:
    case JSON_FALSE:
      append (writer, json_is_true (json) ? "\1" : "\0", 1);
      return "b";
    case JSON_NULL:
    default:
      return "mv"; /* nothing takes no octets */
    }
}

/* @text_size: of the text that @json was, for a guess. %NULL: nested too deeply. */
static GVariant *
make_document (json_t *json, gsize text_size)
{
  g_autoptr (GString) out = g_string_sized_new (text_size * 3 / 2 + 64);
  g_autoptr (GArray) ends =
      g_array_sized_new (FALSE, FALSE, sizeof (gsize), 64); /* never NULL inside */
  Writer writer = { out, ends };
  g_autoptr (GBytes) bytes = NULL;
  const char *type = write_value (&writer, json, 0);

  if (!type)
    return NULL;
  bytes = g_bytes_new (out->str, out->len);
  return g_variant_ref_sink (g_variant_new_from_bytes (G_VARIANT_TYPE (type), bytes, TRUE));
}

/* ---- the whole ---- */

GVariant *
bst_json_parse (const char *text, gssize len, GError **error)
{
  gsize size = len < 0 ? strlen (text) : (gsize) len;
  json_auto_t *json = NULL;
  json_error_t cause;
  const char *zero;
  GVariant *value;

  if (size > BST_JSON_MAX_BYTES)
    {
      g_set_error (error, BST_ERROR, BST_ERROR_TOO_LARGE, "JSON of %" G_GSIZE_FORMAT " octets",
                   size);
      return NULL;
    }
  if (size >= strlen (byte_order_mark) &&
      memcmp (text, byte_order_mark, strlen (byte_order_mark)) == 0)
    {
      text += strlen (byte_order_mark);
      size -= strlen (byte_order_mark);
    }
  zero = memchr (text, 0, size);
  if (zero)
    {
      set_error_at (error, BST_ERROR_INVALID, "the octet 0 is not allowed", text, zero);
      return NULL;
    }
  json = json_loadb (text, size, JSON_REJECT_DUPLICATES | JSON_DECODE_ANY, &cause);
  if (!json)
    {
      set_error (error, text, size, &cause);
      return NULL;
    }
  value = make_document (json, size);
  if (!value)
    g_set_error (error, BST_ERROR, BST_ERROR_TOO_LARGE, "JSON nested more than %d levels deep",
                 BST_JSON_MAX_DEPTH);
  return value;
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
