/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "bst-config.h"

#include "bst-status-report.h"

#include <glib/gi18n.h>

#include "bst-format.h"

/* While a report is written. */
typedef struct
{
  const BstStatusPaper *paper;
  BstReport *report;
} Writing;

BstStatusPaper *
bst_status_paper_new (BstStatusData *data,
                      const BstSyncFacts *facts,
                      GTimeZone *zone,
                      const char *language,
                      gint64 now)
{
  BstStatusPaper *paper = g_new0 (BstStatusPaper, 1);

  paper->data = data;
  paper->facts = *facts;
  paper->zone = g_time_zone_ref (zone);
  paper->language = g_strdup (language);
  paper->now = now;
  return paper;
}

void
bst_status_paper_free (BstStatusPaper *paper)
{
  bst_status_data_free (paper->data);
  g_time_zone_unref (paper->zone);
  g_free (paper->language);
  g_free (paper);
}

const char *
bst_status_report_title (void)
{
  return C_ ("report", "Reconciliation");
}

static char *
moment_text (const Writing *w, gint64 instant)
{
  return instant > 0
             ? bst_format_moment (instant, w->paper->zone, BST_DATE_SHORT, w->paper->language)
             : g_strdup ("–");
}

/* ---- title and summary ---- */

static void
write_title (const Writing *w)
{
  const BstStatusData *data = w->paper->data;
  g_autofree char *made =
      bst_format_moment (w->paper->now, w->paper->zone, BST_DATE_LONG, w->paper->language);
  g_autofree char *contact = moment_text (w, w->paper->facts.last_contact);
  /* Translators: %s is a day and a time. */
  g_autofree char *last = g_strdup_printf (_ ("Last contact with the server: %s"), contact);

  bst_report_add_text (w->report, BST_REPORT_TITLE, bst_status_report_title ());
  if (data->person)
    {
      g_autofree char *who = g_strjoin (" · ", data->person, data->authority, NULL);

      bst_report_add_text (w->report, BST_REPORT_SUBTITLE, who);
    }
  bst_report_add_text (w->report, BST_REPORT_SUBTITLE, made);
  bst_report_add_text (w->report, BST_REPORT_TEXT, last);
}

static void
write_summary (const Writing *w)
{
  const BstStatusData *data = w->paper->data;
  const BstReportColumn columns[] = { { _ ("Needs you"), 0.25, TRUE },
                                      { _ ("On this computer"), 0.25, TRUE },
                                      { _ ("Under way"), 0.25, TRUE },
                                      { _ ("Received"), 0.25, TRUE } };
  const guint counts[] = { bst_status_data_count (data, BST_OUTBOX_REFUSED),
                           bst_status_data_count (data, BST_OUTBOX_QUEUED),
                           bst_status_data_count (data, BST_OUTBOX_SENDING), data->receipts->len };
  g_auto (GStrv) texts = g_new0 (char *, G_N_ELEMENTS (counts) + 1);

  for (guint i = 0; i < G_N_ELEMENTS (counts); i++)
    texts[i] = bst_format_int (counts[i], w->paper->language);
  bst_report_begin_table (w->report, columns, G_N_ELEMENTS (columns));
  bst_report_add_row (w->report, (const char *const *) texts, NULL, -1);
}

/* ---- what is not received ---- */

static void
write_entry (const Writing *w, const BstOutboxEntry *entry)
{
  gint64 queued = 0;
  g_autofree char *since = NULL;
  const char *why = bst_outbox_entry_why (entry);
  const char *texts[5];

  if (entry->queued_at)
    bst_instant_parse (entry->queued_at, &queued);
  since = moment_text (w, queued);
  texts[0] = bst_outbox_entry_what (entry);
  texts[1] = entry->title ? entry->title : "–";
  texts[2] = entry->number ? entry->number : "–";
  texts[3] = since;
  texts[4] = why ? why : C_ ("what an item waits for", "the line to the server");
  bst_report_add_row (w->report, texts, NULL, -1);
}

static void
write_entries (const Writing *w, BstOutboxState state, const char *heading, const char *note)
{
  const BstReportColumn columns[] = {
    { _ ("Kind"), 0.15, FALSE },
    { _ ("What it is about"), 0.25, FALSE },
    { _ ("Number"), 0.13, FALSE },
    { _ ("Since"), 0.19, FALSE },
    { state == BST_OUTBOX_REFUSED ? _ ("Why") : _ ("Waits for"), 0.28, FALSE },
  };
  /* What is under way waits for the answer alone, and the note says so. */
  guint n_columns = G_N_ELEMENTS (columns) - (state == BST_OUTBOX_SENDING ? 1 : 0);

  if (bst_status_data_count (w->paper->data, state) == 0)
    return;
  bst_report_add_text (w->report, BST_REPORT_HEADING, heading);
  bst_report_add_text (w->report, BST_REPORT_LEAD, note);
  bst_report_begin_table (w->report, columns, n_columns);
  for (guint i = 0; i < w->paper->data->entries->len; i++)
    {
      const BstOutboxEntry *entry = w->paper->data->entries->pdata[i];

      if (entry->state == state)
        write_entry (w, entry);
    }
}

/* ---- what was received ---- */

static void
write_receipts (const Writing *w)
{
  const BstReportColumn columns[] = {
    { _ ("Kind"), 0.17, FALSE },     { _ ("What it is about"), 0.31, FALSE },
    { _ ("Number"), 0.14, FALSE },   { _ ("Done"), 0.19, FALSE },
    { _ ("Received"), 0.19, FALSE },
  };
  const BstStatusData *data = w->paper->data;

  bst_report_add_text (w->report, BST_REPORT_HEADING, _ ("Receipts"));
  bst_report_add_text (w->report, data->receipts->len == 0 ? BST_REPORT_NOTE : BST_REPORT_LEAD,
                       data->receipts->len == 0
                           ? _ ("Nothing was sent from this computer yet.")
                           : _ ("Sent from this computer, and named by the server."));
  if (data->receipts->len == 0)
    return;
  bst_report_begin_table (w->report, columns, G_N_ELEMENTS (columns));
  for (guint i = 0; i < data->receipts->len; i++)
    {
      const BstReceipt *receipt = data->receipts->pdata[i];
      g_autofree char *done = moment_text (w, receipt->done_at);
      g_autofree char *received = moment_text (w, receipt->received_at);
      const char *const texts[] = { bst_receipt_what (receipt),
                                    receipt->title ? receipt->title : "–",
                                    receipt->number ? receipt->number : "–", done, received };

      bst_report_add_row (w->report, texts, NULL, -1);
    }
  if (data->more)
    bst_report_add_text (w->report, BST_REPORT_NOTE,
                         _ ("Older receipts are on the computer, and in the exported table."));
}

static void
write_terms (const Writing *w)
{
  static const struct
  {
    const char *term;
    const char *text;
  } terms[] = {
    { N_ ("Needs you"), N_ ("The server has refused it. It is kept on this computer.") },
    { N_ ("On this computer"), N_ ("It has not left this computer, and is safe here.") },
    { N_ ("Under way"),
      N_ ("It has left this computer, and the server has not answered yet. It is sent again until "
          "it is answered; the server takes it once.") },
    { N_ ("Received"), N_ ("The server has named it: its time, and its number once it has one, are "
                           "the server's.") },
  };

  bst_report_add_text (w->report, BST_REPORT_HEADING, _ ("What the terms mean"));
  for (guint i = 0; i < G_N_ELEMENTS (terms); i++)
    bst_report_add_term (w->report, _ (terms[i].term), _ (terms[i].text));
}

BstReport *
bst_status_report_make (PangoContext *pango, double width, double height, gpointer data)
{
  const BstStatusPaper *paper = data;
  g_autofree char *footer =
      g_strjoin (" · ", bst_status_report_title (), paper->data->person, NULL);
  BstReport *report = bst_report_new (pango, width, height, footer);
  const Writing w = { paper, report };

  bst_report_set_author (report, paper->data->person);
  write_title (&w);
  write_summary (&w);
  write_entries (&w, BST_OUTBOX_REFUSED, _ ("Needs you"),
                 _ ("Refused by the server. Nothing is lost; everything else goes on."));
  write_entries (&w, BST_OUTBOX_QUEUED, _ ("On this computer"),
                 bst_status_waits_text (&paper->facts));
  write_entries (&w, BST_OUTBOX_SENDING, _ ("Under way"), _ ("No answer from the server yet."));
  write_receipts (&w);
  write_terms (&w);
  return report;
}
