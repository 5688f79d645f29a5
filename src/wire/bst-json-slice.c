/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "bst-json-slice.h"

#include "bst-json-scan.h"
#include "bst-json.h"

#include <string.h>

static gboolean take_slices (BstJsonScan *scan, GArray *slices, char close, guint depth);

static void
slice_clear (gpointer slice)
{
  g_free (((BstJsonSlice *) slice)->key);
  g_clear_pointer (&((BstJsonSlice *) slice)->items, g_array_unref);
}

static GArray *
slices_new (void)
{
  GArray *slices = g_array_new (FALSE, TRUE, sizeof (BstJsonSlice));

  g_array_set_clear_func (slices, slice_clear);
  return slices;
}

/* Between its quotes, which stay behind. */
static gboolean
take_key (BstJsonScan *scan, const char **ret_key, gsize *ret_len)
{
  const char *start;

  bst_json_scan_space (scan);
  start = scan->at;
  if (start >= scan->end || *start != '"' || !bst_json_scan_skip (scan))
    return FALSE;
  *ret_key = start + 1;
  *ret_len = (gsize) (scan->at - start) - 2;
  return bst_json_scan_take (scan, ':');
}

/* '}' for '{', ']' for '[', nothing for what has no items. */
static char
closing (char open)
{
  return open == '{' ? '}' : open == '[' ? ']' : '\0';
}

static gboolean
take_value (BstJsonScan *scan, BstJsonSlice *slice, guint depth)
{
  gboolean good;

  bst_json_scan_space (scan);
  slice->text = scan->at;
  if (depth > 0 && scan->at < scan->end && closing (*scan->at) != '\0')
    good = (slice->items = bst_json_scan_items (scan, depth)) != NULL;
  else
    good = bst_json_scan_skip (scan);
  slice->len = (gsize) (scan->at - slice->text);
  return good;
}

static gboolean
take_slices (BstJsonScan *scan, GArray *slices, char close, guint depth)
{
  if (bst_json_scan_take (scan, close))
    return TRUE;
  do
    {
      BstJsonSlice *slice;
      const char *key;
      gsize len;

      g_array_set_size (slices, slices->len + 1);
      slice = &g_array_index (slices, BstJsonSlice, slices->len - 1);
      if (close == '}' && !take_key (scan, &key, &len))
        return FALSE;
      if (close == '}')
        slice->key = g_strndup (key, len);
      if (!take_value (scan, slice, depth - 1))
        return FALSE;
    }
  while (bst_json_scan_take (scan, ','));
  return bst_json_scan_take (scan, close);
}

GArray *
bst_json_scan_items (BstJsonScan *scan, guint depth)
{
  g_autoptr (GArray) items = NULL;
  char close;

  bst_json_scan_space (scan);
  close = scan->at < scan->end ? closing (*scan->at) : '\0';
  if (close == '\0')
    return NULL;
  scan->at++;
  items = slices_new ();
  return take_slices (scan, items, close, depth) ? g_steal_pointer (&items) : NULL;
}

GArray *
bst_json_slices (const char *text, gsize len, guint depth)
{
  BstJsonScan scan = { text, text + len };
  g_autoptr (GArray) slices = bst_json_scan_items (&scan, depth);

  bst_json_scan_space (&scan);
  return slices && scan.at == scan.end ? g_steal_pointer (&slices) : NULL;
}

const BstJsonSlice *
bst_json_slice_find (const GArray *object, const char *key)
{
  for (guint i = 0; i < object->len; i++)
    {
      const BstJsonSlice *slice = &g_array_index (object, BstJsonSlice, i);

      if (slice->key && strcmp (slice->key, key) == 0)
        return slice;
    }
  return NULL;
}

/* The place of the name that is @key, unless it has been found before. */
static int
find_name (const char *const *names, const BstJsonSlice *found, const char *key, gsize len)
{
  for (int i = 0; names[i]; i++)
    if (names[i][0] == key[0] && !found[i].text && strncmp (names[i], key, len) == 0 &&
        names[i][len] == '\0')
      return i;
  return -1;
}

gboolean
bst_json_slices_pick (const char *text,
                      gsize len,
                      const char *const *names,
                      BstJsonSlice *ret_slices)
{
  BstJsonScan scan = { text, text + len };
  guint left = 0;

  for (; names[left]; left++)
    ret_slices[left] = (BstJsonSlice){ NULL };
  if (!bst_json_scan_take (&scan, '{'))
    return FALSE;
  if (bst_json_scan_take (&scan, '}'))
    return TRUE;
  while (left > 0)
    {
      BstJsonSlice value = { NULL };
      const char *key;
      gsize key_len;
      int place;

      if (!take_key (&scan, &key, &key_len) || !take_value (&scan, &value, 0))
        return FALSE;
      place = find_name (names, ret_slices, key, key_len);
      if (place >= 0)
        {
          ret_slices[place] = value;
          left--;
        }
      if (!bst_json_scan_take (&scan, ','))
        return bst_json_scan_take (&scan, '}');
    }
  return TRUE;
}

char *
bst_json_slice_dup_string (const BstJsonSlice *slice)
{
  g_autoptr (GVariant) value = NULL;

  if (!slice->text || slice->text[0] != '"')
    return NULL;
  if (!memchr (slice->text, '\\', slice->len))
    return g_strndup (slice->text + 1, slice->len - 2);
  value = bst_json_parse (slice->text, (gssize) slice->len, NULL);
  return value && g_variant_is_of_type (value, G_VARIANT_TYPE_STRING)
             ? g_variant_dup_string (value, NULL)
             : NULL;
}
