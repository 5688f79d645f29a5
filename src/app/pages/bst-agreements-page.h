/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "bst-page.h"

G_BEGIN_DECLS

/*
 * What is agreed with the performers: the SLA and the framework contract in plain words, by version; the targets, and whether the steps
 * behind them can keep them; proposals; the words explained.
 *
 * Opened with the id of an Agreement it shows that version ("as it was on the day of this order"); with "propose:SERVICE" it goes
 * on to a new proposal; otherwise it shows what is in force for the session's unit.
 */
#define BST_TYPE_AGREEMENTS_PAGE (bst_agreements_page_get_type ())
G_DECLARE_FINAL_TYPE (BstAgreementsPage, bst_agreements_page, BST, AGREEMENTS_PAGE, BstPage)

G_END_DECLS
