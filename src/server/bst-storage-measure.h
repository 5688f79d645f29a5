/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "bst-case.h"
#include "bst-storage-private.h"

G_BEGIN_DECLS

/*
 * Cases and measures on the server (bst-case.h, bst-measure.h). Cases are counted in the transaction that changes their order; measures
 * are recomputed month by month, soon after, and stored as records. A measure is only ever written by what recomputes its month from
 * the cases, so that it cannot drift.
 */

/** bst_storage_calendar: as BstCalendarLookup, @closure: the storage. Borrowed until something is written. */
BstCalendar *bst_storage_calendar (const char *id, gpointer closure);

/** bst_storage_agreements: all Agreement documents; borrowed until something is written. */
GPtrArray *bst_storage_agreements (BstStorage *storage, GError **error);

/** bst_storage_look_at_others: what another process wrote may be other calendars and agreements: they are read anew. */
void bst_storage_look_at_others (BstStorage *storage);
void bst_storage_forget_calendars (BstStorage *storage);

/** bst_storage_request_events: all RequestEvents of @request. (transfer full) */
GPtrArray *bst_storage_request_events (BstStorage *storage, GVariant *request, GError **error);

/** bst_storage_count_line: as it counts now; %FALSE when there is no case. */
gboolean bst_storage_count_line (BstStorage *storage,
                                 GVariant *request,
                                 const char *line,
                                 GPtrArray *events,
                                 BstCase *ret_case);

/** bst_storage_count_request: writes the cases of the order in record.row @row anew. In a transaction. */
gboolean
bst_storage_count_request (BstStorage *storage, gint64 row, GVariant *request, GError **error);
gboolean bst_storage_drop_cases (BstStorage *storage, gint64 row, GError **error);
gboolean bst_storage_put_case (BstStorage *storage, gint64 row, const BstCase *one, GError **error);

/** bst_storage_note_measured: after a record was written, or (@after %NULL) destroyed: what that changes in cases and measures. In a transaction. */
gboolean bst_storage_note_measured (BstStorage *storage,
                                    const BstRecordType *type,
                                    gint64 row,
                                    GVariant *before,
                                    GVariant *after,
                                    GError **error);

/** Called for each case that counts in a month; its texts are borrowed for the time of the call. Only what is counted:
 * unit, service, channel, month, stopped, due, response_due, elapsed, the verdicts, first_time, stars. */
typedef void (*BstStorageEachCase) (const BstCase *one, gpointer closure);

/** bst_storage_each_case: @month: (nullable): %NULL: all */
gboolean bst_storage_each_case (BstStorage *storage,
                                const char *month,
                                BstStorageEachCase each,
                                gpointer closure,
                                GError **error);

/**
 * bst_storage_measures: added up from the cases, as a month (@month %NULL: every month) is written.
 * Returns: (transfer full) (element-type GVariant): Measure documents, by id.
 */
GPtrArray *bst_storage_measures (BstStorage *storage, const char *month, GError **error);

/**
 * bst_storage_tallies: which cases of @month those measures are the sums of.
 * Returns: (transfer full) (element-type GVariant): Tally documents, by id.
 */
GPtrArray *bst_storage_tallies (BstStorage *storage, const char *month, GError **error);
gboolean bst_storage_mark_untold (BstStorage *storage, GError **error);

/** bst_storage_counted_ids: of the Measures or Tallies (@type) that are stored; @month: (nullable): all. Returns: (transfer full): a set of ids. */
GHashTable *
bst_storage_counted_ids (BstStorage *storage, const char *type, const char *month, GError **error);

/** bst_storage_counted_months: in which cases count. Returns: (transfer full) (element-type utf8). */
GPtrArray *bst_storage_counted_months (BstStorage *storage, GError **error);

/** bst_storage_check_measures: cases and measures against a full recomputation: a line of @findings for each that differs. */
gboolean bst_storage_check_measures (BstStorage *storage, GPtrArray *findings, GError **error);

G_END_DECLS
