/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* How often somebody should look whether the computer has slept. */
#define BST_WAKE_LOOK_SECONDS 10

/** BstWake: what the clocks said at the last look; zeroed before the first one. */
typedef struct
{
  gint64 monotonic; /* microseconds; stands still while the computer sleeps */
  gint64 asleep;    /* microseconds that it has slept since it was started */
} BstWake;

/**
 * bst_wake_look:
 * @monotonic: CLOCK_MONOTONIC, @boottime: CLOCK_BOOTTIME; microseconds
 *
 * To be asked every %BST_WAKE_LOOK_SECONDS. Returns: whether the computer slept since the last look, or was so far away (a
 * virtual machine that was stopped) that the look came far too late. Turning the wall clock is no sleep.
 */
gboolean bst_wake_look (BstWake *wake, gint64 monotonic, gint64 boottime);

G_END_DECLS
