/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "bst-config.h"

#include "bst-table-export.h"

#include <glib/gi18n.h>

#include "bst-file-chooser.h"
#include "bst-link.h"

#define PAGE_SIZE 500

static const struct
{
  const char *suffix;
  const char *kind;
} formats[] = {
  [BST_TABLE_CSV] = { ".csv", N_ ("Text with separators (CSV)") },
  [BST_TABLE_XLSX] = { ".xlsx", N_ ("Spreadsheet (.xlsx)") },
};

typedef struct
{
  BstTable *table;
  BstTableFormat format;
  GFile *file;
  BstTableFill fill; /* (nullable) */
  gpointer closure;
  GDestroyNotify destroy;
} Export;

static void
export_free (Export *export)
{
  bst_table_unref (export->table);
  g_clear_object (&export->file);
  if (export->destroy)
    export->destroy (export->closure);
  g_free (export);
}
G_DEFINE_AUTOPTR_CLEANUP_FUNC (Export, export_free)

BstTable *
bst_table_new_for_page (BstPage *page, const char *title)
{
  BstSession *session = bst_page_get_session (page);

  return bst_table_new (title, bst_session_get_language (session), bst_session_get_zone (session));
}

/* ---- writing ---- */

static void
open_file (gpointer data)
{
  GtkWidget *page = g_object_get_data (data, "page");

  bst_link_open_file (page, data);
}

static void
saved_cb (GObject *source, GAsyncResult *result, gpointer data)
{
  BstPage *page = BST_PAGE (source);
  Export *export = g_task_get_task_data (G_TASK (result));
  g_autoptr (GError) error = NULL;
  g_autofree char *name = NULL;
  g_autofree char *text = NULL;
  guint n;

  if (!g_task_propagate_boolean (G_TASK (result), &error))
    {
      bst_page_fail (page, error);
      return;
    }
  n = bst_table_get_n_rows (export->table);
  name = g_file_get_basename (export->file);
  /* Translators: the name of a file, then the number of rows in it. */
  text = g_strdup_printf (ngettext ("Saved as %s: %u row", "Saved as %s: %u rows", n), name, n);
  g_object_set_data_full (G_OBJECT (export->file), "page", g_object_ref (page), g_object_unref);
  bst_page_say (page, text, _ ("Open"), open_file, g_object_ref (export->file), g_object_unref);
}

static void
save_thread (GTask *task, gpointer source, gpointer data, GCancellable *cancellable)
{
  Export *export = data;
  g_autoptr (GError) error = NULL;

  if ((!export->fill || export->fill (export->table, export->closure, &error)) &&
      bst_table_save (export->table, export->format, export->file, &error))
    g_task_return_boolean (task, TRUE);
  else
    g_task_return_error (task, g_steal_pointer (&error));
}

static void
chosen_cb (GFile *file, gpointer data)
{
  g_autoptr (Export) export = g_object_steal_data (G_OBJECT (data), "export");
  g_autofree char *name = file ? g_file_get_basename (file) : NULL;
  g_autoptr (GTask) task = NULL;

  if (!file || !export)
    return;
  /* What was typed decides, if it says anything. */
  bst_table_format_of (name, &export->format);
  export->file = g_object_ref (file);
  task = g_task_new (data, NULL, saved_cb, NULL);
  g_task_set_task_data (task, g_steal_pointer (&export), (GDestroyNotify) export_free);
  g_task_run_in_thread (task, save_thread);
}

/* ---- asking ---- */

static char *
suggested_name (BstPage *page, Export *export)
{
  g_autofree char *today = bst_session_today (bst_page_get_session (page));
  g_autofree char *name = g_strdup_printf ("%s %s%s", bst_table_get_title (export->table), today,
                                           formats[export->format].suffix);

  return g_strdelimit (g_steal_pointer (&name), "/\\:", '-');
}

void
bst_table_export_filled (BstPage *page,
                         BstTable *table,
                         BstTableFormat format,
                         BstTableFill fill,
                         gpointer closure,
                         GDestroyNotify destroy)
{
  Export *export = g_new0 (Export, 1);
  g_autofree char *name = NULL;

  *export = (Export){ bst_table_ref (table), format, NULL, fill, closure, destroy };
  name = suggested_name (page, export);
  g_object_set_data_full (G_OBJECT (page), "export", export, (GDestroyNotify) export_free);
  bst_file_chooser_save (GTK_WIDGET (page), _ (formats[format].kind), name, chosen_cb);
}

void
bst_table_export (BstPage *page, BstTable *table, BstTableFormat format)
{
  bst_table_export_filled (page, table, format, NULL, NULL, NULL);
}

/* ---- reading ---- */

gboolean
bst_table_fill_from_store (BstTable *table,
                           BstStore *store,
                           const BstQuery *query,
                           BstTableRow row,
                           gpointer closure,
                           GError **error)
{
  for (guint offset = 0;; offset += PAGE_SIZE)
    {
      g_autoptr (GPtrArray) page = bst_store_find (store, query, offset, PAGE_SIZE, error);

      if (!page)
        return FALSE;
      for (guint i = 0; i < page->len; i++)
        row (table, page->pdata[i], closure);
      if (page->len < PAGE_SIZE)
        return TRUE;
    }
}
