/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Where each thing stands, as it is said on the page and on paper: what it is, its number, since when, and what it waits for. */

#include "bst-app-test.h"
#include "bst-report-paper.h"
#include "bst-status-report.h"
#include "store-fixture.h"

#include <glib/gstdio.h>

#define THEIRS "019ce10f-4400-7073-991e-f0d302318f04"
#define THEIR_ORDER                                                                                \
  "{\"Request\":[{\"id\":\"" THEIRS "\",\"uid\":\"" THEIRS "\",\"rev\":3,\"title\":\"Borde\","     \
  "\"unit\":\"s1\",\"number\":\"2026-000002\",\"orderer\":\"p1\",\"state\":\"accepted\","          \
  "\"lines\":{\"l1\":{\"service\":\"chair\",\"serviceVersion\":1,\"quantity\":1,\"order\":1,"      \
  "\"state\":\"accepted\"}}}]}"

static void
add_message (StoreFixture *fixture, const char *request)
{
  g_autoptr (GVariant) event = json ("{\"action\":\"message\",\"text\":\"Hvornår?\"}");
  g_autoptr (GError) error = NULL;

  bst_doc_replace (&event, bst_doc_set_string (event, "request", request));
  bst_store_add_event (fixture->store, event, &error);
  g_assert_no_error (error);
}

static void
add_proposal (StoreFixture *fixture, const char *title)
{
  g_autofree char *uid = bst_uid_new (&fixture->clock);
  g_autoptr (GVariant) proposal = bst_doc_new ();
  g_autoptr (GError) error = NULL;

  bst_doc_replace (&proposal, bst_doc_set_string (proposal, "uid", uid));
  bst_doc_replace (&proposal, bst_doc_set_string (proposal, "unit", "s1"));
  bst_doc_replace (&proposal, bst_doc_set_string (proposal, "title", title));
  bst_store_put_record (fixture->store, "Proposal", proposal, &error);
  g_assert_no_error (error);
}

/* The first item is refused, the others go back to the queue; or all stay under way. */
static void
take (StoreFixture *fixture, guint limit, gboolean refuse)
{
  g_autoptr (GPtrArray) taken = bst_store_outbox_take (fixture->store, limit, NULL);
  g_autoptr (GVariant) refusal = json ("{\"type\":\"catalogueChanged\"}");
  BstOutcome outcome = { 0 };

  g_assert_cmpuint (taken->len, ==, limit);
  if (!refuse)
    return;
  outcome = (BstOutcome){ ((BstOutboxItem *) taken->pdata[0])->seq, NULL, refusal };
  g_assert_true (bst_store_outbox_settle (fixture->store, &outcome, 1, NULL));
}

static const BstOutboxEntry *
entry_at (const BstStatusData *data, guint i)
{
  g_assert_cmpuint (i, <, data->entries->len);
  return data->entries->pdata[i];
}

static BstStatusData *
must_read (StoreFixture *fixture, guint n_receipts)
{
  g_autoptr (GError) error = NULL;
  BstStatusData *data = bst_status_data_read (fixture->store, n_receipts, &error);

  g_assert_no_error (error);
  return data;
}

static void
check_entry (StoreFixture *fixture,
             const BstOutboxEntry *entry,
             const char *what,
             const char *title,
             const char *where)
{
  g_autoptr (GTimeZone) zone = g_time_zone_new_identifier ("Europe/Copenhagen");
  g_autofree char *text =
      bst_outbox_entry_where (entry, fixture->now_ms / G_USEC_PER_SEC * 1000, zone, "en");

  g_assert_cmpstr (bst_outbox_entry_what (entry), ==, what);
  g_assert_cmpstr (entry->title, ==, title);
  if (!g_str_has_suffix (text, where))
    g_error ("“%s” does not end in “%s”", text, where);
}

/* A step waits, after the server was restored, for the computer that has the order: it says so, and its number is still known. */
static void
test_restored (StoreFixture *fixture, gconstpointer data)
{
  g_autoptr (BstStatusData) before = NULL;
  g_autoptr (BstStatusData) after = NULL;
  g_autoptr (GError) error = NULL;

  g_assert_true (bst_store_set_epoch (fixture->store, "one", &error));
  store_fixture_must_apply (fixture, "d1", "e.r.2", FALSE, THEIR_ORDER, "{}");
  add_message (fixture, THEIRS);
  before = must_read (fixture, 10);
  check_entry (fixture, entry_at (before, 0), "Message", "Borde", "On this computer since 09:00");
  g_assert_cmpstr (entry_at (before, 0)->number, ==, "2026-000002");
  g_assert_true (bst_store_set_epoch (fixture->store, "two", &error));
  after = must_read (fixture, 10);
  check_entry (fixture, entry_at (after, 0), "Message", NULL,
               "the server was restored from a backup; waits until the computer that sent the "
               "order has brought it back");
}

/* A proposal is no shared draft of an order. */
static void
test_kinds (StoreFixture *fixture, gconstpointer data)
{
  g_autoptr (BstStatusData) waiting = NULL;
  g_autoptr (BstStatusData) received = NULL;
  g_autofree char *uid = save_and_submit (fixture, "Stole");
  const BstReceipt *first;
  const BstReceipt *second;

  add_proposal (fixture, "Hurtigere stole");
  waiting = must_read (fixture, 10);
  g_assert_cmpuint (waiting->entries->len, ==, 2);
  check_entry (fixture, entry_at (waiting, 0), "Order", "Stole", "since 09:00");
  check_entry (fixture, entry_at (waiting, 1), "Proposal", "Hurtigere stole", "since 09:00");
  g_assert_false (entry_at (waiting, 1)->order);

  /* Received, the order and its submission are one thing, too. */
  accept_all (fixture);
  received = must_read (fixture, 10);
  g_assert_cmpuint (received->entries->len, ==, 0);
  g_assert_cmpuint (received->receipts->len, ==, 2);
  first = received->receipts->pdata[0];
  second = received->receipts->pdata[1];
  g_assert_cmpstr (bst_receipt_what (first), ==, "Proposal");
  g_assert_cmpstr (first->title, ==, "Hurtigere stole");
  g_assert_cmpstr (bst_receipt_what (second), ==, "Order");
  g_assert_cmpstr (second->request, ==, uid);
  g_assert_cmpstr (second->number, ==, "2026-000001");
  g_assert_cmpint (second->received_at, ==, 1773302405); /* of the submission */
}

/* ---- on paper ---- */

/* Words that wrap are compared without their white space. */
static char *
squeeze (const char *text)
{
  GString *out = g_string_new (NULL);

  for (const char *at = text; *at; at++)
    if (!g_ascii_isspace (*at))
      g_string_append_c (out, *at);
  return g_string_free (out, FALSE);
}

static void
check_says (const char *squeezed, const char *words)
{
  g_autofree char *wanted = squeeze (words);

  if (!strstr (squeezed, wanted))
    g_error ("the paper does not say “%s”: %s", words, squeezed);
}

/* Five things in all places: one needs the user, two wait here, one is under way, one was received. */
static void
fill (StoreFixture *fixture)
{
  g_autofree char *received = save_and_submit (fixture, "Reoler");
  g_autofree char *refused = NULL;
  g_autofree char *under_way = NULL;
  g_autofree char *waiting = NULL;

  accept_all (fixture);
  refused = save_and_submit (fixture, "Dyre stole");
  take (fixture, 1, TRUE);
  under_way = save_and_submit (fixture, "Lamper");
  take (fixture, 2, FALSE);
  fixture->now_ms += 60 * 60 * 1000;
  waiting = save_and_submit (fixture, "Tæpper");
  add_proposal (fixture, "Hurtigere stole");
}

static BstStatusPaper *
paper_new (StoreFixture *fixture, guint n_receipts)
{
  g_autoptr (GTimeZone) zone = g_time_zone_new_identifier ("Europe/Copenhagen");
  const BstSyncFacts facts = { .signed_in = TRUE,
                               .state = BST_SYNC_OFFLINE,
                               .last_contact = 1773302400 };
  BstStatusData *data = must_read (fixture, n_receipts);

  g_free (data->person);
  data->person = g_strdup ("Prøve Person");
  return bst_status_paper_new (data, &facts, zone, "en", fixture->now_ms / 1000);
}

static void
test_paper (StoreFixture *fixture, gconstpointer data)
{
  static const char *const says[] = {
    "Reconciliation",
    "Prøve Person",
    "Thursday 12 March 2026 10:00",
    "Last contact with the server: 12/03/2026 09:00",
    "Needs you On this computer Under way Received 1 2 1 1",
    "Order Dyre stole – 12/03/2026 09:00",
    "price or terms have changed",
    "There is no connection. It goes by itself when the line is back.",
    "Order Tæpper – 12/03/2026 10:00 the line to the server",
    "Proposal Hurtigere stole",
    "Order Lamper – 12/03/2026 09:00",
    "Order Reoler 2026-000001 12/03/2026 09:00 12/03/2026 09:00",
    "the server takes it once",
    "Page 1 of 1",
  };
  g_autofree char *path = store_fixture_file (fixture, "paper.pdf");
  g_autoptr (BstStatusPaper) paper = NULL;
  g_autofree char *text = NULL;
  g_autofree char *squeezed = NULL;
  g_autofree char *about = NULL;
  g_autofree char *about_squeezed = NULL;
  g_autofree char *outline = NULL;
  g_autoptr (GError) error = NULL;

  fill (fixture);
  paper = paper_new (fixture, 10);
  bst_report_save_pdf (path, bst_status_report_title (), bst_status_report_make, paper, &error);
  g_assert_no_error (error);
  text = bst_test_output ("pdftotext", "-layout", path, "-");
  squeezed = squeeze (text);
  for (guint i = 0; i < G_N_ELEMENTS (says); i++)
    check_says (squeezed, says[i]);
  g_assert_null (strstr (text, "Older receipts"));
  about = bst_test_output ("pdfinfo", path, NULL, NULL);
  about_squeezed = squeeze (about);
  check_says (about_squeezed, "Title: Reconciliation Author: ");
  check_says (about_squeezed, "Creator: Bestiller");
  check_says (about_squeezed, "(A4)");
  outline = bst_test_output ("pdftohtml", "-xml", "-stdout", path);
  g_assert_nonnull (strstr (outline, ">Receipts</item>"));
  if (g_getenv ("BST_TEST_KEEP_REPORT"))
    g_free (bst_test_output ("cp", path, g_getenv ("BST_TEST_KEEP_REPORT"), NULL));
}

/* Many receipts go over several pages, each with its heading row; older ones are named as left out. */
static void
test_long_paper (StoreFixture *fixture, gconstpointer data)
{
  g_autofree char *path = store_fixture_file (fixture, "paper.pdf");
  g_autoptr (BstStatusPaper) paper = NULL;
  g_autofree char *text = NULL;
  guint pages = 0;
  guint headings = 0;

  for (guint i = 0; i < 60; i++)
    {
      g_autofree char *title = g_strdup_printf ("Bestilling %u", i);
      g_autofree char *uid = save_and_submit (fixture, title);
    }
  accept_all (fixture); /* a hundred at a time */
  accept_all (fixture);
  paper = paper_new (fixture, 100);
  g_assert_true (paper->data->more);
  g_assert_true (bst_report_save_pdf (path, "x", bst_status_report_make, paper, NULL));
  text = bst_test_output ("pdftotext", "-layout", path, "-");
  for (const char *page = text; (page = strchr (page, '\f')); page++)
    pages++;
  for (const char *at = text; (at = strstr (at, "What it is about")); at++)
    headings++;
  g_assert_cmpuint (pages, >=, 2);
  g_assert_cmpuint (headings, ==, pages);
  g_assert_nonnull (strstr (text, "Older receipts are on the computer"));
}

static void
test_nothing (StoreFixture *fixture, gconstpointer data)
{
  g_autofree char *path = store_fixture_file (fixture, "paper.pdf");
  g_autofree char *nowhere = store_fixture_file (fixture, "nowhere/paper.pdf");
  g_autoptr (BstStatusPaper) paper = paper_new (fixture, 100);
  g_autofree char *text = NULL;
  g_autoptr (GError) error = NULL;

  g_assert_true (bst_report_save_pdf (path, "x", bst_status_report_make, paper, NULL));
  text = bst_test_output ("pdftotext", "-layout", path, "-");
  g_assert_nonnull (strstr (text, "Nothing was sent from this computer yet."));
  g_assert_false (bst_report_save_pdf (nowhere, "x", bst_status_report_make, paper, &error));
  g_assert_error (error, G_FILE_ERROR, G_FILE_ERROR_NOENT);
}

#define ADD(path, function)                                                                        \
  g_test_add ("/status/" path, StoreFixture, NULL, store_fixture_set_up_filled, function,          \
              store_fixture_tear_down)

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  ADD ("restored", test_restored);
  ADD ("kinds", test_kinds);
  ADD ("paper", test_paper);
  ADD ("long-paper", test_long_paper);
  ADD ("nothing", test_nothing);
  return g_test_run ();
}
