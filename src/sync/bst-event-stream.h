/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/*
 * Reads a stream of events as the HTML standard has it ("9.2.6 Interpreting an event stream"): what RFC 8620 §7.3 pushes
 * with. Octets come in as the line brings them; events go out when they are whole.
 */
typedef struct _BstEventStream BstEventStream;

/** BstEventHeard: @event: "message" when the event has no name */
typedef void (*BstEventHeard) (const char *event, const char *data, gpointer closure);

BstEventStream *bst_event_stream_new (BstEventHeard heard, gpointer closure);
void bst_event_stream_free (BstEventStream *stream);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (BstEventStream, bst_event_stream_free)

/** bst_event_stream_feed: Returns: %FALSE when an event grows beyond 1 MiB: this is no server of ours. */
gboolean bst_event_stream_feed (BstEventStream *stream, const char *octets, gsize len);

/** bst_event_stream_get_last_id: of the last whole event that had one; %NULL for none. */
const char *bst_event_stream_get_last_id (BstEventStream *stream);

G_END_DECLS
