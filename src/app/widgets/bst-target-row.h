/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "bst-agreement-book.h"
#include "bst-gap.h"

#include <adwaita.h>

G_BEGIN_DECLS

/**
 * bst_target_row_new:
 * @target: of @agreement
 * @gap: (nullable): what is known of the steps behind it
 * @may_propose: whether it offers a change
 *
 * A target as a row that unfolds into what is promised by priority, the steps behind it and where they fall short. Its buttons are
 * the actions "agreements.service" and "agreements.propose" with the service's id. Returns: (transfer floating)
 */
GtkWidget *bst_target_row_new (BstAgreementBook *book,
                               GVariant *agreement,
                               GVariant *target,
                               const BstGap *gap,
                               gboolean may_propose,
                               BstSession *session);

G_END_DECLS
