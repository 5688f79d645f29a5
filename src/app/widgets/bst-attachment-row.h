/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <adwaita.h>

#include "bst-attachment-words.h"
#include "bst-page.h"

G_BEGIN_DECLS

/*
 * One file of an order: name, size, where it is; to be opened, saved elsewhere, or removed.
 * Signal: ::remove ()
 */
#define BST_TYPE_ATTACHMENT_ROW (bst_attachment_row_get_type ())
G_DECLARE_FINAL_TYPE (BstAttachmentRow, bst_attachment_row, BST, ATTACHMENT_ROW, AdwActionRow)

/** bst_attachment_row_new: @key: in the order's attachments */
GtkWidget *bst_attachment_row_new (BstPage *page, const char *key, gboolean removable);
const char *bst_attachment_row_get_key (BstAttachmentRow *row);

/** bst_attachment_row_set_request: the order as it is now. */
void bst_attachment_row_set_request (BstAttachmentRow *row, GVariant *request);

/** bst_attachment_row_update: says anew where the file is, and returns it. */
BstAttachmentState bst_attachment_row_update (BstAttachmentRow *row);

G_END_DECLS
