/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "bst-jmap-slice.h"

#include "bst-error.h"

#include <string.h>

typedef struct
{
  const char *at;
  const char *end;
} Scanner;

void
bst_jmap_slice_free (BstJmapSlice *slice)
{
  g_free (slice->name);
  g_free (slice->id);
  g_free (slice);
}

static void
skip_space (Scanner *scanner)
{
  while (scanner->at < scanner->end && memchr (" \t\r\n", *scanner->at, 4))
    scanner->at++;
}

/* Takes @expected if it comes next. */
static gboolean
take (Scanner *scanner, char expected)
{
  skip_space (scanner);
  if (scanner->at >= scanner->end || *scanner->at != expected)
    return FALSE;
  scanner->at++;
  return TRUE;
}

/* Behind the closing quote of the string that begins at the scanner. */
static gboolean
skip_string (Scanner *scanner)
{
  for (scanner->at++; scanner->at < scanner->end; scanner->at++)
    {
      if (*scanner->at == '"')
        {
          scanner->at++;
          return TRUE;
        }
      if (*scanner->at == '\\')
        scanner->at++;
    }
  return FALSE;
}

static gboolean
skip_nested (Scanner *scanner)
{
  guint depth = 0;

  while (scanner->at < scanner->end)
    {
      switch (*scanner->at)
        {
        case '"':
          if (!skip_string (scanner))
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
              scanner->at++;
              return TRUE;
            }
          break;
        default:
          break;
        }
      scanner->at++;
    }
  return FALSE;
}

static gboolean
skip_value (Scanner *scanner)
{
  const char *start;

  skip_space (scanner);
  start = scanner->at;
  if (start >= scanner->end)
    return FALSE;
  if (*start == '"')
    return skip_string (scanner);
  if (*start == '{' || *start == '[')
    return skip_nested (scanner);
  while (scanner->at < scanner->end && !memchr (",]} \t\r\n", *scanner->at, 7))
    scanner->at++;
  return scanner->at > start;
}

/* Names and call ids are ours: a string with an escape in it is none of them. */
static char *
take_plain_string (Scanner *scanner)
{
  const char *start;

  skip_space (scanner);
  start = scanner->at + 1;
  if (scanner->at >= scanner->end || *scanner->at != '"' || !skip_string (scanner))
    return NULL;
  if (memchr (start, '\\', (gsize) (scanner->at - 1 - start)))
    return NULL;
  return g_strndup (start, (gsize) (scanner->at - 1 - start));
}

static gboolean
take_invocation (Scanner *scanner, GPtrArray *slices)
{
  BstJmapSlice *slice = g_new0 (BstJmapSlice, 1);

  g_ptr_array_add (slices, slice);
  if (!take (scanner, '[') || !(slice->name = take_plain_string (scanner)) || !take (scanner, ','))
    return FALSE;
  skip_space (scanner);
  slice->args = scanner->at;
  if (scanner->at >= scanner->end || *scanner->at != '{' || !skip_value (scanner))
    return FALSE;
  slice->len = (gsize) (scanner->at - slice->args);
  return take (scanner, ',') && (slice->id = take_plain_string (scanner)) && take (scanner, ']');
}

static gboolean
take_invocations (Scanner *scanner, GPtrArray *slices)
{
  if (!take (scanner, '['))
    return FALSE;
  if (take (scanner, ']'))
    return TRUE;
  do
    if (!take_invocation (scanner, slices))
      return FALSE;
  while (take (scanner, ','));
  return take (scanner, ']');
}

static gboolean
take_response (Scanner *scanner, GPtrArray *slices, char **session_state)
{
  gboolean found = FALSE;

  if (!take (scanner, '{'))
    return FALSE;
  do
    {
      g_autofree char *key = take_plain_string (scanner);
      gboolean taken;

      if (!key || !take (scanner, ':'))
        return FALSE;
      if (strcmp (key, "methodResponses") == 0 && !found)
        taken = found = take_invocations (scanner, slices);
      else if (strcmp (key, "sessionState") == 0 && !*session_state)
        taken = (*session_state = take_plain_string (scanner)) != NULL;
      else
        taken = skip_value (scanner);
      if (!taken)
        return FALSE;
    }
  while (take (scanner, ','));
  if (!take (scanner, '}'))
    return FALSE;
  skip_space (scanner);
  return found && *session_state && scanner->at == scanner->end;
}

GPtrArray *
bst_jmap_response_slices (const char *text, gsize len, char **ret_session_state, GError **error)
{
  g_autoptr (GPtrArray) slices =
      g_ptr_array_new_with_free_func ((GDestroyNotify) bst_jmap_slice_free);
  g_autofree char *session_state = NULL;
  Scanner scanner = { text, text + len };

  if (!take_response (&scanner, slices, &session_state))
    {
      g_set_error (error, BST_ERROR, BST_ERROR_PROTOCOL,
                   "the answer is not a whole JMAP response (octet %" G_GSIZE_FORMAT ")",
                   (gsize) (MIN (scanner.at, scanner.end) - text));
      return NULL;
    }
  if (ret_session_state)
    *ret_session_state = g_steal_pointer (&session_state);
  return g_steal_pointer (&slices);
}
