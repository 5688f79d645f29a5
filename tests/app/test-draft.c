/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Drafts save themselves: nothing is shown as saved that a second look at the store does not find. */

#include <glib/gstdio.h>

#include "bst-app-test.h"
#include "bst-agreement-book.h"
#include "bst-draft.h"
#include "bst-json.h"
#include "bst-records.h"
#include "bst-system-clock.h"

#define LIMIT_SECONDS         20
#define WAIT_UNTIL(condition) BST_WAIT_UNTIL (condition, LIMIT_SECONDS)

#define ANSWER                                                                                     \
  "{\"sessionState\":\"1\",\"methodResponses\":[[\"Record/changes\",{\"accountId\":\"catalogue\"," \
  "\"oldState\":\"e.r.0\",\"newState\":\"e.r.1\",\"hasMoreChanges\":false,\"destroyed\":{},"       \
  "\"records\":{\"OrgUnit\":[{\"id\":\"u\",\"name\":\"Skolen\",\"kind\":\"department\","           \
  "\"costPlace\":\"4711\"}],\"Service\":[" SERVICE "],\"Bundle\":[" BUNDLE "]}},\"c\"]]}"
#define BUNDLE                                                                                     \
  "{\"id\":\"b2\",\"code\":\"B2\",\"name\":{\"da\":\"Ny "                                          \
  "kollega\"},\"purpose\":\"joiner\",\"items\":[{\"service\":\"s1\",\"offsetDays\":-3}]}"
#define SERVICE                                                                                    \
  "{\"id\":\"s1\",\"code\":\"S1\",\"area\":\"a\",\"name\":{\"da\":\"Nøgle\",\"en\":\"Key\"},"     \
  "\"obligation\":\"add-on\",\"price\":{\"model\":\"one-off\",\"once\":{\"amount\":5000,"          \
  "\"currency\":\"DKK\"}},\"version\":1,\"quantity\":true}"

typedef struct
{
  char *directory;
  BstStore *store;
  BstSession *session;
  GVariant *service;
  guint saved;
} Fixture;

static void
saved_cb (BstDraft *draft, Fixture *fixture)
{
  fixture->saved++;
}

static void
set_up (Fixture *fixture, gconstpointer data)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (GVariant) accounts =
      bst_json_parse ("{\"catalogue\":{\"initialState\":\"e.r.0\"}}", -1, NULL);
  g_autoptr (GVariant) identity =
      bst_json_parse ("{\"person\":\"p\",\"server\":\"https://x\"}", -1, NULL);
  g_autoptr (GBytes) answer = g_bytes_new_static (ANSWER, strlen (ANSWER));
  g_autoptr (GPtrArray) pages = NULL;

  fixture->directory = g_dir_make_tmp ("bst-draft-XXXXXX", &error);
  g_assert_no_error (error);
  fixture->store = bst_store_open (fixture->directory, bst_system_clock (), &error);
  g_assert_no_error (error);
  g_assert_true (bst_store_set_identity (fixture->store, identity, &error));
  g_assert_true (bst_store_set_accounts (fixture->store, accounts, &error));
  pages = bst_store_apply_response (fixture->store, answer, &error);
  g_assert_no_error (error);
  fixture->session = bst_session_new (fixture->store, bst_system_clock (), "da");
  fixture->service = bst_json_parse (SERVICE, -1, NULL);
  WAIT_UNTIL (bst_session_get_org (fixture->session));
}

static void
tear_down (Fixture *fixture, gconstpointer data)
{
  g_object_run_dispose (
      G_OBJECT (fixture->session)); /* what it still reads is of no use any more */
  g_clear_object (&fixture->session);
  while (g_main_context_iteration (NULL, FALSE))
    ;
  bst_store_close (fixture->store);
  bst_test_remove_tree (fixture->directory);
  g_free (fixture->directory);
  g_variant_unref (fixture->service);
}

static gint64
n_stored (Fixture *fixture)
{
  return bst_store_count (fixture->store, &(BstQuery){ .type = "Request" }, NULL);
}

static BstDraft *
new_draft (Fixture *fixture, GVariant *request)
{
  BstDraft *draft = bst_draft_new (fixture->session, request);

  fixture->saved = 0;
  g_signal_connect (draft, "saved", G_CALLBACK (saved_cb), fixture);
  return draft;
}

static void
test_empty (Fixture *fixture, gconstpointer data)
{
  g_autoptr (BstDraft) draft = new_draft (fixture, NULL);

  g_assert_true (bst_draft_is_empty (draft));
  bst_draft_set_text (draft, "place", "Lokale 2");
  bst_draft_flush (draft);
  g_assert_cmpint (bst_draft_saved_at (draft), ==, 0);
  g_assert_cmpint (n_stored (fixture), ==, 0);
}

static void
test_saves_itself (Fixture *fixture, gconstpointer data)
{
  g_autoptr (BstDraft) draft = new_draft (fixture, NULL);
  g_autoptr (GVariant) stored = NULL;

  bst_draft_set_text (draft, "title", "En");
  bst_draft_set_text (draft, "title", "En nøgle");
  g_assert_cmpint (bst_draft_saved_at (draft), ==, 0);
  WAIT_UNTIL (fixture->saved > 0);
  g_assert_cmpint (fixture->saved, ==, 1);
  g_assert_cmpint (bst_draft_saved_at (draft), >, 0);
  stored = bst_store_get (fixture->store, "Request", bst_draft_get_uid (draft), NULL);
  g_assert_nonnull (stored);
  g_assert_cmpstr (bst_doc_get_string (stored, "title"), ==, "En nøgle");
  g_assert_cmpstr (bst_doc_get_string (stored, "@local/state"), ==, "draft");

  /* What is typed after that is not yet saved; leaving the page saves it without waiting. */
  bst_draft_set_text (draft, "title", "To nøgler");
  g_assert_cmpint (bst_draft_saved_at (draft), ==, 0);
  bst_draft_flush (draft);
  WAIT_UNTIL (fixture->saved == 2);
}

static void
test_same_is_no_change (Fixture *fixture, gconstpointer data)
{
  g_autoptr (BstDraft) draft = new_draft (fixture, NULL);

  bst_draft_set_text (draft, "title", "En nøgle");
  WAIT_UNTIL (fixture->saved == 1);
  bst_draft_set_text (draft, "title", "En nøgle");
  g_assert_cmpint (bst_draft_saved_at (draft), >, 0);
}

static void
test_lines (Fixture *fixture, gconstpointer data)
{
  g_autoptr (BstDraft) draft = new_draft (fixture, NULL);
  g_autofree char *first = bst_draft_add_line (draft, fixture->service, NULL, 1, NULL);
  g_autofree char *second = bst_draft_add_line (draft, fixture->service, NULL, 3, "b1");
  g_autoptr (GVariant) line = bst_request_line (bst_draft_get_doc (draft), first);
  g_auto (GStrv) ids = NULL;

  g_assert_cmpstr (first, !=, second);
  g_assert_cmpstr (bst_doc_get_string (bst_draft_get_doc (draft), "title"), ==, "Nøgle");
  g_assert_cmpstr (bst_doc_get_string (bst_draft_get_doc (draft), "area"), ==, "a");
  g_assert_cmpstr (bst_doc_get_string (bst_draft_get_doc (draft), "lines/l2/bundle"), ==, "b1");

  /* Undo brings a line back to its place. */
  bst_draft_put_line (draft, first, NULL);
  bst_draft_put_line (draft, first, line);
  ids = bst_request_line_ids (bst_draft_get_doc (draft));
  g_assert_cmpuint (g_strv_length (ids), ==, 2);
  g_assert_cmpstr (ids[0], ==, first);
}

/* The first day moves the package's lines, also when the package is read after the day was chosen. */
static void
test_first_day (Fixture *fixture, gconstpointer data)
{
  g_autoptr (BstDraft) draft = new_draft (fixture, NULL);
  g_autofree char *line = bst_draft_add_line (draft, fixture->service, NULL, 1, "b2");
  BstRecords *records = bst_records_for_store (fixture->store);
  g_autofree char *purpose = NULL;

  bst_draft_set_text (draft, "wantedDate", "2999-03-12");
  WAIT_UNTIL (bst_records_get (records, "Bundle", "b2"));
  bst_draft_schedule (draft);
  g_assert_cmpstr (bst_doc_get_string (bst_draft_get_doc (draft), "lines/l1/wantedDate"), ==,
                   "2999-03-09");
  bst_draft_set_text (draft, "wantedDate", "2999-04-01");
  g_assert_cmpstr (bst_doc_get_string (bst_draft_get_doc (draft), "lines/l1/wantedDate"), ==,
                   "2999-03-29");
  purpose = bst_draft_purpose (draft);
  g_assert_cmpstr (purpose, ==, "joiner");
}

static void
test_unit_brings_cost_place (Fixture *fixture, gconstpointer data)
{
  g_autoptr (BstDraft) draft = new_draft (fixture, NULL);

  bst_draft_set_unit (draft, "u");
  g_assert_cmpstr (bst_doc_get_string (bst_draft_get_doc (draft), "costPlace"), ==, "4711");
}

static void
test_abandoned (Fixture *fixture, gconstpointer data)
{
  g_autoptr (BstDraft) draft = new_draft (fixture, NULL);

  bst_draft_set_text (draft, "title", "En nøgle");
  bst_draft_abandon (draft);
  bst_draft_set_text (draft, "title", "To nøgler");
  bst_draft_flush (draft);
  g_assert_cmpint (n_stored (fixture), ==, 0);
}

/* What only this computer knows is not part of the order. */
static void
test_refused (Fixture *fixture, gconstpointer data)
{
  g_autoptr (GVariant) refused =
      bst_json_parse ("{\"uid\":\"01900000-0000-7000-8000-000000000001\",\"title\":\"x\",\"@"
                      "local\":{\"state\":\"refused\"}}",
                      -1, NULL);
  g_autoptr (BstDraft) draft = new_draft (fixture, refused);

  g_assert_false (bst_doc_has (bst_draft_get_doc (draft), "@local"));
  g_assert_cmpstr (bst_draft_get_uid (draft), ==, "01900000-0000-7000-8000-000000000001");
}

static void
test_keep (Fixture *fixture, gconstpointer data)
{
  g_autoptr (GVariant) copy = bst_json_parse (
      "{\"uid\":\"01900000-0000-7000-8000-000000000002\",\"title\":\"Kopi\"}", -1, NULL);
  g_autoptr (BstDraft) draft = new_draft (fixture, copy);

  bst_draft_keep (draft);
  g_assert_cmpint (bst_draft_saved_at (draft), ==, 0);
  WAIT_UNTIL (fixture->saved == 1);
  g_assert_cmpint (n_stored (fixture), ==, 1);
}

static void
count_cb (BstRecords *records, guint *n)
{
  (*n)++;
}

/* Asking begins the reading; when it is here, that is said once, and asking again gives it. */
static void
test_records (Fixture *fixture, gconstpointer data)
{
  BstRecords *records = bst_records_for_store (fixture->store);
  guint loaded = 0;
  gulong id = g_signal_connect (records, "loaded", G_CALLBACK (count_cb), &loaded);

  g_assert_null (bst_records_get (records, "Service", "s1"));
  g_assert_null (bst_records_get (records, "Service", "none"));
  g_assert_null (bst_records_get (records, "Service", NULL));
  g_assert_true (bst_records_is_loading (records));
  WAIT_UNTIL (!bst_records_is_loading (records));
  g_assert_cmpuint (loaded, ==, 1);
  g_assert_nonnull (bst_records_get (records, "Service", "s1"));
  g_assert_null (bst_records_get (records, "Service", "none"));
  g_assert_false (bst_records_is_loading (records));
  g_signal_handler_disconnect (records, id);
}

/* ---- the catalogue moves on ---- */

static GVariant *
question (const char *key)
{
  g_autofree char *text = g_strdup_printf (
      "{\"key\":\"%s\",\"kind\":\"text\",\"label\":{\"da\":\"Hvilket lokale?\"}}", key);

  return bst_json_parse (text, -1, NULL);
}

/* An answer carries its question, so that it can be said in words once the form has changed; both go together. */
static void
test_answers (Fixture *fixture, gconstpointer data)
{
  g_autoptr (BstDraft) draft = new_draft (fixture, NULL);
  g_autofree char *line = bst_draft_add_line (draft, fixture->service, NULL, 1, NULL);
  g_autoptr (GVariant) room = question ("room/no");
  g_autoptr (GVariant) answer = g_variant_ref_sink (g_variant_new_string ("7B"));
  g_autoptr (GVariant) stored = NULL;

  bst_draft_answer (draft, line, room, answer);
  WAIT_UNTIL (fixture->saved == 1);
  stored = bst_store_get (fixture->store, "Request", bst_draft_get_uid (draft), NULL);
  g_assert_cmpstr (bst_doc_get_string (stored, "lines/l1/answers/room~1no"), ==, "7B");
  g_assert_cmpstr (bst_doc_get_string (stored, "lines/l1/asked/room~1no/label/da"), ==,
                   "Hvilket lokale?");
  bst_draft_answer (draft, line, room, answer); /* the same: nothing to save */
  g_assert_cmpint (bst_draft_saved_at (draft), >, 0);

  bst_draft_drop_answer (draft, line, "room/no");
  g_assert_false (bst_doc_has (bst_draft_get_doc (draft), "lines/l1/answers/room~1no"));
  g_assert_false (bst_doc_has (bst_draft_get_doc (draft), "lines/l1/asked/room~1no"));
  bst_draft_answer (draft, line, room, answer); /* Undo */
  g_assert_cmpstr (bst_doc_get_string (bst_draft_get_doc (draft), "lines/l1/answers/room~1no"), ==,
                   "7B");
}

/* Another service instead of one that is gone: what was written stays, and what fits is used. */
static void
test_exchange (Fixture *fixture, gconstpointer data)
{
  g_autoptr (GVariant) other = bst_json_parse (
      "{\"id\":\"s2\",\"code\":\"S2\",\"area\":\"b\",\"name\":{\"da\":\"Brik\"},\"obligation\":"
      "\"add-on\",\"price\":{\"model\":\"one-off\",\"once\":{\"amount\":7000,\"currency\":\"DKK\"}}"
      ",\"version\":4}",
      -1, NULL);
  g_autoptr (BstDraft) draft = new_draft (fixture, NULL);
  g_autofree char *line = bst_draft_add_line (draft, fixture->service, NULL, 3, NULL);
  g_autoptr (GVariant) room = question ("room");
  g_autoptr (GVariant) answer = g_variant_ref_sink (g_variant_new_string ("7B"));
  GVariant *doc;

  bst_draft_answer (draft, line, room, answer);
  bst_draft_set_text (draft, "lines/l1/wantedDate", "2999-03-12");
  bst_draft_exchange_line (draft, line, other, NULL);
  doc = bst_draft_get_doc (draft);
  g_assert_cmpstr (bst_doc_get_string (doc, "lines/l1/service"), ==, "s2");
  g_assert_cmpstr (bst_doc_get_string (doc, "lines/l1/name/da"), ==, "Brik");
  g_assert_cmpstr (bst_doc_get_string (doc, "title"), ==, "Brik"); /* it was named after the line */
  g_assert_cmpstr (bst_doc_get_string (doc, "area"), ==, "b");
  g_assert_cmpint (bst_doc_get_int (doc, "lines/l1/serviceVersion", 0), ==, 4);
  g_assert_cmpint (bst_doc_get_int (doc, "lines/l1/price/once/amount", 0), ==, 7000);
  g_assert_cmpint (bst_doc_get_int (doc, "lines/l1/quantity", 0), ==, 1); /* only one can be had */
  g_assert_cmpstr (bst_doc_get_string (doc, "lines/l1/answers/room"), ==, "7B");
  g_assert_cmpstr (bst_doc_get_string (doc, "lines/l1/wantedDate"), ==, "2999-03-12");
}

/* ---- written together ---- */

#define UID "019ce10f-4400-7073-991e-f0d302318f04"

static GVariant *
shared_order (const char *title, gint64 rev)
{
  GVariant *doc = bst_doc_set_string (NULL, "id", UID);

  bst_doc_replace (&doc, bst_doc_set_string (doc, "uid", UID));
  bst_doc_replace (&doc, bst_doc_set_string (doc, "unit", "u"));
  bst_doc_replace (&doc, bst_doc_set_string (doc, "state", "draft"));
  bst_doc_replace (&doc, bst_doc_set_string (doc, "title", title));
  bst_doc_replace (&doc, bst_doc_set_int (doc, "rev", rev));
  return doc;
}

/* The server's record comes, from account "u". */
static void
receive (Fixture *fixture, GVariant *order, const char *from, const char *to)
{
  g_autofree char *text = bst_json_print (order);
  g_autofree char *answer = g_strdup_printf (
      "{\"sessionState\":\"1\",\"methodResponses\":[[\"Record/changes\",{\"accountId\":\"u\","
      "\"oldState\":\"%s\",\"newState\":\"%s\",\"hasMoreChanges\":false,\"destroyed\":{},"
      "\"records\":{\"Request\":[%s]}},\"c\"]]}",
      from, to, text);
  g_autoptr (GBytes) octets = g_bytes_new (answer, strlen (answer));
  g_autoptr (GError) error = NULL;
  g_autoptr (GPtrArray) pages = bst_store_apply_response (fixture->store, octets, &error);

  g_assert_no_error (error);
}

static void
merged_cb (BstDraft *draft, guint *n)
{
  (*n)++;
}

static gsize
n_conflicts (BstDraft *draft)
{
  return g_variant_n_children (bst_draft_get_conflicts (draft));
}

static void
test_together (Fixture *fixture, gconstpointer data)
{
  g_autoptr (GVariant) accounts = bst_json_parse (
      "{\"catalogue\":{\"initialState\":\"e.r.0\"},\"u\":{\"initialState\":\"e.u.0\"}}", -1, NULL);
  g_autoptr (GVariant) first = shared_order ("Stole", 1);
  g_autoptr (GVariant) second = shared_order ("Olgas stole", 2);
  g_autoptr (BstDraft) draft = NULL;
  g_autoptr (GVariant) conflict = NULL;
  g_autoptr (GVariant) box = NULL;
  g_autoptr (GVariant) mine = g_variant_ref_sink (g_variant_new_string ("Mine stole"));
  guint n_merged = 0;

  g_assert_true (bst_store_set_accounts (fixture->store, accounts, NULL));
  receive (fixture, first, "e.u.0", "e.u.1");
  draft = new_draft (fixture, first);
  g_signal_connect (draft, "merged", G_CALLBACK (merged_cb), &n_merged);
  g_assert_true (bst_draft_is_shared (draft));
  bst_draft_set_text (draft, "title", "Mine stole");
  WAIT_UNTIL (bst_draft_saved_at (draft) > 0);
  receive (fixture, second, "e.u.1", "e.u.2");
  WAIT_UNTIL (n_merged > 0);
  g_assert_cmpuint (n_conflicts (draft), ==, 1);
  g_assert_cmpstr (bst_doc_get_string (bst_draft_get_doc (draft), "title"), ==, "Mine stole");

  box = g_variant_get_child_value (bst_draft_get_conflicts (draft), 0);
  conflict = g_variant_get_variant (box);
  bst_draft_decide (draft, "title", g_variant_new_string ("Olgas stole"));
  g_assert_cmpuint (n_conflicts (draft), ==, 0);
  g_assert_cmpstr (bst_doc_get_string (bst_draft_get_doc (draft), "title"), ==, "Olgas stole");
  bst_draft_reopen (draft, conflict, mine);
  g_assert_cmpuint (n_conflicts (draft), ==, 1);
  g_assert_cmpstr (bst_doc_get_string (bst_draft_get_doc (draft), "title"), ==, "Mine stole");
  bst_draft_decide (draft, "title", g_variant_new_string ("Vores stole"));
  WAIT_UNTIL (bst_draft_saved_at (draft) > 0);
  {
    g_autoptr (GVariant) stored = bst_store_get (fixture->store, "Request", UID, NULL);

    g_assert_cmpstr (bst_doc_get_string (stored, "title"), ==, "Vores stole");
    g_assert_false (bst_doc_has (stored, "@local/conflicts"));
    g_assert_cmpint (bst_doc_get_int (stored, "@local/base/rev", 0), ==, 2);
  }
}

static void
parted_cb (BstDraft *draft, gboolean kept, guint *state)
{
  *state = kept ? 2 : 1;
}

/* Sent by a colleague while there was something typed that is not saved. */
static void
test_parted (Fixture *fixture, gconstpointer data)
{
  g_autoptr (GVariant) accounts = bst_json_parse (
      "{\"catalogue\":{\"initialState\":\"e.r.0\"},\"u\":{\"initialState\":\"e.u.0\"}}", -1, NULL);
  g_autoptr (GVariant) first = shared_order ("Stole", 1);
  g_autoptr (GVariant) sent = bst_doc_set_string (first, "state", "submitted");
  g_autoptr (GVariant) newer = bst_doc_set_int (sent, "rev", 2);
  g_autoptr (BstDraft) draft = NULL;
  guint parted = 0;

  g_assert_true (bst_store_set_accounts (fixture->store, accounts, NULL));
  receive (fixture, first, "e.u.0", "e.u.1");
  draft = new_draft (fixture, first);
  g_signal_connect (draft, "parted", G_CALLBACK (parted_cb), &parted);
  bst_draft_set_text (draft, "need", "Snart");
  receive (fixture, newer, "e.u.1", "e.u.2");
  bst_draft_flush (draft);
  WAIT_UNTIL (parted > 0);
  g_assert_cmpuint (parted, ==, 2);
  g_assert_cmpstr (bst_draft_get_uid (draft), !=, UID);
  WAIT_UNTIL (bst_draft_saved_at (draft) > 0);
  g_assert_cmpint (n_stored (fixture), ==, 2);
}

/* What the department has agreed on is promised before what the catalogue says. */
static void
test_agreed (Fixture *fixture, gconstpointer data)
{
  static const char agreement[] = "{\"sessionState\":\"1\",\"methodResponses\":[[\"Record/"
                                  "changes\",{\"accountId\":\"u\",\"oldState\":\"e.r.0\","
                                  "\"newState\":\"e.r.1\",\"hasMoreChanges\":false,\"destroyed\":"
                                  "{},\"records\":{\"Agreement\":[{\"id\":\"a\","
                                  "\"kind\":\"sla\",\"name\":{\"da\":\"SLA\"},\"unit\":\"u\","
                                  "\"version\":1,\"validFrom\":\"2020-01-01\","
                                  "\"targets\":[{\"service\":\"s1\",\"promise\":{\"value\":2,"
                                  "\"unit\":\"working-days\"}}]}]}},\"c\"]]}";
  g_autoptr (GVariant) accounts = bst_json_parse (
      "{\"catalogue\":{\"initialState\":\"e.r.0\"},\"u\":{\"initialState\":\"e.r.0\"}}", -1, NULL);
  g_autoptr (GBytes) answer = g_bytes_new_static (agreement, strlen (agreement));
  g_autoptr (GPtrArray) pages = NULL;
  BstAgreementBook *book = bst_agreement_book_for_session (fixture->session);
  g_autoptr (BstDraft) draft = NULL;
  g_autofree char *id = NULL;
  g_autofree char *path = NULL;

  g_assert_true (bst_store_set_accounts (fixture->store, accounts, NULL));
  pages = bst_store_apply_response (fixture->store, answer, NULL);
  g_assert_nonnull (pages);
  WAIT_UNTIL (bst_agreement_book_agreements (book)->len == 1);
  draft = new_draft (fixture, NULL);
  bst_draft_set_unit (draft, "u");
  id = bst_draft_add_line (draft, fixture->service, NULL, 1, NULL);
  path = g_strdup_printf ("lines/%s/promise/value", id);
  g_assert_cmpint (bst_doc_get_int (bst_draft_get_doc (draft), path, 0), ==, 2);
  WAIT_UNTIL (n_stored (fixture) == 1);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
#define ADD(path, test) g_test_add ("/app/" path, Fixture, NULL, set_up, test, tear_down)
  ADD ("draft/empty", test_empty);
  ADD ("draft/saves-itself", test_saves_itself);
  ADD ("draft/same-is-no-change", test_same_is_no_change);
  ADD ("draft/lines", test_lines);
  ADD ("draft/first-day", test_first_day);
  ADD ("draft/unit", test_unit_brings_cost_place);
  ADD ("draft/abandoned", test_abandoned);
  ADD ("draft/refused", test_refused);
  ADD ("draft/keep", test_keep);
  ADD ("draft/answers", test_answers);
  ADD ("draft/exchange", test_exchange);
  ADD ("draft/together", test_together);
  ADD ("draft/parted", test_parted);
  ADD ("draft/agreed", test_agreed);
  ADD ("records", test_records);
  return g_test_run ();
}
