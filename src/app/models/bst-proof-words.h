/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "bst-proof.h"

G_BEGIN_DECLS

/*
 * What a proof came to, in words. What returns char * is (transfer full).
 */

/** bst_proof_summary: whether the figures and their cases are the same, and how many were counted. */
char *bst_proof_summary (const BstProof *proof);

/** bst_proof_remarks: what could not be compared, or does not add up: cases not seen or not here, a figure that is no sum. Returns: (transfer full): sentences. */
char **bst_proof_remarks (const BstProof *proof);

/**
 * bst_proof_case_text: in what a case differs: "The performer counts it as kept, here it is breached".
 * @name_of: what a service or a unit is called, by its id; borrowed
 * @zone: of the unit
 */
typedef const char *(*BstProofName) (const char *type, const char *id, gpointer closure);
char *bst_proof_case_text (const BstProofCase *one,
                           BstProofName name_of,
                           gpointer closure,
                           GTimeZone *zone,
                           const char *language);

G_END_DECLS
