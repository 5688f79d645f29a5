/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "bst-doc-octets.h"

#include <string.h>

#define MAP_TYPE "a{sv}"

/* Where the next value begins: at a multiple of eight. */
#define ALIGNED(offset) (((offset) + 7) & ~(gsize) 7)

/* ---- paths ---- */

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

char *
bst_doc_path_head (const char *path, const char **ret_rest)
{
  const char *slash = strchr (path, '/');

  *ret_rest = slash ? slash + 1 : NULL;
  return unescape_key (path, slash ? (gsize) (slash - path) : strlen (path));
}

/* ---- numbers and slices ---- */

/* An offset at the end of a serialised container: @size octets, the lowest first. */
static gsize
read_offset (const guint8 *at, gsize size)
{
  gsize offset = 0;

  for (gsize i = 0; i < size; i++)
    offset |= (gsize) at[i] << (8 * i);
  return offset;
}

static gsize
width_of_offsets (gsize size)
{
  return size <= G_MAXUINT8 ? 1 : size <= G_MAXUINT16 ? 2 : size <= G_MAXUINT32 ? 4 : 8;
}

void
bst_doc_octets_init (BstDocOctets *octets, GVariant *doc)
{
  const char *type = g_variant_get_type_string (doc);

  *octets =
      (BstDocOctets){ g_variant_get_data (doc), g_variant_get_size (doc), type, strlen (type) };
}

gboolean
bst_doc_octets_is (const BstDocOctets *octets, const char *type)
{
  return octets->type_len == strlen (type) && memcmp (octets->type, type, octets->type_len) == 0;
}

/* ---- entries ---- */

void
bst_doc_entries_init (BstDocEntries *entries, const BstDocOctets *map)
{
  gsize width = width_of_offsets (map->size);

  *entries = (BstDocEntries){ .map = map, .width = width, .ends = map->size };
  if (map->size > width)
    entries->ends = read_offset (map->data + map->size - width, width);
}

gboolean
bst_doc_entries_next (BstDocEntries *entries, BstDocOctets *ret_entry)
{
  const BstDocOctets *map = entries->map;
  gsize place = entries->ends + entries->index * entries->width;
  gsize end;

  if (entries->ends > map->size || place + entries->width > map->size)
    return FALSE;
  end = read_offset (map->data + place, entries->width);
  if (end > entries->ends || end <= entries->start)
    return FALSE;
  *ret_entry = (BstDocOctets){ map->data + entries->start, end - entries->start, NULL, 0 };
  entries->start = ALIGNED (end);
  entries->index++;
  return TRUE;
}

gboolean
bst_doc_entry_value (const BstDocOctets *entry, BstDocOctets *ret_value)
{
  gsize width = width_of_offsets (entry->size);
  gsize end = entry->size > width ? entry->size - width : 0;
  gsize start = ALIGNED (read_offset (entry->data + end, width));
  gsize zero = end;

  while (zero > start && entry->data[zero - 1] != '\0')
    zero--;
  if (zero <= start)
    return FALSE;
  *ret_value = (BstDocOctets){ entry->data + start, zero - 1 - start,
                               (const char *) entry->data + zero, end - zero };
  return TRUE;
}

/* The entry whose key is the first of @path, of which nothing is escaped. */
static gboolean
find_entry (const BstDocOctets *map, const char *key, gsize len, BstDocOctets *ret_entry)
{
  BstDocEntries entries;

  bst_doc_entries_init (&entries, map);
  while (bst_doc_entries_next (&entries, ret_entry))
    if (ret_entry->size > len && ret_entry->data[len] == '\0' &&
        memcmp (ret_entry->data, key, len) == 0)
      return TRUE;
  return FALSE;
}

gboolean
bst_doc_octets_find (const BstDocOctets *octets, const char *path, BstDocOctets *ret_value)
{
  BstDocOctets here = *octets;

  while (path)
    {
      gsize len = strcspn (path, "/");
      g_autofree char *unescaped = memchr (path, '~', len) ? unescape_key (path, len) : NULL;
      BstDocOctets entry;

      if (!bst_doc_octets_is (&here, MAP_TYPE) ||
          !find_entry (&here, unescaped ? unescaped : path, unescaped ? strlen (unescaped) : len,
                       &entry) ||
          !bst_doc_entry_value (&entry, &here))
        return FALSE;
      path = path[len] ? path + len + 1 : NULL;
    }
  *ret_value = here;
  return TRUE;
}
