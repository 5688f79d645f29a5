/* SPDX-License-Identifier: GPL-3.0-or-later */

/*
 * Every page in the process, with a sample authority's data, at the size of a small laptop and in a narrow window: the page fits,
 * no label is cut without its whole text being a tooltip, and nothing is named twice to those who hear it. With the translation that nobody speaks (tests/support/pseudo.py,
 * BST_TEST_LANGUAGE=qps) all that the program says has brackets; what has none must be the data's.
 *
 *   test-pages SEED-STORE SAMPLE PERSON
 */

#include "bst-app-test.h"
#include "bst-config.h"

#include <adwaita.h>
#include <glib/gstdio.h>
#include <libintl.h>
#include <locale.h>
#include <string.h>
#include <unistd.h>

#include "bst-application.h"
#include "bst-case-words.h"
#include "bst-doc.h"
#include "bst-levels.h"
#include "bst-page-table.h"
#include "bst-preferences-window.h"
#include "bst-session.h"
#include "bst-shortcuts-window.h"
#include "bst-system-clock.h"
#include "bst-window.h"

#define LIMIT_SECONDS 60
#define STILL_TICKS   8
#define TICK_MS       20
#define MAX_FOUND     60
#define OPEN          "⟦"
#define CLOSE         "⟧"

static const struct
{
  const char *name;
  int width;
  int height;
} sizes[] = { { "laptop", 1366, 768 }, { "narrow", 480, 768 } };

static char **arguments; /* seed-store, sample, person */
static char *directory;
static BstApplication *application;
static BstStore *store;
static BstSession *session;
static const char *language;
static GString *said_by_data;

/* ---- what is on the screen ---- */

typedef void (*Visit) (GtkWidget *widget, gpointer data);

static void
walk (GtkWidget *widget, Visit visit, gpointer data)
{
  if (!gtk_widget_get_mapped (widget))
    return;
  visit (widget, data);
  for (GtkWidget *child = gtk_widget_get_first_child (widget); child;
       child = gtk_widget_get_next_sibling (child))
    walk (child, visit, data);
}

static void
add_text (GtkWidget *widget, gpointer data)
{
  if (GTK_IS_LABEL (widget))
    g_string_append_printf (data, "%s %d\n", gtk_label_get_text (GTK_LABEL (widget)),
                            gtk_widget_get_width (widget));
}

/* Turns the loop until what can be read has stood as it is for a while. */
static void
settle (GtkWidget *window)
{
  gint64 limit = g_get_monotonic_time () + LIMIT_SECONDS * G_USEC_PER_SEC;
  guint ticks = g_timeout_add (TICK_MS, bst_test_tick_cb, NULL);
  g_autoptr (GString) last = g_string_new (NULL);
  int still = 0;

  while (still < STILL_TICKS && g_get_monotonic_time () < limit)
    {
      g_autoptr (GString) now = g_string_new (NULL);
      gint64 until = g_get_monotonic_time () + TICK_MS * 1000;

      while (g_get_monotonic_time () < until)
        g_main_context_iteration (NULL, TRUE);
      walk (window, add_text, now);
      still = g_string_equal (now, last) && now->len > 0 ? still + 1 : 0;
      g_string_assign (last, now->str);
    }
  g_source_remove (ticks);
  g_assert_cmpint (still, ==, STILL_TICKS);
}

/* ---- what is wrong with it ---- */

typedef struct
{
  const char *where;
  GHashTable *found; /* (set) */
} Check;

static void
complain (Check *check, const char *what, const char *text)
{
  g_autofree char *line = g_strdup_printf ("%s: %s: “%s”", check->where, what, text);

  g_hash_table_add (check->found, g_steal_pointer (&line));
}

static gboolean
has_tooltip (GtkWidget *widget)
{
  for (int up = 0; widget && up < 4; up++, widget = gtk_widget_get_parent (widget))
    if (gtk_widget_get_has_tooltip (widget))
      return TRUE;
  return FALSE;
}

static void
check_cut (GtkWidget *widget, gpointer data)
{
  GtkLabel *label;

  /* The row of a choice cuts its value: the list that it opens says it whole. A title gives way to its buttons. */
  if (!GTK_IS_LABEL (widget) || gtk_widget_get_ancestor (widget, ADW_TYPE_COMBO_ROW) ||
      gtk_widget_get_ancestor (widget, ADW_TYPE_WINDOW_TITLE))
    return;
  label = GTK_LABEL (widget);
  if (gtk_label_get_ellipsize (label) != PANGO_ELLIPSIZE_NONE &&
      pango_layout_is_ellipsized (gtk_label_get_layout (label)) && !has_tooltip (widget))
    complain (data, "cut", gtk_label_get_text (label));
}

/* The table of service levels has as many columns as there is room for, in the languages that are spoken: in the other it scrolls. */
static void
check_sideways (GtkWidget *widget, gpointer data)
{
  GtkAdjustment *across;

  if (!GTK_IS_SCROLLED_WINDOW (widget) || !gtk_widget_has_css_class (widget, "card"))
    return;
  across = gtk_scrolled_window_get_hadjustment (GTK_SCROLLED_WINDOW (widget));
  if (gtk_adjustment_get_upper (across) > gtk_adjustment_get_page_size (across) + 1)
    complain (data, "cut at its edge", gtk_buildable_get_buildable_id (GTK_BUILDABLE (widget)));
}

/* Without what stands in brackets. */
static char *
unbracketed (const char *text)
{
  GString *rest = g_string_new (NULL);
  int depth = 0;

  for (const char *p = text; *p; p = g_utf8_next_char (p))
    {
      if (g_str_has_prefix (p, OPEN))
        depth++;
      else if (g_str_has_prefix (p, CLOSE))
        depth--;
      else if (depth == 0)
        g_string_append_unichar (rest, g_utf8_get_char (p));
    }
  return g_string_free (rest, FALSE);
}

/* The currency; what GTK says for a name that was not given; its names of keys. */
static gboolean
is_neutral (const char *word)
{
  static const char *const words[] = { "kr", "undefined", "Ctrl", "Shift", "Alt", "Left", NULL };

  return g_strv_contains (words, word);
}

/* Each space that does not break becomes one that does: g_strsplit_set() knows bytes only. */
static void
break_spaces (char *text)
{
  for (char *p = strstr (text, "\u00a0"); p; p = strstr (p, "\u00a0"))
    memcpy (p, "  ", 2);
}

/* Whether each word of @text is the data's, a number, or neutral. */
static gboolean
is_data (const char *text)
{
  g_autofree char *rest = unbracketed (text);
  g_autofree char *bare = g_strstrip (g_strdup (rest));
  g_auto (GStrv) parts = NULL;

  if (*bare == '\0' || strstr (said_by_data->str, bare))
    return TRUE;
  break_spaces (bare);
  parts = g_strsplit_set (bare, " ,.:;()/+-×0123456789%&\n'\"", -1);
  for (guint i = 0; parts[i]; i++)
    {
      gboolean letters = FALSE;

      for (const char *p = parts[i]; *p; p = g_utf8_next_char (p))
        letters = letters || g_unichar_isalpha (g_utf8_get_char (p));
      if (letters && g_utf8_strlen (parts[i], -1) > 1 && !is_neutral (parts[i]) &&
          !strstr (said_by_data->str, parts[i]))
        return FALSE;
    }
  return TRUE;
}

/* GTK's own parts speak in GTK's own catalogue. */
static gboolean
is_foreign (GtkWidget *widget)
{
  for (; widget; widget = gtk_widget_get_parent (widget))
    if (GTK_IS_WINDOW_CONTROLS (widget) || GTK_IS_CALENDAR (widget) ||
        GTK_IS_SHORTCUT_LABEL (widget))
      return TRUE;
  return FALSE;
}

static void
check_said (GtkWidget *widget, gpointer data)
{
  const char *tooltip = gtk_widget_get_tooltip_text (widget);
  g_autofree char *name = gtk_test_accessible_check_property (
      GTK_ACCESSIBLE (widget), GTK_ACCESSIBLE_PROPERTY_LABEL, "no such name");

  if (is_foreign (widget))
    return;
  if (GTK_IS_LABEL (widget) && !is_data (gtk_label_get_text (GTK_LABEL (widget))))
    complain (data, "untranslated text", gtk_label_get_text (GTK_LABEL (widget)));
  if (tooltip && !is_data (tooltip))
    complain (data, "untranslated tooltip", tooltip);
  if (name && !g_str_has_prefix (name, "<") && !is_data (name))
    complain (data, "untranslated name", name);
}

/* A row that has a name beside the title that it is labelled by is said twice: "Laptop Laptop". (GTK's buttons do it by themselves.) */
static void
check_named_once (GtkWidget *widget, gpointer data)
{
  static const struct
  {
    GtkAccessibleProperty property;
    GtkAccessibleRelation relation;
    const char *what;
  } ways[] = {
    { GTK_ACCESSIBLE_PROPERTY_LABEL, GTK_ACCESSIBLE_RELATION_LABELLED_BY, "named twice" },
    { GTK_ACCESSIBLE_PROPERTY_DESCRIPTION, GTK_ACCESSIBLE_RELATION_DESCRIBED_BY,
      "described twice" },
  };

  for (guint i = 0; i < G_N_ELEMENTS (ways) && GTK_IS_LIST_BOX_ROW (widget); i++)
    if (gtk_test_accessible_has_property (GTK_ACCESSIBLE (widget), ways[i].property) &&
        gtk_test_accessible_has_relation (GTK_ACCESSIBLE (widget), ways[i].relation))
      complain (data, ways[i].what, G_OBJECT_TYPE_NAME (widget));
}

/* The innermost part that asks for about as much. */
static GtkWidget *
widest (GtkWidget *widget, int width)
{
  for (GtkWidget *child = gtk_widget_get_first_child (widget); child;
       child = gtk_widget_get_next_sibling (child))
    {
      int least = 0;

      if (gtk_widget_get_mapped (child))
        gtk_widget_measure (child, GTK_ORIENTATION_HORIZONTAL, -1, &least, NULL, NULL, NULL);
      if (least > width - 48)
        return widest (child, width);
    }
  return widget;
}

static void
check (GtkWidget *window, const char *where, int width, GHashTable *found)
{
  Check check = { where, found };
  int least;

  settle (window);
  gtk_widget_measure (window, GTK_ORIENTATION_HORIZONTAL, -1, &least, NULL, NULL, NULL);
  if (least > width)
    {
      GtkWidget *cause = widest (window, width);
      g_autofree char *text = g_strdup_printf ("%d of %d pixels, for a %s in a %s", least, width,
                                               G_OBJECT_TYPE_NAME (cause),
                                               G_OBJECT_TYPE_NAME (gtk_widget_get_parent (cause)));

      complain (&check, "too wide", text);
    }
  walk (window, check_cut, &check);
  walk (window, check_named_once, &check);
  walk (window, strcmp (language, "qps") == 0 ? check_said : check_sideways, &check);
}

/* ---- the pages ---- */

/* Of each state one order, and the first few of the catalogue. */
static GPtrArray *
ids (const char *type, const char *distinct)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (GPtrArray) docs = bst_store_find (store, &(BstQuery){ .type = type }, 0, 400, &error);
  g_autoptr (GHashTable) seen = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  GPtrArray *found = g_ptr_array_new_with_free_func (g_free);

  g_assert_no_error (error);
  for (guint i = 0; i < docs->len; i++)
    {
      const char *key = bst_doc_get_string (docs->pdata[i], distinct);
      const char *id = bst_doc_get_string (docs->pdata[i], "id");

      if (id && key && g_hash_table_add (seen, g_strdup (key)))
        g_ptr_array_add (found, g_strdup (id));
    }
  return found;
}

static void
check_page (BstWindow *window, const char *page, const char *arg, int width, GHashTable *found)
{
  g_autofree char *where = g_strdup_printf ("%s %s", page, arg ? arg : "");

  bst_window_navigate (window, page, arg);
  g_assert_cmpstr (bst_window_get_page_name (window), ==, page);
  check (GTK_WIDGET (window), g_strstrip (where), width, found);
}

static void
check_records (BstWindow *window,
               const char *page,
               const char *type,
               const char *distinct,
               int width,
               GHashTable *found)
{
  g_autoptr (GPtrArray) all = ids (type, distinct);

  g_assert_cmpuint (all->len, >, 0);
  for (guint i = 0; i < MIN (all->len, 9); i++)
    check_page (window, page, all->pdata[i], width, found);
}

/* The one draft: refused, with lines, a form, and what is old and new. */
static void
check_draft (BstWindow *window, int width, GHashTable *found)
{
  static const char *const states[] = { "draft", NULL };
  g_autoptr (GError) error = NULL;
  g_autoptr (GPtrArray) drafts =
      bst_store_find (store, &(BstQuery){ .type = "Request", .states = states }, 0, 1, &error);

  g_assert_no_error (error);
  g_assert_cmpuint (drafts->len, ==, 1);
  check_page (window, "order", bst_doc_get_string (drafts->pdata[0], "uid"), width, found);
}

/* Those of this month, of all services. */
static void
check_cases (BstWindow *window, int width, GHashTable *found)
{
  g_autofree char *month = bst_levels_get_month (session, bst_levels_default_unit (session));
  const BstCaseFilter filter = { .choice = BST_CASE_CHOICE_ALL,
                                 .unit = (char *) bst_levels_default_unit (session),
                                 .from = month,
                                 .to = month };
  g_autofree char *arg = bst_case_filter_format (&filter);

  check_page (window, "cases", arg, width, found);
}

static void
check_window (GtkWidget *window, const char *where, int width, GHashTable *found)
{
  gtk_window_present (GTK_WINDOW (window));
  check (window, where, width, found);
  gtk_window_destroy (GTK_WINDOW (window));
}

static void
report (GHashTable *found)
{
  g_autoptr (GList) lines = g_list_sort (g_hash_table_get_keys (found), (GCompareFunc) strcmp);
  guint n = 0;

  for (GList *each = lines; each && n < MAX_FOUND; each = each->next, n++)
    g_test_message ("%s", (char *) each->data);
  if (lines)
    g_test_fail ();
}

static void
test_pages (gconstpointer data)
{
  guint size = GPOINTER_TO_UINT (data);
  int width = sizes[size].width + (strcmp (language, "qps") == 0 ? 80 : 0);
  g_autoptr (GSettings) settings = g_settings_new (BST_APPLICATION_ID);
  g_autoptr (GHashTable) found = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  gsize n;
  const BstPageEntry *table = bst_page_table (&n);
  BstWindow *window;

  g_settings_set_int (settings, "window-width", width);
  g_settings_set_int (settings, "window-height", sizes[size].height);
  window = bst_window_new (GTK_APPLICATION (application), settings);
  bst_window_set_session (window, session);
  gtk_window_present (GTK_WINDOW (window));
  for (gsize i = 0; i < n; i++)
    if (strcmp (table[i].name, "request") != 0 && strcmp (table[i].name, "service") != 0 &&
        strcmp (table[i].name, "bundle") != 0)
      check_page (window, table[i].name, NULL, width, found);
  check_draft (window, width, found);
  check_cases (window, width, found);
  check_records (window, "request", "Request", "state", width, found);
  check_records (window, "service", "Service", "area", width, found);
  check_records (window, "bundle", "Bundle", "purpose", width, found);
  check_window (bst_preferences_window_new (GTK_WINDOW (window), settings, NULL), "preferences",
                width, found);
  check_window (bst_shortcuts_window_new (GTK_WINDOW (window)), "shortcuts", width, found);
  gtk_window_destroy (GTK_WINDOW (window));
  while (g_main_context_iteration (NULL, FALSE))
    continue;
  report (found);
}

/* ---- the data ---- */

static void
add_strings (GVariant *value)
{
  GVariantIter iter;
  GVariant *child;

  if (g_variant_is_of_type (value, G_VARIANT_TYPE_STRING))
    {
      g_string_append (said_by_data, g_variant_get_string (value, NULL));
      g_string_append_c (said_by_data, '\n');
    }
  else if (g_variant_is_container (value))
    {
      g_variant_iter_init (&iter, value);
      while ((child = g_variant_iter_next_value (&iter)))
        {
          add_strings (child);
          g_variant_unref (child);
        }
    }
}

static void
read_data (void)
{
  static const char *const types[] = { "OrgUnit",      "Person",    "ServiceArea", "Service",
                                       "Bundle",       "Article",   "Notice",      "Request",
                                       "RequestEvent", "Agreement", "Calendar",    NULL };

  said_by_data = g_string_new (NULL);
  for (guint i = 0; types[i]; i++)
    {
      g_autoptr (GError) error = NULL;
      g_autoptr (GPtrArray) docs =
          bst_store_find (store, &(BstQuery){ .type = types[i] }, 0, G_MAXINT, &error);

      g_assert_no_error (error);
      for (guint j = 0; j < docs->len; j++)
        add_strings (docs->pdata[j]);
    }
}

static void
open_store (void)
{
  g_autofree char *profile = NULL;
  g_autoptr (GError) error = NULL;

  profile = bst_test_sample_profile (arguments[0], directory, arguments[1], arguments[2]);
  store = bst_store_open (profile, bst_system_clock (), &error);
  g_assert_no_error (error);
  session =
      bst_session_new (store, bst_system_clock (), strcmp (language, "nb") == 0 ? "nb" : "da");
  read_data ();
}

/* The translation that nobody speaks lies alone; gettext wants it in a folder of its language. */
static void
use_texts (void)
{
  g_autofree char *folder = g_build_filename (directory, "locale", "qps", "LC_MESSAGES", NULL);
  g_autofree char *link = g_build_filename (folder, BST_GETTEXT_DOMAIN ".mo", NULL);
  g_autofree char *texts = g_build_filename (directory, "locale", NULL);
  gboolean own = strcmp (language, "qps") == 0;

  g_assert_cmpint (g_mkdir_with_parents (folder, 0700), ==, 0);
  g_assert_cmpint (symlink (g_getenv ("BST_TEST_PSEUDO"), link), ==, 0);
  bindtextdomain (BST_GETTEXT_DOMAIN, own ? texts : g_getenv ("BST_TEST_LOCALES"));
  bind_textdomain_codeset (BST_GETTEXT_DOMAIN, "UTF-8");
  textdomain (BST_GETTEXT_DOMAIN);
}

int
main (int argc, char **argv)
{
  g_autoptr (GError) error = NULL;
  int result;

  gtk_test_init (&argc, &argv, NULL);
  language = g_getenv ("BST_TEST_LANGUAGE");
  g_setenv ("LANGUAGE", language, TRUE);
  g_assert_nonnull (setlocale (LC_ALL, g_getenv ("BST_TEST_LOCALE")));
  directory = g_dir_make_tmp ("bst-pages-XXXXXX", NULL);
  use_texts ();
  g_assert_cmpint (argc, ==, 4);
  arguments = argv + 1;
  application = bst_application_new ();
  g_assert_true (g_application_register (G_APPLICATION (application), NULL, &error));
  open_store ();
  for (guint i = 0; i < G_N_ELEMENTS (sizes); i++)
    {
      g_autofree char *path = g_strdup_printf ("/pages/%s", sizes[i].name);

      g_test_add_data_func (path, GUINT_TO_POINTER (i), test_pages);
    }
  result = g_test_run ();
  bst_session_end (session);
  while (g_main_context_iteration (NULL, FALSE))
    continue;
  g_clear_object (&session);
  bst_store_close (store);
  g_clear_object (&application);
  g_string_free (said_by_data, TRUE);
  bst_test_remove_tree (directory);
  g_free (directory);
  return result;
}
