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

/** bst_storage_is_counted: whether lines of @request can be cases: it was received, or brought its history. */
gboolean bst_storage_is_counted (GVariant *request);

/** bst_storage_count_request: writes the cases of the order in record.row @row anew. In a transaction. */
gboolean
bst_storage_count_request (BstStorage *storage, gint64 row, GVariant *request, GError **error);
gboolean bst_storage_drop_cases (BstStorage *storage, gint64 row, GError **error);
gboolean bst_storage_put_case (BstStorage *storage, gint64 row, const BstCase *one, GError **error);

/**
 * bst_storage_count_again: the same without the order's document, when nothing of the order itself has changed.
 * @request: its id
 * @ret_known: (out): whether its lines are kept; if not, it is to be counted by bst_storage_count_request()
 */
gboolean bst_storage_count_again (BstStorage *storage,
                                  gint64 row,
                                  const char *request,
                                  gboolean *ret_known,
                                  GError **error);

/** bst_storage_put_line: what is counted of @line, beside the order in record.row @row. In a transaction. */
gboolean bst_storage_put_line (BstStorage *storage,
                               gint64 row,
                               GVariant *request,
                               const char *line,
                               GError **error);
gboolean bst_storage_drop_lines (BstStorage *storage, gint64 row, GError **error);

/**
 * BstStorageEachCount: @one: (nullable): the clock of @line has not started; texts are borrowed for the time of the call.
 * %FALSE ends it, as failed: whoever says so has set an error.
 */
typedef gboolean (*BstStorageEachCount) (gint64 row,
                                         const char *line,
                                         const BstCase *one,
                                         gpointer closure);

/**
 * bst_storage_recount: every case from nothing: from what is kept of its line and the narrow columns of its events, in one sweep
 * over both, by the ids of the orders. Documents are read only where they say more (an imported history, another priority …).
 * @request: (nullable): the id of one order; %NULL: all
 */
gboolean bst_storage_recount (BstStorage *storage,
                              const char *request,
                              BstStorageEachCount each,
                              gpointer closure,
                              GError **error);

/** bst_storage_note_measured: after a record was written, or (@after %NULL) destroyed: what that changes in cases and measures. In a transaction. */
gboolean bst_storage_note_measured (BstStorage *storage,
                                    const BstRecordType *type,
                                    gint64 row,
                                    GVariant *before,
                                    GVariant *after,
                                    GError **error);

/** Called for each case that is kept, of the order in record.row @row. Its texts are borrowed for the time of the call; request,
 * performer and area are not kept. */
typedef void (*BstStorageEachCase) (gint64 row, const BstCase *one, gpointer closure);

/** bst_storage_each_case: @month: (nullable): %NULL: all, also those that count in no month */
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

/** bst_storage_measures_anew: all of them, with every case counted again (bst_storage_recount()). */
GPtrArray *bst_storage_measures_anew (BstStorage *storage, GError **error);

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
