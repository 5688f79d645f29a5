/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gtk/gtk.h>

#include "bst-draft.h"

G_BEGIN_DECLS

/* Who gets the delivery: people that were chosen, and an entry to find another. */
#define BST_TYPE_RECEIVERS (bst_receivers_get_type ())
G_DECLARE_FINAL_TYPE (BstReceivers, bst_receivers, BST, RECEIVERS, GtkBox)

void bst_receivers_set_draft (BstReceivers *receivers, BstSession *session, BstDraft *draft);

/** bst_receivers_update: after a change of the draft. */
void bst_receivers_update (BstReceivers *receivers);

G_END_DECLS
