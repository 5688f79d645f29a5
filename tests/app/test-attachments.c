/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Files on the order page: read, shown, removed and put back; what the rows offer is named for those who cannot see it. */

#include "bst-app-test.h"
#include "bst-config.h"

#include <glib/gstdio.h>
#include <string.h>

#include "bst-application.h"
#include "bst-attachment-row.h"
#include "bst-attachments.h"
#include "bst-store-files.h"
#include "bst-system-clock.h"
#include "bst-window.h"

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
  BstAttachments *attachments;
} Fixture;

typedef gboolean (*Fits) (GtkWidget *widget, gconstpointer what);

static GtkWidget *
find (GtkWidget *widget, Fits fits, gconstpointer what)
{
  if (fits (widget, what))
    return widget;
  for (GtkWidget *child = gtk_widget_get_first_child (widget); child;
       child = gtk_widget_get_next_sibling (child))
    {
      GtkWidget *found = find (child, fits, what);

      if (found)
        return found;
    }
  return NULL;
}

static gboolean
is_attachments (GtkWidget *widget, gconstpointer what)
{
  return BST_IS_ATTACHMENTS (widget) && gtk_widget_get_mapped (widget);
}

static gboolean
is_row (GtkWidget *widget, gconstpointer name)
{
  return BST_IS_ATTACHMENT_ROW (widget) &&
         g_str_has_prefix (adw_preferences_row_get_title (ADW_PREFERENCES_ROW (widget)), name);
}

static gboolean
is_button (GtkWidget *widget, gconstpointer text)
{
  return GTK_IS_BUTTON (widget) &&
         (g_strcmp0 (gtk_button_get_label (GTK_BUTTON (widget)), text) == 0 ||
          g_strcmp0 (gtk_widget_get_tooltip_text (widget), text) == 0);
}

static GtkWidget *
row (Fixture *fixture, const char *name)
{
  return find (GTK_WIDGET (fixture->attachments), is_row, name);
}

static void
press (Fixture *fixture, const char *text)
{
  GtkWidget *button = find (GTK_WIDGET (fixture->window), is_button, text);

  g_assert_nonnull (button);
  g_signal_emit_by_name (button, "clicked");
}

static void
set_up (Fixture *fixture, gconstpointer data)
{
  g_autoptr (GError) error = NULL;

  fixture->directory = g_dir_make_tmp ("bst-attachments-XXXXXX", NULL);
  fixture->store = bst_store_open (fixture->directory, bst_system_clock (), &error);
  g_assert_no_error (error);
  fixture->session = bst_session_new (fixture->store, bst_system_clock (), "en");
  fixture->settings = g_settings_new (BST_APPLICATION_ID);
  fixture->window = bst_window_new (GTK_APPLICATION (application), fixture->settings);
  bst_window_set_session (fixture->window, fixture->session);
  gtk_window_present (GTK_WINDOW (fixture->window));
  bst_window_navigate (fixture->window, "order", NULL);
  WAIT_UNTIL (find (GTK_WIDGET (fixture->window), is_attachments, NULL));
  fixture->attachments =
      BST_ATTACHMENTS (find (GTK_WIDGET (fixture->window), is_attachments, NULL));
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
add_file (Fixture *fixture, const char *name, gsize len)
{
  g_autofree char *path = g_build_filename (fixture->directory, name, NULL);
  g_autofree char *octets = g_strnfill (len, 'x');
  g_autoptr (GFile) file = g_file_new_for_path (path);

  g_assert_true (g_file_set_contents (path, octets, (gssize) len, NULL));
  bst_attachments_add_file (fixture->attachments, file);
}

/* What the store has of the only draft: the name of its first file; "" when it has none. */
static char *
stored_name (Fixture *fixture)
{
  const BstQuery query = { .type = "Request" };
  g_autoptr (GPtrArray) drafts = bst_store_find (fixture->store, &query, 0, 10, NULL);
  const char *name = drafts && drafts->len == 1
                         ? bst_doc_get_string (drafts->pdata[0], "attachments/f1/name")
                         : NULL;

  return g_strdup (name ? name : "");
}

static gboolean
is_stored (Fixture *fixture, const char *name)
{
  g_autofree char *stored = stored_name (fixture);

  return g_strcmp0 (stored, name) == 0;
}

static void
test_add_and_remove (Fixture *fixture, gconstpointer data)
{
  GtkWidget *shown;

  add_file (fixture, "skade.txt", 2500);
  WAIT_UNTIL (row (fixture, "skade.txt"));
  shown = row (fixture, "skade.txt");
  g_assert_cmpstr (adw_action_row_get_subtitle (ADW_ACTION_ROW (shown)), ==,
                   "3 kB · on this computer");
  gtk_test_accessible_assert_property (GTK_ACCESSIBLE (find (shown, is_button, "Remove skade.txt")),
                                       GTK_ACCESSIBLE_PROPERTY_LABEL, "Remove skade.txt");
  WAIT_UNTIL (is_stored (fixture, "skade.txt"));

  press (fixture, "Remove skade.txt");
  g_assert_null (row (fixture, "skade.txt"));
  WAIT_UNTIL (is_stored (fixture, ""));
  WAIT_UNTIL (find (GTK_WIDGET (fixture->window), is_button, "Undo"));
  press (fixture, "Undo");
  g_assert_nonnull (row (fixture, "skade.txt"));
  WAIT_UNTIL (is_stored (fixture, "skade.txt"));

  /* The same file again is no second one. */
  add_file (fixture, "skade.txt", 2500);
  add_file (fixture, "mere.txt", 10);
  WAIT_UNTIL (row (fixture, "mere.txt"));
  press (fixture, "Remove skade.txt");
  g_assert_null (row (fixture, "skade.txt"));
}

static void
test_too_large (Fixture *fixture, gconstpointer data)
{
  g_assert_true (bst_store_set_file_limit (fixture->store, 1000, NULL));
  add_file (fixture, "film.mp4", 1001);
  add_file (fixture, "lille.txt", 1000);
  WAIT_UNTIL (row (fixture, "lille.txt"));
  g_assert_null (row (fixture, "film.mp4"));
}

static void
test_picture (Fixture *fixture, gconstpointer data)
{
  static const guint8 pixels[4 * 4 * 4] = { 255, 0, 0, 255 };
  g_autoptr (GBytes) octets = g_bytes_new_static (pixels, sizeof pixels);
  g_autoptr (GdkTexture) picture =
      gdk_memory_texture_new (4, 4, GDK_MEMORY_R8G8B8A8, octets, 4 * 4);

  bst_attachments_add_picture (fixture->attachments, picture);
  WAIT_UNTIL (row (fixture, "picture "));
  g_assert_true (g_str_has_suffix (
      adw_preferences_row_get_title (ADW_PREFERENCES_ROW (row (fixture, "picture "))), ".png"));
}

#define BLOB "B0000000000000000000000000000000000000000000000000000000000000000"
#define ANSWER                                                                                     \
  "{\"sessionState\":\"1\",\"methodResponses\":[[\"Record/changes\",{\"accountId\":\"d1\","        \
  "\"oldState\":\"e.r.0\",\"newState\":\"e.r.1\",\"hasMoreChanges\":false,\"destroyed\":{},"       \
  "\"records\":{\"Request\":[{\"id\":\"r1\",\"uid\":\"r1\",\"title\":\"Gulv\",\"unit\":\"s1\","    \
  "\"rev\":1,"                                                                                     \
  "\"state\":\"accepted\",\"number\":\"2026-000001\",\"attachments\":{\"f1\":{\"name\":\"hul."     \
  "jpg\","                                                                                         \
  "\"size\":1200000,\"type\":\"image/jpeg\",\"blobId\":\"" BLOB "\"}}}]}},\"c\"]]}"

/* What was sent is opened and saved, not removed. */
static void
test_sent (Fixture *fixture, gconstpointer data)
{
  g_autoptr (GBytes) answer = g_bytes_new_static (ANSWER, strlen (ANSWER));
  g_autoptr (GError) error = NULL;
  g_autoptr (GPtrArray) pages = NULL;
  GVariantDict accounts;
  GtkWidget *shown;

  g_variant_dict_init (&accounts, NULL);
  g_variant_dict_insert_value (&accounts, "d1", g_variant_new ("a{sv}", NULL));
  g_assert_true (bst_store_set_accounts (fixture->store, g_variant_dict_end (&accounts), &error));
  pages = bst_store_apply_response (fixture->store, answer, &error);
  g_assert_no_error (error);
  bst_window_navigate (fixture->window, "request", "r1");
  WAIT_UNTIL ((shown = find (GTK_WIDGET (fixture->window), is_row, "hul.jpg")));
  g_assert_cmpstr (adw_action_row_get_subtitle (ADW_ACTION_ROW (shown)), ==, "1.2 MB · received");
  g_assert_true (gtk_widget_get_visible (find (shown, is_button, "Save hul.jpg as…")));
  g_assert_false (gtk_widget_get_visible (find (shown, is_button, "Remove hul.jpg")));
  /* Nobody is signed in; the reason is said. */
  g_assert_nonnull (find (shown, is_button, "Not signed in"));
}

/* The window goes while a file is being read. */
static void
test_left (Fixture *fixture, gconstpointer data)
{
  for (guint i = 0; i < 5; i++)
    {
      g_autofree char *name = g_strdup_printf ("stor-%u.bin", i);

      add_file (fixture, name, 3 * 1000 * 1000);
    }
}

#define ADD(path, function)                                                                        \
  g_test_add ("/app/attachments/" path, Fixture, NULL, set_up, function, tear_down)

int
main (int argc, char *argv[])
{
  g_autoptr (GError) error = NULL;
  int failures;

  g_test_init (&argc, &argv, NULL);
  application = bst_application_new ();
  g_assert_true (g_application_register (G_APPLICATION (application), NULL, &error));
  ADD ("add-and-remove", test_add_and_remove);
  ADD ("too-large", test_too_large);
  ADD ("picture", test_picture);
  ADD ("sent", test_sent);
  ADD ("left", test_left);
  failures = g_test_run ();
  g_clear_object (&application);
  return failures;
}
