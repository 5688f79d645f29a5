/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>

#include "bst-table.h"

G_BEGIN_DECLS

/*
 * A bill (bst-billing.h) as a document for others. The same bill always gives the same octets.
 */

/**
 * bst_bill_to_ubl:
 *
 * UBL 2.1 Invoice by Peppol BIS Billing 3; a CreditNote when more is taken back than asked for. It names the bills on which stood what
 * is taken back. Who buys and who sells are told apart by GLN (scheme 0088) or Norwegian organisation number (0192), whose check digits
 * are looked at: INVALID names the party. A Danish seller must have a CVR number (0184; DK-R-014): INVALID.
 *
 * VAT: what one part of an authority delivers to another is no supply, hence category "O" (not subject to VAT) with VATEX-EU-O; by BR-O-02 and
 * its kin the bill then carries no VAT number of either party, and no rate. (E would say that a supply is exempt, which is something else.)
 *
 * Returns: (transfer full): XML, UTF-8
 */
char *bst_bill_to_ubl (GVariant *bill, GError **error);

/** bst_bill_to_table: a row a line. @language: of the headings, and of CSV's decimal sign. Returns: (transfer full). */
BstTable *bst_bill_to_table (GVariant *bill, const char *language, GTimeZone *zone);

G_END_DECLS
