/* SPDX-License-Identifier: GPL-3.0-or-later */

/*
 * bench-list lazy STORE
 * bench-list loaded DATABASE
 *
 * Opens a window with the list of all requests, and ends when its first rows have been painted with their
 * texts. "lazy" is the application's own list model. "loaded" makes an object of four texts for every request,
 * read from a plain table of just these: the least that a list without lazy reading must do.
 */

#include <adwaita.h>
#include <locale.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "bst-db.h"
#include "bst-record-list.h"
#include "bst-system-clock.h"

typedef struct
{
  gboolean lazy;
  const char *path;
  BstStore *store;
  guint painted; /* rows with a text */
} Bench;

/* ---- the loaded list ---- */

#define BENCH_TYPE_ROW (bench_row_get_type ())
G_DECLARE_FINAL_TYPE (BenchRow, bench_row, BENCH, ROW, GObject)

struct _BenchRow
{
  GObject parent_instance;
  char *id;
  char *title;
  char *number;
  char *state;
};

G_DEFINE_FINAL_TYPE (BenchRow, bench_row, G_TYPE_OBJECT)

static void
bench_row_finalize (GObject *object)
{
  BenchRow *self = BENCH_ROW (object);

  g_free (self->id);
  g_free (self->title);
  g_free (self->number);
  g_free (self->state);
  G_OBJECT_CLASS (bench_row_parent_class)->finalize (object);
}

static void
bench_row_class_init (BenchRowClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = bench_row_finalize;
}

static void
bench_row_init (BenchRow *self)
{
}

static GListModel *
load_all (const char *path)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (GListStore) list = g_list_store_new (BENCH_TYPE_ROW);
  g_autoptr (GPtrArray) rows = g_ptr_array_new_with_free_func (g_object_unref);
  g_autoptr (BstDb) db = bst_db_open (path, BST_DB_READONLY, &error);
  g_autoptr (BstStmt) stmt =
      db ? bst_db_prepare (db, "SELECT id, title, number, state FROM request ORDER BY updated DESC",
                           &error)
         : NULL;
  gboolean more = stmt != NULL;

  while (more && bst_stmt_step (stmt, &more, &error) && more)
    {
      BenchRow *row = g_object_new (BENCH_TYPE_ROW, NULL);

      row->id = g_strdup (bst_stmt_text (stmt, 0));
      row->title = g_strdup (bst_stmt_text (stmt, 1));
      row->number = g_strdup (bst_stmt_text (stmt, 2));
      row->state = g_strdup (bst_stmt_text (stmt, 3));
      g_ptr_array_add (rows, row);
    }
  if (error)
    g_error ("bench-list: %s", error->message);
  g_list_store_splice (list, 0, 0, rows->pdata, rows->len);
  return G_LIST_MODEL (g_steal_pointer (&list));
}

/* ---- the rows ---- */

static void
setup_cb (GtkSignalListItemFactory *factory, GtkListItem *item, gpointer data)
{
  GtkWidget *label = gtk_label_new (NULL);

  gtk_label_set_xalign (GTK_LABEL (label), 0);
  gtk_list_item_set_child (item, label);
}

static void
show_text (GtkListItem *item, Bench *bench, const char *number, const char *title)
{
  g_autofree char *text = g_strconcat (number ? number : "", " ", title, NULL);

  gtk_label_set_label (GTK_LABEL (gtk_list_item_get_child (item)), text);
  bench->painted++;
}

static void
doc_cb (BstRecordRow *row, GParamSpec *pspec, GtkListItem *item)
{
  GVariant *doc = bst_record_row_get_doc (row);

  if (doc && gtk_list_item_get_item (item) == row)
    show_text (item, g_object_get_data (G_OBJECT (item), "bench"),
               bst_doc_get_string (doc, "number"), bst_doc_get_string (doc, "title"));
}

static void
bind_cb (GtkSignalListItemFactory *factory, GtkListItem *item, Bench *bench)
{
  gpointer row = gtk_list_item_get_item (item);

  if (!bench->lazy)
    {
      show_text (item, bench, ((BenchRow *) row)->number, ((BenchRow *) row)->title);
      return;
    }
  g_object_set_data (G_OBJECT (item), "bench", bench);
  g_signal_connect (row, "notify::doc", G_CALLBACK (doc_cb), item);
  doc_cb (row, NULL, item);
}

static void
unbind_cb (GtkSignalListItemFactory *factory, GtkListItem *item, Bench *bench)
{
  if (bench->lazy)
    g_signal_handlers_disconnect_by_func (gtk_list_item_get_item (item), doc_cb, item);
}

static GtkListItemFactory *
make_factory (Bench *bench)
{
  GtkListItemFactory *factory = gtk_signal_list_item_factory_new ();

  g_signal_connect (factory, "setup", G_CALLBACK (setup_cb), NULL);
  g_signal_connect (factory, "bind", G_CALLBACK (bind_cb), bench);
  g_signal_connect (factory, "unbind", G_CALLBACK (unbind_cb), bench);
  return factory;
}

/* ---- the window ---- */

static GListModel *
open_lazily (Bench *bench)
{
  g_autoptr (GError) error = NULL;
  BstQuery query = { .type = "Request" };

  bench->store = bst_store_open (bench->path, bst_system_clock (), &error);
  if (!bench->store)
    g_error ("bench-list: %s", error->message);
  return G_LIST_MODEL (bst_record_list_new (bench->store, &query));
}

static void
painted_cb (GdkFrameClock *clock, Bench *bench)
{
  if (bench->painted > 0)
    _exit (EXIT_SUCCESS);
}

static void
realize_cb (GtkWidget *window, Bench *bench)
{
  g_signal_connect (gtk_widget_get_frame_clock (window), "after-paint", G_CALLBACK (painted_cb),
                    bench);
}

static void
activate_cb (GApplication *application, Bench *bench)
{
  GtkWidget *window = adw_application_window_new (GTK_APPLICATION (application));
  GListModel *model = bench->lazy ? open_lazily (bench) : load_all (bench->path);
  GtkWidget *view =
      gtk_list_view_new (GTK_SELECTION_MODEL (gtk_no_selection_new (model)), make_factory (bench));
  GtkWidget *scroller = gtk_scrolled_window_new ();

  gtk_window_set_default_size (GTK_WINDOW (window), 1100, 760);
  gtk_scrolled_window_set_child (GTK_SCROLLED_WINDOW (scroller), view);
  adw_application_window_set_content (ADW_APPLICATION_WINDOW (window), scroller);
  g_signal_connect (window, "realize", G_CALLBACK (realize_cb), bench);
  gtk_window_present (GTK_WINDOW (window));
}

int
main (int argc, char *argv[])
{
  g_autoptr (AdwApplication) application =
      adw_application_new ("org.bestiller.BenchList", G_APPLICATION_NON_UNIQUE);
  Bench bench = { 0 };

  setlocale (LC_ALL, "");
  if (argc != 3)
    {
      g_printerr ("usage: bench-list lazy|loaded STORE|DATABASE\n");
      return EXIT_FAILURE;
    }
  bench.lazy = strcmp (argv[1], "lazy") == 0;
  bench.path = argv[2];
  g_signal_connect (application, "activate", G_CALLBACK (activate_cb), &bench);
  return g_application_run (G_APPLICATION (application), 1, argv);
}
