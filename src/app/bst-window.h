/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <adwaita.h>

#include "bst-session.h"

G_BEGIN_DECLS

/*
 * The window: sidebar, content, and one of three views: the pages, the enrolment, or what keeps the store from opening.
 * Actions: win.open (name, arg), win.back, win.new-order, win.search, win.synchronise … (bst-window-actions.c).
 */
#define BST_TYPE_WINDOW (bst_window_get_type ())
G_DECLARE_FINAL_TYPE (BstWindow, bst_window, BST, WINDOW, AdwApplicationWindow)

/** bst_window_new: @settings: its size and last page are kept there. */
BstWindow *bst_window_new (GtkApplication *application, GSettings *settings);

/** bst_window_set_session: (nullable): %NULL takes all pages away. The page asked for before is opened now. */
void bst_window_set_session (BstWindow *window, BstSession *session);
BstSession *bst_window_get_session (BstWindow *window);

/** bst_window_navigate: opens a page of the page table; @arg (nullable). Kept until there is a session. */
void bst_window_navigate (BstWindow *window, const char *name, const char *arg);

/** bst_window_back: %FALSE when there is nowhere to go back to. */
gboolean bst_window_back (BstWindow *window);

/** bst_window_get_page_name: of the page that is shown; %NULL before the first. */
const char *bst_window_get_page_name (BstWindow *window);

/** bst_window_show_view: a widget over everything (enrolment, trouble); %NULL: back to the pages. */
void bst_window_show_view (BstWindow *window, GtkWidget *view);

gboolean bst_window_has_view (BstWindow *window);

/** bst_window_get_folded: only one pane is shown. */
gboolean bst_window_get_folded (BstWindow *window);

/** bst_window_get_status: what the foot of the sidebar says; bst_window_get_notice: the banner; %NULL for none. Borrowed. */
const char *bst_window_get_status (BstWindow *window);
const char *bst_window_get_notice (BstWindow *window);

/** bst_window_get_badge: of the sidebar's row for @page. */
guint bst_window_get_badge (BstWindow *window, const char *page);

/** bst_window_say: a toast. */
void bst_window_say (BstWindow *window, const char *text);

G_END_DECLS
