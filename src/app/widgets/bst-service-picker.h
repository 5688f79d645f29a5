/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gtk/gtk.h>

#include "bst-session.h"

G_BEGIN_DECLS

/*
 * Services and packages found in the catalogue, each with a button that adds it. With an entry of its own, or fed with what is
 * written elsewhere. Signal ::picked (GVariant *record): a Service, Bundle or Article.
 */
#define BST_TYPE_SERVICE_PICKER (bst_service_picker_get_type ())
G_DECLARE_FINAL_TYPE (BstServicePicker, bst_service_picker, BST, SERVICE_PICKER, GtkBox)

void bst_service_picker_set_session (BstServicePicker *picker, BstSession *session);

/** bst_service_picker_suggest: what fits @text, a sentence or two; the words of it one by one when all together find nothing. */
void bst_service_picker_suggest (BstServicePicker *picker, const char *text);

/** bst_service_picker_get_entry: the own entry; property "with-entry". */
GtkWidget *bst_service_picker_get_entry (BstServicePicker *picker);

G_END_DECLS
