/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "bst-config.h"

#include "bst-overview-page.h"

#include <glib/gi18n.h>

#include "bst-columns.h"
#include "bst-date.h"
#include "bst-format.h"
#include "bst-greeting.h"
#include "bst-month-card.h"
#include "bst-notice-list.h"
#include "bst-order-words.h"
#include "bst-store-levels.h"
#include "bst-task-list.h"
#include "bst-task.h"

#define MAX_READ    200
#define MAX_WAITING 12
#define MAX_SHOWN   6
#define MAX_RECENT  5
#define RELOAD_MS   150 /* one reading for a burst of changes */

/* The questions that the page asks the store. */
typedef enum
{
  ASK_WAITING,
  ASK_LOCAL,
  ASK_LATE,
  ASK_RECENT,
  N_ASKS,
} Ask;

struct _BstOverviewPage
{
  BstPage parent_instance;

  GtkWidget *greeting;
  GtkWidget *day;
  GtkWidget *calm;
  GtkWidget *waiting;
  GtkWidget *late;
  GtkWidget *drafts;
  GtkWidget *recent;
  GtkWidget *month;
  GtkWidget *notices;
  GtkWidget *no_notices;

  GPtrArray *answers[N_ASKS];
  guint n_asked;
  GCancellable *reading;
  guint reload_source;
};

G_DEFINE_FINAL_TYPE (BstOverviewPage, bst_overview_page, BST_TYPE_PAGE)

typedef struct
{
  BstOverviewPage *page;
  Ask ask;
} Asked;

static BstSession *
session_of (BstOverviewPage *self)
{
  return bst_page_get_session (BST_PAGE (self));
}

/* ---- the greeting ---- */

static void
show_greeting (BstOverviewPage *self)
{
  BstSession *session = session_of (self);
  g_autoptr (GDateTime) utc =
      g_date_time_new_from_unix_utc (bst_clock_now (bst_session_get_clock (session)));
  g_autoptr (GDateTime) now = g_date_time_to_timezone (utc, bst_session_get_zone (session));
  g_autofree char *today = bst_session_today (session);
  g_autofree char *day = bst_format_date (today, BST_DATE_DAY, bst_session_get_language (session));
  g_autofree char *line =
      g_strdup_printf (_ ("%s · week %d"), day, g_date_time_get_week_of_year (now));

  gtk_label_set_label (GTK_LABEL (self->greeting), bst_greeting (g_date_time_get_hour (now)));
  gtk_label_set_label (GTK_LABEL (self->day), line);
}

/* ---- what is where ---- */

static GPtrArray *
new_list (void)
{
  return g_ptr_array_new_with_free_func ((GDestroyNotify) g_variant_unref);
}

static gboolean
holds (GPtrArray *list, GVariant *request)
{
  for (guint i = 0; i < list->len; i++)
    if (g_strcmp0 (bst_doc_get_string (list->pdata[i], "id"), bst_doc_get_string (request, "id")) ==
        0)
      return TRUE;
  return FALSE;
}

static void
take (GPtrArray *list, GVariant *request)
{
  if (!holds (list, request))
    g_ptr_array_add (list, g_variant_ref (request));
}

static void
sort_out (BstOverviewPage *self)
{
  BstSession *session = session_of (self);
  g_autoptr (GPtrArray) waiting = new_list ();
  g_autoptr (GPtrArray) late = new_list ();
  g_autoptr (GPtrArray) drafts = new_list ();

  for (guint i = 0; i < self->answers[ASK_LOCAL]->len; i++)
    {
      GVariant *request = self->answers[ASK_LOCAL]->pdata[i];

      if (bst_order_local (request) == BST_ORDER_REFUSED || bst_order_has_conflicts (request))
        take (waiting, request);
      else if (bst_order_local (request) == BST_ORDER_DRAFT)
        take (drafts, request);
    }
  for (guint i = 0; i < self->answers[ASK_WAITING]->len; i++)
    if (bst_task_of (self->answers[ASK_WAITING]->pdata[i], session))
      take (waiting, self->answers[ASK_WAITING]->pdata[i]);
  for (guint i = 0; i < self->answers[ASK_LATE]->len; i++)
    if (!holds (waiting, self->answers[ASK_LATE]->pdata[i]))
      take (late, self->answers[ASK_LATE]->pdata[i]);
  bst_task_list_set_requests (BST_TASK_LIST (self->waiting), session, waiting, MAX_WAITING);
  bst_task_list_set_requests (BST_TASK_LIST (self->late), session, late, MAX_SHOWN);
  bst_task_list_set_requests (BST_TASK_LIST (self->drafts), session, drafts, MAX_SHOWN);
  bst_task_list_set_requests (BST_TASK_LIST (self->recent), session, self->answers[ASK_RECENT],
                              MAX_RECENT);
  gtk_widget_set_visible (self->calm, waiting->len == 0);
}

/* ---- reading ---- */

/* @found: (transfer full) (nullable) */
static void
take_answer (BstOverviewPage *self, Ask ask, GPtrArray *found, const GError *error)
{
  if (g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    return;
  if (!found)
    {
      bst_page_fail (BST_PAGE (self), error);
      return;
    }
  g_clear_pointer (&self->answers[ask], g_ptr_array_unref);
  self->answers[ask] = found;
  if (--self->n_asked == 0)
    sort_out (self);
}

static void
answered_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  Asked *asked = user_data;
  g_autoptr (BstOverviewPage) self = asked->page;
  g_autoptr (GError) error = NULL;
  GPtrArray *found = bst_store_find_finish (BST_STORE (source), result, &error);

  take_answer (self, asked->ask, found, error);
  g_free (asked);
}

/* Late or at risk, as on the page about service levels. */
static void
late_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (BstOverviewPage) self = user_data;
  g_autoptr (GError) error = NULL;
  g_autoptr (GPtrArray) cases = bst_store_cases_finish (BST_STORE (source), result, &error);
  GPtrArray *requests = cases ? new_list () : NULL;

  for (guint i = 0; cases && i < cases->len; i++)
    g_ptr_array_add (requests, g_variant_ref (((BstStoredCase *) cases->pdata[i])->request));
  take_answer (self, ASK_LATE, requests, error);
}

static void
ask (BstOverviewPage *self, Ask which, const BstQuery *query, guint limit)
{
  Asked *asked = g_new (Asked, 1);

  asked->page = g_object_ref (self);
  asked->ask = which;
  self->n_asked++;
  bst_store_find_async (bst_session_get_store (session_of (self)), query, 0, limit, self->reading,
                        answered_cb, asked);
}

static void
reload (BstOverviewPage *self)
{
  BstSession *session = session_of (self);
  const char *unit = bst_session_get_unit (session);
  const BstCaseQuery late = {
    .unit = unit,
    .to = bst_clock_now (bst_session_get_clock (session)) + BST_CASES_AT_RISK,
    .scope = BST_CASES_DUE,
    .limit = MAX_READ,
    .without_events = TRUE,
  };

  g_cancellable_cancel (self->reading);
  g_clear_object (&self->reading);
  self->reading = g_cancellable_new ();
  self->n_asked = 0;
  ask (self, ASK_WAITING,
       &(BstQuery){ .type = "Request",
                    .states = bst_task_states (),
                    .unit = unit,
                    .sort = "due",
                    .ascending = TRUE },
       MAX_READ);
  ask (self, ASK_LOCAL, &(BstQuery){ .type = "Request", .local_only = TRUE }, MAX_READ);
  self->n_asked++;
  bst_store_cases_async (bst_session_get_store (session), &late, self->reading, late_cb,
                         g_object_ref (self));
  ask (self, ASK_RECENT, &(BstQuery){ .type = "Request", .unit = unit }, MAX_RECENT);
  show_greeting (self);
}

static gboolean
reload_due_cb (gpointer user_data)
{
  BstOverviewPage *self = user_data;

  self->reload_source = 0;
  reload (self);
  return G_SOURCE_REMOVE;
}

static void
reload_soon (BstOverviewPage *self)
{
  if (!self->reload_source && gtk_widget_get_mapped (GTK_WIDGET (self)))
    self->reload_source = g_timeout_add (RELOAD_MS, reload_due_cb, self);
}

static void
store_changed_cb (BstStore *store, const char *type, BstOverviewPage *self)
{
  if (g_strcmp0 (type, "Request") == 0)
    reload_soon (self);
}

static void
session_changed_cb (BstSession *session, GParamSpec *pspec, BstOverviewPage *self)
{
  bst_notice_list_show_for (BST_NOTICE_LIST (self->notices), session, NULL);
  bst_month_card_refresh (BST_MONTH_CARD (self->month));
  reload_soon (self);
}

/* ---- doing ---- */

static void
open_cb (BstTaskList *list, const char *id, gboolean editor, BstOverviewPage *self)
{
  bst_page_navigate (BST_PAGE (self), editor ? "order" : "request", id);
}

static void
added_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (BstOverviewPage) self = user_data;
  g_autoptr (GError) error = NULL;

  if (bst_store_add_event_finish (BST_STORE (source), result, &error))
    bst_page_say (BST_PAGE (self),
                  _ ("Kept on this computer, and sent as soon as there is a connection"), NULL,
                  NULL, NULL, NULL);
  else
    bst_page_fail (BST_PAGE (self), error);
}

static void
act_cb (BstTaskList *list, const char *id, const char *action, BstOverviewPage *self)
{
  g_autoptr (GVariant) event = bst_doc_new ();

  bst_doc_replace (&event, bst_doc_set_string (event, "request", id));
  bst_doc_replace (&event, bst_doc_set_string (event, "action", action));
  bst_store_add_event_async (bst_session_get_store (session_of (self)), event, NULL, added_cb,
                             g_object_ref (self));
}

/* ---- the object ---- */

static void
bst_overview_page_open (BstPage *page, const char *arg)
{
  BstOverviewPage *self = BST_OVERVIEW_PAGE (page);

  bst_month_card_refresh (BST_MONTH_CARD (self->month));
  reload (self);
}

static void
bst_overview_page_constructed (GObject *object)
{
  BstOverviewPage *self = BST_OVERVIEW_PAGE (object);
  BstSession *session = session_of (self);

  G_OBJECT_CLASS (bst_overview_page_parent_class)->constructed (object);
  g_signal_connect_object (bst_session_get_store (session), "changed",
                           G_CALLBACK (store_changed_cb), self, 0);
  g_signal_connect_object (session, "notify::org", G_CALLBACK (session_changed_cb), self, 0);
  g_signal_connect_object (session, "notify::person", G_CALLBACK (session_changed_cb), self, 0);
  g_signal_connect_object (session, "notify::unit", G_CALLBACK (session_changed_cb), self, 0);
  bst_notice_list_show_for (BST_NOTICE_LIST (self->notices), session, NULL);
  bst_month_card_set_session (BST_MONTH_CARD (self->month), session);
}

static void
bst_overview_page_dispose (GObject *object)
{
  BstOverviewPage *self = BST_OVERVIEW_PAGE (object);

  g_clear_handle_id (&self->reload_source, g_source_remove);
  g_cancellable_cancel (self->reading);
  g_clear_object (&self->reading);
  for (guint i = 0; i < N_ASKS; i++)
    g_clear_pointer (&self->answers[i], g_ptr_array_unref);
  G_OBJECT_CLASS (bst_overview_page_parent_class)->dispose (object);
}

static void
bst_overview_page_class_init (BstOverviewPageClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->constructed = bst_overview_page_constructed;
  G_OBJECT_CLASS (klass)->dispose = bst_overview_page_dispose;
  BST_PAGE_CLASS (klass)->open = bst_overview_page_open;
  g_type_ensure (BST_TYPE_COLUMNS);
  g_type_ensure (BST_TYPE_MONTH_CARD);
  g_type_ensure (BST_TYPE_NOTICE_LIST);
  g_type_ensure (BST_TYPE_TASK_LIST);
  gtk_widget_class_set_template_from_resource (widget_class,
                                               "/org/bestiller/Bestiller/bst-overview-page.ui");
  gtk_widget_class_bind_template_child (widget_class, BstOverviewPage, greeting);
  gtk_widget_class_bind_template_child (widget_class, BstOverviewPage, day);
  gtk_widget_class_bind_template_child (widget_class, BstOverviewPage, calm);
  gtk_widget_class_bind_template_child (widget_class, BstOverviewPage, waiting);
  gtk_widget_class_bind_template_child (widget_class, BstOverviewPage, late);
  gtk_widget_class_bind_template_child (widget_class, BstOverviewPage, drafts);
  gtk_widget_class_bind_template_child (widget_class, BstOverviewPage, recent);
  gtk_widget_class_bind_template_child (widget_class, BstOverviewPage, month);
  gtk_widget_class_bind_template_child (widget_class, BstOverviewPage, notices);
  gtk_widget_class_bind_template_child (widget_class, BstOverviewPage, no_notices);
  gtk_widget_class_bind_template_callback (widget_class, open_cb);
  gtk_widget_class_bind_template_callback (widget_class, act_cb);
}

static void
bst_overview_page_init (BstOverviewPage *self)
{
  for (guint i = 0; i < N_ASKS; i++)
    self->answers[i] = new_list ();
  gtk_widget_init_template (GTK_WIDGET (self));
}
