/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "bst-turn.h"

G_BEGIN_DECLS

/** BstCause: what a breached case spent its time on, beside the performer's own work. */
typedef enum
{
  BST_CAUSE_SUPPLIER,  /* it waited for a supplier */
  BST_CAUSE_ORDERER,   /* it waited for the orderer */
  BST_CAUSE_DISPUTED,  /* it was delivered, and the delivery disputed */
  BST_CAUSE_PERFORMER, /* nobody else was waited for */
  BST_N_CAUSES,
} BstCause;

/** bst_cause_of: @turns: (element-type BstTurn): the longest that was not the performer's, in opening hours; on a tie the first of #BstCause. */
BstCause bst_cause_of (GArray *turns);

/** BstChangeCase: a breached case. @service: borrowed. */
typedef struct
{
  const char *service;
  BstCause cause;
} BstChangeCase;

/**
 * BstChange: how two months differ in what was breached, and what explains it.
 * @more: breached cases more (or, negative, fewer) than before
 * @cause: what most of the difference has in common; only when @of_cause is not 0
 * @of_cause: how many of the @more (or fewer) ones; never more than they are
 * @service: (nullable): the service with most of the difference; borrowed; @of_service: how many of them
 *
 * What is less than a third of the difference is not named: it explains nothing.
 */
typedef struct
{
  int more;
  BstCause cause;
  int of_cause;
  const char *service;
  int of_service;
} BstChange;

/** bst_change_explain: of the breached cases of a month and the one before; pure, and the same for any order of the cases. */
void bst_change_explain (const BstChangeCase *before,
                         gsize n_before,
                         const BstChangeCase *after,
                         gsize n_after,
                         BstChange *ret_change);

G_END_DECLS
