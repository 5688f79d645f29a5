/* SPDX-License-Identifier: GPL-3.0-or-later */

/*
 * One thing that is asked of every order: whether a line of it came late. It steps over the text instead of
 * parsing it: many are asked at once.
 */

#include "bst-json-scan.h"
#include "bst-store-levels.h"

#include <string.h>

/* The next key of an object that was entered, "" for one with escapes in it; %NULL at its end. */
static char *
next_key (BstJsonScan *scan)
{
  char *key;

  bst_json_scan_take (scan, ',');
  bst_json_scan_space (scan);
  if (scan->at >= scan->end || *scan->at != '"')
    return NULL;
  key = bst_json_scan_string (scan);
  if (!key) /* it was stepped over all the same */
    key = g_strdup ("");
  if (key && !bst_json_scan_take (scan, ':'))
    g_clear_pointer (&key, g_free);
  return key;
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
  char *key;

  if (!bst_json_scan_take (scan, '{'))
    {
      bst_json_scan_skip (scan);
      return;
    }
  while ((key = next_key (scan)))
    {
      char **into = strcmp (key, "due") == 0           ? &due
                    : strcmp (key, "deliveredAt") == 0 ? &delivered
                    : strcmp (key, "service") == 0     ? &service
                                                       : NULL;

      g_free (key);
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
  char *key;

  if (!doc || !strstr (doc, "\"deliveredAt\""))
    return NULL;
  scan = (BstJsonScan){ doc, doc + strlen (doc) };
  if (!bst_json_scan_take (&scan, '{'))
    return NULL;
  while ((key = next_key (&scan)))
    {
      gboolean lines = strcmp (key, "lines") == 0 && bst_json_scan_take (&scan, '{');

      g_free (key);
      if (!lines && !bst_json_scan_skip (&scan))
        return latest;
      while (lines && (key = next_key (&scan)))
        {
          g_free (key);
          read_line (&scan, window, &latest);
        }
      if (lines)
        bst_json_scan_take (&scan, '}');
    }
  return latest;
}
