/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "bst-life.h"
#include "bst-records.h"
#include "bst-request-page.h"

G_BEGIN_DECLS

struct _BstRequestPage
{
  BstPage parent_instance;

  GtkWidget *stack;
  GtkWidget *title;
  GtkWidget *number;
  GtkWidget *local;
  GtkWidget *truth_box;
  GtkWidget *truth_icon;
  GtkWidget *truth;
  GtkWidget *reason;
  GtkWidget *actions;
  GtkWidget *step;
  GtkWidget *step_heading;
  GtkWidget *step_stars;
  GtkWidget *step_text;
  GtkWidget *step_button;
  GtkWidget *need_box;
  GtkWidget *need;
  GtkWidget *clocks_box;
  GtkWidget *clocks;
  GtkWidget *lines;
  GtkWidget *attachments;
  GtkWidget *messages_box;
  GtkWidget *messages;
  GtkWidget *compose;
  GtkWidget *compose_text;
  GtkWidget *history;
  GtkWidget *facts;
  GtkWidget *cost;

  BstRecords *records;
  char *id;
  GVariant *request; /* effective document; NULL until read */
  GPtrArray *events; /* GVariant, oldest first; NULL until read */
  GCancellable *reading;
  BstAction step_action;
  char *contest_line; /* of the step that contests a pause */
  gint64 contest_sequence;
};

BstSession *bst_request_page_session (BstRequestPage *page);

/* bst-request-page-steps.c: what can be done, and doing it. */
void bst_request_page_show_actions (BstRequestPage *page);
void bst_request_page_class_bind_steps (GtkWidgetClass *klass);

/** bst_request_page_contest: asks why the pause that event @sequence began was none. */
void bst_request_page_contest (BstRequestPage *page, const char *line, gint64 sequence);

/* bst-request-page-clock.c: who waited for whom. */
void bst_request_page_show_clocks (BstRequestPage *page);

/* bst-request-page-events.c: conversation and history. */
void bst_request_page_show_events (BstRequestPage *page);

G_END_DECLS
