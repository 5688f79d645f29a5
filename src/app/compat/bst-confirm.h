/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gtk/gtk.h>

G_BEGIN_DECLS

/** BstConfirmed: only called when the user said yes. */
typedef void (*BstConfirmed) (gpointer data);

/**
 * bst_confirm: asks before what cannot be taken back.
 * @verb: on the button: "_Sign Out", never "OK"
 * @destructive: something is lost by it
 * @destroy: (nullable): of @data, in any case
 */
void bst_confirm (GtkWidget *parent,
                  const char *heading,
                  const char *body,
                  const char *verb,
                  gboolean destructive,
                  BstConfirmed confirmed,
                  gpointer data,
                  GDestroyNotify destroy);

/** bst_tell: a message with one button, for what the user must have read. */
void bst_tell (GtkWidget *parent, const char *heading, const char *body);

G_END_DECLS
