/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gtk/gtk.h>

#include "bst-session.h"

G_BEGIN_DECLS

/*
 * Disturbances, planned work and news that are not over, newest first. Not visible when there are none. Follows the store.
 * Property "compact" (boolean): the text as a tooltip only.
 */
#define BST_TYPE_NOTICE_LIST (bst_notice_list_get_type ())
G_DECLARE_FINAL_TYPE (BstNoticeList, bst_notice_list, BST, NOTICE_LIST, GtkBox)

/** bst_notice_list_show_for: those that hit one of @services; %NULL: all that concern the session's units. */
void
bst_notice_list_show_for (BstNoticeList *list, BstSession *session, const char *const *services);

G_END_DECLS
