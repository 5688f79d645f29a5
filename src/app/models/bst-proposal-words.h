/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "bst-agreement-book.h"
#include "bst-proposal.h"

G_BEGIN_DECLS

/* A proposal in words. All functions return (transfer full) unless they say so. */

/** bst_proposal_state_text: "Proposed", "Agreed on"; "Waiting to be sent" while it is on this computer. Static. */
const char *bst_proposal_state_text (GVariant *proposal);

/** bst_proposal_text: "Agreed on · Laptop, standard: 3 working days · in force from 1 May 2026". */
char *bst_proposal_text (GVariant *proposal, BstAgreementBook *book, const char *language);

/** bst_replay_text: "Of 83 orders in 13 months 65 were on time (78 %). Under this promise it would have been 50 (60 %)." */
char *bst_replay_text (const BstReplay *replay, const char *language);

/** bst_replay_cost_text: "18.000 kr. once at the price offered, 15.200 kr. as they were ordered". @offered: the replay had a price of its own. */
char *bst_replay_cost_text (const BstReplay *replay, gboolean offered, const char *language);

G_END_DECLS
