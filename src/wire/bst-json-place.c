/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "bst-json-place.h"

#include "bst-json-scan.h"

#include <string.h>

/* Stands before the value of @key in the object that comes next; FALSE (and anywhere) when it has none. */
static gboolean
enter_object (BstJsonScan *scan, const char *key)
{
  if (bst_json_scan_take (scan, '}'))
    return FALSE;
  do
    {
      g_autofree char *name = bst_json_scan_string (scan);

      if (!bst_json_scan_take (scan, ':'))
        return FALSE;
      if (g_strcmp0 (name, key) == 0)
        return TRUE;
      if (!bst_json_scan_skip (scan))
        return FALSE;
    }
  while (bst_json_scan_take (scan, ','));
  return FALSE;
}

static gboolean
enter_array (BstJsonScan *scan, const char *key)
{
  guint64 index;

  if (!g_ascii_string_to_unsigned (key, 10, 0, G_MAXUINT, &index, NULL))
    return FALSE;
  for (guint64 i = 0; i < index; i++)
    if (!bst_json_scan_skip (scan) || !bst_json_scan_take (scan, ','))
      return FALSE;
  return TRUE;
}

static gboolean
enter (BstJsonScan *scan, const char *key)
{
  if (bst_json_scan_take (scan, '{'))
    return enter_object (scan, key);
  return bst_json_scan_take (scan, '[') && enter_array (scan, key);
}

void
bst_json_place (const char *text, gsize len, const char *path, guint *ret_line, guint *ret_column)
{
  g_auto (GStrv) keys = g_strsplit (path, "/", -1);
  BstJsonScan scan = { text, text + len };
  BstJsonScan found;
  const char *line_start = text;
  guint line = 1;

  bst_json_scan_space (&scan);
  found = scan;
  for (guint i = 0; keys[i] && *keys[i] && enter (&scan, keys[i]); i++)
    {
      bst_json_scan_space (&scan);
      found = scan;
    }
  for (const char *at = text; at < found.at; at++)
    if (*at == '\n')
      {
        line++;
        line_start = at + 1;
      }
  *ret_line = line;
  *ret_column = (guint) g_utf8_pointer_to_offset (line_start, found.at) + 1;
}
