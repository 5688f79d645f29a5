/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "bst-page.h"

G_BEGIN_DECLS

/*
 * A proposal to change the SLA: what should hold, what it would have meant for the department's own orders, whether the steps behind
 * it can keep it, what the performer answered. Opened with a Proposal's id, with "new", or with "new:SERVICE".
 */
#define BST_TYPE_PROPOSAL_PAGE (bst_proposal_page_get_type ())
G_DECLARE_FINAL_TYPE (BstProposalPage, bst_proposal_page, BST, PROPOSAL_PAGE, BstPage)

G_END_DECLS
