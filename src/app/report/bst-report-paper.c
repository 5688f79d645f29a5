/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "bst-config.h"

#include "bst-report-paper.h"

#include <cairo-pdf.h>
#include <glib/gi18n.h>

#include "bst-error.h"
#include "bst-file-chooser.h"

#define A4_WIDTH  595.28 /* points */
#define A4_HEIGHT 841.89
#define MARGIN    48.0

/* One report on its way, until the printing is over. */
typedef struct
{
  char *title;
  BstReportMake make;
  gpointer data;
  GDestroyNotify destroy;
  BstReport *report; /* (nullable) */
} Paper;

static Paper *
paper_new (const char *title, BstReportMake make, gpointer data, GDestroyNotify destroy)
{
  Paper *paper = g_new0 (Paper, 1);

  *paper = (Paper){ g_strdup (title), make, data, destroy, NULL };
  return paper;
}

static void
paper_free (Paper *paper)
{
  g_clear_pointer (&paper->report, bst_report_free);
  if (paper->destroy)
    paper->destroy (paper->data);
  g_free (paper->title);
  g_free (paper);
}
G_DEFINE_AUTOPTR_CLEANUP_FUNC (Paper, paper_free)

/* ---- printing ---- */

static void
begin_cb (GtkPrintOperation *print, GtkPrintContext *context, BstPage *page)
{
  Paper *paper = g_object_get_data (G_OBJECT (print), "paper");
  PangoContext *pango = gtk_print_context_create_pango_context (context);

  g_clear_pointer (&paper->report, bst_report_free);
  paper->report = paper->make (pango, gtk_print_context_get_width (context),
                               gtk_print_context_get_height (context), paper->data);
  gtk_print_operation_set_n_pages (print, bst_report_paginate (paper->report));
  g_object_unref (pango);
}

static void
draw_cb (GtkPrintOperation *print, GtkPrintContext *context, int page_number, BstPage *page)
{
  Paper *paper = g_object_get_data (G_OBJECT (print), "paper");

  bst_report_draw_page (paper->report, page_number, gtk_print_context_get_cairo_context (context));
}

static void
done_cb (GtkPrintOperation *print, GtkPrintOperationResult result, BstPage *page)
{
  g_autoptr (GError) error = NULL;

  if (result != GTK_PRINT_OPERATION_RESULT_ERROR)
    return;
  gtk_print_operation_get_error (print, &error);
  bst_page_fail (page, error);
}

static GtkPrintOperation *
new_print (BstPage *page, Paper *paper)
{
  GtkPrintOperation *print = gtk_print_operation_new ();
  g_autoptr (GtkPageSetup) setup = gtk_page_setup_new ();
  g_autoptr (GtkPaperSize) a4 = gtk_paper_size_new (GTK_PAPER_NAME_A4);

  gtk_page_setup_set_paper_size (setup, a4);
  gtk_page_setup_set_top_margin (setup, MARGIN, GTK_UNIT_POINTS);
  gtk_page_setup_set_bottom_margin (setup, MARGIN, GTK_UNIT_POINTS);
  gtk_page_setup_set_left_margin (setup, MARGIN, GTK_UNIT_POINTS);
  gtk_page_setup_set_right_margin (setup, MARGIN, GTK_UNIT_POINTS);
  gtk_print_operation_set_default_page_setup (print, setup);
  gtk_print_operation_set_unit (print, GTK_UNIT_POINTS);
  gtk_print_operation_set_job_name (print, paper->title);
  g_object_set_data_full (G_OBJECT (print), "paper", paper, (GDestroyNotify) paper_free);
  g_signal_connect_object (print, "begin-print", G_CALLBACK (begin_cb), page, 0);
  g_signal_connect_object (print, "draw-page", G_CALLBACK (draw_cb), page, 0);
  g_signal_connect_object (print, "done", G_CALLBACK (done_cb), page, 0);
  return print;
}

static GtkWindow *
window_of (BstPage *page)
{
  return GTK_WINDOW (gtk_widget_get_root (GTK_WIDGET (page)));
}

void
bst_report_print (BstPage *page,
                  const char *title,
                  BstReportMake make,
                  gpointer data,
                  GDestroyNotify destroy)
{
  g_autoptr (GtkPrintOperation) print = new_print (page, paper_new (title, make, data, destroy));
  g_autoptr (GError) error = NULL;

  gtk_print_operation_set_allow_async (print, TRUE);
  if (gtk_print_operation_run (print, GTK_PRINT_OPERATION_ACTION_PRINT_DIALOG, window_of (page),
                               &error) == GTK_PRINT_OPERATION_RESULT_ERROR)
    bst_page_fail (page, error);
}

/* ---- into a file ---- */

static void
draw_pages (BstReport *report, cairo_t *cr)
{
  int n_pages = bst_report_paginate (report);

  for (int page = 0; page < n_pages; page++)
    {
      cairo_save (cr);
      cairo_translate (cr, MARGIN, MARGIN);
      bst_report_draw_page (report, page, cr);
      cairo_restore (cr);
      cairo_show_page (cr);
    }
}

/* What a reader of the file lists and searches by, and its outline: every heading. */
static void
describe_pdf (cairo_surface_t *surface, BstReport *report, const char *title)
{
  g_autoptr (GArray) headings = bst_report_headings (report);

  cairo_pdf_surface_set_metadata (surface, CAIRO_PDF_METADATA_TITLE, title);
  cairo_pdf_surface_set_metadata (surface, CAIRO_PDF_METADATA_CREATOR, "Bestiller " BST_VERSION);
  if (bst_report_get_author (report))
    cairo_pdf_surface_set_metadata (surface, CAIRO_PDF_METADATA_AUTHOR,
                                    bst_report_get_author (report));
  for (guint i = 0; i < headings->len; i++)
    {
      const BstReportHeading *heading = &g_array_index (headings, BstReportHeading, i);
      /* Whole points: cairo reads decimals by the locale, and refuses the point where it is a comma. */
      g_autofree char *place = g_strdup_printf ("page=%d pos=[%d %d]", heading->page + 1,
                                                (int) MARGIN, (int) (MARGIN + heading->y));

      cairo_pdf_surface_add_outline (surface, CAIRO_PDF_OUTLINE_ROOT, heading->text, place, 0);
    }
}

static cairo_status_t
write_cb (void *closure, const unsigned char *octets, unsigned int n)
{
  g_byte_array_append (closure, octets, n);
  return CAIRO_STATUS_SUCCESS;
}

/* The file's octets: made in memory, so that no disk is waited for. */
static GBytes *
make_pdf (const char *title, BstReportMake make, gpointer data, GError **error)
{
  GByteArray *octets = g_byte_array_new ();
  cairo_surface_t *surface =
      cairo_pdf_surface_create_for_stream (write_cb, octets, A4_WIDTH, A4_HEIGHT);
  cairo_t *cr = cairo_create (surface);
  PangoContext *pango = pango_cairo_create_context (cr);
  g_autoptr (BstReport) report = NULL;
  g_autoptr (GBytes) pdf = NULL;
  cairo_status_t status;

  pango_cairo_context_set_resolution (pango, 72);
  report = make (pango, A4_WIDTH - 2 * MARGIN, A4_HEIGHT - 2 * MARGIN, data);
  draw_pages (report, cr);
  describe_pdf (surface, report, title);
  cairo_surface_finish (surface);
  status = cairo_status (cr) ? cairo_status (cr) : cairo_surface_status (surface);
  g_object_unref (pango);
  cairo_destroy (cr);
  cairo_surface_destroy (surface);
  pdf = g_byte_array_free_to_bytes (octets);
  if (status == CAIRO_STATUS_SUCCESS)
    return g_steal_pointer (&pdf);
  g_set_error_literal (error, BST_ERROR, BST_ERROR_STORAGE, cairo_status_to_string (status));
  return NULL;
}

static void
saved_cb (GObject *source, GAsyncResult *result, gpointer data)
{
  g_autoptr (BstPage) page = data;
  g_autofree char *name = g_file_get_basename (G_FILE (source));
  /* Translators: %s is the name of a file. */
  g_autofree char *text = g_strdup_printf (_ ("Saved as %s"), name);
  g_autoptr (GError) error = NULL;

  if (g_file_replace_contents_finish (G_FILE (source), result, NULL, &error))
    bst_page_say (page, text, NULL, NULL, NULL, NULL);
  else
    bst_page_fail (page, error);
}

static void
chosen_cb (GFile *file, gpointer data)
{
  BstPage *page = data;
  g_autoptr (Paper) paper = g_object_steal_data (G_OBJECT (page), "paper");
  g_autoptr (GBytes) pdf = NULL;
  g_autoptr (GError) error = NULL;

  if (!file || !paper)
    return;
  pdf = make_pdf (paper->title, paper->make, paper->data, &error);
  if (pdf)
    g_file_replace_contents_bytes_async (file, pdf, NULL, FALSE, G_FILE_CREATE_REPLACE_DESTINATION,
                                         NULL, saved_cb, g_object_ref (page));
  else
    bst_page_fail (page, error);
}

void
bst_report_ask_pdf (BstPage *page,
                    const char *title,
                    const char *name,
                    BstReportMake make,
                    gpointer data,
                    GDestroyNotify destroy)
{
  g_autofree char *suggested = g_strconcat (name, ".pdf", NULL);

  g_strdelimit (suggested, "/\\:", '-');
  g_object_set_data_full (G_OBJECT (page), "paper", paper_new (title, make, data, destroy),
                          (GDestroyNotify) paper_free);
  bst_file_chooser_save (GTK_WIDGET (page), _ ("Save as PDF"), suggested, chosen_cb);
}

gboolean
bst_report_save_pdf (const char *path,
                     const char *title,
                     BstReportMake make,
                     gpointer data,
                     GError **error)
{
  g_autoptr (GBytes) pdf = make_pdf (title, make, data, error);

  return pdf && g_file_set_contents (path, g_bytes_get_data (pdf, NULL),
                                     (gssize) g_bytes_get_size (pdf), error);
}
