/* SPDX-License-Identifier: GPL-3.0-or-later */

/* The sign-in runs out while the application is in use, and somebody enrols again: with the real server. */

#include "bst-app-test.h"
#include "bst-config.h"

#include <glib/gstdio.h>

#include "bst-application.h"
#include "bst-draft.h"
#include "bst-request.h"
#include "bst-system-clock.h"
#include "bst-test-server.h"
#include "bst-token-store.h"
#include "bst-unsent.h"
#include "bst-window.h"
#include "bst-workplace.h"

/* Waiting is turning the main loop until something is so; the limit only ends a test that fails. */
#define LIMIT_SECONDS         30
#define WAIT_UNTIL(condition) BST_WAIT_UNTIL (condition, LIMIT_SECONDS)

static BstApplication *application;

typedef struct
{
  BstTestServer *server;
  char *root; /* of the profiles */
  BstWorkplace *workplace;
  GSettings *settings;
  BstWindow *window;
} Fixture;

static void
session_cb (Fixture *fixture)
{
  bst_window_set_session (fixture->window, bst_workplace_get_session (fixture->workplace));
}

/* News is looked for once an hour: what comes within the test was pushed. */
static void
set_up (Fixture *fixture, gconstpointer data)
{
  fixture->server = bst_test_server_new ();
  fixture->root = g_dir_make_tmp ("bst-sign-in-XXXXXX", NULL);
  fixture->settings = g_settings_new (BST_APPLICATION_ID);
  fixture->workplace = bst_workplace_new (bst_system_clock (), "en", 3600);
  fixture->window = bst_window_new (GTK_APPLICATION (application), fixture->settings);
  g_signal_connect_swapped (fixture->workplace, "notify::session", G_CALLBACK (session_cb),
                            fixture);
  gtk_window_present (GTK_WINDOW (fixture->window));
}

static void
tear_down (Fixture *fixture, gconstpointer data)
{
  bst_workplace_close (fixture->workplace);
  gtk_window_destroy (GTK_WINDOW (fixture->window));
  while (g_main_context_iteration (NULL, FALSE))
    continue;
  g_object_unref (fixture->workplace);
  g_object_unref (fixture->settings);
  bst_test_server_free (fixture->server);
  bst_test_remove_tree (fixture->root);
  g_free (fixture->root);
}

/* ---- enrolling, as the enrolment view does ---- */

static void
result_cb (GObject *source, GAsyncResult *result, gpointer data)
{
  *(GAsyncResult **) data = g_object_ref (result);
}

static BstProfile *
enrol (Fixture *fixture, const char *person)
{
  const char *url = bst_test_server_url (fixture->server);
  const char *ca = bst_test_server_ca_file (fixture->server);
  g_autofree char *code = bst_test_server_code (fixture->server, person, 3600);
  g_autoptr (GAsyncResult) enrolled = NULL;
  g_autoptr (GAsyncResult) saved = NULL;
  g_autoptr (GVariant) identity = NULL;
  g_autoptr (BstProfile) profile = NULL;
  g_autoptr (GError) error = NULL;
  BstTokenPlace place;

  bst_enrol_async (url, code, "test", ca, NULL, result_cb, &enrolled);
  WAIT_UNTIL (enrolled);
  identity = bst_enrol_finish (enrolled, &error);
  g_assert_no_error (error);
  profile = bst_profile_new (fixture->root, url, identity);
  bst_profile_save (fixture->root, profile, ca, &error);
  g_assert_no_error (error);
  bst_token_save_async (profile, bst_doc_get_string (identity, "token"), NULL, result_cb, &saved);
  WAIT_UNTIL (saved);
  bst_token_save_finish (saved, &place, &error);
  g_assert_no_error (error);
  return g_steal_pointer (&profile);
}

static BstSession *
session (Fixture *fixture)
{
  return bst_workplace_get_session (fixture->workplace);
}

static gboolean
is_up_to_date (Fixture *fixture)
{
  BstSync *sync = session (fixture) ? bst_session_get_sync (session (fixture)) : NULL;
  BstSyncState state = BST_SYNC_OFFLINE;

  if (sync)
    g_object_get (sync, "state", &state, NULL);
  return state == BST_SYNC_UP_TO_DATE;
}

static char *
order (Fixture *fixture, const char *title, gboolean submit)
{
  BstStore *store = bst_session_get_store (session (fixture));
  g_autoptr (GError) error = NULL;
  g_autoptr (GVariant) service = bst_store_get (store, "Service", "pc", &error);
  g_autoptr (GVariant) draft = bst_doc_new ();
  char *uid = bst_uid_new (bst_system_clock ());

  g_assert_no_error (error);
  bst_doc_replace (&draft, bst_doc_set_string (draft, "uid", uid));
  bst_doc_replace (&draft, bst_doc_set_string (draft, "title", title));
  bst_doc_replace (&draft, bst_doc_set_string (draft, "unit", "s1"));
  bst_doc_replace (&draft, bst_doc_set_take (draft, "lines/l1",
                                             bst_request_line_from_service (service, NULL, 1, 1)));
  bst_store_save_draft (store, draft, &error);
  g_assert_no_error (error);
  if (submit)
    bst_store_submit (store, uid, &error);
  g_assert_no_error (error);
  return uid;
}

static gboolean
has_local_state (Fixture *fixture, const char *uid, const char *expected)
{
  BstStore *store = bst_session_get_store (session (fixture));
  g_autoptr (GVariant) doc = bst_store_get (store, "Request", uid, NULL);

  return doc && g_strcmp0 (bst_doc_get_string (doc, "@local/state"), expected) == 0;
}

static void
revoke_anna (Fixture *fixture)
{
  g_autoptr (GError) error = NULL;
  guint n;

  bst_storage_revoke_person (bst_test_server_storage (fixture->server), "anna", &n, &error);
  g_assert_no_error (error);
}

/* One banner, and work goes on; then the same person enrols again, and all of it is sent. */
static void
test_same_person (Fixture *fixture, gconstpointer data)
{
  g_autoptr (BstProfile) first = enrol (fixture, "anna");
  g_autoptr (BstProfile) again = NULL;
  g_autofree char *sent = NULL;
  g_autofree char *draft = NULL;
  BstStore *store;

  bst_workplace_open (fixture->workplace, first);
  WAIT_UNTIL (is_up_to_date (fixture));
  WAIT_UNTIL (!bst_window_get_notice (fixture->window));
  store = bst_session_get_store (session (fixture));
  revoke_anna (fixture);
  WAIT_UNTIL (bst_window_get_notice (fixture->window)); /* nobody pressed anything */

  sent = order (fixture, "One screen", TRUE);
  draft = order (fixture, "Two screens", FALSE);
  g_assert_true (has_local_state (fixture, sent, "queued"));
  g_assert_nonnull (bst_window_get_notice (fixture->window));

  again = enrol (fixture, "anna");
  g_assert_cmpstr (again->id, ==, first->id);
  bst_workplace_sign_in (fixture->workplace, again);
  WAIT_UNTIL (has_local_state (fixture, sent, NULL) && is_up_to_date (fixture));
  WAIT_UNTIL (!bst_window_get_notice (fixture->window));
  g_assert_true (bst_session_get_store (session (fixture)) == store);
  g_assert_true (has_local_state (fixture, draft, "draft"));
}

/* ---- in the middle of it ---- */

typedef struct
{
  Fixture *fixture;
  gboolean revoked;
  guint notices; /* how many times a banner came */
  char *notice;  /* (nullable) the last one */
} Midway;

/* As soon as something is under way, the sign-in is worth nothing any more. */
static void
state_cb (BstSync *sync, GParamSpec *pspec, Midway *midway)
{
  BstSyncState state;

  g_object_get (sync, "state", &state, NULL);
  if (state != BST_SYNC_SENDING || midway->revoked)
    return;
  midway->revoked = TRUE;
  revoke_anna (midway->fixture);
}

static gboolean
count_notices_cb (gpointer data)
{
  Midway *midway = data;
  const char *notice = bst_window_get_notice (midway->fixture->window);

  if (g_strcmp0 (notice, midway->notice) != 0)
    {
      midway->notices += notice != NULL;
      g_free (midway->notice);
      midway->notice = g_strdup (notice);
    }
  return G_SOURCE_CONTINUE;
}

/* Drafted on the page's own model while the banner stands, and sent with its button's function. */
static char *
order_by_hand (Fixture *fixture)
{
  g_autoptr (BstDraft) draft = bst_draft_new (session (fixture), NULL);
  g_autoptr (GVariant) service =
      bst_store_get (bst_session_get_store (session (fixture)), "Service", "pc", NULL);
  g_autofree char *line = bst_draft_add_line (draft, service, NULL, 1, NULL);
  g_autoptr (GAsyncResult) submitted = NULL;
  g_autoptr (GError) error = NULL;

  g_assert_nonnull (line);
  bst_draft_set_unit (draft, "s1");
  bst_draft_submit_async (draft, result_cb, &submitted);
  WAIT_UNTIL (submitted);
  bst_draft_submit_finish (draft, submitted, &error);
  g_assert_no_error (error);
  return g_strdup (bst_draft_get_uid (draft));
}

static gboolean
is_at_server (Fixture *fixture, const char *uid)
{
  g_autoptr (GVariant) order =
      bst_storage_get (bst_test_server_storage (fixture->server), "Request", uid, NULL);

  return g_strcmp0 (bst_doc_get_string (order, "state"), "submitted") == 0;
}

/* The sign-in runs out while orders are being sent: one banner and no window, pages open, and what is done meanwhile is sent later. */
static void
test_midway (Fixture *fixture, gconstpointer data)
{
  g_autoptr (BstProfile) first = enrol (fixture, "anna");
  g_autoptr (BstProfile) again = NULL;
  g_autoptr (GPtrArray) orders = g_ptr_array_new_with_free_func (g_free);
  GListModel *windows = gtk_window_get_toplevels ();
  guint n_windows = g_list_model_get_n_items (windows);
  Midway midway = { fixture, FALSE, 0, NULL };
  guint counting = g_timeout_add (5, count_notices_cb, &midway);

  bst_workplace_open (fixture->workplace, first);
  WAIT_UNTIL (is_up_to_date (fixture));
  bst_test_server_stop (fixture->server);
  for (guint i = 0; i < 5; i++)
    g_ptr_array_add (orders, order (fixture, "A screen", TRUE));
  WAIT_UNTIL (!is_up_to_date (fixture));
  WAIT_UNTIL (!bst_window_get_notice (fixture->window)); /* offline is no trouble */
  midway.notices = 0;
  g_signal_connect (bst_session_get_sync (session (fixture)), "notify::state",
                    G_CALLBACK (state_cb), &midway);
  bst_test_server_start (fixture->server);
  gtk_widget_activate_action (GTK_WIDGET (fixture->window), "win.synchronise", NULL);
  WAIT_UNTIL (midway.revoked);
  WAIT_UNTIL (midway.notice);

  /* Nothing stands in the way, and nothing that is clicked is lost. */
  bst_window_navigate (fixture->window, "order", NULL);
  g_assert_cmpstr (bst_window_get_page_name (fixture->window), ==, "order");
  g_ptr_array_add (orders, order_by_hand (fixture));
  WAIT_UNTIL (has_local_state (fixture, orders->pdata[5], "queued"));
  gtk_widget_activate_action (GTK_WIDGET (fixture->window), "win.synchronise", NULL);
  bst_window_navigate (fixture->window, "requests", NULL);
  g_ptr_array_add (orders, order_by_hand (fixture));
  WAIT_UNTIL (midway.notice);
  g_assert_cmpuint (g_list_model_get_n_items (windows), ==, n_windows);
  g_assert_false (bst_window_has_view (fixture->window));

  again = enrol (fixture, "anna");
  bst_workplace_sign_in (fixture->workplace, again);
  for (guint i = 0; i < orders->len; i++)
    WAIT_UNTIL (has_local_state (fixture, orders->pdata[i], NULL));
  WAIT_UNTIL (is_up_to_date (fixture) && !bst_window_get_notice (fixture->window));
  for (guint i = 0; i < orders->len; i++)
    g_assert_true (is_at_server (fixture, orders->pdata[i]));
  g_assert_cmpuint (midway.notices, ==, 1);
  g_source_remove (counting);
  g_free (midway.notice);
}

/* Another person finds a store of her own; what the first one has not sent waits for him. */
static void
test_other_person (Fixture *fixture, gconstpointer data)
{
  g_autoptr (BstProfile) anna = enrol (fixture, "anna");
  g_autoptr (BstProfile) cilla = NULL;
  g_autoptr (BstProfile) again = NULL;
  g_autofree char *waiting = NULL;
  g_autofree char *draft = NULL;
  g_autoptr (GPtrArray) items = NULL;

  bst_workplace_open (fixture->workplace, anna);
  WAIT_UNTIL (is_up_to_date (fixture));
  revoke_anna (fixture);
  WAIT_UNTIL (bst_window_get_notice (fixture->window));
  waiting = order (fixture, "Hers", TRUE);
  draft = order (fixture, "Hers too", FALSE);

  cilla = enrol (fixture, "cilla");
  g_assert_cmpstr (cilla->directory, !=, anna->directory);
  bst_workplace_open (fixture->workplace, cilla);
  WAIT_UNTIL (is_up_to_date (fixture));
  g_assert_cmpstr (bst_session_get_person_id (session (fixture)), ==, "cilla");
  g_assert_false (has_local_state (fixture, waiting, "queued"));
  g_assert_false (has_local_state (fixture, draft, "draft"));
  items = bst_store_outbox (bst_session_get_store (session (fixture)), NULL);
  g_assert_cmpuint (items->len, ==, 0);

  again = enrol (fixture, "anna");
  bst_workplace_open (fixture->workplace, again);
  WAIT_UNTIL (is_up_to_date (fixture));
  WAIT_UNTIL (has_local_state (fixture, waiting, NULL));
  g_assert_true (has_local_state (fixture, draft, "draft"));
}

/* Signing out says what only this computer has, and keeps it; another person sees none of it, and the same one finds it. */
static void
test_signed_out (Fixture *fixture, gconstpointer data)
{
  g_autoptr (BstProfile) anna = enrol (fixture, "anna");
  g_autoptr (BstProfile) cilla = NULL;
  g_autoptr (BstProfile) again = NULL;
  g_autoptr (GPtrArray) profiles = NULL;
  g_autofree char *waiting = NULL;
  g_autofree char *draft = NULL;
  g_autofree char *hers = NULL;
  g_autofree char *none = NULL;
  g_autoptr (GError) error = NULL;

  bst_workplace_open (fixture->workplace, anna);
  WAIT_UNTIL (is_up_to_date (fixture));
  none = bst_unsent_text (bst_session_get_store (session (fixture)), &error);
  g_assert_cmpstr (none, ==, "");
  bst_test_server_stop (fixture->server);
  waiting = order (fixture, "One screen", TRUE);
  draft = order (fixture, "Two screens", FALSE);
  hers = bst_unsent_text (bst_session_get_store (session (fixture)), &error);
  g_assert_no_error (error);
  g_assert_cmpstr (hers, ==,
                   "2 things are only on this computer:\n• Order · One screen\n• Draft · Two "
                   "screens");
  bst_workplace_sign_out (fixture->workplace);
  WAIT_UNTIL (bst_window_get_notice (fixture->window));
  WAIT_UNTIL (has_local_state (fixture, waiting, "queued")); /* not under way any more */
  g_assert_true (has_local_state (fixture, draft, "draft"));

  bst_test_server_start (fixture->server);
  cilla = enrol (fixture, "cilla");
  bst_workplace_open (fixture->workplace, cilla);
  WAIT_UNTIL (is_up_to_date (fixture));
  g_clear_pointer (&none, g_free);
  none = bst_unsent_text (bst_session_get_store (session (fixture)), &error);
  g_assert_cmpstr (none, ==, "");
  g_assert_false (has_local_state (fixture, draft, "draft"));

  again = enrol (fixture, "anna");
  g_assert_cmpstr (again->directory, ==, anna->directory);
  profiles = bst_profiles_list (fixture->root);
  g_assert_cmpuint (profiles->len, ==, 2);
  bst_workplace_open (fixture->workplace, again);
  WAIT_UNTIL (is_up_to_date (fixture));
  WAIT_UNTIL (has_local_state (fixture, waiting, NULL));
  g_assert_true (has_local_state (fixture, draft, "draft"));
}

/* A long list is cut, and what is left out is counted. */
static void
test_many_unsent (Fixture *fixture, gconstpointer data)
{
  g_autoptr (BstProfile) anna = enrol (fixture, "anna");
  g_autofree char *text = NULL;
  g_auto (GStrv) lines = NULL;

  bst_workplace_open (fixture->workplace, anna);
  WAIT_UNTIL (is_up_to_date (fixture));
  for (guint i = 0; i < 8; i++)
    g_free (order (fixture, "A screen", FALSE));
  text = bst_unsent_text (bst_session_get_store (session (fixture)), NULL);
  lines = g_strsplit (text, "\n", -1);
  g_assert_cmpuint (g_strv_length (lines), ==, 7);
  g_assert_cmpstr (lines[0], ==, "8 things are only on this computer:");
  g_assert_cmpstr (lines[6], ==, "and 3 more");
}

int
main (int argc, char *argv[])
{
  g_autoptr (GError) error = NULL;
  int failures;

  g_test_init (&argc, &argv, NULL);
  application = bst_application_new ();
  g_assert_true (g_application_register (G_APPLICATION (application), NULL, &error));
  g_test_add ("/sign-in/same-person", Fixture, NULL, set_up, test_same_person, tear_down);
  g_test_add ("/sign-in/midway", Fixture, NULL, set_up, test_midway, tear_down);
  g_test_add ("/sign-in/other-person", Fixture, NULL, set_up, test_other_person, tear_down);
  g_test_add ("/sign-in/signed-out", Fixture, NULL, set_up, test_signed_out, tear_down);
  g_test_add ("/sign-in/many-unsent", Fixture, NULL, set_up, test_many_unsent, tear_down);
  failures = g_test_run ();
  g_clear_object (&application);
  return failures;
}
