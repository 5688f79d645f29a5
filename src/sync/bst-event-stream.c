/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "bst-event-stream.h"

#include <string.h>

#define MAX_EVENT       (1024 * 1024)
#define BYTE_ORDER_MARK "\xEF\xBB\xBF"

struct _BstEventStream
{
  BstEventHeard heard;
  gpointer closure;
  GString *line;
  GString *data;
  char *event; /* NULL: none named */
  char *id;    /* of the event that is being read */
  char *last_id;
  gboolean begun;    /* the first line has been read */
  gboolean after_cr; /* a line feed now ends no second line */
};

BstEventStream *
bst_event_stream_new (BstEventHeard heard, gpointer closure)
{
  BstEventStream *stream = g_new0 (BstEventStream, 1);

  stream->heard = heard;
  stream->closure = closure;
  stream->line = g_string_new (NULL);
  stream->data = g_string_new (NULL);
  return stream;
}

void
bst_event_stream_free (BstEventStream *stream)
{
  g_string_free (stream->line, TRUE);
  g_string_free (stream->data, TRUE);
  g_free (stream->event);
  g_free (stream->id);
  g_free (stream->last_id);
  g_free (stream);
}

/* An empty line: the event is whole. */
static void
dispatch (BstEventStream *stream)
{
  if (stream->id)
    {
      g_free (stream->last_id);
      stream->last_id = g_steal_pointer (&stream->id);
    }
  if (stream->data->len > 0)
    {
      g_string_truncate (stream->data, stream->data->len - 1); /* the last line's feed */
      stream->heard (stream->event ? stream->event : "message", stream->data->str, stream->closure);
    }
  g_clear_pointer (&stream->event, g_free);
  g_string_truncate (stream->data, 0);
}

static void
take_field (BstEventStream *stream, const char *name, const char *value)
{
  if (strcmp (name, "data") == 0)
    {
      g_string_append (stream->data, value);
      g_string_append_c (stream->data, '\n');
    }
  else if (strcmp (name, "event") == 0)
    {
      g_free (stream->event);
      stream->event = *value ? g_strdup (value) : NULL;
    }
  else if (strcmp (name, "id") == 0)
    {
      g_free (stream->id);
      stream->id = g_strdup (value);
    }
}

static void
take_line (BstEventStream *stream)
{
  char *text = stream->line->str;
  char *colon;

  if (!stream->begun && g_str_has_prefix (text, BYTE_ORDER_MARK))
    text += strlen (BYTE_ORDER_MARK);
  stream->begun = TRUE;
  colon = strchr (text, ':');
  if (!*text)
    dispatch (stream);
  else if (!colon)
    take_field (stream, text, "");
  else if (colon != text) /* else a comment */
    {
      *colon = '\0';
      take_field (stream, text, colon[1] == ' ' ? colon + 2 : colon + 1);
    }
  g_string_truncate (stream->line, 0);
}

gboolean
bst_event_stream_feed (BstEventStream *stream, const char *octets, gsize len)
{
  for (gsize i = 0; i < len; i++)
    {
      gboolean end = octets[i] == '\r' || (octets[i] == '\n' && !stream->after_cr);

      if (end)
        take_line (stream);
      else if (octets[i] != '\n' && octets[i] != '\0')
        g_string_append_c (stream->line, octets[i]);
      stream->after_cr = octets[i] == '\r';
      if (stream->line->len + stream->data->len > MAX_EVENT)
        return FALSE;
    }
  return TRUE;
}

const char *
bst_event_stream_get_last_id (BstEventStream *stream)
{
  return stream->last_id;
}
