/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "bst-text.h"

#include "bst-doc.h"

#include <string.h>

static const struct
{
  const char *language;
  const char *chain[5];
} fall_backs[] = {
  { "da", { "da", "nb", "nn", "en" } },
  { "nb", { "nb", "nn", "da", "en" } },
  { "nn", { "nn", "nb", "da", "en" } },
  { "en", { "en", "da", "nb", "nn" } },
};

const char *
bst_text_language (const char *locale)
{
  if (locale && (g_str_has_prefix (locale, "no") || g_str_has_prefix (locale, "nb")))
    return "nb";
  for (gsize i = 0; locale && i < G_N_ELEMENTS (fall_backs); i++)
    if (g_str_has_prefix (locale, fall_backs[i].language))
      return fall_backs[i].language;
  return "en";
}

static const char *
text_in (GVariant *map, const char *language)
{
  const char *text = NULL;

  return g_variant_lookup (map, language, "&s", &text) && *text ? text : NULL;
}

static const char *
any_text (GVariant *map)
{
  GVariantIter iter;
  const char *language;

  g_variant_iter_init (&iter, map);
  while (g_variant_iter_next (&iter, "{&sv}", &language, NULL))
    if (text_in (map, language))
      return text_in (map, language);
  return NULL;
}

const char *
bst_text_pick (GVariant *doc, const char *path, const char *language)
{
  g_autoptr (GVariant) map = path ? bst_doc_lookup (doc, path) : doc ? g_variant_ref (doc) : NULL;
  const char *known = bst_text_language (language);

  if (!map)
    return NULL;
  if (g_variant_is_of_type (map, G_VARIANT_TYPE_STRING))
    return g_variant_get_string (map, NULL);
  if (!g_variant_is_of_type (map, G_VARIANT_TYPE_VARDICT))
    return NULL;
  for (gsize i = 0; i < G_N_ELEMENTS (fall_backs); i++)
    for (int step = 0; strcmp (fall_backs[i].language, known) == 0 && fall_backs[i].chain[step];
         step++)
      if (text_in (map, fall_backs[i].chain[step]))
        return text_in (map, fall_backs[i].chain[step]);
  return any_text (map);
}

/*
 * A collation key has two levels: the letters that decide ("primary"), a byte 1, and the text itself, which breaks ties.
 * Primary: digits as their count and then themselves, a … z, then æ ø å as three letters after z. Everything else is a space.
 */
typedef struct
{
  gunichar letter;
  const char *scandinavian;
  const char *other;
} Primary;

#define AE "{"
#define OE "|"
#define AA "}"

static const Primary primaries[] = {
  { 0xe6, AE, "ae" }, { 0xe4, AE, "a" },    { 0xf8, OE, "o" },
  { 0xf6, OE, "o" },  { 0xe5, AA, "a" },    { 0xfc, "y", "u" },
  { 0xf0, "d", "d" }, { 0xfe, "th", "th" }, { 0xdf, "ss", "ss" },
};

static const char *
primary_of (gunichar letter, gboolean scandinavian)
{
  for (gsize i = 0; i < G_N_ELEMENTS (primaries); i++)
    if (primaries[i].letter == letter)
      return scandinavian ? primaries[i].scandinavian : primaries[i].other;
  return NULL;
}

/* The number at *@p, in a form whose order is that of its value; *@p is moved to its last digit. */
static void
append_number (GString *key, const char **p)
{
  gsize zeros = strspn (*p, "0");
  gsize digits = strspn (*p + zeros, "0123456789");

  /* 0x21 … : the count of digits first, so that 9 comes before 10 */
  g_string_append_c (key, '0');
  g_string_append_c (key, (char) (0x21 + MIN (digits, 90)));
  g_string_append_len (key, *p + zeros, (gssize) digits);
  *p += zeros + digits - 1;
}

static void
append_letter (GString *key, gunichar c, gboolean scandinavian)
{
  const char *primary = primary_of (c, scandinavian);
  gunichar parts[G_UNICHAR_MAX_DECOMPOSITION_LENGTH];

  if (primary)
    g_string_append (key, primary);
  else if (c < 0x80)
    g_string_append_c (key, g_ascii_isalnum ((char) c) ? (char) c : ' ');
  else if (g_unichar_isalpha (c) &&
           g_unichar_fully_decompose (c, FALSE, parts, G_N_ELEMENTS (parts)) > 1)
    append_letter (key, parts[0], scandinavian);
  else if (g_unichar_isalnum (c))
    g_string_append_unichar (key, c);
  else if (!g_unichar_ismark (c))
    g_string_append_c (key, ' ');
}

char *
bst_text_collation_key (const char *text, const char *language)
{
  gboolean scandinavian = strcmp (bst_text_language (language), "en") != 0;
  g_autofree char *normal = g_utf8_normalize (text, -1, G_NORMALIZE_NFC);
  g_autofree char *lower = normal ? g_utf8_strdown (normal, -1) : g_strdup ("");
  GString *key = g_string_new (NULL);

  for (const char *p = lower; *p; p = g_utf8_next_char (p))
    {
      if (g_ascii_isdigit (*p))
        append_number (key, &p);
      else if (scandinavian && p[0] == 'a' && p[1] == 'a')
        {
          g_string_append (key, AA);
          p++;
        }
      else
        append_letter (key, g_utf8_get_char (p), scandinavian);
    }
  g_string_append_c (key, '\1');
  g_string_append (key, lower);
  g_string_append_c (key, '\1');
  g_string_append (key, normal ? normal : text);
  return g_string_free (key, FALSE);
}
