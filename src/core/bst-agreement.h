/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "bst-org.h"

G_BEGIN_DECLS

/*
 * What is agreed: the framework contract and the departments' service level agreements (SLA), by version. Pure selections over
 * Agreement documents, so that the application and the server promise the same.
 */

/**
 * bst_agreement_is_valid_on: whether it holds on @day (YYYY-MM-DD); both ends are included.
 */
gboolean bst_agreement_is_valid_on (GVariant *agreement, const char *day);

/**
 * bst_agreement_in_force:
 * @agreements: (element-type GVariant): Agreement documents, any order
 * @kind: "sla" or "framework"
 * @day: YYYY-MM-DD
 *
 * The version that holds for @unit on @day: its own, else that of the nearest unit above which has one. An SLA is looked for up to
 * the department (what lies above it is not delivered to those below), a framework contract up to the root. Of several versions that
 * hold on the day the one that began last, then the one with the highest number.
 *
 * Returns: (transfer none) (nullable)
 */
GVariant *bst_agreement_in_force (GPtrArray *agreements,
                                  BstOrg *org,
                                  const char *unit,
                                  const char *kind,
                                  const char *day);

/**
 * BstTerms: what holds for a service.
 * @promise, @respond: (nullable): as "promise" in the dictionary; with the calendar that they are counted in
 * @target: (nullable): as "target"
 * @price: (nullable)
 * @agreement: (nullable): id of the agreement that says something of the service; %NULL: it is as the catalogue has it
 * @agreement_version: 0 without @agreement
 */
typedef struct
{
  GVariant *promise;
  GVariant *respond;
  GVariant *target;
  GVariant *price;
  char *agreement;
  gint64 agreement_version;
} BstTerms;

void bst_terms_clear (BstTerms *terms);
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (BstTerms, bst_terms_clear)

/**
 * bst_terms_resolve:
 * @service: a Service document
 * @agreement: (nullable): that in force
 * @priority: (nullable): %NULL: "normal"
 *
 * The agreement's word on the service, by priority, else without; what it leaves out is as the catalogue has it, property by
 * property. A promise without a calendar is counted in the agreement's, else in the catalogue promise's.
 */
void bst_terms_resolve (GVariant *service,
                        GVariant *agreement,
                        const char *priority,
                        BstTerms *ret_terms);

G_END_DECLS
