/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "bst-slip.h"

#include <glib/gi18n.h>

#include "bst-doc.h"
#include "bst-offer.h"
#include "bst-order-words.h"
#include "bst-records.h"
#include "bst-sync.h"
#include "bst-text.h"

#define MAX_SHOWN 8

struct _BstSlip
{
  GtkBox parent_instance;

  GtkWidget *lines;
  GtkWidget *no_lines;
  GtkWidget *sum_box;
  GtkWidget *once_box;
  GtkWidget *once;
  GtkWidget *monthly_box;
  GtkWidget *monthly;
  GtkWidget *approval;
  GtkWidget *missing_box;
  GtkWidget *missing_heading;
  GtkWidget *missing;
  GtkWidget *send;
  GtkWidget *saved;
};

G_DEFINE_FINAL_TYPE (BstSlip, bst_slip, GTK_TYPE_BOX)

enum
{
  GO,
  SEND,
  N_SIGNALS,
};

static guint signals[N_SIGNALS];

static void
clear (GtkWidget *box)
{
  GtkWidget *child;

  while ((child = gtk_widget_get_first_child (box)))
    gtk_box_remove (GTK_BOX (box), child);
}

static GtkWidget *
new_label (const char *text, float xalign, const char *css_class)
{
  GtkWidget *label = gtk_label_new (text);

  gtk_label_set_xalign (GTK_LABEL (label), xalign);
  if (css_class)
    gtk_widget_add_css_class (label, css_class);
  return label;
}

/* ---- lines and sums ---- */

static char *
line_when (GVariant *line, BstSession *session, BstRecords *records)
{
  const char *language = bst_session_get_language (session);
  g_autoptr (GVariant) promise = bst_doc_get_map (line, "promise");
  BstCalendar *calendar = bst_records_calendar (records, bst_doc_get_string (promise, "calendar"));

  if (!calendar)
    return bst_offer_promise_text (promise);
  return bst_offer_by_text (
      bst_promise_due (promise, calendar, bst_clock_now (bst_session_get_clock (session))),
      bst_calendar_zone (calendar), language);
}

static char *
line_price (GVariant *line, const char *language)
{
  g_autoptr (GVariant) price = bst_doc_get_map (line, "price");
  gint64 quantity = bst_doc_get_int (line, "quantity", 1);
  BstMoney once = { 0 };
  BstMoney monthly = { 0 };
  char *text;

  if (!bst_price_once (price, &once) || !bst_money_multiply (&once, quantity, NULL))
    bst_money_init (&once, 0, NULL);
  if (!bst_price_monthly (price, &monthly) || !bst_money_multiply (&monthly, quantity, NULL))
    bst_money_init (&monthly, 0, NULL);
  text = bst_offer_totals_text (&once, &monthly, language);
  return text ? text : g_strdup (_ ("included"));
}

static void
add_line (BstSlip *self, GVariant *line, BstSession *session, BstRecords *records)
{
  const char *language = bst_session_get_language (session);
  gint64 quantity = bst_doc_get_int (line, "quantity", 1);
  const char *name = bst_text_pick (line, "name", language);
  g_autofree char *counted =
      quantity > 1 ? g_strdup_printf ("%d × %s", (int) quantity, name ? name : "") : NULL;
  g_autofree char *when = line_when (line, session, records);
  g_autofree char *price = line_price (line, language);
  g_autofree char *wanted = bst_offer_wanted_text (line, language);
  const char *parts[] = { price, when ? when : wanted, when ? wanted : NULL, NULL };
  g_autofree char *second = g_strjoinv (" · ", (char **) parts);
  GtkWidget *box = gtk_box_new (GTK_ORIENTATION_VERTICAL, 1);
  GtkWidget *title = new_label (counted ? counted : name, 0, NULL);
  GtkWidget *detail = new_label (second, 0, "caption");

  gtk_label_set_wrap (GTK_LABEL (title), TRUE);
  gtk_label_set_wrap (GTK_LABEL (detail), TRUE);
  gtk_widget_add_css_class (detail, "dim-label");
  gtk_widget_add_css_class (detail, "numeric");
  gtk_box_append (GTK_BOX (box), title);
  gtk_box_append (GTK_BOX (box), detail);
  gtk_box_append (GTK_BOX (self->lines), box);
}

static void
fill_sum (BstSlip *self, BstSession *session, GVariant *doc)
{
  const char *language = bst_session_get_language (session);
  BstMoney once = { 0 };
  BstMoney monthly = { 0 };
  gboolean ok = bst_request_total (doc, &once, &monthly, NULL);
  g_autofree char *once_text = ok && *once.currency ? bst_money_format (&once, language) : NULL;
  g_autofree char *monthly_text =
      ok && *monthly.currency ? bst_money_format (&monthly, language) : NULL;

  gtk_label_set_label (GTK_LABEL (self->once), once_text ? once_text : "");
  gtk_label_set_label (GTK_LABEL (self->monthly), monthly_text ? monthly_text : "");
  gtk_widget_set_visible (self->once_box, once_text != NULL);
  gtk_widget_set_visible (self->monthly_box, monthly_text != NULL);
  gtk_widget_set_visible (self->sum_box, once_text || monthly_text);
}

/* ---- what is missing ---- */

static void
go_cb (GtkButton *button, BstSlip *self)
{
  g_signal_emit (self, signals[GO], 0, g_object_get_data (G_OBJECT (button), "path"));
}

static GVariant *
service_at (GVariant *doc, const char *path, BstRecords *records)
{
  g_auto (GStrv) parts = g_strsplit (path, "/", 3);
  g_autoptr (GVariant) line =
      g_strcmp0 (parts[0], "lines") == 0 && parts[1] ? bst_request_line (doc, parts[1]) : NULL;

  return line ? bst_records_get (records, "Service", bst_doc_get_string (line, "service")) : NULL;
}

/* Where there are several lines, which of them it is. */
static char *
with_line (GVariant *doc, const char *path, const char *text, const char *language)
{
  g_auto (GStrv) parts = g_strsplit (path, "/", 3);
  g_auto (GStrv) ids = bst_request_line_ids (doc);
  g_autoptr (GVariant) line =
      g_strcmp0 (parts[0], "lines") == 0 && parts[1] ? bst_request_line (doc, parts[1]) : NULL;
  const char *name = line ? bst_text_pick (line, "name", language) : NULL;

  return name && g_strv_length (ids) > 1 ? g_strdup_printf ("%s · %s", name, text)
                                         : g_strdup (text);
}

static void
add_missing (BstSlip *self,
             GVariant *doc,
             const BstProblem *problem,
             BstSession *session,
             BstRecords *records)
{
  GVariant *service = service_at (doc, problem->path, records);
  g_autofree char *text =
      bst_order_problem_text (doc, problem, service, bst_session_get_language (session));
  g_autofree char *named = with_line (doc, problem->path, text, bst_session_get_language (session));
  GtkWidget *button = gtk_button_new ();
  GtkWidget *label = new_label (named, 0, NULL);

  gtk_label_set_wrap (GTK_LABEL (label), TRUE);
  gtk_button_set_child (GTK_BUTTON (button), label);
  gtk_widget_add_css_class (button, "flat");
  gtk_widget_add_css_class (button, "missing");
  g_object_set_data_full (G_OBJECT (button), "path", g_strdup (problem->path), g_free);
  g_signal_connect (button, "clicked", G_CALLBACK (go_cb), self);
  gtk_box_append (GTK_BOX (self->missing), button);
}

static void
fill_missing (BstSlip *self,
              BstSession *session,
              GVariant *doc,
              GPtrArray *problems,
              BstRecords *records)
{
  g_autofree char *heading =
      g_strdup_printf (ngettext ("%d thing is missing", "%d things are missing", problems->len),
                       (int) problems->len);

  clear (self->missing);
  gtk_label_set_label (GTK_LABEL (self->missing_heading), heading);
  for (guint i = 0; i < problems->len && i < MAX_SHOWN; i++)
    add_missing (self, doc, problems->pdata[i], session, records);
  if (problems->len > MAX_SHOWN)
    {
      g_autofree char *more = g_strdup_printf (_ ("and %u more"), problems->len - MAX_SHOWN);

      gtk_box_append (GTK_BOX (self->missing), new_label (more, 0, "caption"));
    }
  gtk_widget_set_visible (self->missing_box, problems->len > 0);
}

static gboolean
is_offline (BstSession *session)
{
  BstSync *sync = bst_session_get_sync (session);
  BstSyncState state = BST_SYNC_OFFLINE;

  if (sync)
    g_object_get (sync, "state", &state, NULL);
  return state != BST_SYNC_UP_TO_DATE && state != BST_SYNC_SENDING;
}

static void
send_cb (GtkButton *button, BstSlip *self)
{
  g_signal_emit (self, signals[SEND], 0);
}

/* ---- the object ---- */

static void
bst_slip_class_init (BstSlipClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  signals[GO] = g_signal_new ("go", G_TYPE_FROM_CLASS (klass), G_SIGNAL_RUN_LAST, 0, NULL, NULL,
                              NULL, G_TYPE_NONE, 1, G_TYPE_STRING);
  signals[SEND] = g_signal_new ("send", G_TYPE_FROM_CLASS (klass), G_SIGNAL_RUN_LAST, 0, NULL, NULL,
                                NULL, G_TYPE_NONE, 0);
  gtk_widget_class_set_template_from_resource (widget_class,
                                               "/org/bestiller/Bestiller/bst-slip.ui");
#define BIND(child) gtk_widget_class_bind_template_child (widget_class, BstSlip, child)
  BIND (lines);
  BIND (no_lines);
  BIND (sum_box);
  BIND (once_box);
  BIND (once);
  BIND (monthly_box);
  BIND (monthly);
  BIND (approval);
  BIND (missing_box);
  BIND (missing_heading);
  BIND (missing);
  BIND (send);
  BIND (saved);
#undef BIND
  gtk_widget_class_bind_template_callback (widget_class, send_cb);
}

static void
bst_slip_init (BstSlip *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
}

/* ---- public ---- */

void
bst_slip_fill (BstSlip *self, BstSession *session, BstDraft *draft, GPtrArray *problems)
{
  BstRecords *records = bst_records_for_store (bst_session_get_store (session));
  GVariant *doc = bst_draft_get_doc (draft);
  g_auto (GStrv) ids = bst_request_line_ids (doc);

  clear (self->lines);
  for (guint i = 0; ids[i]; i++)
    {
      g_autoptr (GVariant) line = bst_request_line (doc, ids[i]);

      add_line (self, line, session, records);
    }
  gtk_widget_set_visible (self->no_lines, !ids[0]);
  fill_sum (self, session, doc);
  gtk_label_set_label (GTK_LABEL (self->approval),
                       bst_draft_needs_approval (draft)
                           ? _ ("Must be approved before the work begins")
                           : _ ("Needs no approval"));
  gtk_widget_set_visible (self->approval, ids[0] != NULL && !bst_draft_amends (draft));
  fill_missing (self, session, doc, problems, records);
  gtk_button_set_label (GTK_BUTTON (self->send), bst_draft_amends (draft) ? _ ("Send the change")
                                                 : is_offline (session) ? _ ("Send when connected")
                                                                        : _ ("Send"));
}

void
bst_slip_set_saved (BstSlip *self, const char *text, gboolean safe)
{
  gtk_label_set_label (GTK_LABEL (self->saved), text);
  gtk_widget_remove_css_class (self->saved, safe ? "error" : "dim-label");
  gtk_widget_add_css_class (self->saved, safe ? "dim-label" : "error");
}

GtkWidget *
bst_slip_get_button (BstSlip *self)
{
  return self->send;
}
