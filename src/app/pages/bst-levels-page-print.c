/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "bst-config.h"

#include "bst-levels-page-private.h"

#include <glib/gi18n.h>

#include "bst-clock.h"
#include "bst-file-chooser.h"
#include "bst-level-report.h"

#define MARGIN 48.0 /* points */

static void
begin_cb (GtkPrintOperation *print, GtkPrintContext *context, BstLevelsPage *self)
{
  const BstLevelData *data = bst_levels_get_data (self->levels);
  BstSession *session = bst_levels_page_session (self);
  g_autoptr (GTimeZone) zone = bst_level_data_zone (bst_session_get_org (session), data->unit);
  PangoContext *pango = gtk_print_context_create_pango_context (context);
  BstReport *report = bst_level_report_new (
      data, pango, gtk_print_context_get_width (context), gtk_print_context_get_height (context),
      zone, bst_levels_page_language (self), bst_clock_now (bst_session_get_clock (session)));

  gtk_print_operation_set_n_pages (print, bst_report_paginate (report));
  g_object_set_data_full (G_OBJECT (print), "report", report, (GDestroyNotify) bst_report_free);
  g_object_unref (pango);
}

static void
draw_cb (GtkPrintOperation *print, GtkPrintContext *context, int page, BstLevelsPage *self)
{
  bst_report_draw_page (g_object_get_data (G_OBJECT (print), "report"), page,
                        gtk_print_context_get_cairo_context (context));
}

static void
done_cb (GtkPrintOperation *print, GtkPrintOperationResult result, BstLevelsPage *self)
{
  g_autoptr (GError) error = NULL;

  if (result != GTK_PRINT_OPERATION_RESULT_ERROR)
    return;
  gtk_print_operation_get_error (print, &error);
  bst_page_fail (BST_PAGE (self), error);
}

static GtkPrintOperation *
new_print (BstLevelsPage *self)
{
  GtkPrintOperation *print = gtk_print_operation_new ();
  g_autoptr (GtkPageSetup) setup = gtk_page_setup_new ();
  g_autoptr (GtkPaperSize) a4 = gtk_paper_size_new (GTK_PAPER_NAME_A4);
  g_autofree char *title =
      bst_level_report_title (bst_levels_get_data (self->levels), bst_levels_page_language (self));

  gtk_page_setup_set_paper_size (setup, a4);
  gtk_page_setup_set_top_margin (setup, MARGIN, GTK_UNIT_POINTS);
  gtk_page_setup_set_bottom_margin (setup, MARGIN, GTK_UNIT_POINTS);
  gtk_page_setup_set_left_margin (setup, MARGIN, GTK_UNIT_POINTS);
  gtk_page_setup_set_right_margin (setup, MARGIN, GTK_UNIT_POINTS);
  gtk_print_operation_set_default_page_setup (print, setup);
  gtk_print_operation_set_unit (print, GTK_UNIT_POINTS);
  gtk_print_operation_set_job_name (print, title);
  g_signal_connect_object (print, "begin-print", G_CALLBACK (begin_cb), self, 0);
  g_signal_connect_object (print, "draw-page", G_CALLBACK (draw_cb), self, 0);
  g_signal_connect_object (print, "done", G_CALLBACK (done_cb), self, 0);
  return print;
}

static GtkWindow *
window_of (BstLevelsPage *self)
{
  return GTK_WINDOW (gtk_widget_get_root (GTK_WIDGET (self)));
}

static void
print_cb (GSimpleAction *action, GVariant *parameter, gpointer page)
{
  BstLevelsPage *self = page;
  g_autoptr (GtkPrintOperation) print = NULL;
  g_autoptr (GError) error = NULL;

  if (!bst_levels_get_data (self->levels))
    return;
  print = new_print (self);
  gtk_print_operation_set_allow_async (print, TRUE);
  if (gtk_print_operation_run (print, GTK_PRINT_OPERATION_ACTION_PRINT_DIALOG, window_of (self),
                               &error) == GTK_PRINT_OPERATION_RESULT_ERROR)
    bst_page_fail (BST_PAGE (self), error);
}

static void
export_pdf (BstLevelsPage *self, const char *path)
{
  g_autoptr (GtkPrintOperation) print = new_print (self);
  g_autoptr (GError) error = NULL;
  g_autofree char *name = g_path_get_basename (path);
  g_autofree char *text = g_strdup_printf (_ ("Saved as %s"), name);

  gtk_print_operation_set_export_filename (print, path);
  if (gtk_print_operation_run (print, GTK_PRINT_OPERATION_ACTION_EXPORT, window_of (self),
                               &error) == GTK_PRINT_OPERATION_RESULT_ERROR)
    bst_page_fail (BST_PAGE (self), error);
  else
    bst_page_say (BST_PAGE (self), text, NULL, NULL, NULL, NULL);
}

static void
chosen_cb (GFile *file, gpointer page)
{
  g_autofree char *path = file ? g_file_get_path (file) : NULL;

  if (path)
    export_pdf (page, path);
}

static void
pdf_cb (GSimpleAction *action, GVariant *parameter, gpointer page)
{
  BstLevelsPage *self = page;
  const BstLevelData *data = bst_levels_get_data (self->levels);
  g_autofree char *title = NULL;
  g_autofree char *name = NULL;

  if (!data)
    return;
  title = bst_level_report_title (data, bst_levels_page_language (self));
  name = g_strdup_printf ("%s, %s.pdf", title, data->unit_name);
  bst_file_chooser_save (GTK_WIDGET (self), _ ("Save the Report"), name, chosen_cb);
}

/* The menu stands in the window's head, not in the page: its actions hang on its button. */
void
bst_levels_page_add_report_actions (BstLevelsPage *self)
{
  static const GActionEntry entries[] = { { .name = "print", .activate = print_cb },
                                          { .name = "pdf", .activate = pdf_cb } };
  g_autoptr (GSimpleActionGroup) group = g_simple_action_group_new ();

  g_action_map_add_action_entries (G_ACTION_MAP (group), entries, G_N_ELEMENTS (entries), self);
  gtk_widget_insert_action_group (self->report, "levels", G_ACTION_GROUP (group));
}
