/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* What is said of the files of an order. Texts in the language of the program, numbers in @language. */

typedef enum
{
  BST_ATTACHMENT_HERE,     /* on this computer only */
  BST_ATTACHMENT_HELD,     /* here, and waits for a line that is not metered */
  BST_ATTACHMENT_SENDING,  /* some of it is at the server */
  BST_ATTACHMENT_SENT,     /* all of it is; its order is on the way */
  BST_ATTACHMENT_RECEIVED, /* the server has it with its order */
  BST_ATTACHMENT_FETCHING, /* comes from the server to be opened */
} BstAttachmentState;

/**
 * bst_attachment_state:
 * @request: as the store has it, or a draft
 * @done: octets at the server as far as is known; -1: not known
 * @held: files wait on this line
 */
BstAttachmentState
bst_attachment_state (GVariant *request, GVariant *attachment, gint64 done, gboolean held);

/** bst_attachment_size_text: "812 bytes", "1,2 MB". (transfer full) */
char *bst_attachment_size_text (gint64 octets, const char *language);

/** bst_attachment_text: "1,2 MB · on this computer", "1,2 MB · sent 40 %". (transfer full) */
char *
bst_attachment_text (BstAttachmentState state, gint64 done, gint64 size, const char *language);

/** bst_attachment_limit_text: what the reader is told before choosing. (transfer full) */
char *bst_attachment_limit_text (gint64 limit, const char *language);

/** bst_attachment_too_large_text: @name: (nullable). (transfer full) */
char *bst_attachment_too_large_text (const char *name, gint64 limit, const char *language);

/** bst_attachment_icon: of the kind of file, by its media type (nullable). Static. */
const char *bst_attachment_icon (const char *type);

G_END_DECLS
