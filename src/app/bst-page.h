/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <adwaita.h>

#include "bst-session.h"
#include "bst-table.h"

G_BEGIN_DECLS

/*
 * A page in the window's content. There is one object for each row of the page table (bst-page-table.h), made when it is
 * first opened; a page about a record is opened again with another id. The window shows the page's title and the widgets
 * that it lends to the header bar. Main thread.
 *
 * Properties: "session" (construct only), "title" (string), "subtitle" (string, nullable), "title-widget" (GtkWidget,
 * nullable: instead of the title), "start" and "end" (GtkWidget, nullable: in the header bar), "child" (AdwBin).
 * In a template: <property name="end"><object class="GtkBox">…</object></property>.
 */
#define BST_TYPE_PAGE (bst_page_get_type ())
G_DECLARE_DERIVABLE_TYPE (BstPage, bst_page, BST, PAGE, AdwBin)

struct _BstPageClass
{
  AdwBinClass parent_class;

  /* The page is shown. @arg: the record's id or what the page understands by it; %NULL for none. Also when one comes back to it. */
  void (*open) (BstPage *page, const char *arg);
  /* The page is left: what is being typed must be on its way to the disk. */
  void (*leave) (BstPage *page);
  /* Ctrl+F: give the page's search entry the focus. %FALSE: the page has none. */
  gboolean (*search) (BstPage *page);
  /* Ctrl+Shift+E, and the window's button, which is shown where this is set: what the page shows, as a file (bst-table-export.h). */
  void (*export) (BstPage *page, BstTableFormat format);
};

/** bst_page_get_session: borrowed; never %NULL. */
BstSession *bst_page_get_session (BstPage *page);

const char *bst_page_get_title (BstPage *page);
void bst_page_set_title (BstPage *page, const char *title);
void bst_page_set_subtitle (BstPage *page, const char *subtitle);

/** bst_page_open, bst_page_leave, bst_page_search, bst_page_export: for the window. */
void bst_page_open (BstPage *page, const char *arg);
void bst_page_leave (BstPage *page);
gboolean bst_page_search (BstPage *page);
void bst_page_export (BstPage *page, BstTableFormat format);
gboolean bst_page_can_export (BstPage *page);

/** bst_page_navigate: opens another page (a name in the page table) in the same window; this one goes on the back stack. */
void bst_page_navigate (BstPage *page, const char *name, const char *arg);

/** bst_page_show_top: scrolls what @inside stands in to its top: another record is shown. */
void bst_page_show_top (GtkWidget *inside);

/** bst_page_back: to where one came from (after a draft was sent or removed). */
void bst_page_back (BstPage *page);

/**
 * bst_page_say: a toast.
 * @button: (nullable): as in "Undo"
 * @undo: (nullable) (scope notified): called when the button is pressed, with @data
 */
typedef void (*BstPageUndo) (gpointer data);
void bst_page_say (BstPage *page,
                   const char *text,
                   const char *button,
                   BstPageUndo undo,
                   gpointer data,
                   GDestroyNotify destroy);

/** bst_page_fail: a toast that says what happened in the user's language; nothing for a cancelled operation. */
void bst_page_fail (BstPage *page, const GError *error);

G_END_DECLS
