/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "bst-json-slice.h"

#include "bst-json-scan.h"

#include <string.h>

static void
slice_clear (gpointer slice)
{
  g_free (((BstJsonSlice *) slice)->key);
}

static gboolean
take_key (BstJsonScan *scan, char **ret_key)
{
  const char *start;

  bst_json_scan_space (scan);
  start = scan->at;
  if (start >= scan->end || *start != '"' || !bst_json_scan_skip (scan))
    return FALSE;
  *ret_key = g_strndup (start + 1, (gsize) (scan->at - start) - 2);
  return bst_json_scan_take (scan, ':');
}

static gboolean
take_slices (BstJsonScan *scan, GArray *slices, char close)
{
  if (bst_json_scan_take (scan, close))
    return TRUE;
  do
    {
      BstJsonSlice *slice;

      g_array_set_size (slices, slices->len + 1);
      slice = &g_array_index (slices, BstJsonSlice, slices->len - 1);
      if (close == '}' && !take_key (scan, &slice->key))
        return FALSE;
      bst_json_scan_space (scan);
      slice->text = scan->at;
      if (!bst_json_scan_skip (scan))
        return FALSE;
      slice->len = (gsize) (scan->at - slice->text);
    }
  while (bst_json_scan_take (scan, ','));
  return bst_json_scan_take (scan, close);
}

GArray *
bst_json_slices (const char *text, gsize len)
{
  g_autoptr (GArray) slices = g_array_new (FALSE, TRUE, sizeof (BstJsonSlice));
  BstJsonScan scan = { text, text + len };
  gboolean good;

  g_array_set_clear_func (slices, slice_clear);
  if (bst_json_scan_take (&scan, '{'))
    good = take_slices (&scan, slices, '}');
  else
    good = bst_json_scan_take (&scan, '[') && take_slices (&scan, slices, ']');
  bst_json_scan_space (&scan);
  return good && scan.at == scan.end ? g_steal_pointer (&slices) : NULL;
}

const BstJsonSlice *
bst_json_slice_find (GArray *object, const char *key)
{
  for (guint i = 0; i < object->len; i++)
    {
      const BstJsonSlice *slice = &g_array_index (object, BstJsonSlice, i);

      if (slice->key && strcmp (slice->key, key) == 0)
        return slice;
    }
  return NULL;
}
