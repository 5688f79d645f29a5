/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "bst-storage.h"

G_BEGIN_DECLS

/*
 * What orders cost, on the server: charges come into being when a line is delivered, and by a run over months; both make what is
 * missing and touch nothing that is there, so they can be repeated (bst-charge.h says what an order costs). In a transaction.
 */

/**
 * bst_billing_charge_months: the charges of all orders for @from … @to ("2026-03"), both included.
 * @ret_n: (out): how many were missing
 */
gboolean bst_billing_charge_months (BstStorage *storage,
                                    const char *from,
                                    const char *to,
                                    guint *ret_n,
                                    GError **error);

/**
 * bst_billing_answer:
 * @person: who answers: performer or administrator on the charge's unit (FORBIDDEN)
 * @accept: makes a credit in the month of today
 * @text: (nullable): the answer; INVALID when it is missing and the objection is declined
 *
 * FORBIDDEN where no objection is raised. Returns: (transfer full): the charge as it becomes
 */
GVariant *bst_billing_answer (BstStorage *storage,
                              const char *person,
                              const char *charge,
                              gboolean accept,
                              const char *text,
                              GError **error);

/**
 * bst_billing_end: a monthly price is charged for the last time in @month.
 * @line: (nullable): %NULL: all lines of the order that have a monthly price
 *
 * FORBIDDEN by the roles, or when a later month was charged already: credit that first. Returns: (transfer full): the order
 */
GVariant *bst_billing_end (BstStorage *storage,
                           const char *person,
                           const char *request,
                           const char *line,
                           const char *month,
                           GError **error);

/**
 * bst_billing_findings: charges that do not fit what they charge: {"charge","flags": [names as of bst_charge_flag_name()]}.
 * @month: (nullable): %NULL: all
 */
GPtrArray *bst_billing_findings (BstStorage *storage, const char *month, GError **error);

/**
 * bst_billing_make_bills: a bill for each EAN (each organisation number and cost place where there is none) with charges of
 * @month that are on no bill, numbered without gaps within the authority and the year in which it is made. INVALID when a unit has neither
 * EAN nor organisation number, or its charges are in several currencies: nothing is then billed.
 * @unit: (nullable): this one and all below; @ean: (nullable): this one only
 *
 * Returns: (transfer full) (element-type GVariant): the bills: {"number","month","issued","due","currency","total",
 * "seller","buyer","lines"}; empty when there was nothing to bill
 */
GPtrArray *bst_billing_make_bills (BstStorage *storage,
                                   const char *month,
                                   const char *unit,
                                   const char *ean,
                                   GError **error);

/** bst_billing_bill: as it was made; NOT_FOUND. (transfer full) */
GVariant *bst_billing_bill (BstStorage *storage, const char *number, GError **error);

G_END_DECLS
