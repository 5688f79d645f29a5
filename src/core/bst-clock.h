/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/**
 * BstClock:
 * @now_ms: wall-clock time, milliseconds since 1970-01-01T00:00:00Z
 * @fill_random: fills @len bytes with unpredictable octets
 * @closure: handed to both
 *
 * The only door through which time and chance reach the domain. It is passed in, so that tests and
 * replays decide both. It decides display and the time part of new identifiers, never an outcome.
 */
typedef struct
{
  gint64 (*now_ms) (gpointer closure);
  void (*fill_random) (gpointer closure, guint8 *bytes, gsize len);
  gpointer closure;
} BstClock;

/**
 * bst_instant_format:
 * @seconds: seconds since the epoch, UTC
 *
 * Returns: (transfer full): RFC 3339 UTC, as in "2026-03-12T14:02:00Z" (RFC 8620 §1.4 UTCDate)
 */
char *bst_instant_format (gint64 seconds);

/**
 * bst_instant_parse:
 * @text: RFC 3339 UTC; fractions of a second are cut off, only "Z" is taken as offset
 * @ret_seconds: (out): untouched on failure
 */
gboolean bst_instant_parse (const char *text, gint64 *ret_seconds);

/** bst_clock_now: seconds since the epoch, UTC. */
gint64 bst_clock_now (const BstClock *clock);

/** bst_clock_now_text: the same as an instant on the wire. Returns: (transfer full). */
char *bst_clock_now_text (const BstClock *clock);

/**
 * bst_uid_new:
 *
 * Returns: (transfer full): a UUID version 7 (RFC 9562 §5.7), lower case with hyphens
 */
char *bst_uid_new (const BstClock *clock);

/** bst_uid_is_valid: whether @text is a lower-case UUIDv7 in its 36-character form. */
gboolean bst_uid_is_valid (const char *text);

G_END_DECLS
