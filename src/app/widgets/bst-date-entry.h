/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gtk/gtk.h>

G_BEGIN_DECLS

/*
 * A day, typed as people type it ("24.3.", "24. marts", "i morgen": bst_date_read()), with a calendar as an extra.
 * Signal ::changed () when "date" is another, or what is typed is no day any more.
 */
#define BST_TYPE_DATE_ENTRY (bst_date_entry_get_type ())
G_DECLARE_FINAL_TYPE (BstDateEntry, bst_date_entry, BST, DATE_ENTRY, GtkBox)

/** bst_date_entry_new: @today: YYYY-MM-DD; @language: how the day is written back. */
BstDateEntry *bst_date_entry_new (const char *today, const char *language);
void bst_date_entry_set_context (BstDateEntry *entry, const char *today, const char *language);

/** bst_date_entry_get_date: YYYY-MM-DD; %NULL when empty or no day. Borrowed. */
const char *bst_date_entry_get_date (BstDateEntry *entry);
void bst_date_entry_set_date (BstDateEntry *entry, const char *date);

/** bst_date_entry_is_wrong: something is typed that is no day. */
gboolean bst_date_entry_is_wrong (BstDateEntry *entry);

/** bst_date_entry_get_editable: what gets focus and name. */
GtkWidget *bst_date_entry_get_editable (BstDateEntry *entry);

G_END_DECLS
