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

/*
 * Behind the closing quote of the string that begins at @start; %NULL when it has none before @end. Texts are long beside
 * the quotes in them: those are looked for, and only before one of them may a backslash matter.
 */
static const char *
behind_string (const char *start, const char *end)
{
  for (const char *p = start + 1; p < end; p++)
    {
      const char *escapes;

      p = memchr (p, '"', (gsize) (end - p));
      if (!p)
        return NULL;
      escapes = p;
      while (escapes[-1] == '\\')
        escapes--;
      if ((p - escapes) % 2 == 0)
        return p + 1;
    }
  return NULL;
}

static gboolean
skip_string (BstJsonScan *scan)
{
  const char *behind = behind_string (scan->at, scan->end);

  scan->at = behind ? behind : scan->end;
  return behind != NULL;
}

/* Behind the object or array that begins at @p. Pages of megabytes pass here: all of it in registers. */
static const char *
behind_nested (const char *p, const char *end)
{
  guint depth = 0;

  while (p && p < end)
    {
      switch (*p)
        {
        case '"':
          p = behind_string (p, end);
          continue;
        case '{':
        case '[':
          depth++;
          break;
        case '}':
        case ']':
          if (--depth == 0)
            return p + 1;
          break;
        default:
          break;
        }
      p++;
    }
  return NULL;
}

static gboolean
skip_nested (BstJsonScan *scan)
{
  const char *behind = behind_nested (scan->at, scan->end);

  scan->at = behind ? behind : scan->end;
  return behind != NULL;
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
