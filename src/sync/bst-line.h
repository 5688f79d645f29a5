/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gio/gio.h>

G_BEGIN_DECLS

/*
 * What this computer knows of its line to the world: whether there is one, whether it costs by the octet, and whether
 * the computer has slept. Lives in the main context of the thread that made it.
 */
typedef struct _BstLine BstLine;

typedef enum
{
  BST_LINE_UP,      /* there is a line, maybe another one than before */
  BST_LINE_WOKE,    /* the computer slept; connections from before are worth nothing */
  BST_LINE_METERED, /* begins or ceases to be metered */
} BstLineEvent;

typedef void (*BstLineChanged) (BstLineEvent event, gpointer closure);

/** bst_line_new: @monitor: (nullable): the system's */
BstLine *bst_line_new (GNetworkMonitor *monitor, BstLineChanged changed, gpointer closure);
void bst_line_free (BstLine *line);

gboolean bst_line_get_metered (BstLine *line);

G_END_DECLS
