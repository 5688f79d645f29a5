/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "bst-jmap-slice.h"

#include "bst-error.h"
#include "bst-json-scan.h"

#include <string.h>

void
bst_jmap_slice_free (BstJmapSlice *slice)
{
  g_free (slice->name);
  g_free (slice->id);
  g_clear_pointer (&slice->items, g_array_unref);
  g_free (slice);
}

static gboolean
take_invocation (BstJsonScan *scan, GPtrArray *slices, guint depth)
{
  BstJmapSlice *slice = g_new0 (BstJmapSlice, 1);

  g_ptr_array_add (slices, slice);
  if (!bst_json_scan_take (scan, '[') || !(slice->name = bst_json_scan_string (scan)) ||
      !bst_json_scan_take (scan, ','))
    return FALSE;
  bst_json_scan_space (scan);
  slice->args = scan->at;
  if (scan->at >= scan->end || *scan->at != '{')
    return FALSE;
  if (depth > 0 ? !(slice->items = bst_json_scan_items (scan, depth)) : !bst_json_scan_skip (scan))
    return FALSE;
  slice->len = (gsize) (scan->at - slice->args);
  return bst_json_scan_take (scan, ',') && (slice->id = bst_json_scan_string (scan)) &&
         bst_json_scan_take (scan, ']');
}

static gboolean
take_invocations (BstJsonScan *scan, GPtrArray *slices, guint depth)
{
  if (!bst_json_scan_take (scan, '['))
    return FALSE;
  if (bst_json_scan_take (scan, ']'))
    return TRUE;
  do
    if (!take_invocation (scan, slices, depth))
      return FALSE;
  while (bst_json_scan_take (scan, ','));
  return bst_json_scan_take (scan, ']');
}

static gboolean
take_response (BstJsonScan *scan, GPtrArray *slices, guint depth, char **session_state)
{
  gboolean found = FALSE;

  if (!bst_json_scan_take (scan, '{'))
    return FALSE;
  do
    {
      g_autofree char *key = bst_json_scan_string (scan);
      gboolean taken;

      if (!key || !bst_json_scan_take (scan, ':'))
        return FALSE;
      if (strcmp (key, "methodResponses") == 0 && !found)
        taken = found = take_invocations (scan, slices, depth);
      else if (strcmp (key, "sessionState") == 0 && !*session_state)
        taken = (*session_state = bst_json_scan_string (scan)) != NULL;
      else
        taken = bst_json_scan_skip (scan);
      if (!taken)
        return FALSE;
    }
  while (bst_json_scan_take (scan, ','));
  if (!bst_json_scan_take (scan, '}'))
    return FALSE;
  bst_json_scan_space (scan);
  return found && *session_state && scan->at == scan->end;
}

GPtrArray *
bst_jmap_response_slices (const char *text,
                          gsize len,
                          guint depth,
                          char **ret_session_state,
                          GError **error)
{
  g_autoptr (GPtrArray) slices =
      g_ptr_array_new_with_free_func ((GDestroyNotify) bst_jmap_slice_free);
  g_autofree char *session_state = NULL;
  const char *start = text ? text : "";
  BstJsonScan scan = { start, start + len };

  if (!take_response (&scan, slices, depth, &session_state))
    {
      g_set_error (error, BST_ERROR, BST_ERROR_PROTOCOL,
                   "the answer is not a whole JMAP response (octet %" G_GSIZE_FORMAT ")",
                   (gsize) (MIN (scan.at, scan.end) - start));
      return NULL;
    }
  if (ret_session_state)
    *ret_session_state = g_steal_pointer (&session_state);
  return g_steal_pointer (&slices);
}
