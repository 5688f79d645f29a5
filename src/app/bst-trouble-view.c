/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "bst-config.h"

#include <glib/gi18n.h>

#include "bst-trouble-view.h"

#include "bst-error.h"

struct _BstTroubleView
{
  AdwBin parent_instance;

  AdwStatusPage *page;
  GtkLabel *directory;
  GtkLabel *detail;
};

G_DEFINE_FINAL_TYPE (BstTroubleView, bst_trouble_view, ADW_TYPE_BIN)

typedef struct
{
  int code;
  const char *icon;
  const char *title;
  const char *text;
} Trouble;

/* clang-format off */
static const Trouble troubles[] = {
  { BST_ERROR_NEWER, "software-update-available-symbolic", N_("This Bestiller is too old for the data"),
    N_("A newer Bestiller has written the data on this computer. It was left untouched, and nothing is lost.\n\nUpdate Bestiller, and open it again.") },
  { BST_ERROR_CORRUPT, "dialog-warning-symbolic", N_("Your own work on this computer cannot be read"),
    N_("The file with your drafts and what is not yet sent is damaged. It was left as it is. What the server has received is safe there.\n\nTell whoever looks after Bestiller where you work, and let them save the folder before anything in it is changed.") },
  { BST_ERROR_BUSY, "bst-waits-symbolic", N_("Bestiller is already open"),
    N_("Another Bestiller on this computer is using the same data. Nothing is lost.\n\nGo on working there, or close it and try again.") },
  { BST_ERROR_STORAGE, "drive-harddisk-symbolic", N_("Bestiller cannot save on this computer"),
    N_("The disk is full, or the folder cannot be written to. What was saved before is safe.\n\nMake room on the disk or have the folder made writable, and try again.") },
};
/* clang-format on */

static const Trouble other_trouble = {
  -1, "dialog-warning-symbolic", N_ ("Bestiller cannot open its data"),
  N_ ("The data was left as it is.\n\nTry again. If it happens again, tell whoever looks after "
      "Bestiller where you work.")
};

static void
bst_trouble_view_class_init (BstTroubleViewClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  gtk_widget_class_set_template_from_resource (widget_class,
                                               "/org/bestiller/Bestiller/bst-trouble-view.ui");
  gtk_widget_class_bind_template_child (widget_class, BstTroubleView, page);
  gtk_widget_class_bind_template_child (widget_class, BstTroubleView, directory);
  gtk_widget_class_bind_template_child (widget_class, BstTroubleView, detail);
}

static void
bst_trouble_view_init (BstTroubleView *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
}

GtkWidget *
bst_trouble_view_new (const GError *error, const char *directory)
{
  BstTroubleView *self = g_object_new (BST_TYPE_TROUBLE_VIEW, NULL);
  const Trouble *trouble = &other_trouble;

  for (guint i = 0; i < G_N_ELEMENTS (troubles); i++)
    if (g_error_matches (error, BST_ERROR, troubles[i].code))
      trouble = &troubles[i];
  adw_status_page_set_icon_name (self->page, trouble->icon);
  adw_status_page_set_title (self->page, _ (trouble->title));
  adw_status_page_set_description (self->page, _ (trouble->text));
  gtk_label_set_label (self->directory, directory);
  gtk_label_set_label (self->detail, error->message);
  return GTK_WIDGET (self);
}

const char *
bst_trouble_view_get_title (BstTroubleView *self)
{
  return adw_status_page_get_title (self->page);
}
