/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "bst-doc.h"

#include "bst-error.h"

#include <string.h>

#define MAP_TYPE G_VARIANT_TYPE_VARDICT

GVariant *
bst_doc_take (GVariant *value)
{
  GVariant *taken = g_variant_take_ref (value);

  g_variant_get_data (taken);
  return taken;
}

GVariant *
bst_doc_new (void)
{
  return bst_doc_take (g_variant_new_array (G_VARIANT_TYPE ("{sv}"), NULL, 0));
}

GVariant *
bst_doc_null (void)
{
  return bst_doc_take (g_variant_new_maybe (G_VARIANT_TYPE_VARIANT, NULL));
}

gboolean
bst_value_is_null (GVariant *value)
{
  return !value || g_variant_is_of_type (value, G_VARIANT_TYPE ("mv"));
}

static gboolean
is_map (GVariant *value)
{
  return value && g_variant_is_of_type (value, MAP_TYPE);
}

static char *
unescape_key (const char *from, gsize len)
{
  GString *key = g_string_sized_new (len + 1);

  for (gsize i = 0; i < len; i++)
    {
      if (from[i] == '~' && i + 1 < len && (from[i + 1] == '0' || from[i + 1] == '1'))
        g_string_append_c (key, from[++i] == '0' ? '~' : '/');
      else
        g_string_append_c (key, from[i]);
    }
  return g_string_free (key, FALSE);
}

/* The first key of @path; *@ret_rest is what follows its slash, or NULL at the end. */
static char *
path_head (const char *path, const char **ret_rest)
{
  const char *slash = strchr (path, '/');

  *ret_rest = slash ? slash + 1 : NULL;
  return unescape_key (path, slash ? (gsize) (slash - path) : strlen (path));
}

char *
bst_path_escape (const char *key)
{
  GString *path = g_string_new (NULL);

  for (; *key; key++)
    {
      if (*key == '~' || *key == '/')
        g_string_append (path, *key == '~' ? "~0" : "~1");
      else
        g_string_append_c (path, *key);
    }
  return g_string_free (path, FALSE);
}

/* An offset at the end of a serialised container: @size octets, the lowest first. */
static gsize
read_offset (const guint8 *at, gsize size)
{
  gsize offset = 0;

  for (gsize i = 0; i < size; i++)
    offset |= (gsize) at[i] << (8 * i);
  return offset;
}

/*
 * Which entry of a map has @key, or -1. g_variant_lookup_value() makes three objects of every entry that it passes;
 * documents are serialised, so their keys can be read where they lie: each entry begins with its key at a
 * multiple of eight, and the ends of all entries stand at the end (GVariant specification).
 */
static gssize
find_key (GVariant *map, const char *key)
{
  const guint8 *data = g_variant_get_data (map);
  gsize size = g_variant_get_size (map);
  gsize width = size <= G_MAXUINT8 ? 1 : size <= G_MAXUINT16 ? 2 : size <= G_MAXUINT32 ? 4 : 8;
  gsize key_size = strlen (key) + 1;
  gsize ends = size > width ? read_offset (data + size - width, width) : size;
  gsize start = 0;

  for (gsize i = 0; ends + (i + 1) * width <= size; i++)
    {
      gsize end = read_offset (data + ends + i * width, width);

      if (end > ends)
        return -1;
      if (start + key_size <= end && memcmp (data + start, key, key_size) == 0)
        return (gssize) i;
      start = (end + 7) & ~(gsize) 7;
    }
  return -1;
}

static GVariant *
value_of_entry (GVariant *map, gsize index)
{
  g_autoptr (GVariant) entry = g_variant_get_child_value (map, index);
  g_autoptr (GVariant) boxed = g_variant_get_child_value (entry, 1);

  return g_variant_get_variant (boxed);
}

GVariant *
bst_doc_lookup (GVariant *doc, const char *path)
{
  g_autoptr (GVariant) here = doc ? g_variant_ref (doc) : NULL;

  while (here && path)
    {
      g_autofree char *key = path_head (path, &path);
      gssize found = is_map (here) ? find_key (here, key) : -1;
      GVariant *next = found >= 0 ? value_of_entry (here, (gsize) found) : NULL;

      g_variant_unref (here);
      here = next;
    }
  return g_steal_pointer (&here);
}

gboolean
bst_doc_has (GVariant *doc, const char *path)
{
  g_autoptr (GVariant) value = bst_doc_lookup (doc, path);

  return !bst_value_is_null (value);
}

const char *
bst_doc_get_string (GVariant *doc, const char *path)
{
  g_autoptr (GVariant) value = bst_doc_lookup (doc, path);

  if (!value || !g_variant_is_of_type (value, G_VARIANT_TYPE_STRING))
    return NULL;
  return g_variant_get_string (value, NULL);
}

gint64
bst_doc_get_int (GVariant *doc, const char *path, gint64 fallback)
{
  g_autoptr (GVariant) value = bst_doc_lookup (doc, path);

  if (!value || !g_variant_is_of_type (value, G_VARIANT_TYPE_INT64))
    return fallback;
  return g_variant_get_int64 (value);
}

double
bst_doc_get_double (GVariant *doc, const char *path, double fallback)
{
  g_autoptr (GVariant) value = bst_doc_lookup (doc, path);

  if (value && g_variant_is_of_type (value, G_VARIANT_TYPE_DOUBLE))
    return g_variant_get_double (value);
  if (value && g_variant_is_of_type (value, G_VARIANT_TYPE_INT64))
    return (double) g_variant_get_int64 (value);
  return fallback;
}

gboolean
bst_doc_get_bool (GVariant *doc, const char *path)
{
  g_autoptr (GVariant) value = bst_doc_lookup (doc, path);

  return value && g_variant_is_of_type (value, G_VARIANT_TYPE_BOOLEAN) &&
         g_variant_get_boolean (value);
}

GVariant *
bst_doc_get_map (GVariant *doc, const char *path)
{
  g_autoptr (GVariant) value = bst_doc_lookup (doc, path);

  return is_map (value) ? g_steal_pointer (&value) : bst_doc_new ();
}

GVariant *
bst_doc_get_list (GVariant *doc, const char *path)
{
  g_autoptr (GVariant) value = bst_doc_lookup (doc, path);

  if (value && g_variant_is_of_type (value, G_VARIANT_TYPE ("av")))
    return g_steal_pointer (&value);
  return bst_doc_take (g_variant_new_array (G_VARIANT_TYPE_VARIANT, NULL, 0));
}

char **
bst_doc_get_strv (GVariant *doc, const char *path)
{
  g_autoptr (GVariant) list = bst_doc_get_list (doc, path);
  g_autoptr (GStrvBuilder) strv = g_strv_builder_new ();
  GVariantIter iter;
  GVariant *item;

  g_variant_iter_init (&iter, list);
  while (g_variant_iter_loop (&iter, "v", &item))
    if (g_variant_is_of_type (item, G_VARIANT_TYPE_STRING))
      g_strv_builder_add (strv, g_variant_get_string (item, NULL));
  return g_strv_builder_end (strv);
}

/* @value is borrowed; NULL removes. The order of the keys stays; a new one comes last. */
static GVariant *
set_in (GVariant *map, const char *path, GVariant *value)
{
  const char *rest;
  g_autofree char *key = path_head (path, &rest);
  g_autoptr (GVariant) deeper = NULL;
  GVariantBuilder builder;
  GVariantIter iter;
  const char *name;
  GVariant *old;
  gboolean placed = FALSE;

  if (rest)
    {
      g_autoptr (GVariant) child = is_map (map) ? g_variant_lookup_value (map, key, NULL) : NULL;

      if (is_map (child) || value)
        value = deeper = set_in (is_map (child) ? child : NULL, rest, value);
    }

  g_variant_builder_init (&builder, MAP_TYPE);
  if (map)
    {
      g_variant_iter_init (&iter, map);
      while (g_variant_iter_loop (&iter, "{&sv}", &name, &old))
        {
          gboolean same = strcmp (name, key) == 0;

          if (!same || value)
            g_variant_builder_add (&builder, "{sv}", name, same ? value : old);
          placed |= same;
        }
    }
  if (!placed && value)
    g_variant_builder_add (&builder, "{sv}", key, value);
  return bst_doc_take (g_variant_builder_end (&builder));
}

GVariant *
bst_doc_set (GVariant *doc, const char *path, GVariant *value)
{
  g_autoptr (GVariant) taken = value ? bst_doc_take (g_variant_ref_sink (value)) : NULL;

  return set_in (is_map (doc) ? doc : NULL, path, taken);
}

GVariant *
bst_doc_set_take (GVariant *doc, const char *path, GVariant *value)
{
  g_autoptr (GVariant) taken = value ? bst_doc_take (value) : NULL;

  return set_in (is_map (doc) ? doc : NULL, path, taken);
}

GVariant *
bst_doc_set_string (GVariant *doc, const char *path, const char *value)
{
  return bst_doc_set (doc, path, value ? g_variant_new_string (value) : NULL);
}

GVariant *
bst_doc_set_int (GVariant *doc, const char *path, gint64 value)
{
  return bst_doc_set (doc, path, g_variant_new_int64 (value));
}

GVariant *
bst_doc_set_bool (GVariant *doc, const char *path, gboolean value)
{
  return bst_doc_set (doc, path, g_variant_new_boolean (value));
}

void
bst_doc_replace (GVariant **doc, GVariant *next)
{
  g_clear_pointer (doc, g_variant_unref);
  *doc = next;
}

static gboolean
is_number (GVariant *value)
{
  return g_variant_is_of_type (value, G_VARIANT_TYPE_INT64) ||
         g_variant_is_of_type (value, G_VARIANT_TYPE_DOUBLE);
}

static double
number_of (GVariant *value)
{
  return g_variant_is_of_type (value, G_VARIANT_TYPE_INT64) ? (double) g_variant_get_int64 (value)
                                                            : g_variant_get_double (value);
}

static gboolean
maps_equal (GVariant *a, GVariant *b)
{
  GVariantIter iter;
  const char *key;
  GVariant *value;

  if (g_variant_n_children (a) != g_variant_n_children (b))
    return FALSE;
  g_variant_iter_init (&iter, a);
  while (g_variant_iter_next (&iter, "{&sv}", &key, &value))
    {
      g_autoptr (GVariant) mine = value;
      g_autoptr (GVariant) other = g_variant_lookup_value (b, key, NULL);

      if (!other || !bst_doc_equal (mine, other))
        return FALSE;
    }
  return TRUE;
}

static gboolean
lists_equal (GVariant *a, GVariant *b)
{
  gsize n = g_variant_n_children (a);

  if (n != g_variant_n_children (b))
    return FALSE;
  for (gsize i = 0; i < n; i++)
    {
      g_autoptr (GVariant) box_a = g_variant_get_child_value (a, i);
      g_autoptr (GVariant) box_b = g_variant_get_child_value (b, i);
      g_autoptr (GVariant) item_a = g_variant_get_variant (box_a);
      g_autoptr (GVariant) item_b = g_variant_get_variant (box_b);

      if (!bst_doc_equal (item_a, item_b))
        return FALSE;
    }
  return TRUE;
}

gboolean
bst_doc_equal (GVariant *a, GVariant *b)
{
  if (!a || !b)
    return a == b;
  if (is_map (a) && is_map (b))
    return maps_equal (a, b);
  if (g_variant_is_of_type (a, G_VARIANT_TYPE ("av")) &&
      g_variant_is_of_type (b, G_VARIANT_TYPE ("av")))
    return lists_equal (a, b);
  if (is_number (a) && is_number (b) &&
      !g_variant_type_equal (g_variant_get_type (a), g_variant_get_type (b)))
    return number_of (a) == number_of (b);
  return g_variant_equal (a, b);
}

static GVariant *
canonical_list (GVariant *list)
{
  GVariantBuilder builder;
  GVariantIter iter;
  GVariant *item;

  g_variant_builder_init (&builder, G_VARIANT_TYPE ("av"));
  g_variant_iter_init (&iter, list);
  while (g_variant_iter_loop (&iter, "v", &item))
    {
      g_autoptr (GVariant) canonical = bst_doc_canonical (item);

      g_variant_builder_add (&builder, "v", canonical);
    }
  return bst_doc_take (g_variant_builder_end (&builder));
}

static int
compare_keys (gconstpointer a, gconstpointer b)
{
  return strcmp (*(const char *const *) a, *(const char *const *) b);
}

GVariant *
bst_doc_canonical (GVariant *doc)
{
  g_autoptr (GPtrArray) keys = NULL;
  GVariantBuilder builder;
  GVariantIter iter;
  const char *key;

  if (g_variant_is_of_type (doc, G_VARIANT_TYPE ("av")))
    return canonical_list (doc);
  if (!is_map (doc))
    return g_variant_ref (doc);

  keys = g_ptr_array_new ();
  g_variant_iter_init (&iter, doc);
  while (g_variant_iter_next (&iter, "{&sv}", &key, NULL))
    g_ptr_array_add (keys, (gpointer) key);
  g_ptr_array_sort (keys, compare_keys);

  g_variant_builder_init (&builder, MAP_TYPE);
  for (guint i = 0; i < keys->len; i++)
    {
      g_autoptr (GVariant) value = g_variant_lookup_value (doc, keys->pdata[i], NULL);
      g_autoptr (GVariant) canonical = bst_doc_canonical (value);

      g_variant_builder_add (&builder, "{sv}", keys->pdata[i], canonical);
    }
  return bst_doc_take (g_variant_builder_end (&builder));
}
