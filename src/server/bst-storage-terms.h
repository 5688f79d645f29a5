/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "bst-storage-private.h"

G_BEGIN_DECLS

/**
 * bst_storage_freeze_terms: a line as it is received: with promise, respond, agreement, agreementVersion, calendarVersion as they
 * hold today for the order's unit and priority. (transfer full)
 */
GVariant *
bst_storage_freeze_terms (BstStorage *storage, GVariant *request, GVariant *line, GError **error);

/** bst_storage_priority_terms: line -> {promise, respond} as they would hold today with @priority. (transfer full) */
GVariant *bst_storage_priority_terms (BstStorage *storage,
                                      GVariant *request,
                                      const char *priority,
                                      GError **error);

G_END_DECLS
