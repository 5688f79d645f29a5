/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "bst-banner.h"
#include "bst-page.h"
#include "bst-split.h"
#include "bst-status-row.h"
#include "bst-unit-switch.h"
#include "bst-window.h"

G_BEGIN_DECLS

struct _BstWindow
{
  AdwApplicationWindow parent_instance;

  GSettings *settings;
  BstSession *session;
  BstSync *sync;       /* watched for the banner */
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
  GtkWidget *export_button;
  AdwWindowTitle *title;
  GtkListBox *sidebar;
  GtkStack *pages;
  BstBanner *banner;
  BstUnitSwitch *unit_switch;
  BstStatusRow *status;
  GtkWidget *start; /* lent by the page */
  GtkWidget *end;
  GBinding *title_binding;
  GBinding *subtitle_binding;
};

void bst_window_class_install_actions (GtkWidgetClass *klass);
void bst_window_update_actions (BstWindow *self);

/* The banner: watches the session's synchronisation. */
void bst_window_watch_sync (BstWindow *self);

G_END_DECLS
