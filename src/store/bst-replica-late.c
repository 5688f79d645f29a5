/* SPDX-License-Identifier: GPL-3.0-or-later */

/*
 * One thing that is asked of every order: whether a line of it came late. It steps over the text instead of
 * parsing it: many are asked at once.
 */

#include "bst-json-scan.h"
#include "bst-store-levels.h"

#include <string.h>

/* A key as it stands in the text, between its quotes; one with escapes in it is none that is looked for. */
typedef struct
{
  const char *text;
  gsize len;
} Key;

static gboolean
is_key (const Key *key, const char *name)
{
  return strlen (name) == key->len && memcmp (name, key->text, key->len) == 0;
}

/* The next key of an object that was entered; %FALSE at its end. */
static gboolean
next_key (BstJsonScan *scan, Key *ret_key)
{
  bst_json_scan_take (scan, ',');
  bst_json_scan_space (scan);
  if (scan->at >= scan->end || *scan->at != '"')
    return FALSE;
  ret_key->text = scan->at + 1;
  if (!bst_json_scan_skip (scan))
    return FALSE;
  ret_key->len = (gsize) (scan->at - ret_key->text) - 1;
  return bst_json_scan_take (scan, ':');
}

/* Within @window: "from\nto\nservice", of which the last may be empty. %NULL: anything is. */
static gboolean
is_wanted (const char *window, const char *delivered, const char *service)
{
  const char *to = window ? strchr (window, '\n') : NULL;
  const char *wanted = to ? strchr (to + 1, '\n') : NULL;

  if (!wanted)
    return TRUE;
  if (strncmp (delivered, window, (gsize) (to - window)) < 0 ||
      strncmp (delivered, to + 1, (gsize) (wanted - to - 1)) >= 0)
    return FALSE;
  return !wanted[1] || g_strcmp0 (service, wanted + 1) == 0;
}

static void
read_line (BstJsonScan *scan, const char *window, char **latest)
{
  g_autofree char *due = NULL;
  g_autofree char *delivered = NULL;
  g_autofree char *service = NULL;
  Key key;

  if (!bst_json_scan_take (scan, '{'))
    {
      bst_json_scan_skip (scan);
      return;
    }
  while (next_key (scan, &key))
    {
      char **into = is_key (&key, "due")           ? &due
                    : is_key (&key, "deliveredAt") ? &delivered
                    : is_key (&key, "service")     ? &service
                                                   : NULL;

      if (into && !*into)
        *into = bst_json_scan_string (scan);
      else if (!bst_json_scan_skip (scan))
        return;
    }
  bst_json_scan_take (scan, '}');
  if (due && delivered && strcmp (delivered, due) > 0 && is_wanted (window, delivered, service) &&
      (!*latest || strcmp (delivered, *latest) > 0))
    {
      g_free (*latest);
      *latest = g_steal_pointer (&delivered);
    }
}

char *
bst_replica_late (const char *doc, const char *window)
{
  BstJsonScan scan;
  char *latest = NULL;
  Key key;

  if (!doc || !strstr (doc, "\"deliveredAt\""))
    return NULL;
  scan = (BstJsonScan){ doc, doc + strlen (doc) };
  if (!bst_json_scan_take (&scan, '{'))
    return NULL;
  while (next_key (&scan, &key))
    {
      gboolean lines = is_key (&key, "lines") && bst_json_scan_take (&scan, '{');

      if (!lines && !bst_json_scan_skip (&scan))
        return latest;
      while (lines && next_key (&scan, &key))
        read_line (&scan, window, &latest);
      if (lines)
        bst_json_scan_take (&scan, '}');
    }
  return latest;
}
