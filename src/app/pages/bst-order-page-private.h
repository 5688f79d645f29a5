/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "bst-date-entry.h"
#include "bst-draft.h"
#include "bst-form-row.h"
#include "bst-line-card.h"
#include "bst-order-page.h"
#include "bst-records.h"
#include "bst-slip.h"

G_BEGIN_DECLS

/* A line that waits for its service to be read. */
typedef struct
{
  char *service;
  char *article;
  char *bundle;
  gint64 quantity;
} BstPendingLine;

struct _BstOrderPage
{
  BstPage parent_instance;

  GtkWidget *stack;
  GtkWidget *share;
  GtkWidget *remove;
  GtkWidget *amending;
  GtkWidget *conflicts;
  GtkWidget *refusal;
  GtkWidget *refusal_text;
  GtkWidget *changes;
  GtkWidget *accept;
  GtkWidget *exchange;
  GtkWidget *exchange_heading;
  GtkWidget *exchange_picker;
  GtkWidget *need;
  GtkWidget *suggestions;
  GtkWidget *title_row;
  GtkWidget *title;
  GtkWidget *lines;
  GtkWidget *attachments;
  GtkWidget *picker;
  GtkWidget *receivers;
  GtkWidget *place_row;
  GtkWidget *place;
  GtkWidget *date_row;
  GtkWidget *date;
  GtkWidget *unit_row;
  GtkWidget *unit;
  GtkWidget *ean_row;
  GtkWidget *ean;
  GtkWidget *cost_row;
  GtkWidget *cost;
  GtkWidget *slip;

  BstRecords *records;
  BstDraft *draft;
  GVariant *local;    /* "@local" of what was opened: why it was refused */
  GVariant *opened;   /* the order as it was opened */
  GPtrArray *pending; /* BstPendingLine */
  char *wanted_bundle;
  char *exchanging; /* (nullable) the line for which another service is looked for */
  char **units;     /* of the drop-down */
  GCancellable *opening;
  gboolean copying;
  gboolean filling;
  gboolean
      tried; /* Send was pressed, or it was refused: what is missing is said at the field too */
};

BstSession *bst_order_page_session (BstOrderPage *page);

/** bst_order_page_pick: puts on the order what was found in the catalogue: a Service, Bundle or Article. */
void bst_order_page_pick (BstOrderPage *page, GVariant *record);

/** bst_order_page_remove_line: with Undo. */
void bst_order_page_remove_line (BstOrderPage *page, const char *line);

/** bst_order_page_say_line: that line @id is another now, or gone; Undo makes it @was again. */
void bst_order_page_say_line (BstOrderPage *page, const char *text, const char *id, GVariant *was);

/** bst_order_page_restore: a removed draft, back as it was. */
void bst_order_page_restore (BstOrderPage *page, GVariant *request);

/* bst-order-page-fields.c: the fields of the order itself, what is wrong with them, and Send. */
void bst_order_page_class_bind_fields (GtkWidgetClass *klass);
void bst_order_page_prepare_fields (BstOrderPage *page);
void bst_order_page_show_fields (BstOrderPage *page);
void bst_order_page_show_problems (BstOrderPage *page, GPtrArray *problems);

/** bst_order_page_go_to: brings the field at @path, or its line, into view, and gives it the keyboard. */
void bst_order_page_go_to (BstOrderPage *page, const char *path);

/** bst_order_page_show_saved: where the order is kept, and since when. */
void bst_order_page_show_saved (BstOrderPage *page);

/** bst_order_page_show_anew: everything, after somebody else wrote in it. */
void bst_order_page_show_anew (BstOrderPage *page);

/* bst-order-page-merge.c: writing together. */
void bst_order_page_class_bind_together (GtkWidgetClass *klass);
void bst_order_page_follow (BstOrderPage *page);
void bst_order_page_show_together (BstOrderPage *page);

/** bst_order_page_has_open: whether something is to be decided before it can be sent; it gets the focus. */
gboolean bst_order_page_has_open (BstOrderPage *page);

/* bst-order-page-files.c: dropping and pasting. */
void bst_order_page_prepare_files (BstOrderPage *page);

/* bst-order-page-refusal.c: why the server said no; old and new side by side. */
void bst_order_page_show_refusal (BstOrderPage *page);

/** bst_order_page_add_refused: what the server found wrong, as long as it has not been changed. */
void bst_order_page_add_refused (BstOrderPage *page, GPtrArray *problems);
void bst_order_page_accept_cb (GtkButton *button, BstOrderPage *page);

/* bst-order-page-form.c: what a form that has changed asks for no more, and what can no longer be ordered. */

/** bst_order_page_add_ways_out: of a line that cannot be ordered any more: into @row of the comparison. */
void bst_order_page_add_ways_out (BstOrderPage *page, const char *line, int row);

/** bst_order_page_drop_answer_cb: of a line card; with Undo. */
void bst_order_page_drop_answer_cb (BstLineCard *card, const char *key, BstOrderPage *page);

/** bst_order_page_show_exchange: as long as the line is there and cannot be ordered. @stale: (element-type BstStale) */
void bst_order_page_show_exchange (BstOrderPage *page, GPtrArray *stale);
void bst_order_page_class_bind_form (GtkWidgetClass *klass);

G_END_DECLS
