/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "bst-json-scan.h"

#include <string.h>

void
bst_json_scan_space (BstJsonScan *scan)
{
  while (scan->at < scan->end && memchr (" \t\r\n", *scan->at, 4))
    scan->at++;
}

/* Takes @expected if it comes next. */
gboolean
bst_json_scan_take (BstJsonScan *scan, char expected)
{
  bst_json_scan_space (scan);
  if (scan->at >= scan->end || *scan->at != expected)
    return FALSE;
  scan->at++;
  return TRUE;
}

/* Behind the closing quote of the string that begins at the scan. */
static gboolean
skip_string (BstJsonScan *scan)
{
  for (scan->at++; scan->at < scan->end; scan->at++)
    {
      if (*scan->at == '"')
        {
          scan->at++;
          return TRUE;
        }
      if (*scan->at == '\\')
        scan->at++;
    }
  return FALSE;
}

static gboolean
skip_nested (BstJsonScan *scan)
{
  guint depth = 0;

  while (scan->at < scan->end)
    {
      switch (*scan->at)
        {
        case '"':
          if (!skip_string (scan))
            return FALSE;
          continue;
        case '{':
        case '[':
          depth++;
          break;
        case '}':
        case ']':
          if (--depth == 0)
            {
              scan->at++;
              return TRUE;
            }
          break;
        default:
          break;
        }
      scan->at++;
    }
  return FALSE;
}

gboolean
bst_json_scan_skip (BstJsonScan *scan)
{
  const char *start;

  bst_json_scan_space (scan);
  start = scan->at;
  if (start >= scan->end)
    return FALSE;
  if (*start == '"')
    return skip_string (scan);
  if (*start == '{' || *start == '[')
    return skip_nested (scan);
  while (scan->at < scan->end && !memchr (",]} \t\r\n", *scan->at, 7))
    scan->at++;
  return scan->at > start;
}

/* Names and call ids are ours: a string with an escape in it is none of them. */
char *
bst_json_scan_string (BstJsonScan *scan)
{
  const char *start;

  bst_json_scan_space (scan);
  start = scan->at + 1;
  if (scan->at >= scan->end || *scan->at != '"' || !skip_string (scan))
    return NULL;
  if (memchr (start, '\\', (gsize) (scan->at - 1 - start)))
    return NULL;
  return g_strndup (start, (gsize) (scan->at - 1 - start));
}
