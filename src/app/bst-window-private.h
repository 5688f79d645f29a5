/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "bst-page.h"
#include "bst-split.h"
#include "bst-window.h"

G_BEGIN_DECLS

struct _BstWindow
{
  AdwApplicationWindow parent_instance;

  BstSession *session;
  BstPage *page;       /* shown; borrowed from the stack */
  const char *current; /* its name; static */
  char *arg;
  char *next; /* what to open once there is a session */
  char *next_arg;
  GQueue back; /* of Place */

  AdwToastOverlay *toasts;
  GtkStack *views;
  BstSplit *split;
  AdwHeaderBar *header;
  GtkButton *back_button;
  AdwWindowTitle *title;
  GtkListBox *sidebar;
  GtkStack *pages;
  GtkWidget *start; /* lent by the page */
  GtkWidget *end;
  GBinding *title_binding;
  GBinding *subtitle_binding;
};

void bst_window_class_install_actions (GtkWidgetClass *klass);
void bst_window_update_actions (BstWindow *self);

G_END_DECLS
