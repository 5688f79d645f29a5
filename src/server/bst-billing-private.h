/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "bst-billing.h"
#include "bst-charge.h"
#include "bst-storage-private.h"

G_BEGIN_DECLS

/** bst_billing_context: for charges of @unit; borrowed from the storage. */
void bst_billing_context (BstStorage *storage, const char *unit, BstChargeContext *ret_context);

/** bst_billing_month: that of today at @unit. (transfer full) */
char *bst_billing_month (BstStorage *storage, const char *unit);

/** bst_billing_charge_delivered: what the delivery of lines of @request costs, in the event's transaction. */
gboolean bst_billing_charge_delivered (BstStorage *storage, GVariant *request, GError **error);

/** bst_billing_check_performer: FORBIDDEN unless @person is performer or administrator on @unit. */
gboolean bst_billing_check_performer (BstStorage *storage,
                                      const char *person,
                                      const char *unit,
                                      GError **error);

/** bst_billing_check: what does not fit at @charge. */
BstChargeFlags bst_billing_check (BstStorage *storage, GVariant *charge);

G_END_DECLS
