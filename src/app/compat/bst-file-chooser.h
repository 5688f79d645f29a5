/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gtk/gtk.h>

G_BEGIN_DECLS

/** BstFileChosen: @file: %NULL when the user chose none. */
typedef void (*BstFileChosen) (GFile *file, gpointer data);

/**
 * bst_file_chooser_open: asks for one existing file.
 * @kind: what the files are called ("Certificates"); @patterns: as in "*.pem", ended by %NULL
 * @owner: the callback is not called after it is gone; handed as data
 */
void bst_file_chooser_open (GtkWidget *owner,
                            const char *title,
                            const char *kind,
                            const char *const *patterns,
                            BstFileChosen chosen);

/**
 * bst_file_chooser_open_pictures: asks for pictures, beginning where cameras and telephones put them.
 * @chosen: called once for each
 */
void bst_file_chooser_open_pictures (GtkWidget *owner, const char *title, BstFileChosen chosen);

/**
 * bst_file_chooser_save: asks where to put a new file; an existing one is only replaced after a question.
 * @name: suggested
 */
void
bst_file_chooser_save (GtkWidget *owner, const char *title, const char *name, BstFileChosen chosen);

G_END_DECLS
