/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "bst-draft.h"
#include "bst-page.h"

G_BEGIN_DECLS

/*
 * The files of an order: of a draft, to be added and removed; or of a sent one, to be opened and saved. Each row says
 * where the file is.
 */
#define BST_TYPE_ATTACHMENTS (bst_attachments_get_type ())
G_DECLARE_FINAL_TYPE (BstAttachments, bst_attachments, BST, ATTACHMENTS, GtkBox)

/** bst_attachments_set_draft: shows the draft's files and follows it. */
void bst_attachments_set_draft (BstAttachments *attachments, BstPage *page, BstDraft *draft);

/** bst_attachments_set_request: shows the files of @request; hidden when there are none. */
void bst_attachments_set_request (BstAttachments *attachments, BstPage *page, GVariant *request);

/** bst_attachments_add_file, bst_attachments_add_picture: read in the background, then on the draft. */
void bst_attachments_add_file (BstAttachments *attachments, GFile *file);
void bst_attachments_add_picture (BstAttachments *attachments, GdkTexture *picture);

G_END_DECLS
