/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "bst-doc.h"

#include "bst-doc-writer.h"
#include "bst-error.h"

#include <string.h>

#define MAP_TYPE  G_VARIANT_TYPE_VARDICT
#define NULL_TYPE "mv"
#define MAX_TYPE  63

static void write_entry (BstDocWriter *writer,
                         const BstDocOctets *entry,
                         const char *key,
                         const char *rest,
                         GVariant *value);

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
  return !value || g_variant_is_of_type (value, G_VARIANT_TYPE (NULL_TYPE));
}

static gboolean
is_map (GVariant *value)
{
  return value && g_variant_is_of_type (value, MAP_TYPE);
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

/* What stands at @path, where it lies in @doc. */
static gboolean
find (GVariant *doc, const char *path, BstDocOctets *ret_value)
{
  BstDocOctets whole;

  if (!doc)
    return FALSE;
  bst_doc_octets_init (&whole, doc);
  return bst_doc_octets_find (&whole, path, ret_value);
}

GVariant *
bst_doc_lookup (GVariant *doc, const char *path)
{
  g_autoptr (GBytes) whole = NULL;
  g_autoptr (GBytes) part = NULL;
  BstDocOctets value;
  char type[MAX_TYPE + 1] = "";

  if (!path)
    return doc ? g_variant_ref (doc) : NULL;
  if (!find (doc, path, &value) || value.type_len > MAX_TYPE)
    return NULL;
  memcpy (type, value.type, value.type_len);
  whole = g_variant_get_data_as_bytes (doc);
  part = g_bytes_new_from_bytes (
      whole, (gsize) (value.data - (const guint8 *) g_variant_get_data (doc)), value.size);
  return g_variant_take_ref (g_variant_new_from_bytes (G_VARIANT_TYPE (type), part, TRUE));
}

gboolean
bst_doc_has (GVariant *doc, const char *path)
{
  BstDocOctets value;

  return find (doc, path, &value) && !bst_doc_octets_is (&value, NULL_TYPE);
}

const char *
bst_doc_get_string (GVariant *doc, const char *path)
{
  BstDocOctets value;

  return find (doc, path, &value) && bst_doc_octets_is (&value, "s") ? (const char *) value.data
                                                                     : NULL;
}

static gboolean
find_number (GVariant *doc, const char *path, const char *type, gpointer ret_number)
{
  BstDocOctets value;

  if (!find (doc, path, &value) || !bst_doc_octets_is (&value, type) || value.size != 8)
    return FALSE;
  memcpy (ret_number, value.data, 8);
  return TRUE;
}

gint64
bst_doc_get_int (GVariant *doc, const char *path, gint64 fallback)
{
  gint64 number;

  return find_number (doc, path, "x", &number) ? number : fallback;
}

double
bst_doc_get_double (GVariant *doc, const char *path, double fallback)
{
  double number;
  gint64 whole;

  if (find_number (doc, path, "d", &number))
    return number;
  return find_number (doc, path, "x", &whole) ? (double) whole : fallback;
}

gboolean
bst_doc_get_bool (GVariant *doc, const char *path)
{
  BstDocOctets value;

  return find (doc, path, &value) && bst_doc_octets_is (&value, "b") && value.size == 1 &&
         value.data[0] == 1;
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

/*
 * Writes what stands in @map (nullable: nothing), with @value (borrowed; %NULL removes) at @path. The order of the keys stays; a new
 * one comes last. What is neither changed nor on the way to it is copied as it is.
 */
static void
write_with (BstDocWriter *writer, const BstDocOctets *map, const char *path, GVariant *value)
{
  const char *rest;
  g_autofree char *key = bst_doc_path_head (path, &rest);
  gsize key_size = strlen (key) + 1;
  gboolean placed = FALSE;
  BstDocEntries entries;
  BstDocOctets entry;

  if (map)
    bst_doc_entries_init (&entries, map);
  while (map && bst_doc_entries_next (&entries, &entry))
    if (entry.size < key_size || memcmp (entry.data, key, key_size) != 0)
      bst_doc_writer_entry (writer, &entry);
    else
      {
        write_entry (writer, &entry, key, rest, value);
        placed = TRUE;
      }
  if (!placed)
    write_entry (writer, NULL, key, rest, value);
}

/* @value at @rest within the entry of @key; where there is none (@entry %NULL) or it is no object, in a new one. */
static void
write_entry (BstDocWriter *writer,
             const BstDocOctets *entry,
             const char *key,
             const char *rest,
             GVariant *value)
{
  BstDocOctets child;
  gboolean is_object =
      rest && entry && bst_doc_entry_value (entry, &child) && bst_doc_octets_is (&child, "a{sv}");

  if (!value && !is_object)
    return;
  if (!rest)
    {
      bst_doc_writer_value (writer, key, value);
      return;
    }
  bst_doc_writer_open (writer, key);
  write_with (writer, is_object ? &child : NULL, rest, value);
  bst_doc_writer_close (writer);
}

static GVariant *
with (GVariant *doc, const char *path, GVariant *value)
{
  g_autoptr (BstDocWriter) writer = bst_doc_writer_new ();
  BstDocOctets map;

  if (is_map (doc))
    bst_doc_octets_init (&map, doc);
  write_with (writer, is_map (doc) ? &map : NULL, path, value);
  return bst_doc_writer_take (writer);
}

GVariant *
bst_doc_set (GVariant *doc, const char *path, GVariant *value)
{
  g_autoptr (GVariant) taken = value ? bst_doc_take (g_variant_ref_sink (value)) : NULL;

  return with (doc, path, taken);
}

GVariant *
bst_doc_set_take (GVariant *doc, const char *path, GVariant *value)
{
  g_autoptr (GVariant) taken = value ? bst_doc_take (value) : NULL;

  return with (doc, path, taken);
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
