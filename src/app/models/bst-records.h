/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "bst-calendar.h"
#include "bst-request.h"
#include "bst-store.h"

G_BEGIN_DECLS

/*
 * Records that pages refer to by id (areas, calendars, people, services …), kept in memory once read.
 * Asking for one that is not here begins to read it and answers %NULL; ::loaded tells when all that was
 * asked for is here, and the page fills itself again. What the store changes is read again by itself;
 * until then the old one is shown. Main thread; never blocks.
 *
 * Signal ::loaded (): something asked for has come, or has changed.
 */
#define BST_TYPE_RECORDS (bst_records_get_type ())
G_DECLARE_FINAL_TYPE (BstRecords, bst_records, BST, RECORDS, GObject)

/** bst_records_for_store: the one cache of @store, made at first use. (transfer none) */
BstRecords *bst_records_for_store (BstStore *store);

/** bst_records_get: borrowed until the main loop runs again; %NULL when not here yet, or unknown. @id may be %NULL. */
GVariant *bst_records_get (BstRecords *records, const char *type, const char *id);

/** bst_records_calendar: the calendar compiled; borrowed; %NULL when not here yet or not valid. */
BstCalendar *bst_records_calendar (BstRecords *records, const char *id);

/** bst_records_find_calendar: the same as a #BstCalendarLookup; @closure is the #BstRecords. */
BstCalendar *bst_records_find_calendar (const char *id, gpointer closure);

/** bst_records_is_loading: whether something asked for is still being read. */
gboolean bst_records_is_loading (BstRecords *records);

/** bst_records_lookup: a #BstRecordLookup; @closure is the #BstRecords. */
GVariant *bst_records_lookup (const char *type, const char *id, gpointer closure);

/** bst_records_areas: all service areas in their order; (element-type GVariant), borrowed; empty until read. */
GPtrArray *bst_records_areas (BstRecords *records);

G_END_DECLS
