/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "bst-storage.h"

G_BEGIN_DECLS

/**
 * bst_storage_freeze_terms: a line as it is received: with promise, respond, agreement, agreementVersion, calendarVersion as they
 * hold today for the order's unit and priority. (transfer full)
 */
GVariant *
bst_storage_freeze_terms (BstStorage *storage, GVariant *request, GVariant *line, GError **error);

/**
 * bst_storage_freeze_terms_on: the same for whom, what and when it is said to be.
 * @service: a Service document
 * @priority: (nullable): normal
 * @day: YYYY-MM-DD
 */
GVariant *bst_storage_freeze_terms_on (BstStorage *storage,
                                       const char *unit,
                                       GVariant *service,
                                       const char *priority,
                                       const char *day,
                                       GVariant *line,
                                       GError **error);

/** bst_storage_read_terms: reads what that looks at, so that it cannot fail until something else is written. */
gboolean bst_storage_read_terms (BstStorage *storage, GError **error);

/** bst_storage_priority_terms: line -> {promise, respond} as they would hold today with @priority. (transfer full) */
GVariant *bst_storage_priority_terms (BstStorage *storage,
                                      GVariant *request,
                                      const char *priority,
                                      GError **error);

G_END_DECLS
