/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gtk/gtk.h>

#include "bst-session.h"

G_BEGIN_DECLS

/*
 * A person or a unit, found by typing a part of the name; what was found stands below the entry. With free text, what is
 * typed is an answer too.
 *
 * Signals: ::changed () the value is another; ::chosen (GVariant *record) one of the list was taken.
 */
#define BST_TYPE_RECORD_ENTRY (bst_record_entry_get_type ())
G_DECLARE_FINAL_TYPE (BstRecordEntry, bst_record_entry, BST, RECORD_ENTRY, GtkBox)

/** bst_record_entry_new: @type: "Person" or "OrgUnit". */
BstRecordEntry *bst_record_entry_new (BstSession *session, const char *type, gboolean free_text);

/** bst_record_entry_get_value: id, or what was typed with free text; %NULL when empty. Borrowed. */
const char *bst_record_entry_get_value (BstRecordEntry *entry);
void bst_record_entry_set_value (BstRecordEntry *entry, const char *value);

/** bst_record_entry_get_editable: what gets focus and name. */
GtkWidget *bst_record_entry_get_editable (BstRecordEntry *entry);

G_END_DECLS
