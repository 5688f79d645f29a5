/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gtk/gtk.h>

#include "bst-session.h"

G_BEGIN_DECLS

/*
 * Requests under a heading, each with what can be done with it at once. Not visible while it is empty.
 * Properties: "heading" (string), "plain" (boolean: neither count nor buttons).
 * Signals: ::open (const char *id, gboolean editor) a row was activated; ::act (const char *id, const char *action) its button.
 * Keys on a row: Enter opens; A approves, R opens it to say why not.
 */
#define BST_TYPE_TASK_LIST (bst_task_list_get_type ())
G_DECLARE_FINAL_TYPE (BstTaskList, bst_task_list, BST, TASK_LIST, GtkBox)

/** bst_task_list_set_requests: @requests: (element-type GVariant); at most @limit are shown, the count stands in the heading. */
void bst_task_list_set_requests (BstTaskList *list,
                                 BstSession *session,
                                 GPtrArray *requests,
                                 guint limit);

G_END_DECLS
