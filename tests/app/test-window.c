/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "bst-app-test.h"
#include "bst-config.h"

#include <glib/gstdio.h>

#include "bst-application.h"
#include "bst-enrol-view.h"
#include "bst-error-text.h"
#include "bst-error.h"
#include "bst-page-table.h"
#include "bst-preferences-window.h"
#include "bst-shortcuts-window.h"
#include "bst-system-clock.h"
#include "bst-trouble-view.h"
#include "bst-window.h"

/* Waiting is turning the main loop until something is so; the limit only ends a test that fails. */
#define LIMIT_SECONDS         20
#define WAIT_UNTIL(condition) BST_WAIT_UNTIL (condition, LIMIT_SECONDS)

static BstApplication *application;

typedef struct
{
  char *directory;
  BstStore *store;
  BstSession *session;
  GSettings *settings;
  BstWindow *window;
} Fixture;

static void
set_up_width (Fixture *fixture, int width)
{
  g_autoptr (GError) error = NULL;

  fixture->directory = g_dir_make_tmp ("bst-window-XXXXXX", NULL);
  fixture->store = bst_store_open (fixture->directory, bst_system_clock (), &error);
  g_assert_no_error (error);
  fixture->session = bst_session_new (fixture->store, bst_system_clock (), "en");
  fixture->settings = g_settings_new (BST_APPLICATION_ID);
  g_settings_set_int (fixture->settings, "window-width", width);
  g_settings_set_int (fixture->settings, "window-height", 600);
  fixture->window = bst_window_new (GTK_APPLICATION (application), fixture->settings);
  bst_window_set_session (fixture->window, fixture->session);
  gtk_window_present (GTK_WINDOW (fixture->window));
  WAIT_UNTIL (gtk_widget_get_width (GTK_WIDGET (fixture->window)) > 0);
}

static void
set_up (Fixture *fixture, gconstpointer data)
{
  set_up_width (fixture, 1000);
}

static void
set_up_narrow (Fixture *fixture, gconstpointer data)
{
  set_up_width (fixture, 640);
}

static void
tear_down (Fixture *fixture, gconstpointer data)
{
  gtk_window_destroy (GTK_WINDOW (fixture->window));
  bst_session_end (fixture->session);
  while (g_main_context_iteration (NULL, FALSE))
    continue;
  g_clear_object (&fixture->session);
  bst_store_close (g_steal_pointer (&fixture->store));
  g_clear_object (&fixture->settings);
  bst_test_remove_tree (fixture->directory);
  g_free (fixture->directory);
}

static void
test_wide (Fixture *fixture, gconstpointer data)
{
  g_assert_false (bst_window_get_folded (fixture->window));
  g_assert_nonnull (bst_window_get_page_name (fixture->window));
}

static void
test_narrow (Fixture *fixture, gconstpointer data)
{
  WAIT_UNTIL (bst_window_get_folded (fixture->window));
  /* From the first page one comes to the sidebar, and from there nowhere. */
  g_assert_true (bst_window_back (fixture->window));
  g_assert_false (bst_window_back (fixture->window));
}

static void
test_navigate (Fixture *fixture, gconstpointer data)
{
  g_autofree char *first = g_strdup (bst_window_get_page_name (fixture->window));

  bst_window_navigate (fixture->window, "status", NULL);
  g_assert_cmpstr (bst_window_get_page_name (fixture->window), ==, "status");
  /* To where one is: nothing to go back from twice. */
  bst_window_navigate (fixture->window, "status", "");
  g_assert_true (bst_window_back (fixture->window));
  g_assert_cmpstr (bst_window_get_page_name (fixture->window), ==, first);
  g_assert_false (bst_window_back (fixture->window));
}

/* Each page of the table can be opened with nothing in the store. */
static void
test_all_pages (Fixture *fixture, gconstpointer data)
{
  gsize n;
  const BstPageEntry *table = bst_page_table (&n);

  for (gsize i = 0; i < n; i++)
    {
      bst_window_navigate (fixture->window, table[i].name, NULL);
      g_assert_cmpstr (bst_window_get_page_name (fixture->window), ==, table[i].name);
      while (g_main_context_iteration (NULL, FALSE))
        continue;
    }
}

/* What was asked for before there is a session is opened once there is one. */
static void
test_asked_before (Fixture *fixture, gconstpointer data)
{
  bst_window_set_session (fixture->window, NULL);
  g_assert_null (bst_window_get_page_name (fixture->window));
  bst_window_navigate (fixture->window, "status", NULL);
  g_assert_null (bst_window_get_page_name (fixture->window));
  bst_window_set_session (fixture->window, fixture->session);
  g_assert_cmpstr (bst_window_get_page_name (fixture->window), ==, "status");
}

static void
test_signed_out (Fixture *fixture, gconstpointer data)
{
  g_assert_cmpstr (bst_window_get_status (fixture->window), ==, "Starting");
  g_assert_null (bst_window_get_notice (fixture->window));
  bst_session_set_sync (fixture->session, NULL);
  g_assert_cmpstr (bst_window_get_status (fixture->window), ==, "Not signed in");
  g_assert_nonnull (bst_window_get_notice (fixture->window));
}

/* Nobody listens on port 1. Offline is said in the sidebar, and no banner is made of it. */
static void
test_offline (Fixture *fixture, gconstpointer data)
{
  g_autoptr (BstSync) sync =
      bst_sync_new (fixture->store, bst_system_clock (), "https://127.0.0.1:1", "token", NULL);

  bst_session_set_sync (fixture->session, sync);
  bst_sync_start (sync, 3600);
  WAIT_UNTIL (g_strcmp0 (bst_window_get_status (fixture->window), "Offline") == 0);
  g_assert_null (bst_window_get_notice (fixture->window));
  bst_sync_stop (sync);
}

static void
test_badge (Fixture *fixture, gconstpointer data)
{
  g_autofree char *uid = bst_uid_new (bst_system_clock ());
  g_autoptr (GVariant) draft = NULL;
  g_autoptr (GError) error = NULL;
  GVariantDict dict;

  if (!bst_page_table_find ("requests"))
    {
      g_test_skip ("the list of requests is not in this build");
      return;
    }
  g_assert_cmpuint (bst_window_get_badge (fixture->window, "requests"), ==, 0);
  g_variant_dict_init (&dict, NULL);
  g_variant_dict_insert (&dict, "uid", "s", uid);
  g_variant_dict_insert (&dict, "id", "s", uid);
  g_variant_dict_insert (&dict, "title", "s", "Two chairs");
  draft = bst_doc_take (g_variant_dict_end (&dict));
  g_assert_true (bst_store_save_draft (fixture->store, draft, &error));
  g_assert_no_error (error);
  WAIT_UNTIL (bst_window_get_badge (fixture->window, "requests") == 1);
}

static void
test_other_windows (Fixture *fixture, gconstpointer data)
{
  GtkWidget *windows[] = { bst_shortcuts_window_new (GTK_WINDOW (fixture->window)),
                           bst_preferences_window_new (GTK_WINDOW (fixture->window),
                                                       fixture->settings, NULL) };

  for (guint i = 0; i < G_N_ELEMENTS (windows); i++)
    {
      gtk_window_present (GTK_WINDOW (windows[i]));
      WAIT_UNTIL (gtk_widget_get_width (windows[i]) > 0);
      gtk_window_destroy (GTK_WINDOW (windows[i]));
    }
}

/* ---- enrolment ---- */

static BstEnrolView *
show_enrolment (Fixture *fixture)
{
  g_autoptr (GPtrArray) none = g_ptr_array_new ();
  GtkWidget *view = bst_enrol_view_new (fixture->directory, none, TRUE);

  bst_window_show_view (fixture->window, view);
  g_assert_true (bst_window_has_view (fixture->window));
  return BST_ENROL_VIEW (view);
}

static void
test_enrol_form (Fixture *fixture, gconstpointer data)
{
  BstEnrolView *view = show_enrolment (fixture);

  g_assert_cmpstr (bst_enrol_view_get_error (view), ==, "");
  bst_enrol_view_enrol (view);
  g_assert_cmpstr (bst_enrol_view_get_error (view), ==,
                   "Fill in the server’s address; it begins with https://.");
  bst_enrol_view_set_link (view, "https://example.org");
  g_assert_cmpstr (bst_enrol_view_get_error (view), ==,
                   "This is not an enrolment link. It begins with bestiller://enrol.");
  bst_enrol_view_set_link (view, "bestiller://enrol?server=http%3A%2F%2Fexample.org&code=ABCD");
  g_assert_cmpstr (bst_enrol_view_get_error (view), !=, "");
  bst_enrol_view_set_link (view, "bestiller://enrol?server=https%3A%2F%2Fexample.org&code=ABCD");
  g_assert_cmpstr (bst_enrol_view_get_error (view), ==, "");
}

static void
test_enrol_offline (Fixture *fixture, gconstpointer data)
{
  BstEnrolView *view = show_enrolment (fixture);

  bst_enrol_view_set_link (
      view, "bestiller://enrol?server=https%3A%2F%2F127.0.0.1%3A1&code=DKEK-7F3M-Q0ZV-81AT");
  bst_enrol_view_enrol (view);
  WAIT_UNTIL (*bst_enrol_view_get_error (view));
  g_assert_cmpstr (
      bst_enrol_view_get_error (view), ==,
      "The server cannot be reached. Check its address and the network, and try again; "
      "the code is still good.");
}

static void
test_trouble (Fixture *fixture, gconstpointer data)
{
  const int codes[] = { BST_ERROR_NEWER, BST_ERROR_CORRUPT, BST_ERROR_BUSY, BST_ERROR_STORAGE,
                        BST_ERROR_INVALID };
  g_autoptr (GHashTable) seen = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);

  for (guint i = 0; i < G_N_ELEMENTS (codes); i++)
    {
      g_autoptr (GError) error = g_error_new_literal (BST_ERROR, codes[i], "detail");
      GtkWidget *view = bst_trouble_view_new (error, "/nowhere");

      g_assert_true (
          g_hash_table_add (seen, g_strdup (bst_trouble_view_get_title (BST_TROUBLE_VIEW (view)))));
      bst_window_show_view (fixture->window, view);
    }
  bst_window_show_view (fixture->window, NULL);
  g_assert_false (bst_window_has_view (fixture->window));
}

#define ADD(path, before, function) g_test_add (path, Fixture, NULL, before, function, tear_down)

int
main (int argc, char *argv[])
{
  g_autoptr (GError) error = NULL;
  int failures;

  g_test_init (&argc, &argv, NULL);
  application = bst_application_new ();
  g_assert_true (g_application_register (G_APPLICATION (application), NULL, &error));
  ADD ("/window/wide", set_up, test_wide);
  ADD ("/window/narrow", set_up_narrow, test_narrow);
  ADD ("/window/navigate", set_up, test_navigate);
  ADD ("/window/all-pages", set_up, test_all_pages);
  ADD ("/window/asked-before", set_up, test_asked_before);
  ADD ("/window/signed-out", set_up, test_signed_out);
  ADD ("/window/offline", set_up, test_offline);
  ADD ("/window/badge", set_up, test_badge);
  ADD ("/window/other-windows", set_up, test_other_windows);
  ADD ("/window/enrol-form", set_up, test_enrol_form);
  ADD ("/window/enrol-offline", set_up, test_enrol_offline);
  ADD ("/window/trouble", set_up, test_trouble);
  failures = g_test_run ();
  g_clear_object (&application);
  return failures;
}
